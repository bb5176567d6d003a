// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The other transports that have ports: UDP-Lite is judged as UDP; DCCP and SCTP have handshakes of their own.

use std::net::IpAddr;
use std::slice;

use crate::capture::{Capture, Packet, carried, datagram, in_gre, unreachable};
use crate::host::Tshark;
use crate::verdict::{Verdict, note};

const CLIENT: &str = "192.168.1.23";
const SERVER: &str = "198.51.100.10";

/// IP's numbers.
const DCCP: u8 = 33;
const SCTP: u8 = 132;
const UDP_LITE: u8 = 136;

/// A header's ports, the source first.
fn ports(from: u16, to: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (from.to_be_bytes(), to.to_be_bytes());
    [a, b, c, d]
}

/// UDP-Lite's datagram, whose checksum covers the header alone (RFC 3828, section 3.1).
fn udp_lite(from: (&str, u16), to: (&str, u16), data: &[u8]) -> Packet {
    carried(UDP_LITE, from.0, to.0, &[&ports(from.1, to.1)[..], &[0, 8, 0x12, 0x34], data].concat())
}

/// DCCP's packet of this type, with long numbers (RFC 4340, section 5.1).
fn dccp(from: (&str, u16), to: (&str, u16), kind: u8, sequence: u64, acknowledged: u64, data: &[u8]) -> Packet {
    let number = |number: u64| number.to_be_bytes()[2..].to_vec();
    let more = match kind {
        0 => vec![0; 4],
        1 => [&[0, 0], &number(acknowledged)[..], &[0; 4]].concat(),
        7 => [&[0, 0], &number(acknowledged)[..], &[1, 0, 0, 0]].concat(),
        _ => [&[0, 0], &number(acknowledged)[..]].concat(),
    };
    let words = (16 + more.len()) / 4;
    let start = [&ports(from.1, to.1)[..], &[words as u8, 0, 0, 0, kind << 1 | 1, 0]].concat();
    carried(DCCP, from.0, to.0, &[start, number(sequence), more, data.to_vec()].concat())
}

/// SCTP's packet (RFC 9260, section 3).
fn sctp(from: (&str, u16), to: (&str, u16), tag: u32, chunks: &[Vec<u8>]) -> Packet {
    carried(SCTP, from.0, to.0, &sctp_bytes(from.1, to.1, tag, chunks))
}

fn sctp_bytes(from: u16, to: u16, tag: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    [&ports(from, to)[..], &tag.to_be_bytes(), &[0; 4], &chunks.concat()].concat()
}

fn chunk(kind: u8, value: &[u8]) -> Vec<u8> {
    let mut chunk = [&[kind, 0], &(4 + value.len() as u16).to_be_bytes()[..], value].concat();
    chunk.resize(chunk.len().next_multiple_of(4), 0);
    chunk
}

/// INIT (1) or INIT ACK (2).
fn init(kind: u8, tag: u32) -> Vec<u8> {
    let cookie: &[u8] = if kind == 2 { &[0, 7, 0, 8, 1, 2, 3, 4] } else { &[] };
    chunk(kind, &[&tag.to_be_bytes()[..], &[0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1], cookie].concat())
}

/// The same, with parameters that list these addresses (RFC 9260, sections 3.3.2.1 and 3.3.2.2).
fn init_listing(kind: u8, tag: u32, addresses: &[&str]) -> Vec<u8> {
    let parameter = |address: &&str| match address.parse().expect("an address") {
        IpAddr::V4(address) => [&[0, 5, 0, 8], &address.octets()[..]].concat(),
        IpAddr::V6(address) => [&[0, 6, 0, 20], &address.octets()[..]].concat(),
    };
    let fixed = init(kind, tag)[4..].to_vec();
    chunk(kind, &[fixed, addresses.iter().flat_map(parameter).collect()].concat())
}

