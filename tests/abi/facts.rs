// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The facts that our sources rely on, and those of Wireshark's headers, as `layout.c` prints them. `main.rs` and
//! `headers.rs` compare them.

use std::collections::BTreeMap;

/// What `layout.c` printed: names and values.
pub(crate) type Facts = BTreeMap<String, String>;

/// The facts in the output of `layout.c`.
pub(crate) fn parse(printed: &str) -> Facts {
    let pair = |line: &str| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.to_owned()));
    printed.lines().filter_map(pair).collect()
}

/// Describes where the host's headers differ from our sources in facts that must be the same in all releases.
pub(crate) fn differences(ours: &Facts, host: &Facts) -> Vec<String> {
    let release = &host["release"];
    let mut found = Vec::new();
    for (name, ours) in ours.iter().filter(|(name, _)| *name != "LABEL_MAX") {
        match host.get(name) {
            Some(theirs) if ours != theirs => {
                found.push(format!("{name} is {ours} in our sources, {theirs} in {release}"));
            }
            None if !since_later(name, release) => found.push(format!("{release} has no {name}")),
            _ => {}
        }
    }
    if host["item_label_t.representation"] != "0" {
        found.push("plugin/dissector/tree.c takes rep for the label's text".to_owned());
    }
    if host["frame_data.num"] != "0" {
        found.push("plugin/dissector/layout_check.c takes the frame's number from there".to_owned());
    }
    let [can, saved] =
        ["can_desegment", "saved_can_desegment"].map(|name| number(&host[&*format!("packet_info.{name}")]));
    if saved != can + 2 {
        found.push("plugin/dissector/port_dissectors.c takes saved_can_desegment from there".to_owned());
    }
    let (room, used) = (number(&host["ITEM_LABEL_LENGTH"]), number(&ours["LABEL_MAX"]));
    if used > room {
        found.push(format!("plugin/dissector/tree.c writes labels of {used} bytes, {release} has room for {room}"));
    }
    found
}

/// Returns whether only later releases have this fact, and this release does not need it.
fn since_later(name: &str, release: &str) -> bool {
    (name.starts_with("LOG_LEVEL_") && release == "3.4")
        || (name == "WS_PLUGIN_DESC_DISSECTOR" && ["3.4", "3.6", "4.0", "4.2"].contains(&release))
}

fn number(text: &str) -> u32 {
    text.parse().expect("layout.c prints numbers")
}

/// A function of include/epan.h.
pub(crate) struct Prototype {
    #[allow(dead_code, reason = "only headers.rs reads it")]
    pub(crate) result: String,
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
}

/// The functions in the text of include/epan.h.
pub(crate) fn prototypes(header: &str) -> Vec<Prototype> {
    let declarations = header.split("\nEPAN_FN").skip(1);
    declarations
        .map(|text| {
            let parts = split(within_parentheses(text));
            let [result, name, arguments] = &parts[..] else { panic!("a result, a name, arguments: {parts:?}") };
            let arguments = arguments.replace(" EPAN_CONVERSATION_USER_DATA", ", EPAN_CONVERSATION_USER_DATA");
            let arguments = split(within_parentheses(&arguments));
            Prototype { result: result.clone(), name: name.clone(), arguments }
        })
        .collect()
}

/// What is between the first parenthesis and its end.
fn within_parentheses(text: &str) -> &str {
    let start = text.find('(').expect("it opens") + 1;
    let mut depth = 1;
    let end = text[start..].find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    &text[start..start + end.expect("it closes")]
}

/// A list's items, each in one line; those in parentheses stay together.
fn split(list: &str) -> Vec<String> {
    let mut depth = 0;
    let items = list.split(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    });
    items.map(|item| item.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
