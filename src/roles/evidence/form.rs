// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Datagrams in the format of the protocol that a port is registered for ([`crate::roles::forms`]).

use super::{Case, Piece, Observation};
use crate::packet::Side;
use crate::roles::forms::form_of;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;

/// The payloads have the format of the protocol that the server's port is registered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The protocol.
    what: &'static str,
    /// The server's port.
    port: u16,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "form of the port's protocol"
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, port } = self;
        write!(out, "payload looks like {what}, for which port {port} stands")
    }
}

/// Returns the evidence that the payloads have the format of the protocol of exactly one port. There is none if a
/// payload has a sign of its direction.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    // A sign of direction is found in the same bytes, and is more specific.
    if case.conversation.sign.is_some() {
        return None;
    }
    let forms = case.conversation.forms;
    let server = match [Side::Low, Side::High].map(|side| forms.all_match(side)) {
        [true, false] => Side::Low,
        [false, true] => Side::High,
        _ => return None,
    };
    let port = case.end(server).port;
    Piece::new(server, weights::FORM, Fact { what: form_of(port)?.what, port })
}
