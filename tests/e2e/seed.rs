// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The question that started this: what is an "autonoc reset"? An HTTP client on port 1140, the
//! server's duplicate ACK, then the client's RST.

use crate::capture::{ACK, Capture, Conversation, RST};
use crate::host::Tshark;
use crate::verdict::Verdict;

pub(crate) const CLIENT: &str = "192.168.1.23:1140";
pub(crate) const SERVER: &str = "198.51.100.10:80";

/// `length` bytes: `head`, an HTTP header field that fills up, the empty line and `body`.
fn http(head: &str, body: &str, length: usize) -> Vec<u8> {
    let frame = format!("{head}\r\nX-Filler: \r\n\r\n{body}");
    let filler = "x".repeat(length - frame.len());
    format!("{head}\r\nX-Filler: {filler}\r\n\r\n{body}").into_bytes()
}

/// Window scaling makes the odd figure possible: 16750 times 4 is 67000.
pub(crate) fn conversation() -> Conversation {
    let request = http("GET / HTTP/1.1\r\nHost: www.example.com", "", 671);
    let response = http("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6", "hello\n", 596);
    Conversation::new(CLIENT, SERVER)
        .window_scale(2)
        .open()
        .request(&request)
        .server(ACK, b"")
        .response(&response)
        .ack()
        .server(ACK, b"")
        .client(RST, b"")
}

pub(crate) fn capture() -> Capture {
    conversation().into()
}

/// Who sent the packets of the seed, for [`Verdict::each`].
pub(crate) const SENDERS: &str = "csccsscsc";

/// Returns the expected verdict about the client's packets of the seed.
pub(crate) fn verdict() -> Verdict {
    Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", "SYN in frame 1", 1).misnamed(1140, "autonoc")
}

#[test]
fn the_committed_file_is_what_the_code_composes() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/seed.pcap");
    let composed = capture().to_pcap();
    if std::env::var_os("EPHEMERAL_WRITE_CAPTURES").is_some() {
        std::fs::write(FILE, &composed).expect("the checkout is writable");
    }
    let committed = std::fs::read(FILE).expect("tests/captures/seed.pcap is there");
    assert!(committed == composed, "seed.pcap differs; EPHEMERAL_WRITE_CAPTURES=1 cargo test seed writes it anew");
}

#[test]
fn the_lines_of_the_question() {
    let before = Tshark::read(&capture()).names().disabled().info();
    assert_eq!(before[7], "[TCP Dup ACK 5#1] http(80) → autonoc(1140) [ACK] Seq=597 Ack=672 Win=67000 Len=0");
    assert_eq!(before[8], "autonoc(1140) → http(80) [RST] Seq=672 Win=0 Len=0");
}

#[test]
fn the_lines_of_the_answer() {
    let after = Tshark::read(&capture()).names().info();
    assert_eq!(after[7], "[TCP Dup ACK 5#1] http(80) → 1140 [ACK] Seq=597 Ack=672 Win=67000 Len=0");
    assert_eq!(after[8], "1140 → http(80) [RST] Seq=672 Win=0 Len=0");
}

#[test]
fn every_packet_is_judged_and_noted() {
    assert_eq!(Tshark::read(&capture()).verdicts(), verdict().each(SENDERS));
}

#[test]
fn the_label_is_the_same_in_both_directions() {
    let labels = Tshark::read(&capture()).field("ephemeral.label");
    assert_eq!(labels, vec!["192.168.1.23:1140 → 198.51.100.10:80 (http)"; 9]);
}
