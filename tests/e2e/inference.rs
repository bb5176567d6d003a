// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Roles without a handshake: the capture began in the middle.

use crate::capture::{ACK, Capture, Conversation};
use crate::host::{Home, Tshark, release};
use crate::verdict::Verdict;
use std::sync::Arc;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n";
/// Looks like no known protocol.
const SOMETHING: &[u8] = b"\xee\xee\xee\xee";

/// The connection was opened before the capture began.
fn running(client: &str, server: &str) -> Conversation {
    Conversation::new(client, server).open().midstream()
}

/// The client acknowledges, and so does the server: nothing tells them apart but their ends.
fn acknowledging(client: &str, server: &str) -> Conversation {
    running(client, server).ack().server(ACK, b"")
}

/// The answer is the same after one pass and after two.
fn assert_verdicts(capture: impl Into<Capture>, expected: &[Option<Verdict>]) {
    let capture = capture.into();
    assert_eq!(Tshark::read(&capture).verdicts(), expected, "in one pass");
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), expected, "in two passes");
}

/// HTTP between two ports that are not registered for it. The lower port is the client's.
fn http() -> Conversation {
    running("192.168.1.23:1140", "198.51.100.10:50001").request(REQUEST).server(ACK, b"").response(RESPONSE).ack()
}

#[test]
fn an_http_request_comes_from_the_client() {
    let strong = Verdict::strong("192.168.1.23 1140", "198.51.100.10 50001", "HTTP request in frame 1", 1);
    assert_verdicts(http(), &strong.misnamed(1140, "autonoc").each("cssc"));
}

/// If a filter asks for the pieces of evidence, all of them are shown, each with its weight for or against the server.
/// Since 4.4, printing the field is enough.
#[test]
fn the_pieces_of_evidence_are_told_to_who_asks() {
    let capture: Capture = http().into();
    let told = |filter: &str| {
        let asked = Tshark::read(&capture).two_passes().with(&["-Y", filter]);
        asked.fields(&["ephemeral.evidence.piece", "ephemeral.evidence"])
    };
    let pieces = "+48 HTTP request in frame 1|-8 port 1140 is a registered port, 50001 is in the ephemeral range";
    assert_eq!(
        told("ephemeral.evidence.piece contains \"-8 port 1140\""),
        vec![[pieces, "HTTP request in frame 1"]; 4]
    );
    let printed = if release() < (4, 4) { "" } else { pieces };
    assert_eq!(told("tcp"), vec![[printed, "HTTP request in frame 1"]; 4], "printed, but not in the filter");
    let opened: Capture = Conversation::new("192.168.1.23:1140", "198.51.100.10:50001").open().into();
    assert_eq!(Tshark::read(&opened).two_passes().frames("ephemeral.evidence.piece").len(), 0, "a handshake decides");
}

#[test]
fn an_http_response_comes_from_the_server() {
    let strong = Verdict::strong("192.168.1.23 1140", "198.51.100.10 50001", "HTTP response in frame 1", 1);
    assert_verdicts(http().skip(2), &strong.misnamed(1140, "autonoc").each("sc"));
}

/// A record of TLS with a handshake message of this type.
fn tls_handshake(message: u8) -> Vec<u8> {
    const RANDOM: [u8; 32] = [7; 32];
    let session_ciphers_compression: &[u8] = match message {
        1 => &[0, 0, 2, 0x13, 0x01, 1, 0],
        _ => &[0, 0x13, 0x01, 0],
    };
    let body = [&[3, 3][..], &RANDOM, session_ciphers_compression].concat();
    let length = body.len() as u8;
    [&[22, 3, 1, 0, length + 4, message, 0, 0, length][..], &body].concat()
}

#[test]
fn tls_hellos() {
    const CLIENT_HELLO: u8 = 1;
    const SERVER_HELLO: u8 = 2;
    let strong = |evidence: &str| {
        Verdict::strong("192.168.1.23 1140", "198.51.100.10 50001", evidence, 1).misnamed(1140, "autonoc")
    };
    let ends = || running("192.168.1.23:1140", "198.51.100.10:50001");
    let hello = ends().request(&tls_handshake(CLIENT_HELLO)).server(ACK, b"");
    assert_verdicts(hello, &strong("TLS Client Hello in frame 1").each("cs"));
    let answer = ends().response(&tls_handshake(SERVER_HELLO)).ack();
    assert_verdicts(answer, &strong("TLS Server Hello in frame 1").each("sc"));
}

