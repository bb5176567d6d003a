// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The tap `ephemeral`, and the statistics made from it: `-z ephemeral,tree`.

use crate::capture::{Capture, Conversation, datagram};
use crate::host::{self, Home, Tshark};

#[test]
fn counts_misnamed_ports_services_and_evidence() {
    assert_eq!(
        statistics(&mixture(), "ephemeral,tree"),
        [
            "Misnamed ports, by name 6",
            " autonoc (1140) 3",
            " mxomss (1141) 2",
            " nfa (1155) 1",
            "Services, by server 10",
            " http 6",
            "  198.51.100.10:80 4",
            "  [2001:db8::10]:80 2",
            " (not known) 3",
            "  198.51.100.10:49999 3",
            " domain 1",
            "  198.51.100.10:53 1",
            "Services, by number of clients 4",
            " [2001:db8::10]:80 (http) 1",
            " 198.51.100.10:80 (http) 1",
            " 198.51.100.10:53 (domain) 1",
            " 198.51.100.10:49999 1",
            "How client and server are known 10",
            " handshake 8",
            "  SYN 7",
            "  SYN-ACK 1",
            " strong 2",
            "  port numbers 1",
            "  SYN-ACK 1",
        ]
    );
}

#[test]
fn counts_bytes_apart() {
    assert_eq!(
        statistics(&mixture(), "ephemeral_bytes,tree"),
        [
            "Services, by bytes 569",
            " 198.51.100.10:80 (http) 216",
            " 198.51.100.10:49999 162",
            " [2001:db8::10]:80 (http) 148",
            " 198.51.100.10:53 (domain) 43",
        ]
    );
}

#[test]
fn counts_what_a_filter_selects() {
    if host::release() == (3, 4) {
        eprintln!("NOT CHECKED counts_what_a_filter_selects: tshark 3.4 takes a filter for no statistics tree");
        return;
    }
    let expected = [
        "Misnamed ports, by name 2",
        " mxomss (1141) 2",
        "Services, by server 2",
        " http 2",
        "  [2001:db8::10]:80 2",
        "Services, by number of clients 1",
        " [2001:db8::10]:80 (http) 1",
        "How client and server are known 2",
        " strong 1",
        "  SYN-ACK 1",
        " handshake 1",
        "  SYN-ACK 1",
    ];
    assert_eq!(statistics(&mixture(), "ephemeral,tree,ephemeral.misnamed.port == 1141"), expected);
}

#[test]
fn counts_nothing_where_no_role_is_known() {
    let nothing = Capture::ethernet(&[]);
    let expected = [
        "Misnamed ports, by name 0",
        "Services, by server 0",
        "Services, by number of clients 0",
        "How client and server are known 0",
    ];
    assert_eq!(statistics(&nothing, "ephemeral,tree"), expected);
    assert_eq!(statistics(&nothing, "ephemeral_bytes,tree"), ["Services, by bytes 0"]);
    let expected =
        ["Clients without a handshake, by conversations 0", "Conversations with a weak verdict, by packets 0"];
    assert_eq!(statistics(&nothing, "ephemeral_doubts,tree"), expected);
}

/// Two clients of one service, each with more than one connection; a connection without its handshake; and one about
/// which next to nothing is known.
#[test]
fn counts_clients_once_and_doubts() {
    let of = |client: &str| Conversation::new(client, "198.51.100.10:80").open();
    let late =
        Conversation::new("192.168.1.25:49152", "198.51.100.10:80").open().request(b"GET / HTTP/1.1\r\n\r\n").skip(3);
    let doubtful = Conversation::new("192.168.1.26:1025", "198.51.100.10:8200").ack();
    let packets = of("192.168.1.23:1140").then(of("192.168.1.23:1141")).then(of("192.168.1.24:1142")).then(late);
    let capture = packets.then(doubtful).into();
    let services = below("Services, by number of clients", &statistics(&capture, "ephemeral,tree"));
    assert!(services.contains(&" 198.51.100.10:80 (http) 3".to_owned()), "{services:?}");
    let doubts = statistics(&capture, "ephemeral_doubts,tree");
    assert_eq!(below("Clients without a handshake", &doubts), [" 192.168.1.26 1", " 192.168.1.25 1"]);
    let weak = " 192.168.1.26:1025 \u{2192} 198.51.100.10:8200 (trivnet1) 1";
    assert_eq!(below("Conversations with a weak verdict", &doubts), [weak]);
}

