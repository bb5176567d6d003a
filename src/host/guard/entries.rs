// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The list of entries from the host in which our code could panic.
//!
//! `tests/faults.sh` and its counterpart for Windows read this list, and inject a panic into each entry.

/// When the host calls an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Once, at the host's start. The plugin cannot work without it.
    Start,
    /// When a file is opened.
    File,
    /// For each packet.
    Packet,
    /// For statistics that the user asked for.
    Statistics,
    /// For the statistic of services that the user asked for.
    Services,
    /// For a row of the table of services, while the user edits it or the host loads it.
    Table,
    /// For an entry of the menu.
    Menu,
}

macro_rules! entries {
    ($($entry:ident = $name:literal, $when:ident;)*) => {
        /// An entry from the host.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Entry {
            $(#[doc = concat!("`", $name, "`")] $entry,)*
        }

        impl Entry {
            /// Returns its name in the log.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$entry => $name,)*
                }
            }

            /// Returns when the host calls it.
            pub(crate) const fn when(self) -> When {
                match self {
                    $(Self::$entry => When::$when,)*
                }
            }
        }
    };
}

// One a line: the tests' scripts read these.
entries! {
    SupportedRelease = "supported_release", Start;
    PluginRegister = "plugin_register", Start;
    ProtoRegister = "proto_register", Start;
    Handoff = "handoff", Start;
    OpenFile = "open_file", File;
    Annotate = "annotate", Packet;
    Count = "count", Statistics;
    ForgetCounts = "forget_counts", Statistics;
    CountService = "count_service", Services;
    ForgetServices = "forget_services", Services;
    OpenServicesFile = "open_services_file", Services;
    WriteServicesFile = "write_services_file", Services;
    CheckService = "check_service", Table;
    About = "about", Menu;
    Select = "select", Menu;
    SetClient = "set_client", Menu;
    DecodeByServer = "decode_by_server", Menu;
    Remember = "remember", Menu;
}
