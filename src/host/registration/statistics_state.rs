// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The statistics state, beside the host's counters: which pairs were counted already, how full a counter is, and which
//! members of a list have a row of their own.
//!
//! The more rows there are, the longer the host takes to add one, and nobody reads a hundred thousand. So a list has
//! at most [`List::ROWS`]: the first members have one at once, later ones once they reach a 250th of the
//! whole ([`List::SHARE_DIVISOR`]), so that a scan of a network does not hide who was really talked to. The counts of the
//! others are added up in one row.
//!
//! Up to 4.2, the window measures up to a thousand rows for each one that it adds (`resizeColumnToContents()` in
//! `StatsTreeDialog::setupNode()`), which takes 5 ms. There, fewer rows are given at once ([`List::AT_ONCE_IF_SLOW`]).

use crate::host::api::epan::stats_tree;
use crate::host::api::epan::{EPH_LIST_COUNT, EPH_NOT_COUNTED, EPH_ONCE_COUNT, EPH_STATISTICS_FULL};
use crate::host::api::epan::{eph_increase, eph_list, eph_once};
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::panic;
use crate::host::guard::reports::report;
use crate::host::packet::session;
use crate::roles::Table;
use hashbrown::hash_table::Entry::{Occupied, Vacant};
use std::collections::{BTreeMap, HashMap};
use std::ffi::{CStr, c_char, c_int};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};

/// What is kept for one tree takes at most so many megabytes (of 1,000,000 bytes), beside the host's rows.
pub(super) const MOST_MEGABYTES: u32 = 80;

/// What is kept for one tree. Texts are kept as hashes with a random seed, so that nobody can
/// provoke two that are the same.
#[derive(Default)]
struct StatisticsState {
    seed: RandomState,
    counted_pairs: [Pairs; EPH_ONCE_COUNT as usize],
    lists: [List; EPH_LIST_COUNT as usize],
}

/// Whether each row that is added takes this host long.
static ROWS_ARE_SLOW: AtomicBool = AtomicBool::new(false);

/// Tells whether each row that is added takes this host long. Trees that are open stay as they are.
pub(super) fn set_rows_are_slow(are_slow: bool) {
    ROWS_ARE_SLOW.store(are_slow, Ordering::Relaxed);
}

impl StatisticsState {
    fn new(rows_are_slow: bool) -> Self {
        let mut state = Self::default();
        if rows_are_slow {
            state.lists.iter_mut().for_each(|list| list.at_once = List::AT_ONCE_IF_SLOW);
        }
        state
    }

    /// Whether this is the first time that the two are counted together; `None` if there is no room to know it.
    fn record_pair(&mut self, what: eph_once, one: &CStr, other: &CStr) -> Option<bool> {
        let hash = self.seed.hash_one((one, other));
        self.counted_pairs.get_mut(what as usize)?.insert(hash)
    }

    /// Counts for a member of a group of a list.
    fn count(&mut self, list: eph_list, group: &CStr, member: &CStr, value: u32) -> Option<eph_increase> {
        let (group, member) = (self.seed.hash_one(group), self.seed.hash_one((group, member)));
        Some(self.lists.get_mut(list as usize)?.count(group, member, value.into()))
    }
}

/// Pairs that were counted.
#[derive(Default)]
pub(super) struct Pairs {
    count: usize,
    hashes: Table<u64>,
}

impl Pairs {
    /// The most that are kept. Later ones are not counted.
    const MOST: usize = 1 << 20;

    /// Whether a pair was not among them, and is now; `None` if it is not, and there is no room for it.
    pub(super) fn insert(&mut self, hash: u64) -> Option<bool> {
        if self.hashes.find(hash, |other| *other == hash).is_some() {
            return Some(false);
        }
        if self.count >= at_most(Self::MOST) {
            report(EPH_STATISTICS_FULL, 0);
            return None;
        }
        self.hashes.insert_unique(hash, hash, |other| *other);
        self.count += 1;
        Some(true)
    }
}

/// A limit, unless a fault that is put in on purpose sets another.
pub(super) fn at_most(limit: usize) -> usize {
    #[cfg(feature = "faults")]
    if let Some(room) = crate::host::faults::statistics_room() {
        return room;
    }
    limit
}

/// One list of the tree. Its members may be in groups, each with a row for the others; the rows of all groups
/// together are bounded.
struct List {
    all: u64,
    /// So many rows are given to whoever comes first.
    at_once: usize,
    rows: usize,
    /// How many members are told apart.
    count: usize,
    members: Table<Member>,
    /// For each group, the sum over its members without a row.
    others: HashMap<u64, u64>,
}

