// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Which ports hosts connect from, each with the system that picks them: of more hosts than there is room for, those
//! that connected or tried to last.

use super::chunks::Chunks;
use super::end_key::EndKey;
use super::idle::{Queues, Worth};
use super::seed::Keyed;
use hashbrown::HashMap;

/// The ports that a host connects from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PortRange {
    /// The lowest.
    pub lowest: u16,
    /// The highest.
    pub highest: u16,
    /// In how many handshakes.
    handshakes: u16,
    /// In how many connections that it tried to open once it was known to exist, answered ones included.
    tried: u16,
}

impl PortRange {
    /// What a handshake shows.
    pub(super) fn connected_from(port: u16) -> Self {
        Self { lowest: port, highest: port, handshakes: 1, tried: 0 }
    }

    /// What a SYN of a host shows that is known to exist.
    pub(super) fn tried_from(port: u16) -> Self {
        Self { lowest: port, highest: port, handshakes: 0, tried: 1 }
    }

    /// How many connections show it.
    pub(super) fn shown_by(self) -> u16 {
        self.handshakes.max(self.tried)
    }

    /// Whether a port is in it, or so near that the system may as well have picked it: of ports picked by chance, the next
    /// is rarely further out than three times the distance between those that are known.
    pub(super) fn holds(self, port: u16) -> bool {
        /// Fewer connections show too little of how far it goes.
        const MANY: u16 = 16;
        let beyond = match self.shown_by() {
            ..MANY => 0,
            shown => 3 * ((self.highest - self.lowest) / shown),
        };
        (self.lowest.saturating_sub(beyond)..=self.highest.saturating_add(beyond)).contains(&port)
    }

    fn and(self, other: Self) -> Self {
        Self {
            lowest: self.lowest.min(other.lowest),
            highest: self.highest.max(other.highest),
            handshakes: self.handshakes.saturating_add(other.handshakes),
            tried: self.tried.saturating_add(other.tried),
        }
    }

    fn worth(self) -> Worth {
        if self.handshakes == 0 { Worth::Attempt } else { Worth::Exchange }
    }
}

/// The ranges of a bounded number of hosts. When there is no room, hosts that only tried to connect are forgotten first,
/// then those that did so longest ago.
#[derive(Debug)]
pub(super) struct Ranges {
    limit: usize,
    /// The log has said that there is no room for all.
    is_loss_logged: bool,
    numbers: HashMap<EndKey, u32, Keyed>,
    ranges: Chunks<(EndKey, PortRange)>,
    queues: Queues,
}

impl Ranges {
    /// Keeps those of at most `limit` hosts.
    pub(super) fn with_limit(limit: usize) -> Self {
        let (numbers, ranges, queues) = (HashMap::default(), Chunks::default(), Queues::default());
        Self { limit: limit.max(1), is_loss_logged: false, numbers, ranges, queues }
    }

    /// Of how many hosts one is kept.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// That of a host.
    pub(super) fn get(&self, host: EndKey) -> Option<PortRange> {
        Some(self.ranges.get(*self.numbers.get(&host)?).1)
    }

    /// Adds what a connection of a host shows. Whether the host was not among them, and the one that is forgotten in its
    /// place.
    pub(super) fn learn(&mut self, host: EndKey, shown: PortRange) -> (bool, Option<EndKey>) {
        if let Some(number) = self.numbers.get(&host) {
            let range = &mut self.ranges.get_mut(*number).1;
            *range = range.and(shown);
            self.queues.use_now(*number, range.worth());
            return (false, None);
        }
        let Some(number) = self.queues.first().filter(|_| self.len() >= self.limit) else {
            self.queues.push(shown.worth());
            self.numbers.insert(host, self.ranges.push((host, shown)));
            return (true, None);
        };
        if !std::mem::replace(&mut self.is_loss_logged, true) {
            log::info!(
                "more than {} hosts that connect: from which ports the first of them connect is forgotten, and is no evidence \
                 any more",
                self.limit
            );
        }
        let (forgotten, _) = std::mem::replace(self.ranges.get_mut(number), (host, shown));
        self.queues.use_now(number, shown.worth());
        self.numbers.remove(&forgotten);
        self.numbers.insert(host, number);
        (true, Some(forgotten))
    }
}
