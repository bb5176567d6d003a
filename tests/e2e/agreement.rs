// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Different outputs about the same port agree: field and note, label and Info.

use crate::capture::{Capture, Conversation, datagram};
use crate::host::Tshark;
use crate::{agreed, assigned, on_purpose, seed};

/// Captures with each way in which an end gets its port.
fn captures() -> Vec<Capture> {
    let http = |client: &str, server: &str| {
        let get = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
        Conversation::new(client, server).open().request(get).ack()
    };
    let udp = [
        vec![datagram("192.168.1.23:68", "192.168.1.1:67", &on_purpose::dhcp(1))],
        assigned::rpc("192.168.1.23:765", "198.51.100.10:1065", 100_005).to_vec(),
        on_purpose::ask("192.168.1.23:1140", "198.51.100.10:53"),
        on_purpose::ask("192.168.1.23:5353", "198.51.100.10:53"),
        on_purpose::ask("192.168.1.24:51000", "192.168.1.1:1140"),
        on_purpose::ask("192.168.1.1:1140", "198.51.100.10:53"),
    ];
    vec![
        seed::capture(),
        agreed::active().into(),
        agreed::passive().into(),
        assigned::dce_rpc(1140, 1065),
        assigned::tftp(),
        assigned::call(),
        assigned::peers(1140, 1065),
        Capture::ethernet(&udp.concat()),
        // The conversation's protocol is not the one that the server's port is registered for.
        http("192.168.1.23:1140", "198.51.100.10:8000").then(http("192.168.1.23:502", "198.51.100.10:8000")).into(),
        // The verdict is weak, or there is none.
        http("192.168.1.23:1140", "198.51.100.10:2869").skip(4).into(),
        on_purpose::active_data("198.51.100.10", "192.168.1.23:5001").into(),
        Conversation::new("192.168.1.23:6346", "198.51.100.10:6346").open().into(),
    ]
}

fn passes(capture: &Capture) -> [Tshark; 2] {
    [Tshark::read(capture), Tshark::read(capture).two_passes()]
}

/// The field and the note are in the same packets, whatever confidence the preference requires for a note.
#[test]
fn the_field_and_the_note() {
    let (with, note) = ("ephemeral.misnamed", "ephemeral.port_misnamed");
    let mut found = Vec::new();
    let wants = |read: Tshark| {
        ["weak", "strong"].map(|weakest| read.clone().set(&format!("ephemeral.note_confidence:{weakest}")))
    };
    for read in captures().iter().flat_map(passes).flat_map(wants) {
        let either = ["-Y", &format!("{with} || {note}")];
        let rows = read.with(&either).fields(&["frame.number", with, note]);
        assert!(rows.iter().all(|row| row.iter().all(|value| !value.is_empty())), "{rows:?}");
        found.push(rows.len());
    }
    assert!(found.iter().filter(|count| **count > 0).count() > 10 && found.contains(&0), "{found:?}");
}

/// The name that Info gives the server's port, if it names it: `http(80)`.
fn server_in_info(info: &str, port: &str) -> Option<String> {
    let before = &info[..info.find(&format!("({port})"))?];
    let name = before.rsplit(' ').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns the frames in which Info and the label name the server's port differently, without those that have this
/// note. Also returns in how many frames both name it.
fn contradictions(read: Tshark, but: &str) -> (Vec<String>, usize) {
    let rows = read.fields(&["frame.number", "ephemeral.server_port", "ephemeral.label", "_ws.col.Info", but]);
    let (mut found, mut compared) = (Vec::new(), 0);
    for row in &rows {
        let [number, port, label, info, note] = &row[..] else { panic!("not a row of the fields: {row:?}") };
        let service = label.strip_suffix(')').and_then(|label| label.rsplit_once(" (")).map(|(_, service)| service);
        let (Some(service), Some(name)) = (service, server_in_info(info, port)) else { continue };
        compared += 1;
        if name != service && note.is_empty() {
            found.push(number.clone());
        }
    }
    (found, compared)
}

/// By default, Info shows a port's registered name even if the server offers another service. The label names the
/// service. Preferences add a note, or correct Info.
#[test]
fn the_label_and_info() {
    let mut compared = 0;
    for read in captures().iter().flat_map(passes).map(Tshark::names) {
        let corrected = contradictions(read.clone().set("ephemeral.correct_service:TRUE"), "ephemeral.other_service");
        assert_eq!(corrected.0, [""; 0]);
        compared += corrected.1;
        let noted = contradictions(read.set("ephemeral.note_service:TRUE"), "ephemeral.other_service");
        assert_eq!(noted.0, [""; 0], "Info and label differ without a note");
    }
    assert!(compared > 20, "{compared}");
}
