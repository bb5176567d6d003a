// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Each way to ask for our fields gives the same answer.

use crate::capture::{ACK, Capture, Conversation, FIN, igmp, ping, unreachable};
use crate::host::{Home, Tshark, split_ours};
use crate::seed;
use crate::sharkd::{Sharkd, our_lines, our_notes};
use crate::verdict::note;
use serde_json::Value;
use std::collections::BTreeMap;

const FIELDS: [&str; 15] = [
    "ephemeral.client",
    "ephemeral.client_port",
    "ephemeral.server",
    "ephemeral.server_port",
    "ephemeral.from_client",
    "ephemeral.source_port",
    "ephemeral.destination_port",
    "ephemeral.service",
    "ephemeral.label",
    "ephemeral.confidence",
    "ephemeral.evidence",
    "ephemeral.evidence_frame",
    "ephemeral.misnamed",
    "ephemeral.misnamed.port",
    "ephemeral.misnamed.name",
];

/// A frame's fields and their values.
type Values = BTreeMap<String, String>;

/// Handshakes at the start of each connection: one pass knows as much as two.
fn known_at_once() -> Capture {
    let v6 = Conversation::new("[2001:db8::23]:51234", "[2001:db8:1::10]:443").open();
    let nfs = Conversation::new("192.168.1.25:2049", "198.51.100.10:22").open();
    let first = Conversation::new("192.168.1.25:51234", "198.51.100.10:22").open().client(FIN | ACK, b"");
    let swapped = Conversation::new("198.51.100.10:22", "192.168.1.25:51234").sequence_numbers(70_000_000, 90_000_000);
    seed::conversation().then(v6).then(nfs).then(first).then(swapped.open()).into()
}

/// A handshake that is complete only late: the SYN-ACK is captured after the ACK.
fn known_late() -> Capture {
    let mut conversation = Conversation::new(seed::CLIENT, seed::SERVER).open().request(b"hello").skip(1);
    conversation.packets.swap(0, 1);
    conversation.into()
}

/// By `-T fields`.
fn by_fields(tshark: Tshark) -> Vec<Values> {
    let values = |row: Vec<String>| {
        let present = FIELDS.iter().zip(row).filter(|(_, value)| !value.is_empty());
        present.map(|(field, value)| (field.to_string(), plain(&value))).collect()
    };
    tshark.fields(&FIELDS).into_iter().map(values).collect()
}

/// Completion of filters in the window offers each protocol whose filter name begins with what was typed.
#[test]
fn completion_offers_no_protocol_but_ours() {
    let printed = Home::shared().command("tshark", &["-G", "protocols"]).output().expect("tshark runs").stdout;
    let printed = String::from_utf8_lossy(&printed);
    let offered =
        printed.lines().filter_map(|line| line.split('\t').nth(2)).filter(|name| name.starts_with("ephemeral"));
    assert_eq!(offered.collect::<Vec<_>>(), ["ephemeral"]);
}

/// Releases differ in how they print a boolean; no text of ours is one of these words.
fn plain(value: &str) -> String {
    match value {
        "True" => "1",
        "False" => "0",
        other => other,
    }
    .to_owned()
}

/// By `-T json`.
fn by_json(tshark: Tshark) -> Vec<Values> {
    let packets: Vec<Value> = serde_json::from_str(&tshark.with(&["-Tjson"]).stdout()).expect("tshark prints JSON");
    let values = |packet: &Value| {
        let ours = packet["_source"]["layers"]["tcp"]["ephemeral"].as_object().into_iter().flatten();
        let fields = ours.filter(|(name, _)| name.starts_with("ephemeral."));
        fields.map(|(field, value)| (field.clone(), plain(value.as_str().expect("text")))).collect()
    };
    packets.iter().map(values).collect()
}

/// By `-T pdml`: values, and the lines of the tree.
fn by_pdml(tshark: Tshark) -> (Vec<Values>, Vec<Vec<String>>) {
    let printed = tshark.with(&["-Tpdml"]).stdout();
    let packets = printed.split("<packet>").skip(1);
    packets
        .map(|packet| {
            let ours = || packet.lines().map(str::trim).filter(|line| line.starts_with("<field name=\"ephemeral."));
            let ours = || ours().filter(|line| !line.contains("ephemeral.port_misnamed"));
            let values = ours().map(|line| (attribute(line, "name"), plain(&attribute(line, "show"))));
            (values.collect(), ours().map(|line| attribute(line, "showname")).collect())
        })
        .unzip()
}

