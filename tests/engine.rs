// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Property tests of the judgement, on arbitrary sequences of packets: it never panics, never keeps more than its
//! limits, and gives the same answer about each packet in any order of questions.
//!
//! `PROPTEST_CASES` sets the number of cases of each test.

use ephemeral::assigned::{Assigned, Listeners, PROTOCOLS};
use ephemeral::headers::{self, Addresses, Frame, Layers};
use ephemeral::naming::{self, Lookup, NameKnowledge, Naming, WrongNameOptions};
use ephemeral::packet::{End, Flags, Segment, Sides, TcpFields, Transport};
use ephemeral::roles::payload::{Sign, sign};
use ephemeral::roles::{Place, PortKnowledge, RoleTracker, Verdict};
use ephemeral::services::Declared;
use etherparse::PacketBuilder;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::FileFailurePersistence;

/// A host that has names for some ports and dissectors for others. Its user lists 8081 as always a service, and
/// declares 40000 in the table of services.
struct Ports;

/// The host's ids of protocols; 0 is none. From this id on, the ports of the protocols are assigned at run time.
const FIRST_ASSIGNED: i32 = 200;
/// The last three ids: RPC, whose clients use reserved ports; RTP, which has no client; and H.245.
const PROTOCOL_IDS: [i32; 7] = [0, 53, 80, 106, FIRST_ASSIGNED, FIRST_ASSIGNED + 2, FIRST_ASSIGNED + 6];

impl PortKnowledge for Ports {
    fn is_named(&self, transport: Transport, port: u16) -> bool {
        self.registered_name(transport, port).is_some()
    }

    fn protocol(&self, _: Transport, port: u16) -> Option<i32> {
        match port {
            53 | 80 => Some(i32::from(port)),
            40_000 => Some(106),
            _ => None,
        }
    }

    fn is_listed_server(&self, port: u16) -> bool {
        port == 8081
    }

    fn has_no_client(&self, protocol: i32) -> bool {
        self.assigned(protocol).is_some_and(|by| by.listeners == Listeners::Both)
    }
}

impl NameKnowledge for Ports {
    fn registered_name(&self, _: Transport, port: u16) -> Option<&'static [u8]> {
        match port {
            20 => Some(b"ftp-data"),
            21 => Some(b"ftp"),
            53 => Some(b"domain"),
            80 => Some(b"http"),
            1140 => Some(b"autonoc"),
            8081 => Some(b"sunproxyadmin"),
            _ => None,
        }
    }

    fn filter_name(&self, protocol: i32) -> Option<&'static [u8]> {
        match protocol {
            53 => Some(b"dns"),
            80 => Some(b"http"),
            106 => Some(b"sip"),
            _ => Some(self.assigned(protocol)?.protocol.to_bytes()),
        }
    }

    fn assigned(&self, protocol: i32) -> Option<&'static Assigned> {
        PROTOCOLS.get(usize::try_from(protocol - FIRST_ASSIGNED).ok()?)
    }

    fn is_carrier(&self, protocol: i32) -> bool {
        protocol == 106
    }

    fn declares_any(&self) -> bool {
        true
    }
    fn declared(&self, _: Transport, end: End) -> Option<Declared<'_>> {
        (end.port == 40_000).then_some(Declared { name: Some("intranet") })
    }
}

/// A packet with an owned payload.
#[derive(Clone, Debug)]
struct Packet {
    transport: Transport,
    source: End,
    destination: End,
    tcp: Option<TcpFields>,
    payload: Vec<u8>,
    quoted: bool,
    dissected: i32,
}

impl Packet {
    fn segment(&self) -> Segment<'_> {
        Segment {
            transport: self.transport,
            source: self.source,
            destination: self.destination,
            tcp: self.tcp,
            payload: &self.payload,
            quoted: self.quoted,
        }
    }
}

/// Generates few ends, so that conversations share ends, repeat and swap their roles.
fn end() -> impl Strategy<Value = End> {
    let address = prop_oneof![
        (0u8..3).prop_map(|host| std::net::IpAddr::from([192, 0, 2, host])),
        (0u16..3).prop_map(|host| std::net::IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, host])),
    ];
    let port = select(vec![0, 20, 21, 53, 80, 1140, 5001, 8081, 40_000, 65_535]);
    let few = [([192, 0, 2, 0], 1140), ([192, 0, 2, 0], 40_000), ([192, 0, 2, 1], 80), ([192, 0, 2, 1], 8081)];
    let few = select(few.map(|(address, port)| End::new(address, port)).to_vec());
    prop_oneof![4 => few, 1 => (address, port).prop_map(|(address, port)| End::new(address, port))]
}

