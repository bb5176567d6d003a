//! Decides what is worth saying about one header, by its verdict and by what is asked for.

use super::names;
use super::view::Packet;
use super::words::{Header, NameRef, NoteRef};
use crate::host::api::epan::boundary::*;
use crate::host::registration::preferences::{Notes, PREFERENCES};
use crate::label::{self, LabelEnd};
use crate::misnaming::{self, Note};
use crate::packet::{End, Party, Segment, Transport};
use crate::roles::{Confidence, PortKnowledge, Roles, Verdict};
use crate::text::{Composer, Shown, TextRef, Texts};
use std::fmt;

/// What there is to say about one header, and what to ask for it.
pub struct Writer<'a> {
    /// The packet.
    pub packet: &'a Packet<'a>,
    /// The header.
    pub segment: &'a Segment<'a>,
    /// The verdict about its conversation.
    pub verdict: &'a Verdict,
}

/// Whether only what is wrong in a packet is asked for: of most, nothing is.
pub fn wants_remarks_only(packet: &Packet<'_>) -> bool {
    let remarks = 1 << EPH_MISNAMED | 1 << EPH_MISNAMED_PORT | 1 << EPH_MISNAMED_NAME | EPH_WANTS_EXPERTS;
    !packet.wants_any(!remarks) && !PREFERENCES.note_service() && !PREFERENCES.label_in_info()
}

/// The fields that hold what the tables of conversations and endpoints call the ends.
const ENDPOINTS: u32 = 1 << EPH_ENDPOINT | 1 << EPH_SOURCE_ENDPOINT | 1 << EPH_DESTINATION_ENDPOINT;

/// A name that is wrong for a port.
#[derive(Clone, Copy)]
struct Wrong {
    party: Party,
    port: u16,
    name: &'static [u8],
}

/// What there may be to note about one header.
#[derive(Clone, Copy)]
struct Notable {
    /// Of the client's port and of a listening port that was agreed on.
    names: [Option<Wrong>; 2],
    agreed_in: Option<u32>,
    wrong_dissector: Option<&'static [u8]>,
    spoken: Spoken,
}