struct Member {
    hash: u64,
    counted: u64,
    has_row: bool,
}

impl Default for List {
    fn default() -> Self {
        let (members, others) = (Table::default(), HashMap::default());
        Self { all: 0, at_once: Self::AT_ONCE, rows: 0, count: 0, members, others }
    }
}

impl List {
    /// The most rows of a list.
    const ROWS: usize = 2000;
    /// So many rows go to the first members; a group that has a row may have one for its others besides.
    const AT_ONCE: usize = 1000;
    /// The same where each row takes long.
    const AT_ONCE_IF_SLOW: usize = 250;
    /// So many more are for later.
    const LATER: usize = Self::ROWS - Self::AT_ONCE;
    /// These go to members with at least one part in so many of the whole list. At most so many members have that at one
    /// time, so the rows last.
    const SHARE_DIVISOR: u64 = 250;
    /// The most members that are told apart. Later ones are counted with the others that have no row.
    const MEMBERS: usize = 1 << 18;

    fn count(&mut self, group: u64, member: u64, value: u64) -> eph_increase {
        let all = raise(&mut self.all, value);
        let mut increase = eph_increase { all, row: 0, others: 0, left_out: 0, not_told_apart: 0, has_row: 0 };
        let is_full = self.count >= at_most(Self::MEMBERS);
        let (known, is_new) = match self.members.entry(member, |known| known.hash == member, |known| known.hash) {
            Occupied(known) => (known.into_mut(), false),
            Vacant(_) if is_full => {
                report(EPH_STATISTICS_FULL, 0);
                increase.others = raise(self.others.entry(group).or_default(), value);
                increase.not_told_apart = increase.others;
                return increase;
            }
            Vacant(new) => {
                self.count += 1;
                (new.insert(Member { hash: member, counted: 0, has_row: false }).into_mut(), true)
            }
        };
        let before = known.counted;
        increase.row = raise(&mut known.counted, value);
        if !known.has_row {
            let deserves_one = known.counted.saturating_mul(Self::SHARE_DIVISOR) >= self.all;
            if self.rows < self.at_once || self.rows < self.at_once + Self::LATER && deserves_one {
                self.rows += 1;
                known.has_row = true;
                increase.row = shown(known.counted);
                if !is_new {
                    increase.left_out = -1;
                    increase.others = self.others.get_mut(&group).map_or(0, |others| lower(others, before));
                }
            } else {
                increase.left_out = is_new.into();
                increase.others = raise(self.others.entry(group).or_default(), value);
            }
        }
        increase.has_row = known.has_row.into();
        increase
    }
}

/// What a counter of the host's, which has 32 bits, shows of this.
fn shown(counted: u64) -> c_int {
    counted.try_into().unwrap_or(c_int::MAX)
}

/// Adds to a counter; returns what that adds to the host's.
fn raise(counter: &mut u64, by: u64) -> c_int {
    let before = shown(*counter);
    *counter = counter.saturating_add(by);
    shown(*counter) - before
}

/// Takes from a counter; returns what that adds to the host's, which is zero or negative.
fn lower(counter: &mut u64, by: u64) -> c_int {
    let before = shown(*counter);
    *counter = counter.saturating_sub(by);
    shown(*counter) - before
}

/// How many conversations of this file were forgotten.
pub(super) extern "C" fn forgotten() -> c_int {
    panic::guarded(Entry::Count, || session::forgotten_conversations().map(shown)).flatten().unwrap_or(0)
}

/// By the address of the tree, which is not followed. A panic leaves a state half written, but not for long: each
/// tree starts with [`forget`].
static STATES: Exclusive<BTreeMap<usize, StatisticsState>> = Exclusive::new(BTreeMap::new());

fn with_state<T>(tree: *const stats_tree, body: impl FnOnce(&mut StatisticsState) -> Option<T>) -> Option<T> {
    panic::guarded(Entry::Count, || {
        let new = || StatisticsState::new(ROWS_ARE_SLOW.load(Ordering::Relaxed));
        body(STATES.borrow_or_report(EPH_NOT_COUNTED)?.entry(tree as usize).or_insert_with(new))
    })?
}

/// The tree begins afresh, or is gone.
pub(super) extern "C" fn forget(tree: *const stats_tree) {
    panic::guarded(Entry::ForgetCounts, || {
        STATES.borrow_or_report(EPH_NOT_COUNTED)?.remove(&(tree as usize));
        Some(())
    });
}

