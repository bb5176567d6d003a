// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Registers the protocol, its fields, its preferences and the postdissector with the host.

mod about;
pub(super) mod fields;
pub(super) mod menu;
mod menu_actions;
mod roomy;
mod services_statistic;
mod services_statistic_state;
pub(super) mod statistics;
mod statistics_state;
mod tables;

use crate::assigned::PROTOCOLS;
use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::api::own_fields;
use crate::host::api::releases::{self, Release};
use crate::host::guard::entries::Entry;
use crate::host::guard::{left_out, logging, panic, reports};
use crate::host::packet::conversation_dissector::ConversationDissector;
use crate::host::packet::host_context::HostContext;
use crate::host::packet::{annotate, selection, session};
use crate::host::settings::preferences;
use crate::system;
use once_cell::sync::OnceCell;
use roomy::Roomy;
use std::cell::UnsafeCell;
use std::ffi::{CStr, c_char};
use std::ptr::null_mut;
use std::sync::Once;

/// A host that the plugin supports.
pub(super) struct Host {
    /// The host's functions.
    pub epan: Epan,
    /// The row of its release.
    row: &'static releases::Row,
    calls: eph_calls,
}

// SAFETY: it holds addresses of functions and numbers, and never changes.
unsafe impl Sync for Host {}
// SAFETY: as above.
unsafe impl Send for Host {}

const FILTER_NAME: &CStr = c"ephemeral";

static HOST: OnceCell<Host> = OnceCell::new();

/// The ids that the host writes while it registers the plugin, and only reads afterwards.
struct Ids(UnsafeCell<eph_ids>);

// SAFETY: only `proto_register`, `handoff` and `open_file` write to it. The host calls the first two one
// after the other at its start, before it dissects in the same thread, and `open_file` in that
// thread between packets.
unsafe impl Sync for Ids {}

static IDS: Ids = Ids(UnsafeCell::new(eph_ids {
    protocol: -1,
    // See `proto_register`.
    subtree: 0,
    // All releases take 0 for "not registered yet"; later ones may not accept -1.
    fields: [0; EPH_FIELD_COUNT as usize],
    experts: [expert_field { ei: 0, hf: 0 }; EPH_EXPERT_COUNT as usize],
    transport: [eph_transport_ids { protocol: -1, srcport: -1, dstport: -1, port: -1 }; EPH_TRANSPORT_COUNT as usize],
    writer: null_mut(),
    frame_protocol: -1,
    expert_protocol: -1,
    expert_tap: 0,
    tap: 0,
    col_info: -1,
    col_expert: -1,
    port_names: null_mut(),
    host_names: null_mut(),
    layer: preferences::PREFERENCES.layer(),
    is_in_window: 0,
}));

/// The descriptions of our fields and expert items. The host keeps pointers into them.
struct Described {
    fields: Vec<Roomy<hf_register_info>>,
    experts: Vec<Roomy<ei_register_info>>,
}

struct Told(UnsafeCell<Option<Described>>);

// SAFETY: only `proto_register` writes to it, and the host calls that once, at its start.
unsafe impl Sync for Told {}

static TOLD: Told = Told(UnsafeCell::new(None));

/// Returns the release of the host in this process, if it is in the table of releases.
pub fn supported_release() -> Option<Release> {
    panic::install_hook();
    panic::guarded(Entry::SupportedRelease, || {
        let Some(release) = running_release() else {
            panic::restore_hook();
            return None;
        };
        if releases::row(release).is_none() {
            logging::start();
            log::warn!(
                "Ephemeral Ports {} does not know Wireshark {}.{}: it was never tried there, and does nothing; this file supports {}",
                env!("CARGO_PKG_VERSION"),
                release.0,
                release.1,
                releases::supported()
            );
            return None;
        }
        Some(release)
    })?
}

fn running_release() -> Option<Release> {
    running_version().map(|(major, minor, _)| (major, minor))
}

