// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the payloads say that were searched for signs ([`crate::roles::payload`]).

use super::{Case, Piece};
use crate::roles::conversation::SeenSign;
use crate::roles::ports::PortKnowledge;
use crate::roles::verdict::Evidence;
use crate::roles::weights::Decibans;
use crate::roles::weights::payload::CONFIRMED;

/// What was recognized in a conversation's payloads, unless it contradicts itself.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let SeenSign { sign, client, disputed, confirmed, frame } = case.conversation.sign?;
    let strength = match (disputed, confirmed) {
        (true, _) => return None,
        (false, true) => Decibans(sign.strength.0 + CONFIRMED.0),
        (false, false) => sign.strength,
    };
    Piece::new(client.other(), strength, Evidence::Payload { what: sign.what, frame })
}
