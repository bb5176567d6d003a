// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the pieces of evidence are about.

use crate::packet::{End, Segment, Side, Transport};
use crate::roles::conversation::{Conversation, Start};
use crate::roles::conversations::Conversations;
use crate::roles::end_facts::EndFacts;
use crate::roles::place::Place;
use crate::roles::ports::{PortKnowledge, is_prescribed_for_one};

/// A conversation and what is known about its ends, the low one first.
pub(crate) struct Case<'a, K> {
    /// All of the capture.
    pub conversations: &'a Conversations,
    /// The one that is asked about.
    pub conversation: &'a Conversation,
    /// What is known about ports.
    pub knowledge: &'a K,
    /// Its transport.
    pub transport: Transport,
    /// Its ends.
    pub ends: [End; 2],
    /// What is known of them.
    pub facts: [Option<EndFacts>; 2],
    /// Which end opens such a connection is known by its port: that many talk to that end, or that its host offers
    /// services, says nothing.
    pub is_prescribed: bool,
}

impl<'a, K: PortKnowledge> Case<'a, K> {
    /// The case of a packet's conversation.
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

    /// The end on a side.
    pub(crate) fn end(&self, side: Side) -> End {
        self.ends[side as usize]
    }

    /// What is known of the end on a side.
    pub(crate) fn facts(&self, side: Side) -> Option<EndFacts> {
        self.facts[side as usize]
    }

    /// The only side of which something is known.
    pub(crate) fn only(&self, is_so: impl Fn(EndFacts) -> bool) -> Option<Side> {
        match self.facts.map(|facts| facts.is_some_and(&is_so)) {
            [true, false] => Some(Side::Low),
            [false, true] => Some(Side::High),
            _ => None,
        }
    }

    /// Whether nobody can be the client on a side: it is a group's address or a broadcast, which says who was sent to.
    /// That of a subnet is told from a host's by that it has not been heard of, and ends in 255, or can be one and was
    /// sent to everybody by the link. Some servers of DHCP send so to a host that has no address yet.
    pub(crate) fn is_nobody(&self, side: Side) -> bool {
        let end = self.end(side);
        let is_silent = || self.conversation.first_sender != side && !self.conversation.is_answered();
        let was_sent_to_all =
            || self.conversation.start == Start::ToAll && !self.is_prescribed && end.is_last_of_some_subnet();
        // No connection is opened with many.
        self.transport.is_datagram()
            && (end.is_group() || ((end.may_be_broadcast() || was_sent_to_all()) && is_silent()))
    }
}

/// The side with the greater number, and by how much; `None` if they are the same.
pub(super) fn greater(low: i32, high: i32) -> Option<(Side, i32)> {
    match low - high {
        0 => None,
        by @ 1.. => Some((Side::Low, by)),
        by => Some((Side::High, -by)),
    }
}
