//! What the statistics keep beside the host's counters: what was counted already, and how full a counter is.

use crate::host::api::epan::boundary::eph_once;
use crate::host::api::epan::stats_tree;
use crate::host::guard::entries::Entry;
use crate::host::guard::panic;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::{c_char, c_int, CStr};
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;

/// What is kept for one tree. Texts are kept as hashes with a seed of their own: two are taken for the same with
/// a chance that nobody can raise.
#[derive(Default)]
struct Tally {
    seed: RandomState,
    once: HashSet<u64>,
    counters: HashMap<u64, i32>,
}

impl Tally {
    /// The most that is kept of each. What comes then is not counted once more.
    const LIMIT: usize = 1 << 20;

    /// Whether this is the first time that the two are counted together.
    fn is_first(&mut self, what: eph_once, one: &CStr, other: &CStr) -> bool {
        let hash = self.seed.hash_one((what, one, other));
        self.once.len() < Self::LIMIT && self.once.insert(hash)
    }

    /// How much of `length` a counter of the host's, which has 32 bits, still has room for.
    fn room(&mut self, name: &CStr, length: u32) -> i32 {
        let hash = self.seed.hash_one(name);
        if self.counters.len() >= Self::LIMIT && !self.counters.contains_key(&hash) {
            return 0;
        }
        let counter = self.counters.entry(hash).or_default();
        let room = (i32::MAX - *counter).min(length.try_into().unwrap_or(i32::MAX));
        *counter += room;
        room
    }
}

/// By the address of the tree, which is not followed.
static TALLIES: Mutex<BTreeMap<usize, Tally>> = Mutex::new(BTreeMap::new());

fn with_tally<T>(tree: *const stats_tree, body: impl FnOnce(&mut Tally) -> T) -> Option<T> {
    panic::guarded(Entry::Tally, || {
        let mut tallies = TALLIES.try_lock().ok()?;
        Some(body(tallies.entry(tree as usize).or_default()))
    })?
}

/// The tree begins afresh, or is gone.
pub extern "C" fn forget(tree: *const stats_tree) {
    panic::guarded(Entry::ForgetTally, || {
        if let Ok(mut tallies) = TALLIES.try_lock() {
            tallies.remove(&(tree as usize));
        }
    });
}

/// See `plugin/dissector/statistics.h`.
///
/// # Safety
/// The texts are NUL-terminated strings.
pub unsafe extern "C" fn is_first(
    tree: *const stats_tree,
    what: eph_once,
    one: *const c_char,
    other: *const c_char,
) -> c_int {
    // SAFETY: by the contract above.
    let (one, other) = unsafe { (CStr::from_ptr(one), CStr::from_ptr(other)) };
    with_tally(tree, |tally| tally.is_first(what, one, other)).unwrap_or(false).into()
}

/// See `plugin/dissector/statistics.h`.
///
/// # Safety
/// The name is a NUL-terminated string.
pub unsafe extern "C" fn room(tree: *const stats_tree, name: *const c_char, length: u32) -> c_int {
    // SAFETY: by the contract above.
    let name = unsafe { CStr::from_ptr(name) };
    with_tally(tree, |tally| tally.room(name, length)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_counted_once() {
        let mut tally = Tally::default();
        assert!(tally.is_first(0, c"service", c"client") && !tally.is_first(0, c"service", c"client"));
        assert!(tally.is_first(1, c"service", c"client") && tally.is_first(0, c"service", c"other"));
    }

    #[test]
    fn a_counter_fills_up() {
        let mut tally = Tally::default();
        assert_eq!([tally.room(c"service", 1 << 30), tally.room(c"service", 1 << 30)], [1 << 30, (1 << 30) - 1]);
        assert_eq!((tally.room(c"service", u32::MAX), tally.room(c"other", u32::MAX)), (0, i32::MAX));
    }
}
