// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Renders the verdict about one header, and the wrong names, as the fields and texts that are wanted.

use super::annotation::{Annotation, HeaderAnnotation};
use super::names;
use super::ports::Ports;
use super::view::Packet;
use crate::ephemeral;
use crate::host::api::epan::*;
use crate::host::settings::preferences::{Notes, PREFERENCES};
use crate::label::{self, InfoPort, InfoTextCache, LabelEnd};
use crate::naming::{Naming, Note, Why, Wrong, WrongNameOptions, WrongNames};
use crate::packet::{End, Flags, Party, Segment};
use crate::roles::{Fact, RoleTracker, Verdict};
use crate::text::{Shown, TextRef, Texts};

/// One header, its verdict, and the knowledge about ports.
pub(super) struct Renderer<'a> {
    /// The packet.
    pub packet: &'a Packet<'a>,
    /// The header.
    pub segment: &'a Segment<'a>,
    /// The verdict about its conversation.
    pub verdict: &'a Verdict,
    /// What is known about ports.
    pub ports: &'a Ports<'a>,
}

/// Returns whether only wrong names are wanted, and nothing about other services or system source ports. Most packets
/// have none, and then there is nothing to write.
pub(super) fn wants_only_wrong_names(packet: &Packet<'_>) -> bool {
    let wrong = 1 << EPH_MISNAMED | 1 << EPH_MISNAMED_PORT | 1 << EPH_MISNAMED_NAME | EPH_WANTS_EXPERTS;
    let p = &PREFERENCES;
    let more_notes = p.note_service() || p.note_system_source();
    let more = more_notes || p.correct_service() || p.correct_system_source() || p.label_in_info();
    !packet.wants_any(!wrong) && !more
}

/// The fields with the texts of the rows in Conversations and Endpoints.
const ENDPOINTS: u32 = 1 << EPH_ENDPOINT | 1 << EPH_SOURCE_ENDPOINT | 1 << EPH_DESTINATION_ENDPOINT;

