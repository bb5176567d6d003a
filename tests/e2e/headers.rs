//! Frames with several TCP headers, or with none that could be read where one is expected: each
//! fact is about the header it is shown with, and a quoted header is no evidence.

use crate::capture::{fragments, in_gre, in_ip, in_vxlan, unreachable, unreachable_v6, Capture, Conversation, Packet};
use crate::host::Tshark;
use crate::seed::{CLIENT, SERVER};
use crate::verdict::{note, notes, Verdict};

fn open() -> Conversation {
    Conversation::new(CLIENT, SERVER).open()
}

fn seen() -> Verdict {
    Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", "SYN in frame 1", 1).misnamed(1140, "autonoc")
}

type Tunnel = fn(&[u8]) -> Packet;

#[test]
fn in_tunnels() {
    let tunnels: [(&str, Tunnel); 3] = [("IP in IP", in_ip), ("GRE", in_gre), ("VXLAN", in_vxlan)];
    for (name, tunnel) in tunnels {
        let packets: Vec<_> = open().packets.iter().map(|packet| tunnel(packet)).collect();
        assert_eq!(Tshark::read(&Capture::ethernet(&packets)).verdicts(), seen().each("csc"), "{name}");
    }
}

#[test]
fn tunnels_in_tunnels() {
    let packets: Vec<_> = open().packets.iter().map(|packet| in_vxlan(&in_gre(&in_ip(packet)))).collect();
    assert_eq!(Tshark::read(&Capture::ethernet(&packets)).verdicts(), seen().each("csc"));
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
        let tree = Tshark::read(&quoting(quoted)).trees().remove(4);
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

/// What one frame quotes does not spill over to the next.
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
        assert_eq!(row[0].is_empty(), row[1].is_empty(), "ours is where the host has TCP: {row:?}");
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
