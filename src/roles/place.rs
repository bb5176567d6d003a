// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Where a packet belongs.

use crate::packet::{Party, Side};

/// Number of a conversation among those of its capture file.
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

    /// Which end of the conversation a party to the packet is.
    pub fn side(&self, party: Party) -> Side {
        match party {
            Party::Source => self.sender,
            Party::Destination => self.sender.other(),
        }
    }
}
