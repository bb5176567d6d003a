// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The judgement on packets made here, without a Wireshark: each piece of evidence on its own,
//! their sum, and what must not matter.

use ephemeral::packet::{End, Flags, Party, Segment, TcpFields, Transport};
use ephemeral::roles::{Confidence, Lack, PortKnowledge, RoleTracker, Start, Verdict};
use proptest::prelude::*;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\n";
/// Not a sign of any protocol.
const SOMETHING: &[u8] = b"\xee\xee\xee\xee";

/// 1140 to 1199 are named, 5900 has a dissector, 7000 is what the user declares.
struct Knowledge;

const VNC: i32 = 59;

impl PortKnowledge for Knowledge {
    fn is_named(&self, _: Transport, port: u16) -> bool {
        port < 1024 || (1140..1200).contains(&port)
    }

    fn protocol(&self, _: Transport, port: u16) -> Option<i32> {
        (port == 5900).then_some(VNC)
    }

    fn is_service(&self, port: u16) -> bool {
        port == 7000
    }
}

fn end(text: &str) -> End {
    let at: std::net::SocketAddr = text.parse().expect("an end");
    End::new(at.ip(), at.port())
}

/// A packet: who sent it to whom, and what.
#[derive(Clone, Copy, Debug)]
struct Sent<'a> {
    transport: Transport,
    from: End,
    to: End,
    flags: u8,
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

fn tcp<'a>(from: &str, to: &str, flags: u8, payload: &'a [u8]) -> Sent<'a> {
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

