// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The words of the notes in Expert Information.

use crate::text::Shown;
use std::fmt;

/// What Expert Information says about a port.
#[derive(Clone, Copy, Debug)]
pub enum Note<'a> {
    /// The client's port carries the name of a service.
    ClientPort {
        /// The client's port.
        port: u16,
        /// Systems pick such ports; otherwise nobody knows that it was not set by hand.
        is_ephemeral: bool,
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
    /// A listening port that was assigned at run time, as its protocol works so, carries the name of a service.
    AssignedPort {
        /// The listening port.
        port: u16,
        /// The protocol.
        protocol: &'a [u8],
        /// The name registered for that number.
        name: &'a [u8],
    },
    /// The client has a system port.
    SystemSource {
        /// The client's port.
        port: u16,
    },
    /// The client is declared a service.
    DeclaredDiffers {
        /// The client's port.
        port: u16,
        /// The frame that shows it to be the client.
        frame: u32,
    },
    /// The payload was dissected by what the client's port stands for.
    WrongDissector {
        /// The protocol dissected.
        protocol: &'a [u8],
        /// The client's port.
        client: u16,
        /// As for [`Self::ClientPort`].
        is_ephemeral: bool,
        /// The server's port.
        server: u16,
    },
    /// The payload was decoded by what the server's port stands for.
    ByServerPort {
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
            Self::ClientPort { port, is_ephemeral, name } => write!(
                out,
                "Port {port} is the client's {}; \"{}\" is only the name registered for that number",
                if is_ephemeral { "ephemeral port" } else { "port" },
                Shown(name)
            ),
            Self::AgreedPort { port, frame, name } => write!(
                out,
                "Port {port} was agreed on in frame {frame}; \"{}\" is only the name registered for that number",
                Shown(name)
            ),
            Self::AssignedPort { port, protocol, name } => write!(
                out,
                "Port {port} was assigned at run time, as those of {} are; \"{}\" is only the name registered for that number",
                Shown(protocol),
                Shown(name)
            ),
            Self::SystemSource { port } => write!(out, "Port {port} is the client's, and no system picks it by chance"),
            Self::DeclaredDiffers { port, frame } => write!(
                out,
                "Port {port} is the client's by the handshake in frame {frame}, but Preferences declare it a service's"
            ),
            Self::WrongDissector { protocol, client, is_ephemeral, server } => write!(
                out,
                "Dissected as {} because of the client's {} {client}; the server's port is {server}",
                Shown(protocol),
                if is_ephemeral { "ephemeral port" } else { "port" }
            ),
            Self::ByServerPort { client, server } => {
                write!(out, "Decoded by the server's port {server}, not by the client's port {client}")
            }
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
            Note::ClientPort { port: 1140, is_ephemeral: true, name: b"autonoc" }.to_string(),
            "Port 1140 is the client's ephemeral port; \"autonoc\" is only the name registered for that number"
        );
        assert_eq!(
            Note::ClientPort { port: 5070, is_ephemeral: false, name: b"vtsas" }.to_string(),
            "Port 5070 is the client's port; \"vtsas\" is only the name registered for that number"
        );
        assert_eq!(
            Note::AgreedPort { port: 5001, frame: 12, name: b"commplex-link" }.to_string(),
            "Port 5001 was agreed on in frame 12; \"commplex-link\" is only the name registered for that number"
        );
        assert_eq!(
            Note::AssignedPort { port: 1065, protocol: b"dcerpc", name: b"syscomlan" }.to_string(),
            "Port 1065 was assigned at run time, as those of dcerpc are; \"syscomlan\" is only the name registered for that number"
        );
        assert_eq!(
            Note::SystemSource { port: 53 }.to_string(),
            "Port 53 is the client's, and no system picks it by chance"
        );
        assert_eq!(
            Note::DeclaredDiffers { port: 8443, frame: 1 }.to_string(),
            "Port 8443 is the client's by the handshake in frame 1, but Preferences declare it a service's"
        );
        assert_eq!(
            Note::WrongDissector { protocol: b"x11", client: 6001, is_ephemeral: false, server: 443 }.to_string(),
            "Dissected as x11 because of the client's port 6001; the server's port is 443"
        );
        assert_eq!(
            Note::ByServerPort { client: 521, server: 6081 }.to_string(),
            "Decoded by the server's port 6081, not by the client's port 521"
        );
        assert_eq!(
            Note::OtherService { port: 8081, registered: b"sunproxyadmin", spoken: b"http" }.to_string(),
            "Port 8081 is registered for \"sunproxyadmin\", but http is spoken here"
        );
    }
}
