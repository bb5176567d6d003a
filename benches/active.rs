// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Measures the time for a packet, in nanoseconds, with many conversations that are active at the same time, without a
//! host. `instructions.sh --active` counts the instructions and cache misses of this program.
//!
//!     cargo run --release --example active -- CONVERSATIONS PACKETS
//!
//! First each conversation is opened with a handshake and data in both directions. Then PACKETS packets follow, of
//! randomly chosen conversations. One conversation in four is over IPv6.

use ephemeral::packet::{End, Flags, Segment, TcpFields, Transport};
use ephemeral::roles::RoleTracker;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

/// The host's id of a protocol.
const HTTP: i32 = 80;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [conversations, packets] = arguments.as_slice() else {
        return Err("usage: active CONVERSATIONS PACKETS".into());
    };
    let (conversations, packets): (u32, u32) = (conversations.parse()?, packets.parse()?);
    let mut capture = Capture { roles: RoleTracker::default(), frame: 0, looked_up: 0 };
    for number in 0..conversations {
        for (from_client, flags, payload) in [
            (true, Flags::SYN, &b""[..]),
            (false, Flags::SYN | Flags::ACK, b""),
            (true, Flags::ACK, b"GET / HTTP/1.1\r\n"),
            (false, Flags::ACK, b"HTTP/1.1 200 OK\r\n"),
        ] {
            capture.take(number, from_client, flags, payload);
        }
    }
    // Whenever the table grows, its entries are filled in again. After these packets, most of that is done.
    let mut random = 1140;
    for _ in 0..8 * conversations {
        capture.take_any(&mut random, conversations);
    }
    capture.looked_up = 0;
    let start = Instant::now();
    for _ in 0..packets {
        capture.take_any(&mut random, conversations);
    }
    let nanoseconds = start.elapsed().as_nanos() / u128::from(packets.max(1));
    println!("{conversations} conversations: {nanoseconds} ns a packet, {} of {packets} looked up", capture.looked_up);
    Ok(())
}

struct Capture {
    roles: RoleTracker,
    frame: u32,
    /// How many packets did not take the fast path.
    looked_up: u32,
}

impl Capture {
    fn take(&mut self, number: u32, from_client: bool, flags: u16, payload: &[u8]) {
        self.frame += 1;
        let (client, server) = ends(number);
        let (source, destination) = if from_client { (client, server) } else { (server, client) };
        let tcp = Some(TcpFields { sequence: 1, acknowledgment: 1, flags: Flags(flags) });
        let segment = Segment { transport: Transport::Tcp, source, destination, tcp, payload, quoted: false };
        let hit = self.roles.cached(&segment);
        if hit.is_some_and(|hit| self.roles.observe_by_cache(self.frame, hit, &segment, || Some(HTTP))) {
            return;
        }
        self.looked_up += 1;
        self.roles.observe_and(self.frame, &segment, |conversation| {
            if !payload.is_empty() && conversation.may_learn_protocol() {
                conversation.record_protocol(HTTP, |port| port == 80, || None, |_| false);
            }
        });
    }

    fn take_any(&mut self, random: &mut u64, conversations: u32) {
        // A linear congruential generator with Knuth's constants (MMIX).
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (((*random >> 32) * u64::from(conversations)) >> 32) as u32;
        self.take(number, *random & 1 << 20 != 0, Flags::ACK, b"more of it");
    }
}

/// Returns the ends of a conversation: a client for each number, and one of a thousand servers.
fn ends(number: u32) -> (End, End) {
    // The factor is odd, so that consecutive numbers give distant addresses.
    let scattered = number.wrapping_mul(2_654_435_761);
    let (client, server): (IpAddr, IpAddr) = if number % 4 == 0 {
        let server = Ipv6Addr::from(0x2001_0db8_0001 << 80 | u128::from(number % 1000));
        (Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(scattered)).into(), server.into())
    } else {
        (Ipv4Addr::from(scattered).into(), Ipv4Addr::from(0xc633_6400 + number % 1000).into())
    };
    (End::new(client, 1024 + (number % 60_000) as u16), End::new(server, 80))
}
