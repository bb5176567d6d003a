// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the user has set by hand: which end of a conversation is the client.
//!
//! The host dissects an open file again whenever a preference changes, and all conversations are made anew then. A
//! conversation is the same one if it has the same ends and begins in the same frame.

use crate::packet::{End, Transport};

/// What tells a conversation from all others of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub transport: Transport,
    /// In any order.
    pub ends: [End; 2],
    pub first_frame: u32,
}

impl Identity {
    fn is(&self, other: &Self) -> bool {
        let [one, two] = other.ends;
        self.first_frame == other.first_frame
            && self.transport == other.transport
            && (self.ends == [one, two] || self.ends == [two, one])
    }
}

/// The clients that the user has set, each for one conversation.
#[derive(Debug, Default)]
pub(super) struct ByHand(Vec<(Identity, End)>);

impl ByHand {
    /// Sets the client of a conversation; `None`: nothing is set any more.
    pub(super) fn set(&mut self, conversation: Identity, client: Option<End>) {
        self.0.retain(|(other, _)| !other.is(&conversation));
        self.0.extend(client.map(|client| (conversation, client)));
    }

    /// The client that was set for a conversation.
    pub(super) fn client(&self, conversation: &Identity) -> Option<End> {
        self.0.iter().find(|(other, _)| other.is(conversation)).map(|(_, client)| *client)
    }

    /// Whether nothing is set.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