#[test]
fn an_smtp_banner_comes_from_the_server() {
    let banner = running("192.168.1.23:1140", "198.51.100.10:25").response(b"220 mail.example.com ESMTP\r\n").ack();
    let strong = Verdict::strong("192.168.1.23 1140", "198.51.100.10 25", "reply code in frame 1", 1);
    assert_verdicts(banner, &strong.misnamed(1140, "autonoc").each("sc"));
}

#[test]
fn a_system_port_against_a_dynamic_one() {
    let evidence = "port 443 is a system port, 51234 is in the ephemeral range";
    let strong = Verdict::strong("192.168.1.23 51234", "198.51.100.10 443", evidence, 0);
    assert_verdicts(acknowledging("192.168.1.23:51234", "198.51.100.10:443"), &strong.each("cs"));
}

/// Ten clients, each on its own host, exchange packets without data with one server.
fn ten_clients() -> Capture {
    let one = |host: u32| acknowledging(&format!("192.168.1.{host}:{}", 50_100 + 7 * host), "198.51.100.10:50001");
    (1..=10).map(one).reduce(Conversation::then).expect("ten").into()
}

#[test]
fn a_server_is_contacted_by_several_clients() {
    let strong = |host: u32| {
        let evidence = "198.51.100.10:50001 answers 9 other clients";
        Verdict::strong(&format!("192.168.1.{host} {}", 50_100 + 7 * host), "198.51.100.10 50001", evidence, 0)
            .each("cs")
    };
    let expected: Vec<_> = (1..=10).flat_map(strong).collect();
    assert_eq!(Tshark::read(&ten_clients()).two_passes().verdicts(), expected);
}

#[test]
fn a_server_is_contacted_from_several_ports_of_one_host() {
    let one = |port: u32| acknowledging(&format!("192.168.1.23:{port}"), "198.51.100.10:50001");
    let capture = (50_100..50_110).map(one).reduce(Conversation::then).expect("ten").into();
    let strong = |port: u32| {
        let evidence = "198.51.100.10:50001 answers 9 other clients";
        Verdict::strong(&format!("192.168.1.23 {port}"), "198.51.100.10 50001", evidence, 0).each("cs")
    };
    let expected: Vec<_> = (50_100..50_110).flat_map(strong).collect();
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), expected);
}

/// One pass knows what the packets so far have shown, and no more.
#[test]
fn one_pass_learns_of_the_clients_as_they_come() {
    let verdicts = Tshark::read(&ten_clients()).verdicts();
    assert_eq!(verdicts[0], None, "the first client alone shows nothing");
    let last = verdicts.last().cloned().flatten().expect("ten clients show the server");
    assert_eq!(last.evidence, "198.51.100.10:50001 answers 9 other clients");
    let confidences: Vec<_> = verdicts.iter().map(|verdict| verdict.as_ref().map_or(0, |one| one.confidence)).collect();
    assert!(confidences.is_sorted(), "the confidence grows with each client: {confidences:?}");
    assert!(confidences.contains(&1) && confidences.contains(&2), "{confidences:?}");
}

#[test]
fn what_is_unclear_at_first_is_clear_in_a_second_pass() {
    let capture = acknowledging("192.168.1.23:50001", "198.51.100.10:50002").request(REQUEST).server(ACK, b"").into();
    let known = Verdict::strong("192.168.1.23 50001", "198.51.100.10 50002", "HTTP request in frame 3", 3).each("cscs");
    let one_pass = Tshark::read(&capture).verdicts();
    assert_eq!(one_pass[..2], [None, None], "nothing has been shown yet");
    assert_eq!(one_pass[2..], known[2..]);
    assert_eq!(Tshark::read(&capture).two_passes().verdicts(), known);
}

#[test]
fn a_server_that_accepted_another_connection() {
    let opened = Conversation::new("192.168.1.24:50100", "198.51.100.10:50900").open();
    let unclear = acknowledging("192.168.1.23:50001", "198.51.100.10:50900");
    let evidence = "198.51.100.10:50900 accepted another connection";
    let known = Verdict::strong("192.168.1.23 50001", "198.51.100.10 50900", evidence, 0).each("cs");
    let opened_first = opened.clone().then(unclear.clone()).into();
    assert_eq!(Tshark::read(&opened_first).verdicts()[3..], known);
    let opened_later = unclear.then(opened).into();
    assert_ne!(Tshark::read(&opened_later).verdicts()[..2], known, "it is not known yet");
    assert_eq!(Tshark::read(&opened_later).two_passes().verdicts()[..2], known);
}

