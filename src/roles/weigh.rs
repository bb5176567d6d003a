// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Adds up the evidence about a conversation whose handshake was not captured.

use super::conversations::Conversations;
use super::ends::can_be_final_client;
use super::evidence::{self, Case, Fact, Piece};
use super::place::Place;
use super::ports::PortKnowledge;
use super::verdict::{Confidence, Evidence, Lack, Undecided, Verdict};
use super::weights::{ENOUGH, STRONG};
use crate::packet::{Segment, Side};

/// Returns the verdict about a conversation without a handshake, or `None` if the evidence is too weak or the client
/// would have a group or broadcast address.
pub(super) fn weigh(
    conversations: &Conversations,
    place: Place,
    segment: &Segment<'_>,
    knowledge: &impl PortKnowledge,
) -> Option<Verdict> {
    let case = Case::new(conversations, place, segment, knowledge);
    let frame = case.conversation.first_frame();
    if knowledge.has_no_client(case.conversation.dissected) {
        return Some(without_client(&case, place, Evidence::NoClient { frame }));
    }
    if let Some(seen) = case.conversation.sign.filter(|_| case.conversation.is_between_peers()) {
        let evidence = Evidence::BothAsked { what: seen.sign.what, frame: seen.frame };
        return Some(without_client(&case, place, evidence));
    }
    let pieces = evidence::all(&case);
    let sum = |counts: fn(&Piece) -> bool, side| -> i32 {
        pieces.iter().flatten().filter(|piece| counts(piece)).map(|piece| piece.for_server(side)).sum()
    };
    let for_low = sum(|_| true, Side::Low);
    if for_low.abs() < ENOUGH {
        return None;
    }
    let server = if for_low > 0 { Side::Low } else { Side::High };
    if case.is_group_or_broadcast(server.other()) {
        return None;
    }
    let strongest = pieces.iter().flatten().max_by_key(|piece| piece.strength_to_report(server))?;
    // The evidence of who spoke first only counts from the first payload on, so no verdict is final before.
    let is_final = case.conversation.payloads() > 0
        && can_be_final_client(case.end(server.other()).port)
        && sum(|piece| piece.lasts, server) - evidence::most_temporary_strength(&case, case.end(server).port) > -ENOUGH;
    Some(Verdict {
        client: place.party(server.other()),
        confidence: if for_low.abs() >= STRONG { Confidence::Strong } else { Confidence::Weak },
        evidence: Evidence::Weighed(strongest.fact),
        is_final,
        place,
    })
}

/// Returns what the evidence shows about a conversation for which [`weigh`] returns `None`.
pub(super) fn undecided(
    conversations: &Conversations,
    place: Place,
    segment: &Segment<'_>,
    knowledge: &impl PortKnowledge,
) -> Undecided {
    let case = Case::new(conversations, place, segment, knowledge);
    let pieces = evidence::all(&case);
    if pieces.iter().all(Option::is_none) {
        return Undecided { client: None, lack: Lack::Evidence, place };
    }
    let for_low: i32 = pieces.iter().flatten().map(|piece| piece.for_server(Side::Low)).sum();
    let client = match for_low {
        0 => case.conversation.first_sender,
        1.. => Side::High,
        _ => Side::Low,
    };
    let lack = match for_low.abs() {
        sum @ ..ENOUGH => Lack::Weight { sum, enough: ENOUGH },
        _ => Lack::Client { group: case.end(client).address() },
    };
    Undecided { client: Some(place.party(client)), lack, place }
}

/// Returns the pieces of evidence about a conversation, the heaviest first. Each is a weight in decibans for `server`
/// being the server, negative if it speaks against that, and the fact behind it.
pub(super) fn pieces<K: PortKnowledge>(
    conversations: &Conversations,
    place: Place,
    server: Side,
    segment: &Segment<'_>,
    knowledge: &K,
) -> impl Iterator<Item = (i32, Fact)> + use<K> {
    let case = Case::new(conversations, place, segment, knowledge);
    let mut pieces = evidence::all(&case);
    let weight = move |piece: &Option<Piece>| piece.map_or(0, |piece| piece.for_server(server));
    pieces.sort_by_key(|piece| -weight(piece).abs());
    pieces.into_iter().flatten().map(move |piece| (piece.for_server(server), piece.fact))
}

/// Returns the verdict about a conversation that has no client. The end that spoke first is called the client.
fn without_client<K: PortKnowledge>(case: &Case<'_, K>, place: Place, evidence: Evidence) -> Verdict {
    let client = place.party(case.conversation.first_sender);
    Verdict { client, confidence: Confidence::Weak, evidence, is_final: false, place }
}
