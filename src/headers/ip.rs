//! IP headers and what they carry.

use crate::packet::{End, Flags, Segment, TcpFields, Transport};
use etherparse::{IpNumber, Ipv4HeaderSlice, Ipv6ExtensionsSlice, Ipv6HeaderSlice};

/// Where the source address is in its header (RFC 791, section 3.1).
pub const V4_SOURCE: usize = 12;
/// The same for IPv6 (RFC 8200, section 3).
pub const V6_SOURCE: usize = 8;

impl Transport {
    #[inline]
    pub(super) const fn number(self) -> IpNumber {
        match self {
            Self::Tcp => IpNumber::TCP,
            Self::Udp => IpNumber::UDP,
        }
    }
}

/// An IP header, the ports behind it, and what carries them.
pub struct Ip<'a> {
    /// The sender.
    pub source: End,
    /// The receiver.
    pub destination: End,
    /// What carries the ports.
    pub carried: Carried<'a>,
}

impl<'a> Ip<'a> {
    /// Reads the IP header at `offset`, if there is one and it carries the start of `transport`.
    pub fn at(bytes: &'a [u8], offset: usize, transport: Transport) -> Option<Self> {
        let bytes = bytes.get(offset..)?;
        match bytes.first()? >> 4 {
            4 => Self::v4(bytes, transport),
            6 => Self::v6(bytes, transport),
            _ => None,
        }
    }

    fn v4(bytes: &'a [u8], transport: Transport) -> Option<Self> {
        // Looked at first: this is tried at every offset, and most are no header.
        if *bytes.get(9)? != transport.number().0 {
            return None;
        }
        let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
        if header.fragments_offset().value() != 0 {
            return None;
        }
        let size = header.slice().len();
        // 0: left to the network card to fill in (segmentation offload).
        let total = match header.total_len() {
            0 => usize::MAX,
            total => usize::from(total),
        };
        let carried = Carried { transport, rest: bytes.get(size..)?, length: total.checked_sub(size)? };
        let (source, destination) = carried.ports()?;
        Some(Self {
            source: End::v4(header.source(), source),
            destination: End::v4(header.destination(), destination),
            carried,
        })
    }

    fn v6(bytes: &'a [u8], transport: Transport) -> Option<Self> {
        let header = Ipv6HeaderSlice::from_slice(bytes).ok()?;
        let after = bytes.get(header.slice().len()..)?;
        let rest = match header.next_header() {
            next if next == transport.number() => after,
            next => behind_extensions(next, after, transport)?,
        };
        let length = match header.payload_length() {
            0 => usize::MAX,
            length => usize::from(length).checked_sub(after.len() - rest.len())?,
        };
        let carried = Carried { transport, rest, length };
        let (source, destination) = carried.ports()?;
        Some(Self {
            source: End::v6(header.source(), source),
            destination: End::v6(header.destination(), destination),
            carried,
        })
    }

    /// What the IP header carries that has its source address at `source_address_at`, if it is one of a
    /// packet between these ends.
    pub fn around(
        bytes: &'a [u8],
        source_address_at: usize,
        transport: Transport,
        source: End,
        destination: End,
    ) -> Option<Carried<'a>> {
        let offset = if source.is_v4() { V4_SOURCE } else { V6_SOURCE };
        let ip = Self::at(bytes, source_address_at.checked_sub(offset)?, transport)?;
        ip.joins(source, destination).then_some(ip.carried)
    }

    /// It is of a packet between these ends.
    pub fn joins(&self, source: End, destination: End) -> bool {
        self.source == source && self.destination == destination
    }

    /// Their ports.
    pub fn ports(&self) -> (u16, u16) {
        (self.source.port, self.destination.port)
    }
}

/// What follows the extension headers, if it is of `transport`.
fn behind_extensions(first: IpNumber, bytes: &[u8], transport: Transport) -> Option<&[u8]> {
    /// Each offset of a frame may be tried, so that longer chains would take time that grows with its square.
    const LOOKED_AT: usize = 256;
    let looked_at = &bytes[..bytes.len().min(LOOKED_AT)];
    let (extensions, next, rest) = Ipv6ExtensionsSlice::from_slice(first, looked_at).ok()?;
    let is_it = next == transport.number() && !extensions.is_fragmenting_payload();
    is_it.then(|| &bytes[looked_at.len() - rest.len()..])
}

/// A transport header and what follows it.
#[derive(Clone, Copy)]
pub struct Carried<'a> {
    /// Which protocol's.
    pub transport: Transport,
    /// All captured bytes from the header on.
    pub rest: &'a [u8],
    /// How many of them, by the IP header, belong to the packet.
    pub length: usize,
}

impl<'a> Carried<'a> {
    /// The header, of a packet between these ends.
    pub fn segment(&self, source: End, destination: End) -> Segment<'a> {
        let (tcp, payload) = (self.tcp(), self.payload());
        Segment { transport: self.transport, source, destination, tcp, payload, quoted: false }
    }

    /// The sender's and the receiver's port.
    pub fn ports(&self) -> Option<(u16, u16)> {
        let [a, b, c, d] = *self.rest.first_chunk()?;
        Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    }

    /// Read by hand: a header that the capture cut inside its options still has its flags. One
    /// whose length cannot be true is malformed, and believed in nothing.
    fn tcp(&self) -> Option<TcpFields> {
        const FIXED_PART: usize = 20;
        if self.transport != Transport::Tcp {
            return None;
        }
        let header: &[u8; 14] = self.rest.first_chunk()?;
        let size = usize::from(header[12] >> 4) * 4;
        if size < FIXED_PART || size > self.length {
            return None;
        }
        let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        Some(TcpFields { sequence: number(4), acknowledgment: number(8), flags: Flags(header[13]) })
    }

    fn payload(&self) -> &'a [u8] {
        let packet = &self.rest[..self.rest.len().min(self.length)];
        let header = match self.transport {
            Transport::Tcp => packet.get(12).map_or(usize::MAX, |byte| usize::from(byte >> 4) * 4).max(20),
            Transport::Udp => 8,
        };
        packet.get(header..).unwrap_or(&[])
    }
}
