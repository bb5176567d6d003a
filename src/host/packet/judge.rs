// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The entry from C for each packet: takes the packet, and returns its annotation.

use super::annotation::Annotation;
use super::by_server::Refusal;
use super::decoding;
use super::names;
use super::ports::{Answers, Ports};
use super::render::{self, Renderer};
use super::undecided;
use super::view::Packet;
use crate::headers::{self, AddressOffsetCache, Missed};
use crate::host::api::epan::*;
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::panic;
use crate::host::guard::reports::report;
use crate::host::packet::host_context::HostContext;
use crate::host::settings::preferences::{Notes, PREFERENCES};
use crate::host::settings::services;
use crate::label::InfoPorts;
use crate::naming::{self, Lookup, Naming};
use crate::packet::{End, Party, Segment, Transport};
use crate::roles::payload;
use crate::roles::{Conversation, Place, PortKnowledge, RoleTracker, Start, TableUse, Verdict};
use crate::services::Services;
use crate::text::Texts;
use once_cell::sync::OnceCell;
use std::ffi::c_int;

/// What is kept between packets.
#[derive(Default)]
struct State {
    address_offset: AddressOffsetCache,
    roles: RoleTracker,
    answers: Answers,
    texts: Texts,
    infos: InfoPorts,
    annotation: Annotation,
    /// The user's table as it was when the file was opened. The host opens the file again when the table changes.
    services: Services,
    selected: Option<Selected>,
}

/// The conversation of the packet that the user has selected.
#[derive(Clone, Copy)]
struct Selected {
    frame: u32,
    transport: Transport,
    source: End,
    destination: End,
}

impl Selected {
    /// A header with only the transport and the ends set.
    fn segment(&self) -> Segment<'static> {
        let Self { transport, source, destination, .. } = *self;
        Segment { transport, source, destination, tcp: None, payload: &[], quoted: false }
    }
}

struct Judge {
    host: HostContext,
    state: Exclusive<State>,
}

static JUDGE: OnceCell<Judge> = OnceCell::new();

/// Packets can be judged from now on.
pub(crate) fn start(host: HostContext) {
    // A second call has no effect.
    let _ = JUDGE.set(Judge { host, state: Exclusive::default() });
}

/// Another file is opened, or the same one is dissected again.
pub(crate) fn open_file(is_same_file: bool) {
    panic::switch_on();
    panic::guarded(Entry::OpenFile, || {
        let Some(judge) = JUDGE.get() else { return };
        if let Some(mut state) = judge.state.borrow() {
            let before = std::mem::take(&mut *state);
            state.services = Services::new(services::rows());
            #[cfg(feature = "faults")]
            if let Some(room) = crate::host::faults::room() {
                state.roles = RoleTracker::with_limit(room);
            }
            if is_same_file {
                state.roles.keep_what_is_set(before.roles);
                state.selected = before.selected;
            }
        } else {
            log::warn!("a packet is being judged while a file is opened: facts about the previous file are kept");
        }
    });
}

/// How much is kept of this file; `None` while a packet is judged.
pub(crate) fn table_use() -> Option<[TableUse; RoleTracker::KINDS]> {
    Some(JUDGE.get()?.state.borrow()?.roles.table_use())
}

/// How many conversations of this file were forgotten; `None` while a packet is judged.
pub(crate) fn forgotten() -> Option<u64> {
    Some(JUDGE.get()?.state.borrow()?.roles.forgotten())
}

