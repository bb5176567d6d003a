//! Finds the transport headers of a frame, TCP or UDP, in its captured bytes.
//!
//! The host says which protocols it found, outermost first, and which addresses and ports it saw
//! last. That is enough to look for the IP header in front of each TCP header without knowing the
//! link layer or the tunnel, and to believe only what agrees with the host.

mod hint;
mod ip;

pub use hint::{only, Addresses, Guess, Hint};

use crate::packet::{End, Segment, Transport};
use ip::{Carried, Ip};

/// The protocols that the host found in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a> {
    /// What each is, outermost first: `enum eph_layer` of `plugin/dissector/boundary.h`.
    pub order: &'a [u8],
    /// How many of them are TCP.
    pub tcp: u8,
    /// How many are UDP.
    pub udp: u8,
    /// How many are ICMP or ICMPv6: what follows is quoted.
    pub icmp: u8,
}

impl<'a> Layers<'a> {
    /// Any other protocol.
    pub const OTHER: u8 = 0;
    /// TCP.
    pub const TCP: u8 = 1;
    /// UDP.
    pub const UDP: u8 = 2;
    /// ICMP or ICMPv6.
    pub const ICMP: u8 = 3;

    /// Counts the protocols in `order`.
    pub fn new(order: &'a [u8]) -> Self {
        let count = |kind| order.iter().filter(|layer| **layer == kind).count() as u8;
        Self { order, tcp: count(Self::TCP), udp: count(Self::UDP), icmp: count(Self::ICMP) }
    }
}

/// The most TCP headers of one frame that are looked at.
pub const MAX_HEADERS: usize = 4;

/// A frame as the host dissected it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The protocols.
    pub layers: Layers<'a>,
    /// The last transport header's protocol, sender and receiver, if the host has IP addresses.
    pub last: Option<(Transport, End, End)>,
    /// Where in the first source the host keeps the last header's source address, if it is there.
    pub source_address_at: Option<usize>,
    /// The frame's captured bytes, then those of buffers made from it (reassembled, decrypted).
    pub sources: &'a [&'a [u8]],
}

/// The TCP headers of a frame, outermost first, each with its position among them. One that cannot
/// be found is left out, but the last one, of which the host told us the ends, is there in any case
/// (unless it is quoted: then the host's addresses may be those of the packet that quotes it).
///
/// Where the innermost transport is UDP, that header is the only one: UDP further out is a tunnel.
pub fn locate<'a>(frame: &Frame<'a>) -> Located<'a> {
    let mut found = Located::default();
    let Layers { tcp, udp, .. } = frame.layers;
    let quotes = frame.layers.icmp > 0;
    match frame.last {
        Some((transport @ Transport::Tcp, source, destination)) if tcp == 1 && !quotes => {
            found.push(0, the_only_one(frame, transport, source, destination));
        }
        Some((Transport::Tcp, source, destination)) => several(frame, tcp, Some((source, destination)), &mut found),
        Some((transport @ Transport::Udp, source, destination)) if udp > 0 && !quotes => {
            found.push(udp - 1, the_only_one(frame, transport, source, destination));
        }
        _ => several(frame, tcp, None, &mut found),
    }
    found
}

/// What [`locate`] found: mostly one header, rarely more, which alone need the heap.
#[derive(Debug, Default)]
pub struct Located<'a> {
    first: Option<(u8, Segment<'a>)>,
    more: Vec<(u8, Segment<'a>)>,
}

impl<'a> Located<'a> {
    fn push(&mut self, position: u8, segment: Segment<'a>) {
        if self.first.is_none() {
            self.first = Some((position, segment));
        } else if self.more.len() + 1 < MAX_HEADERS {
            self.more.push((position, segment));
        }
    }

    /// The headers with their position among the frame's headers of that transport, from 0.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &Segment<'a>)> {
        self.first.iter().chain(&self.more).map(|(position, segment)| (*position, segment))
    }
}

/// A frame with one transport header: the host knows its ends, the bytes add the rest.
fn the_only_one<'a>(frame: &Frame<'a>, transport: Transport, source: End, destination: End) -> Segment<'a> {
    let hinted = || Ip::around(frame.sources.first()?, frame.source_address_at?, transport, source, destination);
    let carried = hinted().or_else(|| found(frame, transport, source, destination));
    let unknown = Segment { transport, source, destination, tcp: None, payload: &[], quoted: false };
    carried.map_or(unknown, |carried| carried.segment(source, destination))
}

