//! Conversations: one entry for each connection seen, found by its two ends and the frame.

use super::end::{End, Party};
use super::handshake::Handshake;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// One of a conversation's two ends, independent of direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The end that sorts first.
    #[default]
    Low,
    /// The other one.
    High,
}

impl Side {
    /// The end across.
    pub fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// Number of a conversation in its [`Conversations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationId(u32);

/// Where a packet belongs: its conversation, and which end of it sent the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The conversation.
    pub conversation: ConversationId,
    /// The sender.
    pub sender: Side,
}

impl Place {
    /// What `side` of the conversation is to the packet.
    pub fn party(&self, side: Side) -> Party {
        if side == self.sender {
            Party::Source
        } else {
            Party::Destination
        }
    }
}

/// What is known of one conversation. There can be millions, so it is small.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Who opened it.
    pub handshake: Handshake,
    /// The frame that carries its only note, if notes are given once a conversation; 0: none yet.
    pub noted_frame: u32,
    /// The protocol dissected on top of its transport (the host's id); 0: none yet.
    pub dissected: i32,
    first_frame: u32,
    /// An earlier conversation of the same ends.
    previous: Option<ConversationId>,
}

impl Conversation {
    fn new(first_frame: u32, previous: Option<ConversationId>) -> Self {
        Self { handshake: Handshake::default(), noted_frame: 0, dissected: 0, first_frame, previous }
    }
}

/// An end in 64 bits: the port in the lowest 16, above it an IPv4 address or, marked by the top
/// bit, the number of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct EndKey(u64);

/// All conversations of a capture file.
#[derive(Debug, Default)]
pub struct Conversations {
    latest: HashMap<(EndKey, EndKey), ConversationId>,
    list: Vec<Conversation>,
    v6: HashMap<Ipv6Addr, u32>,
}

impl Conversations {
    /// The conversation that a packet belongs to, made if there is none, and whether it was made.
    pub fn enter(&mut self, frame: u32, source: End, destination: End) -> (Place, bool) {
        let keys = (self.intern(source), self.intern(destination));
        let (key, sender) = in_order(keys);
        let list = &mut self.list;
        let mut made = false;
        let conversation = *self.latest.entry(key).or_insert_with(|| {
            made = true;
            add(list, Conversation::new(frame, None))
        });
        (Place { conversation, sender }, made)
    }

    /// The conversation that a packet belonged to when it was first seen.
    pub fn find(&self, frame: u32, source: End, destination: End) -> Option<Place> {
        let (key, sender) = in_order((self.known(source)?, self.known(destination)?));
        let mut conversation = *self.latest.get(&key)?;
        while self.get(conversation).first_frame > frame {
            conversation = self.get(conversation).previous?;
        }
        Some(Place { conversation, sender })
    }

    /// Starts the next conversation between the same ends.
    pub fn next(&mut self, frame: u32, source: End, destination: End) -> Place {
        let keys = (self.intern(source), self.intern(destination));
        let (key, sender) = in_order(keys);
        let previous = self.latest.get(&key).copied();
        let conversation = add(&mut self.list, Conversation::new(frame, previous));
        self.latest.insert(key, conversation);
        Place { conversation, sender }
    }

    /// A conversation by its number.
    pub fn get(&self, conversation: ConversationId) -> &Conversation {
        &self.list[conversation.0 as usize]
    }

    /// A conversation by its number.
    pub fn get_mut(&mut self, conversation: ConversationId) -> &mut Conversation {
        &mut self.list[conversation.0 as usize]
    }

    fn intern(&mut self, end: End) -> EndKey {
        match end.address {
            IpAddr::V4(address) => v4_key(address.to_bits(), end.port),
            IpAddr::V6(address) => {
                let next = self.v6.len() as u32;
                v6_key(*self.v6.entry(address).or_insert(next), end.port)
            }
        }
    }

    fn known(&self, end: End) -> Option<EndKey> {
        match end.address {
            IpAddr::V4(address) => Some(v4_key(address.to_bits(), end.port)),
            IpAddr::V6(address) => Some(v6_key(*self.v6.get(&address)?, end.port)),
        }
    }
}

fn add(list: &mut Vec<Conversation>, conversation: Conversation) -> ConversationId {
    let id = ConversationId(list.len() as u32);
    list.push(conversation);
    id
}

fn v4_key(address: u32, port: u16) -> EndKey {
    EndKey(u64::from(address) << 16 | u64::from(port))
}

fn v6_key(number: u32, port: u16) -> EndKey {
    EndKey(1 << 63 | u64::from(number) << 16 | u64::from(port))
}

fn in_order((source, destination): (EndKey, EndKey)) -> ((EndKey, EndKey), Side) {
    if source <= destination {
        ((source, destination), Side::Low)
    } else {
        ((destination, source), Side::High)
    }
}
