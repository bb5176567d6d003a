// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Clients' ports that no system picked by chance: ports that are registered for the client, system ports, sockets that
//! also serve, ports of the conversation's protocol, ports that go with the server's.

use crate::capture::{ACK, Capture, Conversation, Packet, datagram};
use crate::host::{INFO_ALONE, Tshark, expert_lines};

/// Looks like no known protocol.
const SOMETHING: &[u8] = b"\xee\xee\xee\xee";

/// Reads with all notes switched on.
fn noting(capture: &Capture) -> Tshark {
    Tshark::read(capture).two_passes().set("ephemeral.note_confidence:weak")
}

/// No name is called wrong, and none is taken away.
fn assert_untouched(capture: &Capture) {
    for read in [Tshark::read(capture), noting(capture)] {
        assert_eq!(read.clone().frames("ephemeral.misnamed"), [""; 0]);
        // Prints each packet's Info, then its tree, and at the end `-z expert`. One run does all: the start takes
        // longest.
        let print = |tshark: Tshark| tshark.with(&["-P", "-V", "-z", "expert", "-o", INFO_ALONE]).stdout();
        let (ours, theirs) = (print(read.clone().names()), print(read.names().disabled()));
        assert_eq!(expert_lines(&ours), [""; 0]);
        let names = |printed: &str| -> Vec<String> {
            let lines: Vec<_> = printed.lines().collect();
            let is_info = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("Frame "));
            let is_port = |line: &str| line.contains("Src Port: ") || line.contains("    Source Port: ");
            let named = lines.iter().enumerate().filter(|(at, line)| is_info(*at) || is_port(line));
            named.map(|(_, line)| line.trim().to_owned()).collect()
        };
        assert!(names(&theirs).len() > 1, "{theirs}");
        assert_eq!(names(&ours), names(&theirs));
    }
}

/// A message of RFC 2131: 1 asks, 2 answers.
pub(crate) fn dhcp(operation: u8) -> Vec<u8> {
    let mut message = vec![0; 236];
    message[..3].copy_from_slice(&[operation, 1, 6]);
    let kind = if operation == 1 { 1 } else { 2 };
    message.extend([0x63, 0x82, 0x53, 0x63, 53, 1, kind, 255]);
    message.resize(300, 0);
    message
}

fn roles(capture: &Capture) -> Vec<Vec<String>> {
    noting(capture).fields(&["ephemeral.client_port", "ephemeral.server_port", "ephemeral.confidence"])
}

#[test]
fn dhcp_is_right_and_nobodys_port_is_misnamed() {
    let (client, server) = ("192.168.1.23:68", "192.168.1.1:67");
    let capture = Capture::ethernet(&[
        datagram("0.0.0.0:68", "255.255.255.255:67", &dhcp(1)),
        datagram(server, client, &dhcp(2)),
        datagram(client, server, &dhcp(1)),
    ]);
    assert_untouched(&capture);
    assert_eq!(roles(&capture), [["68", "67", "2"]; 3]);
    let asked = noting(&capture).set("ephemeral.note_system_source:TRUE");
    assert_eq!(asked.expert_lines(), [""; 0], "port 68 is registered for the client");
}

/// A message of RFC 8415 with a client's identifier.
fn dhcpv6(kind: u8) -> Vec<u8> {
    [&[kind, 0x12, 0x34, 0x56, 0, 1, 0, 10, 0, 3, 0, 1, 2, 0, 0, 0, 0, 1][..], &[0, 8, 0, 2, 0, 0]].concat()
}

#[test]
fn dhcpv6_is_right_and_nobodys_port_is_misnamed() {
    let (client, server) = ("[fe80::23]:546", "[fe80::1]:547");
    let relayed = |kind: u8| [&[kind, 0][..], &[0; 32], &[0, 9, 0, 24], &dhcpv6(1)].concat();
    let capture = Capture::ethernet(&[
        datagram(client, "[ff02::1:2]:547", &dhcpv6(1)),
        datagram(server, client, &dhcpv6(7)),
        datagram("[2001:db8::1]:546", "[2001:db8::2]:547", &relayed(12)),
    ]);
    assert_untouched(&capture);
    assert_eq!(roles(&capture), [["546", "547", "2"]; 3]);
    let elsewhere = Capture::ethernet(&[datagram("[2001:db8::1]:50001", "[2001:db8::2]:50002", &relayed(12))]);
    let evidence = noting(&elsewhere).field("ephemeral.evidence");
    assert_eq!(evidence, ["DHCPv6 relayed request in frame 1"], "not NTP, whatever the ports are");
}

