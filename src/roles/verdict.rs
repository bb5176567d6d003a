//! What is concluded about a conversation, and why.

use super::conversation::Place;
use super::end::Party;
use std::fmt;

/// How sure a verdict is. The numbers are those of `ephemeral.confidence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Confidence {
    /// More likely than not.
    Weak = 1,
    /// Wrong in fewer than one of two hundred.
    Strong = 2,
    /// The handshake was seen.
    Handshake = 3,
}

/// What a verdict rests on. It prints as an engineer would say it: `SYN in frame 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The client's SYN.
    Syn {
        /// The frame it is in.
        frame: u32,
    },
    /// The server's SYN-ACK; the SYN was not captured.
    SynAck {
        /// The frame it is in.
        frame: u32,
    },
    /// SYNs from both ends.
    SimultaneousOpen {
        /// The frame of the first of them.
        frame: u32,
    },
}

impl Evidence {
    /// The frame to look at.
    pub fn frame(&self) -> Option<u32> {
        match self {
            Self::Syn { frame } | Self::SynAck { frame } | Self::SimultaneousOpen { frame } => Some(*frame),
        }
    }

    /// What kind of evidence it is, the same for all conversations: for statistics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Syn { .. } => "SYN",
            Self::SynAck { .. } => "SYN-ACK",
            Self::SimultaneousOpen { .. } => "SYN from both ends",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syn { frame } => write!(out, "SYN in frame {frame}"),
            Self::SynAck { frame } => write!(out, "SYN-ACK in frame {frame}"),
            Self::SimultaneousOpen { frame } => {
                write!(out, "SYN from both ends (simultaneous open), the first in frame {frame}")
            }
        }
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
    /// The packet's conversation.
    pub place: Place,
}

impl Verdict {
    /// Both ends opened the connection, so each knew the other's port: neither is ephemeral.
    pub fn both_ports_agreed(&self) -> bool {
        matches!(self.evidence, Evidence::SimultaneousOpen { .. })
    }
}
