// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The table of services in Preferences.

use crate::capture::{ACK, Capture, Conversation, datagram};
use crate::host::{Home, Tshark, text};
use std::fmt::Write;
use std::sync::Arc;

/// A table's rows, as a profile's file has them.
const TABLE: &str = r#""10.0.0.0/8","TCP","8443","intranet"
"","UDP","51820","wireguard"
"239.255.0.1","any","5000-5001","stream"
"#;

/// Two datagrams and two segments without a handshake, a connection that a declared end opened, and a datagram to a group.
fn capture() -> Capture {
    let (host, server) = ("192.168.1.5", "10.1.1.1:8443");
    let tunnel = [(&*format!("{host}:50001"), "192.0.2.9:51820"), ("192.0.2.9:51820", &*format!("{host}:50001"))]
        .map(|(from, to)| datagram(from, to, &[0xee; 40]));
    let middle = Conversation::new(&format!("{host}:50002"), server).midstream().server(ACK, b"?").client(ACK, b"?");
    let opened = Conversation::new(server, "192.168.1.7:80").open();
    Capture::ethernet(&tunnel).then(middle.into()).then(opened.into()).then(Capture::ethernet(&[datagram(
        &format!("{host}:50003"),
        "239.255.0.1:5000",
        &[0xee; 40],
    )]))
}

/// With the table in the profile's file.
fn with_table(table: &str) -> Arc<Home> {
    Arc::new(Home::with_configuration(&[("ephemeral_services", table)]))
}

fn row(read: Tshark, row: &str) -> Tshark {
    read.set(&format!("uat:ephemeral_services:{row}"))
}

#[test]
fn a_declared_end_is_the_server_under_its_name() {
    let home = with_table(TABLE);
    let read = || Tshark::read_in(home.clone(), &capture());
    let fields = ["ephemeral.label", "ephemeral.service", "ephemeral.confidence", "ephemeral.evidence"];
    let declared = |label: &str, service: &str| {
        [&format!("{label} ({service})"), service, "3", "declared in Preferences"].map(str::to_owned).to_vec()
    };
    let wireguard = declared("192.168.1.5:50001 → 192.0.2.9:51820", "wireguard");
    let intranet = declared("192.168.1.5:50002 → 10.1.1.1:8443", "intranet");
    let found = read().set("ephemeral.infer:FALSE").fields(&fields);
    assert_eq!(found[..4], [wireguard.clone(), wireguard, intranet.clone(), intranet]);
    assert_eq!(found[7], declared("192.168.1.5:50003 → 239.255.0.1:5000", "stream"));
    let starts = [
        "50001 → wireguard(51820) ",
        "wireguard(51820) → 50001 ",
        "intranet(8443) → 50002 ",
        "50002 → intranet(8443) ",
    ];
    for (line, start) in read().names().info().iter().zip(starts) {
        assert!(line.starts_with(start), "{line}: {start}");
    }
    let ports = read().names().fields(&["ephemeral.source_port", "ephemeral.destination_port"]);
    assert_eq!(ports[..2], [["50001", "wireguard (51820)"], ["wireguard (51820)", "50001"]]);
    let trees = read().names().trees();
    for (frame, heading, line) in [
        (0, "Dst Port: wireguard (51820)", "Destination Port: wireguard (51820)"),
        (1, "Src Port: wireguard (51820), Dst Port: 50001", "Source Port: wireguard (51820)"),
        (2, "Src Port: intranet (8443), Dst Port: 50002", "Source Port: intranet (8443)"),
        (3, "Dst Port: intranet (8443), Seq: ", "Destination Port: intranet (8443)"),
    ] {
        let tree = &trees[frame];
        let has_heading = |text: &&String| text.contains(heading) && !text.contains("(51820) (");
        assert!(tree.iter().any(|text| has_heading(&text)), "{heading}: {tree:?}");
        assert!(tree.iter().any(|text| text.trim() == line), "{line}: {tree:?}");
        assert!(tree.iter().any(|text| text.contains("Confidence: declared (3)")), "{tree:?}");
    }
}

#[test]
fn a_handshake_goes_before_the_table() {
    let read = || Tshark::read_in(with_table(TABLE), &capture());
    let found = read().fields(&["ephemeral.client_port", "ephemeral.evidence", "ephemeral.misnamed"]);
    assert_eq!(found[4..7], [["8443", "SYN in frame 5", ""]; 3]);
    assert_eq!(read().frames("ephemeral.declared_differs"), ["5", "6", "7"]);
    let words = "Port 8443 is the client's by the handshake in frame 5, but Preferences declare it a service's";
    assert_eq!(read().expert_lines(), [format!("3 Assumption Ephemeral Ports {words}")]);
}

#[test]
fn of_rows_that_disagree_the_longest_prefix_counts_then_the_first() {
    let rows = [
        r#""192.0.2.0/24","any","1-65535","wide""#,
        r#""192.0.2.9","any","51820","narrow""#,
        r#""192.0.2.9","","51820","later""#,
    ];
    let read = rows.into_iter().fold(Tshark::read(&capture()), row);
    assert_eq!(read.field("ephemeral.service")[..2], ["narrow"; 2]);
    let both = row(row(Tshark::read(&capture()), r#""","UDP","50001","client""#), r#""","UDP","51820","server""#);
    let found = both.set("ephemeral.infer:FALSE").field("ephemeral.client_port");
    assert_eq!(found[..2], ["", ""], "where both ends are declared, the table does not decide");
}

#[test]
fn a_row_that_cannot_be_read_is_refused() {
    for (bad, words) in [
        (r#""10.0.0.0/99","TCP","8443","x""#, "has more than 32 bits"),
        (r#""","QUIC","8443","x""#, "is no transport: use TCP, UDP, SCTP, DCCP, UDP-Lite or any"),
        (r#""","TCP","","x""#, "a service needs ports"),
        (r#""","TCP","65536","x""#, "is no port (0 to 65535)"),
        ("rubbish", "ephemeral_services"),
    ] {
        let output = row(Tshark::read(&capture()), bad).output();
        assert!(!output.status.success(), "{bad} is accepted");
        assert!(text(&output.stderr).contains(words), "{bad}: {}", text(&output.stderr));
    }
}

#[test]
fn of_a_damaged_file_the_rows_that_can_be_read_count() {
    let damaged = format!("{TABLE}\"\",\"TCP\",\"eighty\",\"x\"\n");
    let output = Tshark::read_in(with_table(&damaged), &capture()).output();
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("\"eighty\" is no port"), "{}", text(&output.stderr));
    let found = Tshark::read_in(with_table(&damaged), &capture()).field("ephemeral.service");
    assert_eq!(found[..2], ["wireguard"; 2]);
    let rubbish = Tshark::read_in(with_table("\u{0}\u{1}\\\"\n\"\"\",,,\n%%%"), &capture());
    assert_eq!(rubbish.field("ephemeral.client").len(), 8);
}

#[test]
fn thousands_of_rows_are_read() {
    let mut table = String::new();
    for number in 0..5000u16 {
        let [high, low] = number.to_be_bytes();
        writeln!(table, r#""10.{high}.{low}.0/24","TCP","1-65535","service-{number}""#).expect("memory");
    }
    writeln!(table, r#""192.0.2.9","UDP","51820","last""#).expect("memory");
    let found = Tshark::read_in(with_table(&table), &capture()).field("ephemeral.service");
    assert_eq!(found[..4], ["last", "last", "service-257", "service-257"]);
}
