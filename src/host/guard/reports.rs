// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Events that are logged once for each file: what was checked, and what the user loses if something did not fit.
//!
//! `enum eph_event` (plugin/dissector/boundary.h) lists the events for C and Rust. This module has their levels and
//! messages.

use crate::host::api::epan::*;
use log::Level;
use std::fmt::Display;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bit `1 << event`: the event was logged for this file.
static SAID: AtomicU32 = AtomicU32::new(0);

const _: () = assert!(EPH_EVENT_COUNT <= u32::BITS);

/// Forgets which events were logged: another file is opened.
pub(crate) fn open_file() {
    SAID.store(0, Ordering::Relaxed);
}

/// Logs an event, unless it was logged for this file before. `frame` is the packet's number, 0 for no packet.
#[cold]
pub(crate) extern "C" fn report(event: eph_event, frame: u32) {
    log_once(event, frame, None);
}

/// Like [`report`], with the reason behind the message.
#[cold]
pub(crate) fn report_because(event: eph_event, frame: u32, why: &dyn Display) {
    log_once(event, frame, Some(why));
}

fn log_once(event: eph_event, frame: u32, why: Option<&dyn Display>) {
    let bit = 1_u32.checked_shl(event).unwrap_or(0);
    if SAID.fetch_or(bit, Ordering::Relaxed) & bit != 0 {
        return;
    }
    let Some((level, message)) = message(event) else { return };
    let packet = if frame == 0 { String::new() } else { format!("packet {frame}: ") };
    match why {
        Some(why) => log::log!(level, "{packet}{message}: {why}"),
        None => log::log!(level, "{packet}{message}"),
    }
}

/// The level and message of each event. A loss for one packet is no warning: the rest of the file is correct.
const MESSAGES: [(eph_event, Level, &str); EPH_EVENT_COUNT as usize] = [
    (EPH_LAYOUT_FITS, Level::Debug, "the offsets of this release fit; the packets that follow are checked as well"),
    (EPH_PORTS_FIT, Level::Debug, "the ports that Wireshark gives are those in the packet's bytes"),
    (EPH_LAYOUT_CHECKED, Level::Debug, "the offsets fit all packets so far; no more of this file are checked"),
    (EPH_NODES_FIT, Level::Debug, "the offset of field_info in a line of the packet details was found"),
    (
        EPH_LINE_TOO_LONG,
        Level::Info,
        "a line of the packet details would get longer than Wireshark allows: it keeps the wrong name of a port, \
         as do all such lines of this file",
    ),
    (
        EPH_INFO_TOO_LONG,
        Level::Info,
        "the Info column would get longer than Wireshark allows: its end is cut off, or it is left as it was, as are \
         all such lines of this file",
    ),
    (EPH_EXPLANATION_TOO_LONG, Level::Info, "the explanation of this packet is too long: its end is cut off"),
    (
        EPH_TOO_MANY_SOURCES,
        Level::Info,
        "Wireshark made more buffers from this packet than are looked at: a transport header in one of the others \
         gets no fields, and no name is corrected for it",
    ),
    (
        EPH_TOO_MANY_HEADERS,
        Level::Info,
        "this packet has more transport headers than are looked at: the innermost get no fields, and no name is \
         corrected for them",
    ),
    (
        EPH_TOO_MANY_LAYERS,
        Level::Info,
        "this packet has more layers than are looked at: a transport header among the innermost may get no fields, \
         and no name is corrected for it",
    ),
    (
        EPH_HEADER_NOT_FOUND,
        Level::Debug,
        "a transport header that Wireshark dissected was not found in the packet's bytes: it gets no fields, and no \
         name is corrected for it",
    ),
    (
        EPH_NOT_JUDGED,
        Level::Warn,
        "another packet was being judged at the same time: this one gets no fields, and no name is corrected in it",
    ),
    (
        EPH_STATISTICS_FULL,
        Level::Info,
        "an open statistic has no room to tell more apart: new members of its lists are counted together, and new \
         clients and conversations are not counted",
    ),
    (EPH_NO_TEXT_WINDOW, Level::Warn, "this Wireshark opened no window for the text that was asked for in the menu"),
    (
        EPH_NAME_NOT_IN_LINE,
        Level::Info,
        "the packet details do not have the name of a port where this release should show it: what is there stays, as in \
         all such lines of this file",
    ),
    (
        EPH_INFO_LOCKED,
        Level::Info,
        "a dissector made the Info column read-only: it stays as it is, as do all such lines of this file",
    ),
    (
        EPH_NOT_BY_SERVER,
        Level::Info,
        "only the client's port chose the dissector, but Wireshark cannot decode the conversation by its server's port; \
         others of this file may stay as they are as well",
    ),
    (
        EPH_NOT_COUNTED,
        Level::Warn,
        "an open statistic was in use when it should have counted a packet or been cleared: its numbers are wrong",
    ),
    (
        EPH_MENU_BUSY,
        Level::Warn,
        "a packet was being judged when an entry of the menu was chosen: the entry changes nothing",
    ),
    (
        EPH_NOT_DISSECTED_AGAIN,
        Level::Warn,
        "this Wireshark did not dissect the packets again: what was set in the menu shows once it does, as after a change \
         of a preference",
    ),
    (
        EPH_NO_COPY_BUTTON,
        Level::Info,
        "a window has no button \"Copy\": eight other windows have one, or the text is too long for it",
    ),
    (EPH_NOT_COPIED, Level::Warn, "this Wireshark did not copy the text"),
];

fn message(event: eph_event) -> Option<(Level, &'static str)> {
    MESSAGES.iter().find(|(of, ..)| *of == event).map(|(_, level, message)| (*level, *message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_has_words() {
        assert!((0..EPH_EVENT_COUNT).all(|event| message(event).is_some()));
        assert_eq!(message(EPH_EVENT_COUNT), None);
    }
}
