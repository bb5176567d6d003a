// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Whether datagrams have the form of the protocol that a port stands for ([`crate::roles::forms`]).

use super::{Case, Piece};
use crate::packet::Side;
use crate::roles::forms::form_of;
use crate::roles::ports::PortKnowledge;
use crate::roles::verdict::Evidence;
use crate::roles::weights;

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
    Piece::new(server, weights::FORM, Evidence::Form { what: form_of(port)?.what, port })
}
