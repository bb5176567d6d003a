//! Adds up the evidence for a conversation whose handshake was not captured.

use super::conversation::{can_be_settled_client, Conversation, Conversations, EndFacts, Place, SeenSign, Side, Start};
use super::evidence::ends::{fan_in, known_role, most_by_others, popularity, serving_host};
use super::evidence::ports::{compare, dissected_by, is_prescribed_for_one, PortKind, PortKnowledge};
use super::evidence::Decibans;
use super::verdict::{Confidence, Evidence, Verdict};
use crate::packet::{End, Segment, Transport};

/// From here on a verdict is strong: odds of a hundred to one, by evidence that is not fully independent.
const STRONG: i32 = 20;
/// Below this there is no verdict: odds of two to one.
const ENOUGH: i32 = 3;

/// Where evidence can come from.
#[derive(Clone, Copy)]
enum Source {
    Payload,
    Agreed,
    Asked,
    Known,
    Others,
    Hosts,
    Start,
    Dissector,
    Ports,
}

impl Source {
    const ALL: [Self; 9] = [
        Self::Payload,
        Self::Agreed,
        Self::Asked,
        Self::Known,
        Self::Others,
        Self::Hosts,
        Self::Start,
        Self::Dissector,
        Self::Ports,
    ];

    /// Whether what it says changes only with the conversation's own packets, or in a way that has everything
    /// forgotten that was noted ([`super::Roles::note_unremarkable`]).
    fn lasts(self) -> bool {
        !matches!(self, Self::Others | Self::Hosts)
    }
}

/// The sum of all that is known about a conversation without a handshake.
pub fn weigh(
    conversations: &Conversations,
    place: Place,
    segment: &Segment<'_>,
    knowledge: &impl PortKnowledge,
) -> Option<Verdict> {
    let case = Case::new(conversations, place, segment, knowledge);
    if knowledge.has_no_client(case.conversation.dissected) {
        return Some(case.no_client(place));
    }
    let strengths = Source::ALL.map(|source| (source, case.for_low(source).0));
    let sum: i32 = strengths.iter().map(|(_, for_low)| for_low).sum();
    if sum.abs() < ENOUGH {
        return None;
    }
    let server = if sum > 0 { Side::Low } else { Side::High };
    let lasting =
        strengths.iter().filter(|(source, _)| source.lasts()).map(|(_, for_low)| for_low * sum.signum()).sum();
    let (strongest, _) = strengths.into_iter().max_by_key(|(_, for_low)| for_low * sum.signum())?;
    Some(Verdict {
        client: place.party(server.other()),
        confidence: if sum.abs() >= STRONG { Confidence::Strong } else { Confidence::Weak },
        evidence: case.evidence(strongest, server),
        is_settled: case.is_settled(server.other(), lasting),
        place,
    })
}

/// A conversation and what is known about its ends, the low one first.
struct Case<'a, K> {
    conversations: &'a Conversations,
    conversation: &'a Conversation,
    knowledge: &'a K,
    transport: Transport,
    ends: [End; 2],
    facts: [Option<EndFacts>; 2],
    /// Which end opens such a connection is known by its port: that many talk to that end, or that its host offers
    /// services, says nothing.
    is_prescribed: bool,
}

/// How strongly something speaks for the low end being the server, if it says so of that end or of the other one.
fn for_low(server: Side, strength: Decibans) -> Decibans {
    match server {
        Side::Low => strength,
        Side::High => Decibans(-strength.0),
    }
}

impl<'a, K: PortKnowledge> Case<'a, K> {
    fn new(conversations: &'a Conversations, place: Place, segment: &Segment<'_>, knowledge: &'a K) -> Self {
        let conversation = conversations.get(place.conversation);
        let ends = match place.sender {
            Side::Low => [segment.source, segment.destination],
            Side::High => [segment.destination, segment.source],
        };
        let facts = [Side::Low, Side::High].map(|side| conversations.facts(conversation.end(side)));
        let transport = segment.transport;
        let is_prescribed = is_prescribed_for_one(transport, ends[0].port, ends[1].port);
        Self { conversations, conversation, knowledge, transport, ends, facts, is_prescribed }
    }

    /// How strongly what comes from a source speaks for the low end being the server.
    #[inline(always)]
    fn for_low(&self, source: Source) -> Decibans {
        match source {
            Source::Payload => self.payload(),
            Source::Agreed => self.agreed(),
            Source::Asked => self.asked(),
            Source::Known => self.roles()[0],
            Source::Others => self.fan_in_or_popularity().0,
            Source::Hosts => self.hosts(),
            Source::Start => self.start(),
            Source::Dissector => self.dissector(),
            Source::Ports => compare(self.ends.map(|end| end.port).into(), self.port_kinds().into()),
        }
    }

    /// What comes from a source that speaks for a side being the server, in words.
    fn evidence(&self, source: Source, server_side: Side) -> Evidence {
        let client_side = server_side.other();
        let [server, client] = [server_side, client_side].map(|side| self.ends[side as usize]);
        match source {
            Source::Payload => {
                let (what, frame) = self.conversation.sign.map_or(("", 0), |seen| (seen.sign.what, seen.frame));
                Evidence::Payload { what, frame }
            }
            Source::Agreed => {
                let frame = self.conversations.agreed_in(self.conversation.end(server_side)).unwrap_or(0);
                Evidence::Agreed { end: server, frame }
            }
            Source::Asked => {
                let frame = self.conversations.asked_in(self.conversation.end(client_side)).unwrap_or(0);
                Evidence::Asked { client, frame }
            }
            Source::Known => {
                let [_, low, high] = self.roles();
                let (as_server, as_client) = if server_side == Side::Low { (low, high) } else { (high, low) };
                if as_server.0 > -as_client.0 {
                    Evidence::KnownServer { server }
                } else {
                    Evidence::KnownClient { client }
                }
            }
            Source::Others => match self.fan_in_or_popularity().1 {
                Others::FanIn => Evidence::FanIn { server, peers: self.peers().into_iter().max().unwrap_or(0) },
                Others::Popularity => {
                    let conversations = self.by_port().into_iter().max().unwrap_or(0);
                    Evidence::PopularPort { port: server.port, conversations }
                }
            },
            Source::Hosts => Evidence::ServingHost { host: server.address() },
            Source::Start => Evidence::SpokeFirst { frame: self.conversation.first_frame() },
            Source::Dissector => Evidence::Dissected { port: server.port },
            Source::Ports => {
                let kinds = self.port_kinds();
                Evidence::Ports {
                    server: (server.port, kinds[server_side as usize]),
                    client: (client.port, kinds[client_side as usize]),
                }
            }
        }
    }

