// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! IP headers and what they carry.

use super::{Addresses, Layers, dccp, sctp};
use crate::packet::{End, Flags, Segment, TcpFields, Transport};
use etherparse::{IpNumber, Ipv4HeaderSlice, Ipv6ExtensionSlice, Ipv6ExtensionsSlice, Ipv6HeaderSlice};

/// Where the source address is in its header (RFC 791, section 3.1).
pub(super) const V4_SOURCE: usize = 12;
/// The same for IPv6 (RFC 8200, section 3).
pub(super) const V6_SOURCE: usize = 8;

/// What an IP header may carry: its numbers in IPv4 and in IPv6.
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

/// What part of a packet an IP header carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// The first fragment.
    First,
    /// Another fragment: what it carries starts elsewhere.
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

/// An IP header that carries what was looked for.
pub(super) struct Header<'a> {
    /// The sender's and the receiver's address.
    pub addresses: Addresses,
    /// All captured bytes behind it and its extensions.
    pub rest: &'a [u8],
    /// How many of them, by the header, belong to the packet.
    pub length: usize,
    /// What part of a packet it carries.
    pub part: Part,
    is_sound: bool,
}

impl<'a> Header<'a> {
    /// Reads the header at the start of `bytes`, if there is one and it carries a `kind`.
    #[inline]
    pub(super) fn at(bytes: &'a [u8], kind: Kind) -> Option<Self> {
        match bytes.first()? >> 4 {
            4 => Self::v4(bytes, kind.v4),
            6 => Self::v6(bytes, kind.v6),
            _ => None,
        }
    }

    fn v4(bytes: &'a [u8], number: IpNumber) -> Option<Self> {
        // Looked at first: this is tried at every offset, and most are no header.
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
            // In transport mode, it is between the two (RFC 4302, section 3.1.1).
            _ => behind_authentication(after, number)?,
        };
        // 0: left to the network card to fill in (segmentation offload).
        let length = match header.total_len() {
            0 => usize::MAX,
            total => usize::from(total).checked_sub(bytes.len() - rest.len())?,
        };
        Some(Self {
            addresses: Addresses::V4(header.source(), header.destination()),
            rest,
            length,
            part,
            // 0: left to the network card, too.
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

    /// Whether nothing in it speaks against its being a header.
    pub(super) fn is_sound(&self) -> bool {
        self.is_sound
    }

    /// The captured bytes of what it carries.
    pub(super) fn packet(&self) -> &'a [u8] {
        &self.rest[..self.rest.len().min(self.length)]
    }

    /// Whether an ICMP message that it carries is one that quotes a packet (RFC 792; RFC 4443, section 2.1; RFC 4861,
    /// section 4.5).
    pub(super) fn is_of_error(&self, message: &[u8]) -> bool {
        match (self.addresses, message.first()) {
            (Addresses::V4(..), Some(of)) => matches!(of, 3 | 4 | 5 | 11 | 12),
            (Addresses::V6(..), Some(of)) => matches!(of, 1..=127 | 137),
            (_, None) => false,
        }
    }
}

/// An IP header, the ports behind it, and what carries them.
pub(super) struct Ip<'a> {
    /// The sender.
    pub source: End,
    /// The receiver.
    pub destination: End,
    /// What carries the ports.
    pub carried: Carried<'a>,
    is_sound: bool,
}

impl<'a> Ip<'a> {
    /// The header's packet, if `carried` starts with the ports of one.
    fn new(header: &Header<'a>, carried: Carried<'a>) -> Option<Self> {
        let (source, destination) = header.addresses.with(carried.ports()?);
        Some(Self { source, destination, carried, is_sound: header.is_sound })
    }

    /// Of a header that carries a whole packet, or the first part of it.
    pub(super) fn of(header: &Header<'a>, transport: Transport) -> Option<Self> {
        if header.part == Part::Later {
            return None;
        }
        Self::new(header, Carried { transport, rest: header.rest, length: header.length })
    }

    /// Of a fragment's header, and of what was put together from the fragments.
    pub(super) fn reassembled(header: &Header<'a>, transport: Transport, whole: &'a [u8]) -> Option<Self> {
        Self::new(header, Carried { transport, rest: whole, length: whole.len() })
    }