fn found<'a>(frame: &Frame<'a>, transport: Transport, source: End, destination: End) -> Option<Carried<'a>> {
    let sources = frame.sources;
    let ports = (source.port, destination.port);
    let search = |wanted: &dyn Fn(&Ip<'a>) -> bool| {
        sources.iter().find_map(|bytes| next_ip(bytes, 0, transport, wanted).map(|(ip, _)| ip.carried))
    };
    search(&|ip| ip.joins(source, destination))
        // A reassembled packet has its IP header in one buffer and its transport header at the
        // start of another; an option can have changed an address.
        .or_else(|| {
            let bare = |bytes: &&'a [u8]| Carried { transport, rest: bytes, length: bytes.len() };
            sources.iter().skip(1).map(bare).find(|carried| carried.ports() == Some(ports))
        })
        .or_else(|| search(&|ip| ip.ports() == ports))
}

/// A frame with several TCP headers, or with quoted ones: each is found by its IP header, in order;
/// the ports of the last must be `anchor`'s, which the host saw last. Of a quoted header the host may
/// have told nothing (Wireshark does not since 4.4).
fn several<'a>(frame: &Frame<'a>, count: u8, anchor: Option<(End, End)>, found: &mut Located<'a>) {
    let mut at = (0, 0);
    let mut position = 0;
    let mut quoted = false;
    for layer in frame.layers.order {
        match *layer {
            Layers::ICMP => quoted = true,
            Layers::TCP => {
                let last = position + 1 == count;
                let agrees = |ip: &Ip<'a>| match anchor {
                    _ if !last => true,
                    Some((source, destination)) => ip.ports() == (source.port, destination.port),
                    None => quoted,
                };
                match next_in_sources(frame.sources, at, agrees) {
                    Some((ip, next)) => {
                        at = next;
                        let segment = ip.carried.segment(ip.source, ip.destination);
                        found.push(position, Segment { quoted, ..segment });
                    }
                    None => {
                        if let Some((source, destination)) = anchor.filter(|_| last && !quoted) {
                            found.push(position, the_only_one(frame, Transport::Tcp, source, destination));
                        }
                    }
                }
                position += 1;
            }
            _ => {}
        }
    }
}

