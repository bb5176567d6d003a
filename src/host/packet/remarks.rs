//! Decides what is worth saying about one header, by its verdict and by what is asked for.

use super::names;
use super::ports::Ports;
use super::view::Packet;
use super::words::{Header, NameRef, NoteRef};
use crate::assigned::{Assigned, Listeners};
use crate::ephemeral::{self, Choice, ClientPort, HIGHEST_SYSTEM};
use crate::host::api::epan::boundary::*;
use crate::host::registration::preferences::{Notes, PREFERENCES};
use crate::label::{self, InfoPort, InfoPorts, LabelEnd};
use crate::misnaming::Note;
use crate::packet::{End, Party, Segment, Transport};
use crate::roles::{Place, PortKnowledge, Roles, Side, Verdict};
use crate::text::{Shown, TextRef, Texts};
use std::fmt;

/// What there is to say about one header, and what to ask for it.
pub struct Writer<'a> {
    /// The packet.
    pub packet: &'a Packet<'a>,
    /// The header.
    pub segment: &'a Segment<'a>,
    /// The verdict about its conversation.
    pub verdict: &'a Verdict,
    /// What is known about ports.
    pub ports: &'a Ports<'a>,
}

/// Whether only what is wrong in a packet is asked for, and of that only what most packets do not have.
pub fn wants_remarks_only(packet: &Packet<'_>) -> bool {
    let remarks = 1 << EPH_MISNAMED | 1 << EPH_MISNAMED_PORT | 1 << EPH_MISNAMED_NAME | EPH_WANTS_EXPERTS;
    let p = &PREFERENCES;
    let more = p.note_service() || p.correct_service() || p.note_system_source() || p.label_in_info();
    !packet.wants_any(!remarks) && !more
}

/// Of a conversation's source and destination in this order, whether there could be something to remark on in any of
/// its packets if that end is found to be its client, as long as its protocol and the ports agreed on are the same, and
/// only remarks are asked for ([`wants_remarks_only`]). The verdict, which other conversations can change and which
/// takes long, need not be asked for unless it matters.
pub fn suspects(segment: &Segment<'_>, place: Place, roles: &Roles, ports: &Ports<'_>) -> [bool; 2] {
    let conversation = roles.conversation(place);
    let is_assigned = conversation.dissected != 0 && ports.bound.assigned(conversation.dissected).is_some();
    if is_assigned || conversation.is_between_peers() || roles.is_either_agreed(place) {
        return [true; 2];
    }
    let by = conversation.dissected_by;
    let is_suspect = |client: u16, server: u16, side: Side| {
        let is_named = || ports.is_named(segment.transport, client) && !ports.is_service(client);
        let is_dissected_by_client = by.has(side) && !by.has(side.other());
        (is_dissected_by_client || is_named()) && ephemeral::can_be(segment.transport, client, server)
    };
    let (source, destination) = (segment.source.port, segment.destination.port);
    [is_suspect(source, destination, place.sender), is_suspect(destination, source, place.sender.other())]
}

/// The fields that hold what the tables of conversations and endpoints call the ends.
const ENDPOINTS: u32 = 1 << EPH_ENDPOINT | 1 << EPH_SOURCE_ENDPOINT | 1 << EPH_DESTINATION_ENDPOINT;

/// A name that is wrong for a port.
#[derive(Clone, Copy)]
pub struct Wrong {
    /// Whose port.
    pub party: Party,
    /// The port.
    pub port: u16,
    /// The name registered for that number.
    pub name: &'static [u8],
    why: Why,
}

