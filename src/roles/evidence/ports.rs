// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The port numbers: how much each looks like a service's, or like one picked at random.

use super::case::greater;
use super::{Case, Piece, Observation};
use crate::ephemeral::{HIGHEST_SYSTEM, is_flow_hash};
use crate::packet::Side;
use crate::roles::conversation::SeenSign;
use crate::roles::ports::{KnownFor, PortKind, PortKnowledge};
use crate::roles::weights::Decibans;
use crate::roles::weights::port as weight;
use std::fmt;

/// The numbers of the ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The server's port and its kind.
    server: (u16, PortKind),
    /// The client's port and its kind.
    client: (u16, PortKind),
}

impl Fact {
    /// The value of [`kind`](Self::kind).
    pub(crate) const KIND: &'static str = "port numbers";
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        Self::KIND
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server: (server, server_kind), client: (client, client_kind) } = self;
        let (server_kind, client_kind) = (server_kind.of_server(), client_kind.of_client());
        write!(out, "port {server} is {server_kind}, {client} is {client_kind}")
    }
}

/// Returns the evidence from the port numbers.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    if is_system_by_hash(case) {
        return None;
    }
    let [low, high] = case.ends.map(|end| end.port);
    let kinds = [(Side::Low, low, high), (Side::High, high, low)].map(|(side, port, other)| {
        match PortKind::of(case.transport, port, other, case.knowledge) {
            kind if case.conversation.forms.none_matches(side) => kind.without_meaning(case.transport, port, case.knowledge),
            kind => kind,
        }
    });
    let (server, strength) = greater(compare(kinds), 0)?;
    let of = |side: Side| (case.end(side).port, kinds[side as usize]);
    Piece::new(server, Decibans(strength), Fact { server: of(server), client: of(server.other()) })
}

/// Whether the payload shows that a system port is a hash, as the source port of a tunnel is ([`is_flow_hash`]).
fn is_system_by_hash(case: &Case<'_, impl PortKnowledge>) -> bool {
    let Some(SeenSign { client, disputed: false, .. }) = case.conversation.sign else { return false };
    let port = case.end(client).port;
    port <= HIGHEST_SYSTEM && is_flow_hash(case.transport, port, case.end(client.other()).port)
}

/// Returns how strongly the kinds of two ports make the first one the server's. For two ports of the same kind this is
/// 0, since the lower one is not more often the server's (`benches/weights.py`).
fn compare(kinds: [PortKind; 2]) -> i32 {
    let sum = likeness(kinds[0]).0 - likeness(kinds[1]).0;
    if kinds.contains(&PortKind::Declared) { sum } else { sum.clamp(-weight::MOST, weight::MOST) }
}

/// Returns how much a port of this kind looks like a service's. Only the difference between two ports counts.
fn likeness(kind: PortKind) -> Decibans {
    match kind {
        PortKind::Declared => weight::DECLARED,
        PortKind::System => weight::SYSTEM,
        PortKind::UnnamedSystem => weight::UNNAMED_SYSTEM,
        PortKind::Reserved { dissected: true } => weight::DISSECTED_RESERVED,
        PortKind::Reserved { dissected: false } => weight::RESERVED,
        PortKind::Privileged { dissected: true } => weight::PRIVILEGED_DISSECTED,
        PortKind::Privileged { dissected: false } => weight::PRIVILEGED,
        PortKind::Customary => weight::CUSTOMARY,
        PortKind::Dissected => weight::DISSECTED,
        PortKind::Named => weight::NAMED,
        PortKind::Plain => weight::PLAIN,
        PortKind::OldEphemeral { .. } => weight::OLD_EPHEMERAL,
        // All present ranges have the same weight: the range depends on the system, not on whether it is a client's.
        PortKind::Ephemeral(KnownFor::Service) => weight::CUSTOMARY_EPHEMERAL,
        PortKind::Ephemeral(KnownFor::Dissector) => weight::DISSECTED_EPHEMERAL,
        PortKind::Ephemeral(KnownFor::Nothing) => weight::EPHEMERAL,
        PortKind::FtpData | PortKind::ForClient => weight::FOR_CLIENT,
    }
}
