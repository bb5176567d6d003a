// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The C ABI against the real headers of a release of Wireshark.
//!
//! `EPHEMERAL_HOST_ROOT` is the root directory of the system whose headers are used, otherwise `/`.
//! For another machine, `EPHEMERAL_CC` compiles for it and `EPHEMERAL_ABI_RUNNER` runs what comes out, both with
//! their first arguments, separated by spaces.
//! `sh tests/abi/run.sh` runs this for each release that it can get, `sh tests/windows/abi.sh` with MinGW and Wine.

use ephemeral::host::api::releases;
use facts::{Facts, Prototype, differences, parse, prototypes};
use std::path::{Path, PathBuf};
use std::process::Command;

mod facts;

#[test]
#[ignore = "needs Wireshark's headers: sh tests/abi/run.sh"]
fn each_function_has_the_prototype_that_we_bind() {
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    let object = directory.path().join("prototypes.o");
    compile("prototypes.c", &host_headers(), &["-c", "-o", object.to_str().expect("UTF-8")]);
}

#[test]
#[ignore = "needs Wireshark's headers: sh tests/abi/run.sh"]
fn the_row_of_the_release_is_right() {
    let host = facts(&host_headers());
    let row = row_of(&host);
    let release = &host["release"];
    for (member, ours) in members(row) {
        let theirs = host.get(&format!("row.{member}"));
        let theirs = theirs.unwrap_or_else(|| panic!("tests/abi/layout.c does not print row.{member}"));
        assert_eq!(
            &ours, theirs,
            "src/host/api/releases.rs: {member} of {release} is {ours}, the headers say {theirs}"
        );
    }
}

#[test]
#[ignore = "needs Wireshark's headers: sh tests/abi/run.sh"]
fn what_is_the_same_in_all_releases_is_so_in_this_one() {
    let host = facts(&host_headers());
    // dissect.c calls into this one.
    let statistics = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin/dissector/statistics.c");
    let ours = facts(&["-DOURS".to_owned(), statistics.to_str().expect("UTF-8").to_owned()]);
    assert_eq!(differences(&ours, &host), Vec::<String>::new());
}

/// On ARM64 Macs, the place of an argument on the stack depends on the size of those before it, and its upper bits
/// depend on its type. So an argument whose size differs between releases, or that some releases lack, must be in one
/// of the eight registers.
#[test]
fn what_differs_between_releases_is_passed_in_a_register() {
    const REGISTERS: usize = 8;
    let functions = prototypes(include_str!("../../include/epan.h"));
    assert!(functions.len() > 70, "{}", functions.len());
    let differs = |argument: &str| argument.starts_with("epan_bool") || argument == "EPAN_CONVERSATION_USER_DATA";
    let of = |name: &str| &functions.iter().find(|function| function.name == name).expect("it is bound").arguments;
    assert_eq!(of("add_conversation_table_data").len(), 11);
    assert_eq!(of("register_conversation_filter").iter().position(|argument| differs(argument)), Some(4));
    for Prototype { name, arguments, .. } in &functions {
        let late = arguments.iter().skip(REGISTERS).find(|argument| differs(argument));
        assert_eq!(late, None, "{name} passes it on the stack");
    }
}

fn row_of(host: &Facts) -> &'static releases::Row {
    let release = &host["release"];
    let (major, minor) = release.split_once('.').expect("major.minor");
    let numbers = (major.parse().expect("a number"), minor.parse().expect("a number"));
    releases::row(numbers)
        .unwrap_or_else(|| panic!("src/host/api/releases.rs has no row for {release}: docs/releases.md"))
}

/// A row's members and their values, in words.
fn members(row: &releases::Row) -> Vec<(String, String)> {
    let text = format!("{:?}", row.layout);
    let inner = text.split_once("{ ").and_then(|(_, rest)| rest.strip_suffix(" }")).expect("a structure");
    let pair = |member: &str| member.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    inner.split(", ").map(|member| pair(member).expect("name: value")).collect()
}

/// What `layout.c` prints when compiled with these flags.
fn facts(flags: &[String]) -> Facts {
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    let program = directory.path().join("layout.exe");
    compile("layout.c", flags, &["-o", program.to_str().expect("UTF-8")]);
    let output = match std::env::var("EPHEMERAL_ABI_RUNNER") {
        Ok(runner) => command(&runner).arg(&program).output(),
        Err(_) => Command::new(&program).output(),
    };
    let output = output.expect("it was just compiled");
    assert!(output.status.success(), "layout.c failed");
    parse(&String::from_utf8(output.stdout).expect("ASCII").replace('\r', ""))
}

fn compile(file: &str, flags: &[String], output: &[&str]) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/abi").join(file);
    let compiler = std::env::var("EPHEMERAL_CC").unwrap_or_else(|_| "cc".to_owned());
    // Some compilers leave files where they are started.
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let mut compile = command(&compiler);
    compile.current_dir(folder.path()).args(["-std=gnu11", "-w"]).args(flags).arg(source).args(output);
    let compiled = compile.output();
    let compiled = compiled.expect("there is a C compiler");
    assert!(compiled.status.success(), "{file} does not compile:\n{}", String::from_utf8_lossy(&compiled.stderr));
}

/// A program and its first arguments, separated by spaces.
fn command(words: &str) -> Command {
    let mut words = words.split(' ');
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// The compiler's flags for the host's headers.
fn host_headers() -> Vec<String> {
    let root = std::env::var_os("EPHEMERAL_HOST_ROOT").map_or_else(|| "/".into(), PathBuf::from);
    let folder = |path: &str| root.join(path).to_str().expect("UTF-8").to_owned();
    let wireshark = folder("usr/include/wireshark");
    assert!(
        Path::new(&wireshark).exists(),
        "{wireshark} is missing: install libwireshark-dev under {}",
        root.display()
    );
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/abi");
    // A glibconfig.h for another system than the headers were made for.
    let other = std::env::var("EPHEMERAL_GLIBCONFIG").ok();
    let usual = [
        wireshark,
        own.to_str().expect("UTF-8").to_owned(),
        folder("usr/include/glib-2.0"),
        folder("usr/lib/x86_64-linux-gnu/glib-2.0/include"),
        folder("usr/lib/aarch64-linux-gnu/glib-2.0/include"),
        folder("usr/lib/glib-2.0/include"),
        // Wireshark's headers without GLib's take this system's.
        "/usr/include/glib-2.0".to_owned(),
        "/usr/lib/x86_64-linux-gnu/glib-2.0/include".to_owned(),
        "/usr/lib/glib-2.0/include".to_owned(),
    ];
    other.into_iter().chain(usual).map(|folder| format!("-I{folder}")).collect()
}
