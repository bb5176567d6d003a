// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The order in which conversations are forgotten: first attempts, then all others. In each of
//! the two, the conversation that was idle longest goes first.
//!
//! There is a queue for each of the two kinds. A queue is a ring of links by number, so each operation takes constant
//! time.

use super::chunks::Chunks;

/// The queue that a conversation is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Queue {
    /// Only an attempt of one end to open the connection was seen.
    Attempt,
    /// More than an attempt was seen.
    Exchange,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    before: u32,
    after: u32,
}

/// Both queues. Their items are numbers.
#[derive(Debug)]
pub(super) struct Queues {
    /// The first two links are the heads of the queues. Links of conversations follow, in the order of their numbers.
    links: Chunks<Link>,
}

impl Default for Queues {
    fn default() -> Self {
        let mut links = Chunks::default();
        for queue in [Queue::Attempt, Queue::Exchange] {
            links.push(Link { before: queue as u32, after: queue as u32 });
        }
        Self { links }
    }
}

impl Queues {
    const FIRST: u32 = 2;

    /// Adds the conversation with the next number to the end of a queue.
    pub(super) fn push(&mut self, queue: Queue) {
        let end = queue as u32;
        let at = self.links.push(Link { before: end, after: end });
        self.insert(queue, at);
    }

    /// Moves a conversation to the end of a queue, since it was just used.
    pub(super) fn move_to_end(&mut self, number: u32, queue: Queue) {
        let at = number + Self::FIRST;
        let Link { before, after } = *self.links.get(at);
        self.links.get_mut(before).after = after;
        self.links.get_mut(after).before = before;
        self.insert(queue, at);
    }

    /// Returns the number of the conversation to forget next, or `None` if there is none.
    pub(super) fn first(&self) -> Option<u32> {
        let after = |queue: Queue| self.links.get(queue as u32).after.checked_sub(Self::FIRST);
        after(Queue::Attempt).or_else(|| after(Queue::Exchange))
    }

    fn insert(&mut self, queue: Queue, at: u32) {
        let end = queue as u32;
        let last = self.links.get(end).before;
        *self.links.get_mut(at) = Link { before: last, after: end };
        self.links.get_mut(last).after = at;
        self.links.get_mut(end).before = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_first_then_the_least_recently_used() {
        let mut queues = Queues::default();
        assert_eq!(queues.first(), None);
        for queue in [Queue::Exchange, Queue::Attempt, Queue::Exchange, Queue::Attempt] {
            queues.push(queue);
        }
        assert_eq!(queues.first(), Some(1));
        queues.move_to_end(1, Queue::Exchange);
        assert_eq!(queues.first(), Some(3));
        queues.move_to_end(3, Queue::Exchange);
        let order = [0, 2, 1, 3].map(|number| {
            let first = queues.first();
            queues.move_to_end(number, Queue::Exchange);
            first
        });
        assert_eq!(order, [0, 2, 1, 3].map(Some));
    }
}
