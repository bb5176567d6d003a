// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Finds out from the handshake which end opened a connection (RFC 9293, section 3.5).

use crate::packet::{Flags, Side, TcpFields};

/// The state of one connection's handshake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handshake {
    state: State,
    closed: bool,
    /// The end that opened the connection. Valid unless the state is `Unseen`.
    opener: Side,
    /// The sequence number of the opener's SYN. Without a SYN, what the SYN-ACK acknowledges less 1, and 0 for cookies.
    initial_sequence: u32,
    /// The frame that showed the opener.
    frame: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unseen,
    /// A SYN that is not answered yet.
    Syn,
    /// A SYN-ACK without a SYN. No other segment has confirmed it yet.
    LoneSynAck,
    /// A SYN-ACK without a SYN. Its receiver reset the connection, so it had not opened it.
    RefusedSynAck,
    /// A SYN-ACK without a SYN. Another segment of the connection confirms it.
    SynAck,
    /// A SYN that is answered.
    Answered,
    /// SYNs of both ends.
    Simultaneous,
    /// SCTP: a COOKIE ECHO without an INIT.
    CookieEcho,
    /// SCTP: a COOKIE ACK without an INIT.
    CookieAck,
    /// SCTP: cookies for both ends as openers, without an INIT. Their INITs crossed.
    BothCookies,
}

/// The packet that shows the opener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The opener sent the SYN.
    Syn,
    /// The opener received the SYN-ACK. Its SYN was not captured.
    SynAck,
    /// Both ends sent a SYN. The opener sent the first one.
    Simultaneous,
}

/// The connection that a segment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The present connection.
    Current,
    /// A new connection between the same ends, which the segment starts.
    Next,
}

impl Handshake {
    /// Returns the opener, the packet that shows it, and that packet's frame. Returns `None` if the opener is not
    /// known.
    pub fn opening(&self) -> Option<(Side, Opening, u32)> {
        let opening = match self.state {
            State::Unseen | State::LoneSynAck | State::RefusedSynAck => return None,
            State::CookieEcho | State::CookieAck | State::BothCookies => return None,
            State::Syn | State::Answered => Opening::Syn,
            State::SynAck => Opening::SynAck,
            State::Simultaneous => Opening::Simultaneous,
        };
        Some((self.opener, opening, self.frame))
    }

    /// Returns the receiver of a SYN-ACK that no other segment confirms or refuses, and the frame of the SYN-ACK.
    pub fn lone_syn_ack(&self) -> Option<(Side, u32)> {
        (self.state == State::LoneSynAck).then_some((self.opener, self.frame))
    }

    /// Returns the sender of a COOKIE ECHO or the receiver of a COOKIE ACK, the chunk's name, and its frame. Returns
    /// `None` if an INIT or INIT ACK was captured before it, or if cookies contradict each other.
    pub fn cookie(&self) -> Option<(Side, &'static str, u32)> {
        match self.state {
            State::CookieEcho => Some((self.opener, "COOKIE ECHO", self.frame)),
            State::CookieAck => Some((self.opener, "COOKIE ACK", self.frame)),
            _ => None,
        }
    }

    /// Whether there is a SYN-ACK that is not confirmed. Any further segment but a reset or a SYN-ACK confirms it.
    pub fn awaits_confirmation(&self) -> bool {
        matches!(self.state, State::LoneSynAck | State::RefusedSynAck)
    }

    /// Whether a SYN was answered, or a SYN-ACK was confirmed.
    pub fn is_answered(&self) -> bool {
        matches!(self.state, State::SynAck | State::Answered)
    }

    /// Whether a SYN was seen, but no answer.
    pub fn is_unanswered(&self) -> bool {
        self.state == State::Syn
    }

