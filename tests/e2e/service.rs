// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The service of a conversation, and the label that names it.

use crate::capture::{Capture, Conversation};
use crate::host::{Home, Tshark};
use crate::seed;
use std::sync::Arc;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n";

/// HTTP to a port of our choice.
fn http_on(server: &str) -> Capture {
    Conversation::new("192.168.1.23:51234", server).open().request(REQUEST).response(RESPONSE).ack().into()
}

/// `ephemeral.service` of each packet: after two passes, each knows the whole conversation.
fn services(tshark: Tshark) -> Vec<String> {
    tshark.two_passes().field("ephemeral.service")
}

#[test]
fn the_servers_port_has_a_name() {
    assert_eq!(services(Tshark::read(&seed::capture())), ["http"; 9]);
}

#[test]
fn a_registered_name_counts_while_nothing_contradicts_it() {
    let ssh = Conversation::new("192.168.1.23:51234", "198.51.100.10:22").open().into();
    assert_eq!(services(Tshark::read(&ssh)), ["ssh"; 3]);
}

#[test]
fn neither_a_name_nor_a_known_protocol() {
    let unknown = Conversation::new("192.168.1.23:51234", "198.51.100.10:50001").open().request(b"\x01\x02").into();
    assert_eq!(services(Tshark::read(&unknown)), [""; 4]);
    assert_eq!(Tshark::read(&unknown).field("ephemeral.label")[0], "192.168.1.23:51234 → 198.51.100.10:50001");
}

#[test]
fn another_protocol_on_a_port_without_a_name() {
    let read = Tshark::read(&http_on("198.51.100.10:50001")).with(&["-d", "tcp.port==50001,http"]);
    assert_eq!(services(read), ["http"; 6]);
}

/// 8081 is registered for something else.
#[test]
fn another_protocol_on_a_port_with_a_name() {
    let read = || Tshark::read(&http_on("198.51.100.10:8081"));
    assert!(read().names().disabled().info()[0].contains("sunproxyadmin(8081)"), "the host names this port");
    assert_eq!(services(read().with(&["-d", "tcp.port==8081,http"])), ["http"; 6], "by Decode As");
    assert_eq!(services(read()), ["http"; 6], "by heuristics");
    let label = read().two_passes().field("ephemeral.label").remove(0);
    assert_eq!(label, "192.168.1.23:51234 → 198.51.100.10:8081 (http)");
}

#[test]
fn the_users_services_file_names_ports() {
    let home = Arc::new(Home::with_configuration(&[("services", "our-app\t50001/tcp\nour-noise\t51234/tcp\n")]));
    let capture = Conversation::new("192.168.1.23:51234", "198.51.100.10:50001").open().into();
    let names = ["ephemeral.service", "ephemeral.misnamed.name"];
    assert_eq!(Tshark::read_in(home.clone(), &capture).fields(&names), vec![["our-app", "our-noise"]; 3]);
    let info = Tshark::read_in(home, &capture).names().info();
    assert!(info[2].starts_with("51234 → our-app(50001) [ACK]"), "{}", info[2]);
    assert_eq!(Tshark::read(&capture).fields(&names), vec![["", ""]; 3], "only for this user");
}

#[test]
fn a_label_of_ipv6_has_brackets() {
    let capture = Conversation::new("[2001:db8::23]:1140", "[2001:db8:1::10]:80").open().into();
    let labels = Tshark::read(&capture).field("ephemeral.label");
    assert_eq!(labels, ["[2001:db8::23]:1140 → [2001:db8:1::10]:80 (http)"; 3]);
}

#[test]
fn a_label_has_host_names_where_they_are_on() {
    let hosts = "192.168.1.23 laptop.example\n198.51.100.10 www.example.com\n";
    let home = Arc::new(Home::with_configuration(&[("hosts", hosts)]));
    let fields = ["ephemeral.label", "ephemeral.client", "ephemeral.server"];
    let on = Tshark::read_in(home.clone(), &seed::capture()).with(&["-Nn"]).fields(&fields);
    let label = "laptop.example:1140 → www.example.com:80 (http)";
    assert_eq!(on, vec![[label, "192.168.1.23", "198.51.100.10"]; 9], "addresses are never resolved");
    let off = Tshark::read_in(home, &seed::capture()).field("ephemeral.label");
    assert_eq!(off, ["192.168.1.23:1140 → 198.51.100.10:80 (http)"; 9]);
}

const OTHER_SERVICE: &str = "Port 8081 is registered for \"sunproxyadmin\", but http is spoken here";

#[test]
fn another_protocol_is_noted_only_if_the_user_asks_for_it() {
    let read = || Tshark::read(&http_on("198.51.100.10:8081")).two_passes();
    assert_eq!(read().frames("ephemeral.other_service"), [""; 0]);
    assert_eq!(read().expert_lines(), [""; 0]);
    let asked = || read().set("ephemeral.note_service:TRUE");
    assert_eq!(asked().frames("ephemeral.other_service"), ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(asked().expert_lines(), [format!("6 Assumption Ephemeral Ports {OTHER_SERVICE}")]);
    let info = asked().names().info();
    assert!(info[0].starts_with("51234 → sunproxyadmin(8081) [SYN]"), "the name stays: {}", info[0]);
}

#[test]
fn the_protocol_of_the_port_is_not_noted() {
    let read = || Tshark::read(&seed::capture()).two_passes().set("ephemeral.note_service:TRUE");
    assert_eq!(read().frames("ephemeral.other_service"), [""; 0]);
    assert_eq!(read().field("ephemeral.service"), ["http"; 9]);
}
