// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The cost of a million conversations: little memory, and constant time for each packet.

use ephemeral::packet::{End, Flags, Segment, TcpFields, Transport};
use ephemeral::roles::{PortKnowledge, RoleTracker};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Mutex;
use std::time::Instant;

const MILLION: u32 = 1_000_000;

/// Lets one test run at a time, because they measure the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// A host that knows nothing about ports.
struct Nothing;

impl PortKnowledge for Nothing {
    fn is_named(&self, _: Transport, _: u16) -> bool {
        false
    }

    fn protocol(&self, _: Transport, _: u16) -> Option<i32> {
        None
    }

    fn is_listed_server(&self, _: u16) -> bool {
        false
    }
}

/// Returns the resident memory of this process, in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("this is Linux");
    let pages: usize = pages.split(' ').nth(1).expect("resident pages").parse().expect("a number");
    // The page size on x86-64.
    pages * 4096
}

#[derive(Clone, Copy)]
enum Family {
    V4,
    V6,
}

/// Returns the ends of a conversation: a client for each number, and one of a thousand servers.
fn ends(number: u32, family: Family) -> (End, End) {
    // The factor is odd, so that consecutive numbers give distant addresses.
    let scattered = number.wrapping_mul(2_654_435_761);
    let (client, server): (IpAddr, IpAddr) = match family {
        Family::V4 => (Ipv4Addr::from(scattered).into(), Ipv4Addr::from(0xc633_6400 + number % 1000).into()),
        Family::V6 => (
            Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(scattered)).into(),
            Ipv6Addr::from(0x2001_0db8_0001 << 80 | u128::from(number % 1000)).into(),
        ),
    };
    (End::new(client, 1024 + (number % 60_000) as u16), End::new(server, 443))
}

