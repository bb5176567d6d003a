// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The state of one conversation.

use super::end_key::EndKey;
use super::forms::Forms;
use super::handshake::Handshake;
use super::idle::Queue;
use super::payload::{CERTAIN, Sign, Speaker, is_sent_between_peers};
use crate::packet::{Side, Sides};

/// The kind of a conversation's first packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// An ACK without data, SYN, FIN or RST.
    BareAck,
    /// A bare ACK, and the other end has closed the connection since. So it was not a probe.
    ConfirmedAck,
    /// A FIN or RST.
    End,
    /// Over UDP: a frame to the link layer's broadcast address.
    ToAll,
    /// Any other packet.
    Other,
}

/// A sign that was recognized in a payload of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct SeenSign {
    /// The sign.
    pub sign: &'static Sign,
    /// The end that is the client by this sign.
    pub client: Side,
    /// Whether another sign of the same strength says the opposite.
    pub disputed: bool,
    /// Whether the other end sent a sign for the same client.
    pub confirmed: bool,
    /// The frame of the payload.
    pub frame: u32,
}

/// The state of one conversation. There can be millions, so it fits into a cache line.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Conversation {
    low: EndKey,
    high: EndKey,
    first_frame: u32,
    /// The queue that this conversation is in.
    pub(super) queue: Queue,
    /// The end whose host counts as offering services because of this conversation.
    pub(super) shows_serving: Option<Side>,
    /// Who opened it.
    pub handshake: Handshake,
    /// The frame with the only note, if notes are added once per conversation; 0 if there is none yet.
    pub noted_frame: u32,
    /// The protocol dissected on top of the transport (Wireshark's id); 0 if there is none yet.
    pub dissected: i32,
    /// The sides for whose port that protocol's dissector is registered.
    pub dissected_by: Sides,
    /// Whether the first payloads have the format of the protocols that the ports are registered for.
    pub forms: Forms,
    /// [`Self::SHOWN`] and [`Self::BY_SERVER`].
    decoding: u8,
    /// The strongest sign in the payloads.
    pub sign: Option<SeenSign>,
    /// How many payloads were searched for signs. The highest bit is [`Self::ANSWERED`].
    payloads: u8,
    /// The sender of the first packet.
    pub first_sender: Side,
    /// The kind of the first packet.
    pub start: Start,
}

impl Conversation {
    /// A sign in a payload shows the protocol that was dissected.
    const SHOWN: u8 = 1;
    /// Wireshark was told to decode the conversation by its server's port.
    const BY_SERVER: u8 = 2;
    /// The end that did not speak first has sent one of the payloads searched.
    const ANSWERED: u8 = 0x80;

    /// Creates a conversation that begins in `frame`, about which nothing else is known.
    pub(super) fn new(pair: (EndKey, EndKey), frame: u32, first_sender: Side) -> Self {
        Self {
            low: pair.0,
            high: pair.1,
            first_frame: frame,
            queue: Queue::Exchange,
            shows_serving: None,
            handshake: Handshake::default(),
            noted_frame: 0,
            dissected: 0,
            dissected_by: Sides::default(),
            forms: Forms::default(),
            decoding: 0,
            sign: None,
            payloads: 0,
            first_sender,
            start: Start::Other,
        }
    }

    /// Whether a sign in a payload shows the protocol that was dissected, whichever port selected the dissector.
    ///
    /// If the client is known by the handshake, payloads are searched for this only if the dissector is registered for
    /// the client's port and not for the server's.
    pub fn is_protocol_shown(&self) -> bool {
        self.decoding & Self::SHOWN != 0
    }

    /// Whether the plugin has the conversation decoded by the server's port. The dissector is then no evidence for what
    /// the ports are used for.
    pub fn is_decoded_by_server(&self) -> bool {
        self.decoding & Self::BY_SERVER != 0
    }

    /// Returns how many payloads were searched for signs.
    pub fn payloads(&self) -> u8 {
        self.payloads & !Self::ANSWERED
    }

    /// Whether the end that did not speak first has sent one of the payloads searched.
    pub fn is_answered(&self) -> bool {
        self.payloads & Self::ANSWERED != 0
    }

    /// Returns the frame of the first packet.
    pub fn first_frame(&self) -> u32 {
        self.first_frame
    }

    /// Returns the end on a side.
    pub fn end(&self, side: Side) -> EndKey {
        match side {
            Side::Low => self.low,
            Side::High => self.high,
        }
    }

    /// Whether [`Self::record_protocol`] can still change anything.
    #[inline(always)]
    pub fn may_learn_protocol(&self) -> bool {
        self.dissected_by.is_empty()
    }

    /// Whether the next payload is searched for signs that tell client from server. It is not if the handshake has
    /// shown the opener, if enough payloads were searched, or if two signs of the greatest strength contradict each
    /// other.
    #[inline]
    pub fn awaits_signs(&self) -> bool {
        /// The maximum number of payloads of a conversation that are searched.
        const MAX_PAYLOADS: u8 = 64;
        let is_undecidable = || self.sign.is_some_and(|seen| seen.disputed) && self.is_marked_certainly();
        self.payloads() < MAX_PAYLOADS && self.handshake.opening().is_none() && !is_undecidable()
    }

