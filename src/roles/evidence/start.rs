// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The end that spoke first. It is the client if the capture has the start of the conversation. It is the server if the
//! other end had asked somebody else, and this is the answer.

use super::{Case, Piece, Observation};
use crate::packet::{End, Side};
use crate::roles::conversation::{Conversation, Start};
use crate::roles::end_key::EndKey;
use crate::roles::ports::{LOWEST_EPHEMERAL, PortKnowledge};
use crate::roles::weights;
use crate::roles::weights::Decibans;
use std::fmt;

/// The end that spoke first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The client spoke first.
    SpokeFirst {
        /// The first frame of the conversation.
        frame: u32,
    },
    /// The server spoke first, in answer to a question of the client to another end.
    AnsweredForAnother {
        /// The client.
        client: End,
        /// The end that the client had asked.
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

/// Returns the evidence of who spoke first, or who had asked before. There is none for an ACK that neither data nor the
/// other end's FIN follows, since it may be a probe or the answer to one.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    if let Some((asked, strength)) = earlier_question(case) {
        let speaker = case.conversation.first_sender;
        let fact = Fact::AnsweredForAnother {
            client: case.end(speaker.other()),
            asked: case.conversations.ends.end_of(asked),
        };
        return Piece::temporary(speaker, strength, fact);
    }
    let may_be_probe = case.conversation.payloads() == 0 && case.conversation.start != Start::ConfirmedAck;
    if may_be_probe || speaks_to_many(case) {
        return None;
    }
    /// Conversations that begin up to this frame may have begun before the capture.
    const BEGINNING: u32 = 10;
    let frame = case.conversation.first_frame();
    let strength = match case.transport {
        transport if transport.is_datagram() && frame <= BEGINNING => weights::FIRST_DATAGRAM_AT_START,
        transport if transport.is_datagram() => weights::FIRST_DATAGRAM,
        _ => match case.conversation.start {
            Start::BareAck | Start::ConfirmedAck => weights::FIRST_BARE_ACK,
            // No connection starts like this. It is the middle of one, where either end may be seen first.
            Start::End | Start::ToAll | Start::Other => Decibans(0),
        },
    };
    let piece = Piece::new(case.conversation.first_sender.other(), strength, Fact::SpokeFirst { frame })?;
    Some(Piece { lasts: case.transport.has_handshake(), ..piece })
}

/// Whether the end that spoke first looks like a server whose conversations began before the capture: it spoke first to
/// several others at different ports, and is answered. Then it is a coincidence which end is seen first.
fn speaks_to_many(case: &Case<'_, impl PortKnowledge>) -> bool {
    case.transport.is_datagram()
        && case.conversation.is_answered()
        && case
            .facts(case.conversation.first_sender)
            .is_some_and(|facts| facts.peers() >= 3 && facts.spoke_first_count() >= 2 && !facts.peers_share_port())
}

/// Returns the end that this conversation seems to answer for, and how strong that evidence is.
///
/// The receiver of the first packet had asked that end and was not answered. This conversation looks like the answer if
/// the question went to a group, to the same host, or to the same port.
fn earlier_question(case: &Case<'_, impl PortKnowledge>) -> Option<(EndKey, Decibans)> {
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
    let strength = if is_everybody(case.conversations.ends.end_of(asked), question) {
        // Who announces a service to everybody is asked there from a port picked by chance, and answers.
        let is_service = asker.port() < LOWEST_EPHEMERAL || asker.port() == asked.port();
        let is_by_chance = answerer.port() >= LOWEST_EPHEMERAL && answerer.port() != asked.port();
        if is_service && is_by_chance && case.conversation.is_answered() {
            return None;
        }
        weights::ANSWERED_FOR_GROUP
    } else if asked.host() == answerer.host() || asked.port() == answerer.port() {
        weights::ANSWERED_FOR_ANOTHER
    } else {
        return None;
    };
    is_open.then_some((asked, strength))
}

/// Whether this conversation is the answer to what `asker` asked another end.
pub(super) fn answers_for_another(case: &Case<'_, impl PortKnowledge>, asker: Side) -> bool {
    case.conversation.first_sender != asker && earlier_question(case).is_some()
}

/// Whether an end that did not answer a question stands for everybody: a group or a broadcast address (see
/// [`Case::is_group_or_broadcast`]).
fn is_everybody(asked: End, question: &Conversation) -> bool {
    let was_sent_to_all = question.start == Start::ToAll && asked.is_last_of_some_subnet();
    asked.is_group() || asked.may_be_broadcast() || was_sent_to_all
}

/// Returns the maximum weight that who spoke first may get later, if it does not count now.
pub(super) fn most_temporary_strength(case: &Case<'_, impl PortKnowledge>) -> i32 {
    if earlier_question(case).is_some() || speaks_to_many(case) { weights::FIRST_DATAGRAM.0 } else { 0 }
}
