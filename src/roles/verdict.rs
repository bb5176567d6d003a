// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is concluded about a conversation, and why.

use super::handshake::Opening;
use super::place::Place;
use super::ports::PortKind;

use crate::packet::{End, Party, Side, Transport};
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
    /// The packet of another transport's handshake that says the same as a SYN or SYN-ACK.
    Opened {
        /// What it is: `INIT`.
        what: &'static str,
        /// The frame it is in.
        frame: u32,
    },
    /// Such packets from both ends.
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
    /// Something in a payload that only one of the two sends.
    Payload {
        /// What it is: `HTTP request`.
        what: &'static str,
        /// The frame it is in.
        frame: u32,
    },
    /// The listening end was agreed on in another conversation.
    Agreed {
        /// The listening end.
        end: End,
        /// The frame that names it.
        frame: u32,
    },
    /// The server accepted another connection.
    KnownServer {
        /// The server.
        server: End,
    },
    /// The client opened another connection from this port.
    KnownClient {
        /// The client.
        client: End,
    },
    /// The client asked for data that comes from a new port.
    Asked {
        /// The client.
        client: End,
        /// The frame in which it asked.
        frame: u32,
    },
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
    /// The client had asked another end, for which this one answers.
    AnsweredForAnother {
        /// The client.
        client: End,
        /// Whom it had asked.
        asked: End,
    },
    /// The client's port is among those that its host connects from, or near them.
    OwnRange {
        /// The client.
        client: End,
        /// The lowest of the ports that handshakes show.
        lowest: u16,
        /// The highest.
        highest: u16,
    },
    /// The client talks to the same port of several others.
    FanOut {
        /// The client.
        client: End,
        /// How many others, up to 255.
        peers: u32,
    },
    /// The client spoke first to one port after another.
    Sweep {
        /// The client.
        client: End,
        /// How many ports, up to 255.
        peers: u32,
    },
    /// Several others talk to the server.
    FanIn {
        /// The server.
        server: End,
        /// How many others, up to 255.
        peers: u32,
    },
    /// The server's port is an end of many conversations.
    PopularPort {
        /// The port.
        port: u16,
        /// How many conversations.
        conversations: u32,
    },
    /// The server's host offers services in other conversations.
    ServingHost {
        /// The host.
        host: IpAddr,
    },
    /// The payload was dissected by what the server's port stands for.
    Dissected {
        /// The server's port.
        port: u16,
    },
    /// The payload has the form of what the server's port stands for.
    Form {
        /// The protocol.
        what: &'static str,
        /// The server's port.
        port: u16,
    },
    /// The client spoke first.
    SpokeFirst {
        /// The first frame of the conversation.
        frame: u32,
    },
    /// The numbers of the ports.
    Ports {
        /// The server's port and what kind of number that is.
        server: (u16, PortKind),
        /// The client's.
        client: (u16, PortKind),
    },
}

impl Evidence {
    /// The [`kind`](Self::kind) of what the numbers of the ports say.
    pub const BY_PORTS: &'static str = "port numbers";

    /// What a handshake says.
    pub(super) fn of_handshake(transport: Transport, opening: Opening, frame: u32) -> Self {
        let (request, response) = match transport {
            Transport::Sctp => ("INIT", "INIT ACK"),
            Transport::Dccp => ("Request", "Response"),
            Transport::Tcp | Transport::Udp | Transport::UdpLite => {
                return match opening {
                    Opening::Syn => Self::Syn { frame },
                    Opening::SynAck => Self::SynAck { frame },
                    Opening::Simultaneous => Self::SimultaneousOpen { frame },
                };
            }
        };
        match opening {
            Opening::Syn => Self::Opened { what: request, frame },
            Opening::SynAck => Self::Opened { what: response, frame },
            Opening::Simultaneous => Self::BothOpened { what: request, frame },
        }
    }

    /// The frame to look at.
    pub fn frame(&self) -> Option<u32> {
        match self {
            Self::Syn { frame }
            | Self::SynAck { frame }
            | Self::SimultaneousOpen { frame }
            | Self::Opened { frame, .. }
            | Self::BothOpened { frame, .. }
            | Self::Payload { frame, .. }
            | Self::Agreed { frame, .. }
            | Self::Asked { frame, .. }
            | Self::NoClient { frame }
            | Self::BothAsked { frame, .. }
            | Self::SpokeFirst { frame } => Some(*frame),
            _ => None,
        }
    }

