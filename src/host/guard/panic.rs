//! No panic leaves: each entry from the host is guarded.
//!
//! A panic switches the plugin off until the next file and is logged once; the host goes on.

use super::logging;
use std::panic::{catch_unwind, set_hook, take_hook, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

static OFF: AtomicBool = AtomicBool::new(false);
static OFF_FOR_GOOD: AtomicBool = AtomicBool::new(false);

/// Runs `body` unless the plugin is off; `None` if it is, or if `body` panicked.
pub fn guarded<T>(entry: &str, body: impl FnOnce() -> T) -> Option<T> {
    if OFF.load(Ordering::Relaxed) {
        return None;
    }
    caught(entry, body).map_err(|why| switch_off(&why)).ok()
}

/// The same for what happens once, at the host's start: without it there is no plugin.
pub fn guarded_at_start<T>(entry: &str, body: impl FnOnce() -> T) -> Option<T> {
    if OFF.load(Ordering::Relaxed) {
        return None;
    }
    caught(entry, body).map_err(|why| switch_off_for_good(&why)).ok()
}

fn caught<T>(entry: &str, body: impl FnOnce() -> T) -> Result<T, String> {
    let body = || {
        #[cfg(feature = "faults")]
        super::faults::strike(entry);
        body()
    };
    catch_unwind(AssertUnwindSafe(body))
        .map_err(|payload| format!("internal error in {entry}: {}", message(payload.as_ref())))
}

/// Switches the plugin off until the next file, and says why.
pub fn switch_off(why: &str) {
    if !OFF.swap(true, Ordering::Relaxed) {
        log::error!("{why}; Ephemeral Ports is off until another file is opened");
    }
}

/// Switches the plugin off until the host ends, and says why.
pub fn switch_off_for_good(why: &str) {
    if !OFF_FOR_GOOD.swap(true, Ordering::Relaxed) {
        OFF.store(true, Ordering::Relaxed);
        logging::start();
        log::error!("{why}; Ephemeral Ports is off");
    }
}

/// Switches the plugin on for another file, unless it is off for good.
pub fn switch_on() {
    OFF.store(OFF_FOR_GOOD.load(Ordering::Relaxed), Ordering::Relaxed);
}

/// Keeps panics off standard error: they go to the host's log.
pub fn quiet() {
    set_hook(Box::new(|_| {}));
}

/// Has them on standard error again, as in any process without a host: that of a test, say.
pub fn loud() {
    drop(take_hook());
}

fn message(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
