// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols that assign their listening ports at run time and announce them to the other end. The name registered for
//! such a port is a coincidence, as it is for a client's ephemeral port.

use std::ffi::CStr;

/// Which ends of a conversation have ports that were assigned at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listeners {
    /// The server.
    Server,
    /// Both ends. Each told the other its port, so there is no client.
    Both,
}

/// A protocol that assigns ports at run time.
#[derive(Debug)]
pub struct Assigned {
    /// Its filter name in Wireshark.
    pub protocol: &'static CStr,
    /// Which ends get their ports at run time.
    pub listeners: Listeners,
    /// Ports registered for the protocol.
    pub registered: &'static [u16],
    /// Ports that widespread products always use for it, whether or not they are registered for it.
    pub customary: &'static [u16],
    /// Whether reserved ports (512 to 1023) are assigned as well.
    pub reserved: bool,
}

impl Assigned {
    /// Whether `port`, as a listening port of this protocol, was assigned at run time.
    pub fn assigns(&self, port: u16) -> bool {
        let lowest = if self.reserved { 512 } else { 1024 };
        port >= lowest && !self.registered.contains(&port) && !self.customary.contains(&port)
    }
}

const fn server(protocol: &'static CStr, registered: &'static [u16]) -> Assigned {
    Assigned { protocol, listeners: Listeners::Server, registered, customary: &[], reserved: false }
}

const fn both(protocol: &'static CStr, registered: &'static [u16]) -> Assigned {
    Assigned { protocol, listeners: Listeners::Both, registered, customary: &[], reserved: false }
}

/// ONC RPC: a server binds to any port and registers it with the portmapper, and clients ask the portmapper for it
/// (RFC 1833, section 2). The registered ports are sunrpc, nfs (its clients need no portmapper: RFC 3530,
/// section 3.1.1), mountd and nfsrdma.
const RPC: Assigned = Assigned { reserved: true, ..server(c"rpc", &[111, 2049, 20048, 20049]) };

/// All protocols that assign ports at run time, each with the reason.
pub static PROTOCOLS: [Assigned; 12] = [
    RPC,
    // DCE/RPC: like ONC RPC, with the endpoint mapper (C706, appendix O). The registered ports are epmap,
    // http-rpc-epmap, msdfsr and PROFINET's three. Microsoft's products always use the ports of KMS (1688), Message
    // Queuing (2101 to 2107) and Exchange (6001, 6002, 6004).
    Assigned {
        customary: &[1688, 2101, 2103, 2105, 2107, 6001, 6002, 6004],
        ..server(c"dcerpc", &[135, 593, 5722, 34962, 34963, 34964])
    },
    // RTP and RTCP: each end announces its ports in SDP (RFC 8866, section 5.14; RFC 3264) or in H.245. The registered
    // ports are those of the audio and video profile (RFC 3551, section 8), the default of sessions that agree on none.
    both(c"rtp", &[5004, 5005]),
    both(c"rtcp", &[5004, 5005]),
    // T.38 (fax): announced like RTP's.
    both(c"t38", &[]),
    // RealNetworks' data transport: announced in RTSP's Transport header, like RTP's (RFC 7826, section 18.54).
    both(c"rdt", &[]),
    // H.245: announced in a message of H.225.0.
    server(c"h245", &[]),
    // TFTP: the server answers from a new port, its transfer identifier (RFC 1350, section 4). The registered ports are
    // tftp, tftp-mcast and tftps.
    server(c"tftp", &[69, 1758, 3713]),
    // FTP's data connections: announced by PORT, PASV, EPRT and EPSV (RFC 959, section 4.1.2; RFC 2428).
    server(c"ftp-data", &[]),
    // BitTorrent: the tracker and other peers announce a peer's port (BEP 3, BEP 5, BEP 29). No customary ports are
    // listed here: Wireshark's dissector is registered for them.
    server(c"bittorrent", &[]),
    both(c"bt-dht", &[]),
    both(c"bt-utp", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registered_ports_of_a_protocol_are_its_own() {
        for (protocol, port, assigned) in [
            (c"dcerpc", 135, false),
            (c"dcerpc", 1065, true),
            (c"rpc", 2049, false),
            (c"rpc", 635, true),
            (c"rpc", 111, false),
            (c"dcerpc", 1688, false),
            (c"rtp", 5004, false),
            (c"rtp", 8000, true),
            (c"tftp", 69, false),
            (c"dcerpc", 600, false),
        ] {
            let entry = PROTOCOLS.iter().find(|entry| entry.protocol == protocol).expect("it is in the table");
            assert_eq!(entry.assigns(port), assigned, "{protocol:?} {port}");
        }
    }
}
