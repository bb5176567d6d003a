// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

use super::super::end_facts::EndFacts;
use super::*;

fn pair(number: u32) -> (End, End) {
    (End::new(std::net::Ipv4Addr::from(number), 40_000), End::new([192, 0, 2, 1], 80))
}

fn enter(conversations: &mut Conversations, number: u32) -> Place {
    let (source, destination) = pair(number);
    conversations.find_or_start(number, Transport::Tcp, source, destination).0
}

fn find(conversations: &Conversations, frame: u32, number: u32) -> Option<Place> {
    let (source, destination) = pair(number);
    conversations.find(frame, Transport::Tcp, source, destination)
}

#[test]
fn both_directions_are_one_conversation() {
    let mut conversations = Conversations::default();
    let (source, destination) = pair(1);
    let there = enter(&mut conversations, 1);
    let (back, made) = conversations.find_or_start(2, Transport::Tcp, destination, source);
    assert!(!made);
    assert_eq!((there.conversation, there.sender), (back.conversation, back.sender.other()));
}

#[test]
fn transports_are_kept_apart() {
    let mut conversations = Conversations::default();
    enter(&mut conversations, 1);
    let (source, destination) = pair(1);
    assert!(conversations.find_or_start(2, Transport::Udp, source, destination).1);
}

#[test]
fn a_frame_finds_the_conversation_of_its_time() {
    let mut conversations = Conversations::default();
    let first = enter(&mut conversations, 1);
    let second = conversations.start_next(10, first);
    assert_eq!(find(&conversations, 9, 1), Some(first));
    assert_eq!(find(&conversations, 10, 1), Some(second));
    assert_eq!(find(&conversations, 0, 1), None);
}

#[test]
fn peers_are_counted() {
    let mut conversations = Conversations::default();
    for number in 1..=7 {
        let place = enter(&mut conversations, number);
        conversations.start_next(100, place);
    }
    let server = conversations.ends.key_of(Transport::Tcp, pair(1).1).unwrap();
    assert_eq!(conversations.ends.facts(server).unwrap().peers(), 7);
}

#[test]
fn the_number_of_entries_is_bounded() {
    let mut conversations = Conversations::with_limit(100);
    for number in 0..10_000 {
        enter(&mut conversations, number);
    }
    assert_eq!((conversations.len(), conversations.latest.len()), (100, 100));
    assert!(conversations.ends.counts()[0] <= 101, "{} ends", conversations.ends.counts()[0]);
    assert!(find(&conversations, 9_999, 9_999).is_some());
    assert_eq!(find(&conversations, 0, 0), None);
}

/// The facts about a conversation's ends are removed with the conversation.
#[test]
fn what_is_forgotten_leaves_nothing() {
    let host = |number: u32| End::new(std::net::Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(number)), 40_000);
    let server = End::new(std::net::Ipv6Addr::LOCALHOST, 80);
    let mut conversations = Conversations::with_limit(400);
    let mut expected = None;
    for round in 0..5 {
        for number in 0..400 {
            let (frame, client) = (round * 1000 + number, host(round * 1000 + number));
            let (place, made) = conversations.find_or_start(frame, Transport::Tcp, client, server);
            conversations.record_serving(place.conversation, place.sender.other());
            let (client, server) = (conversations.get(place.conversation), place.sender.other());
            let (client, server) = (client.end(place.sender), client.end(server));
            assert!(made);
            conversations.ends.record_opened(client, server);
            conversations.ends.record_deliberate_port(client);
            conversations.get_mut(place.conversation).record_protocol(7, |_| false, || None, |_| false);
            conversations.record_dissected(place.conversation, frame);
            assert_eq!(conversations.ends.protocol_of(server), Some(7));
            let facts = conversations.ends.facts(server).map(EndFacts::peers);
            assert_eq!(facts, Some(if round == 0 { (number + 1).min(255) } else { 255 }));
        }
        let kept = (conversations.len(), conversations.ends.counts());
        assert_eq!(*expected.get_or_insert(kept), kept, "round {round}");
    }
    assert_eq!(expected, Some((400, [402, 401, 2, 401])), "the server's facts, and its host's, which have many peers");
    for number in 0..400 {
        let pair = (End::new(std::net::Ipv4Addr::from(number), 1), End::new(std::net::Ipv4Addr::from(number), 2));
        conversations.find_or_start(9000 + number, Transport::Tcp, pair.0, pair.1);
    }
    assert_eq!(conversations.ends.counts(), [800, 0, 0, 0]);
    assert_eq!(conversations.forgotten_count(), 5 * 400);
}

#[test]
fn each_of_many_conversations_of_the_same_ends_is_found() {
    let mut conversations = Conversations::with_limit(5000);
    let mut place = enter(&mut conversations, 1);
    let mut places = vec![place];
    for number in 1..10_000 {
        place = conversations.start_next(10 * number, place);
        places.push(place);
    }
    for (number, place) in (0..).zip(places) {
        let is_kept = number >= 5000;
        for frame in [10 * number, 10 * number + 9] {
            assert_eq!(find(&conversations, frame, 1), is_kept.then_some(place), "{frame}");
        }
    }
    assert_eq!(conversations.earlier.len(), 4999);
    let server = conversations.ends.key_of(Transport::Tcp, pair(1).1).unwrap();
    assert_eq!(conversations.ends.facts(server).unwrap().peers(), 1);
}

#[test]
fn one_forgotten_in_the_middle_leaves_its_frames_to_nobody() {
    let mut conversations = Conversations::with_limit(3);
    let one = enter(&mut conversations, 1);
    let two = conversations.start_next(10, one);
    let three = conversations.start_next(20, two);
    for place in [three, one] {
        conversations.record_use(place.conversation);
    }
    enter(&mut conversations, 2);
    let found = [9, 10, 19, 20].map(|frame| find(&conversations, frame, 1));
    assert_eq!(found, [Some(one), None, None, Some(three)]);
}

#[test]
fn what_was_idle_longest_is_forgotten_first() {
    let mut conversations = Conversations::with_limit(100);
    let places: Vec<Place> = (0..100).map(|number| enter(&mut conversations, number)).collect();
    let used = [7, 3, 50];
    for number in used {
        conversations.record_use(places[number as usize].conversation);
    }
    for number in 100..197 {
        enter(&mut conversations, number);
    }
    let kept: Vec<u32> = (0..100).filter(|number| find(&conversations, 1000, *number).is_some()).collect();
    assert_eq!(kept, [3, 7, 50]);
    for number in 197..200 {
        enter(&mut conversations, number);
        let first = used[number as usize - 197];
        assert_eq!(find(&conversations, 1000, first), None, "{first}");
    }
}

#[test]
fn a_forgotten_entry_does_not_answer_for_its_successor() {
    let mut conversations = Conversations::with_limit(2);
    let first = enter(&mut conversations, 1);
    conversations.start_next(5, first);
    enter(&mut conversations, 6);
    assert_eq!(find(&conversations, 2, 1), None);
}

#[test]
fn a_conversation_that_replaced_its_predecessor_is_found_alone() {
    let mut conversations = Conversations::with_limit(1);
    let first = enter(&mut conversations, 1);
    conversations.start_next(5, first);
    assert_eq!(find(&conversations, 2, 1), None);
    assert!(find(&conversations, 5, 1).is_some());
}
