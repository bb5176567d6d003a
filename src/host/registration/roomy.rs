// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Structures that may have more members in a release than we know.

/// The head of a structure that the host reads, or goes on to fill in. All that is behind it is zero, and more than any
/// release has, so that neither the structure's size nor what else is in it matters. What the host's own macros put
/// there instead of zero (`HFILL`, `EXPFILL`), it sets itself while it registers. Never one of several in an array, as
/// the next would have to be where the host expects it.
#[repr(C)]
pub(crate) struct Roomy<T> {
    head: T,
    rest: [u64; 32],
}

impl<T> Roomy<T> {
    /// With nothing but zero behind `head`.
    pub(crate) const fn new(head: T) -> Self {
        Self { head, rest: [0; 32] }
    }

    /// As the host takes it to read; valid for all of it.
    pub(crate) const fn head(&self) -> *const T {
        (&raw const *self).cast()
    }

    /// As the host takes it to write; valid for all of it.
    pub(crate) fn head_mut(&mut self) -> *mut T {
        (&raw mut *self).cast()
    }
}
