// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A safe view of the packet that the host dissects.

use crate::headers::{AddressOffsetCache, Addresses, Frame, Hint, Layers};
use crate::host::api::epan::*;
use crate::host::packet::host_context::HostContext;
use crate::host::packet::names;
use crate::packet::Transport;
use std::ptr::NonNull;

/// The maximum number of layers that are read of a packet. A TLS certificate alone has a hundred.
const MAX_LAYERS: usize = 4096;
/// The maximum number of them that help to find headers.
const MAX_KINDS: usize = 64;

/// An element of the host's list of the protocols found in a packet.
type Layer = NonNull<wmem_list_frame_t>;

/// A packet during its dissection.
pub(super) struct Packet<'a> {
    view: &'a eph_view,
    /// The host.
    pub host: &'a HostContext,
}

impl<'a> Packet<'a> {
    /// # Safety
    /// The pointers in `view` are valid as `plugin/dissector/boundary.h` says, and `pinfo` points to a `packet_info` of
    /// the release whose layout `host` has.
    #[inline(always)]
    pub(super) unsafe fn new(view: &'a eph_view, host: &'a HostContext) -> Self {
        Self { view, host }
    }

    /// Reads a member of the host's `packet_info` at an offset of the layout.
    ///
    /// # Safety
    /// The member is a `T`.
    #[inline(always)]
    unsafe fn member<T: Copy>(&self, offset: u16) -> T {
        // SAFETY: by the contracts above.
        unsafe { *self.view.pinfo.byte_add(offset.into()).cast() }
    }

    /// Returns the number of the packet in the file, from 1.
    #[inline(always)]
    pub(super) fn number(&self) -> u32 {
        // SAFETY: epan/packet_info.h: `uint32_t num`.
        unsafe { self.member(self.host.layout.pinfo_num) }
    }

    /// Returns whether the packet is dissected for the first time.
    #[inline(always)]
    pub(super) fn is_new(&self) -> bool {
        self.view.again == EPH_NEW as u8
    }

    /// Returns whether the user asks for an explanation: if there is no verdict, why not.
    pub(super) fn asks_why(&self) -> bool {
        self.view.again == EPH_EXPLAINED as u8
    }

    /// Returns whether the host fills in columns.
    pub(super) fn has_columns(&self) -> bool {
        self.shows(EPH_SHOWS_COLUMNS)
    }

    /// Returns whether the host builds a visible tree.
    pub(super) fn has_tree(&self) -> bool {
        self.shows(EPH_SHOWS_TREE)
    }

    /// Returns whether an expert item could be visible.
    pub(super) fn has_experts(&self) -> bool {
        self.shows(EPH_SHOWS_EXPERTS)
    }

    /// Returns whether the host shows names of ports, in its columns, its tree, or our fields of ports.
    pub(super) fn shows_names(&self) -> bool {
        self.shows(EPH_SHOWS_NAMES)
    }

    /// Returns whether the host shows host names.
    pub(super) fn shows_hosts(&self) -> bool {
        // SAFETY: the C part was bound (`eph_bind`) before any packet was dissected.
        unsafe { eph_shows_hosts() != 0 }
    }

    /// Returns whether our tap has a listener.
    pub(super) fn is_tapped(&self) -> bool {
        self.shows(EPH_SHOWS_TAP)
    }

    #[inline(always)]
    fn shows(&self, what: u32) -> bool {
        u32::from(self.view.shown) & what != 0
    }

    /// Returns whether any of our fields is wanted: by a filter, a column, a visible tree or the tap.
    pub(super) fn wants_any_field(&self) -> bool {
        self.wants_any(u32::MAX)
    }

    /// Returns whether any of these fields is wanted (bits as in `eph_view.wanted`).
    pub(super) fn wants_any(&self, fields: u32) -> bool {
        self.view.wanted & fields != 0
    }

    /// Returns whether a field (`EPH_*`) is wanted.
    pub(super) fn wants(&self, field: u32) -> bool {
        self.wants_any(1 << field)
    }

    /// Returns the protocol on top of the last header of a transport (the host's id), if the ends can speak it. Hot
    /// path: reads the layers from the innermost outwards, and stops at the transport.
    pub(super) fn protocol(&self, transport: Transport) -> Option<i32> {
        let transport = self.host.transports[transport as usize];
        let mut above = None;
        let mut at = self.last_layer();
        while let Some(layer) = at {
            let protocol = self.protocol_of(layer);
            if protocol == transport {
                return above.filter(|protocol| self.host.is_spoken(*protocol));
            }
            above = Some(protocol);
            at = self.layer_before(layer);
        }
        None
    }

