// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The contents of a transport header.

use super::End;
use std::ffi::CStr;

/// A transport protocol that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    // Transports with a handshake come first, so that `has_handshake` needs only one comparison.
    /// RFC 9293.
    Tcp,
    /// RFC 4340.
    Dccp,
    /// RFC 9260.
    Sctp,
    /// RFC 768.
    Udp,
    /// RFC 3828: like UDP, but its checksum need not cover the whole payload.
    UdpLite,
}

impl Transport {
    /// All transports, in the order of their discriminants.
    pub const ALL: [Self; 5] = [Self::Tcp, Self::Dccp, Self::Sctp, Self::Udp, Self::UdpLite];

    /// Whether this transport has a handshake, which shows which end is the client.
    #[inline(always)]
    pub fn has_handshake(self) -> bool {
        self < Self::Udp
    }

    /// Whether this is UDP or UDP-Lite. Both are judged by the same rules.
    #[inline(always)]
    pub fn is_datagram(self) -> bool {
        !self.has_handshake()
    }

    /// Returns the number in the IP header (IANA, "Protocol Numbers").
    pub const fn number(self) -> u8 {
        match self {
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Dccp => 33,
            Self::Sctp => 132,
            Self::UdpLite => 136,
        }
    }

    /// Returns the name of the protocol.
    pub const fn name(self) -> &'static CStr {
        match self {
            Self::Tcp => c"TCP",
            Self::Udp => c"UDP",
            Self::Dccp => c"DCCP",
            Self::Sctp => c"SCTP",
            Self::UdpLite => c"UDP-Lite",
        }
    }

    /// Returns the transport with this number in the IP header.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.number() == number)
    }

    /// Returns another transport over which most ports have the same name.
    pub fn other(self) -> Self {
        if self == Self::Tcp { Self::Udp } else { Self::Tcp }
    }
}

/// One transport header and its payload. Numbers are in host byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The protocol of the header.
    pub transport: Transport,
    /// The sender.
    pub source: End,
    /// The receiver.
    pub destination: End,
    /// The fixed part of a TCP header, or the equivalent values of a DCCP or SCTP header. `None` for UDP and UDP-Lite,
    /// and if that part was not captured or is malformed.
    pub tcp: Option<TcpFields>,
    /// The captured part of the payload; of SCTP's INIT or INIT ACK, its parameters.
    pub payload: &'a [u8],
    /// Whether an ICMP error quotes this header. The quoted packet itself need not be in the capture.
    pub quoted: bool,
}

/// The part of a TCP header that roles depend on (RFC 9293, section 3.1). The handshakes of DCCP and SCTP are
/// translated into TCP's terms (`src/headers/dccp.rs`, `src/headers/sctp.rs`), so that the same rules apply to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpFields {
    /// Sequence number of the segment.
    pub sequence: u32,
    /// Acknowledgment number. It is valid only if [`Flags::ACK`] is set.
    pub acknowledgment: u32,
    /// Control bits.
    pub flags: Flags,
}

/// TCP's control bits, in the low eight bits. The bits above them stand for chunks of SCTP that TCP has no equivalent
/// of.
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
    /// SCTP's COOKIE ECHO: the client returns the cookie from the INIT ACK (RFC 9260, section 5.1).
    pub const COOKIE_ECHO: u16 = 0x100;
    /// SCTP's COOKIE ACK: the server's answer to COOKIE ECHO.
    pub const COOKIE_ACK: u16 = 0x200;

    /// Whether any of `bits` is set.
    pub fn any(self, bits: u16) -> bool {
        self.0 & bits != 0
    }

    /// Whether the segment takes part in opening or closing a connection. Other segments change neither the opener nor
    /// whether the connection is open.
    #[inline]
    pub fn opens_or_ends(self) -> bool {
        self.any(Self::SYN | Self::FIN | Self::RST | Self::COOKIE_ECHO | Self::COOKIE_ACK)
    }

    /// Whether the segment is a SYN. Like Wireshark, this tests only the bits SYN and ACK.
    pub fn is_syn(self) -> bool {
        self.0 & (Self::SYN | Self::ACK) == Self::SYN
    }

    /// Whether the segment is a SYN-ACK.
    pub fn is_syn_ack(self) -> bool {
        self.0 & (Self::SYN | Self::ACK) == Self::SYN | Self::ACK
    }
}
