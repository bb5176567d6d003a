// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Structures that may have more members in some releases than our headers declare.

/// The first members of a structure that the host reads and may fill in. Zeros follow, more than any release has
/// members, so neither the size of the structure nor its other members matter. The host's macros put other values there
/// (`HFILL`, `EXPFILL`), but the host sets these itself while it registers. Never use it as an element of an array,
/// because the host computes the address of the next element from its own size.
#[repr(C)]
pub(crate) struct Roomy<T> {
    head: T,
    rest: [u64; 32],
}

impl<T> Roomy<T> {
    /// Wraps `head`, followed by zeros.
    pub(crate) const fn new(head: T) -> Self {
        Self { head, rest: [0; 32] }
    }

    /// Returns a pointer for the host to read from, valid for the whole structure.
    pub(crate) const fn head(&self) -> *const T {
        (&raw const *self).cast()
    }

    /// Returns a pointer for the host to write to, valid for the whole structure.
    pub(crate) fn head_mut(&mut self) -> *mut T {
        (&raw mut *self).cast()
    }
}
