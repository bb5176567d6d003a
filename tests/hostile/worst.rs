// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Packets that are made to cost as much as they can, judged without a host: `tests/growth.sh` counts the instructions.
//!
//!     cargo run --release --example worst -- KIND PACKETS [LIMIT]
//!
//! KIND is one of [`KINDS`]; at most LIMIT conversations are kept. The packets are taken as a first pass takes them, then
//! looked up again as a second one does, forwards and backwards. Printed are how many conversations were forgotten, the
//! most memory that the process had, in kB, and the greatest processor time that one packet took, in microseconds.

use ephemeral::packet::{End, Flags, Segment, TcpFields, Transport};
use ephemeral::roles::{PortKnowledge, Roles};
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Makes the packet with a number.
type Make = fn(u32) -> Packet;

/// What is worst, in the order that `tests/growth.sh` takes it.
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
    // Each needs all that there can be: two addresses of its own, and the facts about three ends.
    ("all", |number| Packet::new(client_v6(2 * number), client_v6(2 * number + 1), Flags::SYN | Flags::ACK)),
    ("going-on", |number| {
        // As many as the limit of a hundredth, one after the other.
        Packet::new(client(number % 997), server(number % 997), Flags::ACK).with_payload(b"more of it".to_vec())
    }),
    // Not many packets, but long ones: each line of PACKETS bytes, which looks like the start of everything.
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
    flags: u8,
    sequence: u32,
    payload: Vec<u8>,
}

impl Packet {
    fn new(source: End, destination: End, flags: u8) -> Self {
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
            tcp: (self.transport == Transport::Tcp).then_some(tcp),
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

/// What the host knows of ports: nothing.
struct Nothing;

impl PortKnowledge for Nothing {
    fn is_named(&self, _: Transport, _: u16) -> bool {
        false
    }

    fn protocol(&self, _: Transport, _: u16) -> Option<i32> {
        None
    }

    fn is_service(&self, _: u16) -> bool {
        false
    }
}

/// Takes a packet as the host's side does, and asks about it.
fn take(roles: &mut Roles, frame: u32, segment: &Segment<'_>) {
    let known = roles.known(segment);
    if known.is_some_and(|known| roles.passes_over(frame, known, segment, || None)) {
        return;
    }
    if let Some(place) = roles.observe(frame, segment) {
        std::hint::black_box(roles.verdict(place, segment, Some(&Nothing)));
    }
}

/// Looks a packet up again.
fn look_up(roles: &Roles, frame: u32, segment: &Segment<'_>) {
    if let Some(place) = roles.find(frame, segment) {
        std::hint::black_box(roles.verdict(place, segment, Some(&Nothing)));
    }
}

/// The processor time of this thread, in microseconds: what else the machine does is not in it.
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
    let (Some((_, packet)), Some(count)) = (KINDS.iter().find(|(name, _)| *name == arguments[0]), arguments.get(1))
    else {
        return Err("usage: worst KIND PACKETS [LIMIT]".into());
    };
    let count: u32 = count.parse()?;
    let is_timed = std::env::var_os("EPHEMERAL_TIMES").is_some();
    let mut roles = arguments.get(2).map_or(Ok(Roles::default()), |limit| limit.parse().map(Roles::with_limit))?;
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
    let status = std::fs::read_to_string("/proc/self/status")?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no memory")?;
    println!("{} forgotten, {}, the dearest took {dearest}", roles.forgotten(), most.trim());
    Ok(())
}
