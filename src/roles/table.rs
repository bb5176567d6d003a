// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A hash table that grows in small steps. To move millions of items at once would hold up one packet.

use hashbrown::HashTable;
use hashbrown::hash_table::{Entry, OccupiedEntry};

/// A table of many small tables, each of which grows by itself.
#[derive(Debug)]
pub(crate) struct Table<T> {
    parts: Vec<HashTable<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { parts: (0..Self::PARTS).map(|_| HashTable::new()).collect() }
    }
}

impl<T> Table<T> {
    /// The number of small tables. With two million items, each has some eight thousand.
    const PARTS: usize = 256;

    /// Returns the number of items.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(HashTable::len).sum()
    }

    /// Returns the number of items in the largest part, all of which are moved at once when it grows.
    #[cfg(test)]
    pub(crate) fn largest_part(&self) -> usize {
        self.parts.iter().map(HashTable::len).max().unwrap_or(0)
    }

    /// Returns the size of the allocated memory, in bytes.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().map(HashTable::allocation_size).sum()
    }

    /// Returns the item with this hash for which `is_it` returns `true`.
    #[inline(always)]
    pub(crate) fn find(&self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&T> {
        self.parts[Self::part(hash)].find(hash, is_it)
    }

    /// Returns the item for changes.
    pub(crate) fn find_mut(&mut self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.parts[Self::part(hash)].find_mut(hash, is_it)
    }

    /// Returns the item's entry, from which it can be removed.
    pub(crate) fn find_entry(&mut self, hash: u64, is_it: impl FnMut(&T) -> bool) -> Option<OccupiedEntry<'_, T>> {
        self.parts[Self::part(hash)].find_entry(hash, is_it).ok()
    }

    /// Returns the item's entry, or a vacant one where it can be inserted.
    pub(crate) fn entry(
        &mut self,
        hash: u64,
        is_it: impl FnMut(&T) -> bool,
        hash_of: impl Fn(&T) -> u64,
    ) -> Entry<'_, T> {
        self.parts[Self::part(hash)].entry(hash, is_it, hash_of)
    }

    /// Adds an item that is not in the table.
    pub(crate) fn insert_unique(&mut self, hash: u64, item: T, hash_of: impl Fn(&T) -> u64) {
        self.parts[Self::part(hash)].insert_unique(hash, item, hash_of);
    }

    /// Returns the index of the small table for a hash. It uses bits that the small tables do not: they use the lowest
    /// and the highest ones.
    #[inline(always)]
    fn part(hash: u64) -> usize {
        (hash >> 40) as usize % Self::PARTS
    }
}

#[cfg(test)]
mod tests {
    use super::super::seed::Keyed;
    use super::*;
    use std::hash::BuildHasher;

    #[test]
    fn no_part_has_much_more_than_its_share() {
        let (keyed, mut table) = (Keyed::default(), Table::default());
        let hash = |item: &u32| keyed.hash_one(item);
        for item in 0..100_000 {
            table.insert_unique(hash(&item), item, hash);
        }
        assert!((0..100_000).all(|item| table.find(hash(&item), |other| *other == item) == Some(&item)));
        let most = table.largest_part();
        assert!(table.len() == 100_000 && most < 2 * 100_000 / Table::<u32>::PARTS, "{most}");
        for item in 0..100_000 {
            table.find_entry(hash(&item), |other| *other == item).expect("it was there").remove();
        }
        assert_eq!(table.len(), 0);
    }
}
