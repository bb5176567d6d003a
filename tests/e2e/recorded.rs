// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The question that started this, recorded from real programs (`tests/captures/record-seed.sh`).

use crate::host::{Home, Tshark};
use crate::verdict::Verdict;

fn read() -> Tshark {
    Tshark::read_file(Home::shared(), include_bytes!("../captures/seed-recorded.pcapng")).names()
}

#[test]
fn the_lines_of_the_question_and_of_the_answer() {
    let (before, after) = (read().disabled().info(), read().info());
    assert_eq!(before[10], "autonoc(1140) → http(80) [RST] Seq=672 Win=0 Len=0");
    assert_eq!(after[10], "1140 → http(80) [RST] Seq=672 Win=0 Len=0");
    let corrected: Vec<_> = before.iter().map(|line| line.replace("autonoc(1140)", "1140")).collect();
    assert_eq!(after, corrected);
    assert_eq!(
        read().two_passes().info(),
        read()
            .two_passes()
            .disabled()
            .info()
            .iter()
            .map(|line| line.replace("autonoc(1140)", "1140"))
            .collect::<Vec<_>>()
    );
}

#[test]
fn the_tree_loses_the_wrong_name() {
    for tree in read().trees() {
        assert!(!tree.iter().any(|line| line.contains("autonoc (1140)")), "{tree:#?}");
        let port = |line: &&String| line.ends_with("Source Port: 1140") || line.ends_with("Destination Port: 1140");
        assert_eq!(tree.iter().filter(port).count(), 1);
    }
}

#[test]
fn every_packet_is_judged_and_noted() {
    let verdict = Verdict::handshake("192.168.1.23 1140", "198.51.100.10 80", "SYN in frame 1", 1);
    assert_eq!(read().verdicts(), verdict.misnamed(1140, "autonoc").each("csccssccssc"));
}

#[test]
fn the_label_names_the_service() {
    let labels = read().field("ephemeral.label");
    assert_eq!(labels, ["192.168.1.23:1140 → 198.51.100.10:80 (http)"; 11]);
}
