// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Which conversation is forgotten next: of those that are mere attempts, or else of all others, the one that has been
//! idle longest.
//!
//! Each kind is a queue, whose first one is forgotten first. It is a ring of links by number, so that whatever is done
//! to it takes the same time, however many there are.

use super::chunks::Chunks;

/// What a conversation is worth keeping for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// Nothing but one end's attempt to open it was seen.
    Attempt,
    /// More than that.
    Exchange,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    before: u32,
    after: u32,
}

/// Both queues.
#[derive(Debug)]
pub(super) struct Queues {
    /// The two first are where the queues begin and end; then, by their numbers, the conversations.
    links: Chunks<Link>,
}

impl Default for Queues {
    fn default() -> Self {
        let mut links = Chunks::default();
        for queue in [Worth::Attempt, Worth::Exchange] {
            links.push(Link { before: queue as u32, after: queue as u32 });
        }
        Self { links }
    }
}

impl Queues {
    const FIRST: u32 = 2;

    /// Puts the conversation whose number comes next at the end of a queue.
    pub(super) fn push(&mut self, worth: Worth) {
        let end = worth as u32;
        let at = self.links.push(Link { before: end, after: end });
        self.insert(worth, at);
    }

    /// Puts a conversation at the end of a queue: it was used just now.
    pub(super) fn use_now(&mut self, number: u32, worth: Worth) {
        let at = number + Self::FIRST;
        let Link { before, after } = *self.links.get(at);
        self.links.get_mut(before).after = after;
        self.links.get_mut(after).before = before;
        self.insert(worth, at);
    }

    /// The number of the one to forget next, if there is any.
    pub(super) fn first(&self) -> Option<u32> {
        let after = |queue: Worth| self.links.get(queue as u32).after.checked_sub(Self::FIRST);
        after(Worth::Attempt).or_else(|| after(Worth::Exchange))
    }

    fn insert(&mut self, worth: Worth, at: u32) {
        let end = worth as u32;
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
    fn attempts_are_first_then_what_was_used_least_lately() {
        let mut queues = Queues::default();
        assert_eq!(queues.first(), None);
        for worth in [Worth::Exchange, Worth::Attempt, Worth::Exchange, Worth::Attempt] {
            queues.push(worth);
        }
        assert_eq!(queues.first(), Some(1));
        queues.use_now(1, Worth::Exchange);
        assert_eq!(queues.first(), Some(3));
        queues.use_now(3, Worth::Exchange);
        let order = [0, 2, 1, 3].map(|number| {
            let first = queues.first();
            queues.use_now(number, Worth::Exchange);
            first
        });
        assert_eq!(order, [0, 2, 1, 3].map(Some));
    }
}