/// A DATA chunk of one whole message.
fn data(number: u32, payload: &[u8]) -> Vec<u8> {
    let mut data = chunk(0, &[&number.to_be_bytes()[..], &[0; 8], payload].concat());
    data[1] = 3;
    data
}

fn cookie_echo() -> Vec<u8> {
    chunk(10, &[1, 2, 3, 4])
}

fn cookie_ack() -> Vec<u8> {
    chunk(11, b"")
}

/// An association between these ports: the handshake, two messages in one packet and one back.
fn association(client: u16, server: u16) -> Vec<Packet> {
    let (client, server) = ((CLIENT, client), (SERVER, server));
    vec![
        sctp(client, server, 0, &[init(1, 0x1111)]),
        sctp(server, client, 0x1111, &[init(2, 0x2222)]),
        sctp(client, server, 0x2222, &[cookie_echo(), data(1, b"one"), data(2, b"two")]),
        sctp(server, client, 0x1111, &[cookie_ack(), data(1, b"three")]),
    ]
}

/// A connection between these ports, with data in it, that is reset.
fn connection(client: u16, server: u16) -> Vec<Packet> {
    let (client, server) = ((CLIENT, client), (SERVER, server));
    vec![
        dccp(client, server, 0, 0x0001_0000_0100, 0, b""),
        dccp(server, client, 1, 900, 0x0001_0000_0100, b""),
        dccp(client, server, 4, 0x0001_0000_0101, 900, b"data"),
        dccp(server, client, 7, 901, 0x0001_0000_0101, b""),
    ]
}

/// A query for the address of www.example.com.
const QUERY: &[u8] = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x01\x00\x01";

fn handshake(client: u16, server: u16, evidence: &str, frame: u32) -> Verdict {
    Verdict::handshake(&format!("{CLIENT} {client}"), &format!("{SERVER} {server}"), evidence, frame)
}

fn assert_verdicts(packets: &[Packet], expected: &[Option<Verdict>]) {
    let capture = Capture::ethernet(packets);
    assert_eq!(Tshark::read(&capture).verdicts(), expected, "in one pass");
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), expected, "in two passes");
}

#[test]
fn udp_lite_is_judged_as_udp() {
    let query = udp_lite((CLIENT, 1140), (SERVER, 53), QUERY);
    let response = udp_lite((SERVER, 53), (CLIENT, 1140), &[&QUERY[..2], &[0x81, 0x83], &QUERY[4..]].concat());
    let strong = Verdict::strong("192.168.1.23 1140", "198.51.100.10 53", "DNS query in frame 1", 1);
    assert_verdicts(&[query, response], &strong.misnamed(1140, "autonoc").each("cs"));
}

/// A packet of UDP-Lite is no evidence about the same ports over UDP.
#[test]
fn each_transport_has_conversations_of_its_own() {
    let lite = udp_lite((CLIENT, 1140), (SERVER, 53), QUERY);
    let udp = datagram("198.51.100.10:53", "192.168.1.23:1140", b"\xee\xee\xee\xee");
    let evidence = Tshark::read(&Capture::ethernet(&[lite, udp])).with(&["-Tfields", "-eephemeral.evidence"]);
    let printed = evidence.stdout();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], "DNS query in frame 1");
    assert_ne!(lines[1], lines[0]);
}

#[test]
fn a_request_opens_a_connection_of_dccp() {
    let expected = handshake(1113, 5004, "Request in frame 1", 1).misnamed(1113, "ltp-deepspace");
    assert_verdicts(&connection(1113, 5004), &expected.each("cscs"));
}

#[test]
fn a_request_sent_again_is_the_same_connection() {
    let mut packets = connection(1113, 5004);
    packets.insert(1, dccp((CLIENT, 1113), (SERVER, 5004), 0, 0x0001_0000_0101, 0, b""));
    let expected = handshake(1113, 5004, "Request in frame 1", 1).misnamed(1113, "ltp-deepspace");
    assert_verdicts(&packets, &expected.each("ccscs"));
}

