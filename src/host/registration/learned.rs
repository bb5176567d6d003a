// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The services that a capture shows: the statistic `-z ephemeral,services`, and `-z ephemeral,services,FILE`, which writes
//! them as rows of the table of services. What they do for a packet is in `plugin/dissector/learned.c`.
//!
//! An end is a service once there is a sign that it serves: it sent something as a server, resets apart, or the client went
//! on after the handshake. An end that is only scanned shows no sign. Over UDP it need not answer where the verdict is strong:
//! receivers of logs never do.

use super::statistics_state::{Pairs, at_most};
use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::host_static::HostStatic;
use crate::host::guard::left_out::leave_out;
use crate::host::guard::panic;
use crate::host::guard::reports::report;
use crate::host::registration::roomy::Roomy;
use crate::packet::Transport;
use crate::roles::{Confidence, Evidence, Table};
use crate::services;
use hashbrown::hash_table::Entry::{Occupied, Vacant};
use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
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

/// In the order of `eph_learned_column`.
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
    stat_tap_init_cb: Some(eph_learned_init),
    packet_func: Some(eph_learned_packet),
    stat_tap_reset_table_cb: Some(eph_learned_reset),
    stat_tap_free_table_item_cb: Some(eph_learned_free),
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
    tap_init_cb: Some(eph_learned_start_file),
    nparams: 0,
    params: null_mut(),
}));

fn register_with(host: &ServiceStatistic) {
    let calls = Box::leak(Box::new(eph_learned_calls {
        stat_tap_init_table: Some(host.stat_tap_init_table),
        stat_tap_add_table: Some(host.stat_tap_add_table),
        stat_tap_init_table_row: Some(host.stat_tap_init_table_row),
        register_tap_listener: Some(host.register_tap_listener),
        learn: Some(learn),
        forget: Some(forget),
        close: Some(close),
        open_file: Some(open_file),
        write_file: Some(write_file),
    }));
    // SAFETY: all that is handed over lives as long as the process, and the host alone changes it. The callbacks have the
    // types that are asked for: 3.4 leaves out a packet callback's last argument, which is not looked at, and
    // nobody looks at the result of `eph_learned_start_file` before 4.6.
    unsafe {
        eph_learned_bind(calls);
        (host.register_stat_tap_table_ui)(TABLE.as_ptr().cast());
        (host.register_stat_tap_ui)(FILE.as_ptr().cast(), null_mut());
    }
}

/// What one packet says of a service.
struct Seen<'a> {
    /// Numeric.
    server: &'a CStr,
    transport: Transport,
    port: u16,
    client: &'a CStr,
    name: Option<&'a CStr>,
    /// As `ephemeral.confidence`.
    confidence: u8,
    /// In words: the confidence, and what it rests on.
    known: [&'a CStr; 2],
    /// Neither end is a service's.
    both_agreed: bool,
    /// The client is on another port than the server.
    on_another_port: bool,
    /// It shows that there is a service, and no closed port.
    is_sign: bool,
    frame: u32,
}

/// An end that offers a service.
struct Service {
    address: CString,
    transport: &'static CStr,
    port: u16,
    name: CString,
    confidence: u8,
    known: CString,
    both_agreed: bool,
    /// More than the numbers of the ports says so, and surely. What these say, they say in each capture anew.
    is_sure: bool,
    /// It served a client on another port: peers have the same, and either may ask.
    on_another_port: bool,
    clients: u32,
    first_frame: u32,
    last_frame: u32,
}

impl Service {
    /// The row for all that there is no room to tell apart.
    fn of_others() -> Self {
        let empty = CString::default;
        let address = c"(others)".to_owned();
        let (name, known, transport) = (empty(), empty(), c"");
        let (clients, first_frame, last_frame) = (0, 0, 0);
        Self {
            address,
            transport,
            port: 0,
            name,
            confidence: 0,
            known,
            both_agreed: false,
            is_sure: false,
            on_another_port: false,
            clients,
            first_frame,
            last_frame,
        }
    }

