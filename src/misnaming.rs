//! Which port is misnamed, and the words for it.

use crate::packet::Party;
use crate::roles::Verdict;
use crate::text::Shown;
use std::fmt;

/// Source ports that a protocol prescribes: the client has them on purpose. FTP's data connection
/// comes from port 20 (RFC 959, section 3.2).
const PRESCRIBED_SOURCE_PORTS: [u16; 1] = [20];

/// Whether the client's port got its number by chance, so that a name registered for that number
/// says nothing. `source` and `destination` are the packet's ports.
pub fn is_ephemeral(verdict: &Verdict, source: u16, destination: u16) -> bool {
    let client = match verdict.client {
        Party::Source => source,
        Party::Destination => destination,
    };
    source != destination && !PRESCRIBED_SOURCE_PORTS.contains(&client) && !verdict.both_ports_agreed()
}

/// What Expert Information says about a port.
#[derive(Clone, Copy, Debug)]
pub enum Note<'a> {
    /// The client's port carries the name of a service.
    EphemeralPort {
        /// The client's port.
        port: u16,
        /// The name registered for that number.
        name: &'a [u8],
    },
    /// A listening port that was agreed on in-band carries the name of a service.
    AgreedPort {
        /// The listening port.
        port: u16,
        /// The frame that names it.
        frame: u32,
        /// The name registered for that number.
        name: &'a [u8],
    },
    /// The payload was dissected by what the client's port stands for.
    WrongDissector {
        /// The protocol dissected.
        protocol: &'a [u8],
        /// The client's port.
        client: u16,
        /// The server's port.
        server: u16,
    },
    /// Another protocol is spoken than the one that the server's port is registered for.
    OtherService {
        /// The server's port.
        port: u16,
        /// The name registered for it.
        registered: &'a [u8],
        /// The protocol that was dissected.
        spoken: &'a [u8],
    },
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::EphemeralPort { port, name } => write!(
                out,
                "Port {port} is the client's ephemeral port; \"{}\" is only the name registered for that number",
                Shown(name)
            ),
            Self::AgreedPort { port, frame, name } => write!(
                out,
                "Port {port} was agreed on in frame {frame}; \"{}\" is only the name registered for that number",
                Shown(name)
            ),
            Self::WrongDissector { protocol, client, server } => write!(
                out,
                "Dissected as {} because of the client's ephemeral port {client}; the server's port is {server}",
                Shown(protocol)
            ),
            Self::OtherService { port, registered, spoken } => write!(
                out,
                "Port {port} is registered for \"{}\", but {} is spoken here",
                Shown(registered),
                Shown(spoken)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_read_as_designed() {
        assert_eq!(
            Note::EphemeralPort { port: 1140, name: b"autonoc" }.to_string(),
            "Port 1140 is the client's ephemeral port; \"autonoc\" is only the name registered for that number"
        );
        assert_eq!(
            Note::AgreedPort { port: 5001, frame: 12, name: b"commplex-link" }.to_string(),
            "Port 5001 was agreed on in frame 12; \"commplex-link\" is only the name registered for that number"
        );
        assert_eq!(
            Note::WrongDissector { protocol: b"x11", client: 6001, server: 443 }.to_string(),
            "Dissected as x11 because of the client's ephemeral port 6001; the server's port is 443"
        );
        assert_eq!(
            Note::OtherService { port: 8081, registered: b"sunproxyadmin", spoken: b"http" }.to_string(),
            "Port 8081 is registered for \"sunproxyadmin\", but http is spoken here"
        );
    }
}