#[test]
fn a_system_port_of_a_client_is_noted_only_if_the_user_asks_for_it() {
    for port in [53, 80, 88, 136, 137, 179, 394, 502, 750] {
        let capture = Conversation::new(&format!("192.168.1.23:{port}"), "198.51.100.10:2582").open().into();
        assert_untouched(&capture);
        let asked = || noting(&capture).set("ephemeral.note_system_source:TRUE");
        assert_eq!(asked().frames("ephemeral.system_source"), ["1", "2", "3"]);
        let text = format!("Port {port} is the client's, and no system picks it by chance");
        assert_eq!(asked().expert_lines(), [format!("3 Assumption Ephemeral Ports {text}")]);
    }
}

#[test]
fn a_system_port_of_a_client_loses_its_name_only_if_the_user_asks_for_it() {
    for (server, service) in [("198.51.100.10:80", "http"), ("198.51.100.10:53", "domain")] {
        let connection = Conversation::new("192.168.1.23:53", server).open();
        let capture: Capture =
            connection.then(Conversation::new("192.168.1.24:50001", "198.51.100.10:53").open()).into();
        let read = || noting(&capture).names().set("ephemeral.correct_system_source:TRUE");
        let port = server.split_once(':').expect("a port").1;
        let info = read().info();
        for (line, ports) in info.iter().zip([
            format!("53 → {service}({port}) [SYN]"),
            format!("{service}({port}) → 53 [SYN, ACK]"),
            format!("53 → {service}({port}) [ACK]"),
            "50001 → domain(53) [SYN]".to_owned(),
            "domain(53) → 50001 [SYN, ACK]".to_owned(),
            "50001 → domain(53) [ACK]".to_owned(),
        ]) {
            assert!(line.starts_with(&ports), "{line}: {ports}");
        }
        let trees = read().trees();
        let has = |frame: usize, text: &str| trees[frame].iter().any(|line| line.trim_start().starts_with(text));
        let (named, bare) = (format!("{service} ({port})"), "53");
        assert!(has(0, &format!("Source Port: {bare}")) && has(0, &format!("Destination Port: {named}")), "{trees:?}");
        assert!(has(1, &format!("Source Port: {named}")) && has(1, &format!("Destination Port: {bare}")), "{trees:?}");
        let heading = |frame: usize| trees[frame].iter().find(|line| line.starts_with("Transmission")).expect("TCP");
        assert!(heading(0).contains(&format!("Src Port: {bare}, Dst Port: {named}, ")), "{}", heading(0));
        assert!(heading(1).contains(&format!("Src Port: {named}, Dst Port: {bare}, ")), "{}", heading(1));
        let fields = read().fields(&["ephemeral.source_port", "ephemeral.destination_port", "ephemeral.service"]);
        assert_eq!(fields[0], [bare, &named, service]);
        assert_eq!(read().expert_lines(), [""; 0], "no note is asked for");
        assert_eq!(read().field("ephemeral.misnamed"), [""; 6], "the port was not picked by chance");
        let both = read().set("ephemeral.note_system_source:TRUE");
        assert_eq!(both.expert_lines().len(), 1);
        let declared = || read().set("ephemeral.server_ports:53");
        assert_eq!(declared().info(), noting(&capture).names().info(), "a declared port keeps its name");
    }
}

/// A query for the address of www.example.com, or the answer that there is none.
fn dns(is_response: bool) -> Vec<u8> {
    let flags: [u8; 2] = if is_response { [0x81, 0x83] } else { [0x01, 0] };
    let question = b"\x03www\x07example\x03com\x00\x00\x01\x00\x01";
    [&[0x12, 0x34][..], &flags, &[0, 1, 0, 0, 0, 0, 0, 0], question].concat()
}

pub(crate) fn ask(client: &str, server: &str) -> Vec<Packet> {
    vec![datagram(client, server, &dns(false)), datagram(server, client, &dns(true))]
}

#[test]
fn the_port_of_a_socket_that_also_serves() {
    let responder = "192.168.1.23:5353";
    let multicast = [datagram(responder, "224.0.0.251:5353", &dns(true))];
    assert_untouched(&Capture::ethernet(&[&multicast[..], &ask(responder, "198.51.100.10:53")].concat()));
    assert_untouched(&Capture::ethernet(&ask(responder, "198.51.100.10:53")));
    // A forwarder that receives queries on the port from which it sends queries.
    let forwarder = "192.168.1.1:1140";
    let asked = Capture::ethernet(&[ask("192.168.1.23:51000", forwarder), ask(forwarder, "198.51.100.10:53")].concat());
    assert_untouched(&asked);
    let alone = Capture::ethernet(&ask(forwarder, "198.51.100.10:53"));
    assert_eq!(noting(&alone).frames("ephemeral.misnamed.port == 1140"), ["1", "2"]);
}