    /// Returns the protocol on top of the header at `position` among those of its transport, if the ends can speak it.
    pub(super) fn protocol_on(&self, transport: Transport, position: u8) -> Option<i32> {
        let mut layers = self.layers_from_first();
        let is_of = |layer: &i32| self.host.transport(*layer) == Some(transport);
        layers.by_ref().filter(is_of).nth(position.into())?;
        layers.next().filter(|layer| self.host.transport(*layer).is_none() && self.host.is_spoken(*layer))
    }

    /// Returns the packet's layers (the host's ids), outermost first.
    fn layers_from_first(&self) -> impl Iterator<Item = i32> + '_ {
        // SAFETY: `list` is the packet's list.
        let first =
            self.list().and_then(|list| NonNull::new(unsafe { (self.host.epan.wmem_list_head)(list.as_ptr()) }));
        // SAFETY: `layer` is an element of that list.
        let after = |layer: &Layer| NonNull::new(unsafe { (self.host.epan.wmem_list_frame_next)(layer.as_ptr()) });
        std::iter::successors(first, after).map(|layer| self.protocol_of(layer))
    }

    /// Returns the host's list of the packet's layers.
    #[inline(always)]
    fn list(&self) -> Option<NonNull<wmem_list_t>> {
        // SAFETY: epan/packet_info.h: `wmem_list_t *layers`. The list does not change while we judge the packet.
        NonNull::new(unsafe { self.member::<*mut wmem_list_t>(self.host.layout.pinfo_layers) })
    }

    /// Returns the packet's innermost layer.
    #[inline(always)]
    fn last_layer(&self) -> Option<Layer> {
        // SAFETY: `list` is the packet's list.
        NonNull::new(unsafe { (self.host.epan.wmem_list_tail)(self.list()?.as_ptr()) })
    }

    #[inline(always)]
    fn layer_before(&self, layer: Layer) -> Option<Layer> {
        // SAFETY: `layer` is an element of the packet's list: only functions of this type create a `Layer`.
        NonNull::new(unsafe { (self.host.epan.wmem_list_frame_prev)(layer.as_ptr()) })
    }

    #[inline(always)]
    fn protocol_of(&self, layer: Layer) -> i32 {
        // SAFETY: as above. The element's data is a number stored as a pointer.
        unsafe { (self.host.epan.wmem_list_frame_data)(layer.as_ptr()) as usize as i32 }
    }

    /// Returns the transport of the ports that the host set last (`ptype`), if it is TCP or UDP. The host sets UDP for
    /// UDP-Lite, too.
    #[inline(always)]
    fn usual_transport(&self) -> Option<Transport> {
        match self.port_type() {
            PT_TCP => Some(Transport::Tcp),
            PT_UDP => Some(Transport::Udp),
            _ => None,
        }
    }

    /// Returns the transport of the ports that the host set last, if it is TCP, UDP, DCCP or SCTP.
    fn transport(&self) -> Option<Transport> {
        match self.port_type() {
            PT_DCCP => Some(Transport::Dccp),
            PT_SCTP => Some(Transport::Sctp),
            _ => self.usual_transport(),
        }
    }

    #[inline(always)]
    fn port_type(&self) -> port_type {
        // SAFETY: epan/packet_info.h: `port_type ptype`.
        unsafe { self.member::<port_type>(self.host.layout.pinfo_ptype) }
    }

    /// Returns the ports that the host set last.
    #[inline(always)]
    fn ports(&self) -> (u16, u16) {
        let layout = &self.host.layout;
        // SAFETY: epan/packet_info.h: `uint32_t srcport` and `destport`. Ports of our transports have 16 bits.
        unsafe { (self.member::<u32>(layout.pinfo_srcport) as u16, self.member::<u32>(layout.pinfo_destport) as u16) }
    }

    /// Returns the addresses that the host set last, if they are IP addresses.
    #[inline(always)]
    fn addresses(&self) -> Option<Addresses> {
        let layout = &self.host.layout;
        // SAFETY: epan/packet_info.h: `address src` and `dst`. `len` says how many bytes `data` has (epan/address.h).
        unsafe {
            let (source, destination): (address, address) =
                (self.member(layout.pinfo_src), self.member(layout.pinfo_dst));
            let both = |kind: u32, size: i32| {
                source.type_ == kind as i32
                    && source.len == size
                    && destination.type_ == kind as i32
                    && destination.len == size
            };
            if both(AT_IPv4, 4) {
                Some(Addresses::V4(*source.data.cast(), *destination.data.cast()))
            } else if both(AT_IPv6, 16) {
                Some(Addresses::V6(*source.data.cast(), *destination.data.cast()))
            } else {
                None
            }
        }
    }

    /// Calls `show` with the source address, of whatever kind, as the column *Source* shows it. Returns `None` if the
    /// packet has none.
    pub(super) fn with_source<T>(&self, show: impl FnOnce(&[u8]) -> T) -> Option<T> {
        self.with_address(self.host.layout.pinfo_src, show)
    }

    /// Calls `show` with the destination address, like [`Self::with_source`].
    pub(super) fn with_destination<T>(&self, show: impl FnOnce(&[u8]) -> T) -> Option<T> {
        self.with_address(self.host.layout.pinfo_dst, show)
    }

    fn with_address<T>(&self, offset: u16, show: impl FnOnce(&[u8]) -> T) -> Option<T> {
        // SAFETY: as in `addresses`.
        let address: address = unsafe { self.member(offset) };
        // SAFETY: it is the host's, which keeps its data until the dissection of this packet ends.
        (address.type_ != AT_NONE as i32).then(|| unsafe { names::with_address(self.host.epan, &address, show) })
    }

    /// Returns the offset of the source address in the frame's bytes, if the host points there. It usually does for
    /// IPv4; it copies IPv6 addresses.
    #[inline(always)]
    fn source_address_at(&self) -> Option<usize> {
        // SAFETY: as in `addresses`. The pointer `data` is compared, not followed.
        let source: address = unsafe { self.member(self.host.layout.pinfo_src) };
        let at = (source.data as usize).wrapping_sub(self.view.frame.data as usize);
        (at < self.view.frame.length as usize).then_some(at)
    }

    /// Returns where the last header should be, if it is a TCP or UDP header. Other transports are too rare for a fast
    /// path.
    #[inline(always)]
    pub(super) fn hint(&self, address_offset: &mut AddressOffsetCache) -> Option<Hint<'a>> {
        let (bytes, addresses) = (self.frame(), self.addresses()?);
        let source_address_at = match (self.source_address_at(), addresses) {
            (Some(at), _) => at,
            (None, Addresses::V6(source, _)) => address_offset.find(bytes, source)?,
            (None, Addresses::V4(..)) => return None,
        };
        Some(Hint { bytes, source_address_at, transport: self.usual_transport()?, addresses, ports: self.ports() })
    }

    /// Calls `hand_on` with the packet's bytes, layers, addresses and ports, from which its headers can be found.
    pub(super) fn with_frame<T>(&self, hand_on: impl FnOnce(&Frame<'_>) -> T) -> T {
        let mut kinds = [Layers::OTHER; MAX_KINDS];
        let mut sources = [&[][..]; EPH_MAX_SOURCES as usize];
        sources[0] = self.frame();
        let more = &self.view.more[..usize::from(self.view.more_sources)];
        for (source, bytes) in sources.iter_mut().skip(1).zip(more) {
            // SAFETY: by the contract of [`Packet::new`].
            *source = unsafe { slice(bytes) };
        }
        hand_on(&Frame {
            layers: self.layers(&mut kinds),
            ports: self.transport().map(|transport| (transport, self.ports())),
            addresses: self.addresses(),
            source_address_at: self.source_address_at(),
            sources: &sources[..1 + more.len()],
        })
    }

    /// Returns whether the frame was sent to the Ethernet broadcast address, which is its first six bytes. No other
    /// kind of frame starts with these bytes.
    pub(super) fn is_to_all(&self) -> bool {
        self.frame().starts_with(&[0xff; 6])
    }

    /// Returns the layers that help to find headers.
    fn layers<'b>(&self, kinds: &'b mut [u8; MAX_KINDS]) -> Layers<'b> {
        let mut layers = self.layers_from_first();
        let of_interest = layers.by_ref().take(MAX_LAYERS).filter_map(|layer| self.host.kind(layer));
        let mut count = 0;
        for (kind, layer) in kinds.iter_mut().zip(of_interest) {
            *kind = layer;
            count += 1;
        }
        Layers { order: &kinds[..count], is_whole: layers.next().is_none() }
    }

    #[inline(always)]
    fn frame(&self) -> &'a [u8] {
        // SAFETY: by the contract of [`Packet::new`].
        unsafe { slice(&self.view.frame) }
    }
}

/// # Safety
/// `bytes` points to as many bytes as it says, which live and do not change for `'a`: a tvbuff keeps its bytes
/// unchanged while it is dissected.
#[inline(always)]
unsafe fn slice<'a>(bytes: &eph_bytes) -> &'a [u8] {
    // SAFETY: by the contract above.
    unsafe { std::slice::from_raw_parts(bytes.data, bytes.length as usize) }
}
