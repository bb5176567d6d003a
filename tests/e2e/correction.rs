// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The plugin removes wrong names from the text of other dissectors, and changes nothing else.
//!
//! Releases print different text. So the expected output is that of the same run without the
//! plugin, with its one wrong name replaced.

use crate::capture::{ACK, Capture, Conversation, RST, in_gre, unreachable};
use crate::host::{Tshark, split_ours};
use crate::seed::{self, CLIENT, SERVER};

/// The trees without our protocol's lines.
fn without_ours(trees: Vec<Vec<String>>) -> Vec<Vec<String>> {
    trees.into_iter().map(|tree| split_ours(tree).0.into_iter().filter(|line| !line.is_empty()).collect()).collect()
}

fn replaced(lines: &[String], wrong: &str, right: &str) -> Vec<String> {
    lines.iter().map(|line| line.replace(wrong, right)).collect()
}

/// The seed over IPv6 and in a tunnel, other ports, and an error that quotes it.
fn mixture() -> Capture {
    let v6 = Conversation::new("[2001:db8::23]:1140", "[2001:db8:1::10]:80").open();
    let to_unnamed = Conversation::new("192.168.1.23:1140", "198.51.100.10:50001").open().request(b"hello");
    let right = Conversation::new("192.168.1.23:51234", "198.51.100.10:22").open();
    let mut packets = seed::conversation().then(v6).then(to_unnamed).then(right).packets;
    packets.push(unreachable(&packets[0], 20));
    packets.extend(Conversation::new(CLIENT, SERVER).open().packets.iter().map(|packet| in_gre(packet)));
    Capture::ethernet(&packets)
}

#[test]
fn info_loses_the_wrong_name_only() {
    let before = Tshark::read(&mixture()).names().disabled().info();
    let after = Tshark::read(&mixture()).names().info();
    assert!(before.iter().any(|line| line.contains("http(80) → autonoc(1140)")), "the host names ports: {before:?}");
    assert_eq!(after, replaced(&before, "autonoc(1140)", "1140"));
    assert_eq!(Tshark::read(&mixture()).names().two_passes().info(), after, "in two passes");
}

#[test]
fn the_rest_of_the_line_stays() {
    let before = Tshark::read(&mixture()).names().disabled().stdout();
    let after = Tshark::read(&mixture()).names().stdout();
    assert_eq!(after, before.replace("autonoc(1140)", "1140"));
}

#[test]
fn tree_loses_the_wrong_name_only() {
    let quiet = || Tshark::read(&mixture()).names().set("ephemeral.note:never");
    let before = without_ours(quiet().disabled().trees());
    let after = without_ours(quiet().trees());
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert_eq!(after, replaced(before, "autonoc (1140)", "1140"));
    }
}

#[test]
fn the_lines_of_the_tree() {
    let tree = Tshark::read(&seed::capture()).names().trees().remove(7);
    let has = |line: &str| tree.iter().any(|other| other == line);
    assert!(has("Transmission Control Protocol, Src Port: http (80), Dst Port: 1140, Seq: 597, Ack: 672, Len: 0"));
    assert!(has("    Source Port: http (80)"));
    assert!(has("    Destination Port: 1140"));
}

#[test]
fn a_payload_that_reads_like_a_port_stays() {
    let request = b"GET /autonoc(1140) HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    let capture = Conversation::new(CLIENT, SERVER).open().request(request).into();
    assert_eq!(Tshark::read(&capture).names().info()[3], "GET /autonoc(1140) HTTP/1.1");
}

#[test]
fn a_name_of_a_server_stays() {
    let to_autonoc = Conversation::new("192.168.1.23:51234", "198.51.100.10:1140").open().into();
    let info = Tshark::read(&to_autonoc).names().info();
    assert!(info[2].starts_with("51234 → autonoc(1140) [ACK]"), "{}", info[2]);
    assert_eq!(info, Tshark::read(&to_autonoc).names().disabled().info());
}

/// The first connection, which was refused, has no misnamed port. In the second one, the client's port has the name.
#[test]
fn who_refused_becomes_a_client_on_the_same_ports() {
    let first = Conversation::new("192.168.1.23:51234", "198.51.100.10:1140").syn().server(RST | ACK, b"");
    let second = Conversation::new("198.51.100.10:1140", "192.168.1.23:51234").sequence_numbers(70_000, 90_000).open();
    let capture = first.then(second.request(b"hello").response(b"hello")).into();
    let names = [[true; 2].as_slice(), &[false; 5]].concat();
    for read in [Tshark::read(&capture), Tshark::read(&capture).two_passes()] {
        let info = read.clone().names().info();
        assert_eq!(info.iter().map(|line| line.contains("autonoc")).collect::<Vec<_>>(), names, "{info:?}");
        assert_eq!(read.clone().frames("ephemeral.misnamed"), ["3", "4", "5", "6", "7"]);
        assert_eq!(read.clone().frames("ephemeral.port_misnamed"), ["3", "4", "5", "6", "7"]);
        assert_eq!(read.clone().frames("!ephemeral.misnamed"), ["1", "2"]);
        assert_eq!(read.clone().frames("ephemeral && !ephemeral.misnamed"), ["1", "2"]);
    }
}

/// A host that accepted a connection on a port uses this port on purpose.
#[test]
fn a_server_that_becomes_a_client_on_the_same_ports() {
    let first = Conversation::new("192.168.1.23:51234", "198.51.100.10:1140").open().request(b"hello");
    let second = Conversation::new("198.51.100.10:1140", "192.168.1.23:51234").sequence_numbers(70_000, 90_000).open();
    let capture = first.then(second.request(b"hello").response(b"hello")).into();
    for read in [Tshark::read(&capture), Tshark::read(&capture).two_passes()] {
        let info = read.clone().names().info();
        assert!(info.iter().all(|line| line.contains("autonoc")), "{info:?}");
        assert!(read.clone().frames("ephemeral.misnamed").is_empty());
        assert!(read.clone().frames("ephemeral.port_misnamed").is_empty());
    }
}

#[test]
fn names_off_one_line_output_is_untouched() {
    let read = || Tshark::read(&mixture());
    assert_eq!(read().stdout(), read().disabled().stdout());
    assert_eq!(read().two_passes().stdout(), read().two_passes().disabled().stdout());
}

#[test]
fn names_off_the_tree_is_untouched() {
    let read = || Tshark::read(&mixture()).set("ephemeral.note:never");
    assert_eq!(without_ours(read().trees()), without_ours(read().disabled().trees()));
}

#[test]
fn the_correction_of_info_can_be_switched_off() {
    let off = Tshark::read(&mixture()).names().set("ephemeral.correct_info:FALSE").info();
    assert_eq!(off, Tshark::read(&mixture()).names().disabled().info());
}

#[test]
fn the_correction_of_the_tree_can_be_switched_off() {
    let read = || Tshark::read(&mixture()).names().set("ephemeral.note:never");
    let off = without_ours(read().set("ephemeral.correct_tree:FALSE").trees());
    assert_eq!(off, without_ours(read().disabled().trees()));
}

/// Each correction has its own preference.
#[test]
fn one_correction_works_without_the_other() {
    let info = Tshark::read(&seed::capture()).names().set("ephemeral.correct_tree:FALSE").info();
    assert!(info[8].starts_with("1140 → http(80) [RST]"), "{}", info[8]);
    let tree = Tshark::read(&seed::capture()).names().set("ephemeral.correct_info:FALSE").trees().remove(8);
    assert!(tree.contains(&"    Source Port: 1140".to_owned()));
}