/// A peer that connects from its listening port, as peers do to get through NAT.
#[test]
fn the_port_where_a_peer_also_listens() {
    for (peer, one, other) in [
        ("192.168.1.23:6346", "198.51.100.10:51000", "198.51.100.20:80"),
        ("[2001:db8::23]:6346", "[2001:db8:1::10]:51000", "[2001:db8:1::20]:80"),
    ] {
        let accepts = || Conversation::new(one, peer).open();
        let connects = || Conversation::new(peer, other).open().request(SOMETHING).response(SOMETHING);
        assert_untouched(&accepts().then(connects()).into());
        // In one pass, the packets before the peer accepts a connection have the note.
        let later: Capture = connects().then(accepts()).then(connects().skip(3)).into();
        assert_eq!(Tshark::read(&later).frames("ephemeral.port_misnamed"), ["1", "2", "3", "4", "5"]);
        assert_eq!(noting(&later).frames("ephemeral.misnamed"), [""; 0]);
        let alone = connects().into();
        assert_eq!(noting(&alone).frames("ephemeral.misnamed.port == 6346"), ["1", "2", "3", "4", "5"]);
    }
}

/// A data connection in active mode. Neither its beginning nor the control connection was captured.
pub(crate) fn active_data(server: &str, listener: &str) -> Conversation {
    let listening = Conversation::new(&format!("{server}:20"), listener).open().midstream();
    listening.request(b"drwxr-xr-x docs\r\n").server(ACK, b"")
}

fn client_ports(conversations: impl Iterator<Item = Conversation>) -> Vec<String> {
    let capture = conversations.reduce(Conversation::then).expect("one").into();
    let ports = Tshark::read(&capture).two_passes().field("ephemeral.client_port");
    assert_eq!(Tshark::read(&capture).field("ephemeral.client_port"), ports, "in one pass");
    ports
}

#[test]
fn active_ftp_without_its_beginning() {
    for (server, listeners) in [
        ("198.51.100.10", ["192.168.1.23:5001", "192.168.1.23:51001", "192.168.1.23:40001", "192.168.1.23:8080"]),
        (
            "[2001:db8:1::10]",
            ["[2001:db8::23]:5001", "[2001:db8::23]:51001", "[2001:db8::23]:40001", "[2001:db8::23]:8080"],
        ),
    ] {
        for listener in listeners {
            assert_eq!(client_ports([active_data(server, listener)].into_iter()), ["20"; 2], "{server} {listener}");
        }
    }
}

#[test]
fn a_fan_from_port_20_makes_it_no_service() {
    for (server, host) in [("198.51.100.10", "192.168.1"), ("[2001:db8:1::10]", "2001:db8:")] {
        let listener = |number: usize| match host {
            "192.168.1" => format!("192.168.1.{number}:{}", 50_000 + number),
            _ => format!("[2001:db8::{number}]:{}", 50_000 + number),
        };
        let serving = (1..5).map(|number| {
            let client = listener(number).replace(":500", ":400");
            Conversation::new(&client, &format!("{server}:21")).open().response(b"220 ready\r\n").ack()
        });
        let fan = (1..40).map(|number| active_data(server, &listener(number)));
        let ports = client_ports(serving.chain(fan));
        assert_eq!(ports[20..], vec!["20"; 78]);
    }
}

/// The client's port is known, and its name is not called wrong.
fn assert_on_purpose(client: &str, server: &str, request: &[u8]) {
    let capture = Capture::ethernet(&[datagram(client, server, request)]);
    assert_untouched(&capture);
    let port = client.rsplit(':').next().expect("a port");
    assert_eq!(noting(&capture).field("ephemeral.client_port"), [port], "{client} to {server}");
}

/// The client's port is called misnamed: a system picked it, or somebody set it for no known purpose.
fn assert_misnamed(client: &str, server: &str, request: &[u8]) {
    let capture = Capture::ethernet(&[datagram(client, server, request)]);
    let port = client.rsplit(':').next().expect("a port");
    assert_eq!(noting(&capture).field("ephemeral.misnamed.port"), [port], "{client} to {server}");
}

/// An access request (RFC 2865, section 4.1) with a user's name.
const RADIUS: &[u8] = b"\x01\x07\0\x1b0123456789abcdef\x01\x07alice";