/// Judges the packet that the user has selected, for the C part: see `plugin/dissector/boundary.h`.
///
/// # Safety
/// `view` is valid as `plugin/dissector/boundary.h` says.
pub(crate) unsafe extern "C" fn select(view: *const eph_view) {
    panic::guarded(Entry::Select, || {
        let judge = JUDGE.get()?;
        // SAFETY: by the contract above.
        let packet = unsafe { Packet::read(&*view, &judge.host) };
        let state = &mut *judge.state.borrow()?;
        let take = |segment: &Segment<'_>| {
            let Segment { transport, source, destination, .. } = *segment;
            Selected { frame: packet.number(), transport, source, destination }
        };
        let hint = packet.hint(&mut state.address_offset);
        // Of several headers, the last one is the one that the packet list speaks of.
        state.selected = match hint.and_then(|hint| hint.parse_plain().or_else(|| headers::parse_single(hint))) {
            Some(segment) => Some(take(&segment)),
            None => packet.with_frame(|frame| headers::locate(frame).iter().last().map(|(_, segment)| take(segment))),
        };
        Some(())
    });
}

/// Sets by hand who is the client of the selected packet's conversation; `None`: it is as found. Whether that changed
/// anything; `None` if this packet is not the selected one, or has no conversation.
pub(crate) fn set_client(frame: u32, client: Option<Party>) -> Option<bool> {
    let state = &mut *JUDGE.get()?.state.borrow()?;
    let selected = state.selected.filter(|selected| selected.frame == frame)?;
    let place = state.roles.find(frame, &selected.segment())?;
    Some(state.roles.set_client(place, client))
}

/// The server of the selected packet's conversation, and whether the table of services names it; `None` if that is not
/// known.
pub(crate) fn server_of_selected(frame: u32) -> Option<(Transport, End, bool)> {
    with_verdict_of_selected(frame, |segment, verdict, ports, roles| {
        let server = Naming::new(roles, ports, segment, verdict).server();
        (segment.transport, server, ports.services.find(segment.transport, server).is_some())
    })
}

/// Has the selected packet's conversation decoded by its server's port, from when the file is dissected again. Whether that
/// is new; `None` if this packet is not the selected one, or it is not known which end is the client.
pub(crate) fn decode_by_server(frame: u32) -> Option<Result<bool, Refusal>> {
    with_verdict_of_selected(frame, |segment, verdict, ports, roles| {
        let may_be_set = decoding::may_be_set(frame, segment, verdict, ports, roles);
        may_be_set.map(|()| roles.set_decoding_server(verdict.place, verdict.client.other()))
    })
}

fn with_verdict_of_selected<T>(
    frame: u32,
    take: impl FnOnce(&Segment<'_>, &Verdict, &Ports<'_>, &mut RoleTracker) -> T,
) -> Option<T> {
    let judge = JUDGE.get()?;
    let State { selected, roles, answers, services, .. } = &mut *judge.state.borrow()?;
    let segment = selected.filter(|selected| selected.frame == frame)?.segment();
    answers.prepare();
    let ports = Ports { host: &judge.host, answers, services };
    let place = roles.find(frame, &segment)?;
    match naming::look_up_verdict(place, &segment, roles, &ports, PREFERENCES.infer(), false) {
        Lookup::Verdict(verdict) => Some(take(&segment, &verdict, &ports, roles)),
        Lookup::NeverWrong | Lookup::NothingYet => None,
    }
}

/// Whether this host can decode by the server's port.
pub(crate) fn can_decode_by_server() -> bool {
    JUDGE.get().is_some_and(|judge| judge.host.by_server.is_some())
}

/// Judges a packet: the `eph_judge` of `plugin/dissector/boundary.h`, which `eph_dissect()` and `eph_judge_selected()`
/// call.
///
/// # Safety
/// `view` and `annotation` are valid as `plugin/dissector/boundary.h` says, `annotation` may be uninitialized.
pub(crate) unsafe extern "C" fn judge(view: *const eph_view, annotation: *mut eph_annotation) -> c_int {
    let judged = panic::guarded(Entry::Judge, || {
        let judge = JUDGE.get()?;
        // SAFETY: by the contract above.
        let packet = unsafe { Packet::read(&*view, &judge.host) };
        let is_new = packet.is_new();
        let needs_all = || PREFERENCES.notes() == Notes::First || PREFERENCES.correct_dissector();
        let is_annotated = is_visible(&packet) || (is_new && needs_all());
        if !is_annotated && !is_new {
            return None;
        }
        let Some(mut state) = judge.state.borrow() else {
            report(EPH_NOT_JUDGED, packet.number());
            return None;
        };
        let state = &mut *state;
        if (!is_annotated || render::wants_only_wrong_names(&packet))
            && try_fast_path(&packet, is_new, is_annotated, state)
        {
            return None;
        }
        // SAFETY: by the contract above.
        unsafe { process_packet(&packet, is_annotated, state, annotation) }
    });
    c_int::from(judged.flatten().is_some())
}

