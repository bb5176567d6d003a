// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Searches all text that tshark and sharkd print about the recorded capture, with names on. The wrong name may be only
//! where [`MAY_NAME`] and [`SHARKD_MAY_NAME`] say.

use crate::host::{Home, Tshark, release};
use crate::sharkd::Sharkd;
use serde_json::{Value, json};

const WRONG: &str = "autonoc";
/// Shows that names were on when a view was printed.
const RIGHT: &str = "http";

/// Texts that may contain the wrong name, and why. docs/limits.md says the same.
const MAY_NAME: [(&str, &str); 7] = [
    ("is only the name registered for that number", "our own note says which name is wrong"),
    ("ephemeral_misnamed_name", "our own field says which name is wrong"),
    ("ephemeral.misnamed.name", "as above"),
    ("Wrong Name: ", "as above"),
    ("@conversation", "conv,tcp: made from the number, by the host"),
    ("@endpoint", "endpoints,tcp: as above"),
    ("@statistics", "our own statistics name what is misnamed"),
];

/// The output formats with their options.
const VIEWS: &[&[&str]] = &[
    &[],
    &["-V"],
    &["-x"],
    &["-P", "-V", "-x"],
    &["-Tjson"],
    &["-Tjson", "--no-duplicate-keys"],
    &["-Tjsonraw"],
    &["-Tek"],
    &["-Tpdml"],
    &["-Tpsml"],
    &["-Ttabs"],
    &["-Tfields", "-e_ws.col.Info", "-etcp.port", "-etcp.srcport", "-etcp.dstport"],
    &["-Tfields", "-eephemeral.source_port", "-eephemeral.destination_port", "-eephemeral.label"],
    &["--color"],
    &["-z", "proto,colinfo,tcp.srcport,tcp.srcport"],
];

/// The statistics without an exception, which `-z` prints in one run.
const STATISTICS: &[&str] = &[
    "follow,tcp,ascii,0",
    "follow,tcp,hex,0",
    "follow,http,ascii,0",
    "flow,any,standard",
    "flow,any,network",
    "flow,tcp,standard",
    "flow,tcp,network",
    "io,stat,1",
    "io,stat,1,ephemeral.misnamed",
    "io,phs",
    "conv,ephemeral",
    "endpoints,ephemeral",
    "conv,ip",
    "endpoints,ip",
    "http,tree",
    "http_req,tree",
    "http_seq,tree",
    "http_srv,tree",
    "ephemeral,services",
    "ephemeral_bytes,tree",
    "ephemeral_doubts,tree",
    "hosts",
    "expert",
];

/// What Wireshark's own plugin `stats_tree` prints, which a build of Wireshark need not have.
const STATISTICS_OF_A_PLUGIN: &[&str] = &["ip_hosts,tree", "ip_srcdst,tree", "ptype,tree", "dests,tree", "plen,tree"];

/// The views that need an exception, with its name in [`MAY_NAME`].
const EXCEPTIONS: [(&str, &str); 3] =
    [("conv,tcp", "@conversation"), ("endpoints,tcp", "@endpoint"), ("ephemeral,tree", "@statistics")];

fn read() -> Tshark {
    Tshark::read_file(Home::shared(), include_bytes!("../captures/seed-recorded.pcapng")).names()
}

/// The lines with the wrong name that no exception covers.
fn offences(view: &str, printed: &str) -> Vec<String> {
    let allowed = |line: &str| MAY_NAME.iter().any(|(mark, _)| line.contains(mark) || view.starts_with(mark));
    let named = printed.lines().filter(|line| line.contains(WRONG));
    // Several values stand on one line of -T ek.
    let wrong =
        |line: &&str| line.split(',').filter(|part| part.contains(WRONG)).any(|part| !allowed(part) && !allowed(line));
    named.filter(wrong).map(|line| format!("{view}: {line}")).collect()
}

fn check(name: &str, tshark: Tshark, found: &mut Vec<String>) {
    for (passes, tshark) in [("one pass", tshark.clone()), ("two passes", tshark.two_passes())] {
        let printed = tshark.stdout();
        assert!(!printed.trim().is_empty(), "{name} in {passes} prints nothing");
        found.extend(offences(&format!("{name} in {passes}"), &printed));
    }
}

