// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the window offers beside the packets: Tools → Ephemeral Ports, and the conversation filter.
//! What they do is in `plugin/dissector/menu.c` and `plugin/dissector/conversation.c`. In a host without a window,
//! registering them has no effect.

use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::{left_out, panic, reports};
use crate::host::registration::about;
use crate::system::own_file;
use std::ffi::CStr;
use std::ptr::null_mut;

const TITLE: &CStr = c"Ephemeral Ports";

struct Entry {
    label: &'static CStr,
    tooltip: &'static CStr,
    action: ext_menubar_action_cb,
    /// It opens a text window.
    shows_text: bool,
}

const ENTRIES: [Entry; 3] = [
    Entry {
        label: c"Show packets with misnamed ports",
        tooltip: c"Show only the packets in which the client's port carries the name of a service",
        action: Some(eph_menu_misnamed),
        shows_text: false,
    },
    Entry {
        label: c"Show this conversation",
        tooltip: c"Show only the packets between the selected packet's client and server",
        action: Some(eph_menu_conversation),
        shows_text: false,
    },
    Entry {
        label: c"Explain this packet",
        tooltip: c"Say which end of the selected packet is the client, and how that is known",
        action: Some(eph_menu_explain),
        shows_text: true,
    },
];

/// The last one, below a line.
const ABOUT: Entry = Entry {
    label: c"About and diagnostics",
    tooltip: c"Show what a report of a fault needs: versions, what was checked, what is switched off, and what is kept",
    action: Some(eph_menu_about),
    shows_text: true,
};

/// Registers menu and conversation filter, or says in the log why there are none.
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
    // SAFETY: the names are constants. The callbacks have the types that are asked for; from 4.4 on
    // they are passed one more argument, which they do not look at, and the registration takes one
    // more, which earlier releases do not look at.
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
    let calls = Box::leak(Box::new(eph_menu_calls {
        plugin_if_apply_filter: Some(host.plugin_if_apply_filter),
        plugin_if_get_ws_info: Some(host.plugin_if_get_ws_info),
        funnel_get_funnel_ops: Some(host.funnel_get_funnel_ops),
        about: Some(about::about),
        report: Some(reports::report),
    }));
    // SAFETY: `calls`, `layout` and all texts live as long as the process; the callbacks have the type
    // that is asked for.
    unsafe {
        eph_menu_bind(calls, layout);
        let menu = (host.ext_menubar_register_menu)(protocol, TITLE.as_ptr(), 1);
        (host.ext_menubar_set_parentmenu)(menu, c"Tools".as_ptr());
        let has_text = u32::from(layout.text_window) != EPH_WINDOW_NOT_KNOWN;
        for Entry { label, tooltip, action, .. } in ENTRIES.into_iter().filter(|entry| has_text || !entry.shows_text) {
            (host.ext_menubar_add_entry)(menu, label.as_ptr(), tooltip.as_ptr(), action, null_mut());
        }
        if has_text {
            let Entry { label, tooltip, action, .. } = ABOUT;
            (host.ext_menubar_add_separator)(menu);
            (host.ext_menubar_add_entry)(menu, label.as_ptr(), tooltip.as_ptr(), action, null_mut());
        }
    }
}

/// The path of the plugin's own file, in words.
pub(crate) fn own_path() -> String {
    own_file().map_or_else(|| "this one".to_owned(), |path| path.display().to_string())
}
