// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Which names of ports are wrong, and why: the plugin's central claim.
//!
//! [`look_up_verdict`] asks for a packet's verdict. If only wrong names are asked for, it does not ask about an
//! undecided conversation in which no name can be wrong. For a verdict, [`Naming`] says which ports carry a wrong name
//! ([`Wrong`]), whether the client's port chose the dissector, and what the service is called. Nothing here knows the
//! host: what it knows of names comes through [`NameKnowledge`].

mod note;

pub use note::Note;

use crate::assigned::{Assigned, Listeners};
use crate::ephemeral::{self, ClientPort, HIGHEST_SYSTEM, PortOrigin};
use crate::packet::{End, Party, Segment, Side, Transport};
use crate::roles::{Confidence, Evidence, Place, PortKnowledge, RoleTracker, Verdict};
use crate::services::Declared;

/// What the host knows of names.
pub trait NameKnowledge: PortKnowledge {
    /// The name registered for a port, by the host's table and the user's services files.
    fn registered_name(&self, transport: Transport, port: u16) -> Option<&'static [u8]>;
    /// The filter name of a protocol (the host's id), such as `http`.
    fn filter_name(&self, protocol: i32) -> Option<&'static [u8]>;
    /// The entry of a protocol (the host's id) whose listening ports are assigned at run time.
    fn assigned(&self, protocol: i32) -> Option<&'static Assigned>;
    /// Whether a protocol (the host's id) carries others, as TLS does.
    fn is_carrier(&self, protocol: i32) -> bool;
    /// Whether the user's table of services has a row: without one, [`declared`](Self::declared) finds nothing.
    fn declares_any(&self) -> bool;
    /// What the user's table of services says of an end, if it names that.
    fn declared(&self, transport: Transport, end: End) -> Option<Declared<'_>>;
}

/// What [`look_up_verdict`] found about a packet's conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// No name is wrong in any packet of the conversation, as long as its protocol and the ports agreed on are the same.
    NeverWrong,
    /// Nothing is wrong in this packet, or its client is not known. Later packets can change that.
    NothingYet,
    /// A name may be wrong, or more than wrong names was asked for.
    Verdict(Verdict),
}

/// Asks for the verdict about a packet's conversation; [`Naming`] then decides which names are wrong. A verdict is
/// expensive, and other conversations can change it. So with `only_wrong` (only wrong names are asked for, other
/// services not included), it is asked for only if a name could be wrong. Without `infer`, no evidence is weighed: only
/// a handshake or the user gives a verdict.
pub fn look_up_verdict(
    place: Place,
    segment: &Segment<'_>,
    roles: &RoleTracker,
    names: &impl NameKnowledge,
    infer: bool,
    only_wrong: bool,
) -> Lookup {
    let is_decided = roles.is_decided(place);
    let is_declared = declared_ends(segment, names).map(|end| end.is_some());
    let may_be_misnamed = if !only_wrong || is_decided || is_declared != [false; 2] {
        [true; 2]
    } else {
        may_be_misnamed(place, segment, roles, names)
    };
    if may_be_misnamed == [false; 2] {
        return Lookup::NeverWrong;
    }
    let declared = declared_client(is_declared).filter(|_| !is_decided).map(|client| Verdict {
        client,
        confidence: Confidence::Declared,
        evidence: Evidence::Declared,
        is_final: true,
        place,
    });
    match declared.or_else(|| roles.verdict(place, segment, infer.then_some(names))) {
        Some(verdict) if may_be_misnamed[verdict.client as usize] => Lookup::Verdict(verdict),
        Some(verdict) if verdict.is_final => Lookup::NeverWrong,
        _ => Lookup::NothingYet,
    }
}

/// What the user's table says of a packet's source and destination, in this order.
#[inline]
fn declared_ends<'a>(segment: &Segment<'_>, names: &'a impl NameKnowledge) -> [Option<Declared<'a>>; 2] {
    if !names.declares_any() {
        return [None; 2];
    }
    [segment.source, segment.destination].map(|end| names.declared(segment.transport, end))
}

