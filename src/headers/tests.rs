// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

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

fn v4() -> Addresses {
    Addresses::V4([192, 168, 1, 23], [198, 51, 100, 10])
}

/// Returns a frame with these layers, whose last header is between [`ends`].
fn frame<'a>(order: &'a [u8], transport: Transport, sources: &'a [&'a [u8]]) -> Frame<'a> {
    Frame {
        layers: Layers::new(order),
        ports: Some((transport, (1140, 80))),
        addresses: Some(v4()),
        source_address_at: None,
        sources,
    }
}

fn one<'a>(bytes: &'a [&'a [u8]]) -> Segment<'a> {
    let located = locate(&frame(&[Layers::OTHER, Layers::IPV4, Layers::TCP], Transport::Tcp, bytes));
    *located.iter().next().unwrap().1
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
        let frame = frame(&[Layers::TCP], Transport::Tcp, &sources);
        assert_eq!(locate(&Frame { source_address_at: hint, ..frame }).iter().next().unwrap().1.payload, b"GET /");
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
fn a_header_with_an_impossible_length_has_no_fields() {
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

const ROUTER: [u8; 4] = [10, 0, 0, 1];

/// Returns a router's ICMP error of this type. It quotes the IP header of `packet`, an Ethernet frame, and the 8 bytes
/// behind that header.
fn error(of: u8, packet: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4(ROUTER, [192, 168, 1, 23], 64)
        .icmpv4_raw(of, 1, [0; 4])
        .write(&mut bytes, &packet[14..14 + 28])
        .unwrap();
    bytes
}

#[test]
fn a_quoted_header_has_its_own_ends() {
    let bytes = error(3, &packet(b""));
    let sources = [&bytes[..]];
    let order = [Layers::IPV4, Layers::ICMP, Layers::IPV4, Layers::TCP];
    let router = Addresses::V4(ROUTER, [192, 168, 1, 23]);
    let frame = frame(&order, Transport::Tcp, &sources);
    for ports in [frame.ports, None] {
        let located = locate(&Frame { ports, addresses: Some(router), ..frame });
        let (position, segment) = located.iter().next().unwrap();
        assert_eq!((position, segment.quoted, segment.tcp), (0, true, None));
        assert_eq!((segment.source, segment.destination), ends());
    }
}

#[test]
fn a_quoted_datagram_is_found_though_its_checksum_is_wrong() {
    let mut bytes = error(11, &datagram(v4(), (1140, 80), b"query"));
    bytes[14 + 20 + 8 + 10] ^= 0x55;
    let sources = [&bytes[..]];
    let order = [Layers::IPV4, Layers::ICMP, Layers::IPV4, Layers::UDP];
    let located = locate(&Frame { ports: None, ..frame(&order, Transport::Udp, &sources) });
    let (_, segment) = located.iter().next().unwrap();
    assert_eq!((segment.quoted, segment.source, segment.destination), (true, ends().0, ends().1));
}

#[test]
fn an_echo_quotes_nothing() {
    let mut bytes = error(8, &packet(b""));
    bytes.extend(packet(b"next"));
    let sources = [&bytes[..]];
    let order = [Layers::IPV4, Layers::ICMP, Layers::IPV4, Layers::TCP];
    let located = locate(&frame(&order, Transport::Tcp, &sources));
    let (_, segment) = located.iter().next().unwrap();
    assert!(!segment.quoted);
}

fn datagram(addresses: Addresses, (from, to): (u16, u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ethernet = PacketBuilder::ethernet2([2; 6], [4; 6]);
    match addresses {
        Addresses::V4(source, destination) => ethernet.ipv4(source, destination, 64),
        Addresses::V6(source, destination) => ethernet.ipv6(source, destination, 64),
    }
    .udp(from, to)
    .write(&mut bytes, payload)
    .unwrap();
    bytes
}

const TUNNEL: Addresses = Addresses::V4([203, 0, 113, 1], [203, 0, 113, 2]);

fn tunnel(inner: &[u8]) -> Vec<u8> {
    datagram(TUNNEL, (1140, 80), &[&[8, 0, 0, 0, 0, 0, 42, 0], inner].concat())
}

fn found(frame: &Frame<'_>) -> Vec<(u8, End, End)> {
    locate(frame).iter().map(|(position, segment)| (position, segment.source, segment.destination)).collect()
}

/// Wireshark dissected the tunnel's ports last, but the inner packet's addresses.
#[test]
fn a_tunnel_keeps_its_addresses_whatever_is_in_it() {
    let mut ping = Vec::new();
    PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4([192, 168, 1, 23], [198, 51, 100, 10], 64)
        .icmpv4_echo_request(1, 1)
        .write(&mut ping, b"ping")
        .unwrap();
    let bytes = tunnel(&ping);
    let outer = TUNNEL.with((1140, 80));
    for order in [
        &[Layers::IPV4, Layers::UDP, Layers::IPV4, Layers::ICMP][..],
        &[Layers::IPV4, Layers::UDP, Layers::IPV4],
        &[Layers::IPV4, Layers::UDP],
    ] {
        let sources = [&bytes[..]];
        let seen = frame(order, Transport::Udp, &sources);
        let addresses = seen.addresses.filter(|_| order.len() > 2);
        assert_eq!(found(&Frame { addresses, ..seen }), [(0, outer.0, outer.1)], "{order:?}");
        // Without the bytes, the addresses that Wireshark reports cannot be combined with the ports.
        assert_eq!(found(&Frame { addresses, sources: &[&[]], ..seen }), []);
    }
}

#[test]
fn a_tunnel_in_fragments_keeps_its_addresses() {
    let whole = tunnel(&[0xee; 100]);
    let mut last = whole[..14 + 20 + 8].to_vec();
    (last[14 + 6], last[14 + 7]) = (0, 1);
    (last[14 + 10], last[14 + 11]) = (0, 0);
    let sources = [&last[..], &whole[14 + 20..]];
    let order = [Layers::IPV4, Layers::UDP, Layers::IPV4];
    let outer = TUNNEL.with((1140, 80));
    assert_eq!(found(&frame(&order, Transport::Udp, &sources)), [(0, outer.0, outer.1)]);
}

#[test]
fn both_datagrams_of_a_tunnel_are_found() {
    let bytes = tunnel(&datagram(v4(), (1140, 80), b"query"));
    let sources = [&bytes[..]];
    let order = [Layers::IPV4, Layers::UDP, Layers::OTHER, Layers::IPV4, Layers::UDP];
    let outer = TUNNEL.with((1140, 80));
    let frame = frame(&order, Transport::Udp, &sources);
    let inner = ends();
    assert_eq!(found(&frame), [(0, outer.0, outer.1), (1, inner.0, inner.1)]);
    let hidden = [&bytes[14 + 28 + 8..]];
    assert_eq!(found(&Frame { sources: &hidden, ..frame }), [(1, inner.0, inner.1)], "the outer one is not there");
}

/// The ends of a tunnel's header are not known, so a search for it must skip bytes that only look like one.
#[test]
fn bytes_that_only_look_like_a_header_are_skipped() {
    let bytes = tunnel(&datagram(v4(), (1140, 80), b"query"));
    let sources = [&bytes[..]];
    let order = [Layers::IPV4, Layers::UDP, Layers::IPV4, Layers::UDP];
    for (at, byte) in [(14, 0x46), (14 + 10, 0xff), (14 + 20 + 4, 0xff), (14 + 9, 6)] {
        let mut damaged = bytes.clone();
        damaged[at] = byte;
        let sources = [&damaged[..]];
        let found = found(&frame(&order, Transport::Udp, &sources));
        assert_eq!(found, [(1, ends().0, ends().1)], "{byte} at {at}");
    }
    assert_eq!(found(&frame(&order, Transport::Udp, &sources)).len(), 2);
}

#[test]
fn a_header_of_a_tunnel_has_the_reported_ip_version() {
    let decoy = datagram(v4(), (1, 2), &[0; 8]);
    let v6 = Addresses::V6([1; 16], [2; 16]);
    let mut outer = Vec::new();
    PacketBuilder::ipv6([1; 16], [2; 16], 64).udp(3, 4).write(&mut outer, &packet(b"GET /")[14..]).unwrap();
    let bytes = [&decoy[..], &outer].concat();
    let sources = [&bytes[..]];
    for (version, outermost) in [(Layers::IPV6, v6.with((3, 4))), (Layers::IPV4, v4().with((1, 2)))] {
        let order = [version, Layers::UDP, Layers::IPV4, Layers::TCP];
        let found = found(&frame(&order, Transport::Tcp, &sources));
        assert_eq!(found, [(0, outermost.0, outermost.1), (0, ends().0, ends().1)], "{version}");
    }
}

#[test]
fn behind_an_authentication_header() {
    for headers in [1, 2] {
        let plain = packet(b"GET /");
        let mut bytes = plain[..14 + 20].to_vec();
        bytes[14 + 9] = 51;
        for left in (0..headers).rev() {
            bytes.extend([if left == 0 { 6 } else { 51 }, 4, 0, 0]);
            bytes.extend([0xee; 20]);
        }
        bytes.extend(&plain[14 + 20..]);
        let length = bytes.len() as u16 - 14;
        bytes[14 + 2..14 + 4].copy_from_slice(&length.to_be_bytes());
        let sources = [&bytes[..]];
        let segment = one(&sources);
        assert_eq!((segment.tcp.map(|tcp| tcp.sequence), segment.payload), (Some(672), &b"GET /"[..]));
    }
}

#[test]
fn a_chain_of_extensions_is_followed_for_256_bytes() {
    for (extensions, payload) in [(32, &b"GET /"[..]), (33, b"")] {
        // Headers of eight bytes with destination options that are padding (RFC 8200, sections 4.2 and 4.6).
        let mut chain = [60, 0, 1, 4, 0, 0, 0, 0].repeat(extensions);
        chain[8 * (extensions - 1)] = 6;
        chain.extend(&packet(b"GET /")[14 + 20..]);
        let length = (chain.len() as u16).to_be_bytes();
        let bytes = [&[0x60, 0, 0, 0, length[0], length[1], 60, 64][..], &[1; 16], &[2; 16], &chain].concat();
        let sources = [&bytes[..]];
        let seen = frame(&[Layers::IPV6, Layers::TCP], Transport::Tcp, &sources);
        let located = locate(&Frame { addresses: Some(Addresses::V6([1; 16], [2; 16])), ..seen });
        assert_eq!(located.iter().next().unwrap().1.payload, payload, "behind {extensions}");
    }
}

/// The limit holds for any bytes, any number of headers and sources of any length.
#[test]
fn no_search_takes_long() {
    let chains: Vec<u8> = [0x60, 0, 0, 0, 0, 0, 60, 0].into_iter().cycle().take(1 << 21).collect();
    let fragments: Vec<u8> = [0x45, 0, 0xff, 0xff, 0, 0, 0x20, 1, 64, 17].into_iter().cycle().take(1 << 21).collect();
    for bytes in [&chains, &fragments, &vec![0; 1 << 21], &vec![0x66; 1 << 21]] {
        let sources = [&bytes[..]; 8];
        for order in [
            [Layers::IPV6, Layers::TCP].repeat(16),
            [Layers::IPV4, Layers::ICMP, Layers::IPV4, Layers::UDP].repeat(16),
            [Layers::IPV4, Layers::UDP, Layers::IPV4].repeat(20),
            vec![Layers::TCP],
        ] {
            for addresses in [Some(v4()), None] {
                let seen = frame(&order, Transport::Tcp, &sources);
                let tried = locate(&Frame { addresses, ..seen }).tried();
                assert!(tried <= MAX_TRIED, "{tried} places");
            }
        }
    }
}

/// The offsets that one search tries count against the limit of the next.
#[test]
fn all_searches_of_a_frame_share_one_limit() {
    let bytes = [&vec![0; 50_000][..], &packet(b"GET /")].concat();
    let sources = [&bytes[..]];
    for (order, payload) in [
        (&[Layers::IPV4, Layers::TCP][..], &b"GET /"[..]),
        (&[Layers::IPV4, Layers::UDP, Layers::IPV4, Layers::TCP], b""),
    ] {
        let located = locate(&frame(order, Transport::Tcp, &sources));
        assert_eq!(located.iter().next().unwrap().1.payload, payload, "{order:?}");
    }
}

#[test]
fn headers_side_by_side_are_told_apart() {
    let mut bytes = packet(b"first");
    let mut second = Vec::new();
    PacketBuilder::ipv6([1; 16], [2; 16], 64).tcp(5000, 6000, 1, 1).write(&mut second, b"second").unwrap();
    bytes.extend(second);
    let sources = [&bytes[..]];
    let order = [Layers::IPV4, Layers::TCP, Layers::IPV6, Layers::TCP];
    let seen = frame(&order, Transport::Tcp, &sources);
    let (ports, addresses) = ((5000, 6000), Addresses::V6([1; 16], [2; 16]));
    let frame = Frame { ports: Some((Transport::Tcp, ports)), addresses: Some(addresses), ..seen };
    let (first, second) = (ends(), addresses.with(ports));
    assert_eq!(found(&frame), [(0, first.0, first.1), (1, second.0, second.1)]);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        layers in proptest::collection::vec(0u8..7, 0..10),
    ) {
        let sources = [&bytes[..], &bytes[bytes.len() / 2..]];
        prop_assert!(locate(&frame(&layers, Transport::Tcp, &sources)).iter().count() <= MAX_HEADERS);
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
