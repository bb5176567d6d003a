// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The ranges of ports that hosts connect from, as their systems pick them. The table is bounded, and keeps the hosts
//! that connected most recently.

use super::chunks::Chunks;
use super::end_key::EndKey;
use super::idle::{Queue, Queues};
use super::seed::Keyed;
use hashbrown::HashMap;

/// The range of ports that a host connects from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PortRange {
    /// The lowest port.
    pub lowest: u16,
    /// The highest port.
    pub highest: u16,
    /// The number of handshakes that were answered.
    handshakes: u16,
    /// The number of connections, answered or not, that the host tried to open after it was known to exist.
    tried: u16,
}

impl PortRange {
    /// Returns the range that an answered handshake shows.
    pub(super) fn connected_from(port: u16) -> Self {
        Self { lowest: port, highest: port, handshakes: 1, tried: 0 }
    }

    /// Returns the range that a SYN shows, if its host is known to exist.
    pub(super) fn tried_from(port: u16) -> Self {
        Self { lowest: port, highest: port, handshakes: 0, tried: 1 }
    }

    /// Returns the number of connections that show the range.
    pub(super) fn connections(self) -> u16 {
        self.handshakes.max(self.tried)
    }

    /// Whether a port is in the range, or so near that the system may have picked it as well. The next random port is
    /// rarely further away than three times the average distance between the known ones.
    pub(super) fn may_contain(self, port: u16) -> bool {
        /// With fewer connections, only ports within the range count.
        const MANY: u16 = 16;
        let beyond = match self.connections() {
            ..MANY => 0,
            shown => 3 * ((self.highest - self.lowest) / shown),
        };
        (self.lowest.saturating_sub(beyond)..=self.highest.saturating_add(beyond)).contains(&port)
    }

    fn extended_by(self, other: Self) -> Self {
        Self {
            lowest: self.lowest.min(other.lowest),
            highest: self.highest.max(other.highest),
            handshakes: self.handshakes.saturating_add(other.handshakes),
            tried: self.tried.saturating_add(other.tried),
        }
    }

    fn queue(self) -> Queue {
        if self.handshakes == 0 { Queue::Attempt } else { Queue::Exchange }
    }
}

/// The ranges of a bounded number of hosts. When the table is full, hosts that only tried to connect are removed first,
/// then those that connected longest ago.
#[derive(Debug)]
pub(super) struct Ranges {
    limit: usize,
    /// Whether the log already says that the table is full.
    is_loss_logged: bool,
    numbers: HashMap<EndKey, u32, Keyed>,
    ranges: Chunks<(EndKey, PortRange)>,
    queues: Queues,
}

impl Ranges {
    /// Creates a table of at most `limit` hosts.
    pub(super) fn with_limit(limit: usize) -> Self {
        let (numbers, ranges, queues) = (HashMap::default(), Chunks::default(), Queues::default());
        Self { limit: limit.max(1), is_loss_logged: false, numbers, ranges, queues }
    }

    /// Returns the number of hosts in the table.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the range of a host.
    pub(super) fn get(&self, host: EndKey) -> Option<PortRange> {
        Some(self.ranges.get(*self.numbers.get(&host)?).1)
    }

    /// Adds the range that a connection of a host shows. Returns whether the host is new, and the host that was removed
    /// to make room.
    pub(super) fn add(&mut self, host: EndKey, shown: PortRange) -> (bool, Option<EndKey>) {
        if let Some(number) = self.numbers.get(&host) {
            let range = &mut self.ranges.get_mut(*number).1;
            *range = range.extended_by(shown);
            self.queues.move_to_end(*number, range.queue());
            return (false, None);
        }
        let Some(number) = self.queues.first().filter(|_| self.len() >= self.limit) else {
            self.queues.push(shown.queue());
            self.numbers.insert(host, self.ranges.push((host, shown)));
            return (true, None);
        };
        if !std::mem::replace(&mut self.is_loss_logged, true) {
            log::info!(
                "more than {} hosts that connect: the port ranges of the first of them are forgotten, and no longer \
                 count as evidence",
                self.limit
            );
        }
        let (forgotten, _) = std::mem::replace(self.ranges.get_mut(number), (host, shown));
        self.queues.move_to_end(number, shown.queue());
        self.numbers.remove(&forgotten);
        self.numbers.insert(host, number);
        (true, Some(forgotten))
    }
}
