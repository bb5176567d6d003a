// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Conversations and their ends: one entry for each, found by address and port.
//!
//! There can be millions, so entries are small and their number is bounded. When there is no room,
//! the conversations that never got beyond a SYN (scans, floods) are forgotten first, then those
//! that have been idle longest. All else that is kept (ends, hosts, addresses) is kept for the sake
//! of a conversation or of one of a bounded number of announcements, and goes with the last of them.

use super::Kept;
use super::addresses::Addresses;
use super::chunks::Chunks;
use super::evidence::form::Forms;
use super::evidence::payload::{CERTAIN, Sign, Speaker, is_asked_by_peers};
use super::handshake::Handshake;
use super::idle::{Queues, Worth};
use super::ranges::{PortRange, Ranges};
use super::seed::Keyed;
use super::table::Table;
use crate::ephemeral::HIGHEST_SYSTEM;
use crate::packet::{Bits, End, Party, Transport};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

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
    /// The link sent it to everybody, over UDP.
    ToAll,
    /// None of these.
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
        if side == self.sender { Party::Source } else { Party::Destination }
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
    const MASK: u64 = (1 << Self::BITS) - 1;

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
        if self.0 >> 16 & Self::V6 == 0 { Ok(bits) } else { Err(bits) }
    }

    /// The end's host, as an end without a port.
    pub fn host(self) -> Self {
        Self(self.0 & !0xffff)
    }

    /// The same, whatever the transport.
    fn host_over_tcp(self) -> Self {
        Self(self.host().0 & !Self::UDP)
    }

    /// The transport protocol.
    pub fn transport(self) -> Transport {
        if self.0 & Self::UDP != 0 { Transport::Udp } else { Transport::Tcp }
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
    /// In which queue to be forgotten it is.
    worth: Worth,
    /// Of which end the host is kept as offering services for its sake.
    shows_serving: Option<Side>,
    /// Who opened it.
    pub handshake: Handshake,
    /// The frame that carries its only note, if notes are given once a conversation; 0: none yet.
    pub noted_frame: u32,
    /// The protocol dissected on top of its transport (the host's id); 0: none yet.
    pub dissected: i32,
    /// For which of its ports that protocol's dissector is registered.
    pub dissected_by: Sides,
    /// Whether its first payloads look like what its ports stand for.
    pub forms: Forms,
    /// A payload shows that protocol, whichever port chose the dissector. It is not asked where the server's port stands
    /// for the protocol.
    pub is_protocol_shown: bool,
    /// The strongest sign in its payload.
    pub sign: Option<SeenSign>,
    /// How many of its payloads were searched for signs; above, [`Self::ANSWERED`].
    payloads: u8,
    /// Who sent its first packet.
    pub first_sender: Side,
    /// What that packet was.
    pub start: Start,
}

impl Conversation {
    /// The end that did not speak first has sent one of the payloads searched.
    const ANSWERED: u8 = 0x80;

    /// How many of its payloads were searched for signs.
    pub fn payloads(&self) -> u8 {
        self.payloads & !Self::ANSWERED
    }

    /// Whether the end that did not speak first has sent one of these payloads.
    pub fn is_answered(&self) -> bool {
        self.payloads & Self::ANSWERED != 0
    }

    /// The frame of its first packet.
    pub fn first_frame(&self) -> u32 {
        self.first_frame
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
        self.payloads() < LOOKED_AT && self.handshake.opening().is_none() && !is_undecidable()
    }

    /// Whether only a sign of the same strength, which is the greatest, can still change what its payloads say.
    pub fn is_marked_certainly(&self) -> bool {
        self.sign.is_some_and(|seen| seen.sign.strength >= CERTAIN)
    }

    /// Whether both ends sent the other what peers send: each had told the other its port.
    pub fn is_between_peers(&self) -> bool {
        self.sign.is_some_and(|seen| seen.disputed && is_asked_by_peers(seen.sign))
    }

