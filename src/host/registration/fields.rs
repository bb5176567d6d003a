// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The plugin's fields and expert items, as the host registers them. `plugin/dissector/fields.h` lists them.

use crate::host::api::epan::*;
use crate::host::registration::roomy::Roomy;
use crate::roles::Confidence;
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

// The structures that `Roomy` wraps must have no padding, so that every byte is initialized.
const _: () = assert!(size_of::<hf_register_info>() == 72 && size_of::<ei_register_info>() == 32);

fn field_infos() -> &'static [eph_field_info] {
    // SAFETY: the array is constant (plugin/dissector/fields.c).
    unsafe { &eph_field_infos }
}

fn expert_infos() -> &'static [eph_expert_info] {
    // SAFETY: as above.
    unsafe { &eph_expert_infos }
}

/// Returns the fields, each in the form that `proto_register_field_array` takes. The host writes their ids to `ids`.
pub(crate) fn fields(ids: *mut eph_ids) -> Vec<Roomy<hf_register_info>> {
    let field = |(number, info)| Roomy::new(field(number, info, ids));
    field_infos().iter().enumerate().map(field).collect()
}

fn field(number: usize, info: &eph_field_info, ids: *mut eph_ids) -> hf_register_info {
    let numeric = matches!(info.type_, FT_UINT8 | FT_UINT16);
    let strings = match number as eph_field {
        EPH_CONFIDENCE => CONFIDENCES.0.as_ptr().cast(),
        _ => null(),
    };
    hf_register_info {
        // SAFETY: `ids` points to an eph_ids, and the number is below its array's length.
        p_id: unsafe { &raw mut (*ids).fields[number] },
        hfinfo: header_field_info {
            name: info.name,
            abbrev: info.filter_name,
            type_: info.type_,
            display: if numeric { BASE_DEC } else { BASE_NONE } as i32,
            strings,
            bitmask: 0,
            blurb: info.description,
            id: 0,
            parent: 0,
            ref_type: 0,
            same_name_prev_id: 0,
        },
    }
}

/// Returns the expert items, each in the form that `expert_register_field_array` takes. The host writes their ids to
/// `ids`.
pub(crate) fn experts(ids: *mut eph_ids) -> Vec<Roomy<ei_register_info>> {
    let expert = |(number, info)| Roomy::new(expert(number, info, ids));
    expert_infos().iter().enumerate().map(expert).collect()
}

fn expert(number: usize, info: &eph_expert_info, ids: *mut eph_ids) -> ei_register_info {
    ei_register_info {
        // SAFETY: `ids` points to an eph_ids, and the number is below its array's length.
        ids: unsafe { &raw mut (*ids).experts[number] },
        eiinfo: expert_field_info {
            name: info.filter_name,
            group: PI_ASSUMPTION as i32,
            severity: PI_NOTE as i32,
            summary: info.summary,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::{CStr, c_char};

    fn text(text: *const c_char) -> &'static str {
        // SAFETY: the texts are constant C strings.
        unsafe { CStr::from_ptr(text) }.to_str().expect("our texts are UTF-8")
    }

    #[test]
    fn a_column_has_room_for_each_summary() {
        for expert in expert_infos() {
            assert!(text(expert.summary).len() <= 45, "{:?}", text(expert.summary));
        }
    }

    #[test]
    fn each_is_in_the_reference() {
        let reference = include_str!("../../../docs/reference.md");
        let fields = field_infos().iter().map(|field| field.filter_name);
        for filter in fields.chain(expert_infos().iter().map(|expert| expert.filter_name)) {
            let quoted = format!("`{}`", text(filter));
            assert!(reference.contains(&quoted), "docs/reference.md lacks {quoted}");
        }
    }
}
