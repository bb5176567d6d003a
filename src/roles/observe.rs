// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Records what a packet shows about its conversation, the handshake and both ends.
//!
//! [`RoleTracker::observe_and`] takes any packet. [`RoleTracker::observe_by_cache`] is the fast path, for packets of
//! cached conversations in which at most the payload can show something new.

use super::cache::CacheHit;
use super::conversation::{Conversation, SeenSign, Start};
use super::ends::ListedAs;
use super::evidence::{agreed, listed};
use super::handshake::{Connection, Opening};
use super::place::Place;
use super::{RoleTracker, payload, ports};
use crate::packet::{End, Flags, Segment, Side, TcpFields, Transport};

impl RoleTracker {
    /// Records a new packet and returns its place. Frames must come in the order of their numbers.
    ///
    /// A header that an ICMP error quotes is not evidence: its conversation is only looked up.
    pub fn observe(&mut self, frame: u32, segment: &Segment<'_>) -> Option<Place> {
        self.observe_and(frame, segment, |_| ())
    }

    /// Like [`Self::observe`], and calls `learn` to add what only the caller knows about the conversation. `learn` is
    /// not called for a quoted header.
    #[inline(always)]
    pub fn observe_and(
        &mut self,
        frame: u32,
        segment: &Segment<'_>,
        learn: impl FnOnce(&mut Conversation),
    ) -> Option<Place> {
        if segment.quoted {
            return self.find(frame, segment);
        }
        let hit = self.cached(segment);
        let (mut place, fresh) = match hit {
            Some(hit) => (hit.place(), false),
            None => self.conversations.find_or_start(frame, segment.transport, segment.source, segment.destination),
        };
        if fresh {
            self.begin(place, segment);
        }
        let entered = place;
        let awaits_confirmation = self.conversation(place).handshake.awaits_confirmation();
        if let Some(tcp) = segment.tcp.filter(|tcp| awaits_confirmation || tcp.flags.opens_or_ends()) {
            place = self.observe_handshake(place, &tcp, frame, fresh);
            if segment.transport == Transport::Sctp && tcp.flags.any(Flags::SYN) {
                self.learn_addresses(place, segment, &tcp, frame);
            }
        }
        // While a handshake is unconfirmed, any packet may confirm it, so none may take the fast path.
        let awaits_confirmation = self.conversation(place).handshake.awaits_confirmation();
        if place != entered || awaits_confirmation {
            self.cache.forget(segment);
        }
        if segment.transport == Transport::Tcp {
            if let Some(listener) = agreed::ftp(segment.payload, segment.source) {
                self.conversations.ends.record_agreed(segment.transport, listener, frame);
                self.cache.forget_all();
            }
        }
        let conversation = self.conversations.get_mut(place.conversation);
        if !segment.payload.is_empty() && conversation.awaits_signs() {
            let sign = look_for_sign(conversation, place.sender, segment.transport, segment.payload, frame);
            conversation.forms = conversation.forms_with(segment.payload);
            if conversation.record_payload(place.sender, sign) {
                self.learn_of_ends(place, segment.payload);
            }
        }
        let conversation = self.conversations.get_mut(place.conversation);
        let before = conversation.dissected;
        learn(conversation);
        if conversation.dissected != before {
            self.conversations.record_dissected(place.conversation, frame);
        }
        self.conversations.record_use(place.conversation);
        let conversation = self.conversations.get(place.conversation);
        if !awaits_confirmation && !hit.is_some_and(|hit| hit.place() == place && hit.is_up_to_date(conversation)) {
            self.cache.record(segment, place, conversation, fresh);
            if self.cache.is_crowded(self.conversations.len()) {
                self.cache.grow();
            }
        }
        Some(place)
    }

