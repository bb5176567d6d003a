// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the host's log says of us, beside faults (`tests/faults.sh`).

use crate::capture::{Capture, datagram};
use crate::host::{Tshark, release, text};

/// The lines of our domain from a level on. Before 3.6 no host has these options.
fn logged(read: Tshark, level: &str) -> Vec<String> {
    let output = read.with(&["-V", "--log-level", level, "--log-domains", "Ephemeral"]).output();
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
    let lines = logged(Tshark::read(&capture()), "debug");
    let (major, minor) = release();
    for words in [
        &*format!(" in Wireshark {major}.{minor}: offsets of the row {major}.{minor}; functions of epan bound"),
        "left out: nothing",
        "packet 1: the ports that Wireshark gives are those in the packet's bytes",
        "packet 1: the offsets of this release fit",
    ] {
        assert_eq!(lines.iter().filter(|line| line.contains(words)).count(), 1, "{words}: {lines:#?}");
    }
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
    let lines = logged(read(), "info");
    let told = lines
        .iter()
        .filter(|line| line.contains("would get longer than Wireshark allows: it keeps the wrong name"))
        .count();
    assert_eq!(told, 1, "{lines:#?}");
    let trees = read().trees();
    let is_kept = |line: &String| line.starts_with("User Datagram Protocol, ") && line.contains("Dst Port: 51820");
    assert!(trees.iter().all(|tree| tree.iter().any(is_kept)), "{trees:#?}");
}
