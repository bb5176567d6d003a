// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Signs in the payloads ([`crate::roles::payload`]).

use super::{Case, Piece, Seen};
use crate::roles::conversation::SeenSign;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights::Decibans;
use crate::roles::weights::payload::CONFIRMED;

/// Returns the evidence of the conversation's strongest sign. There is none if another sign of the same strength
/// contradicts it.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let SeenSign { sign, client, disputed, confirmed, frame } = case.conversation.sign?;
    let strength = match (disputed, confirmed) {
        (true, _) => return None,
        (false, true) => Decibans(sign.strength.0 + CONFIRMED.0),
        (false, false) => sign.strength,
    };
    Piece::new(client.other(), strength, Seen { what: sign.what, frame })
}
