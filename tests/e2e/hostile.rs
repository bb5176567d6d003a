// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What an attacker can and cannot make the plugin say, by forged packets and by names that are made to harm the
//! reader.

use crate::capture::{ACK, Capture, Conversation, RST, SYN, carried, datagram, in_ip};
use crate::host::{Home, Tshark, release, text};
use crate::seed::{self, CLIENT, SERVER};
use crate::verdict::Verdict;
use std::sync::Arc;

/// Returns the client's port for each packet, in two passes.
fn client_ports(conversation: Conversation) -> Vec<String> {
    let capture: Capture = conversation.into();
    Tshark::read(&capture).two_passes().field("ephemeral.client_port")
}

fn open() -> Conversation {
    Conversation::new(CLIENT, SERVER).open().request(b"one")
}

#[test]
fn a_forged_syn_ack_does_not_swap_an_open_connection() {
    let forged = open().client(SYN | ACK, b"").response(b"two").ack();
    assert_eq!(client_ports(forged), ["1140"; 7]);
}

#[test]
fn a_forged_reset_does_not_swap_a_connection() {
    let forged = open().server(RST, b"").response(b"two").client(SYN | ACK, b"");
    assert_eq!(client_ports(forged)[..6], ["1140"; 6]);
    assert_eq!(client_ports(open().client(RST, b"").response(b"two")), ["1140"; 6]);
}

/// After a forged end of the connection, a forged SYN-ACK counts as that of another connection.
#[test]
fn a_forged_syn_ack_after_a_forged_reset_swaps_what_follows_it() {
    let forged = open().server(RST, b"").client(SYN | ACK, b"").response(b"two");
    assert_eq!(client_ports(forged), ["1140", "1140", "1140", "1140", "1140", "80", "80"]);
}

/// An attacker who answers before the server can make it look as if both ends had opened the connection: the roles
/// stay, but the port keeps its name.
#[test]
fn a_forged_syn_before_the_answer_keeps_the_wrong_name() {
    let forged = Conversation::new(CLIENT, SERVER).syn().server(SYN, b"").syn_ack().ack();
    assert_eq!(client_ports(forged.clone()), ["1140"; 4]);
    let capture = forged.into();
    assert_eq!(Tshark::read(&capture).two_passes().frames("ephemeral.misnamed"), [""; 0]);
}

/// An attacker who can inject a SYN into the capture can make the packets after it look like another connection, for
/// Wireshark as well. Earlier packets keep their roles.
#[test]
fn a_forged_syn_swaps_what_follows_it_and_nothing_before() {
    let forged = open().sequence_numbers(9_000, 70_000).server(SYN, b"").response(b"two");
    assert_eq!(client_ports(forged), ["1140", "1140", "1140", "1140", "80", "80"]);
}

/// If the handshake was not captured, the plugin believes a forged one.
#[test]
fn without_a_handshake_a_forged_one_is_believed() {
    let forged = open().skip(3).sequence_numbers(9_000, 70_000).server(SYN, b"").response(b"two");
    assert_eq!(client_ports(forged)[1..], ["80", "80"]);
}

