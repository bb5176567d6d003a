// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Our preferences: where the host writes them, and how they read.

use crate::host::api::epan::*;
use crate::host::settings::services;
use crate::roles::Confidence;
use std::ffi::{CStr, c_int};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicI32, AtomicPtr, Ordering::Relaxed};

/// Which packets of a conversation carry a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notes {
    /// All of them.
    Every,
    /// The first that can.
    First,
    /// None.
    Never,
}

/// The variables that the host writes. A boolean is in the lowest byte: see `epan_bool_var` in
/// include/epan.h.
pub(crate) struct Preferences {
    note: AtomicI32,
    note_confidence: AtomicI32,
    correct_info: AtomicI32,
    correct_tree: AtomicI32,
    infer: AtomicI32,
    udp: AtomicI32,
    note_service: AtomicI32,
    correct_service: AtomicI32,
    note_system_source: AtomicI32,
    correct_system_source: AtomicI32,
    correct_dissector: AtomicI32,
    label_in_info: AtomicI32,
    layer: AtomicI32,
    server_ports: AtomicPtr<range_t>,
}

/// The preferences of this process.
pub(crate) static PREFERENCES: Preferences = Preferences::new();

impl Preferences {
    /// All at their defaults.
    const fn new() -> Self {
        Self {
            note: AtomicI32::new(0),
            note_confidence: AtomicI32::new(Confidence::Strong.number() as i32),
            correct_info: AtomicI32::new(1),
            correct_tree: AtomicI32::new(1),
            infer: AtomicI32::new(1),
            udp: AtomicI32::new(1),
            note_service: AtomicI32::new(0),
            correct_service: AtomicI32::new(0),
            note_system_source: AtomicI32::new(0),
            correct_system_source: AtomicI32::new(0),
            correct_dissector: AtomicI32::new(0),
            label_in_info: AtomicI32::new(0),
            layer: AtomicI32::new(EPH_LAYER_IN_WINDOW as i32),
            server_ports: AtomicPtr::new(null_mut()),
        }
    }

