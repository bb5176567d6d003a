// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Frames with several TCP headers, or with no readable header where one is expected. Each fact is
//! about the header that it is shown with. A quoted header is no evidence.

use crate::capture::{
    Capture, Conversation, Packet, arp_in_vxlan, authenticated, bubble, certificate, datagram, fragments, hashed_to,
    igmp, in_ayiya, in_geneve, in_gre, in_gre_in_udp, in_gtp, in_ip, in_l2tp, in_lisp, in_teredo, in_vxlan, ping,
    unreachable, unreachable_v6,
};
use crate::host::Tshark;
use crate::seed::{CLIENT, SERVER};
use crate::verdict::{Verdict, note, notes};

fn open() -> Conversation {
    Conversation::new(CLIENT, SERVER).open()
}

fn seen() -> Verdict {
    Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", "SYN in frame 1", 1).misnamed(1140, "autonoc")
}

type Tunnel = fn(&[u8]) -> Packet;

#[test]
fn in_tunnels() {
    let tunnels: [(&str, Tunnel); 2] = [("IP in IP", in_ip), ("GRE", in_gre)];
    for (name, tunnel) in tunnels {
        let packets: Vec<_> = open().packets.iter().map(|packet| tunnel(packet)).collect();
        assert_eq!(Tshark::read(&Capture::ethernet(&packets)).verdicts(), seen().each("csc"), "{name}");
    }
}

/// Tunnels over UDP, the port of each, and whether it takes IPv4 and IPv6.
const OVER_UDP: [(Tunnel, &str, [bool; 2]); 8] = [
    (in_vxlan, "4789 (vxlan)", [true, true]),
    (in_geneve, "6081 (geneve)", [true, true]),
    (in_gtp, "2152 (gtp-user)", [true, true]),
    (in_l2tp, "1701 (l2f)", [true, true]),
    (in_gre_in_udp, "4754 (gre-in-udp)", [true, true]),
    (in_lisp, "4341 (lisp-data)", [true, true]),
    (in_teredo, "3544 (teredo)", [false, true]),
    (in_ayiya, "5072 (ayiya)", [false, true]),
];

/// The label of a tunnel's datagram has the addresses and ports of that datagram, and the label of the packet in it has
/// those of the inner packet, if that has ports.
#[test]
fn addresses_and_ports_are_of_one_header() {
    let v4 = ("192.168.1.23:1140", "198.51.100.10:80");
    let v6 = ("[2001:db8::23]:1140", "[2001:db8:1::10]:80");
    let syn = |(client, server)| Conversation::new(client, server).syn().packets.remove(0);
    // Another port than over TCP: once 4.4 has looked up a name over TCP, it has none over UDP.
    let (v4_udp, v6_udp) = (("192.168.1.23:1140", "198.51.100.10:53"), ("[2001:db8::23]:1140", "[2001:db8:1::10]:53"));
    let query = |(client, server)| datagram(client, server, b"\xee\xee\xee\xee");
    let http = |(client, server)| Some(format!("{client} → {server} (http)"));
    let domain = |(client, server)| Some(format!("{client} → {server} (domain)"));
    let inners = [
        (false, "TCP", syn(v4), http(v4)),
        (false, "UDP", query(v4_udp), domain(v4_udp)),
        (false, "ping", ping(v4.0, v4.1), None),
        (false, "IGMP", igmp(), None),
        (true, "TCP", syn(v6), http(v6)),
        (true, "UDP", query(v6_udp), domain(v6_udp)),
        (true, "ping", ping(v6.0, v6.1), None),
        (true, "bubble", bubble(), None),
    ];
    for (tunnel, port, takes) in OVER_UDP {
        let carried: Vec<_> = inners.iter().filter(|(is_v6, ..)| takes[usize::from(*is_v6)]).collect();
        let packets: Vec<_> = carried.iter().map(|(.., packet, _)| tunnel(packet)).collect();
        let rows = Tshark::read(&Capture::ethernet(&packets)).fields(&["ephemeral.label"]);
        let outer = format!("203.0.113.1:50000 → 203.0.113.2:{port}");
        for ((is_v6, name, _, inner), row) in carried.into_iter().zip(rows) {
            let expected: Vec<_> = [Some(&outer), inner.as_ref()].into_iter().flatten().map(String::as_str).collect();
            assert_eq!(row, [expected.join("|")], "{name} in {port}, IPv6: {is_v6}");
        }
    }
}

