// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The judgement: which end of each conversation is the client. [`RoleTracker`] keeps what all packets so far have shown.
//!
//! [`RoleTracker::observe`] takes each packet once, in the order of the capture. [`RoleTracker::verdict`] says
//! what follows from the packets so far; it can be asked for any packet, in any order.

mod addresses;
mod announced;
mod by_hand;
mod cache;
mod chunks;
mod conversation;
mod conversations;
mod end_facts;
mod end_key;
mod ends;
mod evidence;
mod forms;
mod handshake;
mod idle;
mod observe;
pub mod payload;
mod place;
mod ports;
mod ranges;
mod seed;
mod table;
mod table_use;
mod verdict;
mod weigh;
mod weights;

pub use cache::CacheHit;
pub use conversation::{Conversation, Start};
pub use evidence::Fact;
pub use place::{ConversationId, Place};
pub use ports::PortKnowledge;
pub(crate) use table::Table;
pub use table_use::TableUse;
pub use verdict::{Confidence, Evidence, Lack, Undecided, Verdict};

use crate::packet::{Party, Segment, Side, Transport};
use by_hand::ByHand;
use cache::ConversationCache;
use conversations::Conversations;

/// Tracks the roles (client or server) of the ends of all conversations in one capture file.
#[derive(Debug, Default)]
pub struct RoleTracker {
    conversations: Conversations,
    cache: ConversationCache,
    by_hand: ByHand,
}

impl RoleTracker {
    /// How many kinds [`Self::table_use`] tells apart.
    pub const KINDS: usize = 9;
    /// All that is kept takes at most so many megabytes (of 1,000,000 bytes), with the default limit: what
    /// `tests/growth.sh` allows.
    pub const MOST_MEGABYTES: u32 = 480;

    /// Keeps at most `limit` conversations.
    pub fn with_limit(limit: usize) -> Self {
        Self { conversations: Conversations::with_limit(limit), ..Self::default() }
    }

    /// How many conversations are kept.
    pub fn conversations(&self) -> usize {
        self.conversations.len()
    }

    /// How many facts beside the conversations are kept: on ends, hosts and addresses.
    pub fn facts(&self) -> usize {
        self.conversations.ends.len()
    }

    /// How much of each kind is kept.
    pub fn table_use(&self) -> [TableUse; Self::KINDS] {
        let [conversations, earlier, facts, crowds, addresses, announced, spoken, hosts] =
            self.conversations.table_use();
        let (count, at_most) = self.cache.slots();
        let cached = TableUse { what: "places in the table of recent conversations", count, at_most };
        [conversations, earlier, facts, crowds, addresses, announced, spoken, hosts, cached]
    }

    /// How many conversations were forgotten, as there was no room for all.
    pub fn forgotten(&self) -> u64 {
        self.conversations.forgotten()
    }

    /// The most of these facts beside `limit` conversations.
    pub fn facts_limit(limit: usize) -> usize {
        ends::facts_limit(limit)
    }

    /// The cache's entry for a packet's conversation, if there is one.
    #[inline(always)]
    pub fn cached(&self, segment: &Segment<'_>) -> Option<CacheHit> {
        let hit = self.cache.get(segment)?;
        // Where conversations are forgotten, another one may have its place.
        let is_still = !self.conversations.is_full()
            || self.conversations.is_latest(hit.place(), segment.transport, segment.source, segment.destination);
        is_still.then_some(hit)
    }

    /// Empties the cache. Answers stay the same, but take longer.
    pub fn clear_cache(&mut self) {
        self.cache.forget_all();
    }

    /// Remembers that no name is wrong in any packet of a conversation, with its present protocol and client, or
    /// whichever end is the client ([`Verdict::is_final`]). It is forgotten when one of these changes.
    pub fn record_unremarkable(&mut self, place: Place, segment: &Segment<'_>) {
        // The next one on the same ports may have another client.
        let awaits_confirmation = self.conversation(place).handshake.awaits_confirmation();
        if self.conversations.is_only(place) && !awaits_confirmation {
            self.cache.record_unremarkable(segment, place, self.conversations.get(place.conversation));
        }
    }

    /// Where a packet belongs that was seen before. What is quoted may be of a conversation that was captured only
    /// later.
    pub fn find(&self, frame: u32, segment: &Segment<'_>) -> Option<Place> {
        if let Some(hit) = self.cached(segment) {
            let conversation = self.conversation(hit.place());
            if conversation.first_frame() <= frame {
                return Some(hit.place());
            }
        }
        let Segment { transport, source, destination, .. } = *segment;
        let found = self.conversations.find(frame, transport, source, destination);
        if found.is_none() && segment.quoted {
            return self.conversations.only(transport, source, destination);
        }
        found
    }

    /// Whether a handshake has shown who opened a packet's conversation, or the user has set it by hand.
    pub fn is_decided(&self, place: Place) -> bool {
        let conversation = self.conversation(place);
        conversation.handshake.opening().is_some() || self.client_by_hand(place).is_some()
    }

