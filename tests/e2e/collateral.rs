// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The plugin changes nothing in the host's output but wrong names. Every output and every statistic of the host is
//! compared with and without the plugin. Only the names that [`corrected`] replaces may differ, and our own output
//! where a test asks for it.

use crate::capture::{Capture, Conversation, Packet, datagram, fragments, in_gre, in_vxlan, unreachable};
use crate::host::{self, Home, Tshark, release};
use crate::seed::{self, CLIENT, SERVER};
use crate::sharkd::Sharkd;
use crate::wrong_dissector::{CORRECT, wireguard};
use serde_json::{Value, json};

/// Every output format.
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

/// The arguments that some statistics need. The others need only their name.
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

/// Statistics that are not available with any argument: the capture has no such streams, `-q` is set, or the statistic
/// is never switched on.
const REFUSED: [&str; 5] = ["follow,sip", "follow,mp2t", "follow,mpeg-pes", "proto,colinfo", "smb,sids"];

/// Statistics that crash 3.4 or print uninitialized memory there.
const BROKEN_IN_3_4: [&str; 2] = ["rtsp,stat", "gsm_map,operation"];

/// Taps that end sharkd, because it cannot pass the arguments that they need.
const ENDS_SHARKD: [&str; 4] = ["srt:dcerpc", "srt:rpc", "srt:scsi", "srt:ncp"];

/// Preferences that some of the statistics need.
const SET: [&str; 2] = ["megaco.ctx_info:TRUE", "h248.ctx_info:TRUE"];

/// Switches off our notes, and our lines unless something asks for them.
const UNASKED: [&str; 2] = ["ephemeral.note:never", "ephemeral.layer:asked"];

/// The wrong names of the two clients' ports, and the numbers that replace them.
const CORRECTIONS: [(&str, &str); 2] = [("autonoc", "1140"), ("nfa", "1155")];

/// Packets in tunnels, quoted packets, fragments, TCP and UDP, IPv6, and a connection without its handshake.
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
    // A DNS query for the root's name servers, and a datagram that is not DNS.
    let query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\0\0\x02\0\x01";
    packets.push(datagram("192.168.1.23:1155", "198.51.100.10:53", query));
    packets.push(datagram("192.168.1.23:49152", "198.51.100.10:50001", b"x"));
    packets
}

fn captures() -> [Vec<u8>; 2] {
    [Capture::ethernet(&mixture()).to_pcap(), include_bytes!("../captures/seed-recorded.pcapng").to_vec()]
}

/// The host's output without the plugin, with its wrong names replaced.
fn corrected(printed: &str) -> String {
    CORRECTIONS.iter().fold(printed.to_owned(), |text, (wrong, port)| {
        text.replace(&format!("{wrong}({port})"), port).replace(&format!("{wrong} ({port})"), port)
    })
}

/// Compares two outputs, and shows the first line that differs. The line with the time of printing may differ.
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

/// If the plugin decodes a conversation by its server's port, the output for all other conversations stays the same. If
/// the verdict is not sure enough, the output for that conversation stays the same, too.
#[test]
fn every_output_beside_a_corrected_dissector() {
    let corrected = "udp.port == 44818 && udp.port == 51820";
    let mut packets = mixture();
    packets.extend(wireguard());
    // A datagram to the same server, one from the same client's port, and one that is dissected by a server's port.
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
        // Two formats are compared in one pass, the others in two.
        compare(if at < 2 { others.clone() } else { others.clone().two_passes() }, format);
    }
    compare(read.clone().two_passes().set("ephemeral.note_confidence:handshake"), FORMATS[2]);
    compare(read.two_passes().set("ephemeral.infer:FALSE"), FORMATS[2]);
}

/// By default, our lines are below TCP's or UDP's. All other output is the host's, in its order.
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

/// The statistics that `-z help` lists, without ours, each with the arguments that it needs.
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

/// All statistics are in one run, because they see the same packets. With names on, a flow graph truncates the
/// corrected Info at another place (`everywhere.rs` checks that).
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

/// Other options in the same run make the host put our fields and notes into the tree.
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

/// Appends the names of all taps in sharkd's answer to `info`.
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
    // Drops our taps, and those of the method `follow`.
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
