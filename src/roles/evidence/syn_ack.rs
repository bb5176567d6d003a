// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A SYN-ACK without a SYN and without a confirmation. Mostly its sender answers, but scanners send such segments as
//! well.

use super::{Case, Piece, Seen, ports};
use crate::packet::Side;
use crate::roles::end_facts::EndFacts;
use crate::roles::ports::{LOWEST_EPHEMERAL, PortKnowledge};
use crate::roles::verdict::handshake_words;
use crate::roles::weights::{self, Decibans};

/// Returns the evidence of a SYN-ACK that no other segment confirms or refuses. It outweighs port numbers that say
/// otherwise, unless it may be a probe.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let (client, frame) = case.conversation.handshake.lone_syn_ack()?;
    let server = client.other();
    let against = ports::weigh(case).map_or(0, |piece| piece.for_server(client)).max(0);
    let outweighed = if may_probe(case, server) { against / 4 } else { against };
    let strength = Decibans(weights::LONE_SYN_ACK.0 + outweighed);
    let [_, what] = handshake_words(case.transport);
    Piece::temporary(server, strength, Seen { what, frame })
}

/// Whether a scanner may have sent the SYN-ACK. Scanners send from ports that systems pick from now (nmap from 33000
/// on, ZMap from 32768 on, masscan from 40000 on), or from one port to several others.
fn may_probe(case: &Case<'_, impl PortKnowledge>, sender: Side) -> bool {
    case.end(sender).port >= LOWEST_EPHEMERAL || case.facts(sender).map_or(0, EndFacts::peers) > 1
}
