// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Who talks to which service: `-z conv,ephemeral`, `-z endpoints,ephemeral`, and the filter of each row.

use crate::capture::{Capture, Conversation, datagram};
use crate::host::{Home, Tshark};
use crate::sharkd::Sharkd;
use serde_json::Value;

/// Two connections of one client to a service, and a third one of another client, which begins with the server's
/// packet. A connection from a lower port to a higher one, over IPv6. One in which the server of the others is the
/// client. A query and its answer over UDP, over IPv4 and over IPv6. Then a packet whose roles are not known.
fn mixture() -> Capture {
    let first = Conversation::new("192.168.1.23:1140", "198.51.100.10:80").open().request(b"hello");
    let second = Conversation::new("192.168.1.23:49152", "198.51.100.10:80").open();
    let late = Conversation::new("192.168.1.24:49152", "198.51.100.10:80").open().skip(1);
    let v6 = Conversation::new("[2001:db8::1]:1141", "[2001:db8::10]:8443").open();
    let back = Conversation::new("198.51.100.10:49153", "192.168.1.23:22").open();
    let unknown = Conversation::new("192.168.1.25:49152", "192.168.1.26:49153").ack();
    let mut packets = first.then(second).then(late).then(v6).then(back).packets;
    packets.push(datagram("192.168.1.23:1155", "198.51.100.53:53", b"x"));
    packets.push(datagram("198.51.100.53:53", "192.168.1.23:1155", b"x"));
    packets.push(datagram("[2001:db8::1]:1156", "[2001:db8::53]:53", b"x"));
    packets.push(datagram("[2001:db8::53]:53", "[2001:db8::1]:1156", b"x"));
    packets.extend(unknown.packets);
    Capture::ethernet(&packets)
}

/// Client, service, packets of the server, packets of the client.
const CONVERSATIONS: [(&str, &str, u64, u64); 6] = [
    ("192.168.1.23", "198.51.100.10:80 (http)", 2, 5),
    ("192.168.1.23", "198.51.100.53:53 (domain)", 1, 1),
    ("192.168.1.24", "198.51.100.10:80 (http)", 1, 1),
    ("198.51.100.10", "192.168.1.23:22 (ssh)", 1, 2),
    ("2001:db8::1", "[2001:db8::10]:8443 (pcsync-https)", 1, 2),
    ("2001:db8::1", "[2001:db8::53]:53 (domain)", 1, 1),
];

/// What a conversation of the test's is expected to be, as [`conversations`] reads it.
fn expected() -> Vec<Row> {
    CONVERSATIONS.map(|(client, service, rx, tx)| (client.to_owned(), service.to_owned(), rx, tx)).to_vec()
}

type Row = (String, String, u64, u64);

/// The conversations that tshark prints: the two ends, packets to the first and packets from it.
fn conversations(tshark: Tshark, which: &str) -> Vec<Row> {
    let printed = tshark.with(&["-q", "-z", which]).stdout();
    let mut rows: Vec<_> = printed.lines().filter_map(|line| line.split_once("<->")).map(row).collect();
    rows.sort();
    rows
}

fn row((first, rest): (&str, &str)) -> Row {
    let (second, numbers) = rest.trim().split_once("  ").expect("columns are apart");
    // 3.4 prints no blank in "108bytes".
    let numbers = numbers.replace("bytes", " ");
    let number = |at| numbers.split_whitespace().nth(at).and_then(|word| word.parse().ok()).expect("a number");
    (first.trim().to_owned(), second.to_owned(), number(0), number(2))
}

#[test]
fn a_conversation_is_a_client_and_a_service() {
    let read = || Tshark::read(&mixture());
    assert_eq!(conversations(read(), "conv,ephemeral"), expected());
    assert_eq!(conversations(read().two_passes(), "conv,ephemeral"), expected(), "in two passes");
    assert_eq!(conversations(read().names(), "conv,ephemeral"), expected(), "with names");
}

