// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What a port's number says: how much it looks like a service's, or like one chosen at random.

use super::case::greater;
use super::{Case, Piece, Observation};
use crate::packet::Side;
use crate::roles::ports::{KnownFor, PortKind, PortKnowledge};
use crate::roles::weights::Decibans;
use crate::roles::weights::port as weight;
use std::fmt;

/// The numbers of the ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The server's port and what kind of number that is.
    server: (u16, PortKind),
    /// The client's.
    client: (u16, PortKind),
}

impl Fact {
    /// The [`kind`](Self::kind), the same for all.
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

/// What the ports' numbers say.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let [low, high] = case.ends.map(|end| end.port);
    let kinds = [(Side::Low, low, high), (Side::High, high, low)].map(|(side, port, other)| {
        match PortKind::of(case.transport, port, other, case.knowledge) {
            kind if case.conversation.forms.differ(side) => kind.without_meaning(case.transport, port, case.knowledge),
            kind => kind,
        }
    });
    let (server, strength) = greater(compare(kinds), 0)?;
    let of = |side: Side| (case.end(side).port, kinds[side as usize]);
    Piece::new(server, Decibans(strength), Fact { server: of(server), client: of(server.other()) })
}

/// How much two ports' kinds speak for the first one being the server's. Of two ports of the same kind, the lower one is
/// a server's no more often than the higher one (`benches/weights.py`).
fn compare(kinds: [PortKind; 2]) -> i32 {
    let sum = likeness(kinds[0]).0 - likeness(kinds[1]).0;
    if kinds.contains(&PortKind::Declared) { sum } else { sum.clamp(-weight::MOST, weight::MOST) }
}

/// How much such a port looks like a service's, on a scale of its own: only differences count.
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
        // Which of the ranges it is tells the system of whoever picked it, client or server.
        PortKind::Ephemeral(KnownFor::Service) => weight::CUSTOMARY_EPHEMERAL,
        PortKind::Ephemeral(KnownFor::Dissector) => weight::DISSECTED_EPHEMERAL,
        PortKind::Ephemeral(KnownFor::Nothing) => weight::EPHEMERAL,
        PortKind::FtpData | PortKind::ForClient => weight::FOR_CLIENT,
    }
}
