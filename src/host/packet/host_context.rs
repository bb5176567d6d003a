// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The host context: what judging a packet needs from the host. It is created once, after all protocols are registered.

use super::conversation_dissector::ConversationDissector;
use super::names;
use crate::assigned::{Assigned, Listeners, PROTOCOLS};
use crate::headers::Layers;
use crate::host::api::epan::{Epan, eph_layout};
use crate::host::settings::preferences::PREFERENCES;
use crate::packet::Transport;
use crate::roles::PortKnowledge;

/// The host's functions, its layout and the ids of its protocols.
pub(crate) struct HostContext {
    /// The host's functions.
    pub epan: &'static Epan,
    /// The layout of the structures in its release.
    pub layout: &'static eph_layout,
    /// The ids of the protocols of [`Transport`], in its order.
    pub transports: [i32; Transport::ALL.len()],
    /// The ids of IPv4 and IPv6.
    pub ip: [i32; 2],
    /// The ids of ICMP and ICMPv6, whose errors quote the packet that caused them.
    pub icmp: [i32; 2],
    /// The ids of layers that the ends do not speak on top of a transport: `data`, this plugin's own, and the like.
    pub not_spoken: [i32; 7],
    /// The ids of [`PROTOCOLS`], in its order.
    pub assigned: [i32; PROTOCOLS.len()],
    /// The ids of protocols that carry others, such as TLS. They do not contradict the name of a port.
    pub carriers: [i32; 4],
    /// Chooses dissectors by the server's port, if the host has the functions for that.
    pub conversation_dissector: Option<ConversationDissector>,
}

impl HostContext {
    /// Returns the transport protocol of a layer (the host's id), if that is a transport with ports.
    #[inline]
    pub(crate) fn transport(&self, layer: i32) -> Option<Transport> {
        let at = self.transports.iter().position(|transport| *transport == layer)?;
        Transport::ALL.get(at).copied()
    }

    /// Returns the kind of a layer (the host's id), if it helps to find headers: one of the constants of [`Layers`].
    pub(crate) fn kind(&self, layer: i32) -> Option<u8> {
        match self.transport(layer) {
            Some(Transport::Tcp) => Some(Layers::TCP),
            Some(Transport::Udp) => Some(Layers::UDP),
            Some(Transport::Dccp) => Some(Layers::DCCP),
            Some(Transport::Sctp) => Some(Layers::SCTP),
            Some(Transport::UdpLite) => Some(Layers::UDP_LITE),
            None if layer == self.ip[0] => Some(Layers::IPV4),
            None if layer == self.ip[1] => Some(Layers::IPV6),
            None => self.icmp.contains(&layer).then_some(Layers::ICMP),
        }
    }

    /// Returns whether the ends of a conversation can speak a protocol (the host's id).
    pub(crate) fn is_spoken(&self, protocol: i32) -> bool {
        !self.not_spoken.contains(&protocol)
    }

    /// Returns the entry of a protocol (the host's id), if its listening ports are assigned at run time.
    pub(crate) fn assigned(&self, protocol: i32) -> Option<&'static Assigned> {
        let at = self.assigned.iter().position(|assigned| *assigned == protocol)?;
        PROTOCOLS.get(at)
    }

    /// Returns the name registered for a port, from the host's table and the user's services files.
    pub(crate) fn registered_name(&self, transport: Transport, port: u16) -> Option<&'static [u8]> {
        names::registered_name(self.epan, transport, port)
    }
}

impl PortKnowledge for HostContext {
    fn is_named(&self, transport: Transport, port: u16) -> bool {
        self.registered_name(transport, port).is_some()
    }

    fn protocol(&self, transport: Transport, port: u16) -> Option<i32> {
        names::port_protocol(self.epan, transport, port)
    }

    fn is_listed_server(&self, port: u16) -> bool {
        PREFERENCES.is_server_port(self.epan, port)
    }

    fn has_no_client(&self, protocol: i32) -> bool {
        protocol > 0 && self.assigned(protocol).is_some_and(|assigned| assigned.listeners == Listeners::Both)
    }
}
