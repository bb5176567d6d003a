// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! IP headers and the transport headers behind them.

use super::{Addresses, Layers, dccp, sctp};
use crate::packet::{End, Flags, Segment, TcpFields, Transport};
use etherparse::{IpNumber, Ipv6ExtensionSlice, Ipv6ExtensionsSlice};

/// The offset of the source address in an IPv4 header (RFC 791, section 3.1).
pub(super) const V4_SOURCE: usize = 12;
/// The offset of the source address in an IPv6 header (RFC 8200, section 3).
pub(super) const V6_SOURCE: usize = 8;

/// The size of an IPv4 header without options, in bytes (RFC 791, section 3.1).
const V4_FIXED_PART: usize = 20;
/// The size of an IPv6 header without extensions, in bytes (RFC 8200, section 3).
const V6_FIXED_PART: usize = 40;
/// The size of a TCP header without options, in bytes (RFC 9293, section 3.1).
const TCP_FIXED_PART: usize = 20;

/// A protocol that an IP header may carry: its numbers in IPv4 and in IPv6.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    v4: IpNumber,
    v6: IpNumber,
}

impl Kind {
    /// ICMP and ICMPv6.
    pub(super) const ICMP: Self = Self { v4: IpNumber::ICMP, v6: IpNumber::IPV6_ICMP };
}

impl From<Transport> for Kind {
    #[inline(always)]
    fn from(transport: Transport) -> Self {
        Self { v4: IpNumber(transport.number()), v6: IpNumber(transport.number()) }
    }
}

/// Which part of a packet follows an IP header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The whole packet.
    Whole,
    /// The first fragment.
    First,
    /// A later fragment, which does not begin with a transport header.
    Later,
}

impl Part {
    fn new(offset: u16, is_followed: bool) -> Self {
        match (offset, is_followed) {
            (0, false) => Self::Whole,
            (0, true) => Self::First,
            _ => Self::Later,
        }
    }
}

/// An IP header that carries the protocol searched for.
pub(super) struct Header<'a> {
    /// The source and destination addresses.
    pub addresses: Addresses,
    /// All captured bytes behind the header and its extensions.
    pub rest: &'a [u8],
    /// The length of the packet in `rest` by the IP header, in bytes. It can be greater than the length of `rest`.
    pub length: usize,
    /// Which part of a packet follows.
    pub part: Part,
    /// The header itself, without extensions.
    header: &'a [u8],
}

impl<'a> Header<'a> {
    /// Parses the header at the start of `bytes`. Returns `None` if there is none or it does not carry `kind`.
    #[inline]
    pub(super) fn at(bytes: &'a [u8], kind: Kind) -> Option<Self> {
        match bytes.first()? >> 4 {
            4 => Self::v4(bytes, kind.v4),
            6 => Self::v6(bytes, kind.v6),
            _ => None,
        }
    }

    /// Parses the IPv4 header (RFC 791, section 3.1) at the start of `bytes`. Returns `None` if there is none or it does
    /// not carry `number`.
    #[inline(always)]
    pub(super) fn v4(bytes: &'a [u8], number: IpNumber) -> Option<Self> {
        let fixed: &[u8; V4_FIXED_PART] = bytes.first_chunk()?;
        let size = match fixed[0] {
            0x45..=0x4f => usize::from(fixed[0] & 0xf) * 4,
            _ => return None,
        };
        let fragment = u16::from_be_bytes([fixed[6], fixed[7]]);
        let part = Part::new(fragment & 0x1fff, fragment & 0x2000 != 0);
        let ahead = match IpNumber(fixed[9]) {
            next if next == number => size,
            // In transport mode, the authentication header is between the two (RFC 4302, section 3.1.1).
            IpNumber::AUTHENTICATION_HEADER if part != Part::Later => {
                size + size_of_authentication(bytes.get(size..)?, number)?
            }
            _ => return None,
        };
        let rest = bytes.get(ahead..)?;
        // 0: the network card fills it in (segmentation offload).
        let length = match u16::from_be_bytes([fixed[2], fixed[3]]) {
            0 => usize::MAX,
            total => usize::from(total).checked_sub(ahead)?,
        };
        let [.., a, b, c, d, e, f, g, h] = *fixed;
        Some(Self { addresses: Addresses::V4([a, b, c, d], [e, f, g, h]), rest, length, part, header: &bytes[..size] })
    }