impl Writer<'_> {
    /// Writes what is wanted; `position` is the header's among those of its transport. `None` if
    /// nobody would see anything of it, as for most packets.
    pub fn write(&self, position: u8, roles: &mut Roles, texts: &mut Texts) -> Option<Header> {
        let (client, server) = self.ends();
        let agreed_in = roles.server_agreed_in(self.verdict);
        let names = [self.misnamed_client(client), self.misnamed_listener(server, agreed_in)];
        let spoken = self.spoken(roles, agreed_in.is_some());
        let wrong_dissector = self.wrong_dissector(spoken);
        let is_remarkable = names.iter().any(Option::is_some) || wrong_dissector.is_some();
        if !is_remarkable && wants_remarks_only(self.packet) {
            return None;
        }
        let mut header = Header {
            transport: self.segment.transport as u8,
            position,
            from_client: self.verdict.client == Party::Source,
            confidence: self.verdict.confidence as u8,
            client_port: client.port,
            server_port: server.port,
            evidence_frame: self.verdict.evidence.frame().unwrap_or(0),
            misnamed: names[0].is_some(),
            ..Header::default()
        };
        self.fields(&mut header, spoken, texts);
        if let Some(wrong) = names[0].filter(|_| self.packet.wants(EPH_MISNAMED_NAME)) {
            header.misnamed_name = Some(texts.add(format_args!("{}", Shown(wrong.name))));
        }
        self.ports(&mut header, if self.is_sure() { names } else { [None; 2] }, texts);
        if self.is_sure() {
            self.correct(&mut header, names, texts);
            let notes = Notable { names, agreed_in, wrong_dissector, spoken };
            self.notes(&mut header, notes, roles, texts);
        }
        Some(header)
    }

    /// Whether nothing about the conversation could be remarked on in any of its packets, whatever the
    /// preferences are: not as long as its protocol and the ports agreed on are the same.
    pub fn is_unremarkable(&self, roles: &Roles) -> bool {
        self.verdict.confidence == Confidence::Handshake
            && roles.server_agreed_in(self.verdict).is_none()
            && !self.spoken(roles, false).only_by_client()
            && self.packet.bound.service(self.segment.transport, self.ends().0.port).is_none()
    }

    fn notes(&self, header: &mut Header, of: Notable, roles: &mut Roles, texts: &mut Texts) {
        let (client, server) = self.ends();
        let (client_party, server_party) = (self.verdict.client, self.verdict.client.other());
        let [misnamed, listener] = of.names;
        if let Some(Wrong { port, name, .. }) = misnamed {
            let note = Note::EphemeralPort { port, name };
            self.note(header, EPH_PORT_MISNAMED, client_party, note, roles, texts);
        }
        if let (Some(Wrong { port, name, .. }), Some(frame)) = (listener, of.agreed_in) {
            let note = Note::AgreedPort { port, frame, name };
            self.note(header, EPH_LISTENER_MISNAMED, server_party, note, roles, texts);
        }
        if let Some(protocol) = of.wrong_dissector {
            let note = Note::WrongDissector { protocol, client: client.port, server: server.port };
            self.note(header, EPH_WRONG_DISSECTOR, client_party, note, roles, texts);
        }
        let noted = PREFERENCES.note_service() && !of.spoken.agreed;
        if let Some((registered, spoken)) = noted.then(|| self.other_service(of.spoken, server.port)).flatten() {
            let note = Note::OtherService { port: server.port, registered, spoken };
            self.note(header, EPH_OTHER_SERVICE, server_party, note, roles, texts);
        }
    }

    fn ends(&self) -> (End, End) {
        match self.verdict.client {
            Party::Source => (self.segment.source, self.segment.destination),
            Party::Destination => (self.segment.destination, self.segment.source),
        }
    }

    /// Sure enough to add notes and to change what is displayed. Without connections, UDP's weak
    /// verdicts are weaker still.
    fn is_sure(&self) -> bool {
        let weak_udp = self.segment.transport == Transport::Udp && self.verdict.confidence < Confidence::Strong;
        !weak_udp && PREFERENCES.is_sure_enough(self.verdict.confidence)
    }

    /// The name that the client's port wrongly carries.
    fn misnamed_client(&self, client: End) -> Option<Wrong> {
        self.clients_port_is_ephemeral().then(|| self.wrong_name(self.verdict.client, client.port))?
    }

    fn clients_port_is_ephemeral(&self) -> bool {
        misnaming::is_ephemeral(self.verdict, self.segment.source.port, self.segment.destination.port)
    }

    /// The name that a listening port wrongly carries which was agreed on in-band.
    fn misnamed_listener(&self, server: End, agreed_in: Option<u32>) -> Option<Wrong> {
        agreed_in?;
        self.wrong_name(self.verdict.client.other(), server.port)
    }

    fn wrong_name(&self, party: Party, port: u16) -> Option<Wrong> {
        let name = self.packet.bound.service(self.segment.transport, port)?;
        (!self.packet.bound.is_service(port)).then_some(Wrong { party, port, name })
    }

    fn spoken(&self, roles: &Roles, agreed: bool) -> Spoken {
        let (by_client, by_server) = roles.dissected_by(self.verdict);
        let dissected = roles.conversation(self.verdict.place).dissected;
        Spoken { dissected, by_client: by_client && self.clients_port_is_ephemeral(), by_server, agreed }
    }

    /// The protocol that was dissected only because the client's ephemeral port stands for it.
    fn wrong_dissector(&self, spoken: Spoken) -> Option<&'static [u8]> {
        if !spoken.only_by_client() || self.segment.quoted {
            return None;
        }
        let dissected = self.packet.protocol().filter(|protocol| *protocol == spoken.dissected)?;
        names::protocol(self.packet.bound.epan, dissected)
    }

    /// The registered name of the server's port and the other protocol that is spoken there.
    fn other_service(&self, spoken: Spoken, server: u16) -> Option<(&'static [u8], &'static [u8])> {
        let registered = self.packet.bound.service(self.segment.transport, server)?;
        let service = self.service(spoken, server)?;
        (registered != service).then_some((registered, service))
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

    /// What is spoken: the registered name of the server's port, unless that port was agreed on
    /// in-band, or a protocol was dissected that neither end's port stands for.
    fn service(&self, spoken: Spoken, server: u16) -> Option<&'static [u8]> {
        let registered = self.packet.bound.service(self.segment.transport, server).filter(|_| !spoken.agreed);
        // What the client's port stands for says nothing about the service.
        let own = spoken.by_server && registered.is_some();
        if spoken.dissected == 0 || own || spoken.only_by_client() {
            return registered;
        }
        names::protocol(self.packet.bound.epan, spoken.dissected)
    }

    /// The texts to take the wrong names out of, as the host writes them with transport names on:
    /// `http(80) → autonoc(1140)` in the Info column, `autonoc (1140)` in the tree.
    fn correct(&self, header: &mut Header, wrong: [Option<Wrong>; 2], texts: &mut Texts) {
        if !self.packet.shows_names() || wrong.iter().all(Option::is_none) {
            return;
        }
        if PREFERENCES.correct_info() && self.packet.has_columns() {
            let is_wrong = |party| wrong.iter().flatten().any(|wrong| wrong.party == party);
            let before = self.info_ports(|_| true, texts);
            let after = self.info_ports(|party| !is_wrong(party), texts);
            header.info = Some((before, after));
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

    /// The two ports as the Info column has them, with the names of those that keep theirs.
    fn info_ports(&self, keeps: impl Fn(Party) -> bool, texts: &mut Texts) -> TextRef {
        let add = |text: &mut Composer<'_>, party, port| {
            let name = if keeps(party) { self.packet.bound.service(self.segment.transport, port) } else { None };
            match name {
                Some(name) => text.bytes(name).bytes(b"(").number(port).bytes(b")"),
                None => text.number(port),
            };
        };
        let mut text = texts.compose();
        add(&mut text, Party::Source, self.segment.source.port);
        text.bytes(" → ".as_bytes());
        add(&mut text, Party::Destination, self.segment.destination.port);
        text.finish()
    }
}

/// What is known about the protocol of a conversation.
#[derive(Clone, Copy)]
struct Spoken {
    /// The protocol that was dissected (the host's id); 0: none.
    dissected: i32,
    /// It is what the client's port stands for, and that is not the server's as well.
    by_client: bool,
    /// It is what the server's port stands for.
    by_server: bool,
    /// The server's port was agreed on in-band.
    agreed: bool,
}

impl Spoken {
    /// It was dissected for the client's port alone.
    fn only_by_client(self) -> bool {
        self.by_client && !self.by_server
    }
}
