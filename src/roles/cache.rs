// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The fast path: a cache of recent conversations that tells which packets can still show something new.
//!
//! A packet can show something new only if it
//!
//! - opens or ends a connection,
//! - names a listener,
//! - may show the protocol for the first time, or
//! - has a payload that may tell client from server, while payloads are still searched
//!   ([`Conversation::awaits_signs`]).
//!
//! The cache also records that a conversation has no wrong name, as most have none. Evidence from other conversations
//! is looked up when a verdict is asked for, so it does not affect the cache. A conversation that is not in the cache
//! is looked up in the table of conversations.

use super::conversation::Conversation;
use super::place::{ConversationId, Place};
use super::seed::Keyed;
use crate::packet::{Bits, End, Segment, Side, Transport};
use std::hash::{BuildHasher, Hasher};

/// The cache entry of a packet's conversation.
///
/// From the highest bit down, the slot has a part of the conversation's hash ([`CacheHit::TAG`]), the conversation's
/// number, and flags.
#[derive(Clone, Copy, Debug)]
pub struct CacheHit {
    slot: u64,
    /// The index of the set that the slot is in.
    set: u32,
    /// Whether the packet's sender is the end that sorts first by its hash.
    from_first: bool,
}

impl CacheHit {
    /// The slot is in use.
    const USED: u64 = 1;
    /// The conversation's protocol or its payloads can still show something new.
    const AWAITS: u64 = 2;
    /// Only its protocol can. Set only together with `AWAITS`.
    const PROTOCOL_ONLY: u64 = 4;
    const AWAITED: u64 = Self::AWAITS | Self::PROTOCOL_ONLY;
    const UNREMARKABLE: u64 = 8;
    /// The end that sorts first by its hash is the conversation's [`Side::High`].
    const SWAPPED: u64 = 16;
    const NUMBER_AT: u32 = 5;
    const NUMBERS: u32 = 1 << 21;
    /// The part of the hash that the slot stores. Together with the index of the set, 48 bits of the hash are compared
    /// in the smallest table and 57 in the largest. The probability that any two conversations of a full table agree in
    /// all of these bits is 1 in 65,536.
    const TAG: u64 = !0 << (Self::NUMBER_AT + Self::NUMBERS.trailing_zeros());

    /// Whether neither the conversation's protocol nor its payloads can show anything new.
    #[inline(always)]
    pub fn awaits_nothing(self) -> bool {
        self.slot & Self::AWAITS == 0
    }

    /// Whether only the conversation's protocol can show something new.
    #[inline(always)]
    pub fn awaits_protocol_only(self) -> bool {
        self.slot & Self::PROTOCOL_ONLY != 0
    }

    /// Whether no name is wrong in any packet of the conversation.
    #[inline(always)]
    pub fn is_unremarkable(self) -> bool {
        self.slot & Self::UNREMARKABLE != 0
    }

    /// Whether the entry is already as [`ConversationCache::record`] would write it: up to date, and not
    /// [unremarkable](Self::is_unremarkable).
    #[inline(always)]
    pub fn is_up_to_date(self, conversation: &Conversation) -> bool {
        self.slot & (Self::AWAITED | Self::UNREMARKABLE) == awaited_bits(conversation)
    }

    /// Returns the packet's place.
    #[inline(always)]
    pub fn place(self) -> Place {
        let number = (self.slot & !Self::TAG) >> Self::NUMBER_AT;
        let is_low = self.from_first != (self.slot & Self::SWAPPED != 0);
        let sender = if is_low { Side::Low } else { Side::High };
        Place { conversation: ConversationId::new(number as u32), sender }
    }
}

/// The slots that a conversation can be in: half a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Set([u64; WAYS]);

const WAYS: usize = 4;

/// The cache. Conversations are found by hashes with a secret key, so that nobody can make them collide.
#[derive(Debug, Default)]
pub(super) struct ConversationCache {
    hasher: Keyed,
    /// Allocated with the first entry.
    sets: Vec<Set>,
    /// How many conversations that were not new have replaced another entry since the table grew last.
    crowded: usize,
}

impl ConversationCache {
    const FEWEST_SLOTS: usize = 1 << 12;
    /// Each takes 8 bytes, so the table has at most 16 MB.
    const MOST_SLOTS: usize = 1 << 21;

    /// Returns the entry of the conversation between a segment's sender and receiver.
    #[inline(always)]
    pub(super) fn get(&self, segment: &Segment<'_>) -> Option<CacheHit> {
        let (hash, from_first) = self.hash(segment.transport, segment.source, segment.destination);
        let index = self.index(hash);
        let slot = self.sets.get(index)?.0.into_iter().find(|slot| has_hash(*slot, hash))?;
        Some(CacheHit { slot, set: index as u32, from_first })
    }

    /// Records what packets of a segment's conversation can still show. `is_fresh` says that this is its first packet.
    pub(super) fn record(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation, is_fresh: bool) {
        self.write_slot(segment, place, conversation, 0, is_fresh);
    }

