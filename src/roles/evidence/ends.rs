//! What other conversations say about an end.

use super::Decibans;
use crate::packet::Transport;

/// How much the numbers of other ends that two ends talked to speak for the first one being the
/// server: a server is talked to by many, a client's port mostly talks to one.
pub fn fan_in(transport: Transport, peers: (u32, u32)) -> Decibans {
    let (more, fewer) = (peers.0.max(peers.1), peers.0.min(peers.1).max(1));
    let strength = match more / fewer {
        0..=1 => 0,
        2 => 8,
        3 => 12,
        4..=5 => 15,
        6..=9 => 18,
        _ => 21,
    };
    // A UDP client may use one socket towards many servers.
    let strength = if transport == Transport::Udp { strength / 2 } else { strength };
    Decibans(if peers.0 >= peers.1 { strength } else { -strength })
}

/// How much the numbers of conversations in which two port numbers occur speak for the first one
/// being the server's: the same service is used on many hosts.
pub fn popularity(conversations: (u32, u32)) -> Decibans {
    let (more, fewer) = (conversations.0.max(conversations.1), conversations.0.min(conversations.1).max(1));
    let strength = match more / fewer {
        0..=2 => 0,
        3..=5 => 4,
        6..=15 => 7,
        _ => 10,
    };
    Decibans(if conversations.0 >= conversations.1 { strength } else { -strength })
}

/// The most that [`fan_in`] or [`popularity`], and [`serving_host`], can say together.
pub fn most_by_others(transport: Transport) -> Decibans {
    Decibans(match transport {
        Transport::Tcp => 21 + 7,
        Transport::Udp => 10 + 7,
    })
}

/// How much it says that a handshake has shown the end in a role before.
pub fn known_role(was_opened_to: bool, has_opened: bool) -> Decibans {
    Decibans(match (was_opened_to, has_opened) {
        (true, false) => 26,
        (false, true) => -18,
        _ => 0,
    })
}

/// How much it says that one host offers services in other conversations and the other does not.
pub fn serving_host(serves: (bool, bool)) -> Decibans {
    Decibans(match serves {
        (true, false) => 7,
        (false, true) => -7,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_say_no_more_than_the_most() {
        for transport in [Transport::Tcp, Transport::Udp] {
            let counts = || (0..=255).flat_map(|one| (0..=255).map(move |other| (one, other)));
            let most = counts().map(|both| fan_in(transport, both).0.abs().max(popularity(both).0.abs())).max();
            let by_host = serving_host((true, false)).0;
            assert_eq!(most.map(|most| most + by_host), Some(most_by_others(transport).0));
        }
    }
}
