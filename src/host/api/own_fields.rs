// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Compares fields that the host registered with `include/epan.h`, before the plugin registers its own fields with the
//! same structure and numbers. In a release where these differ, the plugin registers nothing.

use super::epan::{
    BASE_DEC, BASE_NONE, Epan, FT_BOOLEAN, FT_FRAMENUM, FT_PROTOCOL, FT_STRING, FT_UINT8, FT_UINT16, PI_ASSUMPTION,
    PI_NOTE, ftenum, header_field_info, hf_register_info, value_string,
};
use super::library;
use crate::system::read_memory;
use std::ffi::{CStr, c_char, c_void};
use std::mem::{MaybeUninit, offset_of};

/// A field that every release has, and how the host registers it.
struct ExpectedField {
    filter: &'static CStr,
    kind: ftenum,
    /// `BASE_*`, if it is one that we use.
    display: Option<u32>,
    /// The protocol that the field belongs to.
    of: Option<&'static CStr>,
}

#[rustfmt::skip]
const EXPECTED: [ExpectedField; 6] = [
    ExpectedField { filter: c"tcp", kind: FT_PROTOCOL, display: Some(BASE_NONE), of: None },
    ExpectedField { filter: c"tcp.flags.syn", kind: FT_BOOLEAN, display: None, of: Some(c"tcp") },
    ExpectedField { filter: c"ip.ttl", kind: FT_UINT8, display: Some(BASE_DEC), of: Some(c"ip") },
    ExpectedField { filter: c"tcp.srcport", kind: FT_UINT16, display: None, of: Some(c"tcp") },
    ExpectedField { filter: c"dns.qry.name", kind: FT_STRING, display: Some(BASE_NONE), of: Some(c"dns") },
    ExpectedField { filter: c"tcp.analysis.acks_frame", kind: FT_FRAMENUM, display: Some(BASE_NONE), of: Some(c"tcp") },
];

/// Returns the first thing that contradicts our header, in words, or `None`. Skips a field that the host does not have.
///
/// Called after the host has registered its own protocols.
pub fn misfit(epan: &Epan) -> Option<String> {
    let of_field = |expected: &ExpectedField| {
        // SAFETY: the name is a C string.
        let id = |name: &CStr| unsafe { (epan.proto_registrar_get_id_byname)(name.as_ptr()) };
        let number = id(expected.filter);
        if number == -1 {
            log::debug!("this Wireshark has no field {:?}: it is not compared", expected.filter);
            return None;
        }
        // SAFETY: `number` is the id of a registered field, so the function does not throw.
        let at = unsafe { (epan.proto_registrar_get_nth)(number as u32) };
        field_misfit(expected, number, expected.of.map(id), at)
            .map(|what| format!("{what} of {}", expected.filter.to_string_lossy()))
    };
    let of_expert = || {
        let library = library::find()?;
        let table = |symbol: &[u8]| {
            // SAFETY: the symbol is an array of constants (epan/expert.h); only its address is taken.
            unsafe { library.get::<*const value_string>(symbol) }.ok().map(|at| *at)
        };
        let tables: [(&[u8], _, _); 2] =
            [(b"expert_group_vals\0", PI_ASSUMPTION, c"Assumption"), (b"expert_severity_vals\0", PI_NOTE, c"Note")];
        let is_wrong = |&(symbol, value, name): &(&[u8], u32, &CStr)| {
            table(symbol).is_some_and(|table| !is_name_of(table, value, name))
        };
        tables
            .iter()
            .find(|table| is_wrong(table))
            .map(|(_, _, name)| format!("the number of {}", name.to_string_lossy()))
    };
    EXPECTED.iter().find_map(of_field).or_else(of_expert)
}

/// Returns what differs from `expected` in the host's data at `at` about its field `number`, of the protocol `parent`.
fn field_misfit(
    expected: &ExpectedField,
    number: i32,
    parent: Option<i32>,
    at: *const header_field_info,
) -> Option<&'static str> {
    let Some(field) = read::<header_field_info>(at) else { return Some("header_field_info") };
    if !is_text(field.abbrev, expected.filter) {
        return Some("header_field_info.abbrev");
    }
    if field.id != number {
        return Some("header_field_info.id");
    }
    if parent.is_some_and(|parent| field.parent != parent) {
        return Some("header_field_info.parent");
    }
    // The number of an earlier field with the same name, or -1.
    if field.same_name_prev_id != -1 && !(1..number).contains(&field.same_name_prev_id) {
        return Some("header_field_info.ref_type");
    }
    if field.type_ != expected.kind {
        return Some("the type");
    }
    if expected.display.is_some_and(|display| field.display != display as i32) {
        return Some("the display");
    }
    // A field lies within its `hf_register_info`. For a protocol, the host makes the field itself.
    let registered: *const hf_register_info = at.wrapping_byte_sub(offset_of!(hf_register_info, hfinfo)).cast();
    let p_id = || read(read::<*const i32>(registered.cast())?);
    if parent.is_some() && p_id() != Some(number) {
        return Some("hf_register_info.p_id");
    }
    None
}

