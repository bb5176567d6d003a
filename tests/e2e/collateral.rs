// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Nothing of the host's changes but wrong names: every output and every statistic that the host offers is compared with
//! and without the plugin. What may differ is what [`corrected`] says, and what is ours where it was asked for.

use crate::capture::{Capture, Conversation, Packet, datagram, fragments, in_gre, in_vxlan, unreachable};
use crate::host::{self, Home, Tshark, release};
use crate::seed::{self, CLIENT, SERVER};
use crate::sharkd::Sharkd;
use crate::wrong_dissector::{CORRECT, wireguard};
use serde_json::{Value, json};

/// Every form of output.
const FORMATS: &[&[&str]] = &[
    &[],
    &["-V"],
    &["-P", "-V", "-x"],
    &["-Tjson"],
    &["-Tjsonraw"],
    &["-Tek"],
    &["-Tpdml"],
    &["-Tpsml"],
    &["-Ttabs"],
    &["-Tfields", "-e_ws.col.Info", "-etcp.port", "-eframe.protocols", "-e_ws.expert.message"],
];

/// What the statistics need to be told; `NAME` alone is enough for the others.
const ARGUMENTS: [(&str, &str); 8] = [
    ("follow,quic", ",ascii,0,0"),
    ("follow,http2", ",ascii,0,0"),
    ("follow,", ",ascii,0"),
    ("flow,", ",standard"),
    ("io,stat", ",1"),
    ("rpc,srt", ",100003,3"),
    ("dcerpc,srt", ",e1af8308-5d1f-11c9-91a4-08002b14a0fa,3.0"),
    ("scsi,srt", ",0"),
];

/// What cannot be had, whatever it is told: without such streams; with `-q`; what is never switched on.
const REFUSED: [&str; 5] = ["follow,sip", "follow,mp2t", "follow,mpeg-pes", "proto,colinfo", "smb,sids"];

/// What crashes 3.4, and what prints there whatever is in its memory.
const BROKEN_IN_3_4: [&str; 2] = ["rtsp,stat", "gsm_map,operation"];

/// What ends sharkd, which cannot tell them what they need.
const ENDS_SHARKD: [&str; 4] = ["srt:dcerpc", "srt:rpc", "srt:scsi", "srt:ncp"];

/// What some of the statistics want to have been set.
const SET: [&str; 2] = ["megaco.ctx_info:TRUE", "h248.ctx_info:TRUE"];

/// Only what was asked for: no note, none of our lines.
const UNASKED: [&str; 2] = ["ephemeral.note:never", "ephemeral.layer:asked"];

/// What the two clients' ports are called, and what is right.
const CORRECTIONS: [(&str, &str); 2] = [("autonoc", "1140"), ("nfa", "1155")];

