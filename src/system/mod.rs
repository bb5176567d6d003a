// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The differences between operating systems, in one file for each: how to find the host's functions, how to run code
//! when the file is loaded, how to read memory that may be unmapped, and where the plugin's own file is. Nothing else
//! in the source depends on the operating system.

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