    /// All but `ephemeral.server_ports`, by their names in the host's file of preferences: first those with a list of
    /// choices, then those that are on or off.
    #[allow(clippy::type_complexity)]
    fn by_name(&self) -> ([(&'static str, &AtomicI32, &'static [enum_val_t]); 3], [(&'static str, &AtomicI32); 10]) {
        // The compiler wants all fields here, so none is left out.
        let Self {
            note,
            note_confidence,
            correct_info,
            correct_tree,
            infer,
            udp,
            note_service,
            correct_service,
            note_system_source,
            correct_system_source,
            correct_dissector,
            label_in_info,
            layer,
            server_ports: _,
        } = self;
        let lists: [(_, _, &'static [enum_val_t]); 3] = [
            ("ephemeral.note", note, &NOTES.0),
            ("ephemeral.note_confidence", note_confidence, &CONFIDENCES.0),
            ("ephemeral.layer", layer, &LAYERS.0),
        ];
        let switches = [
            ("ephemeral.correct_info", correct_info),
            ("ephemeral.correct_tree", correct_tree),
            ("ephemeral.label_in_info", label_in_info),
            ("ephemeral.note_service", note_service),
            ("ephemeral.correct_service", correct_service),
            ("ephemeral.note_system_source", note_system_source),
            ("ephemeral.correct_system_source", correct_system_source),
            ("ephemeral.correct_dissector", correct_dissector),
            ("ephemeral.infer", infer),
            ("ephemeral.udp", udp),
        ];
        (lists, switches)
    }

    /// Those that are not at their defaults, as the host's file of preferences has them: name and value.
    /// `is_server_port` says which ports `ephemeral.server_ports` has.
    pub(crate) fn changed(&self, is_server_port: impl Fn(u16) -> bool) -> Vec<(&'static str, String)> {
        let default = Self::new();
        let ((lists, switches), (default_lists, default_switches)) = (self.by_name(), default.by_name());
        let mut changed = Vec::new();
        for ((name, now, choices), (_, default, _)) in lists.into_iter().zip(default_lists) {
            let value = now.load(Relaxed);
            if value != default.load(Relaxed) {
                changed.push((name, chosen(choices, value)));
            }
        }
        for ((name, now), (_, default)) in switches.into_iter().zip(default_switches) {
            if is_set(now) != is_set(default) {
                changed.push((name, if is_set(now) { "TRUE" } else { "FALSE" }.to_owned()));
            }
        }
        let ports = ranges(is_server_port);
        if !ports.is_empty() {
            changed.push(("ephemeral.server_ports", ports));
        }
        changed
    }

    /// `ephemeral.note`.
    pub(crate) fn notes(&self) -> Notes {
        match self.note.load(Relaxed) {
            0 => Notes::Every,
            1 => Notes::First,
            _ => Notes::Never,
        }
    }

    /// `ephemeral.note_confidence`: whether a verdict is sure enough to call a name wrong, in fields, notes, corrections and
    /// statistics alike.
    pub(crate) fn is_sure_enough(&self, confidence: Confidence) -> bool {
        i32::from(confidence.number()) >= self.note_confidence.load(Relaxed)
    }

    /// `ephemeral.correct_info`.
    pub(crate) fn correct_info(&self) -> bool {
        is_set(&self.correct_info)
    }

    /// `ephemeral.correct_tree`.
    pub(crate) fn correct_tree(&self) -> bool {
        is_set(&self.correct_tree)
    }

    /// `ephemeral.infer`.
    pub(crate) fn infer(&self) -> bool {
        is_set(&self.infer)
    }

    /// `ephemeral.udp`.
    pub(crate) fn udp(&self) -> bool {
        is_set(&self.udp)
    }

    /// `ephemeral.note_service`.
    pub(crate) fn note_service(&self) -> bool {
        is_set(&self.note_service)
    }

    /// `ephemeral.correct_service`.
    pub(crate) fn correct_service(&self) -> bool {
        is_set(&self.correct_service)
    }

    /// `ephemeral.note_system_source`.
    pub(crate) fn note_system_source(&self) -> bool {
        is_set(&self.note_system_source)
    }

    /// `ephemeral.correct_system_source`.
    pub(crate) fn correct_system_source(&self) -> bool {
        is_set(&self.correct_system_source)
    }

    /// `ephemeral.correct_dissector`.
    #[inline(always)]
    pub(crate) fn correct_dissector(&self) -> bool {
        is_set(&self.correct_dissector)
    }

    /// `ephemeral.label_in_info`.
    pub(crate) fn label_in_info(&self) -> bool {
        is_set(&self.label_in_info)
    }

    /// `ephemeral.layer`, for C: an `eph_layer`.
    pub(crate) const fn layer(&self) -> *const c_int {
        self.layer.as_ptr()
    }

    /// `ephemeral.server_ports`: whether the user says that a port is always a service.
    pub(crate) fn is_server_port(&self, epan: &Epan, port: u16) -> bool {
        let range = self.server_ports.load(Relaxed);
        // SAFETY: the host keeps the variable null or pointing to a valid range, and changes it
        // only between packets, in the thread that dissects.
        !range.is_null() && unsafe { (epan.value_is_in_range)(range, u32::from(port)) } != 0
    }
}

fn is_set(variable: &AtomicI32) -> bool {
    variable.load(Relaxed) & 0xff != 0
}

/// The name of a choice.
fn chosen(choices: &[enum_val_t], value: i32) -> String {
    let choice = choices.iter().find(|choice| choice.value == value && !choice.name.is_null());
    // SAFETY: the names are constants.
    choice.map_or_else(|| value.to_string(), |it| unsafe { CStr::from_ptr(it.name) }.to_string_lossy().into_owned())
}

/// The ports in a set, as the host writes them: `8081,9000-9099`. Of more than 20 ranges, the first, and how many are
/// left out.
fn ranges(has: impl Fn(u16) -> bool) -> String {
    const MOST: usize = 20;
    let mut found: Vec<(u16, u16)> = Vec::new();
    for port in (0..=u16::MAX).filter(|port| has(*port)) {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == port => *last = port,
            _ => found.push((port, port)),
        }
    }
    let write = |(first, last): &(u16, u16)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let shown: Vec<_> = found.iter().take(MOST).map(write).collect();
    let left_out = found.len() - shown.len();
    let rest = if left_out > 0 { format!(" and {left_out} more ranges") } else { String::new() };
    shown.join(",") + &rest
}

struct Choices<const N: usize>([enum_val_t; N]);

// SAFETY: they are never changed, and point to constants.
unsafe impl<const N: usize> Sync for Choices<N> {}

const fn choice(name: &'static CStr, description: &'static CStr, value: i32) -> enum_val_t {
    enum_val_t { name: name.as_ptr(), description: description.as_ptr(), value }
}

const END: enum_val_t = enum_val_t { name: null(), description: null(), value: 0 };

static NOTES: Choices<4> = Choices([
    choice(c"every", c"Every packet", 0),
    choice(c"first", c"First packet of each conversation", 1),
    choice(c"never", c"No packet", 2),
    END,
]);

static CONFIDENCES: Choices<4> = Choices([
    choice(c"handshake", c"Handshake seen", Confidence::Handshake.number() as i32),
    choice(c"strong", c"Strong evidence or a handshake", Confidence::Strong.number() as i32),
    choice(c"weak", c"Any evidence", Confidence::Weak.number() as i32),
    END,
]);

/// The dialog of 4.0 has room for some forty letters.
static LAYERS: Choices<5> = Choices([
    choice(c"window", c"In the window; elsewhere below the header", EPH_LAYER_IN_WINDOW as i32),
    choice(c"always", c"Always", EPH_LAYER_ALWAYS as i32),
    choice(c"header", c"Never: below the header", EPH_LAYER_HEADER as i32),
    choice(c"asked", c"Only what a filter or a column asks for", EPH_LAYER_ASKED as i32),
    END,
]);

/// Registers all preferences, in the order in which the dialog shows them.
#[expect(clippy::too_many_lines, reason = "it is a list of texts, one entry for each preference")]
pub(crate) fn register(epan: &Epan, module: *mut module_t) {
    let list = |name: &'static CStr,
                title: &'static CStr,
                help: &'static CStr,
                at: &'static AtomicI32,
                of: &'static [enum_val_t]| {
        // SAFETY: all texts and the list of choices are constants, the variable is a static.
        unsafe {
            (epan.prefs_register_enum_preference)(
                module,
                name.as_ptr(),
                title.as_ptr(),
                help.as_ptr(),
                at.as_ptr(),
                of.as_ptr(),
                0,
            );
        }
    };
    let switch = |name: &'static CStr, title: &'static CStr, help: &'static CStr, at: &'static AtomicI32| {
        // SAFETY: as above.
        unsafe {
            (epan.prefs_register_bool_preference)(module, name.as_ptr(), title.as_ptr(), help.as_ptr(), at.as_ptr());
        }
    };
    let p = &PREFERENCES;
    list(
        c"note",
        c"Add notes on misnamed ports to",
        c"Which packets get a note in Expert Information when the client's port carries the name of a service",
        &p.note,
        &NOTES.0,
    );
    list(
        c"note_confidence",
        c"Evidence needed to call a port misnamed",
        c"How sure it must be which end is the client before a port is called misnamed, in fields, notes and statistics, and its name is taken out",
        &p.note_confidence,
        &CONFIDENCES.0,
    );
    switch(
        c"correct_info",
        c"Correct the Info column",
        c"With transport names on, take wrong names out of the Info column: http(80) \u{2192} autonoc(1140) becomes http(80) \u{2192} 1140",
        &p.correct_info,
    );
    switch(
        c"correct_tree",
        c"Correct the packet details",
        c"With transport names on, take wrong names out of the lines of TCP, UDP and other transports in the packet details: autonoc (1140) becomes 1140",
        &p.correct_tree,
    );
    switch(
        c"label_in_info",
        c"Show the conversation in the Info column",
        c"Put client, server and service in front of the Info column, the same for both directions: [192.168.1.23:1140 \u{2192} 198.51.100.10:80 (http)]",
        &p.label_in_info,
    );
    switch(
        c"note_service",
        c"Add notes on services that use the port of another",
        c"Also add a note to Expert Information where another protocol is spoken than the one the server's port is registered for",
        &p.note_service,
    );
    switch(
        c"correct_service",
        c"Correct the names of ports that another service uses",
        c"Also take the name of the server's port out of the Info column and the packet details where another protocol is spoken than the one it is registered for",
        &p.correct_service,
    );
    switch(
        c"note_system_source",
        c"Add notes on clients that use a system port",
        c"Also add a note to Expert Information where a client has a system port, which no system picks by chance",
        &p.note_system_source,
    );
    switch(
        c"correct_system_source",
        c"Correct the names of system ports that clients use",
        c"Also take the name of a client's system port out of the Info column and the packet details: domain(53) \u{2192} http(80) becomes 53 \u{2192} http(80)",
        &p.correct_system_source,
    );
    switch(
        c"correct_dissector",
        c"Decode by the server's port",
        c"Where only the client's port chose the dissector, decode the conversation's further packets by the server's port, or as the dissector that the table of services names; in a second pass and in the window, all of its packets",
        &p.correct_dissector,
    );
    switch(
        c"infer",
        c"Infer client and server without a handshake",
        c"Where the start of a connection was not captured, infer from other evidence which end is the client",
        &p.infer,
    );
    switch(
        c"udp",
        c"Tell client from server in UDP, too",
        c"Find out which end of a conversation over UDP or UDP-Lite is the client, by the same evidence except for the handshake",
        &p.udp,
    );
    list(
        c"layer",
        c"Show client and server as a layer of their own",
        c"Where the packet details have them. Scripts that take the last layer of a packet for what is spoken there go wrong by a layer of ours, so only the window has one; elsewhere they are below the line of TCP, UDP or another transport",
        &p.layer,
        &LAYERS.0,
    );
    // SAFETY: all texts are constants, the variable is a static that starts as null.
    unsafe {
        (epan.prefs_register_range_preference)(
            module,
            c"server_ports".as_ptr(),
            c"Ports that are always a service".as_ptr(),
            c"Ports of your own services, for example 8081,9000-9099: never taken for a client's ephemeral port"
                .as_ptr(),
            p.server_ports.as_ptr(),
            u32::from(u16::MAX),
        );
    }
    services::register(module);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_its_default_is_named() {
        let preferences = Preferences::new();
        assert_eq!(preferences.changed(|_| false), []);
        preferences.note.store(1, Relaxed);
        preferences.udp.store(0, Relaxed);
        preferences.note_service.store(1, Relaxed);
        preferences.layer.store(EPH_LAYER_ASKED as i32, Relaxed);
        let changed = preferences.changed(|port| port == 8081 || (9000..=9099).contains(&port) || port == u16::MAX);
        let changed: Vec<_> = changed.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        assert_eq!(
            changed,
            [
                "ephemeral.note:first",
                "ephemeral.layer:asked",
                "ephemeral.note_service:TRUE",
                "ephemeral.udp:FALSE",
                "ephemeral.server_ports:8081,9000-9099,65535"
            ]
        );
    }

    #[test]
    fn each_is_in_the_reference() {
        let reference = include_str!("../../../docs/reference.md");
        let preferences = Preferences::new();
        let (lists, switches) = preferences.by_name();
        let variables: Vec<_> = lists.iter().map(|list| list.1).chain(switches.iter().map(|switch| switch.1)).collect();
        for variable in &variables {
            variable.fetch_xor(1, Relaxed);
        }
        let changed = preferences.changed(|_| true);
        assert_eq!(changed.len(), variables.len() + 1);
        for (name, _) in changed {
            assert!(reference.contains(&format!("| `{name}` | ")), "docs/reference.md lacks {name}");
        }
    }

    #[test]
    fn of_many_ranges_the_first_are_written() {
        let written = ranges(|port| port % 2 == 1);
        assert!(written.starts_with("1,3,5,") && written.ends_with(",39 and 32748 more ranges"), "{written}");
    }
}
