// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the user sets by hand for one conversation.

use super::*;

const CONNECTION: (&str, &str) = ("10.0.0.1:1140", "10.0.0.2:80");

/// Two connections on the same ports, one after the other, and a third that shares one end with them.
fn segments() -> Vec<Segment<'static>> {
    let (client, server) = CONNECTION;
    let first = handshake(client, server);
    let end = tcp(client, server, Flags::RST, b"");
    let third = handshake("10.0.0.3:40000", server);
    let mut segments: Vec<_> = [&first[..], &[end], &first, &third].concat().iter().map(Sent::segment).collect();
    // The second one is no repetition of the first.
    for tcp in segments[3..5].iter_mut().filter_map(|segment| segment.tcp.as_mut()) {
        tcp.sequence = 1_000_000;
        tcp.acknowledgment = 1_000_001;
    }
    segments
}

/// Observes the packets. Returns for each which end is the client, how sure that is, and why.
fn clients(roles: &mut RoleTracker, segments: &[Segment<'_>]) -> Vec<Option<(End, Confidence, String)>> {
    for (frame, segment) in (1..).zip(segments) {
        roles.observe(frame, segment);
    }
    let said = |(frame, segment): (u32, &Segment<'_>)| {
        let verdict = roles.verdict(roles.find(frame, segment)?, segment, Some(&Knowledge))?;
        let client = if verdict.client == Party::Source { segment.source } else { segment.destination };
        Some((client, verdict.confidence, verdict.evidence.to_string()))
    };
    (1..).zip(segments).map(said).collect()
}

fn set(roles: &mut RoleTracker, segments: &[Segment<'_>], frame: u32, client: Option<Party>) -> bool {
    let place = roles.find(frame, &segments[frame as usize - 1]).expect("a conversation");
    roles.set_client(place, client)
}

fn again(before: RoleTracker) -> RoleTracker {
    let mut roles = RoleTracker::default();
    roles.take_over_settings(before);
    roles
}

#[test]
fn it_goes_before_the_handshake_on_all_segments_of_its_conversation_and_no_other() {
    let (mut roles, segments) = (RoleTracker::default(), segments());
    let found = clients(&mut roles, &segments);
    assert!(set(&mut roles, &segments, 2, Some(Party::Source)));
    let by_hand = (end(CONNECTION.1), Confidence::Declared, "set by hand".to_owned());
    let mut expected = found.clone();
    expected[..3].fill(Some(by_hand));
    // Also when the file is dissected again.
    let mut roles = again(roles);
    assert_eq!(clients(&mut roles, &segments), expected);
    let mut roles = again(roles);
    assert_eq!(clients(&mut roles, &segments), expected);
    assert!(set(&mut roles, &segments, 3, None));
    assert_eq!(clients(&mut again(roles), &segments), found);
}

#[test]
fn of_the_later_of_two_on_the_same_ports() {
    let (mut roles, segments) = (RoleTracker::default(), segments());
    let mut expected = clients(&mut roles, &segments);
    assert!(set(&mut roles, &segments, 4, Some(Party::Destination)));
    expected[3..5].fill(Some((end(CONNECTION.1), Confidence::Declared, "set by hand".to_owned())));
    assert_eq!(clients(&mut again(roles), &segments), expected);
}

#[test]
fn what_is_set_already_changes_nothing() {
    let (mut roles, segments) = (RoleTracker::default(), segments());
    clients(&mut roles, &segments);
    assert!(!set(&mut roles, &segments, 1, None));
    assert!(set(&mut roles, &segments, 1, Some(Party::Source)));
    // The same end.
    assert!(!set(&mut roles, &segments, 2, Some(Party::Destination)));
    assert!(set(&mut roles, &segments, 2, Some(Party::Source)));
}

/// `None`, or setting another client, removes the setting.
#[test]
fn by_which_server_a_conversation_is_decoded() {
    let (mut roles, segments) = (RoleTracker::default(), segments());
    clients(&mut roles, &segments);
    let server = |roles: &RoleTracker, frame: u32| {
        roles.decoding_server(roles.find(frame, &segments[frame as usize - 1]).expect("a conversation"))
    };
    let decode = |roles: &mut RoleTracker| {
        let place = roles.find(1, &segments[0]).expect("a conversation");
        roles.set_decoding_server(place, Party::Destination)
    };
    assert!(!roles.has_decoding_servers() && decode(&mut roles) && !decode(&mut roles));
    let mut roles = again(roles);
    clients(&mut roles, &segments);
    assert!(roles.has_decoding_servers());
    let found = [1, 2, 3, 4, 5].map(|frame| server(&roles, frame));
    let by = Some(end(CONNECTION.1));
    assert_eq!(found, [by, by, by, None, None], "only the earlier of two connections on the same ports");
    assert!(set(&mut roles, &segments, 1, Some(Party::Source)));
    assert_eq!(server(&roles, 2), by, "the client is the same");
    assert!(set(&mut roles, &segments, 1, Some(Party::Destination)));
    assert_eq!(server(&roles, 2), None, "it is the client");
    assert!(decode(&mut roles) && set(&mut roles, &segments, 2, None));
    assert!(!roles.has_decoding_servers());
}

#[test]
fn it_counts_without_inference_and_where_nothing_is_known() {
    let (mut roles, segments) = (RoleTracker::default(), [ack(ENDS[0].0, ENDS[0].1), ack(ENDS[0].1, ENDS[0].0)]);
    assert_eq!(verdict_after(&mut roles, &segments), None);
    let segment = segments[0].segment();
    assert!(set(&mut roles, &[segment], 1, Some(Party::Destination)));
    let place = roles.find(1, &segment).expect("a conversation");
    let verdict = roles.verdict(place, &segment, None::<&Knowledge>).expect("a verdict");
    assert_eq!((verdict.client, verdict.is_final), (Party::Destination, true));
    assert_eq!(roles.pieces(&verdict, &segment, &Knowledge).count(), 0);
}

/// What the cache recorded before does not count any more.
#[test]
fn what_was_noted_before_is_forgotten() {
    let (mut roles, segments) = (RoleTracker::default(), &segments()[..2]);
    clients(&mut roles, segments);
    let sent = tcp(CONNECTION.0, CONNECTION.1, Flags::ACK, b"");
    let segment = sent.segment();
    let place = roles.observe(3, &segment).expect("a conversation");
    roles.record_unremarkable(place, &segment);
    assert!(roles.cached(&segment).is_some_and(|hit| hit.is_unremarkable()));
    roles.set_client(place, Some(Party::Destination));
    assert!(roles.cached(&segment).is_none_or(|hit| !hit.is_unremarkable()));
}
