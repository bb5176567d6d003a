// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Numbers for IPv6 addresses, so that the tables of ends need 32 bits for an address instead of 128.

use super::chunks::Chunks;
use super::seed::Keyed;
use super::table::Table;
use std::hash::BuildHasher;

/// The IPv6 addresses in use, each with a number and a reference count ([`Self::retain`], [`Self::release`]). The number
/// of an address whose count drops to 0 is given to another one.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    hasher: Keyed,
    numbers: Table<u32>,
    addresses: Chunks<u128>,
    /// For each number in use, its reference count. For each free number, the next free number plus one, or 0 for the
    /// last.
    holders: Chunks<u32>,
    /// The first free number plus one, or 0 if none is free.
    free: u32,
}

impl Addresses {
    /// Returns the number of addresses.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the address with a number.
    pub(super) fn get(&self, number: u32) -> u128 {
        *self.addresses.get(number)
    }

    /// Returns the number of an address, or `None` if it has none.
    #[inline]
    pub(super) fn find(&self, address: u128) -> Option<u32> {
        self.numbers.find(self.hasher.hash_one(address), |number| *self.addresses.get(*number) == address).copied()
    }

    /// Returns the number of an address, and assigns one if it has none. In that case the caller must
    /// [retain](Self::retain) it.
    #[inline]
    pub(super) fn find_or_add(&mut self, address: u128) -> u32 {
        self.find(address).unwrap_or_else(|| self.add(address))
    }

    /// Increments the reference count of the address with a number.
    pub(super) fn retain(&mut self, number: u32) {
        *self.holders.get_mut(number) += 1;
    }

    /// Decrements the reference count of the address with a number, and frees the number at 0.
    pub(super) fn release(&mut self, number: u32) {
        let holders = self.holders.get_mut(number);
        *holders -= 1;
        if *holders > 0 {
            return;
        }
        *holders = self.free;
        self.free = number + 1;
        if let Some(entry) = self.numbers.find_entry(self.hasher.hash_one(self.get(number)), |other| *other == number) {
            entry.remove();
        }
    }

    #[cold]
    fn add(&mut self, address: u128) -> u32 {
        let number = match self.free.checked_sub(1) {
            Some(number) => {
                self.free = std::mem::take(self.holders.get_mut(number));
                *self.addresses.get_mut(number) = address;
                number
            }
            None => {
                self.holders.push(0);
                self.addresses.push(address)
            }
        };
        let (hasher, addresses) = (&self.hasher, &self.addresses);
        let hash = |address: &u128| hasher.hash_one(address);
        self.numbers.insert_unique(hash(&address), number, |number| hash(addresses.get(*number)));
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_number_as_long_as_it_is_held() {
        let mut addresses = Addresses::default();
        let [one, two, three] = [1, 2, 3];
        for (address, number) in [(one, 0), (two, 1), (one, 0)] {
            assert_eq!(addresses.find_or_add(address), number);
            addresses.retain(number);
        }
        addresses.release(0);
        assert_eq!((addresses.find(one), addresses.len()), (Some(0), 2));
        addresses.release(0);
        assert_eq!((addresses.find(one), addresses.find(two), addresses.len()), (None, Some(1), 1));
        assert_eq!((addresses.find_or_add(three), addresses.get(0), addresses.len()), (0, three, 2));
        addresses.retain(0);
        assert_eq!(addresses.find_or_add(one), 2, "none is free");
    }

    #[test]
    fn numbers_are_given_again() {
        let mut addresses = Addresses::default();
        for round in 0..10u128 {
            let numbers: Vec<u32> = (0..100).map(|address| addresses.find_or_add(round << 64 | address)).collect();
            numbers.iter().for_each(|number| addresses.retain(*number));
            assert_eq!((addresses.len(), addresses.addresses.len()), (100, 100));
            numbers.iter().for_each(|number| addresses.release(*number));
        }
        assert_eq!(addresses.len(), 0);
    }
}