fn tcp() -> impl Strategy<Value = TcpFields> {
    let flags = prop_oneof![
        4 => select(vec![Flags::SYN, Flags::SYN | Flags::ACK, Flags::ACK, Flags::RST, Flags::FIN | Flags::ACK]),
        1 => select(vec![Flags::COOKIE_ECHO, Flags::COOKIE_ACK]),
        1 => any::<u16>(),
    ];
    let number = || prop_oneof![4 => 0u32..4, 1 => any::<u32>(), 1 => Just(u32::MAX)];
    (number(), number(), flags).prop_map(|(sequence, acknowledgment, flags)| TcpFields {
        sequence,
        acknowledgment,
        flags: Flags(flags),
    })
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    let line = |text: &'static [u8]| Just(text.to_vec());
    let line = prop_oneof![
        line(b""),
        line(b"GET / HTTP/1.1\r\n\r\n"),
        line(b"HTTP/1.1 200 OK\r\n\r\n"),
        line(b"220 ready\r\n"),
        line(b"227 Entering Passive Mode (192,0,2,1,156,64)\r\n"),
        line(b"229 Entering Extended Passive Mode (|||5001|)\r\n"),
        line(b"PORT 192,0,2,0,4,116\r\n"),
        line(b"EPRT |2|2001:db8::1|1140|\r\n"),
        line(b"SSH-2.0-x\r\n"),
        // What SCTP's INIT lists.
        line(b"\0\x05\0\x08\xc0\0\x02\x01"),
        line(b"\0\x05\0\x08\xc0\0\x02\0\0\x05\0\x08\xc0\0\x02\x02"),
        line(b"\x16\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03"),
        line(b"\x16\x03\x03\x00\x40\x02\x00\x00\x3c\x03\x03"),
        line(b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x00\x00\x01\x00\x01"),
        line(b"\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x03www\x00\x00\x01\x00\x01"),
    ];
    prop_oneof![
        3 => line.clone(),
        1 => vec(any::<u8>(), 0..80),
        1 => (line, any::<Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
                bytes.truncate(at + 12);
            }
            bytes
        }),
    ]
}

fn packet() -> impl Strategy<Value = Packet> {
    let transport = prop_oneof![4 => Just(Transport::Tcp), 1 => Just(Transport::Udp), 1 => Just(Transport::Sctp)];
    let rarely = prop::bool::weighted(0.05);
    let dissected = select(PROTOCOL_IDS.to_vec());
    (transport, end(), end(), prop::option::weighted(0.9, tcp()), payload(), rarely, dissected).prop_map(
        |(transport, source, destination, tcp, payload, quoted, dissected)| {
            let tcp = tcp.filter(|_| transport.has_handshake());
            Packet { transport, source, destination, tcp, payload, quoted, dissected }
        },
    )
}

/// Observes the packets in the order of the capture, each with its frame number.
fn first_pass(packets: &[(u32, Packet)], limit: usize) -> RoleTracker {
    let mut roles = RoleTracker::with_limit(limit);
    for (frame, packet) in packets {
        let segment = packet.segment();
        let Some(place) = roles.observe(*frame, &segment) else { continue };
        roles.conversation_mut(place).dissected = packet.dissected;
        let _ = roles.verdict(place, &segment, Some(&Ports));
        assert!(roles.conversation_count() <= limit, "{} conversations", roles.conversation_count());
        assert!(roles.fact_count() <= RoleTracker::facts_limit(limit), "{} facts", roles.fact_count());
    }
    roles
}

