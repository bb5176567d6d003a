// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Kinds of port numbers.

use crate::ephemeral::{clients_use_reserved_ports, is_registered_for_client};
use crate::packet::{Side, Transport};

/// Knowledge about ports from Wireshark and the user.
pub trait PortKnowledge {
    /// Whether a service name is registered for the port.
    fn is_named(&self, transport: Transport, port: u16) -> bool;
    /// Returns the protocol (Wireshark's id) whose dissector is registered for the port.
    fn protocol(&self, transport: Transport, port: u16) -> Option<i32>;
    /// Whether a dissector is registered for the port.
    fn is_dissected(&self, transport: Transport, port: u16) -> bool {
        self.protocol(transport, port).is_some()
    }
    /// Whether the user lists the port as a server's.
    fn is_listed_server(&self, port: u16) -> bool;
    /// Whether a protocol (Wireshark's id) has no client, since its ends told each other their ports.
    fn has_no_client(&self, protocol: i32) -> bool {
        let _ = protocol;
        false
    }
}

/// The kind of a port number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortKind {
    /// The user lists it as a server's.
    Declared,
    /// 20: the source port of FTP's active data connections (RFC 959, section 3.2).
    FtpData,
    /// Registered for the client of the service that the other port is registered for.
    ForClient,
    /// A system port (RFC 6335, section 6) with a name.
    System,
    /// A system port without a name.
    UnnamedSystem,
    /// 512 to 1023. Privileged clients bind these ports as well (rresvport(3), as rlogin and NFS do).
    Reserved {
        /// Whether a dissector is registered for it.
        dissected: bool,
    },
    /// 512 to 1023, opposite a service whose clients bind such ports.
    Privileged {
        /// Whether a dissector is registered for it.
        dissected: bool,
    },
    /// The customary port of a well-known service ([`CUSTOMARY`]).
    Customary,
    /// Another port that a dissector is registered for.
    Dissected,
    /// 1025 to 5000, from which older systems pick ephemeral ports. Most of them have a name, so that says little.
    OldEphemeral {
        /// Whether it has a name.
        named: bool,
    },
    /// Another port with a name.
    Named,
    /// Another port without a name.
    Plain,
    /// From 32768 on. Linux picks ephemeral ports up to 60999 (net.ipv4.ip_local_port_range). From 49152 on are the
    /// dynamic ports (RFC 6335, section 6), from which Windows, macOS and the BSDs pick.
    Ephemeral(KnownFor),
}

/// Whether a port in the ephemeral range is also known for a service. That says little, since systems pick these ports
/// at random as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KnownFor {
    /// It is not.
    Nothing,
    /// A dissector is registered for it.
    Dissector,
    /// It is the customary port of a well-known service.
    Service,
}

/// The lowest port from which most present systems pick.
pub(super) const LOWEST_EPHEMERAL: u16 = 32768;

/// The lowest destination port of traceroute, which uses a port per datagram, for up to 30 hops with three probes each.
const TRACEROUTE: u16 = 33434;

/// TCP ports above the system ports that many hosts use for a service, by its specification, its maker's choice or
/// custom. Only widely known ports are listed, so that a client's port is seldom one of them: once in hundreds of
/// times.
const CUSTOMARY: [u16; 50] = [
    // Proxies, HTTP, measurement: SOCKS, Squid, alternatives to 80 and 443, development, iperf.
    1080, 3000, 3128, 5000, 5001, 5201, 8000, 8008, 8080, 8081, 8443, 8888, 9090, //
    // Databases, caches, search: SQL Server, Oracle, MySQL, PostgreSQL, Redis, Cassandra, Elasticsearch, memcached,
    // MongoDB.
    1433, 1434, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017, //
    // Messages: MQTT, IRC, XMPP, AMQP, STOMP, Kafka.
    1883, 5222, 5269, 5671, 5672, 6667, 8883, 9092, 61613, //
    // Remote access and files: NFS, iSCSI, RDP, VNC, WinRM, X11.
    2049, 3260, 3389, 5900, 5985, 5986, 6000, //
    // Tunnels: OpenVPN, PPTP.
    1194, 1723, //
    // Voice: H.323, STUN, SIP.
    1720, 3478, 5060, 5061, //
    // Industry: IEC 104, OPC UA, DNP3, EtherNet/IP.
    2404, 4840, 20000, 44818, //
    // Directories: the global catalogue.
    3268,
];

/// Like [`CUSTOMARY`], over UDP.
const CUSTOMARY_UDP: [u16; 32] = [
    // Tunnels: OpenVPN, L2TP, RADIUS and its accounting, GTP, NAT-T of IPsec, WireGuard.
    1194, 1701, 1812, 1813, 2123, 2152, 4500, 51820, //
    // Tunnels from a hash: LISP, GRE, VXLAN and its kin, RoCE, Geneve, MPLS, Linux's VXLAN.
    4341, 4754, 4789, 4790, 4791, 6081, 6635, 8472, //
    // Voice and discovery: H.323, STUN, SIP, SSDP, WS-Discovery, mDNS, LLMNR.
    1719, 1900, 3478, 3702, 5060, 5353, 5355, //
    // Files, measurement, industry: NFS, SQL Server's browser, iperf, CoAP, DNP3, EtherNet/IP, BACnet, sFlow.
    2049, 1434, 5001, 5201, 5683, 20000, 44818, 47808, 6343,
];

