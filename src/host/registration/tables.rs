// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Registers the tab *Ephemeral Ports* of Statistics → Conversations and of Endpoints, `-z conv,ephemeral` and
//! `-z endpoints,ephemeral`. `plugin/dissector/tables.c` handles the packets.

use crate::host::api::epan::*;
use crate::host::api::library;
use crate::host::guard::left_out;

/// Registers both tables. If that is impossible, records why they are left out. The host connects them with the tap
/// that has the protocol's name.
pub(super) fn register(protocol: i32, layout: &'static eph_layout) {
    if let Err(why) = try_to_register(protocol, layout) {
        left_out::leave_out("conversations and endpoints", &why);
    }
}

fn try_to_register(protocol: i32, layout: &'static eph_layout) -> Result<(), String> {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    let host = library::bind("tables", |library| unsafe { Tables::from_library(library) })?;
    let add_endpoint = host.add_endpoint_table_data.or(host.add_hostlist_table_data);
    let calls = Box::leak(Box::new(eph_tables_calls {
        add_conversation_table_data: Some(host.add_conversation_table_data),
        add_endpoint_table_data: Some(add_endpoint.ok_or("this Wireshark lacks add_endpoint_table_data")?),
    }));
    // SAFETY: `calls` and `layout` live as long as the process; the callbacks have the required types. 3.4 does not
    // pass their last argument, which they do not use there.
    unsafe {
        eph_tables_bind(calls, layout);
        (host.register_conversation_table)(protocol, 1, Some(eph_tables_conversation), Some(eph_tables_endpoint));
    }
    Ok(())
}
