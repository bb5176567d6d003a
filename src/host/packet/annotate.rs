// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The entry from C for each packet: takes the packet, and returns its annotation.

use super::decode_by_server;
use super::names;
use super::ports::Ports;
use super::render::{self, Renderer};
use super::session::{FileState, SESSION};
use super::undecided;
use super::view::Packet;
use crate::headers::{self, Missed};
use crate::host::api::epan::*;
use crate::host::guard::entries::Entry;
use crate::host::guard::panic;
use crate::host::guard::reports::report;
use crate::host::settings::preferences::{Notes, PREFERENCES};
use crate::naming::{self, Lookup, Naming};
use crate::packet::Segment;
use crate::roles::payload;
use crate::roles::{Conversation, Place, PortKnowledge, RoleTracker, Start};
use std::ffi::c_int;

/// Judges a packet and fills in its annotation: the `eph_annotate` of `plugin/dissector/boundary.h`, which
/// `eph_dissect()` and `eph_annotate_selected()` call. Returns 0 if there is nothing to write.
///
/// # Safety
/// `view` and `annotation` are valid as `plugin/dissector/boundary.h` says, `annotation` may be uninitialized.
pub(crate) unsafe extern "C" fn annotate(view: *const eph_view, annotation: *mut eph_annotation) -> c_int {
    let annotated = panic::guarded(Entry::Annotate, || {
        let session = SESSION.get()?;
        // SAFETY: by the contract above.
        let packet = unsafe { Packet::new(&*view, &session.host) };
        let is_new = packet.is_new();
        let needs_all = || PREFERENCES.notes() == Notes::First || PREFERENCES.correct_dissector();
        let is_annotated = is_visible(&packet) || (is_new && needs_all());
        if !is_annotated && !is_new {
            return None;
        }
        let Some(mut state) = session.file.borrow() else {
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
    c_int::from(annotated.flatten().is_some())
}

/// Records what the packet still tells about its conversation, and returns true, if the cache suffices for that and the
/// packet gets no annotation. Most packets take this path, and nothing else is done for them.
#[inline(always)]
fn try_fast_path(packet: &Packet<'_>, is_new: bool, is_annotated: bool, state: &mut FileState) -> bool {
    let Some(segment) = packet.hint(&mut state.address_offset).and_then(|hint| hint.parse()) else {
        return false;
    };
    let Some(hit) = state.roles.cached(&segment) else { return false };
    // Copied, because a closure that borrows `segment` would force it into memory.
    let transport = segment.transport;
    (!is_annotated || hit.is_unremarkable())
        && (!is_new || state.roles.observe_by_cache(packet.number(), hit, &segment, move || packet.protocol(transport)))
}

/// Judges the packet; returns `None` if there is nothing to write. It is not inlined, so that the code of the fast path
/// stays short: that is read from memory anew for each packet. It parses the header again, so that the fast path can keep it in
/// registers.
///
/// # Safety
/// As for [`annotate`].
#[inline(never)]
unsafe fn process_packet(
    packet: &Packet<'_>,
    is_annotated: bool,
    state: &mut FileState,
    annotation: *mut eph_annotation,
) -> Option<()> {
    state.annotation.clear();
    let hint = packet.hint(&mut state.address_offset);
    match hint.and_then(|hint| hint.parse()) {
        Some(segment) => process_header(packet, None, &segment, is_annotated, state),
        None => process_all_headers(packet, is_annotated, state),
    }
    if PREFERENCES.label_in_info() && packet.has_columns() {
        state.annotation.put_label_in_info(&mut state.texts);
    }
    if state.annotation.is_empty() && packet.wants(EPH_CONVERSATION) && !packet.asks_why() {
        render::render_addresses(packet, &mut state.annotation, &mut state.texts);
    }
    if state.annotation.is_empty() {
        return None;
    }
    // SAFETY: by the contract above. The texts stay as they are until the next call.
    unsafe { state.annotation.write_for_c(&state.texts, annotation) };
    Some(())
}

#[cold]
fn process_all_headers(packet: &Packet<'_>, is_annotated: bool, state: &mut FileState) {
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
    (packet.has_columns() && in_info) || packet.has_tree() || packet.has_experts() || packet.wants_any_field()
}

/// Adds a header to its conversation if the packet is new, and annotates it if that is asked for. Without a `position` among
/// those of its transport, it is the only one.
fn process_header(
    packet: &Packet<'_>,
    position: Option<u8>,
    segment: &Segment<'_>,
    is_annotated: bool,
    state: &mut FileState,
) {
    if segment.transport.is_datagram() && !PREFERENCES.udp() {
        if packet.asks_why() {
            let FileState { annotation, texts, .. } = state;
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
        decode_by_server::apply_by_hand(packet, segment, place, &state.services, &mut state.roles);
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
fn annotate_header(packet: &Packet<'_>, position: u8, segment: &Segment<'_>, place: Place, state: &mut FileState) {
    let FileState { roles, port_cache, texts, infos, annotation, services, .. } = state;
    if annotation.is_empty() {
        texts.clear();
    }
    port_cache.allocate();
    let ports = Ports { host: packet.host, port_cache, services };
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
            if packet.asks_why() {
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
        decode_by_server::correct_by_preference(packet, position, segment, &verdict, &ports, roles);
    }
    if let Some(header) = header {
        return annotation.push(header);
    }
    // Only for a decided conversation: another verdict can still change.
    if roles.is_decided(place) && Naming::new(roles, &ports, segment, &verdict).can_never_be_wrong() {
        roles.record_unremarkable(place, segment);
    }
}
