// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! UDP has no handshake: all its roles are inferred, and nothing is shown below strong.

use crate::capture::{Capture, Packet, datagram, in_vxlan, unreachable, unreachable_v6};
use crate::host::Tshark;
use crate::verdict::{Verdict, note};

const CLIENT: &str = "192.168.1.23:1140";
/// Looks like no known protocol.
const SOMETHING: &[u8] = b"\xee\xee\xee\xee";

/// A query for the address of www.example.com, or the answer that there is none.
fn dns(is_response: bool) -> Vec<u8> {
    let flags: [u8; 2] = if is_response { [0x81, 0x83] } else { [0x01, 0] };
    let question = b"\x03www\x07example\x03com\x00\x00\x01\x00\x01";
    [&[0x12, 0x34][..], &flags, &[0, 1, 0, 0, 0, 0, 0, 0], question].concat()
}

fn query_and_response(client: &str, server: &str) -> Vec<Packet> {
    vec![datagram(client, server, &dns(false)), datagram(server, client, &dns(true))]
}

/// NTP version 4 in this mode (RFC 5905, section 7.3).
fn ntp(mode: u8) -> [u8; 48] {
    let mut message = [0; 48];
    message[0] = 4 << 3 | mode;
    message
}

fn assert_verdicts(packets: &[Packet], expected: &[Option<Verdict>]) {
    let capture = Capture::ethernet(packets);
    assert_eq!(Tshark::read(&capture).verdicts(), expected, "in one pass");
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), expected, "in two passes");
}

#[test]
fn dns_query_and_response() {
    let strong = Verdict::strong("192.168.1.23 1140", "198.51.100.10 53", "DNS query in frame 1", 1);
    assert_verdicts(&query_and_response(CLIENT, "198.51.100.10:53"), &strong.misnamed(1140, "autonoc").each("cs"));
}

#[test]
fn a_response_alone() {
    let response = query_and_response(CLIENT, "198.51.100.10:53").split_off(1);
    let strong = Verdict::strong("192.168.1.23 1140", "198.51.100.10 53", "DNS response in frame 1", 1);
    assert_verdicts(&response, &strong.misnamed(1140, "autonoc").each("s"));
}

#[test]
fn ipv6() {
    let packets = query_and_response("[2001:db8::23]:1140", "[2001:db8:1::10]:53");
    let strong = Verdict::strong("2001:db8::23 1140", "2001:db8:1::10 53", "DNS query in frame 1", 1);
    assert_verdicts(&packets, &strong.misnamed(1140, "autonoc").each("cs"));
}

#[test]
fn ntp_of_a_client() {
    const CLIENT_MODE: u8 = 3;
    const SERVER_MODE: u8 = 4;
    let server = "198.51.100.10:123";
    let packets = [datagram(CLIENT, server, &ntp(CLIENT_MODE)), datagram(server, CLIENT, &ntp(SERVER_MODE))];
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).verdicts();
    for (verdict, from_client) in verdicts.into_iter().zip([true, false]) {
        let verdict = verdict.expect("it is judged");
        assert_eq!((verdict.client.as_str(), verdict.from_client), ("192.168.1.23 1140", from_client));
        assert_eq!((verdict.confidence, verdict.misnamed), (2, Some((1140, "autonoc".to_owned()))));
    }
}

/// Both ends use the port on purpose, so neither picked it by chance.
#[test]
fn equal_ports_are_never_misnamed() {
    let symmetric = |port: u16, there: &[u8], back: &[u8]| {
        let ends = (format!("192.168.1.23:{port}"), format!("198.51.100.10:{port}"));
        [datagram(&ends.0, &ends.1, there), datagram(&ends.1, &ends.0, back)]
    };
    const INVITE: &[u8] = b"OPTIONS sip:b@198.51.100.10 SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n";
    const OK: &[u8] = b"SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\n\r\n";
    let cases = [
        symmetric(123, &ntp(3), &ntp(4)),
        symmetric(123, &ntp(1), &ntp(2)),
        symmetric(5060, INVITE, OK),
        symmetric(53, &dns(false), &dns(true)),
    ];
    for packets in cases {
        let capture = Capture::ethernet(&packets);
        for read in [Tshark::read(&capture), Tshark::read(&capture).two_passes()] {
            let read = read.names().set("ephemeral.note_confidence:weak");
            assert_eq!(read.clone().field("ephemeral.misnamed"), ["", ""]);
            assert_eq!(read.clone().expert_lines(), [""; 0]);
            assert_eq!(read.clone().info(), read.disabled().info());
        }
    }
}

