//! The tap `ephemeral` and the statistics made from it: `-z ephemeral,tree`, Statistics → Ephemeral
//! Ports. What they do for a packet is in `plugin/dissector/statistics.c`.

use crate::host::api::epan::boundary::*;
use crate::host::api::epan::statistics::Statistics;
use crate::host::api::library;
use crate::host::registration::tally;
use std::ffi::CStr;

const NAME: &CStr = c"ephemeral";
const TITLE: &CStr = c"Ephemeral Ports";

/// Registers both; returns the tap's number (the host's), or says in the log why there is none.
pub fn register() -> Option<i32> {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    match library::bind("statistics", |library| unsafe { Statistics::from_library(library) }) {
        Ok(host) => Some(register_with(&host)),
        Err(why) => {
            log::warn!("no statistics of Ephemeral Ports: {why}");
            None
        }
    }
}

fn register_with(host: &Statistics) -> i32 {
    let calls = Box::leak(Box::new(eph_statistics_calls {
        tap_queue_packet: Some(host.tap_queue_packet),
        stats_tree_create_node: Some(host.stats_tree_create_node),
        stats_tree_manip_node_int: Some(host.stats_tree_manip_node_int),
        forget: Some(tally::forget),
        is_first: Some(tally::is_first),
        room: Some(tally::room),
    }));
    // SAFETY: `calls` and all names live as long as the process; the callbacks have the types that
    // are asked for. 3.4 leaves out a callback's last argument, which is not looked at.
    unsafe {
        let tap = host.register_tap(NAME.as_ptr());
        eph_statistics_bind(calls, tap);
        host.stats_tree_register_plugin(
            NAME.as_ptr(),
            NAME.as_ptr(),
            TITLE.as_ptr(),
            0,
            Some(eph_statistics_packet),
            Some(eph_statistics_init),
            Some(eph_statistics_cleanup),
        );
        tap
    }
}
