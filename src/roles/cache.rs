// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The fast path: a cache of recent conversations, which says what their packets can still tell.
//!
//! A packet matters only if it opens or ends a connection, names a listener, may show for the first time which
//! protocol is spoken, or has a payload that may tell client from server, as long as payloads are searched
//! ([`Conversation::awaits_signs`]). Most conversations have no wrong name either. What other conversations say about
//! one is looked up when its verdict is asked for, so the cache need not wait for it. A conversation that is not in
//! the cache is looked up.

use super::conversation::Conversation;
use super::place::{ConversationId, Place};
use super::seed::Keyed;
use crate::packet::{Bits, End, Segment, Side, Transport};
use std::hash::{BuildHasher, Hasher};

/// What the cache says about a packet's conversation. It is a slot of the table: from the highest bit down the
/// conversation's [`CacheHit::TAG`], its number, and flags.
#[derive(Clone, Copy, Debug)]
pub struct CacheHit {
    slot: u64,
    /// Which set the slot is in.
    set: u32,
    /// The packet's sender is the end that sorts first by its hash.
    from_first: bool,
}

impl CacheHit {
    /// The slot is in use.
    const USED: u64 = 1;
    /// Its protocol or its payloads can still tell something.
    const AWAITS: u64 = 2;
    /// But only its protocol.
    const PROTOCOL_ONLY: u64 = 4;
    const AWAITED: u64 = Self::AWAITS | Self::PROTOCOL_ONLY;
    const UNREMARKABLE: u64 = 8;
    /// The end that sorts first by its hash is the conversation's high one.
    const SWAPPED: u64 = 16;
    const NUMBER_AT: u32 = 5;
    const NUMBERS: u32 = 1 << 21;
    /// The part of a hash that the slot keeps. Together with the slot's place it is 48 bits in the smallest table and 57
    /// in the largest. In a full table, any two conversations share all of them with a chance of one in 65,536.
    const TAG: u64 = !0 << (Self::NUMBER_AT + Self::NUMBERS.trailing_zeros());

    /// Whether neither the conversation's protocol nor its payloads can tell anything new.
    #[inline(always)]
    pub fn awaits_nothing(self) -> bool {
        self.slot & Self::AWAITS == 0
    }

    /// Whether its protocol is all that can tell anything new.
    #[inline(always)]
    pub fn awaits_protocol_only(self) -> bool {
        self.slot & Self::PROTOCOL_ONLY != 0
    }

    /// Whether no name is wrong in any packet of the conversation.
    #[inline(always)]
    pub fn is_unremarkable(self) -> bool {
        self.slot & Self::UNREMARKABLE != 0
    }

    /// Whether noting the conversation now would change nothing but [`Self::is_unremarkable`], which is unset here.
    #[inline(always)]
    pub fn is_just(self, conversation: &Conversation) -> bool {
        self.slot & (Self::AWAITED | Self::UNREMARKABLE) == awaited(conversation)
    }

    /// Where the packet belongs.
    #[inline(always)]
    pub fn place(self) -> Place {
        let number = (self.slot & !Self::TAG) >> Self::NUMBER_AT;
        let is_low = self.from_first != (self.slot & Self::SWAPPED != 0);
        let sender = if is_low { Side::Low } else { Side::High };
        Place { conversation: ConversationId::new(number as u32), sender }
    }
}

/// Slots for the same conversations: half a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Set([u64; WAYS]);

const WAYS: usize = 4;

/// The cache. Its entries are hashes with a secret key.
#[derive(Debug, Default)]
pub(super) struct ConversationCache {
    hasher: Keyed,
    /// Made with the first entry.
    sets: Vec<Set>,
    /// How often a conversation that goes on has taken another one's slot since the table grew.
    crowded: usize,
}

impl ConversationCache {
    const FEWEST_SLOTS: usize = 1 << 12;
    /// Of 8 bytes: 16 MB, at most.
    const MOST_SLOTS: usize = 1 << 21;

    /// The entry of the conversation between a segment's sender and receiver.
    #[inline(always)]
    pub(super) fn get(&self, segment: &Segment<'_>) -> Option<CacheHit> {
        let (hash, from_first) = self.hash(segment.transport, segment.source, segment.destination);
        let index = self.index(hash);
        let slot = self.sets.get(index)?.0.into_iter().find(|slot| holds(*slot, hash))?;
        Some(CacheHit { slot, set: index as u32, from_first })
    }

