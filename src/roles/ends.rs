// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is known about ends and hosts beyond single conversations.
//!
//! An end's facts are kept as long as a conversation or an announcement (at most [`MOST_ANNOUNCED`] of each kind) needs
//! them. The port ranges of hosts, and the ends that SCTP's handshakes list, have bounded tables of their own, and may
//! outlive conversations.

use super::addresses::Addresses;
use super::announced::Announced;
use super::end_facts::EndFacts;
use super::end_key::EndKey;
use super::ranges::{PortRange, Ranges};
use super::seed::Keyed;
use super::table::Table;
use super::table_use::TableUse;
use crate::ephemeral::HIGHEST_SYSTEM;
use crate::packet::{Bits, End, Transport};
use hashbrown::HashMap;
use std::hash::BuildHasher;

/// The limit for each of these: listening ends that were agreed on in-band, ends that asked for data, ends that a handshake
/// of SCTP lists, hosts that connected, and ends of which the spoken protocol is known.
pub(super) const MOST_ANNOUNCED: usize = 1 << 14;

/// The maximum number of ends and hosts with facts. A conversation needs facts on both ends, and on the host of one of
/// them that it shows to offer services.
const fn most_ends(conversations: usize) -> usize {
    conversations.saturating_mul(3).saturating_add(2 * MOST_ANNOUNCED)
}

/// The maximum number of ends and hosts with more than 255 peers. Each has at least 256 conversations, and each
/// conversation counts for at most three of them.
const fn most_with_extra_peers(conversations: usize) -> usize {
    conversations.saturating_mul(3) / 256
}

/// The most IPv6 addresses that are told apart.
const fn most_addresses(conversations: usize) -> usize {
    conversations.saturating_mul(2).saturating_add(4 * MOST_ANNOUNCED)
}

/// The maximum of [`Ends::len`] with at most `conversations` conversations.
pub(super) const fn facts_limit(conversations: usize) -> usize {
    most_ends(conversations) + most_addresses(conversations) + 5 * MOST_ANNOUNCED
}

/// How SCTP's handshakes list an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListedAs {
    /// As an address of the sender of an INIT.
    Client,
    /// As an address of the sender of an INIT ACK.
    Server,
    /// As both: handshakes contradict each other, or the INITs of both ends crossed.
    Both,
}

/// Whether a verdict that calls an end with this port the client can be final. An end with a system port often accepts for
/// the first time after other conversations with it have begun. If a verdict on one of these were final, it would have to be
/// withdrawn, and with it all that the cache knows.
pub(super) fn can_be_final_client(port: u16) -> bool {
    port > HIGHEST_SYSTEM
}

/// The ends and hosts of a capture file.
#[derive(Debug)]
pub(super) struct Ends {
    hasher: Keyed,
    facts: Table<EndFacts>,
    /// How many peers an end has beyond the 255 that its facts can count.
    extra_peers: HashMap<EndKey, u32, Keyed>,
    /// The ports that hosts connect from.
    ranges: Ranges,
    v6: Addresses,
    /// Listening ends that others agreed on.
    agreed: Announced,
    /// Ends that data will be sent to from a new port.
    data_requests: Announced,
    /// Ends that SCTP's handshakes list, of the client or of the server.
    listed: Announced<ListedAs>,
    /// The protocol (the host's id) that is spoken with ends whose own port is not registered for it.
    spoken: Announced<i32>,
}

impl Default for Ends {
    fn default() -> Self {
        Self {
            hasher: Keyed::default(),
            facts: Table::default(),
            extra_peers: HashMap::default(),
            ranges: Ranges::with_limit(MOST_ANNOUNCED),
            v6: Addresses::default(),
            agreed: Announced::with_limit(
                MOST_ANNOUNCED,
                "listeners that ends agreed on: the first of them are forgotten; their connections are judged by other \
                 evidence alone, and their ports keep wrong names",
            ),
            data_requests: Announced::with_limit(
                MOST_ANNOUNCED,
                "ends that asked for data from a new port: the first of them are forgotten; their conversations are judged \
                 by other evidence alone",
            ),
            listed: Announced::with_limit(
                MOST_ANNOUNCED,
                "addresses that SCTP's handshakes list: the first of them are forgotten; conversations of these are \
                 judged by other evidence alone",
            ),
            spoken: Announced::with_limit(
                MOST_ANNOUNCED,
                "ends that speak what their port does not stand for: the first of them are forgotten; their service is \
                 named by the port alone, unless the conversation itself shows it",
            ),
        }
    }
}

