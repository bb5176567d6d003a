// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The conversation that a packet belongs to.

use crate::packet::{Party, Side};

/// The number of a conversation within its capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationId(u32);

impl ConversationId {
    /// Creates the identifier of the conversation with this number.
    pub fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// The conversation that a packet belongs to, and the end that sent the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The conversation.
    pub conversation: ConversationId,
    /// The sender.
    pub sender: Side,
}

impl Place {
    /// Returns whether the end on `side` is the source or the destination of the packet.
    pub fn party(&self, side: Side) -> Party {
        if side == self.sender { Party::Source } else { Party::Destination }
    }

    /// Returns the side of the conversation that the source or destination of the packet is on.
    pub fn side(&self, party: Party) -> Side {
        match party {
            Party::Source => self.sender,
            Party::Destination => self.sender.other(),
        }
    }
}