#[test]
fn a_response_tells_without_its_request() {
    let expected = handshake(1113, 5004, "Response in frame 1", 1).misnamed(1113, "ltp-deepspace");
    let packets = connection(1113, 5004).split_off(1);
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).two_passes().verdicts();
    assert_eq!(verdicts, expected.each("scs"));
}

#[test]
fn an_init_opens_an_association() {
    let expected = handshake(3863, 80, "INIT in frame 1", 1).misnamed(3863, "asap-sctp");
    assert_verdicts(&association(3863, 80), &expected.each("cscs"));
}

#[test]
fn an_init_ack_tells_without_its_init() {
    let expected = handshake(3863, 80, "INIT ACK in frame 1", 1).misnamed(3863, "asap-sctp");
    let packets = association(3863, 80).split_off(1);
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).two_passes().verdicts();
    assert_eq!(verdicts, expected.each("scs"));
}

#[test]
fn a_cookie_tells_without_init_and_init_ack() {
    // The second client's port is a server's by its number, and the other way round.
    for (client, server) in [(3863, 80), (80, 51_000)] {
        for (captured, what) in [(2, "COOKIE ECHO"), (3, "COOKIE ACK")] {
            let packets = association(client, server).split_off(captured);
            let (of_client, of_server) = (format!("{CLIENT} {client}"), format!("{SERVER} {server}"));
            let strong = Verdict::strong(&of_client, &of_server, &format!("{what} in frame 1"), 1);
            let expected = if client == 3863 { strong.misnamed(3863, "asap-sctp") } else { strong };
            assert_verdicts(&packets, &expected.each(&"cs"[captured - 2..]));
        }
    }
}

/// 3GPP's ports are in the ephemeral range.
#[test]
fn the_port_of_signalling_is_a_servers() {
    let (client, server) = ((CLIENT, 9487), (SERVER, 38_412));
    let packets = [sctp(server, client, 1, &[data(1, b"one")]), sctp(client, server, 2, &[data(1, b"two")])];
    let ports = Tshark::read(&Capture::ethernet(&packets)).two_passes().field("ephemeral.server_port");
    assert_eq!(ports, ["38412"; 2]);
}

#[test]
fn a_cookie_counts_whatever_came_before_it_on_these_ports() {
    let packets = association(51_000, 51_001);
    let (heartbeat, cookie) = (chunk(4, &[0, 1, 0, 8, 1, 2, 3, 4]), packets[2].clone());
    let before = sctp((SERVER, 51_001), (CLIENT, 51_000), 0x1111, &[heartbeat]);
    let packets = [&[before.clone(), before, cookie], &packets[3..]].concat();
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).two_passes().verdicts();
    let evidence = "COOKIE ECHO in frame 3";
    let expected = Verdict::strong(&format!("{CLIENT} 51000"), &format!("{SERVER} 51001"), evidence, 3);
    assert_eq!(verdicts, expected.each("sscs"));
}

#[test]
fn cookies_of_both_ends_tell_neither() {
    let (one, other) = ((CLIENT, 51_000), (SERVER, 51_001));
    let echoes = [(one, other), (other, one)].map(|(from, to)| sctp(from, to, 0x1111, &[cookie_echo()]));
    let verdicts = Tshark::read(&Capture::ethernet(&echoes)).two_passes().verdicts();
    assert_eq!(verdicts, [None, None]);
}

/// The second address of each end; both have a third one, over IPv6.
const CLIENT_2: &str = "192.168.2.23";
const SERVER_2: &str = "203.0.113.10";
const CLIENT_3: &str = "2001:db8::23";
const SERVER_3: &str = "2001:db8:1::10";

