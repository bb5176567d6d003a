// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Packets that are made to cost as much as they can, judged without a host: `tests/growth.sh` counts the instructions.
//!
//!     cargo run --release --example worst -- KIND PACKETS [LIMIT]
//!     cargo run --release --example worst -- LIMITS
//!
//! KIND is one of [`KINDS`]; at most LIMIT conversations are kept. The packets are taken as a first pass takes them,
//! then looked up again as a second one does, forwards and backwards. The program prints how many conversations were
//! forgotten, the peak memory of the process, in kB, and the longest processor time for one packet, in microseconds.
//!
//! LIMITS is one of [`LIMITS`]: the program fills tables to their limits, and prints how much they keep.

use ephemeral::packet::{End, Flags, Segment, TcpFields, Transport};
use ephemeral::roles::{PortKnowledge, RoleTracker, TableUse};
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Makes the packet with a number.
type Make = fn(u32) -> Packet;

/// The kinds of packets, in the order in which `tests/growth.sh` runs them.
const KINDS: [(&str, Make); 13] = [
    ("reused", |number| Packet::new(client(0), server(0), Flags::SYN).with_sequence(number * 99_991)),
    ("reused-answered", |number| {
        let (ends, flags) = match number % 2 {
            0 => ((client(0), server(0)), Flags::SYN),
            _ => ((server(0), client(0)), Flags::SYN | Flags::ACK),
        };
        Packet::new(ends.0, ends.1, flags).with_sequence(number / 2 * 99_991)
    }),
    ("reused-by-turns", |number| {
        let (ends, is_syn) = ((client(number % 7), server(0)), number % 3 != 2);
        Packet::new(ends.0, ends.1, if is_syn { Flags::SYN } else { Flags::ACK }).with_sequence(number * 99_991)
    }),
    ("servers", |number| Packet::new(server(number), client(0), Flags::SYN | Flags::ACK)),
    ("clients", |number| Packet::new(server(0), client(number), Flags::SYN | Flags::ACK)),
    ("weak", |number| Packet::new(client(number), server(number / 2), Flags::ACK).with_payload(b"something".to_vec())),
    ("ports", |number| Packet::new(client(0), End::new([198, 51, 100, 1], number as u16), Flags::SYN)),
    ("agreed", |number| {
        let line =
            format!("PORT 10,{},{},{},{},1\r\n", number >> 16 & 255, number >> 8 & 255, number & 255, 4 + number % 200);
        Packet::new(client(0), server(0), Flags::ACK).with_payload(line.into_bytes())
    }),
    ("asked", |number| {
        Packet { transport: Transport::Udp, ..Packet::new(client(number), End::new([198, 51, 100, 1], 69), 0) }
            .with_payload(b"\0\x01file\0octet\0".to_vec())
    }),
    ("ipv6", |number| Packet::new(client_v6(number), client_v6(!number), Flags::SYN)),
    // Each conversation needs the most memory: two addresses of its own, and the facts about three ends.
    ("all", |number| Packet::new(client_v6(2 * number), client_v6(2 * number + 1), Flags::SYN | Flags::ACK)),
    ("going-on", |number| {
        // The packets go to 997 conversations in turn.
        Packet::new(client(number % 997), server(number % 997), Flags::ACK).with_payload(b"more of it".to_vec())
    }),
    // Few but long packets: each is a line of PACKETS bytes that begins like a known protocol.
    ("long", |number| {
        const STARTS: [&[u8]; 10] =
            [b"GET ", b"220 ", b"PORT ", b"229 (", b"SSH-", b"\x16\x03\x01", b"INVITE sip:", b"{", b"<", b"\x30\x84"];
        let mut payload = STARTS[number as usize % STARTS.len()].to_vec();
        payload.resize(60_000, if number / 10 % 2 == 0 { b'a' } else { b' ' });
        Packet::new(client(number / 20), server(0), Flags::ACK).with_payload(payload)
    }),
];

#[derive(Clone, Debug)]
struct Packet {
    transport: Transport,
    source: End,
    destination: End,
    flags: u16,
    sequence: u32,
    payload: Vec<u8>,
}

impl Packet {
    fn new(source: End, destination: End, flags: u16) -> Self {
        Self { transport: Transport::Tcp, source, destination, flags, sequence: 1, payload: Vec::new() }
    }

    fn with_sequence(self, sequence: u32) -> Self {
        Self { sequence, ..self }
    }

    fn with_payload(self, payload: Vec<u8>) -> Self {
        Self { payload, ..self }
    }

    fn segment(&self) -> Segment<'_> {
        let tcp = TcpFields { sequence: self.sequence, acknowledgment: self.sequence + 1, flags: Flags(self.flags) };
        Segment {
            transport: self.transport,
            source: self.source,
            destination: self.destination,
            tcp: self.transport.has_handshake().then_some(tcp),
            payload: &self.payload,
            quoted: false,
        }
    }
}

/// Addresses that are far apart, each with a port of its own.
fn client(number: u32) -> End {
    let address = number.wrapping_mul(2_654_435_761);
    End::new(IpAddr::from(Ipv4Addr::from(address)), 1024 + (number % 60_000) as u16)
}