#[test]
fn sip_between_equal_ports_has_roles() {
    let request = b"OPTIONS sip:b@198.51.100.10 SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n";
    let packet = datagram("192.168.1.23:5060", "198.51.100.10:5060", request);
    let verdict = Tshark::read(&Capture::ethernet(&[packet])).verdicts().remove(0).expect("it is judged");
    assert_eq!((verdict.client.as_str(), verdict.evidence.as_str()), ("192.168.1.23 5060", "SIP request in frame 1"));
}

/// A QUIC Initial (RFC 9000, section 17.2.2) whose content cannot be decrypted.
#[test]
fn quic() {
    let head = [&[0xc3, 0, 0, 0, 1, 8][..], &[7; 8], &[0, 0, 0x44, 0x9e]].concat();
    let initial = [&head[..], &vec![0x55; 1200 - head.len()]].concat();
    let packets = [datagram(CLIENT, "198.51.100.10:443", &initial)];
    let read = || Tshark::read(&Capture::ethernet(&packets));
    assert!(read().field("frame.protocols")[0].contains(":udp:quic"), "the host knows QUIC");
    let verdict = read().verdicts().remove(0).expect("it is judged");
    assert_eq!((verdict.client.as_str(), verdict.server.as_str()), ("192.168.1.23 1140", "198.51.100.10 443"));
    assert_eq!((verdict.confidence, verdict.misnamed), (2, Some((1140, "autonoc".to_owned()))));
}

/// Discard (RFC 863): a service that no dissector speaks for, so Info names the ports.
fn undissected() -> Capture {
    let server = "198.51.100.10:11";
    Capture::ethernet(&[datagram(CLIENT, server, SOMETHING), datagram(server, CLIENT, SOMETHING)])
}

#[test]
fn the_wrong_name_is_taken_out() {
    let read = || Tshark::read(&undissected()).names();
    assert_eq!(read().disabled().info(), ["autonoc(1140) → systat(11) Len=4", "systat(11) → autonoc(1140) Len=4"]);
    assert_eq!(read().info(), ["1140 → systat(11) Len=4", "systat(11) → 1140 Len=4"]);
    assert_eq!(read().two_passes().info(), read().info());
    let lines = ["User Datagram Protocol, Src Port: 1140, Dst Port: systat (11)", "    Source Port: 1140"];
    let tree = read().trees().remove(0);
    for line in lines {
        assert!(tree.contains(&line.to_owned()), "{line} in {tree:#?}");
    }
    let unchanged = read().set("ephemeral.correct_info:FALSE").set("ephemeral.correct_tree:FALSE");
    assert_eq!(unchanged.clone().info(), read().disabled().info());
    assert!(unchanged.trees()[0].contains(&"    Source Port: autonoc (1140)".to_owned()));
}

#[test]
fn strong_is_not_enough_if_the_user_wants_a_handshake() {
    let read = || Tshark::read(&undissected()).names().set("ephemeral.note_confidence:handshake");
    assert_eq!(read().info(), read().disabled().info());
    assert_eq!(read().expert_lines(), [""; 0]);
}

/// Unless the preference says so.
#[test]
fn nothing_is_shown_below_strong() {
    let ends = ("192.168.1.23:1155", "198.51.100.10:1140");
    let capture = Capture::ethernet(&[datagram(ends.0, ends.1, SOMETHING), datagram(ends.1, ends.0, SOMETHING)]);
    let expected = Verdict::weak("192.168.1.23 1155", "198.51.100.10 1140", "first packet in frame 1", 1);
    let read = || Tshark::read(&capture).names();
    let wanted = read().set("ephemeral.note_confidence:weak");
    assert_eq!(wanted.clone().verdicts(), expected.clone().misnamed(1155, "nfa").each("cs"));
    assert_eq!(wanted.info(), ["1155 → autonoc(1140) Len=4", "autonoc(1140) → 1155 Len=4"]);
    assert_eq!(read().verdicts(), expected.each("cs"));
    assert_eq!(read().info(), ["nfa(1155) → autonoc(1140) Len=4", "autonoc(1140) → nfa(1155) Len=4"]);
    assert!(read().trees()[0].contains(&"    Source Port: nfa (1155)".to_owned()));
}

