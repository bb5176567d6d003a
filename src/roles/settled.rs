//! Connections of which most packets can tell nothing new, to be passed over at little cost.
//!
//! A packet matters only if it opens or ends a connection, names a listener, may show for the first time which
//! protocol is spoken, or, as long as that is searched for, has a payload that may tell client from server
//! ([`Conversation::awaits_signs`]). And of most connections there is nothing to correct or to note. What other
//! conversations say about one is looked up when its verdict is asked for, so it need not be waited for. A table says for the senders and receivers of late which of that
//! holds. It is a cache: what is not in it is looked up.

use super::conversation::Conversation;
use super::evidence::agreed;
use crate::packet::{End, Segment, Transport};
use hashbrown::DefaultHashBuilder;
use std::hash::{BuildHasher, Hasher};

/// What is still to be learned of a conversation from its own packets, if no packet opens or ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Its protocol.
    Protocol = 1,
    /// Nothing.
    Nothing = 2,
    /// Anything that a payload can tell.
    Payloads = 3,
}

impl Left {
    fn of(conversation: &Conversation) -> Self {
        if conversation.awaits_signs() {
            Self::Payloads
        } else if conversation.may_learn_protocol() {
            Self::Protocol
        } else {
            Self::Nothing
        }
    }
}

/// What is known of a conversation, as far as its packets can be passed over.
#[derive(Clone, Copy, Debug)]
pub struct Known(u64);

impl Known {
    const LEFT: u64 = 3;
    const UNREMARKABLE: u64 = 4;
    const BITS: u64 = Self::LEFT | Self::UNREMARKABLE;

    /// Whether a packet of that sender can tell nothing new. `has_protocol` says whether one was dissected
    /// on top of it.
    #[inline(always)]
    pub fn leaves_nothing_to_learn(self, segment: &Segment<'_>, has_protocol: impl FnOnce() -> bool) -> bool {
        let is_tcp = segment.transport == Transport::Tcp;
        if is_tcp && segment.tcp.is_none_or(|tcp| tcp.flags.opens_or_ends()) {
            return false;
        }
        if segment.payload.is_empty() {
            return true;
        }
        let left = self.0 & Self::LEFT;
        left != Left::Payloads as u64
            && !(is_tcp && agreed::may_be_ftp(segment.payload))
            && (left == Left::Nothing as u64 || !has_protocol())
    }

    /// Whether there is nothing wrong in what the host displays of any of its segments.
    #[inline(always)]
    pub fn is_unremarkable(self) -> bool {
        self.0 & Self::UNREMARKABLE != 0
    }
}

/// The cache. Its entries are hashes with a secret key, of 61 bits: that another connection's is the
/// same by chance is less likely than a broken memory.
#[derive(Debug, Default)]
pub struct Settled {
    hasher: DefaultHashBuilder,
    /// Made with the first entry: 0, or a hash with its lowest bits replaced by what is [`Known`].
    slots: Vec<u64>,
}

impl Settled {
    const FEWEST_SLOTS: usize = 1 << 12;
    const MOST_SLOTS: usize = 1 << 19;

    /// What is known of a segment's sender and receiver.
    #[inline(always)]
    pub fn get(&self, segment: &Segment<'_>) -> Option<Known> {
        let hash = self.hash(segment.transport, (segment.source, segment.destination));
        let slot = self.slots.get(self.index(hash))?;
        ((slot ^ hash) & !Known::BITS == 0).then_some(Known(*slot))
    }

    /// Takes note of what a segment of its sender can still tell of a conversation.
    pub fn note(&mut self, segment: &Segment<'_>, conversation: &Conversation) {
        self.set(segment, conversation, 0);
    }

    /// The same of one of which nothing is wrong either.
    pub fn note_unremarkable(&mut self, segment: &Segment<'_>, conversation: &Conversation) {
        self.set(segment, conversation, Known::UNREMARKABLE);
    }

