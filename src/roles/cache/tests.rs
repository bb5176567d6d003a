// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

use super::*;
use crate::packet::{Flags, TcpFields};
use crate::roles::RoleTracker;

fn segment(from: u16, to: u16, flags: u16, payload: &[u8]) -> Segment<'_> {
    Segment {
        transport: Transport::Tcp,
        source: End::new([192, 0, 2, 1], from),
        destination: End::new([192, 0, 2, 1], to),
        tcp: Some(TcpFields { sequence: 1, acknowledgment: 1, flags: Flags(flags) }),
        payload,
        quoted: false,
    }
}

/// Whether the fast path takes a packet that was dissected as another protocol than the known one.
fn covers(roles: &mut RoleTracker, segment: &Segment<'_>) -> bool {
    roles.cached(segment).is_some_and(|hit| roles.observe_by_cache(99, hit, segment, || Some(8)))
}

/// Returns a tracker that has observed the handshake of a connection in both directions.
fn opened(protocol_known: bool) -> RoleTracker {
    let mut roles = RoleTracker::default();
    for (number, flags) in [Flags::SYN, Flags::SYN | Flags::ACK, Flags::ACK, Flags::ACK].into_iter().enumerate() {
        let (from, to) = if number % 2 == 0 { (1140, 80) } else { (80, 1140) };
        roles.observe_and(number as u32 + 1, &segment(from, to, flags, b""), |conversation| {
            if protocol_known {
                conversation.record_protocol(7, |port| port == 80, || None, |_| false);
            }
        });
    }
    roles
}

#[test]
fn packets_that_can_show_something_new_are_not_covered() {
    for (protocol_known, flags, payload, covered) in [
        (false, Flags::ACK, &b""[..], true),
        (false, Flags::ACK, b"data", false),
        (true, Flags::ACK, b"", true),
        (true, Flags::ACK, b"data", true),
        (true, Flags::ACK, b"PORT 10,0,0,1,19,137\r\n", false),
        (true, Flags::SYN, b"", false),
        (true, Flags::FIN | Flags::ACK, b"", false),
        (true, Flags::RST, b"", false),
    ] {
        let mut roles = opened(protocol_known);
        for (from, to) in [(1140, 80), (80, 1140)] {
            let segment = segment(from, to, flags, payload);
            assert_eq!(covers(&mut roles, &segment), covered, "{protocol_known} {segment:?}");
        }
        assert!(!covers(&mut roles, &segment(1141, 80, Flags::ACK, b"")));
        let data = segment(1140, 80, Flags::ACK, b"data");
        for protocol in [None, protocol_known.then_some(7)] {
            let hit = roles.cached(&data).unwrap();
            assert!(roles.observe_by_cache(99, hit, &data, || protocol), "no other protocol");
        }
    }
}

