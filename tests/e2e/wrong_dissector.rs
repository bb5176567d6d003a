// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Where no handshake names the server's port, or that port stands for nothing, the host dissects
//! by the client's port: a wrong decode.

use crate::capture::{Capture, Conversation};
use crate::host::{Tshark, release};

/// 1863 stands for MSNMS, 20011 for nothing.
const BY_CLIENT: (&str, &str) = ("192.168.1.23:1863", "198.51.100.10:20011");
const BY_SERVER: (&str, &str) = ("192.168.1.23:20011", "198.51.100.10:1863");
const TEXT: &str = "Dissected as msnms because of the client's ephemeral port 1863; the server's port is 20011";
const DATA: &[u8] = b"\x01\x02\x03\x04 some data of a protocol that nobody knows";

fn with_handshake(ends: (&str, &str)) -> Capture {
    Conversation::new(ends.0, ends.1).open().request(DATA).response(DATA).into()
}

fn texts(tshark: Tshark) -> Vec<String> {
    tshark.with(&["-Y", "ephemeral.wrong_dissector"]).field("_ws.expert.message")
}

#[test]
fn the_clients_port_chose_the_dissector() {
    let read = || Tshark::read(&with_handshake(BY_CLIENT));
    // Since 4.4 the host does not ask what the client's port stands for once it saw the handshake.
    let asks_clients_port = release() < (4, 4);
    let protocols = read().disabled().field("frame.protocols");
    assert_eq!(protocols[3].ends_with(":tcp:msnms"), asks_clients_port, "{protocols:?}");
    let with_data: &[&str] = if asks_clients_port { &["4", "5"] } else { &[] };
    assert_eq!(read().frames("ephemeral.wrong_dissector"), with_data, "the packets with data");
    for messages in texts(read()) {
        assert_eq!(messages.split('|').filter(|message| *message == TEXT).count(), 1, "{messages}");
    }
}

#[test]
fn without_a_handshake() {
    let hello = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    let capture = Conversation::new(BY_CLIENT.0, BY_CLIENT.1).open().request(hello).skip(3).into();
    let read = || Tshark::read(&capture);
    assert!(read().disabled().field("frame.protocols")[0].ends_with(":tcp:msnms"), "the host dissects MSNMS");
    assert_eq!(read().frames("ephemeral.wrong_dissector && ephemeral.confidence == 2"), ["1"]);
    assert!(texts(read())[0].contains(TEXT));
}

#[test]
fn it_is_not_what_is_spoken() {
    let services = Tshark::read(&with_handshake(BY_CLIENT)).two_passes().field("ephemeral.service");
    assert_eq!(services, [""; 5]);
}

#[test]
fn the_servers_port_chose_the_dissector() {
    let read = || Tshark::read(&with_handshake(BY_SERVER));
    assert!(read().disabled().field("frame.protocols")[3].ends_with(":tcp:msnms"), "the host dissects MSNMS");
    assert_eq!(read().frames("ephemeral.wrong_dissector"), [""; 0]);
    assert_eq!(read().frames("ephemeral"), ["1", "2", "3", "4", "5"]);
}

#[test]
fn it_needs_the_confidence_of_a_note() {
    let hello = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    let capture = Conversation::new(BY_CLIENT.0, BY_CLIENT.1).open().request(hello).skip(3).into();
    let strict = Tshark::read(&capture).set("ephemeral.note_confidence:handshake");
    assert_eq!(strict.frames("ephemeral.wrong_dissector"), [""; 0]);
}

/// A protocol that the payload shows is the right one, even if the client's port chose the dissector: HTTP for 1900 and
/// 3128, opposite an HTTP server on a port that stands for nothing.
#[test]
fn the_payload_shows_the_protocol_of_the_clients_port() {
    for port in [1900, 3128] {
        let client = format!("192.168.1.23:{port}");
        let capture: Capture = Conversation::new(&client, "198.51.100.10:18080")
            .open()
            .request(b"GET / HTTP/1.0\r\n\r\n")
            .response(b"HTTP/1.0 204 No Content\r\n\r\n")
            .into();
        let read = || Tshark::read(&capture);
        let protocols = read().disabled().field("frame.protocols");
        assert!(protocols[3].ends_with(":tcp:http"), "{protocols:?}");
        assert_eq!(read().frames("ephemeral.wrong_dissector"), [""; 0]);
        assert_eq!(read().two_passes().field("ephemeral.service"), ["http"; 5]);
        assert_eq!(
            read().frames("ephemeral.port_misnamed"),
            ["1", "2", "3", "4", "5"],
            "the client's port is misnamed still"
        );
    }
}
