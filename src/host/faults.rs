//! Faults put in on purpose, for `tests/faults.sh` and `tests/sanitize`; only in builds with the
//! feature `faults`.
//!
//! `EPHEMERAL_FAULT` says which: `panic ENTRY` or `panic ENTRY CALL` (in that call of it, from 1),
//! `row RELEASE` (the offsets of another release), `overrun ENTRY` (a byte read past the end of a
//! block, which AddressSanitizer must find). `plugin/faults.c` has those of C.

use super::releases::Release;
use std::sync::atomic::{AtomicU32, Ordering};

fn fault(kind: &str) -> Option<String> {
    let fault = std::env::var("EPHEMERAL_FAULT").ok()?;
    fault.strip_prefix(kind)?.strip_prefix(' ').map(str::to_owned)
}

/// Strikes, if there is a fault for this entry.
pub fn strike(entry: &str) {
    if fault("overrun").is_some_and(|wanted| wanted == entry) {
        let block = entry.as_bytes().to_vec().into_boxed_slice();
        // SAFETY: none, that is the fault.
        unsafe { block.as_ptr().add(block.len()).read_volatile() };
    }
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let Some(fault) = fault("panic") else { return };
    let (wanted, call) = fault.split_once(' ').unwrap_or((&fault, "1"));
    if wanted == entry && CALLS.fetch_add(1, Ordering::Relaxed) + 1 == call.parse().unwrap_or(1) {
        panic!("a fault put in on purpose");
    }
}

/// The release whose row is used, if that is the fault.
pub fn row() -> Option<Release> {
    let release = fault("row")?;
    let (major, minor) = release.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
