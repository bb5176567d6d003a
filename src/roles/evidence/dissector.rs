// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! By which port's dissector the payload was taken.

use super::{Case, Piece, Observation};
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;

/// The payload was dissected by what the server's port stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The server's port.
    port: u16,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "dissected by port"
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "dissected by port {}", self.port)
    }
}

/// What was dissected is what only one of the two ports stands for, though both stand for something.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    // We chose that dissector, because of the verdict: it is no evidence for it.
    if case.conversation.is_by_server() {
        return None;
    }
    let by = case.conversation.dissected_by;
    let server = match (by.has(Side::Low), by.has(Side::High)) {
        (true, false) => Side::Low,
        (false, true) => Side::High,
        _ => return None,
    };
    // That a port has a dissector is what its kind says already; that it was chosen is news only if the other has one.
    if !case.knowledge.is_dissected(case.transport, case.end(server.other()).port) {
        return None;
    }
    Piece::new(server, weights::DISSECTED, Fact { port: case.end(server).port })
}
