// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Compiles the C part in `plugin/dissector/`. It does not need Wireshark's headers: `include/epan.h` is
//! self-contained. If a tool is missing on this computer, the build stops with a message of one line.
//!
//! The bindings for Rust are committed. The feature `bindgen` generates them again (`plugin/bindings.rs`).

use std::env;
use std::path::{Path, PathBuf};
use std::process::exit;

#[cfg(feature = "bindgen")]
#[path = "plugin/bindings.rs"]
mod bindings;
#[path = "tests/abi/facts.rs"]
mod facts;
#[path = "tests/abi/headers.rs"]
mod headers;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo:rerun-if-changed=include");
    println!("cargo:rerun-if-changed=plugin/dissector");
    read_release(&out);

    // Some releases of Wireshark unload their plugins before they exit. The log, the panic hook, and texts to which
    // others still have pointers, must stay until the process ends. On other systems, src/system keeps the file loaded.
    let system = env::var("CARGO_CFG_TARGET_OS");
    if system.as_ref().is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    // The linker leaves out the debugger's notes, which contain paths and cannot be stripped afterwards.
    if system.is_ok_and(|system| system == "macos") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-S");
    }

    #[cfg(feature = "bindgen")]
    make_bindings(&out);

    let mut plugin = cc::Build::new();
    if env::var_os("CARGO_FEATURE_FAULTS").is_some() {
        plugin.define("EPH_FAULTS", None).file("plugin/dissector/faults.c");
    }
    plugin
        .files([
            "plugin/dissector/conversation.c",
            "plugin/dissector/dissect.c",
            "plugin/dissector/fields.c",
            "plugin/dissector/layout_check.c",
            "plugin/dissector/info.c",
            "plugin/dissector/layout.c",
            "plugin/dissector/services_statistic.c",
            "plugin/dissector/menu.c",
            "plugin/dissector/packet_info.c",
            "plugin/dissector/port_dissectors.c",
            "plugin/dissector/statistics.c",
            "plugin/dissector/tables.c",
            "plugin/dissector/tree.c",
        ])
        .std("c11")
        .warnings(true)
        .extra_warnings(true)
        .flag("-fvisibility=hidden")
        // With a section for each variable, MinGW's gcc stores the zeros of a large one in the file.
        .flag("-fno-data-sections")
        // An older compiler guesses the prototype of an undeclared function, and the call is wrong.
        .flag("-Werror=implicit-function-declaration")
        .try_compile("ephemeral_plugin")
        .unwrap_or_else(|why| stop(&format!("the C part cannot be compiled: {why}")));
}

/// Writes the row of the release that this build is for, if EPHEMERAL_HEADERS names the headers of one.
fn read_release(out: &Path) {
    println!("cargo:rerun-if-env-changed=EPHEMERAL_HEADERS");
    println!("cargo:rerun-if-changed=tests/abi");
    let folder = env::var_os("EPHEMERAL_HEADERS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let row = folder.map(|folder| {
        println!("cargo:rerun-if-changed={}", folder.display());
        let release = headers::read(&folder, out).unwrap_or_else(|why| stop(&why));
        println!("cargo:warning=built for Wireshark {} by its headers in {}", release.name, folder.display());
        if !release.signs.is_empty() {
            let functions = release.signs.join(", ");
            println!("cargo:warning=there, these take int for unsigned or the other way round, which is passed the same way: {functions}");
        }
        format!("Some({})", release.row)
    });
    let row = row.unwrap_or_else(|| "None".to_owned());
    std::fs::write(out.join("built_for.rs"), format!("const BUILT_FOR: Option<Row> = {row};\n"))
        .expect("OUT_DIR is writable");
}

/// Generates the bindings in the folder that EPHEMERAL_BINDINGS names; by default in OUT_DIR, where nothing uses them.
#[cfg(feature = "bindgen")]
fn make_bindings(out: &Path) {
    println!("cargo:rerun-if-env-changed=EPHEMERAL_BINDINGS");
    // Without libclang, bindgen would panic. It uses the libclang that is loaded here.
    if let Err(why) = clang_sys::load() {
        stop(&format!("libclang is missing: {why}"));
    }
    let folder = env::var_os("EPHEMERAL_BINDINGS").map_or_else(|| out.to_owned(), PathBuf::from);
    bindings::write(&folder).unwrap_or_else(|why| stop(&why));
}

/// Ends the build with an error message of one line: cargo shows it and fails. After a panic or an exit status other
/// than 0, cargo would print the whole output of this script.
fn stop(why: &str) -> ! {
    println!("cargo::error={}", why.trim().replace('\n', " "));
    exit(0)
}
