//! Numbers for IPv6 addresses: 32 bits instead of 128 in everything that is kept about an end.

use super::chunks::Chunks;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::net::Ipv6Addr;

/// The addresses seen so far. They stay: conversations know them by number.
#[derive(Debug)]
pub struct Addresses {
    limit: usize,
    hasher: DefaultHashBuilder,
    numbers: HashTable<u32>,
    bits: Chunks<u128>,
}

impl Addresses {
    /// Tells at most `limit` addresses apart.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit, hasher: DefaultHashBuilder::default(), numbers: HashTable::new(), bits: Chunks::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.bits.len()
    }

    /// The number of an address that has one.
    #[inline]
    pub fn find(&self, address: Ipv6Addr) -> Option<u32> {
        let bits = address.to_bits();
        self.numbers.find(self.hasher.hash_one(bits), |number| *self.bits.get(*number) == bits).copied()
    }

    /// The number of an address, given to it now if it has none; `None` if there is no room for more.
    #[inline]
    pub fn number(&mut self, address: Ipv6Addr) -> Option<u32> {
        self.find(address).or_else(|| self.add(address))
    }

    #[cold]
    fn add(&mut self, address: Ipv6Addr) -> Option<u32> {
        if self.bits.len() >= self.limit {
            return None;
        }
        let (hasher, all) = (&self.hasher, &mut self.bits);
        let number = all.push(address.to_bits());
        self.numbers
            .insert_unique(hasher.hash_one(address.to_bits()), number, |number| hasher.hash_one(all.get(*number)));
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_number() {
        let mut addresses = Addresses::with_limit(2);
        let [one, two, three] = [1, 2, 3].map(Ipv6Addr::from_bits);
        assert_eq!((addresses.number(one), addresses.number(two), addresses.number(one)), (Some(0), Some(1), Some(0)));
        assert_eq!((addresses.number(three), addresses.find(three), addresses.find(two)), (None, None, Some(1)));
        assert_eq!(addresses.len(), 2);
    }
}
