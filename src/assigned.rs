// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols whose listening ports are assigned at run time and told to the other end: the name registered for such a
//! number is as much an accident as that of a client's port.

use std::ffi::CStr;

/// Which ends of a conversation had their ports assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listeners {
    /// The server.
    Server,
    /// Both: each told the other where it listens. There is no client.
    Both,
}

/// A protocol that works so.
#[derive(Debug)]
pub struct Assigned {
    /// Its filter name.
    pub protocol: &'static CStr,
    /// Whose ports.
    pub listeners: Listeners,
    /// Ports that are registered for it.
    pub registered: &'static [u16],
    /// Ports that widespread products use for it, whatever they are registered for.
    pub customary: &'static [u16],
    /// Reserved ports (512 to 1023) are assigned as well.
    pub reserved: bool,
}

impl Assigned {
    /// Whether a listening port of this protocol got its number at run time.
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

/// ONC RPC: a server asks for any port and tells the portmapper, which clients ask (RFC 1833, section 2). Registered
/// are sunrpc, nfs (its clients need no portmapper: RFC 3530, section 3.1.1), mountd and nfsrdma.
const RPC: Assigned = Assigned { reserved: true, ..server(c"rpc", &[111, 2049, 20048, 20049]) };

/// The table, each with its reason.
pub static PROTOCOLS: [Assigned; 12] = [
    RPC,
    // DCE/RPC: the same with the endpoint mapper (C706, appendix O). Registered are epmap, http-rpc-epmap, msdfsr and
    // PROFINET's three; products of Microsoft always use those of KMS (1688), Message Queuing (2101 to 2107) and
    // Exchange (6001, 6002, 6004).
    Assigned {
        customary: &[1688, 2101, 2103, 2105, 2107, 6001, 6002, 6004],
        ..server(c"dcerpc", &[135, 593, 5722, 34962, 34963, 34964])
    },
    // RTP and RTCP: each end names its ports in SDP (RFC 8866, section 5.14; RFC 3264) or in H.245. Registered are
    // those of the audio and video profile (RFC 3551, section 8), which sessions may use where nothing is agreed on.
    both(c"rtp", &[5004, 5005]),
    both(c"rtcp", &[5004, 5005]),
    // T.38 (fax): likewise.
    both(c"t38", &[]),
    // RealNetworks' data transport: by RTSP's Transport header, as RTP is there (RFC 7826, section 18.54).
    both(c"rdt", &[]),
    // H.245: the port is in a message of H.225.0.
    server(c"h245", &[]),
    // TFTP: a server answers from a new port, its transfer identifier (RFC 1350, section 4). Registered are tftp,
    // tftp-mcast and tftps.
    server(c"tftp", &[69, 1758, 3713]),
    // FTP's data connections: by PORT, PASV, EPRT and EPSV (RFC 959, section 4.1.2; RFC 2428).
    server(c"ftp-data", &[]),
    // BitTorrent: a peer's tracker and other peers tell where it listens (BEP 3, BEP 5, BEP 29). Its host's dissector
    // knows the customary ports.
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
            let of = PROTOCOLS.iter().find(|of| of.protocol == protocol).expect("it is in the table");
            assert_eq!(of.assigns(port), assigned, "{protocol:?} {port}");
        }
    }
}
