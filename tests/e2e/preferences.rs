// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Each preference, by `-o`; and the protocol switched off.

use crate::capture::{ACK, Capture, Conversation, FIN};
use crate::host::{Home, Tshark, text};
use crate::seed;
use crate::verdict::notes;

/// Frames that carry a note of ours.
fn noted(tshark: Tshark) -> Vec<String> {
    let rows = tshark.fields(&["frame.number", "_ws.expert.message"]);
    rows.iter().filter(|row| !notes(&row[1]).is_empty()).map(|row| row[0].clone()).collect()
}

/// Four connections: the seed's (frames 1 to 9), one whose SYN-ACK was captured after the ACK that
/// follows it (10 to 12), and two on the same ports (13 to 17 and 18 to 20).
fn four_connections() -> Capture {
    let mut out_of_order = Conversation::new("192.168.1.24:1140", "198.51.100.10:22").open().request(b"hello").skip(1);
    out_of_order.packets.swap(0, 1);
    let ends = ("192.168.1.25:1140", "198.51.100.10:22");
    let first = Conversation::new(ends.0, ends.1).open().client(FIN | ACK, b"").server(FIN | ACK, b"");
    let second = Conversation::new(ends.0, ends.1).sequence_numbers(70_000_000, 90_000_000).open();
    seed::conversation().then(out_of_order).then(first).then(second).into()
}

#[test]
fn note_every() {
    let every: Vec<_> = (1..=9).map(|frame| frame.to_string()).collect();
    assert_eq!(noted(Tshark::read(&seed::capture())), every, "this is the default");
    assert_eq!(noted(Tshark::read(&seed::capture()).set("ephemeral.note:every")), every);
}

#[test]
fn note_first() {
    let read = || Tshark::read(&four_connections()).set("ephemeral.infer:FALSE").set("ephemeral.note:first");
    // The second connection's SYN-ACK (11) is a handshake once its ACK (12) agrees.
    let first = ["1", "12", "13", "18"];
    assert_eq!(noted(read()), first);
    assert_eq!(noted(read().two_passes()), first, "in two passes");
    assert_eq!(read().expert_lines().len(), 1);
    assert!(read().expert_lines()[0].starts_with("4 Assumption "));
}

#[test]
fn note_never() {
    let read = || Tshark::read(&seed::capture()).set("ephemeral.note:never");
    assert_eq!(noted(read()), Vec::<String>::new());
    assert_eq!(read().expert_lines(), Vec::<String>::new());
    assert_eq!(read().field("ephemeral.misnamed.name"), ["autonoc"; 9], "the fields stay");
}

#[test]
fn note_confidence() {
    for weakest in ["handshake", "strong", "weak"] {
        let read = Tshark::read(&seed::capture()).set(&format!("ephemeral.note_confidence:{weakest}"));
        assert_eq!(noted(read).len(), 9, "a handshake is enough for {weakest}");
    }
}

#[test]
fn label_in_info() {
    const LABEL: &str = "[192.168.1.23:1140 → 198.51.100.10:80 (http)] ";
    let plain = Tshark::read(&seed::capture()).info();
    let labelled: Vec<_> = plain.iter().map(|line| format!("{LABEL}{line}")).collect();
    assert_eq!(Tshark::read(&seed::capture()).set("ephemeral.label_in_info:TRUE").info(), labelled);
}

#[test]
fn label_in_info_with_names() {
    let info = Tshark::read(&seed::capture()).names().set("ephemeral.label_in_info:TRUE").info();
    assert_eq!(info[8], "[192.168.1.23:1140 → 198.51.100.10:80 (http)] 1140 → http(80) [RST] Seq=672 Win=0 Len=0");
}

#[test]
fn server_ports() {
    for ports in ["1140", "1000-1200", "1-10,1140,2000"] {
        let read = || Tshark::read(&seed::capture()).set(&format!("ephemeral.server_ports:{ports}"));
        assert_eq!(noted(read()), Vec::<String>::new(), "{ports}");
        assert_eq!(read().field("ephemeral.misnamed"), [""; 9], "{ports}");
        assert_eq!(read().field("ephemeral.client_port"), ["1140"; 9], "the roles stay");
        assert_eq!(read().names().info(), Tshark::read(&seed::capture()).names().disabled().info(), "{ports}");
    }
    assert_eq!(noted(Tshark::read(&seed::capture()).set("ephemeral.server_ports:1139,1141-1200")).len(), 9);
}

/// As with any preference, the host refuses a value that it cannot read, and ignores an unknown choice.
#[test]
fn wrong_values() {
    for wrong in ["ephemeral.server_ports:http", "ephemeral.server_ports:70000-80000", "ephemeral.no_such:TRUE"] {
        let output = Tshark::read(&seed::capture()).set(wrong).output();
        assert!(!output.status.success(), "{wrong} is accepted");
        let (name, _) = wrong.split_once(':').expect("a value");
        assert!(text(&output.stderr).contains(name), "{}", text(&output.stderr));
    }
    assert_eq!(noted(Tshark::read(&seed::capture()).set("ephemeral.note:sometimes")).len(), 9);
}

#[test]
fn they_are_read_from_the_preferences_file() {
    let home = Home::with_configuration(&[("preferences", "ephemeral.note: first\nephemeral.label_in_info: TRUE\n")]);
    let home = std::sync::Arc::new(home);
    assert_eq!(noted(Tshark::read_in(home.clone(), &seed::capture())), ["1"]);
    assert!(Tshark::read_in(home, &seed::capture()).info()[0].starts_with("[192.168.1.23:1140 → "));
}

#[test]
fn a_disabled_protocol_says_nothing() {
    let read = || Tshark::read(&seed::capture()).names().disabled();
    assert_eq!(read().verdicts(), vec![None; 9]);
    assert_eq!(read().expert_lines(), Vec::<String>::new());
    let without_plugin = || Tshark::read_in(Home::without_plugin(), &seed::capture()).names();
    assert_eq!(read().stdout(), without_plugin().stdout());
    assert_eq!(read().trees(), without_plugin().trees());
}

#[test]
fn a_protocol_can_be_disabled_in_the_window() {
    let home = std::sync::Arc::new(Home::with_configuration(&[("disabled_protos", "ephemeral\n")]));
    assert_eq!(Tshark::read_in(home, &seed::capture()).verdicts(), vec![None; 9]);
}
