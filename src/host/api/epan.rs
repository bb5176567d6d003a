// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The bindings that `build.rs` makes from `include/epan.h` and the headers in `plugin/dissector/`.
#![allow(missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code)]
#![allow(unsafe_op_in_unsafe_fn, unreachable_pub, unused_qualifications)]
#![allow(clippy::all, clippy::undocumented_unsafe_blocks)]

include!(concat!(env!("OUT_DIR"), "/epan.rs"));

/// The optional functions for logging.
pub mod logging {
    include!(concat!(env!("OUT_DIR"), "/logging.rs"));
}

/// The functions for the tap and the statistics.
pub mod statistics {
    include!(concat!(env!("OUT_DIR"), "/statistics.rs"));
}

/// The functions for the tables of conversations and endpoints.
pub mod tables {
    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

/// The function for the rows of endpoints, by either of its names.
pub mod endpoints {
    include!(concat!(env!("OUT_DIR"), "/endpoints.rs"));
}

/// The functions for the menu and the conversation filter.
pub mod window {
    include!(concat!(env!("OUT_DIR"), "/window.rs"));
}

/// What crosses to and from the C part.
pub mod boundary {
    include!(concat!(env!("OUT_DIR"), "/boundary.rs"));
}