#[test]
fn it_can_be_switched_off() {
    let packets = [query_and_response(CLIENT, "198.51.100.10:53"), vec![datagram(CLIENT, "198.51.100.10:11", b"x")]];
    let capture = Capture::ethernet(&packets.concat());
    let off = || Tshark::read(&capture).names().set("ephemeral.udp:FALSE");
    assert_eq!(off().verdicts(), vec![None; 3]);
    assert_eq!(off().two_passes().verdicts(), vec![None; 3]);
    assert_eq!(off().info(), off().disabled().info());
    assert_eq!(off().trees(), off().disabled().trees());
    assert_eq!(Tshark::read(&capture).verdicts().iter().flatten().count(), 3, "and it is on by default");
}

#[test]
fn nothing_is_inferred_if_the_user_does_not_want_it() {
    assert_eq!(Tshark::read(&undissected()).set("ephemeral.infer:FALSE").verdicts(), [None, None]);
}

/// A subnet's broadcast address looks like a host's. The link-layer address tells them apart.
#[test]
fn what_ethernet_sends_to_all_has_no_client() {
    let capture = Capture::ethernet(&[datagram("192.0.2.1:1812", "192.0.2.127:50123", SOMETHING)]);
    let client = |capture: &Capture| Tshark::read(capture).fields(&["ephemeral.client"]);
    assert_eq!(client(&capture), [["192.0.2.127"]]);
    assert_eq!(client(&capture.broadcast()), [[""]]);
}

#[test]
fn a_quoted_datagram_alone_is_no_evidence() {
    let query = datagram(CLIENT, "198.51.100.10:53", &dns(false));
    let query_v6 = datagram("[2001:db8::23]:1140", "[2001:db8:1::10]:53", &dns(false));
    let capture = Capture::ethernet(&[unreachable(&query, 40), unreachable_v6(&query_v6)]);
    let read = || Tshark::read(&capture).names();
    assert_eq!(read().verdicts(), [None, None]);
    assert_eq!(read().trees(), read().disabled().trees());
    assert_eq!(read().stdout(), read().disabled().stdout());
}

#[test]
fn a_quoted_datagram_is_about_its_own_conversation() {
    let strong = |client, server| Verdict::strong(client, server, "DNS query in frame 1", 1).misnamed(1140, "autonoc");
    let mut packets = query_and_response(CLIENT, "198.51.100.10:53");
    for quoted in [8, 12, 40] {
        packets.extend([unreachable(&packets[0], quoted), unreachable(&packets[1], quoted)]);
    }
    assert_verdicts(&packets, &strong("192.168.1.23 1140", "198.51.100.10 53").each("cscscscs"));
    let mut packets = query_and_response("[2001:db8::23]:1140", "[2001:db8:1::10]:53");
    packets.extend([unreachable_v6(&packets[0]), unreachable_v6(&packets[1])]);
    assert_verdicts(&packets, &strong("2001:db8::23 1140", "2001:db8:1::10 53").each("cscs"));
}

#[test]
fn the_wrong_name_is_taken_out_of_a_quoted_datagram() {
    let query = datagram(CLIENT, "198.51.100.10:11", SOMETHING);
    let capture = Capture::ethernet(&[query.clone(), unreachable(&query, 12)]);
    let tree = Tshark::read(&capture).names().trees().remove(1);
    let line = |wanted: &str| tree.iter().position(|line| line.trim() == wanted);
    let port = line("Source Port: 1140").expect("the quoted header's port");
    assert!(Some(port) > line("Internet Control Message Protocol"), "it is quoted: {tree:#?}");
    assert!(tree[port..].iter().any(|line| line.contains(&note(1140, "autonoc"))), "{tree:#?}");
}

/// The datagram that carries a tunnel and the datagram in it are judged separately.
#[test]
fn both_datagrams_of_a_tunnel_count() {
    let query = datagram(CLIENT, "198.51.100.10:53", &dns(false));
    let fields = ["ephemeral.label", "ephemeral.misnamed.port"];
    let row = Tshark::read(&Capture::ethernet(&[in_vxlan(&query)])).fields(&fields).remove(0);
    let labels = "203.0.113.1:50000 → 203.0.113.2:4789 (vxlan)|192.168.1.23:1140 → 198.51.100.10:53 (domain)";
    assert_eq!(row[0], labels);
    assert_eq!(row[1], "1140");
}
