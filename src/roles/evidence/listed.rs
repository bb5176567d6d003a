// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The other addresses of an association of SCTP: the client's INIT and the server's INIT ACK list them (RFC 9260,
//! sections 3.3.2 and 3.3.3). The port is the same on each. Those between which the handshake passed have it as evidence.

use super::{Case, Observation, Piece};
use crate::packet::{Side, Transport};
use crate::roles::ends::ListedAs;
use crate::roles::ports::PortKnowledge;
use crate::roles::verdict::handshake_words;
use crate::roles::weights;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The chunk that lists an address of one of the ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name: `INIT`, of the client, or `INIT ACK`, of the server.
    what: &'static str,
    /// The frame it is in.
    frame: u32,
    /// The address.
    address: IpAddr,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "address listed in a handshake"
    }

    fn frame(&self) -> Option<u32> {
        Some(self.frame)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, frame, address } = self;
        write!(out, "{what} in frame {frame} lists {address}")
    }
}

/// An end that an INIT lists is a client, one that an INIT ACK lists a server, unless both did. Where no handshake shows
/// anything of the other end, it weighs as much as a handshake there with somebody else.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    if case.transport != Transport::Sctp {
        return None;
    }
    let listed = |side| {
        let (listed_as, frame) = case.conversations.ends.listed_as(case.conversation.end(side))?;
        (listed_as != ListedAs::Both).then_some((side, listed_as, frame))
    };
    let both = [Side::Low, Side::High].map(listed);
    let of_server = both.into_iter().flatten().find(|(_, listed_as, _)| *listed_as == ListedAs::Server);
    let (side, listed_as, frame) = of_server.or(both.into_iter().flatten().next())?;
    let is_server = |side| match (listed(side), case.facts(side)) {
        (Some((_, listed_as, _)), _) => Some(listed_as == ListedAs::Server),
        (None, Some(facts)) if facts.was_opened_to() != facts.has_opened() => Some(facts.was_opened_to()),
        _ => None,
    };
    let [init, init_ack] = handshake_words(case.transport);
    let (server, alone, what) = match listed_as {
        ListedAs::Server => (side, weights::ACCEPTED, init_ack),
        _ => (side.other(), weights::OPENED, init),
    };
    let strength = match is_server(side.other()) {
        None => alone,
        Some(is_server) if is_server == (server == side) => return None,
        Some(_) => weights::LISTED,
    };
    Piece::new(server, strength, Fact { what, frame, address: case.end(side).address() })
}

/// The addresses among the parameters of an INIT or INIT ACK, up to one whose length cannot be true.
pub(crate) fn addresses(parameters: &[u8]) -> impl Iterator<Item = IpAddr> + '_ {
    /// More parameters than there are kinds, and more addresses than a host uses for one association.
    const LOOKED_AT: usize = 64;
    const HEADER: usize = 4;
    const IPV4_ADDRESS: u16 = 5;
    const IPV6_ADDRESS: u16 = 6;
    let mut rest = parameters;
    let next = move || {
        let [a, b, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let value = rest.get(HEADER..length)?;
        // The padding is not counted.
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or(&[]);
        Some((u16::from_be_bytes([a, b]), value))
    };
    let address = |(kind, value): (u16, &[u8])| match kind {
        IPV4_ADDRESS => Some(Ipv4Addr::from(<[u8; 4]>::try_from(value).ok()?).into()),
        IPV6_ADDRESS => Some(Ipv6Addr::from(<[u8; 16]>::try_from(value).ok()?).into()),
        _ => None,
    };
    std::iter::from_fn(next).take(LOOKED_AT).filter_map(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(kind: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = [kind.to_be_bytes(), (4 + value.len() as u16).to_be_bytes()].concat();
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn addresses_are_among_other_parameters() {
        let v6 = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
        // A cookie of five bytes, addresses, and what types of addresses are supported.
        let all = [(7, &b"12345"[..]), (5, &[192, 0, 2, 1]), (6, &v6.octets()), (12, &[0, 5, 0, 6])];
        let all: Vec<u8> = all.iter().flat_map(|(kind, value)| parameter(*kind, value)).collect();
        let expected: [IpAddr; 2] = [Ipv4Addr::new(192, 0, 2, 1).into(), v6.into()];
        assert_eq!(addresses(&all).collect::<Vec<_>>(), expected);
        for length in 0..all.len() {
            assert!(expected.starts_with(&addresses(&all[..length]).collect::<Vec<_>>()), "{length} bytes");
        }
    }

    #[test]
    fn a_bad_length_ends_them() {
        let good = parameter(5, &[192, 0, 2, 1]);
        for length in [0, 3, 9, 255] {
            let mut bad = parameter(5, &[192, 0, 2, 2]);
            bad[3] = length;
            assert_eq!(addresses(&[&good[..], &bad].concat()).count(), 1, "length {length}");
        }
        for value in [&[192, 0, 2][..], &[0; 16], b""] {
            assert_eq!(addresses(&[&parameter(5, value)[..], &good].concat()).count(), 1, "{value:?}");
        }
    }

    #[test]
    fn no_more_are_looked_at_than_a_host_has() {
        assert_eq!(addresses(&parameter(5, &[192, 0, 2, 1]).repeat(5000)).count(), 64);
    }
}