    fn set(&mut self, segment: &Segment<'_>, conversation: &Conversation, bits: u64) {
        let hash = self.hash(segment.transport, (segment.source, segment.destination));
        let index = self.index(hash);
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = hash & !Known::BITS | Left::of(conversation) as u64 | bits;
        }
    }

    /// What was known of the connection on the ports of this segment holds no longer.
    #[cold]
    pub fn forget(&mut self, segment: &Segment<'_>) {
        let (source, destination) = (segment.source, segment.destination);
        for ends in [(source, destination), (destination, source)] {
            let index = self.index(self.hash(segment.transport, ends));
            if let Some(slot) = self.slots.get_mut(index) {
                *slot = 0;
            }
        }
    }

    /// What was known of many connections holds no longer.
    pub fn forget_all(&mut self) {
        self.hasher = DefaultHashBuilder::default();
    }

    /// There are so many conversations now, each with two senders: a bigger table starts empty.
    pub fn make_room(&mut self, conversations: usize) {
        let wanted = conversations.saturating_mul(2).clamp(Self::FEWEST_SLOTS, Self::MOST_SLOTS);
        if self.slots.len() < wanted {
            self.slots = vec![0; wanted.next_power_of_two()];
        }
    }

    #[inline(always)]
    fn index(&self, hash: u64) -> usize {
        (hash >> 32) as usize & self.slots.len().wrapping_sub(1)
    }

    #[inline(always)]
    fn hash(&self, transport: Transport, (source, destination): (End, End)) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u128(source.number());
        hasher.write_u128(destination.number());
        let ports = u32::from(source.port) << 16 | u32::from(destination.port);
        hasher.write_u64((transport as u64) << 32 | u64::from(ports));
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::{Flags, TcpFields};
    use crate::roles::Roles;

    fn segment(from: u16, to: u16, flags: u8, payload: &[u8]) -> Segment<'_> {
        Segment {
            transport: Transport::Tcp,
            source: End::new([192, 0, 2, 1], from),
            destination: End::new([192, 0, 2, 1], to),
            tcp: Some(TcpFields { sequence: 1, acknowledgment: 1, flags: Flags(flags) }),
            payload,
            quoted: false,
        }
    }

    fn covers(roles: &Roles, segment: &Segment<'_>) -> bool {
        roles.known(segment).is_some_and(|known| known.leaves_nothing_to_learn(segment, || true))
    }

    /// Both directions of a connection that was seen from its start, with a protocol known or not.
    fn opened(protocol_known: bool) -> Roles {
        let mut roles = Roles::default();
        for (number, flags) in [Flags::SYN, Flags::SYN | Flags::ACK, Flags::ACK, Flags::ACK].into_iter().enumerate() {
            let (from, to) = if number % 2 == 0 { (1140, 80) } else { (80, 1140) };
            roles.observe_and(number as u32 + 1, &segment(from, to, flags, b""), |conversation| {
                if protocol_known {
                    conversation.dissect(7, |port| port == 80);
                }
            });
        }
        roles
    }

    #[test]
    fn what_can_tell_something_new_is_not_covered() {
        for (protocol_known, flags, payload, covered) in [
            (false, Flags::ACK, &b""[..], true),
            (false, Flags::ACK, b"data", false),
            (true, Flags::ACK, b"", true),
            (true, Flags::ACK, b"data", true),
            (true, Flags::ACK, b"PORT 10,0,0,1,19,137\r\n", false),
            (true, Flags::SYN, b"", false),
            (true, Flags::FIN | Flags::ACK, b"", false),
            (true, Flags::RST, b"", false),
        ] {
            let roles = opened(protocol_known);
            for (from, to) in [(1140, 80), (80, 1140)] {
                let segment = segment(from, to, flags, payload);
                assert_eq!(covers(&roles, &segment), covered, "{protocol_known} {segment:?}");
            }
            assert!(!covers(&roles, &segment(1141, 80, Flags::ACK, b"")));
            let data = segment(1140, 80, Flags::ACK, b"data");
            let known = roles.known(&data).unwrap();
            assert!(known.leaves_nothing_to_learn(&data, || false), "no protocol, so nothing to learn");
        }
    }

    #[test]
    fn without_a_handshake_what_carries_no_data_is_covered_at_once() {
        let mut roles = Roles::default();
        roles.observe(1, &segment(1140, 80, Flags::ACK, b""));
        assert!(covers(&roles, &segment(1140, 80, Flags::ACK, b"")));
        assert!(!covers(&roles, &segment(1140, 80, Flags::ACK, b"data")));
        for frame in 2..2 + 64 {
            assert!(!covers(&roles, &segment(1140, 80, Flags::ACK, b"data")));
            roles.observe_and(frame, &segment(1140, 80, Flags::ACK, b"data"), |conversation| {
                conversation.dissect(7, |port| port == 80);
            });
        }
        assert!(covers(&roles, &segment(1140, 80, Flags::ACK, b"data")));
        assert!(!covers(&roles, &segment(1140, 80, Flags::SYN | Flags::ACK, b"")));
    }

    #[test]
    fn a_table_that_grows_starts_anew() {
        let mut roles = opened(true);
        for host in 0..3000u32 {
            let source = End::new(std::net::Ipv4Addr::from(host), 1140);
            roles.observe(9, &Segment { source, ..segment(1140, 80, Flags::SYN, b"") });
        }
        assert_eq!(roles.settled.slots.len(), 8192);
        assert!(!covers(&roles, &segment(1140, 80, Flags::ACK, b"")));
        roles.observe(10, &segment(1140, 80, Flags::ACK, b""));
        assert!(covers(&roles, &segment(1140, 80, Flags::ACK, b"")));
    }

    #[test]
    fn the_next_connection_on_the_same_ports_is_another() {
        let mut roles = opened(true);
        let syn = Segment {
            tcp: Some(TcpFields { sequence: 900, acknowledgment: 0, flags: Flags(Flags::SYN) }),
            ..segment(1140, 80, 0, b"")
        };
        roles.observe(9, &syn);
        assert!(!covers(&roles, &segment(80, 1140, Flags::ACK, b"")));
        assert!(!covers(&roles, &segment(1140, 80, Flags::ACK, b"data")));
    }

    #[test]
    fn a_forgotten_conversation_is_not_covered() {
        let mut roles = Roles::with_limit(1);
        roles.observe(1, &segment(1140, 80, Flags::SYN, b""));
        assert!(covers(&roles, &segment(1140, 80, Flags::ACK, b"")));
        roles.observe(2, &segment(1141, 80, Flags::SYN, b""));
        assert!(!covers(&roles, &segment(1140, 80, Flags::ACK, b"")));
    }
}