/// Returns the host's release: major, minor and micro.
fn running_version() -> Option<(i32, i32, i32)> {
    type VersionNumber = unsafe extern "C" fn(*mut i32, *mut i32, *mut i32);
    let library = library::find()?;
    let (mut major, mut minor, mut micro) = (0, 0, 0);
    // SAFETY: epan/epan.h declares the function like this in all releases; it writes three ints.
    unsafe {
        let version = library.get::<VersionNumber>(b"epan_get_version_number\0").ok()?;
        version(&mut major, &mut minor, &mut micro);
    }
    Some((major, minor, micro))
}

/// Binds the host's functions and asks the host to register the plugin, or logs why not. The loader calls this.
pub fn register() {
    panic::guarded(Entry::PluginRegister, || {
        logging::start();
        if let Some((major, minor)) = releases::built_for() {
            log::info!("Ephemeral Ports was built for Wireshark {major}.{minor}, by its headers");
        }
        match host() {
            Ok(host) => {
                static PLUGIN: Roomy<proto_plugin> = Roomy::new(proto_plugin {
                    register_protoinfo: Some(proto_register),
                    register_handoff: Some(handoff),
                });
                // SAFETY: the two functions have the required type. They and `PLUGIN` live as long as the
                // process, because the file is never unloaded (build.rs, src/system).
                unsafe { (host.epan.proto_register_plugin)(PLUGIN.head()) };
            }
            Err(why) => log::warn!("Ephemeral Ports is not loaded: {why}"),
        }
    });
}

fn host() -> Result<&'static Host, String> {
    HOST.get_or_try_init(|| {
        let release = running_release().ok_or("there is no libwireshark in this process")?;
        #[cfg(feature = "faults")]
        let release = crate::host::faults::row().unwrap_or(release);
        let row = releases::row(release).ok_or_else(|| format!("it supports {}", releases::supported()))?;
        // SAFETY: the functions have the prototypes of include/epan.h (tests/abi holds them against
        // the headers of each release); libwireshark outlives its plugins.
        let epan = library::bind("epan", |library| unsafe { Epan::from_library(library) })?;
        let optional = if epan.fvalue_set_string.is_some() { "with" } else { "without" };
        log::debug!(
            "Ephemeral Ports {} in Wireshark {}.{}: offsets of the row {}.{}; functions of epan bound, {optional} fvalue_set_string",
            env!("CARGO_PKG_VERSION"),
            release.0,
            release.1,
            row.release.0,
            row.release.1,
        );
        let calls = calls(&epan);
        Ok(Host { epan, row, calls })
    })
}

/// Returns the functions for the C part.
fn calls(epan: &Epan) -> eph_calls {
    eph_calls {
        tvb_captured_length: Some(epan.tvb_captured_length),
        tvb_get_ptr: Some(epan.tvb_get_ptr),
        call_dissector_only: Some(epan.call_dissector_only),
        get_data_source_tvb: Some(epan.get_data_source_tvb),
        wmem_list_head: Some(epan.wmem_list_head),
        wmem_list_frame_next: Some(epan.wmem_list_frame_next),
        wmem_list_frame_data: Some(epan.wmem_list_frame_data),
        proto_field_is_referenced: Some(epan.proto_field_is_referenced),
        proto_registrar_get_nth: Some(epan.proto_registrar_get_nth),
        proto_registrar_get_id_byname: Some(epan.proto_registrar_get_id_byname),
        proto_tree_children_foreach: Some(epan.proto_tree_children_foreach),
        proto_tree_add_item: Some(epan.proto_tree_add_item),
        proto_item_add_subtree: Some(epan.proto_item_add_subtree),
        proto_tree_add_string: Some(epan.proto_tree_add_string),
        proto_tree_add_uint: Some(epan.proto_tree_add_uint),
        proto_tree_add_boolean: Some(epan.proto_tree_add_boolean),
        proto_item_set_text: Some(epan.proto_item_set_text),
        fvalue_set_string: epan.fvalue_set_string,
        have_tap_listener: Some(epan.have_tap_listener),
        expert_add_info_format: Some(epan.expert_add_info_format),
        col_get_text: Some(epan.col_get_text),
        col_clear: Some(epan.col_clear),
        col_clear_fence: Some(epan.col_clear_fence),
        col_set_fence: Some(epan.col_set_fence),
        col_append_str: Some(epan.col_append_str),
        read_memory: Some(system::read_memory),
        report: Some(reports::report),
        prefs_get_bool_value: Some(epan.prefs_get_bool_value),
    }
}