/// Why a name is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The client has the port by chance.
    Ephemeral,
    /// It was agreed on in this frame.
    Agreed(u32),
    /// It was assigned at run time, as this protocol's are.
    Assigned(&'static [u8], Listeners),
    /// This is spoken there.
    OtherService(&'static [u8]),
}

impl Writer<'_> {
    /// Writes what is wanted; `position` is the header's among those of its transport. `None` if
    /// nobody would see anything of it, as for most packets.
    pub fn write(&self, position: u8, roles: &mut Roles, texts: &mut Texts, infos: &mut InfoPorts) -> Option<Header> {
        let (client, server) = self.ends();
        let spoken = self.spoken(roles);
        let names = self.wrong_names(spoken, roles).map(|wrong| wrong.filter(|wrong| self.is_sure_of(*wrong)));
        let wrong_dissector = self.wrong_dissector(position, spoken).filter(|_| self.is_sure());
        let is_remarkable = names.iter().any(Option::is_some) || wrong_dissector.is_some();
        if !is_remarkable && wants_remarks_only(self.packet) {
            return None;
        }
        let misnamed = names[0].filter(|wrong| wrong.why == Why::Ephemeral);
        let mut header = Header {
            transport: self.segment.transport as u8,
            position,
            from_client: self.verdict.client == Party::Source,
            confidence: self.verdict.confidence as u8,
            client_port: client.port,
            server_port: server.port,
            evidence_frame: self.verdict.evidence.frame().unwrap_or(0),
            misnamed: misnamed.is_some(),
            ..Header::default()
        };
        self.fields(&mut header, spoken, texts);
        if let Some(wrong) = misnamed.filter(|_| self.packet.wants(EPH_MISNAMED_NAME)) {
            header.misnamed_name = Some(texts.add(format_args!("{}", Shown(wrong.name))));
        }
        let corrected = names.map(|wrong| wrong.filter(|wrong| wrong.is_corrected()));
        self.ports(&mut header, corrected, texts);
        self.correct(&mut header, corrected, texts, infos);
        for wrong in names.into_iter().flatten().filter(|wrong| wrong.is_noted()) {
            self.note(&mut header, wrong.expert(), wrong.party, wrong.note(), roles, texts);
        }
        if self.is_sure() {
            self.notes(&mut header, wrong_dissector, spoken, roles, texts);
        }
        Some(header)
    }

    /// Whether nothing about the conversation could be remarked on in any of its packets, as long as its protocol
    /// and the ports agreed on are the same, and only remarks are asked for ([`wants_remarks_only`]). A handshake has
    /// shown who is its client. That this one's port serves others is not relied on, as it may be forgotten.
    pub fn is_unremarkable(&self, roles: &Roles) -> bool {
        let (client, _) = self.ends();
        let spoken = self.spoken(roles);
        let may_be_only_by_client = roles.dissected_by(self.verdict) == (true, false)
            && !spoken.is_shown
            && self.choice_if(spoken.assigned, false, roles) == Choice::ByChance;
        spoken.agreed_in.is_none()
            && !may_be_only_by_client
            && !self.ports.is_named(self.segment.transport, client.port)
            && self.misnamed_server(spoken).is_none()
    }

    /// For each end, the client's first, the name that its port wrongly carries, if any, however sure that is. All
    /// that is noted, corrected or displayed of the ports' names follows from this.
    pub fn wrong_names(&self, spoken: Spoken, roles: &Roles) -> [Option<Wrong>; 2] {
        [self.misnamed_client(spoken, roles), self.misnamed_server(spoken)]
    }

    /// The notes that are not about a name.
    fn notes(
        &self,
        header: &mut Header,
        wrong_dissector: Option<&[u8]>,
        spoken: Spoken,
        roles: &mut Roles,
        texts: &mut Texts,
    ) {
        let (client, server) = self.ends();
        if let Some(protocol) = wrong_dissector {
            let is_ephemeral = ephemeral::is_in_a_common_range(client.port);
            let note = Note::WrongDissector { protocol, client: client.port, is_ephemeral, server: server.port };
            self.note(header, EPH_WRONG_DISSECTOR, self.verdict.client, note, roles, texts);
        }
        if PREFERENCES.note_system_source() && self.choice(spoken.assigned, roles) == Choice::System {
            let note = Note::SystemSource { port: client.port };
            self.note(header, EPH_SYSTEM_SOURCE, self.verdict.client, note, roles, texts);
        }
    }

    fn ends(&self) -> (End, End) {
        match self.verdict.client {
            Party::Source => (self.segment.source, self.segment.destination),
            Party::Destination => (self.segment.destination, self.segment.source),
        }
    }

    /// Sure enough to call a port misnamed: in fields, notes and statistics, and by what is displayed.
    fn is_sure(&self) -> bool {
        PREFERENCES.is_sure_enough(self.verdict.confidence)
    }

    /// The same for a name: where both ends' ports were assigned, it does not matter which one is the client.
    pub fn is_sure_of(&self, wrong: Wrong) -> bool {
        matches!(wrong.why, Why::Assigned(_, Listeners::Both)) || self.is_sure()
    }

    fn misnamed_client(&self, spoken: Spoken, roles: &Roles) -> Option<Wrong> {
        let (client, _) = self.ends();
        let name = self.name(client.port)?;
        let why = match self.assigned_by(spoken, client.port).filter(|(_, listeners)| *listeners == Listeners::Both) {
            Some((protocol, listeners)) => Why::Assigned(protocol, listeners),
            None if self.choice(spoken.assigned, roles) == Choice::ByChance => Why::Ephemeral,
            None => return None,
        };
        Some(Wrong { party: self.verdict.client, port: client.port, name, why })
    }

    fn misnamed_server(&self, spoken: Spoken) -> Option<Wrong> {
        let (_, server) = self.ends();
        let why = match (spoken.agreed_in, self.assigned_by(spoken, server.port)) {
            (Some(frame), _) => Why::Agreed(frame),
            (None, Some((protocol, listeners))) => Why::Assigned(protocol, listeners),
            (None, None) if PREFERENCES.note_service() || PREFERENCES.correct_service() => {
                Why::OtherService(self.other_service(spoken, server.port)?)
            }
            (None, None) => return None,
        };
        Some(Wrong { party: self.verdict.client.other(), port: server.port, name: self.name(server.port)?, why })
    }

    /// The name of a port, unless the user says that it is a service's.
    fn name(&self, port: u16) -> Option<&'static [u8]> {
        let is_only_registered = self.ports.is_named(self.segment.transport, port) && !self.ports.is_service(port);
        is_only_registered.then(|| self.packet.bound.service(self.segment.transport, port)).flatten()
    }

    /// The protocol by which a port was assigned at run time, and whose ports it assigns.
    fn assigned_by(&self, spoken: Spoken, port: u16) -> Option<(&'static [u8], Listeners)> {
        if self.verdict.is_between_peers() {
            return (port > HIGHEST_SYSTEM).then_some((b"ice", Listeners::Both));
        }
        let by = spoken.assigned.filter(|by| !spoken.by_server && by.assigns(port))?;
        Some((by.protocol.to_bytes(), by.listeners))
    }

    /// How the client came to its port.
    fn choice(&self, assigned: Option<&Assigned>, roles: &Roles) -> Choice {
        self.choice_if(assigned, roles.client_serves(self.verdict), roles)
    }

    /// The same if the port `serves` others as well, or if it does not.
    fn choice_if(&self, assigned: Option<&Assigned>, serves: bool, roles: &Roles) -> Choice {
        let (client, server) = self.ends();
        ephemeral::choice(&ClientPort {
            transport: self.segment.transport,
            port: client.port,
            server: server.port,
            speaks_rpc: assigned.is_some_and(|by| by.reserved),
            both_agreed: self.verdict.both_ports_agreed(),
            serves,
            is_of_protocol: self.is_of_protocol(client.port, server.port, roles),
        })
    }

    /// Whether the client's port is one of the protocol's that is spoken, over UDP: the server's stands for that protocol,
    /// too, or the payload shows it. Over TCP, where a client seldom binds its socket to a port, it got that one by chance.
    fn is_of_protocol(&self, client: u16, server: u16, roles: &Roles) -> bool {
        let transport = self.segment.transport;
        if transport != Transport::Udp || !ephemeral::can_be(transport, client, server) {
            return false;
        }
        let conversation = roles.conversation(self.verdict.place);
        let protocol = self.packet.bound.protocol(transport, client);
        // A hash may be another port of the tunnel's.
        if ephemeral::is_hash(transport, client, server) && protocol == Some(conversation.dissected) {
            return false;
        }
        let is_recognized = || {
            let name = names::protocol(self.packet.bound.epan, protocol?)?;
            Some(conversation.sign?.sign.is_of(name))
        };
        roles.dissected_by(self.verdict) == (true, true) || is_recognized() == Some(true)
    }

    fn spoken(&self, roles: &Roles) -> Spoken {
        let (by_client, by_server) = roles.dissected_by(self.verdict);
        let dissected = roles.conversation(self.verdict.place).dissected;
        let assigned = if dissected == 0 { None } else { self.packet.bound.assigned(dissected) };
        let by_client = by_client && self.choice(assigned, roles) == Choice::ByChance;
        let is_shown = roles.conversation(self.verdict.place).is_protocol_shown;
        Spoken { dissected, by_client, by_server, is_shown, agreed_in: roles.server_agreed_in(self.verdict), assigned }
    }

    /// The protocol that was dissected only because the client's ephemeral port stands for it.
    fn wrong_dissector(&self, position: u8, spoken: Spoken) -> Option<&'static [u8]> {
        if !spoken.only_by_client() || self.segment.quoted {
            return None;
        }
        let dissected = self.packet.protocol_on(self.segment.transport, position);
        let dissected = dissected.filter(|protocol| *protocol == spoken.dissected)?;
        names::protocol(self.packet.bound.epan, dissected)
    }

    /// The other protocol that is spoken on a server's registered port. What carries others (TLS) does not
    /// contradict a port that has a dissector: that one may be inside.
    fn other_service(&self, spoken: Spoken, server: u16) -> Option<&'static [u8]> {
        let bound = self.packet.bound;
        let registered = bound.service(self.segment.transport, server)?;
        let service = self.service(spoken, server)?;
        let may_be_inside =
            bound.carriers.contains(&spoken.dissected) && bound.protocol(self.segment.transport, server).is_some();
        (registered != service && !may_be_inside).then_some(service)
    }

    fn note(
        &self,
        header: &mut Header,
        expert: u32,
        at: Party,
        note: impl fmt::Display,
        roles: &mut Roles,
        texts: &mut Texts,
    ) {
        if !self.is_noted(roles) || !self.packet.has_experts() {
            return;
        }
        let text = texts.add(format_args!("{note}"));
        header.add_note(NoteRef { expert: expert as u8, at_source: at == Party::Source, text });
    }

    fn is_noted(&self, roles: &mut Roles) -> bool {
        match PREFERENCES.notes() {
            Notes::Every => true,
            Notes::Never => false,
            Notes::First => {
                let conversation = roles.conversation_mut(self.verdict.place);
                if conversation.noted_frame == 0 && self.packet.is_new() {
                    conversation.noted_frame = self.packet.number();
                }
                conversation.noted_frame == self.packet.number()
            }
        }
    }

    fn fields(&self, header: &mut Header, spoken: Spoken, texts: &mut Texts) {
        let (client, server) = self.ends();
        let packet = self.packet;
        let mut address = |end: End| texts.compose().address(end.address()).finish();
        let wants_endpoint = packet.wants_any(ENDPOINTS);
        header.client = (wants_endpoint || packet.wants(EPH_CLIENT)).then(|| address(client));
        header.server = packet.wants(EPH_SERVER).then(|| address(server));
        if packet.wants(EPH_EVIDENCE) {
            header.evidence = Some(texts.add(format_args!("{}", self.verdict.evidence)));
        }
        if packet.is_tapped() {
            header.evidence_kind = Some(texts.add_raw(&[self.verdict.evidence.kind().as_bytes()]));
        }
        let wants_label = packet.wants(EPH_LABEL) || (PREFERENCES.label_in_info() && packet.has_columns());
        if !wants_label && !wants_endpoint && !packet.wants(EPH_SERVICE) {
            return;
        }
        let service = self.service(spoken, server.port);
        if packet.wants(EPH_SERVICE) {
            header.service = service.map(|name| texts.compose().shown(Shown(name)).finish());
        }
        if wants_endpoint {
            header.endpoint = Some(label::add_service(texts, server, service));
        }
        if wants_label {
            let client = LabelEnd { host: self.host(client, header.client, texts), port: client.port };
            let server = LabelEnd { host: self.host(server, header.server, texts), port: server.port };
            header.label = Some(label::add(texts, client, server, service));
        }
    }

    /// What the ports should be called; `wrong` names are left out.
    fn ports(&self, header: &mut Header, wrong: [Option<Wrong>; 2], texts: &mut Texts) {
        let mut called = |field, party, port| {
            let named = self.packet.shows_names() && !wrong.iter().flatten().any(|wrong| wrong.party == party);
            self.packet.wants(field).then(|| {
                let name = named.then(|| self.packet.bound.service(self.segment.transport, port)).flatten();
                label::add_port(texts, port, name)
            })
        };
        header.source_port = called(EPH_SOURCE_PORT, Party::Source, self.segment.source.port);
        header.destination_port = called(EPH_DESTINATION_PORT, Party::Destination, self.segment.destination.port);
    }

    /// An end's host as the user wants to see it; `number` is its address, if that was written already.
    fn host(&self, end: End, number: Option<TextRef>, texts: &mut Texts) -> TextRef {
        if self.packet.shows_hosts() {
            let show = |host: &[u8]| texts.compose().shown(Shown(host)).finish();
            names::with_host(self.packet.bound.epan, end.address(), show)
        } else {
            number.unwrap_or_else(|| texts.compose().address(end.address()).finish())
        }
    }

    /// What is spoken: the registered name of the server's port, unless that port was agreed on in-band or assigned
    /// at run time, or a protocol was dissected that neither end's port stands for.
    fn service(&self, spoken: Spoken, server: u16) -> Option<&'static [u8]> {
        let is_accident = spoken.agreed_in.is_some() || self.assigned_by(spoken, server).is_some();
        let registered = self.packet.bound.service(self.segment.transport, server).filter(|_| !is_accident);
        // What the client's port stands for says nothing about the service.
        let own = (spoken.by_server || spoken.is_registered_for(server)) && registered.is_some();
        if spoken.dissected == 0 || own || spoken.only_by_client() {
            return registered;
        }
        names::protocol(self.packet.bound.epan, spoken.dissected)
    }

    /// The texts to take the wrong names out of, as the host writes them with transport names on:
    /// `http(80) → autonoc(1140)` in the Info column, `autonoc (1140)` in the tree.
    fn correct(&self, header: &mut Header, wrong: [Option<Wrong>; 2], texts: &mut Texts, infos: &mut InfoPorts) {
        if !self.packet.shows_names() || wrong.iter().all(Option::is_none) {
            return;
        }
        if PREFERENCES.correct_info() && self.packet.has_columns() {
            let is_wrong = |party| wrong.iter().flatten().any(|wrong| wrong.party == party);
            let ends = [(Party::Source, self.segment.source), (Party::Destination, self.segment.destination)];
            let ports = ends.map(|(party, end)| InfoPort { port: end.port, is_wrong: is_wrong(party) });
            let name = |port| self.packet.bound.service(self.segment.transport, port);
            header.info = Some(infos.add(texts, self.segment.transport, ports, name));
        }
        if PREFERENCES.correct_tree() && self.packet.has_tree() {
            for wrong in wrong.into_iter().flatten() {
                header.add_name(NameRef {
                    at_source: wrong.party == Party::Source,
                    port: wrong.port,
                    wrong: texts.compose().bytes(wrong.name).bytes(b" (").number(wrong.port).bytes(b")").finish(),
                    right: texts.compose().number(wrong.port).finish(),
                });
            }
        }
    }
}

