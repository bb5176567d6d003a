//! Conversations and their ends: one entry for each, found by address and port.
//!
//! There can be millions, so entries are small and their number is bounded. When there is no room,
//! the conversations that never got beyond a SYN (scans, floods) are forgotten first, then the
//! oldest ones.

use super::addresses::Addresses;
use super::chunks::Chunks;
use super::evidence::payload::{Sign, Speaker, CERTAIN};
use super::handshake::Handshake;
use crate::ephemeral::HIGHEST_SYSTEM;
use crate::packet::{Bits, End, Party, Transport};
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher;
use std::num::NonZeroU32;

/// One of a conversation's two ends, independent of direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The end that sorts first.
    #[default]
    Low,
    /// The other one.
    High,
}

impl Side {
    /// The end across.
    pub fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// A set of sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides(u8);

impl Sides {
    /// Those for which `is_in` says so.
    pub fn those(is_in: impl Fn(Side) -> bool) -> Self {
        Self(u8::from(is_in(Side::Low)) | u8::from(is_in(Side::High)) << 1)
    }

    /// Whether a side is among them.
    pub fn has(self, side: Side) -> bool {
        self.0 & 1 << side as u8 != 0
    }

    /// None is.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How a conversation's first packet looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It acknowledges, and carries neither data nor SYN.
    BareAck,
    /// It ends the connection: a FIN or RST.
    End,
    /// Neither.
    Other,
}

/// Number of a conversation in its [`Conversations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationId(u32);

impl ConversationId {
    /// The conversation with this number.
    pub fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// Where a packet belongs: its conversation, and which end of it sent the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The conversation.
    pub conversation: ConversationId,
    /// The sender.
    pub sender: Side,
}

impl Place {
    /// What `side` of the conversation is to the packet.
    pub fn party(&self, side: Side) -> Party {
        if side == self.sender {
            Party::Source
        } else {
            Party::Destination
        }
    }
}

/// An end in 64 bits: the port in the lowest 16, above it an IPv4 address or the number of an IPv6
/// address, then a bit for IPv6 and one for UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndKey(u64);

impl EndKey {
    /// Of the address, above its 32 bits.
    const V6: u64 = 1 << 32;
    const UDP: u64 = 1 << 49;
    const BITS: u32 = 50;

    #[inline]
    fn v4(transport: Transport, address: u32, port: u16) -> Self {
        Self::new(transport, u64::from(address), port)
    }

    #[inline]
    fn v6(transport: Transport, number: u32, port: u16) -> Self {
        Self::new(transport, Self::V6 | u64::from(number), port)
    }

    #[inline]
    fn new(transport: Transport, address: u64, port: u16) -> Self {
        let transport = match transport {
            Transport::Tcp => 0,
            Transport::Udp => Self::UDP,
        };
        Self(transport | address << 16 | u64::from(port))
    }

    /// The port.
    pub fn port(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    /// The address, if it is one of IPv4, or else its number.
    fn address(self) -> Result<u32, u32> {
        let bits = (self.0 >> 16) as u32;
        if self.0 >> 16 & Self::V6 == 0 {
            Ok(bits)
        } else {
            Err(bits)
        }
    }

    /// The end's host, as an end without a port.
    pub fn host(self) -> Self {
        Self(self.0 & !0xffff)
    }

    /// The transport protocol.
    pub fn transport(self) -> Transport {
        if self.0 & Self::UDP != 0 {
            Transport::Udp
        } else {
            Transport::Tcp
        }
    }
}

/// A recognized payload, and where it was.
#[derive(Clone, Copy, Debug)]
pub struct SeenSign {
    /// What was recognized.
    pub sign: &'static Sign,
    /// Which end that makes the client.
    pub client: Side,
    /// Whether another sign says the opposite.
    pub disputed: bool,
    /// Whether the other end sent one that says the same.
    pub confirmed: bool,
    /// The frame it was in.
    pub frame: u32,
}

/// What is known of one conversation: a cache line, as there can be millions.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Conversation {
    low: EndKey,
    high: EndKey,
    first_frame: u32,
    /// One more than the number of an earlier conversation of the same ends.
    previous: Option<NonZeroU32>,
    /// Who opened it.
    pub handshake: Handshake,
    /// The frame that carries its only note, if notes are given once a conversation; 0: none yet.
    pub noted_frame: u32,
    /// The protocol dissected on top of its transport (the host's id); 0: none yet.
    pub dissected: i32,
    /// For which of its ports that protocol's dissector is registered.
    pub dissected_by: Sides,
    /// The strongest sign in its payload.
    pub sign: Option<SeenSign>,
    /// How many of its payloads were searched for signs.
    pub payloads: u8,
    /// Who sent its first packet.
    pub first_sender: Side,
    /// What that packet was.
    pub start: Start,
}

impl Conversation {
    /// The frame of its first packet.
    pub fn first_frame(&self) -> u32 {
        self.first_frame
    }

