// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! IP headers and the transport headers behind them.

use super::{Addresses, Layers, dccp, sctp};
use crate::packet::{End, Flags, Segment, TcpFields, Transport};
use etherparse::{IpNumber, Ipv4HeaderSlice, Ipv6ExtensionSlice, Ipv6ExtensionsSlice, Ipv6HeaderSlice};

/// The offset of the source address in an IPv4 header (RFC 791, section 3.1).
pub(super) const V4_SOURCE: usize = 12;
/// The offset of the source address in an IPv6 header (RFC 8200, section 3).
pub(super) const V6_SOURCE: usize = 8;

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
    is_sound: bool,
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

    fn v4(bytes: &'a [u8], number: IpNumber) -> Option<Self> {
        // The cheapest test comes first: this function is tried at every offset, and most are no header.
        let next = IpNumber(*bytes.get(9)?);
        if next != number && next != IpNumber::AUTHENTICATION_HEADER {
            return None;
        }
        let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
        let after = bytes.get(header.slice().len()..)?;
        let part = Part::new(header.fragments_offset().value(), header.more_fragments());
        let rest = match next {
            next if next == number => after,
            _ if part == Part::Later => return None,
            // In transport mode, the authentication header is between the two (RFC 4302, section 3.1.1).
            _ => behind_authentication(after, number)?,
        };
        // 0: the network card fills it in (segmentation offload).
        let length = match header.total_len() {
            0 => usize::MAX,
            total => usize::from(total).checked_sub(bytes.len() - rest.len())?,
        };
        Some(Self {
            addresses: Addresses::V4(header.source(), header.destination()),
            rest,
            length,
            part,
            // 0: the network card fills it in (checksum offload).
            is_sound: header.header_checksum() == 0 || sums_up(header.slice()),
        })
    }

    fn v6(bytes: &'a [u8], number: IpNumber) -> Option<Self> {
        let header = Ipv6HeaderSlice::from_slice(bytes).ok()?;
        let after = bytes.get(header.slice().len()..)?;
        let (rest, part) = match header.next_header() {
            next if next == number => (after, Part::Whole),
            next => behind_extensions(next, after, number)?,
        };
        let length = match header.payload_length() {
            0 => usize::MAX,
            length => usize::from(length).checked_sub(after.len() - rest.len())?,
        };
        let addresses = Addresses::V6(header.source(), header.destination());
        Some(Self { addresses, rest, length, part, is_sound: true })
    }

    /// Whether the header's checksum is right, or there is none.
    pub(super) fn is_sound(&self) -> bool {
        self.is_sound
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
    is_sound: bool,
}

impl<'a> Ip<'a> {
    /// Combines both headers. Returns `None` if the ports of `carried` were not captured.
    fn new(header: &Header<'a>, carried: Carried<'a>) -> Option<Self> {
        let (source, destination) = header.addresses.with(carried.ports()?);
        Some(Self { source, destination, carried, is_sound: header.is_sound })
    }

    /// Reads the transport header behind an IP header. Returns `None` for a later fragment, which has none.
    pub(super) fn of(header: &Header<'a>, transport: Transport) -> Option<Self> {
        if header.part == Part::Later {
            return None;
        }
        Self::new(header, Carried { transport, rest: header.rest, length: header.length })
    }

    /// Reads the transport header from `whole`, the packet reassembled from fragments, one of which has this IP header.
    pub(super) fn reassembled(header: &Header<'a>, transport: Transport, whole: &'a [u8]) -> Option<Self> {
        Self::new(header, Carried { transport, rest: whole, length: whole.len() })
    }

    /// Returns the transport header behind the IP header whose source address is at the offset `source_address_at`.
    /// Returns `None` if there is no such header, or if its addresses and ports are not those of `source` and
    /// `destination`.
    pub(super) fn around(
        bytes: &'a [u8],
        source_address_at: usize,
        transport: Transport,
        source: End,
        destination: End,
    ) -> Option<Carried<'a>> {
        let offset = if source.is_v4() { V4_SOURCE } else { V6_SOURCE };
        let header = Header::at(bytes.get(source_address_at.checked_sub(offset)?..)?, transport.into())?;
        let ip = Self::of(&header, transport)?;
        ip.joins(source, destination).then_some(ip.carried)
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
        self.is_sound && self.carried.is_sound()
    }
}

/// Whether the checksum of an IPv4 header is right (RFC 1071).
fn sums_up(header: &[u8]) -> bool {
    let words = header.chunks_exact(2).map(|word| u32::from(u16::from_be_bytes([word[0], word[1]])));
    // At most 30 words, so the sum has at most 21 bits.
    let sum: u32 = words.sum();
    (sum & 0xffff) + (sum >> 16) == 0xffff
}

/// Returns the bytes behind the authentication headers (RFC 4302, section 2) at the start of `bytes`, if protocol
/// `number` follows them.
fn behind_authentication(mut bytes: &[u8], number: IpNumber) -> Option<&[u8]> {
    /// The maximum number of authentication headers. Real packets have fewer.
    const MAX_HEADERS: usize = 4;
    for _ in 0..MAX_HEADERS {
        let [next, words, ..] = *bytes else { return None };
        bytes = bytes.get((usize::from(words) + 2) * 4..)?;
        match IpNumber(next) {
            next if next == number => return Some(bytes),
            IpNumber::AUTHENTICATION_HEADER => {}
            _ => return None,
        }
    }
    None
}

/// Returns the bytes behind the extension headers at the start of `bytes`, if protocol `number` follows them, and which
/// part of a packet they are.
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
pub(super) fn tcp_fields(bytes: &[u8]) -> Option<(TcpFields, usize)> {
    const FIXED_PART: usize = 20;
    let header: &[u8; 14] = bytes.first_chunk()?;
    let size = usize::from(header[12] >> 4) * 4;
    if size < FIXED_PART {
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
    pub(super) fn segment(&self, source: End, destination: End) -> Segment<'a> {
        let (tcp, payload) = (self.tcp(), self.payload());
        Segment { transport: self.transport, source, destination, tcp, payload, quoted: false }
    }

    /// Returns the source and destination ports, or `None` if they were not captured.
    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        let [a, b, c, d] = *self.rest.first_chunk()?;
        Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    }

    /// Returns the TCP fields of the header, or the equivalent of DCCP or SCTP.
    fn tcp(&self) -> Option<TcpFields> {
        match self.transport {
            Transport::Tcp => self.tcp_header(),
            Transport::Dccp => dccp::fields(self.packet()),
            Transport::Sctp => sctp::fields(self.packet()),
            Transport::Udp | Transport::UdpLite => None,
        }
    }

    /// Parses a TCP header. Returns `None` if it is impossible: nothing in such a header is trusted.
    fn tcp_header(&self) -> Option<TcpFields> {
        let (fields, size) = tcp_fields(self.rest)?;
        (size <= self.length).then_some(fields)
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
    fn packet(&self) -> &'a [u8] {
        &self.rest[..self.rest.len().min(self.length)]
    }

    fn payload(&self) -> &'a [u8] {
        let packet = self.packet();
        let header = match self.transport {
            Transport::Dccp => return dccp::payload(packet),
            Transport::Sctp => return sctp::payload(packet),
            Transport::Tcp => packet.get(12).map_or(usize::MAX, |byte| usize::from(byte >> 4) * 4).max(20),
            Transport::Udp | Transport::UdpLite => 8,
        };
        packet.get(header..).unwrap_or(&[])
    }
}