/// The handshake of an association whose ends list all of their addresses.
fn multihomed(client: u16, server: u16) -> Vec<Packet> {
    let mut packets = association(client, server);
    let (of_client, of_server) = ([CLIENT, CLIENT_2, CLIENT_3], [SERVER_2, SERVER_3]);
    packets[0] = sctp((CLIENT, client), (SERVER, server), 0, &[init_listing(1, 0x1111, &of_client)]);
    packets[1] = sctp((SERVER, server), (CLIENT, client), 0x1111, &[init_listing(2, 0x2222, &of_server)]);
    packets
}

/// Data from the server and from the client, on another path than the handshake's.
fn on_path(client: (&str, u16), server: (&str, u16)) -> [Packet; 2] {
    [sctp(server, client, 0x1111, &[data(2, b"four")]), sctp(client, server, 0x2222, &[data(3, b"five")])]
}

#[test]
fn the_handshake_tells_on_all_addresses_that_it_lists() {
    // The second client's number is a server's.
    for (client, server) in [(3863, 80), (80, 51_001), (51_000, 51_001)] {
        let with_note = |verdict: Verdict| if client == 3863 { verdict.misnamed(3863, "asap-sctp") } else { verdict };
        let mut packets = multihomed(client, server);
        let mut expected = with_note(handshake(client, server, "INIT in frame 1", 1)).each("cscs").to_vec();
        for (of_client, of_server, evidence, frame) in [
            (CLIENT_2, SERVER_2, "INIT ACK in frame 2 lists 203.0.113.10", 2),
            (CLIENT_3, SERVER_3, "INIT ACK in frame 2 lists 2001:db8:1::10", 2),
            (CLIENT, SERVER_2, "INIT ACK in frame 2 lists 203.0.113.10", 2),
            (CLIENT_2, SERVER, "INIT in frame 1 lists 192.168.2.23", 1),
        ] {
            packets.extend(on_path((of_client, client), (of_server, server)));
            let ends = (format!("{of_client} {client}"), format!("{of_server} {server}"));
            expected.extend(with_note(Verdict::strong(&ends.0, &ends.1, evidence, frame)).each("sc").to_vec());
        }
        assert_verdicts(&packets, &expected);
    }
}

/// In two passes, it does not matter on which address the association was seen first.
#[test]
fn an_address_may_be_listed_later() {
    let mut packets = multihomed(80, 51_001);
    packets.splice(0..0, on_path((CLIENT_2, 80), (SERVER_2, 51_001)));
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).two_passes().verdicts();
    let ends = (format!("{CLIENT_2} 80"), format!("{SERVER_2} 51001"));
    let strong = Verdict::strong(&ends.0, &ends.1, &format!("INIT ACK in frame 4 lists {SERVER_2}"), 4);
    assert_eq!(verdicts[..2], strong.each("sc"));
}

fn assert_nothing_listed(packets: &[Packet]) {
    let capture = Capture::ethernet(packets);
    let evidence = Tshark::read(&capture).two_passes().with(&["-Tfields", "-eephemeral.evidence.piece"]).stdout();
    assert!(!evidence.contains(" lists "), "{evidence}");
}

/// An end that opens here and accepts there, from the same port.
#[test]
fn an_address_listed_in_both_roles_tells_nothing() {
    let mut packets = multihomed(51_000, 51_001);
    let (third, here) = (("198.51.100.77", 51_002), (CLIENT, 51_000));
    packets.push(sctp(third, here, 0, &[init(1, 0x3333)]));
    packets.push(sctp(here, third, 0x3333, &[init_listing(2, 0x4444, &[CLIENT_2])]));
    packets.extend(on_path((CLIENT_2, 51_000), ("198.51.100.88", 51_003)));
    assert_nothing_listed(&packets);
}

/// The same bytes are no evidence outside an INIT that opens an association.
#[test]
fn addresses_count_in_a_handshake_alone() {
    let listing = init_listing(1, 0x1111, &[CLIENT_2]);
    let (client, server) = ((CLIENT, 51_000), (SERVER, 51_001));
    for packet in [
        sctp(client, server, 7, slice::from_ref(&listing)),
        sctp(client, server, 0, &[data(1, b"x"), listing.clone()]),
        unreachable(&sctp(client, server, 0, slice::from_ref(&listing)), 60),
        sctp(client, server, 7, &[data(1, &listing[20..])]),
    ] {
        assert_nothing_listed(&[&[packet][..], &on_path((CLIENT_2, 51_000), (SERVER, 51_001))].concat());
    }
}

