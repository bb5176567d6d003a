// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Statics to which the host keeps a pointer.

use std::cell::UnsafeCell;

/// A structure to which the host keeps a pointer, and which it may write to. It is a static because the host drops its
/// pointer before the process ends: valgrind would report a heap block as lost.
pub(crate) struct HostStatic<T>(UnsafeCell<T>);

// SAFETY: our code never reads or writes the value; it only gets a raw pointer. The host uses that in one thread.
unsafe impl<T> Sync for HostStatic<T> {}

impl<T> HostStatic<T> {
    /// Wraps a value for the host.
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Returns the pointer for the host. It is valid as long as the process runs; only the host may follow it.
    pub(crate) const fn as_ptr(&self) -> *mut T {
        self.0.get()
    }
}