/// The end whose peer the user's table names, if that does not name both.
fn declared_client([source, destination]: [bool; 2]) -> Option<Party> {
    match (source, destination) {
        (true, false) => Some(Party::Destination),
        (false, true) => Some(Party::Source),
        _ => None,
    }
}

/// Whether a name could be wrong in any packet of the conversation if the source is its client, and the same if the
/// destination is. It holds as long as the conversation's protocol and the ports agreed on are the same.
fn may_be_misnamed(place: Place, segment: &Segment<'_>, roles: &RoleTracker, names: &impl NameKnowledge) -> [bool; 2] {
    let conversation = roles.conversation(place);
    let is_assigned = conversation.dissected != 0 && names.assigned(conversation.dissected).is_some();
    if is_assigned
        || conversation.is_decoded_by_server()
        || conversation.is_between_peers()
        || roles.is_either_agreed(place)
    {
        return [true; 2];
    }
    let by = conversation.dissected_by;
    let may_be = |client: u16, server: u16, side: Side| {
        let is_named = || names.is_named(segment.transport, client) && !names.is_listed_server(client);
        let is_dissected_by_client = by.has(side) && !by.has(side.other());
        (is_dissected_by_client || is_named()) && ephemeral::can_be_ephemeral(segment.transport, client, server)
    };
    let (source, destination) = (segment.source.port, segment.destination.port);
    [may_be(source, destination, place.sender), may_be(destination, source, place.sender.other())]
}

/// A name that is wrong for a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Whose port.
    pub party: Party,
    /// The port.
    pub port: u16,
    /// The name registered for that number.
    pub name: &'static [u8],
    /// Why it is wrong.
    pub why: Why,
}

/// The wrong names of a packet's ports, by role. A [`Segment`] has its ends by direction, so an array would invite
/// mistakes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WrongNames {
    /// That of the client's port.
    pub client: Option<Wrong>,
    /// That of the server's port.
    pub server: Option<Wrong>,
}

impl WrongNames {
    /// Whether no name is wrong.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Only those that `is_kept` returns `true` for.
    pub fn filter(self, is_kept: impl Fn(&Wrong) -> bool) -> Self {
        Self { client: self.client.filter(&is_kept), server: self.server.filter(&is_kept) }
    }

    /// The client's, if there is one, then the server's.
    pub fn iter(&self) -> impl Iterator<Item = &Wrong> {
        self.client.iter().chain(&self.server)
    }
}

/// Why a name is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The client has the port by chance.
    Ephemeral,
    /// The ends agreed on the port in this frame.
    Agreed(u32),
    /// The port was assigned at run time, as this protocol's are.
    Assigned(&'static [u8], Listeners),
    /// This is spoken there.
    OtherService(&'static [u8]),
    /// The client's port is a system port. No system picks those by chance.
    SystemSource,
}

/// What counts as a wrong name only where it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WrongNameOptions {
    /// The name of a server's port on which another service answers.
    pub other_services: bool,
    /// The name of a client's system port.
    pub system_sources: bool,
}

impl Wrong {
    /// Whether it does not matter which end is the client: both ends' ports were assigned.
    pub fn holds_for_both_ends(&self) -> bool {
        matches!(self.why, Why::Assigned(_, Listeners::Both))
    }

    /// The note that says so.
    pub fn note(&self) -> Note<'static> {
        let Self { port, name, .. } = *self;
        match self.why {
            Why::Ephemeral => Note::ClientPort { port, is_ephemeral: ephemeral::is_in_a_common_range(port), name },
            Why::Agreed(frame) => Note::AgreedPort { port, frame, name },
            Why::Assigned(protocol, _) => Note::AssignedPort { port, protocol, name },
            Why::OtherService(spoken) => Note::OtherService { port, registered: name, spoken },
            Why::SystemSource => Note::SystemSource { port },
        }
    }
}

/// What a verdict means for the names in one packet.
pub struct Naming<'a, N> {
    roles: &'a RoleTracker,
    names: &'a N,
    segment: &'a Segment<'a>,
    verdict: &'a Verdict,
    /// What the user's table says of the source and of the destination.
    declared: [Option<Declared<'a>>; 2],
    spoken: Spoken,
}

