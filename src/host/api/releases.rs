// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The table of Wireshark's releases: the only place that tells releases apart.
//!
//! Offsets are in bytes, and the same on all 64-bit systems. `tests/abi` compares each row with the headers of its
//! release. `docs/releases.md` says how to add a row.

use super::epan::*;

/// A release of Wireshark: major and minor.
pub type Release = (i32, i32);

/// The newest release in the table.
pub const NEWEST: Release = (4, 7);

/// How a row was made and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// From the release's headers. The tests ran in that release.
    Run,
    /// From the release's headers.
    ByHeaders,
    /// From some of the release's headers.
    ByHeadersInPart,
    /// From published bindings of the release's headers.
    ByBindings,
    /// From the headers in `EPHEMERAL_HEADERS`, for which this file was built.
    Built,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The release.
    pub release: Release,
    /// How the row was made and checked.
    pub basis: Basis,
    /// The layout of the release's structures.
    pub layout: eph_layout,
}

/// The releases that this file works in.
#[rustfmt::skip]
pub static RELEASES: &[Row] = &[
    Row { release: (3, 4), basis: Basis::Run, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 56, pinfo_data_src: 80, pinfo_src: 184, pinfo_dst: 208,
        pinfo_ptype: 256, pinfo_srcport: 260, pinfo_destport: 264, pinfo_can_desegment: 296, pinfo_layers: 328,
        fd_pkt_len: 4, table_flags: 0, text_window: EPH_WINDOW_BY_TITLE as u16, copy_text: 120, redissect: 0,
    } },
    Row { release: (3, 6), basis: Basis::ByBindings, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 56, pinfo_data_src: 80, pinfo_src: 184, pinfo_dst: 208,
        pinfo_ptype: 256, pinfo_srcport: 260, pinfo_destport: 264, pinfo_can_desegment: 296, pinfo_layers: 328,
        fd_pkt_len: 4, table_flags: 0, text_window: EPH_WINDOW_NOT_KNOWN as u16, copy_text: 0, redissect: 0,
    } },
    Row { release: (4, 0), basis: Basis::Run, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 56, pinfo_data_src: 80, pinfo_src: 184, pinfo_dst: 208,
        pinfo_ptype: 256, pinfo_srcport: 260, pinfo_destport: 264, pinfo_can_desegment: 304, pinfo_layers: 336,
        fd_pkt_len: 4, table_flags: 24, text_window: EPH_WINDOW_BY_ID as u16, copy_text: 120, redissect: 176,
    } },
    Row { release: (4, 2), basis: Basis::ByHeaders, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 280, pinfo_srcport: 284, pinfo_destport: 288, pinfo_can_desegment: 328, pinfo_layers: 360,
        fd_pkt_len: 4, table_flags: 24, text_window: EPH_WINDOW_BY_ID as u16, copy_text: 112, redissect: 168,
    } },
    Row { release: (4, 4), basis: Basis::Run, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 280, pinfo_srcport: 284, pinfo_destport: 288, pinfo_can_desegment: 328, pinfo_layers: 360,
        fd_pkt_len: 4, table_flags: 24, text_window: EPH_WINDOW_BY_ID as u16, copy_text: 112, redissect: 168,
    } },
    Row { release: (4, 6), basis: Basis::Run, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 284, pinfo_srcport: 288, pinfo_destport: 292, pinfo_can_desegment: 336, pinfo_layers: 368,
        fd_pkt_len: 8, table_flags: 24, text_window: EPH_WINDOW_BY_ID as u16, copy_text: 112, redissect: 168,
    } },
    // docs/releases.md says which headers.
    Row { release: (4, 7), basis: Basis::ByHeadersInPart, layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 284, pinfo_srcport: 288, pinfo_destport: 292, pinfo_can_desegment: 336, pinfo_layers: 368,
        fd_pkt_len: 8, table_flags: 24, text_window: EPH_WINDOW_BY_ID as u16, copy_text: 112, redissect: 168,
    } },
];

// BUILT_FOR: the row of the release that this file was built for, if any (build.rs).
include!(concat!(env!("OUT_DIR"), "/built_for.rs"));

static BUILT: Option<Row> = BUILT_FOR;

/// The release that the file names to the host's loader before it knows the host.
pub const WANTED: Release = match BUILT_FOR {
    Some(row) => row.release,
    None => NEWEST,
};

/// Returns the release that this file was built for, if any.
pub fn built_for() -> Option<Release> {
    BUILT.as_ref().map(|row| row.release)
}

/// Returns the row of a release, if there is one. The row of the build takes precedence over the table.
pub fn row(release: Release) -> Option<&'static Row> {
    BUILT.iter().chain(RELEASES).find(|row| row.release == release)
}

/// Returns the supported releases as a text: `3.4, 3.6, 4.0, 4.2, 4.4, 4.6, 4.7`.
pub fn supported() -> String {
    let of_table = |row: &&Row| RELEASES.iter().any(|other| other.release == row.release);
    let built = BUILT.iter().filter(|row| !of_table(row));
    let names: Vec<_> =
        RELEASES.iter().chain(built).map(|row| format!("{}.{}", row.release.0, row.release.1)).collect();
    names.join(", ")
}
