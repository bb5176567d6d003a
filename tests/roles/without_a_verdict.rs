// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The explanation for a conversation without a verdict.

use super::*;
use Lack::{Evidence, Weight};

/// The likelier client, what is missing, and the pieces of evidence about the last packet's conversation.
fn undecided(packets: &[Sent<'_>]) -> (Option<End>, Lack, Vec<String>) {
    let mut roles = RoleTracker::default();
    assert_eq!(verdict_after(&mut roles, packets), None);
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

/// One end's host serves (7) and received the first packet (4), but the other end has another client (10).
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
