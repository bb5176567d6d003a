// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Each kind of evidence by itself.

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
        assert_client(&[syn, syn_ack, ack(one, other)], one, Strong, &format!("{other} accepted another connection"));
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
    let pairs: Vec<_> = (1..=20).map(|n| (format!("10.0.1.{n}:{}", 50_100 + n), format!("10.0.2.{n}:50900"))).collect();
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
    let before = verdict_after(&mut roles, &packet).expect("the port alone tells");
    let place = roles.find(1, &packet[0].segment()).expect("it is kept");
    roles.conversation_mut(place).dissected = VNC;
    let [syn, syn_ack] = handshake("10.0.0.2:5901", "10.0.0.9:50000");
    let (weak, strong) =
        (before, verdict_after(&mut roles, &[packet[0], syn, syn_ack, packet[0]]).expect("more tells"));
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
