// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The text of Tools → Ephemeral Ports → About and diagnostics: what a bug report needs. `plugin/dissector/menu.c`
//! shows it in a window.

use super::{HOST, running_version, statistics_state};
use crate::host::api::epan::eph_packets_checked;
use crate::host::api::releases::{Basis, Release};
use crate::host::guard::entries::Entry;
use crate::host::guard::exclusive::Exclusive;
use crate::host::guard::left_out;
use crate::host::guard::panic::{self, Condition};
use crate::host::packet::session;
use crate::host::settings::preferences::PREFERENCES;
use crate::host::settings::services;
use crate::roles::{RoleTracker, TableUse};
use crate::system::own_file;
use std::ffi::{CString, c_char};
use std::fmt::{self, Display, Formatter};

/// The facts that the text reports.
struct About {
    /// The plugin's own file.
    file: String,
    /// The host's release: major, minor, micro. `None` if it is not known.
    wireshark: Option<(i32, i32, i32)>,
    /// The release whose row is used, and how the row was made and checked.
    row: Option<(Release, Basis)>,
    left_out: Vec<String>,
    /// How many packets of this file were compared with the row; `None` if one did not fit.
    compared: Option<u32>,
    condition: Condition,
    /// Why the plugin was switched off last.
    why: Option<String>,
    /// The preferences that differ from their defaults: name and value.
    preferences: Vec<(&'static str, String)>,
    /// The number of rows in the table of services, and how many of them can be parsed.
    services: (usize, usize),
    /// How full the tables for this file are, and how many of its conversations were forgotten.
    kept: Option<([TableUse; RoleTracker::KINDS], u64)>,
}

/// Returns the path of the plugin's own file, or "this one".
pub(super) fn own_path() -> String {
    own_file().map_or_else(|| "this one".to_owned(), |path| path.display().to_string())
}

/// Returns the text for the C part, valid until the next call. Works while the plugin is off, too.
pub(super) extern "C" fn about() -> *const c_char {
    static TEXT: Exclusive<Option<CString>> = Exclusive::new(None);
    let text = panic::guarded_though_off(Entry::About, || {
        let about = CString::new(About::of_this_process().to_string().replace('\0', "")).ok()?;
        Some(TEXT.borrow()?.insert(about).as_ptr())
    });
    text.flatten().unwrap_or(c"The diagnostics could not be written: see Wireshark's log.\n".as_ptr())
}

impl About {
    fn of_this_process() -> Self {
        let host = HOST.get();
        // SAFETY: the function reads numbers that change only while a packet is dissected, in this same thread.
        let compared = unsafe { eph_packets_checked() };
        let (condition, why) = panic::condition();
        Self {
            file: own_path(),
            wireshark: running_version(),
            row: host.map(|host| (host.row.release, host.row.basis)),
            left_out: left_out::left_out(),
            compared: compared.try_into().ok(),
            condition,
            why,
            preferences: PREFERENCES
                .changed(|port| host.is_some_and(|host| PREFERENCES.is_server_port(&host.epan, port))),
            services: services::counts(),
            kept: session::table_use().zip(session::forgotten_conversations()),
        }
    }

    fn write_release(&self, to: &mut Formatter<'_>) -> fmt::Result {
        match self.wireshark {
            Some((major, minor, micro)) => writeln!(to, "Wireshark {major}.{minor}.{micro}")?,
            None => writeln!(to, "Wireshark: its release is not known")?,
        }
        if let Some(((major, minor), basis)) = self.row {
            let basis = match basis {
                Basis::Run => "from that release's headers; the tests were run in it on Linux",
                Basis::ByHeaders => "from that release's headers; it was never tried in that release",
                Basis::ByHeadersInPart => "from some of that release's headers; it was never tried in that release",
                Basis::ByBindings => "from published bindings; it was never tried in that release",
                Basis::Built => "from the headers that this file was built for",
            };
            writeln!(to, "Row of the table of releases: {major}.{minor}, {basis}")?;
        }
        Ok(())
    }

    fn write_checks(&self, to: &mut Formatter<'_>) -> fmt::Result {
        // Both are certain: otherwise there would be no menu.
        writeln!(to, "  Required functions: all found")?;
        writeln!(to, "  Wireshark's own fields: as expected")?;
        match self.compared {
            Some(0) => writeln!(to, "  Offsets: not compared yet, no packet was read")?,
            Some(1) => writeln!(to, "  Offsets: they fit the first packet of this file")?,
            Some(packets) => writeln!(to, "  Offsets: they fit the first {packets} packets of this file")?,
            None => writeln!(to, "  Offsets: they do not fit this Wireshark")?,
        }
        writeln!(to, "  Left out: {}", listed(&self.left_out))
    }

    fn write_condition(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let why = self.why.as_deref().unwrap_or("it is not known why");
        match self.condition {
            Condition::On => writeln!(to, "  Switched off: no")?,
            Condition::OffForThisFile => writeln!(to, "  Switched off: until another file is opened: {why}")?,
            Condition::OffForGood => writeln!(to, "  Switched off: until Wireshark ends: {why}")?,
        }
        match (&self.why, self.condition) {
            (Some(why), Condition::On) => writeln!(to, "  It was off before this file was opened: {why}"),
            _ => Ok(()),
        }
    }

    fn write_services(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let (rows, readable) = self.services;
        write!(to, "Rows of the table of services: {rows}")?;
        match rows - readable {
            0 => writeln!(to),
            unreadable => writeln!(to, ", of which {unreadable} cannot be read and are passed over"),
        }
    }

