//! Adds up the evidence for a conversation whose handshake was not captured.

use super::conversation::{Conversation, Conversations, EndFacts, Place, SeenSign, Side, Start};
use super::evidence::ends::{fan_in, known_role, popularity, serving_host};
use super::evidence::ports::{compare, dissected_by, is_prescribed_for_one, PortKind, PortKnowledge};
use super::evidence::Decibans;
use super::verdict::{Confidence, Evidence, Verdict};
use crate::packet::{End, Segment, Transport};

/// From here on a verdict is strong: odds of a hundred to one, by evidence that is not fully independent.
const STRONG: i32 = 20;
/// Below this there is no verdict: odds of two to one.
const ENOUGH: i32 = 3;

/// One piece of evidence: positive if it speaks for the low end being the server.
struct Piece {
    for_low: i32,
    evidence: Evidence,
}

/// The sum of all that is known about a conversation without a handshake.
pub fn weigh(
    conversations: &Conversations,
    place: Place,
    segment: &Segment<'_>,
    knowledge: &impl PortKnowledge,
) -> Option<Verdict> {
    let case = Case::new(conversations, place, segment);
    if knowledge.has_no_client(case.conversation.dissected) {
        return Some(case.no_client(place));
    }
    let pieces = [
        case.payload(),
        case.agreed(),
        case.asked(),
        case.known(),
        case.others(),
        case.hosts(),
        case.start(),
        case.dissector(),
        case.ports(knowledge),
    ];
    let sum: i32 = pieces.iter().flatten().map(|piece| piece.for_low).sum();
    if sum.abs() < ENOUGH {
        return None;
    }
    let server = if sum > 0 { Side::Low } else { Side::High };
    let strongest = pieces.into_iter().flatten().max_by_key(|piece| piece.for_low * sum.signum())?;
    let confidence = if sum.abs() >= STRONG { Confidence::Strong } else { Confidence::Weak };
    Some(Verdict { client: place.party(server.other()), confidence, evidence: strongest.evidence, place })
}

/// A conversation and what is known about its ends.
struct Case<'a> {
    conversations: &'a Conversations,
    conversation: &'a Conversation,
    transport: Transport,
    low: End,
    high: End,
    facts: (Option<EndFacts>, Option<EndFacts>),
    /// Which end opens such a connection is known by its port: that many talk to that end, or that its host offers
    /// services, says nothing.
    is_prescribed: bool,
}

impl<'a> Case<'a> {
    fn new(conversations: &'a Conversations, place: Place, segment: &Segment<'_>) -> Self {
        let conversation = conversations.get(place.conversation);
        let (low, high) = match place.sender {
            Side::Low => (segment.source, segment.destination),
            Side::High => (segment.destination, segment.source),
        };
        let facts = |side| conversations.facts(conversation.end(side));
        let facts = (facts(Side::Low), facts(Side::High));
        let is_prescribed = is_prescribed_for_one(segment.transport, low.port, high.port);
        Self { conversations, conversation, transport: segment.transport, low, high, facts, is_prescribed }
    }

    /// A piece of evidence for one side being the server.
    fn piece(&self, server: Side, strength: Decibans, evidence: impl FnOnce(End) -> Evidence) -> Option<Piece> {
        let (sign, end) = match server {
            Side::Low => (1, self.low),
            Side::High => (-1, self.high),
        };
        (strength.0 > 0).then(|| Piece { for_low: sign * strength.0, evidence: evidence(end) })
    }

    /// The same for a strength that is positive if the low end is the server.
    fn signed(&self, for_low: Decibans, evidence: impl FnOnce(End) -> Evidence) -> Option<Piece> {
        let server = if for_low.0 >= 0 { Side::Low } else { Side::High };
        self.piece(server, Decibans(for_low.0.abs()), evidence)
    }

    fn payload(&self) -> Option<Piece> {
        /// Both ends look like their side of a protocol. Less than another sign, as what looks so by chance may do it twice.
        const CONFIRMED: Decibans = Decibans(8);
        let seen = self.conversation.sign?;
        let strength = match seen {
            SeenSign { disputed: true, .. } => Decibans(0),
            SeenSign { confirmed: true, sign, .. } => Decibans(sign.strength.0 + CONFIRMED.0),
            SeenSign { sign, .. } => sign.strength,
        };
        self.piece(seen.client.other(), strength, |_| Evidence::Payload { what: seen.sign.what, frame: seen.frame })
    }

    fn agreed(&self) -> Option<Piece> {
        const STRENGTH: Decibans = Decibans(40);
        let listens = |facts: Option<EndFacts>| facts.is_some_and(EndFacts::was_agreed_on);
        let listener = match (listens(self.facts.0), listens(self.facts.1)) {
            (true, false) => Side::Low,
            (false, true) => Side::High,
            _ => return None,
        };
        let frame = self.conversations.agreed_in(self.conversation.end(listener))?;
        self.piece(listener, STRENGTH, |end| Evidence::Agreed { end, frame })
    }

