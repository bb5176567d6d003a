// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A value that is lent to one borrower at a time. Cheaper than a `Mutex`: a second borrower gets `None` and never
//! waits.

use crate::host::api::epan::eph_event;
use crate::host::guard::reports::report;
use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};

/// A value that has at most one borrower.
#[derive(Default)]
pub(crate) struct Exclusive<T> {
    lent: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: only a `Loan` gives access to the value, and there is one at a time: see `borrow`.
unsafe impl<T: Send> Sync for Exclusive<T> {}

/// Access to the value. Dropping the loan returns the value, also while a panic unwinds.
pub(crate) struct Loan<'a, T>(&'a Exclusive<T>);

impl<T> Exclusive<T> {
    /// Wraps a value.
    pub(crate) const fn new(value: T) -> Self {
        Self { lent: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    /// Lends the value, or returns `None` while it is lent.
    #[inline(always)]
    pub(crate) fn borrow(&self) -> Option<Loan<'_, T>> {
        #[cfg(feature = "faults")]
        if crate::host::faults::is_busy() {
            return None;
        }
        // Acquire pairs with the release in `drop`: this borrower sees the writes of the previous one.
        if self.lent.swap(true, Ordering::Acquire) {
            None
        } else {
            let loan = Loan(self);
            #[cfg(feature = "faults")]
            crate::host::faults::strike("lent");
            Some(loan)
        }
    }

    /// Like [`Self::borrow`]; while the value is lent, logs `event`, which is about no packet.
    pub(crate) fn borrow_or_report(&self, event: eph_event) -> Option<Loan<'_, T>> {
        let loan = self.borrow();
        if loan.is_none() {
            report(event, 0);
        }
        loan
    }
}

impl<T> Drop for Loan<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.lent.store(false, Ordering::Release);
    }
}

impl<T> Deref for Loan<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: while this loan lives, `borrow` makes no other.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Loan<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut *self.0.value.get() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_borrows_at_a_time() {
        let value = Exclusive::<u32>::default();
        let mut loan = value.borrow().unwrap();
        assert!(value.borrow().is_none());
        *loan += 1;
        drop(loan);
        assert_eq!(*value.borrow().unwrap(), 1);
    }

    #[test]
    fn a_panic_gives_it_back() {
        let value = Exclusive::<u32>::default();
        let panicking = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _loan = value.borrow();
            panic!("on purpose");
        }));
        assert!(panicking.is_err() && value.borrow().is_some());
    }

    #[test]
    fn threads_exclude_each_other() {
        let value = Exclusive::<(u32, u32)>::default();
        let count = || {
            (0..10_000)
                .filter(|_| {
                    let Some(mut loan) = value.borrow() else { return false };
                    let (one, other) = &mut *loan;
                    assert_eq!(one, other);
                    *one += 1;
                    *other += 1;
                    true
                })
                .count() as u32
        };
        let counted = std::thread::scope(|scope| {
            let others = [scope.spawn(count), scope.spawn(count)];
            count() + others.into_iter().map(|other| other.join().unwrap()).sum::<u32>()
        });
        assert_eq!(*value.borrow().unwrap(), (counted, counted));
    }
}
