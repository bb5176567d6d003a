// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The table of services in Preferences: a User Accessible Table of the host (epan/uat.h). Its file is
//! `ephemeral_services` in the profile.
//!
//! The host keeps each row as a [`Record`] with the texts of its fields. So it can show a row that cannot be parsed as
//! the user wrote it. [`rows`] parses them when a file is opened.

use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::host_static::HostStatic;
use crate::host::guard::left_out;
use crate::host::guard::panic;
use crate::services::{self, Row};
use once_cell::sync::OnceCell;
use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::ptr::{null, null_mut, without_provenance};
use std::slice;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};

/// The text of a field as the user wrote it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Text {
    length: u32,
    bytes: [u8; Self::ROOM],
}

impl Text {
    /// One byte more than a field may have, so that a later check notices a text that was too long.
    const ROOM: usize = 256;

    fn get(&self) -> &[u8] {
        self.bytes.get(..self.length as usize).unwrap_or_default()
    }

    fn set(&mut self, text: &[u8]) {
        let length = text.len().min(Self::ROOM);
        self.bytes[..length].copy_from_slice(&text[..length]);
        self.length = length as u32;
    }
}

/// A row as the host keeps it. The host creates it as zeros, copies it as bytes, and frees nothing in it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Record {
    fields: [Text; FIELDS.len()],
}

/// The host's array of rows, and their number. The host writes both.
static RECORDS: AtomicPtr<Record> = AtomicPtr::new(null_mut());
static COUNT: AtomicU32 = AtomicU32::new(0);

static HOST: OnceCell<UserTable> = OnceCell::new();

/// The host's table; null if there is none.
static TABLE: AtomicPtr<uat_t> = AtomicPtr::new(null_mut());

struct Field {
    name: &'static CStr,
    title: &'static CStr,
    description: &'static CStr,
    mode: uat_text_mode_t,
    check: fn(&str) -> Result<(), String>,
}

/// The columns, in the order of [`Row::read`].
const FIELDS: [Field; 4] = [
    Field {
        name: c"address",
        title: c"Address or prefix",
        description: c"Address of the service: 10.0.0.5, 10.0.0.0/8, 2001:db8::/32. Empty for any address",
        mode: PT_TXTMOD_STRING,
        check: |text| services::read_prefix(text).map(drop),
    },
    Field {
        name: c"transport",
        title: c"Transport",
        description: c"TCP, UDP, SCTP, DCCP, UDP-Lite or any",
        mode: PT_TXTMOD_ENUM,
        check: |text| services::read_transport(text).map(drop),
    },
    Field {
        name: c"ports",
        title: c"Ports",
        description: c"Ports and ranges of ports: 8443,9000-9099",
        mode: PT_TXTMOD_STRING,
        check: |text| services::read_ports(text).map(drop),
    },
    Field {
        name: c"name",
        title: c"Name",
        description: c"Name of the service. Empty for the registered name of its port",
        mode: PT_TXTMOD_STRING,
        check: |text| services::read_name(text).map(drop),
    },
];

struct Transports([value_string; 7]);

// SAFETY: it never changes, and points to constants.
unsafe impl Sync for Transports {}

/// The transports that the dialog offers.
static TRANSPORTS: Transports = Transports([
    value_string { value: 0, strptr: c"any".as_ptr() },
    value_string { value: 1, strptr: c"TCP".as_ptr() },
    value_string { value: 2, strptr: c"UDP".as_ptr() },
    value_string { value: 3, strptr: c"SCTP".as_ptr() },
    value_string { value: 4, strptr: c"DCCP".as_ptr() },
    value_string { value: 5, strptr: c"UDP-Lite".as_ptr() },
    value_string { value: 0, strptr: null() },
]);

/// Registers the table, or says in the log why there is none.
pub(crate) fn register(module: *mut module_t) {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    match library::bind("services", |library| unsafe { UserTable::from_library(library) }) {
        Ok(host) => {
            let host = HOST.get_or_init(|| host);
            // SAFETY: the host keeps the array of columns and writes to it; it is a static with room for more members
            // than any release has. All texts are constants. The two variables are statics; the host writes them when
            // it changes its rows, in the thread that dissects. The host copies and frees a `Record` as bytes, so the
            // callbacks for that are null.
            unsafe {
                let table = (host.uat_new)(
                    c"Ephemeral Ports: Services".as_ptr(),
                    size_of::<Record>(),
                    c"ephemeral_services".as_ptr(),
                    1,
                    RECORDS.as_ptr().cast(),
                    COUNT.as_ptr(),
                    UAT_AFFECTS_DISSECTION,
                    null(),
                    None,
                    None,
                    None,
                    None,
                    None,
                    COLUMNS.as_ptr().cast(),
                );
                (host.prefs_register_uat_preference)(
                    module,
                    c"services".as_ptr(),
                    c"Services".as_ptr(),
                    c"Your own services by address, transport and port, with their names. Such an end is the server"
                        .as_ptr(),
                    table,
                );
                TABLE.store(table, Relaxed);
            }
        }
        Err(why) => left_out::leave_out("table of services", &why),
    }
}