/// Registers the protocol and what belongs to it (epan's `register_protoinfo`).
extern "C" fn proto_register() {
    panic::guarded(Entry::ProtoRegister, || {
        let Some(Host { epan, row, calls }) = HOST.get() else { return };
        // SAFETY: the name is a C string.
        if unsafe { (epan.proto_get_id_by_filter_name)(FILTER_NAME.as_ptr()) } != -1 {
            log::warn!("another copy of Ephemeral Ports is loaded; {} does nothing", about::own_path());
            return;
        }
        let ids = IDS.0.get();
        // SAFETY: the texts are C strings: the formats of the two columns in the host's preferences. See `Ids`.
        unsafe {
            (*ids).col_info = (epan.get_column_format_from_str)(c"%i".as_ptr());
            (*ids).col_expert = (epan.get_column_format_from_str)(c"%a".as_ptr());
            if (*ids).col_info == -1 || (*ids).col_expert == -1 {
                log::warn!(
                    "Ephemeral Ports is not loaded: this Wireshark has no column for Info or Expert Information"
                );
                return;
            }
        }
        if let Some(what) = own_fields::misfit(epan) {
            log::warn!("Ephemeral Ports is not loaded: this Wireshark has something else for {what}");
            return;
        }
        log::debug!("the fields of Wireshark's own that were compared are as expected");
        // SAFETY: see `Told`.
        let Described { fields, experts } =
            unsafe { (*TOLD.0.get()).insert(Described { fields: fields::fields(ids), experts: fields::experts(ids) }) };
        // SAFETY: see `Ids` for the ids. The host keeps the structures and the texts, which live as long as the
        // process; the callbacks have the required types.
        unsafe {
            (*ids).protocol = (epan.proto_register_protocol)(
                c"Ephemeral Ports".as_ptr(),
                c"Ephemeral Ports".as_ptr(),
                FILTER_NAME.as_ptr(),
            );
            for field in fields {
                (epan.proto_register_field_array)((*ids).protocol, field.head_mut(), 1);
            }
            // The value for "not registered yet" is -1 up to 4.2, and 0 in 4.4 and later. This asks the host for its
            // release, because the row may be that of another release.
            (*ids).subtree = if running_release() < Some((4, 4)) { -1 } else { 0 };
            let subtrees: [*mut i32; 1] = [&raw mut (*ids).subtree];
            (epan.proto_register_subtree_array)(subtrees.as_ptr(), 1);
            let module = (epan.expert_register_protocol)((*ids).protocol);
            for expert in experts {
                (epan.expert_register_field_array)(module, expert.head_mut(), 1);
            }
            preferences::register(epan, (epan.prefs_register_protocol)((*ids).protocol, None));
            eph_bind(calls, &row.layout, ids, Some(annotate::annotate), Some(selection::select), Some(switch_off));
            (epan.register_init_routine)(Some(open_file));
            (*ids).writer = (epan.create_dissector_handle)(Some(eph_write), (*ids).protocol);
            (epan.register_postdissector)((epan.create_dissector_handle)(Some(eph_dissect), helper(epan)));
        }
    });
}

/// Registers the protocol whose dissector is the postdissector, and returns its id.
///
/// It is a protocol in name only, so the host adds no layer for it. A handle without a protocol is not enough: the host
/// calls the postdissectors only if the protocol of at least one is enabled (`have_postdissector()` of epan/packet.c).
///
/// Its parent is the host's frame, which cannot be switched off. If our protocol were the parent, *Enabled Protocols*
/// would list the helper as well before 4.4. So the host calls `eph_dissect()` even if our protocol is disabled, and
/// [`open_file`] asks whether it is.
fn helper(epan: &Epan) -> i32 {
    // SAFETY: the texts are C strings, which live as long as the process. The host has registered the frame before it
    // asks its plugins to register: without it there would be no packets.
    unsafe {
        (epan.proto_register_protocol_in_name_only)(
            c"Called for each packet by Ephemeral Ports".as_ptr(),
            c"Ephemeral Ports (helper)".as_ptr(),
            // It does not start with our filter name, so completion does not offer it with our fields.
            c"_ephemeral".as_ptr(),
            (epan.proto_get_id_by_filter_name)(c"frame".as_ptr()),
            FT_PROTOCOL,
        )
    }
}

