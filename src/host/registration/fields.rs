// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The plugin's fields and expert items, as the host registers them.

use crate::host::api::epan::*;
use crate::host::registration::roomy::Roomy;
use crate::roles::Confidence;
use std::ffi::CStr;
use std::ptr::null;

/// The names of `ephemeral.confidence`, closed by an empty entry (epan/value_string.h).
static CONFIDENCES: Values = Values([
    named(Confidence::Weak),
    named(Confidence::Strong),
    // Declared has the same number; the text of its line says so.
    named(Confidence::Handshake),
    value_string { value: 0, strptr: null() },
]);

const fn named(confidence: Confidence) -> value_string {
    value_string { value: confidence.number() as u32, strptr: confidence.name().as_ptr() }
}

struct Values([value_string; 4]);

// SAFETY: it never changes, and points to constants.
unsafe impl Sync for Values {}

struct Field {
    id: u32,
    filter: &'static CStr,
    name: &'static CStr,
    kind: ftenum,
    description: &'static CStr,
}

#[rustfmt::skip]
const FIELDS: [Field; EPH_FIELD_COUNT as usize] = [
    Field { id: EPH_CLIENT, filter: c"ephemeral.client", name: c"Client", kind: FT_STRING,
        description: c"Address of the client. Evidence says how it is known" },
    Field { id: EPH_CLIENT_PORT, filter: c"ephemeral.client_port", name: c"Client Port", kind: FT_UINT16,
        description: c"Port of the client" },
    Field { id: EPH_SERVER, filter: c"ephemeral.server", name: c"Server", kind: FT_STRING,
        description: c"Address of the server" },
    Field { id: EPH_SERVER_PORT, filter: c"ephemeral.server_port", name: c"Server Port", kind: FT_UINT16,
        description: c"Port of the server" },
    Field { id: EPH_FROM_CLIENT, filter: c"ephemeral.from_client", name: c"From Client", kind: FT_BOOLEAN,
        description: c"Whether the client sent this packet" },
    Field { id: EPH_SOURCE_PORT, filter: c"ephemeral.source_port", name: c"Source Port", kind: FT_STRING,
        description: c"The source port with its name, unless that name is wrong here" },
    Field { id: EPH_DESTINATION_PORT, filter: c"ephemeral.destination_port", name: c"Destination Port", kind: FT_STRING,
        description: c"The destination port with its name, unless that name is wrong here" },
    Field { id: EPH_SERVICE, filter: c"ephemeral.service", name: c"Service", kind: FT_STRING,
        description: c"The name registered for the server's port, or the dissected protocol if that is a different one" },
    Field { id: EPH_LABEL, filter: c"ephemeral.label", name: c"Conversation", kind: FT_STRING,
        description: c"Client, server and service, the same for both directions" },
    Field { id: EPH_CONFIDENCE, filter: c"ephemeral.confidence", name: c"Confidence", kind: FT_UINT8,
        description: c"How sure it is which end is the client" },
    Field { id: EPH_EVIDENCE, filter: c"ephemeral.evidence", name: c"Evidence", kind: FT_STRING,
        description: c"How it is known which end is the client" },
    Field { id: EPH_EVIDENCE_FRAME, filter: c"ephemeral.evidence_frame", name: c"Evidence in Frame", kind: FT_FRAMENUM,
        description: c"The frame that shows which end is the client" },
    Field { id: EPH_MISNAMED, filter: c"ephemeral.misnamed", name: c"Misnamed Port", kind: FT_BOOLEAN,
        description: c"Present if the client's port has the name of a service, and the verdict is sure enough for a note" },
    Field { id: EPH_MISNAMED_PORT, filter: c"ephemeral.misnamed.port", name: c"Misnamed Port Number", kind: FT_UINT16,
        description: c"The client's misnamed port" },
    Field { id: EPH_MISNAMED_NAME, filter: c"ephemeral.misnamed.name", name: c"Wrong Name", kind: FT_STRING,
        description: c"The name registered for the number of that port, which does not apply here" },
    Field { id: EPH_ENDPOINT, filter: c"ephemeral.endpoint", name: c"Client or Service", kind: FT_STRING,
        description: c"The client's address, or the service with its address and port: the rows of Conversations and Endpoints" },
    Field { id: EPH_SOURCE_ENDPOINT, filter: c"ephemeral.source_endpoint", name: c"Source Client or Service", kind: FT_STRING,
        description: c"The client or the service, whichever sent this packet" },
    Field { id: EPH_DESTINATION_ENDPOINT, filter: c"ephemeral.destination_endpoint", name: c"Destination Client or Service", kind: FT_STRING,
        description: c"The client or the service, whichever this packet was sent to" },
    Field { id: EPH_EVIDENCE_PIECE, filter: c"ephemeral.evidence.piece", name: c"Piece of Evidence", kind: FT_STRING,
        description: c"The weight of one piece of evidence for the server, in decibans (negative: against it), and its text" },
];

