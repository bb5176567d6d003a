// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Tests the judgement on packets made here, without Wireshark: each piece of evidence on its own, their sum, and what
//! must make no difference.

use ephemeral::packet::{End, Flags, Party, Segment, TcpFields, Transport};
use ephemeral::roles::{Confidence, Lack, PortKnowledge, RoleTracker, Start, Verdict};
use proptest::prelude::*;
use std::iter;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\n";
/// Looks like no known protocol.
const SOMETHING: &[u8] = b"\xee\xee\xee\xee";

/// 1140 to 1199 are named, 5900 and 4900 have a dissector, 7000 is what the user declares.
struct Knowledge;

const VNC: i32 = 59;

impl PortKnowledge for Knowledge {
    fn is_named(&self, _: Transport, port: u16) -> bool {
        port < 1024 || (1140..1200).contains(&port)
    }

    fn protocol(&self, _: Transport, port: u16) -> Option<i32> {
        matches!(port, 4900 | 5900).then_some(VNC)
    }

    fn is_listed_server(&self, port: u16) -> bool {
        port == 7000
    }
}

fn end(text: &str) -> End {
    let at: std::net::SocketAddr = text.parse().expect("an end");
    End::new(at.ip(), at.port())
}

/// A packet: its sender, its receiver and its contents.
#[derive(Clone, Copy, Debug)]
struct Sent<'a> {
    transport: Transport,
    from: End,
    to: End,
    flags: u16,
    payload: &'a [u8],
}

impl<'a> Sent<'a> {
    fn segment(&self) -> Segment<'a> {
        let fields = TcpFields { sequence: 1, acknowledgment: 1, flags: Flags(self.flags) };
        let tcp = (self.transport == Transport::Tcp).then_some(fields);
        let (source, destination) = (self.from, self.to);
        Segment { transport: self.transport, source, destination, tcp, payload: self.payload, quoted: false }
    }
}

fn tcp<'a>(from: &str, to: &str, flags: u16, payload: &'a [u8]) -> Sent<'a> {
    Sent { transport: Transport::Tcp, from: end(from), to: end(to), flags, payload }
}

fn data<'a>(from: &str, to: &str, payload: &'a [u8]) -> Sent<'a> {
    tcp(from, to, Flags::ACK, payload)
}

fn ack(from: &str, to: &str) -> Sent<'static> {
    tcp(from, to, Flags::ACK, b"")
}

/// The handshake of one connection, up to the server's answer.
fn handshake(client: &str, server: &str) -> [Sent<'static>; 2] {
    [tcp(client, server, Flags::SYN, b""), tcp(server, client, Flags::SYN | Flags::ACK, b"")]
}

/// Observes the packets. Returns the verdict about the last one.
fn verdict(packets: &[Sent<'_>]) -> Option<Verdict> {
    verdict_after(&mut RoleTracker::default(), packets)
}

fn verdict_after(roles: &mut RoleTracker, packets: &[Sent<'_>]) -> Option<Verdict> {
    let mut place = None;
    for (index, packet) in packets.iter().enumerate() {
        place = roles.observe(index as u32 + 1, &packet.segment());
    }
    roles.verdict(place?, &packets.last()?.segment(), Some(&Knowledge))
}

/// Returns the client, the confidence and the evidence from the verdict about the last packet.
fn client(packets: &[Sent<'_>]) -> Option<(End, Confidence, String)> {
    let (verdict, last) = (verdict(packets)?, packets.last()?);
    let client = if verdict.client == Party::Source { last.from } else { last.to };
    Some((client, verdict.confidence, verdict.evidence.to_string()))
}

fn assert_client(packets: &[Sent<'_>], at: &str, confidence: Confidence, evidence: &str) {
    assert_eq!(client(packets), Some((end(at), confidence, evidence.to_owned())));
}

/// Two ends that differ only in that one port is a little lower, in both sort orders.
const ENDS: [(&str, &str); 2] = [("10.0.0.1:50001", "10.0.0.2:50002"), ("10.0.0.2:50002", "10.0.0.1:50001")];

mod each_on_its_own;

/// The range of ephemeral ports, and the number in it, depend on the system, not on the role.
#[test]
fn of_two_ports_that_systems_picked_the_numbers_say_nothing() {
    for (one, other) in [("10.0.0.1:33000", "10.0.0.2:50001"), ("10.0.0.1:49200", "10.0.0.2:60001")] {
        assert_eq!(client(&[ack(one, other)]), None);
        assert_eq!(client(&[ack(other, one)]), None);
    }
}

mod without_a_verdict;

mod together;

mod from_the_middle;

mod the_clients_port_serves_too;

const PORTS: [u16; 12] = [20, 21, 80, 443, 700, 1140, 5900, 7000, 8000, 33_000, 50_001, 50_002];
const PAYLOADS: [&[u8]; 7] =
    [b"", b"", SOMETHING, REQUEST, RESPONSE, b"220 ready\r\n", b"229 Entering Extended Passive Mode (|||50001|)\r\n"];
const FLAGS: [u16; 5] = [Flags::ACK, Flags::ACK, Flags::SYN, Flags::SYN | Flags::ACK, Flags::FIN | Flags::ACK];

/// An end among few, so that they meet again.
fn any_end() -> impl Strategy<Value = End> {
    (1..4u8, proptest::sample::select(&PORTS[..])).prop_map(|(host, port)| End::new([10, 0, 0, host], port))
}

fn any_packets() -> impl Strategy<Value = Vec<Sent<'static>>> {
    let transport = proptest::sample::select(vec![Transport::Tcp, Transport::Tcp, Transport::Udp]);
    let (flags, payload) = (proptest::sample::select(&FLAGS[..]), proptest::sample::select(&PAYLOADS[..]));
    let packet = (transport, any_end(), any_end(), flags, payload)
        .prop_map(|(transport, from, to, flags, payload)| Sent { transport, from, to, flags, payload })
        .prop_filter("two ends", |packet| packet.from != packet.to);
    proptest::collection::vec(packet, 1..40)
}

/// Other addresses for the same hosts, which sort the other way round.
fn renamed<'a>(packets: &[Sent<'a>]) -> Vec<Sent<'a>> {
    let other = |end: End| match end.address() {
        std::net::IpAddr::V4(address) => End::new([10, 0, 0, 255 - address.octets()[3]], end.port),
        std::net::IpAddr::V6(_) => unreachable!("all are IPv4"),
    };
    packets.iter().map(|packet| Sent { from: other(packet.from), to: other(packet.to), ..*packet }).collect()
}

