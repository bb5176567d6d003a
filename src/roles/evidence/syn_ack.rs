// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A SYN-ACK alone: mostly its sender answers, but scanners send such segments, too.

use super::{Case, Piece};
use crate::packet::Side;
use crate::roles::end_facts::EndFacts;
use crate::roles::ports::{LOWEST_EPHEMERAL, PortKnowledge};
use crate::roles::verdict::Evidence;
use crate::roles::weights;

/// A SYN-ACK that nothing confirms or refuses.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let (client, frame) = case.conversation.handshake.lone_syn_ack()?;
    let (server, evidence) = (client.other(), Evidence::SynAck { frame });
    if may_probe(case, server) {
        Piece::new(server, weights::LONE_SYN_ACK_OF_PROBER, evidence)
    } else {
        Piece::passing(server, weights::LONE_SYN_ACK, evidence)
    }
}

/// Whether a scanner could have sent it: scanners send from ports that systems pick from now (nmap from 33000 on, ZMap
/// from 32768 on, masscan from 40000 on), or from one port to several others.
fn may_probe(case: &Case<'_, impl PortKnowledge>, sender: Side) -> bool {
    case.end(sender).port >= LOWEST_EPHEMERAL || case.facts(sender).map_or(0, EndFacts::peers) > 1
}
