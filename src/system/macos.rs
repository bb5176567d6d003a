// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! macOS: dyld, and Mach's function to read memory. We build this, but never ran it.

pub use super::unix::own_file;
pub use libloading::Library;

use super::unix::open_again;
use libc::{c_int, c_void};
use libloading::os::unix::Library as Handle;
use std::ffi::{CStr, CString, c_char};
use std::os::unix::ffi::OsStrExt;

/// Makes dyld call a function when it opens the file: `at_load!(function)`, an `extern "C" fn()`. The function ignores
/// the arguments that dyld passes. The file then stays loaded until the process ends; the linker on macOS has no option
/// for that.
macro_rules! at_load {
    ($function:path) => {
        #[used]
        #[unsafe(link_section = "__DATA,__mod_init_func")]
        static AT_LOAD: extern "C" fn() = {
            extern "C" fn at_load() {
                $crate::system::stay_loaded();
                $function();
            }
            at_load
        };
    };
}
pub(crate) use at_load;

/// Keeps our file in the process, as `-z nodelete` does on Linux.
pub(crate) fn stay_loaded() {
    let Some(path) = own_file().and_then(|path| CString::new(path.as_os_str().as_bytes()).ok()) else { return };
    // SAFETY: the path is a C string. RTLD_NOLOAD loads nothing, so no initializer runs; the handle is never closed.
    unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE) };
}

/// Returns a handle to the first library that `has_mark`: it finds the functions of libwireshark and of the libraries
/// that libwireshark needs. Returns `None` if the process has no such library.
///
/// A program that links to libwireshark, as those in the app bundle do, finds it through its own handle. Otherwise each
/// image of the process is tried. The handle of libwireshark also finds libwsutil and GLib, because dyld searches the
/// dependencies of a library.
pub fn find_host(has_mark: impl Fn(&Library) -> bool) -> Option<Library> {
    let program = Handle::this().into();
    if has_mark(&program) {
        return Some(program);
    }
    loaded_files().iter().filter_map(|path| open_again(path)).find(has_mark)
}

/// Returns the files of the process's images. If another thread loads or unloads images during the call, one may be
/// missing or listed twice.
fn loaded_files() -> Vec<CString> {
    // SAFETY: the function takes no arguments and only returns a count.
    let count = unsafe { _dyld_image_count() };
    let name = |index| {
        // SAFETY: dyld returns null for an index that has no image (any more), and otherwise a C string that lives
        // as long as the image. No thread of Wireshark unloads images while Wireshark loads its plugins.
        unsafe {
            let name = _dyld_get_image_name(index);
            (!name.is_null()).then(|| CStr::from_ptr(name).to_owned())
        }
    };
    (0..count).filter_map(name).collect()
}

unsafe extern "C" {
    /// Returns how many images are loaded (mach-o/dyld.h).
    fn _dyld_image_count() -> u32;

    /// Returns the path of one of them, or null (mach-o/dyld.h).
    fn _dyld_get_image_name(index: u32) -> *const c_char;

    /// The port of this process (mach/mach_init.h).
    static mach_task_self_: u32;

    /// Copies memory of a process, as far as it is mapped (mach/mach_vm.h); 0 is KERN_SUCCESS.
    fn mach_vm_read_overwrite(task: u32, address: u64, size: u64, data: u64, read: *mut u64) -> c_int;
}

/// Copies `length` bytes from memory that may be unmapped. Returns 1 if all of it was readable, otherwise 0. The kernel
/// does the copy, and fails where following the pointer would crash. If the call fails for any other reason, the memory
/// counts as unreadable.
///
/// # Safety
/// `to` has room for `length` bytes.
pub unsafe extern "C" fn read_memory(from: *const c_void, to: *mut c_void, length: usize) -> c_int {
    let mut read = 0;
    // SAFETY: `to` has room by the contract above; the kernel checks the memory that is read; `read` can be written.
    let status =
        unsafe { mach_vm_read_overwrite(mach_task_self_, from as u64, length as u64, to as u64, &raw mut read) };
    c_int::from(status == 0 && read == length as u64)
}
