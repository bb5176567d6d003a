// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Finds libwireshark in the running process.

use crate::system::{self, Library};
use std::ffi::c_void;

/// A function that epan has in every release, and no other library.
const MARK: &[u8] = b"epan_get_version_number\0";

/// Returns a handle that finds the functions of libwireshark and of the libraries that it needs, or `None` if the
/// process does not have it.
pub fn find() -> Option<Library> {
    // SAFETY: the symbol is only looked up, never called.
    system::find_host(|library| unsafe { library.get::<*const c_void>(MARK) }.is_ok())
}

/// Returns a table of the host's functions (see [`super::epan`]), made by `from_library`, or why there is none. `what`
/// names the table for fault injection.
#[cfg_attr(not(feature = "faults"), allow(unused_variables))]
pub fn bind<T>(what: &str, from_library: impl FnOnce(Library) -> Result<T, libloading::Error>) -> Result<T, String> {
    #[cfg(feature = "faults")]
    crate::host::faults::lack(what)?;
    let library = find().ok_or("there is no libwireshark in this process")?;
    from_library(library).map_err(|error| format!("this Wireshark lacks a function ({error})"))
}