fn attribute(line: &str, name: &str) -> String {
    let (_, rest) = line.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {line}"));
    let (value, _) = rest.split_once('"').expect("it is quoted");
    value.to_owned()
}

/// By `-V`: the lines of our own fields.
fn by_tree(tshark: Tshark) -> Vec<Vec<String>> {
    let fields = |tree: Vec<String>| {
        let (_, ours) = split_ours(tree);
        let depth = |line: &String| line.len() - line.trim_start().len();
        let at = ours.first().map_or(0, depth) + 4;
        let fields = ours.iter().filter(|line| depth(line) == at && !line.contains("[Expert Info"));
        fields.map(|line| line.trim().trim_start_matches('[').trim_end_matches(']').to_owned()).collect()
    };
    // A "]" at the end belongs to the brackets, because none of our lines ends with one.
    tshark.trees().into_iter().map(fields).collect()
}

#[test]
fn every_view_of_tshark() {
    let read = || Tshark::read(&known_at_once());
    let expected = by_fields(read());
    assert!(expected.iter().all(|values| !values.is_empty()), "each packet is judged: {expected:?}");
    assert_eq!(by_fields(read().two_passes()), expected, "in two passes");
    assert_eq!(by_json(read()), expected, "JSON");
    assert_eq!(by_json(read().two_passes()), expected, "JSON in two passes");
    let (values, lines) = by_pdml(read());
    assert_eq!(values, expected, "PDML");
    assert_eq!(by_pdml(read().two_passes()), (values, lines.clone()), "PDML in two passes");
    assert_eq!(by_tree(read()), lines, "the tree");
    assert_eq!(by_tree(read().two_passes()), lines, "the tree in two passes");
}

#[test]
fn a_field_is_the_same_alone() {
    let all = by_fields(Tshark::read(&known_at_once()));
    for field in FIELDS {
        let alone = Tshark::read(&known_at_once()).field(field);
        let expected: Vec<_> = all.iter().map(|values| values.get(field).cloned().unwrap_or_default()).collect();
        assert_eq!(alone.iter().map(|value| plain(value)).collect::<Vec<_>>(), expected, "{field}");
    }
}

type Condition<'a> = &'a dyn Fn(&Values) -> bool;

/// Frames by display filter are the frames by value.
#[test]
fn display_filters() {
    let all = by_fields(Tshark::read(&known_at_once()));
    let frames = |wanted: Condition<'_>| {
        let matching = all.iter().enumerate().filter(|(_, values)| wanted(values));
        matching.map(|(index, _)| (index + 1).to_string()).collect::<Vec<_>>()
    };
    let is = |values: &Values, field: &str, value: &str| values.get(field).is_some_and(|other| other == value);
    let cases: [(&str, Condition<'_>); 8] = [
        ("ephemeral", &|_| true),
        ("ephemeral.misnamed", &|values| values.contains_key("ephemeral.misnamed")),
        ("ephemeral.misnamed.name == \"autonoc\"", &|values| is(values, "ephemeral.misnamed.name", "autonoc")),
        ("ephemeral.misnamed.port == 2049", &|values| is(values, "ephemeral.misnamed.port", "2049")),
        ("ephemeral.from_client == 0", &|values| is(values, "ephemeral.from_client", "0")),
        ("ephemeral.client == \"198.51.100.10\"", &|values| is(values, "ephemeral.client", "198.51.100.10")),
        ("ephemeral.server_port == 443", &|values| is(values, "ephemeral.server_port", "443")),
        ("ephemeral.confidence == 3", &|values| is(values, "ephemeral.confidence", "3")),
    ];
    for (filter, wanted) in cases {
        let expected = frames(wanted);
        assert!(!expected.is_empty(), "{filter} is about something");
        assert_eq!(Tshark::read(&known_at_once()).with(&["-Y", filter]).field("frame.number"), expected, "{filter}");
    }
}

