// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A SYN-ACK alone: mostly its sender answers, but scanners send such segments, too.

use super::{Case, Piece};
use crate::roles::ports::PortKnowledge;
use crate::roles::verdict::Evidence;
use crate::roles::weights;

/// A SYN-ACK that nothing confirms or refuses.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let (client, frame) = case.conversation.handshake.lone_syn_ack()?;
    Piece::new(client.other(), weights::LONE_SYN_ACK, Evidence::SynAck { frame })
}
