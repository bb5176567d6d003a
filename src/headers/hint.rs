// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The fast parser: a header at the place that the host gives.

use super::ip::{Ip, V4_SOURCE, V6_SOURCE, tcp_fields};
use crate::packet::{End, Segment, Transport};

/// Where the innermost IP header is and what it says, as the host reports it.
#[derive(Clone, Copy, Debug)]
pub struct Hint<'a> {
    /// The frame's captured bytes.
    pub bytes: &'a [u8],
    /// Where in them the source address is.
    pub source_address_at: usize,
    /// What it carries.
    pub transport: Transport,
    /// Its sender and receiver.
    pub addresses: Addresses,
    /// Their ports, in host byte order.
    pub ports: (u16, u16),
}

/// A packet's source and destination address, in network byte order.
#[derive(Clone, Copy, Debug)]
pub enum Addresses {
    /// Of IPv4.
    V4([u8; 4], [u8; 4]),
    /// Of IPv6.
    V6([u8; 16], [u8; 16]),
}

impl Addresses {
    /// The sender and the receiver, with their ports.
    #[inline(always)]
    pub fn with(self, (from, to): (u16, u16)) -> (End, End) {
        match self {
            Self::V4(source, destination) => (End::v4(source, from), End::v4(destination, to)),
            Self::V6(source, destination) => (End::v6(source, from), End::v6(destination, to)),
        }
    }
}

/// Where the IPv6 source address was in the last frame. Frames of one capture mostly have it at the same offset.
#[derive(Debug, Default)]
pub struct AddressOffsetCache(usize);

impl AddressOffsetCache {
    /// Where an IPv6 packet's source address is in a frame's bytes, if it is not far from their start.
    #[inline(always)]
    pub fn find(&mut self, bytes: &[u8], address: [u8; 16]) -> Option<usize> {
        if bytes.get(self.0..).and_then(<[u8]>::first_chunk) != Some(&address) {
            self.0 = search(bytes, u128::from_be_bytes(address))?;
        }
        Some(self.0)
    }
}

#[cold]
fn search(bytes: &[u8], address: u128) -> Option<usize> {
    const LOOKED_AT: usize = 128;
    let address = address.to_be_bytes();
    bytes[..bytes.len().min(LOOKED_AT)].windows(address.len()).position(|window| window == address)
}

impl<'a> Hint<'a> {
    /// The sender and the receiver.
    #[inline(always)]
    fn ends(&self) -> (End, End) {
        self.addresses.with(self.ports)
    }

    /// Whether the header is so near to the frame's start that nothing of interest fits in front of its IP
    /// header: another transport header, or an ICMP message that quotes it.
    #[inline(always)]
    pub fn is_alone(&self) -> bool {
        /// 20 bytes of IPv4 and 8 of UDP or ICMP (RFC 791, 768, 792).
        const SHORTEST_IN_FRONT: usize = 28;
        self.source_address_at < SHORTEST_IN_FRONT + V6_SOURCE
    }

    /// A fast version of [`parse_single`] for a complete TCP or UDP header right behind an IP header without options, as most
    /// are. Nearly every packet passes here, so each comparison counts.
    #[inline(always)]
    pub fn parse_plain(&self) -> Option<Segment<'a>> {
        if !self.is_alone() {
            return None;
        }
        let carried_is = match self.transport {
            Transport::Tcp | Transport::Udp => self.transport.number(),
            // These are rare: `parse_single` finds them.
            Transport::Dccp | Transport::Sctp | Transport::UdpLite => return None,
        };
        let from = |offset: usize| self.bytes.get(self.source_address_at.checked_sub(offset)?..);
        let (carried, length) = match self.addresses {
            Addresses::V4(_, destination) => {
                let ip = from(V4_SOURCE)?;
                let header: &[u8; 20] = ip.first_chunk()?;
                let is_fragment = header[6] & 0x3f | header[7] != 0;
                if header[0] != 0x45 || header[9] != carried_is || is_fragment || header[16..] != destination {
                    return None;
                }
                (&ip[20..], u16::from_be_bytes([header[2], header[3]]).checked_sub(20)?)
            }
            Addresses::V6(_, destination) => {
                let ip = from(V6_SOURCE)?;
                let header: &[u8; 40] = ip.first_chunk()?;
                if header[0] >> 4 != 6 || header[6] != carried_is || header[24..] != destination {
                    return None;
                }
                (&ip[40..], u16::from_be_bytes([header[4], header[5]]))
            }
        };
        let ports: &[u8; 4] = carried.first_chunk()?;
        if u32::from_be_bytes(*ports) != u32::from(self.ports.0) << 16 | u32::from(self.ports.1) {
            return None;
        }
        let (tcp, size) = match self.transport {
            Transport::Tcp => {
                let (fields, size) = tcp_fields(carried)?;
                (Some(fields), size)
            }
            _ => (None, 8),
        };
        let payload = carried.get(size..carried.len().min(length.into()))?;
        let (source, destination) = self.ends();
        Some(Segment { transport: self.transport, source, destination, tcp, payload, quoted: false })
    }
}