    /// What is said where there is no client: who spoke first is called so.
    fn no_client(&self, place: Place) -> Verdict {
        let frame = self.conversation.first_frame();
        let client = place.party(self.conversation.first_sender);
        let evidence = Evidence::NoClient { frame };
        Verdict { client, confidence: Confidence::Weak, evidence, is_settled: false, place }
    }

    /// Whether no other conversation can turn round what speaks for the server with a strength that lasts. Who spoke
    /// first counts from the first payload on, so that is waited for.
    fn is_settled(&self, client: Side, lasting: i32) -> bool {
        self.conversation.payloads > 0
            && can_be_settled_client(self.ends[client as usize].port)
            && lasting - most_by_others(self.transport).0 > -ENOUGH
    }

    fn payload(&self) -> Decibans {
        /// Both ends look like their side of a protocol. Less than another sign, as what looks so by chance may do it twice.
        const CONFIRMED: Decibans = Decibans(8);
        let Some(seen) = self.conversation.sign else { return Decibans(0) };
        let strength = match seen {
            SeenSign { disputed: true, .. } => Decibans(0),
            SeenSign { confirmed: true, sign, .. } => Decibans(sign.strength.0 + CONFIRMED.0),
            SeenSign { sign, .. } => sign.strength,
        };
        for_low(seen.client.other(), strength)
    }

    /// The only side of which something is known.
    fn only(&self, is_so: impl Fn(EndFacts) -> bool) -> Option<Side> {
        match self.facts.map(|facts| facts.is_some_and(&is_so)) {
            [true, false] => Some(Side::Low),
            [false, true] => Some(Side::High),
            _ => None,
        }
    }

    fn agreed(&self) -> Decibans {
        const STRENGTH: Decibans = Decibans(40);
        self.only(EndFacts::was_agreed_on).map_or(Decibans(0), |listener| for_low(listener, STRENGTH))
    }

    /// An end asked for data that comes from a new port (TFTP): the other one, unless it is the port that was asked, is
    /// the server's.
    fn asked(&self) -> Decibans {
        const STRENGTH: Decibans = Decibans(40);
        self.only(EndFacts::has_asked).map_or(Decibans(0), |client| for_low(client.other(), STRENGTH))
    }

    /// What handshakes have shown of the two ends' roles elsewhere: together, and of each as a server.
    fn roles(&self) -> [Decibans; 3] {
        let [low, high] = self
            .facts
            .map(|facts| facts.map_or(Decibans(0), |facts| known_role(facts.was_opened_to(), facts.has_opened())));
        [Decibans(low.0 - high.0), low, high]
    }

    /// What an end's other conversations say; a server that many talk to also makes its port
    /// popular, so only the stronger of the two counts.
    fn fan_in_or_popularity(&self) -> (Decibans, Others) {
        if self.is_prescribed {
            return (Decibans(0), Others::Popularity);
        }
        let many = fan_in(self.transport, self.peers().into());
        let popular = popularity(self.by_port().into());
        if many.0.abs() > popular.0.abs() {
            (many, Others::FanIn)
        } else {
            (popular, Others::Popularity)
        }
    }

    fn peers(&self) -> [u32; 2] {
        self.facts.map(|facts| facts.map_or(1, EndFacts::peers))
    }

    fn by_port(&self) -> [u32; 2] {
        self.ends.map(|end| self.conversations.by_port(end.port))
    }

    fn hosts(&self) -> Decibans {
        if self.is_prescribed {
            return Decibans(0);
        }
        let serves = [Side::Low, Side::High].map(|side| {
            let facts = self.conversations.facts(self.conversation.end(side).host());
            facts.is_some_and(EndFacts::serves)
        });
        serving_host(serves.into())
    }

    fn dissector(&self) -> Decibans {
        let by = self.conversation.dissected_by;
        dissected_by((by.has(Side::Low), by.has(Side::High)))
    }

    /// Who spoke first: the client, if the capture has the conversation's start. Without data, an
    /// acknowledgment may as well be a probe or the answer to one.
    fn start(&self) -> Decibans {
        if self.conversation.payloads == 0 {
            return Decibans(0);
        }
        let strength = match self.transport {
            Transport::Udp => 9,
            Transport::Tcp => match self.conversation.start {
                Start::BareAck => 6,
                // A connection starts with neither: this is its middle, where either end may be the first that is seen.
                Start::End | Start::Other => 0,
            },
        };
        for_low(self.conversation.first_sender.other(), Decibans(strength))
    }

    fn port_kinds(&self) -> [PortKind; 2] {
        let [low, high] = self.ends.map(|end| end.port);
        [(low, high), (high, low)].map(|(port, other)| PortKind::of(self.transport, port, other, self.knowledge))
    }
}

/// Which of what other conversations say counts.
enum Others {
    FanIn,
    Popularity,
}
