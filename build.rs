// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Binds the host's API from `include/epan.h` and compiles the C part in `plugin/dissector/`.
//!
//! Neither step needs Wireshark's headers: `include/epan.h` is self-contained. What is missing on this
//! computer is said in one line.

use std::env;
use std::path::{Path, PathBuf};
use std::process::exit;

#[path = "tests/abi/facts.rs"]
mod facts;
#[path = "tests/abi/headers.rs"]
mod headers;

/// Bound if the host has them: which of the two exists depends on the release.
const LOGGING: &str = "ws_log|g_log";
/// Looked up by name where it is needed.
const LATER: &str = "fvalue_set_string";
/// Bound if the host has them all: without, there are no statistics.
const STATISTICS: &str = "register_tap|tap_queue_packet|stats_tree_.*";
/// Bound if the host has them all: without, there are no tables of conversations and endpoints.
const TABLES: &str = "register_conversation_table|add_conversation_table_data";
/// Bound if the host has them: which of the two exists depends on the release.
const ENDPOINTS: &str = "add_(endpoint|hostlist)_table_data";
/// Bound if the host has them all: without, the window has no menu and no conversation filter.
const WINDOW: &str = "register_conversation_filter|ext_menubar_.*|plugin_if_.*|funnel_get_funnel_ops|g_strdup";

fn main() {
    load_libclang();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo:rerun-if-changed=include");
    println!("cargo:rerun-if-changed=plugin/dissector");
    read_release(&out);

    // Some releases close their plugins when they end; what others still hold of ours (the log, the
    // panic hook, texts) must stay until the process is gone.
    // Elsewhere src/system sees to that.
    let system = env::var("CARGO_CFG_TARGET_OS");
    if system.as_ref().is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    // What cannot be stripped afterwards is left out by the linker: notes for a debugger, with paths.
    if system.is_ok_and(|system| system == "macos") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-S");
    }

    // The required functions: loading the table fails with the name of the first one missing.
    generate(
        &out.join("epan.rs"),
        bindgen::builder()
            .header("include/epan.h")
            .allowlist_file(".*epan\\.h")
            .blocklist_function(LOGGING)
            .blocklist_function(LATER)
            .blocklist_function(STATISTICS)
            .blocklist_function(TABLES)
            .blocklist_function(ENDPOINTS)
            .blocklist_function(WINDOW)
            .dynamic_library_name("Epan")
            .dynamic_link_require_all(true),
    );
    // The optional ones: each is a `Result` of its own.
    generate(
        &out.join("logging.rs"),
        bindgen::builder()
            .header("include/epan.h")
            .allowlist_function(LOGGING)
            .dynamic_library_name("Logging")
            .dynamic_link_require_all(false),
    );
    generate(
        &out.join("endpoints.rs"),
        bindgen::builder()
            .header("include/epan.h")
            .allowlist_function(ENDPOINTS)
            .allowlist_recursively(false)
            .raw_line("use super::*;")
            .dynamic_library_name("Endpoints")
            .dynamic_link_require_all(false),
    );
    let tables =
        [(STATISTICS, "Statistics", "statistics.rs"), (TABLES, "Tables", "tables.rs"), (WINDOW, "Window", "window.rs")];
    for (functions, table, file) in tables {
        generate(
            &out.join(file),
            bindgen::builder()
                .header("include/epan.h")
                .allowlist_function(functions)
                .allowlist_recursively(false)
                .raw_line("use super::*;")
                .dynamic_library_name(table)
                .dynamic_link_require_all(true),
        );
    }
    // The boundary with our own C part, on the types of the first.
    generate(
        &out.join("boundary.rs"),
        bindgen::builder()
            .header("plugin/dissector/boundary.h")
            .header("plugin/dissector/parts.h")
            .header("plugin/dissector/statistics.h")
            .header("plugin/dissector/tables.h")
            .header("plugin/dissector/window.h")
            .allowlist_function(
                "eph_(bind|dissect|write|open_file|packets_checked|shows_hosts|misfit|ports_fit|statistics_.*|tables_.*|conversation_.*|menu_.*)",
            )
            .allowlist_type("eph_.*")
            .allowlist_var("EPH_.*")
            .allowlist_recursively(false)
            .raw_line("use super::*;"),
    );

    let mut plugin = cc::Build::new();
    if env::var_os("CARGO_FEATURE_FAULTS").is_some() {
        plugin.define("EPH_FAULTS", None).file("plugin/dissector/faults.c");
    }
    plugin
        .files([
            "plugin/dissector/conversation.c",
            "plugin/dissector/dissect.c",
            "plugin/dissector/fits.c",
            "plugin/dissector/info.c",
            "plugin/dissector/menu.c",
            "plugin/dissector/statistics.c",
            "plugin/dissector/tables.c",
            "plugin/dissector/tree.c",
        ])
        .std("c11")
        .warnings(true)
        .extra_warnings(true)
        .flag("-fvisibility=hidden")
        .try_compile("ephemeral_plugin")
        .unwrap_or_else(|why| stop(&format!("the C part cannot be compiled: {why}")));
}

/// Writes the row of the release that this build is for, if it is for one: EPHEMERAL_HEADERS names its headers.
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

/// Loads libclang, which reads the headers for bindgen, as bindgen does; that then finds it loaded. Where
/// there is none, bindgen would panic.
fn load_libclang() {
    let Err(why) = clang_sys::load() else { return };
    if let Some(path) = env::var_os("LIBCLANG_PATH") {
        stop(&format!("libclang is missing: none that works is in LIBCLANG_PATH, {}", Path::new(&path).display()));
    }
    // It may have found one that is for another machine, or does not load.
    let why = if why.contains("(invalid: [])") { String::new() } else { format!(" ({why})") };
    stop(&format!("libclang is missing: install {}{why}", libclang_packages()));
}

/// What to install for libclang and its headers, on this computer's system.
fn libclang_packages() -> &'static str {
    match env::consts::OS {
        "macos" => "the command line tools (xcode-select --install)",
        "windows" => "LLVM (winget install LLVM.LLVM)",
        _ => "libclang-dev (Debian, Ubuntu), clang-devel (Fedora, openSUSE) or your system's like",
    }
}

/// Bindings of our own headers. The tables look their functions up through `system::Library`, which is libloading's
/// where one handle finds all.
fn generate(to: &Path, builder: bindgen::Builder) {
    let oldest = bindgen::RustTarget::stable(85, 0).expect("bindgen knows the oldest Rust of Cargo.toml");
    let bindings = builder
        .rust_target(oldest)
        .rust_edition(bindgen::RustEdition::Edition2024)
        .layout_tests(true)
        .generate_comments(false)
        .prepend_enum_name(false)
        .formatter(bindgen::Formatter::None)
        .generate()
        .unwrap_or_else(|why| {
            let why = why.to_string();
            // Some distributions have them in a package of their own, which other programs do without.
            if why.contains("file not found") {
                stop(&format!("libclang's headers are missing: install {} ({why})", libclang_packages()));
            }
            stop(&format!("the bindings in {} cannot be made: {why}", to.display()))
        })
        .to_string()
        .replace(":: libloading :: Library", "crate :: system :: Library");
    std::fs::write(to, bindings).expect("OUT_DIR is writable");
}

/// Ends the build with one line: cargo shows this one and fails. A panic, or any status but 0, would have it
/// print all that it knows besides.
fn stop(why: &str) -> ! {
    println!("cargo::error={}", why.trim().replace('\n', " "));
    exit(0)
}
