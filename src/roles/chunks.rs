// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A list that grows without moving its items. A vector would need twice the memory while it grows.

/// A list of at most `u32::MAX` items, found by number.
#[derive(Debug)]
pub(super) struct Chunks<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Chunks<T> {
    const SIZE: usize = 4096;
    /// The initial capacity of the first chunk. It grows, since most captures have few conversations.
    const FIRST_SIZE: usize = 64;

    /// Returns the number of items.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds an item and returns its number.
    pub(super) fn push(&mut self, item: T) -> u32 {
        if self.len % Self::SIZE == 0 {
            self.chunks.push(Vec::with_capacity(if self.len == 0 { Self::FIRST_SIZE } else { Self::SIZE }));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(item);
        }
        self.len += 1;
        (self.len - 1) as u32
    }

    /// Returns an item by its number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> &T {
        &self.chunks[number as usize / Self::SIZE][number as usize % Self::SIZE]
    }

    /// Returns an item by its number, for changes.
    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> &mut T {
        &mut self.chunks[number as usize / Self::SIZE][number as usize % Self::SIZE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_numbers() {
        let mut chunks = Chunks::default();
        let many = 3 * Chunks::<u32>::SIZE as u32 + 1;
        for item in 0..many {
            assert_eq!(chunks.push(item), item);
        }
        *chunks.get_mut(7) += many;
        assert_eq!((chunks.len(), *chunks.get(7), *chunks.get(many - 1)), (many as usize, 7 + many, many - 1));
    }
}
