// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The peers of an end in all its conversations: how many there are, and at which ports.

use super::case::greater;
use super::{Case, Piece, Observation, start};
use crate::packet::{End, Side, Transport};
use crate::roles::end_facts::EndFacts;
use crate::roles::ports::{LOWEST_EPHEMERAL, PortKnowledge};
use crate::roles::weights;
use crate::roles::weights::Decibans;
use std::fmt;

/// The peers of an end, or the number of conversations in which its port occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Several others talk to the server.
    FanIn {
        /// The server.
        server: End,
        /// The number of others, up to 255.
        peers: u32,
    },
    /// The client talks to the same port of several others.
    FanOut {
        /// The client.
        client: End,
        /// The number of others, up to 255.
        peers: u32,
    },
    /// The client spoke first to one port after another.
    Sweep {
        /// The client.
        client: End,
        /// The number of ports, up to 255.
        peers: u32,
    },
    /// The server's port occurs in many conversations.
    PopularPort {
        /// The port.
        port: u16,
        /// The number of conversations.
        conversations: u32,
    },
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        match self {
            Self::FanIn { .. } => "answers several clients",
            Self::FanOut { .. } => "asked several servers",
            Self::Sweep { .. } => "asked several ports",
            Self::PopularPort { .. } => "port used in many conversations",
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FanIn { server, peers: 2 } => write!(out, "{server} answers another client"),
            Self::FanIn { server, peers } => write!(out, "{server} answers {} other clients", peers - 1),
            Self::FanOut { client, peers } => write!(out, "{client} asks the same port of {peers} servers"),
            Self::Sweep { client, peers } => write!(out, "{client} asks {peers} ports one after another"),
            Self::PopularPort { port, conversations } => {
                write!(out, "port {port} is used in {conversations} conversations")
            }
        }
    }
}

/// Returns the maximum weight of this evidence.
pub(super) fn most(transport: Transport) -> i32 {
    if transport.is_datagram() { weights::MOST_BY_OTHERS_UDP } else { weights::MOST_BY_OTHERS_TCP }
}

/// The pattern of an end's peers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Crowd {
    /// Several others talk to the end: it is a server.
    FanIn,
    /// The end talks to the same port of several others: it is a client.
    FanOut,
    /// The end spoke first to one port after another of a host: it is a client.
    Sweep,
}

/// Returns the evidence from the peers of both ends, or from the number of conversations in which each port occurs,
/// whichever is stronger.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    if case.is_prescribed {
        return None;
    }
    let crowds = [Side::Low, Side::High].map(|side| crowd(case, side));
    let as_server = |side: Side| crowds[side as usize].map_or(0, |(_, strength)| strength);
    let by_crowd = greater(as_server(Side::Low), as_server(Side::High));
    let by_port = popularity(case);
    let strength = |found: Option<(Side, i32)>| found.map_or(0, |(_, strength)| strength);
    if strength(by_port) > strength(by_crowd) {
        let (server, strength) = by_port?;
        let port = case.end(server).port;
        let fact = Fact::PopularPort { port, conversations: case.conversations.count_by_port(port) };
        return Piece::temporary(server, Decibans(strength), fact);
    }
    let (server, strength) = by_crowd?;
    let strength = strength.min(most(case.transport));
    // Report the end with the stronger evidence.
    let reported = if as_server(server) >= -as_server(server.other()) { server } else { server.other() };
    let (end, peers) = (case.end(reported), case.facts(reported).map_or(0, EndFacts::peers));
    let fact = match crowds[reported as usize]?.0 {
        Crowd::FanIn => Fact::FanIn { server: end, peers },
        Crowd::FanOut => Fact::FanOut { client: end, peers },
        Crowd::Sweep => Fact::Sweep { client: end, peers },
    };
    Piece::temporary(server, Decibans(strength), fact)
}

/// Returns the pattern of an end's peers, and how strongly it makes the end the server. The strength is negative if it
/// makes the end the client.
fn crowd(case: &Case<'_, impl PortKnowledge>, side: Side) -> Option<(Crowd, i32)> {
    let facts = case.facts(side)?;
    let peers = facts.peers();
    if peers < 2 {
        return None;
    }
    let by_count = |weights: [i32; 5]| {
        weights[match peers {
            ..=2 => 0,
            3 => 1,
            4..=5 => 2,
            6..=9 => 3,
            _ => 4,
        }]
    };
    // Who sends a SYN-ACK that nobody asked for may as well probe them.
    let is_probe = || case.conversation.handshake.lone_syn_ack().is_some_and(|(client, _)| client != side);
    match (case.transport.is_datagram(), facts.peers_share_port()) {
        (false, true) => return (!is_probe()).then(|| (Crowd::FanIn, by_count(weights::FAN_IN_FROM_ONE_PORT))),
        // Clients that bind the same port speak first and are answered. If they are not answered, they may be servers
        // of which only the answers were captured.
        (true, true) if facts.spoke_first_count() <= peers / 4 => {
            let is_answered = peers >= 4 && case.conversation.is_answered();
            return is_answered.then(|| (Crowd::FanIn, by_count(weights::FAN_IN_FROM_ONE_PORT)));
        }
        (true, true) => return Some((Crowd::FanOut, -by_count(weights::FAN_OUT))),
        (_, false) => {}
    }
    // An end that sends the first packet to each of many others may be probing them.
    let always_spoke_first = facts.spoke_first_count() >= peers.min(EndFacts::MOST_SPOKE_FIRST);
    if case.transport.is_datagram() && case.end(side).port >= LOWEST_EPHEMERAL {
        // Scanners and traceroute send from these ports (see `syn_ack`). Few servers do.
        let asks_ports =
            !case.conversation.is_answered() && always_spoke_first && peers >= 3 && facts.peers_share_host();
        if asks_ports {
            return facts.peers_are_in_sequence().then_some((Crowd::Sweep, -weights::SWEEP.0));
        }
        // The peers of an end that asked everybody are those that answer it.
        if case.is_group_or_broadcast(side.other()) || start::answers_for_another(case, side) {
            return None;
        }
    }
    if is_probe() {
        return None;
    }
    let strength = by_count(if case.transport.is_datagram() { weights::FAN_IN_UDP } else { weights::FAN_IN_TCP });
    // Over TCP, a few peers are not taken for a probe.
    let are_few = case.transport.has_handshake() && peers < 4;
    let is_heard = are_few || case.conversation.is_answered() || !always_spoke_first;
    Some((Crowd::FanIn, if is_heard { strength } else { strength / 2 }))
}

/// Returns the side whose port occurs in more conversations, and how strongly that makes it the server: the same
/// service is used on many hosts. The peers of this conversation's own ends do not count.
fn popularity(case: &Case<'_, impl PortKnowledge>) -> Option<(Side, i32)> {
    let [low, high] = [Side::Low, Side::High].map(|side| {
        let own = case.facts(side).map_or(0, EndFacts::peers);
        case.conversations.count_by_port(case.end(side).port).saturating_sub(own) + 1
    });
    let strength = match low.max(high) / low.min(high) {
        0..=2 => return None,
        3..=5 => weights::POPULAR[0],
        6..=15 => weights::POPULAR[1],
        _ => weights::POPULAR[2],
    };
    Some((if low > high { Side::Low } else { Side::High }, strength))
}