/// The columns for the host, closed by empty ones. The host writes to them.
static COLUMNS: HostStatic<[uat_field_t; COLUMN_ROOM]> = HostStatic::new(columns());

/// More columns than any release reads.
const COLUMN_ROOM: usize = FIELDS.len() + 4;

const CLOSING: uat_field_t = uat_field_t {
    name: null(),
    title: null(),
    mode: PT_TXTMOD_NONE,
    cb: uat_callbacks { chk: None, set: None, tostr: None },
    cbdata: uat_callback_data { chk: null(), set: null(), tostr: null() },
    fld_data: null(),
    desc: null(),
    priv_: null_mut(),
};

const fn columns() -> [uat_field_t; COLUMN_ROOM] {
    let mut columns = [CLOSING; COLUMN_ROOM];
    let mut at = 0;
    while at < FIELDS.len() {
        columns[at] = column(at);
        at += 1;
    }
    columns
}

const fn column(at: usize) -> uat_field_t {
    let Field { name, title, description, mode, .. } = &FIELDS[at];
    // The callbacks get the number of the column. Some releases pass the first of the three members to all callbacks.
    let number = without_provenance(at);
    uat_field_t {
        name: name.as_ptr(),
        title: title.as_ptr(),
        mode: *mode,
        cb: uat_callbacks { chk: Some(check), set: Some(set), tostr: Some(to_text) },
        cbdata: uat_callback_data { chk: number, set: number, tostr: number },
        fld_data: if *mode == PT_TXTMOD_ENUM { TRANSPORTS.0.as_ptr().cast() } else { null() },
        desc: description.as_ptr(),
        priv_: null_mut(),
    }
}

/// Returns the rows that can be parsed.
pub(crate) fn rows() -> Vec<Row> {
    with_records(|records| records.iter().filter_map(read).collect())
}

/// Returns the host's table and the functions to add a row, if there is a table.
pub(crate) fn table() -> Option<(*mut uat_t, &'static UserTable)> {
    let table = TABLE.load(Relaxed);
    HOST.get().filter(|_| !table.is_null()).map(|host| (table, host))
}

/// Returns a row of these texts for `uat_add_record`, valid until the next call. Returns `None` if they cannot be
/// parsed.
pub(crate) fn new_row(texts: [&str; FIELDS.len()]) -> Option<*const c_void> {
    static ROW: Exclusive<Option<Box<Record>>> = Exclusive::new(None);
    let mut record = Record { fields: [Text { length: 0, bytes: [0; Text::ROOM] }; FIELDS.len()] };
    for (field, text) in record.fields.iter_mut().zip(texts) {
        field.set(text.as_bytes());
    }
    read(&record)?;
    let mut kept = ROW.borrow()?;
    Some(std::ptr::from_ref(&**kept.insert(Box::new(record))).cast())
}

/// Returns the number of rows, and how many of them can be parsed.
pub(crate) fn counts() -> (usize, usize) {
    with_records(|records| (records.len(), records.iter().filter_map(read).count()))
}

fn with_records<T>(look: impl FnOnce(&[Record]) -> T) -> T {
    let (records, count) = (RECORDS.load(Relaxed), COUNT.load(Relaxed) as usize);
    if records.is_null() {
        return look(&[]);
    }
    // SAFETY: the host keeps `count` rows there, and changes them only in this thread, between packets.
    look(unsafe { slice::from_raw_parts(records, count) })
}

fn read(record: &Record) -> Option<Row> {
    let [address, transport, ports, name] = record.fields.each_ref().map(|text| std::str::from_utf8(text.get()));
    Row::read([address.ok()?, transport.ok()?, ports.ok()?, name.ok()?]).ok()
}

/// Checks the text of a field. The error says what is wrong, for the user.
fn check_text(field: usize, text: &[u8]) -> Result<(), String> {
    if text.len() >= Text::ROOM {
        return Err(format!("more than {} bytes; use another row for the rest", Text::ROOM - 1));
    }
    let text = std::str::from_utf8(text).map_err(|_| "this is not UTF-8".to_owned())?;
    FIELDS.get(field).map_or(Ok(()), |field| (field.check)(text))
}

/// Checks whether a text is valid for a field (epan's `uat_fld_chk_cb_t`). Returns 1 if it is. Otherwise `error` gets a
/// message that the host frees.
///
/// # Safety
/// As epan/uat.h says: `text` has `length` bytes, or is null; `error` can be written to.
unsafe extern "C" fn check(
    _record: *mut c_void,
    text: *const c_char,
    length: c_uint,
    field: *const c_void,
    _: *const c_void,
    error: *mut *mut c_char,
) -> c_int {
    // SAFETY: by the contract above.
    let text = unsafe { bytes(text, length) };
    let checked = panic::guarded_though_off(Entry::CheckService, || check_text(field as usize, text));
    let wrong = match checked {
        Some(Ok(())) => None,
        Some(Err(wrong)) => Some(CString::new(wrong.replace('\0', "")).unwrap_or_default()),
        None => Some(c"internal error of Ephemeral Ports: see Wireshark's log".to_owned()),
    };
    let told = wrong.as_ref().map_or(null_mut(), |wrong| host_text(wrong));
    // SAFETY: by the contract above.
    unsafe { *error = told };
    c_int::from(wrong.is_none())
}

