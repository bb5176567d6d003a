// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The services of a capture: `-z ephemeral,services`, and the file that makes them known in the next capture.

use crate::capture::{ACK, Capture, Conversation, PSH, RST, datagram};
use crate::host::{Home, Tshark, text};
use crate::sharkd::Sharkd;
use serde_json::{Value, json};
use std::sync::Arc;

/// Two clients of one service and one of another on the same host, a name server; then a closed port, two peers on the
/// same port, and a conversation of which only the first packet was captured.
fn capture() -> Capture {
    let first = Conversation::new("192.168.1.23:1140", "198.51.100.10:80").open().request(b"hello");
    let second = Conversation::new("192.168.1.24:49152", "198.51.100.10:80").open();
    let other = Conversation::new("192.168.1.23:49153", "198.51.100.10:8443").open();
    let closed = Conversation::new("192.168.1.23:49154", "198.51.100.10:81").syn().server(RST | ACK, b"");
    let peers = Conversation::new("192.168.1.23:5000", "198.51.100.10:5000").open();
    let late = Conversation::new("192.168.1.23:49155", "198.51.100.10:82").syn();
    let queries = ["192.168.1.23:1155", "[2001:db8::1]:1155"].map(|client| {
        let server = if client.starts_with('[') { "[2001:db8::53]:53" } else { "198.51.100.53:53" };
        [datagram(client, server, &QUERY), datagram(server, client, &ANSWER)]
    });
    let connections = first.then(second).then(other).then(closed).then(peers).then(late);
    Capture::ethernet(&queries.concat()).then(connections.into())
}

/// A question of DNS, for the root's servers.
const QUERY: [u8; 17] = *b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";
/// The answer that there are none.
const ANSWER: [u8; 17] = *b"\0\x01\x81\x80\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";

/// Address, transport, port, service, how it is known, clients, first and last frame.
const SERVICES: [[&str; 8]; 5] = [
    ["198.51.100.53", "UDP", "53", "domain", "strong: DNS query", "1", "1", "2"],
    ["2001:db8::53", "UDP", "53", "domain", "strong: DNS query", "1", "3", "4"],
    ["198.51.100.10", "TCP", "80", "http", "handshake: SYN", "2", "5", "11"],
    ["198.51.100.10", "TCP", "8443", "pcsync-https", "handshake: SYN", "1", "12", "14"],
    ["198.51.100.10", "TCP", "5000", "commplex-main", "handshake: SYN", "1", "17", "19"],
];

/// The rows that are written to the file: all but the peers'.
const ROWS: &str = r#""198.51.100.10","TCP","80","http"
"198.51.100.10","TCP","8443","pcsync-https"
"198.51.100.53","UDP","53","domain"
"2001:db8::53","UDP","53","domain"
"#;

/// The rows that tshark prints.
fn rows(printed: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let lines = printed.lines().skip_while(|line| *line != "Services").skip(1).take_while(|line| line.contains('|'));
    lines.map(|line| cells(line.trim_end().trim_end_matches('|'))).collect()
}

