// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is concluded about a conversation, and why.

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
    /// The user says so.
    Declared,
    /// The handshake was seen.
    Handshake,
}

impl Confidence {
    /// The number in `ephemeral.confidence`.
    pub const fn number(self) -> u8 {
        match self {
            Self::Weak => 1,
            Self::Strong => 2,
            Self::Declared | Self::Handshake => 3,
        }
    }

    /// It in a word.
    pub const fn name(self) -> &'static CStr {
        match self {
            Self::Weak => c"weak",
            Self::Strong => c"strong",
            Self::Declared => c"declared",
            Self::Handshake => c"handshake",
        }
    }
}

/// What a verdict rests on. It prints as an engineer would say it: `SYN in frame 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A packet of the handshake.
    Opened {
        /// What it is: `SYN`, or `SYN-ACK` where the SYN was not captured.
        what: &'static str,
        /// The frame it is in.
        frame: u32,
    },
    /// SYNs from both ends.
    SimultaneousOpen {
        /// The frame of the first of them.
        frame: u32,
    },
    /// The first packets of another transport's handshake from both ends.
    BothOpened {
        /// What they are.
        what: &'static str,
        /// The frame of the first of them.
        frame: u32,
    },
    /// The user says that the server's end is a service.
    Declared,
    /// The user has set this conversation's client.
    SetByHand,
    /// There is no client: both ends told each other their ports.
    NoClient {
        /// The conversation's first frame, whose sender is called the client.
        frame: u32,
    },
    /// There is no client: both ends sent the other the same question, as peers do that told each other their ports.
    BothAsked {
        /// The question: `STUN request`.
        what: &'static str,
        /// A frame it is in.
        frame: u32,
    },
    /// The strongest piece of evidence, where no handshake was captured.
    Weighed(Fact),
}

impl Evidence {
    /// The [`kind`](Self::kind) of what the numbers of the ports say.
    pub const BY_PORTS: &'static str = ports::Fact::KIND;

    /// What a handshake says.
    pub(super) fn of_handshake(transport: Transport, opening: Opening, frame: u32) -> Self {
        let [request, response] = handshake_words(transport);
        match opening {
            Opening::Syn => Self::Opened { what: request, frame },
            Opening::SynAck => Self::Opened { what: response, frame },
            Opening::Simultaneous if transport == Transport::Tcp => Self::SimultaneousOpen { frame },
            Opening::Simultaneous => Self::BothOpened { what: request, frame },
        }
    }

    /// The frame to look at.
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

    /// What kind of evidence it is, the same for all conversations: for statistics.
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

/// The packets that open a connection, as the transport's RFC calls them: the client's, and the server's answer.
pub(super) fn handshake_words(transport: Transport) -> [&'static str; 2] {
    match transport {
        Transport::Tcp | Transport::Udp | Transport::UdpLite => ["SYN", "SYN-ACK"],
        Transport::Dccp => ["Request", "Response"],
        Transport::Sctp => ["INIT", "INIT ACK"],
    }
}

/// Who is the client of a packet's conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The client; the other party is the server.
    pub client: Party,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    pub evidence: Evidence,
    /// Whether no other conversation can make the client the server any more, as long as this one's own packets tell
    /// nothing else, and no end is newly known to be listening, to ask, to accept or to open elsewhere.
    pub is_final: bool,
    /// The packet's conversation.
    pub place: Place,
}

impl Verdict {
    /// Which end of the conversation is the server.
    pub fn server(&self) -> Side {
        self.place.side(self.client).other()
    }

    /// Each end knew the other's port, as both opened the connection or told each other: neither is ephemeral.
    pub fn both_ports_agreed(&self) -> bool {
        matches!(self.evidence, Evidence::SimultaneousOpen { .. } | Evidence::BothOpened { .. }) || self.has_no_client()
    }

    /// Both ends sent the other what peers send, each to a port that it had been told.
    pub fn is_between_peers(&self) -> bool {
        matches!(self.evidence, Evidence::BothAsked { .. })
    }

    /// There is no client: each end told the other its port, and who spoke first is only called so.
    pub fn has_no_client(&self) -> bool {
        matches!(self.evidence, Evidence::NoClient { .. } | Evidence::BothAsked { .. })
    }
}

/// Of what there is too little for a verdict about a conversation whose handshake was not captured. It prints as part of a
/// sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// No piece of evidence tells the ends apart.
    Evidence,
    /// The evidence for one end outweighs that for the other by too little.
    Weight {
        /// By how much, in decibans.
        sum: i32,
        /// From what sum on there is a verdict.
        enough: i32,
    },
    /// The end that would be the client is a group or a broadcast address.
    Client {
        /// That end.
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
    /// The likelier client, or who spoke first where as much speaks for both; `None` without any evidence.
    pub client: Option<Party>,
    /// Why there is no verdict.
    pub lack: Lack,
    /// The packet's conversation.
    pub place: Place,
}
