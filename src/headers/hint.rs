// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The fast parser: a header at the place that the host gives.

use super::ip::{Carried, Header, V4_SOURCE, V6_SOURCE};
use crate::packet::{End, Segment, Transport};
use etherparse::IpNumber;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Whether the header is so near to the frame's start that nothing of interest fits in front of its IP
    /// header: another transport header, or an ICMP message that quotes it.
    #[inline(always)]
    pub fn is_alone(&self) -> bool {
        /// 20 bytes of IPv4 and 8 of UDP or ICMP (RFC 791, 768, 792).
        const SHORTEST_IN_FRONT: usize = 28;
        self.source_address_at < SHORTEST_IN_FRONT + V6_SOURCE
    }

    /// Finds the transport header behind the IP header that the hint points to. Returns `None` if there is none, or its
    /// addresses or ports are not those that the host reports.
    #[inline(always)]
    pub(super) fn carried(&self) -> Option<Carried<'a>> {
        let from = |offset: usize| self.bytes.get(self.source_address_at.checked_sub(offset)?..);
        let number = IpNumber(self.transport.number());
        match self.addresses {
            Addresses::V4(..) => self.carried_by(&Header::v4(from(V4_SOURCE)?, number)?),
            Addresses::V6(..) => self.carried_by(&Header::v6(from(V6_SOURCE)?, number)?),
        }
    }

    #[inline(always)]
    fn carried_by(&self, header: &Header<'a>) -> Option<Carried<'a>> {
        let carried = header.carried(self.transport)?;
        (header.addresses == self.addresses && carried.ports()? == self.ports).then_some(carried)
    }

    /// Parses the last header, if it is where the host points to and [alone](Self::is_alone). Nearly all frames are like
    /// that; for the others there is [`locate`](super::locate). Nearly every packet passes here, so each comparison counts.
    #[inline(always)]
    pub fn parse(&self) -> Option<Segment<'a>> {
        let carried = self.is_alone().then(|| self.carried())??;
        let (source, destination) = self.addresses.with(self.ports);
        Some(carried.segment(source, destination))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::PacketBuilder;

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
    fn the_header_at_the_hint_is_parsed() {
        for v6 in [false, true] {
            let bytes = frame(v6, Transport::Tcp, b"GET /");
            let segment = hint(&bytes, v6, Transport::Tcp).parse().unwrap();
            assert_eq!((segment.source.port, segment.tcp.unwrap().sequence), (1140, 672));
            assert_eq!(segment.payload, b"GET /");
            let bytes = frame(v6, Transport::Udp, b"query");
            let segment = hint(&bytes, v6, Transport::Udp).parse().unwrap();
            assert_eq!((segment.destination.port, segment.tcp, segment.payload), (80, None, &b"query"[..]));
        }
    }

    #[test]
    fn a_header_between_other_ends_is_not_taken() {
        for v6 in [false, true] {
            let bytes = frame(v6, Transport::Tcp, b"GET /");
            let hint = hint(&bytes, v6, Transport::Tcp);
            let ip = if v6 { 40 } else { 20 };
            // The last byte of the source, of the destination, of either port.
            for at in [14 + ip - if v6 { 17 } else { 5 }, 14 + ip - 1, 14 + ip + 1, 14 + ip + 3] {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                assert_eq!(Hint { bytes: &changed, ..hint }.parse(), None, "byte {at}, IPv6: {v6}");
            }
            for source_address_at in [0, hint.source_address_at - 1, bytes.len(), usize::MAX] {
                assert_eq!(Hint { source_address_at, ..hint }.parse(), None, "at {source_address_at}");
            }
            assert_eq!(Hint { transport: Transport::Udp, ..hint }.parse(), None);
        }
    }

    #[test]
    fn where_another_header_may_be_in_front_it_is_not_alone() {
        let mut bytes = vec![0; 40];
        bytes.extend(&frame(false, Transport::Tcp, b"")[14..]);
        let hint = Hint { source_address_at: 40 + V4_SOURCE, ..hint(&bytes, false, Transport::Tcp) };
        assert_eq!(hint.parse(), None);
        assert!(hint.carried().is_some());
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
}