/// The last header, if it is where the host points to and [alone](Hint::is_alone). Nearly all frames are
/// like that; for the others there is [`locate`](super::locate).
pub fn parse_single(hint: Hint<'_>) -> Option<Segment<'_>> {
    if !hint.is_alone() {
        return None;
    }
    let (source, destination) = hint.ends();
    let carried = Ip::around(hint.bytes, hint.source_address_at, hint.transport, source, destination)?;
    Some(carried.segment(source, destination))
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::PacketBuilder;
    use proptest::prelude::*;

    fn frame(v6: bool, transport: Transport, payload: &[u8]) -> Vec<u8> {
        let ethernet = PacketBuilder::ethernet2([2; 6], [4; 6]);
        let ip = if v6 { ethernet.ipv6([1; 16], [2; 16], 64) } else { ethernet.ipv4([1; 4], [2; 4], 64) };
        let mut bytes = Vec::new();
        match transport {
            Transport::Tcp => ip.tcp(1140, 80, 672, 65535).ack(597).write(&mut bytes, payload),
            _ => ip.udp(1140, 80).write(&mut bytes, payload),
        }
        .unwrap();
        bytes
    }

    fn hint(bytes: &[u8], v6: bool, transport: Transport) -> Hint<'_> {
        let addresses = if v6 { Addresses::V6([1; 16], [2; 16]) } else { Addresses::V4([1; 4], [2; 4]) };
        let source_address_at = 14 + if v6 { V6_SOURCE } else { V4_SOURCE };
        Hint { bytes, source_address_at, transport, addresses, ports: (1140, 80) }
    }

    #[test]
    fn what_is_plain_is_found_at_a_glance() {
        for v6 in [false, true] {
            let bytes = frame(v6, Transport::Tcp, b"GET /");
            let segment = hint(&bytes, v6, Transport::Tcp).parse_plain().unwrap();
            assert_eq!((segment.source.port, segment.payload), (1140, &b"GET /"[..]));
            let bytes = frame(v6, Transport::Udp, b"query");
            let hint = hint(&bytes, v6, Transport::Udp);
            assert_eq!((hint.parse_plain(), parse_single(hint).unwrap().payload), (parse_single(hint), &b"query"[..]));
        }
    }

    #[test]
    fn where_another_header_may_be_in_front_it_is_not_alone() {
        let mut bytes = vec![0; 40];
        bytes.extend(&frame(false, Transport::Tcp, b"")[14..]);
        let hint = Hint { source_address_at: 40 + V4_SOURCE, ..hint(&bytes, false, Transport::Tcp) };
        assert_eq!((hint.parse_plain(), parse_single(hint)), (None, None));
    }

    #[test]
    fn a_guess_is_checked_and_learns() {
        let mut guess = AddressOffsetCache::default();
        let (address, near) = ([7; 16], [&[0; 22][..], &[7; 16]].concat());
        assert_eq!(guess.find(&near, address), Some(22));
        assert_eq!((guess.0, guess.find(&near, address)), (22, Some(22)));
        assert_eq!(guess.find(&[0; 40], address), None);
        assert_eq!(guess.find(&[0; 3], address), None);
        assert_eq!(guess.find(&[&[0; 200][..], &[7; 16]].concat(), address), None, "too far from the start");
    }

    proptest! {
        /// The quick look finds nothing that the thorough one does not.
        #[test]
        fn plain_is_what_single_finds(
            v6: bool, is_udp: bool, payload in proptest::collection::vec(any::<u8>(), 0..40),
            damage in proptest::collection::vec((0usize..74, any::<u8>()), 0..3),
            cut in 0usize..120,
        ) {
            let transport = if is_udp { Transport::Udp } else { Transport::Tcp };
            let mut bytes = frame(v6, transport, &payload);
            for (at, byte) in damage {
                if let Some(damaged) = bytes.get_mut(at) {
                    *damaged = byte;
                }
            }
            bytes.truncate(cut);
            let hint = hint(&bytes, v6, transport);
            // A hint points to where the address is, by definition.
            let source: &[u8] = if v6 { &[1; 16] } else { &[1; 4] };
            let points_to_it = bytes.get(hint.source_address_at..).is_some_and(|rest| rest.starts_with(source));
            if let Some(segment) = hint.parse_plain().filter(|_| points_to_it) {
                prop_assert_eq!(Some(segment), parse_single(hint));
            }
        }
    }
}
