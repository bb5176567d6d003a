// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Decides whether a client's port is ephemeral: whether the client's system may have picked it at random. Fields,
//! notes, corrections and the weighing of evidence all use this decision.
//!
//! Systems pick from these ranges by default:
//!
//! | from | to | |
//! |---|---|---|
//! | 49152 | 65535 | the dynamic ports (RFC 6335, section 6): Windows since Vista, macOS, NetBSD, FreeBSD until 7 |
//! | 32768 | 60999 | Linux (net.ipv4.ip_local_port_range); to 65535: Solaris, AIX |
//! | 10000 | 65535 | FreeBSD since 8 (net.inet.ip.portrange.first) |
//! | 1024 | 49151 | OpenBSD (net.inet.ip.portfirst) |
//! | 1025 | 5000 | Windows until Server 2003 (MaxUserPort), Linux until 2.2, BSD until 4.4 |
//! | 512 | 1023 | reserved ports, by request: rresvport(3), bindresvport(3) from 600, Linux's NFS from 665 |
//!
//! Applications that pick their own port stay above 1023 (RFC 6056, section 3.2), and NATs map system ports only to
//! system ports (RFC 4787, section 4.2.2). So no port below 512 is ephemeral, except the source port of a tunnel, which
//! is a hash.

use crate::packet::Transport;
use std::ops::RangeInclusive;

/// How a client's port was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortOrigin {
    /// The client's system may have picked it at random.
    Ephemeral,
    /// It is a system port (RFC 6335, section 6), which no system picks at random. Scanners, NATs and old resolvers use
    /// such ports.
    System,
    /// A protocol prescribes it, the two ends agreed on it, or it is also the port of a service.
    Deliberate,
}

/// A client's port, and the facts that decide how it was chosen.
#[derive(Clone, Copy, Debug)]
pub struct ClientPort {
    /// The transport protocol.
    pub transport: Transport,
    /// The client's port.
    pub port: u16,
    /// The server's port.
    pub server: u16,
    /// Whether the conversation is ONC RPC, whose clients take reserved ports (see [`clients_use_reserved_ports`]).
    pub speaks_rpc: bool,
    /// Whether each end knew the other's port beforehand.
    pub both_agreed: bool,
    /// Whether this port also serves others, or its socket was bound on purpose (see
    /// [`client_port_serves_others`](crate::roles::RoleTracker::client_port_serves_others)).
    pub serves_others: bool,
    /// Whether the port is registered for the protocol of the conversation, and that protocol is known by more than
    /// this port.
    pub is_of_protocol: bool,
}

impl ClientPort {
    /// Creates a client's port about which only the numbers are known.
    fn of_numbers(transport: Transport, port: u16, server: u16) -> Self {
        Self {
            transport,
            port,
            server,
            speaks_rpc: false,
            both_agreed: false,
            serves_others: false,
            is_of_protocol: false,
        }
    }
}

/// Returns how a client's port was chosen. The rules are tried in order; the first that applies decides.
pub fn port_origin(client: &ClientPort) -> PortOrigin {
    const LOWEST_RESERVED: u16 = 512;
    let is_system = client.port <= HIGHEST_SYSTEM;
    if client.is_of_protocol && !is_system {
        return PortOrigin::Deliberate;
    }
    if is_flow_hash(client.transport, client.port, client.server) {
        return PortOrigin::Ephemeral;
    }
    if is_registered_for_client(client.transport, client.port, client.server) {
        return PortOrigin::Deliberate;
    }
    if client.port == client.server {
        return if is_system && !BOTH_ENDS.contains(&client.port) {
            PortOrigin::System
        } else {
            PortOrigin::Deliberate
        };
    }
    if is_system && (client.port < LOWEST_RESERVED || !(client.speaks_rpc || clients_use_reserved_ports(client.server)))
    {
        return PortOrigin::System;
    }
    if client.both_agreed || client.serves_others || follows_server_port(client.transport, client.port, client.server) {
        return PortOrigin::Deliberate;
    }
    PortOrigin::Ephemeral
}

/// Whether a port could be ephemeral if it is the client's, by the numbers alone. More facts can only rule that out,
/// except for the protocol (see [`ClientPort::speaks_rpc`]).
pub fn can_be_ephemeral(transport: Transport, port: u16, server: u16) -> bool {
    port_origin(&ClientPort::of_numbers(transport, port, server)) == PortOrigin::Ephemeral
}

