//! The judgement: which end of a conversation is the client.
//!
//! [`Roles::observe`] takes each packet once, in the order of the capture. [`Roles::verdict`] says
//! what follows from the packets so far; it can be asked for any packet, in any order.

mod conversation;
mod end;
mod handshake;
mod verdict;

pub use conversation::{Conversation, Place, Side};
pub use end::{End, Party};
pub use verdict::{Confidence, Evidence, Verdict};

use crate::headers::Segment;
use conversation::Conversations;
use handshake::{Belongs, Opening};

/// What is known of the conversations of one capture file.
#[derive(Debug, Default)]
pub struct Roles {
    conversations: Conversations,
}

impl Roles {
    /// Takes a packet that has not been seen before; frames come in the order of their numbers.
    /// A quoted header is no evidence: it only looks up its conversation.
    pub fn observe(&mut self, frame: u32, segment: &Segment<'_>) -> Option<Place> {
        if segment.quoted {
            return self.find(frame, segment);
        }
        let (place, fresh) = self.conversations.enter(frame, segment.source, segment.destination);
        let Some(tcp) = &segment.tcp else { return Some(place) };
        let handshake = &mut self.conversations.get_mut(place.conversation).handshake;
        if handshake.observe(place.sender, tcp, frame, fresh) == Belongs::Here {
            return Some(place);
        }
        let place = self.conversations.next(frame, segment.source, segment.destination);
        let handshake = &mut self.conversations.get_mut(place.conversation).handshake;
        handshake.observe(place.sender, tcp, frame, true);
        Some(place)
    }

    /// Where a packet belongs that was seen before.
    pub fn find(&self, frame: u32, segment: &Segment<'_>) -> Option<Place> {
        self.conversations.find(frame, segment.source, segment.destination)
    }

    /// What the packets so far say about a packet's conversation.
    pub fn verdict(&self, place: Place) -> Option<Verdict> {
        let (opener, opening, frame) = self.conversations.get(place.conversation).handshake.opening()?;
        let evidence = match opening {
            Opening::Syn => Evidence::Syn { frame },
            Opening::SynAck => Evidence::SynAck { frame },
            Opening::Simultaneous => Evidence::SimultaneousOpen { frame },
        };
        Some(Verdict { client: place.party(opener), confidence: Confidence::Handshake, evidence, place })
    }

    /// What is kept about a packet's conversation.
    pub fn conversation(&self, place: Place) -> &Conversation {
        self.conversations.get(place.conversation)
    }

    /// What is kept about a packet's conversation, to add to it.
    pub fn conversation_mut(&mut self, place: Place) -> &mut Conversation {
        self.conversations.get_mut(place.conversation)
    }
}