/// Sets a field to a text, valid or not (epan's `uat_fld_set_cb_t`).
///
/// # Safety
/// As epan/uat.h says: `record` is one of ours, and `text` as in [`check`].
unsafe extern "C" fn set(
    record: *mut c_void,
    text: *const c_char,
    length: c_uint,
    field: *const c_void,
    _: *const c_void,
) {
    // SAFETY: by the contract above; a record of zeros is valid, too.
    let (record, text) = unsafe { (&mut *record.cast::<Record>(), bytes(text, length)) };
    let Some(kept) = record.fields.get_mut(field as usize) else { return };
    let offered = [&b"any"[..], b"TCP", b"UDP", b"SCTP", b"DCCP", b"UDP-Lite"];
    let is_transport = FIELDS.get(field as usize).is_some_and(|field| field.mode == PT_TXTMOD_ENUM);
    let choice = offered.into_iter().find(|choice| is_transport && choice.eq_ignore_ascii_case(text));
    kept.set(choice.unwrap_or(text));
}

/// Returns the text of a field, in a string that the host frees (epan's `uat_fld_tostr_cb_t`).
///
/// # Safety
/// As epan/uat.h says: `record` is one of ours; `text` and `length` can be written to.
unsafe extern "C" fn to_text(
    record: *mut c_void,
    text: *mut *mut c_char,
    length: *mut c_uint,
    field: *const c_void,
    _: *const c_void,
) {
    // SAFETY: by the contract above.
    let record = unsafe { &*record.cast::<Record>() };
    let kept = record.fields.get(field as usize).map_or(&[][..], Text::get);
    // Some code of the host treats it as a C string, so it ends before the first NUL.
    let kept = CString::new(kept.iter().copied().take_while(|byte| *byte != 0).collect::<Vec<_>>()).unwrap_or_default();
    // SAFETY: by the contract above.
    unsafe {
        *text = host_text(&kept);
        *length = kept.count_bytes() as c_uint;
    }
}

/// A copy that the host can free.
fn host_text(text: &CStr) -> *mut c_char {
    // SAFETY: the text is a C string. (Without `HOST` there is no table, and the host calls none of our callbacks.)
    HOST.get().map_or(null_mut(), |host| unsafe { (host.g_strdup)(text.as_ptr()) })
}

/// # Safety
/// `text` has `length` bytes, or is null.
unsafe fn bytes<'a>(text: *const c_char, length: c_uint) -> &'a [u8] {
    if text.is_null() {
        return &[];
    }
    // SAFETY: by the contract above.
    unsafe { slice::from_raw_parts(text.cast(), length as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: [&str; FIELDS.len()]) -> Record {
        let mut record = Record { fields: [Text { length: 0, bytes: [0; Text::ROOM] }; FIELDS.len()] };
        for (at, text) in fields.iter().enumerate() {
            // SAFETY: the record is one, and the text has its length.
            unsafe {
                set((&raw mut record).cast(), text.as_ptr().cast(), text.len() as c_uint, at as *const c_void, null());
            }
        }
        record
    }

    #[test]
    fn a_field_is_checked_by_its_own_rule() {
        for (at, right, wrong) in
            [(0, "10.0.0.0/8", "TCP"), (1, "udp", "10.0.0.0/8"), (2, "1-9", "any"), (3, "wireguard", "a\u{7}b")]
        {
            assert_eq!(check_text(at, right.as_bytes()), Ok(()), "{right}");
            assert!(check_text(at, wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(check_text(3, b"\xff").is_err());
    }

    #[test]
    fn what_is_too_long_is_refused_whenever_it_is_checked() {
        let longest = vec!["80"; 85].join(",");
        assert_eq!((longest.len(), check_text(2, longest.as_bytes())), (254, Ok(())));
        let too_long = vec!["80"; 86].join(",");
        assert!(check_text(2, too_long.as_bytes()).is_err());
        let kept = record(["", "", &too_long, ""]);
        assert!(check_text(2, kept.fields[2].get()).is_err(), "the part that was kept is refused, too");
    }

    #[test]
    fn a_record_is_read_as_its_row() {
        let row = read(&record(["10.0.0.0/8", "tcp", "8443", "intranet"]));
        assert_eq!(row, Row::read(["10.0.0.0/8", "TCP", "8443", "intranet"]).ok());
        assert_eq!(
            record(["", "tcp", "", "tcp"]).fields.map(|text| text.get().to_vec())[1..],
            [&b"TCP"[..], b"", b"tcp"]
        );
        assert_eq!(read(&record(["10.0.0.0/8", "tcp", "http", ""])), None);
    }
}
