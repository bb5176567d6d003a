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

/// A hit: what the cache says about a packet's conversation. It is a slot of the table: from the highest bit down the
/// conversation's [`Recent::TAG`], its number, and flags.
#[derive(Clone, Copy, Debug)]
pub struct Recent {
    slot: u64,
    /// Which set the slot is in.
    set: u32,
    /// The packet's sender is the end that sorts first by its hash.
    from_first: bool,
}

impl Recent {
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
pub(super) struct RecentTable {
    hasher: Keyed,
    /// Made with the first entry.
    sets: Vec<Set>,
    /// How often a conversation that goes on has taken another one's slot since the table grew.
    crowded: usize,
}

impl RecentTable {
    const FEWEST_SLOTS: usize = 1 << 12;
    /// Of 8 bytes: 16 MB, at most.
    const MOST_SLOTS: usize = 1 << 21;

    /// The entry of the conversation between a segment's sender and receiver.
    #[inline(always)]
    pub(super) fn get(&self, segment: &Segment<'_>) -> Option<Recent> {
        let (hash, from_first) = self.hash(segment.transport, segment.source, segment.destination);
        let index = self.index(hash);
        let slot = self.sets.get(index)?.0.into_iter().find(|slot| holds(*slot, hash))?;
        Some(Recent { slot, set: index as u32, from_first })
    }

    /// Notes what packets can still tell of a segment's conversation. `is_fresh`: this is its first packet.
    pub(super) fn note(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation, is_fresh: bool) {
        self.set(segment, place, conversation, 0, is_fresh);
    }

    /// Notes besides that no name is wrong in any of its packets.
    pub(super) fn note_unremarkable(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation) {
        self.set(segment, place, conversation, Recent::UNREMARKABLE, false);
    }