    /// What the IP header carries that has its source address at `source_address_at`, if it is one of a
    /// packet between these ends.
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

    /// It is of a packet between these ends.
    pub(super) fn joins(&self, source: End, destination: End) -> bool {
        self.source == source && self.destination == destination
    }

    /// Their ports.
    pub(super) fn ports(&self) -> (u16, u16) {
        (self.source.port, self.destination.port)
    }

    /// Whether it is of this version: [`Layers::IPV4`] or [`Layers::IPV6`].
    pub(super) fn is_of(&self, version: u8) -> bool {
        self.source.is_v4() == (version == Layers::IPV4)
    }

    /// Whether all that it says of itself fits together: what is none, but looks like one, mostly does not.
    pub(super) fn is_sound(&self) -> bool {
        self.is_sound && self.carried.is_sound()
    }
}

/// Whether an IPv4 header's words sum up as they must (RFC 1071).
fn sums_up(header: &[u8]) -> bool {
    let words = header.chunks_exact(2).map(|word| u32::from(u16::from_be_bytes([word[0], word[1]])));
    // At most 30 words: 21 bits.
    let sum: u32 = words.sum();
    (sum & 0xffff) + (sum >> 16) == 0xffff
}

/// What follows authentication headers (RFC 4302, section 2), if it is of `number`.
fn behind_authentication(mut bytes: &[u8], number: IpNumber) -> Option<&[u8]> {
    /// More of them than anybody sends.
    const MOST: usize = 4;
    for _ in 0..MOST {
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

/// What follows the extension headers, if it is of `number`, and what part of a packet that is.
fn behind_extensions(first: IpNumber, bytes: &[u8], number: IpNumber) -> Option<(&[u8], Part)> {
    /// Each offset of a frame may be tried, so that longer chains would take time that grows with its square.
    const LOOKED_AT: usize = 256;
    let looked_at = &bytes[..bytes.len().min(LOOKED_AT)];
    let (extensions, next, rest) = Ipv6ExtensionsSlice::from_slice(first, looked_at).ok()?;
    if next != number {
        return None;
    }
    let part = extensions.into_iter().find_map(|extension| match extension {
        Ipv6ExtensionSlice::Fragment(header) => {
            Some(Part::new(header.fragment_offset().value(), header.more_fragments()))
        }
        _ => None,
    });
    Some((&bytes[looked_at.len() - rest.len()..], part.unwrap_or(Part::Whole)))
}

/// A transport header and what follows it.
#[derive(Clone, Copy)]
pub(super) struct Carried<'a> {
    /// Which protocol's.
    pub transport: Transport,
    /// All captured bytes from the header on.
    pub rest: &'a [u8],
    /// How many of them, by the IP header, belong to the packet.
    pub length: usize,
}

impl<'a> Carried<'a> {
    /// The header, of a packet between these ends.
    pub(super) fn segment(&self, source: End, destination: End) -> Segment<'a> {
        let (tcp, payload) = (self.tcp(), self.payload());
        Segment { transport: self.transport, source, destination, tcp, payload, quoted: false }
    }

    /// The sender's and the receiver's port.
    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        let [a, b, c, d] = *self.rest.first_chunk()?;
        Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    }

    /// What the header says of the connection.
    fn tcp(&self) -> Option<TcpFields> {
        match self.transport {
            Transport::Tcp => self.tcp_header(),
            Transport::Dccp => dccp::fields(self.packet()),
            Transport::Sctp => sctp::fields(self.packet()),
            Transport::Udp | Transport::UdpLite => None,
        }
    }

    /// Read by hand: a header that the capture cut inside its options still has its flags. One
    /// whose length cannot be true is malformed, and believed in nothing.
    fn tcp_header(&self) -> Option<TcpFields> {
        const FIXED_PART: usize = 20;
        let header: &[u8; 14] = self.rest.first_chunk()?;
        let size = usize::from(header[12] >> 4) * 4;
        if size < FIXED_PART || size > self.length {
            return None;
        }
        let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        Some(TcpFields { sequence: number(4), acknowledgment: number(8), flags: Flags(header[13].into()) })
    }

    /// Whether its own length fits what IP says. What was not captured speaks against nothing.
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

    /// Its captured bytes.
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