    fn see(&mut self, seen: &Seen<'_>) {
        self.last_frame = seen.frame;
        self.both_agreed |= seen.both_agreed;
        let by_numbers = seen.known[1].to_bytes() == Evidence::BY_PORTS.as_bytes();
        self.is_sure |= seen.confidence >= Confidence::Strong.number() && !by_numbers;
        self.on_another_port |= seen.on_another_port;
        if self.confidence < seen.confidence {
            self.confidence = seen.confidence;
            let [confidence, kind] = seen.known.map(CStr::to_bytes);
            self.known = CString::new([confidence, b": ", kind].concat()).unwrap_or_default();
        }
        if let Some(name) = seen.name.filter(|name| *name != self.name.as_c_str()) {
            self.name = name.to_owned();
        }
    }

    /// Whether it is to be declared.
    fn is_to_be_declared(&self) -> bool {
        self.is_sure && self.on_another_port && !self.both_agreed
    }

    /// It as a row of the table of services, as the host writes one to a file (epan/uat.c, `uat_save`).
    fn row(&self) -> String {
        let name = self.name.to_str().ok().filter(|name| services::read_name(name).is_ok()).unwrap_or_default();
        let mut row = String::new();
        let (address, transport) = (self.address.to_string_lossy(), self.transport.to_string_lossy());
        let _ = write!(row, "\"{address}\",\"{transport}\",\"{}\",\"", self.port);
        for byte in name.bytes() {
            let _ = match byte {
                b' '..=b'~' if !b"\"\\".contains(&byte) => write!(row, "{}", char::from(byte)),
                _ => write!(row, "\\x{byte:02x}"),
            };
        }
        row + "\"\n"
    }
}

/// An end that a packet was sent to or by, as a server.
struct Place {
    hash: u64,
    first_frame: u32,
    /// `None` as long as there is no sign that it offers anything.
    service: Option<u32>,
}

/// What was learned for one table or file. Ends are kept as hashes with a seed of their own: two are taken for the
/// same with a chance that nobody can raise.
#[derive(Default)]
struct Learned {
    seed: RandomState,
    places: Table<Place>,
    services: Vec<Service>,
    clients: Pairs,
    /// Some had no room; the last service stands for them.
    is_full: bool,
    /// So many rows the host has made for it.
    rows_made: u32,
}

impl Learned {
    /// The most services that are told apart.
    const SERVICES: usize = 1 << 16;
    /// The most ends whose first frame is known.
    const PLACES: usize = 1 << 18;

    /// Takes a packet into account; returns its service's number, if it has one that is to be shown.
    fn see(&mut self, seen: &Seen<'_>) -> Option<usize> {
        let hash = self.seed.hash_one((seen.server, seen.port, seen.transport as u8));
        let has_room = self.places.len() < at_most(Self::PLACES);
        let (first_frame, known) = match self.places.entry(hash, |place| place.hash == hash, |place| place.hash) {
            Occupied(place) => (place.get().first_frame, place.get().service),
            Vacant(place) => {
                if has_room {
                    place.insert(Place { hash, first_frame: seen.frame, service: None });
                }
                (seen.frame, None)
            }
        };
        let number = match known {
            Some(number) => number as usize,
            None if seen.is_sign => self.add(hash, first_frame, seen),
            None => return None,
        };
        if self.is_full && number + 1 == self.services.len() {
            self.services[number].last_frame = seen.frame;
            return Some(number);
        }
        let service = self.services.get_mut(number)?;
        service.see(seen);
        if seen.is_sign && self.clients.insert(self.seed.hash_one((hash, seen.client))) == Some(true) {
            service.clients += 1;
        }
        Some(number)
    }

