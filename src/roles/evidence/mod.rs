// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The evidence for roles where no handshake was captured: independent observations, each with a
//! strength, added up in [`super::weigh`]. What comes from the same fact is in the same piece.

pub(super) mod agreed;
mod case;
mod dissector;
pub(super) mod ends;
mod form;
mod known;
mod own_range;
mod payload;
mod ports;
mod start;
mod syn_ack;

pub(super) use case::Case;

use super::verdict::Evidence;
use super::weights::Decibans;
use crate::packet::Side;
use crate::roles::ports::PortKnowledge;

/// What one piece of evidence says about a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Which end it makes the server.
    pub server: Side,
    /// How strongly; more than 0.
    pub strength: Decibans,
    /// In what words.
    pub evidence: Evidence,
    /// Whether it changes only with the conversation's own packets, or in a way that has everything forgotten that was
    /// noted ([`super::Roles::note_unremarkable`]).
    pub lasts: bool,
}

impl Piece {
    /// One that lasts; `None` if it has no strength.
    pub(super) fn new(server: Side, strength: Decibans, evidence: Evidence) -> Option<Self> {
        (strength.0 > 0).then_some(Self { server, strength, evidence, lasts: true })
    }

    /// The same of one that other conversations change.
    pub(super) fn passing(server: Side, strength: Decibans, evidence: Evidence) -> Option<Self> {
        Self::new(server, strength, evidence).map(|piece| Self { lasts: false, ..piece })
    }

    /// The same, to choose the piece to tell: what was clearly seen comes before what numbers suggest.
    pub(super) fn tells(&self, side: Side) -> i32 {
        let strength = self.for_server(side);
        match self.evidence {
            Evidence::Ports { .. } => strength.min(super::weights::LONE_SYN_ACK.0 - 1),
            _ => strength,
        }
    }

    /// How strongly it speaks for a side being the server.
    pub(super) fn for_server(&self, side: Side) -> i32 {
        if self.server == side { self.strength.0 } else { -self.strength.0 }
    }
}

/// How many pieces there can be.
const KINDS: usize = 12;

/// All pieces of evidence about a conversation. Another kind is a file with its function, and a line here.
#[inline(always)]
pub(super) fn all<K: PortKnowledge>(case: &Case<'_, K>) -> [Option<Piece>; KINDS] {
    [
        payload::weigh(case),
        syn_ack::weigh(case),
        agreed::listens(case),
        agreed::asked(case),
        known::weigh(case),
        ends::others(case),
        ends::hosts(case),
        own_range::weigh(case),
        start::weigh(case),
        dissector::weigh(case),
        form::weigh(case),
        ports::weigh(case),
    ]
}

/// The most that the pieces that do not last can say together against a server at this port.
pub(super) fn most_that_passes(case: &Case<'_, impl PortKnowledge>, server: u16) -> i32 {
    ends::most(case.transport) + own_range::most(server) + start::most_that_passes(case)
}