/// Tunnels, quotes, fragments, both transports and IPv6; from the middle as well.
fn mixture() -> Vec<Packet> {
    let v6 = Conversation::new("[2001:db8::23]:1140", "[2001:db8:1::10]:80").open();
    let other = Conversation::new("192.168.1.24:1140", "198.51.100.10:80").open();
    let fragmented = fragments(&Conversation::new(CLIENT, SERVER).open().request(&[b'x'; 100]).packets[3], 48);
    let late = Conversation::new("192.168.1.25:1140", "198.51.100.10:80");
    let late = late.open().request(b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n").skip(3);
    let mut packets = seed::conversation().then(v6).then(late).packets;
    packets.push(unreachable(&packets[3], 20));
    packets.extend(fragmented);
    packets.extend(other.packets.iter().map(|packet| in_gre(packet)));
    packets.extend(other.packets.iter().map(|packet| in_vxlan(packet)));
    // A query for the root's name servers, and what is no DNS.
    let query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";
    packets.push(datagram("192.168.1.23:1155", "198.51.100.10:53", query));
    packets.push(datagram("192.168.1.23:49152", "198.51.100.10:50001", b"x"));
    packets
}

fn captures() -> [Vec<u8>; 2] {
    [Capture::ethernet(&mixture()).to_pcap(), include_bytes!("../captures/seed-recorded.pcapng").to_vec()]
}

/// What the host prints without the plugin, its wrong names replaced by hand.
fn corrected(printed: &str) -> String {
    CORRECTIONS.iter().fold(printed.to_owned(), |text, (wrong, port)| {
        text.replace(&format!("{wrong}({port})"), port).replace(&format!("{wrong} ({port})"), port)
    })
}

/// The first line that differs, for a message that can be read. That with the time at which it was printed may.
fn assert_same(what: &str, after: &str, before: &str) {
    let timeless = |text: &str| text.lines().filter(|line| !line.starts_with("<pdml ")).collect::<Vec<_>>().join("\n");
    let (after, before) = (timeless(after), timeless(before));
    let differing = after.lines().zip(before.lines()).find(|(after, before)| after != before);
    assert!(differing.is_none() && after.lines().count() == before.lines().count(), "{what}: {differing:#?}");
}

fn set(tshark: Tshark, preferences: &[&str]) -> Tshark {
    preferences.iter().fold(tshark, |tshark, preference| tshark.set(preference))
}

#[test]
fn every_output_without_what_nobody_asked_for() {
    for capture in captures() {
        let home = Home::shared();
        let read = Tshark::read_file(home, &capture).names();
        for format in FORMATS {
            let before = read.clone().disabled().with(format).stdout();
            let after = set(read.clone(), &UNASKED).with(format).stdout();
            assert!(before.len() > 1000, "{format:?} prints something");
            assert_same(&format!("{format:?}"), &after, &corrected(&before));
        }
    }
}

/// Beside a conversation that is decoded by its server's port, all others stay byte for byte; where the verdict is not sure
/// enough, that one does, too.
#[test]
fn every_output_beside_a_corrected_dissector() {
    let corrected = "udp.port == 44818 && udp.port == 51820";
    let mut packets = mixture();
    packets.extend(wireguard());
    // The same server, the same client's port, and what is dissected by a server's port.
    packets.push(datagram("192.168.1.23:50001", "198.51.100.10:51820", &[0; 24]));
    packets.push(datagram("192.168.1.24:44818", "198.51.100.11:50002", &[0; 24]));
    packets.push(datagram("192.168.1.23:50001", "192.0.2.9:44818", &[0; 24]));
    let capture = Capture::ethernet(&packets).to_pcap();
    let read = Tshark::read_file(Home::shared(), &capture).names();
    let decoded = read.clone().two_passes().set(CORRECT).with(&["-Y", &format!("{corrected} && wg")]);
    assert_eq!(decoded.stdout().lines().count(), wireguard().len());
    let compare = |read: Tshark, format: &[&str]| {
        let off = read.clone().with(format).stdout();
        assert!(off.len() > 1000, "{format:?} prints something");
        assert_same(&format!("{format:?}"), &read.set(CORRECT).with(format).stdout(), &off);
    };
    let others = read.clone().with(&["-Y", &format!("!({corrected})")]);
    for (at, format) in FORMATS.iter().enumerate() {
        // A second pass shows no less.
        compare(if at < 2 { others.clone() } else { others.clone().two_passes() }, format);
    }
    compare(read.clone().two_passes().set("ephemeral.note_confidence:handshake"), FORMATS[2]);
    compare(read.two_passes().set("ephemeral.infer:FALSE"), FORMATS[2]);
}

/// By default our lines are there, below TCP's or UDP's; whatever else is there is the host's, in its order.
#[test]
fn every_output_without_our_lines() {
    for capture in captures() {
        let read = Tshark::read_file(Home::shared(), &capture).names();
        let print = |format| (read.clone().disabled().with(&[format]).stdout(), read.clone().with(&[format]).stdout());

        let (before, after) = print("-Tpdml");
        assert_ne!(after, before);
        assert_same("PDML", &without_proto(&after), &corrected(&before));

        let (before, after) = print("-Tek");
        assert_same("ek", &without_member(&after), &before);

        let (before, after) = print("-Tjson");
        let layers = |printed: &str| {
            let is_layer = |line: &&str| line.starts_with("        \"") && !line.starts_with("         ");
            printed.lines().filter(is_layer).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(layers(&after), layers(&before), "the layers in JSON");
        let (before, mut after): (Value, Value) = (parse(&before), parse(&after));
        remove_ours(&mut after);
        assert!(after == before, "JSON differs");
    }
}

fn parse(printed: &str) -> Value {
    serde_json::from_str(printed).expect("tshark prints JSON")
}

/// Removes our object, at any depth.
fn remove_ours(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(remove_ours),
        Value::Object(members) => {
            members.remove("ephemeral");
            members.values_mut().for_each(remove_ours);
        }
        _ => {}
    }
}

/// PDML without our protocol's elements.
fn without_proto(printed: &str) -> String {
    let mut end = None;
    let mut keep = String::new();
    for line in printed.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        match &end {
            None if line.trim_start().starts_with("<proto name=\"ephemeral\"") => {
                end = Some(format!("{indent}</proto>"))
            }
            None => keep.extend([line, "\n"]),
            Some(last) if line == last => end = None,
            Some(_) => {}
        }
    }
    keep
}