    /// What kind of evidence it is, the same for all conversations: for statistics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Syn { .. } => "SYN",
            Self::SynAck { .. } => "SYN-ACK",
            Self::SimultaneousOpen { .. } => "SYN from both ends",
            Self::Declared => "declared in Preferences",
            Self::SetByHand => "set by hand",
            Self::Payload { what, .. } | Self::Opened { what, .. } => what,
            Self::BothOpened { .. } => "handshake from both ends",
            Self::Agreed { .. } => "agreed on in-band",
            Self::KnownServer { .. } => "accepted another connection",
            Self::KnownClient { .. } => "opened another connection",
            Self::Asked { .. } => "asked for data",
            Self::NoClient { .. } | Self::BothAsked { .. } => "both ports agreed on",
            Self::AnsweredForAnother { .. } => "asked another end",
            Self::OwnRange { .. } => "host's range of ephemeral ports",
            Self::FanOut { .. } => "asked several servers",
            Self::Sweep { .. } => "asked several ports",
            Self::FanIn { .. } => "answers several clients",
            Self::PopularPort { .. } => "port used in many conversations",
            Self::ServingHost { .. } => "host offers services",
            Self::Dissected { .. } => "dissected by port",
            Self::Form { .. } => "form of the port's protocol",
            Self::SpokeFirst { .. } => "first packet",
            Self::Ports { .. } => Self::BY_PORTS,
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
            Self::Declared => write!(out, "declared in Preferences"),
            Self::SetByHand => write!(out, "set by hand"),
            Self::BothOpened { what, frame } => {
                write!(out, "{what} from both ends (collision), the first in frame {frame}")
            }
            Self::Payload { what, frame } | Self::Opened { what, frame } => write!(out, "{what} in frame {frame}"),
            Self::Agreed { end, frame } => write!(out, "{end} was agreed on as listening in frame {frame}"),
            Self::KnownServer { server } => write!(out, "{server} accepted another connection"),
            Self::KnownClient { client } => write!(out, "{client} opened another connection"),
            Self::Asked { client, frame } => write!(out, "{client} asked for this data in frame {frame}"),
            Self::NoClient { frame } => {
                write!(out, "no client: both ports were agreed on; first packet in frame {frame}")
            }
            Self::BothAsked { what, frame } => {
                write!(out, "no client: both ends sent a {what}, as peers do, one in frame {frame}")
            }
            Self::AnsweredForAnother { client, asked } => {
                write!(out, "{client} had asked {asked}, for which this answers")
            }
            Self::OwnRange { client, lowest, highest } => {
                let is_between = (*lowest..=*highest).contains(&client.port);
                let near = if is_between { "as" } else { "near which" };
                write!(out, "{} connects from ports {lowest} to {highest}, {near} {} is", client.address(), client.port)
            }
            Self::FanOut { client, peers } => write!(out, "{client} asks the same port of {peers} servers"),
            Self::Sweep { client, peers } => write!(out, "{client} asks {peers} ports one after another"),
            Self::FanIn { server, peers: 2 } => write!(out, "{server} answers another client"),
            Self::FanIn { server, peers } => write!(out, "{server} answers {} other clients", peers - 1),
            Self::PopularPort { port, conversations } => {
                write!(out, "port {port} is used in {conversations} conversations")
            }
            Self::ServingHost { host } => write!(out, "{host} offers services in other conversations"),
            Self::Dissected { port } => write!(out, "dissected by port {port}"),
            Self::Form { what, port } => write!(out, "payload looks like {what}, for which port {port} stands"),
            Self::SpokeFirst { frame } => write!(out, "first packet in frame {frame}"),
            Self::Ports { server: (server, server_kind), client: (client, client_kind) } => {
                let (server_kind, client_kind) = (server_kind.of_server(), client_kind.of_client());
                write!(out, "port {server} is {server_kind}, {client} is {client_kind}")
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
