// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Decides which end of each conversation is the client.
//!
//! [`RoleTracker::observe`] takes each packet once, in the order of the capture. [`RoleTracker::verdict`] returns what
//! follows from all packets observed so far. It can be called for any observed packet, in any order.

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
    /// The number of tables that [`Self::table_use`] reports.
    pub const KINDS: usize = 10;
    /// The maximum size of all tables with the default limit, in megabytes of 1,000,000 bytes. `tests/growth.sh` checks
    /// it.
    pub const MOST_MEGABYTES: u32 = 480;

    /// Creates a tracker that keeps at most `limit` conversations.
    pub fn with_limit(limit: usize) -> Self {
        Self { conversations: Conversations::with_limit(limit), ..Self::default() }
    }

    /// Returns the number of conversations kept.
    pub fn conversation_count(&self) -> usize {
        self.conversations.len()
    }

    /// Returns the number of facts kept about ends, hosts and addresses.
    pub fn fact_count(&self) -> usize {
        self.conversations.ends.len()
    }

    /// Returns how full each table is.
    pub fn table_use(&self) -> [TableUse; Self::KINDS] {
        let [conversations, earlier, facts, crowds, addresses, announced, listed, spoken, hosts] =
            self.conversations.table_use();
        let (count, at_most) = self.cache.slots();
        let cached = TableUse { what: "places in the table of recent conversations", count, at_most };
        [conversations, earlier, facts, crowds, addresses, announced, listed, spoken, hosts, cached]
    }

    /// Returns how many conversations were forgotten because there was no room for all.
    pub fn forgotten_count(&self) -> u64 {
        self.conversations.forgotten_count()
    }

    /// Returns the maximum of [`Self::fact_count`] with at most `limit` conversations.
    pub fn facts_limit(limit: usize) -> usize {
        ends::facts_limit(limit)
    }

    /// Returns the cache entry of a packet's conversation, or `None` if the conversation is not in the cache.
    #[inline(always)]
    pub fn cached(&self, segment: &Segment<'_>) -> Option<CacheHit> {
        let hit = self.cache.get(segment)?;
        // Once conversations are forgotten, another one may have taken this one's number.
        let is_still = !self.conversations.is_full()
            || self.conversations.is_latest(hit.place(), segment.transport, segment.source, segment.destination);
        is_still.then_some(hit)
    }

    /// Empties the cache. Results stay the same, but take longer to compute.
    pub fn clear_cache(&mut self) {
        self.cache.forget_all();
    }

    /// Records in the cache that no name is wrong in any packet of a conversation.
    ///
    /// The caller must know that from the conversation's present protocol and a client that is final
    /// ([`Verdict::is_final`]), or for whichever end is the client. The entry is removed when one of these changes.
    pub fn record_unremarkable(&mut self, place: Place, segment: &Segment<'_>) {
        // Another conversation on the same ports may have another client.
        let awaits_confirmation = self.conversation(place).handshake.awaits_confirmation();
        if self.conversations.is_only(place) && !awaits_confirmation {
            self.cache.record_unremarkable(segment, place, self.conversations.get(place.conversation));
        }
    }

    /// Returns the place of a packet that was observed before. If an ICMP error quotes the packet, its conversation may
    /// also start in a later frame.
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

    /// Whether a handshake has shown who opened a packet's conversation, or the user has set its client by hand.
    pub fn is_decided(&self, place: Place) -> bool {
        let conversation = self.conversation(place);
        conversation.handshake.opening().is_some() || self.client_by_hand(place).is_some()
    }

    /// Returns the verdict about a packet's conversation: what the user has set, or else what the packets observed so
    /// far show. If `inference` is `None`, only a handshake counts.
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

    /// Returns the pieces of evidence that add up to a verdict, the heaviest first. Each is a weight in decibans and
    /// the fact behind it. A negative weight speaks against the verdict's server.
    ///
    /// There are none if the handshake or the user decided, or if the conversation has no client.
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

    /// Returns what is known about a packet's conversation that has no [`verdict`](Self::verdict), even with inference.
    pub fn undecided(&self, place: Place, segment: &Segment<'_>, knowledge: &impl PortKnowledge) -> Undecided {
        weigh::undecided(&self.conversations, place, segment, knowledge)
    }

    /// Like [`Self::pieces`], for a conversation without a verdict. There may be none.
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

    /// Returns the frame in which two ends agreed that the server of this conversation listens.
    pub fn server_agreement_frame(&self, verdict: &Verdict) -> Option<u32> {
        self.conversations.ends.agreement_frame(self.conversation(verdict.place).end(verdict.server()))
    }

    /// Returns the protocol (Wireshark's id) that any conversation of this conversation's server shows, if the server's
    /// port is not registered for it.
    pub fn protocol_of_server(&self, verdict: &Verdict) -> Option<i32> {
        self.conversations.ends.protocol_of(self.conversation(verdict.place).end(verdict.server()))
    }

    /// Whether one of a conversation's ends was agreed on in-band as listening.
    pub fn is_either_agreed(&self, place: Place) -> bool {
        let conversation = self.conversation(place);
        let is_agreed = |side| self.conversations.ends.agreement_frame(conversation.end(side)).is_some();
        is_agreed(Side::Low) || is_agreed(Side::High)
    }

    /// Whether the client's port is known to serve others as well.
    ///
    /// - Over UDP, the client's socket awaits SIP messages, answered a request, was agreed on as listening, or has the
    ///   same port as its peer.
    /// - Over TCP, a socket that connects does not accept connections. But another socket of the host may share the
    ///   port with it, as those of peers and of programs behind NATs do (RFC 5128, section 3.4). A listener that was
    ///   agreed on does not count, since the system picked its port and can pick the same number again.
    pub fn client_port_serves_others(&self, verdict: &Verdict) -> bool {
        let end = self.conversation(verdict.place).end(verdict.server().other());
        self.conversations.ends.facts(end).is_some_and(|facts| match end.transport() {
            Transport::Udp | Transport::UdpLite => facts.was_agreed_on() || facts.has_deliberate_port(),
            Transport::Tcp | Transport::Dccp | Transport::Sctp => facts.was_opened_to() && !facts.was_agreed_on(),
        })
    }

    /// Returns whether the dissected protocol is registered for the client's port, and for the server's port.
    pub fn dissected_by(&self, verdict: &Verdict) -> (bool, bool) {
        let by = self.conversation(verdict.place).dissected_by;
        let (source, destination) = (by.has(verdict.place.sender), by.has(verdict.place.sender.other()));
        match verdict.client {
            Party::Source => (source, destination),
            Party::Destination => (destination, source),
        }
    }

    /// Records that Wireshark decodes a packet's conversation by its server's port from now on.
    pub fn record_decoding_by_server(&mut self, place: Place, segment: &Segment<'_>) {
        self.conversation_mut(place).record_decoding_by_server();
        self.cache.forget(segment);
    }

    /// Returns a packet's conversation.
    pub fn conversation(&self, place: Place) -> &Conversation {
        self.conversations.get(place.conversation)
    }

    /// Returns a packet's conversation for changes.
    pub fn conversation_mut(&mut self, place: Place) -> &mut Conversation {
        self.conversations.get_mut(place.conversation)
    }
}