proptest! {
    /// Which end sorts first is an accident.
    #[test]
    fn the_order_of_the_ends_does_not_matter(packets in any_packets()) {
        let outcome = |verdict: Option<Verdict>| {
            verdict.map(|verdict| (verdict.client, verdict.confidence, verdict.evidence.kind()))
        };
        prop_assert_eq!(outcome(verdict(&packets)), outcome(verdict(&renamed(&packets))));
    }

    /// The client of a packet is the destination of the packet back, for the same reason.
    #[test]
    fn both_directions_have_the_same_client(packets in any_packets()) {
        let mut roles = RoleTracker::default();
        verdict_after(&mut roles, &packets);
        let frame = packets.len() as u32;
        for packet in &packets {
            let (there, back) = (packet.segment(), Sent { from: packet.to, to: packet.from, ..*packet }.segment());
            let verdict = |segment: &Segment<'_>| {
                let place = roles.find(frame, segment)?;
                roles.verdict(place, segment, Some(&Knowledge))
            };
            let outcome = |verdict: Option<Verdict>| verdict.map(|verdict| (verdict.client, verdict.confidence, verdict.evidence));
            let turned = outcome(verdict(&back)).map(|(client, confidence, why)| (client.other(), confidence, why));
            prop_assert_eq!(outcome(verdict(&there)), turned);
        }
    }

    /// A second look at the same packets changes nothing.
    #[test]
    fn asking_is_no_evidence(packets in any_packets()) {
        let mut roles = RoleTracker::default();
        verdict_after(&mut roles, &packets);
        let frame = packets.len() as u32;
        let ask = || packets.iter().map(|packet| {
            let segment = packet.segment();
            roles.find(frame, &segment).and_then(|place| roles.verdict(place, &segment, Some(&Knowledge)))
        }).collect::<Vec<_>>();
        prop_assert_eq!(ask(), ask());
    }
}

/// Anybody can send an ICMP error that quotes any header, so a quoted header is no evidence.
#[test]
fn what_is_quoted_is_no_evidence() {
    let quoted = |sent: Sent<'static>| Segment { quoted: true, ..sent.segment() };
    let (one, other) = ENDS[0];
    let [syn, syn_ack] = handshake(one, other);
    let claims = [syn, syn_ack, data(one, other, REQUEST), data(one, other, b"PORT 10,0,0,1,19,137\r\n")];
    let mut roles = RoleTracker::default();
    for claim in claims {
        assert_eq!(roles.observe(1, &quoted(claim)), None);
    }
    assert_eq!((roles.conversation_count(), roles.fact_count()), (0, 0));

    let seen = ack(other, one).segment();
    let place = roles.observe(2, &seen).expect("a conversation");
    let known = |roles: &RoleTracker| format!("{:?} and {} facts", roles.conversation(place), roles.fact_count());
    let before = known(&roles);
    for claim in claims {
        assert!(roles.observe(3, &quoted(claim)).is_some(), "it is looked up");
        assert_eq!(roles.verdict(place, &seen, Some(&Knowledge)).map(|verdict| verdict.client), None);
    }
    assert_eq!(known(&roles), before);
}

mod set_by_hand;