/// Whether systems that are or were widespread pick this port (see the table above). Of all systems, only OpenBSD picks
/// the ports in between. Otherwise they are configured, such as a SIP phone's 5070, so such a port need not be random.
pub fn is_in_a_common_range(port: u16) -> bool {
    matches!(port, 512..=5000 | 10000..)
}

/// The highest system port. The lowest is 0 (RFC 6335, section 6).
pub const HIGHEST_SYSTEM: u16 = 1023;

/// Whether a port is the source port of a tunnel's datagram. Such a port is a hash of the inner packet and can be any
/// number. It lets routers that distribute datagrams by port keep the datagrams of a flow together.
pub fn is_flow_hash(transport: Transport, port: u16, server: u16) -> bool {
    transport.is_datagram() && port != server && HASHED.contains(&server)
}

/// The server ports of these tunnels: gtp-user (3GPP TS 29.281, section 4.4.2.0), lisp-data (RFC 9300, section 5.3),
/// gre-in-udp and -dtls (RFC 8086, section 3.1), vxlan (RFC 7348, section 5), vxlan-gpe (draft-ietf-nvo3-vxlan-gpe),
/// roce (InfiniBand's annex A17), geneve (RFC 8926, section 3.3), mpls-udp and -dtls (RFC 7510, section 3), and Linux's
/// port for VXLAN.
const HASHED: [u16; 11] = [2152, 4341, 4754, 4755, 4789, 4790, 4791, 6081, 6635, 6636, 8472];

/// Whether the clients of the service registered for this port use a reserved port, to show that root started them.
pub fn clients_use_reserved_ports(server: u16) -> bool {
    match server {
        // exec, login and shell, and their Kerberos variants klogin and kshell (rresvport(3)).
        512..=514 | 543 | 544 => true,
        // printer: 721 to 731 (RFC 1179, section 3.1).
        515 => true,
        // sunrpc, nfs, mountd (bindresvport(3); nfs(5): resvport).
        111 | 2049 | 20048 => true,
        // ssh, with rsh's authentication by host (ssh_config(5) until 2002: UsePrivilegedPort).
        22 => true,
        _ => false,
    }
}

/// Whether the client's socket is bound to this port because of the server's port.
///
/// Over UDP, a program that binds its socket often takes the port next to that of its service: routers' SSDP from 1901,
/// a second SIP agent on 5061, senders of RTP. A random port is next to the server's about once in ten thousand times.
/// For SCTP, administrators often configure both ports. TCP clients seldom bind their sockets, so the same over TCP is
/// a coincidence.
fn follows_server_port(transport: Transport, port: u16, server: u16) -> bool {
    /// bacnet, and the ports of further BACnet networks on the same addresses: 0xBAC0 to 0xBACF.
    const BACNET: RangeInclusive<u16> = 0xBAC0..=0xBACF;
    /// xbox, the port that a console uses for everything, and the port of the Teredo server that it asks (RFC 4380,
    /// section 2.7).
    const CONSOLE: (u16, u16) = (3074, 3544);
    transport != Transport::Tcp
        && (port.abs_diff(server) == 1
            || (BACNET.contains(&port) && BACNET.contains(&server))
            || (port, server) == CONSOLE)
}

/// Ports that both ends of a protocol use by design: bootps between relays (RFC 1542, section 4.1), ntp (RFC 5905,
/// section 9.1), netbios-ns and -dgm (RFC 1002, section 4.2 and 4.4), ptp (IEEE 1588, annex C), isakmp (RFC 7296,
/// section 2), syslog (RFC 3164, section 2), router (RFC 2453, section 3.9), ripng (RFC 2080, section 2.5), ldp
/// (RFC 5036, section 2.4).
const BOTH_ENDS: [u16; 11] = [67, 123, 137, 138, 319, 320, 500, 514, 520, 521, 646];

/// The server's port opposite which a port counts as registered for the client.
#[derive(Clone, Copy)]
enum Server {
    Any,
    Port(u16),
}

