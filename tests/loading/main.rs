// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The plugin's file in processes that are not Wireshark: what it exports, what it needs, and that
//! it declines politely.

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
use object::elf::{DF_1_NODELETE, DT_FLAGS_1, DT_NEEDED};
use object::read::elf::{Dyn, ElfFile64, FileHeader};
use object::{Endianness, Object, ObjectSymbol};
use std::ffi::{CStr, c_char};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names a library for [`in_a_process_of_its_own`] to load before the plugin.
const LOAD_FIRST: &str = "EPHEMERAL_TEST_LOAD_FIRST";

/// The file under test; otherwise the one that cargo built along with this test.
fn plugin() -> PathBuf {
    let beside = || std::env::current_exe().expect("it has a path").with_file_name("libephemeral.so");
    std::env::var_os("EPHEMERAL_PLUGIN").map_or_else(beside, PathBuf::from)
}

fn bytes() -> Vec<u8> {
    std::fs::read(plugin()).expect("cargo test builds it")
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn it_exports_what_the_loader_reads_and_nothing_else() {
    let bytes = bytes();
    let elf = ElfFile64::<Endianness>::parse(&*bytes).expect("it is a shared library");
    let defined = elf.dynamic_symbols().filter(|symbol| !symbol.is_undefined() && !symbol.is_local());
    let mut names: Vec<_> = defined.map(|symbol| name(symbol.name_bytes().expect("a name"))).collect();
    names.sort();
    let read = ["plugin_describe", "plugin_register", "plugin_version", "plugin_want_major", "plugin_want_minor"];
    assert_eq!(names, read);
}

#[test]
fn it_links_to_no_wireshark_and_no_glib() {
    let bytes = bytes();
    let elf = ElfFile64::<Endianness>::parse(&*bytes).expect("it is a shared library");
    let endian = elf.endian();
    let sections = elf.elf_header().sections(endian, &*bytes).expect("it has sections");
    let (entries, link) = sections.dynamic(endian, &*bytes).expect("it is readable").expect("it is dynamic");
    let strings = sections.strings(endian, &*bytes, link).expect("the names are readable");
    let needed: Vec<_> = entries
        .iter()
        .filter(|entry| entry.d_tag(endian) == DT_NEEDED)
        .map(|entry| name(strings.get(entry.d_val(endian) as u32).expect("a name")))
        .collect();
    let of_the_system =
        ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "libgcc_s.so.1", "ld-linux-x86-64.so.2"];
    for library in &needed {
        assert!(of_the_system.contains(&library.as_str()), "it needs {library}");
    }
    assert!(needed.contains(&"libc.so.6".to_owned()), "{needed:?}");
}

/// Some releases unload plugins while they still use what the plugins registered.
#[test]
fn once_loaded_it_stays() {
    let bytes = bytes();
    let elf = ElfFile64::<Endianness>::parse(&*bytes).expect("it is a shared library");
    let endian = elf.endian();
    let sections = elf.elf_header().sections(endian, &*bytes).expect("it has sections");
    let (entries, _) = sections.dynamic(endian, &*bytes).expect("it is readable").expect("it is dynamic");
    let flags = entries.iter().find(|entry| entry.d_tag(endian) == DT_FLAGS_1).expect("it has flags");
    assert_ne!(flags.d_val(endian) & DF_1_NODELETE.0, 0);
}

#[test]
fn without_wireshark_it_declines() {
    let output = load_after(None);
    assert_eq!(output, "Ephemeral: Ephemeral Ports is not loaded: there is no libwireshark in this process\n");
}

#[test]
fn a_missing_function_is_named() {
    let directory = tempfile::tempdir().expect("/tmp is writable");
    let stub = directory.path().join("libstub.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/loading/release.c");
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let compiled = Command::new(compiler)
        .args(["-shared", "-fPIC", "-DMAJOR=4", "-DMINOR=0", "-o"])
        .arg(&stub)
        .arg(source)
        .status();
    assert!(compiled.expect("a C compiler is installed").success());

    const WARNING: &str = "Ephemeral 5: Ephemeral Ports is not loaded: this Wireshark lacks a function (";
    let output = load_after(Some(&stub));
    let why = output.strip_prefix(WARNING).unwrap_or_else(|| panic!("{output}"));
    assert!(why.ends_with(")\n") && why.lines().count() == 1, "one line: {output}");
    assert!(why.contains("undefined symbol: "), "it names the function: {output}");
}

/// Starts a process that loads a library, then the plugin, and registers it. Returns its standard error.
fn load_after(first: Option<&Path>) -> String {
    let mut command = Command::new(std::env::current_exe().expect("it has a path"));
    command.args(["--exact", "in_a_process_of_its_own", "--ignored", "--nocapture"]);
    match first {
        Some(path) => command.env(LOAD_FIRST, path),
        None => command.env_remove(LOAD_FIRST),
    };
    let output = command.output().expect("it can be run again");
    let errors = String::from_utf8(output.stderr).expect("it is text");
    assert!(output.status.success(), "{:?}: {errors}", output.status);
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "the test's name is right");
    errors
}

#[test]
#[ignore = "the other tests run it, each in a process of its own"]
fn in_a_process_of_its_own() {
    if let Some(path) = std::env::var_os(LOAD_FIRST) {
        // SAFETY: a library of ours, without constructors.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }.expect("it was just built");
        std::mem::forget(library);
    }
    // SAFETY: its constructor only asks which Wireshark this is.
    let plugin = unsafe { Library::new(plugin()) }.expect("it needs nothing that is not there");
    // SAFETY: the symbol is an array of characters, NUL-terminated (src/loader.rs).
    let version = unsafe { CStr::from_ptr(*plugin.get::<*const c_char>(b"plugin_version\0").expect("it is exported")) };
    assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
    // SAFETY: the functions have these types (src/loader.rs).
    unsafe {
        let describe = plugin.get::<unsafe extern "C" fn() -> u32>(b"plugin_describe\0").expect("it is exported");
        assert_eq!(describe(), 1, "a dissector");
        let register = plugin.get::<unsafe extern "C" fn()>(b"plugin_register\0").expect("it is exported");
        register();
    }
    // A host never unloads it.
    std::mem::forget(plugin);
}