    /// Like [`Self::record`], and records that no name is wrong in any packet of the conversation.
    pub(super) fn record_unremarkable(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation) {
        self.write_slot(segment, place, conversation, CacheHit::UNREMARKABLE, false);
    }

    fn write_slot(
        &mut self,
        segment: &Segment<'_>,
        place: Place,
        conversation: &Conversation,
        mut bits: u64,
        is_fresh: bool,
    ) {
        let number = place.conversation.number();
        if number >= CacheHit::NUMBERS {
            return;
        }
        if self.sets.is_empty() {
            self.sets = vec![Set::default(); Self::FEWEST_SLOTS / WAYS];
        }
        let (hash, from_first) = self.hash(segment.transport, segment.source, segment.destination);
        bits |= awaited_bits(conversation);
        if from_first != (place.sender == Side::Low) {
            bits |= CacheHit::SWAPPED;
        }
        let index = self.index(hash);
        let set = &mut self.sets[index].0;
        let own = set.iter().position(|slot| has_hash(*slot, hash));
        let at = own.or_else(|| set.iter().position(|slot| *slot == 0)).unwrap_or_else(|| {
            self.crowded += usize::from(!is_fresh);
            (hash >> CacheHit::TAG.trailing_zeros()) as usize % WAYS
        });
        set[at] = hash & CacheHit::TAG | u64::from(number) << CacheHit::NUMBER_AT | bits | CacheHit::USED;
    }

    /// Returns the number of slots, and its maximum.
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.sets.len() * WAYS, Self::MOST_SLOTS)
    }

    /// Whether the table should grow: it is too small for the conversations that are active at the same time, of
    /// `conversations` in all.
    pub(super) fn is_crowded(&self, conversations: usize) -> bool {
        let slots = self.sets.len() * WAYS;
        self.crowded > slots / 8 && slots < Self::MOST_SLOTS && slots < 2 * conversations
    }

    /// Doubles the table and empties it. To move all entries at once would hold up one packet.
    #[cold]
    pub(super) fn grow(&mut self) {
        self.sets = vec![Set::default(); 2 * self.sets.len()];
        self.crowded = 0;
    }

    /// Updates what packets of a conversation can still show.
    #[cold]
    pub(super) fn update(&mut self, hit: CacheHit, conversation: &Conversation) {
        let set = self.sets.get_mut(hit.set as usize);
        if let Some(slot) = set.and_then(|set| set.0.iter_mut().find(|slot| **slot == hit.slot)) {
            *slot = *slot & !CacheHit::AWAITED | awaited_bits(conversation);
        }
    }

    /// Removes the entry of the conversation between a segment's sender and receiver.
    #[cold]
    pub(super) fn forget(&mut self, segment: &Segment<'_>) {
        let (hash, _) = self.hash(segment.transport, segment.source, segment.destination);
        let index = self.index(hash);
        let set = self.sets.get_mut(index);
        if let Some(slot) = set.and_then(|set| set.0.iter_mut().find(|slot| has_hash(**slot, hash))) {
            *slot = 0;
        }
    }

    /// Invalidates all entries, by a new key for the hashes.
    pub(super) fn forget_all(&mut self) {
        self.hasher = Keyed::default();
        self.crowded = 0;
    }

    #[inline(always)]
    fn index(&self, hash: u64) -> usize {
        hash as usize & self.sets.len().wrapping_sub(1)
    }

    /// Returns a hash that is the same for both directions, and the direction: whether the sender sorts first by the
    /// hash of its own end.
    #[inline(always)]
    fn hash(&self, transport: Transport, source: End, destination: End) -> (u64, bool) {
        let transport = (transport as u64) << 16;
        let of = |end: End| {
            let mut hasher = self.hasher.build_hasher();
            match end.bits() {
                Bits::V4(address) => hasher.write_u64(u64::from(address) << 32 | transport | u64::from(end.port)),
                Bits::V6(address) => {
                    hasher.write_u128(address);
                    hasher.write_u64(transport | u64::from(end.port));
                }
            }
            hasher.finish()
        };
        let (source, destination) = (of(source), of(destination));
        (source.wrapping_add(destination), source <= destination)
    }
}

/// Returns the bits of a slot that say whether a conversation's protocol or payloads can still show something new.
#[inline(always)]
fn awaited_bits(conversation: &Conversation) -> u64 {
    match (conversation.may_learn_protocol(), conversation.awaits_signs()) {
        (false, false) => 0,
        (true, false) => CacheHit::AWAITS | CacheHit::PROTOCOL_ONLY,
        _ => CacheHit::AWAITS,
    }
}

/// Whether a slot is in use and has this hash, as far as the slot stores it.
#[inline(always)]
fn has_hash(slot: u64, hash: u64) -> bool {
    (slot ^ (hash | CacheHit::USED)) & (CacheHit::TAG | CacheHit::USED) == 0
}

#[cfg(test)]
mod tests;