/// The rows of a file, without the comment.
fn without_comments(file: &str) -> String {
    file.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_row_says_what_is_known_of_a_service() {
    for read in [Tshark::read(&capture()), Tshark::read(&capture()).two_passes()] {
        assert_eq!(rows(&read.with(&["-q", "-z", "ephemeral,services"]).stdout()), SERVICES);
    }
}

#[test]
fn sharkd_lists_them_for_each_file() {
    let ask = |sharkd: Sharkd| sharkd.ask("tap", json!({ "tap0": "nstat:ephemeral,services" }));
    let small = Capture::from(Conversation::new("192.168.1.23:1140", "198.51.100.10:80").open());
    let questions = ask(ask(ask(Sharkd::default().load(&capture()))).load(&small));
    let answers = ask(questions.load(&capture())).answers(&Home::shared());
    let rows = |answer: &Value| {
        let table = answer.pointer("/taps/0/tables/0").or_else(|| answer.pointer("/result/taps/0/tables/0"));
        let rows = table.and_then(|table| table["i"].as_array()).unwrap_or_else(|| panic!("a table: {answer}"));
        let cell = |cell: &Value| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
        let cells = |row: &Value| row.as_array().expect("a row").iter().map(cell).collect::<Vec<_>>();
        rows.iter().map(cells).collect::<Vec<_>>()
    };
    for answer in [1, 2, 6] {
        assert_eq!(rows(&answers[answer]), SERVICES, "{answer}");
    }
    assert_eq!(rows(&answers[4]), [["198.51.100.10", "TCP", "80", "http", "handshake: SYN", "1", "1", "3"]]);
}

#[test]
fn what_one_capture_showed_is_declared_for_the_next() {
    let home = Arc::new(Home::with_configuration(&[]));
    let option = format!("ephemeral,services,{}", home.path("services"));
    let printed = Tshark::read_in(home.clone(), &capture()).with(&["-q", "-z", &option]).stdout();
    assert!(!printed.contains("198.51.100.10"), "the table is not printed as well: {printed}");
    let file = home.contents("services").expect("it is written");
    assert_eq!(without_comments(&file), ROWS);
    let to_stdout = Tshark::read(&capture()).with(&["-q", "-z", "ephemeral,services,-"]).stdout();
    assert!(to_stdout.contains(ROWS), "{to_stdout}");
    // From the lower port to the higher, without a handshake.
    let next = Conversation::new("192.168.1.30:1024", "198.51.100.10:8443").midstream();
    let next = Capture::from(next.server(ACK | PSH, b"?").client(ACK, b"?"));
    let fields = ["ephemeral.client_port", "ephemeral.service", "ephemeral.evidence"];
    let found = Tshark::read_in(Arc::new(Home::with_configuration(&[("ephemeral_services", &file)])), &next);
    assert_eq!(found.clone().fields(&fields), [["1024", "pcsync-https", "declared in Preferences"]; 2]);
    let said = text(&found.output().stderr);
    assert!(!said.contains("ephemeral_services"), "the host does not read each row: {said}");
    assert_ne!(Tshark::read(&next).field("ephemeral.evidence")[0], "declared in Preferences");
}

/// The client's and the server's end of each packet.
fn ends(read: Tshark) -> Vec<Vec<String>> {
    read.fields(&["ephemeral.client", "ephemeral.client_port", "ephemeral.server", "ephemeral.server_port"])
}

/// docs/many-files.md: the services of all pieces, merged, make the pieces' verdicts those of the whole file.
#[test]
fn pieces_with_the_table_are_judged_as_the_whole_file() {
    // Without a handshake, these port numbers are evidence against the actual server.
    let exchange = |number: u16| {
        let conversation =
            Conversation::new(&format!("192.168.1.{number}:8443"), &format!("198.51.100.{number}:50001"));
        (0..3).fold(conversation.open(), |conversation, _| conversation.server(ACK | PSH, b"?").client(ACK | PSH, b"?"))
    };
    // Interleaves the conversations packet by packet, so that each is in every piece.
    let conversations: Vec<_> = (1..=4).map(|number| exchange(number).packets).collect();
    let packet = |at: usize| conversations.iter().map(move |packets| packets[at].clone());
    let packets: Vec<_> = (0..conversations[0].len()).flat_map(packet).collect();
    let whole = ends(Tshark::read(&Capture::ethernet(&packets)));
    let pieces: Vec<_> = packets.chunks(12).map(Capture::ethernet).collect();
    let apart: Vec<_> = pieces.iter().flat_map(|piece| ends(Tshark::read(piece))).collect();
    let mut lines: Vec<String> = Vec::new();
    for piece in &pieces {
        let printed = Tshark::read(piece).with(&["-q", "-z", "ephemeral,services,-"]).stdout();
        lines.extend(printed.lines().filter(|line| line.starts_with('"')).map(str::to_owned));
    }
    lines.sort();
    lines.dedup();
    assert_eq!(lines, [1, 2, 3, 4].map(|number| format!(r#""198.51.100.{number}","TCP","50001","""#)));
    let home = Arc::new(Home::with_configuration(&[("ephemeral_services", &(lines.join("\n") + "\n"))]));
    let with_table: Vec<_> = pieces.iter().flat_map(|piece| ends(Tshark::read_in(home.clone(), piece))).collect();
    assert_eq!(with_table, whole);
    assert_ne!(apart, whole, "otherwise the table would have nothing to correct");
}

#[test]
fn a_file_that_cannot_be_written_ends_tshark_with_an_error() {
    let option = format!("ephemeral,services,{}", Home::shared().path("none/services"));
    let output = Tshark::read(&capture()).with(&["-q", "-z", &option]).output();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the services cannot be written to"), "{}", text(&output.stderr));
}