    /// Whether the conversation's sign has the greatest strength. Only another sign of that strength can then change
    /// anything.
    pub fn is_marked_certainly(&self) -> bool {
        self.sign.is_some_and(|seen| seen.sign.strength >= CERTAIN)
    }

    /// Whether both ends sent a request that peers send to each other, so each had told the other its port.
    pub fn is_between_peers(&self) -> bool {
        self.sign.is_some_and(|seen| seen.disputed && is_sent_between_peers(seen.sign))
    }

    /// Records a protocol that was dissected. One that a port is registered for replaces one that is not.
    ///
    /// `is_registered` returns whether a port is registered for the protocol. `find_sign` searches the payload.
    /// `is_of_protocol` returns whether a sign belongs to the protocol.
    pub fn record_protocol(
        &mut self,
        protocol: i32,
        is_registered: impl Fn(u16) -> bool,
        find_sign: impl FnOnce() -> Option<&'static Sign>,
        is_of_protocol: impl FnOnce(&Sign) -> bool,
    ) {
        let by = Sides::those(|side| is_registered(self.end(side).port()));
        if self.dissected != 0 && (!self.dissected_by.is_empty() || by.is_empty()) {
            return;
        }
        self.dissected = protocol;
        self.dissected_by = by;
        let sign = match self.handshake.opening() {
            // The payload was not searched for signs. A search takes long, so it is done only if its result matters.
            Some((client, _, _)) if by.has(client) && !by.has(client.other()) => find_sign(),
            Some(_) => None,
            None => self.sign.map(|seen| seen.sign),
        };
        let shown = if sign.is_some_and(is_of_protocol) { Self::SHOWN } else { 0 };
        self.decoding = self.decoding & Self::BY_SERVER | shown;
    }

    /// Records that the conversation is decoded by the server's port from now on, and discards the protocol that the
    /// client's port selected.
    pub fn record_decoding_by_server(&mut self) {
        self.dissected = 0;
        self.dissected_by = Sides::default();
        self.decoding = Self::BY_SERVER;
    }

    /// Returns the forms with one more payload taken into account. Only payloads over UDP count, and only the first
    /// ones.
    #[inline]
    pub fn forms_with(&self, payload: &[u8]) -> Forms {
        /// The maximum number of payloads of a conversation that count.
        const MAX_PAYLOADS: u8 = 4;
        if self.low.transport().has_handshake() || self.payloads() >= MAX_PAYLOADS {
            return self.forms;
        }
        self.forms.with([self.low.port(), self.high.port()], payload)
    }

    /// Counts a payload that was searched for signs, and stores `sign`, the result of [`Self::with_sign`], if it is
    /// `Some`. Returns whether this is the conversation's first sign.
    #[inline]
    pub fn record_payload(&mut self, sender: Side, sign: Option<SeenSign>) -> bool {
        self.payloads += 1;
        if sender != self.first_sender {
            self.payloads |= Self::ANSWERED;
        }
        let is_first = self.sign.is_none() && sign.is_some();
        if sign.is_some() {
            self.sign = sign;
        }
        is_first
    }

    /// Returns the conversation's strongest sign with one more taken into account, which was in a payload of `sender`.
    /// Returns `None` if that changes nothing.
    pub fn with_sign(&self, sign: &'static Sign, sender: Side, frame: u32) -> Option<SeenSign> {
        let client = match sign.speaker {
            Speaker::Client => sender,
            Speaker::Server => sender.other(),
        };
        let new = SeenSign { sign, client, disputed: false, confirmed: false, frame };
        let Some(seen) = self.sign else { return Some(new) };
        let is_stronger = sign.strength > seen.sign.strength;
        if seen.client != client {
            let disputes = sign.strength == seen.sign.strength && !seen.disputed;
            return is_stronger.then_some(new).or(disputes.then_some(SeenSign { disputed: true, ..seen }));
        }
        let confirmed = seen.confirmed || sign.speaker != seen.sign.speaker;
        if is_stronger {
            return Some(SeenSign { confirmed, ..new });
        }
        (confirmed != seen.confirmed).then_some(SeenSign { confirmed, ..seen })
    }

    /// Returns the queue that the conversation belongs to by its present state.
    pub(super) fn queue_by_state(&self) -> Queue {
        if self.handshake.is_unanswered() && self.sign.is_none() && self.dissected == 0 {
            Queue::Attempt
        } else {
            Queue::Exchange
        }
    }

    /// Returns both ends, the low one first.
    pub(super) fn pair(&self) -> (EndKey, EndKey) {
        (self.low, self.high)
    }

    /// Whether the conversation has these ends.
    pub(super) fn has_ends(&self, pair: (EndKey, EndKey)) -> bool {
        self.pair() == pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_fits_into_a_cache_line() {
        assert_eq!(size_of::<Conversation>(), 64);
    }
}
