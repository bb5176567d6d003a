// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The note about a misnamed port.

use crate::capture::{Capture, Conversation};
use crate::host::{Tshark, split_ours};
use crate::seed;
use crate::verdict::{note, notes};

const TEXT: &str = r#"Port 1140 is the client's ephemeral port; "autonoc" is only the name registered for that number"#;

#[test]
fn its_words() {
    for messages in Tshark::read(&seed::capture()).field("_ws.expert.message") {
        assert_eq!(notes(&messages), [TEXT], "one note per packet");
    }
}

#[test]
fn its_severity_and_group() {
    let fields = ["_ws.expert.message", "_ws.expert.severity", "_ws.expert.group"];
    let rows = Tshark::read(&seed::capture()).with(&["-Y", "frame.number == 5"]).fields(&fields);
    let (note, assumption) = (0x0040_0000.to_string(), 0x0d00_0000.to_string());
    assert_eq!(rows, [[TEXT, &note, &assumption]]);
}

fn item(depth: usize) -> [String; 4] {
    let (at, below) = (" ".repeat(depth), " ".repeat(depth + 4));
    [
        format!("{at}[Expert Info (Note/Assumption): {TEXT}]"),
        format!("{below}[{TEXT}]"),
        format!("{below}[Severity level: Note]"),
        format!("{below}[Group: Assumption]"),
    ]
}

/// If our lines are a layer of their own, the note is below the line of the port, source or destination.
#[test]
fn it_sits_under_the_ports_line() {
    let trees = Tshark::read(&seed::capture()).set("ephemeral.layer:always").trees();
    for (tree, sender) in trees.iter().zip(seed::SENDERS.chars()) {
        let line = if sender == 'c' { "    Source Port: 1140" } else { "    Destination Port: 1140" };
        let port = tree.iter().position(|other| other == line).expect("the port's line");
        assert_eq!(tree[port + 1..port + 5], item(8));
        assert_eq!(tree.iter().filter(|line| line.contains("Note/Assumption")).count(), 1);
    }
}

/// Otherwise, the note is the last of our lines. The header's lines then have only the header's own items.
#[test]
fn it_sits_among_our_lines() {
    for tree in Tshark::read(&seed::capture()).trees() {
        let (theirs, ours) = split_ours(tree);
        assert_eq!(ours[ours.len() - 4..], item(8));
        assert!(!theirs.iter().any(|line| line.contains("Note/Assumption")), "{theirs:?}");
    }
}

#[test]
fn notes_of_the_same_port_and_name_group() {
    let other_server = Conversation::new("192.168.1.99:1140", "203.0.113.5:22").open();
    let other_port = Conversation::new("192.168.1.23:2049", "203.0.113.5:22").open();
    let capture: Capture = seed::conversation().then(other_server).then(other_port).into();
    let expected = [
        format!("12 Assumption Ephemeral Ports {}", note(1140, "autonoc")),
        format!("3 Assumption Ephemeral Ports {}", note(2049, "nfs")),
    ];
    assert_eq!(Tshark::read(&capture).expert_lines(), expected);
    assert_eq!(Tshark::read(&capture).two_passes().expert_lines(), expected, "in two passes");
}

#[test]
fn it_can_be_filtered_for() {
    let noted = Tshark::read(&seed::capture()).with(&["-Y", "ephemeral.port_misnamed"]).field("frame.number");
    assert_eq!(noted, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    for filter in ["_ws.expert.message contains \"client's ephemeral port\"", "_ws.expert.severity == \"Note\""] {
        assert_eq!(Tshark::read(&seed::capture()).frames(filter), noted, "{filter}");
    }
}

/// What a filter or a script finds does not depend on what is shown (docs/reference.md, Notes).
#[test]
fn it_is_there_whether_names_are_shown_or_not() {
    for (preference, noted) in [("every", &["1", "2", "3", "4", "5", "6", "7", "8", "9"][..]), ("first", &["1"])] {
        let read = || Tshark::read(&seed::capture()).set(&format!("ephemeral.note:{preference}"));
        assert_eq!(read().frames("ephemeral.port_misnamed"), noted, "{preference}");
        assert_eq!(read().names().frames("ephemeral.port_misnamed"), noted, "{preference}, with names");
    }
}

/// Of all systems, only OpenBSD picks such ports. Otherwise they are set by hand, as on a SIP phone.
#[test]
fn a_port_that_few_systems_pick_is_not_called_ephemeral() {
    let capture: Capture = Conversation::new("192.168.1.23:5070", "198.51.100.10:22").open().into();
    let expected = r#"Port 5070 is the client's port; "vtsas" is only the name registered for that number"#;
    for messages in Tshark::read(&capture).field("_ws.expert.message") {
        assert_eq!(notes(&messages), [expected]);
    }
}
