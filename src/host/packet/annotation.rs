// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The annotation of a packet, in the form that the C part takes (`plugin/dissector/boundary.h`).

use crate::headers::MAX_HEADERS;
use crate::host::api::epan::*;
use crate::roles::Confidence;
use crate::text::{TextRef, Texts};
use std::ffi::c_char;
use std::ptr::null;

/// The annotation of one transport header. Its texts are numbers until [`Annotation::write_for_c`].
#[derive(Clone, Copy)]
pub(super) struct HeaderAnnotation(eph_header);

// SAFETY: it has two pointers: `texts` is null, and `confidence_name` points to a constant.
unsafe impl Send for HeaderAnnotation {}

impl HeaderAnnotation {
    /// Creates an annotation with nothing to write, except for the confidence. `position` counts the packet's headers
    /// of that transport. A header without a verdict has no confidence.
    pub(super) fn new(transport: u8, position: u8, confidence: Option<Confidence>) -> Self {
        let no_name = eph_name { wrong: 0, right: 0, at_source: 0 };
        let no_note = eph_note { text: 0, expert: 0, at_source: 0 };
        let mut header = Self(eph_header {
            texts: null(),
            confidence_name: confidence.map_or(c"none", Confidence::name).as_ptr(),
            present: 0,
            value: [0; EPH_FIELD_COUNT as usize],
            evidence_kind: 0,
            info_wrong: 0,
            info_right: 0,
            transport,
            position,
            declared: (confidence == Some(Confidence::Declared)).into(),
            both_agreed: 0,
            attempt: 0,
            names: 0,
            notes: 0,
            name: [no_name; EPH_MAX_NAMES as usize],
            note: [no_note; EPH_MAX_NOTES as usize],
        });
        header.set_number(EPH_CONFIDENCE, confidence.map_or(0, Confidence::number).into());
        header
    }

    /// Sets the value of a numeric field.
    pub(super) fn set_number(&mut self, field: eph_field, number: u32) {
        self.0.present |= 1 << field;
        self.0.value[field as usize] = number;
    }

    /// Sets the value of a text field.
    pub(super) fn set_text(&mut self, field: eph_field, text: TextRef) {
        self.set_number(field, text.number());
    }

    /// Sets whether both ends knew the other's port, and whether the packet is no sign of a service: a SYN
    /// without ACK, or a reset.
    pub(super) fn set_agreed_and_attempt(&mut self, both_agreed: bool, attempt: bool) {
        self.0.both_agreed = both_agreed.into();
        self.0.attempt = attempt.into();
    }

    /// Returns the text of a field, if it has one.
    pub(super) fn text(&self, field: eph_field) -> Option<TextRef> {
        TextRef::from_number(self.0.value[field as usize])
    }

    /// Sets the evidence without its frame, by which statistics count.
    pub(super) fn set_evidence_kind(&mut self, kind: TextRef) {
        self.0.evidence_kind = kind.number();
    }

    /// Sets the text to replace in the Info column, and its replacement.
    pub(super) fn set_info(&mut self, (wrong, right): (TextRef, TextRef)) {
        self.0.info_wrong = wrong.number();
        self.0.info_right = right.number();
    }

    /// Adds a name to replace in the lines about one port. A header has at most [`EPH_MAX_NAMES`]: a wrong name for
    /// each port, and the name that the user declares.
    pub(super) fn add_name(&mut self, at_source: bool, wrong: TextRef, right: TextRef) {
        self.0.name[usize::from(self.0.names)] =
            eph_name { wrong: wrong.number(), right: right.number(), at_source: at_source.into() };
        self.0.names += 1;
    }

    /// Adds a note to the line of one port. A header has at most [`EPH_MAX_NOTES`]: one for the wrong name of each
    /// port, and one of each other kind.
    pub(super) fn add_note(&mut self, expert: eph_expert, at_source: bool, text: TextRef) {
        self.0.note[usize::from(self.0.notes)] =
            eph_note { text: text.number(), expert: expert as u8, at_source: at_source.into() };
        self.0.notes += 1;
    }
}

/// The annotation of one packet.
#[derive(Default)]
pub(super) struct Annotation {
    headers: Vec<HeaderAnnotation>,
    info_label: Option<TextRef>,
    addresses: Option<TextRef>,
}

impl Annotation {
    /// Clears the annotation of the previous packet, but keeps its memory.
    pub(super) fn clear(&mut self) {
        self.headers.clear();
        self.info_label = None;
        self.addresses = None;
    }

    /// Returns whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.addresses.is_none()
    }

    /// Adds the annotation of one more header, of at most [`MAX_HEADERS`].
    pub(super) fn push(&mut self, header: HeaderAnnotation) {
        self.headers.push(header);
    }

    /// Sets the addresses of a packet without headers.
    pub(super) fn set_addresses(&mut self, addresses: TextRef) {
        self.addresses = Some(addresses);
    }

    /// Puts the label of the last header in front of the Info column, which describes that header.
    pub(super) fn put_label_in_info(&mut self, texts: &mut Texts) {
        let label = self.headers.last().and_then(|header| header.text(EPH_LABEL));
        self.info_label = label.map(|label| {
            let label = texts.get(label).to_vec();
            texts.add_raw(&[b"[", &label, b"] "])
        });
    }

    /// Writes the form that the C part takes. `texts` must not change as long as C uses that form.
    ///
    /// # Safety
    /// `annotation` can be written to; it may be uninitialized. Elements of its array `header` that are not used stay
    /// uninitialized.
    pub(super) unsafe fn write_for_c(&self, texts: &Texts, annotation: *mut eph_annotation) {
        // No packet has more headers than fit.
        const { assert!(MAX_HEADERS == EPH_MAX_HEADERS as usize) };
        let headers = &self.headers[..self.headers.len().min(EPH_MAX_HEADERS as usize)];
        let start = texts.start().cast::<c_char>();
        // SAFETY: by the contract above, all of these are inside `annotation`.
        unsafe {
            (&raw mut (*annotation).headers).write(headers.len() as u32);
            let text = |text: Option<TextRef>| text.map_or(null(), |text| texts.as_ptr(text).cast::<c_char>());
            (&raw mut (*annotation).info_label).write(text(self.info_label));
            (&raw mut (*annotation).addresses).write(text(self.addresses));
            let written = (&raw mut (*annotation).header).cast::<eph_header>();
            for (at, header) in headers.iter().enumerate() {
                written.add(at).write(eph_header { texts: start, ..header.0 });
            }
        }
    }
}
