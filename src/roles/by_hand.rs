// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the user has set by hand: which end of a conversation is the client, and whether it is decoded by its server's port.
//!
//! The host dissects an open file again whenever a preference changes, and all conversations are made anew then. A
//! conversation is the same one if it has the same ends and begins in the same frame.

use super::{Place, RoleTracker};
use crate::packet::{End, Party, Side, Transport};

/// What tells a conversation from all others of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    transport: Transport,
    /// By [`Side`]: which end is which side may be another one when the file is dissected again.
    ends: [End; 2],
    first_frame: u32,
}

impl Identity {
    fn is(&self, other: &Self) -> bool {
        let [one, two] = other.ends;
        self.first_frame == other.first_frame
            && self.transport == other.transport
            && (self.ends == [one, two] || self.ends == [two, one])
    }
}

/// An end of each of some conversations.
#[derive(Debug, Default)]
struct OneEnd(Vec<(Identity, End)>);

impl OneEnd {
    /// Sets a conversation's end; `None`: nothing is set for it any more.
    fn set(&mut self, conversation: Identity, end: Option<End>) {
        self.0.retain(|(other, _)| !other.is(&conversation));
        self.0.extend(end.map(|end| (conversation, end)));
    }

    fn of(&self, conversation: &Identity) -> Option<End> {
        self.0.iter().find(|(other, _)| other.is(conversation)).map(|(_, end)| *end)
    }
}

/// What the user has set.
#[derive(Debug, Default)]
pub(super) struct ByHand {
    /// Who is the client.
    clients: OneEnd,
    /// The servers by whose port a conversation is decoded.
    decoding_servers: OneEnd,
}

impl RoleTracker {
    /// Sets by hand who is the client of a packet's conversation; `None`: all is as found again, its decoding as well.
    /// This is no evidence: no other conversation changes. Whether anything changed.
    pub fn set_client(&mut self, place: Place, client: Option<Party>) -> bool {
        let identity = self.identity(place);
        let end = |party: Party| identity.ends[place.side(party) as usize];
        let (client, server) = (client.map(end), client.map(|client| end(client.other())));
        let (was_client, was_server) =
            (self.by_hand.clients.of(&identity), self.by_hand.decoding_servers.of(&identity));
        // Decoded by another port than the server's, it is not what the user asked for.
        let decoding_server = was_server.filter(|was| server == Some(*was));
        if (was_client, was_server) == (client, decoding_server) {
            return false;
        }
        self.by_hand.clients.set(identity, client);
        self.by_hand.decoding_servers.set(identity, decoding_server);
        self.cache.forget_all();
        true
    }

    /// Has a packet's conversation decoded by the port of its server, from when the file is dissected again. Whether that
    /// is new.
    pub fn set_decoding_server(&mut self, place: Place, server: Party) -> bool {
        let identity = self.identity(place);
        let server = Some(identity.ends[place.side(server) as usize]);
        if self.by_hand.decoding_servers.of(&identity) == server {
            return false;
        }
        self.by_hand.decoding_servers.set(identity, server);
        true
    }

    /// Whether the user has any conversation decoded by its server's port.
    #[inline]
    pub fn has_decoding_servers(&self) -> bool {
        !self.by_hand.decoding_servers.0.is_empty()
    }

    /// The server by whose port the user has a packet's conversation decoded.
    pub fn decoding_server(&self, place: Place) -> Option<End> {
        self.by_hand.decoding_servers.of(&self.identity(place))
    }

    /// Takes over what the user has set, before the same file is dissected again.
    pub fn keep_what_is_set(&mut self, before: Self) {
        self.by_hand = before.by_hand;
    }

    fn identity(&self, place: Place) -> Identity {
        let conversation = self.conversation(place);
        let ends = [Side::Low, Side::High].map(|side| conversation.end(side));
        Identity {
            transport: ends[0].transport(),
            ends: ends.map(|end| self.conversations.ends.at(end)),
            first_frame: conversation.first_frame(),
        }
    }

    /// The client that the user has set for a packet's conversation.
    #[inline]
    pub(super) fn client_by_hand(&self, place: Place) -> Option<Party> {
        if self.by_hand.clients.0.is_empty() { None } else { self.look_up_by_hand(place) }
    }

    #[cold]
    fn look_up_by_hand(&self, place: Place) -> Option<Party> {
        let identity = self.identity(place);
        let client = self.by_hand.clients.of(&identity)?;
        let is_low = identity.ends[Side::Low as usize] == client;
        Some(place.party(if is_low { Side::Low } else { Side::High }))
    }
}
