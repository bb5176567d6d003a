//! The two ends of a conversation.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// An address and a port: one end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct End {
    /// The network address.
    pub address: IpAddr,
    /// The port, in host byte order.
    pub port: u16,
}

impl End {
    /// An end at `address` and `port`.
    pub fn new(address: impl Into<IpAddr>, port: u16) -> Self {
        Self { address: address.into(), port }
    }
}

impl fmt::Display for End {
    /// `192.0.2.1:80` or `[2001:db8::1]:80`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        SocketAddr::new(self.address, self.port).fmt(out)
    }
}

/// Which of a packet's two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The one that sent the packet.
    Source,
    /// The one it was sent to.
    Destination,
}

impl Party {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Source => Self::Destination,
            Self::Destination => Self::Source,
        }
    }
}