/// Whether the packet tells nothing new and gets no annotation, by what is known about its conversation. Most packets take
/// this path, and nothing else is done for them.
#[inline(always)]
fn try_fast_path(packet: &Packet<'_>, is_new: bool, is_annotated: bool, state: &mut State) -> bool {
    let Some(segment) = packet.hint(&mut state.address_offset).and_then(|hint| hint.parse_plain()) else {
        return false;
    };
    let Some(hit) = state.roles.cached(&segment) else { return false };
    // Copied, because a closure that borrows `segment` would force it into memory.
    let transport = segment.transport;
    (!is_annotated || hit.is_unremarkable())
        && (!is_new || state.roles.observe_by_cache(packet.number(), hit, &segment, move || packet.protocol(transport)))
}

/// Judges the packet; `None` if there is nothing to write. It is not inlined, so that the code of the fast path stays short:
/// that is read from memory anew for each packet. It parses the header again, so that the fast path can keep it in
/// registers.
///
/// # Safety
/// As for [`judge`].
#[inline(never)]
unsafe fn process_packet(
    packet: &Packet<'_>,
    is_annotated: bool,
    state: &mut State,
    annotation: *mut eph_annotation,
) -> Option<()> {
    state.annotation.clear();
    let hint = packet.hint(&mut state.address_offset);
    match hint.and_then(|hint| hint.parse_plain().or_else(|| headers::parse_single(hint))) {
        Some(segment) => process_header(packet, None, &segment, is_annotated, state),
        None => process_all_headers(packet, is_annotated, state),
    }
    if PREFERENCES.label_in_info() && packet.has_columns() {
        state.annotation.put_label_in_info(&mut state.texts);
    }
    if state.annotation.is_empty() {
        return None;
    }
    // SAFETY: by the contract above. The texts stay as they are until the next call.
    unsafe { state.annotation.write_for_c(&state.texts, annotation) };
    Some(())
}

#[cold]
fn process_all_headers(packet: &Packet<'_>, is_annotated: bool, state: &mut State) {
    packet.with_frame(|frame| {
        let located = headers::locate(frame);
        for (position, segment) in located.iter() {
            process_header(packet, Some(position), segment, is_annotated, state);
        }
        match located.missed() {
            None => {}
            Some(Missed::TooManyHeaders) => report(EPH_TOO_MANY_HEADERS, packet.number()),
            Some(Missed::TooManyLayers) => report(EPH_TOO_MANY_LAYERS, packet.number()),
            Some(Missed::NotFound) => report(EPH_HEADER_NOT_FOUND, packet.number()),
        }
    });
}

/// Whether somebody could see any of the packet's annotation.
fn is_visible(packet: &Packet<'_>) -> bool {
    let in_info = PREFERENCES.label_in_info() || (PREFERENCES.correct_info() && packet.shows_names());
    (packet.has_columns() && in_info) || packet.has_tree() || packet.has_experts() || packet.is_watched()
}

