// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Catches panics at each entry from the host.
//!
//! A panic switches the plugin off until the next file, and is logged once with its source location. The host
//! continues.

use super::entries::{Entry, When};
use super::logging;
use std::cell::Cell;
use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

static OFF: AtomicBool = AtomicBool::new(false);
static OFF_FOR_GOOD: AtomicBool = AtomicBool::new(false);

/// Why the plugin was switched off last.
static WHY: Mutex<Option<String>> = Mutex::new(None);

/// Whether the plugin is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The plugin is on.
    On,
    /// The plugin is off until another file is opened.
    OffForThisFile,
    /// The plugin is off until the host ends.
    OffForGood,
}

/// Returns whether the plugin is switched off, and the reason for the last time that it was.
pub(crate) fn condition() -> (Condition, Option<String>) {
    let condition = match (OFF.load(Ordering::Relaxed), OFF_FOR_GOOD.load(Ordering::Relaxed)) {
        (_, true) => Condition::OffForGood,
        (true, false) => Condition::OffForThisFile,
        (false, false) => Condition::On,
    };
    (condition, WHY.lock().ok().and_then(|why| why.clone()))
}

/// Returns whether the plugin is switched off: 0 or 1, for C.
pub(crate) extern "C" fn is_off() -> c_int {
    OFF.load(Ordering::Relaxed).into()
}

fn keep_reason(why: &str) {
    if let Ok(mut kept) = WHY.lock() {
        *kept = Some(why.to_owned());
    }
}

/// Runs `body` unless the plugin is off. Returns `None` if the plugin is off or if `body` panicked. A panic switches
/// the plugin off until another file is opened. A panic at the host's start switches it off for good.
pub(crate) fn guarded<T>(entry: Entry, body: impl FnOnce() -> T) -> Option<T> {
    if OFF.load(Ordering::Relaxed) {
        return None;
    }
    let off = if entry.when() == When::Start { switch_off_for_good } else { switch_off };
    caught(entry, body).map_err(|why| off(&why)).ok()
}

/// Runs `body` even while the plugin is off. For a `body` that only reads state. A panic is logged, and switches
/// nothing off.
pub(crate) fn guarded_though_off<T>(entry: Entry, body: impl FnOnce() -> T) -> Option<T> {
    caught(entry, body).map_err(|why| log::error!("{why}")).ok()
}

fn caught<T>(entry: Entry, body: impl FnOnce() -> T) -> Result<T, String> {
    let body = || {
        #[cfg(feature = "faults")]
        crate::host::faults::strike(entry.name());
        body()
    };
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload| {
        let place = PLACE.take().map(|place| format!(" ({place})")).unwrap_or_default();
        format!("internal error in {}: {}{place}", entry.name(), message(payload.as_ref()))
    })
}

/// Switches the plugin off until the next file, and logs why.
pub(crate) fn switch_off(why: &str) {
    if !OFF.swap(true, Ordering::Relaxed) {
        keep_reason(why);
        log::error!("{why}; Ephemeral Ports is off until another file is opened");
    }
}

/// Switches the plugin off until the host ends, and logs why.
pub(crate) fn switch_off_for_good(why: &str) {
    if !OFF_FOR_GOOD.swap(true, Ordering::Relaxed) {
        OFF.store(true, Ordering::Relaxed);
        keep_reason(why);
        logging::start();
        log::error!("{why}; Ephemeral Ports is off");
    }
}

/// Switches the plugin on for another file, unless it is off for good.
pub(crate) fn switch_on() {
    OFF.store(OFF_FOR_GOOD.load(Ordering::Relaxed), Ordering::Relaxed);
}

thread_local! {
    /// Location of the panic that is being caught: `FILE:LINE`. Only the panic hook receives it.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Installs a panic hook that keeps panics off standard error: they go to the host's log, with their location.
pub(crate) fn install_hook() {
    set_hook(Box::new(|panic| {
        let place = place(panic).unwrap_or_default();
        // No guard has caught the panic before this one, so the process is about to abort.
        if let Some(before) = PLACE.replace(Some(place.clone())) {
            eprintln!("Ephemeral Ports: internal error ({before}), and then: {} ({place})", message(panic.payload()));
        }
    }));
}

/// Restores the default panic hook, for a process without a host, such as a test.
pub(crate) fn restore_hook() {
    drop(take_hook());
}

fn place(panic: &PanicHookInfo<'_>) -> Option<String> {
    panic.location().map(|location| format!("{}:{}", location.file(), location.line()))
}

fn message(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_an_entry_of_the_menu_switches_nothing_off() {
        assert_eq!(guarded_though_off(Entry::About, || -> u8 { panic!("on purpose") }), None);
        assert_eq!(condition(), (Condition::On, None));
        assert_eq!(guarded_though_off(Entry::About, || 1), Some(1));
    }
}