/// Returns the server's port for a port that the IANA registry assigns to the client of a service.
///
/// Some ports below 1024 count opposite any server's port, since nobody picks them at random. Above, any other client
/// can pick the same number, so the server's port must be the one registered with it.
#[rustfmt::skip]
fn server_of(client: u16) -> Option<Server> {
    use Server::{Any, Port};
    Some(match client {
        20 => Any,            // ftp-data: where active FTP connects from (RFC 959, section 3.2)
        46 => Port(45),       // mpm-snd, to mpm
        68 => Any,            // bootpc (RFC 2131, section 4.1)
        379 => Port(380),     // is99c, to is99s
        546 => Any,           // dhcpv6-client (RFC 8415, section 7.2)
        989 => Any,           // ftps-data: as ftp-data, over TLS
        1068 => Port(1067),   // instl-bootc, to instl-boots
        1371 => Port(1372),   // fc-cli, to fc-ser
        1394 => Port(1393),   // iclpv-nlc, to iclpv-nls
        1938 => Port(1937),   // jwclient, to jwserver
        1940 => Port(1939),   // jvclient, to jvserver
        2017 => Port(2016),   // bootclient, to bootserver
        2103 => Port(2102),   // zephyr-clt, to zephyr-srv
        2117 => Port(2118),   // mentaclient, to mentaserver
        2310 => Port(2309),   // sdclient, to sdserver
        2427 => Port(2727),   // mgcp-gateway, to mgcp-callagent (RFC 3435, section 3.5): either may ask
        2501 => Port(2500),   // rtsclient, to rtsserv
        2601 => Port(2602),   // discp-client, to discp-server
        2668 => Port(2667),   // alarm-clock-c, to alarm-clock-s
        2727 => Port(2427),   // mgcp-callagent, to mgcp-gateway
        2917 => Port(2916),   // elvin-client, to elvin-server
        2934 => Port(2933),   // 4-tieropmcli, to 4-tieropmgw
        2962 => Port(2963),   // iph-policy-cli, to iph-policy-adm
        3198 => Port(3197),   // embrace-dp-c, to embrace-dp-s
        3303 => Port(3304),   // opsession-clnt, to opsession-srvr
        3441 => Port(3442),   // connect-client, to connect-server
        4316 => Port(4314),   // choiceview-clt, to choiceview-agt
        4402 => Port(4401),   // ds-clnt, to ds-srvr
        5353 => Port(53),     // mdns: a client that asks from there uses a responder's socket (RFC 6762, section 6.7)
        6456 => Port(6455),   // skip-cert-send, to skip-cert-recv
        8082 => Port(8083),   // us-cli, to us-srv
        8786 => Port(8787),   // msgclnt, to msgsrvr
        8981 => Port(8980),   // nod-client, to nod-provider
        9007 => Port(9008),   // ogs-client, to ogs-server
        9401 => Port(9400),   // sec-t4net-clt, to sec-t4net-srv
        10004 => Port(10005), // emcrmirccd, to emcrmird
        13223 => Port(13224), // powwow-client, to powwow-server
        26263 => Port(26262), // k3software-cli, to k3software-svr
        _ => return None,
    })
}

