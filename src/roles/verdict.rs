// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Verdicts about conversations: which end is the client, and why.

use super::evidence::{Fact, ports};
use super::handshake::Opening;
use super::place::Place;

use crate::packet::{Party, Side, Transport};
use std::ffi::CStr;
use std::fmt;
use std::net::IpAddr;

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// More likely than not.
    Weak,
    /// The evidence adds up to odds of a hundred to one, as far as it is independent (`weights::STRONG`).
    Strong,
    /// The user declared it.
    Declared,
    /// The handshake was seen.
    Handshake,
}

impl Confidence {
    /// Returns the value of `ephemeral.confidence`.
    pub const fn number(self) -> u8 {
        match self {
            Self::Weak => 1,
            Self::Strong => 2,
            Self::Declared | Self::Handshake => 3,
        }
    }

    /// Returns the name of the value.
    pub const fn name(self) -> &'static CStr {
        match self {
            Self::Weak => c"weak",
            Self::Strong => c"strong",
            Self::Declared => c"declared",
            Self::Handshake => c"handshake",
        }
    }
}

/// The strongest evidence for a verdict. It displays in words: `SYN in frame 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A packet of the handshake.
    Opened {
        /// The packet's name: `SYN`, or `SYN-ACK` if the SYN was not captured.
        what: &'static str,
        /// The frame of the packet.
        frame: u32,
    },
    /// SYNs from both ends.
    SimultaneousOpen {
        /// The frame of the first of them.
        frame: u32,
    },
    /// The first packets of a handshake from both ends, over another transport than TCP.
    BothOpened {
        /// The name of these packets.
        what: &'static str,
        /// The frame of the first of them.
        frame: u32,
    },
    /// The user declared that the server's end is a service.
    Declared,
    /// The user has set this conversation's client.
    SetByHand,
    /// There is no client, since both ends told each other their ports.
    NoClient {
        /// The conversation's first frame, whose sender is called the client.
        frame: u32,
    },
    /// There is no client. Both ends sent the same request, as peers do that told each other their ports.
    BothAsked {
        /// The request: `STUN request`.
        what: &'static str,
        /// The frame of one of the requests.
        frame: u32,
    },
    /// The strongest piece of evidence, if no handshake was captured.
    Weighed(Fact),
}

impl Evidence {
    /// The [`kind`](Self::kind) of evidence from port numbers.
    pub const BY_PORTS: &'static str = ports::Fact::KIND;

    /// Returns the evidence from a handshake.
    pub(super) fn of_handshake(transport: Transport, opening: Opening, frame: u32) -> Self {
        let [request, response] = handshake_words(transport);
        match opening {
            Opening::Syn => Self::Opened { what: request, frame },
            Opening::SynAck => Self::Opened { what: response, frame },
            Opening::Simultaneous if transport == Transport::Tcp => Self::SimultaneousOpen { frame },
            Opening::Simultaneous => Self::BothOpened { what: request, frame },
        }
    }

    /// Returns the frame that shows it, if there is one.
    pub fn frame(&self) -> Option<u32> {
        match self {
            Self::Opened { frame, .. }
            | Self::SimultaneousOpen { frame }
            | Self::BothOpened { frame, .. }
            | Self::NoClient { frame }
            | Self::BothAsked { frame, .. } => Some(*frame),
            Self::Declared | Self::SetByHand => None,
            Self::Weighed(fact) => fact.frame(),
        }
    }

    /// Returns the kind of evidence in words that do not depend on the conversation, for statistics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { what, .. } => what,
            Self::SimultaneousOpen { .. } => "SYN from both ends",
            Self::BothOpened { .. } => "handshake from both ends",
            Self::Declared => "declared in Preferences",
            Self::SetByHand => "set by hand",
            Self::NoClient { .. } | Self::BothAsked { .. } => "both ports agreed on",
            Self::Weighed(fact) => fact.kind(),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened { what, frame } => write!(out, "{what} in frame {frame}"),
            Self::SimultaneousOpen { frame } => {
                write!(out, "SYN from both ends (simultaneous open), the first in frame {frame}")
            }
            Self::BothOpened { what, frame } => {
                write!(out, "{what} from both ends (collision), the first in frame {frame}")
            }
            Self::Declared => write!(out, "declared in Preferences"),
            Self::SetByHand => write!(out, "set by hand"),
            Self::NoClient { frame } => {
                write!(out, "no client: both ports were agreed on; first packet in frame {frame}")
            }
            Self::BothAsked { what, frame } => {
                write!(out, "no client: both ends sent a {what}, as peers do, one in frame {frame}")
            }
            Self::Weighed(fact) => fact.fmt(out),
        }
    }
}

/// Returns the names of the packets that open a connection, by the transport's RFC: the client's, and the server's.
pub(super) fn handshake_words(transport: Transport) -> [&'static str; 2] {
    match transport {
        Transport::Tcp | Transport::Udp | Transport::UdpLite => ["SYN", "SYN-ACK"],
        Transport::Dccp => ["Request", "Response"],
        Transport::Sctp => ["INIT", "INIT ACK"],
    }
}

/// Which end of a packet's conversation is the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The client. The other party is the server.
    pub client: Party,
    /// How sure the verdict is.
    pub confidence: Confidence,
    /// The reason.
    pub evidence: Evidence,
    /// Whether other conversations can no longer make the client the server. This holds until a packet of this
    /// conversation shows something new, or an end is found to listen, ask, accept or open in another conversation.
    pub is_final: bool,
    /// The packet's conversation.
    pub place: Place,
}

impl Verdict {
    /// Returns the server.
    pub fn server(&self) -> Side {
        self.place.side(self.client).other()
    }

    /// Whether each end knew the other's port, since both opened the connection or told each other their ports. Neither
    /// port is ephemeral then.
    pub fn both_ports_agreed(&self) -> bool {
        matches!(self.evidence, Evidence::SimultaneousOpen { .. } | Evidence::BothOpened { .. }) || self.has_no_client()
    }

    /// Whether both ends sent requests that peers send to each other's ports.
    pub fn is_between_peers(&self) -> bool {
        matches!(self.evidence, Evidence::BothAsked { .. })
    }

    /// Whether there is no client, since each end told the other its port. The end that spoke first is called the
    /// client.
    pub fn has_no_client(&self) -> bool {
        matches!(self.evidence, Evidence::NoClient { .. } | Evidence::BothAsked { .. })
    }
}

/// Why a conversation without a handshake has no verdict. It displays as part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// No piece of evidence tells the ends apart.
    Evidence,
    /// The weights add up to too little.
    Weight {
        /// The sum of the weights, in decibans, without its sign.
        sum: i32,
        /// The lowest sum for a verdict, in decibans.
        enough: i32,
    },
    /// The end that would be the client has a group or broadcast address.
    Client {
        /// That address.
        group: IpAddr,
    },
}

impl fmt::Display for Lack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evidence => write!(out, "no evidence tells the ends apart"),
            Self::Weight { sum, enough } => {
                write!(out, "the evidence is too weak: its weights add up to {sum}, and a verdict needs {enough}")
            }
            Self::Client { group } => {
                write!(out, "the evidence makes {group} the client, which is the address of a group or a broadcast")
            }
        }
    }
}

/// What is known about a conversation that has no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The likelier client, or the end that spoke first if the evidence is balanced. `None` if there is no evidence.
    pub client: Option<Party>,
    /// Why there is no verdict.
    pub lack: Lack,
    /// The packet's conversation.
    pub place: Place,
}