/// Ports that IANA has registered for signalling over SCTP.
const CUSTOMARY_SCTP: [u16; 15] = [
    // SIGTRAN: M2UA, M3UA, M2PA, IUA, SUA. Diameter.
    2904, 2905, 3565, 9900, 14001, 3868, //
    // 3GPP: SGsAP, HNBAP, S1AP, X2AP, NGAP, XnAP, E1AP, F1AP, W1AP.
    29118, 29169, 36412, 36422, 38412, 38422, 38462, 38472, 37472,
];

fn is_customary(transport: Transport, port: u16) -> bool {
    match transport {
        Transport::Tcp | Transport::Dccp => CUSTOMARY.contains(&port),
        Transport::Sctp => CUSTOMARY_SCTP.contains(&port) || CUSTOMARY.contains(&port),
        Transport::Udp | Transport::UdpLite => CUSTOMARY_UDP.contains(&port),
    }
}

impl PortKind {
    /// Returns the kind of `port` in a conversation whose other port is `other`.
    pub(crate) fn of(transport: Transport, port: u16, other: u16, knowledge: &impl PortKnowledge) -> Self {
        let named = || knowledge.is_named(transport, port);
        let dissected = || knowledge.is_dissected(transport, port);
        match port {
            _ if knowledge.is_listed_server(port) => Self::Declared,
            20 if transport == Transport::Tcp => Self::FtpData,
            _ if port != other && is_registered_for_client(transport, port, other) => Self::ForClient,
            0..=511 if named() => Self::System,
            0..=511 => Self::UnnamedSystem,
            512..=1023 if clients_use_reserved_ports(other) => Self::Privileged { dissected: dissected() },
            512..=1023 => Self::Reserved { dissected: dissected() },
            // Signalling has its ports in the ephemeral range, and its clients often bind theirs below.
            LOWEST_EPHEMERAL.. if transport == Transport::Sctp && CUSTOMARY_SCTP.contains(&port) => Self::Customary,
            _ if is_customary(transport, port) => match port {
                LOWEST_EPHEMERAL.. => Self::Ephemeral(KnownFor::Service),
                _ => Self::Customary,
            },
            TRACEROUTE.. if port < TRACEROUTE + 100 && transport.is_datagram() => Self::Ephemeral(KnownFor::Service),
            LOWEST_EPHEMERAL.. if dissected() => Self::Ephemeral(KnownFor::Dissector),
            LOWEST_EPHEMERAL.. => Self::Ephemeral(KnownFor::Nothing),
            // Of the ports that older systems pick, hundreds have a dissector; few services are known in the other range.
            1025..=5000 if other >= LOWEST_EPHEMERAL && is_customary(transport, other) => {
                Self::OldEphemeral { named: named() }
            }
            _ if dissected() => Self::Dissected,
            1025..=5000 => Self::OldEphemeral { named: named() },
            _ if named() => Self::Named,
            _ => Self::Plain,
        }
    }

    /// Returns the kind of a port for which the payloads show that it is not used by the protocol that it is known for.
    pub(super) fn without_meaning(self, transport: Transport, port: u16, knowledge: &impl PortKnowledge) -> Self {
        match self {
            Self::Customary | Self::Dissected => match port {
                ..=5000 => Self::OldEphemeral { named: knowledge.is_named(transport, port) },
                _ => Self::Plain,
            },
            Self::Ephemeral(_) => Self::Ephemeral(KnownFor::Nothing),
            other => other,
        }
    }
}

impl PortKind {
    /// Returns what a client's port of this kind is, in words.
    pub(crate) fn of_client(self) -> &'static str {
        match self {
            Self::OldEphemeral { .. } => "in the ephemeral range of older systems",
            Self::Privileged { .. } => "one that privileged clients take",
            _ => self.of_server(),
        }
    }

    /// Returns what a server's port of this kind is, in words.
    pub(crate) fn of_server(self) -> &'static str {
        match self {
            Self::Declared => "a service by the preferences",
            Self::FtpData => "the source of FTP data connections",
            Self::ForClient => "registered for the client",
            Self::System | Self::UnnamedSystem => "a system port",
            Self::Reserved { .. } | Self::Privileged { .. } => "a reserved port",
            Self::Customary => "the customary port of a service",
            Self::Dissected => "the port of a known protocol",
            Self::Named | Self::OldEphemeral { named: true } => "a registered port",
            Self::Plain | Self::OldEphemeral { named: false } => "an unregistered port",
            Self::Ephemeral(KnownFor::Nothing) => "in the ephemeral range",
            Self::Ephemeral(_) => "a known port in the ephemeral range",
        }
    }
}

/// Returns the side whose port is a system port, if the other port is neither a system port nor reserved.
pub(super) fn system_side(low: u16, high: u16) -> Option<Side> {
    let is_system = |port| port < 512 && port != 20 && port != 68;
    match (is_system(low), is_system(high)) {
        (true, false) if high >= 1024 => Some(Side::Low),
        (false, true) if low >= 1024 => Some(Side::High),
        _ => None,
    }
}

/// Whether exactly one of two ports is registered for the client.
pub(super) fn is_prescribed_for_one(transport: Transport, low: u16, high: u16) -> bool {
    is_registered_for_client(transport, low, high) != is_registered_for_client(transport, high, low)
}
