// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Faults put in on purpose, for `tests/faults.sh`, `tests/memory.sh` and `tests/sanitize`; only in
//! builds with the feature `faults`.
//!
//! `EPHEMERAL_FAULT` says which: `panic ENTRY` or `panic ENTRY CALL` (in that call of it, from 1; `lent` is no entry, but
//! wherever a value is lent that is kept between calls),
//! `row RELEASE` (the offsets of another release), `room NUMBER` (for so many conversations), `counted NUMBER` (the statistics
//! can tell so many apart), `overrun ENTRY` (a byte
//! read past the end of a block, which AddressSanitizer must find), `lack TABLE` (of functions that the host must have: `epan`,
//! `statistics`, `window`, `services`), `lack NAME` (of a field or protocol of the host's), `memory NUMBER` (there is none for
//! the allocation of that number, from 1). `plugin/dissector/faults.c` has those of C.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};

fn fault(kind: &str) -> Option<String> {
    let fault = std::env::var("EPHEMERAL_FAULT").ok()?;
    fault.strip_prefix(kind)?.strip_prefix(' ').map(str::to_owned)
}

/// Strikes, if there is a fault for this entry.
pub(crate) fn strike(entry: &str) {
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

/// The major and minor number of the release whose row is used, if that is the fault.
pub(crate) fn row() -> Option<(i32, i32)> {
    let release = fault("row")?;
    let (major, minor) = release.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// How many conversations are kept, if that is the fault.
pub(crate) fn room() -> Option<usize> {
    fault("room")?.parse().ok()
}

/// How many members of a list, and pairs, the statistics tell apart, if that is the fault.
pub(crate) fn statistics_room() -> Option<usize> {
    fault("counted")?.parse().ok()
}

/// An error, if the fault is that the host lacks one of these functions.
pub(crate) fn lack(functions: &str) -> Result<(), String> {
    match fault("lack") {
        Some(lacking) if lacking == functions => Err("a fault put in on purpose".to_owned()),
        _ => Ok(()),
    }
}

/// The system's allocator, except for the one allocation that the fault names.
struct Scarce;

#[global_allocator]
static ALLOCATOR: Scarce = Scarce;

// SAFETY: all is left to the system's allocator; an allocator may refuse.
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

/// Asked by the allocator, so it must not allocate.
fn is_refused() -> bool {
    static ALLOCATIONS: AtomicU32 = AtomicU32::new(0);
    // SAFETY: the name is a C string; nobody changes the environment meanwhile.
    let fault = unsafe { libc::getenv(c"EPHEMERAL_FAULT".as_ptr()) };
    if fault.is_null() {
        return false;
    }
    // SAFETY: it is a C string, as said above.
    let fault = unsafe { CStr::from_ptr(fault) }.to_bytes();
    let number = fault.strip_prefix(b"memory ").and_then(|number| std::str::from_utf8(number).ok()?.parse().ok());
    number == Some(ALLOCATIONS.fetch_add(1, Ordering::Relaxed) + 1)
}