/// Adds a header to its conversation if the packet is new, and annotates it if that is asked for. Without a `position` among
/// those of its transport, it is the only one.
fn process_header(
    packet: &Packet<'_>,
    position: Option<u8>,
    segment: &Segment<'_>,
    is_annotated: bool,
    state: &mut State,
) {
    if segment.transport.is_datagram() && !PREFERENCES.udp() {
        if packet.is_explained() {
            let State { annotation, texts, .. } = state;
            if annotation.is_empty() {
                texts.clear();
            }
            annotation.push(undecided::by_preference(segment, "UDP is switched off in the preferences", texts));
        }
        return;
    }
    let Some(place) = observe_or_find(packet, &mut state.roles, position, segment) else { return };
    if is_annotated {
        annotate_header(packet, position.unwrap_or(0), segment, place, state);
    }
    if state.roles.has_decoding_servers() && packet.is_new() {
        decoding::keep_as_set(packet, segment, place, &state.services, &mut state.roles);
    }
}

/// Takes the header into account if the packet is new; its place among the conversations.
#[inline(always)]
fn observe_or_find(
    packet: &Packet<'_>,
    roles: &mut RoleTracker,
    position: Option<u8>,
    segment: &Segment<'_>,
) -> Option<Place> {
    if !packet.is_new() {
        return roles.find(packet.number(), segment);
    }
    let number = packet.number();
    roles.observe_and(number, segment, |conversation| {
        // The frame's destination says nothing about a header inside a tunnel.
        let may_be_to_all = segment.transport.is_datagram() && position.is_none();
        if may_be_to_all && conversation.first_frame() == number && packet.is_to_all() {
            conversation.start = Start::ToAll;
        }
        if !segment.payload.is_empty() && conversation.may_learn_protocol() {
            learn_protocol(packet, position, segment, conversation);
        }
    })
}

#[inline(never)]
fn learn_protocol(packet: &Packet<'_>, position: Option<u8>, segment: &Segment<'_>, conversation: &mut Conversation) {
    let on = |position| packet.protocol_on(segment.transport, position);
    let protocol = position.map_or_else(|| packet.protocol(segment.transport), on);
    if let Some(protocol) = protocol.filter(|protocol| *protocol != conversation.dissected) {
        let stands_for = |port| packet.host.protocol(segment.transport, port) == Some(protocol);
        let find_sign = || payload::sign(segment.transport, segment.payload);
        let is_of_protocol =
            |sign: &payload::Sign| names::protocol(packet.host.epan, protocol).is_some_and(|name| sign.is_of(name));
        conversation.record_protocol(protocol, stands_for, find_sign, is_of_protocol);
    }
}

#[inline(never)]
fn annotate_header(packet: &Packet<'_>, position: u8, segment: &Segment<'_>, place: Place, state: &mut State) {
    let State { roles, answers, texts, infos, annotation, services, .. } = state;
    if annotation.is_empty() {
        texts.clear();
    }
    answers.prepare();
    let ports = Ports { host: packet.host, answers, services };
    let verdict = match naming::look_up_verdict(
        place,
        segment,
        roles,
        &ports,
        PREFERENCES.infer(),
        render::wants_only_wrong_names(packet),
    ) {
        Lookup::NeverWrong => return roles.record_unremarkable(place, segment),
        Lookup::NothingYet => {
            if packet.is_explained() {
                annotation.push(undecided::explain(place, segment, roles, &ports, texts));
            }
            return;
        }
        Lookup::Verdict(verdict) => verdict,
    };
    let renderer = Renderer { packet, segment, verdict: &verdict, ports: &ports };
    let header = renderer.render(position, roles, texts, infos);
    // After the annotation: this packet was decoded as before.
    if packet.is_new() && PREFERENCES.correct_dissector() {
        decoding::correct(packet, position, segment, &verdict, &ports, roles);
    }
    if let Some(header) = header {
        return annotation.push(header);
    }
    // Only for a decided conversation: another verdict can still change.
    if roles.is_decided(place) && Naming::new(roles, &ports, segment, &verdict).can_never_be_wrong() {
        roles.record_unremarkable(place, segment);
    }
}