#[test]
fn both_ports_are_those_of_what_is_spoken() {
    // RADIUS also uses its ports from before RFC 2865. Some clients send their requests from these.
    for client in ["192.168.1.23:1645", "[2001:db8::23]:1646"] {
        let server = if client.starts_with('[') { "[2001:db8::1]:1812" } else { "192.168.1.1:1812" };
        assert_on_purpose(client, server, RADIUS);
    }
    assert_misnamed("192.168.1.23:1647", "192.168.1.1:1812", RADIUS);
    assert_misnamed("192.168.1.23:1645", "192.168.1.1:53", &dns(false));
}

#[test]
fn the_payload_shows_that_the_port_is_the_protocols_own() {
    for (client, server) in [("192.168.1.23:5060", "192.168.1.1:5090"), ("[2001:db8::23]:5060", "[2001:db8::1]:5090")] {
        let request = b"OPTIONS sip:192.168.1.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.23:5999\r\n\r\n";
        assert_on_purpose(client, server, request);
        let capture = Capture::ethernet(&[datagram(client, server, request)]);
        assert_eq!(noting(&capture).field("ephemeral.service"), ["sip"], "not what 5090 is registered for");
        assert_misnamed(client, server.replace("5090", "53").as_str(), &dns(false));
    }
}

fn sip(via: &str) -> Vec<u8> {
    format!("REGISTER sip:example.com SIP/2.0\r\n{via}\r\nMax-Forwards: 70\r\n\r\n").into_bytes()
}

#[test]
fn a_port_that_sip_announces() {
    let (client, server) = ("192.168.1.23:5010", "192.168.1.1:5060");
    assert_on_purpose(client, server, &sip("Via: SIP/2.0/UDP 192.168.1.23:5010;branch=z9hG4bK1"));
    assert_on_purpose("[2001:db8::23]:4060", "[2001:db8::1]:5060", &sip("v: SIP/2.0/UDP [2001:db8::23]:4060"));
    // These clients take answers on another port.
    assert_misnamed(client, server, &sip("Via: SIP/2.0/UDP 192.168.1.23:5070;branch=z9hG4bK1"));
    assert_misnamed(client, server, &sip("Via: SIP/2.0/UDP 192.168.1.23"));
}

#[test]
fn a_port_beside_that_of_the_service() {
    let notify = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n\r\n";
    assert_on_purpose("192.168.1.1:1901", "239.255.255.250:1900", notify);
    assert_misnamed("192.168.1.1:1903", "239.255.255.250:1900", notify);
    let who_is = b"\x81\x0a\x00\x0c\x01\x20\xff\xff\x00\xff\x10\x08";
    assert_on_purpose("192.168.1.23:47809", "192.168.1.1:47808", who_is);
    assert_misnamed("192.168.1.23:47809", "192.168.1.1:4500", SOMETHING);
}

/// A Teredo bubble (RFC 4380) from the port that a game console uses.
#[test]
fn the_port_of_a_console() {
    let bubble = [&b"\x60\0\0\0\0\0\x3b\x15"[..], &[0xfe, 0x80], &[0; 13], &[1, 0xfe, 0x80], &[0; 13], &[2]].concat();
    assert_on_purpose("192.168.1.23:3074", "198.51.100.10:3544", &bubble);
    assert_misnamed("192.168.1.23:3074", "198.51.100.10:53", &dns(false));
}

/// If only the client's port chose the dissector, and no payload confirms the protocol, the port has no known purpose.
#[test]
fn a_dissector_that_the_clients_port_chose_makes_it_no_purpose() {
    let ntp = [&[0x23][..], &[0; 47]].concat();
    let (client, server) = ("192.168.1.23:5353", "198.51.100.10:5401");
    let capture = Capture::ethernet(&[datagram(client, server, &ntp)]);
    let protocols = Tshark::read(&capture).disabled().field("frame.protocols");
    assert!(protocols[0].ends_with(":udp:mdns"), "{protocols:?}");
    assert_misnamed(client, server, &ntp);
}

#[test]
fn a_hash_that_is_another_port_of_the_tunnels_is_no_purpose() {
    let frame = b"\x08\0\0\0\0\0\x2a\0\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01\x08\x06\0\x01";
    let (client, server) = ("192.0.2.1:4789", "192.0.2.2:8472");
    let capture = Capture::ethernet(&[datagram(client, server, frame)]);
    let protocols = Tshark::read(&capture).disabled().field("frame.protocols");
    assert!(protocols[0].contains(":udp:vxlan"), "{protocols:?}");
    assert_misnamed(client, server, frame);
}
