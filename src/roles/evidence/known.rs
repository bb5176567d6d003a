// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What handshakes have shown of an end's role in its other conversations.

use super::case::greater;
use super::{Case, Piece};
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;
use crate::roles::verdict::Evidence;
use crate::roles::weights;

/// An end that accepted is a server, one that opened a client, unless it did both.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let as_server = |side| match case.facts(side).map(|facts| (facts.was_opened_to(), facts.has_opened())) {
        Some((true, false)) => weights::ACCEPTED.0,
        Some((false, true)) => -weights::OPENED.0,
        _ => 0,
    };
    let (server, strength) = greater(as_server(Side::Low), as_server(Side::High))?;
    let evidence = if as_server(server) > -as_server(server.other()) {
        Evidence::KnownServer { server: case.end(server) }
    } else {
        Evidence::KnownClient { client: case.end(server.other()) }
    };
    Piece::new(server, super::Decibans(strength), evidence)
}
