// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The symbols that Wireshark's plugin loader reads and calls (`wsutil/plugins.c`).
//!
//! The loader opens the file, reads `plugin_version`, `plugin_want_major` and `plugin_want_minor`,
//! compares the last two with its own release, and then calls `plugin_register()`. It reads the two
//! numbers after the library's constructors ran. So a constructor fills in the release of the running
//! process, if that is one of the [supported ones](crate::host::api::releases).
#![allow(non_upper_case_globals)]

use crate::{host, system};
use std::sync::atomic::{AtomicI32, Ordering};

const VERSION: &[u8] = concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes();

/// The plugin's version, NUL-terminated: `const char plugin_version[]`.
#[unsafe(no_mangle)]
pub static plugin_version: [u8; VERSION.len()] = {
    let mut bytes = [0; VERSION.len()];
    let mut i = 0;
    while i < bytes.len() {
        bytes[i] = VERSION[i];
        i += 1;
    }
    bytes
};

/// The host's major release: `int plugin_want_major`.
#[unsafe(no_mangle)]
pub static plugin_want_major: AtomicI32 = AtomicI32::new(host::api::releases::WANTED.0);

/// The host's minor release: `int plugin_want_minor`.
#[unsafe(no_mangle)]
pub static plugin_want_minor: AtomicI32 = AtomicI32::new(host::api::releases::WANTED.1);

/// Registers the plugin with Wireshark. Does nothing in any other process.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_register() {
    host::register();
}

/// Returns the kind of this plugin (`wsutil/plugins.h`, since 4.4): `WS_PLUGIN_DESC_DISSECTOR`.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_describe() -> u32 {
    const WS_PLUGIN_DESC_DISSECTOR: u32 = 1;
    WS_PLUGIN_DESC_DISSECTOR
}

extern "C" fn on_load() {
    if let Some((major, minor)) = host::supported_release() {
        plugin_want_major.store(major, Ordering::Relaxed);
        plugin_want_minor.store(minor, Ordering::Relaxed);
    }
}

system::at_load!(on_load);