/// Observes a packet with the protocol that was dissected on top of it, as the host part does.
fn observe(roles: &mut RoleTracker, frame: u32, packet: &Packet) -> Option<Place> {
    roles.observe_and(frame, &packet.segment(), |conversation| {
        if packet.dissected != 0 && !packet.payload.is_empty() && conversation.may_learn_protocol() {
            let stands_for = |port| Ports.protocol(packet.transport, port) == Some(packet.dissected);
            let find_sign = || sign(packet.transport, &packet.payload);
            let name = Ports.filter_name(packet.dissected);
            let is_of_protocol = |sign: &Sign| name.is_some_and(|name| sign.is_of(name));
            conversation.record_protocol(packet.dissected, stands_for, find_sign, is_of_protocol);
        }
    })
}

/// Returns whether no name in a packet's conversation can become wrong.
fn is_unremarkable(roles: &RoleTracker, place: Place, segment: &Segment<'_>) -> bool {
    match naming::look_up_verdict(place, segment, roles, &Ports, true, true) {
        Lookup::NeverWrong => true,
        Lookup::NothingYet => false,
        Lookup::Verdict(verdict) => {
            roles.is_decided(place) && Naming::new(roles, &Ports, segment, &verdict).can_never_be_wrong()
        }
    }
}

/// Returns whether there is anything to remark on a packet now, with any confidence.
fn is_remarkable(roles: &RoleTracker, place: Place, segment: &Segment<'_>) -> bool {
    let Lookup::Verdict(verdict) = naming::look_up_verdict(place, segment, roles, &Ports, true, false) else {
        return false;
    };
    let naming = Naming::new(roles, &Ports, segment, &verdict);
    !naming.wrong_names(WrongNameOptions::default()).is_empty()
        || naming.wrong_dissector().is_some()
        || naming.renamed().is_some()
        || naming.contradicts_declaration()
}

fn verdict(roles: &RoleTracker, (frame, packet): &(u32, Packet)) -> Option<Verdict> {
    let segment = packet.segment();
    roles.verdict(roles.find(*frame, &segment)?, &segment, Some(&Ports))
}

/// Returns the answer about a packet, in words, after all packets were observed.
fn answer(roles: &RoleTracker, (frame, packet): &(u32, Packet)) -> String {
    let segment = packet.segment();
    let Some(place) = roles.find(*frame, &segment) else { return "not known".to_owned() };
    let verdict = roles.verdict(place, &segment, Some(&Ports));
    let words =
        |verdict: &Verdict| format!("{verdict:?}: {}, {:?}", verdict.evidence, roles.server_agreement_frame(verdict));
    verdict.as_ref().map_or_else(|| "no verdict".to_owned(), words)
}

/// Returns the protocol of a packet's conversation, and which sides sent it.
fn protocol(roles: &RoleTracker, (frame, packet): &(u32, Packet)) -> Option<(i32, Sides)> {
    let conversation = roles.conversation(roles.find(*frame, &packet.segment())?);
    Some((conversation.dissected, conversation.dissected_by))
}

/// Generates numbered packets. Sometimes several packets are in one frame.
fn capture(most: usize) -> impl Strategy<Value = Vec<(u32, Packet)>> {
    vec((packet(), prop::bool::weighted(0.9)), 0..most).prop_map(|packets| {
        let mut frame = 0;
        let number = |(packet, is_next): (Packet, bool)| {
            frame += u32::from(is_next || frame == 0);
            (frame, packet)
        };
        packets.into_iter().map(number).collect()
    })
}

/// Generates a few conversations with many packets each, mostly without a handshake, and with more payloads than the
/// judgement searches.
fn long_capture() -> impl Strategy<Value = Vec<(u32, Packet)>> {
    let ends = prop_oneof![8 => Just((1140, 80)), 1 => Just((40_000, 8081)), 1 => Just((1140, 5001))];
    vec((packet(), ends, any::<bool>(), prop::bool::weighted(0.03)), 0..220).prop_map(|packets| {
        let between = |(packet, (one, other), back, keeps_flags): (Packet, (u16, u16), bool, bool)| {
            let (one, other) = (End::new([192, 0, 2, 0], one), End::new([192, 0, 2, 1], other));
            let (source, destination) = if back { (other, one) } else { (one, other) };
            let flags = |tcp: TcpFields| if keeps_flags { tcp } else { TcpFields { flags: Flags(Flags::ACK), ..tcp } };
            Packet { source, destination, tcp: packet.tcp.map(flags), ..packet }
        };
        (1..).zip(packets.into_iter().map(between)).collect()
    })
}

