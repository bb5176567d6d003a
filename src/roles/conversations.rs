// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The table of all conversations of a capture file.
//!
//! There can be millions, so entries are small and their number is bounded. When the table is full, conversations that
//! never got beyond a SYN (scans, floods) are removed first, then those that have been idle longest. The facts about
//! their [ends](Ends) are removed with them.

use super::chunks::Chunks;
use super::conversation::Conversation;
use super::end_key::{EndKey, in_order};
use super::ends::Ends;
use super::idle::Queues;
use super::place::{ConversationId, Place};
use super::seed::Keyed;
use super::table::Table;
use super::table_use::TableUse;
use crate::packet::{End, Side, Transport};
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// A conversation that is followed by another one between the same ends.
#[derive(Clone, Copy, Debug)]
struct Earlier {
    number: u32,
    /// The first frame of the following conversation.
    until: u32,
}

/// All conversations of a capture file.
#[derive(Debug)]
pub(super) struct Conversations {
    limit: usize,
    hasher: Keyed,
    /// The latest conversation between each pair of ends.
    latest: Table<u32>,
    /// The conversations before it, by their ends and their first frame.
    earlier: BTreeMap<(EndKey, EndKey, u32), Earlier>,
    entries: Chunks<Conversation>,
    queues: Queues,
    forgotten: u64,
    /// Facts about the ends of conversations, and about ends that these announced.
    pub(super) ends: Ends,
    /// For each port number, the number of conversations that have it at one end. Forgotten conversations count too.
    by_port: Vec<u32>,
}

/// The default limit of conversations.
const LIMIT: usize = 1 << 21;

impl Default for Conversations {
    fn default() -> Self {
        Self::with_limit(LIMIT)
    }
}

