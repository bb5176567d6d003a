// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The packet that the user has selected, and what the menu does with its conversation.

use super::conversation_dissector::Refusal;
use super::decode_by_server;
use super::ports::Ports;
use super::session::{FileState, SESSION, Selected};
use super::view::Packet;
use crate::headers;
use crate::host::api::epan::*;
use crate::host::guard::entries::Entry;
use crate::host::guard::panic;
use crate::host::settings::preferences::PREFERENCES;
use crate::naming::{self, Lookup, Naming};
use crate::packet::{End, Party, Segment, Transport};
use crate::roles::{RoleTracker, Verdict};

/// Remembers which conversation the selected packet belongs to: the `eph_select` of `plugin/dissector/boundary.h`.
///
/// # Safety
/// `view` is valid as `plugin/dissector/boundary.h` says.
pub(crate) unsafe extern "C" fn select(view: *const eph_view) {
    panic::guarded(Entry::Select, || {
        let session = SESSION.get()?;
        // SAFETY: by the contract above.
        let packet = unsafe { Packet::new(&*view, &session.host) };
        let state = &mut *session.file_for_menu()?;
        let take = |segment: &Segment<'_>| {
            let Segment { transport, source, destination, .. } = *segment;
            Selected { frame: packet.number(), transport, source, destination }
        };
        let hint = packet.hint(&mut state.address_offset);
        // Of several headers, the last one is the one that the packet list speaks of.
        state.selected = match hint.and_then(|hint| hint.parse()) {
            Some(segment) => Some(take(&segment)),
            None => packet.with_frame(|frame| headers::locate(frame).iter().last().map(|(_, segment)| take(segment))),
        };
        Some(())
    });
}

/// Sets by hand who is the client of the selected packet's conversation; with `None`, it is as found. Returns whether
/// that changed anything; `None` if this packet is not the selected one, or has no conversation.
pub(crate) fn set_client(frame: u32, client: Option<Party>) -> Option<bool> {
    let state = &mut *SESSION.get()?.file_for_menu()?;
    let selected = state.selected.filter(|selected| selected.frame == frame)?;
    let place = state.roles.find(frame, &selected.segment())?;
    Some(state.roles.set_client(place, client))
}

/// Returns the server of the selected packet's conversation, and whether the table of services names it; `None` if that is not
/// known.
pub(crate) fn server_of_selected(frame: u32) -> Option<(Transport, End, bool)> {
    with_verdict_of_selected(frame, |segment, verdict, ports, roles| {
        let server = Naming::new(roles, ports, segment, verdict).server();
        (segment.transport, server, ports.services.find(segment.transport, server).is_some())
    })
}

/// Has the selected packet's conversation decoded by its server's port, from when the file is dissected again. Returns
/// whether that is new; `None` if this packet is not the selected one, or it is not known which end is the client.
pub(crate) fn decode_by_server(frame: u32) -> Option<Result<bool, Refusal>> {
    with_verdict_of_selected(frame, |segment, verdict, ports, roles| {
        let checked = decode_by_server::check_by_hand(frame, segment, verdict, ports, roles);
        checked.map(|()| roles.set_decoding_server(verdict.place, verdict.client.other()))
    })
}

fn with_verdict_of_selected<T>(
    frame: u32,
    take: impl FnOnce(&Segment<'_>, &Verdict, &Ports<'_>, &mut RoleTracker) -> T,
) -> Option<T> {
    let session = SESSION.get()?;
    let FileState { selected, roles, port_cache, services, .. } = &mut *session.file_for_menu()?;
    let segment = selected.filter(|selected| selected.frame == frame)?.segment();
    port_cache.allocate();
    let ports = Ports { host: &session.host, port_cache, services };
    let place = roles.find(frame, &segment)?;
    match naming::look_up_verdict(place, &segment, roles, &ports, PREFERENCES.infer(), false) {
        Lookup::Verdict(verdict) => Some(take(&segment, &verdict, &ports, roles)),
        Lookup::NeverWrong | Lookup::NothingYet => None,
    }
}

/// Returns whether this host can decode by the server's port.
pub(crate) fn can_decode_by_server() -> bool {
    SESSION.get().is_some_and(|session| session.host.conversation_dissector.is_some())
}
