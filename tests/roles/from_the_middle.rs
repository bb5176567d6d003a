// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Captures that begin in the middle: other conversations, addresses and port ranges show the roles that a person sees
//! at once.

use super::*;
use Confidence::{Strong, Weak};

fn datagram<'a>(from: &str, to: &str, payload: &'a [u8]) -> Sent<'a> {
    Sent { transport: Transport::Udp, ..tcp(from, to, 0, payload) }
}

fn said(packets: &[Sent<'_>]) -> Option<(End, Confidence)> {
    client(packets).map(|found| (found.0, found.1))
}

#[test]
fn three_clients_outweigh_the_numbers() {
    let server = "10.0.0.9:50123";
    let clients = ["10.0.0.1:3389", "10.0.0.2:44818", "10.0.0.3:51820"];
    let all = || clients.iter().flat_map(|client| [data(server, client, SOMETHING), data(client, server, SOMETHING)]);
    for client in clients {
        let packets: Vec<_> = all().chain([ack(client, server)]).collect();
        let found = said(&packets).expect("it is enough");
        assert!(found.0 == end(client) || found.1 == Weak, "{client}: {found:?}");
    }
    let packets: Vec<_> = all().chain([ack(clients[2], server)]).collect();
    assert_client(&packets, clients[2], Strong, "10.0.0.9:50123 answers 2 other clients");
}

#[test]
fn a_service_whose_clients_take_reserved_ports_is_below_none_of_them() {
    for client in ["10.0.0.1:889", "10.0.0.1:1023"] {
        assert_eq!(said(&[ack(client, "10.0.0.2:2049")]), Some((end(client), Strong)));
    }
    assert_eq!(said(&[ack("10.0.0.1:80", "10.0.0.2:2049")]).map(|found| found.0), Some(end("10.0.0.2:2049")));
}

#[test]
fn a_syn_ack_alone_is_weighed() {
    let syn_ack = |from, to| tcp(from, to, Flags::SYN | Flags::ACK, b"");
    assert_eq!(said(&[syn_ack("10.0.0.1:443", "10.0.0.2:1434")]), Some((end("10.0.0.2:1434"), Strong)));
    for more in [&[][..], &[tcp("10.0.0.2:5432", "10.0.0.1:43000", Flags::RST, b"")]] {
        let found = said(&[&[syn_ack("10.0.0.1:43000", "10.0.0.2:5432")], more].concat());
        assert!(found.is_none_or(|found| found.0 == end("10.0.0.1:43000")), "{found:?}");
    }
}

#[test]
fn a_syn_ack_alone_outweighs_port_numbers_unless_it_may_be_a_probe() {
    let syn_ack = |from, to| tcp(from, to, Flags::SYN | Flags::ACK, b"");
    let (sender, target) = ("10.0.0.1:4321", "10.0.0.2:443");
    let alone = [syn_ack(sender, target)];
    assert_client(&alone, target, Weak, "SYN-ACK in frame 1");
    assert_eq!(
        said(&[syn_ack("10.0.0.1:47000", target)]),
        Some((end("10.0.0.1:47000"), Weak)),
        "it may be a scanner's"
    );

    let contradicted_by = |more: &[Sent<'static>]| said(&[more, &alone].concat());
    let refused = [alone[0], tcp(target, sender, Flags::RST, b"")];
    assert_eq!(said(&refused), Some((end(sender), Strong)), "the target had sent no SYN");
    let scan = [syn_ack(sender, "10.0.0.2:22"), syn_ack(sender, "10.0.0.2:25")];
    assert_eq!(contradicted_by(&scan).map(|found| found.0), Some(end(sender)), "it probes one port after the other");
    let hosts: Vec<_> =
        (2..8).map(|n| tcp("10.0.0.1:47000", &format!("10.0.0.{n}:5432"), Flags::SYN | Flags::ACK, b"")).collect();
    assert_eq!(said(&hosts), Some((end("10.0.0.1:47000"), Weak)), "it probes one host after the other");
    let probes = ["10.0.0.1:4322", "10.0.0.1:4323"].map(|prober| syn_ack(prober, target));
    assert_eq!(contradicted_by(&probes).map(|found| found.0), Some(end(sender)), "from one port after the other");
    let accepted = handshake("10.0.0.9:53000", target);
    assert_eq!(contradicted_by(&accepted), Some((end(sender), Strong)), "the other end is a server");
}

#[test]
fn what_a_conversation_says_of_its_own_host_is_not_counted_twice() {
    let serving = |packets: &[Sent<'_>]| {
        let mut roles = RoleTracker::default();
        let verdict = verdict_after(&mut roles, packets).expect("the ports tell");
        let segment = packets.last().expect("there is one").segment();
        let pieces = roles.pieces(&verdict, &segment, &Knowledge);
        pieces.filter(|(_, evidence)| evidence.kind() == "host offers services").count()
    };
    let (here, elsewhere) = (ack("10.0.0.1:4321", "10.0.0.2:25"), ack("10.0.0.9:53000", "10.0.0.2:22"));
    assert_eq!([serving(&[here]), serving(&[elsewhere, here])], [0, 1]);
}

#[test]
fn backscatter_of_a_flooded_server_is_its_answer() {
    let targets = ["10.0.0.3:3306", "10.0.0.4:1521", "10.0.0.5:8080", "10.0.0.6:6667"];
    for count in [1, targets.len()] {
        for target in &targets {
            let flood = targets.iter().take(count).chain([target]);
            let packets: Vec<_> =
                flood.map(|target| tcp("10.0.0.1:25", target, Flags::SYN | Flags::ACK, b"")).collect();
            assert_eq!(said(&packets).map(|found| found.0), Some(end(target)), "{count} before {target}");
        }
    }
}

#[test]
fn who_has_asked_is_answered() {
    let asker = "10.0.0.1:41234";
    for (asked, answers) in [
        ("239.255.255.250:1900", "10.0.0.2:43210"),
        ("10.0.0.255:7788", "10.0.0.2:43210"),
        ("10.0.0.2:7788", "10.0.0.2:43210"),
        ("10.0.0.2:43210", "10.0.0.3:43210"),
    ] {
        let packets = [datagram(asker, asked, SOMETHING), datagram(answers, asker, SOMETHING)];
        assert_client(&packets, asker, Strong, &format!("{asker} had asked {asked}, for which this answers"));
    }
    let answered = datagram("10.0.0.2:7788", asker, SOMETHING);
    let stranger = datagram("10.0.0.2:43210", asker, SOMETHING);
    let packets = [datagram(asker, "10.0.0.2:7788", SOMETHING), answered, stranger];
    assert_ne!(said(&packets).map(|found| found.0), Some(end(asker)), "the asker already has its answer");
}

/// All of them talk to one end, as clients talk to a server.
#[test]
fn who_has_asked_everybody_is_answered_by_many() {
    let (asker, asked) = ("10.0.0.1:44818", "10.0.0.255:7788");
    let question = datagram(asker, asked, SOMETHING);
    let answers = (2..8).map(|n| datagram(&format!("10.0.0.{n}:{}", 43_210 + 7 * n), asker, SOMETHING));
    let packets: Vec<_> = iter::once(question).chain(answers).collect();
    assert_client(&packets, asker, Strong, &format!("{asker} had asked {asked}, for which this answers"));
    let asked_last: Vec<_> = packets.iter().chain([&question]).copied().collect();
    assert_eq!(said(&asked_last).map(|found| found.0), Some(end(asker)));
}

#[test]
fn who_announces_a_service_to_everybody_is_asked_there() {
    let client = "10.0.0.2:50123";
    for (server, all, confidence) in [
        ("10.0.0.1:27015", "10.0.0.255:27020", Strong),
        ("10.0.0.1:27015", "255.255.255.255:27020", Strong),
        ("10.0.0.1:27015", "239.1.2.3:27020", Strong),
        ("10.0.0.1:41794", "10.0.0.255:41794", Weak),
        ("10.0.0.1:47808", "255.255.255.255:47808", Weak),
    ] {
        let packets = [(server, all), (client, server), (server, client)];
        let packets = packets.map(|(from, to)| datagram(from, to, SOMETHING));
        assert_eq!(said(&packets), Some((end(client), confidence)), "{server} to {all}");
    }
}

#[test]
fn a_known_service_in_the_ephemeral_range_is_above_what_older_systems_pick() {
    let (client, server) = ("10.0.0.1:4900", "10.0.0.2:44818");
    let numbers = "port 44818 is a known port in the ephemeral range, 4900 is in the ephemeral range of older systems";
    assert_client(&[ack(server, client), ack(client, server)], client, Weak, numbers);
    let (client, server) = ("10.0.0.1:44819", "10.0.0.2:4900");
    let numbers = "port 4900 is the port of a known protocol, 44819 is in the ephemeral range";
    assert_client(&[ack(server, client), ack(client, server)], client, Strong, numbers);
}

#[test]
fn payloads_that_look_like_a_ports_protocol_speak_for_it() {
    let mut wireguard = [0x5a; 80];
    wireguard[..4].copy_from_slice(&[4, 0, 0, 0]);
    let (server, client_port) = ("10.0.0.9:51820", "10.0.0.1:47808");
    let packets = [datagram(server, client_port, &wireguard), datagram(client_port, server, &wireguard)];
    let evidence = "payload looks like WireGuard, for which port 51820 stands";
    assert_client(&packets[..1], client_port, Strong, evidence);
    assert_client(&packets, client_port, Strong, evidence);
    let packets = [datagram(server, client_port, SOMETHING), datagram(client_port, server, SOMETHING)];
    assert_ne!(said(&packets), Some((end(client_port), Strong)), "neither port's protocol is spoken");
    let mut initiation = [0x5a; 148];
    initiation[..4].copy_from_slice(&[1, 0, 0, 0]);
    let found = said(&[datagram(server, client_port, &initiation)]);
    assert_ne!(found.map(|found| found.0), Some(end(client_port)), "it initiates");
}

#[test]
fn a_port_whose_protocol_is_not_spoken_is_as_good_as_any() {
    for client_port in ["10.0.0.1:2123", "10.0.0.1:5060", "10.0.0.1:3478"] {
        let game = "10.0.0.9:27960";
        let packets = [
            datagram(client_port, game, SOMETHING),
            datagram(game, client_port, b"\xee\xee\xee\xeemuch more than it takes"),
        ];
        let found = said(&packets);
        assert!(found.is_none_or(|found| found.0 == end(client_port)), "{client_port}: {found:?}");
    }
}

/// A packet that can change the verdict must not take the fast path, though earlier packets did.
#[test]
fn the_form_of_later_payloads_counts() {
    let mut keepalive = [0x5a; 32];
    keepalive[..4].copy_from_slice(&[4, 0, 0, 0]);
    let (server, client_port) = ("10.0.0.9:51820", "10.0.0.1:47808");
    let fits = datagram(client_port, server, &keepalive);
    let differs = datagram(server, client_port, b"\x81\x0a\0\x06\x01\x20");
    let mut roles = RoleTracker::default();
    let place = roles.observe(1, &fits.segment()).expect("it has a place");
    roles.record_unremarkable(place, &fits.segment());
    let hit = roles.cached(&differs.segment()).expect("it is in the cache");
    assert!(!roles.observe_by_cache(2, hit, &differs.segment(), || None), "the payload has another form");
    roles.observe(2, &differs.segment());
    let evidence = roles.verdict(place, &fits.segment(), Some(&Knowledge)).map(|verdict| verdict.evidence.kind());
    assert_ne!(evidence, Some("form of the port's protocol"), "each port's protocol was seen, and something else");
}

#[test]
fn a_group_is_nobodys_client() {
    for to in ["255.255.255.255:50123", "239.1.2.3:50123", "10.0.0.255:50123", "[ff02::1]:50123"] {
        let from = if to.starts_with('[') { "[2001:db8::1]:5004" } else { "10.0.0.1:5004" };
        assert_eq!(client(&[datagram(from, to, SOMETHING)]), None, "{to}");
    }
    let search = datagram("10.0.0.1:50123", "239.255.255.250:1900", SOMETHING);
    assert_eq!(said(&[search]).map(|found| found.0), Some(end("10.0.0.1:50123")));
    let (from, to) = ("10.0.0.1:8765", "10.0.0.255:50123");
    let heard = [datagram(from, to, SOMETHING), datagram(to, from, SOMETHING)];
    assert_eq!(said(&heard).map(|found| found.0), Some(end(to)), "it sends, so its address is a host's");
}

/// The link layer shows that the first packet was sent to all hosts. DHCP's offer is an exception: it goes to the
/// address that it offers.
#[test]
fn what_the_link_sends_to_all_is_for_nobody() {
    let first_sent_to_all = |packets: &[Sent<'_>]| {
        let mut roles = RoleTracker::default();
        let mut place = None;
        for (index, packet) in packets.iter().enumerate() {
            place = roles.observe_and(index as u32 + 1, &packet.segment(), |conversation| {
                if index == 0 {
                    conversation.start = Start::ToAll;
                }
            });
        }
        let verdict = roles.verdict(place?, &packets.last()?.segment(), Some(&Knowledge))?;
        let last = packets.last()?;
        Some(if verdict.client == Party::Source { last.from } else { last.to })
    };
    let server = "10.0.0.1:5353";
    for to in ["10.0.0.127:50123", "10.0.0.63:50123", "10.0.0.7:50123"] {
        assert_eq!(first_sent_to_all(&[datagram(server, to, SOMETHING)]), None, "{to}");
        assert_eq!(
            said(&[datagram(server, to, SOMETHING)]).map(|found| found.0),
            Some(end(to)),
            "it looks like a host's"
        );
        let heard = [datagram(server, to, SOMETHING), datagram(to, server, SOMETHING)];
        assert_eq!(first_sent_to_all(&heard), Some(end(to)), "it sends, so its address is a host's");
    }
    let host = "10.0.0.9:50123";
    assert_eq!(first_sent_to_all(&[datagram(server, host, SOMETHING)]), Some(end(host)), "no subnet ends there");
    let asker = "10.0.0.9:40123";
    let answer = [datagram(asker, "10.0.0.127:9999", SOMETHING), datagram("10.0.0.2:43210", asker, SOMETHING)];
    assert_eq!(first_sent_to_all(&answer), Some(end(asker)), "a host that asked all gets an answer");
    assert_ne!(said(&answer).map(|found| found.0), Some(end(asker)), "but not for another host");
    let offered = datagram("10.0.0.1:67", "10.0.0.23:68", SOMETHING);
    assert_eq!(first_sent_to_all(&[offered]), Some(end("10.0.0.23:68")));
}

#[test]
fn clients_may_share_a_port_and_agents_do() {
    let many = "10.0.0.9:27960";
    let others: Vec<_> = (1..=10).map(|n| format!("10.0.0.{}:27005", n + 20)).collect();
    let both_ways = |they_ask: bool| -> Vec<_> {
        let ends = |other| if they_ask { (other, many) } else { (many, other) };
        let exchange = |(asks, answers)| [datagram(asks, answers, SOMETHING), datagram(answers, asks, SOMETHING)];
        others.iter().flat_map(|other| exchange(ends(other.as_str()))).collect()
    };
    let packets = both_ways(true);
    assert_client(&packets, &others[9], Strong, "10.0.0.9:27960 answers 9 other clients");
    let packets = both_ways(false);
    assert_client(&packets, many, Strong, "10.0.0.9:27960 asks the same port of 10 servers");
    let answers: Vec<_> = others.iter().map(|other| datagram(other, many, SOMETHING)).collect();
    let evidence = client(&answers).map(|(_, _, evidence)| evidence);
    assert_ne!(evidence.as_deref(), Some("10.0.0.9:27960 asks the same port of 10 servers"), "it asked nobody");
    assert_ne!(said(&answers), Some((end(&others[9]), Strong)), "one direction alone is not enough");
}

#[test]
fn peers_that_check_each_other_have_no_client() {
    let check = b"\0\x01\0\0\x21\x12\xa4\x42transaction.";
    for (one, other) in ENDS {
        let verdict =
            verdict(&[datagram(one, other, check), datagram(other, one, check)]).expect("the checks are evidence");
        assert!(verdict.has_no_client() && verdict.both_ports_agreed() && verdict.confidence == Weak);
        let found = said(&[datagram(one, other, check), datagram(one, other, SOMETHING)]);
        assert_eq!(found.map(|found| found.0), Some(end(one)), "only one end checks the other");
    }
}

#[test]
fn a_tunnels_port_is_the_services_and_its_source_any_number() {
    for port in [4341, 4754, 4790, 4791, 6635, 8472] {
        for source in [1701, 5353] {
            let (from, to) = (format!("10.0.0.1:{source}"), format!("10.0.0.2:{port}"));
            let found = said(&[datagram(&from, &to, SOMETHING)]);
            assert_eq!(found.map(|found| found.0), Some(end(&from)), "{source} to {port}");
        }
    }
}

#[test]
fn who_asks_one_port_after_another_is_a_client() {
    let probes: Vec<_> = (0..6).map(|n| format!("10.0.0.2:{}", 40_500 + 2 * n)).collect();
    let packets: Vec<_> = probes.iter().map(|to| datagram("10.0.0.1:47808", to, SOMETHING)).collect();
    assert_eq!(said(&packets).map(|found| found.0), Some(end("10.0.0.1:47808")));
    let shuffled = [61_000, 40_500, 52_123, 33_333, 58_000].map(|port| format!("10.0.0.2:{port}"));
    let packets: Vec<_> = shuffled.iter().map(|to| datagram("10.0.0.1:40125", to, SOMETHING)).collect();
    assert_eq!(said(&packets), Some((end("10.0.0.1:40125"), Weak)), "in any order");
    let to_clients: Vec<_> =
        (0..6).map(|n| datagram("10.0.0.1:27015", &format!("10.0.0.2:{}", 40_500 + n), SOMETHING)).collect();
    assert_eq!(said(&to_clients).map(|found| found.0), Some(end("10.0.0.2:40505")), "no scanner sends from there");
    let elsewhere = ["10.0.0.2:40500", "10.0.0.3:61000", "10.0.0.4:35000"];
    let packets: Vec<_> = elsewhere.iter().map(|to| datagram("10.0.0.1:47808", to, SOMETHING)).collect();
    assert_ne!(said(&packets), Some((end("10.0.0.1:47808"), Strong)), "these may be its clients");
}

#[test]
fn a_hosts_own_range_shows_in_its_handshakes() {
    let clients: Vec<_> = (0..20).map(|n| format!("10.0.0.1:{}", 1100 + 37 * n)).collect();
    let servers: Vec<_> = (0..20).map(|n| format!("10.0.1.{n}:50900")).collect();
    let mut packets: Vec<_> =
        clients.iter().zip(&servers).flat_map(|(client, server)| handshake(client, server)).collect();
    packets.push(ack("10.0.0.1:1521", "10.0.0.2:8765"));
    assert_eq!(said(&packets[40..]).map(|found| found.0), Some(end("10.0.0.2:8765")), "by the numbers alone");
    assert_eq!(client(&packets), None, "they may be wrong here");
    packets.push(data("10.0.0.1:1500", "10.0.0.2:1501", SOMETHING));
    assert_client(&packets, "10.0.0.1:1500", Weak, "10.0.0.1 connects from ports 1100 to 1803, as 1500 is");
    packets.push(data("10.0.0.1:1893", "10.0.0.2:1894", SOMETHING));
    assert_client(&packets, "10.0.0.1:1893", Weak, "10.0.0.1 connects from ports 1100 to 1803, near which 1893 is");
    packets.push(data("10.0.0.1:2893", "10.0.0.2:2894", SOMETHING));
    assert_eq!(client(&packets), None, "that is far out");
}

/// The host is like a peer. That others connect to another of its ports says nothing about a port that its system
/// picks.
#[test]
fn a_host_that_also_serves_connects_from_its_own_range() {
    let clients: Vec<_> = (0..20).map(|n| format!("10.0.0.1:{}", 1100 + 37 * n)).collect();
    let mut packets: Vec<_> = clients.iter().flat_map(|client| handshake(client, "10.0.1.1:50900")).collect();
    packets.extend(handshake("10.0.3.1:51000", "10.0.0.1:35990"));
    packets.push(data("10.0.0.1:1500", "10.0.0.2:47452", SOMETHING));
    let evidence = "10.0.0.1 connects from ports 1100 to 1803, as 1500 is";
    assert_client(&packets, "10.0.0.1:1500", Weak, evidence);
}

/// As with a peer whose other peers are mostly gone, or if only one direction of its connections was captured.
#[test]
fn so_do_its_syns_if_it_is_known_to_exist() {
    let clients: Vec<_> = (0..20).map(|n| format!("10.0.0.1:{}", 1100 + 37 * n)).collect();
    let syns = |packets: &mut Vec<Sent<'static>>| {
        packets.extend(clients.iter().map(|client| tcp(client, "10.0.1.1:50900", Flags::SYN, b"")));
        packets.push(data("10.0.0.1:1500", "10.0.0.2:1501", SOMETHING));
    };
    let mut known = handshake("10.0.3.1:51000", "10.0.0.1:35990").to_vec();
    syns(&mut known);
    let evidence = "10.0.0.1 connects from ports 1100 to 1803, as 1500 is";
    assert_client(&known, "10.0.0.1:1500", Weak, evidence);
    let mut unknown = Vec::new();
    syns(&mut unknown);
    assert_ne!(
        client(&unknown).map(|(_, _, evidence)| evidence).as_deref(),
        Some(evidence),
        "the SYNs may be a flood's"
    );
}
