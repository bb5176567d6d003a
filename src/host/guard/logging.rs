// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Forwards the records of the `log` crate to the host's own log, domain `Ephemeral`.
//!
//! The host's log is `ws_log` (wsutil/wslog.h), or GLib's `g_log` before 3.6. In a process with neither, records go to
//! standard error. The host's options (`--log-level`, `--log-domains`) select which records are shown.

use crate::host::api::epan::Logging;
use crate::host::api::library;
use log::{Level, LevelFilter, Log, Metadata, Record};
use once_cell::sync::OnceCell;
use std::ffi::{CStr, CString};

const DOMAIN: &CStr = c"Ephemeral";
const FORMAT: &CStr = c"%s";

struct HostLog {
    functions: Option<Logging>,
}

static LOG: OnceCell<HostLog> = OnceCell::new();

/// Connects `log` with the host. Later calls have no effect.
pub(crate) fn start() {
    let log = LOG.get_or_init(|| HostLog { functions: functions() });
    if log::set_logger(log).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
}

fn functions() -> Option<Logging> {
    // SAFETY: the functions have the prototypes of include/epan.h (tests/abi holds them against the
    // real headers); the library stays loaded, since the process depends on it.
    library::bind("logging", |library| unsafe { Logging::from_library(library) }).ok()
}

impl Log for HostLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("ephemeral")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let message = CString::new(record.args().to_string().replace('\0', "")).unwrap_or_default();
        let (domain, format, text) = (DOMAIN.as_ptr(), FORMAT.as_ptr(), message.as_ptr());
        match self.functions.as_ref().map(|functions| (&functions.ws_log, &functions.g_log)) {
            // SAFETY: three NUL-terminated strings that outlive the call, and a format that takes
            // exactly one. The levels used are never fatal unless the user asked for that.
            Some((Some(ws_log), _)) => unsafe { ws_log(domain, ws_level(record.level()), format, text) },
            // SAFETY: as above.
            Some((_, Some(g_log))) => unsafe { g_log(domain, glib_level(record.level()), format, text) },
            _ => eprintln!("Ephemeral: {}", record.args()),
        }
    }

    fn flush(&self) {}
}

/// `enum ws_log_level`, ws_log_defs.h.
fn ws_level(level: Level) -> i32 {
    match level {
        Level::Error => 6, // critical: "error" would abort
        Level::Warn => 5,
        Level::Info => 3,
        Level::Debug | Level::Trace => 2,
    }
}

/// `GLogLevelFlags`, glib/gmessages.h.
fn glib_level(level: Level) -> i32 {
    match level {
        Level::Error => 1 << 3, // critical
        Level::Warn => 1 << 4,
        Level::Info => 1 << 6,
        Level::Debug | Level::Trace => 1 << 7,
    }
}