    /// Records a new packet of a cached conversation if at most its payload can show something new about the roles.
    ///
    /// Returns `false`, and changes nothing, if the packet needs [`Self::observe_and`]. `protocol` returns the protocol
    /// that was dissected on top of the transport.
    #[inline(always)]
    pub fn observe_by_cache(
        &mut self,
        frame: u32,
        hit: CacheHit,
        segment: &Segment<'_>,
        protocol: impl FnOnce() -> Option<i32>,
    ) -> bool {
        let observed = self.try_observe_by_cache(frame, hit, segment, protocol);
        if observed && self.conversations.tracks_use() {
            self.conversations.record_use(hit.place().conversation);
        }
        observed
    }

    #[inline(always)]
    fn try_observe_by_cache(
        &mut self,
        frame: u32,
        hit: CacheHit,
        segment: &Segment<'_>,
        protocol: impl FnOnce() -> Option<i32>,
    ) -> bool {
        let has_handshake = segment.transport.has_handshake();
        if has_handshake && segment.tcp.is_none_or(|tcp| tcp.flags.opens_or_ends()) {
            return false;
        }
        if segment.payload.is_empty() {
            return true;
        }
        if has_handshake && agreed::may_be_ftp(segment.payload) {
            return false;
        }
        if hit.awaits_nothing() {
            return true;
        }
        if hit.awaits_protocol_only() {
            return protocol().is_none_or(|protocol| protocol == self.conversation(hit.place()).dissected);
        }
        self.observe_payload_by_cache(frame, hit, segment.transport, segment.payload, protocol)
    }

    /// The part of [`Self::observe_by_cache`] that searches the payload. It takes no `&Segment`, so that the caller can
    /// keep the segment in registers.
    #[inline(never)]
    fn observe_payload_by_cache(
        &mut self,
        frame: u32,
        hit: CacheHit,
        transport: Transport,
        payload: &[u8],
        protocol: impl FnOnce() -> Option<i32>,
    ) -> bool {
        let place = hit.place();
        let conversation = self.conversations.get_mut(place.conversation);
        if conversation.may_learn_protocol() && protocol().is_some_and(|protocol| protocol != conversation.dissected) {
            return false;
        }
        if !conversation.awaits_signs() {
            return true;
        }
        let sign = look_for_sign(conversation, place.sender, transport, payload, frame);
        let forms = conversation.forms_with(payload);
        if (sign.is_some() || forms != conversation.forms) && hit.is_unremarkable() {
            return false;
        }
        conversation.forms = forms;
        let is_first_sign = conversation.record_payload(place.sender, sign);
        if !conversation.awaits_signs() {
            self.cache.update(hit, conversation);
        }
        if is_first_sign {
            self.learn_of_ends(place, payload);
        }
        true
    }

    #[cold]
    fn begin(&mut self, place: Place, segment: &Segment<'_>) {
        // SCTP has no equivalent: either end may be the first to send a HEARTBEAT or a SACK.
        let acknowledges = segment.transport != Transport::Sctp;
        let bare = |tcp: &TcpFields| acknowledges && tcp.flags.any(Flags::ACK) && !tcp.flags.opens_or_ends();
        let conversation = self.conversation_mut(place);
        conversation.start = match &segment.tcp {
            Some(tcp) if tcp.flags.any(Flags::FIN | Flags::RST) => Start::End,
            Some(tcp) if segment.payload.is_empty() && bare(tcp) => Start::BareAck,
            _ => Start::Other,
        };
        let (low, high) = (conversation.end(Side::Low), conversation.end(Side::High));
        if low.port() == high.port() {
            self.conversations.ends.record_deliberate_port(low);
            self.conversations.ends.record_deliberate_port(high);
            return;
        }
        let conversation = self.conversation(place);
        if let Some(server) =
            ports::system_side(conversation.end(Side::Low).port(), conversation.end(Side::High).port())
        {
            self.conversations.record_serving(place.conversation, server);
        }
    }