fn segment(source: End, destination: End, flags: u16, payload: &'static [u8]) -> Segment<'static> {
    let tcp = Some(TcpFields { sequence: 1, acknowledgment: 2, flags: Flags(flags) });
    Segment { transport: Transport::Tcp, source, destination, tcp, payload, quoted: false }
}

/// Returns the packets of a conversation, with its handshake or from its middle.
fn packets((client, server): (End, End), with_handshake: bool) -> [Segment<'static>; 4] {
    let (syn, syn_ack) = if with_handshake { (Flags::SYN, Flags::SYN | Flags::ACK) } else { (Flags::ACK, Flags::ACK) };
    [
        segment(client, server, syn, b""),
        segment(server, client, syn_ack, b""),
        segment(client, server, Flags::ACK, b"GET / HTTP/1.1\r\n"),
        segment(server, client, Flags::ACK, b"HTTP/1.1 200 OK\r\n"),
    ]
}

/// Observes the packets of conversations and gets a verdict for each, as the host part does.
fn feed(roles: &mut RoleTracker, numbers: std::ops::Range<u32>, family: Family, with_handshake: bool) {
    for number in numbers {
        for segment in packets(ends(number, family), with_handshake) {
            let place = roles.observe(number * 4 + 1, &segment).expect("it is not quoted");
            assert!(roles.verdict(place, &segment, Some(&Nothing)).is_some() || segment.payload.is_empty());
        }
    }
}

/// Returns how many bytes the process grows for each of a million conversations, and the tracker. The caller keeps the
/// tracker: the next million would reuse freed memory, which would not be counted.
fn growth(family: Family, with_handshake: bool) -> (usize, RoleTracker) {
    let before = resident();
    let mut roles = RoleTracker::default();
    feed(&mut roles, 0..MILLION, family, with_handshake);
    let grown = resident() - before;
    assert_eq!(roles.conversation_count(), MILLION as usize, "all are kept");
    (grown / MILLION as usize, roles)
}

#[test]
fn a_million_conversations_take_at_most_150_megabytes() {
    let _alone = ALONE.lock();
    let mut kept = Vec::new();
    for (name, family, with_handshake) in [
        ("IPv4 with handshakes", Family::V4, true),
        ("IPv4 without", Family::V4, false),
        ("IPv6 with handshakes", Family::V6, true),
    ] {
        let (bytes, roles) = growth(family, with_handshake);
        kept.push(roles);
        println!("{name}: {bytes} bytes for each conversation");
        assert!(bytes <= 150, "{name}: {bytes} bytes for each conversation");
    }
}

/// A flood of SYNs, each from another end, does not grow the tracker beyond its limit.
#[test]
fn a_flood_is_bounded() {
    const LIMIT: usize = 100_000;
    let _alone = ALONE.lock();
    let mut roles = RoleTracker::with_limit(LIMIT);
    let flood = |roles: &mut RoleTracker, numbers: std::ops::Range<u32>| {
        for number in numbers {
            let (client, server) = ends(number, Family::V4);
            roles.observe(number + 1, &segment(client, server, Flags::SYN, b""));
        }
    };
    flood(&mut roles, 0..2 * LIMIT as u32);
    let before = resident();
    flood(&mut roles, 2 * LIMIT as u32..12 * LIMIT as u32);
    let grown = resident().saturating_sub(before);
    println!("a million more SYNs: {grown} bytes");
    assert_eq!(roles.conversation_count(), LIMIT);
    assert!(grown < 4 << 20, "{grown} bytes");
}

/// A conversation that matters survives a flood that comes after it.
#[test]
fn a_flood_does_not_push_out_what_was_answered() {
    const LIMIT: u32 = 10_000;
    let _alone = ALONE.lock();
    let mut roles = RoleTracker::with_limit(LIMIT as usize);
    // Every tenth SYN is answered.
    for number in 0..3 * LIMIT {
        let (client, server) = ends(number, Family::V4);
        roles.observe(number + 1, &segment(client, server, Flags::SYN, b""));
        if number < LIMIT && number % 10 == 0 {
            roles.observe(number + 1, &segment(server, client, Flags::SYN | Flags::ACK, b""));
        }
    }
    let kept = |number: &u32| {
        let (client, server) = ends(*number, Family::V4);
        roles.find(3 * LIMIT, &segment(client, server, Flags::ACK, b"")).is_some()
    };
    assert_eq!((0..LIMIT).step_by(10).filter(kept).count(), LIMIT as usize / 10);
}

/// Five times as many SYNs as there is room for, from as many hosts, push out no answered conversation. The latest
/// attempts are kept, too, so that a later answer finds its conversation.
#[test]
fn only_attempts_are_forgotten_as_long_as_there_are_any() {
    const LIMIT: u32 = 10_000;
    let _alone = ALONE.lock();
    let mut roles = RoleTracker::with_limit(LIMIT as usize);
    let answered = LIMIT / 2;
    let mut frame = 0;
    for number in 0..6 * LIMIT {
        let (client, server) = ends(number, Family::V6);
        frame += 1;
        roles.observe(frame, &segment(client, server, Flags::SYN, b""));
        if number < answered {
            roles.observe(frame, &segment(server, client, Flags::SYN | Flags::ACK, b""));
        }
    }
    let kept = |roles: &RoleTracker, number: u32| {
        let (client, server) = ends(number, Family::V6);
        roles.find(frame, &segment(client, server, Flags::ACK, b"")).is_some()
    };
    assert_eq!((0..answered).filter(|number| kept(&roles, *number)).count(), answered as usize);
    assert_eq!((5 * LIMIT..6 * LIMIT).filter(|number| kept(&roles, *number)).count(), (LIMIT - answered) as usize);
    assert_eq!(roles.forgotten_count(), u64::from(5 * LIMIT));
}

/// Returns the nanoseconds for each packet of `count` more conversations after `kept`.
fn cost(roles: &mut RoleTracker, kept: u32, count: u32) -> u128 {
    let start = Instant::now();
    feed(roles, kept..kept + count, Family::V4, true);
    start.elapsed().as_nanos() / u128::from(count * 4)
}

/// A table that outgrows the processor's caches costs somewhat more. A cost that grows with each conversation would
/// exceed the limit.
#[test]
#[ignore = "measures time: run it alone and optimized, cargo test --release --test bound -- --ignored --nocapture"]
fn the_time_for_a_packet_stays_the_same() {
    let _alone = ALONE.lock();
    let best = |kept: u32| {
        let measure = |_| {
            let mut roles = RoleTracker::default();
            feed(&mut roles, 0..kept, Family::V4, true);
            cost(&mut roles, kept, 20_000)
        };
        (0..3).map(measure).min().expect("three")
    };
    let (few, many) = (best(1_000), best(MILLION));
    println!("{few} ns for a packet after 1,000 conversations, {many} ns after 1,000,000");
    assert!(many < 4 * few + 200, "{few} ns became {many} ns");
}