    /// Updates the state by a segment that `sender` sent. `fresh` says that it is the connection's first.
    ///
    /// A segment that belongs to the [next](Connection::Next) connection is not recorded. The caller must pass it to a
    /// new `Handshake`.
    pub fn observe(&mut self, sender: Side, tcp: &TcpFields, frame: u32, fresh: bool) -> Connection {
        let connection = if tcp.flags.is_syn() {
            self.observe_syn(sender, tcp.sequence, frame, fresh)
        } else if tcp.flags.is_syn_ack() {
            self.observe_syn_ack(sender, tcp.acknowledgment.wrapping_sub(1), frame)
        } else {
            self.confirm_or_refuse(sender, tcp.flags);
            if tcp.flags.any(Flags::COOKIE_ECHO) {
                self.observe_cookie(State::CookieEcho, sender, frame)
            } else if tcp.flags.any(Flags::COOKIE_ACK) {
                self.observe_cookie(State::CookieAck, sender.other(), frame)
            } else {
                Connection::Current
            }
        };
        if connection == Connection::Current && tcp.flags.any(Flags::RST | Flags::FIN) {
            self.closed = true;
        }
        connection
    }

    /// Updates the state by a segment that follows a SYN-ACK without a SYN.
    ///
    /// Any segment but a reset confirms the SYN-ACK. An end that did not open the connection answers a SYN-ACK with a
    /// reset (RFC 9293, section 3.10.7): the SYN-ACK is a probe, or somebody else sent the SYN with a forged address.
    fn confirm_or_refuse(&mut self, sender: Side, flags: Flags) {
        if self.awaits_confirmation() {
            if !flags.any(Flags::RST) {
                self.state = State::SynAck;
            } else if sender == self.opener {
                self.state = State::RefusedSynAck;
            }
        }
    }

    fn observe_syn(&mut self, sender: Side, sequence: u32, frame: u32, fresh: bool) -> Connection {
        let repeated = sender == self.opener && sequence == self.initial_sequence;
        match self.state {
            State::Unseen if fresh => *self = Self::begin(State::Syn, sender, sequence, frame),
            State::Unseen => return Connection::Next,
            // The SYN was captured after its SYN-ACK.
            State::LoneSynAck | State::SynAck if repeated => {
                self.state = State::Answered;
                self.frame = frame;
            }
            _ if repeated => {}
            State::Syn if sender != self.opener && !self.closed => self.state = State::Simultaneous,
            // The second opener's sequence number is not stored, so any of its SYNs counts as a repetition.
            State::Simultaneous if sender != self.opener && !self.closed => {}
            _ => return Connection::Next,
        }
        Connection::Current
    }

    /// Updates the state by a SYN-ACK. `acknowledged` is the sequence number of the SYN, or of the last byte of data in
    /// the SYN (TCP Fast Open, RFC 7413).
    fn observe_syn_ack(&mut self, sender: Side, acknowledged: u32, frame: u32) -> Connection {
        const MAX_DATA_IN_SYN: u32 = 0xffff;
        let receiver = sender.other();
        match self.state {
            State::Unseen => *self = Self::begin(State::LoneSynAck, receiver, acknowledged, frame),
            State::Syn if receiver == self.opener => {
                let answers = acknowledged.wrapping_sub(self.initial_sequence) <= MAX_DATA_IN_SYN;
                if !answers && self.closed {
                    return Connection::Next;
                }
                self.state = State::Answered;
            }
            _ if self.closed && receiver != self.opener => return Connection::Next,
            // The opener sent the SYN-ACK, so the other end sent a SYN as well, which was not captured.
            State::Syn => self.state = State::Simultaneous,
            // A SYN-ACK that contradicts an open connection is forged or stray.
            State::LoneSynAck | State::RefusedSynAck | State::SynAck | State::Answered | State::Simultaneous => {}
            State::CookieEcho | State::CookieAck | State::BothCookies => {}
        }
        Connection::Current
    }

    /// Updates the state by a chunk with a cookie. It shows who opened an association whose INIT was not captured, or
    /// that a captured INIT was answered.
    fn observe_cookie(&mut self, cookie: State, opener: Side, frame: u32) -> Connection {
        let contradicts = opener != self.opener;
        match self.state {
            State::Unseen => *self = Self::begin(cookie, opener, 0, frame),
            _ if contradicts && self.closed => return Connection::Next,
            State::Syn if !contradicts => self.state = State::Answered,
            State::CookieEcho | State::CookieAck if contradicts => self.state = State::BothCookies,
            _ => {}
        }
        Connection::Current
    }