/// A client may use one port towards two servers.
#[test]
fn a_client_that_opened_another_connection() {
    let opened = Conversation::new("192.168.1.23:50001", "198.51.100.10:50900").open();
    let unclear = acknowledging("192.168.1.23:50001", "198.51.100.11:50901");
    let capture = opened.then(unclear).into();
    let evidence = "192.168.1.23:50001 opened another connection";
    let known = Verdict::weak("192.168.1.23 50001", "198.51.100.11 50901", evidence, 0).each("cs");
    assert_eq!(Tshark::read(&capture).verdicts()[3..], known);
}

#[test]
fn two_dynamic_ports_and_nothing_else() {
    assert_verdicts(acknowledging("192.168.1.23:50001", "198.51.100.10:50002"), &[None, None]);
}

/// The user's services file names the client's port. So a note would be possible, but there must
/// be none.
#[test]
fn two_dynamic_ports_get_no_note() {
    let home = Arc::new(Home::with_configuration(&[("services", "one\t50001/tcp\nother\t50002/tcp\n")]));
    for data in [&b""[..], SOMETHING] {
        let capture = acknowledging("192.168.1.23:50001", "198.51.100.10:50002").request(data).response(data).into();
        for read in [Tshark::read_in(home.clone(), &capture), Tshark::read_in(home.clone(), &capture).two_passes()] {
            for verdict in read.verdicts().into_iter().flatten() {
                assert_eq!((verdict.confidence, verdict.notes.len()), (1, 0), "{}", verdict.evidence);
            }
        }
    }
}

#[test]
fn roles_are_inferred_only_if_the_user_wants_it() {
    for capture in [http().into(), ten_clients()] {
        let off = || Tshark::read(&capture).names().set("ephemeral.infer:FALSE");
        assert!(off().verdicts().iter().chain(&off().two_passes().verdicts()).all(Option::is_none));
        assert_eq!(off().info(), off().disabled().info());
        assert_eq!(off().trees(), off().disabled().trees());
    }
}

/// The only evidence is that the client spoke first, which is weak. Both ports have names.
fn weak() -> Capture {
    acknowledging("192.168.1.23:1155", "198.51.100.10:1140").request(SOMETHING).response(SOMETHING).into()
}

#[test]
fn a_weak_verdict_changes_nothing_that_is_shown() {
    let expected = Verdict::weak("192.168.1.23 1155", "198.51.100.10 1140", "first packet in frame 1", 1);
    let expected = expected.each("cscs");
    let read = || Tshark::read(&weak()).two_passes().names();
    assert_eq!(read().verdicts(), expected);
    assert!(read().info()[0].starts_with("nfa(1155) → autonoc(1140) [ACK]"), "{}", read().info()[0]);
    assert_eq!(read().info(), read().disabled().info());
    assert!(read().trees()[0].contains(&"    Source Port: nfa (1155)".to_owned()));
}

#[test]
fn weak_evidence_is_enough_if_the_user_says_so() {
    let read = || Tshark::read(&weak()).two_passes().names().set("ephemeral.note_confidence:weak");
    let expected = Verdict::weak("192.168.1.23 1155", "198.51.100.10 1140", "first packet in frame 1", 1);
    assert_eq!(read().verdicts(), expected.misnamed(1155, "nfa").each("cscs"));
    let corrected: Vec<_> = read().disabled().info().iter().map(|line| line.replace("nfa(1155)", "1155")).collect();
    assert_eq!(read().info(), corrected);
    assert!(read().trees()[0].contains(&"    Source Port: 1155".to_owned()));
}

#[test]
fn strong_evidence_is_not_enough_if_the_user_wants_a_handshake() {
    let read = || Tshark::read(&http().into()).names();
    assert!(read().info()[1].starts_with("50001 → 1140 [ACK]"), "{}", read().info()[1]);
    let strict = || read().set("ephemeral.note_confidence:handshake");
    assert!(strict().info()[1].starts_with("50001 → autonoc(1140) [ACK]"), "{}", strict().info()[1]);
    assert_eq!(strict().info(), strict().disabled().info());
    assert_eq!(strict().expert_lines(), Vec::<String>::new());
    assert!(strict().trees()[0].contains(&"    Source Port: autonoc (1140)".to_owned()));
    assert_eq!(strict().field("ephemeral.misnamed.name"), [""; 4], "the field agrees with the note and the correction");
}

#[test]
fn ipv6() {
    let ends = ("[2001:db8::23]:1140", "[2001:db8:1::10]:50001");
    let strong = Verdict::strong("2001:db8::23 1140", "2001:db8:1::10 50001", "HTTP request in frame 1", 1);
    assert_verdicts(running(ends.0, ends.1).request(REQUEST), &strong.misnamed(1140, "autonoc").each("c"));
}
