// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Roles from the handshake: the client is the end that sent the SYN or received the SYN-ACK.

use crate::capture::{ACK, Capture, Conversation, FIN, Link, RST, SYN};
use crate::host::Tshark;
use crate::seed::{CLIENT, SERVER};
use crate::verdict::Verdict;

fn seed_ends() -> Conversation {
    Conversation::new(CLIENT, SERVER)
}

/// `evidence` shows the client on port 1140.
fn autonoc(evidence: &str, frame: u32) -> Verdict {
    Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", evidence, frame).misnamed(1140, "autonoc")
}

/// The answer is the same after one pass and after two.
fn assert_verdicts(capture: impl Into<Capture>, expected: &[Option<Verdict>]) {
    let capture = capture.into();
    assert_eq!(Tshark::read(&capture).verdicts(), expected, "in one pass");
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), expected, "in two passes");
}

#[test]
fn a_syn_names_its_sender() {
    assert_verdicts(seed_ends().syn(), &autonoc("SYN in frame 1", 1).each("c"));
}

#[test]
fn a_whole_handshake() {
    assert_verdicts(seed_ends().open(), &autonoc("SYN in frame 1", 1).each("csc"));
}

#[test]
fn a_syn_ack_without_its_syn_names_its_receiver() {
    let capture = seed_ends().open().skip(1).into();
    let known = autonoc("SYN-ACK in frame 1", 1).each("sc");
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), known);
    let one_pass = Tshark::read(&capture).set("ephemeral.infer:FALSE").verdicts();
    assert_eq!(one_pass, [None, known[1].clone()], "a SYN-ACK alone may be a probe");
}

/// A host that sends an unsolicited SYN-ACK to a service is not a server.
#[test]
fn a_syn_ack_that_probes_makes_no_server() {
    for answers in [&[][..], &[RST]] {
        let probe = Conversation::new("192.0.2.7:5432", "203.0.113.9:43000").server(SYN | ACK, b"");
        let capture = answers.iter().fold(probe, |probe, flags| probe.client(*flags, b"")).into();
        let fields = Tshark::read(&capture).two_passes().fields(&["ephemeral.client_port", "ephemeral.confidence"]);
        assert!(fields.iter().all(|row| row[0] != "5432" || row[1].is_empty()), "{fields:?}");
    }
}

/// Packets can be captured out of order. One pass knows what the packets so far have shown.
#[test]
fn a_syn_ack_is_known_from_its_packet_on_or_in_two_passes_everywhere() {
    let mut conversation = seed_ends().open().request(b"hello").skip(1);
    conversation.packets.swap(0, 1);
    let capture = conversation.into();
    let known = autonoc("SYN-ACK in frame 2", 2).each("csc");
    let one_pass = Tshark::read(&capture).set("ephemeral.infer:FALSE").verdicts();
    assert_eq!(one_pass, [None, None, known[2].clone()]);
    assert_eq!(Tshark::read(&capture).set("ephemeral.infer:FALSE").two_passes().verdicts(), known);
}

#[test]
fn data_in_the_syn() {
    let fast_open = seed_ends().client(SYN, b"GET / HTTP/1.0\r\n\r\n").syn_ack().ack();
    assert_verdicts(fast_open, &autonoc("SYN in frame 1", 1).each("csc"));
}

#[test]
fn a_retransmitted_syn_changes_nothing() {
    let retried = seed_ends().syn().again().again().syn_ack().ack();
    assert_verdicts(retried, &autonoc("SYN in frame 1", 1).each("cccsc"));
}

#[test]
fn a_new_connection_on_the_same_ports_has_evidence_of_its_own() {
    let first = seed_ends().open().client(FIN | ACK, b"").server(FIN | ACK, b"").ack();
    let second = seed_ends().sequence_numbers(70_000_000, 90_000_000).open();
    let expected = [autonoc("SYN in frame 1", 1).each("csccsc"), autonoc("SYN in frame 7", 7).each("csc")].concat();
    assert_verdicts(first.then(second), &expected);
}

#[test]
fn a_new_connection_on_the_same_ports_may_swap_the_roles() {
    const UNNAMED: &str = "192.168.1.23:51234";
    let first = Conversation::new(UNNAMED, SERVER).open().client(FIN | ACK, b"").server(FIN | ACK, b"").ack();
    let second = Conversation::new(SERVER, UNNAMED).sequence_numbers(70_000_000, 90_000_000).open();
    let opened = Verdict::handshake("192.168.1.23 51234", "198.51.100.10 80", "SYN in frame 1", 1);
    let swapped = Verdict::handshake("198.51.100.10 80", "192.168.1.23 51234", "SYN in frame 7", 7);
    assert_verdicts(first.then(second), &[opened.each("csccsc"), swapped.each("csc")].concat());
}