/// `-T ek` without our member and what is in it. None of our texts has a brace.
fn without_member(printed: &str) -> String {
    let mut rest = printed;
    let mut keep = String::new();
    while let Some(start) = rest.find(",\"ephemeral\":{") {
        keep.push_str(&rest[..start]);
        let mut depth = 0;
        let end = rest[start..].find(|letter| {
            depth += match letter {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            letter == '}' && depth == 0
        });
        rest = &rest[start + end.expect("it is closed") + 1..];
    }
    keep + rest
}

/// What `-z help` lists, ours apart, each with what it needs to be told.
fn statistics() -> Vec<String> {
    let output = Tshark::read(&seed::capture()).with(&["-z", "help"]).output();
    let printed = host::text(&output.stdout) + &host::text(&output.stderr);
    let listed = printed.lines().filter(|line| line.starts_with(' ')).map(str::trim);
    let is_broken = |name: &str| release() == (3, 4) && BROKEN_IN_3_4.contains(&name);
    let can_be_had = |name: &&str| !name.contains("ephemeral") && !REFUSED.contains(name) && !is_broken(name);
    let listed: Vec<_> = listed.filter(can_be_had).collect();
    assert!(listed.len() > 100 && listed.contains(&"io,phs"), "the list: {printed}");
    let told = |name: &str| {
        let argument = ARGUMENTS.iter().find(|(start, _)| name.starts_with(start)).map_or("", |(_, argument)| argument);
        format!("{name}{argument}")
    };
    listed.into_iter().map(told).collect()
}

/// All in one run: they see the same packets. With names on, a flow graph cuts the corrected Info elsewhere
/// (`everywhere.rs` looks at that).
#[test]
fn every_statistic() {
    let statistics = statistics();
    let named: Vec<_> = statistics.iter().filter(|name| !name.starts_with("flow,")).cloned().collect();
    for capture in captures() {
        let read = || set(Tshark::read_file(Home::shared(), &capture), &SET).with(&["-q"]);
        for (read, statistics) in [(read(), &statistics), (read().two_passes(), &statistics), (read().names(), &named)]
        {
            let wanted: Vec<_> = statistics.iter().flat_map(|name| ["-z", name]).collect();
            let before = read.clone().disabled().with(&wanted).stdout();
            let after = set(read, &UNASKED).with(&wanted).stdout();
            assert!(before.lines().count() > statistics.len(), "{before}");
            assert_same("statistics", &after, &corrected(&before));
        }
    }
}

/// Whatever else in the same run has the host put our fields and notes into the tree.
#[test]
fn the_protocol_hierarchy_does_not_count_us() {
    let hierarchy = |tshark: Tshark| {
        let printed = tshark.with(&["-q", "-z", "io,phs"]).stdout();
        let lines = printed.lines().skip_while(|line| !line.starts_with("Protocol Hierarchy"));
        lines.take_while(|line| !line.starts_with("====")).map(str::to_owned).collect::<Vec<_>>()
    };
    for capture in captures() {
        let read = || Tshark::read_file(Home::shared(), &capture);
        let before = hierarchy(read().disabled());
        assert!(before.len() > 5, "{before:#?}");
        assert_eq!(hierarchy(read()), before);
        for beside in ["expert", "ephemeral,tree", "conv,ephemeral", "io,stat,1,ephemeral.misnamed"] {
            assert_eq!(hierarchy(read().with(&["-z", beside])), before, "beside {beside}");
        }
        let all = || read().with(&["-Y", "tcp or udp or icmp"]);
        let before = hierarchy(all().disabled());
        assert_eq!(hierarchy(all().with(&["-z", "io,stat,1,ephemeral.port_misnamed"])), before, "beside a filter");
        let filtered = hierarchy(read().with(&["-Y", "ephemeral.misnamed && ephemeral.client && ephemeral"]));
        assert!(filtered.len() > 5 && !filtered.concat().contains("ephemeral"), "{filtered:#?}");
        let filtered = hierarchy(read().with(&["-Y", "ephemeral.port_misnamed"]));
        assert!(filtered.len() > 5 && !filtered.concat().contains("_ws.expert"), "{filtered:#?}");
    }
}

/// All that sharkd says it can be asked for, by the name that `tap` takes.
fn taps(info: &Value, found: &mut Vec<String>) {
    match info {
        Value::Array(values) => values.iter().for_each(|value| taps(value, found)),
        Value::Object(members) => {
            if let Some(Value::String(tap)) = members.get("tap") {
                found.push(tap.clone());
            }
            members.values().for_each(|value| taps(value, found));
        }
        _ => {}
    }
}

#[test]
fn every_tap_of_sharkd() {
    let home = |preferences: &str, disabled: &str| {
        let set = SET.map(|preference| preference.replace(':', ": ")).join("\n");
        let preferences = format!("nameres.transport_name: TRUE\n{set}\n{preferences}");
        Home::with_configuration(&[("preferences", &preferences), ("disabled_protos", disabled)])
    };
    let with = home("ephemeral.note: never\nephemeral.layer: asked\n", "");
    let without = home("", "ephemeral\n");
    let info = Sharkd::default().ask("info", json!({})).replies(&without).remove(0);
    let mut listed = Vec::new();
    taps(&info, &mut listed);
    // Ours; and what the method `follow` is asked for.
    listed.retain(|tap| !tap.to_lowercase().contains("ephemeral") && !tap.starts_with("follow:"));
    listed.retain(|tap| !ENDS_SHARKD.contains(&tap.as_str()));
    if release() >= (4, 6) {
        listed.push("phs".to_owned());
    }
    assert!(listed.len() > 20, "{info}");
    for capture in captures() {
        let loaded = Sharkd::default().load_file(&capture);
        let asked = || listed.iter().fold(loaded.clone(), |sharkd, tap| sharkd.ask("tap", json!({ "tap0": tap })));
        let (before, after) = (asked().replies(&without), asked().replies(&with));
        for (tap, (before, after)) in listed.iter().zip(before.iter().zip(&after).skip(1)) {
            assert_same(tap, &after.to_string(), &corrected(&before.to_string()));
        }
    }
}
