// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Hosts that offer services in other conversations.

use super::{Case, Piece, Observation, own_range};
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;
use std::net::IpAddr;

/// The server's host offers services in other conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The host.
    host: IpAddr,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "host offers services"
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} offers services in other conversations", self.host)
    }
}

/// Returns the evidence that exactly one end's host offers services in other conversations. There is none if that end's
/// port is in the range that its host connects from.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    if case.is_prescribed {
        return None;
    }
    let offers = |side| {
        // This conversation does not count. The kinds of its ports are evidence of their own.
        let own = u32::from(case.conversation.shows_serving == Some(side));
        let host = case.conversations.ends.facts(case.conversation.end(side).host());
        host.is_some_and(|host| host.offers_services() && host.peers() > own)
    };
    let server = match (offers(Side::Low), offers(Side::High)) {
        (true, false) => Side::Low,
        (false, true) => Side::High,
        _ => return None,
    };
    if own_range::is_client_port(case, server) {
        return None;
    }
    Piece::temporary(server, weights::SERVING_HOST, Fact { host: case.end(server).address() })
}

/// Returns the maximum weight of this evidence.
pub(super) fn most() -> i32 {
    weights::SERVING_HOST.0
}
