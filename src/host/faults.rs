// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Fault injection for `tests/faults.sh`, `tests/memory.sh` and `tests/sanitize`. Only in builds with the feature
//! `faults`.
//!
//! `EPHEMERAL_FAULT` selects the fault:
//!
//! - `panic ENTRY` or `panic ENTRY CALL`: panics in that call of the entry, counted from 1. `lent` stands for each loan
//!   of a value that is kept between calls.
//! - `busy NUMBER`: the loan of that number, from 1, is refused.
//! - `row RELEASE`: uses the offsets of another release.
//! - `room NUMBER`: keeps at most so many conversations.
//! - `counted NUMBER`: lets the statistics tell at most so many members apart.
//! - `overrun ENTRY`: reads a byte past the end of a block, which AddressSanitizer must find.
//! - `lack TABLE`: a table of the host's functions is missing (`epan`, `statistics`, `window`, `services`,
//!   `dissectors`).
//! - `lack NAME`: a field or protocol of the host is missing, or the preferences for name resolution (`nameres`).
//! - `memory NUMBER`: the allocation of that number, from 1, fails.
//!
//! `plugin/dissector/faults.c` has the faults of the C part.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};

fn fault(kind: &str) -> Option<String> {
    let fault = std::env::var("EPHEMERAL_FAULT").ok()?;
    fault.strip_prefix(kind)?.strip_prefix(' ').map(str::to_owned)
}

/// Injects the fault that is requested for this entry, if any.
pub(crate) fn strike(entry: &str) {
    if fault("overrun").is_some_and(|wanted| wanted == entry) {
        let block = entry.as_bytes().to_vec().into_boxed_slice();
        // SAFETY: this is unsound on purpose: it is the fault.
        unsafe { block.as_ptr().add(block.len()).read_volatile() };
    }
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let Some(fault) = fault("panic") else { return };
    let (wanted, call) = fault.split_once(' ').unwrap_or((&fault, "1"));
    if wanted == entry && CALLS.fetch_add(1, Ordering::Relaxed) + 1 == call.parse().unwrap_or(1) {
        panic!("a fault put in on purpose");
    }
}

/// Returns whether the current loan is to be refused.
pub(crate) fn is_busy() -> bool {
    static LOANS: AtomicU32 = AtomicU32::new(0);
    let Some(wanted) = fault("busy") else { return false };
    wanted.parse() == Ok(LOANS.fetch_add(1, Ordering::Relaxed) + 1)
}

/// Returns the release whose row is to be used, if that is the fault.
pub(crate) fn row() -> Option<(i32, i32)> {
    let release = fault("row")?;
    let (major, minor) = release.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Returns how many conversations may be kept, if that is the fault.
pub(crate) fn room() -> Option<usize> {
    fault("room")?.parse().ok()
}

/// Returns how many members of a list, and how many pairs, the statistics may tell apart, if that is the fault.
pub(crate) fn statistics_room() -> Option<usize> {
    fault("counted")?.parse().ok()
}

/// Returns an error if the fault is that the host lacks these functions.
pub(crate) fn lack(functions: &str) -> Result<(), String> {
    match fault("lack") {
        Some(lacking) if lacking == functions => Err("a fault put in on purpose".to_owned()),
        _ => Ok(()),
    }
}

/// The system's allocator, which refuses the one allocation that the fault names.
struct Scarce;

#[global_allocator]
static ALLOCATOR: Scarce = Scarce;

// SAFETY: the system's allocator does all of the work; an allocator may refuse.
unsafe impl GlobalAlloc for Scarce {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused() {
            return null_mut();
        }
        // SAFETY: by the caller's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: by the caller's contract.
        unsafe { System.dealloc(at, layout) }
    }
}

/// Returns whether the current allocation is to fail. The allocator calls this, so it must not allocate.
fn is_refused() -> bool {
    static ALLOCATIONS: AtomicU32 = AtomicU32::new(0);
    // SAFETY: the name is a C string; no thread changes the environment at the same time.
    let fault = unsafe { libc::getenv(c"EPHEMERAL_FAULT".as_ptr()) };
    if fault.is_null() {
        return false;
    }
    // SAFETY: it is a C string, as said above.
    let fault = unsafe { CStr::from_ptr(fault) }.to_bytes();
    let number = fault.strip_prefix(b"memory ").and_then(|number| std::str::from_utf8(number).ok()?.parse().ok());
    number == Some(ALLOCATIONS.fetch_add(1, Ordering::Relaxed) + 1)
}
