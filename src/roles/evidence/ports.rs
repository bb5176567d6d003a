//! What a port's number says: how much it looks like a service's, or like one chosen at random.

use super::Decibans;
use crate::packet::Transport;
use crate::roles::Side;
use std::fmt;

/// What the host and the user know about ports.
pub trait PortKnowledge {
    /// Whether a service name is registered for the port.
    fn is_named(&self, transport: Transport, port: u16) -> bool;
    /// The protocol whose dissector is registered for the port (the host's id).
    fn protocol(&self, transport: Transport, port: u16) -> Option<i32>;
    /// Whether the user says that the port is always a service.
    fn is_service(&self, port: u16) -> bool;
}

/// What kind of number a port has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind {
    /// The user says that it is a service.
    Declared,
    /// 20: the source port of FTP's active data connections (RFC 959, section 3.2).
    FtpData,
    /// A system port (RFC 6335, section 6) with a name.
    System,
    /// A system port without a name.
    UnnamedSystem,
    /// 512 to 1023: also what a privileged client binds (rresvport(3), as rlogin and NFS use it).
    Reserved,
    /// A registered port with a dissector of its own.
    Dissected,
    /// A registered port with just a name.
    Named,
    /// A number without a meaning.
    Plain,
    /// 32768 to 49151: where Linux takes ephemeral ports from, up to 60999 (net.ipv4.ip_local_port_range).
    LinuxEphemeral,
    /// 49152 to 65535: dynamic ports (RFC 6335, section 6), used by Windows, macOS and the BSDs.
    Dynamic,
}

impl PortKind {
    /// What kind of number `port` is.
    pub fn of(transport: Transport, port: u16, knowledge: &impl PortKnowledge) -> Self {
        let named = || knowledge.is_named(transport, port);
        let dissected = || knowledge.protocol(transport, port).is_some();
        match port {
            _ if knowledge.is_service(port) => Self::Declared,
            20 if transport == Transport::Tcp => Self::FtpData,
            0..=511 if named() => Self::System,
            0..=511 => Self::UnnamedSystem,
            512..=1023 if dissected() => Self::System,
            512..=1023 => Self::Reserved,
            49152.. => Self::Dynamic,
            _ if dissected() => Self::Dissected,
            32768.. => Self::LinuxEphemeral,
            _ if named() => Self::Named,
            _ => Self::Plain,
        }
    }

    /// How much such a port looks like a service's, on a scale of its own: only differences count.
    fn likeness(self) -> Decibans {
        Decibans(match self {
            Self::Declared => 60,
            Self::System => 22,
            Self::UnnamedSystem => 14,
            Self::Reserved => 6,
            Self::Dissected => 10,
            Self::Named => 3,
            Self::Plain => 0,
            Self::LinuxEphemeral => -9,
            Self::Dynamic => -11,
            Self::FtpData => -30,
        })
    }
}

impl fmt::Display for PortKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Declared => "a service by the preferences",
            Self::FtpData => "the source of FTP data connections",
            Self::System | Self::UnnamedSystem => "a system port",
            Self::Reserved => "a reserved port",
            Self::Dissected => "the port of a known protocol",
            Self::Named => "a registered port",
            Self::Plain => "an unregistered port",
            Self::LinuxEphemeral | Self::Dynamic => "in the ephemeral range",
        })
    }
}

/// The side whose port is a system port, if the other one's is not even reserved.
pub fn system_side(low: u16, high: u16) -> Option<Side> {
    let is_system = |port| port < 512 && port != 20;
    match (is_system(low), is_system(high)) {
        (true, false) if high >= 1024 => Some(Side::Low),
        (false, true) if low >= 1024 => Some(Side::High),
        _ => None,
    }
}

/// How much two ports' numbers speak for the first one being the server's.
pub fn compare(ports: (u16, u16), kinds: (PortKind, PortKind)) -> Decibans {
    const LOWER: i32 = 2;
    let lower = match ports.0.cmp(&ports.1) {
        std::cmp::Ordering::Less => LOWER,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => -LOWER,
    };
    Decibans(kinds.0.likeness().0 - kinds.1.likeness().0 + lower)
}

/// How much it says that the payload was dissected by what only one of two ports stands for.
pub fn dissected_by(ports: (bool, bool)) -> Decibans {
    Decibans(match ports {
        (true, false) => 5,
        (false, true) => -5,
        _ => 0,
    })
}
