// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is known about one conversation.

use super::end_key::EndKey;
use super::forms::Forms;
use super::handshake::Handshake;
use super::idle::Worth;
use super::payload::{CERTAIN, Sign, Speaker, is_asked_by_peers};
use crate::packet::{Side, Sides};

/// How a conversation's first packet looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It acknowledges, and carries neither data nor SYN.
    BareAck,
    /// The same, and the other end has closed the connection since: it was no probe.
    ConfirmedAck,
    /// It ends the connection: a FIN or RST.
    End,
    /// The link sent it to everybody, over UDP.
    ToAll,
    /// None of these.
    Other,
}

/// A recognized payload, and where it was.
#[derive(Clone, Copy, Debug)]
pub struct SeenSign {
    /// What was recognized.
    pub sign: &'static Sign,
    /// Which end that makes the client.
    pub client: Side,
    /// Whether another sign says the opposite.
    pub disputed: bool,
    /// Whether the other end sent one that says the same.
    pub confirmed: bool,
    /// The frame it was in.
    pub frame: u32,
}

/// What is known about one conversation: a cache line, as there can be millions.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Conversation {
    low: EndKey,
    high: EndKey,
    first_frame: u32,
    /// In which queue to be forgotten it is.
    pub(super) queue: Worth,
    /// Of which end the host is kept as offering services for its sake.
    pub(super) shows_serving: Option<Side>,
    /// Who opened it.
    pub handshake: Handshake,
    /// The frame that carries its only note, if notes are given once a conversation; 0: none yet.
    pub noted_frame: u32,
    /// The protocol dissected on top of its transport (the host's id); 0: none yet.
    pub dissected: i32,
    /// For which of its ports that protocol's dissector is registered.
    pub dissected_by: Sides,
    /// Whether its first payloads look like what its ports stand for.
    pub forms: Forms,
    /// [`Self::SHOWN`] and [`Self::BY_SERVER`].
    decoding: u8,
    /// The strongest sign in its payload.
    pub sign: Option<SeenSign>,
    /// How many of its payloads were searched for signs; above, [`Self::ANSWERED`].
    payloads: u8,
    /// Who sent its first packet.
    pub first_sender: Side,
    /// What that packet was.
    pub start: Start,
}

impl Conversation {
    /// A payload shows the protocol that was dissected.
    const SHOWN: u8 = 1;
    /// The host was told to decode it by its server's port.
    const BY_SERVER: u8 = 2;
    /// The end that did not speak first has sent one of the payloads searched.
    const ANSWERED: u8 = 0x80;

