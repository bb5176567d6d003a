// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The second half of SCTP's handshake, if the first half was not captured (RFC 9260, section 5.1): the client sends a
//! COOKIE ECHO, and the server answers with a COOKIE ACK.

use super::{Case, Piece, Seen};
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;

/// Returns the evidence of a cookie: the end that echoes it is the client, the end that acknowledges it the server.
/// There is none if both ends echo one, since their INITs crossed.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let (client, what, frame) = case.conversation.handshake.cookie()?;
    Piece::new(client.other(), weights::COOKIE, Seen { what, frame })
}