    /// Records what the first sign in a payload shows about both ends, over UDP.
    #[cold]
    fn learn_of_ends(&mut self, place: Place, payload: &[u8]) {
        let conversation = self.conversation(place);
        if conversation.end(Side::Low).transport().has_handshake() {
            return;
        }
        let Some(seen) = conversation.sign else { return };
        let (client, server) = (conversation.end(seen.client), conversation.end(seen.client.other()));
        if payload::is_answered_from_new_port(seen.sign)
            && self.conversations.ends.record_data_request(client, seen.frame)
        {
            self.cache.forget_all();
        }
        if seen.sign.is_of(b"sip") && payload::sip_port(payload) == Some(client.port()) {
            self.conversations.ends.record_deliberate_port(client);
        }
        self.conversations.ends.record_deliberate_port(server);
    }

    /// What an INIT or INIT ACK of SCTP says of the sender's other addresses.
    #[cold]
    fn learn_addresses(&mut self, place: Place, segment: &Segment<'_>, tcp: &TcpFields, frame: u32) {
        let listed_as = if tcp.flags.is_syn() { ListedAs::Client } else { ListedAs::Server };
        let opener = self.conversation(place).handshake.opening().map(|(opener, ..)| opener);
        let is_of_other_role = |opener| (place.sender == opener) != (listed_as == ListedAs::Client);
        // It is forged, stray, or crossed the opener's INIT.
        if opener.is_some_and(is_of_other_role) {
            return;
        }
        let own = segment.source;
        for address in listed::addresses(segment.payload).filter(|address| *address != own.address()) {
            if self.conversations.ends.record_listed(End::new(address, own.port), listed_as, frame) {
                self.cache.forget_all();
            }
        }
    }

    #[cold]
    fn observe_handshake(&mut self, place: Place, tcp: &TcpFields, frame: u32, fresh: bool) -> Place {
        let (before, mut place) = (place, place);
        let was_answered = self.conversation(place).handshake.is_answered();
        let was_unanswered = self.conversation(place).handshake.is_unanswered();
        let handshake = &mut self.conversation_mut(place).handshake;
        if handshake.observe(place.sender, tcp, frame, fresh) == Connection::Next {
            place = self.conversations.start_next(frame, place);
            self.conversation_mut(place).handshake.observe(place.sender, tcp, frame, true);
        }
        let conversation = self.conversation(place);
        // A FIN without ACK is dropped (RFC 9293, section 3.10.7.4). Scanners send such segments.
        let closes = tcp.flags.any(Flags::FIN) && tcp.flags.any(Flags::ACK) && !tcp.flags.any(Flags::RST);
        let is_closed_by_other = closes && place.sender != conversation.first_sender;
        if is_closed_by_other && conversation.start == Start::BareAck {
            self.conversation_mut(place).start = Start::ConfirmedAck;
        }
        let conversation = self.conversation(place);
        let is_first_syn = conversation.handshake.is_unanswered() && (place != before || !was_unanswered);
        if is_first_syn {
            self.conversations.ends.record_tried(conversation.end(place.sender));
        }
        let conversation = self.conversation(place);
        let is_newly_answered = conversation.handshake.is_answered() && !was_answered;
        if is_newly_answered || tcp.flags.is_syn_ack() {
            if let Some((client, Opening::Syn | Opening::SynAck, _)) = conversation.handshake.opening() {
                let server = client.other();
                let ends = (conversation.end(client), conversation.end(server));
                if self.conversations.ends.record_opened(ends.0, ends.1) {
                    self.cache.forget_all();
                }
                self.conversations.record_serving(place.conversation, server);
                if is_newly_answered {
                    self.conversations.ends.record_connected(ends.0);
                }
            }
        }
        place
    }
}

/// Looks for a sign of a protocol in a payload. Returns the conversation's new sign, or `None` if it stays as it is.
#[inline(never)]
fn look_for_sign(
    conversation: &Conversation,
    sender: Side,
    transport: Transport,
    payload: &[u8],
    frame: u32,
) -> Option<SeenSign> {
    if conversation.is_marked_certainly() && !payload::may_be_certain(transport, payload) {
        return None;
    }
    conversation.with_sign(payload::sign(transport, payload)?, sender, frame)
}
