// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Statics that the host keeps a pointer to.

use std::cell::UnsafeCell;

/// A structure that the host keeps and may write to. It is a static because the host drops its pointer before the process
/// ends: valgrind would report a block of the heap as lost.
pub(crate) struct HostStatic<T>(UnsafeCell<T>);

// SAFETY: nothing of ours reads or writes the value: all that one gets is a raw pointer. The host uses that in one thread.
unsafe impl<T> Sync for HostStatic<T> {}

impl<T> HostStatic<T> {
    /// A static for the host.
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// What the host is given. It is valid as long as the process runs; only the host may follow it.
    pub(crate) const fn as_ptr(&self) -> *mut T {
        self.0.get()
    }
}
