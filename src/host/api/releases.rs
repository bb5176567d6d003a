//! The table of releases: the one place that knows Wireshark's releases apart.
//!
//! Offsets are in bytes, and the same on all systems but for bit-fields. `tests/abi` holds each row against the release's own
//! headers; `docs/releases.md` says how a row is made.

use super::epan::boundary::eph_layout;
use crate::system::{BitFields, BIT_FIELDS};

/// A release of Wireshark: major and minor.
pub type Release = (i32, i32);

/// The newest release in the table.
pub const NEWEST: Release = (4, 6);

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The release whose structures these are.
    pub release: Release,
    /// Where things are in them.
    pub layout: eph_layout,
}

/// The releases that this file works in.
pub static RELEASES: [Row; 5] = table(BIT_FIELDS);

/// The table, for a system whose compilers place bit-fields so. Where that matters there are two values: first the one
/// for [`BitFields::Packed`], then the one for [`BitFields::Microsoft`].
#[rustfmt::skip]
pub const fn table(bits: BitFields) -> [Row; 5] { [
    Row { release: (3, 4), layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 56, pinfo_data_src: 80, pinfo_src: 184, pinfo_dst: 208,
        pinfo_ptype: 256, pinfo_srcport: 260, pinfo_destport: 264, pinfo_layers: 328,
        fd_cap_len: 8, fd_visited: bits.either(42, 44), node_finfo: 32, col_info: 28, col_expert: 16, window_has_id: 0, resolve_hosts: 4, resolve_ports: 8,
    } },
    Row { release: (4, 0), layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 56, pinfo_data_src: 80, pinfo_src: 184, pinfo_dst: 208,
        pinfo_ptype: 256, pinfo_srcport: 260, pinfo_destport: 264, pinfo_layers: 336,
        fd_cap_len: 8, fd_visited: bits.either(42, 44), node_finfo: 32, col_info: 28, col_expert: 16, window_has_id: 1, resolve_hosts: 4, resolve_ports: 8,
    } },
    Row { release: (4, 2), layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 280, pinfo_srcport: 284, pinfo_destport: 288, pinfo_layers: 360,
        fd_cap_len: 8, fd_visited: bits.either(50, 52), node_finfo: 32, col_info: 25, col_expert: 13, window_has_id: 1, resolve_hosts: 4, resolve_ports: 8,
    } },
    Row { release: (4, 4), layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 280, pinfo_srcport: 284, pinfo_destport: 288, pinfo_layers: 360,
        fd_cap_len: 8, fd_visited: bits.either(49, 52), node_finfo: 32, col_info: 25, col_expert: 13, window_has_id: 1, resolve_hosts: 1, resolve_ports: 2,
    } },
    Row { release: (4, 6), layout: eph_layout {
        pinfo_cinfo: 8, pinfo_num: 20, pinfo_fd: 80, pinfo_data_src: 104, pinfo_src: 208, pinfo_dst: 232,
        pinfo_ptype: 284, pinfo_srcport: 288, pinfo_destport: 292, pinfo_layers: 368,
        fd_cap_len: 12, fd_visited: bits.either(53, 56), node_finfo: 40, col_info: 25, col_expert: 13, window_has_id: 1, resolve_hosts: 1, resolve_ports: 2,
    } },
] }

impl BitFields {
    const fn either(self, packed: u16, microsoft: u16) -> u16 {
        match self {
            Self::Packed => packed,
            Self::Microsoft => microsoft,
        }
    }
}

/// The row of a release, if it is in the table.
pub fn row(release: Release) -> Option<&'static Row> {
    RELEASES.iter().find(|row| row.release == release)
}

/// The releases in words: `3.4, 4.0, 4.2, 4.4, 4.6`.
pub fn supported() -> String {
    let names: Vec<_> = RELEASES.iter().map(|row| format!("{}.{}", row.release.0, row.release.1)).collect();
    names.join(", ")
}