/// Without a handshake, the plugin believes the payload, but the confidence is never `handshake`.
#[test]
fn without_a_handshake_forged_payload_is_believed() {
    let asked = |conversation: Conversation| {
        let capture = conversation.into();
        Tshark::read(&capture).two_passes().fields(&["ephemeral.client_port", "ephemeral.confidence"])
    };
    let forge = |conversation: Conversation| asked(conversation.response(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"));
    let middle = || Conversation::new(CLIENT, SERVER).midstream().ack();
    assert_eq!(asked(middle()), [["1140", "2"]], "by the numbers of the ports");
    assert_eq!(forge(middle()), [["1140", "1"]; 2], "the payload contradicts the numbers");
    let dynamic = || Conversation::new("192.168.1.23:50001", "198.51.100.10:50002").midstream().ack();
    assert_eq!(forge(dynamic()), [["50002", "2"]; 2]);
    assert_eq!(forge(open()), [["1140", "3"]; 5]);
}

/// The plugin believes a line of FTP in any connection, even if that connection's handshake is known. The line takes
/// the name from a listening port, and swaps no roles.
#[test]
fn a_forged_line_of_ftp_takes_the_name_from_a_listening_port() {
    let postgresql = || Conversation::new("192.168.1.23:51000", "198.51.100.10:5432").open();
    let liar = Conversation::new("203.0.113.66:52000", "203.0.113.67:52001").midstream();
    let forged = liar.request(b"PORT 198,51,100,10,21,56\r\n").then(postgresql());
    let fields = ["ephemeral.client_port", "ephemeral.service"];
    assert_eq!(Tshark::read(&postgresql().into()).fields(&fields), [["51000", "postgresql"]; 3]);
    let capture = forged.into();
    assert_eq!(Tshark::read(&capture).fields(&fields)[1..], [["51000", ""]; 3]);
    assert_eq!(Tshark::read(&capture).frames("ephemeral.listener_misnamed"), ["2", "3", "4"]);
}

/// The plugin believes the protocol that the host dissects: the server's port then counts as assigned.
#[test]
fn a_forged_bind_takes_the_name_from_the_servers_port() {
    let bind = b"\x05\0\x0b\x03\x10\0\0\0\x48\0\0\0\x01\0\0\0\xd0\x16\xd0\x16\0\0\0\0\x01\0\0\0\0\0\x01\0\
        \x08\x83\xaf\xe1\x1f\x5d\xc9\x11\x91\xa4\x08\x00\x2b\x14\xa0\xfa\x03\0\0\0\
        \x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\0\0\0";
    let open = || Conversation::new("192.168.1.23:51000", "198.51.100.10:1065").open();
    let forged: Capture = open().request(bind).into();
    assert_eq!(Tshark::read(&open().into()).two_passes().frames("ephemeral.listener_misnamed"), [""; 0]);
    let read = || Tshark::read(&forged).two_passes();
    assert_eq!(read().frames("ephemeral.listener_misnamed"), ["1", "2", "3", "4"]);
    assert_eq!(read().field("ephemeral.client_port"), ["51000"; 4], "the roles stay");
}

/// After a forged answer from the client, the client's socket counts as one that also serves.
#[test]
fn a_forged_answer_keeps_the_wrong_name() {
    let message = |flags: [u8; 2]| {
        [&[0x12, 0x34][..], &flags, b"\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01"].concat()
    };
    let query = datagram(CLIENT, "198.51.100.10:53", &message([1, 0]));
    let forged = datagram(CLIENT, "203.0.113.66:53", &message([0x81, 0x80]));
    let misnamed =
        |packets: &[Vec<u8>]| Tshark::read(&Capture::ethernet(packets)).two_passes().frames("ephemeral.misnamed");
    assert_eq!(misnamed(std::slice::from_ref(&query)), ["1"]);
    assert_eq!(misnamed(&[query, forged]), [""; 0]);
}

/// After a forged TFTP request, its alleged sender counts as the client of any host that sends to this end.
#[test]
fn a_forged_request_of_tftp_makes_who_sends_there_a_server() {
    let request = datagram(CLIENT, "203.0.113.66:69", b"\0\x01boot.img\0octet\0");
    let sent = datagram("198.51.100.10:50001", CLIENT, b"\xee\xee\xee\xee");
    let client_ports =
        |packets: &[Vec<u8>]| Tshark::read(&Capture::ethernet(packets)).two_passes().field("ephemeral.client_port");
    assert_eq!(client_ports(std::slice::from_ref(&sent)), ["50001"]);
    assert_eq!(client_ports(&[sent, request]), ["1140", "1140"]);
}

/// A forged INIT ACK of SCTP can list any addresses.
#[test]
fn a_forged_handshake_gives_the_addresses_that_it_lists_a_role() {
    let sctp = |from: u16, to: u16, tag: u8, chunk: &[u8]| {
        [&from.to_be_bytes()[..], &to.to_be_bytes(), &[0, 0, 0, tag], &[0; 4], chunk].concat()
    };
    let heartbeat = sctp(51_000, 51_001, 1, &[4, 0, 0, 8, 0, 1, 0, 4]);
    let midstream = carried(132, "198.51.100.10", "192.168.1.23", &heartbeat);
    let forged = |kind: u8, tag: u8| {
        let lists = [&[kind, 0, 0, 28], &[1; 16][..], &[0, 5, 0, 8, 198, 51, 100, 10]].concat();
        carried(132, "203.0.113.66", "203.0.113.67", &sctp(51_000, 1, tag, &lists))
    };
    let (init, init_ack) = (forged(1, 0), forged(2, 1));
    let servers =
        |packets: &[Vec<u8>]| Tshark::read(&Capture::ethernet(packets)).two_passes().field("ephemeral.server_port");
    assert_eq!(servers(std::slice::from_ref(&midstream)), [""]);
    assert_eq!(servers(&[midstream.clone(), init_ack])[0], "51000");
    assert_eq!(servers(&[midstream, init])[0], "51001");
}

/// Over TCP, a forged SYN-ACK has the effect of a forged answer over UDP, if the connection goes on.
#[test]
fn a_forged_syn_ack_from_the_clients_port_keeps_the_wrong_name() {
    let alone = Conversation::new("203.0.113.66:1", CLIENT).syn_ack();
    let forged = alone.clone().ack();
    let misnamed = |conversation: Conversation| {
        let capture: Capture = conversation.into();
        Tshark::read(&capture).two_passes().frames("ephemeral.misnamed")
    };
    assert_eq!(misnamed(open()), ["1", "2", "3", "4"]);
    assert_eq!(misnamed(open().then(alone)), ["1", "2", "3", "4", "5"], "the fifth is to a system port");
    assert_eq!(misnamed(open().then(forged)), [""; 0]);
}

/// Packets of one conversation do not change another whose handshake is known. There is one exception: if the client's
/// port serves as well, it does not count as picked by chance.
#[test]
fn other_conversations_do_not_touch_one_with_a_handshake() {
    // The server's end is a client elsewhere. The client's end gets a SYN and does not answer.
    let other = |port: u16| Conversation::new(SERVER, &format!("203.0.113.66:{port}")).open();
    let reverse = Conversation::new("203.0.113.66:1", CLIENT);
    let noise = |reverse| (2..20).map(other).fold(reverse, Conversation::then);
    let alone: Capture = seed::conversation().into();
    let alone = Tshark::read(&alone).two_passes().verdicts();
    let among = |reverse| {
        let among: Capture = seed::conversation().then(noise(reverse)).into();
        Tshark::read(&among).two_passes().verdicts()[..alone.len()].to_vec()
    };
    assert_eq!(among(reverse.clone().syn()), alone);
    let nameless = |verdict: &Verdict| Verdict { misnamed: None, ..verdict.clone() }.not_noted();
    let nameless: Vec<_> = alone.iter().map(|verdict| verdict.as_ref().map(nameless)).collect();
    assert_eq!(among(reverse.open()), nameless, "the roles stay");
}

/// Both ends have such a port: the server's name is shown, and the client's is in the note.
fn read_with(names: &str) -> impl Fn() -> Tshark + use<> {
    let home = Arc::new(Home::with_configuration(&[("services", names)]));
    let capture: Capture = Conversation::new("192.168.1.23:51234", "198.51.100.10:50001").open().into();
    move || Tshark::read_in(home.clone(), &capture)
}

/// Returns our lines in the packet details.
fn our_lines(read: impl Fn() -> Tshark) -> Vec<String> {
    let trees = read().trees().concat();
    let ours = |line: &&String| {
        ["Ephemeral Ports", "Service", "Conversation", "Name", "Expert"].iter().any(|word| line.contains(word))
    };
    let lines: Vec<_> = trees.iter().filter(ours).cloned().collect();
    assert!(!lines.is_empty());
    lines
}

#[test]
fn no_control_character_of_a_name_is_passed_on() {
    let read = read_with("e\u{1b}[31mvil\u{7}\t50001/tcp\nr\u{202e}ev\u{1b}]0;x\u{7}\t51234/tcp\n");
    for line in our_lines(&read) {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
    let fields = ["ephemeral.service", "ephemeral.misnamed.name", "ephemeral.label"];
    let shown = [
        "e\\x1b[31mvil\\x07",
        "r\\x202eev\\x1b]0;x\\x07",
        "192.168.1.23:51234 → 198.51.100.10:50001 (e\\x1b[31mvil\\x07)",
    ];
    for row in read().fields(&fields) {
        let plain: Vec<_> = row.iter().map(|value| value.replace("\\\\", "\\")).collect();
        assert_eq!(plain, shown);
    }
    for printed in
        [read().with(&["-q", "-z", "expert"]).stdout(), read().with(&["-q", "-z", "ephemeral,tree"]).stdout()]
    {
        assert!(printed.contains("\\x1b"), "{printed}");
        assert!(!printed.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{printed:?}");
    }
    let label = read().names().set("ephemeral.label_in_info:TRUE").info().remove(0);
    let ours = label.split(']').next().unwrap_or_default();
    assert!(!ours.contains(|c: char| c.is_control()), "{label:?}");
}

#[test]
fn an_absurdly_long_name_is_cut() {
    let long = "n".repeat(20_000);
    let read = read_with(&format!("{long}\t50001/tcp\n{long}\t51234/tcp\n"));
    for name in read().fields(&["ephemeral.service", "ephemeral.misnamed.name"]).concat() {
        assert!(name.chars().count() <= 254 && name.ends_with('…'), "{} characters", name.len());
    }
    for arguments in [&["-V"][..], &["-2", "-Tpdml"], &["-q", "-z", "expert"], &["-q", "-z", "ephemeral,tree"]] {
        read().names().set("ephemeral.label_in_info:TRUE").with(arguments).stdout();
    }
}

/// The first packets are compared with the layout, and the user may have set a higher limit on layers.
#[test]
fn many_layers_in_the_first_packet_do_not_switch_it_off() {
    if release() < (4, 0) {
        return;
    }
    let plain = datagram(CLIENT, SERVER, &[0xee; 8]);
    let deep = (0..600).fold(plain.clone(), |inner, _| in_ip(&inner));
    let read = Tshark::read(&Capture::ethernet(&[deep, plain])).set("gui.max_tree_depth:5000");
    let output = read.output();
    assert_eq!((output.status.code(), &*text(&output.stderr)), (Some(0), ""));
}