/// What is known about the protocol of a conversation.
#[derive(Clone, Copy)]
pub struct Spoken {
    /// The protocol that was dissected (the host's id); 0: none.
    dissected: i32,
    /// It is what the client's port stands for, and that is not the server's as well.
    by_client: bool,
    /// It is what the server's port stands for.
    by_server: bool,
    /// A payload shows it.
    is_shown: bool,
    /// The frame in which the server's port was agreed on.
    agreed_in: Option<u32>,
    /// Its entry, if its ports are assigned at run time.
    assigned: Option<&'static Assigned>,
}

impl Spoken {
    /// Nothing but the client's port says that it is this protocol.
    fn only_by_client(self) -> bool {
        self.by_client && !self.by_server && !self.is_shown
    }

    /// It is what a port is registered for, though the host has no dissector for that port.
    fn is_registered_for(self, port: u16) -> bool {
        self.assigned.is_some_and(|by| by.registered.contains(&port))
    }
}

impl Wrong {
    /// The name is taken out of what the host displays.
    fn is_corrected(&self) -> bool {
        !matches!(self.why, Why::OtherService(_)) || PREFERENCES.correct_service()
    }

    fn is_noted(&self) -> bool {
        !matches!(self.why, Why::OtherService(_)) || PREFERENCES.note_service()
    }

    fn expert(&self) -> u32 {
        match self.why {
            Why::Ephemeral => EPH_PORT_MISNAMED,
            Why::Agreed(_) | Why::Assigned(..) => EPH_LISTENER_MISNAMED,
            Why::OtherService(_) => EPH_OTHER_SERVICE,
        }
    }

    fn note(&self) -> Note<'static> {
        let Self { port, name, .. } = *self;
        match self.why {
            Why::Ephemeral => Note::ClientPort { port, is_ephemeral: ephemeral::is_in_a_common_range(port), name },
            Why::Agreed(frame) => Note::AgreedPort { port, frame, name },
            Why::Assigned(protocol, _) => Note::AssignedPort { port, protocol, name },
            Why::OtherService(spoken) => Note::OtherService { port, registered: name, spoken },
        }
    }
}
