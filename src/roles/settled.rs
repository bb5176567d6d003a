//! Connections of which most packets can tell nothing new, to be passed over at little cost.
//!
//! Once the handshake was seen, a segment matters only if it opens or ends a connection, names a
//! listener, or may show for the first time which protocol is spoken. And of most connections there is
//! nothing to correct or to note. A table says for the senders and receivers of late which of that
//! holds. It is a cache: what is not in it is looked up.

use super::conversation::Conversation;
use super::evidence::agreed;
use crate::packet::{End, Segment, Transport};
use hashbrown::DefaultHashBuilder;
use std::hash::{BuildHasher, Hasher};

/// What is still to be learned of a connection whose opener is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Its protocol.
    Protocol = 1,
    /// Nothing.
    Nothing = 2,
}

/// What is known of a TCP connection whose opener is known, as far as it can be passed over.
#[derive(Clone, Copy, Debug)]
pub struct Known(u64);

impl Known {
    const LEFT: u64 = 3;
    const UNREMARKABLE: u64 = 4;
    const BITS: u64 = Self::LEFT | Self::UNREMARKABLE;

    /// Whether a segment of that sender can tell nothing new. `has_protocol` says whether one was dissected
    /// on top of it.
    #[inline(always)]
    pub fn leaves_nothing_to_learn(self, segment: &Segment<'_>, has_protocol: impl FnOnce() -> bool) -> bool {
        if segment.tcp.is_none_or(|tcp| tcp.flags.opens_or_ends()) {
            return false;
        }
        let all_is_known = self.0 & Self::LEFT == Left::Nothing as u64;
        segment.payload.is_empty() || (!agreed::may_be_ftp(segment.payload) && (all_is_known || !has_protocol()))
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
    const SLOTS: usize = 4096;

    /// What is known of a segment's sender and receiver.
    #[inline(always)]
    pub fn get(&self, segment: &Segment<'_>) -> Option<Known> {
        segment.tcp?;
        let hash = self.hash((segment.source, segment.destination));
        let slot = self.slots.get(Self::index(hash))?;
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
        if segment.transport != Transport::Tcp || conversation.handshake.opening().is_none() {
            return;
        }
        let left = if conversation.may_learn_protocol() { Left::Protocol } else { Left::Nothing };
        if self.slots.is_empty() {
            self.slots = vec![0; Self::SLOTS];
        }
        let hash = self.hash((segment.source, segment.destination));
        self.slots[Self::index(hash)] = hash & !Known::BITS | left as u64 | bits;
    }

    /// What was known of the connection on the ports of this segment holds no longer.
    #[cold]
    pub fn forget(&mut self, segment: &Segment<'_>) {
        let (source, destination) = (segment.source, segment.destination);
        for hash in [self.hash((source, destination)), self.hash((destination, source))] {
            if let Some(slot) = self.slots.get_mut(Self::index(hash)) {
                *slot = 0;
            }
        }
    }

    /// What was known of many connections holds no longer.
    pub fn forget_all(&mut self) {
        self.hasher = DefaultHashBuilder::default();
    }

    #[inline(always)]
    fn index(hash: u64) -> usize {
        (hash >> 32) as usize % Self::SLOTS
    }

    #[inline(always)]
    fn hash(&self, (source, destination): (End, End)) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u128(source.number());
        hasher.write_u128(destination.number());
        hasher.write_u32(u32::from(source.port) << 16 | u32::from(destination.port));
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
