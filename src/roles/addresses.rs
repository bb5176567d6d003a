//! Numbers for IPv6 addresses: 32 bits instead of 128 in everything that is kept about an end.

use super::chunks::Chunks;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The addresses seen so far. They stay: conversations know them by number.
#[derive(Debug)]
pub struct Addresses {
    limit: usize,
    hasher: DefaultHashBuilder,
    numbers: HashTable<u32>,
    addresses: Chunks<u128>,
}

impl Addresses {
    /// Tells at most `limit` addresses apart.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit, hasher: DefaultHashBuilder::default(), numbers: HashTable::new(), addresses: Chunks::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// The address with a number.
    pub fn get(&self, number: u32) -> u128 {
        *self.addresses.get(number)
    }

    /// The number of an address that has one.
    #[inline]
    pub fn find(&self, address: u128) -> Option<u32> {
        self.numbers.find(self.hasher.hash_one(address), |number| *self.addresses.get(*number) == address).copied()
    }

    /// The number of an address, given to it now if it has none; `None` if there is no room for more.
    #[inline]
    pub fn number(&mut self, address: u128) -> Option<u32> {
        self.find(address).or_else(|| self.add(address))
    }

    #[cold]
    fn add(&mut self, address: u128) -> Option<u32> {
        if self.addresses.len() >= self.limit {
            return None;
        }
        let (hasher, addresses) = (&self.hasher, &mut self.addresses);
        let number = addresses.push(address);
        let hash = |address: &u128| hasher.hash_one(address);
        self.numbers.insert_unique(hash(&address), number, |number| hash(addresses.get(*number)));
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_number() {
        let mut addresses = Addresses::with_limit(2);
        let [one, two, three] = [1, 2, 3];
        assert_eq!((addresses.number(one), addresses.number(two), addresses.number(one)), (Some(0), Some(1), Some(0)));
        assert_eq!((addresses.number(three), addresses.find(three), addresses.find(two)), (None, None, Some(1)));
        assert_eq!(addresses.len(), 2);
    }
}