/// See `plugin/dissector/statistics.h`.
///
/// # Safety
/// The texts are NUL-terminated strings.
pub(super) unsafe extern "C" fn record_pair(
    tree: *const stats_tree,
    what: eph_once,
    one: *const c_char,
    other: *const c_char,
) -> c_int {
    // SAFETY: by the contract above.
    let (one, other) = unsafe { (CStr::from_ptr(one), CStr::from_ptr(other)) };
    // While the plugin is off, or a state is in use, nothing is counted.
    let is_first = with_state(tree, |state| Some(state.record_pair(what, one, other)));
    is_first.map_or(0, |known| known.map_or(-1, c_int::from))
}

/// See `plugin/dissector/statistics.h`.
///
/// # Safety
/// The texts are NUL-terminated strings, and `increase` can be written to.
pub(super) unsafe extern "C" fn count(
    tree: *const stats_tree,
    list: eph_list,
    group: *const c_char,
    member: *const c_char,
    value: u32,
    increase: *mut eph_increase,
) -> c_int {
    // SAFETY: by the contract above.
    let (group, member) = unsafe { (CStr::from_ptr(group), CStr::from_ptr(member)) };
    let Some(counted) = with_state(tree, |state| state.count(list, group, member, value)) else { return 0 };
    // SAFETY: by the contract above.
    unsafe { increase.write(counted) };
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::api::epan::*;

    const GROUP: u64 = 0;

    #[test]
    fn a_pair_is_counted_once() {
        let mut state = StatisticsState::default();
        assert_eq!(state.record_pair(EPH_ONCE_CLIENT, c"service", c"client"), Some(true));
        assert_eq!(state.record_pair(EPH_ONCE_CLIENT, c"service", c"client"), Some(false));
        assert_eq!(state.record_pair(EPH_ONCE_CONVERSATION, c"service", c"client"), Some(true));
        assert_eq!(state.record_pair(EPH_ONCE_CLIENT, c"service", c"other"), Some(true));
    }

    #[test]
    fn each_kind_of_pairs_has_room_of_its_own() {
        let mut state = StatisticsState::default();
        fill(&mut state.counted_pairs[EPH_ONCE_CLIENT as usize]);
        assert_eq!(state.record_pair(EPH_ONCE_CLIENT, c"service", c"client"), None);
        assert_eq!(state.record_pair(EPH_ONCE_CONVERSATION, c"service", c"client"), Some(true));
        let clients = &mut state.counted_pairs[EPH_ONCE_CLIENT as usize];
        assert_eq!((clients.count, clients.insert(hash(1))), (Pairs::MOST, Some(false)));
    }

    /// Spreads numbers as hashes do: the odd factor makes neighbours distant.
    fn hash(number: u64) -> u64 {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn fill(pairs: &mut Pairs) {
        assert!((0..Pairs::MOST as u64).all(|number| pairs.insert(hash(number)) == Some(true)));
    }

    /// If a whole table moved at once when it grows, one packet would take long. In the end, the tables take no more
    /// memory than *About and diagnostics* says about each open statistic.
    #[test]
    fn full_tables_move_little_at_once_and_take_no_more_than_is_said() {
        let (mut pairs, mut list) = (Pairs::default(), List::default());
        fill(&mut pairs);
        for number in 0..List::MEMBERS as u64 {
            list.count(GROUP, hash(number), 1);
        }
        let parts = [pairs.hashes.largest_part(), list.members.largest_part()];
        assert!(parts.into_iter().all(|items| items < 10_000), "{parts:?} items would be moved at once");
        // The first statistic has most: misnamed ports, services, servers and clients.
        let bytes = pairs.hashes.bytes() + 4 * list.members.bytes();
        assert!(bytes < MOST_MEGABYTES as usize * 1_000_000, "{bytes} bytes");
    }

    #[test]
    fn the_limits_are_those_that_are_told() {
        let safety = include_str!("../../../SAFETY.md").split_whitespace().collect::<Vec<_>>().join(" ");
        let grouped = |number: usize| match (number / 1_000_000, number / 1000 % 1000, number % 1000) {
            (0, thousands, rest) => format!("{thousands},{rest:03}"),
            (millions, thousands, rest) => format!("{millions},{thousands:03},{rest:03}"),
        };
        let (pairs, members, rows) = (grouped(Pairs::MOST), grouped(List::MEMBERS), grouped(List::ROWS));
        for told in [
            format!("at most {pairs} pairs of each of two kinds"),
            format!("at most {members} members of each list"),
            format!("at most {rows} have a row"),
            format!("at most {MOST_MEGABYTES} MB for each tree"),
        ] {
            assert!(safety.contains(&told), "{told}");
        }
        assert_eq!(StatisticsState::default().counted_pairs.len(), 2);
    }

    #[test]
    fn a_counter_fills_up() {
        let mut list = List::default();
        let rows: Vec<_> = [1 << 30, 1 << 30, u32::MAX].map(|value| list.count(GROUP, 1, value.into()).row).into();
        assert_eq!(rows, [1 << 30, (1 << 30) - 1, 0]);
        let other = list.count(GROUP, 2, u32::MAX.into());
        assert_eq!((other.all, other.row), (0, i32::MAX));
    }

    /// The host's counters: of the list, of each row, of the others, and how many the others are.
    #[derive(Default)]
    struct Shown {
        all: i64,
        rows: HashMap<u64, i64>,
        others: i64,
        left_out: i64,
        not_told_apart: i64,
    }

    impl Shown {
        fn count(&mut self, list: &mut List, member: u64, value: u64) {
            let increase = list.count(GROUP, member, value);
            self.all += i64::from(increase.all);
            self.others += i64::from(increase.others);
            self.left_out += i64::from(increase.left_out);
            self.not_told_apart += i64::from(increase.not_told_apart);
            if increase.has_row != 0 {
                *self.rows.entry(member).or_default() += i64::from(increase.row);
            }
        }
    }

    #[test]
    fn what_a_scan_leaves_behind_hides_nobody() {
        let (mut list, mut shown) = (List::default(), Shown::default());
        let scanned = 100_000;
        for host in 1..=scanned {
            shown.count(&mut list, host, 1);
        }
        assert_eq!(shown.rows.len(), List::AT_ONCE);
        assert_eq!(shown.left_out, scanned as i64 - List::AT_ONCE as i64);
        for _ in 0..2000 {
            shown.count(&mut list, scanned, 1);
        }
        assert_eq!(shown.rows.get(&scanned), Some(&2001), "it has all that was counted, also before it had a row");
        assert_eq!(shown.left_out, scanned as i64 - List::AT_ONCE as i64 - 1);
        assert_eq!(shown.all, shown.rows.values().sum::<i64>() + shown.others);
    }

    #[test]
    fn where_rows_are_slow_fewer_are_given_at_once() {
        let mut state = StatisticsState::new(true);
        let (list, mut shown) = (&mut state.lists[0], Shown::default());
        for host in 1..=1000 {
            shown.count(list, host, 1);
        }
        assert_eq!(shown.rows.len(), List::AT_ONCE_IF_SLOW);
        shown.count(list, 1000, 20);
        assert_eq!(shown.rows.get(&1000), Some(&21), "a member with a good share still gets a row");
        assert_eq!(shown.all, shown.rows.values().sum::<i64>() + shown.others);
    }

    #[test]
    fn rows_and_members_are_bounded() {
        let (mut list, mut shown) = (List::default(), Shown::default());
        let members = List::MEMBERS as u64 + 1000;
        // Each member has a good share when it arrives.
        for member in 0..members {
            let value = 1 + list.all.min(1 << 40) / 100;
            shown.count(&mut list, member, value);
        }
        assert_eq!((shown.rows.len(), list.rows, list.count), (List::ROWS, List::ROWS, List::MEMBERS));
        assert_eq!(shown.left_out, (List::MEMBERS - List::ROWS) as i64, "so many were told apart");
    }

    #[test]
    fn what_is_counted_for_members_beyond_the_limit_is_told() {
        let (mut list, mut shown) = (List::default(), Shown::default());
        for member in 0..List::MEMBERS as u64 {
            shown.count(&mut list, hash(member), 1);
        }
        shown.count(&mut list, hash(List::MEMBERS as u64 - 1), 1);
        let (others, left_out) = ((List::MEMBERS - List::AT_ONCE + 1) as i64, (List::MEMBERS - List::AT_ONCE) as i64);
        assert_eq!((shown.others, shown.left_out, shown.not_told_apart), (others, left_out, 0), "all are told apart");
        shown.count(&mut list, hash(List::MEMBERS as u64), 7);
        shown.count(&mut list, hash(List::MEMBERS as u64), 1);
        assert_eq!((shown.others, shown.left_out, shown.not_told_apart), (others + 8, left_out, 8));
    }

    #[test]
    fn a_panic_is_forgotten_with_the_tree() {
        let tree = std::ptr::without_provenance::<stats_tree>(0x1000);
        let panicking = std::panic::catch_unwind(|| {
            let mut states = STATES.borrow().unwrap();
            states.entry(tree as usize).or_default().lists[0].all = 7;
            panic!("on purpose");
        });
        assert!(panicking.is_err());
        forget(tree);
        let counted = with_state(tree, |state| state.count(EPH_LIST_MISNAMED, c"", c"autonoc (1140)", 1)).unwrap();
        assert_eq!((counted.all, counted.row, counted.has_row), (1, 1, 1));
        forget(tree);
    }
}
