// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The actions of Tools → Ephemeral Ports that change something: they set the client of a conversation by hand, have it
//! decoded by its server's port, and remember a server in the table of services. `plugin/dissector/menu.c` calls them.

use crate::host::api::epan::*;
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::panic;
use crate::host::packet::selection;
use crate::host::settings::services;
use crate::packet::{Party, Transport};
use std::ffi::{CString, c_char, c_void};
use std::ptr::null;

/// The client that a menu entry names.
fn party(client: eph_client) -> Option<Party> {
    match client {
        EPH_CLIENT_IS_SOURCE => Some(Party::Source),
        EPH_CLIENT_IS_DESTINATION => Some(Party::Destination),
        _ => None,
    }
}

/// See `plugin/dissector/window.h`.
pub(super) unsafe extern "C" fn set_client(frame: u32, client: eph_client) -> eph_set {
    match panic::guarded(Entry::SetClient, || selection::set_client(frame, party(client))).flatten() {
        Some(true) => EPH_SET,
        Some(false) => EPH_SET_BEFORE,
        None => EPH_SET_NOTHING,
    }
}

/// See `plugin/dissector/window.h`.
///
/// # Safety
/// `message` can be written to.
pub(super) unsafe extern "C" fn decode_by_server(frame: u32, message: *mut *const c_char) -> eph_set {
    let set = panic::guarded(Entry::DecodeByServer, || {
        let set = selection::decode_by_server(frame)?;
        let text = match set {
            Ok(true) => return Some(EPH_SET),
            Ok(false) => format!(
                "Packet {frame}: its conversation is set to be decoded by its server's port already.\n\n\
                 \"As found\" takes that back.\n"
            ),
            Err(refusal) => format!(
                "Packet {frame}: its conversation cannot be decoded by its server's port.\nReason: {refusal}.\n"
            ),
        };
        // SAFETY: by the contract above.
        unsafe { *message = keep_message(text)? };
        Some(if set.is_ok() { EPH_SET_BEFORE } else { EPH_SET_NOTHING })
    });
    set.flatten().unwrap_or(EPH_SET_NOTHING)
}

/// Keeps a text for the window until the next call.
fn keep_message(text: String) -> Option<*const c_char> {
    static MESSAGE: Exclusive<Option<CString>> = Exclusive::new(None);
    Some(MESSAGE.borrow()?.insert(CString::new(text).ok()?).as_ptr())
}

/// See `plugin/dissector/window.h`.
///
/// # Safety
/// `message` can be written to.
pub(super) unsafe extern "C" fn remember(frame: u32, message: *mut *const c_char) -> *const c_void {
    let row = panic::guarded(Entry::Remember, || {
        let (transport, server, is_declared) = selection::server_of_selected(frame)?;
        let texts = row_texts(transport, server.address().to_string(), server.port);
        let row = if is_declared { null() } else { services::new_row(texts.each_ref().map(String::as_str))? };
        // SAFETY: by the contract above.
        unsafe { *message = keep_message(message_of_row(&texts, is_declared))? };
        Some(row)
    });
    row.flatten().unwrap_or(null())
}

/// A service as the texts of a row.
fn row_texts(transport: Transport, address: String, port: u16) -> [String; 4] {
    let transport = transport.name().to_string_lossy().into_owned();
    [address, transport, port.to_string(), String::new()]
}

/// Returns what the user is told.
fn message_of_row([address, transport, ports, _]: &[String; 4], is_declared: bool) -> String {
    let service = format!("{address}, {transport}, port {ports}");
    if is_declared {
        return format!("The table of services names this server already: {service}.\n");
    }
    format!(
        "The table of services has a new row: {service}.\n\n\
         It counts for all captures that are opened with this profile. To give the service a name, or to remove the row: \
         Edit, Preferences, Protocols, Ephemeral Ports, Services.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::Row;

    #[test]
    fn a_server_is_a_row_that_can_be_read() {
        let cases = [
            ("198.51.100.10", Transport::Tcp, "TCP"),
            ("2001:db8::53", Transport::Udp, "UDP"),
            ("198.51.100.10", Transport::Sctp, "SCTP"),
            ("198.51.100.10", Transport::Dccp, "DCCP"),
            ("2001:db8::53", Transport::UdpLite, "UDP-Lite"),
        ];
        for (address, transport, name) in cases {
            let texts = row_texts(transport, address.to_owned(), 53);
            let row = Row::read(texts.each_ref().map(String::as_str)).expect("a row");
            assert_eq!(row, Row::read([address, name, "53", ""]).expect("a row"));
            assert!(services::new_row(texts.each_ref().map(String::as_str)).is_some());
        }
    }

    #[test]
    fn without_a_selected_packet_nothing_is_set_or_remembered() {
        // SAFETY: the text can be written to.
        unsafe {
            assert_eq!(set_client(1, EPH_CLIENT_IS_SOURCE), EPH_SET_NOTHING);
            let mut message = null();
            assert!(remember(1, &raw mut message).is_null() && message.is_null());
            assert!(decode_by_server(1, &raw mut message) == EPH_SET_NOTHING && message.is_null());
        }
    }
}