#[test]
fn without_a_handshake_the_fast_path_searches_payloads() {
    let mut roles = RoleTracker::default();
    roles.observe(1, &segment(1140, 80, Flags::ACK, b""));
    assert!(covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
    assert!(!covers(&mut roles, &segment(1140, 80, Flags::ACK, b"data")), "its protocol is not known yet");
    roles.observe_and(2, &segment(1140, 80, Flags::ACK, b"data"), |conversation| {
        conversation.record_protocol(7, |port| port == 80, || None, |_| false);
    });
    let get = segment(1140, 80, Flags::ACK, b"GET / HTTP/1.1\r\n");
    let place = roles.find(2, &get).unwrap();
    for frame in 3..3 + 62 {
        let back = segment(80, 1140, Flags::ACK, b"data");
        let hit = roles.cached(&back).unwrap();
        assert!(!hit.awaits_nothing() && roles.observe_by_cache(frame, hit, &back, || None));
        assert_eq!(usize::from(roles.conversation(place).payloads()), frame as usize - 1);
    }
    let hit = roles.cached(&get).unwrap();
    assert!(roles.observe_by_cache(70, hit, &get, || None), "the 64th payload");
    let sign = roles.conversation(place).sign.unwrap();
    assert_eq!((sign.sign.what, sign.client, sign.frame), ("HTTP request", place.sender, 70));
    assert!(roles.cached(&get).unwrap().awaits_nothing());
    assert!(!covers(&mut roles, &segment(1140, 80, Flags::SYN | Flags::ACK, b"")));
}

#[test]
fn the_fast_path_takes_no_new_sign_of_an_unremarkable_conversation() {
    let mut roles = RoleTracker::default();
    let data = segment(1140, 8080, Flags::ACK, b"data");
    let get = segment(8080, 1140, Flags::ACK, b"GET / HTTP/1.1\r\n");
    let place = roles
        .observe_and(1, &data, |conversation| conversation.record_protocol(7, |port| port == 8080, || None, |_| false))
        .unwrap();
    for (noted, is_taken) in [(true, false), (false, true)] {
        if noted {
            roles.record_unremarkable(place, &data);
        } else {
            roles.observe(2, &data);
        }
        let hit = roles.cached(&get).unwrap();
        assert!(hit.is_unremarkable() == noted && roles.observe_by_cache(3, hit, &data, || None));
        assert_eq!(roles.observe_by_cache(4, hit, &get, || None), is_taken);
        assert_eq!(roles.conversation(place).sign.is_some(), is_taken);
    }
}

#[test]
fn a_table_too_small_for_the_active_conversations_grows() {
    let mut roles = RoleTracker::default();
    let between = |host: u32| Segment {
        source: End::new(std::net::Ipv4Addr::from(host), 1140),
        ..segment(1140, 80, Flags::ACK, b"")
    };
    for host in 0..20_000 {
        roles.observe(9, &between(host));
    }
    assert_eq!(roles.cache.slots().0, 4096, "none of them is active yet");
    // The key of the hash is random, so the number of rounds until the table stops growing is not known. To grow
    // empties the table, so the next round looks the conversations up again.
    loop {
        let slots = roles.cache.slots();
        for host in 0..20_000 {
            if roles.cached(&between(host)).is_none() {
                roles.observe(10, &between(host));
            }
        }
        if roles.cache.slots() == slots {
            break;
        }
    }
    assert!(matches!(roles.cache.slots().0, 32_768 | 65_536), "{:?}", roles.cache.slots());
    let covered = (0..20_000).filter(|host| covers(&mut roles, &between(*host))).count();
    assert!(covered > 18_000, "{covered}");
}

#[test]
fn the_table_grows_to_its_limit_and_no_further() {
    let mut cache = ConversationCache {
        sets: vec![Set::default(); ConversationCache::FEWEST_SLOTS / WAYS],
        ..ConversationCache::default()
    };
    for _ in 0..20 {
        cache.crowded = ConversationCache::MOST_SLOTS;
        if cache.is_crowded(ConversationCache::MOST_SLOTS) {
            cache.grow();
        }
    }
    assert_eq!(cache.slots(), (ConversationCache::MOST_SLOTS, ConversationCache::MOST_SLOTS));
}

#[test]
fn a_cache_hit_has_the_place_of_a_packet() {
    let mut roles = opened(true);
    for (from, to) in [(1140, 80), (80, 1140)] {
        let segment = segment(from, to, Flags::ACK, b"");
        assert_eq!(roles.cached(&segment).map(CacheHit::place), roles.find(9, &segment));
    }
    // IPv6 addresses get numbers in the order in which they are seen, which need not be their own order.
    for (one, other) in [(2u128, 1u128), (1, 3), (3, 2)] {
        let ends = [one, other].map(|host| End::new(std::net::Ipv6Addr::from(host), 80));
        let [there, back] = [(0, 1), (1, 0)].map(|(from, to)| Segment {
            source: ends[from],
            destination: ends[to],
            ..segment(80, 80, Flags::ACK, b"")
        });
        roles.observe(10, &there);
        for segment in [there, back] {
            assert_eq!(roles.cached(&segment).map(CacheHit::place), roles.find(11, &segment));
        }
    }
}

#[test]
fn an_ipv4_mapped_address_is_not_the_ipv4_address() {
    let mut roles = opened(true);
    let mapped = std::net::Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped();
    let other = Segment {
        source: End::new(mapped, 1140),
        destination: End::new(mapped, 80),
        ..segment(1140, 80, Flags::ACK, b"")
    };
    assert!(roles.cached(&other).is_none());
    assert!(covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
}

#[test]
fn the_next_connection_on_the_same_ports_is_another() {
    let mut roles = opened(true);
    let syn = Segment {
        tcp: Some(TcpFields { sequence: 900, acknowledgment: 0, flags: Flags(Flags::SYN) }),
        ..segment(1140, 80, 0, b"")
    };
    let first = roles.find(9, &syn).unwrap();
    roles.observe(9, &syn);
    for (from, to) in [(1140, 80), (80, 1140)] {
        let data = segment(from, to, Flags::ACK, b"data");
        assert_ne!(roles.cached(&data).unwrap().place().conversation, first.conversation);
        assert!(!covers(&mut roles, &data), "its protocol may be another");
    }
}

/// Returns how many bits of a hash are compared: in how many bits a hash can differ and be recognized as another one.
fn compared_bits(slots: usize) -> u32 {
    let cache = ConversationCache { sets: vec![Set::default(); slots / WAYS], ..ConversationCache::default() };
    let hash = 0x0123_4567_89ab_cdef_u64;
    let slot = hash & CacheHit::TAG | CacheHit::USED;
    assert!(has_hash(slot, hash));
    let is_other = |bit: &u32| {
        let other = hash ^ 1 << bit;
        cache.index(other) != cache.index(hash) || !has_hash(slot, other)
    };
    (0..u64::BITS).filter(is_other).count() as u32
}

#[test]
fn at_least_48_bits_of_a_hash_are_compared() {
    assert_eq!([ConversationCache::FEWEST_SLOTS, ConversationCache::MOST_SLOTS].map(compared_bits), [48, 57]);
}

#[test]
fn a_forgotten_conversation_is_not_covered() {
    let mut roles = RoleTracker::with_limit(1);
    roles.observe(1, &segment(1140, 80, Flags::SYN, b""));
    assert!(covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
    roles.observe(2, &segment(1141, 80, Flags::SYN, b""));
    assert!(!covers(&mut roles, &segment(1140, 80, Flags::ACK, b"")));
}
