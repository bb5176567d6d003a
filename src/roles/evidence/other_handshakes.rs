// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Roles of the ends in other conversations, by the handshakes there.

use super::case::greater;
use super::{Case, Piece, Observation};
use crate::packet::{End, Side};
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;

/// A fact that another conversation's handshake showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// This server accepted a connection.
    Accepted(End),
    /// This client opened a connection from the same port.
    Opened(End),
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted another connection",
            Self::Opened(_) => "opened another connection",
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(server) => write!(out, "{server} accepted another connection"),
            Self::Opened(client) => write!(out, "{client} opened another connection"),
        }
    }
}

/// Returns the evidence from other handshakes: an end that only accepted connections is a server, one that only opened
/// connections a client.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let as_server = |side| match case.facts(side).map(|facts| (facts.was_opened_to(), facts.has_opened())) {
        Some((true, false)) => weights::ACCEPTED.0,
        Some((false, true)) => -weights::OPENED.0,
        _ => 0,
    };
    let (server, strength) = greater(as_server(Side::Low), as_server(Side::High))?;
    let fact = if as_server(server) > -as_server(server.other()) {
        Fact::Accepted(case.end(server))
    } else {
        Fact::Opened(case.end(server.other()))
    };
    Piece::new(server, super::Decibans(strength), fact)
}
