// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What differs between operating systems, in one file for each: how the host's functions are found, what runs
//! when the file is loaded, which memory may be read, and where the plugin's own file is. Nothing else in the
//! source knows on which system it runs.

#[cfg(unix)]
mod unix;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod current;

#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod current;

#[cfg(windows)]
#[path = "windows.rs"]
mod current;

pub(crate) use current::at_load;
#[cfg(any(windows, target_os = "macos"))]
pub(crate) use current::stay_loaded;
pub use current::{Library, find_host, own_file, read_memory};
