// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Code that Linux and macOS share: `dlopen` and related functions.

use libloading::Library;
use libloading::os::unix::{Library as Handle, RTLD_LAZY};
use std::ffi::{CStr, OsStr, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::ptr::null_mut;

/// Returns a handle to a library that is already loaded.
pub(super) fn open_again(path: &CStr) -> Option<Library> {
    let path = path.to_str().ok()?;
    // SAFETY: RTLD_NOLOAD loads nothing, so no constructor runs.
    unsafe { Handle::open(Some(path), RTLD_LAZY | libc::RTLD_NOLOAD) }.ok().map(Into::into)
}

/// Returns the path of the plugin's own file.
pub fn own_file() -> Option<PathBuf> {
    let mut info =
        libc::Dl_info { dli_fname: null_mut(), dli_fbase: null_mut(), dli_sname: null_mut(), dli_saddr: null_mut() };
    let here = own_file as fn() -> Option<PathBuf> as *const c_void;
    // SAFETY: `info` can be written; on success the name is a C string as long as this library is loaded.
    unsafe {
        if libc::dladdr(here, &raw mut info) == 0 || info.dli_fname.is_null() {
            return None;
        }
        let name = OsStr::from_bytes(CStr::from_ptr(info.dli_fname).to_bytes());
        std::path::absolute(name).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_code_is_in_a_file() {
        assert_eq!(own_file().unwrap(), std::env::current_exe().unwrap());
    }
}