/// What is kept, and for how long.
impl Ends {
    /// How many facts are kept: on ends, hosts and addresses.
    pub(super) fn len(&self) -> usize {
        let announced = self.agreed.len() + self.data_requests.len() + self.listed.len() + self.spoken.len();
        self.facts.len() + self.v6.len() + self.ranges.len() + announced
    }

    /// How many entries of each kind are kept, and the limit of each with at most `conversations` conversations.
    pub(super) fn table_use(&self, conversations: usize) -> [TableUse; 7] {
        let table = |what, count, at_most| TableUse { what, count, at_most };
        [
            table("facts about ends and hosts", self.facts.len(), most_ends(conversations)),
            table(
                "ends that talk to more than 255 others",
                self.extra_peers.len(),
                most_with_extra_peers(conversations),
            ),
            table("IPv6 addresses", self.v6.len(), most_addresses(conversations)),
            table(
                "listeners agreed on, and ends that asked for data",
                self.agreed.len() + self.data_requests.len(),
                2 * MOST_ANNOUNCED,
            ),
            table("addresses that SCTP's handshakes list", self.listed.len(), MOST_ANNOUNCED),
            table("ends that speak what their port does not stand for", self.spoken.len(), MOST_ANNOUNCED),
            table("hosts of which the clients' ports are known", self.ranges.len(), MOST_ANNOUNCED),
        ]
    }

    /// Returns the end's key. An IPv6 address without a number gets one, and then the caller must hold it
    /// ([`Self::retain_address`]).
    #[inline(always)]
    pub(super) fn intern(&mut self, transport: Transport, end: End) -> EndKey {
        match end.bits() {
            Bits::V4(address) => EndKey::v4(transport, address, end.port),
            Bits::V6(address) => EndKey::v6(transport, self.v6.find_or_add(address), end.port),
        }
    }

    /// Returns the end's key, or `None` if its IPv6 address has no number, so that nothing is kept of it.
    #[inline]
    pub(super) fn key_of(&self, transport: Transport, end: End) -> Option<EndKey> {
        Some(match end.bits() {
            Bits::V4(address) => EndKey::v4(transport, address, end.port),
            Bits::V6(address) => EndKey::v6(transport, self.v6.find(address)?, end.port),
        })
    }

    /// Adds a reference to the end's IPv6 address, if it has one.
    pub(super) fn retain_address(&mut self, end: EndKey) {
        if let Err(number) = end.address() {
            self.v6.retain(number);
        }
    }

    /// Removes a reference to the end's IPv6 address, which may free its number.
    pub(super) fn release_address(&mut self, end: EndKey) {
        if let Err(number) = end.address() {
            self.v6.release(number);
        }
    }

    /// Counts another peer of an end. Records whether the peers share a port or host, or are in sequence, and whether
    /// the end spoke first.
    pub(super) fn record_peer(&mut self, end: EndKey, peer: EndKey, speaks_first: bool) {
        self.add_peer(end);
        self.facts_mut(end).record_peer(peer, speaks_first);
    }

    fn add_peer(&mut self, end: EndKey) {
        if !self.facts_mut(end).add_peer() {
            *self.extra_peers.entry(end).or_default() += 1;
        }
    }

    /// Removes one peer from an end's count.
    pub(super) fn remove_peer(&mut self, end: EndKey) {
        match self.extra_peers.get_mut(&end) {
            Some(1) => drop(self.extra_peers.remove(&end)),
            Some(more) => *more -= 1,
            None => self.change_facts(end, EndFacts::remove_peer),
        }
    }

    /// Changes what is known about an end, and forgets the end if nothing is left.
    fn change_facts(&mut self, end: EndKey, change: impl FnOnce(&mut EndFacts)) {
        if let Some(mut entry) = self.facts.find_entry(self.hasher.hash_one(end), |facts| facts.key() == end) {
            change(entry.get_mut());
            if entry.get().is_removable() {
                entry.remove();
                self.spoken.remove(end);
            }
        }
    }

    fn facts_mut(&mut self, end: EndKey) -> &mut EndFacts {
        let hasher = &self.hasher;
        let hash = |facts: &EndFacts| hasher.hash_one(facts.key());
        let entry = self.facts.entry(hasher.hash_one(end), |facts| facts.key() == end, hash);
        entry.or_insert(EndFacts::new(end)).into_mut()
    }
}

/// Facts learned from packets.
impl Ends {
    /// What is known about an end; `None` once it is forgotten.
    pub(super) fn facts(&self, end: EndKey) -> Option<EndFacts> {
        self.facts.find(self.hasher.hash_one(end), |facts| facts.key() == end).copied()
    }

