// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Is what SAFETY.md says of the source still so: each test and file that it names is there, and each limit is the one that
//! is kept. No Wireshark is needed.

use ephemeral::roles::Roles;
use std::fs;
use std::path::Path;

/// In one line, as a name may be broken off.
fn safety() -> String {
    fs::read_to_string("SAFETY.md").expect("SAFETY.md").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// All that is below a folder, one after the other.
fn source(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            source(&path, into);
        } else if let Ok(text) = fs::read_to_string(&path) {
            into.push_str(&text);
        }
    }
}

fn source_of(folders: &[&str]) -> String {
    let mut text = String::new();
    folders.iter().for_each(|folder| source(Path::new(folder), &mut text));
    text
}

#[test]
fn each_test_that_is_named_is_there() {
    // What is named like a test, and is the host's, C's or Rust's.
    const NO_TESTS: [&str; 7] =
        ["add_endpoint_table_data", "copy_address", "enum_val_t", "epan_init", "g_strdup", "uint64_t", "unsafe_code"];
    let (safety, rust) = (safety(), source_of(&["src", "tests"]));
    let host = source_of(&["include"]);
    let is_name = |name: &&str| {
        name.contains('_')
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let mut named = 0;
    for name in quoted(&safety).filter(is_name).filter(|name| !NO_TESTS.contains(name)) {
        let is_test = rust.split_once(&format!("fn {name}(")).is_some_and(|(before, _)| {
            before.rsplit(['{', '}']).next().is_some_and(|attributes| attributes.contains("#[test]"))
        });
        named += usize::from(is_test);
        assert!(is_test || host.contains(name), "SAFETY.md names {name}, which is no test");
    }
    assert!(named > 50, "{named}");
}

#[test]
fn each_file_that_is_named_is_there_and_has_what_is_said() {
    let safety = safety();
    let mut parts = safety.split('`').peekable();
    let mut headings = 0;
    // In front of a backtick, then behind it.
    while let (Some(_), Some(quoted)) = (parts.next(), parts.next()) {
        let Some(file) = quoted.strip_prefix("sh ").unwrap_or(quoted).split(' ').next() else { continue };
        if !["tests/", "src/", "plugin/", "include/", "docs/"].iter().any(|folder| file.starts_with(folder)) {
            continue;
        }
        assert!(Path::new(file).exists(), "SAFETY.md names {file}");
        // What follows in parentheses and has quotation marks is one of its headings or checks.
        let behind = parts.peek().and_then(|behind| behind.trim_start().strip_prefix('(')).unwrap_or("");
        let text = fs::read_to_string(file).unwrap_or_default();
        for heading in behind.split(')').next().unwrap_or("").split('"').skip(1).step_by(2) {
            let is_there = heading.split('…').all(|part| text.contains(part.trim().trim_end_matches(',')));
            assert!(is_there, "SAFETY.md names {heading} of {file}");
            headings += 1;
        }
    }
    assert!(headings > 15, "{headings}");
}

/// None of them may jump: a Rust frame is below it.
#[test]
fn what_is_called_while_rust_judges_is_told() {
    let safety = safety();
    let point = safety.split("- While it judges, Rust calls ").nth(1).and_then(|rest| rest.split(" - ").next());
    let told: Vec<&str> = quoted(point.expect("the list")).collect();
    let mut source = source_of(&["src/host/packet"]);
    source += &fs::read_to_string("src/host/api/bound.rs").expect("what is asked of the host");
    let called: Vec<&str> = source.split("epan.").skip(1).filter_map(|call| Some(call.split_once('(')?.0)).collect();
    assert!(called.len() > 8, "{called:?}");
    for name in called.iter().filter(|name| name.contains('_')) {
        assert!(told.contains(name), "{name} is not in the list of SAFETY.md, section 3");
    }
}

/// Whatever else outlives a call is to be looked at, and told.
#[test]
fn nothing_else_outlives_a_call_of_c() {
    let mut kept = Vec::new();
    for file in fs::read_dir("plugin/dissector").expect("the C part") {
        let path = file.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("text");
        for line in
            text.lines().map(str::trim_start).filter(|line| line.starts_with("static ") && !line.contains("*const "))
        {
            let name = line.split([';', '=', '(', '[']).next().unwrap_or("").trim_end();
            let is_function = line[name.len()..].trim_start().starts_with('(');
            // What cannot change is no state.
            let is_constant = name.starts_with("static const ") && !name.contains('*');
            if !is_function && !is_constant && !name.ends_with('{') {
                kept.extend(name.rsplit([' ', '*']).next().map(str::to_owned));
            }
        }
    }
    kept.sort();
    kept.dedup();
    let bound = ["calls", "ids", "judge", "layout", "switch_off", "tap", "wantable"];
    let of_the_file = ["checked_packets", "layout_misfits", "ports_fit", "finfo_at", "failures"];
    let which_are_new = ["greatest", "first_frame", "first_hash", "shared_frame"];
    let of_a_packet = ["records", "selection"];
    let mut told = [&bound[..], &of_the_file, &which_are_new, &of_a_packet].concat();
    told.sort_unstable();
    assert_eq!(kept, told);
}

/// A number as people write it: 2,097,152.
fn grouped(number: usize) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands == 0 { rest.to_string() } else { format!("{},{rest:03}", grouped(thousands)) }
}

#[test]
fn each_limit_is_the_one_that_is_kept() {
    let safety = fs::read_to_string("SAFETY.md").expect("SAFETY.md");
    for kept in Roles::default().kept() {
        let row = safety.lines().find(|line| line.starts_with(&format!("| {}", kept.what)));
        let limit = format!("| {} |", grouped(kept.at_most));
        assert!(row.is_some_and(|row| row.contains(&limit)), "{kept:?}: {row:?}");
    }
    assert!(safety.contains(&format!("at most {} MB", Roles::MOST_MEGABYTES)));
}

/// A crafted payload that overflows a sum must not be able to switch the plugin off.
#[test]
fn overflow_wraps_in_the_released_file() {
    let manifest = fs::read_to_string("Cargo.toml").expect("Cargo.toml");
    let profile = manifest.split("[profile.release]").nth(1).expect("a profile");
    assert!(!profile.contains("overflow-checks") && !profile.contains("debug-assertions"), "{profile}");
}
