// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Ends that ask for data from a new port, as TFTP's clients do.

use super::{Case, Piece, Observation};
use crate::packet::End;
use crate::roles::end_facts::EndFacts;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;

/// The client asked for data that comes from a new port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The client.
    client: End,
    /// The frame in which it asked.
    frame: u32,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "asked for data"
    }

    fn frame(&self) -> Option<u32> {
        Some(self.frame)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { client, frame } = self;
        write!(out, "{client} asked for this data in frame {frame}")
    }
}

/// Returns the evidence that one end asked for data that comes from a new port (TFTP). The other end is the server.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let client = case.only_side(EndFacts::has_requested_data)?;
    let frame = case.conversations.ends.data_request_frame(case.conversation.end(client)).unwrap_or(0);
    Piece::new(client.other(), weights::DATA_REQUESTED, Fact { client: case.end(client), frame })
}