/// Takes the packets; what they say about the last one.
fn verdict(packets: &[Sent<'_>]) -> Option<Verdict> {
    judge(&mut RoleTracker::default(), packets)
}

fn judge(roles: &mut RoleTracker, packets: &[Sent<'_>]) -> Option<Verdict> {
    let mut place = None;
    for (index, packet) in packets.iter().enumerate() {
        place = roles.observe(index as u32 + 1, &packet.segment());
    }
    roles.verdict(place?, &packets.last()?.segment(), Some(&Knowledge))
}

/// The client by the verdict about the last packet, how sure that is, and why.
fn client(packets: &[Sent<'_>]) -> Option<(End, Confidence, String)> {
    let (verdict, last) = (verdict(packets)?, packets.last()?);
    let client = if verdict.client == Party::Source { last.from } else { last.to };
    Some((client, verdict.confidence, verdict.evidence.to_string()))
}

fn assert_client(packets: &[Sent<'_>], at: &str, confidence: Confidence, evidence: &str) {
    assert_eq!(client(packets), Some((end(at), confidence, evidence.to_owned())));
}

/// Two ends that nothing tells apart but that one port is a little lower, in both sort orders.
const ENDS: [(&str, &str); 2] = [("10.0.0.1:50001", "10.0.0.2:50002"), ("10.0.0.2:50002", "10.0.0.1:50001")];

mod each_on_its_own {
    use super::*;
    use Confidence::{Strong, Weak};

    #[test]
    fn nothing() {
        for (one, other) in ENDS {
            assert_eq!(client(&[ack(one, other), ack(other, one)]), None);
        }
    }

    #[test]
    fn payload() {
        for (one, other) in ENDS {
            assert_client(&[data(one, other, REQUEST)], one, Strong, "HTTP request in frame 1");
            assert_client(&[data(one, other, RESPONSE)], other, Strong, "HTTP response in frame 1");
        }
    }

    #[test]
    fn agreed() {
        for (one, other) in ENDS {
            let port = end(other).port;
            let line = format!("229 Entering Extended Passive Mode (|||{port}|)\r\n");
            let server = format!("{}:21", end(other).address());
            let packets = [data(&server, "10.0.0.9:51000", line.as_bytes()), ack(one, other)];
            assert_client(&packets, one, Strong, &format!("{other} was agreed on as listening in frame 1"));
        }
    }

    #[test]
    fn both_agreed_say_nothing() {
        for (one, other) in ENDS {
            let listens = |at: &str| format!("EPRT |1|{}|{}|\r\n", end(at).address(), end(at).port);
            let (one_listens, other_listens) = (listens(one), listens(other));
            let control = |line| data("10.0.0.8:51000", "10.0.0.9:52000", line);
            let packets = [control(one_listens.as_bytes()), control(other_listens.as_bytes()), ack(one, other)];
            assert_eq!(client(&packets), None);
        }
    }

    #[test]
    fn known_server_and_known_client() {
        for (one, other) in ENDS {
            let [syn, syn_ack] = handshake("10.0.0.9:53000", other);
            assert_client(
                &[syn, syn_ack, ack(one, other)],
                one,
                Strong,
                &format!("{other} accepted another connection"),
            );
            let [syn, syn_ack] = handshake(one, "10.0.0.9:53000");
            let known = client(&[syn, syn_ack, ack(one, other)]).expect("it is enough");
            assert_eq!((known.0, known.2), (end(one), format!("{one} opened another connection")));
        }
    }

    #[test]
    fn others() {
        for (one, other) in ENDS {
            let clients: Vec<_> = (1..=12).map(|host| format!("10.0.1.{host}:54000")).collect();
            let mut packets: Vec<_> = clients.iter().map(|client| ack(client, other)).collect();
            packets.push(ack(one, other));
            let found = client(&packets).expect("it is enough");
            assert_eq!((found.0, found.2), (end(one), format!("{other} answers 12 other clients")));
        }
    }

    #[test]
    fn a_popular_port() {
        let pairs: Vec<_> =
            (1..=20).map(|n| (format!("10.0.1.{n}:{}", 50_100 + n), format!("10.0.2.{n}:50900"))).collect();
        let packets: Vec<_> = pairs.iter().map(|(client, server)| ack(client, server)).collect();
        assert_client(&packets, "10.0.1.20:50120", Weak, "port 50900 is used in 20 conversations");
    }

    #[test]
    fn hosts() {
        for (one, other) in ENDS {
            let [syn, syn_ack] = handshake("10.0.0.9:53000", &format!("{}:53001", end(other).address()));
            let evidence = format!("{} offers services in other conversations", end(other).address());
            assert_client(&[syn, syn_ack, ack(one, other)], one, Weak, &evidence);
        }
    }

    #[test]
    fn who_spoke_first() {
        for (one, other) in ENDS {
            let packets = [ack(one, other), data(one, other, SOMETHING)];
            assert_client(&packets, one, Weak, "first packet in frame 1");
            assert_eq!(client(&[ack(one, other)]), None, "without data it may be a probe");
        }
    }

    #[test]
    fn who_acknowledged_first_what_the_other_closed_without_data() {
        let fin = |from, to| tcp(from, to, Flags::FIN | Flags::ACK, b"");
        for (one, other) in ENDS {
            assert_client(&[ack(one, other), fin(one, other), fin(other, one)], one, Weak, "first packet in frame 1");
            assert_eq!(client(&[ack(one, other), fin(one, other)]), None, "one end alone may probe");
            let refused = [ack(one, other), tcp(other, one, Flags::RST, b"")];
            assert_eq!(client(&refused), None, "a reset says that there is no connection");
            let unacknowledged = [ack(one, other), tcp(other, one, Flags::FIN, b"")];
            assert_eq!(client(&unacknowledged), None, "no connection is closed like this");
        }
    }

    /// In a connection's middle either end may be the first that is seen.
    #[test]
    fn who_spoke_first_says_nothing_without_an_acknowledgment_before() {
        for (one, other) in ENDS {
            assert_eq!(client(&[data(one, other, SOMETHING)]), None);
            assert_eq!(client(&[tcp(one, other, Flags::FIN | Flags::ACK, SOMETHING)]), None);
        }
    }

    #[test]
    fn dissector() {
        let packet = [ack("10.0.0.1:5900", "10.0.0.2:5901")];
        let mut roles = RoleTracker::default();
        let before = judge(&mut roles, &packet).expect("the port alone tells");
        let place = roles.find(1, &packet[0].segment()).expect("it is kept");
        roles.conversation_mut(place).dissected = VNC;
        let [syn, syn_ack] = handshake("10.0.0.2:5901", "10.0.0.9:50000");
        let (weak, strong) = (before, judge(&mut roles, &[packet[0], syn, syn_ack, packet[0]]).expect("more tells"));
        assert_eq!((weak.client, weak.confidence), (Party::Destination, Weak));
        assert_eq!((strong.client, strong.confidence), (Party::Destination, Strong));
    }

    #[test]
    fn ports() {
        for (server, confidence, evidence) in [
            (443, Strong, "port 443 is a system port, 51000 is in the ephemeral range"),
            (5900, Strong, "port 5900 is the customary port of a service, 51000 is in the ephemeral range"),
            (1140, Weak, "port 1140 is a registered port, 51000 is in the ephemeral range"),
            (8765, Weak, "port 8765 is an unregistered port, 51000 is in the ephemeral range"),
            (9090, Strong, "port 9090 is the customary port of a service, 51000 is in the ephemeral range"),
            (7000, Strong, "port 7000 is a service by the preferences, 51000 is in the ephemeral range"),
        ] {
            for (client, address) in [("10.0.0.1:51000", "10.0.0.2"), ("10.0.0.2:51000", "10.0.0.1")] {
                assert_client(&[ack(client, &format!("{address}:{server}"))], client, confidence, evidence);
            }
        }
    }
}

/// Which range of ephemeral ports, and which number in it, tells about systems, not about roles.
#[test]
fn of_two_ports_that_systems_picked_the_numbers_say_nothing() {
    for (one, other) in [("10.0.0.1:33000", "10.0.0.2:50001"), ("10.0.0.1:49200", "10.0.0.2:60001")] {
        assert_eq!(client(&[ack(one, other)]), None);
        assert_eq!(client(&[ack(other, one)]), None);
    }
}

mod without_a_verdict {
    use super::*;
    use Lack::{Evidence, Weight};

    /// The likelier client, what is missing, and the pieces of evidence about the last packet's conversation.
    fn undecided(packets: &[Sent<'_>]) -> (Option<End>, Lack, Vec<String>) {
        let mut roles = RoleTracker::default();
        assert_eq!(judge(&mut roles, packets), None);
        let last = packets.last().expect("there are packets");
        let place = roles.find(packets.len() as u32, &last.segment()).expect("it is kept");
        let found = roles.undecided(place, &last.segment(), &Knowledge);
        let pieces = roles.pieces_of_undecided(&found, &last.segment(), &Knowledge);
        let pieces = pieces.map(|(weight, words)| format!("{weight:+} {words}")).collect();
        (found.client.map(|client| if client == Party::Source { last.from } else { last.to }), found.lack, pieces)
    }

    #[test]
    fn nothing_tells_the_ends_apart() {
        for (one, other) in ENDS {
            assert_eq!(undecided(&[data(one, other, SOMETHING)]), (None, Evidence, vec![]));
        }
    }

    /// The other's host serves (7) and was spoken to first (4), but the one has another client (10).
    #[test]
    fn pieces_outweigh_each_other() {
        for (one, other) in ENDS {
            let host = end(other).address();
            let [syn, syn_ack] = handshake("10.0.0.9:53000", &format!("{host}:53001"));
            let packets = [syn, syn_ack, ack("10.0.1.1:54001", one), ack(one, other), data(one, other, SOMETHING)];
            let pieces = [
                format!("-10 {one} answers another client"),
                format!("+7 {host} offers services in other conversations"),
                "+4 first packet in frame 4".to_owned(),
            ];
            let expected = (Some(end(one)), Weight { sum: 1, enough: 3 }, pieces.to_vec());
            assert_eq!(undecided(&packets), expected);
            let answered = [&packets[..], &[data(other, one, SOMETHING)]].concat();
            assert_eq!(undecided(&answered), expected, "and so of a packet of the other direction");
        }
    }

    #[test]
    fn a_group_is_no_client() {
        let mut packet = data("10.0.0.1:8765", "239.0.0.1:50001", SOMETHING);
        packet.transport = Transport::Udp;
        let (client, lack, pieces) = undecided(&[packet]);
        assert_eq!((client, lack), (Some(packet.to), Lack::Client { group: packet.to.address() }));
        assert_eq!(pieces.len(), 2, "{pieces:?}");
    }
}

mod together {
    use super::*;

    /// A host that serves (7), another client (10) and who spoke first (6) are weak each.
    #[test]
    fn agreeing_pieces_add_up() {
        let [syn, syn_ack] = handshake("10.0.0.9:53000", "10.0.0.2:53001");
        let mut packets = vec![ack("10.0.1.1:54001", "10.0.0.2:50002")];
        packets.extend([ack("10.0.0.1:50001", "10.0.0.2:50002"), data("10.0.0.1:50001", "10.0.0.2:50002", SOMETHING)]);
        let confidence = |packets: &[Sent<'_>]| client(packets).map(|found| found.1);
        assert_eq!(confidence(&packets), Some(Confidence::Weak));
        packets.splice(0..0, [syn, syn_ack]);
        assert_eq!(confidence(&packets), Some(Confidence::Strong));
    }

    #[test]
    fn contradicting_pieces_weaken() {
        let strong = [ack("10.0.0.1:51000", "10.0.0.2:443")];
        assert_eq!(client(&strong).map(|found| found.1), Some(Confidence::Strong));
        // What looks like a request of the other end outweighs the ports, but is not sure.
        let disputed = [data("10.0.0.2:443", "10.0.0.1:51000", REQUEST)];
        let found = client(&disputed);
        assert!(found.as_ref().is_none_or(|found| found.1 == Confidence::Weak), "{found:?}");
    }

    /// What looks a little like a server's from one end, and like a client's from the other.
    #[test]
    fn a_sign_is_confirmed_by_the_other_end() {
        let (masked, unmasked): (&[u8], &[u8]) = (b"\x81\x82\x01\x02\x03\x04\x69\x6b", b"\x81\x02hi");
        for (one, other) in ENDS {
            let confidence = |packets: &[Sent<'_>]| client(packets).map(|found| (found.0, found.1));
            let alone = [data(other, one, unmasked), data(other, one, unmasked)];
            assert_eq!(confidence(&alone), Some((end(one), Confidence::Weak)));
            let both = [data(other, one, unmasked), data(one, other, masked)];
            assert_eq!(confidence(&both), Some((end(one), Confidence::Strong)));
        }
    }

    #[test]
    fn signs_that_contradict_each_other_cancel() {
        for (one, other) in ENDS {
            let both = [ack(one, other), data(one, other, REQUEST), data(other, one, REQUEST)];
            let found = client(&both).map(|found| found.2);
            assert_ne!(found, Some("HTTP request in frame 2".to_owned()));
            assert_eq!(found, Some("first packet in frame 1".to_owned()), "the rest still counts");
        }
    }

    #[test]
    fn the_clearer_sign_counts() {
        for (one, other) in ENDS {
            // An SMTP reply is clear, an HTTP request is certain.
            let both = [data(one, other, b"220 ready\r\n"), data(one, other, REQUEST)];
            assert_client(&both, one, Confidence::Strong, "HTTP request in frame 2");
            let both = [data(one, other, REQUEST), data(one, other, b"220 ready\r\n")];
            assert_client(&both, one, Confidence::Strong, "HTTP request in frame 1");
        }
    }

    #[test]
    fn a_handshake_outweighs_everything() {
        let [syn, syn_ack] = handshake("10.0.0.2:443", "10.0.0.1:51000");
        let packets = [syn, syn_ack, data("10.0.0.1:51000", "10.0.0.2:443", REQUEST)];
        assert_client(&packets, "10.0.0.2:443", Confidence::Handshake, "SYN in frame 1");
    }

    #[test]
    fn datagrams_and_segments_are_kept_apart() {
        let query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
        let query = Sent { transport: Transport::Udp, ..tcp("10.0.0.1:50001", "10.0.0.2:50002", 0, query) };
        assert_eq!(client(&[query]).map(|found| found.2), Some("DNS query in frame 1".to_owned()));
        assert_eq!(client(&[query, ack("10.0.0.1:50001", "10.0.0.2:50002")]), None);
    }
}

/// What other conversations, addresses and kinds of numbers say where a person knows at once.
mod from_the_middle {
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
        let all =
            || clients.iter().flat_map(|client| [data(server, client, SOMETHING), data(client, server, SOMETHING)]);
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
        assert_eq!(said(&[syn_ack("10.0.0.1:47000", target)]), Some((end("10.0.0.1:47000"), Weak)), "as of a scanner");

        let contradicted_by = |more: &[Sent<'static>]| said(&[more, &alone].concat());
        let refused = [alone[0], tcp(target, sender, Flags::RST, b"")];
        assert_eq!(said(&refused), Some((end(sender), Strong)), "nobody had asked");
        let scan = [syn_ack(sender, "10.0.0.2:22"), syn_ack(sender, "10.0.0.2:25")];
        assert_eq!(
            contradicted_by(&scan).map(|found| found.0),
            Some(end(sender)),
            "it probes one port after the other"
        );
        let probes = ["10.0.0.1:4322", "10.0.0.1:4323"].map(|prober| syn_ack(prober, target));
        assert_eq!(contradicted_by(&probes).map(|found| found.0), Some(end(sender)), "from one port after the other");
        let accepted = handshake("10.0.0.9:53000", target);
        assert_eq!(contradicted_by(&accepted), Some((end(sender), Strong)), "the other end is a server");
    }

    #[test]
    fn what_a_conversation_says_of_its_own_host_is_not_counted_twice() {
        let serving = |packets: &[Sent<'_>]| {
            let mut roles = RoleTracker::default();
            let verdict = judge(&mut roles, packets).expect("the ports tell");
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
            ("10.0.0.2:7788", "10.0.0.2:43210"),
            ("10.0.0.2:43210", "10.0.0.3:43210"),
        ] {
            let packets = [datagram(asker, asked, SOMETHING), datagram(answers, asker, SOMETHING)];
            assert_client(&packets, asker, Strong, &format!("{asker} had asked {asked}, for which this answers"));
        }
        let answered = datagram("10.0.0.2:7788", asker, SOMETHING);
        let stranger = datagram("10.0.0.2:43210", asker, SOMETHING);
        let packets = [datagram(asker, "10.0.0.2:7788", SOMETHING), answered, stranger];
        assert_ne!(said(&packets).map(|found| found.0), Some(end(asker)), "it had its answer");
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

    /// What changes what is said has to be looked at in a conversation that was passed over so far.
    #[test]
    fn the_form_of_later_payloads_counts() {
        let mut keepalive = [0x5a; 32];
        keepalive[..4].copy_from_slice(&[4, 0, 0, 0]);
        let (server, client_port) = ("10.0.0.9:51820", "10.0.0.1:47808");
        let fits = datagram(client_port, server, &keepalive);
        let differs = datagram(server, client_port, b"\x81\x0a\0\x06\x01\x20");
        let mut roles = RoleTracker::default();
        let place = roles.observe(1, &fits.segment()).expect("it has a place");
        roles.note_unremarkable(place, &fits.segment());
        let hit = roles.cached(&differs.segment()).expect("it is of late");
        assert!(!roles.observe_by_cache(2, hit, &differs.segment(), || None), "it has another form");
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
        assert_eq!(said(&heard).map(|found| found.0), Some(end(to)), "who speaks has his address");
    }

    /// As the link told of the first packet. A host whose address is its client's has been offered one.
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
            assert_eq!(said(&[datagram(server, to, SOMETHING)]).map(|found| found.0), Some(end(to)), "a host's");
            let heard = [datagram(server, to, SOMETHING), datagram(to, server, SOMETHING)];
            assert_eq!(first_sent_to_all(&heard), Some(end(to)), "who speaks has his address");
        }
        let host = "10.0.0.9:50123";
        assert_eq!(first_sent_to_all(&[datagram(server, host, SOMETHING)]), Some(end(host)), "no subnet ends there");
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
        assert_ne!(
            evidence.as_deref(),
            Some("10.0.0.9:27960 asks the same port of 10 servers"),
            "nor does who is not answered"
        );
        assert_ne!(said(&answers), Some((end(&others[9]), Strong)), "answers alone tell as little");
    }

    #[test]
    fn peers_that_check_each_other_have_no_client() {
        let check = b"\0\x01\0\0\x21\x12\xa4\x42transaction.";
        for (one, other) in ENDS {
            let verdict = verdict(&[datagram(one, other, check), datagram(other, one, check)]).expect("it says so");
            assert!(verdict.has_no_client() && verdict.both_ports_agreed() && verdict.confidence == Weak);
            let found = said(&[datagram(one, other, check), datagram(one, other, SOMETHING)]);
            assert_eq!(found.map(|found| found.0), Some(end(one)), "one alone asks");
        }
    }

    #[test]
    fn who_asks_one_port_after_another_is_a_client() {
        let probes: Vec<_> = (0..6).map(|n| format!("10.0.0.2:{}", 40_500 + 2 * n)).collect();
        let packets: Vec<_> = probes.iter().map(|to| datagram("10.0.0.1:47808", to, SOMETHING)).collect();
        assert_eq!(said(&packets).map(|found| found.0), Some(end("10.0.0.1:47808")));
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

    /// As of a peer: that others connect to it elsewhere says nothing of a port that its system picks.
    #[test]
    fn a_host_that_also_serves_connects_from_its_own_range() {
        let clients: Vec<_> = (0..20).map(|n| format!("10.0.0.1:{}", 1100 + 37 * n)).collect();
        let mut packets: Vec<_> = clients.iter().flat_map(|client| handshake(client, "10.0.1.1:50900")).collect();
        packets.extend(handshake("10.0.3.1:51000", "10.0.0.1:35990"));
        packets.push(data("10.0.0.1:1500", "10.0.0.2:47452", SOMETHING));
        let evidence = "10.0.0.1 connects from ports 1100 to 1803, as 1500 is";
        assert_client(&packets, "10.0.0.1:1500", Weak, evidence);
    }

    /// As of a peer most of whose others are gone, or where one direction of its connections was captured.
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
            "they may be a flood's"
        );
    }
}

mod the_clients_port_serves_too {
    use super::*;

    /// Whether it does, by the packets; the last one is of the conversation that is asked about.
    fn serves(packets: &[Sent<'_>]) -> bool {
        let mut roles = RoleTracker::default();
        let verdict = judge(&mut roles, packets).expect("it is enough");
        roles.client_serves(&verdict)
    }

    /// Peers that listen on the port they connect from.
    #[test]
    fn of_tcp_if_it_accepted_a_connection_whenever_that_was() {
        for (peer, other) in ENDS {
            let accepted = handshake("10.0.0.9:53000", peer);
            let connected = handshake(peer, other);
            assert!(serves(&[accepted, connected].concat()));
            let mut later = [connected, accepted].concat();
            later.push(ack(peer, other));
            assert!(serves(&later));
            assert!(!serves(&connected), "not by itself");
            assert!(
                !serves(&[handshake(peer, "10.0.0.9:53000"), connected].concat()),
                "who connects twice is a client"
            );
            assert!(!serves(&[handshake("10.0.0.9:53000", other), connected].concat()), "the server does");
        }
    }

    /// Only a handshake shows that; nor does the number of a listener, if it was agreed on: its system picked it.
    #[test]
    fn of_tcp_not_by_less() {
        for (peer, other) in ENDS {
            let connected = handshake(peer, other);
            let [syn, _] = handshake("10.0.0.9:53000", peer);
            assert!(!serves(&[&[syn][..], &connected].concat()), "it did not answer");
            assert!(!serves(&[&[data("10.0.0.9:53000", peer, REQUEST)][..], &connected].concat()));
            let line = format!("EPRT |1|{}|{}|\r\n", end(peer).address(), end(peer).port);
            let agreed = [data("10.0.0.8:51000", "10.0.0.9:21", line.as_bytes())];
            let accepted = handshake("10.0.0.9:53000", peer);
            assert!(!serves(&[&agreed[..], &accepted, &connected].concat()));
            assert!(!serves(&[&accepted[..], &agreed, &connected].concat()));
        }
    }
}

const PORTS: [u16; 12] = [20, 21, 80, 443, 700, 1140, 5900, 7000, 8000, 33_000, 50_001, 50_002];
const PAYLOADS: [&[u8]; 7] =
    [b"", b"", SOMETHING, REQUEST, RESPONSE, b"220 ready\r\n", b"229 Entering Extended Passive Mode (|||50001|)\r\n"];
const FLAGS: [u8; 5] = [Flags::ACK, Flags::ACK, Flags::SYN, Flags::SYN | Flags::ACK, Flags::FIN | Flags::ACK];

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

    /// Whoever is the client of a packet is the server of a packet back, for the same reason.
    #[test]
    fn both_directions_have_the_same_client(packets in any_packets()) {
        let mut roles = RoleTracker::default();
        judge(&mut roles, &packets);
        let frame = packets.len() as u32;
        for packet in &packets {
            let (there, back) = (packet.segment(), Sent { from: packet.to, to: packet.from, ..*packet }.segment());
            let judge = |segment: &Segment<'_>| {
                let place = roles.find(frame, segment)?;
                roles.verdict(place, segment, Some(&Knowledge))
            };
            let outcome = |verdict: Option<Verdict>| verdict.map(|verdict| (verdict.client, verdict.confidence, verdict.evidence));
            let turned = outcome(judge(&back)).map(|(client, confidence, why)| (client.other(), confidence, why));
            prop_assert_eq!(outcome(judge(&there)), turned);
        }
    }

    /// A second look at the same packets changes nothing.
    #[test]
    fn asking_is_no_evidence(packets in any_packets()) {
        let mut roles = RoleTracker::default();
        judge(&mut roles, &packets);
        let frame = packets.len() as u32;
        let ask = || packets.iter().map(|packet| {
            let segment = packet.segment();
            roles.find(frame, &segment).and_then(|place| roles.verdict(place, &segment, Some(&Knowledge)))
        }).collect::<Vec<_>>();
        prop_assert_eq!(ask(), ask());
    }
}

/// By a header that an ICMP error quotes, anybody could tell anything of others.
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
    assert_eq!((roles.conversations(), roles.facts()), (0, 0));

    let seen = ack(other, one).segment();
    let place = roles.observe(2, &seen).expect("a conversation");
    let known = |roles: &RoleTracker| format!("{:?} and {} facts", roles.conversation(place), roles.facts());
    let before = known(&roles);
    for claim in claims {
        assert!(roles.observe(3, &quoted(claim)).is_some(), "it is looked up");
        assert_eq!(roles.verdict(place, &seen, Some(&Knowledge)).map(|verdict| verdict.client), None);
    }
    assert_eq!(known(&roles), before);
}

mod set_by_hand {
    use super::*;

    const CONNECTION: (&str, &str) = ("10.0.0.1:1140", "10.0.0.2:80");

    /// Two connections on the same ports, one after the other, and a third that has an end of theirs.
    fn segments() -> Vec<Segment<'static>> {
        let (client, server) = CONNECTION;
        let first = handshake(client, server);
        let end = tcp(client, server, Flags::RST, b"");
        let third = handshake("10.0.0.3:40000", server);
        let mut segments: Vec<_> = [&first[..], &[end], &first, &third].concat().iter().map(Sent::segment).collect();
        // The second one is no repetition of the first.
        for tcp in segments[3..5].iter_mut().filter_map(|segment| segment.tcp.as_mut()) {
            tcp.sequence = 1_000_000;
            tcp.acknowledgment = 1_000_001;
        }
        segments
    }

    /// Takes the packets, and says of each which end is the client, how sure that is, and why.
    fn clients(roles: &mut RoleTracker, segments: &[Segment<'_>]) -> Vec<Option<(End, Confidence, String)>> {
        for (frame, segment) in (1..).zip(segments) {
            roles.observe(frame, segment);
        }
        let said = |(frame, segment): (u32, &Segment<'_>)| {
            let verdict = roles.verdict(roles.find(frame, segment)?, segment, Some(&Knowledge))?;
            let client = if verdict.client == Party::Source { segment.source } else { segment.destination };
            Some((client, verdict.confidence, verdict.evidence.to_string()))
        };
        (1..).zip(segments).map(said).collect()
    }

    fn set(roles: &mut RoleTracker, segments: &[Segment<'_>], frame: u32, client: Option<Party>) -> bool {
        let place = roles.find(frame, &segments[frame as usize - 1]).expect("a conversation");
        roles.set_client(place, client)
    }

    fn again(before: RoleTracker) -> RoleTracker {
        let mut roles = RoleTracker::default();
        roles.keep_what_is_set(before);
        roles
    }

    #[test]
    fn it_goes_before_the_handshake_on_all_segments_of_its_conversation_and_no_other() {
        let (mut roles, segments) = (RoleTracker::default(), segments());
        let found = clients(&mut roles, &segments);
        assert!(set(&mut roles, &segments, 2, Some(Party::Source)));
        let by_hand = (end(CONNECTION.1), Confidence::Declared, "set by hand".to_owned());
        let mut expected = found.clone();
        expected[..3].fill(Some(by_hand));
        // Also when the file is dissected again.
        let mut roles = again(roles);
        assert_eq!(clients(&mut roles, &segments), expected);
        let mut roles = again(roles);
        assert_eq!(clients(&mut roles, &segments), expected);
        assert!(set(&mut roles, &segments, 3, None));
        assert_eq!(clients(&mut again(roles), &segments), found);
    }

    #[test]
    fn of_the_later_of_two_on_the_same_ports() {
        let (mut roles, segments) = (RoleTracker::default(), segments());
        let mut expected = clients(&mut roles, &segments);
        assert!(set(&mut roles, &segments, 4, Some(Party::Destination)));
        expected[3..5].fill(Some((end(CONNECTION.1), Confidence::Declared, "set by hand".to_owned())));
        assert_eq!(clients(&mut again(roles), &segments), expected);
    }

    #[test]
    fn what_is_set_already_changes_nothing() {
        let (mut roles, segments) = (RoleTracker::default(), segments());
        clients(&mut roles, &segments);
        assert!(!set(&mut roles, &segments, 1, None));
        assert!(set(&mut roles, &segments, 1, Some(Party::Source)));
        // The same end.
        assert!(!set(&mut roles, &segments, 2, Some(Party::Destination)));
        assert!(set(&mut roles, &segments, 2, Some(Party::Source)));
    }

    #[test]
    fn it_counts_without_inference_and_where_nothing_is_known() {
        let (mut roles, segments) = (RoleTracker::default(), [ack(ENDS[0].0, ENDS[0].1), ack(ENDS[0].1, ENDS[0].0)]);
        assert_eq!(judge(&mut roles, &segments), None);
        let segment = segments[0].segment();
        assert!(set(&mut roles, &[segment], 1, Some(Party::Destination)));
        let place = roles.find(1, &segment).expect("a conversation");
        let verdict = roles.verdict(place, &segment, None::<&Knowledge>).expect("a verdict");
        assert_eq!((verdict.client, verdict.is_final), (Party::Destination, true));
        assert_eq!(roles.pieces(&verdict, &segment, &Knowledge).count(), 0);
    }

    /// What was noted of it as found does not count any more.
    #[test]
    fn what_was_noted_before_is_forgotten() {
        let (mut roles, segments) = (RoleTracker::default(), &segments()[..2]);
        clients(&mut roles, segments);
        let sent = tcp(CONNECTION.0, CONNECTION.1, Flags::ACK, b"");
        let segment = sent.segment();
        let place = roles.observe(3, &segment).expect("a conversation");
        roles.note_unremarkable(place, &segment);
        assert!(roles.cached(&segment).is_some_and(|hit| hit.is_unremarkable()));
        roles.set_client(place, Some(Party::Destination));
        assert!(roles.cached(&segment).is_none_or(|hit| !hit.is_unremarkable()));
    }
}