    fn write_kept(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let Some((kept, forgotten)) = &self.kept else { return writeln!(to, "  Not known at the moment") };
        for TableUse { what, count, at_most } in kept {
            writeln!(to, "  {what}: {count} of at most {at_most}")?;
        }
        writeln!(to, "  conversations forgotten for lack of room: {forgotten}")?;
        writeln!(to, "  memory for all of this: at most {} MB", RoleTracker::MOST_MEGABYTES)?;
        writeln!(to, "  and for each of the statistics that is open: at most {} MB", statistics_state::MOST_MEGABYTES)
    }
}

/// Joins the items, or returns "nothing".
fn listed(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.join("; ") }
}

impl Display for About {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
        writeln!(to, "Ephemeral Ports {} for {system}, {processor}", env!("CARGO_PKG_VERSION"))?;
        writeln!(to, "File: {}", self.file)?;
        self.write_release(to)?;
        writeln!(to, "\nChecks:")?;
        self.write_checks(to)?;
        self.write_condition(to)?;
        writeln!(to, "\nPreferences that differ from their defaults:")?;
        for (name, value) in &self.preferences {
            writeln!(to, "  {name}: {value}")?;
        }
        if self.preferences.is_empty() {
            writeln!(to, "  none")?;
        }
        self.write_services(to)?;
        writeln!(to, "\nKept of this file:")?;
        self.write_kept(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    fn sound() -> About {
        About {
            file: "/home/jo/libephemeral.so".to_owned(),
            wireshark: Some((4, 0, 17)),
            row: Some(((4, 0), Basis::Run)),
            left_out: Vec::new(),
            compared: Some(16),
            condition: Condition::On,
            why: None,
            preferences: Vec::new(),
            services: (0, 0),
            kept: Some((RoleTracker::default().table_use(), 0)),
        }
    }

    fn lines(about: &About) -> Vec<String> {
        about.to_string().lines().map(|line| line.trim_start().to_owned()).collect()
    }

    #[track_caller]
    fn has(about: &About, line: &str) {
        assert!(lines(about).iter().any(|it| it == line), "{about}");
    }

    #[test]
    fn all_is_well() {
        let about = sound();
        assert!(
            lines(&about)[0].starts_with(concat!("Ephemeral Ports ", env!("CARGO_PKG_VERSION"), " for ")),
            "{about}"
        );
        has(&about, "File: /home/jo/libephemeral.so");
        has(&about, "Wireshark 4.0.17");
        has(
            &about,
            "Row of the table of releases: 4.0, from that release's headers; the tests were run in it on Linux",
        );
        has(&about, "Offsets: they fit the first 16 packets of this file");
        has(&about, "Left out: nothing");
        has(&about, "Switched off: no");
        has(&about, "none");
        has(&about, "conversations: 0 of at most 2097152");
        has(&about, "conversations forgotten for lack of room: 0");
        has(&about, &format!("memory for all of this: at most {} MB", RoleTracker::MOST_MEGABYTES));
        has(
            &about,
            &format!("and for each of the statistics that is open: at most {} MB", statistics_state::MOST_MEGABYTES),
        );
        assert_eq!(about.to_string().matches(" of at most ").count(), RoleTracker::KINDS);
    }

    #[test]
    fn a_release_that_nobody_tried_is_called_that() {
        for basis in [Basis::ByHeaders, Basis::ByHeadersInPart, Basis::ByBindings] {
            let about = About { row: Some(((4, 7), basis)), ..sound() };
            assert!(about.to_string().contains("never tried in that release"), "{about}");
        }
        let row =
            crate::host::api::releases::RELEASES.iter().find(|row| row.release == (4, 7)).expect("it is in the table");
        assert_eq!(row.basis, Basis::ByHeadersInPart);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let panicked = "internal error in annotate: no message (src/roles/mod.rs:1)";
        let about = About { condition: Condition::OffForThisFile, why: Some(panicked.to_owned()), ..sound() };
        has(&about, &format!("Switched off: until another file is opened: {panicked}"));
        let about = About { why: Some(panicked.to_owned()), ..sound() };
        has(&about, "Switched off: no");
        has(&about, &format!("It was off before this file was opened: {panicked}"));
        let misfit = "the offsets for this release do not fit this Wireshark: packet_info.ptype is none";
        let about = About { condition: Condition::OffForGood, why: Some(misfit.to_owned()), compared: None, ..sound() };
        has(&about, &format!("Switched off: until Wireshark ends: {misfit}"));
        has(&about, "Offsets: they do not fit this Wireshark");
        let about = About { left_out: vec!["statistics (a function is missing)".to_owned()], ..sound() };
        has(&about, "Left out: statistics (a function is missing)");
    }

    #[test]
    fn preferences_and_what_was_forgotten_are_told() {
        let about = About {
            preferences: vec![("ephemeral.note", "first".to_owned())],
            kept: Some((RoleTracker::default().table_use(), 3)),
            ..sound()
        };
        has(&about, "ephemeral.note: first");
        has(&about, "Rows of the table of services: 0");
        let about_rows = About { services: (12, 10), ..sound() };
        has(&about_rows, "Rows of the table of services: 12, of which 2 cannot be read and are passed over");
        has(&about, "conversations forgotten for lack of room: 3");
        has(&About { kept: None, ..sound() }, "Not known at the moment");
    }

    #[test]
    fn the_process_of_a_test_has_a_text_as_well() {
        // SAFETY: it is a C string, which stays until the next call.
        let text = unsafe { CStr::from_ptr(about()) }.to_str().expect("UTF-8");
        assert!(text.starts_with("Ephemeral Ports ") && text.contains("Wireshark: its release is not known"), "{text}");
    }
}