/// The fast path changes no answer: neither when a packet arrives (one pass) nor after all packets (two passes). The
/// reference clears its cache after each packet.
fn compare_with_the_long_way(packets: &[(u32, Packet)], limit: usize) -> Result<(), TestCaseError> {
    let (mut all, mut some) = (RoleTracker::with_limit(limit), RoleTracker::with_limit(limit));
    for numbered in packets {
        let (frame, packet) = numbered;
        let segment = packet.segment();
        let protocol = Some(packet.dissected).filter(|protocol| *protocol != 0);
        let hit = if packet.quoted { None } else { some.cached(&segment) };
        prop_assert!(hit.is_none_or(|hit| Some(hit.place()) == all.find(*frame, &segment)));
        observe(&mut all, *frame, packet);
        all.clear_cache();
        if !hit.is_some_and(|hit| some.observe_by_cache(*frame, hit, &segment, || protocol)) {
            observe(&mut some, *frame, packet);
        }
        prop_assert_eq!(verdict(&all, numbered), verdict(&some, numbered));
    }
    for packet in packets {
        prop_assert_eq!(answer(&all, packet), answer(&some, packet));
        prop_assert_eq!(protocol(&all, packet), protocol(&some, packet));
    }
    Ok(())
}

/// A conversation that was recorded as unremarkable stays so: neither a later packet that takes the fast path nor a
/// packet that is displayed again has anything to remark. The reference never takes the fast path.
fn pass_over_what_is_unremarkable(packets: &[(u32, Packet)], limit: usize) -> Result<(), TestCaseError> {
    let (mut all, mut some) = (RoleTracker::with_limit(limit), RoleTracker::with_limit(limit));
    for (frame, packet) in packets {
        let segment = packet.segment();
        let protocol = Some(packet.dissected).filter(|protocol| *protocol != 0);
        let in_all = observe(&mut all, *frame, packet);
        all.clear_cache();
        let hit = some.cached(&segment).filter(|hit| hit.is_unremarkable() && !segment.quoted);
        if hit.is_some_and(|hit| some.observe_by_cache(*frame, hit, &segment, || protocol)) {
            prop_assert!(in_all.is_none_or(|place| !is_remarkable(&all, place, &segment)), "{segment:?}");
        } else if let Some(place) = observe(&mut some, *frame, packet) {
            if is_unremarkable(&some, place, &segment) {
                some.record_unremarkable(place, &segment);
            }
        }
        for (earlier, packet) in packets.iter().take_while(|(earlier, _)| earlier <= frame) {
            let segment = packet.segment();
            if some.cached(&segment).is_some_and(|hit| hit.is_unremarkable()) {
                let place = some.find(*earlier, &segment);
                let stays_so = |place| !some.is_decided(place) || is_unremarkable(&some, place, &segment);
                prop_assert!(place.is_none_or(stays_so), "{segment:?}");
                prop_assert!(place.is_none_or(|place| !is_remarkable(&some, place, &segment)), "{segment:?}");
            }
        }
    }
    Ok(())
}