/// The expected texts of the ports, with names on and off: the wrong name is taken out, the right one stays.
#[test]
fn columns_for_ports() {
    let columns = r#"gui.column.format:"a","%Cus:ephemeral.source_port","b","%Cus:ephemeral.destination_port""#;
    let printed = |tshark: Tshark| -> Vec<String> {
        tshark.with(&["-o", columns]).stdout().lines().map(|line| line.trim().to_owned()).collect()
    };
    let expected = |client: &str, server: &str| -> Vec<String> {
        let line = |sender| if sender == 'c' { format!("{client} {server}") } else { format!("{server} {client}") };
        seed::SENDERS.chars().map(line).collect()
    };
    let read = || Tshark::read(&seed::capture());
    assert_eq!(printed(read()), expected("1140", "80"), "names off");
    assert_eq!(printed(read().names()), expected("1140", "http (80)"));
    assert_eq!(printed(read().names().two_passes()), expected("1140", "http (80)"), "in two passes");
    let declared = read().names().set("ephemeral.server_ports:1140");
    assert_eq!(printed(declared), expected("autonoc (1140)", "http (80)"), "declared a service");
    assert_eq!(read().names().field("ephemeral.destination_port")[0], "http (80)", "without a column");
    let unnamed: Capture = Conversation::new("192.168.1.23:49152", "198.51.100.10:49999").open().into();
    assert_eq!(printed(Tshark::read(&unnamed).names()), ["49152 49999", "49999 49152", "49152 49999"]);
}

/// Where the evidence is too weak for a correction, the port keeps the name that the host shows.
#[test]
fn a_weak_verdict_takes_no_name() {
    let unsure: Capture = Conversation::new(seed::CLIENT, seed::SERVER).ack().into();
    let read = || Tshark::read(&unsure).names().set("ephemeral.note_confidence:handshake");
    assert_eq!(read().field("ephemeral.source_port"), ["autonoc (1140)"]);
    assert_eq!(read().set("ephemeral.infer:FALSE").field("ephemeral.source_port"), [""]);
}

#[test]
fn a_column() {
    let labels = Tshark::read(&known_at_once()).field("ephemeral.label");
    let column = r#"gui.column.format:"Conversation","%Cus:ephemeral.label""#;
    let printed = Tshark::read(&known_at_once()).with(&["-o", column]).stdout();
    assert_eq!(printed.lines().map(str::trim).collect::<Vec<_>>(), labels);
}

/// A ping, a connection's handshake, an error that quotes its SYN, a report of IGMP.
fn with_and_without_ports() -> Capture {
    let handshake = Conversation::new(seed::CLIENT, seed::SERVER).open().packets;
    let error = unreachable(&handshake[0], 8);
    let ping = ping("192.168.1.23:0", "198.51.100.10:0");
    Capture::ethernet(&[&[ping], &handshake[..], &[error, igmp()]].concat())
}

/// The profile's columns: who sent a packet, and its conversation, or else its addresses.
#[test]
fn columns_of_the_profile() {
    let columns =
        r#"gui.column.format:"From","%Cus:ephemeral.from:0:R","Conversation","%Cus:ephemeral.conversation:0:R""#;
    let conversation = "192.168.1.23:1140 → 198.51.100.10:80 (http)";
    let expected = [
        "192.168.1.23 → 198.51.100.10",
        &format!("client {conversation}"),
        &format!("server {conversation}"),
        &format!("client {conversation}"),
        conversation, // sent by neither end
        "192.168.1.23 → 239.1.2.3",
    ];
    let capture = with_and_without_ports();
    let read = || Tshark::read(&capture).with(&["-o", columns]);
    let printed = |tshark: Tshark| tshark.stdout().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(printed(read()), expected);
    assert_eq!(printed(read().two_passes()), expected, "in two passes");
    let hierarchy = |tshark: Tshark| tshark.with(&["-q", "-z", "io,phs"]).stdout();
    assert_eq!(hierarchy(read()), hierarchy(read().disabled()));
}