    /// Whether no earlier one of the same ends is known.
    pub fn is_first(&self) -> bool {
        self.previous.is_none()
    }

    /// The end on a side.
    pub fn end(&self, side: Side) -> EndKey {
        match side {
            Side::Low => self.low,
            Side::High => self.high,
        }
    }

    /// Whether [`Self::dissect`] can tell more about the protocol than is known.
    #[inline(always)]
    pub fn may_learn_protocol(&self) -> bool {
        self.dissected_by.is_empty()
    }

    /// Whether another payload can still tell client from server: not once the handshake did, nor after so many
    /// payloads, nor where two signs contradict each other than which there are no stronger ones.
    #[inline]
    pub fn awaits_signs(&self) -> bool {
        /// How many payloads of a conversation are searched.
        const LOOKED_AT: u8 = 64;
        let is_undecidable = || self.sign.is_some_and(|seen| seen.disputed) && self.is_marked_certainly();
        self.payloads < LOOKED_AT && self.handshake.opening().is_none() && !is_undecidable()
    }

    /// Whether only a sign of the same strength, which is the greatest, can still change what its payloads say.
    pub fn is_marked_certainly(&self) -> bool {
        self.sign.is_some_and(|seen| seen.sign.strength >= CERTAIN)
    }

    /// Takes note of a protocol that was dissected. What a port stands for outweighs what was
    /// guessed once.
    pub fn dissect(&mut self, protocol: i32, stands_for: impl Fn(u16) -> bool) {
        let by = Sides::those(|side| stands_for(self.end(side).port()));
        if self.dissected == 0 || (self.dissected_by.is_empty() && !by.is_empty()) {
            self.dissected = protocol;
            self.dissected_by = by;
        }
    }

    /// Counts a payload of which signs were [awaited](Self::awaits_signs), and keeps what its signs are with it, if that
    /// changed. Whether that is the first one.
    #[inline]
    pub fn take_payload(&mut self, sign: Option<SeenSign>) -> bool {
        self.payloads += 1;
        let is_first = self.sign.is_none() && sign.is_some();
        if sign.is_some() {
            self.sign = sign;
        }
        is_first
    }

    /// What its strongest sign is with one more, in a payload of `sender`, if that changes anything.
    pub fn with_sign(&self, sign: &'static Sign, sender: Side, frame: u32) -> Option<SeenSign> {
        let client = match sign.speaker {
            Speaker::Client => sender,
            Speaker::Server => sender.other(),
        };
        let new = SeenSign { sign, client, disputed: false, confirmed: false, frame };
        let Some(seen) = self.sign else { return Some(new) };
        let is_stronger = sign.strength > seen.sign.strength;
        if seen.client != client {
            let disputes = sign.strength == seen.sign.strength && !seen.disputed;
            return is_stronger.then_some(new).or(disputes.then_some(SeenSign { disputed: true, ..seen }));
        }
        let confirmed = seen.confirmed || sign.speaker != seen.sign.speaker;
        if is_stronger {
            return Some(SeenSign { confirmed, ..new });
        }
        (confirmed != seen.confirmed).then_some(SeenSign { confirmed, ..seen })
    }

    /// Nothing but one end's attempt to open it has been seen.
    fn is_attempt(&self) -> bool {
        self.handshake.is_unanswered() && self.sign.is_none() && self.dissected == 0
    }
}

/// What is known of one end across all its conversations, packed beside its key.
#[derive(Clone, Copy, Debug)]
pub struct EndFacts(u64);

impl EndFacts {
    const PEERS: u64 = 0xff << EndKey::BITS;
    const OPENED_TO: u64 = 1 << 58;
    const OPENED_FROM: u64 = 1 << 59;
    const AGREED: u64 = 1 << 60;
    const SERVES: u64 = 1 << 61;
    const BOUND: u64 = 1 << 62;
    const ASKED: u64 = 1 << 63;