/// Like [`next_ip`], from buffer and offset `at` through the buffers after it.
fn next_in_sources<'a>(
    sources: &[&'a [u8]],
    at: (usize, usize),
    wanted: impl Fn(&Ip<'a>) -> bool,
) -> Option<(Ip<'a>, (usize, usize))> {
    for (index, bytes) in sources.iter().enumerate().skip(at.0) {
        let from = if index == at.0 { at.1 } else { 0 };
        if let Some((ip, next)) = next_ip(bytes, from, Transport::Tcp, &wanted) {
            return Some((ip, (index, next)));
        }
    }
    None
}

/// The first IP header at or after `from` that carries `transport` and is `wanted`, and the offset
/// of what it carries.
fn next_ip<'a>(
    bytes: &'a [u8],
    from: usize,
    transport: Transport,
    wanted: impl Fn(&Ip<'a>) -> bool,
) -> Option<(Ip<'a>, usize)> {
    const SMALLEST: usize = 20;
    let end = (bytes.len() + 1).saturating_sub(SMALLEST);
    (from..end).find_map(|offset| {
        let ip = Ip::at(bytes, offset, transport)?;
        let behind = bytes.len() - ip.carried.rest.len();
        wanted(&ip).then_some((ip, behind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::Flags;
    use etherparse::PacketBuilder;
    use proptest::prelude::*;

    fn ends() -> (End, End) {
        (End::new([192, 168, 1, 23], 1140), End::new([198, 51, 100, 10], 80))
    }

    fn packet(payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4([192, 168, 1, 23], [198, 51, 100, 10], 64)
            .tcp(1140, 80, 672, 65535)
            .ack(597)
            .write(&mut bytes, payload)
            .unwrap();
        bytes
    }

    fn last() -> Option<(Transport, End, End)> {
        Some((Transport::Tcp, ends().0, ends().1))
    }

    fn one<'a>(bytes: &'a [&'a [u8]]) -> Segment<'a> {
        let frame = Frame {
            layers: Layers::new(&[Layers::OTHER, Layers::OTHER, Layers::TCP]),
            last: last(),
            source_address_at: None,
            sources: bytes,
        };
        let located = locate(&frame);
        let segment = *located.iter().next().unwrap().1;
        segment
    }

    #[test]
    fn finds_header_and_payload() {
        let bytes = packet(b"GET /");
        let sources = [&bytes[..]];
        let segment = one(&sources);
        let tcp = segment.tcp.unwrap();
        assert_eq!((tcp.sequence, tcp.acknowledgment, tcp.flags), (672, 597, Flags(Flags::ACK)));
        assert_eq!(segment.payload, b"GET /");
    }

    #[test]
    fn a_hint_is_used_but_not_believed() {
        let bytes = packet(b"GET /");
        let sources = [&bytes[..]];
        for hint in [None, Some(0), Some(14), Some(14 + 12), Some(bytes.len()), Some(usize::MAX)] {
            let frame =
                Frame { layers: Layers::new(&[Layers::TCP]), last: last(), source_address_at: hint, sources: &sources };
            assert_eq!(locate(&frame).iter().next().unwrap().1.payload, b"GET /");
        }
    }

    #[test]
    fn ethernet_padding_is_no_payload() {
        let mut bytes = packet(b"");
        bytes.resize(60, 0xaa);
        let sources = [&bytes[..]];
        assert_eq!(one(&sources).payload, b"");
    }

    #[test]
    fn a_cut_header_keeps_its_flags_and_a_shorter_one_has_none() {
        let bytes = packet(b"");
        let sources = [&bytes[..14 + 20 + 14]];
        assert!(one(&sources).tcp.is_some());
        let sources = [&bytes[..14 + 20 + 13]];
        assert_eq!(one(&sources).tcp, None);
        assert_eq!(one(&sources).source, ends().0);
    }

    #[test]
    fn a_header_whose_length_cannot_be_true_is_not_believed() {
        for (words, believed) in [(0, false), (4, false), (5, true), (6, false), (15, false)] {
            let mut bytes = packet(b"");
            bytes[14 + 20 + 12] = words << 4;
            let sources = [&bytes[..]];
            assert_eq!(one(&sources).tcp.is_some(), believed, "{words} words");
        }
    }

    #[test]
    fn other_ports_are_not_believed() {
        let mut bytes = packet(b"");
        bytes[14 + 20] = 0xff;
        let sources = [&bytes[..]];
        assert_eq!(one(&sources).tcp, None);
    }

    #[test]
    fn a_reassembled_packet_starts_with_its_tcp_header() {
        let bytes = packet(b"hello");
        let sources = [&b"last fragment"[..], &bytes[34..]];
        assert_eq!(one(&sources).payload, b"hello");
    }

    #[test]
    fn a_quoted_header_has_its_own_ends() {
        let inner = packet(b"");
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4([10, 0, 0, 1], [192, 168, 1, 23], 64)
            .icmpv4_raw(3, 1, [0; 4])
            .write(&mut bytes, &inner[14..14 + 28])
            .unwrap();
        let router = (Transport::Tcp, End::new([10, 0, 0, 1], 1140), End::new([192, 168, 1, 23], 80));
        let sources = [&bytes[..]];
        for last in [Some(router), None] {
            let layers = Layers::new(&[Layers::OTHER, Layers::ICMP, Layers::OTHER, Layers::TCP]);
            let located = locate(&Frame { layers, last, source_address_at: None, sources: &sources });
            let (position, segment) = located.iter().next().unwrap();
            assert_eq!((position, segment.quoted, segment.tcp), (0, true, None));
            assert_eq!((segment.source, segment.destination), ends());
        }
    }

    #[test]
    fn the_innermost_datagram_is_found() {
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4([192, 168, 1, 23], [198, 51, 100, 10], 64)
            .udp(1140, 80)
            .write(&mut bytes, b"query")
            .unwrap();
        let sources = [&bytes[..]];
        let last = Some((Transport::Udp, ends().0, ends().1));
        let frame = Frame {
            layers: Layers::new(&[Layers::UDP, Layers::OTHER, Layers::UDP]),
            last,
            source_address_at: None,
            sources: &sources,
        };
        let located = locate(&frame);
        let (position, segment) = located.iter().next().unwrap();
        assert_eq!((position, segment.tcp, segment.payload), (1, None, &b"query"[..]));
    }

    #[test]
    fn headers_side_by_side_are_told_apart() {
        let mut bytes = packet(b"first");
        let mut second = Vec::new();
        PacketBuilder::ipv6([1; 16], [2; 16], 64).tcp(5000, 6000, 1, 1).write(&mut second, b"second").unwrap();
        bytes.extend(second);
        let sources = [&bytes[..]];
        let last = (Transport::Tcp, End::new([1; 16], 5000), End::new([2; 16], 6000));
        let frame = Frame {
            layers: Layers::new(&[Layers::TCP, Layers::OTHER, Layers::TCP]),
            last: Some(last),
            source_address_at: None,
            sources: &sources,
        };
        let located = locate(&frame);
        let found: Vec<_> = located.iter().map(|(position, segment)| (position, segment.source.port)).collect();
        assert_eq!(found, [(0, 1140), (1, 5000)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
            layers in proptest::collection::vec(0u8..4, 0..10),
        ) {
            let sources = [&bytes[..], &bytes[bytes.len() / 2..]];
            let frame = Frame { layers: Layers::new(&layers), last: last(), source_address_at: None, sources: &sources };
            prop_assert!(locate(&frame).iter().count() <= MAX_HEADERS);
        }

        #[test]
        fn a_header_is_found_behind_any_link_layer(
            link in proptest::collection::vec(any::<u8>(), 0..64), payload in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            let mut bytes = link;
            bytes.extend(&packet(&payload)[14..]);
            let sources = [&bytes[..]];
            prop_assert_eq!(one(&sources).payload, &payload[..]);
        }
    }
}