fn config() -> ProptestConfig {
    let found = FileFailurePersistence::Direct("tests/engine.proptest-regressions");
    ProptestConfig { failure_persistence: Some(Box::new(found)), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_order_of_the_second_pass_gives_the_same(
        packets in capture(120),
        limit in prop_oneof![1usize..12, Just(1000)],
        shuffled in any::<[Index; 40]>(),
    ) {
        let roles = first_pass(&packets, limit);
        let forward: Vec<_> = packets.iter().map(|packet| answer(&roles, packet)).collect();
        let mut backward: Vec<_> = packets.iter().rev().map(|packet| answer(&roles, packet)).collect();
        backward.reverse();
        prop_assert_eq!(&forward, &backward);
        for index in shuffled.iter().filter(|_| !packets.is_empty()) {
            let at = index.index(packets.len());
            prop_assert_eq!(&answer(&roles, &packets[at]), &forward[at]);
        }
    }

    #[test]
    fn what_is_settled_tells_nothing_new(packets in capture(160), limit in prop_oneof![1usize..12, Just(1000)]) {
        compare_with_the_long_way(&packets, limit)?;
    }

    #[test]
    fn what_is_settled_tells_nothing_new_in_long_conversations(packets in long_capture(), limit in prop_oneof![1usize..4, Just(1000)]) {
        compare_with_the_long_way(&packets, limit)?;
    }

    #[test]
    fn what_is_unremarkable_stays_so(packets in capture(160), limit in prop_oneof![1usize..12, Just(1000)]) {
        pass_over_what_is_unremarkable(&packets, limit)?;
    }

    #[test]
    fn what_is_unremarkable_stays_so_in_long_conversations(packets in long_capture(), limit in prop_oneof![1usize..4, Just(1000)]) {
        pass_over_what_is_unremarkable(&packets, limit)?;
    }

    #[test]
    fn the_same_packets_give_the_same_verdicts(packets in capture(80), limit in 1usize..100) {
        let (once, again) = (first_pass(&packets, limit), first_pass(&packets, limit));
        for packet in &packets {
            prop_assert_eq!(answer(&once, packet), answer(&again, packet));
        }
    }

    #[test]
    fn with_room_for_all_a_packet_is_found_where_it_was_put(packets in capture(120)) {
        let mut roles = RoleTracker::with_limit(1000);
        let mut frame = 0;
        let mut places = Vec::new();
        for (_, packet) in &packets {
            frame += 1;
            places.push((frame, roles.observe(frame, &packet.segment())));
        }
        for ((frame, place), (_, packet)) in places.into_iter().zip(&packets) {
            if !packet.quoted {
                prop_assert_eq!(roles.find(frame, &packet.segment()), place);
            }
        }
    }

    #[test]
    fn more_addresses_than_there_is_room_for(hosts in vec(any::<u128>(), 0..300), limit in 1usize..8) {
        let mut roles = RoleTracker::with_limit(limit);
        for (frame, host) in (1..).zip(&hosts) {
            let (source, destination) = (End::new(host.to_be_bytes(), 80), End::new([0u8; 16], 40_000));
            let tcp = TcpFields { sequence: 1, acknowledgment: 1, flags: Flags(Flags::SYN | Flags::ACK) };
            let transport = Transport::Tcp;
            let segment = Segment { transport, source, destination, tcp: Some(tcp), payload: b"", quoted: false };
            roles.observe(frame, &segment);
            prop_assert!(roles.conversation_count() <= limit);
            prop_assert!(roles.fact_count() <= RoleTracker::facts_limit(limit), "{} facts", roles.fact_count());
        }
    }

    #[test]
    fn any_bytes_in_any_layers(
        packet in packet(),
        noise in vec(any::<u8>(), 0..120),
        damage in vec((any::<Index>(), any::<u8>()), 0..6),
        kept in any::<Index>(),
        layers in vec(select((Layers::OTHER..=Layers::IPV6).collect::<Vec<_>>()), 0..10),
        hint in prop::option::of(0usize..200),
        ports in prop::option::of((select(vec![Transport::Tcp, Transport::Udp]), any::<(u16, u16)>())),
        is_v6: bool,
    ) {
        let mut inner = Vec::new();
        PacketBuilder::ipv4([192, 0, 2, 0], [192, 0, 2, 1], 64)
            .tcp(packet.source.port, packet.destination.port, 1, 1)
            .write(&mut inner, &packet.payload)
            .expect("memory takes it");
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv6([1; 16], [2; 16], 64)
            .tcp(packet.source.port, packet.destination.port, 1, 1)
            .write(&mut bytes, &inner)
            .expect("memory takes it");
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(kept.index(bytes.len() + 1));
        let mut roles = RoleTracker::with_limit(2);
        for sources in [&[&bytes[..], &noise][..], &[&noise, &bytes, &[]], &[]] {
            let addresses =
                if is_v6 { Addresses::V6([1; 16], [2; 16]) } else { Addresses::V4([192, 0, 2, 0], [192, 0, 2, 1]) };
            let layers = Layers::new(&layers);
            let frame = Frame { layers, ports, addresses: Some(addresses), source_address_at: hint, sources };
            for (position, segment) in headers::locate(&frame).iter() {
                prop_assert!(usize::from(position) < layers.order.len());
                if let Some(place) = roles.observe(1, segment) {
                    let _ = roles.verdict(place, segment, Some(&Ports));
                }
            }
        }
    }
}
