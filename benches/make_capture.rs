// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Writes a capture for benchmarks. The same arguments always give the same capture.
//!
//!     cargo run --example make_capture -- FILE KIND CONVERSATIONS
//!
//! | KIND | |
//! |---|---|
//! | `mixed` | whole connections: HTTP, TLS records, SMTP and data of no known protocol |
//! | `midstream` | `mixed` without the handshakes |
//! | `misnamed` | `mixed`, but each client port has the name of a service |
//! | `udp` | of twenty conversations, eight are DNS queries, two NTP, two SNMP polls, four QUIC, and four other data |
//! | `short` | the first one to three packets of connections |
//! | `late` | `short`, and then 1000 whole connections |
//!
//! With a suffix such as in `mixed:10`, each conversation except those of DNS and NTP repeats its data ten times.
//!
//! The conversations are over IPv4 and IPv6. One in ten has a client port that carries the name of a service.

use etherparse::{IpHeaders, PacketBuilder, PacketBuilderStep, TcpHeader};
use pcap_file::DataLink;
use pcap_file::pcap::{PcapHeader, PcapPacket, PcapWriter};
use std::collections::VecDeque;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// The longest payload of a segment on Ethernet.
const MSS: usize = 1448;
/// The number of packets in a handshake.
const HANDSHAKE: usize = 3;
/// The number of conversations that are active at the same time.
const AT_ONCE: usize = 200;
/// Ports that have names, and hardly any dissectors: 1140 is autonoc.
const NAMED: std::ops::Range<u64> = 1100..1300;
/// Ports without names, in the range from which operating systems pick the ports of clients.
const EPHEMERAL: std::ops::Range<u64> = 49_200..65_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, kind, conversations] = arguments.as_slice() else {
        return Err("usage: make_capture FILE KIND CONVERSATIONS".into());
    };
    let conversations = conversations.parse()?;
    let (kind, times) = kind.split_once(':').unwrap_or((kind, "1"));
    let mixed =
        Plan { shorts: 0, wholes: conversations, whole: connection, times: times.parse()?, missing: 0, named: 10 };
    let plan = match kind {
        "mixed" => mixed,
        "midstream" => Plan { missing: HANDSHAKE, ..mixed },
        "misnamed" => Plan { named: 1, ..mixed },
        "udp" => Plan { whole: datagrams, ..mixed },
        "short" => Plan { shorts: conversations, wholes: 0, ..mixed },
        "late" => Plan { shorts: conversations, wholes: 1000, ..mixed },
        other => return Err(format!("there is no kind {other}").into()),
    };
    let packets = write(BufWriter::new(File::create(file)?), &plan)?;
    println!("{file}: {packets} packets of {conversations} conversations");
    Ok(())
}

/// The contents of a capture.
struct Plan {
    /// The number of short conversations, which come first.
    shorts: u64,
    /// The number of whole conversations, which come after them.
    wholes: u64,
    /// Generates a whole conversation.
    whole: fn(u64, &Plan, &mut Random) -> Conversation,
    /// How many times a whole conversation repeats its data.
    times: u64,
    /// How many packets are missing at the start of a whole conversation.
    missing: usize,
    /// One conversation in `named` has a client port with a name.
    named: u64,
}

/// Writes the conversations. When one ends, the next begins. Returns the number of packets.
fn write(file: impl Write, plan: &Plan) -> Result<u64, Box<dyn Error>> {
    let header = PcapHeader { datalink: DataLink::ETHERNET, snaplen: 65_535, ..PcapHeader::default() };
    let mut capture = PcapWriter::with_header(file, header)?;
    let mut random = Random(1140);
    let mut time = Duration::from_secs(1_000_000_000);
    let mut packets = 0;
    let mut next = 0..plan.shorts + plan.wholes;
    let mut going_on: Vec<Conversation> = Vec::new();
    loop {
        while going_on.len() < AT_ONCE {
            let Some(number) = next.next() else { break };
            let short = number < plan.shorts;
            going_on.push(if short {
                beginning(number, plan, &mut random)
            } else {
                (plan.whole)(number, plan, &mut random)
            });
        }
        if going_on.is_empty() {
            return Ok(packets);
        }
        let turn = random.below(going_on.len() as u64) as usize;
        let Some(packet) = going_on[turn].packets.pop_front() else {
            going_on.swap_remove(turn);
            continue;
        };
        time += Duration::from_micros(random.within(5..400));
        capture.write_packet(&PcapPacket::new(time, packet.len() as u32, &packet))?;
        packets += 1;
    }
}