    /// Takes note of a protocol that was dissected. What a port stands for outweighs what was guessed once. `find_sign`
    /// searches the payload; `is_of_protocol` says whether a sign is one of the protocol.
    pub fn dissect(
        &mut self,
        protocol: i32,
        stands_for: impl Fn(u16) -> bool,
        find_sign: impl FnOnce() -> Option<&'static Sign>,
        is_of_protocol: impl FnOnce(&Sign) -> bool,
    ) {
        let by = Sides::those(|side| stands_for(self.end(side).port()));
        if self.dissected != 0 && (!self.dissected_by.is_empty() || by.is_empty()) {
            return;
        }
        self.dissected = protocol;
        self.dissected_by = by;
        let sign = match self.handshake.opening() {
            // Payloads are not searched then, and it takes long, so only where it matters.
            Some((client, _, _)) if by.has(client) && !by.has(client.other()) => find_sign(),
            Some(_) => None,
            None => self.sign.map(|seen| seen.sign),
        };
        self.is_protocol_shown = sign.is_some_and(is_of_protocol);
    }

    /// What its forms are with one more payload, over UDP.
    #[inline]
    pub fn forms_with(&self, payload: &[u8]) -> Forms {
        /// How many payloads of a conversation are looked at.
        const LOOKED_AT: u8 = 4;
        if self.low.transport() != Transport::Udp || self.payloads() >= LOOKED_AT {
            return self.forms;
        }
        self.forms.with([self.low.port(), self.high.port()], payload)
    }

    /// Counts a payload of which signs were [awaited](Self::awaits_signs), and keeps what its signs are with it, if that
    /// changed. Whether that is the first one.
    #[inline]
    pub fn take_payload(&mut self, sender: Side, sign: Option<SeenSign>) -> bool {
        self.payloads += 1;
        if sender != self.first_sender {
            self.payloads |= Self::ANSWERED;
        }
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

    fn worth(&self) -> Worth {
        if self.handshake.is_unanswered() && self.sign.is_none() && self.dissected == 0 {
            Worth::Attempt
        } else {
            Worth::Exchange
        }
    }
}

/// What is known of one end across all its conversations: packed beside its key, and of the others it talked to.
#[derive(Clone, Copy, Debug)]
pub struct EndFacts(u64, u64);

impl EndFacts {
    const PEERS: u64 = 0xff << EndKey::BITS;
    const OPENED_TO: u64 = 1 << 58;
    const OPENED_FROM: u64 = 1 << 59;
    const AGREED: u64 = 1 << 60;
    const SERVES: u64 = 1 << 61;
    const BOUND: u64 = 1 << 62;
    const ASKED: u64 = 1 << 63;

    // In the second word, above the key of the first other end:
    const SPOKE_FIRST: u32 = EndKey::BITS;
    const OTHER_PORT: u64 = 1 << 61;
    const OTHER_HOST: u64 = 1 << 62;
    const OUT_OF_SEQUENCE: u64 = 1 << 63;
    /// The most that [`Self::spoke_first`] counts.
    pub const MOST_SPOKE_FIRST: u32 = (1 << 8) - 1;

