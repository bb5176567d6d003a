// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Optional parts that were not registered at the start, and why.

use std::sync::Mutex;

static LEFT_OUT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Records, in the log and for the diagnostics, that an optional part is left out.
pub(crate) fn leave_out(what: &str, why: &str) {
    log::warn!("no {what} of Ephemeral Ports: {why}");
    if let Ok(mut left_out) = LEFT_OUT.lock() {
        left_out.push(format!("{what} ({why})"));
    }
}

/// Returns each part that was left out, with the reason.
pub(crate) fn left_out() -> Vec<String> {
    LEFT_OUT.lock().map(|left_out| left_out.clone()).unwrap_or_default()
}
