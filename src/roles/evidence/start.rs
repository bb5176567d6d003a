// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Who spoke first: the client, if the capture has the conversation's start, unless who was spoken to had just asked
//! somebody else, for whom this is the answer.

use super::{Case, Piece, Observation};
use crate::packet::End;
use crate::roles::conversation::Start;
use crate::roles::end_key::EndKey;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use crate::roles::weights::Decibans;
use std::fmt;

/// Who spoke first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The client did.
    SpokeFirst {
        /// The first frame of the conversation.
        frame: u32,
    },
    /// The server did, for another end that the client had asked.
    AnsweredForAnother {
        /// The client.
        client: End,
        /// Whom it had asked.
        asked: End,
    },
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        match self {
            Self::SpokeFirst { .. } => "first packet",
            Self::AnsweredForAnother { .. } => "asked another end",
        }
    }

    fn frame(&self) -> Option<u32> {
        match *self {
            Self::SpokeFirst { frame } => Some(frame),
            Self::AnsweredForAnother { .. } => None,
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SpokeFirst { frame } => write!(out, "first packet in frame {frame}"),
            Self::AnsweredForAnother { client, asked } => {
                write!(out, "{client} had asked {asked}, for which this answers")
            }
        }
    }
}

/// Who spoke first, or who had asked before. An acknowledgment after which there are neither data nor the other end's FIN
/// may as well be a probe or the answer to one.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    if let Some((asked, strength)) = asked_another(case) {
        let speaker = case.conversation.first_sender;
        let fact = Fact::AnsweredForAnother {
            client: case.end(speaker.other()),
            asked: case.conversations.ends.at(asked),
        };
        return Piece::passing(speaker, strength, fact);
    }
    let may_be_probe = case.conversation.payloads() == 0 && case.conversation.start != Start::ConfirmedAck;
    if may_be_probe || speaks_to_many(case) {
        return None;
    }
    /// Conversations that begin in these frames may have begun before.
    const BEGINNING: u32 = 10;
    let frame = case.conversation.first_frame();
    let strength = match case.transport {
        of if of.is_datagram() && frame <= BEGINNING => weights::FIRST_DATAGRAM_AT_START,
        of if of.is_datagram() => weights::FIRST_DATAGRAM,
        _ => match case.conversation.start {
            Start::BareAck | Start::ConfirmedAck => weights::FIRST_BARE_ACK,
            // A connection starts with neither: this is its middle, where either end may be the first that is seen.
            Start::End | Start::ToAll | Start::Other => Decibans(0),
        },
    };
    let piece = Piece::new(case.conversation.first_sender.other(), strength, Fact::SpokeFirst { frame })?;
    Some(Piece { lasts: case.transport.has_handshake(), ..piece })
}

/// Whether it is an accident who was seen first: who spoke first here did so to several others at ports of their own,
/// and is answered, as a server is whose conversations go on.
fn speaks_to_many(case: &Case<'_, impl PortKnowledge>) -> bool {
    case.transport.is_datagram()
        && case.conversation.is_answered()
        && case
            .facts(case.conversation.first_sender)
            .is_some_and(|facts| facts.peers() >= 3 && facts.spoke_first() >= 2 && !facts.peers_share_port())
}

/// Whom the end that was spoken to had asked, without an answer, if this looks like the answer: from the host or the
/// port that was asked, or for a group.
fn asked_another(case: &Case<'_, impl PortKnowledge>) -> Option<(EndKey, Decibans)> {
    if case.transport.has_handshake() {
        return None;
    }
    let speaker = case.conversation.first_sender;
    let asked = case.facts(speaker.other())?.first_peer()?;
    let (asker, answerer) = (case.conversation.end(speaker.other()), case.conversation.end(speaker));
    if asked == answerer {
        return None;
    }
    let question = case.conversations.between(asker, asked)?;
    let is_open = question.first_frame() <= case.conversation.first_frame()
        && question.end(question.first_sender) == asker
        && !question.is_answered();
    let strength = if case.conversations.ends.at(asked).is_group() {
        weights::ANSWERED_FOR_GROUP
    } else if asked.host() == answerer.host() || asked.port() == answerer.port() {
        weights::ANSWERED_FOR_ANOTHER
    } else {
        return None;
    };
    is_open.then_some((asked, strength))
}

/// The most that what passes can say: where it does not count now who spoke first, it may do so later.
pub(super) fn most_that_passes(case: &Case<'_, impl PortKnowledge>) -> i32 {
    if asked_another(case).is_some() || speaks_to_many(case) { weights::FIRST_DATAGRAM.0 } else { 0 }
}