    fn key(self) -> EndKey {
        EndKey(self.0 & EndKey::MASK)
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

    /// The first other end that it talked to.
    pub fn first_peer(self) -> Option<EndKey> {
        let key = self.1 & EndKey::MASK;
        (key != 0).then_some(EndKey(key))
    }

    /// To how many of the other ends it spoke first, up to [`Self::MOST_SPOKE_FIRST`].
    pub fn spoke_first(self) -> u32 {
        (self.1 >> Self::SPOKE_FIRST) as u32 & Self::MOST_SPOKE_FIRST
    }

    /// All other ends have the same port.
    pub fn peers_share_port(self) -> bool {
        self.first_peer().is_some() && self.1 & Self::OTHER_PORT == 0
    }

    /// All other ends are of the same host.
    pub fn peers_share_host(self) -> bool {
        self.first_peer().is_some() && self.1 & Self::OTHER_HOST == 0
    }

    /// All other ends are of the same host, at ports one after another, but for a few that were left out.
    pub fn peers_are_in_sequence(self) -> bool {
        self.peers_share_host() && self.1 & Self::OUT_OF_SEQUENCE == 0
    }

    /// Takes note of another end that it talks to.
    fn meet(&mut self, peer: EndKey, speaks_first: bool) {
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

    /// Whether the count could be raised.
    fn add_peer(&mut self) -> bool {
        let has_room = self.0 & Self::PEERS != Self::PEERS;
        if has_room {
            self.0 += 1 << EndKey::BITS;
        }
        has_room
    }

    fn remove_peer(&mut self) {
        if self.0 & Self::PEERS != 0 {
            self.0 -= 1 << EndKey::BITS;
        }
    }

    /// Nothing that is kept needs it.
    fn is_needless(self) -> bool {
        self.0 & (Self::PEERS | Self::AGREED | Self::ASKED) == 0
    }
}

/// What ends announced in-band, and the frame where they did: of more than a limit, the latest.
#[derive(Debug)]
struct Announced {
    limit: usize,
    frames: HashMap<EndKey, u32, Keyed>,
    by_frame: BTreeSet<(u32, EndKey)>,
}

impl Announced {
    fn with_limit(limit: usize) -> Self {
        Self { limit, frames: HashMap::default(), by_frame: BTreeSet::new() }
    }

    /// Whether the end was not among them, and the one that is forgotten in its place.
    fn insert(&mut self, end: EndKey, frame: u32) -> (bool, Option<EndKey>) {
        let before = self.frames.insert(end, frame);
        if let Some(before) = before {
            self.by_frame.remove(&(before, end));
        }
        self.by_frame.insert((frame, end));
        let oldest = if self.frames.len() > self.limit { self.by_frame.pop_first() } else { None };
        if let Some((_, oldest)) = oldest {
            self.frames.remove(&oldest);
        }
        (before.is_none(), oldest.map(|(_, oldest)| oldest))
    }
}

/// A conversation that another one of the same ends has followed.
#[derive(Clone, Copy, Debug)]
struct Earlier {
    number: u32,
    /// The first frame of the next one.
    until: u32,
}

/// Whether a verdict that calls an end with this port the client can be settled. A system port is often enough seen to
/// accept for the first time, where several connections were begun at once: that must not have anything forgotten.
pub(super) fn can_be_settled_client(port: u16) -> bool {
    port > HIGHEST_SYSTEM
}

/// All conversations of a capture file.
#[derive(Debug)]
pub struct Conversations {
    limit: usize,
    hasher: Keyed,
    /// The latest conversation of each pair of ends.
    latest: Table<u32>,
    /// Those before it, by their ends and their first frame.
    earlier: BTreeMap<(EndKey, EndKey, u32), Earlier>,
    entries: Chunks<Conversation>,
    queues: Queues,
    forgotten: u64,
    ends: Table<EndFacts>,
    /// By how much the peers of an end are more than the 255 that its facts can count.
    crowds: HashMap<EndKey, u32, Keyed>,
    /// The ports that hosts connect from.
    ranges: Ranges,
    v6: Addresses,
    /// In how many conversations each port number is an end's.
    by_port: Vec<u32>,
    /// Listening ends that others agreed on.
    agreed: Announced,
    /// Ends that data will be sent to from a new port.
    asked: Announced,
}

/// The most conversations kept, unless [`Conversations::with_limit`] says otherwise.
const LIMIT: usize = 1 << 21;
/// The most listening ends kept that were agreed on in-band, the most that asked for data, and the most hosts that
/// connected.
const MOST_ANNOUNCED: usize = 1 << 14;

/// The most ends and hosts of which something is kept: a conversation has two ends, and shows that the host of one
/// offers services.
const fn most_ends(limit: usize) -> usize {
    limit.saturating_mul(3).saturating_add(2 * MOST_ANNOUNCED)
}

/// The most ends and hosts that have more others than their facts can count. Each of them has 256 conversations or more,
/// and a conversation belongs to three of them at most.
const fn most_crowds(limit: usize) -> usize {
    limit.saturating_mul(3) / 256
}

/// The most IPv6 addresses that are told apart.
const fn most_addresses(limit: usize) -> usize {
    limit.saturating_mul(2).saturating_add(3 * MOST_ANNOUNCED)
}

/// The most facts kept beside `limit` conversations, as [`Conversations::facts_len`] counts them.
pub(super) const fn facts_limit(limit: usize) -> usize {
    most_ends(limit) + most_addresses(limit) + 3 * MOST_ANNOUNCED
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
            hasher: Keyed::default(),
            latest: Table::default(),
            earlier: BTreeMap::new(),
            entries: Chunks::default(),
            queues: Queues::default(),
            forgotten: 0,
            ends: Table::default(),
            crowds: HashMap::default(),
            v6: Addresses::default(),
            by_port: Vec::new(),
            ranges: Ranges::with_limit(MOST_ANNOUNCED),
            agreed: Announced::with_limit(MOST_ANNOUNCED),
            asked: Announced::with_limit(MOST_ANNOUNCED),
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
        self.ends.len() + self.v6.len() + self.agreed.frames.len() + self.asked.frames.len() + self.ranges.len()
    }

    /// How much of each kind is kept.
    pub fn kept(&self) -> [Kept; 7] {
        let kept = |what, count, at_most| Kept { what, count, at_most };
        [
            kept("conversations", self.len(), self.limit),
            kept("of these, followed by another on the same ports", self.earlier.len(), self.limit),
            kept("facts about ends and hosts", self.ends.len(), most_ends(self.limit)),
            kept("ends that talk to more than 255 others", self.crowds.len(), most_crowds(self.limit)),
            kept("IPv6 addresses", self.v6.len(), most_addresses(self.limit)),
            kept(
                "listeners agreed on, and ends that asked for data",
                self.agreed.frames.len() + self.asked.frames.len(),
                2 * MOST_ANNOUNCED,
            ),
            kept("hosts of which the clients' ports are known", self.ranges.len(), MOST_ANNOUNCED),
        ]
    }

    /// How many conversations were forgotten.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Whether so many are kept that it matters which are idle.
    #[inline(always)]
    pub fn tracks_use(&self) -> bool {
        self.entries.len() >= self.limit / 2
    }

    /// Takes note that a packet of a conversation came, and what is known of it by now.
    #[inline]
    pub fn use_now(&mut self, conversation: ConversationId) {
        let entry = self.entries.get(conversation.0);
        if entry.worth != entry.worth() || self.tracks_use() {
            self.requeue(conversation);
        }
    }

    #[cold]
    fn requeue(&mut self, conversation: ConversationId) {
        let entry = self.entries.get_mut(conversation.0);
        entry.worth = entry.worth();
        self.queues.use_now(conversation.0, entry.worth);
    }

    /// The conversation that a packet belongs to, made if there is none, and whether it was made.
    #[inline(always)]
    pub fn enter(&mut self, frame: u32, transport: Transport, source: End, destination: End) -> (Place, bool) {
        let (pair, sender) = in_order(self.intern(transport, source), self.intern(transport, destination));
        let latest = self.latest_of(pair);
        let id = latest.unwrap_or_else(|| self.add(pair, frame, sender));
        (Place { conversation: ConversationId(id), sender }, latest.is_none())
    }

    /// The conversation that a packet belonged to when it was first seen.
    pub fn find(&self, frame: u32, transport: Transport, source: End, destination: End) -> Option<Place> {
        let (pair, sender) = in_order(self.known(transport, source)?, self.known(transport, destination)?);
        let latest = self.latest_of(pair).filter(|id| self.entries.get(*id).first_frame <= frame);
        let id = latest.or_else(|| self.earlier_of(pair, frame).filter(|it| frame < it.until).map(|it| it.number))?;
        Some(Place { conversation: ConversationId(id), sender })
    }

    /// Of the earlier conversations of two ends, the last that began by this frame.
    fn earlier_of(&self, pair: (EndKey, EndKey), frame: u32) -> Option<Earlier> {
        if self.earlier.is_empty() {
            return None;
        }
        let at = |frame| (pair.0, pair.1, frame);
        self.earlier.range(at(0)..=at(frame)).next_back().map(|(_, earlier)| *earlier)
    }

    /// Whether a conversation of two ends is kept.
    fn has_any(&self, pair: (EndKey, EndKey)) -> bool {
        self.latest_of(pair).is_some() || self.earlier_of(pair, u32::MAX).is_some()
    }

    /// The only conversation of these ends, whenever it starts; `None` if more are kept.
    #[cold]
    pub fn only(&self, transport: Transport, source: End, destination: End) -> Option<Place> {
        let (pair, sender) = in_order(self.known(transport, source)?, self.known(transport, destination)?);
        let place = Place { conversation: ConversationId(self.latest_of(pair)?), sender };
        self.is_only(place).then_some(place)
    }

    /// Whether no other conversation of the same ends is kept.
    pub fn is_only(&self, place: Place) -> bool {
        let pair = self.get(place.conversation).pair();
        self.latest_of(pair) == Some(place.conversation.0) && self.earlier_of(pair, u32::MAX).is_none()
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

    /// Starts the next conversation between the ends of this one.
    pub fn next(&mut self, frame: u32, place: Place) -> Place {
        let current = self.get(place.conversation);
        let (pair, began) = (current.pair(), current.first_frame);
        self.earlier.insert((pair.0, pair.1, began), Earlier { number: place.conversation.0, until: frame });
        let id = self.add(pair, frame, place.sender);
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

    /// The ports that an end's host connects from, as handshakes of TCP show.
    pub fn connects_from(&self, end: EndKey) -> Option<PortRange> {
        self.ranges.get(end.host_over_tcp())
    }

    /// Takes note, once a conversation, that a handshake was answered: the client's host connected from its port.
    pub fn connected_from(&mut self, client: EndKey) {
        self.learn_range(client, PortRange::connected_from(client.port()));
    }

    /// The same of a SYN, whether or not it will be answered, of a host that connected or accepted: others may be made up,
    /// as those of a flood are.
    pub fn tries_from(&mut self, client: EndKey) {
        let is_known = self.connects_from(client).is_some();
        if is_known || self.facts(client.host()).is_some_and(EndFacts::serves) {
            self.learn_range(client, PortRange::tried_from(client.port()));
        }
    }

    fn learn_range(&mut self, client: EndKey, shown: PortRange) {
        if client.port() <= HIGHEST_SYSTEM {
            return;
        }
        let host = client.host_over_tcp();
        let (is_new, forgotten) = self.ranges.learn(host, shown);
        if is_new {
            self.hold(host);
        }
        if let Some(forgotten) = forgotten {
            self.release(forgotten);
        }
    }

    /// The latest conversation between two ends.
    pub fn between(&self, one: EndKey, other: EndKey) -> Option<&Conversation> {
        Some(self.entries.get(self.latest_of(in_order(one, other).0)?))
    }

    /// The end with this key, of which a conversation is kept.
    pub fn at(&self, key: EndKey) -> End {
        match key.address() {
            Ok(v4) => End::v4(v4.to_be_bytes(), key.port()),
            Err(number) => End::v6(self.v6.get(number).to_be_bytes(), key.port()),
        }
    }

    /// Takes note that a conversation shows the host of one of its ends to offer services.
    pub fn serves(&mut self, conversation: ConversationId, server: Side) {
        let entry = self.entries.get_mut(conversation.0);
        if entry.shows_serving == Some(server) {
            return;
        }
        let (low, high, before) = (entry.low, entry.high, entry.shows_serving.replace(server));
        let host = |side| if side == Side::Low { low.host() } else { high.host() };
        self.add_peer(host(server));
        self.mark(host(server), EndFacts::SERVES);
        if let Some(before) = before {
            self.remove_peer(host(before));
        }
    }

    /// Takes note that `end` will listen, as agreed on in `frame`.
    pub fn agree(&mut self, transport: Transport, end: End, frame: u32) {
        let end = self.intern(transport, end);
        let (is_new, oldest) = self.agreed.insert(end, frame);
        self.announce(end, is_new, oldest, EndFacts::AGREED);
    }

    /// Keeps what an end is that announced something, and forgets that of another one.
    fn announce(&mut self, end: EndKey, is_new: bool, oldest: Option<EndKey>, bit: u64) -> bool {
        if is_new {
            self.hold(end);
        }
        let is_news = self.mark(end, bit);
        if let Some(oldest) = oldest {
            self.change_facts(oldest, |facts| facts.0 &= !bit);
            self.release(oldest);
        }
        is_news
    }

    /// Takes note that an end's socket was bound to its port on purpose.
    pub fn is_bound(&mut self, end: EndKey) {
        self.mark(end, EndFacts::BOUND);
    }

    /// Takes note that `end` asked, in `frame`, for data that will come from a new port. Whether that is new to other
    /// conversations.
    pub fn asks(&mut self, end: EndKey, frame: u32) -> bool {
        let (is_new, oldest) = self.asked.insert(end, frame);
        self.announce(end, is_new, oldest, EndFacts::ASKED)
    }

    /// The frame in which `end` asked for data that comes from a new port.
    pub fn asked_in(&self, end: EndKey) -> Option<u32> {
        self.asked.frames.get(&end).copied()
    }

    /// The frame in which it was agreed that `end` listens.
    pub fn agreed_in(&self, end: EndKey) -> Option<u32> {
        self.agreed.frames.get(&end).copied()
    }

    #[inline(always)]
    fn latest_of(&self, pair: (EndKey, EndKey)) -> Option<u32> {
        let entries = &self.entries;
        self.latest.find(self.hasher.hash_one(pair), |id| entries.get(*id).joins(pair)).copied()
    }

    #[cold]
    fn add(&mut self, pair: (EndKey, EndKey), frame: u32, first_sender: Side) -> u32 {
        let conversation = Conversation {
            low: pair.0,
            high: pair.1,
            first_frame: frame,
            worth: Worth::Exchange,
            shows_serving: None,
            handshake: Handshake::default(),
            noted_frame: 0,
            dissected: 0,
            dissected_by: Sides::default(),
            forms: Forms::default(),
            is_protocol_shown: false,
            sign: None,
            payloads: 0,
            first_sender,
            start: Start::Other,
        };
        // What it needs is not to go with the one that makes room for it.
        self.hold(pair.0);
        self.hold(pair.1);
        let id = self.place(conversation);
        if !self.has_any(pair) {
            self.meet(pair.0, pair.1, first_sender == Side::Low);
            self.meet(pair.1, pair.0, first_sender == Side::High);
        }
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

    /// Puts a conversation where there is room, or else in the place of the one that matters least.
    fn place(&mut self, conversation: Conversation) -> u32 {
        let worth = conversation.worth;
        let Some(id) = self.queues.first().filter(|_| self.is_full()) else {
            self.queues.push(worth);
            return self.entries.push(conversation);
        };
        self.forget(id);
        *self.entries.get_mut(id) = conversation;
        self.queues.use_now(id, worth);
        id
    }

    fn forget(&mut self, id: u32) {
        if self.forgotten == 0 {
            log::warn!(
                "more than {} conversations: the attempts among them are forgotten, then those that were idle longest",
                self.limit
            );
        }
        self.forgotten += 1;
        let Conversation { low, high, first_frame, shows_serving, .. } = *self.entries.get(id);
        let pair = (low, high);
        if let Some(entry) = self.latest.find_entry(self.hasher.hash_one(pair), |latest| *latest == id) {
            entry.remove();
        }
        if self.earlier_of(pair, first_frame).is_some_and(|earlier| earlier.number == id) {
            self.earlier.remove(&(low, high, first_frame));
        }
        let is_last = !self.has_any(pair);
        for (side, end) in [(Side::Low, low), (Side::High, high)] {
            if is_last {
                self.remove_peer(end);
            }
            if shows_serving == Some(side) {
                self.remove_peer(end.host());
            }
            self.release(end);
        }
    }

    /// Something more is kept of an end.
    fn hold(&mut self, end: EndKey) {
        if let Err(number) = end.address() {
            self.v6.hold(number);
        }
    }

    /// Something less is.
    fn release(&mut self, end: EndKey) {
        if let Err(number) = end.address() {
            self.v6.release(number);
        }
    }

    fn meet(&mut self, end: EndKey, peer: EndKey, speaks_first: bool) {
        self.add_peer(end);
        self.facts_mut(end).meet(peer, speaks_first);
    }

    fn add_peer(&mut self, end: EndKey) {
        if !self.facts_mut(end).add_peer() {
            *self.crowds.entry(end).or_default() += 1;
        }
    }

    fn remove_peer(&mut self, end: EndKey) {
        match self.crowds.get_mut(&end) {
            Some(1) => drop(self.crowds.remove(&end)),
            Some(more) => *more -= 1,
            None => self.change_facts(end, EndFacts::remove_peer),
        }
    }

    /// Changes what is known of an end, and forgets it if that is nothing.
    fn change_facts(&mut self, end: EndKey, change: impl FnOnce(&mut EndFacts)) {
        if let Some(mut entry) = self.ends.find_entry(self.hasher.hash_one(end), |facts| facts.key() == end) {
            change(entry.get_mut());
            if entry.get().is_needless() {
                entry.remove();
            }
        }
    }

    /// Whether other conversations of the end did not know it. There are some unless it has one peer.
    fn mark(&mut self, end: EndKey, bit: u64) -> bool {
        let facts = self.facts_mut(end);
        let is_new = facts.0 & bit == 0 && facts.peers() != 1;
        facts.0 |= bit;
        is_new
    }

    fn facts_mut(&mut self, end: EndKey) -> &mut EndFacts {
        let hasher = &self.hasher;
        let hash = |facts: &EndFacts| hasher.hash_one(facts.key());
        self.ends.entry(hasher.hash_one(end), |facts| facts.key() == end, hash).or_insert(EndFacts(end.0, 0)).into_mut()
    }

    /// The end's key, its address numbered.
    #[inline(always)]
    fn intern(&mut self, transport: Transport, end: End) -> EndKey {
        match end.bits() {
            Bits::V4(address) => EndKey::v4(transport, address, end.port),
            Bits::V6(address) => EndKey::v6(transport, self.v6.number(address), end.port),
        }
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
    if source <= destination { ((source, destination), Side::Low) } else { ((destination, source), Side::High) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(number: u32) -> (End, End) {
        (End::new(std::net::Ipv4Addr::from(number), 40_000), End::new([192, 0, 2, 1], 80))
    }

    fn enter(conversations: &mut Conversations, number: u32) -> Place {
        let (source, destination) = pair(number);
        conversations.enter(number, Transport::Tcp, source, destination).0
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
        let (back, made) = conversations.enter(2, Transport::Tcp, destination, source);
        assert!(!made);
        assert_eq!((there.conversation, there.sender), (back.conversation, back.sender.other()));
    }

    #[test]
    fn transports_are_kept_apart() {
        let mut conversations = Conversations::default();
        enter(&mut conversations, 1);
        let (source, destination) = pair(1);
        assert!(conversations.enter(2, Transport::Udp, source, destination).1);
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

    /// Nothing is kept for the sake of conversations that are forgotten.
    #[test]
    fn what_is_forgotten_leaves_nothing() {
        let host = |number: u32| End::new(std::net::Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(number)), 40_000);
        let server = End::new(std::net::Ipv6Addr::LOCALHOST, 80);
        let mut conversations = Conversations::with_limit(400);
        let mut expected = None;
        for round in 0..5 {
            for number in 0..400 {
                let (frame, client) = (round * 1000 + number, host(round * 1000 + number));
                let (place, made) = conversations.enter(frame, Transport::Tcp, client, server);
                conversations.serves(place.conversation, place.sender.other());
                let (client, server) = (conversations.get(place.conversation), place.sender.other());
                let (client, server) = (client.end(place.sender), client.end(server));
                assert!(made);
                conversations.opened(client, server);
                conversations.is_bound(client);
                let facts = conversations.facts(server).map(EndFacts::peers);
                assert_eq!(facts, Some(if round == 0 { (number + 1).min(255) } else { 255 }));
            }
            let kept = (conversations.len(), conversations.ends.len(), conversations.v6.len());
            assert_eq!(*expected.get_or_insert(kept), kept, "round {round}");
        }
        assert_eq!(expected, Some((400, 402, 401)), "the server's facts, and its host's");
        assert_eq!(conversations.crowds.len(), 2);
        for number in 0..400 {
            let pair = (End::new(std::net::Ipv4Addr::from(number), 1), End::new(std::net::Ipv4Addr::from(number), 2));
            conversations.enter(9000 + number, Transport::Tcp, pair.0, pair.1);
        }
        assert_eq!((conversations.ends.len(), conversations.v6.len(), conversations.crowds.len()), (800, 0, 0));
        assert_eq!(conversations.forgotten(), 5 * 400);
    }

    #[test]
    fn of_what_was_announced_the_latest_is_kept() {
        let mut conversations = Conversations::default();
        let end = |number: u32| End::new(std::net::Ipv6Addr::from(u128::from(number)), 5001);
        for number in 0..3 * MOST_ANNOUNCED as u32 {
            conversations.agree(Transport::Tcp, end(number), number);
            let key = conversations.known(Transport::Tcp, end(number)).unwrap();
            assert_eq!(conversations.agreed_in(key), Some(number));
        }
        assert_eq!(conversations.facts_len(), 3 * MOST_ANNOUNCED, "numbers, facts and frames");
        let kept = |number| conversations.known(Transport::Tcp, end(number)).is_some();
        let first = 2 * MOST_ANNOUNCED as u32;
        assert!(kept(first) && !kept(first - 1));
    }

    #[test]
    fn of_hosts_that_connect_those_that_did_last_are_known() {
        let mut conversations = Conversations::with_limit(10);
        let end = |host: u32, port| End::new(std::net::Ipv6Addr::from(u128::from(host) << 64), port);
        let connect = |conversations: &mut Conversations, host| {
            let client = conversations.intern(Transport::Tcp, end(host, 40_000));
            conversations.connected_from(client);
        };
        let is_known = |conversations: &Conversations, host| {
            let client = conversations.known(Transport::Tcp, end(host, 40_000));
            client.is_some_and(|client| conversations.connects_from(client).is_some())
        };
        let accepts = conversations.intern(Transport::Tcp, end(1, 80));
        conversations.mark(accepts.host(), EndFacts::SERVES);
        let tries = conversations.intern(Transport::Tcp, end(1, 40_000));
        conversations.tries_from(tries);
        for host in 2..=MOST_ANNOUNCED as u32 {
            connect(&mut conversations, host);
        }
        connect(&mut conversations, 2);
        assert!(is_known(&conversations, 1));
        for host in [0x1000_0000, 0x1000_0001] {
            connect(&mut conversations, host);
            assert!(is_known(&conversations, host));
        }
        let known = [1, 2, 3, 4].map(|host| is_known(&conversations, host));
        assert_eq!(known, [false, true, false, true], "who only tried, then who connected longest ago");
        for host in 0x2000_0000..0x2000_0000 + 2 * MOST_ANNOUNCED as u32 {
            connect(&mut conversations, host);
        }
        assert_eq!((conversations.ranges.len(), conversations.v6.len()), (MOST_ANNOUNCED, MOST_ANNOUNCED));
    }

    #[test]
    fn each_of_many_conversations_of_the_same_ends_is_found() {
        let mut conversations = Conversations::with_limit(5000);
        let mut place = enter(&mut conversations, 1);
        let mut places = vec![place];
        for number in 1..10_000 {
            place = conversations.next(10 * number, place);
            places.push(place);
        }
        for (number, place) in (0..).zip(places) {
            let is_kept = number >= 5000;
            for frame in [10 * number, 10 * number + 9] {
                assert_eq!(find(&conversations, frame, 1), is_kept.then_some(place), "{frame}");
            }
        }
        assert_eq!(conversations.earlier.len(), 4999);
        let server = conversations.known(Transport::Tcp, pair(1).1).unwrap();
        assert_eq!(conversations.facts(server).unwrap().peers(), 1);
    }

    #[test]
    fn one_forgotten_in_the_middle_leaves_its_frames_to_nobody() {
        let mut conversations = Conversations::with_limit(3);
        let one = enter(&mut conversations, 1);
        let two = conversations.next(10, one);
        let three = conversations.next(20, two);
        for place in [three, one] {
            conversations.use_now(place.conversation);
        }
        enter(&mut conversations, 2);
        let found = [9, 10, 19, 20].map(|frame| find(&conversations, frame, 1));
        assert_eq!(found, [Some(one), None, None, Some(three)]);
    }

    #[test]
    fn what_was_idle_longest_is_forgotten_first() {
        let mut conversations = Conversations::with_limit(100);
        let places: Vec<Place> = (0..100).map(|number| enter(&mut conversations, number)).collect();
        let used = [7, 3, 50];
        for number in used {
            conversations.use_now(places[number as usize].conversation);
        }
        for number in 100..197 {
            enter(&mut conversations, number);
        }
        let kept: Vec<u32> = (0..100).filter(|number| find(&conversations, 1000, *number).is_some()).collect();
        assert_eq!(kept, [3, 7, 50]);
        for number in 197..200 {
            enter(&mut conversations, number);
            let first = used[number as usize - 197];
            assert_eq!(find(&conversations, 1000, first), None, "{first}");
        }
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