fn client_v6(number: u32) -> End {
    let address = 0x2001_0db8 << 96 | u128::from(number.wrapping_mul(2_654_435_761));
    End::new(IpAddr::from(Ipv6Addr::from(address)), 1024 + (number % 60_000) as u16)
}

fn server(number: u32) -> End {
    End::new(IpAddr::from(Ipv4Addr::from(0xc633_6400 + number)), 8080)
}

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

/// Observes a packet as the host part does, and gets the verdict about it.
fn take(roles: &mut RoleTracker, frame: u32, segment: &Segment<'_>) {
    let hit = roles.cached(segment);
    if hit.is_some_and(|hit| roles.observe_by_cache(frame, hit, segment, || None)) {
        return;
    }
    if let Some(place) = roles.observe(frame, segment) {
        std::hint::black_box(roles.verdict(place, segment, Some(&Nothing)));
    }
}

/// Looks a packet up again.
fn look_up(roles: &RoleTracker, frame: u32, segment: &Segment<'_>) {
    if let Some(place) = roles.find(frame, segment) {
        std::hint::black_box(roles.verdict(place, segment, Some(&Nothing)));
    }
}

/// Observes a capture that reaches limits of the tables.
type Reach = fn(&mut RoleTracker);

/// Each capture reaches other limits. `tests/growth.sh` runs them in this order.
const LIMITS: [(&str, Reach); 4] =
    [("most", reach_most), ("followed", reach_followed), ("crowded", reach_crowded), ("order", forget_in_order)];

const LIMIT: u32 = 1 << 21;
/// More announcements and hosts than there is room for.
const ANNOUNCED: u32 = 17_000;

/// Returns another end for each kind and number.
fn end_v6(kind: u16, number: u32, port: u16) -> End {
    let address = 0x2001_0db8 << 96 | u128::from(kind) << 64 | u128::from(number.wrapping_mul(2_654_435_761));
    End::new(IpAddr::from(Ipv6Addr::from(address)), port)
}

/// Counts the frames of a capture.
#[derive(Default)]
struct Capture(u32);

impl Capture {
    fn take(&mut self, roles: &mut RoleTracker, packet: &Packet) {
        self.0 += 1;
        roles.observe(self.0, &packet.segment());
    }
}

/// Each conversation has two addresses and three facts of its own. The announcements before them have more addresses
/// and facts. Their conversations are forgotten by then.
fn reach_most(roles: &mut RoleTracker) {
    let mut capture = Capture::default();
    for number in 0..ANNOUNCED {
        let listener = Ipv6Addr::from(0x2001_0db9 << 96 | u128::from(number));
        let line = format!("EPRT |2|{listener}|{}|\r\n", 2000 + number % 60_000);
        let line = Packet::new(client(0), End::new([198, 51, 100, 1], 21), Flags::ACK).with_payload(line.into_bytes());
        capture.take(roles, &line);
        let asks = Packet::new(end_v6(1, number, 2000), End::new([198, 51, 100, 1], 69), 0);
        let asks = Packet { transport: Transport::Udp, ..asks }.with_payload(b"\0\x01file\0octet\0".to_vec());
        capture.take(roles, &asks);
        let (host, server) = (end_v6(2, number, 40_000), End::new([198, 51, 100, 1], 8080));
        capture.take(roles, &Packet::new(host, server, Flags::SYN));
        capture.take(roles, &Packet::new(server, host, Flags::SYN | Flags::ACK));
        let address = Ipv6Addr::from(0x2001_0dba << 96 | u128::from(number));
        let init = Packet::new(client(0), End::new([198, 51, 100, 1], 2905), Flags::SYN).with_sequence(number + 1);
        let lists = [&[0, 6, 0, 20], &address.octets()[..]].concat();
        capture.take(roles, &Packet { transport: Transport::Sctp, ..init }.with_payload(lists));
    }
    let data = |number| {
        Packet::new(end_v6(3, number, 2000), end_v6(4, number, 80), Flags::ACK).with_payload(b"something".to_vec())
    };
    (0..LIMIT).for_each(|number| capture.take(roles, &data(number)));
    // The protocol that is dissected in them is that of no port.
    for number in 0..ANNOUNCED {
        capture.0 += 1;
        roles.observe_and(capture.0, &data(number).segment(), |conversation| {
            conversation.record_protocol(1, |_| false, || None, |_| false);
        });
    }
    // The table of recent conversations grows with those that go on.
    (0..LIMIT).for_each(|number| capture.take(roles, &data(number)));
}

/// Connection after connection on the same ports.
fn reach_followed(roles: &mut RoleTracker) {
    let mut capture = Capture::default();
    for number in 0..LIMIT + 1000 {
        capture.take(roles, &Packet::new(client(0), server(0), Flags::SYN).with_sequence(number.wrapping_mul(99_991)));
    }
}