    /// The end with this key, which has a conversation that is kept.
    pub(super) fn end_of(&self, key: EndKey) -> End {
        match key.address() {
            Ok(v4) => End::v4(v4.to_be_bytes(), key.port()),
            Err(number) => End::v6(self.v6.get(number).to_be_bytes(), key.port()),
        }
    }

    /// Records the client and server that a handshake showed. Returns whether that could change a final verdict on
    /// another conversation.
    pub(super) fn record_opened(&mut self, client: EndKey, server: EndKey) -> bool {
        let opens_elsewhere = self.facts_mut(client).mark(EndFacts::OPENED_FROM);
        let accepts_elsewhere = self.facts_mut(server).mark(EndFacts::OPENED_TO);
        opens_elsewhere || accepts_elsewhere && can_be_final_client(server.port())
    }

    /// The ports that an end's host connects from, as handshakes of TCP show.
    pub(super) fn connects_from(&self, end: EndKey) -> Option<PortRange> {
        self.ranges.get(end.host_over_tcp())
    }

    /// Records that a handshake was answered, so the client's host connects from this port. Call once per conversation.
    pub(super) fn record_connected(&mut self, client: EndKey) {
        self.learn_range(client, PortRange::connected_from(client.port()));
    }

    /// Records a SYN that may stay unanswered. It counts only if the host is known to connect or to offer services:
    /// other source addresses may be forged, as in a flood.
    pub(super) fn record_tried(&mut self, client: EndKey) {
        let is_known = self.connects_from(client).is_some();
        if is_known || self.facts(client.host()).is_some_and(EndFacts::offers_services) {
            self.learn_range(client, PortRange::tried_from(client.port()));
        }
    }

    fn learn_range(&mut self, client: EndKey, shown: PortRange) {
        if client.port() <= HIGHEST_SYSTEM {
            return;
        }
        let host = client.host_over_tcp();
        let (is_new, forgotten) = self.ranges.add(host, shown);
        if is_new {
            self.retain_address(host);
        }
        if let Some(forgotten) = forgotten {
            self.release_address(forgotten);
        }
    }

    /// Records that a host offers services, for the sake of one more conversation.
    pub(super) fn record_serving(&mut self, host: EndKey) {
        self.add_peer(host);
        self.facts_mut(host).mark_serving();
    }

    /// Records that an end's socket was bound to its port on purpose.
    pub(super) fn record_deliberate_port(&mut self, end: EndKey) {
        self.facts_mut(end).mark_deliberate_port();
    }

    /// Records that `end` will listen, as agreed on in `frame`.
    pub(super) fn record_agreed(&mut self, transport: Transport, end: End, frame: u32) {
        let end = self.intern(transport, end);
        let (is_new, oldest) = self.agreed.insert(end, frame, ());
        self.record_announced(end, is_new, oldest, EndFacts::AGREED);
    }

    /// Records that `end` asked, in `frame`, for data that will come from a new port. Returns whether that is new to other
    /// conversations.
    pub(super) fn record_data_request(&mut self, end: EndKey, frame: u32) -> bool {
        let (is_new, oldest) = self.data_requests.insert(end, frame, ());
        self.record_announced(end, is_new, oldest, EndFacts::DATA_REQUESTED)
    }

    /// Sets `bit` for an announced end, and clears it for the end that was removed to make room. Returns whether that
    /// can change verdicts on other conversations of the announced end.
    fn record_announced(&mut self, end: EndKey, is_new: bool, oldest: Option<EndKey>, bit: u64) -> bool {
        if is_new {
            self.retain_address(end);
        }
        let is_news = self.facts_mut(end).mark(bit);
        if let Some(oldest) = oldest {
            self.change_facts(oldest, |facts| facts.unmark(bit));
            self.release_address(oldest);
        }
        is_news
    }

    /// Records that an SCTP handshake in `frame` lists an end. Returns whether that can change verdicts on
    /// conversations that the end already has.
    pub(super) fn record_listed(&mut self, end: End, listed_as: ListedAs, frame: u32) -> bool {
        let end = self.intern(Transport::Sctp, end);
        let before = self.listed.get(end);
        let now = match before {
            Some(before) if before != listed_as => ListedAs::Both,
            _ => listed_as,
        };
        if before == Some(now) {
            return false;
        }
        let (is_new, oldest) = self.listed.insert(end, frame, now);
        if is_new {
            self.retain_address(end);
        }
        if let Some(oldest) = oldest {
            self.release_address(oldest);
        }
        self.facts(end).is_some()
    }

