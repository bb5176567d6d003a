// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The port whose dissector accepted the payload.

use super::{Case, Piece, Observation};
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;

/// The dissector of the server's port dissected the payload.
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

/// Returns the evidence that both ports have a dissector, and that of exactly one port dissected the payload.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    // The plugin chose this dissector because of the verdict, so it is no evidence for the verdict.
    if case.conversation.is_decoded_by_server() {
        return None;
    }
    let by = case.conversation.dissected_by;
    let server = match (by.has(Side::Low), by.has(Side::High)) {
        (true, false) => Side::Low,
        (false, true) => Side::High,
        _ => return None,
    };
    // The kind of the port already counts that it has a dissector. That it was chosen counts only if the other port has
    // one as well.
    if !case.knowledge.is_dissected(case.transport, case.end(server.other()).port) {
        return None;
    }
    Piece::new(server, weights::DISSECTED, Fact { port: case.end(server).port })
}