    fn key(self) -> EndKey {
        EndKey(self.0 & ((1 << EndKey::BITS) - 1))
    }

    /// How many other ends it has talked to, up to 255.
    pub fn peers(self) -> u32 {
        ((self.0 & Self::PEERS) >> EndKey::BITS) as u32
    }

    /// A handshake has shown it to be a server.
    pub fn was_opened_to(self) -> bool {
        self.0 & Self::OPENED_TO != 0
    }

    /// A handshake has shown it to be a client.
    pub fn has_opened(self) -> bool {
        self.0 & Self::OPENED_FROM != 0
    }

    /// Two ends agreed in another conversation that it listens.
    pub fn was_agreed_on(self) -> bool {
        self.0 & Self::AGREED != 0
    }

    /// Its socket was bound to this port on purpose: it answered as a server does, or talked to the same port.
    pub fn was_bound(self) -> bool {
        self.0 & Self::BOUND != 0
    }

    /// It asked another end for data that will come from a new port.
    pub fn has_asked(self) -> bool {
        self.0 & Self::ASKED != 0
    }

    /// It stands for a host (port 0) that offers services.
    pub fn serves(self) -> bool {
        self.0 & Self::SERVES != 0
    }

    fn add_peer(&mut self) {
        if self.peers() < 255 {
            self.0 += 1 << EndKey::BITS;
        }
    }