    /// A conversation that begins in `frame`; nothing else is known about it.
    pub(super) fn new(pair: (EndKey, EndKey), frame: u32, first_sender: Side) -> Self {
        Self {
            low: pair.0,
            high: pair.1,
            first_frame: frame,
            queue: Worth::Exchange,
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

    /// Whether a payload shows the protocol that was dissected, whichever port chose the dissector. It is not asked where
    /// the server's port stands for the protocol.
    pub fn is_protocol_shown(&self) -> bool {
        self.decoding & Self::SHOWN != 0
    }

    /// Whether it is decoded by the server's port: what was dissected since says nothing about the ports.
    pub fn is_by_server(&self) -> bool {
        self.decoding & Self::BY_SERVER != 0
    }

    /// How many of its payloads were searched for signs.
    pub fn payloads(&self) -> u8 {
        self.payloads & !Self::ANSWERED
    }

    /// Whether the end that did not speak first has sent one of these payloads.
    pub fn is_answered(&self) -> bool {
        self.payloads & Self::ANSWERED != 0
    }

    /// The frame of its first packet.
    pub fn first_frame(&self) -> u32 {
        self.first_frame
    }

    /// The end on a side.
    pub fn end(&self, side: Side) -> EndKey {
        match side {
            Side::Low => self.low,
            Side::High => self.high,
        }
    }

    /// Whether [`Self::record_protocol`] can tell more about the protocol than is known.
    #[inline(always)]
    pub fn may_learn_protocol(&self) -> bool {
        self.dissected_by.is_empty()
    }

    /// Whether another payload can still tell client from server: not once the handshake did, nor after so many
    /// payloads, nor where two signs contradict each other than which there are no stronger ones.
    #[inline]
    pub fn awaits_signs(&self) -> bool {
        /// How many payloads of a conversation are searched.
        const LOOKED_AT: u8 = 64;
        let is_undecidable = || self.sign.is_some_and(|seen| seen.disputed) && self.is_marked_certainly();
        self.payloads() < LOOKED_AT && self.handshake.opening().is_none() && !is_undecidable()
    }

    /// Whether only a sign of the same strength, which is the greatest, can still change what its payloads say.
    pub fn is_marked_certainly(&self) -> bool {
        self.sign.is_some_and(|seen| seen.sign.strength >= CERTAIN)
    }

    /// Whether both ends sent the other what peers send: each had told the other its port.
    pub fn is_between_peers(&self) -> bool {
        self.sign.is_some_and(|seen| seen.disputed && is_asked_by_peers(seen.sign))
    }

    /// Takes note of a protocol that was dissected. What a port stands for outweighs what was guessed once. `find_sign`
    /// searches the payload; `is_of_protocol` says whether a sign is one of the protocol.
    pub fn record_protocol(
        &mut self,
        protocol: i32,
        stands_for: impl Fn(u16) -> bool,
        find_sign: impl FnOnce() -> Option<&'static Sign>,
        is_of_protocol: impl FnOnce(&Sign) -> bool,
    ) {
        let by = Sides::those(|side| stands_for(self.end(side).port()));
        if self.dissected != 0 && (!self.dissected_by.is_empty() || by.is_empty()) {
            return;
        }
        self.dissected = protocol;
        self.dissected_by = by;
        let sign = match self.handshake.opening() {
            // Payloads are not searched then, and it takes long, so only where it matters.
            Some((client, _, _)) if by.has(client) && !by.has(client.other()) => find_sign(),
            Some(_) => None,
            None => self.sign.map(|seen| seen.sign),
        };
        let shown = if sign.is_some_and(is_of_protocol) { Self::SHOWN } else { 0 };
        self.decoding = self.decoding & Self::BY_SERVER | shown;
    }

    /// From now on it is decoded by the server's port: what was dissected by the client's is forgotten.
    pub fn decode_by_server(&mut self) {
        self.dissected = 0;
        self.dissected_by = Sides::default();
        self.decoding = Self::BY_SERVER;
    }

    /// What its forms are with one more payload, over UDP.
    #[inline]
    pub fn forms_with(&self, payload: &[u8]) -> Forms {
        /// How many payloads of a conversation are looked at.
        const LOOKED_AT: u8 = 4;
        if self.low.transport().has_handshake() || self.payloads() >= LOOKED_AT {
            return self.forms;
        }
        self.forms.with([self.low.port(), self.high.port()], payload)
    }

    /// Counts a payload in which signs were [awaited](Self::awaits_signs), and keeps what its signs are with it, if that
    /// changed. Whether that is the first one.
    #[inline]
    pub fn take_payload(&mut self, sender: Side, sign: Option<SeenSign>) -> bool {
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

    /// What its strongest sign is with one more, in a payload of `sender`, if that changes anything.
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

    /// Why it is worth keeping, by what is known about it now.
    pub(super) fn worth(&self) -> Worth {
        if self.handshake.is_unanswered() && self.sign.is_none() && self.dissected == 0 {
            Worth::Attempt
        } else {
            Worth::Exchange
        }
    }

    /// Both ends, the low one first.
    pub(super) fn pair(&self) -> (EndKey, EndKey) {
        (self.low, self.high)
    }

    /// Whether these are its ends.
    pub(super) fn joins(&self, pair: (EndKey, EndKey)) -> bool {
        self.pair() == pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_small() {
        assert_eq!(size_of::<Conversation>(), 64);
    }
}