/// The fields of the profile's columns exist only if something asks for them.
#[test]
fn the_profiles_fields_are_not_in_the_way() {
    let capture = with_and_without_ports();
    let read = || Tshark::read(&capture);
    assert_eq!(read().frames("ephemeral.conversation && !ephemeral.label"), ["1", "6"]);
    assert_eq!(read().frames("ephemeral.conversation == ephemeral.label"), ["2", "3", "4", "5"]);
    assert_eq!(read().frames("ephemeral.conversation == \"192.168.1.23 → 239.1.2.3\""), ["6"]);
    assert_eq!(read().frames("ephemeral.from == \"server\""), ["3"]);
    let output = |arguments: &[&str]| {
        let printed = read().with(arguments).stdout();
        (printed.contains("ephemeral.conversation"), printed.contains("ephemeral.from\""))
    };
    assert_eq!(output(&["-Tpdml"]), (false, false));
    assert_eq!(output(&["-Tjson"]), (false, false));
    assert_eq!(output(&["-Tpdml", "-Y", "ephemeral.conversation"]), (true, false));
    let tree = |tshark: Tshark| tshark.trees();
    assert_eq!(tree(read().with(&["-Y", "ephemeral.conversation"]))[0], tree(read().disabled())[0]);
}

#[test]
fn two_passes_know_what_shows_late() {
    let read = || Tshark::read(&known_late()).two_passes();
    let expected = by_fields(read());
    assert!(expected.iter().all(|values| values["ephemeral.evidence"] == "SYN-ACK in frame 2"), "{expected:?}");
    assert_eq!(by_json(read()), expected);
    let (values, lines) = by_pdml(read());
    assert_eq!(values, expected);
    assert_eq!(by_tree(read()), lines);
    let filter = "ephemeral.evidence == \"SYN-ACK in frame 2\"";
    assert_eq!(read().with(&["-Y", filter]).field("frame.number"), ["1", "2", "3"]);
}

/// sharkd, like the window, reads the whole file and then dissects frames as they are looked at.
/// A frame that a read filter drops gives its number to the next one, which is still new to the plugin.
#[test]
fn a_read_filter_drops_frames() {
    let other = || Conversation::new("192.168.1.99:50000", "198.51.100.99:50001").open();
    let capture: Capture = other().then(seed::conversation()).into();
    let shown = |filter: &str| {
        Tshark::read(&capture).with(&["-2", "-R", filter]).fields(&["frame.number", "ephemeral.evidence"])
    };
    let of = |count: usize| -> Vec<_> {
        (1..=count).map(|number| vec![number.to_string(), "SYN in frame 1".to_owned()]).collect()
    };
    assert_eq!(shown("ip.addr == 198.51.100.10"), of(9));
    // One frame is left, and so packet 1 is all that the second pass shows.
    assert_eq!(shown("tcp.flags.reset == 1"), of(1));
}

#[test]
fn frames_out_of_order() {
    for (capture, order) in [(known_at_once(), &[5, 1, 19, 9, 1, 5, 12][..]), (known_late(), &[3, 1, 2, 1])] {
        let lines = by_tree(Tshark::read(&capture).two_passes());
        let asked = order.iter().fold(Sharkd::default().load(&capture), |sharkd, frame| sharkd.frame(*frame));
        let answers = asked.answers(&Home::shared());
        for (answer, frame) in answers[1..].iter().zip(order) {
            assert_eq!(our_lines(answer), lines[*frame as usize - 1], "frame {frame}");
        }
    }
}

#[test]
fn notes_of_sharkd() {
    let asked = Sharkd::default().load(&seed::capture()).frame(5).frame(1).expert();
    let answers = asked.answers(&Home::shared());
    let expected: Vec<_> = (1..=9).map(|frame| (frame, note(1140, "autonoc"))).collect();
    let mut notes = our_notes(&answers[3]);
    notes.sort();
    assert_eq!(notes, expected);
}

#[test]
fn another_file_starts_afresh() {
    let ends = |client, server| Conversation::new(client, server).open().request(b"hello");
    let first = ends(seed::CLIENT, seed::SERVER).into();
    // The same ends with swapped roles, without a SYN. The plugin must have forgotten the first file.
    let second: Capture = ends(seed::SERVER, seed::CLIENT).skip(1).into();
    let asked = Sharkd::default().load(&first).frame(3).load(&second).frame(3).frame(1).load(&first).frame(3);
    let answers = asked.answers(&Home::shared());
    let expected = |capture| by_tree(Tshark::read(capture).two_passes());
    assert_eq!(our_lines(&answers[1]), expected(&first)[2]);
    assert_eq!(our_lines(&answers[3]), expected(&second)[2]);
    assert_eq!(our_lines(&answers[4]), expected(&second)[0]);
    assert_eq!(our_lines(&answers[6]), expected(&first)[2]);
    assert!(expected(&second)[0].contains(&"Evidence: SYN-ACK in frame 1".to_owned()));
}