impl Conversations {
    /// Creates a table of at most `limit` conversations.
    pub(super) fn with_limit(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            hasher: Keyed::default(),
            latest: Table::default(),
            earlier: BTreeMap::new(),
            entries: Chunks::default(),
            queues: Queues::default(),
            forgotten: 0,
            ends: Ends::default(),
            by_port: Vec::new(),
        }
    }

    /// Returns the number of conversations in the table.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the table is full, so that the next conversation replaces another one.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// Returns how full each table is.
    pub(super) fn table_use(&self) -> [TableUse; 9] {
        let table = |what, count, at_most| TableUse { what, count, at_most };
        let [facts, crowds, addresses, announced, listed, spoken, hosts] = self.ends.table_use(self.limit);
        [
            table("conversations", self.len(), self.limit),
            table("of these, followed by another on the same ports", self.earlier.len(), self.limit),
            facts,
            crowds,
            addresses,
            announced,
            listed,
            spoken,
            hosts,
        ]
    }

    /// Returns how many conversations were removed because the table was full.
    pub(super) fn forgotten_count(&self) -> u64 {
        self.forgotten
    }

    /// Whether the table is so full that it tracks which conversations are idle.
    #[inline(always)]
    pub(super) fn tracks_use(&self) -> bool {
        self.entries.len() >= self.limit / 2
    }

    /// Moves a conversation to the end of its queue after one of its packets. This is done only if the queue changes or
    /// idle conversations are tracked.
    #[inline]
    pub(super) fn record_use(&mut self, conversation: ConversationId) {
        let entry = self.entries.get(conversation.number());
        if entry.queue != entry.queue_by_state() || self.tracks_use() {
            self.requeue(conversation);
        }
    }

    #[cold]
    fn requeue(&mut self, conversation: ConversationId) {
        let entry = self.entries.get_mut(conversation.number());
        entry.queue = entry.queue_by_state();
        self.queues.move_to_end(conversation.number(), entry.queue);
    }

    /// Returns the conversation that a packet belongs to, and whether it is new. Adds one if there is none.
    #[inline(always)]
    pub(super) fn find_or_start(
        &mut self,
        frame: u32,
        transport: Transport,
        source: End,
        destination: End,
    ) -> (Place, bool) {
        let (pair, sender) = in_order(self.ends.intern(transport, source), self.ends.intern(transport, destination));
        let latest = self.latest_of(pair);
        let id = latest.unwrap_or_else(|| self.add(pair, frame, sender));
        (Place { conversation: ConversationId::new(id), sender }, latest.is_none())
    }

    /// Returns the place of a packet that was observed in `frame`: the conversation between these ends at that time.
    pub(super) fn find(&self, frame: u32, transport: Transport, source: End, destination: End) -> Option<Place> {
        let (pair, sender) = in_order(self.ends.key_of(transport, source)?, self.ends.key_of(transport, destination)?);
        let latest = self.latest_of(pair).filter(|id| self.entries.get(*id).first_frame() <= frame);
        let id = latest.or_else(|| self.earlier_of(pair, frame).filter(|it| frame < it.until).map(|it| it.number))?;
        Some(Place { conversation: ConversationId::new(id), sender })
    }

    /// Returns the last one of the earlier conversations between two ends that begins in this frame or before.
    fn earlier_of(&self, pair: (EndKey, EndKey), frame: u32) -> Option<Earlier> {
        if self.earlier.is_empty() {
            return None;
        }
        let at = |frame| (pair.0, pair.1, frame);
        self.earlier.range(at(0)..=at(frame)).next_back().map(|(_, earlier)| *earlier)
    }

    /// Whether the table has a conversation between two ends.
    fn has_any(&self, pair: (EndKey, EndKey)) -> bool {
        self.latest_of(pair).is_some() || self.earlier_of(pair, u32::MAX).is_some()
    }

    /// Returns the conversation between two ends, whenever it starts. Returns `None` if there are several.
    #[cold]
    pub(super) fn only(&self, transport: Transport, source: End, destination: End) -> Option<Place> {
        let (pair, sender) = in_order(self.ends.key_of(transport, source)?, self.ends.key_of(transport, destination)?);
        let place = Place { conversation: ConversationId::new(self.latest_of(pair)?), sender };
        self.is_only(place).then_some(place)
    }

    /// Whether the table has no other conversation between the same ends.
    pub(super) fn is_only(&self, place: Place) -> bool {
        let pair = self.get(place.conversation).pair();
        self.latest_of(pair) == Some(place.conversation.number()) && self.earlier_of(pair, u32::MAX).is_none()
    }

    /// Whether `place` is that of a packet from `source` to `destination` in their latest conversation.
    #[cold]
    #[inline(never)]
    pub(super) fn is_latest(&self, place: Place, transport: Transport, source: End, destination: End) -> bool {
        let ends = self.ends.key_of(transport, source).zip(self.ends.key_of(transport, destination));
        ends.is_some_and(|(source, destination)| {
            let (pair, sender) = in_order(source, destination);
            self.latest_of(pair) == Some(place.conversation.number()) && sender == place.sender
        })
    }

    /// Adds a new conversation between the same ends, which begins in `frame`, and returns its place.
    pub(super) fn start_next(&mut self, frame: u32, place: Place) -> Place {
        let current = self.get(place.conversation);
        let (pair, began) = (current.pair(), current.first_frame());
        self.earlier.insert((pair.0, pair.1, began), Earlier { number: place.conversation.number(), until: frame });
        let id = self.add(pair, frame, place.sender);
        Place { conversation: ConversationId::new(id), sender: place.sender }
    }

    /// Returns a conversation by its number.
    pub(super) fn get(&self, conversation: ConversationId) -> &Conversation {
        self.entries.get(conversation.number())
    }

    /// Returns a conversation by its number, for changes.
    pub(super) fn get_mut(&mut self, conversation: ConversationId) -> &mut Conversation {
        self.entries.get_mut(conversation.number())
    }

    /// Returns the number of conversations that have this port at one end.
    pub(super) fn count_by_port(&self, port: u16) -> u32 {
        self.by_port.get(usize::from(port)).copied().unwrap_or(0)
    }

    /// Returns the latest conversation between two ends.
    pub(super) fn between(&self, one: EndKey, other: EndKey) -> Option<&Conversation> {
        Some(self.entries.get(self.latest_of(in_order(one, other).0)?))
    }

    /// Records that the host of one of a conversation's ends offers services. This replaces an earlier record of the
    /// same conversation for the other end.
    pub(super) fn record_serving(&mut self, conversation: ConversationId, server: Side) {
        let entry = self.entries.get_mut(conversation.number());
        if entry.shows_serving == Some(server) {
            return;
        }
        let before = entry.shows_serving.replace(server).map(|before| entry.end(before).host());
        let host = entry.end(server).host();
        self.ends.record_serving(host);
        if let Some(before) = before {
            self.ends.remove_peer(before);
        }
    }

    /// Records the protocol that was dissected in a conversation, in `frame`, for each end that may be its server. An
    /// end is left out if only the other end's port is registered for the protocol and no payload shows it.
    ///
    /// Does nothing if the conversation is decoded by its server's port, so that other conversations of that server do
    /// not change.
    #[cold]
    pub(super) fn record_dissected(&mut self, conversation: ConversationId, frame: u32) {
        let entry = self.get(conversation);
        if entry.is_decoded_by_server() {
            return;
        }
        let (by, is_shown, protocol) = (entry.dissected_by, entry.is_protocol_shown(), entry.dissected);
        let opener = entry.handshake.opening().map(|(client, _, _)| client);
        let client = opener.or(entry.sign.map(|seen| seen.client));
        let ends = [Side::Low, Side::High].map(|side| (side, entry.end(side)));
        for (side, end) in ends.into_iter().filter(|(side, _)| client != Some(*side)) {
            if is_shown || by.has(side) || !by.has(side.other()) {
                self.ends.record_protocol(end, frame, protocol, by.has(side));
            }
        }
    }

    #[inline(always)]
    fn latest_of(&self, pair: (EndKey, EndKey)) -> Option<u32> {
        let entries = &self.entries;
        self.latest.find(self.hasher.hash_one(pair), |id| entries.get(*id).has_ends(pair)).copied()
    }

    #[cold]
    fn add(&mut self, pair: (EndKey, EndKey), frame: u32, first_sender: Side) -> u32 {
        let conversation = Conversation::new(pair, frame, first_sender);
        // Retain the addresses first, since `put` may remove another conversation that has the same ends.
        self.ends.retain_address(pair.0);
        self.ends.retain_address(pair.1);
        let id = self.put(conversation);
        if !self.has_any(pair) {
            self.ends.record_peer(pair.0, pair.1, first_sender == Side::Low);
            self.ends.record_peer(pair.1, pair.0, first_sender == Side::High);
        }
        let (entries, hasher) = (&self.entries, &self.hasher);
        let hash = hasher.hash_one(pair);
        match self.latest.find_mut(hash, |other| *other == id || entries.get(*other).has_ends(pair)) {
            Some(latest) => *latest = id,
            None => {
                self.latest.insert_unique(hash, id, |other| hasher.hash_one(entries.get(*other).pair()));
            }
        }
        if self.by_port.is_empty() {
            self.by_port = vec![0; usize::from(u16::MAX) + 1];
        }
        for end in [pair.0, pair.1] {
            let count = &mut self.by_port[usize::from(end.port())];
            *count = count.saturating_add(1);
        }
        id
    }

    /// Stores a conversation and returns its number. If the table is full, it replaces the first one of the queues.
    fn put(&mut self, conversation: Conversation) -> u32 {
        let queue = conversation.queue;
        let Some(id) = self.queues.first().filter(|_| self.is_full()) else {
            self.queues.push(queue);
            return self.entries.push(conversation);
        };
        self.forget(id);
        *self.entries.get_mut(id) = conversation;
        self.queues.move_to_end(id, queue);
        id
    }

    fn forget(&mut self, id: u32) {
        if self.forgotten == 0 {
            log::warn!(
                "more than {} conversations: the attempts among them are forgotten, then those that were idle longest; \
                 their packets get no fields, and names in them are not corrected any more",
                self.limit
            );
        }
        self.forgotten += 1;
        let conversation = self.entries.get(id);
        let (pair, first_frame, shows_serving) =
            (conversation.pair(), conversation.first_frame(), conversation.shows_serving);
        if let Some(entry) = self.latest.find_entry(self.hasher.hash_one(pair), |latest| *latest == id) {
            entry.remove();
        }
        if self.earlier_of(pair, first_frame).is_some_and(|earlier| earlier.number == id) {
            self.earlier.remove(&(pair.0, pair.1, first_frame));
        }
        let is_last = !self.has_any(pair);
        for (side, end) in [(Side::Low, pair.0), (Side::High, pair.1)] {
            if is_last {
                self.ends.remove_peer(end);
            }
            if shows_serving == Some(side) {
                self.ends.remove_peer(end.host());
            }
            self.ends.release_address(end);
        }
    }
}

#[cfg(test)]
mod tests;
