// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The facts that the pieces of evidence are computed from.

use crate::packet::{End, Segment, Side, Transport};
use crate::roles::conversation::{Conversation, Start};
use crate::roles::conversations::Conversations;
use crate::roles::end_facts::EndFacts;
use crate::roles::place::Place;
use crate::roles::ports::{PortKnowledge, is_prescribed_for_one};

/// A conversation without a handshake, and facts about its ends. Arrays have the low end first.
pub(crate) struct Case<'a, K> {
    /// All conversations of the capture.
    pub conversations: &'a Conversations,
    /// The conversation to judge.
    pub conversation: &'a Conversation,
    /// Knowledge about ports.
    pub knowledge: &'a K,
    /// The transport.
    pub transport: Transport,
    /// Both ends.
    pub ends: [End; 2],
    /// Facts about both ends from other conversations.
    pub facts: [Option<EndFacts>; 2],
    /// Whether exactly one port is registered for the client. Then the number of peers and the services of a host are
    /// no evidence.
    pub is_prescribed: bool,
}

impl<'a, K: PortKnowledge> Case<'a, K> {
    /// Creates the case of a packet's conversation.
    pub(crate) fn new(conversations: &'a Conversations, place: Place, segment: &Segment<'_>, knowledge: &'a K) -> Self {
        let conversation = conversations.get(place.conversation);
        let ends = match place.sender {
            Side::Low => [segment.source, segment.destination],
            Side::High => [segment.destination, segment.source],
        };
        let facts = [Side::Low, Side::High].map(|side| conversations.ends.facts(conversation.end(side)));
        let transport = segment.transport;
        let is_prescribed = is_prescribed_for_one(transport, ends[0].port, ends[1].port);
        Self { conversations, conversation, knowledge, transport, ends, facts, is_prescribed }
    }

    /// Returns the end on a side.
    pub(crate) fn end(&self, side: Side) -> End {
        self.ends[side as usize]
    }

    /// Returns the facts about the end on a side.
    pub(crate) fn facts(&self, side: Side) -> Option<EndFacts> {
        self.facts[side as usize]
    }

    /// Returns the side for which `is_so` is true, if it is true for exactly one.
    pub(crate) fn only_side(&self, is_so: impl Fn(EndFacts) -> bool) -> Option<Side> {
        match self.facts.map(|facts| facts.is_some_and(&is_so)) {
            [true, false] => Some(Side::Low),
            [false, true] => Some(Side::High),
            _ => None,
        }
    }

    /// Whether the end on a side has a group or broadcast address, so that it cannot be the client.
    ///
    /// A subnet's broadcast address is told from a host's address as follows. It has not sent anything in this
    /// conversation. Besides, it ends in 255, or it can be a broadcast address and the link layer broadcast the first
    /// packet. The latter does not count if one port is registered for the client, since some DHCP servers broadcast to
    /// a host that has no address yet.
    pub(crate) fn is_group_or_broadcast(&self, side: Side) -> bool {
        let end = self.end(side);
        let is_silent = || self.conversation.first_sender != side && !self.conversation.is_answered();
        let was_sent_to_all =
            || self.conversation.start == Start::ToAll && !self.is_prescribed && end.is_last_of_some_subnet();
        // Connections cannot be opened to several hosts at once.
        self.transport.is_datagram()
            && (end.is_group() || ((end.may_be_broadcast() || was_sent_to_all()) && is_silent()))
    }
}

/// Returns the side with the greater number, and the difference. Returns `None` if the numbers are equal.
pub(super) fn greater(low: i32, high: i32) -> Option<(Side, i32)> {
    match low - high {
        0 => None,
        by @ 1.. => Some((Side::Low, by)),
        by => Some((Side::High, -by)),
    }
}