/// Some of these source ports have a dissector of their own or a name, some are below 1024.
#[test]
fn a_tunnels_source_port_is_a_hash_whatever_it_is() {
    let tunnels: [(Tunnel, _); 4] = [(in_vxlan, 4789), (in_geneve, 6081), (in_gtp, 2152), (in_gre_in_udp, 4754)];
    let inner = ping("192.168.1.23:0", "198.51.100.10:0");
    for (tunnel, port) in tunnels {
        for (hash, name) in
            [(179, "bgp"), (521, "ripng"), (1701, "l2f"), (3784, "bfd-control"), (44818, "EtherNet-IP-2")]
        {
            let capture = Capture::ethernet(&[hashed_to(hash, &tunnel(&inner))]);
            let verdicts = Tshark::read(&capture).two_passes().verdicts();
            let verdict = verdicts[0].as_ref().expect("a verdict");
            let ends = (verdict.client.as_str(), verdict.server.as_str(), verdict.confidence);
            assert_eq!(ends, (&*format!("203.0.113.1 {hash}"), &*format!("203.0.113.2 {port}"), 2), "{hash} to {port}");
            assert_eq!(verdict.misnamed, Some((hash, name.to_owned())));
            let text = Tshark::read(&capture).names().trees().remove(0).concat();
            assert!(!text.contains(&format!("Port: {name} ({hash})")), "{text}");
        }
    }
}

#[test]
fn a_tunnels_datagram_with_nothing_that_has_an_ip_address() {
    let label = Tshark::read(&Capture::ethernet(&[arp_in_vxlan()])).fields(&["ephemeral.label"]);
    assert_eq!(label, [["203.0.113.1:50000 → 203.0.113.2:4789 (vxlan)"]]);
}

#[test]
fn a_tunnels_datagram_in_fragments() {
    let packets = fragments(&in_vxlan(&ping("192.168.1.23:0", "198.51.100.10:0")), 48);
    let labels = Tshark::read(&Capture::ethernet(&packets)).fields(&["ephemeral.label"]);
    assert_eq!(labels, [[""], ["203.0.113.1:50000 → 203.0.113.2:4789 (vxlan)"]]);
}

/// The host counts each part of a certificate's name as a layer.
#[test]
fn a_header_below_a_hundred_layers() {
    let conversation = Conversation::new(CLIENT, "198.51.100.10:443").open().response(&certificate(90));
    let packets: Vec<_> = conversation.packets.iter().map(|packet| in_ip(packet)).collect();
    let fields = ["x509sat.uTF8String", "ephemeral.label", "ephemeral.confidence"];
    let row = Tshark::read(&Capture::ethernet(&packets)).fields(&fields).remove(3);
    assert_eq!(row[0].split('|').count(), 91);
    assert_eq!(row[1..], ["192.168.1.23:1140 → 198.51.100.10:443 (https)", "3"]);
}

#[test]
fn behind_an_authentication_header() {
    let packets: Vec<_> = open().packets.iter().map(|packet| authenticated(packet)).collect();
    assert_eq!(Tshark::read(&Capture::ethernet(&packets)).verdicts(), seen().each("csc"));
    let tunneled: Vec<_> = packets.iter().map(|packet| in_gre(packet)).collect();
    assert_eq!(Tshark::read(&Capture::ethernet(&tunneled)).verdicts(), seen().each("csc"));
}