    /// An end asked for data that comes from a new port (TFTP): the other one, unless it is the port that was asked, is
    /// the server's.
    fn asked(&self) -> Option<Piece> {
        const STRENGTH: Decibans = Decibans(40);
        let asked = |facts: Option<EndFacts>| facts.is_some_and(EndFacts::has_asked);
        let client = match (asked(self.facts.0), asked(self.facts.1)) {
            (true, false) => Side::Low,
            (false, true) => Side::High,
            _ => return None,
        };
        let frame = self.conversations.asked_in(self.conversation.end(client))?;
        let end = if client == Side::Low { self.low } else { self.high };
        self.piece(client.other(), STRENGTH, |_| Evidence::Asked { client: end, frame })
    }

    /// What is said where there is no client: who spoke first is called so.
    fn no_client(&self, place: Place) -> Verdict {
        let frame = self.conversation.first_frame();
        let client = place.party(self.conversation.first_sender);
        Verdict { client, confidence: Confidence::Weak, evidence: Evidence::NoClient { frame }, place }
    }

    fn known(&self) -> Option<Piece> {
        let role = |facts: Option<EndFacts>| {
            facts.map_or(Decibans(0), |facts| known_role(facts.was_opened_to(), facts.has_opened()))
        };
        let (low, high) = (role(self.facts.0), role(self.facts.1));
        let for_low = Decibans(low.0 - high.0);
        let (client, server) = if for_low.0 > 0 { (high, low) } else { (low, high) };
        let by_server = server.0 > -client.0;
        let other = if for_low.0 > 0 { self.high } else { self.low };
        self.signed(for_low, |server| {
            if by_server {
                Evidence::KnownServer { server }
            } else {
                Evidence::KnownClient { client: other }
            }
        })
    }

    /// What an end's other conversations say; a server that many talk to also makes its port
    /// popular, so only the stronger of the two counts.
    fn others(&self) -> Option<Piece> {
        if self.is_prescribed {
            return None;
        }
        let peers = (self.facts.0.map_or(1, EndFacts::peers), self.facts.1.map_or(1, EndFacts::peers));
        let by_port = (self.conversations.by_port(self.low.port), self.conversations.by_port(self.high.port));
        let many = self
            .signed(fan_in(self.transport, peers), |server| Evidence::FanIn { server, peers: peers.0.max(peers.1) });
        let popular = self.signed(popularity(by_port), |server| Evidence::PopularPort {
            port: server.port,
            conversations: by_port.0.max(by_port.1),
        });
        [many, popular].into_iter().flatten().max_by_key(|piece| piece.for_low.abs())
    }

    fn hosts(&self) -> Option<Piece> {
        if self.is_prescribed {
            return None;
        }
        let serves = |side| {
            let facts = self.conversations.facts(self.conversation.end(side).host());
            facts.is_some_and(EndFacts::serves)
        };
        self.signed(serving_host((serves(Side::Low), serves(Side::High))), |server| Evidence::ServingHost {
            host: server.address(),
        })
    }

    fn dissector(&self) -> Option<Piece> {
        let by = self.conversation.dissected_by;
        self.signed(dissected_by((by.has(Side::Low), by.has(Side::High))), |server| Evidence::Dissected {
            port: server.port,
        })
    }

    /// Who spoke first: the client, if the capture has the conversation's start. Without data, an
    /// acknowledgment may as well be a probe or the answer to one.
    fn start(&self) -> Option<Piece> {
        if self.conversation.payloads == 0 {
            return None;
        }
        let strength = match self.transport {
            Transport::Udp => 9,
            Transport::Tcp => match self.conversation.start {
                Start::BareAck => 6,
                // A connection starts with neither: this is its middle, where either end may be the first that is seen.
                Start::End | Start::Other => 0,
            },
        };
        let first = self.conversation.first_sender;
        let frame = self.conversation.first_frame();
        self.piece(first.other(), Decibans(strength), |_| Evidence::SpokeFirst { frame })
    }

    fn ports(&self, knowledge: &impl PortKnowledge) -> Option<Piece> {
        let kind = |end: End, other: End| PortKind::of(self.transport, end.port, other.port, knowledge);
        let (low, high) = (kind(self.low, self.high), kind(self.high, self.low));
        let strength = compare((self.low.port, self.high.port), (low, high));
        let (server_kind, client_kind) = if strength.0 >= 0 { (low, high) } else { (high, low) };
        let client = if strength.0 >= 0 { self.high } else { self.low };
        self.signed(strength, |server| Evidence::Ports {
            server: (server.port, server_kind),
            client: (client.port, client_kind),
        })
    }
}