/// A whole connection.
fn connection(number: u64, plan: &Plan, random: &mut Random) -> Conversation {
    let (port, speak): (u16, fn(&mut Conversation, &mut Random)) = match number % 20 {
        0..8 => (if number % 20 == 0 { 8080 } else { 80 }, http),
        8..15 => (443, tls),
        15..17 => (25, smtp),
        _ => (random.within(20_000..20_010) as u16, raw),
    };
    let mut conversation = Conversation::new(number, port, plan, random);
    conversation.open();
    for _ in 0..plan.times {
        speak(&mut conversation, random);
    }
    conversation.close();
    conversation.packets.drain(..plan.missing);
    conversation
}

/// The beginning of a connection.
fn beginning(number: u64, plan: &Plan, random: &mut Random) -> Conversation {
    let mut conversation = Conversation::new(number, [80, 443, 25, 20_000][(number % 4) as usize], plan, random);
    conversation.open();
    conversation.packets.truncate(1 + (number % 3) as usize);
    conversation
}

fn http(conversation: &mut Conversation, random: &mut Random) {
    for _ in 0..random.within(1..4) {
        let cookie = text(random.within(50..600) as usize);
        let path = random.below(1_000_000);
        let request = format!(
            "GET /item/{path} HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: bench\r\nAccept: */*\r\nCookie: {cookie}\r\n\r\n"
        );
        conversation.client(request.as_bytes());
        let body = text(random.long());
        let length = body.len();
        let response = format!(
            "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        conversation.server(response.as_bytes());
    }
}

fn tls(conversation: &mut Conversation, random: &mut Random) {
    let hello = |kind: u8, rest: &[u8], random: &mut Random| {
        let mut body = vec![3, 3];
        body.extend(random.bytes(32));
        body.extend(rest);
        let mut message = vec![kind, 0, 0, body.len() as u8];
        message.extend(body);
        record(22, &message)
    };
    // Session identifier, ciphers, compression.
    conversation.client(&hello(1, &[0, 0, 4, 0x13, 0x01, 0xc0, 0x2f, 1, 0], random));
    conversation.server(&hello(2, &[0, 0xc0, 0x2f, 0], random));
    for _ in 0..random.within(1..5) {
        let length = random.within(100..700) as usize;
        conversation.client(&record(23, &random.bytes(length)));
        for _ in 0..random.within(1..4) {
            let length = random.long().min(16_000);
            conversation.server(&record(23, &random.bytes(length)));
        }
    }
}

/// A record (RFC 5246, section 6.2.1).
fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16).to_be_bytes();
    [&[kind, 3, 3, length[0], length[1]], content].concat()
}

fn smtp(conversation: &mut Conversation, random: &mut Random) {
    conversation.server(b"220 mail.example.com ESMTP\r\n");
    for (command, reply) in [
        ("EHLO client.example.com\r\n", "250 mail.example.com\r\n"),
        ("MAIL FROM:<a@example.com>\r\n", "250 OK\r\n"),
        ("RCPT TO:<b@example.com>\r\n", "250 OK\r\n"),
        ("DATA\r\n", "354 Go on\r\n"),
    ] {
        conversation.client(command.as_bytes());
        conversation.server(reply.as_bytes());
    }
    let line = format!("{}\r\n", text(70));
    let message = format!("Subject: bench\r\n\r\n{}.\r\n", line.repeat(random.within(5..150) as usize));
    conversation.client(message.as_bytes());
    conversation.server(b"250 Queued\r\n");
    conversation.client(b"QUIT\r\n");
    conversation.server(b"221 Bye\r\n");
}

fn raw(conversation: &mut Conversation, random: &mut Random) {
    for _ in 0..random.within(2..8) {
        let (asked, answered) = (random.within(20..400) as usize, random.long());
        conversation.client(&random.bytes(asked));
        conversation.server(&random.bytes(answered));
    }
}