    fn begin(state: State, opener: Side, initial_sequence: u32, frame: u32) -> Self {
        Self { state, closed: false, opener, initial_sequence, frame }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Connection::{Current, Next};
    use Side::{High, Low};

    fn tcp(flags: u16, sequence: u32, acknowledgment: u32) -> TcpFields {
        TcpFields { sequence, acknowledgment, flags: Flags(flags) }
    }

    fn syn(sequence: u32) -> TcpFields {
        tcp(Flags::SYN, sequence, 0)
    }

    fn syn_ack(acknowledgment: u32) -> TcpFields {
        tcp(Flags::SYN | Flags::ACK, 9000, acknowledgment)
    }

    /// Passes segments to one handshake, from frame 1 on. Returns the handshake and the last result.
    fn after(segments: &[(Side, TcpFields)]) -> (Handshake, Connection) {
        let mut handshake = Handshake::default();
        let mut belongs = Current;
        for (index, (sender, tcp)) in segments.iter().enumerate() {
            assert_eq!(belongs, Current, "only the last segment may start another connection");
            belongs = handshake.observe(*sender, tcp, index as u32 + 1, index == 0);
        }
        (handshake, belongs)
    }

    #[test]
    fn syn_names_its_sender() {
        let (handshake, _) = after(&[(High, syn(100))]);
        assert_eq!(handshake.opening(), Some((High, Opening::Syn, 1)));
    }

    #[test]
    fn a_syn_ack_alone_is_no_handshake() {
        for more in [&[][..], &[(High, syn_ack(101))], &[(High, tcp(Flags::RST, 101, 0))]] {
            let (handshake, _) = after(&[&[(High, syn_ack(101))], more].concat());
            assert_eq!((handshake.opening(), handshake.lone_syn_ack()), (None, Some((Low, 1))), "{more:?}");
        }
    }

    #[test]
    fn a_confirmed_syn_ack_names_its_receiver() {
        let ack = tcp(Flags::ACK, 101, 9001);
        for next in [(Low, ack), (High, ack), (High, tcp(Flags::FIN | Flags::ACK, 9001, 101))] {
            let (handshake, _) = after(&[(High, syn_ack(101)), next]);
            assert_eq!(handshake.opening(), Some((Low, Opening::SynAck, 1)), "{next:?}");
        }
    }

    #[test]
    fn a_syn_captured_after_its_syn_ack_is_the_evidence() {
        let ack = tcp(Flags::ACK, 101, 9001);
        for before in [&[(High, syn_ack(101))][..], &[(High, syn_ack(101)), (Low, ack)]] {
            let (handshake, _) = after(&[before, &[(Low, syn(100))]].concat());
            let frame = before.len() as u32 + 1;
            assert_eq!(handshake.opening(), Some((Low, Opening::Syn, frame)), "{before:?}");
        }
    }

    #[test]
    fn an_end_that_resets_a_syn_ack_is_no_client() {
        let (handshake, _) = after(&[(High, syn_ack(101)), (Low, tcp(Flags::RST, 101, 0)), (High, syn_ack(101))]);
        assert_eq!((handshake.opening(), handshake.lone_syn_ack()), (None, None));
    }

    #[test]
    fn data_alone_names_nobody() {
        let (handshake, _) = after(&[(High, tcp(Flags::ACK, 1, 1)), (Low, tcp(Flags::ACK, 1, 1))]);
        assert_eq!(handshake.opening(), None);
    }

    #[test]
    fn a_repeated_syn_changes_nothing() {
        let (handshake, belongs) = after(&[(Low, syn(100)), (Low, syn(100)), (High, syn_ack(101)), (Low, syn(100))]);
        assert_eq!((handshake.opening(), belongs), (Some((Low, Opening::Syn, 1)), Current));
    }

    #[test]
    fn data_in_a_syn_may_be_acknowledged() {
        let (handshake, belongs) = after(&[(Low, syn(100)), (High, syn_ack(100 + 1 + 500))]);
        assert_eq!((handshake.opening(), belongs), (Some((Low, Opening::Syn, 1)), Current));
    }

    #[test]
    fn another_syn_on_the_same_ports_opens_another_connection() {
        for second in [(Low, syn(7000)), (High, syn(7000))] {
            let (_, belongs) = after(&[(Low, syn(100)), (High, syn_ack(101)), second]);
            assert_eq!(belongs, Next);
        }
    }

    #[test]
    fn a_syn_after_a_reset_may_swap_the_roles() {
        let reset = tcp(Flags::RST | Flags::ACK, 0, 101);
        let (_, belongs) = after(&[(Low, syn(100)), (High, reset), (High, syn(7000))]);
        assert_eq!(belongs, Next);
    }

    #[test]
    fn a_reset_syn_may_be_tried_again() {
        let reset = tcp(Flags::RST | Flags::ACK, 0, 101);
        let (handshake, belongs) = after(&[(Low, syn(100)), (High, reset), (Low, syn(100))]);
        assert_eq!((handshake.opening(), belongs), (Some((Low, Opening::Syn, 1)), Current));
    }

    #[test]
    fn both_ends_may_open_at_once() {
        let (handshake, belongs) =
            after(&[(High, syn(100)), (Low, syn(500)), (High, syn_ack(501)), (Low, syn_ack(101))]);
        assert_eq!((handshake.opening(), belongs), (Some((High, Opening::Simultaneous, 1)), Current));
    }

    #[test]
    fn a_syn_ack_cannot_swap_the_roles_of_an_open_connection() {
        let (handshake, belongs) = after(&[(Low, syn(100)), (High, syn_ack(101)), (Low, syn_ack(9001))]);
        assert_eq!((handshake.opening(), belongs), (Some((Low, Opening::Syn, 1)), Current));
    }

    #[test]
    fn a_syn_ack_after_the_end_belongs_to_the_next_connection() {
        let fin = tcp(Flags::FIN | Flags::ACK, 200, 200);
        let (_, belongs) = after(&[(Low, syn(100)), (High, syn_ack(101)), (Low, fin), (Low, syn_ack(9001))]);
        assert_eq!(belongs, Next);
    }

    #[test]
    fn a_cookie_alone_names_who_opened() {
        let (echo, acknowledged) = (tcp(Flags::COOKIE_ECHO, 0, 0), tcp(Flags::COOKIE_ACK, 0, 0));
        for (first, what) in [((Low, echo), "COOKIE ECHO"), ((High, acknowledged), "COOKIE ACK")] {
            let (handshake, _) = after(&[(High, tcp(Flags::ACK, 0, 0)), first, (High, acknowledged), (Low, echo)]);
            assert_eq!((handshake.cookie(), handshake.opening()), (Some((Low, what, 2)), None));
        }
        let (handshake, _) = after(&[(Low, echo), (High, echo), (Low, echo)]);
        assert_eq!((handshake.cookie(), handshake.opening()), (None, None), "both echo one");
    }

    #[test]
    fn a_cookie_shows_that_a_handshake_was_answered_and_nothing_else() {
        let echo = tcp(Flags::COOKIE_ECHO, 0, 0);
        let (handshake, _) = after(&[(Low, syn(100)), (Low, echo)]);
        assert!(handshake.is_answered());
        let forged = (High, echo);
        let (handshake, belongs) = after(&[(Low, syn(100)), (High, syn_ack(101)), (Low, echo), forged]);
        assert_eq!((handshake.opening(), belongs), (Some((Low, Opening::Syn, 1)), Current));
    }

    #[test]
    fn the_other_ends_cookie_after_the_end_belongs_to_the_next_association() {
        let end = tcp(Flags::FIN | Flags::ACK, 0, 0);
        for (cookie, expected) in [((High, Flags::COOKIE_ECHO), Next), ((Low, Flags::COOKIE_ECHO), Current)] {
            let (_, belongs) = after(&[(Low, syn(100)), (High, end), (cookie.0, tcp(cookie.1, 0, 0))]);
            assert_eq!(belongs, expected);
        }
    }

    #[test]
    fn a_syn_in_the_middle_of_unknown_traffic_starts_a_connection() {
        let (_, belongs) = after(&[(Low, tcp(Flags::ACK, 1, 1)), (High, syn(100))]);
        assert_eq!(belongs, Next);
    }
}
