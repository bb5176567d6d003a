//! What a port's number says: how much it looks like a service's, or like one chosen at random.

use super::Decibans;
use crate::ephemeral::is_for_client;
use crate::packet::Transport;
use crate::roles::Side;

/// What the host and the user know about ports.
pub trait PortKnowledge {
    /// Whether a service name is registered for the port.
    fn is_named(&self, transport: Transport, port: u16) -> bool;
    /// The protocol whose dissector is registered for the port (the host's id).
    fn protocol(&self, transport: Transport, port: u16) -> Option<i32>;
    /// Whether there is one.
    fn is_dissected(&self, transport: Transport, port: u16) -> bool {
        self.protocol(transport, port).is_some()
    }
    /// Whether the user says that the port is always a service.
    fn is_service(&self, port: u16) -> bool;
    /// Whether a protocol (the host's id) has no client: its ends told each other their ports.
    fn has_no_client(&self, protocol: i32) -> bool {
        let _ = protocol;
        false
    }
}

/// What kind of number a port has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind {
    /// The user says that it is a service.
    Declared,
    /// 20: the source port of FTP's active data connections (RFC 959, section 3.2).
    FtpData,
    /// Registered for the client of what the other port is registered for.
    ForClient,
    /// A system port (RFC 6335, section 6) with a name.
    System,
    /// A system port without a name.
    UnnamedSystem,
    /// 512 to 1023: also what a privileged client binds (rresvport(3), as rlogin and NFS use it).
    Reserved,
    /// A registered port with a dissector of its own.
    Dissected,
    /// 1025 to 5000, with a name or without, which says little, as most have one: older systems take ephemeral ports
    /// from there.
    OldEphemeral {
        /// Whether it has a name.
        named: bool,
    },
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
    /// What kind of number `port` is, opposite `other`.
    pub fn of(transport: Transport, port: u16, other: u16, knowledge: &impl PortKnowledge) -> Self {
        let named = || knowledge.is_named(transport, port);
        let dissected = || knowledge.is_dissected(transport, port);
        match port {
            _ if knowledge.is_service(port) => Self::Declared,
            20 if transport == Transport::Tcp => Self::FtpData,
            _ if port != other && is_for_client(transport, port, other) => Self::ForClient,
            0..=511 if named() => Self::System,
            0..=511 => Self::UnnamedSystem,
            512..=1023 if dissected() => Self::System,
            512..=1023 => Self::Reserved,
            49152.. => Self::Dynamic,
            _ if dissected() => Self::Dissected,
            32768.. => Self::LinuxEphemeral,
            1025..=5000 => Self::OldEphemeral { named: named() },
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
            Self::Dissected => 14,
            Self::Named | Self::Plain => 6,
            Self::OldEphemeral { .. } => 1,
            // Which of the two ranges it is tells the system of whoever picked it, client or server.
            Self::LinuxEphemeral | Self::Dynamic => -10,
            Self::FtpData | Self::ForClient => -40,
        })
    }
}

impl PortKind {
    /// What such a port is as that of a client.
    pub fn of_client(self) -> &'static str {
        match self {
            Self::OldEphemeral { .. } => "in the ephemeral range of older systems",
            _ => self.of_server(),
        }
    }

    /// What it is as that of a server.
    pub fn of_server(self) -> &'static str {
        match self {
            Self::Declared => "a service by the preferences",
            Self::FtpData => "the source of FTP data connections",
            Self::ForClient => "registered for the client",
            Self::System | Self::UnnamedSystem => "a system port",
            Self::Reserved => "a reserved port",
            Self::Dissected => "the port of a known protocol",
            Self::Named | Self::OldEphemeral { named: true } => "a registered port",
            Self::Plain | Self::OldEphemeral { named: false } => "an unregistered port",
            Self::LinuxEphemeral | Self::Dynamic => "in the ephemeral range",
        }
    }
}

/// The side whose port is a system port, if the other one's is not even reserved.
pub fn system_side(low: u16, high: u16) -> Option<Side> {
    let is_system = |port| port < 512 && port != 20 && port != 68;
    match (is_system(low), is_system(high)) {
        (true, false) if high >= 1024 => Some(Side::Low),
        (false, true) if low >= 1024 => Some(Side::High),
        _ => None,
    }
}

/// Whether exactly one of two ports is prescribed for who opens a connection.
pub fn is_prescribed_for_one(transport: Transport, low: u16, high: u16) -> bool {
    is_for_client(transport, low, high) != is_for_client(transport, high, low)
}

/// How much two ports' numbers speak for the first one being the server's. The lower one mostly is, but not of two that
/// systems picked.
pub fn compare(ports: (u16, u16), kinds: (PortKind, PortKind)) -> Decibans {
    const LOWER: i32 = 2;
    let is_picked = |kind| matches!(kind, PortKind::LinuxEphemeral | PortKind::Dynamic);
    let lower = match ports.0.cmp(&ports.1) {
        _ if is_picked(kinds.0) && is_picked(kinds.1) => 0,
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
