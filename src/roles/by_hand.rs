// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the user has set by hand for single conversations: the client, and decoding by the server's port.
//!
//! Wireshark dissects an open file again whenever a preference changes, and all conversations are created again. A
//! conversation is recognized by its ends and its first frame.

use super::{Place, RoleTracker};
use crate::packet::{End, Party, Side, Transport};

/// Identifies a conversation within its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    transport: Transport,
    /// Indexed by [`Side`]. The sides can be swapped when the file is dissected again.
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

/// One end for each of some conversations.
#[derive(Debug, Default)]
struct OneEnd(Vec<(Identity, End)>);

impl OneEnd {
    /// Sets the end for a conversation, or with `None` removes it.
    fn set(&mut self, conversation: Identity, end: Option<End>) {
        self.0.retain(|(other, _)| !other.is(&conversation));
        self.0.extend(end.map(|end| (conversation, end)));
    }

    fn of(&self, conversation: &Identity) -> Option<End> {
        self.0.iter().find(|(other, _)| other.is(conversation)).map(|(_, end)| *end)
    }
}

/// The user's settings for conversations.
#[derive(Debug, Default)]
pub(super) struct ByHand {
    /// The clients.
    clients: OneEnd,
    /// The servers whose port a conversation is decoded by.
    decoding_servers: OneEnd,
}

impl RoleTracker {
    /// Sets the client of a packet's conversation, or with `None` removes all settings of the conversation, its
    /// decoding included. Returns whether anything changed.
    ///
    /// This is not evidence, so no other conversation changes.
    pub fn set_client(&mut self, place: Place, client: Option<Party>) -> bool {
        let identity = self.identity(place);
        let end = |party: Party| identity.ends[place.side(party) as usize];
        let (client, server) = (client.map(end), client.map(|client| end(client.other())));
        let (was_client, was_server) =
            (self.by_hand.clients.of(&identity), self.by_hand.decoding_servers.of(&identity));
        // The user asked for decoding by the server's port, so a setting for an end that is no longer the server goes.
        let decoding_server = was_server.filter(|was| server == Some(*was));
        if (was_client, was_server) == (client, decoding_server) {
            return false;
        }
        self.by_hand.clients.set(identity, client);
        self.by_hand.decoding_servers.set(identity, decoding_server);
        self.cache.forget_all();
        true
    }

    /// Sets that a packet's conversation is decoded by its server's port when the file is dissected again. Returns
    /// whether this is new.
    pub fn set_decoding_server(&mut self, place: Place, server: Party) -> bool {
        let identity = self.identity(place);
        let server = Some(identity.ends[place.side(server) as usize]);
        if self.by_hand.decoding_servers.of(&identity) == server {
            return false;
        }
        self.by_hand.decoding_servers.set(identity, server);
        true
    }

    /// Whether any conversation is set to be decoded by its server's port.
    #[inline]
    pub fn has_decoding_servers(&self) -> bool {
        !self.by_hand.decoding_servers.0.is_empty()
    }

    /// Returns the server by whose port a packet's conversation is set to be decoded.
    pub fn decoding_server(&self, place: Place) -> Option<End> {
        self.by_hand.decoding_servers.of(&self.identity(place))
    }

    /// Takes over the user's settings from `before`, the tracker of the same file before it is dissected again.
    pub fn take_over_settings(&mut self, before: Self) {
        self.by_hand = before.by_hand;
    }

    fn identity(&self, place: Place) -> Identity {
        let conversation = self.conversation(place);
        let ends = [Side::Low, Side::High].map(|side| conversation.end(side));
        Identity {
            transport: ends[0].transport(),
            ends: ends.map(|end| self.conversations.ends.end_of(end)),
            first_frame: conversation.first_frame(),
        }
    }

    /// Returns the client that the user has set for a packet's conversation.
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