    /// Parses the IPv6 header (RFC 8200, section 3) at the start of `bytes`. Returns `None` if there is none or it does
    /// not carry `number`.
    #[inline(always)]
    pub(super) fn v6(bytes: &'a [u8], number: IpNumber) -> Option<Self> {
        let (header, after) = bytes.split_first_chunk::<V6_FIXED_PART>()?;
        if header[0] >> 4 != 6 {
            return None;
        }
        let (rest, part) = match IpNumber(header[6]) {
            next if next == number => (after, Part::Whole),
            next => behind_extensions(next, after, number)?,
        };
        let length = match u16::from_be_bytes([header[4], header[5]]) {
            0 => usize::MAX,
            length => usize::from(length).checked_sub(after.len() - rest.len())?,
        };
        let address = |at: usize| header[at..].first_chunk().copied();
        let addresses = Addresses::V6(address(V6_SOURCE)?, address(V6_SOURCE + 16)?);
        Some(Self { addresses, rest, length, part, header })
    }

    /// Returns the transport header behind the IP header, or `None` for a later fragment, which has none.
    #[inline(always)]
    pub(super) fn carried(&self, transport: Transport) -> Option<Carried<'a>> {
        (self.part != Part::Later).then_some(Carried { transport, rest: self.rest, length: self.length })
    }

    /// Whether the header's checksum is right, or there is none.
    pub(super) fn is_sound(&self) -> bool {
        is_checksum_right(self.header)
    }

    /// Returns the captured bytes that belong to the packet behind the header.
    pub(super) fn packet(&self) -> &'a [u8] {
        &self.rest[..self.rest.len().min(self.length)]
    }

    /// Whether `message`, an ICMP message behind this header, is of a type that quotes a packet (RFC 792; RFC 4443,
    /// section 2.1; RFC 4861, section 4.5).
    pub(super) fn is_of_error(&self, message: &[u8]) -> bool {
        match (self.addresses, message.first()) {
            (Addresses::V4(..), Some(kind)) => matches!(kind, 3 | 4 | 5 | 11 | 12),
            (Addresses::V6(..), Some(kind)) => matches!(kind, 1..=127 | 137),
            (_, None) => false,
        }
    }
}

/// An IP header and the transport header behind it.
pub(super) struct Ip<'a> {
    /// The sender.
    pub source: End,
    /// The receiver.
    pub destination: End,
    /// The transport header.
    pub carried: Carried<'a>,
    /// The IP header itself, without extensions.
    header: &'a [u8],
}

impl<'a> Ip<'a> {
    /// Combines both headers. Returns `None` if the ports of `carried` were not captured.
    fn new(header: &Header<'a>, carried: Carried<'a>) -> Option<Self> {
        let (source, destination) = header.addresses.with(carried.ports()?);
        Some(Self { source, destination, carried, header: header.header })
    }

    /// Reads the transport header behind an IP header. Returns `None` for a later fragment, which has none.
    pub(super) fn of(header: &Header<'a>, transport: Transport) -> Option<Self> {
        Self::new(header, header.carried(transport)?)
    }

    /// Reads the transport header from `whole`, the packet reassembled from fragments, one of which has this IP header.
    pub(super) fn reassembled(header: &Header<'a>, transport: Transport, whole: &'a [u8]) -> Option<Self> {
        Self::new(header, Carried { transport, rest: whole, length: whole.len() })
    }

    /// Whether the packet goes from `source` to `destination`.
    pub(super) fn joins(&self, source: End, destination: End) -> bool {
        self.source == source && self.destination == destination
    }

    /// Returns the source and destination ports.
    pub(super) fn ports(&self) -> (u16, u16) {
        (self.source.port, self.destination.port)
    }

    /// Whether the IP header has this version: [`Layers::IPV4`] or [`Layers::IPV6`].
    pub(super) fn is_of(&self, version: u8) -> bool {
        self.source.is_v4() == (version == Layers::IPV4)
    }