#[test]
fn in_a_collision_both_open_and_the_first_is_called_the_client() {
    let (one, other) = ((CLIENT, 3863), (SERVER, 80));
    let packets = [
        sctp(one, other, 0, &[init(1, 0x1111)]),
        sctp(other, one, 0, &[init(1, 0x2222)]),
        sctp(other, one, 0x1111, &[init(2, 0x2222)]),
        sctp(one, other, 0x2222, &[init(2, 0x1111)]),
        sctp(other, one, 0x1111, &[cookie_echo()]),
        sctp(one, other, 0x2222, &[cookie_echo()]),
        sctp(other, one, 0x1111, &[cookie_ack()]),
        sctp(one, other, 0x2222, &[cookie_ack()]),
    ];
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).two_passes().verdicts();
    let evidence = "INIT from both ends (collision), the first in frame 1";
    // Each had to know the other's port.
    assert_eq!(verdicts, handshake(3863, 80, evidence, 1).each("csscscsc"));
}

/// An endpoint that lost its state opens the association anew, here from the other side.
#[test]
fn after_an_abort_the_next_init_opens_another_association() {
    let mut packets = association(3863, 80);
    packets.push(sctp((SERVER, 80), (CLIENT, 3863), 0x1111, &[chunk(6, b"")]));
    packets.push(sctp((SERVER, 80), (CLIENT, 3863), 0, &[init(1, 0x3333)]));
    packets.push(sctp((CLIENT, 3863), (SERVER, 80), 0x3333, &[init(2, 0x4444)]));
    let clients = Tshark::read(&Capture::ethernet(&packets)).with(&["-Tfields", "-eephemeral.client_port"]).stdout();
    assert_eq!(clients.lines().collect::<Vec<_>>(), ["3863", "3863", "3863", "3863", "3863", "80", "80"]);
}

#[test]
fn wrong_names_go_from_info_and_details() {
    let packets = [
        vec![udp_lite((CLIENT, 1140), (SERVER, 53), QUERY)],
        connection(1113, 5004)[..2].to_vec(),
        association(3863, 80)[..2].to_vec(),
    ]
    .concat();
    let read = || Tshark::read(&Capture::ethernet(&packets)).names();
    let details = read().with(&["-V"]).stdout();
    for line in [
        "Lightweight User Datagram Protocol, Src Port: 1140, Dst Port: domain (53)",
        "    Source Port: 1140",
        "Datagram Congestion Control Protocol, Src Port: 1113, Dst Port: avt-profile-1 (5004)",
        "Datagram Congestion Control Protocol, Src Port: avt-profile-1 (5004), Dst Port: 1113",
        "    Source Port: 1113",
        "Stream Control Transmission Protocol, Src Port: 3863, Dst Port: http (80)",
        "Stream Control Transmission Protocol, Src Port: http (80), Dst Port: 3863",
        "    Source port: 3863",
        "    Destination port: 3863",
    ] {
        assert!(details.lines().any(|printed| printed.starts_with(line)), "{line} in\n{details}");
    }
    for (port, name) in [(1140, "autonoc"), (1113, "ltp-deepspace"), (3863, "asap-sctp")] {
        assert!(details.contains(&note(port, name)), "{name}");
        for view in [&[][..], &["-Tfields", "-e_ws.col.Info", "-eephemeral.label"]] {
            let printed = read().with(view).stdout();
            assert!(!printed.contains(name), "{name} in\n{printed}");
        }
    }
    // Switched off, the host's own names are there.
    let off = read().disabled().with(&["-V"]).stdout();
    for name in ["autonoc (1140)", "ltp-deepspace (1113)", "asap-sctp (3863)"] {
        assert!(off.contains(name), "{name}");
    }
}

