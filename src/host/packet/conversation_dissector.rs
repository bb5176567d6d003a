// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Sets the dissector of the host's conversation to that of its server's port.
//!
//! Once a conversation has a dissector of its own, the host asks that one first, for all its packets. It is set only
//! where the host would go by the ports' default dissectors: not where the user changed a port's dissector (by
//! *Decode As* or a preference; the host would ask that one only after ours), where another dissector has claimed the
//! conversation, or where the host's conversation covers more than these two ends.

use super::names::PORT_TABLES;
use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::left_out;
use crate::packet::{End, Segment, Transport};
use std::ffi::{CStr, CString};
use std::fmt;
use std::net::IpAddr;
use std::ptr::null_mut;

/// The host's number for no protocol (`find_protocol_by_id` of epan/proto.c).
const NO_PROTOCOL: i32 = -1;

/// Why a conversation is not decoded by its server's port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Wireshark lacks a function, a table or a dissector for that.
    NotInThisHost,
    /// It is neither TCP nor UDP.
    Transport,
    /// The verdict is below `strong`, or below what `ephemeral.note_confidence` asks for.
    NotSure,
    /// No dissector took its payload.
    NothingDissected,
    /// The client's port alone did not choose the dissector.
    NotByClientsPort,
    /// *Decode As*, or a preference of a protocol, has changed what a port stands for.
    PortChanged,
    /// The host's conversation covers more than these two ends, or it has none.
    NoConversation,
    /// The host's conversation already has another dissector.
    Claimed,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotInThisHost => "this Wireshark lacks what that needs",
            Self::Transport => "that is done for TCP and UDP only",
            Self::NotSure => {
                "it is not sure enough which end is the client; \"Source is the client\" or \"Destination is the client\" \
                 sets it"
            }
            Self::NothingDissected => "no dissector took its payload, so there is none to be replaced",
            Self::NotByClientsPort => "the dissector at work was not chosen by the client's port alone",
            Self::PortChanged => {
                "the dissector of one of its ports was changed, by Decode As or in the preferences of a protocol, and that \
                 goes first"
            }
            Self::NoConversation => "Wireshark has no conversation of these two ends alone",
            Self::Claimed => "another dissector has claimed the conversation for itself",
        })
    }
}

/// The plugin's own dissectors for one transport (port_dissectors.c): for conversations to be decoded by neither port, by
/// the lower one, by the higher one.
#[derive(Clone, Copy)]
struct PortDissectors {
    by_neither: dissector_handle_t,
    by_lower: dissector_handle_t,
    by_higher: dissector_handle_t,
}

/// The host's functions for decoding by the server's port, and our own dissectors for servers' ports that have no
/// dissector or one without a name.
pub(crate) struct ConversationDissector {
    host: crate::host::api::epan::ConversationDissector,
    tcp: PortDissectors,
    udp: PortDissectors,
}

// SAFETY: the handles are the host's, which keeps them as long as the process, and are only handed back to it.
unsafe impl Send for ConversationDissector {}
// SAFETY: as above.
unsafe impl Sync for ConversationDissector {}

impl ConversationDissector {
    /// Binds the functions and registers the dissectors, or says in the log why there are none.
    pub(crate) fn register(calls: &'static eph_calls, layout: &'static eph_layout) -> Option<Self> {
        match Self::try_to_register(calls, layout) {
            Ok(registered) => Some(registered),
            Err(why) => {
                left_out::leave_out("decoding by the server's port", &why);
                None
            }
        }
    }

    fn try_to_register(calls: &'static eph_calls, layout: &'static eph_layout) -> Result<Self, String> {
        // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
        let host = library::bind("dissectors", |library| unsafe {
            crate::host::api::epan::ConversationDissector::from_library(library)
        })?;
        // SAFETY: the names are C strings; the dissectors have the type that is asked for. The structures live as long as the
        // process.
        unsafe {
            let of = |transport: Transport, heuristics: &CStr| eph_transport_dissectors {
                by_port: (host.find_dissector_table)(PORT_TABLES[transport as usize].as_ptr()),
                heuristics: (host.find_heur_dissector_list)(heuristics.as_ptr()),
            };
            let (tcp, udp) = (of(Transport::Tcp, c"tcp"), of(Transport::Udp, c"udp"));
            let data = (host.find_dissector)(c"data".as_ptr());
            let lacks = |of: &eph_transport_dissectors| of.by_port.is_null() || of.heuristics.is_null();
            if lacks(&tcp) || lacks(&udp) || data.is_null() {
                return Err("this Wireshark has no dissectors by port or heuristics for TCP or UDP, or shows no data"
                    .to_owned());
            }
            let host_dissectors = eph_port_dissectors {
                dissector_try_heuristic: Some(host.dissector_try_heuristic),
                dissector_get_uint_handle: Some(host.dissector_get_uint_handle),
                tcp,
                udp,
                data,
            };
            eph_port_dissectors_bind(Box::leak(Box::new(host_dissectors)), calls, layout);
            // They belong to no protocol, so that the host shows no layer for them.
            let register =
                |name: &'static CStr, dissector| (host.register_dissector)(name.as_ptr(), dissector, NO_PROTOCOL);
            let tcp = PortDissectors {
                by_neither: register(c"ephemeral.tcp", Some(eph_dissect_tcp_by_neither)),
                by_lower: register(c"ephemeral.tcp.lower", Some(eph_dissect_tcp_by_lower)),
                by_higher: register(c"ephemeral.tcp.higher", Some(eph_dissect_tcp_by_higher)),
            };
            let udp = PortDissectors {
                by_neither: register(c"ephemeral.udp", Some(eph_dissect_udp_by_neither)),
                by_lower: register(c"ephemeral.udp.lower", Some(eph_dissect_udp_by_lower)),
                by_higher: register(c"ephemeral.udp.higher", Some(eph_dissect_udp_by_higher)),
            };
            Ok(Self { host, tcp, udp })
        }
    }

