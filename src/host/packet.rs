//! A safe view of the packet that the host shows.

use super::bound::Bound;
use super::epan::boundary::*;
use super::epan::{address, AT_IPv4, AT_IPv6, PT_TCP, PT_UDP};
use crate::headers::{Frame, Layers, Transport};
use crate::roles::End;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A packet during its dissection.
pub struct Packet<'a> {
    view: &'a eph_view,
    sources: [&'a [u8]; EPH_MAX_SOURCES as usize],
    last: Option<(Transport, End, End)>,
    /// Only compared, never followed.
    source_address: *const u8,
    /// The protocol on top of the last transport header (the host's id).
    pub dissected: Option<i32>,
}

impl<'a> Packet<'a> {
    /// # Safety
    /// What `view` points to is valid as `plugin/boundary.h` says.
    #[inline]
    pub unsafe fn read(view: &'a eph_view, bound: &Bound) -> Self {
        let mut sources: [&[u8]; EPH_MAX_SOURCES as usize] = Default::default();
        for (source, bytes) in sources.iter_mut().zip(&view.source[..usize::from(view.sources)]) {
            // SAFETY: by the contract above; a tvbuff's bytes do not change while it is dissected.
            *source = unsafe { std::slice::from_raw_parts(bytes.data, bytes.length as usize) };
        }
        // SAFETY: by the contract above.
        let (source, destination) = unsafe { (ip(view.src), ip(view.dst)) };
        let end = |ip: Option<IpAddr>, port: u32| Some(End { address: ip?, port: u16::try_from(port).ok()? });
        let transport = match view.ptype {
            PT_TCP => Some(Transport::Tcp),
            PT_UDP => Some(Transport::Udp),
            _ => None,
        };
        let last = match (transport, end(source, view.srcport), end(destination, view.destport)) {
            (Some(transport), Some(source), Some(destination)) => Some((transport, source, destination)),
            _ => None,
        };
        // SAFETY: by the contract above.
        let source_address = unsafe { (*view.src).data.cast() };
        let dissected = (view.above != 0 && !bound.not_spoken.contains(&view.above)).then_some(view.above);
        Self { view, sources, last, source_address, dissected }
    }

    /// Its number in the file, from 1.
    pub fn number(&self) -> u32 {
        self.view.frame
    }

    /// Whether it is dissected for the first time.
    pub fn is_new(&self) -> bool {
        self.view.visited == 0
    }

    /// Whether the host fills in columns.
    pub fn has_columns(&self) -> bool {
        self.view.columns != 0
    }

    /// Whether the host builds a tree.
    pub fn has_tree(&self) -> bool {
        self.view.tree != 0
    }

    /// Whether somebody could see an expert item.
    pub fn has_experts(&self) -> bool {
        self.view.experts != 0
    }

    /// Whether somebody looks at any of our fields.
    pub fn is_watched(&self) -> bool {
        self.view.wanted != 0
    }

    /// Whether somebody looks at one of our fields (`EPH_*`).
    pub fn wants(&self, field: u32) -> bool {
        self.view.wanted & 1 << field != 0
    }

    /// Wireshark mostly keeps an address where it found it, in the frame's bytes.
    fn source_address_at(&self) -> Option<usize> {
        let frame = &self.view.source[0];
        let at = (self.source_address as usize).checked_sub(frame.data as usize)?;
        (self.view.sources > 0 && at < frame.length as usize).then_some(at)
    }

    /// Where its headers are to be found.
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            layers: Layers {
                order: &self.view.layer[..usize::from(self.view.layers)],
                tcp: self.view.tcp_layers,
                udp: self.view.udp_layers,
                icmp: self.view.icmp_layers,
            },
            last: self.last,
            source_address_at: self.source_address_at(),
            sources: &self.sources[..usize::from(self.view.sources)],
        }
    }
}

/// # Safety
/// `at` points to a valid address (epan/address.h).
unsafe fn ip(at: *const address) -> Option<IpAddr> {
    // SAFETY: by the contract above; the address says how many bytes its data has.
    unsafe {
        let address = &*at;
        let kind = u32::try_from(address.type_).ok()?;
        if kind == AT_IPv4 && address.len == 4 {
            Some(Ipv4Addr::from(*address.data.cast::<[u8; 4]>()).into())
        } else if kind == AT_IPv6 && address.len == 16 {
            Some(Ipv6Addr::from(*address.data.cast::<[u8; 16]>()).into())
        } else {
            None
        }
    }
}