    fn add(&mut self, hash: u64, first_frame: u32, seen: &Seen<'_>) -> usize {
        let number = self.services.len();
        let place = self.places.find_mut(hash, |place| place.hash == hash);
        let (Some(place), false) = (place, self.is_full || number >= at_most(Self::SERVICES)) else {
            if !self.is_full {
                self.is_full = true;
                report(EPH_STATISTICS_FULL, 0);
                self.services.push(Service { first_frame, ..Service::of_others() });
            }
            return self.services.len() - 1;
        };
        place.service = Some(number as u32);
        self.services.push(Service {
            address: seen.server.to_owned(),
            transport: seen.transport.name(),
            port: seen.port,
            first_frame,
            ..Service::of_others()
        });
        number
    }

    /// As a file of the table of services: what is sure, in the order of the lines.
    fn rows(&self) -> String {
        let mut rows: Vec<String> =
            self.services.iter().filter(|service| service.is_to_be_declared()).map(Service::row).collect();
        rows.sort_unstable();
        let mut text = "# Services that Ephemeral Ports found: rows of its table ephemeral_services\n".to_owned();
        if self.is_full {
            text += "# There was no room for all of them\n";
        }
        text.extend(rows);
        text
    }
}

/// Whether a packet is a sign that its server serves.
fn is_sign(record: &ephemeral_tap_record) -> bool {
    let is_datagram = Transport::of_number(record.protocol).is_some_and(Transport::is_datagram);
    let enough = if is_datagram { Confidence::Strong } else { Confidence::Handshake };
    record.attempt == 0 && (record.from_client == 0 || record.confidence >= enough.number())
}

/// By the address of the table or of the file's name, which is not followed.
static LEARNED: Exclusive<BTreeMap<usize, Learned>> = Exclusive::new(BTreeMap::new());

