// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The ports that a host connects from, by its handshakes and SYNs. Another port of the host in that range was probably
//! picked by its system as well.

use super::case::greater;
use super::{Case, Piece, Observation};
use crate::ephemeral::HIGHEST_SYSTEM;
use crate::packet::{End, Side};
use crate::roles::ports::PortKnowledge;
use crate::roles::ranges::PortRange;
use crate::roles::weights;
use crate::roles::weights::Decibans;
use std::fmt;

/// The client's port is among those that its host connects from, or near them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The client.
    client: End,
    /// The lowest port that the host connects from.
    lowest: u16,
    /// The highest port that the host connects from.
    highest: u16,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "host's range of ephemeral ports"
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { client, lowest, highest } = self;
        let near = if (*lowest..=*highest).contains(&client.port) { "as" } else { "near which" };
        write!(out, "{} connects from ports {lowest} to {highest}, {near} {} is", client.address(), client.port)
    }
}

/// The minimum number of connections that show a range.
const FEW: u16 = 4;
/// The minimum number of connections that show a range well.
const MANY: u16 = 16;
/// The maximum width of a range. No system's range is wider.
const WIDEST: u16 = 40_000;

/// Returns the evidence that a port is in the range that its host connects from, so it is the client's.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let (low, high) = (as_client(case, Side::Low), as_client(case, Side::High));
    let strength = |of: &Option<(i32, PortRange)>| of.map_or(0, |(strength, _)| strength);
    let (client, strength) = greater(strength(&low), strength(&high))?;
    let (_, range) = if client == Side::Low { low? } else { high? };
    let fact = Fact { client: case.end(client), lowest: range.lowest, highest: range.highest };
    Piece::temporary(client.other(), Decibans(strength), fact)
}

/// Whether an end's port is in the range that its host connects from. Services of the host are no evidence then.
pub(super) fn is_client_port(case: &Case<'_, impl PortKnowledge>, side: Side) -> bool {
    as_client(case, side).is_some()
}

fn as_client(case: &Case<'_, impl PortKnowledge>, side: Side) -> Option<(i32, PortRange)> {
    let port = case.end(side).port;
    // An end that accepted a connection or was agreed on is known to listen.
    if port <= HIGHEST_SYSTEM || case.facts(side).is_some_and(|facts| facts.was_opened_to() || facts.was_agreed_on()) {
        return None;
    }
    let range = case.conversations.ends.connects_from(case.conversation.end(side))?;
    if range.connections() < FEW || range.highest - range.lowest > WIDEST || !range.may_contain(port) {
        return None;
    }
    let strength = if range.connections() < MANY { weights::OWN_RANGE_BY_FEW } else { weights::OWN_RANGE_BY_MANY };
    Some((strength.0, range))
}

/// Returns the maximum weight of this evidence against a server at this port.
pub(super) fn most(server: u16) -> i32 {
    if server > HIGHEST_SYSTEM { weights::OWN_RANGE_BY_MANY.0 } else { 0 }
}