/// Prepares for another file, or for the same file that is read again (epan's init routine).
extern "C" fn open_file() {
    let Some(Host { epan, .. }) = HOST.get() else { return };
    // SAFETY: the names are C strings; see `Ids`. These ids exist only after all protocols are
    // registered. The host keeps its preferences as long as the process.
    unsafe {
        (*IDS.0.get()).expert_tap = (epan.find_tap_id)(c"expert".as_ptr());
        (*IDS.0.get()).expert_protocol = (epan.proto_get_id_by_filter_name)(c"_ws.expert".as_ptr());
        let names = (epan.prefs_find_module)(c"nameres".as_ptr());
        #[cfg(feature = "faults")]
        let names = if crate::host::faults::lack("nameres").is_err() { null_mut() } else { names };
        if !names.is_null() {
            (*IDS.0.get()).port_names = (epan.prefs_find_preference)(names, c"transport_name".as_ptr());
            (*IDS.0.get()).host_names = (epan.prefs_find_preference)(names, c"network_name".as_ptr());
        }
    }
    static FIRST: Once = Once::new();
    // SAFETY: as above.
    FIRST.call_once(|| log_what_is_not_known(unsafe { &*IDS.0.get() }));
    // SAFETY: the host calls this in the thread that dissects, between packets; see `Ids`.
    let is_same_file = unsafe {
        let has_window = eph_menu_has_window();
        (*IDS.0.get()).is_in_window = has_window;
        statistics_state::set_rows_are_slow(has_window != 0 && running_release() < Some((4, 4)));
        // The host opens the file again if a protocol is switched on or off.
        let is_enabled = (epan.proto_is_protocol_enabled)((epan.find_protocol_by_id)((*IDS.0.get()).protocol));
        eph_open_file(is_enabled.into());
        eph_menu_has_packets() != 0
    };
    reports::open_file();
    session::open_file(is_same_file);
}

/// Logs which facts about its display the host does not provide. The output stays correct without them.
fn log_what_is_not_known(ids: &eph_ids) {
    let not_known = [
        (ids.port_names.is_null(), "whether ports have names: they count as shown"),
        (ids.host_names.is_null(), "whether hosts have names: they count as shown"),
        (ids.expert_tap == 0, "who listens to expert items: notes are made for every packet"),
        (ids.expert_protocol == -1, "whether a tree shows expert items: notes are made for every tree"),
    ];
    for (_, what) in not_known.into_iter().filter(|(is_not_known, _)| *is_not_known) {
        log::info!("this Wireshark does not say {what}");
    }
}

/// Switches the plugin off, because the C part found that the row of the table does not fit this host.
///
/// # Safety
/// `what` is a NUL-terminated string.
unsafe extern "C" fn switch_off(what: *const c_char) {
    // SAFETY: by the contract above.
    let what = unsafe { CStr::from_ptr(what) }.to_string_lossy();
    panic::switch_off_for_good(&format!("the offsets for this release do not fit this Wireshark: {what}"));
}