    /// Returns how SCTP's handshakes list an end, and the frame of the handshake that first did. For
    /// [`ListedAs::Both`], it is the frame of the first that contradicts an earlier one.
    pub(super) fn listed_as(&self, end: EndKey) -> Option<(ListedAs, u32)> {
        self.listed.get(end).zip(self.listed.frame(end))
    }

    /// Records that a protocol (the host's id) was dissected in a conversation whose server may be this end. If the
    /// end's own port is registered for it, the entry is removed instead.
    pub(super) fn record_protocol(&mut self, end: EndKey, frame: u32, protocol: i32, is_by_own_port: bool) {
        if is_by_own_port {
            self.spoken.remove(end);
        } else if self.spoken.get(end).is_none() {
            self.spoken.insert(end, frame, protocol);
        }
    }

    /// Returns the protocol recorded for an end (the host's id): the first that was dissected without being the one
    /// that the end's port is registered for, since the entry was last removed.
    pub(super) fn protocol_of(&self, end: EndKey) -> Option<i32> {
        self.spoken.get(end)
    }

    /// The frame in which `end` asked for data that comes from a new port.
    pub(super) fn data_request_frame(&self, end: EndKey) -> Option<u32> {
        self.data_requests.frame(end)
    }

    /// The frame in which it was agreed that `end` listens.
    pub(super) fn agreement_frame(&self, end: EndKey) -> Option<u32> {
        self.agreed.frame(end)
    }
}

#[cfg(test)]
impl Ends {
    /// The number of entries: ends and hosts, IPv6 addresses, ends with more peers than their facts count, and ends with a
    /// known protocol.
    pub(super) fn counts(&self) -> [usize; 4] {
        [self.facts.len(), self.v6.len(), self.extra_peers.len(), self.spoken.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sizes that SAFETY.md states.
    #[test]
    fn facts_are_small() {
        assert_eq!((size_of::<EndFacts>(), size_of::<(EndKey, u32)>()), (16, 16));
    }

    #[test]
    fn of_what_was_announced_the_latest_is_kept() {
        let mut ends = Ends::default();
        let end = |number: u32| End::new(std::net::Ipv6Addr::from(u128::from(number)), 5001);
        for number in 0..3 * MOST_ANNOUNCED as u32 {
            ends.record_agreed(Transport::Tcp, end(number), number);
            ends.record_listed(end(number), ListedAs::Client, number);
            let key = ends.key_of(Transport::Tcp, end(number)).unwrap();
            assert_eq!(ends.agreement_frame(key), Some(number));
            let listed = ends.key_of(Transport::Sctp, end(number)).and_then(|key| ends.listed_as(key));
            assert_eq!(listed, Some((ListedAs::Client, number)));
        }
        assert_eq!(ends.len(), 4 * MOST_ANNOUNCED, "numbers, facts and frames");
        let kept = |number| ends.key_of(Transport::Tcp, end(number)).is_some();
        let first = 2 * MOST_ANNOUNCED as u32;
        assert!(kept(first) && !kept(first - 1));
    }

    #[test]
    fn of_hosts_that_connect_those_that_did_last_are_known() {
        let mut ends = Ends::default();
        let end = |host: u32, port| End::new(std::net::Ipv6Addr::from(u128::from(host) << 64), port);
        let connect = |ends: &mut Ends, host| {
            let client = ends.intern(Transport::Tcp, end(host, 40_000));
            ends.record_connected(client);
        };
        let is_known = |ends: &Ends, host| {
            let client = ends.key_of(Transport::Tcp, end(host, 40_000));
            client.is_some_and(|client| ends.connects_from(client).is_some())
        };
        let accepts = ends.intern(Transport::Tcp, end(1, 80));
        ends.facts_mut(accepts.host()).mark_serving();
        let tries = ends.intern(Transport::Tcp, end(1, 40_000));
        ends.record_tried(tries);
        for host in 2..=MOST_ANNOUNCED as u32 {
            connect(&mut ends, host);
        }
        connect(&mut ends, 2);
        assert!(is_known(&ends, 1));
        for host in [0x1000_0000, 0x1000_0001] {
            connect(&mut ends, host);
            assert!(is_known(&ends, host));
        }
        let known = [1, 2, 3, 4].map(|host| is_known(&ends, host));
        assert_eq!(known, [false, true, false, true], "first the host that only tried, then the oldest");
        for host in 0x2000_0000..0x2000_0000 + 2 * MOST_ANNOUNCED as u32 {
            connect(&mut ends, host);
        }
        assert_eq!((ends.ranges.len(), ends.v6.len()), (MOST_ANNOUNCED, MOST_ANNOUNCED));
    }
}