    /// Notes what packets can still tell of a segment's conversation. `is_fresh`: this is its first packet.
    pub(super) fn note(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation, is_fresh: bool) {
        self.set(segment, place, conversation, 0, is_fresh);
    }

    /// Notes besides that no name is wrong in any of its packets.
    pub(super) fn record_unremarkable(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation) {
        self.set(segment, place, conversation, CacheHit::UNREMARKABLE, false);
    }

    fn set(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation, mut bits: u64, is_fresh: bool) {
        let number = place.conversation.number();
        if number >= CacheHit::NUMBERS {
            return;
        }
        if self.sets.is_empty() {
            self.sets = vec![Set::default(); Self::FEWEST_SLOTS / WAYS];
        }
        let (hash, from_first) = self.hash(segment.transport, segment.source, segment.destination);
        bits |= awaited(conversation);
        if from_first != (place.sender == Side::Low) {
            bits |= CacheHit::SWAPPED;
        }
        let index = self.index(hash);
        let set = &mut self.sets[index].0;
        let own = set.iter().position(|slot| holds(*slot, hash));
        let at = own.or_else(|| set.iter().position(|slot| *slot == 0)).unwrap_or_else(|| {
            self.crowded += usize::from(!is_fresh);
            (hash >> CacheHit::TAG.trailing_zeros()) as usize % WAYS
        });
        set[at] = hash & CacheHit::TAG | u64::from(number) << CacheHit::NUMBER_AT | bits | CacheHit::USED;
    }

    /// How many slots there are, and at most.
    pub(super) fn slots(&self) -> (usize, usize) {
        (self.sets.len() * WAYS, Self::MOST_SLOTS)
    }

    /// Whether the table is too small for those of so many conversations that go on at the same time.
    pub(super) fn is_crowded(&self, conversations: usize) -> bool {
        let slots = self.sets.len() * WAYS;
        self.crowded > slots / 8 && slots < Self::MOST_SLOTS && slots < 2 * conversations
    }

    /// Doubles the table and empties it: moving all entries at once would make one packet wait for all of them.
    #[cold]
    pub(super) fn grow(&mut self) {
        self.sets = vec![Set::default(); 2 * self.sets.len()];
        self.crowded = 0;
    }

    /// Corrects what packets can still tell of a conversation.
    #[cold]
    pub(super) fn update(&mut self, of: CacheHit, conversation: &Conversation) {
        let set = self.sets.get_mut(of.set as usize);
        if let Some(slot) = set.and_then(|set| set.0.iter_mut().find(|slot| **slot == of.slot)) {
            *slot = *slot & !CacheHit::AWAITED | awaited(conversation);
        }
    }

    /// Forgets the conversation between a segment's sender and receiver.
    #[cold]
    pub(super) fn forget(&mut self, segment: &Segment<'_>) {
        let (hash, _) = self.hash(segment.transport, segment.source, segment.destination);
        let index = self.index(hash);
        let set = self.sets.get_mut(index);
        if let Some(slot) = set.and_then(|set| set.0.iter_mut().find(|slot| holds(**slot, hash))) {
            *slot = 0;
        }
    }

    /// Forgets all conversations.
    pub(super) fn forget_all(&mut self) {
        self.hasher = Keyed::default();
        self.crowded = 0;
    }

    #[inline(always)]
    fn index(&self, hash: u64) -> usize {
        hash as usize & self.sets.len().wrapping_sub(1)
    }

    /// A hash that is the same for both directions, and the direction: whether the sender sorts first by its own hash.
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

/// Whether a conversation's protocol or its payloads can still tell something: bits of a slot.
#[inline(always)]
fn awaited(conversation: &Conversation) -> u64 {
    match (conversation.may_learn_protocol(), conversation.awaits_signs()) {
        (false, false) => 0,
        (true, false) => CacheHit::AWAITS | CacheHit::PROTOCOL_ONLY,
        _ => CacheHit::AWAITS,
    }
}

#[inline(always)]
fn holds(slot: u64, hash: u64) -> bool {
    (slot ^ (hash | CacheHit::USED)) & (CacheHit::TAG | CacheHit::USED) == 0
}

#[cfg(test)]
mod tests;