    /// Whether the checksum and the lengths of both headers are consistent. In bytes that only look like headers, they
    /// mostly are not.
    pub(super) fn is_sound(&self) -> bool {
        is_checksum_right(self.header) && self.carried.is_sound()
    }
}

/// Whether the checksum of an IP header is right (RFC 1071), or there is none, as in IPv6.
fn is_checksum_right(header: &[u8]) -> bool {
    // 0: the network card fills it in (checksum offload).
    if header[0] >> 4 != 4 || header[10..12] == [0, 0] {
        return true;
    }
    let words = header.chunks_exact(2).map(|word| u32::from(u16::from_be_bytes([word[0], word[1]])));
    // At most 30 words, so the sum has at most 21 bits.
    let sum: u32 = words.sum();
    (sum & 0xffff) + (sum >> 16) == 0xffff
}

/// Returns the size of the authentication headers (RFC 4302, section 2) at the start of `bytes`, if protocol `number`
/// follows them.
#[cold]
fn size_of_authentication(bytes: &[u8], number: IpNumber) -> Option<usize> {
    /// The maximum number of authentication headers. Real packets have fewer.
    const MAX_HEADERS: usize = 4;
    let mut size = 0;
    for _ in 0..MAX_HEADERS {
        let [next, words, ..] = *bytes.get(size..)? else { return None };
        size += (usize::from(words) + 2) * 4;
        match IpNumber(next) {
            next if next == number => return Some(size),
            IpNumber::AUTHENTICATION_HEADER => {}
            _ => return None,
        }
    }
    None
}

/// Returns the bytes behind the extension headers at the start of `bytes`, if protocol `number` follows them, and which
/// part of a packet they are.
#[cold]
fn behind_extensions(first: IpNumber, bytes: &[u8], number: IpNumber) -> Option<(&[u8], Part)> {
    /// The maximum length of a chain, in bytes. A search may try each offset of a frame, so without a limit its time
    /// would grow with the square of the frame's length.
    const MAX_LENGTH: usize = 256;
    let chain = &bytes[..bytes.len().min(MAX_LENGTH)];
    let (extensions, next, rest) = Ipv6ExtensionsSlice::from_slice(first, chain).ok()?;
    if next != number {
        return None;
    }
    let part = extensions.into_iter().find_map(|extension| match extension {
        Ipv6ExtensionSlice::Fragment(header) => {
            Some(Part::new(header.fragment_offset().value(), header.more_fragments()))
        }
        _ => None,
    });
    Some((&bytes[chain.len() - rest.len()..], part.unwrap_or(Part::Whole)))
}

/// Reads the TCP header at the start of `bytes`, and its length in bytes. Returns `None` if that is shorter than a TCP
/// header (RFC 9293, section 3.1). Without etherparse, since a header whose options were not captured still has its flags.
#[inline(always)]
fn tcp_fields(bytes: &[u8]) -> Option<(TcpFields, usize)> {
    let header: &[u8; 14] = bytes.first_chunk()?;
    let size = usize::from(header[12] >> 4) * 4;
    if size < TCP_FIXED_PART {
        return None;
    }
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    Some((TcpFields { sequence: number(4), acknowledgment: number(8), flags: Flags(header[13].into()) }, size))
}

/// A transport header and the bytes behind it.
#[derive(Clone, Copy)]
pub(super) struct Carried<'a> {
    /// The transport protocol.
    pub transport: Transport,
    /// All captured bytes from the start of the header on.
    pub rest: &'a [u8],
    /// The length of the packet in `rest` by the IP header, in bytes. It can be greater than the length of `rest`.
    pub length: usize,
}

