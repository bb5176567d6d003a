// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The evidence for roles if no handshake was captured: pieces with a strength each, which [`super::weigh`] adds up.
//! The pieces should be independent, so observations of the same fact are one piece.
//!
//! Each kind of evidence has a file. Its function `weigh()` returns which end is the server by this evidence, and how
//! strong that is. Its type `Fact` displays the evidence in words; kinds that one packet shows by itself use [`Seen`].

mod case;
mod seen;

pub(super) use case::Case;

use super::weights::Decibans;
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;
use seen::Seen;
use std::fmt;

/// The fact behind a piece of evidence. It displays in words: `first packet in frame 1`.
trait Observation: fmt::Display {
    /// Returns the kind of evidence in words that do not depend on the conversation, for statistics.
    fn kind(&self) -> &'static str;

    /// Returns the frame that shows the fact, if there is one.
    fn frame(&self) -> Option<u32> {
        None
    }
}

/// Declares the modules of all kinds of evidence, `Fact` with a variant for each kind that has a fact of its own, and
/// `all()`, which collects their pieces.
macro_rules! kinds {
    ($($file:ident $(=> $kind:ident)?,)*) => {
        $(pub(super) mod $file;)*

        /// The fact behind a piece of evidence. It displays in words: `first packet in frame 1`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            /// What one packet shows.
            Seen(Seen),
            $($(#[doc = concat!("The fact of `", stringify!($file), ".rs`.")] $kind($file::Fact),)?)*
        }

        impl Fact {
            /// Returns the frame that shows the fact, if there is one.
            pub fn frame(&self) -> Option<u32> {
                match self {
                    Self::Seen(fact) => fact.frame(),
                    $($(Self::$kind(fact) => fact.frame(),)?)*
                }
            }

            /// Returns the kind of evidence in words that do not depend on the conversation, for statistics.
            pub fn kind(&self) -> &'static str {
                match self {
                    Self::Seen(fact) => fact.kind(),
                    $($(Self::$kind(fact) => fact.kind(),)?)*
                }
            }
        }

        impl fmt::Display for Fact {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::Seen(fact) => fact.fmt(out),
                    $($(Self::$kind(fact) => fact.fmt(out),)?)*
                }
            }
        }

        impl From<Seen> for Fact {
            fn from(fact: Seen) -> Self {
                Self::Seen(fact)
            }
        }

        $($(impl From<$file::Fact> for Fact {
            fn from(fact: $file::Fact) -> Self {
                Self::$kind(fact)
            }
        })?)*

        /// The maximum number of pieces.
        const KINDS: usize = [$(stringify!($file)),*].len();

        /// Returns all pieces of evidence about a conversation.
        #[inline(always)]
        pub(super) fn all<K: PortKnowledge>(case: &Case<'_, K>) -> [Option<Piece>; KINDS] {
            [$($file::weigh(case)),*]
        }
    };
}

// To add a kind of evidence, write its file and add a line here.
kinds! {
    payload,
    syn_ack,
    cookie,
    listed => Listed,
    agreed => Agreed,
    data_request => DataRequest,
    other_handshakes => OtherHandshakes,
    peers => Peers,
    serving_host => ServingHost,
    own_range => OwnRange,
    start => Start,
    dissector => Dissector,
    form => Form,
    ports => Ports,
}

/// A piece of evidence about a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The server by this evidence.
    pub server: Side,
    /// The strength of the evidence, greater than 0.
    pub strength: Decibans,
    /// The fact behind the evidence.
    pub fact: Fact,
    /// Whether the piece stays the same until a packet of this conversation shows something new, or until all cache
    /// entries are invalidated ([`super::RoleTracker::record_unremarkable`]). If not, packets of other conversations
    /// can change it at any time.
    pub lasts: bool,
}

impl Piece {
    /// Creates a piece that lasts. Returns `None` if `strength` is not greater than 0.
    pub(super) fn new(server: Side, strength: Decibans, fact: impl Into<Fact>) -> Option<Self> {
        (strength.0 > 0).then(|| Self { server, strength, fact: fact.into(), lasts: true })
    }

    /// Like [`Self::new`], for a piece that other conversations can change at any time.
    pub(super) fn temporary(server: Side, strength: Decibans, fact: impl Into<Fact>) -> Option<Self> {
        Self::new(server, strength, fact).map(|piece| Self { lasts: false, ..piece })
    }

    /// Returns the strength by which the piece to report is chosen. It is that of [`Self::for_server`], but limited for
    /// port numbers, so that observed packets are reported before them.
    pub(super) fn strength_to_report(&self, side: Side) -> i32 {
        let strength = self.for_server(side);
        match self.fact {
            Fact::Ports(_) => strength.min(super::weights::LONE_SYN_ACK.0 - 1),
            _ => strength,
        }
    }

    /// Returns the strength in decibans for the end on `side` being the server. It is negative if the piece speaks
    /// against that.
    pub(super) fn for_server(&self, side: Side) -> i32 {
        if self.server == side { self.strength.0 } else { -self.strength.0 }
    }
}

/// Returns the maximum total strength, in decibans, of the pieces that do not last against a server at this port.
pub(super) fn most_temporary_strength(case: &Case<'_, impl PortKnowledge>, server: u16) -> i32 {
    peers::most(case.transport) + serving_host::most() + own_range::most(server) + start::most_temporary_strength(case)
}
