// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What a transport header says.

use super::End;
use std::ffi::CStr;

/// A transport protocol that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    // Transports with a handshake come first, so that one comparison tells them from the others.
    /// RFC 9293.
    Tcp,
    /// RFC 4340.
    Dccp,
    /// RFC 9260.
    Sctp,
    /// RFC 768.
    Udp,
    /// RFC 3828: UDP whose checksum need not cover the payload.
    UdpLite,
}

impl Transport {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [Self::Tcp, Self::Dccp, Self::Sctp, Self::Udp, Self::UdpLite];

    /// Whether a handshake shows who is the client.
    #[inline(always)]
    pub fn has_handshake(self) -> bool {
        self < Self::Udp
    }

    /// UDP, or UDP-Lite, which differs from it in nothing that tells client from server.
    #[inline(always)]
    pub fn is_datagram(self) -> bool {
        !self.has_handshake()
    }

    /// Its number in IP's header (IANA, "Protocol Numbers").
    pub const fn number(self) -> u8 {
        match self {
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Dccp => 33,
            Self::Sctp => 132,
            Self::UdpLite => 136,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static CStr {
        match self {
            Self::Tcp => c"TCP",
            Self::Udp => c"UDP",
            Self::Dccp => c"DCCP",
            Self::Sctp => c"SCTP",
            Self::UdpLite => c"UDP-Lite",
        }
    }

    /// The one with this number in IP's header.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.number() == number)
    }

    /// Another one, over which a port mostly has the same name.
    pub fn other(self) -> Self {
        if self == Self::Tcp { Self::Udp } else { Self::Tcp }
    }
}

/// What one transport header says. Numbers are in host byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Which protocol's header it is.
    pub transport: Transport,
    /// The sender.
    pub source: End,
    /// The receiver.
    pub destination: End,
    /// The fixed part of a TCP header, or what a header of DCCP or SCTP says in its place; `None` where it was not
    /// captured.
    pub tcp: Option<TcpFields>,
    /// The captured part of the payload.
    pub payload: &'a [u8],
    /// An ICMP error quotes this header: the packet it belonged to passed elsewhere, or never.
    pub quoted: bool,
}

/// The part of a TCP header that roles depend on (RFC 9293, section 3.1). The handshakes of DCCP and SCTP are told in
/// TCP's terms (`src/headers/dccp.rs`, `src/headers/sctp.rs`), so that one rule judges all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpFields {
    /// Sequence number.
    pub sequence: u32,
    /// Acknowledgment number; meaningful if [`Flags::ACK`] is set.
    pub acknowledgment: u32,
    /// Control bits.
    pub flags: Flags,
}

/// TCP's control bits, the low eight. Above them is what SCTP says that has no like in TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u16);

impl Flags {
    /// No more data from sender.
    pub const FIN: u16 = 0x01;
    /// Synchronize sequence numbers.
    pub const SYN: u16 = 0x02;
    /// Reset the connection.
    pub const RST: u16 = 0x04;
    /// Acknowledgment field is significant.
    pub const ACK: u16 = 0x10;
    /// SCTP's COOKIE ECHO: who opened the association returns what the INIT ACK gave it (RFC 9260, section 5.1).
    pub const COOKIE_ECHO: u16 = 0x100;
    /// SCTP's COOKIE ACK: the answer to that.
    pub const COOKIE_ACK: u16 = 0x200;

    /// Whether any of `bits` is set.
    pub fn any(self, bits: u16) -> bool {
        self.0 & bits != 0
    }

    /// A segment that opens or ends a connection: of others, none changes who opened it or whether it is up.
    #[inline]
    pub fn opens_or_ends(self) -> bool {
        self.any(Self::SYN | Self::FIN | Self::RST | Self::COOKIE_ECHO | Self::COOKIE_ACK)
    }

    /// A segment that opens a connection. As for Wireshark, only SYN and ACK count.
    pub fn is_syn(self) -> bool {
        self.0 & (Self::SYN | Self::ACK) == Self::SYN
    }

    /// A segment that answers one that opens a connection.
    pub fn is_syn_ack(self) -> bool {
        self.0 & (Self::SYN | Self::ACK) == Self::SYN | Self::ACK
    }
}