#[test]
fn a_filter_selects_conversations() {
    let rows = conversations(Tshark::read(&mixture()), "conv,ephemeral,ephemeral.client == \"192.168.1.24\"");
    assert_eq!(rows, [expected()[2].clone()]);
}

#[test]
fn an_endpoint_is_a_client_or_a_service() {
    let printed = Tshark::read(&mixture()).with(&["-q", "-z", "endpoints,ephemeral"]).stdout();
    let mut rows: Vec<_> = printed
        .lines()
        .skip_while(|line| !line.contains("Packets"))
        .skip(1)
        .filter_map(|line| line.trim().split_once("  "))
        .map(|(end, numbers)| (end, numbers.split_whitespace().next().expect("a number")))
        .collect();
    rows.sort();
    let expected = [
        ("192.168.1.23", "9"),
        ("192.168.1.23:22 (ssh)", "3"),
        ("192.168.1.24", "2"),
        ("198.51.100.10", "3"),
        ("198.51.100.10:80 (http)", "9"),
        ("198.51.100.53:53 (domain)", "2"),
        ("2001:db8::1", "5"),
        ("[2001:db8::10]:8443 (pcsync-https)", "3"),
        ("[2001:db8::53]:53 (domain)", "2"),
    ];
    assert_eq!(rows, expected);
}

/// The filter that the window applies for a row selects as many packets as the row counts, and these are all its
/// own: each packet is in one row.
#[test]
fn the_filter_of_a_row_selects_its_packets() {
    let answers = Sharkd::default().load(&mixture()).table("conv").table("endpt").answers(&Home::shared());
    let filter = |row: &Value| row["filter"].as_str().expect("a filter").to_owned();
    let rows = answers[1]["taps"][0]["convs"].as_array().expect("a list");
    assert_eq!(rows.len(), CONVERSATIONS.len());
    let mut selected = 0;
    for row in rows {
        let packets = row["rxf"].as_u64().expect("a number") + row["txf"].as_u64().expect("a number");
        let (client, service) = (&row["saddr"], &row["daddr"]);
        let ends = format!("ephemeral.endpoint=={client} && ephemeral.endpoint=={service}");
        assert_eq!(filter(row), ends);
        let frames = Tshark::read(&mixture()).frames(&ends).len() as u64;
        assert_eq!(frames, packets, "{ends}");
        selected += frames;
        let one_way = format!("ephemeral.source_endpoint=={client} && ephemeral.destination_endpoint=={service}");
        assert_eq!(Tshark::read(&mixture()).frames(&one_way).len() as u64, row["txf"].as_u64().unwrap(), "{one_way}");
    }
    assert_eq!(selected, 19, "all but the packet whose roles are not known");
    for row in answers[2]["taps"][0]["hosts"].as_array().expect("a list") {
        let packets = row["rxf"].as_u64().expect("a number") + row["txf"].as_u64().expect("a number");
        assert_eq!(Tshark::read(&mixture()).frames(&filter(row)).len() as u64, packets, "{row}");
    }
}

/// The same for each transport over each version of IP alone.
#[test]
fn rows_of_tcp_and_udp_over_ipv4_and_ipv6() {
    let read = || Tshark::read(&mixture());
    for (kind, services, packets) in
        [("tcp && ip", 3, 12), ("tcp && ipv6", 1, 3), ("udp && ip", 1, 2), ("udp && ipv6", 1, 2)]
    {
        let rows = conversations(read(), &format!("conv,ephemeral,{kind} && ephemeral"));
        assert_eq!(rows.len(), services, "{kind}: {rows:?}");
        let mut selected = Vec::new();
        for (client, service, rx, tx) in rows {
            let ends = format!("ephemeral.endpoint == \"{client}\" && ephemeral.endpoint == \"{service}\"");
            let frames = read().frames(&ends);
            assert_eq!(frames.len() as u64, rx + tx, "{kind}: {ends}");
            selected.extend(frames);
        }
        selected.sort_by_key(|frame| frame.parse::<u32>().expect("a number"));
        assert_eq!(selected, read().frames(&format!("{kind} && ephemeral")), "{kind}");
        assert_eq!(selected.len(), packets, "{kind}");
    }
}