/// What is known about the protocol of a conversation.
#[derive(Clone, Copy)]
struct Spoken {
    /// The protocol that was dissected (the host's id); 0: none.
    dissected: i32,
    /// The host has this dissector for the client's port, and that port is ephemeral.
    by_ephemeral_client: bool,
    /// The host has this dissector for the server's port.
    by_server: bool,
    /// A payload shows it.
    is_shown: bool,
    /// The frame in which the server's port was agreed on.
    agreement_frame: Option<u32>,
    /// Its entry, if its ports are assigned at run time.
    assigned: Option<&'static Assigned>,
}

impl Spoken {
    /// Nothing but the client's port says that it is this protocol.
    fn is_only_by_client(self) -> bool {
        self.by_ephemeral_client && !self.by_server && !self.is_shown
    }

    /// It is what a port is registered for, though the host has no dissector for that port.
    fn is_registered_for(self, port: u16) -> bool {
        self.assigned.is_some_and(|by| by.registered.contains(&port))
    }
}

impl<'a, N: NameKnowledge> Naming<'a, N> {
    /// For a packet and the verdict about its conversation.
    pub fn new(roles: &'a RoleTracker, names: &'a N, segment: &'a Segment<'a>, verdict: &'a Verdict) -> Self {
        let conversation = roles.conversation(verdict.place);
        let (by_client, by_server) = roles.dissected_by(verdict);
        let dissected = conversation.dissected;
        let spoken = Spoken {
            dissected,
            by_ephemeral_client: false,
            by_server,
            is_shown: conversation.is_protocol_shown(),
            agreement_frame: roles.server_agreement_frame(verdict),
            assigned: if dissected == 0 { None } else { names.assigned(dissected) },
        };
        let mut naming = Self { roles, names, segment, verdict, declared: declared_ends(segment, names), spoken };
        naming.spoken.by_ephemeral_client = by_client && naming.port_origin() == PortOrigin::Ephemeral;
        naming
    }

    /// The client's end.
    pub fn client(&self) -> End {
        match self.verdict.client {
            Party::Source => self.segment.source,
            Party::Destination => self.segment.destination,
        }
    }

    /// The server's end.
    pub fn server(&self) -> End {
        match self.verdict.client {
            Party::Source => self.segment.destination,
            Party::Destination => self.segment.source,
        }
    }

    /// The names that are wrong, however sure the verdict is.
    pub fn wrong_names(&self, options: WrongNameOptions) -> WrongNames {
        WrongNames {
            client: self.wrong_client_name(options.system_sources),
            server: self.wrong_server_name(options.other_services),
        }
    }

    /// Whether no name can be wrong in any packet of the conversation, as long as its protocol and the ports agreed on
    /// are the same. A handshake must have shown its client. Other services do not count; nor does it count that the
    /// client's port serves others, since that may be forgotten.
    pub fn can_never_be_wrong(&self) -> bool {
        let may_be_only_by_client = self.roles.dissected_by(self.verdict) == (true, false)
            && !self.spoken.is_shown
            && self.port_origin_if(false) == PortOrigin::Ephemeral;
        self.spoken.agreement_frame.is_none()
            && !self.is_decoded_by_server()
            && !may_be_only_by_client
            && self.declared == [None; 2]
            && !self.names.is_named(self.segment.transport, self.client().port)
            && self.wrong_server_name(false).is_none()
    }

    /// The protocol (the host's id) that was dissected only because the client's ephemeral port stands for it.
    pub fn wrong_dissector(&self) -> Option<i32> {
        (self.spoken.is_only_by_client() && !self.segment.quoted).then_some(self.spoken.dissected)
    }

    /// Whether the conversation is decoded by the server's port, and not by the client's as the host would.
    pub fn is_decoded_by_server(&self) -> bool {
        self.roles.conversation(self.verdict.place).is_decoded_by_server()
    }

    /// Whether the client has a system port, which no system picks by chance.
    pub fn has_system_source(&self) -> bool {
        self.port_origin() == PortOrigin::System
    }