#[test]
fn tunnels_in_tunnels() {
    let packets: Vec<_> = open().packets.iter().map(|packet| in_vxlan(&in_gre(&in_ip(packet)))).collect();
    let (outer, inner) =
        ("203.0.113.1:50000 → 203.0.113.2:4789 (vxlan)", "192.168.1.23:1140 → 198.51.100.10:80 (http)");
    let rows = Tshark::read(&Capture::ethernet(&packets)).fields(&["ephemeral.label", "ephemeral.confidence"]);
    assert_eq!(rows, vec![[format!("{outer}|{inner}"), "2|3".to_owned()]; 3]);
}

/// The conversation, then a router's error about the client's request.
fn quoting(quoted: usize) -> Capture {
    let conversation = open().request(b"hello");
    let error = unreachable(&conversation.packets[3], quoted);
    let mut packets = conversation.packets;
    packets.push(error);
    Capture::ethernet(&packets)
}

#[test]
fn a_quoted_header_is_about_its_own_conversation() {
    for quoted in [8, 20, 1000] {
        let verdicts = Tshark::read(&quoting(quoted)).verdicts();
        assert_eq!(verdicts, seen().each("csccc"), "{quoted} bytes of TCP are quoted");
    }
}

#[test]
fn a_quoted_header_has_the_note_on_its_own_line() {
    for quoted in [8, 20] {
        let tree = Tshark::read(&quoting(quoted)).set("ephemeral.layer:always").trees().remove(4);
        let line = |wanted: &str| tree.iter().position(|line| line.trim() == wanted);
        let port = line("Source Port: 1140").expect("the quoted header's port");
        assert!(Some(port) > line("Internet Control Message Protocol"), "it is quoted");
        assert!(
            tree[port + 1].contains("[Expert Info (Note/Assumption): ")
                && tree[port + 1].contains(&note(1140, "autonoc"))
        );
        assert_eq!(tree.iter().filter(|line| line.contains("Expert Info (Note/Assumption)")).count(), 1);
    }
}

/// Returns the header below which our lines are, and their depth.
#[test]
fn our_lines_are_below_the_header_that_they_are_about() {
    let quote = || Tshark::read(&quoting(20)).trees().remove(4);
    let tunnel: Vec<_> = open().packets.iter().map(|packet| in_vxlan(packet)).collect();
    let tunnel = || Tshark::read(&Capture::ethernet(&tunnel)).trees().remove(1);
    for (tree, header) in [(quote(), "    Transmission Control Protocol"), (tunnel(), "Transmission Control Protocol")]
    {
        let at = tree.iter().rposition(|line| line.starts_with(header)).expect("the header");
        let depth = header.len() - header.trim_start().len();
        let below = tree[at + 1..].iter().take_while(|line| line.len() - line.trim_start().len() > depth);
        let ours = format!("{}[Ephemeral Ports, 192.168.1.23:1140", " ".repeat(depth + 4));
        assert_eq!(below.filter(|line| line.starts_with(&ours)).count(), 1, "{tree:#?}");
    }
}