/// A conversation over UDP. Most conversations have two datagrams, but most datagrams belong to longer conversations.
fn datagrams(number: u64, plan: &Plan, random: &mut Random) -> Conversation {
    let (port, speak): (u16, fn(&mut Conversation, u64, &mut Random)) = match number % 20 {
        0..8 => (53, dns),
        8..10 => (123, ntp),
        10..12 => (161, snmp),
        12..16 => (443, quic),
        _ => (random.within(20_000..20_010) as u16, data),
    };
    let mut conversation = Conversation::new(number, port, plan, random);
    speak(&mut conversation, plan.times, random);
    conversation
}

/// RFC 1035, section 4.1.
fn dns(conversation: &mut Conversation, _: u64, random: &mut Random) {
    const QUESTION: &[u8] = b"\x03www\x07example\x03com\0\0\x01\0\x01";
    const ANSWER: &[u8] = b"\xc0\x0c\0\x01\0\x01\0\0\x0e\x10\0\x04\xc0\0\x02\x01";
    let id = random.bytes(2);
    conversation.datagram(true, &[&id[..], b"\x01\0\0\x01\0\0\0\0\0\0", QUESTION].concat());
    conversation.datagram(false, &[&id[..], b"\x81\x80\0\x01\0\x01\0\0\0\0", QUESTION, ANSWER].concat());
}

/// RFC 5905, section 7.3.
fn ntp(conversation: &mut Conversation, _: u64, random: &mut Random) {
    for (is_client, mode) in [(true, 0x23), (false, 0x24)] {
        let mut message = random.bytes(48);
        message[..4].copy_from_slice(&[mode, 2, 6, 0xec]);
        conversation.datagram(is_client, &message);
    }
}

/// RFC 3416, section 3, in a message of version 2c: polls the same object repeatedly.
fn snmp(conversation: &mut Conversation, times: u64, random: &mut Random) {
    for _ in 0..4 * times {
        let id = random.bytes(2);
        for (is_client, pdu, kind) in [(true, 0xa0, 5), (false, 0xa2, 2)] {
            let value: &[u8] = if is_client { &[] } else { &[42] };
            let binding =
                [&b"\x06\x08\x2b\x06\x01\x02\x01\x01\x03\x00"[..], &[kind, value.len() as u8], value].concat();
            let id = [0x02, 2, id[0] & 0x7f | 0x40, id[1]];
            let rest = element(0x30, &element(0x30, &binding));
            let pdu = element(pdu, &[&id[..], b"\x02\x01\0\x02\x01\0", &rest].concat());
            conversation.datagram(is_client, &element(0x30, &[b"\x02\x01\x01\x04\x06public", &pdu[..]].concat()));
        }
    }
}

/// A short element of BER.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, content.len() as u8], content].concat()
}

/// RFC 9000, section 17: the client's first datagram, then packets with short headers.
fn quic(conversation: &mut Conversation, times: u64, random: &mut Random) {
    let mut initial = random.bytes(1200);
    initial[..6].copy_from_slice(&[0xc3, 0, 0, 0, 1, 8]);
    conversation.datagram(true, &initial);
    for _ in 0..random.within(10..40) * times {
        let from_client = random.below(4) == 0;
        let length = random.within(if from_client { 25..80 } else { 200..1250 }) as usize;
        let mut packet = random.bytes(length);
        packet[0] = packet[0] & 0x3f | 0x40;
        conversation.datagram(from_client, &packet);
    }
}

/// Data of no known protocol, alternating in both directions.
fn data(conversation: &mut Conversation, times: u64, random: &mut Random) {
    for _ in 0..random.within(10..60) * times {
        conversation.datagram(true, &random.bytes(172));
        conversation.datagram(false, &random.bytes(172));
    }
}

fn text(length: usize) -> String {
    "The quick brown fox jumps over the lazy dog ".chars().cycle().take(length).collect()
}

/// A conversation, with the packets that are not written yet.
struct Conversation {
    client: Side,
    server: Side,
    packets: VecDeque<Vec<u8>>,
}

#[derive(Clone, Copy)]
struct Side {
    at: SocketAddr,
    next: u32,
}

