// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is known about one end across all its conversations.

use super::end_key::EndKey;

/// What is known about one end across all its conversations: packed beside its key, and of the others it talked to.
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
    /// See [`Self::has_asked`].
    pub(super) const ASKED: u64 = 1 << 63;

    // In the second word, above the key of the first other end:
    const SPOKE_FIRST: u32 = EndKey::BITS;
    const SERVES: u64 = 1 << 59;
    const BOUND: u64 = 1 << 60;
    const OTHER_PORT: u64 = 1 << 61;
    const OTHER_HOST: u64 = 1 << 62;
    const OUT_OF_SEQUENCE: u64 = 1 << 63;
    /// The most that [`Self::spoke_first`] counts.
    pub(super) const MOST_SPOKE_FIRST: u32 = (1 << 7) - 1;

    /// Nothing is known about an end yet.
    pub(super) fn new(end: EndKey) -> Self {
        Self(end.0, 0)
    }

    /// The end.
    pub(super) fn key(self) -> EndKey {
        EndKey(self.0 & EndKey::MASK)
    }

    /// How many other ends it has talked to, up to 255.
    pub(super) fn peers(self) -> u32 {
        ((self.0 & Self::PEERS) >> EndKey::BITS) as u32
    }

    /// A handshake has shown it to be a server.
    pub(super) fn was_opened_to(self) -> bool {
        self.0 & Self::OPENED_TO != 0
    }

    /// A handshake has shown it to be a client.
    pub(super) fn has_opened(self) -> bool {
        self.0 & Self::OPENED_FROM != 0
    }

    /// Two ends agreed in another conversation that it listens.
    pub(super) fn was_agreed_on(self) -> bool {
        self.0 & Self::AGREED != 0
    }

    /// Its socket was bound to this port on purpose: it answered as a server does, or talked to the same port.
    pub(super) fn was_bound(self) -> bool {
        self.1 & Self::BOUND != 0
    }

    /// It asked another end for data that will come from a new port.
    pub(super) fn has_asked(self) -> bool {
        self.0 & Self::ASKED != 0
    }

    /// It stands for a host (port 0) that offers services.
    pub(super) fn offers_services(self) -> bool {
        self.1 & Self::SERVES != 0
    }

    /// The first other end that it talked to.
    pub(super) fn first_peer(self) -> Option<EndKey> {
        let key = self.1 & EndKey::MASK;
        (key != 0).then_some(EndKey(key))
    }

    /// To how many of the other ends it spoke first, up to [`Self::MOST_SPOKE_FIRST`].
    pub(super) fn spoke_first(self) -> u32 {
        (self.1 >> Self::SPOKE_FIRST) as u32 & Self::MOST_SPOKE_FIRST
    }

    /// All other ends have the same port.
    pub(super) fn peers_share_port(self) -> bool {
        self.first_peer().is_some() && self.1 & Self::OTHER_PORT == 0
    }

    /// All other ends are of the same host.
    pub(super) fn peers_share_host(self) -> bool {
        self.first_peer().is_some() && self.1 & Self::OTHER_HOST == 0
    }

    /// All other ends are of the same host, at ports one after another, except for a few that were left out.
    pub(super) fn peers_are_in_sequence(self) -> bool {
        self.peers_share_host() && self.1 & Self::OUT_OF_SEQUENCE == 0
    }

    /// Takes note of another end that it talks to.
    pub(super) fn record_peer(&mut self, peer: EndKey, speaks_first: bool) {
        /// How many ports a sequence may leave out for each that it has.
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
        if speaks_first && self.spoke_first() < Self::MOST_SPOKE_FIRST {
            self.1 += 1 << Self::SPOKE_FIRST;
        }
    }

    /// Counts another peer. Whether the count could be raised.
    pub(super) fn add_peer(&mut self) -> bool {
        let has_room = self.0 & Self::PEERS != Self::PEERS;
        if has_room {
            self.0 += 1 << EndKey::BITS;
        }
        has_room
    }

    /// Counts one peer less.
    pub(super) fn remove_peer(&mut self) {
        if self.0 & Self::PEERS != 0 {
            self.0 -= 1 << EndKey::BITS;
        }
    }

    /// From now on it [`offers_services`](Self::offers_services).
    pub(super) fn mark_serving(&mut self) {
        self.1 |= Self::SERVES;
    }

    /// From now on it [`was_bound`](Self::was_bound).
    pub(super) fn mark_bound(&mut self) {
        self.1 |= Self::BOUND;
    }

    /// Sets a bit of the first word. Whether other conversations of the end did not know it. There are some unless it has one peer.
    pub(super) fn mark(&mut self, bit: u64) -> bool {
        let is_new = self.0 & bit == 0 && self.peers() != 1;
        self.0 |= bit;
        is_new
    }

    /// Clears a bit.
    pub(super) fn unmark(&mut self, bit: u64) {
        self.0 &= !bit;
    }

    /// Nothing that is kept needs it.
    pub(super) fn is_needless(self) -> bool {
        self.0 & (Self::PEERS | Self::AGREED | Self::ASKED) == 0
    }
}
