// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is kept between packets: the host's functions and ids, and the state of the open file.

use super::annotation::Annotation;
use super::ports::PortCache;
use crate::headers::AddressOffsetCache;
use crate::host::api::epan::EPH_MENU_BUSY;
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::{Exclusive, Loan};
use crate::host::guard::panic;
use crate::host::packet::host_context::HostContext;
use crate::host::settings::services;
use crate::label::InfoTextCache;
use crate::packet::{End, Segment, Transport};
use crate::roles::{RoleTracker, TableUse};
use crate::services::Services;
use crate::text::Texts;
use once_cell::sync::OnceCell;

/// The conversation of the packet that the user has selected.
#[derive(Clone, Copy)]
pub(super) struct Selected {
    pub frame: u32,
    pub transport: Transport,
    pub source: End,
    pub destination: End,
}

impl Selected {
    /// Returns a header with only the transport and the ends set.
    pub(super) fn segment(&self) -> Segment<'static> {
        let Self { transport, source, destination, .. } = *self;
        Segment { transport, source, destination, tcp: None, payload: &[], quoted: false }
    }
}

/// What is kept of the open file between packets.
#[derive(Default)]
pub(super) struct FileState {
    pub address_offset: AddressOffsetCache,
    pub roles: RoleTracker,
    pub port_cache: PortCache,
    pub texts: Texts,
    pub infos: InfoTextCache,
    pub annotation: Annotation,
    /// The user's table as it was when the file was opened. The host opens the file again when the table changes.
    pub services: Services,
    pub selected: Option<Selected>,
}

/// What is needed to annotate a packet.
pub(super) struct Session {
    pub host: HostContext,
    pub file: Exclusive<FileState>,
}

pub(super) static SESSION: OnceCell<Session> = OnceCell::new();

impl Session {
    /// Returns the state for an entry of the menu. `None`, with a line in the log, while a packet is annotated.
    pub(super) fn file_for_menu(&self) -> Option<Loan<'_, FileState>> {
        self.file.borrow_or_report(EPH_MENU_BUSY)
    }
}

/// Starts the session: packets can be annotated from now on.
pub(crate) fn start(host: HostContext) {
    // A second call has no effect.
    let _ = SESSION.set(Session { host, file: Exclusive::default() });
}

/// Starts with another file, or with the same file, which is dissected again.
pub(crate) fn open_file(is_same_file: bool) {
    panic::switch_on();
    panic::guarded(Entry::OpenFile, || {
        let Some(session) = SESSION.get() else { return };
        if let Some(mut state) = session.file.borrow() {
            let before = std::mem::take(&mut *state);
            state.services = Services::new(services::rows());
            #[cfg(feature = "faults")]
            if let Some(room) = crate::host::faults::room() {
                state.roles = RoleTracker::with_limit(room);
            }
            if is_same_file {
                state.roles.take_over_settings(before.roles);
                state.selected = before.selected;
            }
        } else {
            log::warn!("a packet is being judged while a file is opened: facts about the previous file are kept");
        }
    });
}

/// Returns how much is kept of this file; `None` while a packet is annotated.
pub(crate) fn table_use() -> Option<[TableUse; RoleTracker::KINDS]> {
    Some(SESSION.get()?.file.borrow()?.roles.table_use())
}

/// Returns how many conversations of this file were forgotten; `None` while a packet is annotated.
pub(crate) fn forgotten_conversations() -> Option<u64> {
    Some(SESSION.get()?.file.borrow()?.roles.forgotten_count())
}