impl Conversation {
    fn new(number: u64, server_port: u16, plan: &Plan, random: &mut Random) -> Self {
        let is_named = number % plan.named == 3 % plan.named;
        let client_port = random.within(if is_named { NAMED } else { EPHEMERAL }) as u16;
        // Each group of sixteen has another client, so that no two conversations are the same.
        let (client, server) = (number as u32 / 16, random.below(500) as u32);
        let (client, server): (IpAddr, IpAddr) = if number / 3 % 4 == 0 {
            let ip =
                |host: u32, net| Ipv6Addr::new(0x2001, 0xdb8, 0, net, 0, 0, (host >> 16) as u16, host as u16).into();
            (ip(client, 1), ip(server, 2))
        } else {
            (Ipv4Addr::from(0x0a00_0000 + client).into(), Ipv4Addr::from(0xc633_0000 + server).into())
        };
        let mut side = |ip, port| Side { at: SocketAddr::new(ip, port), next: random.below(1 << 32) as u32 };
        Self { client: side(client, client_port), server: side(server, server_port), packets: VecDeque::new() }
    }

    fn open(&mut self) {
        self.packet(true, "S", b"");
        self.packet(false, "SA", b"");
        self.packet(true, "A", b"");
    }

    fn close(&mut self) {
        self.packet(true, "FA", b"");
        self.packet(false, "FA", b"");
        self.packet(true, "A", b"");
    }

    fn client(&mut self, data: &[u8]) {
        self.send(true, data);
    }

    fn server(&mut self, data: &[u8]) {
        self.send(false, data);
    }

    /// Adds data in segments. Every second segment and the last one are acknowledged.
    fn send(&mut self, from_client: bool, data: &[u8]) {
        let segments = data.len().div_ceil(MSS);
        for (at, segment) in data.chunks(MSS).enumerate() {
            let is_last = at + 1 == segments;
            self.packet(from_client, if is_last { "PA" } else { "A" }, segment);
            if is_last || at % 2 == 1 {
                self.packet(!from_client, "A", b"");
            }
        }
    }

    fn packet(&mut self, from_client: bool, flags: &str, data: &[u8]) {
        let (from, to) = if from_client { (&mut self.client, self.server) } else { (&mut self.server, self.client) };
        let mut tcp = TcpHeader::new(from.at.port(), to.at.port(), from.next, 64_000);
        let has = |flag| flags.contains(flag);
        (tcp.syn, tcp.fin, tcp.psh, tcp.ack) = (has('S'), has('F'), has('P'), has('A'));
        if tcp.ack {
            tcp.acknowledgment_number = to.next;
        }
        from.next = from.next.wrapping_add(data.len() as u32 + u32::from(tcp.syn) + u32::from(tcp.fin));
        let mut packet = Vec::with_capacity(data.len() + 74);
        let from = from.at;
        ip(from, to.at).tcp_header(tcp).write(&mut packet, data).expect("a vector takes all");
        self.packets.push_back(packet);
    }

    fn datagram(&mut self, from_client: bool, data: &[u8]) {
        let (from, to) = if from_client { (self.client.at, self.server.at) } else { (self.server.at, self.client.at) };
        let mut packet = Vec::with_capacity(data.len() + 62);
        ip(from, to).udp(from.port(), to.port()).write(&mut packet, data).expect("a vector takes all");
        self.packets.push_back(packet);
    }
}

fn ip(from: SocketAddr, to: SocketAddr) -> PacketBuilderStep<IpHeaders> {
    let link = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
    match (from.ip(), to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => link.ipv4(from.octets(), to.octets(), 64),
        (IpAddr::V6(from), IpAddr::V6(to)) => link.ipv6(from.octets(), to.octets(), 64),
        _ => unreachable!("both ends have the same version of IP"),
    }
}

/// A pseudorandom generator with a fixed seed (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn within(&mut self, range: std::ops::Range<u64>) -> u64 {
        range.start + self.below(range.end - range.start)
    }

    /// Returns a length of data: usually some hundred bytes, sometimes many segments.
    fn long(&mut self) -> usize {
        let scale = [300, 1_500, 6_000, 30_000][self.below(4) as usize];
        self.within(50..scale) as usize
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}