/// Returns whether a table of names (epan/value_string.h) has this name for `value`.
fn is_name_of(table: *const value_string, value: u32, name: &CStr) -> bool {
    const MOST: usize = 64;
    let entries = (0..MOST).map_while(|at| read(table.wrapping_add(at)));
    entries.take_while(|entry| !entry.strptr.is_null()).any(|entry| entry.value == value && is_text(entry.strptr, name))
}

fn is_text(at: *const c_char, text: &CStr) -> bool {
    let bytes = text.to_bytes_with_nul();
    (0..bytes.len()).all(|i| read(at.wrapping_add(i).cast::<u8>()) == Some(bytes[i]))
}

/// Copies a `T` of plain numbers and pointers, for which any bytes are valid. Returns `None` if the memory is
/// unreadable.
fn read<T: Copy>(at: *const T) -> Option<T> {
    let mut value = MaybeUninit::<T>::uninit();
    let to = value.as_mut_ptr().cast::<c_void>();
    // SAFETY: `read_memory` takes any address, and `value` has room for a `T`.
    let is_read = unsafe { read_memory(at.cast(), to, size_of::<T>()) } != 0;
    // SAFETY: all of it was written; any bytes are a valid `T`, as said above.
    is_read.then(|| unsafe { value.assume_init() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: i32 = 7;
    const PARENT: i32 = 5;

    /// An `hf_register_info` in the memory of a host, in words of 32 bits.
    struct Memory {
        words: Vec<u32>,
        _number: Box<i32>,
    }

    impl Memory {
        fn of(expected: &ExpectedField) -> Self {
            let number = Box::new(NUMBER);
            let pointer = |at: usize| [at as u32, (at >> 32) as u32];
            let display = expected.display.unwrap_or(0);
            let mut words = Vec::new();
            words.extend(pointer(&raw const *number as usize));
            words.extend(pointer(c"A name".as_ptr() as usize));
            words.extend(pointer(expected.filter.as_ptr() as usize));
            words.extend([expected.kind, display, 0, 0, 0, 0]);
            words.extend(pointer(c"A description".as_ptr() as usize));
            words.extend([NUMBER as u32, PARENT as u32, 0, u32::MAX, 0, 0, 0, 0]);
            Self { words, _number: number }
        }

        fn misfit(&self, expected: &ExpectedField) -> Option<&'static str> {
            field_misfit(expected, NUMBER, Some(PARENT), self.words[2..].as_ptr().cast())
        }
    }

    #[test]
    fn a_field_as_we_know_it_fits() {
        for expected in &EXPECTED {
            assert_eq!(Memory::of(expected).misfit(expected), None, "{:?}", expected.filter);
        }
    }

    #[test]
    fn each_kind_of_change_is_noticed() {
        let expected = &EXPECTED[2];
        // Words that are inserted: before which word, and how many.
        let inserted = [(2, 2), (4, 2), (6, 1), (7, 1), (8, 2), (10, 2), (12, 2), (14, 1), (15, 1), (16, 1), (17, 1)];
        for (at, more) in inserted {
            let mut memory = Memory::of(expected);
            memory.words.splice(at..at, vec![0; more]);
            // The pointer stays at word 2: the host returns the address of its structure, wherever that is.
            assert!(memory.misfit(expected).is_some(), "{more} words more before word {at}");
        }
        let changed: [(usize, u32); 4] = [(6, FT_UINT16), (7, BASE_NONE), (14, 8), (15, 4)];
        for (at, value) in changed {
            let mut memory = Memory::of(expected);
            memory.words[at] = value;
            assert!(memory.misfit(expected).is_some(), "word {at} is {value}");
        }
        let mut memory = Memory::of(expected);
        memory.words.swap(2, 4);
        memory.words.swap(3, 5);
        assert_eq!(memory.misfit(expected), Some("header_field_info.abbrev"));
    }

    #[test]
    fn no_wild_pointer_is_followed() {
        let expected = &EXPECTED[2];
        for wild in [8usize, 0x0000_0050_0000_0474, 0xdead_beef_dead_beef] {
            assert_eq!(field_misfit(expected, NUMBER, None, wild as *const _), Some("header_field_info"));
            assert!(!is_name_of(wild as *const _, 1, c"x"));
            for at in [0, 4] {
                let mut memory = Memory::of(expected);
                memory.words[at] = wild as u32;
                memory.words[at + 1] = (wild >> 32) as u32;
                assert!(memory.misfit(expected).is_some());
            }
        }
    }

    #[test]
    fn names_are_found_by_number() {
        let entry = |value, name: &'static CStr| value_string { value, strptr: name.as_ptr() };
        let end = value_string { value: 0, strptr: std::ptr::null() };
        let table = [entry(1, c"Chat"), entry(2, c"Note"), end, entry(3, c"Error")];
        assert!(is_name_of(table.as_ptr(), 2, c"Note"));
        assert!(!is_name_of(table.as_ptr(), 1, c"Note"));
        assert!(!is_name_of(table.as_ptr(), 3, c"Error"));
    }
}
