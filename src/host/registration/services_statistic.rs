// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The services that a capture shows: the statistic `-z ephemeral,services`, and `-z ephemeral,services,FILE`, which writes
//! them as rows of the table of services. `plugin/dissector/services_statistic.c` has the callbacks for a packet,
//! [`super::services_statistic_state`] what is kept.

use super::services_statistic_state::{FoundServices, Observation};
use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::host_static::HostStatic;
use crate::host::guard::left_out::leave_out;
use crate::host::guard::panic;
use crate::host::registration::roomy::Roomy;
use crate::packet::Transport;
use crate::roles::Confidence;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::ptr::{null, null_mut};

const NAME: &CStr = c"ephemeral,services";
/// With the comma, it is another option to the host, which looks for the longest that fits.
const FILE_OPTION: &CStr = c"ephemeral,services,";

/// Registers both, or says in the log why there are none.
pub(super) fn register() {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    match library::bind("services statistic", |library| unsafe { ServiceStatistic::from_library(library) }) {
        Ok(host) => register_with(&host),
        Err(why) => leave_out("statistic of services", &why),
    }
}

const fn column(name: &'static CStr, type_: stat_tap_table_item_enum, format: &'static CStr) -> stat_tap_table_item {
    let align = if type_ == TABLE_ITEM_UINT { TAP_ALIGN_RIGHT } else { TAP_ALIGN_LEFT };
    stat_tap_table_item { type_, align, column_name: name.as_ptr(), field_format: format.as_ptr() }
}

/// In the order of `eph_services_statistic_column`.
static COLUMNS: HostStatic<[stat_tap_table_item; EPH_COLUMN_COUNT as usize]> = HostStatic::new([
    column(c"Address", TABLE_ITEM_STRING, c"%-15s"),
    column(c"Transport", TABLE_ITEM_STRING, c"%s"),
    column(c"Port", TABLE_ITEM_UINT, c"%5u"),
    column(c"Service", TABLE_ITEM_STRING, c"%-15s"),
    column(c"Known by", TABLE_ITEM_STRING, c"%-20s"),
    column(c"Clients", TABLE_ITEM_UINT, c"%7u"),
    column(c"First frame", TABLE_ITEM_UINT, c"%9u"),
    column(c"Last frame", TABLE_ITEM_UINT, c"%9u"),
]);

static TABLE: HostStatic<Roomy<stat_tap_table_ui>> = HostStatic::new(Roomy::new(stat_tap_table_ui {
    group: REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS,
    title: c"Ephemeral Ports: Services".as_ptr(),
    tap_name: c"ephemeral".as_ptr(),
    cli_string: NAME.as_ptr(),
    stat_tap_init_cb: Some(eph_services_statistic_init),
    packet_func: Some(eph_services_statistic_packet),
    stat_tap_reset_table_cb: Some(eph_services_statistic_reset),
    stat_tap_free_table_item_cb: Some(eph_services_statistic_free),
    stat_filter_check_cb: None,
    nfields: EPH_COLUMN_COUNT as usize,
    fields: COLUMNS.as_ptr().cast(),
    nparams: 0,
    params: null_mut(),
    tables: null_mut(),
    refcount: 0,
}));

static FILE: HostStatic<Roomy<stat_tap_ui>> = HostStatic::new(Roomy::new(stat_tap_ui {
    group: REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS,
    title: null(),
    cli_string: FILE_OPTION.as_ptr(),
    tap_init_cb: Some(eph_services_statistic_start_file),
    nparams: 0,
    params: null_mut(),
}));

fn register_with(host: &ServiceStatistic) {
    let calls = Box::leak(Box::new(eph_services_statistic_calls {
        stat_tap_init_table: Some(host.stat_tap_init_table),
        stat_tap_add_table: Some(host.stat_tap_add_table),
        stat_tap_init_table_row: Some(host.stat_tap_init_table_row),
        register_tap_listener: Some(host.register_tap_listener),
        record_packet: Some(record_packet),
        forget: Some(forget),
        forget_all: Some(forget_all),
        open_file: Some(open_file),
        write_file: Some(write_file),
    }));
    // SAFETY: all that is handed over lives as long as the process, and the host alone changes it. The callbacks have the
    // types that are asked for: 3.4 leaves out a packet callback's last argument, which is not looked at, and
    // nobody looks at the result of `eph_services_statistic_start_file` before 4.6.
    unsafe {
        eph_services_statistic_bind(calls);
        (host.register_stat_tap_table_ui)(TABLE.as_ptr().cast());
        (host.register_stat_tap_ui)(FILE.as_ptr().cast(), null_mut());
    }
}

/// Whether a packet is a sign that its server offers a service.
fn is_sign(record: &ephemeral_tap_record) -> bool {
    let is_datagram = Transport::of_number(record.protocol).is_some_and(Transport::is_datagram);
    let enough = if is_datagram { Confidence::Strong } else { Confidence::Handshake };
    record.attempt == 0 && (record.from_client == 0 || record.confidence >= enough.number())
}

