// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What a transport header says.

use super::End;

/// A transport protocol that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// RFC 9293.
    Tcp,
    /// RFC 768.
    Udp,
}

impl Transport {
    /// The other one of the two.
    pub fn other(self) -> Self {
        match self {
            Self::Tcp => Self::Udp,
            Self::Udp => Self::Tcp,
        }
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
    /// The fixed part of a TCP header; `None` where it was not captured.
    pub tcp: Option<TcpFields>,
    /// The captured part of the payload.
    pub payload: &'a [u8],
    /// An ICMP error quotes this header: the packet it belonged to passed elsewhere, or never.
    pub quoted: bool,
}

/// The part of a TCP header that roles depend on (RFC 9293, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpFields {
    /// Sequence number.
    pub sequence: u32,
    /// Acknowledgment number; meaningful if [`Flags::ACK`] is set.
    pub acknowledgment: u32,
    /// Control bits.
    pub flags: Flags,
}

/// TCP's control bits, the low eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// No more data from sender.
    pub const FIN: u8 = 0x01;
    /// Synchronize sequence numbers.
    pub const SYN: u8 = 0x02;
    /// Reset the connection.
    pub const RST: u8 = 0x04;
    /// Acknowledgment field is significant.
    pub const ACK: u8 = 0x10;

    /// Whether any of `bits` is set.
    pub fn any(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// A segment that opens or ends a connection: of others, none changes who opened it or whether it is up.
    #[inline]
    pub fn opens_or_ends(self) -> bool {
        self.any(Self::SYN | Self::FIN | Self::RST)
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
