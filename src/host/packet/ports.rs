// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A cache of the host's knowledge about ports.

use super::names;
use crate::assigned::Assigned;
use crate::host::packet::host_context::HostContext;
use crate::naming::NameKnowledge;
use crate::packet::{End, Transport};
use crate::roles::PortKnowledge;
use crate::services::{Declared, Services};
use std::cell::Cell;

/// What the host has said about ports. It stays the same while a file is open.
#[derive(Default)]
pub(super) struct PortCache {
    /// Each is 0, or a port, its transport, and what is known about it. Empty until [`Self::allocate`].
    slots: Vec<Cell<u32>>,
}

impl PortCache {
    const SLOTS: usize = 1 << 12;

    /// Allocates the cache.
    pub(super) fn allocate(&mut self) {
        if self.slots.is_empty() {
            self.slots = vec![Cell::new(0); Self::SLOTS];
        }
    }
}

/// The host, and its cached answers.
pub(super) struct Ports<'a> {
    /// The host.
    pub host: &'a HostContext,
    /// What it has said about ports that were looked up before.
    pub port_cache: &'a PortCache,
    /// The services that the user declares.
    pub services: &'a Services,
}

impl Ports<'_> {
    const CACHED: u32 = 1 << 19;
    const NAMED: u32 = 1 << 20;
    const DISSECTED: u32 = 1 << 21;

    #[inline]
    fn look_up(&self, transport: Transport, port: u16, what: u32) -> bool {
        let of = Self::CACHED | (transport as u32) << 16 | u32::from(port);
        let slot = self.port_cache.slots.get(usize::from(port) % PortCache::SLOTS);
        let known = slot.map_or(0, Cell::get);
        let known =
            if (known ^ of) & (2 * Self::CACHED - 1) == 0 { known } else { self.ask(of, transport, port, slot) };
        known & what != 0
    }

    /// Asks the host about a port of one transport, and caches the answer. Never asks about other transports: Wireshark
    /// 4.4 forgets the UDP name of a port after a lookup of its TCP name.
    #[cold]
    fn ask(&self, of: u32, transport: Transport, port: u16, slot: Option<&Cell<u32>>) -> u32 {
        let bit = |is_so: bool, bit| if is_so { bit } else { 0 };
        let known = of
            | bit(self.host.is_named(transport, port), Self::NAMED)
            | bit(self.host.is_dissected(transport, port), Self::DISSECTED);
        if let Some(slot) = slot {
            slot.set(known);
        }
        known
    }
}

impl PortKnowledge for Ports<'_> {
    fn is_named(&self, transport: Transport, port: u16) -> bool {
        self.look_up(transport, port, Self::NAMED)
    }

    fn protocol(&self, transport: Transport, port: u16) -> Option<i32> {
        self.host.protocol(transport, port)
    }

    fn is_dissected(&self, transport: Transport, port: u16) -> bool {
        self.look_up(transport, port, Self::DISSECTED)
    }

    fn is_listed_server(&self, port: u16) -> bool {
        self.host.is_listed_server(port)
    }

    fn has_no_client(&self, protocol: i32) -> bool {
        self.host.has_no_client(protocol)
    }
}

impl NameKnowledge for Ports<'_> {
    fn registered_name(&self, transport: Transport, port: u16) -> Option<&'static [u8]> {
        self.host.registered_name(transport, port)
    }

    fn filter_name(&self, protocol: i32) -> Option<&'static [u8]> {
        names::protocol(self.host.epan, protocol)
    }

    fn assigned(&self, protocol: i32) -> Option<&'static Assigned> {
        self.host.assigned(protocol)
    }

    fn is_carrier(&self, protocol: i32) -> bool {
        self.host.carriers.contains(&protocol)
    }

    #[inline]
    fn declares_any(&self) -> bool {
        !self.services.is_empty()
    }

    #[inline]
    fn declared(&self, transport: Transport, end: End) -> Option<Declared<'_>> {
        self.services.find(transport, end)
    }
}