/// By the address of the table or of the file's name, which is not followed.
static FOUND: Exclusive<BTreeMap<usize, FoundServices>> = Exclusive::new(BTreeMap::new());

/// The functions of `eph_services_statistic_calls` (plugin/dissector/services_statistic.h).
///
/// # Safety
/// `record` is one of the tap's; `service` can be written to.
unsafe extern "C" fn record_packet(
    of: *const c_void,
    record: *const ephemeral_tap_record,
    frame: u32,
    service: *mut eph_service,
) -> c_int {
    // SAFETY: by the contract above.
    let record = unsafe { &*record };
    let text = |text: *const c_char| {
        // SAFETY: the record's texts are C strings, or null.
        (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
    };
    let shown = panic::guarded(Entry::CountService, || {
        let observation = Observation {
            server: text(record.server)?,
            transport: Transport::of_number(record.protocol)?,
            port: record.server_port,
            client: text(record.client)?,
            name: text(record.service),
            confidence: record.confidence,
            known: [text(record.confidence_name)?, text(record.evidence_kind)?],
            both_agreed: record.both_agreed != 0,
            on_another_port: record.client_port != record.server_port,
            is_sign: is_sign(record),
            frame,
        };
        let mut all = FOUND.borrow_or_report(EPH_NOT_COUNTED)?;
        let found = all.entry(of as usize).or_default();
        let row = found.record(&observation)?;
        let shown = found.services.get(row)?;
        let rows_made = found.rows_made;
        found.rows_made = rows_made.max(row as u32 + 1);
        Some(eph_service {
            row: row as u32,
            rows_made,
            address: shown.address.as_ptr(),
            transport: shown.transport.as_ptr(),
            name: shown.name.as_ptr(),
            known: shown.known.as_ptr(),
            port: shown.port.into(),
            clients: shown.clients,
            first_frame: shown.first_frame,
            last_frame: shown.last_frame,
        })
    });
    let Some(shown) = shown.flatten() else { return 0 };
    // SAFETY: by the contract above.
    unsafe { service.write(shown) };
    1
}

extern "C" fn forget(of: *const c_void) {
    panic::guarded_though_off(Entry::ForgetServices, || {
        if let Some(found) = FOUND.borrow_or_report(EPH_NOT_COUNTED)?.get_mut(&(of as usize)) {
            found.forget_all();
        }
        Some(())
    });
}

extern "C" fn forget_all(of: *const c_void) -> u32 {
    let forgotten = panic::guarded_though_off(Entry::ForgetServices, || {
        FOUND.borrow_or_report(EPH_NOT_COUNTED)?.remove(&(of as usize))
    });
    forgotten.flatten().map_or(0, |found| found.rows_made)
}

/// Where rows are to be written.
enum Target {
    StandardOutput,
    File(PathBuf),
}

impl Target {
    fn write(&self, rows: &str) -> io::Result<()> {
        match self {
            Self::StandardOutput => io::stdout().write_all(rows.as_bytes()),
            Self::File(path) => fs::write(path, rows),
        }
    }
}

#[cfg(unix)]
fn path(name: &CStr) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(name.to_bytes()).into()
}

/// The host has UTF-8.
#[cfg(not(unix))]
fn path(name: &CStr) -> PathBuf {
    name.to_string_lossy().into_owned().into()
}

/// # Safety
/// `argument` is a C string: the option's name and that of a file.
unsafe extern "C" fn open_file(argument: *const c_char) -> *mut c_void {
    // SAFETY: by the contract above.
    let argument = unsafe { CStr::from_ptr(argument) };
    let opened = panic::guarded_though_off(Entry::OpenServicesFile, || {
        let name = argument.to_bytes_with_nul().get(FILE_OPTION.count_bytes()..)?;
        let name = CStr::from_bytes_with_nul(name).ok()?;
        if name == c"-" {
            return Some(Target::StandardOutput);
        }
        let path = path(name);
        // What is there stays until there is something to take its place.
        let opened: io::Result<File> = OpenOptions::new().append(true).create(true).open(&path);
        match opened {
            Ok(_) => Some(Target::File(path)),
            Err(why) => {
                log::warn!("the services cannot be written to \"{}\": {why}", path.display());
                None
            }
        }
    });
    match opened.flatten() {
        // The host never says that it is done with it.
        Some(target) => Box::into_raw(Box::new(target)).cast(),
        // SAFETY: it asks the host for a structure of its own.
        None if unsafe { eph_menu_has_window() } != 0 => null_mut(),
        // As tshark itself does where a statistic's argument is wrong.
        None => std::process::exit(1),
    }
}

/// # Safety
/// `file` is what [`open_file`] returned.
unsafe extern "C" fn write_file(file: *const c_void) {
    // SAFETY: by the contract above.
    let target = unsafe { &*file.cast::<Target>() };
    panic::guarded_though_off(Entry::WriteServicesFile, || {
        let rows = FOUND.borrow_or_report(EPH_NOT_COUNTED)?.entry(file as usize).or_default().rows();
        if let Err(why) = target.write(&rows) {
            log::warn!("the services cannot be written: {why}");
        }
        Some(())
    });
}