/// The functions of `eph_learned_calls` (plugin/dissector/learned.h).
///
/// # Safety
/// `record` is one of the tap's; `service` can be written to.
unsafe extern "C" fn learn(
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
    let learned = panic::guarded(Entry::Learn, || {
        let seen = Seen {
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
        let mut learned = LEARNED.borrow()?;
        let learned = learned.entry(of as usize).or_default();
        let row = learned.see(&seen)?;
        let shown = learned.services.get(row)?;
        let rows_made = learned.rows_made;
        learned.rows_made = rows_made.max(row as u32 + 1);
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
    let Some(learned) = learned.flatten() else { return 0 };
    // SAFETY: by the contract above.
    unsafe { service.write(learned) };
    1
}

extern "C" fn forget(of: *const c_void) {
    panic::guarded_though_off(Entry::ForgetLearned, || {
        if let Some(learned) = LEARNED.borrow()?.get_mut(&(of as usize)) {
            *learned = Learned { rows_made: learned.rows_made, ..Learned::default() };
        }
        Some(())
    });
}

extern "C" fn close(of: *const c_void) -> u32 {
    let closed = panic::guarded_though_off(Entry::ForgetLearned, || LEARNED.borrow()?.remove(&(of as usize)));
    closed.flatten().map_or(0, |learned| learned.rows_made)
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
    let opened = panic::guarded_though_off(Entry::OpenLearned, || {
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
    panic::guarded_though_off(Entry::WriteLearned, || {
        let rows = LEARNED.borrow()?.entry(file as usize).or_default().rows();
        if let Err(why) = target.write(&rows) {
            log::warn!("the services cannot be written: {why}");
        }
        Some(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of a conversation over TCP with a handshake.
    fn seen<'a>(client: &'a CStr, server: &'a CStr, is_sign: bool, frame: u32) -> Seen<'a> {
        Seen {
            server,
            transport: Transport::Tcp,
            port: 80,
            client,
            name: Some(c"http"),
            confidence: 3,
            known: [c"handshake", c"SYN"],
            both_agreed: false,
            on_another_port: true,
            is_sign,
            frame,
        }
    }

    fn rows(learned: &Learned) -> Vec<String> {
        learned.rows().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn a_service_is_shown_once_there_is_a_sign_of_it_from_its_first_frame_on() {
        let mut learned = Learned::default();
        assert_eq!(learned.see(&seen(c"192.0.2.1", c"198.51.100.1", false, 7)), None);
        assert_eq!(learned.see(&seen(c"192.0.2.1", c"198.51.100.1", true, 8)), Some(0));
        assert_eq!(learned.see(&seen(c"192.0.2.2", c"198.51.100.2", true, 9)), Some(1));
        for (client, is_sign, frame) in [(c"192.0.2.1", true, 10), (c"192.0.2.2", true, 11), (c"192.0.2.3", false, 12)]
        {
            assert_eq!(learned.see(&seen(client, c"198.51.100.1", is_sign, frame)), Some(0));
        }
        let service = &learned.services[0];
        assert_eq!((service.clients, service.first_frame, service.last_frame), (2, 7, 12));
        assert_eq!(rows(&learned), [r#""198.51.100.1","TCP","80","http""#, r#""198.51.100.2","TCP","80","http""#]);
    }

    #[test]
    fn what_is_most_sure_says_how_it_is_known() {
        let mut learned = Learned::default();
        let weak = Seen { confidence: 1, known: [c"weak", c"port numbers"], name: None, ..seen(c"a", c"b", true, 1) };
        let known = |learned: &Learned| learned.services[0].known.clone();
        learned.see(&weak);
        assert_eq!((known(&learned).as_c_str(), rows(&learned).len()), (c"weak: port numbers", 0));
        learned.see(&seen(c"a", c"b", true, 2));
        learned.see(&weak);
        assert_eq!((known(&learned).as_c_str(), rows(&learned).len()), (c"handshake: SYN", 1));
    }

    #[test]
    fn what_the_ports_say_and_peers_are_not_declared() {
        let of = |changed: fn(&mut Seen<'_>)| {
            let (mut learned, mut packet) = (Learned::default(), seen(c"a", c"b", true, 1));
            changed(&mut packet);
            learned.see(&packet);
            rows(&learned).len()
        };
        assert_eq!(of(|_| ()), 1);
        assert_eq!(of(|packet| packet.known = [c"strong", c"port numbers"]), 0);
        assert_eq!(of(|packet| packet.both_agreed = true), 0);
        assert_eq!(of(|packet| packet.on_another_port = false), 0);
    }

    #[test]
    fn any_name_is_written_so_that_the_table_reads_it() {
        for (name, written) in
            [(c"a \"b\" \\", r"a \x22b\x22 \x5c"), (c"\xc3\xa4", r"\xc3\xa4"), (c"\xff", ""), (c"a\nb", "")]
        {
            let mut learned = Learned::default();
            learned.see(&Seen { name: Some(name), ..seen(c"a", c"b", true, 1) });
            assert_eq!(rows(&learned), [format!(r#""b","TCP","80","{written}""#)]);
        }
    }

    /// SAFETY.md says what all of it may take.
    #[test]
    fn what_is_kept_is_bounded() {
        let mut learned = Learned::default();
        let addresses: Vec<CString> =
            (0..Learned::SERVICES + 10).map(|number| CString::new(number.to_string()).expect("no NUL")).collect();
        for address in &addresses {
            learned.see(&seen(c"192.0.2.1", address, true, 1));
        }
        assert_eq!(learned.services.len(), Learned::SERVICES + 1);
        assert_eq!(learned.services[Learned::SERVICES].address.as_c_str(), c"(others)");
        let row = learned.see(&seen(c"192.0.2.1", &addresses[Learned::SERVICES + 9], true, 2));
        assert_eq!(row, Some(Learned::SERVICES));
        assert_eq!(rows(&learned).len(), Learned::SERVICES, "the row of the others is none");
        assert!(learned.rows().contains("no room"));
        for number in 0..Learned::PLACES as u32 {
            let address = CString::new(format!("scanned {number}")).expect("no NUL");
            assert_eq!(learned.see(&seen(c"192.0.2.1", &address, false, 3)), None);
        }
        assert_eq!(learned.places.len(), Learned::PLACES);
    }
}
