// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Whether datagrams have the form of the protocol that a port stands for ([`crate::roles::forms`]).

use super::{Case, Piece, Observation};
use crate::packet::Side;
use crate::roles::forms::form_of;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;

/// The payload has the form of what the server's port stands for.
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

/// The form of what one port stands for is that of the payloads, none of which tells who sends it, and it is not that of the
/// other port.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    // What tells the direction knows more, by the same bytes.
    if case.conversation.sign.is_some() {
        return None;
    }
    let forms = case.conversation.forms;
    let server = match [Side::Low, Side::High].map(|side| forms.fit(side)) {
        [true, false] => Side::Low,
        [false, true] => Side::High,
        _ => return None,
    };
    let port = case.end(server).port;
    Piece::new(server, weights::FORM, Fact { what: form_of(port)?.what, port })
}