#[test]
fn the_label_and_the_tables_have_them() {
    let packets = [association(3863, 80), connection(1113, 5004)].concat();
    let read = || Tshark::read(&Capture::ethernet(&packets));
    let labels = read().with(&["-Tfields", "-eephemeral.label"]).stdout();
    assert_eq!(labels.lines().next(), Some("192.168.1.23:3863 → 198.51.100.10:80 (http)"));
    let conversations = read().with(&["-q", "-z", "conv,ephemeral"]).stdout();
    assert!(conversations.contains("198.51.100.10:80 (http)"), "{conversations}");
    let services = read().with(&["-q", "-z", "ephemeral,services"]).stdout();
    for (transport, port) in [("SCTP", "80"), ("DCCP", "5004")] {
        let is_row = |line: &str| line.contains(transport) && line.split_whitespace().any(|word| word == port);
        assert!(services.lines().any(is_row), "{transport} {port} in\n{services}");
    }
}

#[test]
fn tunnels_and_quotes_have_the_ports_of_the_same_header() {
    let packets = association(3863, 80);
    let misnamed = handshake(3863, 80, "INIT in frame 1", 1).misnamed(3863, "asap-sctp");
    let tunneled: Vec<Packet> = packets.iter().map(|packet| in_gre(packet)).collect();
    assert_verdicts(&tunneled, &misnamed.each("cscs"));
    // The host dissects what is quoted if it has the whole common header.
    let quoted = [&packets[..1], &[unreachable(&packets[0], 12)]].concat();
    assert_verdicts(&quoted, &misnamed.each("cc"));
}

/// RFC 6951: ports of SCTP behind those of UDP, and the addresses of the only IP header.
#[test]
fn sctp_in_udp_has_its_own_ports() {
    let inner = sctp_bytes(3863, 80, 0, &[init(1, 0x1111)]);
    let packet = datagram("192.168.1.23:50000", "198.51.100.10:9899", &inner);
    let fields = ["-Tfields", "-eephemeral.client", "-eephemeral.client_port", "-eephemeral.server_port"];
    let read = Tshark::read(&Capture::ethernet(&[packet])).with(&fields).with(&["-eephemeral.evidence"]);
    let printed = read.stdout();
    assert!(printed.contains("3863") && printed.contains("INIT in frame 1"), "{printed}");
    assert!(printed.contains(CLIENT), "{printed}");
}

/// Damaged packets get no wrong verdict, and the packets after them are judged as usual.
#[test]
fn damaged_packets_open_nothing() {
    let (client, server) = ((CLIENT, 3863), (SERVER, 80));
    let mut bad = Vec::new();
    for length in [0, 1, 3, 5, 0xffff_u16] {
        let mut chunk = init(1, 0x1111);
        chunk[2..4].copy_from_slice(&length.to_be_bytes());
        bad.push(sctp(client, server, 0, &[chunk]));
    }
    let whole = sctp_bytes(3863, 80, 0, &[init(1, 0x1111)]);
    bad.extend((0..20).map(|length| carried(SCTP, CLIENT, SERVER, &whole[..length])));
    let mut short = dccp((CLIENT, 1113), (SERVER, 5004), 0, 1, 0, b"");
    short[20 + 4] = 0;
    bad.push(short);
    let count = bad.len();
    bad.extend(association(3864, 80));
    let evidence = Tshark::read(&Capture::ethernet(&bad)).with(&["-Tfields", "-eephemeral.evidence"]).stdout();
    let lines: Vec<&str> = evidence.lines().collect();
    let (damaged, sound) = lines.split_at(count);
    assert!(damaged.iter().all(|line| !line.contains("Request")), "{damaged:?}");
    assert!(sound.iter().all(|line| *line == format!("INIT in frame {}", count + 1)), "{sound:?}");
}
