// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The sum of several pieces of evidence.

use super::*;

/// A host that serves (7), another client (10) and the first sender (6) are each weak evidence.
#[test]
fn agreeing_pieces_add_up() {
    let [syn, syn_ack] = handshake("10.0.0.9:53000", "10.0.0.2:53001");
    let mut packets = vec![ack("10.0.1.1:54001", "10.0.0.2:50002")];
    packets.extend([ack("10.0.0.1:50001", "10.0.0.2:50002"), data("10.0.0.1:50001", "10.0.0.2:50002", SOMETHING)]);
    let confidence = |packets: &[Sent<'_>]| client(packets).map(|found| found.1);
    assert_eq!(confidence(&packets), Some(Confidence::Weak));
    packets.splice(0..0, [syn, syn_ack]);
    assert_eq!(confidence(&packets), Some(Confidence::Strong));
}

#[test]
fn contradicting_pieces_weaken() {
    let strong = [ack("10.0.0.1:51000", "10.0.0.2:443")];
    assert_eq!(client(&strong).map(|found| found.1), Some(Confidence::Strong));
    // What looks like a request of the other end outweighs the ports, but is not sure.
    let disputed = [data("10.0.0.2:443", "10.0.0.1:51000", REQUEST)];
    let found = client(&disputed);
    assert!(found.as_ref().is_none_or(|found| found.1 == Confidence::Weak), "{found:?}");
}

/// A payload that looks a little like a server's from one end, and like a client's from the other.
#[test]
fn a_sign_is_confirmed_by_the_other_end() {
    let (masked, unmasked): (&[u8], &[u8]) = (b"\x81\x82\x01\x02\x03\x04\x69\x6b", b"\x81\x02hi");
    for (one, other) in ENDS {
        let confidence = |packets: &[Sent<'_>]| client(packets).map(|found| (found.0, found.1));
        let alone = [data(other, one, unmasked), data(other, one, unmasked)];
        assert_eq!(confidence(&alone), Some((end(one), Confidence::Weak)));
        let both = [data(other, one, unmasked), data(one, other, masked)];
        assert_eq!(confidence(&both), Some((end(one), Confidence::Strong)));
    }
}

#[test]
fn signs_that_contradict_each_other_cancel() {
    for (one, other) in ENDS {
        let both = [ack(one, other), data(one, other, REQUEST), data(other, one, REQUEST)];
        let found = client(&both).map(|found| found.2);
        assert_ne!(found, Some("HTTP request in frame 2".to_owned()));
        assert_eq!(found, Some("first packet in frame 1".to_owned()), "the rest still counts");
    }
}

#[test]
fn the_clearer_sign_counts() {
    for (one, other) in ENDS {
        // An SMTP reply is clear, an HTTP request is certain.
        let both = [data(one, other, b"220 ready\r\n"), data(one, other, REQUEST)];
        assert_client(&both, one, Confidence::Strong, "HTTP request in frame 2");
        let both = [data(one, other, REQUEST), data(one, other, b"220 ready\r\n")];
        assert_client(&both, one, Confidence::Strong, "HTTP request in frame 1");
    }
}

#[test]
fn a_handshake_outweighs_everything() {
    let [syn, syn_ack] = handshake("10.0.0.2:443", "10.0.0.1:51000");
    let packets = [syn, syn_ack, data("10.0.0.1:51000", "10.0.0.2:443", REQUEST)];
    assert_client(&packets, "10.0.0.2:443", Confidence::Handshake, "SYN in frame 1");
}

#[test]
fn datagrams_and_segments_are_kept_apart() {
    let query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
    let query = Sent { transport: Transport::Udp, ..tcp("10.0.0.1:50001", "10.0.0.2:50002", 0, query) };
    assert_eq!(client(&[query]).map(|found| found.2), Some("DNS query in frame 1".to_owned()));
    assert_eq!(client(&[query, ack("10.0.0.1:50001", "10.0.0.2:50002")]), None);
}
