// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Truncated and malformed captures: the host prints its own warnings, and the plugin says only
//! what the bytes show.

use crate::capture::{Capture, Conversation, SYN};
use crate::host::{Home, Tshark, text};
use crate::seed::{self, CLIENT, SERVER};
use crate::verdict::Verdict;

const TCP_HEADER_AT: usize = 14 + 20;
/// A frame of this length has the TCP header up to the flags.
const ENOUGH: usize = TCP_HEADER_AT + 14;

/// A handshake for each length, each from another client. Its frames are cut after that many bytes.
fn cut(lengths: &[usize]) -> Capture {
    let one = |(index, length): (usize, &usize)| {
        let open = Conversation::new(&format!("192.168.1.{index}:1140"), SERVER).window_scale(2).open();
        Capture::from(open).snaplen(*length)
    };
    lengths.iter().enumerate().map(one).fold(Capture::ethernet(&[]), Capture::then)
}

/// The host ends as it does without the plugin, with the same warnings.
fn assert_ends_as_without_plugin(contents: &[u8]) {
    for arguments in [&["-2", "-V", "-Nt"][..], &["-Nt"]] {
        let with = Tshark::read_file(Home::shared(), contents).with(arguments).output();
        let without = Tshark::read_file(Home::without_plugin(), contents).with(arguments).output();
        assert_eq!(with.status.code(), without.status.code(), "{arguments:?}");
        assert_eq!(without_paths(&text(&with.stderr)), without_paths(&text(&without.stderr)), "{arguments:?}");
    }
}

/// Each home has its own name, and files of its own.
fn without_paths(log: &str) -> String {
    log.split_whitespace().filter(|word| !word.contains("ephemeral-ports-")).collect::<Vec<_>>().join(" ")
}

const TOO_SHORT: [usize; 7] =
    [20, TCP_HEADER_AT, TCP_HEADER_AT + 1, TCP_HEADER_AT + 2, TCP_HEADER_AT + 4, TCP_HEADER_AT + 8, ENOUGH - 1];
const LONG_ENOUGH: [usize; 6] =
    [ENOUGH, ENOUGH + 1, TCP_HEADER_AT + 18, TCP_HEADER_AT + 20, TCP_HEADER_AT + 21, TCP_HEADER_AT + 25];

#[test]
fn cut_before_the_flags_shows_nothing() {
    let capture = cut(&TOO_SHORT);
    let read = || Tshark::read(&capture).set("ephemeral.infer:FALSE");
    assert_eq!(read().verdicts(), vec![None; 3 * TOO_SHORT.len()]);
    assert_eq!(read().trees(), read().disabled().trees());
}

#[test]
fn cut_after_the_flags_shows_the_handshake() {
    let seen = |index: usize| {
        let (client, syn) = (format!("192.168.1.{index} 1140"), 3 * index as u32 + 1);
        let evidence = format!("SYN in frame {syn}");
        Verdict::handshake(&client, "198.51.100.10 80", &evidence, syn).misnamed(1140, "autonoc").each("csc")
    };
    let expected: Vec<_> = (0..LONG_ENOUGH.len()).flat_map(seen).collect();
    assert_eq!(Tshark::read(&cut(&LONG_ENOUGH)).verdicts(), expected);
}

#[test]
fn a_cut_header_ends_as_without_plugin() {
    assert_ends_as_without_plugin(&cut(&[&TOO_SHORT[..], &LONG_ENOUGH].concat()).to_pcap());
}

/// A connection whose TCP headers all claim this length, in words of 32 bits.
fn with_header_length(words: u8) -> Capture {
    let mut packets = Conversation::new(CLIENT, SERVER).open().request(b"hello").packets;
    for packet in &mut packets {
        packet[20 + 12] = words << 4;
    }
    Capture::ethernet(&packets)
}

#[test]
fn a_header_that_claims_more_than_is_there() {
    let capture = with_header_length(15);
    assert_ends_as_without_plugin(&capture.to_pcap());
    // The request has 5 bytes of payload: still less than 60 bytes in all.
    assert_eq!(Tshark::read(&capture).set("ephemeral.infer:FALSE").verdicts(), vec![None; 4]);
}

/// A length below the header's fixed part: the host calls it bogus, so the header is no evidence.
#[test]
fn a_header_that_claims_too_little() {
    for words in [0, 4] {
        let capture = with_header_length(words);
        assert_ends_as_without_plugin(&capture.to_pcap());
        assert_eq!(Tshark::read(&capture).set("ephemeral.infer:FALSE").verdicts(), vec![None; 4], "{words} words");
    }
}

#[test]
fn an_ip_length_that_ends_inside_the_tcp_header() {
    let mut packets = Conversation::new(CLIENT, SERVER).syn().packets;
    packets[0][2..4].copy_from_slice(&(20u16 + 10).to_be_bytes());
    let capture = Capture::ethernet(&packets);
    assert_ends_as_without_plugin(&capture.to_pcap());
    assert_eq!(Tshark::read(&capture).set("ephemeral.infer:FALSE").verdicts(), [None]);
}

#[test]
fn a_capture_cut_short() {
    let whole = seed::capture().to_pcap();
    const FILE_HEADER: usize = 24;
    for length in [whole.len() - 1, whole.len() - 60, FILE_HEADER + 8] {
        assert_ends_as_without_plugin(&whole[..length]);
    }
    // The last frame is cut. All others are judged as usual.
    let rows =
        Tshark::read_file(Home::shared(), &whole[..whole.len() - 1]).with(&["-Tfields", "-e", "ephemeral.evidence"]);
    assert_eq!(text(&rows.output().stdout), "SYN in frame 1\n".repeat(8));
}

#[test]
fn an_empty_capture() {
    assert_ends_as_without_plugin(&Capture::ethernet(&[]).to_pcap());
}

#[test]
fn data_in_a_syn_that_is_not_there() {
    let fast_open = Conversation::new(CLIENT, SERVER).client(SYN, &[b'x'; 200]).syn_ack().ack();
    let cut = Capture::from(fast_open).snaplen(TCP_HEADER_AT + 20);
    let seen =
        Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", "SYN in frame 1", 1).misnamed(1140, "autonoc");
    assert_eq!(Tshark::read(&cut).verdicts(), seen.each("csc"));
}