/// Whether `port` is registered for the client of the service that `server` is registered for.
pub fn is_registered_for_client(transport: Transport, port: u16, server: u16) -> bool {
    // All other ports are registered for both transports, or used over only one.
    const TCP_ONLY: u16 = 20;
    match server_of(port) {
        None => false,
        Some(_) if port == TCP_ONLY && transport != Transport::Tcp => false,
        Some(Server::Any) => true,
        Some(Server::Port(registered)) => registered == server,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn client(port: u16, server: u16) -> ClientPort {
        ClientPort::of_numbers(Transport::Tcp, port, server)
    }

    #[test]
    fn a_system_port_is_not_picked_at_random() {
        for (port, server) in [(80, 51000), (88, 1234), (136, 4000), (179, 33000), (502, 2582), (53, 53), (750, 80)] {
            assert_eq!(port_origin(&client(port, server)), PortOrigin::System, "{port} to {server}");
        }
    }

    #[test]
    fn clients_of_some_services_pick_reserved_ports() {
        for server in [22, 111, 512, 513, 514, 515, 543, 544, 2049] {
            assert_eq!(port_origin(&client(1022, server)), PortOrigin::Ephemeral, "to {server}");
        }
        assert_eq!(port_origin(&ClientPort { speaks_rpc: true, ..client(765, 1048) }), PortOrigin::Ephemeral);
        assert_eq!(port_origin(&ClientPort { speaks_rpc: true, ..client(511, 1048) }), PortOrigin::System);
    }

    #[test]
    fn some_ports_are_prescribed() {
        let udp = |port, server| ClientPort { transport: Transport::Udp, ..client(port, server) };
        for of in [client(20, 5001), udp(68, 67), udp(546, 547), udp(123, 123), udp(2727, 2427), udp(5353, 53)] {
            assert_eq!(port_origin(&of), PortOrigin::Deliberate, "{of:?}");
        }
        assert_eq!(port_origin(&udp(2727, 53)), PortOrigin::Ephemeral, "opposite other ports it is ephemeral");
    }

    #[test]
    fn a_socket_that_serves_has_its_port_on_purpose() {
        assert_eq!(port_origin(&client(1140, 80)), PortOrigin::Ephemeral);
        assert_eq!(port_origin(&ClientPort { serves_others: true, ..client(1140, 80) }), PortOrigin::Deliberate);
        assert_eq!(port_origin(&ClientPort { both_agreed: true, ..client(1140, 80) }), PortOrigin::Deliberate);
    }

    #[test]
    fn a_port_of_the_spoken_protocol_is_deliberate() {
        assert_eq!(port_origin(&ClientPort { is_of_protocol: true, ..client(1645, 1812) }), PortOrigin::Deliberate);
        assert_eq!(port_origin(&ClientPort { is_of_protocol: true, ..client(53, 5301) }), PortOrigin::System);
    }

    #[test]
    fn a_port_goes_with_the_servers_over_udp() {
        let udp = |port, server| ClientPort { transport: Transport::Udp, ..client(port, server) };
        for (port, server) in [(1901, 1900), (5061, 5060), (5002, 5003), (47821, 47810), (3074, 3544)] {
            assert_eq!(port_origin(&udp(port, server)), PortOrigin::Deliberate, "{port} to {server}");
            assert_eq!(port_origin(&client(port, server)), PortOrigin::Ephemeral, "{port} to {server} over TCP");
        }
        for (port, server) in [(1902, 1900), (47824, 47810), (47809, 51820), (3074, 53), (44818, 51820), (4790, 4789)] {
            assert_eq!(port_origin(&udp(port, server)), PortOrigin::Ephemeral, "{port} to {server}");
        }
    }

    #[test]
    fn the_source_port_of_a_tunnel_is_a_hash() {
        let udp = |port, server| ClientPort { transport: Transport::Udp, serves_others: true, ..client(port, server) };
        for of in [udp(521, 6081), udp(2152, 4789), udp(51000, 8472), udp(68, 4789)] {
            assert_eq!(port_origin(&of), PortOrigin::Ephemeral, "{of:?}");
        }
        for of in [udp(4789, 4789), udp(521, 6080), ClientPort { transport: Transport::Tcp, ..udp(521, 6081) }] {
            assert_ne!(port_origin(&of), PortOrigin::Ephemeral, "{of:?}");
        }
    }

    proptest! {
        #[test]
        fn no_port_below_512_is_ephemeral(
            port in 0_u16..512, server: u16, tcp: bool, speaks_rpc: bool, both_agreed: bool, serves_others: bool,
        ) {
            let transport = if tcp { Transport::Tcp } else { Transport::Udp };
            let of = ClientPort { transport, port, server, speaks_rpc, both_agreed, serves_others, is_of_protocol: false };
            prop_assert_eq!(port_origin(&of) == PortOrigin::Ephemeral, !tcp && HASHED.contains(&server));
        }

        #[test]
        fn no_port_registered_for_the_client_is_ephemeral(
            entry: prop::sample::Index, any: u16, tcp: bool, speaks_rpc: bool, both_agreed: bool, serves_others: bool,
        ) {
            let registered: Vec<_> = (0..=u16::MAX).filter_map(|port| Some((port, server_of(port)?))).collect();
            let (port, of) = registered[entry.index(registered.len())];
            let server = match of { Server::Any => any, Server::Port(server) => server };
            prop_assume!(!HASHED.contains(&server));
            let transport = if tcp { Transport::Tcp } else { Transport::Udp };
            let of = ClientPort { transport, port, server, speaks_rpc, both_agreed, serves_others, is_of_protocol: false };
            prop_assert_ne!(port_origin(&of), PortOrigin::Ephemeral);
        }

        #[test]
        fn equal_ports_are_not_ephemeral(port: u16, speaks_rpc: bool) {
            prop_assert_ne!(port_origin(&ClientPort { speaks_rpc, ..client(port, port) }), PortOrigin::Ephemeral);
        }
    }
}