/// Looks up what other dissectors have registered, and registers the optional parts (epan's `register_handoff`).
extern "C" fn handoff() {
    panic::guarded(Entry::Handoff, || {
        let Some(Host { epan, row, calls }) = HOST.get() else { return };
        // SAFETY: see `Ids`.
        let own = unsafe { (*IDS.0.get()).protocol };
        if own == -1 {
            return;
        }
        let needed = |name: &CStr, loss| protocol(epan, name, log::Level::Warn, loss);
        let useful = |name: &CStr, loss| protocol(epan, name, log::Level::Info, loss);
        let transports = transports(epan);
        let ip_loss = "in tunnels, headers of this protocol may not be found";
        let icmp_loss = "packets that its errors quote may count as sent";
        let not_spoken_loss = "where it is the layer above a transport, it may count as the service";
        let assigned_loss = "that it assigns a port at run time is not known, so a wrong name of such a port stays";
        let carrier_loss = "it may count as another service than the port's";
        // SAFETY: see `Ids`.
        unsafe {
            (*IDS.0.get()).frame_protocol = needed(c"frame", "the offsets are checked by it, so they will not fit");
            (*IDS.0.get()).transport = transports;
        }
        session::start(HostContext {
            epan,
            layout: &row.layout,
            transports: transports.map(|transport| transport.protocol),
            ip: [c"ip", c"ipv6"].map(|name| needed(name, ip_loss)),
            icmp: [c"icmp", c"icmpv6"].map(|name| needed(name, icmp_loss)),
            not_spoken: [
                c"data",
                c"_ws.malformed",
                c"_ws.short",
                c"_ws.unreassembled",
                c"ephemeral",
                // MPTCP is in options of the TCP header; the F5 trailer is appended to the frame.
                c"mptcp",
                c"f5ethtrailer",
            ]
            .map(|name| useful(name, not_spoken_loss)),
            assigned: PROTOCOLS.each_ref().map(|assigned| useful(assigned.protocol, assigned_loss)),
            carriers: [c"tls", c"dtls", c"tpkt", c"cotp"].map(|name| useful(name, carrier_loss)),
            conversation_dissector: ConversationDissector::register(calls, &row.layout),
        });
        if let Some(tap) = statistics::register() {
            // SAFETY: see `Ids`.
            unsafe { (*IDS.0.get()).tap = tap };
            services_statistic::register();
            tables::register(own, &row.layout);
        }
        menu::register(own, &row.layout);
        let left_out = left_out::left_out();
        let left_out = if left_out.is_empty() { "nothing".to_owned() } else { left_out.join(", ") };
        log::debug!("left out: {left_out}");
    });
}

/// Returns the host's ids of the transports, in the order of `eph_transport`.
fn transports(epan: &Epan) -> [eph_transport_ids; EPH_TRANSPORT_COUNT as usize] {
    let transport = |name: &CStr, ports: [&CStr; 3], level| {
        let [srcport, dstport, port] = ports.map(|name: &CStr| {
            // SAFETY: the name is a C string.
            let id = unsafe { (epan.proto_registrar_get_id_byname)(name.as_ptr()) };
            warn_if_gone(name, id, level, "wrong names are not taken out of its line in the packet details")
        });
        let protocol = protocol(
            epan,
            name,
            level,
            "its headers are not found in tunnels, and its packets keep wrong names in the packet details",
        );
        eph_transport_ids { protocol, srcport, dstport, port }
    };
    [
        transport(c"tcp", [c"tcp.srcport", c"tcp.dstport", c"tcp.port"], log::Level::Warn),
        transport(c"dccp", [c"dccp.srcport", c"dccp.dstport", c"dccp.port"], log::Level::Info),
        transport(c"sctp", [c"sctp.srcport", c"sctp.dstport", c"sctp.port"], log::Level::Info),
        transport(c"udp", [c"udp.srcport", c"udp.dstport", c"udp.port"], log::Level::Warn),
        transport(c"udplite", [c"udp.srcport", c"udp.dstport", c"udp.port"], log::Level::Info),
    ]
}

/// Returns the host's id of a protocol, or -1.
fn protocol(epan: &Epan, name: &CStr, level: log::Level, loss: &str) -> i32 {
    // SAFETY: the name is a C string.
    let id = unsafe { (epan.proto_get_id_by_filter_name)(name.as_ptr()) };
    warn_if_gone(name, id, level, loss)
}

/// Returns the id. If it is -1, logs that the host has no field or protocol of this name, and what the user loses.
fn warn_if_gone(name: &CStr, id: i32, level: log::Level, loss: &str) -> i32 {
    let name = name.to_string_lossy();
    #[cfg(feature = "faults")]
    let id = if crate::host::faults::lack(&name).is_err() { -1 } else { id };
    if id == -1 {
        log::log!(level, "this Wireshark has nothing named \"{name}\": {loss}");
    }
    id
}