/// Ends that each talk to 256 others: one more than the facts of an end can count.
fn reach_crowded(roles: &mut RoleTracker) {
    const PEERS: u32 = 256;
    let mut capture = Capture::default();
    for number in 0..LIMIT {
        let block = number / (PEERS * PEERS) * PEERS;
        let (client, server) = (block + number % PEERS, block + number / PEERS % PEERS);
        capture.take(roles, &Packet::new(end_v6(1, client, 2000), end_v6(2, server, 80), Flags::ACK));
    }
}

/// Connection attempts are forgotten first, then the conversations that were idle longest.
fn forget_in_order(roles: &mut RoleTracker) {
    const ATTEMPTS: u32 = 1_000_000;
    const SOME: u32 = 1000;
    let mut capture = Capture::default();
    let attempt = |number| Packet::new(client(number), End::new([198, 51, 100, 1], 8080), Flags::SYN);
    let data = |number| Packet::new(client(number), End::new([198, 51, 100, 2], 80), Flags::ACK);
    let kept = |roles: &RoleTracker, of: &dyn Fn(u32) -> Packet, numbers: std::ops::Range<u32>| {
        numbers.filter(|number| roles.find(u32::MAX, &of(*number).segment()).is_some()).count() as u32
    };
    (0..ATTEMPTS).for_each(|number| capture.take(roles, &attempt(number)));
    let exchanges = LIMIT - ATTEMPTS;
    (0..exchanges).for_each(|number| capture.take(roles, &data(number)));
    assert_eq!((roles.conversation_count(), roles.forgotten_count()), (LIMIT as usize, 0));
    // Each new conversation pushes out the attempt that was idle longest. Half as many come as there are attempts.
    let more = exchanges + ATTEMPTS / 2;
    (exchanges..more).for_each(|number| capture.take(roles, &data(number)));
    assert_eq!(kept(roles, &attempt, 0..ATTEMPTS / 2), 0, "attempts that were idle longest");
    assert_eq!(kept(roles, &attempt, ATTEMPTS / 2..ATTEMPTS), ATTEMPTS / 2, "later attempts");
    assert_eq!(kept(roles, &data, 0..more), more, "conversations that got beyond a SYN");
    let all = exchanges + ATTEMPTS;
    (more..all).for_each(|number| capture.take(roles, &data(number)));
    assert_eq!((kept(roles, &attempt, 0..ATTEMPTS), kept(roles, &data, 0..all)), (0, LIMIT));
    // Then the conversations go that had no packet for longest.
    (0..SOME).for_each(|number| capture.take(roles, &data(number)));
    (all..all + SOME).for_each(|number| capture.take(roles, &data(number)));
    assert_eq!(kept(roles, &data, 0..SOME), SOME, "those that went on");
    assert_eq!(kept(roles, &data, SOME..2 * SOME), 0, "those that were idle");
    assert_eq!(kept(roles, &data, 2 * SOME..all + SOME), LIMIT - SOME);
    assert_eq!(roles.forgotten_count(), u64::from(ATTEMPTS + SOME));
}

/// Prints what is logged.
struct Print;

impl log::Log for Print {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("log: {}", record.args());
    }

    fn flush(&self) {}
}

/// Prints the log, how much is kept of each kind, and the peak memory of the process, in kB.
fn reach(limits: Reach) -> Result<(), Box<dyn Error>> {
    log::set_logger(&Print).map_err(|error| error.to_string())?;
    log::set_max_level(log::LevelFilter::Info);
    let mut roles = RoleTracker::default();
    limits(&mut roles);
    for TableUse { what, count, at_most } in roles.table_use() {
        println!("{what}: {count} of at most {at_most}");
    }
    println!("forgotten: {}", roles.forgotten_count());
    println!("memory: {}", most_memory()?);
    Ok(())
}

/// Returns the peak memory of the process.
fn most_memory() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    Ok(status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no memory")?.trim().to_owned())
}

/// Returns the processor time of this thread, in microseconds. Other work of the machine does not count.
fn now() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid, and all that is written.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() {
        KINDS.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(());
    }
    if let Some((_, limits)) = LIMITS.iter().find(|(name, _)| *name == arguments[0]) {
        return reach(*limits);
    }
    let (Some((_, packet)), Some(count)) = (KINDS.iter().find(|(name, _)| *name == arguments[0]), arguments.get(1))
    else {
        return Err("usage: worst KIND PACKETS [LIMIT], worst LIMITS".into());
    };
    let count: u32 = count.parse()?;
    let is_timed = std::env::var_os("EPHEMERAL_TIMES").is_some();
    let mut roles =
        arguments.get(2).map_or(Ok(RoleTracker::default()), |limit| limit.parse().map(RoleTracker::with_limit))?;
    let mut dearest = 0;
    for number in 0..count {
        let packet = packet(number);
        let start = if is_timed { now() } else { 0 };
        take(&mut roles, number + 1, &packet.segment());
        dearest = dearest.max(if is_timed { now() - start } else { 0 });
    }
    for number in (0..count).chain((0..count).rev()) {
        look_up(&roles, number + 1, &packet(number).segment());
    }
    println!("{} forgotten, {}, the dearest took {dearest}", roles.forgotten_count(), most_memory()?);
    Ok(())
}
