// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The tap `ephemeral` and the statistics made from it: `-z ephemeral,tree` and its like, Statistics → Ephemeral
//! Ports. What they do for a packet is in `plugin/dissector/statistics.c`.

use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::left_out;
use crate::host::registration::statistics_state;
use std::ffi::CStr;

const TAP: &CStr = c"ephemeral";

/// One statistics tree. `//` in the title makes a submenu (`STATS_TREE_MENU_SEPARATOR` in 4.4; the same where a `/` does).
struct Tree {
    name: &'static CStr,
    title: &'static CStr,
    init: stat_tree_init_cb,
    packet: stat_tree_packet_cb,
}

const TREES: [Tree; 3] = [
    Tree {
        name: c"ephemeral",
        title: c"Ephemeral Ports//Misnamed Ports and Services",
        init: Some(eph_statistics_overview_init),
        packet: Some(eph_statistics_overview_packet),
    },
    Tree {
        name: c"ephemeral_bytes",
        title: c"Ephemeral Ports//Services by Bytes",
        init: Some(eph_statistics_bytes_init),
        packet: Some(eph_statistics_bytes_packet),
    },
    Tree {
        name: c"ephemeral_doubts",
        title: c"Ephemeral Ports//Weak Verdicts",
        init: Some(eph_statistics_doubts_init),
        packet: Some(eph_statistics_doubts_packet),
    },
];

/// The greatest count first.
const SORTED: u32 = ST_SORT_COL_COUNT << ST_FLG_SRTCOL_SHIFT | ST_FLG_SORT_DESC;

/// Registers all; returns the tap's number (the host's), or says in the log why there is none.
pub(crate) fn register() -> Option<i32> {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    match library::bind("statistics", |library| unsafe { Statistics::from_library(library) }) {
        Ok(host) => Some(register_with(&host)),
        Err(why) => {
            left_out::leave_out("statistics", &why);
            None
        }
    }
}

fn register_with(host: &Statistics) -> i32 {
    let calls = Box::leak(Box::new(eph_statistics_calls {
        tap_queue_packet: Some(host.tap_queue_packet),
        stats_tree_create_node: Some(host.stats_tree_create_node),
        stats_tree_manip_node_int: Some(host.stats_tree_manip_node_int),
        forget: Some(statistics_state::forget),
        is_first: Some(statistics_state::is_first),
        count: Some(statistics_state::count),
        forgotten: Some(statistics_state::forgotten),
    }));
    // SAFETY: `calls` and all names live as long as the process; the callbacks have the types that
    // are asked for. 3.4 leaves out a callback's last argument, which is not looked at.
    unsafe {
        let tap = (host.register_tap)(TAP.as_ptr());
        eph_statistics_bind(calls, tap);
        for Tree { name, title, init, packet } in TREES {
            (host.stats_tree_register_plugin)(
                TAP.as_ptr(),
                name.as_ptr(),
                title.as_ptr(),
                SORTED,
                packet,
                init,
                Some(eph_statistics_cleanup),
            );
        }
        tap
    }
}
