// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Our lines in the host's log. `tests/faults.sh` has those about faults.

use crate::capture::{Capture, Conversation, datagram, in_vxlan};
use crate::host::{Tshark, release, text};
use crate::seed::{CLIENT, SERVER};
use crate::wrong_dissector::{CORRECT, wireguard};

/// Returns the lines of our domain at this level and above. The options exist since 3.6.
fn logged(read: Tshark, level: &str) -> Vec<String> {
    let output = read.with(&["--log-level", level, "--log-domains", "Ephemeral"]).output();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr).lines().filter(|line| line.contains("Ephemeral")).map(str::to_owned).collect()
}

fn capture() -> Capture {
    Capture::ethernet(&[datagram("192.168.1.5:50001", "192.0.2.9:51820", &[0xee; 40])])
}

#[test]
fn a_report_can_say_which_row_was_used_and_what_was_bound_and_checked() {
    if release() < (3, 6) {
        return;
    }
    let lines = logged(Tshark::read(&capture()).with(&["-V"]), "debug");
    let (major, minor) = release();
    for words in [
        &*format!(" in Wireshark {major}.{minor}: offsets of the row {major}.{minor}; functions of epan bound"),
        "left out: nothing",
        "packet 1: the ports that Wireshark gives are those in the packet's bytes",
        "packet 1: the offsets of this release fit",
    ] {
        assert_eq!(lines.iter().filter(|line| line.contains(words)).count(), 1, "{words}: {lines:#?}");
    }
    // Each field and protocol that we ask for is there, in every release that the tests run in.
    assert_eq!(count(&lines, "has nothing named"), 0, "{lines:#?}");
    assert_eq!(logged(Tshark::read(&capture()), "message"), [""; 0]);
}

#[test]
fn a_line_without_room_for_the_right_name_is_told_once() {
    if release() < (3, 6) {
        return;
    }
    // Of three bytes each.
    let name = "€".repeat(80);
    let twice = capture().then(capture());
    let read = || Tshark::read(&twice).names().set(&format!(r#"uat:ephemeral_services:"","UDP","51820","{name}""#));
    let lines = logged(read().with(&["-V"]), "info");
    let told = lines
        .iter()
        .filter(|line| line.contains("would get longer than Wireshark allows: it keeps the wrong name"))
        .count();
    assert_eq!(told, 1, "{lines:#?}");
    let trees = read().trees();
    let is_kept = |line: &String| line.starts_with("User Datagram Protocol, ") && line.contains("Dst Port: 51820");
    assert!(trees.iter().all(|tree| tree.iter().any(is_kept)), "{trees:#?}");
}

/// Returns how many lines contain the words.
fn count(lines: &[String], words: &str) -> usize {
    lines.iter().filter(|line| line.contains(words)).count()
}

#[test]
fn headers_that_are_left_out_are_told_once() {
    if release() < (3, 6) {
        return;
    }
    let nested = |times: usize| (0..times).fold(datagram(CLIENT, SERVER, &[0xee; 8]), |inner, _| in_vxlan(&inner));
    let words = "packet 1: this packet has more transport headers than are looked at";
    for (times, expected) in [(3, 0), (4, 1)] {
        let capture = Capture::ethernet(&[nested(times), nested(times)]);
        let lines = logged(Tshark::read(&capture), "info");
        assert_eq!((count(&lines, words), lines.len()), (expected, expected), "{times}: {lines:#?}");
    }
}

#[test]
fn an_info_column_that_gets_too_long_is_told_once() {
    if release() < (3, 6) {
        return;
    }
    // The host writes as much of the URI as the column takes.
    let request = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(8000));
    let capture = Conversation::new(CLIENT, SERVER).open().request(request.as_bytes());
    let lines = logged(Tshark::read(&capture.into()).set("ephemeral.label_in_info:TRUE"), "info");
    assert_eq!(count(&lines, "the Info column would get longer than Wireshark allows"), 1, "{lines:#?}");
}

#[test]
fn listeners_that_are_forgotten_are_told_once() {
    if release() < (3, 6) {
        return;
    }
    let most = 1 << 14;
    let mut control = Conversation::new(CLIENT, "198.51.100.10:21").open();
    for port in 1025..=1025 + most {
        let reply = format!("227 Entering Passive Mode (198,51,100,10,{},{})\r\n", port / 256, port % 256);
        control = control.response(reply.as_bytes());
    }
    let lines = logged(Tshark::read(&control.into()), "info");
    assert_eq!(
        count(&lines, "more than 16384 listeners that ends agreed on: the first of them are forgotten"),
        1,
        "{lines:#?}"
    );
}

#[test]
fn a_conversation_that_cannot_be_decoded_by_its_servers_port_is_told_once() {
    if release() < (3, 6) {
        return;
    }
    // GTP rejects the packets, so the client's port has them dissected in spite of the user's choice.
    let capture = Capture::ethernet(&wireguard());
    let read = Tshark::read(&capture).set(CORRECT).with(&["-d", "udp.port==51820,gtp"]);
    let lines = logged(read, "info");
    let words = "only the client's port chose the dissector, but Wireshark cannot decode the conversation";
    assert_eq!((count(&lines, words), count(&lines, "was changed, by Decode As")), (1, 1), "{lines:#?}");
}