/// The third packet shows the protocol. In one pass, the row of the packets before it has the registered name.
#[test]
fn two_passes_know_what_is_spoken() {
    let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let spoken: Capture = Conversation::new("192.168.1.23:49152", "198.51.100.10:8081").open().request(request).into();
    let services = |tshark| conversations(tshark, "conv,ephemeral").into_iter().map(|row| row.1).collect::<Vec<_>>();
    assert_eq!(services(Tshark::read(&spoken).two_passes()), ["198.51.100.10:8081 (http)"]);
    let split = ["198.51.100.10:8081 (http)", "198.51.100.10:8081 (sunproxyadmin)"];
    assert_eq!(services(Tshark::read(&spoken)), split);
}

/// The protocol that one connection shows names the service in all connections to it: also in one without data, and in
/// those where the client's port chose another dissector (1863 stands for MSNMS, 6000 for X11).
#[test]
fn a_service_is_called_what_any_of_its_connections_shows() {
    let to = |client: &str| Conversation::new(client, "198.51.100.10:18080").open();
    let shown = to("192.168.1.23:51234").request(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let data = b"\x01\x02\x03\x04 what nobody knows";
    let others = || {
        to("192.168.1.23:51235").then(to("192.168.1.23:1863").request(data)).then(to("192.168.1.23:6000").request(data))
    };
    let row = |tx| ("192.168.1.23".to_owned(), "198.51.100.10:18080 (http)".to_owned(), 4, tx);
    let after: Capture = shown.clone().then(others()).into();
    let before: Capture = others().then(shown).into();
    assert_eq!(conversations(Tshark::read(&before).two_passes(), "conv,ephemeral"), [row(11)]);
    let services = Tshark::read(&after).two_passes().field("ephemeral.service");
    assert_eq!(services, ["http"; 15]);
    let split = conversations(Tshark::read(&after), "conv,ephemeral");
    assert_eq!(split.len(), 2, "in one pass, the first connection's handshake came before: {split:?}");
    // Another server on the same host, whose port stands for something else, does not get that name.
    let other: Capture = Conversation::new("192.168.1.23:51236", "198.51.100.10:18081").open().into();
    assert_eq!(Tshark::read(&other).two_passes().field("ephemeral.service"), [""; 3]);
}

/// These fields only identify rows. They are not in the tree unless something asks for them.
#[test]
fn a_visible_tree_leaves_them_out() {
    for format in ["-V", "-Tjson", "-Tpdml", "-Tek"] {
        let printed = Tshark::read(&mixture()).with(&[format]).stdout();
        assert!(!printed.contains("ndpoint") && !printed.contains("Client or Service"), "{format}");
    }
}

/// DNS over UDP and over TCP: 4.4 forgets the name that the port has over UDP once it was asked for that over TCP.
#[test]
fn a_port_of_both_transports_has_one_name() {
    let query = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
    let over_tcp = [&[0, query.len() as u8], &query[..]].concat();
    let to = |client: &str| Conversation::new(client, "198.51.100.53:53").open();
    let mut packets = to("192.168.1.23:40001").packets;
    packets.push(datagram("192.168.1.23:1155", "198.51.100.53:53", query));
    packets.extend(to("192.168.1.23:40002").packets);
    packets.push(datagram("192.168.1.23:1156", "198.51.100.53:53", query));
    packets.extend(to("192.168.1.23:40003").request(&over_tcp).packets);
    packets.push(datagram("192.168.1.23:1157", "198.51.100.53:53", query));
    let capture = Capture::ethernet(&packets);
    let row = ("192.168.1.23".to_owned(), "198.51.100.53:53 (domain)".to_owned(), 3, 10);
    for names in [false, true] {
        let read = Tshark::read(&capture).two_passes();
        let rows = conversations(if names { read.names() } else { read }, "conv,ephemeral");
        assert_eq!(rows, std::slice::from_ref(&row), "with names: {names}");
    }
}