/// The options that print these statistics, in one run.
fn printing(statistics: &[&'static str]) -> Vec<&'static str> {
    std::iter::once("-q").chain(statistics.iter().flat_map(|name| ["-z", name])).collect()
}

#[test]
fn the_wrong_name_is_only_where_the_list_says() {
    let mut found = Vec::new();
    for view in VIEWS {
        check(&view.join(" "), read().with(view), &mut found);
    }
    check("-z", read().with(&printing(STATISTICS)), &mut found);
    for (statistics, exception) in EXCEPTIONS {
        check(exception, read().with(&["-q", "-z", statistics]), &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Not run where that plugin is missing (tests/windows/e2e.sh).
#[test]
fn the_wrong_name_is_not_in_the_statistics_of_wiresharks_own_plugin() {
    let mut found = Vec::new();
    check("-z", read().with(&printing(STATISTICS_OF_A_PLUGIN)), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

/// Without the plugin, the name is in each of these views. Otherwise the tests above would pass for the wrong reason.
#[test]
fn without_the_plugin_the_wrong_name_is_there() {
    for view in [&["-V"][..], &["-Tpdml"], &["-P"], &["-Tfields", "-e_ws.col.Info"], &["-q", "-z", "flow,any,standard"]]
    {
        let printed = read().disabled().with(view).stdout();
        assert!(printed.contains(WRONG) && printed.contains(RIGHT), "{view:?}");
    }
}

/// Since 4.2, the host's columns are also fields to filter by. The host fills in these fields before the plugin runs.
#[test]
fn the_info_column_as_a_field() {
    if release() < (4, 2) {
        return;
    }
    let info = read().info();
    let fields =
        |tshark: Tshark| tshark.field("_ws.col.info").iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(fields(read()), info);
    assert_eq!(fields(read().two_passes()), read().two_passes().info());
    let frames = read().frames("_ws.col.info contains \"1140 →\"");
    assert!(!frames.is_empty() && frames == read().frames("tcp.srcport == 1140 && !http"), "{frames:?}");
    assert_eq!(read().frames("_ws.col.info contains \"autonoc\""), Vec::<String>::new());
}

/// Places in sharkd's answers where a value may be just the wrong name, which the host makes from the number.
const SHARKD_MAY_NAME: [(&str, &str); 3] = [("follow", "cport"), ("conv:TCP", "sport"), ("endpt:TCP", "port")];

/// The questions to sharkd about the recorded capture, with their names.
fn questions() -> Vec<(&'static str, &'static str, Value)> {
    let columns = json!({ "column0": "ephemeral.source_port:0", "column1": "ephemeral.label:0" });
    let whole = json!({ "frame": 1, "proto": true, "columns": true, "bytes": true, "color": true, "hidden": true });
    let stream = json!({ "follow": "TCP", "filter": "tcp.stream==0" });
    let mut questions = vec![
        ("frames", "frames", json!({})),
        ("frames with columns", "frames", columns),
        ("frame", "frame", whole),
        ("follow", "follow", stream),
        ("intervals", "intervals", json!({ "interval": 1 })),
    ];
    for tap in [
        "conv:TCP",
        "endpt:TCP",
        "conv:IPv4",
        "conv:Ephemeral Ports",
        "endpt:Ephemeral Ports",
        "expert",
        "seqa:any",
        "seqa:tcp",
        "stat:http",
    ] {
        questions.push((tap, "tap", json!({ "tap0": tap })));
    }
    questions.push(("@statistics", "tap", json!({ "tap0": "stat:ephemeral" })));
    questions
}

/// All texts in an answer, each with the name that it has there.
fn texts(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((name.to_owned(), text.clone())),
        Value::Array(values) => values.iter().for_each(|value| texts(name, value, found)),
        Value::Object(values) => values.iter().for_each(|(name, value)| texts(name, value, found)),
        _ => {}
    }
}

/// Asks sharkd, with names on; the answers by the names of [`questions`].
fn ask_sharkd(preferences: &str) -> Vec<(&'static str, Value)> {
    let home = Home::with_configuration(&[("preferences", &format!("nameres.transport_name: TRUE\n{preferences}"))]);
    let loaded = Sharkd::default().load_file(include_bytes!("../captures/seed-recorded.pcapng"));
    let asked = questions().into_iter().fold(loaded, |sharkd, (_, method, what)| sharkd.ask(method, what));
    let names = questions().into_iter().map(|(name, ..)| name);
    names.zip(asked.answers(&home).split_off(1)).collect()
}

#[test]
fn the_wrong_name_is_only_where_the_list_says_in_sharkd() {
    let mut found = Vec::new();
    let mut excepted = Vec::new();
    for (name, answer) in ask_sharkd("") {
        let mut all = Vec::new();
        texts("", &answer, &mut all);
        let named = name == "intervals" || !all.is_empty();
        assert!(named, "{name} has no text: {answer}");
        for (key, text) in all {
            match SHARKD_MAY_NAME.iter().find(|may| text == WRONG && **may == (name, key.as_str())) {
                Some(may) => excepted.push(*may),
                None => found.extend(offences(name, &text)),
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    excepted.dedup();
    assert_eq!(excepted, SHARKD_MAY_NAME, "what docs/limits.md lists is still so");
}

/// As above: otherwise that test would pass for the wrong reason.
#[test]
fn without_corrections_the_wrong_name_is_in_sharkd() {
    for (name, answer) in ask_sharkd("ephemeral.correct_info: FALSE\nephemeral.correct_tree: FALSE\n") {
        if ["frames", "frame", "seqa:any"].contains(&name) {
            let mut all = Vec::new();
            texts("", &answer, &mut all);
            assert!(all.iter().any(|(_, text)| !offences(name, text).is_empty()), "{name}: {answer}");
        }
    }
}