/// The plugin has not found the offset of `field_info` by then.
#[test]
fn the_first_packet_of_a_file_is_like_any_other() {
    let request = b"GET / HTTP/1.1\r\nHost: www.example.com\r\nAccept: text/html\r\n\r\n";
    let conversation = open().request(request).response(b"HTTP/1.1 204 No Content\r\n\r\n").skip(3).packets;
    let request = &conversation[0];
    let noted_packets = conversation.len() + 1;
    for special in [
        vec![request.clone()],
        vec![unreachable(request, 20)],
        vec![in_vxlan(request)],
        vec![in_gre(request)],
        fragments(request, 48),
    ] {
        let count = special.len();
        let capture = Capture::ethernet(&[special, conversation.clone()].concat());
        let read = || Tshark::read(&capture).names().two_passes();
        let frame = count.to_string();
        for filter in ["ephemeral", "ephemeral.misnamed", "ephemeral.port_misnamed"] {
            assert!(read().frames(filter).contains(&frame), "{filter}: {:#?}", read().verdicts());
        }
        let row = &read().fields(&["_ws.expert.message", "ephemeral.misnamed.name"])[count - 1];
        assert_eq!((notes(&row[0]), row[1].as_str()), (vec![note(1140, "autonoc")], "autonoc"));
        assert!(!read().info()[count - 1].contains("autonoc("), "{:?}", read().info());
        let noted = read().expert_lines();
        assert_eq!(noted, [format!("{noted_packets} Assumption Ephemeral Ports {}", note(1140, "autonoc"))]);
        let tree = read().trees().remove(count - 1);
        assert!(!tree.iter().any(|line| line.contains("autonoc (1140)")), "{tree:#?}");
        assert!(tree.iter().any(|line| line.trim_start().starts_with("[Ephemeral Ports, ")), "{tree:#?}");
    }
}

#[test]
fn a_quoted_syn_alone_is_no_evidence() {
    let syn = Conversation::new(CLIENT, SERVER).syn().packets.remove(0);
    let capture = Capture::ethernet(&[unreachable(&syn, 8), unreachable(&syn, 20)]);
    assert_eq!(Tshark::read(&capture).set("ephemeral.infer:FALSE").verdicts(), [None, None]);
}

#[test]
fn a_header_quoted_by_icmpv6() {
    let mut packets = Conversation::new("[2001:db8::23]:1140", "[2001:db8:1::10]:80").open().packets;
    packets.push(unreachable_v6(&packets[2]));
    let expected = Verdict::handshake("2001:db8::23 1140", "2001:db8:1::10 80", "SYN in frame 1", 1);
    assert_eq!(Tshark::read(&Capture::ethernet(&packets)).verdicts(), expected.misnamed(1140, "autonoc").each("cscc"));
}

/// A quoted header in one frame does not affect the next frame.
#[test]
fn quotes_of_two_conversations_are_kept_apart() {
    let other = Conversation::new("192.168.1.24:2000", "198.51.100.10:22").open();
    let mut packets = open().then(other).packets;
    packets.push(unreachable(&packets[3], 20));
    packets.push(unreachable(&packets[2], 8));
    let ports = Tshark::read(&Capture::ethernet(&packets)).fields(&["ephemeral.client_port", "ephemeral.evidence"]);
    assert_eq!(ports[6..], [["2000", "SYN in frame 4"], ["1140", "SYN in frame 1"]]);
}

#[test]
fn a_fragmented_packet_is_judged_where_it_is_whole() {
    let conversation = open().request(&[b'x'; 100]);
    let mut packets = conversation.packets[..3].to_vec();
    packets.extend(fragments(&conversation.packets[3], 48));
    assert_eq!(packets.len(), 6, "three fragments");
    let capture = Capture::ethernet(&packets);
    let rows = Tshark::read(&capture).fields(&["tcp.srcport", "ephemeral.client_port", "_ws.expert.message"]);
    for row in &rows {
        assert_eq!(row[0].is_empty(), row[1].is_empty(), "our fields are where the host dissects TCP: {row:?}");
    }
    assert_eq!(rows[5][1], "1140");
    assert_eq!(notes(&rows[5][2]), [note(1140, "autonoc")]);
}

#[test]
fn a_fragmented_syn_is_evidence() {
    let conversation = Conversation::new(CLIENT, SERVER).client(crate::capture::SYN, &[b'x'; 100]).syn_ack();
    let mut packets = fragments(&conversation.packets[0], 48);
    packets.push(conversation.packets[1].clone());
    let verdicts = Tshark::read(&Capture::ethernet(&packets)).verdicts();
    assert_eq!(verdicts[..2], [None, None]);
    let seen =
        Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", "SYN in frame 3", 3).misnamed(1140, "autonoc");
    assert_eq!(verdicts[2..], seen.each("cs"));
}