    /// Sets the dissector of a packet's conversation: the one named `declared`, or else that of the `server`'s port, or
    /// else one that ignores both ports. On an error, nothing changes.
    pub(super) fn set(
        &self,
        epan: &Epan,
        frame: u32,
        segment: &Segment<'_>,
        server: u16,
        declared: Option<&[u8]>,
    ) -> Result<(), Refusal> {
        let (conversation, chosen) = self.choose(epan, frame, segment, server, declared)?;
        // SAFETY: the conversation is the host's, as is the dissector.
        unsafe { (self.host.conversation_set_dissector)(conversation, chosen) };
        Ok(())
    }

    /// Returns the host's conversation of a packet, and the dissector that [`Self::set`] would set.
    pub(super) fn choose(
        &self,
        epan: &Epan,
        frame: u32,
        segment: &Segment<'_>,
        server: u16,
        declared: Option<&[u8]>,
    ) -> Result<(*mut conversation_t, dissector_handle_t), Refusal> {
        let (kind, of_ports) = match segment.transport {
            Transport::Tcp => (CONVERSATION_TCP, &self.tcp),
            Transport::Udp => (CONVERSATION_UDP, &self.udp),
            Transport::Dccp | Transport::Sctp | Transport::UdpLite => return Err(Refusal::Transport),
        };
        let of_source = self.default_dissector(epan, segment.transport, segment.source.port)?;
        let of_destination = self.default_dissector(epan, segment.transport, segment.destination.port)?;
        let is_from_server = segment.source.port == server;
        let (by_port, by_client, client) = if is_from_server {
            (of_source, of_destination, segment.destination.port)
        } else {
            (of_destination, of_source, segment.source.port)
        };
        let named = declared.and_then(|name| CString::new(name).ok());
        // SAFETY: the name is a C string.
        let named = named.map_or(null_mut(), |name| unsafe { (self.host.find_dissector)(name.as_ptr()) });
        let chosen = match (named.is_null(), by_port.is_null()) {
            (false, _) => named,
            (true, true) => of_ports.by_neither,
            (true, false) if self.has_name(by_port) => by_port,
            (true, false) if server < client => of_ports.by_lower,
            (true, false) => of_ports.by_higher,
        };
        Ok((self.find(frame, segment, kind, [by_client, chosen])?, chosen))
    }

    /// Whether a dissector has a name. "Export PDUs" needs the name of a conversation's own dissector.
    fn has_name(&self, dissector: dissector_handle_t) -> bool {
        // SAFETY: the dissector is the host's, and not null.
        unsafe { !(self.host.dissector_handle_get_dissector_name)(dissector).is_null() }
    }

    /// Returns the dissector of a port, null if it has none. Fails if *Decode As* or a preference changed it.
    fn default_dissector(&self, epan: &Epan, transport: Transport, port: u16) -> Result<dissector_handle_t, Refusal> {
        let (table, port) = (PORT_TABLES[transport as usize], u32::from(port));
        // SAFETY: the table's name is a C string; the table is one that the host has, or null.
        unsafe {
            let default = (epan.dissector_get_default_uint_handle)(table.as_ptr(), port);
            let table = (self.host.find_dissector_table)(table.as_ptr());
            let is_default = !table.is_null() && (self.host.dissector_get_uint_handle)(table, port) == default;
            if is_default { Ok(default) } else { Err(Refusal::PortChanged) }
        }
    }

    /// Returns the host's conversation of these two ends alone. Fails if it has a dissector other than those in
    /// `replaceable`: the client port's, which may have claimed the conversation, and the one that we set.
    fn find(
        &self,
        frame: u32,
        segment: &Segment<'_>,
        kind: epan_conversation_type,
        replaceable: [dissector_handle_t; 2],
    ) -> Result<*mut conversation_t, Refusal> {
        let (source, destination) = (Octets::of(segment.source), Octets::of(segment.destination));
        let (source, destination) = (source.address(), destination.address());
        let (from, to) = (segment.source.port.into(), segment.destination.port.into());
        // SAFETY: the addresses are valid during the call, which copies what it keeps of them. The result is null or a
        // conversation of the host's, which keeps it as long as the file.
        unsafe {
            let found =
                (self.host.find_conversation)(frame, &raw const source, &raw const destination, kind, from, to, 0);
            if found.is_null() || (*found).options != 0 {
                return Err(Refusal::NoConversation);
            }
            let dissector = (self.host.conversation_get_dissector)(found, frame);
            if dissector.is_null() || replaceable.contains(&dissector) { Ok(found) } else { Err(Refusal::Claimed) }
        }
    }
}

/// The octets of an end's address, in network byte order.
struct Octets(IpAddr, [u8; 16]);

impl Octets {
    fn of(end: End) -> Self {
        let mut octets = [0; 16];
        match end.address() {
            IpAddr::V4(ip) => octets[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => octets = ip.octets(),
        }
        Self(end.address(), octets)
    }

    /// Returns the host's form of the address. It points into `self`.
    fn address(&self) -> address {
        let (type_, len) = if self.0.is_ipv4() { (AT_IPv4, 4) } else { (AT_IPv6, 16) };
        address { type_: type_ as i32, len, data: self.1.as_ptr().cast(), priv_: null_mut() }
    }
}
