// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Facts about one end from all its conversations.

use super::end_key::EndKey;

/// Facts about one end from all its conversations, packed into two words: one with the end's own key, and one with the
/// key of its first peer. A peer is another end that it has a conversation with.
#[derive(Clone, Copy, Debug)]
pub(super) struct EndFacts(u64, u64);

impl EndFacts {
    // In the first word, above the end's own key:
    const PEERS: u64 = 0xff << EndKey::BITS;
    /// See [`Self::was_opened_to`].
    pub(super) const OPENED_TO: u64 = 1 << 60;
    /// See [`Self::has_opened`].
    pub(super) const OPENED_FROM: u64 = 1 << 61;
    /// See [`Self::was_agreed_on`].
    pub(super) const AGREED: u64 = 1 << 62;
    /// See [`Self::has_requested_data`].
    pub(super) const DATA_REQUESTED: u64 = 1 << 63;

    // In the second word, above the key of the first peer:
    const SPOKE_FIRST: u32 = EndKey::BITS;
    const OFFERS_SERVICES: u64 = 1 << 59;
    const DELIBERATE_PORT: u64 = 1 << 60;
    const OTHER_PORT: u64 = 1 << 61;
    const OTHER_HOST: u64 = 1 << 62;
    const OUT_OF_SEQUENCE: u64 = 1 << 63;
    /// The maximum of [`Self::spoke_first_count`].
    pub(super) const MOST_SPOKE_FIRST: u32 = (1 << 7) - 1;

    /// Creates an entry for an end about which nothing is known.
    pub(super) fn new(end: EndKey) -> Self {
        Self(end.0, 0)
    }

    /// Returns the end.
    pub(super) fn key(self) -> EndKey {
        EndKey(self.0 & EndKey::MASK)
    }

    /// Returns the number of peers, up to 255.
    pub(super) fn peers(self) -> u32 {
        ((self.0 & Self::PEERS) >> EndKey::BITS) as u32
    }

    /// Whether a handshake has shown that it accepts connections.
    pub(super) fn was_opened_to(self) -> bool {
        self.0 & Self::OPENED_TO != 0
    }

    /// Whether a handshake has shown that it opens connections.
    pub(super) fn has_opened(self) -> bool {
        self.0 & Self::OPENED_FROM != 0
    }

    /// Whether two ends agreed in another conversation that it listens.
    pub(super) fn was_agreed_on(self) -> bool {
        self.0 & Self::AGREED != 0
    }

    /// Whether its socket was bound to this port on purpose: a payload shows that it is a server or awaits SIP
    /// messages, or it has the same port as a peer.
    pub(super) fn has_deliberate_port(self) -> bool {
        self.1 & Self::DELIBERATE_PORT != 0
    }

    /// Whether it asked another end for data that comes from a new port.
    pub(super) fn has_requested_data(self) -> bool {
        self.0 & Self::DATA_REQUESTED != 0
    }

    /// Whether it stands for a host (port 0) that offers services.
    pub(super) fn offers_services(self) -> bool {
        self.1 & Self::OFFERS_SERVICES != 0
    }

    /// Returns the first peer.
    pub(super) fn first_peer(self) -> Option<EndKey> {
        let key = self.1 & EndKey::MASK;
        (key != 0).then_some(EndKey(key))
    }

    /// Returns the number of peers to which it spoke first, up to [`Self::MOST_SPOKE_FIRST`].
    pub(super) fn spoke_first_count(self) -> u32 {
        (self.1 >> Self::SPOKE_FIRST) as u32 & Self::MOST_SPOKE_FIRST
    }

    /// Whether all peers have the same port.
    pub(super) fn peers_share_port(self) -> bool {
        self.first_peer().is_some() && self.1 & Self::OTHER_PORT == 0
    }

    /// Whether all peers are on the same host.
    pub(super) fn peers_share_host(self) -> bool {
        self.first_peer().is_some() && self.1 & Self::OTHER_HOST == 0
    }

    /// Whether all peers are on the same host, at ports above the first peer's, by at most 3 per peer.
    pub(super) fn peers_are_in_sequence(self) -> bool {
        self.peers_share_host() && self.1 & Self::OUT_OF_SEQUENCE == 0
    }

    /// Records how a new peer compares to the others. [`Self::add_peer`] counts it.
    pub(super) fn record_peer(&mut self, peer: EndKey, speaks_first: bool) {
        /// How far a sequence may reach, in ports per peer.
        const GAP: u32 = 3;
        match self.first_peer() {
            None => self.1 |= peer.0,
            Some(first) => {
                let further = u32::from(peer.port()).wrapping_sub(first.port().into());
                let is_next = (1..=GAP * self.peers()).contains(&further);
                let add = |is_so, bit| if is_so { bit } else { 0 };
                self.1 |= add(peer.port() != first.port(), Self::OTHER_PORT)
                    | add(peer.host() != first.host(), Self::OTHER_HOST)
                    | add(!is_next, Self::OUT_OF_SEQUENCE);
            }
        }
        if speaks_first && self.spoke_first_count() < Self::MOST_SPOKE_FIRST {
            self.1 += 1 << Self::SPOKE_FIRST;
        }
    }

    /// Increments the number of peers. Returns `false` if it is at its maximum.
    pub(super) fn add_peer(&mut self) -> bool {
        let has_room = self.0 & Self::PEERS != Self::PEERS;
        if has_room {
            self.0 += 1 << EndKey::BITS;
        }
        has_room
    }

    /// Decrements the number of peers.
    pub(super) fn remove_peer(&mut self) {
        if self.0 & Self::PEERS != 0 {
            self.0 -= 1 << EndKey::BITS;
        }
    }

    /// Sets [`offers_services`](Self::offers_services).
    pub(super) fn mark_serving(&mut self) {
        self.1 |= Self::OFFERS_SERVICES;
    }

    /// Sets [`has_deliberate_port`](Self::has_deliberate_port).
    pub(super) fn mark_deliberate_port(&mut self) {
        self.1 |= Self::DELIBERATE_PORT;
    }

    /// Sets a bit of the first word. Returns whether this can change verdicts on other conversations of the end: the
    /// bit is new, and the end does not have exactly one peer.
    pub(super) fn mark(&mut self, bit: u64) -> bool {
        let changes_others = self.0 & bit == 0 && self.peers() != 1;
        self.0 |= bit;
        changes_others
    }

    /// Clears a bit of the first word.
    pub(super) fn unmark(&mut self, bit: u64) {
        self.0 &= !bit;
    }

    /// Whether the entry can be removed: the end has no peers, was not agreed on, and has not asked.
    pub(super) fn is_removable(self) -> bool {
        self.0 & (Self::PEERS | Self::AGREED | Self::DATA_REQUESTED) == 0
    }
}