impl<'a> Carried<'a> {
    /// Parses the header into a segment between these ends.
    #[inline(always)]
    pub(super) fn segment(&self, source: End, destination: End) -> Segment<'a> {
        let packet = self.packet();
        let behind = |size: usize| packet.get(size..).unwrap_or(&[]);
        let (tcp, payload) = match self.transport {
            Transport::Tcp => {
                let (fields, size) = tcp_fields(packet).unzip();
                // Nothing in a header with an impossible length is trusted.
                (fields.filter(|_| size <= Some(self.length)), behind(size.unwrap_or(TCP_FIXED_PART)))
            }
            Transport::Udp | Transport::UdpLite => (None, behind(8)),
            Transport::Dccp => (dccp::fields(packet), dccp::payload(packet)),
            Transport::Sctp => (sctp::fields(packet), sctp::payload(packet)),
        };
        Segment { transport: self.transport, source, destination, tcp, payload, quoted: false }
    }

    /// Returns the source and destination ports, or `None` if they were not captured.
    #[inline(always)]
    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        let [a, b, c, d] = *self.rest.first_chunk()?;
        Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    }

    /// Whether the length in the transport header is consistent with the IP header. A length that was not captured
    /// counts as consistent.
    fn is_sound(&self) -> bool {
        match (self.transport, self.rest) {
            (Transport::Tcp, [_, _, _, _, _, _, _, _, _, _, _, _, words, ..]) => {
                (20..=self.length).contains(&(usize::from(words >> 4) * 4))
            }
            // 0: longer than 65,535 bytes (RFC 2675, section 4).
            (Transport::Udp, [_, _, _, _, 0, 0, ..]) => true,
            (Transport::Udp, [_, _, _, _, high, low, ..]) => {
                (8..=self.length).contains(&usize::from(u16::from_be_bytes([*high, *low])))
            }
            (Transport::Dccp, [_, _, _, _, words, ..]) => (12..=self.length).contains(&(usize::from(*words) * 4)),
            (Transport::Sctp, _) => self.length >= sctp::HEADER,
            _ => true,
        }
    }

    /// Returns the captured bytes of the packet.
    #[inline(always)]
    fn packet(&self) -> &'a [u8] {
        &self.rest[..self.rest.len().min(self.length)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice, PacketBuilder};
    use proptest::prelude::*;

    /// Returns what was read of a header: its size, its addresses, and which part of a packet follows.
    fn read(header: &Header<'_>) -> (usize, Vec<u8>, u8) {
        let addresses = match header.addresses {
            Addresses::V4(source, destination) => [source, destination].concat(),
            Addresses::V6(source, destination) => [source, destination].concat(),
        };
        (header.header.len(), addresses, header.part as u8)
    }

    proptest! {
        /// etherparse reads the same in a header, and refuses the same headers.
        #[test]
        fn etherparse_agrees(
            options in 0usize..11, is_later: bool, is_followed: bool,
            damage in proptest::option::of((0usize..60, any::<u8>())), cut in 0usize..90,
        ) {
            let options = etherparse::Ipv4Options::try_from(&[1; 40][..4 * options]).unwrap();
            let mut header = etherparse::Ipv4Header { options, more_fragments: is_followed, ..Default::default() };
            header.fragment_offset = u16::from(is_later).try_into().unwrap();
            (header.source, header.destination, header.protocol) = ([1, 2, 3, 4], [5, 6, 7, 8], IpNumber::TCP);
            header.total_len = 80;
            let mut v4 = header.to_bytes().to_vec();
            v4.resize(80, 0);
            let mut v6 = Vec::new();
            PacketBuilder::ipv6([1; 16], [2; 16], 64).tcp(1140, 80, 672, 65535).write(&mut v6, b"GET /").unwrap();
            for bytes in [&mut v4, &mut v6] {
                if let Some((at, byte)) = damage {
                    bytes[at] = byte;
                }
                bytes.truncate(cut);
            }
            let theirs = Ipv4HeaderSlice::from_slice(&v4).ok().filter(|header| {
                let has_room = header.total_len() == 0 || usize::from(header.total_len()) >= header.slice().len();
                header.protocol() == IpNumber::TCP && has_room
            });
            let theirs = theirs.map(|header| {
                let part = Part::new(header.fragments_offset().value(), header.more_fragments());
                (header.slice().len(), [header.source(), header.destination()].concat(), part as u8)
            });
            prop_assert_eq!(Header::v4(&v4, IpNumber::TCP).as_ref().map(read), theirs);
            let theirs = Ipv6HeaderSlice::from_slice(&v6).ok().filter(|header| header.next_header() == IpNumber::TCP);
            let theirs = theirs.map(|header| (40, [header.source(), header.destination()].concat(), Part::Whole as u8));
            prop_assert_eq!(Header::v6(&v6, IpNumber::TCP).as_ref().map(read), theirs);
        }
    }
}