    /// What the user has set, or else what the packets so far say about a packet's conversation. Without `inference`
    /// only a handshake counts of these.
    pub fn verdict(
        &self,
        place: Place,
        segment: &Segment<'_>,
        inference: Option<&impl PortKnowledge>,
    ) -> Option<Verdict> {
        let conversation = self.conversation(place);
        if let Some(client) = self.client_by_hand(place) {
            let (confidence, evidence) = (Confidence::Declared, Evidence::SetByHand);
            return Some(Verdict { client, confidence, evidence, is_final: true, place });
        }
        let Some((opener, opening, frame)) = conversation.handshake.opening() else {
            return weigh::weigh(&self.conversations, place, segment, inference?);
        };
        let evidence = Evidence::of_handshake(segment.transport, opening, frame);
        let client = place.party(opener);
        Some(Verdict { client, confidence: Confidence::Handshake, evidence, is_final: true, place })
    }

    /// The pieces of evidence whose sum a verdict is, the heaviest first: what each weighs for the server that it names,
    /// in decibans, below 0 where it speaks against that, and its words. None where a handshake, the user, or what both
    /// ends agreed on decided alone.
    pub fn pieces<'a>(
        &'a self,
        verdict: &Verdict,
        segment: &Segment<'a>,
        knowledge: &'a impl PortKnowledge,
    ) -> impl Iterator<Item = (i32, Fact)> + 'a {
        let is_sum = matches!(verdict.confidence, Confidence::Weak | Confidence::Strong) && !verdict.has_no_client();
        let pieces = || weigh::pieces(&self.conversations, verdict.place, verdict.server(), segment, knowledge);
        is_sum.then(pieces).into_iter().flatten()
    }

    /// What is known about a packet's conversation about which there is no [`verdict`](Self::verdict) even with inference.
    pub fn undecided(&self, place: Place, segment: &Segment<'_>, knowledge: &impl PortKnowledge) -> Undecided {
        weigh::undecided(&self.conversations, place, segment, knowledge)
    }

    /// The pieces of evidence about such a conversation, as in [`Self::pieces`]. There may be none.
    pub fn pieces_of_undecided<'a>(
        &'a self,
        undecided: &Undecided,
        segment: &Segment<'a>,
        knowledge: &'a impl PortKnowledge,
    ) -> impl Iterator<Item = (i32, Fact)> + 'a {
        let place = undecided.place;
        let server = undecided.client.map(|client| place.side(client).other());
        let pieces = |server| weigh::pieces(&self.conversations, place, server, segment, knowledge);
        server.map(pieces).into_iter().flatten()
    }

    /// The frame in which it was agreed that the server of this conversation listens.
    pub fn server_agreed_in(&self, verdict: &Verdict) -> Option<u32> {
        self.conversations.ends.agreed_in(self.conversation(verdict.place).end(verdict.server()))
    }

    /// What is spoken with this conversation's server (the host's id), as any of its conversations shows, if its port
    /// does not stand for that.
    pub fn spoken_with_server(&self, verdict: &Verdict) -> Option<i32> {
        self.conversations.ends.spoken_with(self.conversation(verdict.place).end(verdict.server()))
    }

    /// Whether it was agreed on in-band that one of a conversation's ends listens.
    pub fn is_either_agreed(&self, place: Place) -> bool {
        let conversation = self.conversation(place);
        let is_agreed = |side| self.conversations.ends.agreed_in(conversation.end(side)).is_some();
        is_agreed(Side::Low) || is_agreed(Side::High)
    }

    /// Whether the client's port serves others as well, as far as is known. Over UDP, its socket awaits what SIP sends,
    /// answered a request, was agreed on as listening, or was bound to the port that its peer has, too. Over TCP, a
    /// socket that connects accepts nothing, but another one of its host may share the port with it: peers and who
    /// goes through translators of addresses bind both to it (RFC 5128, section 3.4). A listener whose own port was
    /// agreed on tells nothing: its system picked that number, and picks it again.
    pub fn client_serves(&self, verdict: &Verdict) -> bool {
        let end = self.conversation(verdict.place).end(verdict.server().other());
        self.conversations.ends.facts(end).is_some_and(|facts| match end.transport() {
            Transport::Udp | Transport::UdpLite => facts.was_agreed_on() || facts.was_bound(),
            Transport::Tcp | Transport::Dccp | Transport::Sctp => facts.was_opened_to() && !facts.was_agreed_on(),
        })
    }

    /// Whether the dissected protocol is registered for the ports of a conversation's client and server.
    pub fn dissected_by(&self, verdict: &Verdict) -> (bool, bool) {
        let by = self.conversation(verdict.place).dissected_by;
        let (source, destination) = (by.has(verdict.place.sender), by.has(verdict.place.sender.other()));
        match verdict.client {
            Party::Source => (source, destination),
            Party::Destination => (destination, source),
        }
    }

    /// Takes note that a packet's conversation is decoded by its server's port from now on.
    pub fn decode_by_server(&mut self, place: Place, segment: &Segment<'_>) {
        self.conversation_mut(place).decode_by_server();
        self.cache.forget(segment);
    }

    /// What is kept about a packet's conversation.
    pub fn conversation(&self, place: Place) -> &Conversation {
        self.conversations.get(place.conversation)
    }

    /// What is kept about a packet's conversation, to add to it.
    pub fn conversation_mut(&mut self, place: Place) -> &mut Conversation {
        self.conversations.get_mut(place.conversation)
    }
}