/// A scan of more hosts than a list has rows, then twenty connections with data to one of them.
#[test]
fn bounds_its_rows_and_says_what_it_leaves_out() {
    let scanned = (0..3000).map(|host| Conversation::new("192.168.1.23:1140", &server(host)).syn());
    let talked_to = Conversation::new("192.168.1.23:1140", &server(2999)).open().request(&[b'x'; 1000]);
    let talked_to = std::iter::repeat_n(talked_to, 20);
    let all = scanned.chain(talked_to).reduce(Conversation::then).expect("there are some");
    let packets = all.packets.len();
    let capture = all.into();
    let counted = statistics(&capture, "ephemeral,tree");
    let servers = below("Services, by server", &counted);
    assert_eq!(servers[0], format!(" http {packets}"));
    let others = packets - 1000 - of(&servers, &server(2999));
    assert_eq!(servers[1..3], [format!("  (others) {others}"), "   number of others 1999".to_owned()]);
    assert_eq!(of(&servers, &server(2999)), packets - 2999, "with what was counted before it had a row");
    assert_eq!(servers.len(), 3 + 1001);
    let clients = below("Services, by number of clients", &counted);
    assert_eq!(clients[..2], [" (others) 2000", "  number of others 2000"]);
    assert_eq!(clients.len(), 2 + 1000);
    let bytes = statistics(&capture, "ephemeral_bytes,tree");
    assert_eq!(bytes[1].trim_start().split(' ').next(), Some("(others)"), "{:?}", &bytes[..3]);
    assert!(of(&bytes, &format!("{} (http)", server(2999))) > 20 * 1000);
}

fn server(number: u32) -> String {
    format!("198.51.{}.{}:80", 100 + number / 250, 1 + number % 250)
}

/// The rows below a root.
fn below(root: &str, counted: &[String]) -> Vec<String> {
    let rows = counted.iter().skip_while(|line| !line.starts_with(root)).skip(1);
    rows.take_while(|line| line.starts_with(' ')).cloned().collect()
}

/// The count of one row.
fn of(rows: &[String], name: &str) -> usize {
    let mut counts = rows.iter().filter_map(|row| row.trim_start().strip_prefix(name)?.trim().parse().ok());
    counts.next_back().unwrap_or_else(|| panic!("there is no {name}"))
}

/// A user's script that listens to the tap gets the same headers.
#[test]
fn others_can_listen() {
    let version = host::version();
    if !version.contains("with Lua") && !version.contains("+Lua") {
        eprintln!("NOT CHECKED others_can_listen: this tshark was built without Lua, which the check listens with");
        return;
    }
    let home = Home::shared();
    let script = home.write(
        b"local frames = {}
        local tap = Listener.new('ephemeral')
        function tap.packet(pinfo) frames[#frames + 1] = pinfo.number end
        function tap.draw() print('heard ' .. table.concat(frames, ' ')) end",
    );
    let script = format!("lua_script:{script}");
    let printed = Tshark::read_in(home, &mixture()).with(&["-q", "-X", &script]).stdout();
    assert_eq!(printed.trim(), "heard 1 2 3 4 5 6 7 8 9 11");
}

/// Three connections: one with a misnamed port, one over IPv6 without its SYN, one between two ports without names.
/// Then a SYN, a packet whose roles are not known, and a UDP datagram to port 53. In the connection without its SYN,
/// the SYN-ACK alone is strong evidence, and counts as a handshake once the ACK follows.
fn mixture() -> Capture {
    let v6 = Conversation::new("[2001:db8::1]:1141", "[2001:db8::10]:80").open().skip(1);
    let unnamed = Conversation::new("192.168.1.23:49998", "198.51.100.10:49999").open();
    let other = Conversation::new("192.168.1.23:49997", "198.51.100.10:80").syn();
    let unknown = Conversation::new("192.168.1.23:49152", "192.168.1.24:49153").ack();
    let misnamed = Conversation::new("192.168.1.23:1140", "198.51.100.10:80").open();
    let mut packets = misnamed.then(v6).then(unnamed).then(other).then(unknown).packets;
    packets.push(datagram("192.168.1.23:1155", "198.51.100.10:53", b"x"));
    Capture::ethernet(&packets)
}

/// What `-z` prints of these statistics.
fn statistics(capture: &Capture, which: &str) -> Vec<String> {
    items(&Tshark::read(capture).with(&["-q", "-z", which]).stdout())
}

/// The statistics' items with their count, indented as printed.
fn items(printed: &str) -> Vec<String> {
    let after_title = printed.lines().skip_while(|line| !line.starts_with("Topic / Item"));
    let lines = after_title.skip(2).take_while(|line| !line.is_empty());
    lines
        .map(|line| {
            // Two spaces or more end a column; the first ones are the indent.
            let item = line.trim_start();
            let mut columns = item.split("  ").filter(|column| !column.is_empty());
            let (name, count) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
            format!("{}{name} {}", &line[..line.len() - item.len()], count.trim())
        })
        .collect()
}