/// The type of each field, by its number.
pub(crate) const TYPES: [u8; EPH_FIELD_COUNT as usize] = {
    let mut types = [0; EPH_FIELD_COUNT as usize];
    let mut at = 0;
    while at < FIELDS.len() {
        types[FIELDS[at].id as usize] = FIELDS[at].kind as u8;
        at += 1;
    }
    types
};

// The structures that `Roomy` wraps must have no padding, so that every byte is initialized.
const _: () = assert!(size_of::<hf_register_info>() == 72 && size_of::<ei_register_info>() == 32);

/// Returns the fields, each in the form that `proto_register_field_array` takes. The host writes their ids to `ids`.
pub(crate) fn fields(ids: *mut eph_ids) -> Vec<Roomy<hf_register_info>> {
    FIELDS.iter().map(|field| Roomy::new(field_info(field, ids))).collect()
}

fn field_info(field: &Field, ids: *mut eph_ids) -> hf_register_info {
    let numeric = matches!(field.kind, FT_UINT8 | FT_UINT16);
    let strings = match field.id {
        EPH_CONFIDENCE => CONFIDENCES.0.as_ptr().cast(),
        _ => null(),
    };
    hf_register_info {
        // SAFETY: `ids` points to an eph_ids, and the index is below its array's length.
        p_id: unsafe { &raw mut (*ids).fields[field.id as usize] },
        hfinfo: header_field_info {
            name: field.name.as_ptr(),
            abbrev: field.filter.as_ptr(),
            type_: field.kind,
            display: if numeric { BASE_DEC } else { BASE_NONE } as i32,
            strings,
            bitmask: 0,
            blurb: field.description.as_ptr(),
            id: 0,
            parent: 0,
            ref_type: 0,
            same_name_prev_id: 0,
        },
    }
}

struct Expert {
    id: u32,
    filter: &'static CStr,
    /// The dialog's row for all notes of the kind, and the header of the column that one is applied as.
    summary: &'static CStr,
}

#[rustfmt::skip]
const EXPERTS: [Expert; EPH_EXPERT_COUNT as usize] = [
    Expert { id: EPH_PORT_MISNAMED, filter: c"ephemeral.port_misnamed",
        summary: c"The client's port has the name of a service" },
    Expert { id: EPH_LISTENER_MISNAMED, filter: c"ephemeral.listener_misnamed",
        summary: c"A listening port has another service's name" },
    Expert { id: EPH_WRONG_DISSECTOR, filter: c"ephemeral.wrong_dissector",
        summary: c"The dissector was chosen by the client's port" },
    Expert { id: EPH_OTHER_SERVICE, filter: c"ephemeral.other_service",
        summary: c"Another protocol than the port's is spoken" },
    Expert { id: EPH_SYSTEM_SOURCE, filter: c"ephemeral.system_source",
        summary: c"The client has a system port" },
    Expert { id: EPH_DECLARED_DIFFERS, filter: c"ephemeral.declared_differs",
        summary: c"The handshake contradicts a declared service" },
    Expert { id: EPH_BY_SERVER_PORT, filter: c"ephemeral.by_server_port",
        summary: c"Decoded by the server's port" },
];

/// Returns the expert items, each in the form that `expert_register_field_array` takes. The host writes their ids to
/// `ids`.
pub(crate) fn experts(ids: *mut eph_ids) -> Vec<Roomy<ei_register_info>> {
    EXPERTS.iter().map(|expert| Roomy::new(expert_info(expert, ids))).collect()
}

fn expert_info(expert: &Expert, ids: *mut eph_ids) -> ei_register_info {
    ei_register_info {
        // SAFETY: `ids` points to an eph_ids, and the index is below its array's length.
        ids: unsafe { &raw mut (*ids).experts[expert.id as usize] },
        eiinfo: expert_field_info {
            name: expert.filter.as_ptr(),
            group: PI_ASSUMPTION as i32,
            severity: PI_NOTE as i32,
            summary: expert.summary.as_ptr(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_room_for_each_summary() {
        for expert in &EXPERTS {
            assert!(expert.summary.count_bytes() <= 45, "{:?}", expert.summary);
        }
    }

    #[test]
    fn each_is_in_the_reference() {
        let reference = include_str!("../../../docs/reference.md");
        let filters = FIELDS.iter().map(|field| field.filter).chain(EXPERTS.iter().map(|expert| expert.filter));
        for filter in filters {
            let quoted = format!("`{}`", filter.to_str().expect("filter names are ASCII"));
            assert!(reference.contains(&quoted), "docs/reference.md lacks {quoted}");
        }
    }
}
