// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Signs in the payloads ([`crate::roles::payload`]).

use super::{Case, Piece, Observation};
use crate::roles::conversation::SeenSign;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights::Decibans;
use crate::roles::weights::payload::CONFIRMED;
use std::fmt;

/// A payload that tells its sender's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The kind of payload: `HTTP request`.
    what: &'static str,
    /// The frame of the payload.
    frame: u32,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        self.what
    }

    fn frame(&self) -> Option<u32> {
        Some(self.frame)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, frame } = self;
        write!(out, "{what} in frame {frame}")
    }
}

/// Returns the evidence of the conversation's strongest sign. There is none if another sign of the same strength
/// contradicts it.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let SeenSign { sign, client, disputed, confirmed, frame } = case.conversation.sign?;
    let strength = match (disputed, confirmed) {
        (true, _) => return None,
        (false, true) => Decibans(sign.strength.0 + CONFIRMED.0),
        (false, false) => sign.strength,
    };
    Piece::new(client.other(), strength, Fact { what: sign.what, frame })
}
