// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What was left out at the start, and why.

use std::sync::Mutex;

static LEFT_OUT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Says in the log, and in the diagnostics, that something is left out.
pub(crate) fn leave_out(what: &str, why: &str) {
    log::warn!("no {what} of Ephemeral Ports: {why}");
    if let Ok(mut left_out) = LEFT_OUT.lock() {
        left_out.push(format!("{what} ({why})"));
    }
}

/// All of it, in words.
pub(crate) fn left_out() -> Vec<String> {
    LEFT_OUT.lock().map(|left_out| left_out.clone()).unwrap_or_default()
}