    /// What is spoken: the user's name for it, if there is one, or else [what was found](Self::found_service).
    pub fn service(&self) -> Option<&'a [u8]> {
        self.declared_name().or_else(|| self.found_service())
    }

    fn declared(&self, party: Party) -> Option<Declared<'a>> {
        self.declared[party as usize]
    }

    /// The user's name for the service.
    pub fn declared_name(&self) -> Option<&'a [u8]> {
        self.declared(self.verdict.client.other())?.name.map(str::as_bytes)
    }

    /// The user's name for the service, where its port is registered under another one or none, with that.
    pub fn renamed(&self) -> Option<(&'a [u8], Option<&'static [u8]>)> {
        let name = self.declared_name()?;
        let registered = self.names.registered_name(self.segment.transport, self.server().port);
        (registered != Some(name)).then_some((name, registered))
    }

    /// Whether the user's table calls an end a server that a handshake showed to be the client.
    pub fn contradicts_declaration(&self) -> bool {
        self.declared(self.verdict.client).is_some()
            && self.declared(self.verdict.client.other()).is_none()
            && self.verdict.confidence == Confidence::Handshake
            && !self.verdict.both_ports_agreed()
    }

    /// The registered name of the server's port, unless that port was agreed on in-band or assigned at run time, or a
    /// protocol [was shown](Self::shown_protocol) that the port does not stand for.
    fn found_service(&self) -> Option<&'static [u8]> {
        let port = self.server().port;
        let was_assigned = self.spoken.agreement_frame.is_some() || self.assigned_by(port).is_some();
        let registered = self.names.registered_name(self.segment.transport, port).filter(|_| !was_assigned);
        let Some(protocol) = self.shown_protocol() else { return registered };
        let own = if self.stands_for(port, protocol) {
            registered.or_else(|| self.name_over_other_transport(port))
        } else {
            None
        };
        own.or_else(|| self.names.filter_name(protocol))
    }

    /// The name of the server's port over the other transport, if nothing else can be meant. Wireshark 4.4 forgets a
    /// port's name over one transport once it was asked for the name over the other. So this is asked last, where nothing is
    /// left to forget.
    fn name_over_other_transport(&self, port: u16) -> Option<&'static [u8]> {
        let is_lost = port <= HIGHEST_SYSTEM && self.names.registered_name(self.segment.transport, port).is_none();
        is_lost.then(|| self.names.registered_name(self.segment.transport.other(), port)).flatten()
    }

    /// The protocol (the host's id) that was dissected in this conversation, or else in another one of the server's. What
    /// the client's port alone stands for says nothing about the service.
    fn shown_protocol(&self) -> Option<i32> {
        let is_own = self.spoken.dissected != 0 && !self.spoken.is_only_by_client();
        if is_own {
            return Some(self.spoken.dissected);
        }
        // What has no client in another conversation is no service of this one's server.
        let is_service = |protocol: &i32| {
            !self.names.assigned(*protocol).is_some_and(|assigned| assigned.listeners == Listeners::Both)
        };
        self.roles.protocol_of_server(self.verdict).filter(is_service)
    }

    /// Whether the server's port stands for a protocol that was shown.
    fn stands_for(&self, port: u16, protocol: i32) -> bool {
        if protocol == self.spoken.dissected {
            return self.spoken.by_server || self.spoken.is_registered_for(port);
        }
        self.names.assigned(protocol).is_some_and(|by| by.registered.contains(&port))
    }

    fn wrong_client_name(&self, system_sources: bool) -> Option<Wrong> {
        if self.declared(self.verdict.client).is_some() {
            return None;
        }
        let port = self.client().port;
        let name = self.disputable_name(port)?;
        let why = match self.assigned_by(port).filter(|(_, listeners)| *listeners == Listeners::Both) {
            Some((protocol, listeners)) => Why::Assigned(protocol, listeners),
            None => match self.port_origin() {
                PortOrigin::Ephemeral => Why::Ephemeral,
                PortOrigin::System if system_sources => Why::SystemSource,
                PortOrigin::System | PortOrigin::Deliberate => return None,
            },
        };
        Some(Wrong { party: self.verdict.client, port, name, why })
    }

    fn wrong_server_name(&self, other_services: bool) -> Option<Wrong> {
        if self.declared(self.verdict.client.other()).is_some() {
            return None;
        }
        let port = self.server().port;
        let why = match (self.spoken.agreement_frame, self.assigned_by(port)) {
            (Some(frame), _) => Why::Agreed(frame),
            (None, Some((protocol, listeners))) => Why::Assigned(protocol, listeners),
            (None, None) if other_services => Why::OtherService(self.other_service()?),
            (None, None) => return None,
        };
        Some(Wrong { party: self.verdict.client.other(), port, name: self.disputable_name(port)?, why })
    }

    /// The registered name of a port, if the plugin may call it wrong: not for a port that the user lists as a server's
    /// (`ephemeral.server_ports`).
    fn disputable_name(&self, port: u16) -> Option<&'static [u8]> {
        let is_only_registered =
            self.names.is_named(self.segment.transport, port) && !self.names.is_listed_server(port);
        is_only_registered.then(|| self.names.registered_name(self.segment.transport, port)).flatten()
    }

    /// The protocol by which a port was assigned at run time, and whose ports it assigns.
    fn assigned_by(&self, port: u16) -> Option<(&'static [u8], Listeners)> {
        if self.verdict.is_between_peers() {
            return (port > HIGHEST_SYSTEM).then_some((b"ice", Listeners::Both));
        }
        let by = self.spoken.assigned.filter(|by| !self.spoken.by_server && by.assigns(port))?;
        Some((by.protocol.to_bytes(), by.listeners))
    }

    /// The other protocol that is spoken on the server's registered port. What carries others (TLS) does not
    /// contradict a port that has a dissector: that one may be inside.
    fn other_service(&self) -> Option<&'static [u8]> {
        let (transport, port) = (self.segment.transport, self.server().port);
        let registered = self.names.registered_name(transport, port)?;
        let service = self.found_service()?;
        let may_be_inside = self.shown_protocol().is_some_and(|shown| self.names.is_carrier(shown))
            && self.names.protocol(transport, port).is_some();
        (registered != service && !may_be_inside).then_some(service)
    }

    /// Where the client's port comes from: 1140 opposite 80 is ephemeral. [`ephemeral::port_origin`] has the rules in order.
    fn port_origin(&self) -> PortOrigin {
        self.port_origin_if(self.roles.client_port_serves_others(self.verdict))
    }

    /// The same if the port `serves` others as well, or if it does not.
    fn port_origin_if(&self, serves_others: bool) -> PortOrigin {
        ephemeral::port_origin(&ClientPort {
            transport: self.segment.transport,
            port: self.client().port,
            server: self.server().port,
            speaks_rpc: self.spoken.assigned.is_some_and(|by| by.reserved),
            both_agreed: self.verdict.both_ports_agreed(),
            serves_others,
            is_of_protocol: self.is_of_protocol(),
        })
    }

    /// Whether the client's port is registered for the spoken protocol, and either the server's port is registered for
    /// it as well or the payload shows the protocol. Never over TCP: there a client seldom binds its socket to a port,
    /// so it got this one by chance.
    fn is_of_protocol(&self) -> bool {
        let (transport, client, server) = (self.segment.transport, self.client().port, self.server().port);
        if transport == Transport::Tcp || !ephemeral::can_be_ephemeral(transport, client, server) {
            return false;
        }
        let protocol = self.names.protocol(transport, client);
        // The hash may happen to be another port of the same tunnel protocol.
        if ephemeral::is_flow_hash(transport, client, server) && protocol == Some(self.spoken.dissected) {
            return false;
        }
        let is_recognized = || {
            let name = self.names.filter_name(protocol?)?;
            Some(self.roles.conversation(self.verdict.place).sign?.sign.is_of(name))
        };
        self.roles.dissected_by(self.verdict) == (true, true) || is_recognized() == Some(true)
    }
}

#[cfg(test)]
mod tests;