/// Each end knew the other's port beforehand, so neither is ephemeral.
#[test]
fn a_simultaneous_open_misnames_no_port() {
    let both = seed_ends().syn().server(SYN, b"").client(SYN | ACK, b"").server(SYN | ACK, b"");
    let evidence = "SYN from both ends (simultaneous open), the first in frame 1";
    let capture = both.into();
    let known = Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", evidence, 1).each("cscs");
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), known);
    let one_pass = Tshark::read(&capture).verdicts();
    assert_eq!(one_pass[0], autonoc("SYN in frame 1", 1).each("c")[0], "so far it is an ordinary SYN");
    assert_eq!(one_pass[1..], known[1..]);
}

#[test]
fn a_reset_syn() {
    assert_verdicts(seed_ends().syn().server(RST | ACK, b""), &autonoc("SYN in frame 1", 1).each("cs"));
}

#[test]
fn equal_ports_are_chosen_on_purpose() {
    let bgp = Conversation::new("192.168.1.23:179", "198.51.100.10:179").open();
    assert_verdicts(bgp, &Verdict::handshake("192.168.1.23 179", "198.51.100.10 179", "SYN in frame 1", 1).each("csc"));
}

#[test]
fn the_ftp_data_port_is_prescribed() {
    let ftp_data = Conversation::new("198.51.100.10:20", "192.168.1.23:50000").open();
    let expected = Verdict::handshake("198.51.100.10 20", "192.168.1.23 50000", "SYN in frame 1", 1);
    assert_verdicts(ftp_data, &expected.each("csc"));
}

#[test]
fn a_reserved_port_of_a_client_is_misnamed_all_the_same() {
    let nfs = Conversation::new("192.168.1.23:873", "198.51.100.10:2049").open();
    let expected = Verdict::handshake("192.168.1.23 873", "198.51.100.10 2049", "SYN in frame 1", 1);
    assert_verdicts(nfs, &expected.misnamed(873, "rsync").each("csc"));
}

#[test]
fn a_port_without_a_name_is_not_misnamed() {
    let unnamed = Conversation::new("192.168.1.23:51234", SERVER).open();
    let expected = Verdict::handshake("192.168.1.23 51234", "198.51.100.10 80", "SYN in frame 1", 1);
    assert_verdicts(unnamed, &expected.each("csc"));
}

#[test]
fn ipv6() {
    let conversation = Conversation::new("[2001:db8::23]:1140", "[2001:db8:1::10]:80").open();
    let expected = Verdict::handshake("2001:db8::23 1140", "2001:db8:1::10 80", "SYN in frame 1", 1);
    assert_verdicts(conversation, &expected.misnamed(1140, "autonoc").each("csc"));
}

#[test]
fn every_link_layer() {
    for link in [Link::Vlan, Link::RawIp, Link::LinuxCooked] {
        let capture = Capture::on(link, &seed_ends().open().packets);
        assert_verdicts(capture, &autonoc("SYN in frame 1", 1).each("csc"));
    }
}

#[test]
fn without_a_handshake_nothing_is_said_unless_roles_are_inferred() {
    let capture = seed_ends().open().request(b"hello").response(b"hello").skip(3).into();
    for tshark in [Tshark::read(&capture), Tshark::read(&capture).two_passes()] {
        assert_eq!(tshark.set("ephemeral.infer:FALSE").verdicts(), [None, None]);
    }
}

#[test]
fn two_conversations_are_kept_apart() {
    let other = Conversation::new("192.168.1.24:1140", "198.51.100.10:22").open();
    let mut both = seed_ends().open();
    let mixed = [&both.packets[0], &other.packets[0], &other.packets[1], &both.packets[1]].map(Clone::clone);
    both.packets = mixed.to_vec();
    let ssh =
        Verdict::handshake("192.168.1.24 1140", "198.51.100.10 22", "SYN in frame 2", 2).misnamed(1140, "autonoc");
    let autonoc = autonoc("SYN in frame 1", 1);
    assert_verdicts(both, &[autonoc.each("c"), ssh.each("cs"), autonoc.each("s")].concat());
}
