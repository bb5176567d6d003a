// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What is said about a packet, in the form that the C part takes.

use crate::host::api::epan::*;
use crate::roles::Confidence;
use crate::text::{TextRef, Texts};
use std::ffi::c_char;
use std::ptr::null;

/// An `eph_name` (plugin/dissector/boundary.h, as for the others here) whose texts do not have their place in memory yet.
#[derive(Clone, Copy)]
pub(super) struct NameRef {
    pub at_source: bool,
    pub wrong: TextRef,
    pub right: TextRef,
}

/// An `eph_note` whose text does not have its place in memory yet.
#[derive(Clone, Copy)]
pub(super) struct NoteRef {
    pub expert: u8,
    pub at_source: bool,
    pub text: TextRef,
}

/// An `eph_header` whose texts do not have their place in memory yet.
#[derive(Clone, Copy, Default)]
pub(super) struct Header {
    pub transport: u8,
    pub position: u8,
    pub from_client: bool,
    pub confidence: Option<Confidence>,
    pub misnamed: bool,
    pub both_agreed: bool,
    pub attempt: bool,
    pub client_port: u16,
    pub server_port: u16,
    pub evidence_frame: u32,
    pub client: Option<TextRef>,
    pub server: Option<TextRef>,
    pub source_port: Option<TextRef>,
    pub destination_port: Option<TextRef>,
    pub service: Option<TextRef>,
    pub endpoint: Option<TextRef>,
    pub label: Option<TextRef>,
    pub evidence: Option<TextRef>,
    pub evidence_kind: Option<TextRef>,
    pub pieces: Option<TextRef>,
    pub misnamed_name: Option<TextRef>,
    pub names: [Option<NameRef>; EPH_MAX_NAMES as usize],
    pub notes: [Option<NoteRef>; EPH_MAX_NOTES as usize],
    pub info: Option<(TextRef, TextRef)>,
}

impl Header {
    /// Has a name corrected, while there is room for more.
    pub(super) fn add_name(&mut self, name: NameRef) {
        if let Some(free) = self.names.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(name);
        }
    }

    /// Adds a note, while there is room for more.
    pub(super) fn add_note(&mut self, note: NoteRef) {
        if let Some(free) = self.notes.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(note);
        }
    }

    fn for_c(&self, texts: &Texts) -> eph_header {
        let text = |text: TextRef| texts.as_ptr(text).cast::<c_char>();
        let optional = |at: Option<TextRef>| at.map_or(null(), text);
        let no_name = eph_name { at_source: 0, wrong: null(), right: null() };
        let no_note = eph_note { expert: 0, at_source: 0, text: null() };
        let mut header = eph_header {
            transport: self.transport,
            position: self.position,
            from_client: self.from_client.into(),
            confidence: self.confidence.map_or(0, Confidence::number),
            declared: (self.confidence == Some(Confidence::Declared)).into(),
            misnamed: self.misnamed.into(),
            both_agreed: self.both_agreed.into(),
            attempt: self.attempt.into(),
            names: 0,
            notes: 0,
            client_port: self.client_port,
            server_port: self.server_port,
            evidence_frame: self.evidence_frame,
            confidence_name: self.confidence.map_or(c"?", Confidence::name).as_ptr(),
            client: optional(self.client),
            server: optional(self.server),
            source_port: optional(self.source_port),
            destination_port: optional(self.destination_port),
            service: optional(self.service),
            endpoint: optional(self.endpoint),
            label: optional(self.label),
            evidence: optional(self.evidence),
            evidence_kind: optional(self.evidence_kind),
            pieces: optional(self.pieces),
            misnamed_name: optional(self.misnamed_name),
            name: [no_name; EPH_MAX_NAMES as usize],
            note: [no_note; EPH_MAX_NOTES as usize],
            info_wrong: optional(self.info.map(|(wrong, _)| wrong)),
            info_right: optional(self.info.map(|(_, right)| right)),
        };
        for (name, written) in self.names.iter().flatten().zip(&mut header.name) {
            *written = eph_name { at_source: name.at_source.into(), wrong: text(name.wrong), right: text(name.right) };
            header.names += 1;
        }
        for (note, written) in self.notes.iter().flatten().zip(&mut header.note) {
            *written = eph_note { expert: note.expert, at_source: note.at_source.into(), text: text(note.text) };
            header.notes += 1;
        }
        header
    }
}

/// An `eph_annotation` whose texts do not have their place in memory yet.
#[derive(Default)]
pub(super) struct Judged {
    headers: Vec<Header>,
    info_label: Option<TextRef>,
}

impl Judged {
    /// Forgets the packet before, but keeps the memory.
    pub(super) fn clear(&mut self) {
        self.headers.clear();
        self.info_label = None;
    }

    /// Nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// Adds what is said about one more header.
    pub(super) fn push(&mut self, header: Header) {
        if self.headers.len() < EPH_MAX_HEADERS as usize {
            self.headers.push(header);
        }
    }

    /// Has the label shown in front of the Info column: that of the last header, of which that
    /// column speaks.
    pub(super) fn put_label_in_info(&mut self, texts: &mut Texts) {
        let label = self.headers.last().and_then(|header| header.label);
        self.info_label = label.map(|label| {
            let label = texts.get(label).to_vec();
            texts.add_raw(&[b"[", &label, b"] "])
        });
    }

    /// Writes the form that the C part takes. `texts` must not change as long as that is used.
    ///
    /// # Safety
    /// `annotation` can be written to; it may be uninitialized. Of its headers, only those are written that there are.
    pub(super) unsafe fn write_for_c(&self, texts: &Texts, annotation: *mut eph_annotation) {
        // There are no more than fit: see `push`.
        let headers = &self.headers[..self.headers.len().min(EPH_MAX_HEADERS as usize)];
        // SAFETY: by the contract above, all of these are inside `annotation`.
        unsafe {
            (&raw mut (*annotation).headers).write(headers.len() as u32);
            let info_label = self.info_label.map_or(null(), |label| texts.as_ptr(label).cast::<c_char>());
            (&raw mut (*annotation).info_label).write(info_label);
            let written = (&raw mut (*annotation).header).cast::<eph_header>();
            for (at, header) in headers.iter().enumerate() {
                written.add(at).write(header.for_c(texts));
            }
        }
    }
}