    /// A count that has reached its limit stays there.
    fn remove_peer(&mut self) {
        if (1..255).contains(&self.peers()) {
            self.0 -= 1 << EndKey::BITS;
        }
    }
}

/// Whether a verdict that calls an end with this port the client can be settled. A system port is often enough seen to
/// accept for the first time, where several connections were begun at once: that must not have anything forgotten.
pub fn can_be_settled_client(port: u16) -> bool {
    port > HIGHEST_SYSTEM
}

/// All conversations of a capture file.
#[derive(Debug)]
pub struct Conversations {
    limit: usize,
    hasher: DefaultHashBuilder,
    /// The latest conversation of each pair of ends.
    latest: HashTable<u32>,
    entries: Chunks<Conversation>,
    /// Where to look next for an entry to forget.
    hand: u32,
    ends: HashTable<EndFacts>,
    v6: Addresses,
    /// In how many conversations each port number is an end's.
    by_port: Vec<u32>,
    /// Listening ends that others agreed on, and the frame where they did.
    agreed: HashMap<EndKey, u32>,
    /// Ends that data will be sent to from a new port, and the frame where they asked for it.
    asked: HashMap<EndKey, u32>,
}

/// The most conversations kept, unless [`Conversations::with_limit`] says otherwise.
const LIMIT: usize = 1 << 21;
/// The most listening ends kept that were agreed on in-band, and of those that asked for data.
const MOST_AGREED: usize = 1 << 14;

/// The most ends and hosts of which something is kept: a conversation has two ends, and the hosts of
/// all servers and the listening ends agreed on stay.
const fn most_ends(limit: usize) -> usize {
    limit.saturating_mul(3).saturating_add(2 * MOST_AGREED)
}

/// The most IPv6 addresses that are told apart.
const fn most_addresses(limit: usize) -> usize {
    limit.saturating_mul(2)
}

/// The most facts kept beside `limit` conversations, as [`Conversations::facts_len`] counts them.
pub const fn facts_limit(limit: usize) -> usize {
    most_ends(limit) + most_addresses(limit) + 2 * MOST_AGREED
}

impl Default for Conversations {
    fn default() -> Self {
        Self::with_limit(LIMIT)
    }
}

impl Conversations {
    /// Keeps at most `limit` conversations.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            hasher: DefaultHashBuilder::default(),
            latest: HashTable::new(),
            entries: Chunks::default(),
            hand: 0,
            ends: HashTable::new(),
            v6: Addresses::with_limit(most_addresses(limit)),
            by_port: Vec::new(),
            agreed: HashMap::new(),
            asked: HashMap::new(),
        }
    }

    /// How many conversations are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the next conversation has to take the place of one that is forgotten then.
    pub fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// How many facts beside the conversations are kept: on ends, hosts and addresses.
    pub fn facts_len(&self) -> usize {
        self.ends.len() + self.v6.len() + self.agreed.len() + self.asked.len()
    }

    /// The conversation that a packet belongs to, made if there is none, and whether it was made;
    /// `None` for IPv6 addresses for which there is no room.
    #[inline(always)]
    pub fn enter(&mut self, frame: u32, transport: Transport, source: End, destination: End) -> Option<(Place, bool)> {
        let (pair, sender) = in_order(self.intern(transport, source)?, self.intern(transport, destination)?);
        if let Some(id) = self.latest_of(pair) {
            return Some((Place { conversation: ConversationId(id), sender }, false));
        }
        let id = self.add(pair, frame, None, sender);
        self.meet(pair.0);
        self.meet(pair.1);
        Some((Place { conversation: ConversationId(id), sender }, true))
    }

    /// The conversation that a packet belonged to when it was first seen.
    pub fn find(&self, frame: u32, transport: Transport, source: End, destination: End) -> Option<Place> {
        let (pair, sender) = in_order(self.known(transport, source)?, self.known(transport, destination)?);
        let mut id = self.latest_of(pair)?;
        while self.entries.get(id).first_frame > frame {
            let later = self.entries.get(id).first_frame;
            id = self.entries.get(id).previous?.get() - 1;
            let entry = self.entries.get(id);
            // A forgotten entry's place may have been given to another pair, or again to this one:
            // then this would go round in circles.
            if !entry.joins(pair) || entry.first_frame >= later {
                return None;
            }
        }
        Some(Place { conversation: ConversationId(id), sender })
    }

    /// Whether no other conversation of the same ends is kept.
    pub fn is_only(&self, place: Place) -> bool {
        let conversation = self.get(place.conversation);
        conversation.previous.is_none() && self.latest_of(conversation.pair()) == Some(place.conversation.0)
    }

    /// Whether this is the latest conversation between two ends, and the place of a packet between them.
    #[cold]
    #[inline(never)]
    pub fn is_latest(&self, place: Place, transport: Transport, source: End, destination: End) -> bool {
        let ends = self.known(transport, source).zip(self.known(transport, destination));
        ends.is_some_and(|(source, destination)| {
            let (pair, sender) = in_order(source, destination);
            self.latest_of(pair) == Some(place.conversation.0) && sender == place.sender
        })
    }

    /// The ends of a conversation, the low one first.
    pub fn ends(&self, conversation: ConversationId) -> (End, End) {
        let (low, high) = self.get(conversation).pair();
        (self.end(low), self.end(high))
    }

    fn end(&self, key: EndKey) -> End {
        match key.address() {
            Ok(v4) => End::v4(v4.to_be_bytes(), key.port()),
            Err(number) => End::v6(self.v6.get(number).to_be_bytes(), key.port()),
        }
    }

    /// Starts the next conversation between the ends of this one.
    pub fn next(&mut self, frame: u32, place: Place) -> Place {
        let current = self.get(place.conversation);
        let pair = (current.low, current.high);
        let previous = NonZeroU32::new(place.conversation.0 + 1);
        let id = self.add(pair, frame, previous, place.sender);
        Place { conversation: ConversationId(id), sender: place.sender }
    }

    /// A conversation by its number.
    pub fn get(&self, conversation: ConversationId) -> &Conversation {
        self.entries.get(conversation.0)
    }

    /// A conversation by its number.
    pub fn get_mut(&mut self, conversation: ConversationId) -> &mut Conversation {
        self.entries.get_mut(conversation.0)
    }

    /// What is known of an end; `None` once it is forgotten.
    pub fn facts(&self, end: EndKey) -> Option<EndFacts> {
        self.ends.find(self.hasher.hash_one(end), |facts| facts.key() == end).copied()
    }

    /// In how many conversations this number is the port of an end.
    pub fn by_port(&self, port: u16) -> u32 {
        self.by_port.get(usize::from(port)).copied().unwrap_or(0)
    }

    /// Takes note of who a handshake showed to be the client. Whether that is new to other conversations, and could
    /// turn round a verdict on one of them that is settled.
    pub fn opened(&mut self, client: EndKey, server: EndKey) -> bool {
        let opens_elsewhere = self.mark(client, EndFacts::OPENED_FROM);
        let accepts_elsewhere = self.mark(server, EndFacts::OPENED_TO);
        opens_elsewhere || accepts_elsewhere && can_be_settled_client(server.port())
    }

    /// Takes note that an end's host offers services.
    pub fn serves(&mut self, server: EndKey) {
        self.mark(server.host(), EndFacts::SERVES);
    }

    /// Takes note that `end` will listen, as agreed on in `frame`.
    pub fn agree(&mut self, transport: Transport, end: End, frame: u32) {
        if self.agreed.len() < MOST_AGREED {
            let Some(key) = self.intern(transport, end) else { return };
            self.agreed.insert(key, frame);
            self.mark(key, EndFacts::AGREED);
        }
    }

    /// Takes note that an end's socket was bound to its port on purpose.
    pub fn is_bound(&mut self, end: EndKey) {
        self.mark(end, EndFacts::BOUND);
    }

    /// Takes note that `end` asked, in `frame`, for data that will come from a new port. Whether that is new to other
    /// conversations.
    pub fn asks(&mut self, end: EndKey, frame: u32) -> bool {
        if self.asked.len() >= MOST_AGREED {
            return false;
        }
        self.asked.insert(end, frame);
        self.mark(end, EndFacts::ASKED)
    }

    /// The frame in which `end` asked for data that comes from a new port.
    pub fn asked_in(&self, end: EndKey) -> Option<u32> {
        self.asked.get(&end).copied()
    }

    /// The frame in which it was agreed that `end` listens.
    pub fn agreed_in(&self, end: EndKey) -> Option<u32> {
        self.agreed.get(&end).copied()
    }

    #[inline(always)]
    fn latest_of(&self, pair: (EndKey, EndKey)) -> Option<u32> {
        let entries = &self.entries;
        self.latest.find(self.hasher.hash_one(pair), |id| entries.get(*id).joins(pair)).copied()
    }

    #[cold]
    fn add(&mut self, pair: (EndKey, EndKey), frame: u32, previous: Option<NonZeroU32>, first_sender: Side) -> u32 {
        let conversation = Conversation {
            low: pair.0,
            high: pair.1,
            first_frame: frame,
            previous,
            handshake: Handshake::default(),
            noted_frame: 0,
            dissected: 0,
            dissected_by: Sides::default(),
            sign: None,
            payloads: 0,
            first_sender,
            start: Start::Other,
        };
        let id = if self.is_full() {
            let id = self.make_room();
            *self.entries.get_mut(id) = conversation;
            id
        } else {
            self.entries.push(conversation)
        };
        let (entries, hasher) = (&self.entries, &self.hasher);
        let hash = hasher.hash_one(pair);
        match self.latest.find_mut(hash, |other| *other == id || entries.get(*other).joins(pair)) {
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

    /// Forgets a conversation; its number is free then.
    fn make_room(&mut self) -> u32 {
        const LOOK_AT: usize = 16;
        let len = self.entries.len() as u32;
        let mut victim = self.hand;
        for step in 0..LOOK_AT as u32 {
            let candidate = (self.hand + step) % len;
            if self.entries.get(candidate).is_attempt() {
                victim = candidate;
                break;
            }
        }
        self.hand = (victim + 1) % len;
        self.forget(victim);
        victim
    }

    fn forget(&mut self, id: u32) {
        let pair = self.entries.get(id).pair();
        if let Ok(entry) = self.latest.find_entry(self.hasher.hash_one(pair), |latest| *latest == id) {
            entry.remove();
            for end in [pair.0, pair.1] {
                if let Ok(mut entry) = self.ends.find_entry(self.hasher.hash_one(end), |facts| facts.key() == end) {
                    entry.get_mut().remove_peer();
                    if entry.get().peers() == 0 {
                        entry.remove();
                    }
                }
            }
        }
    }

    fn meet(&mut self, end: EndKey) {
        if let Some(facts) = self.facts_mut(end) {
            facts.add_peer();
        }
    }

    /// Whether other conversations of the end did not know it. There are some unless it has one peer; it has none if
    /// there was no room to take note of them.
    fn mark(&mut self, end: EndKey, bit: u64) -> bool {
        let Some(facts) = self.facts_mut(end) else { return false };
        let is_new = facts.0 & bit == 0 && facts.peers() != 1;
        facts.0 |= bit;
        is_new
    }

    /// `None` for an end of which nothing is known yet, if there is no room for more.
    fn facts_mut(&mut self, end: EndKey) -> Option<&mut EndFacts> {
        let has_room = self.ends.len() < most_ends(self.limit);
        let hasher = &self.hasher;
        match self.ends.entry(hasher.hash_one(end), |facts| facts.key() == end, |facts| hasher.hash_one(facts.key())) {
            Entry::Occupied(entry) => Some(entry.into_mut()),
            Entry::Vacant(entry) => has_room.then(|| entry.insert(EndFacts(end.0)).into_mut()),
        }
    }

    /// The end's key, its address numbered; `None` if there is no room for more IPv6 addresses.
    #[inline(always)]
    fn intern(&mut self, transport: Transport, end: End) -> Option<EndKey> {
        Some(match end.bits() {
            Bits::V4(address) => EndKey::v4(transport, address, end.port),
            Bits::V6(address) => EndKey::v6(transport, self.v6.number(address)?, end.port),
        })
    }

    #[inline]
    fn known(&self, transport: Transport, end: End) -> Option<EndKey> {
        Some(match end.bits() {
            Bits::V4(address) => EndKey::v4(transport, address, end.port),
            Bits::V6(address) => EndKey::v6(transport, self.v6.find(address)?, end.port),
        })
    }
}

impl Conversation {
    fn pair(&self) -> (EndKey, EndKey) {
        (self.low, self.high)
    }

    fn joins(&self, pair: (EndKey, EndKey)) -> bool {
        self.pair() == pair
    }
}

#[inline]
fn in_order(source: EndKey, destination: EndKey) -> ((EndKey, EndKey), Side) {
    if source <= destination {
        ((source, destination), Side::Low)
    } else {
        ((destination, source), Side::High)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(number: u32) -> (End, End) {
        (End::new(std::net::Ipv4Addr::from(number), 40_000), End::new([192, 0, 2, 1], 80))
    }

    fn enter(conversations: &mut Conversations, number: u32) -> Place {
        let (source, destination) = pair(number);
        conversations.enter(number, Transport::Tcp, source, destination).unwrap().0
    }

    fn find(conversations: &Conversations, frame: u32, number: u32) -> Option<Place> {
        let (source, destination) = pair(number);
        conversations.find(frame, Transport::Tcp, source, destination)
    }

    #[test]
    fn an_entry_is_small() {
        assert_eq!(size_of::<Conversation>(), 64);
    }

    #[test]
    fn both_directions_are_one_conversation() {
        let mut conversations = Conversations::default();
        let (source, destination) = pair(1);
        let there = enter(&mut conversations, 1);
        let (back, made) = conversations.enter(2, Transport::Tcp, destination, source).unwrap();
        assert!(!made);
        assert_eq!((there.conversation, there.sender), (back.conversation, back.sender.other()));
    }

    #[test]
    fn transports_are_kept_apart() {
        let mut conversations = Conversations::default();
        enter(&mut conversations, 1);
        let (source, destination) = pair(1);
        assert!(conversations.enter(2, Transport::Udp, source, destination).unwrap().1);
    }

    #[test]
    fn a_frame_finds_the_conversation_of_its_time() {
        let mut conversations = Conversations::default();
        let first = enter(&mut conversations, 1);
        let second = conversations.next(10, first);
        assert_eq!(find(&conversations, 9, 1), Some(first));
        assert_eq!(find(&conversations, 10, 1), Some(second));
        assert_eq!(find(&conversations, 0, 1), None);
    }

    #[test]
    fn peers_are_counted() {
        let mut conversations = Conversations::default();
        for number in 1..=7 {
            let place = enter(&mut conversations, number);
            conversations.next(100, place);
        }
        let server = conversations.known(Transport::Tcp, pair(1).1).unwrap();
        assert_eq!(conversations.facts(server).unwrap().peers(), 7);
    }

    #[test]
    fn the_number_of_entries_is_bounded() {
        let mut conversations = Conversations::with_limit(100);
        for number in 0..10_000 {
            enter(&mut conversations, number);
        }
        assert_eq!((conversations.len(), conversations.latest.len()), (100, 100));
        assert!(conversations.ends.len() <= 101, "{} ends", conversations.ends.len());
        assert!(find(&conversations, 9_999, 9_999).is_some());
        assert_eq!(find(&conversations, 0, 0), None);
    }

    #[test]
    fn a_forgotten_entry_does_not_answer_for_its_successor() {
        let mut conversations = Conversations::with_limit(2);
        let first = enter(&mut conversations, 1);
        conversations.next(5, first);
        enter(&mut conversations, 6);
        assert_eq!(find(&conversations, 2, 1), None);
    }

    #[test]
    fn an_entry_that_took_its_own_place_ends_the_search() {
        let mut conversations = Conversations::with_limit(1);
        let first = enter(&mut conversations, 1);
        conversations.next(5, first);
        assert_eq!(find(&conversations, 2, 1), None);
        assert!(find(&conversations, 5, 1).is_some());
    }
}
