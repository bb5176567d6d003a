// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Registers the tap `ephemeral` and its statistics trees: `-z ephemeral,tree` and others, Statistics → Ephemeral
//! Ports.
//! `plugin/dissector/statistics.c` handles the packets.

use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::left_out;
use crate::host::registration::statistics_state;
use std::ffi::CStr;

const TAP: &CStr = c"ephemeral";

/// One statistics tree. `//` in the title makes a submenu (`STATS_TREE_MENU_SEPARATOR` in 4.4). It also does in
/// releases where `/` is the separator.
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

/// Sorts by count, in descending order.
const SORTED: u32 = ST_SORT_COL_COUNT << ST_FLG_SRTCOL_SHIFT | ST_FLG_SORT_DESC;

/// Registers the tap and the trees. Returns the tap's id (the host's). If that is impossible, records why they are left
/// out.
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
        record_pair: Some(statistics_state::record_pair),
        count: Some(statistics_state::count),
        forgotten: Some(statistics_state::forgotten),
    }));
    // SAFETY: `calls` and all names live as long as the process; the callbacks have the required types. 3.4 does not
    // pass a callback's last argument, which the callbacks ignore.
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