impl Renderer<'_> {
    /// Renders what is wanted. `position` counts the packet's headers of that transport. Returns `None` if nothing
    /// would be visible, which is so for most packets.
    pub(super) fn render(
        &self,
        position: u8,
        roles: &mut RoleTracker,
        texts: &mut Texts,
        infos: &mut InfoTextCache,
    ) -> Option<HeaderAnnotation> {
        let naming = Naming::new(roles, self.ports, self.segment, self.verdict);
        let is_sure = PREFERENCES.is_sure_enough(self.verdict.confidence);
        let mut wrong = naming.wrong_names(WrongNameOptions {
            other_services: PREFERENCES.note_service() || PREFERENCES.correct_service(),
            system_sources: PREFERENCES.correct_system_source(),
        });
        if !is_sure {
            wrong = wrong.filter(Wrong::holds_for_both_ends);
        }
        let wrong_dissector = naming.wrong_dissector().filter(|_| is_sure);
        let wrong_dissector = wrong_dissector.and_then(|protocol| self.name_if_dissected(protocol, position));
        let is_decoded_by_server =
            naming.is_decoded_by_server() && wrong_dissector.is_none() && !self.segment.payload.is_empty();
        let contradicts = naming.contradicts_declaration();
        let has_remark = !wrong.is_empty()
            || wrong_dissector.is_some()
            || is_decoded_by_server
            || contradicts
            || (self.packet.shows_names() && naming.renamed().is_some());
        if !has_remark && wants_only_wrong_names(self.packet) {
            return None;
        }
        let misnamed = wrong.client.as_ref().filter(|wrong| wrong.why == Why::Ephemeral);
        let (client, server) = (naming.client(), naming.server());
        let mut header = self.header(position, &naming);
        if let Some(wrong) = misnamed {
            header.set_number(EPH_MISNAMED, 1);
            header.set_number(EPH_MISNAMED_PORT, client.port.into());
            if self.packet.wants(EPH_MISNAMED_NAME) {
                header.set_text(EPH_MISNAMED_NAME, texts.add(format_args!("{}", Shown(wrong.name))));
            }
        }
        self.render_fields(&mut header, &naming, texts);
        if self.packet.wants(EPH_EVIDENCE_PIECE) {
            render_pieces(&mut header, roles.pieces(self.verdict, self.segment, self.ports), texts);
        }
        self.render_ports(&mut header, &wrong, &naming, texts);
        self.correct(&mut header, &wrong, &naming, texts, infos);
        let has_system_source = is_sure && PREFERENCES.note_system_source() && naming.has_system_source();
        let mut note = |expert, at, note: Note<'_>| self.note(&mut header, expert, at, note, roles, texts);
        for wrong in wrong.iter().filter(|wrong| is_noted(wrong)) {
            note(expert(wrong), wrong.party, wrong.note());
        }
        if let Some(protocol) = wrong_dissector {
            let is_ephemeral = ephemeral::is_in_a_common_range(client.port);
            let of = Note::WrongDissector { protocol, client: client.port, is_ephemeral, server: server.port };
            note(EPH_WRONG_DISSECTOR, self.verdict.client, of);
        }
        if is_decoded_by_server {
            let of = Note::ByServerPort { client: client.port, server: server.port };
            note(EPH_BY_SERVER_PORT, self.verdict.client.other(), of);
        }
        if has_system_source {
            note(EPH_SYSTEM_SOURCE, self.verdict.client, Note::SystemSource { port: client.port });
        }
        if let Some(frame) = self.verdict.evidence.frame().filter(|_| contradicts) {
            note(EPH_DECLARED_DIFFERS, self.verdict.client, Note::DeclaredDiffers { port: client.port, frame });
        }
        Some(header)
    }

    /// Returns an annotation with the numeric fields, which are cheap to set.
    #[inline]
    fn header(&self, position: u8, naming: &Naming<'_, Ports<'_>>) -> HeaderAnnotation {
        let mut header = HeaderAnnotation::new(self.segment.transport as u8, position, Some(self.verdict.confidence));
        header.set_number(EPH_CLIENT_PORT, naming.client().port.into());
        header.set_number(EPH_SERVER_PORT, naming.server().port.into());
        header.set_number(EPH_FROM_CLIENT, (self.verdict.client == Party::Source).into());
        if let Some(frame) = self.verdict.evidence.frame() {
            header.set_number(EPH_EVIDENCE_FRAME, frame);
        }
        header.set_agreed_and_attempt(
            self.verdict.both_ports_agreed(),
            self.segment.tcp.is_some_and(|tcp| tcp.flags.is_syn() || tcp.flags.any(Flags::RST)),
        );
        header
    }

    /// Returns a protocol's filter name, if it was dissected on top of this header.
    fn name_if_dissected(&self, protocol: i32, position: u8) -> Option<&'static [u8]> {
        let dissected = self.packet.protocol_on(self.segment.transport, position);
        dissected.filter(|dissected| *dissected == protocol)?;
        names::protocol(self.packet.host.epan, protocol)
    }

    fn note(
        &self,
        header: &mut HeaderAnnotation,
        expert: u32,
        at: Party,
        note: Note<'_>,
        roles: &mut RoleTracker,
        texts: &mut Texts,
    ) {
        if !self.carries_notes(roles) || !self.packet.has_experts() {
            return;
        }
        let text = texts.add(format_args!("{note}"));
        header.add_note(expert, at == Party::Source, text);
    }

    /// Returns whether this packet carries the notes of its conversation. With `Notes::First`, a new packet becomes the
    /// one that does, if none is yet. An explanation has all notes.
    fn carries_notes(&self, roles: &mut RoleTracker) -> bool {
        match PREFERENCES.notes() {
            _ if self.packet.asks_why() => true,
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

    fn render_fields(&self, header: &mut HeaderAnnotation, naming: &Naming<'_, Ports<'_>>, texts: &mut Texts) {
        let (client, server) = (naming.client(), naming.server());
        let packet = self.packet;
        let mut address = |end: End| texts.compose().address(end.address()).finish();
        let wants_endpoint = packet.wants_any(ENDPOINTS);
        if wants_endpoint || packet.wants(EPH_CLIENT) {
            header.set_text(EPH_CLIENT, address(client));
        }
        if packet.wants(EPH_SERVER) {
            header.set_text(EPH_SERVER, address(server));
        }
        // If an ICMP error quotes this header, neither of its ends sent this packet.
        if packet.wants(EPH_FROM) && !self.segment.quoted {
            let from = if self.verdict.client == Party::Source { "client" } else { "server" };
            header.set_text(EPH_FROM, texts.add_raw(&[from.as_bytes()]));
        }
        if packet.wants(EPH_EVIDENCE) {
            header.set_text(EPH_EVIDENCE, texts.add(format_args!("{}", self.verdict.evidence)));
        }
        if packet.is_tapped() {
            header.set_evidence_kind(texts.add_raw(&[self.verdict.evidence.kind().as_bytes()]));
        }
        let wants_label = packet.wants_any(1 << EPH_LABEL | 1 << EPH_CONVERSATION)
            || (PREFERENCES.label_in_info() && packet.has_columns());
        if !wants_label && !wants_endpoint && !packet.wants(EPH_SERVICE) {
            return;
        }
        let service = naming.service();
        if let Some(name) = service.filter(|_| packet.wants(EPH_SERVICE)) {
            header.set_text(EPH_SERVICE, texts.compose().shown(Shown(name)).finish());
        }
        if wants_endpoint {
            self.render_endpoints(header, label::add_service(texts, server, service));
        }
        if wants_label {
            let client = LabelEnd { host: self.host(client, header.text(EPH_CLIENT), texts), port: client.port };
            let server = LabelEnd { host: self.host(server, header.text(EPH_SERVER), texts), port: server.port };
            let label = label::add(texts, client, server, service);
            header.set_text(EPH_LABEL, label);
            if packet.wants(EPH_CONVERSATION) {
                header.set_text(EPH_CONVERSATION, label);
            }
        }
    }

    /// Sets the texts of the rows in Conversations and Endpoints: the client's address, and `service` for the server.
    fn render_endpoints(&self, header: &mut HeaderAnnotation, service: TextRef) {
        let Some(client) = header.text(EPH_CLIENT) else { return };
        let from_client = self.verdict.client == Party::Source;
        let (source, destination) = if from_client { (client, service) } else { (service, client) };
        header.set_text(EPH_ENDPOINT, service);
        header.set_text(EPH_SOURCE_ENDPOINT, source);
        header.set_text(EPH_DESTINATION_ENDPOINT, destination);
    }

    /// Sets the texts of the two ports, without names that are wrong.
    fn render_ports(
        &self,
        header: &mut HeaderAnnotation,
        wrong: &WrongNames,
        naming: &Naming<'_, Ports<'_>>,
        texts: &mut Texts,
    ) {
        if !self.packet.wants_any(1 << EPH_SOURCE_PORT | 1 << EPH_DESTINATION_PORT) {
            return;
        }
        let mut call = |field, party, port| {
            if !self.packet.wants(field) {
                return;
            }
            let named = self.packet.shows_names() && !is_corrected(wrong, party);
            let declared = naming.declared_name().filter(|_| party != self.verdict.client);
            let name = || declared.or_else(|| self.packet.host.registered_name(self.segment.transport, port));
            header.set_text(field, label::add_port(texts, port, named.then(name).flatten()));
        };
        call(EPH_SOURCE_PORT, Party::Source, self.segment.source.port);
        call(EPH_DESTINATION_PORT, Party::Destination, self.segment.destination.port);
    }

    /// Returns an end's host as the user wants to see it. `number` is the text of its address, if there is one already.
    fn host(&self, end: End, number: Option<TextRef>, texts: &mut Texts) -> TextRef {
        if self.packet.shows_hosts() {
            let show = |host: &[u8]| texts.compose().shown(Shown(host)).finish();
            names::with_host(self.packet.host.epan, end.address(), show)
        } else {
            number.unwrap_or_else(|| texts.compose().address(end.address()).finish())
        }
    }

    /// Sets the texts to replace, as the host writes them with transport names on: `http(80) → autonoc(1140)` in the
    /// Info column, `autonoc (1140)` in the tree.
    fn correct(
        &self,
        header: &mut HeaderAnnotation,
        wrong: &WrongNames,
        naming: &Naming<'_, Ports<'_>>,
        texts: &mut Texts,
        infos: &mut InfoTextCache,
    ) {
        if !self.packet.shows_names() {
            return;
        }
        if let Some((name, registered)) = naming.renamed() {
            return self.rename(header, wrong, (name, registered), naming.server().port, texts);
        }
        if corrected(wrong).next().is_none() {
            return;
        }
        if PREFERENCES.correct_info() && self.packet.has_columns() {
            let ends = [(Party::Source, self.segment.source), (Party::Destination, self.segment.destination)];
            let ports = ends.map(|(party, end)| InfoPort { port: end.port, is_wrong: is_corrected(wrong, party) });
            let name = |port| self.packet.host.registered_name(self.segment.transport, port);
            header.set_info(infos.add(texts, self.segment.transport, ports, name));
        }
        self.correct_tree(header, wrong, texts);
    }

    fn correct_tree(&self, header: &mut HeaderAnnotation, wrong: &WrongNames, texts: &mut Texts) {
        if PREFERENCES.correct_tree() && self.packet.has_tree() {
            for wrong in corrected(wrong) {
                let as_the_host = add_as_the_host(texts, wrong.port, Some(wrong.name));
                let right = texts.compose().number(wrong.port).finish();
                header.add_name(wrong.party == Party::Source, as_the_host, right);
            }
        }
    }

    /// Like [`Self::correct`], for a server's port that gets the user's `name` instead of its registered one, if any.
    fn rename(
        &self,
        header: &mut HeaderAnnotation,
        wrong: &WrongNames,
        (name, registered): (&[u8], Option<&[u8]>),
        port: u16,
        texts: &mut Texts,
    ) {
        if PREFERENCES.correct_info() && self.packet.has_columns() {
            let ends = [(Party::Source, self.segment.source), (Party::Destination, self.segment.destination)];
            let theirs =
                ends.map(|(_, end)| (end.port, self.packet.host.registered_name(self.segment.transport, end.port)));
            let right = ends.map(|(party, end)| {
                let has_own = !is_corrected(wrong, party);
                let own = || self.packet.host.registered_name(self.segment.transport, end.port).filter(|_| has_own);
                (end.port, if party == self.verdict.client { own() } else { Some(name) })
            });
            header.set_info((label::add_info(texts, theirs), label::add_info(texts, right)));
        }
        if PREFERENCES.correct_tree() && self.packet.has_tree() {
            let as_the_host = add_as_the_host(texts, port, registered);
            let right = label::add_port(texts, port, Some(name));
            header.add_name(self.verdict.client == Party::Destination, as_the_host, right);
        }
        self.correct_tree(header, wrong, texts);
    }
}

/// Sets the addresses of a packet without headers, if it has any.
pub(super) fn render_addresses(packet: &Packet<'_>, annotation: &mut Annotation, texts: &mut Texts) {
    texts.clear();
    let source = packet.with_source(|source| texts.compose().shown(Shown(source)).finish());
    let destination = packet.with_destination(|destination| texts.compose().shown(Shown(destination)).finish());
    if source.is_none() && destination.is_none() {
        return;
    }
    let mut text = texts.compose();
    if let Some(source) = source {
        text.copy(source);
    }
    text.bytes(" → ".as_bytes());
    if let Some(destination) = destination {
        text.copy(destination);
    }
    annotation.set_addresses(text.finish());
}

/// Writes the pieces of evidence, each with its weight for or against the server, as consecutive texts, closed by an
/// empty one. There are none if a handshake decided.
pub(super) fn render_pieces(
    header: &mut HeaderAnnotation,
    pieces: impl Iterator<Item = (i32, Fact)>,
    texts: &mut Texts,
) {
    let mut first = None;
    for (weight, evidence) in pieces {
        let piece = texts.add(format_args!("{weight:+} {evidence}"));
        first.get_or_insert(piece);
    }
    texts.add(format_args!(""));
    if let Some(first) = first {
        header.set_text(EPH_EVIDENCE_PIECE, first);
    }
}

/// Returns the wrong names that are removed from what the host displays.
fn corrected(wrong: &WrongNames) -> impl Iterator<Item = &Wrong> {
    wrong.iter().filter(|wrong| !matches!(wrong.why, Why::OtherService(_)) || PREFERENCES.correct_service())
}

fn is_corrected(wrong: &WrongNames, party: Party) -> bool {
    corrected(wrong).any(|wrong| wrong.party == party)
}

/// Adds the text of a port to search for in a line of the tree: exactly the bytes that the host writes. In contrast,
/// [`label::add_port`] replaces bytes that must not be shown.
fn add_as_the_host(texts: &mut Texts, port: u16, name: Option<&[u8]>) -> TextRef {
    let mut text = texts.compose();
    match name {
        Some(name) => text.bytes(name).bytes(b" (").number(port).bytes(b")"),
        None => text.number(port),
    };
    text.finish()
}

fn is_noted(wrong: &Wrong) -> bool {
    match wrong.why {
        Why::Ephemeral | Why::Agreed(_) | Why::Assigned(..) => true,
        Why::OtherService(_) => PREFERENCES.note_service(),
        // Its note is not about the name: see `render`.
        Why::SystemSource => false,
    }
}

fn expert(wrong: &Wrong) -> u32 {
    match wrong.why {
        Why::Ephemeral => EPH_PORT_MISNAMED,
        Why::Agreed(_) | Why::Assigned(..) => EPH_LISTENER_MISNAMED,
        Why::OtherService(_) => EPH_OTHER_SERVICE,
        Why::SystemSource => EPH_SYSTEM_SOURCE,
    }
}
