// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The evidence for roles where no handshake was captured: independent observations, each with a
//! strength, added up in [`super::weigh`]. What comes from the same fact is in the same piece.
//!
//! Each kind is a file. Its `weigh()` says which end it makes the server, and how strongly; its `Fact` says it in words.

mod case;

pub(super) use case::Case;

use super::weights::Decibans;
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;
use std::fmt;

/// An observation that evidence rests on. It prints as an engineer would say it: `first packet in frame 1`.
trait Observation: fmt::Display {
    /// What kind of evidence it is, the same for all conversations: for statistics.
    fn kind(&self) -> &'static str;

    /// The frame to look at, if there is one.
    fn frame(&self) -> Option<u32> {
        None
    }
}

/// Makes of the list of files what asks them all, and what holds the fact of one of them.
macro_rules! kinds {
    ($($file:ident => $kind:ident,)*) => {
        $(pub(super) mod $file;)*

        /// What a piece of evidence rests on. It prints as an engineer would say it: `first packet in frame 1`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            $(#[doc = concat!("That of `", stringify!($file), ".rs`.")] $kind($file::Fact),)*
        }

        impl Fact {
            /// The frame to look at.
            pub fn frame(&self) -> Option<u32> {
                match self {
                    $(Self::$kind(fact) => fact.frame(),)*
                }
            }

            /// What kind of evidence it is, the same for all conversations: for statistics.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$kind(fact) => fact.kind(),)*
                }
            }
        }

        impl fmt::Display for Fact {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$kind(fact) => fact.fmt(out),)*
                }
            }
        }

        $(impl From<$file::Fact> for Fact {
            fn from(fact: $file::Fact) -> Self {
                Self::$kind(fact)
            }
        })*

        /// How many pieces there can be.
        const KINDS: usize = [$(stringify!($file)),*].len();

        /// All pieces of evidence about a conversation.
        #[inline(always)]
        pub(super) fn all<K: PortKnowledge>(case: &Case<'_, K>) -> [Option<Piece>; KINDS] {
            [$($file::weigh(case)),*]
        }
    };
}

// Another kind of evidence is a file with its function and its words, and a line here.
kinds! {
    payload => Payload,
    syn_ack => SynAck,
    cookie => Cookie,
    agreed => Agreed,
    asked => Asked,
    other_handshakes => OtherHandshakes,
    peers => Peers,
    serving_host => ServingHost,
    own_range => OwnRange,
    start => Start,
    dissector => Dissector,
    form => Form,
    ports => Ports,
}

/// What one piece of evidence says about a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Which end it makes the server.
    pub server: Side,
    /// How strongly; more than 0.
    pub strength: Decibans,
    /// By what fact.
    pub fact: Fact,
    /// Whether it changes only with the conversation's own packets, or in a way that has everything forgotten that was
    /// noted ([`super::RoleTracker::record_unremarkable`]).
    pub lasts: bool,
}

impl Piece {
    /// One that lasts; `None` if it has no strength.
    pub(super) fn new(server: Side, strength: Decibans, fact: impl Into<Fact>) -> Option<Self> {
        (strength.0 > 0).then(|| Self { server, strength, fact: fact.into(), lasts: true })
    }

    /// The same of one that other conversations change.
    pub(super) fn passing(server: Side, strength: Decibans, fact: impl Into<Fact>) -> Option<Self> {
        Self::new(server, strength, fact).map(|piece| Self { lasts: false, ..piece })
    }

    /// The same, to choose the piece to tell: what was clearly seen comes before what numbers suggest.
    pub(super) fn tells(&self, side: Side) -> i32 {
        let strength = self.for_server(side);
        match self.fact {
            Fact::Ports(_) => strength.min(super::weights::LONE_SYN_ACK.0 - 1),
            _ => strength,
        }
    }

    /// How strongly it speaks for a side being the server.
    pub(super) fn for_server(&self, side: Side) -> i32 {
        if self.server == side { self.strength.0 } else { -self.strength.0 }
    }
}

/// The most that the pieces that do not last can say together against a server at this port.
pub(super) fn most_that_passes(case: &Case<'_, impl PortKnowledge>, server: u16) -> i32 {
    peers::most(case.transport) + serving_host::most() + own_range::most(server) + start::most_that_passes(case)
}
