// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What Wireshark's headers say, as `layout.c` prints it, beside what our sources rely on. For the tests beside
//! this file, and for headers.rs.

use std::collections::BTreeMap;

/// What `layout.c` printed: names and values.
pub(crate) type Facts = BTreeMap<String, String>;

/// The facts in the output of `layout.c`.
pub(crate) fn parse(printed: &str) -> Facts {
    let pair = |line: &str| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.to_owned()));
    printed.lines().filter_map(pair).collect()
}

/// Where the host's headers differ from our sources in what has to be the same in all releases, in words.
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
        found.push("plugin/dissector/fits.c takes the frame's number from there".to_owned());
    }
    let (room, used) = (number(&host["ITEM_LABEL_LENGTH"]), number(&ours["LABEL_MAX"]));
    if used > room {
        found.push(format!("plugin/dissector/tree.c writes labels of {used} bytes, {release} has room for {room}"));
    }
    found
}

/// What came to the host with a later release, and is not needed before.
fn since_later(name: &str, release: &str) -> bool {
    (name.starts_with("LOG_LEVEL_") && release == "3.4")
        || (name == "WS_PLUGIN_DESC_DISSECTOR" && ["3.4", "3.6", "4.0", "4.2"].contains(&release))
}

fn number(text: &str) -> u32 {
    text.parse().expect("layout.c prints numbers")
}
