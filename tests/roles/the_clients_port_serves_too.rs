// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Whether the client's port also serves others.

use super::*;

/// Returns whether the client's port serves others, for the conversation of the last packet.
fn serves_others(packets: &[Sent<'_>]) -> bool {
    let mut roles = RoleTracker::default();
    let verdict = verdict_after(&mut roles, packets).expect("it is enough");
    roles.client_port_serves_others(&verdict)
}

/// Peers that listen on the port they connect from.
#[test]
fn of_tcp_if_it_accepted_a_connection_whenever_that_was() {
    for (peer, other) in ENDS {
        let accepted = handshake("10.0.0.9:53000", peer);
        let connected = handshake(peer, other);
        assert!(serves_others(&[accepted, connected].concat()));
        let mut later = [connected, accepted].concat();
        later.push(ack(peer, other));
        assert!(serves_others(&later));
        assert!(!serves_others(&connected), "not by itself");
        assert!(
            !serves_others(&[handshake(peer, "10.0.0.9:53000"), connected].concat()),
            "an end that connects twice is a client"
        );
        assert!(!serves_others(&[handshake("10.0.0.9:53000", other), connected].concat()), "the server's port does");
    }
}

/// Only a handshake shows that a port serves others. A listener that was agreed on does not count: its system picked
/// the number.
#[test]
fn of_tcp_not_by_less() {
    for (peer, other) in ENDS {
        let connected = handshake(peer, other);
        let [syn, _] = handshake("10.0.0.9:53000", peer);
        assert!(!serves_others(&[&[syn][..], &connected].concat()), "it did not answer");
        assert!(!serves_others(&[&[data("10.0.0.9:53000", peer, REQUEST)][..], &connected].concat()));
        let line = format!("EPRT |1|{}|{}|\r\n", end(peer).address(), end(peer).port);
        let agreed = [data("10.0.0.8:51000", "10.0.0.9:21", line.as_bytes())];
        let accepted = handshake("10.0.0.9:53000", peer);
        assert!(!serves_others(&[&agreed[..], &accepted, &connected].concat()));
        assert!(!serves_others(&[&accepted[..], &agreed, &connected].concat()));
    }
}