    fn set(&mut self, segment: &Segment<'_>, place: Place, conversation: &Conversation, mut bits: u64, is_fresh: bool) {
        let number = place.conversation.number();
        if number >= Recent::NUMBERS {
            return;
        }
        if self.sets.is_empty() {
            self.sets = vec![Set::default(); Self::FEWEST_SLOTS / WAYS];
        }
        let (hash, from_first) = self.hash(segment.transport, segment.source, segment.destination);
        bits |= awaited(conversation);
        if from_first != (place.sender == Side::Low) {
            bits |= Recent::SWAPPED;
        }
        let index = self.index(hash);
        let set = &mut self.sets[index].0;
        let own = set.iter().position(|slot| holds(*slot, hash));
        let at = own.or_else(|| set.iter().position(|slot| *slot == 0)).unwrap_or_else(|| {
            self.crowded += usize::from(!is_fresh);
            (hash >> Recent::TAG.trailing_zeros()) as usize % WAYS
        });
        set[at] = hash & Recent::TAG | u64::from(number) << Recent::NUMBER_AT | bits | Recent::USED;
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
    pub(super) fn update(&mut self, of: Recent, conversation: &Conversation) {
        let set = self.sets.get_mut(of.set as usize);
        if let Some(slot) = set.and_then(|set| set.0.iter_mut().find(|slot| **slot == of.slot)) {
            *slot = *slot & !Recent::AWAITED | awaited(conversation);
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
        let is_udp = u64::from(transport == Transport::Udp);
        let of = |end: End| {
            let mut hasher = self.hasher.build_hasher();
            match end.bits() {
                Bits::V4(address) => hasher.write_u64(u64::from(address) << 32 | is_udp << 16 | u64::from(end.port)),
                Bits::V6(address) => {
                    hasher.write_u128(address);
                    hasher.write_u64(is_udp << 16 | u64::from(end.port));
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
        (true, false) => Recent::AWAITS | Recent::PROTOCOL_ONLY,
        _ => Recent::AWAITS,
    }
}

#[inline(always)]
fn holds(slot: u64, hash: u64) -> bool {
    (slot ^ (hash | Recent::USED)) & (Recent::TAG | Recent::USED) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::{Flags, TcpFields};
    use crate::roles::Roles;

    fn segment(from: u16, to: u16, flags: u8, payload: &[u8]) -> Segment<'_> {
        Segment {
            transport: Transport::Tcp,
            source: End::new([192, 0, 2, 1], from),
            destination: End::new([192, 0, 2, 1], to),
            tcp: Some(TcpFields { sequence: 1, acknowledgment: 1, flags: Flags(flags) }),
            payload,
            quoted: false,
        }
    }

    /// Whether a packet is passed over that was dissected as another protocol than the one that is known.
    fn covers(roles: &mut Roles, segment: &Segment<'_>) -> bool {
        roles.recent(segment).is_some_and(|recent| roles.passes_over(99, recent, segment, || Some(8)))
    }

    /// Both directions of a connection that was seen from its start, with a protocol known or not.
    fn opened(protocol_known: bool) -> Roles {
        let mut roles = Roles::default();
        for (number, flags) in [Flags::SYN, Flags::SYN | Flags::ACK, Flags::ACK, Flags::ACK].into_iter().enumerate() {
            let (from, to) = if number % 2 == 0 { (1140, 80) } else { (80, 1140) };
            roles.observe_and(number as u32 + 1, &segment(from, to, flags, b""), |conversation| {
                if protocol_known {
                    conversation.dissect(7, |port| port == 80, || None, |_| false);
                }
            });
        }
        roles
    }

    #[test]
    fn what_can_tell_something_new_is_not_covered() {
        for (protocol_known, flags, payload, covered) in [
            (false, Flags::ACK, &b""[..], true),
            (false, Flags::ACK, b"data", false),
            (true, Flags::ACK, b"", true),
            (true, Flags::ACK, b"data", true),
            (true, Flags::ACK, b"PORT 10,0,0,1,19,137\r\n", false),
            (true, Flags::SYN, b"", false),
            (true, Flags::FIN | Flags::ACK, b"", false),
            (true, Flags::RST, b"", false),
        ] {
            let mut roles = opened(protocol_known);
            for (from, to) in [(1140, 80), (80, 1140)] {
                let segment = segment(from, to, flags, payload);
                assert_eq!(covers(&mut roles, &segment), covered, "{protocol_known} {segment:?}");
            }
            assert!(!covers(&mut roles, &segment(1141, 80, Flags::ACK, b"")));
            let data = segment(1140, 80, Flags::ACK, b"data");
            for protocol in [None, protocol_known.then_some(7)] {
                let recent = roles.recent(&data).unwrap();
                assert!(roles.passes_over(99, recent, &data, || protocol), "no other protocol, so nothing to learn");
            }
        }
    }

    #[test]
    fn without_a_handshake_payloads_are_searched_where_they_are_passed_over() {
        let mut roles = Roles::default();
        roles.observe(1, &segment(1140, 80, Flags::ACK, b""));
        assert!(covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
        assert!(!covers(&mut roles, &segment(1140, 80, Flags::ACK, b"data")), "its protocol is to be learned");
        roles.observe_and(2, &segment(1140, 80, Flags::ACK, b"data"), |conversation| {
            conversation.dissect(7, |port| port == 80, || None, |_| false);
        });
        let get = segment(1140, 80, Flags::ACK, b"GET / HTTP/1.1\r\n");
        let place = roles.find(2, &get).unwrap();
        for frame in 3..3 + 62 {
            let back = segment(80, 1140, Flags::ACK, b"data");
            let recent = roles.recent(&back).unwrap();
            assert!(!recent.awaits_nothing() && roles.passes_over(frame, recent, &back, || None));
            assert_eq!(usize::from(roles.conversation(place).payloads()), frame as usize - 1);
        }
        let recent = roles.recent(&get).unwrap();
        assert!(roles.passes_over(70, recent, &get, || None), "the 64th payload");
        let sign = roles.conversation(place).sign.unwrap();
        assert_eq!((sign.sign.what, sign.client, sign.frame), ("HTTP request", place.sender, 70));
        assert!(roles.recent(&get).unwrap().awaits_nothing());
        assert!(!covers(&mut roles, &segment(1140, 80, Flags::SYN | Flags::ACK, b"")));
    }

    #[test]
    fn a_new_sign_is_not_passed_over_where_it_could_turn_round_what_is_unremarkable() {
        let mut roles = Roles::default();
        let data = segment(1140, 8080, Flags::ACK, b"data");
        let get = segment(8080, 1140, Flags::ACK, b"GET / HTTP/1.1\r\n");
        let place = roles
            .observe_and(1, &data, |conversation| conversation.dissect(7, |port| port == 8080, || None, |_| false))
            .unwrap();
        for (noted, sign_is_passed_over) in [(true, false), (false, true)] {
            if noted {
                roles.note_unremarkable(place, &data);
            } else {
                roles.observe(2, &data);
            }
            let recent = roles.recent(&get).unwrap();
            assert!(recent.is_unremarkable() == noted && roles.passes_over(3, recent, &data, || None));
            assert_eq!(roles.passes_over(4, recent, &get, || None), sign_is_passed_over);
            assert_eq!(roles.conversation(place).sign.is_some(), sign_is_passed_over);
        }
    }

    #[test]
    fn a_table_too_small_for_those_that_go_on_grows() {
        let mut roles = Roles::default();
        let between = |host: u32| Segment {
            source: End::new(std::net::Ipv4Addr::from(host), 1140),
            ..segment(1140, 80, Flags::ACK, b"")
        };
        for host in 0..20_000 {
            roles.observe(9, &between(host));
        }
        assert_eq!(roles.recent.slots().0, 4096, "none of them has gone on");
        // The key of the hash is random, so it is not known in which round the table grows last. What it held until
        // then is looked up again in the next.
        loop {
            let slots = roles.recent.slots();
            for host in 0..20_000 {
                if roles.recent(&between(host)).is_none() {
                    roles.observe(10, &between(host));
                }
            }
            if roles.recent.slots() == slots {
                break;
            }
        }
        assert!(matches!(roles.recent.slots().0, 32_768 | 65_536), "{:?}", roles.recent.slots());
        let covered = (0..20_000).filter(|host| covers(&mut roles, &between(*host))).count();
        assert!(covered > 18_000, "{covered}");
    }

    #[test]
    fn the_table_grows_to_its_limit_and_no_further() {
        let mut recent =
            RecentTable { sets: vec![Set::default(); RecentTable::FEWEST_SLOTS / WAYS], ..RecentTable::default() };
        for _ in 0..20 {
            recent.crowded = RecentTable::MOST_SLOTS;
            if recent.is_crowded(RecentTable::MOST_SLOTS) {
                recent.grow();
            }
        }
        assert_eq!(recent.slots(), (RecentTable::MOST_SLOTS, RecentTable::MOST_SLOTS));
    }

    #[test]
    fn what_is_known_says_where_a_packet_belongs() {
        let mut roles = opened(true);
        for (from, to) in [(1140, 80), (80, 1140)] {
            let segment = segment(from, to, Flags::ACK, b"");
            assert_eq!(roles.recent(&segment).map(Recent::place), roles.find(9, &segment));
        }
        // By their numbers, addresses of IPv6 sort otherwise than by when they were seen.
        for (one, other) in [(2u128, 1u128), (1, 3), (3, 2)] {
            let ends = [one, other].map(|host| End::new(std::net::Ipv6Addr::from(host), 80));
            let [there, back] = [(0, 1), (1, 0)].map(|(from, to)| Segment {
                source: ends[from],
                destination: ends[to],
                ..segment(80, 80, Flags::ACK, b"")
            });
            roles.observe(10, &there);
            for segment in [there, back] {
                assert_eq!(roles.recent(&segment).map(Recent::place), roles.find(11, &segment));
            }
        }
    }

    #[test]
    fn an_address_of_ipv6_with_the_number_of_one_of_ipv4_is_another() {
        let mut roles = opened(true);
        let mapped = std::net::Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped();
        let other = Segment {
            source: End::new(mapped, 1140),
            destination: End::new(mapped, 80),
            ..segment(1140, 80, Flags::ACK, b"")
        };
        assert!(roles.recent(&other).is_none());
        assert!(covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
    }

    #[test]
    fn the_next_connection_on_the_same_ports_is_another() {
        let mut roles = opened(true);
        let syn = Segment {
            tcp: Some(TcpFields { sequence: 900, acknowledgment: 0, flags: Flags(Flags::SYN) }),
            ..segment(1140, 80, 0, b"")
        };
        let first = roles.find(9, &syn).unwrap();
        roles.observe(9, &syn);
        for (from, to) in [(1140, 80), (80, 1140)] {
            let data = segment(from, to, Flags::ACK, b"data");
            assert_ne!(roles.recent(&data).unwrap().place().conversation, first.conversation);
            assert!(!covers(&mut roles, &data), "its protocol may be another");
        }
    }

    /// Of two conversations whose hashes differ in one bit, how many bits tell them apart.
    fn compared_bits(slots: usize) -> u32 {
        let recent = RecentTable { sets: vec![Set::default(); slots / WAYS], ..RecentTable::default() };
        let hash = 0x0123_4567_89ab_cdef_u64;
        let slot = hash & Recent::TAG | Recent::USED;
        assert!(holds(slot, hash));
        let is_other = |bit: &u32| {
            let other = hash ^ 1 << bit;
            recent.index(other) != recent.index(hash) || !holds(slot, other)
        };
        (0..u64::BITS).filter(is_other).count() as u32
    }

    #[test]
    fn at_least_48_bits_of_a_hash_are_compared() {
        assert_eq!([RecentTable::FEWEST_SLOTS, RecentTable::MOST_SLOTS].map(compared_bits), [48, 57]);
    }

    #[test]
    fn a_forgotten_conversation_is_not_covered() {
        let mut roles = Roles::with_limit(1);
        roles.observe(1, &segment(1140, 80, Flags::SYN, b""));
        assert!(covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
        roles.observe(2, &segment(1141, 80, Flags::SYN, b""));
        assert!(!covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
    }
}
