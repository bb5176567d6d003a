// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The menu Tools → Ephemeral Ports, and the conversation filter. `plugin/dissector/menu.c` and
//! `plugin/dissector/conversation.c` implement them. In a host without a window, registering them has no effect.

use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::{left_out, panic, reports};
use crate::host::packet::selection;
use crate::host::registration::{about, menu_actions};
use crate::host::settings::services;
use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};
use std::sync::atomic::AtomicPtr;

const TITLE: &CStr = c"Ephemeral Ports";

struct Entry {
    label: &'static CStr,
    tooltip: &'static CStr,
    action: ext_menubar_action_cb,
    needs: Needs,
}

/// What an entry needs from the host.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// That a conversation can be decoded by its server's port.
    DecodingByServer,
    /// A text window.
    Text,
    /// A text window, and the table of services.
    Table,
}

/// All entries. A separator is between two groups.
const GROUPS: [&[Entry]; 4] = [&FILTERS, &BY_HAND, &[EXPLAIN], &[ABOUT]];

const FILTERS: [Entry; 3] = [
    Entry {
        label: c"Show packets with misnamed ports",
        tooltip: c"Show only the packets in which the client's port carries the name of a service",
        action: Some(eph_menu_misnamed),
        needs: Needs::Nothing,
    },
    Entry {
        label: c"Show this conversation",
        tooltip: c"Show only the packets between the selected packet's client and server",
        action: Some(eph_menu_conversation),
        needs: Needs::Nothing,
    },
    Entry {
        label: c"Show what was set by hand",
        tooltip: c"Show only the packets of conversations whose client was set by the entries below, or that are decoded by the server's port",
        action: Some(eph_menu_set_by_hand),
        needs: Needs::Nothing,
    },
];

const BY_HAND: [Entry; 5] = [
    Entry {
        label: c"Source is the client",
        tooltip: c"Take the selected packet's sender for the client of its conversation, as long as the file is open",
        action: Some(eph_menu_source),
        needs: Needs::Nothing,
    },
    Entry {
        label: c"Destination is the client",
        tooltip: c"Take the selected packet's receiver for the client of its conversation, as long as the file is open",
        action: Some(eph_menu_destination),
        needs: Needs::Nothing,
    },
    Entry {
        label: c"Decode this conversation by its server's port",
        tooltip: c"Have the selected packet's conversation decoded by its server's port, not by its client's, as long as the file is open",
        action: Some(eph_menu_decode_by_server),
        needs: Needs::DecodingByServer,
    },
    Entry {
        label: c"As found",
        tooltip: c"Take back what was set by hand for the selected packet's conversation",
        action: Some(eph_menu_as_found),
        needs: Needs::Nothing,
    },
    Entry {
        label: c"Remember the server as a service",
        tooltip: c"Add the server of the selected packet's conversation to the table of services in Preferences",
        action: Some(eph_menu_remember),
        needs: Needs::Table,
    },
];

const EXPLAIN: Entry = Entry {
    label: c"Explain this packet",
    tooltip: c"Say which end of the selected packet is the client, and how that is known",
    action: Some(eph_menu_explain),
    needs: Needs::Text,
};

const ABOUT: Entry = Entry {
    label: c"About and diagnostics",
    tooltip: c"Show what a report of a fault needs: versions, what was checked, what is switched off, and what is kept",
    action: Some(eph_menu_about),
    needs: Needs::Text,
};

/// Registers the menu and the conversation filter. If that is impossible, records why they are left out.
pub(crate) fn register(protocol: i32, layout: &'static eph_layout) {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    match library::bind("window", |library| unsafe { Window::from_library(library) }) {
        Ok(host) => {
            register_filter(&host);
            register_menu(&host, protocol, layout);
        }
        Err(why) => left_out::leave_out("menu", &why),
    }
}

fn register_filter(host: &Window) {
    // SAFETY: the names are constants. The callbacks have the required types. Since 4.4 the host passes them one more
    // argument, which they ignore; the registration takes one more, which earlier releases ignore.
    unsafe {
        eph_conversation_bind(Some(host.g_strdup), Some(reports::report), Some(panic::is_off));
        (host.register_conversation_filter)(
            c"ephemeral".as_ptr(),
            TITLE.as_ptr(),
            Some(eph_conversation_is_known),
            Some(eph_conversation_filter),
            null_mut(),
        );
    }
}

fn register_menu(host: &Window, protocol: i32, layout: &'static eph_layout) {
    let table = services::table();
    let calls = Box::leak(Box::new(eph_menu_calls {
        plugin_if_apply_filter: Some(host.plugin_if_apply_filter),
        plugin_if_get_ws_info: Some(host.plugin_if_get_ws_info),
        plugin_if_save_preference: Some(host.plugin_if_save_preference),
        dissected_again: if layout.redissect == 0 { register_dissected_again(host) } else { null() },
        funnel_get_funnel_ops: Some(host.funnel_get_funnel_ops),
        uat_add_record: table.map(|(_, host)| host.uat_add_record),
        uat_save: table.map(|(_, host)| host.uat_save),
        services: table.map_or(null_mut(), |(table, _)| table),
        wmem_free: Some(host.wmem_free),
        about: Some(about::about),
        report: Some(reports::report),
        set_client: Some(menu_actions::set_client),
        remember: Some(menu_actions::remember),
        decode_by_server: Some(menu_actions::decode_by_server),
    }));
    // SAFETY: `calls`, `layout` and all texts live as long as the process; the callbacks have the required type.
    unsafe {
        eph_menu_bind(calls, layout);
        let menu = (host.ext_menubar_register_menu)(protocol, TITLE.as_ptr(), 1);
        (host.ext_menubar_set_parentmenu)(menu, c"Tools".as_ptr());
        let has_text = u32::from(layout.text_window) != EPH_WINDOW_NOT_KNOWN;
        let is_there = |entry: &&Entry| match entry.needs {
            Needs::Nothing => true,
            Needs::DecodingByServer => selection::can_decode_by_server(),
            Needs::Text => has_text,
            Needs::Table => has_text && table.is_some(),
        };
        let mut is_first = true;
        for group in GROUPS {
            let mut entries = group.iter().filter(is_there).peekable();
            if entries.peek().is_some() && !std::mem::replace(&mut is_first, false) {
                (host.ext_menubar_add_separator)(menu);
            }
            for Entry { label, tooltip, action, .. } in entries {
                (host.ext_menubar_add_entry)(menu, label.as_ptr(), tooltip.as_ptr(), *action, null_mut());
            }
        }
    }
}

/// Registers a preference. Its change makes the window dissect the file again, in releases that have no other way.
fn register_dissected_again(host: &Window) -> *const *const c_char {
    static VALUE: AtomicPtr<c_char> = AtomicPtr::new(null_mut());
    let value = VALUE.as_ptr().cast::<*const c_char>();
    // SAFETY: all texts are constants, the variable is a static that starts as null; our module was registered before.
    unsafe {
        (host.prefs_register_string_preference)(
            (host.prefs_find_module)(c"ephemeral".as_ptr()),
            c"dissected_again".as_ptr(),
            c"Changed by the menu".as_ptr(),
            c"Menu entries that set the client or the decoding change this: then Wireshark dissects the packets again"
                .as_ptr(),
            value,
        );
    }
    value
}
