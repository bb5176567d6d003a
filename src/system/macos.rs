// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The Mac: dyld, and Mach's way to ask for memory. Built, and never run by us.

pub use super::unix::own_file;
pub use libloading::Library;

use super::unix::open_again;
use libc::{c_int, c_void};
use libloading::os::unix::Library as Handle;
use std::ffi::{CStr, CString, c_char};
use std::os::unix::ffi::OsStrExt;

/// Has dyld call a function when it opens the file: `at_load!(function)`, which is an `extern "C" fn()`. What
/// dyld passes besides is not looked at. The file then stays until the process ends: the linker has no option for
/// that here.
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

/// Keeps our file in the process, as `-z nodelete` does elsewhere.
pub(crate) fn stay_loaded() {
    let Some(path) = own_file().and_then(|path| CString::new(path.as_os_str().as_bytes()).ok()) else { return };
    // SAFETY: the path is a C string. With RTLD_NOLOAD nothing is loaded, so no initializer runs; the handle is
    // never closed.
    unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE) };
}

/// A handle through which the functions of libwireshark and of the libraries it needs are found: of the first
/// library that `has_mark`. `None` in a process that has none.
///
/// A program that links to libwireshark, as those in the app bundle do, finds it through its own handle; otherwise
/// each image of the process is asked. libwireshark's own handle leads to libwsutil and GLib as well: dyld searches
/// what a library depends on.
pub fn find_host(has_mark: impl Fn(&Library) -> bool) -> Option<Library> {
    let program = Handle::this().into();
    if has_mark(&program) {
        return Some(program);
    }
    loaded_files().iter().filter_map(|path| open_again(path)).find(has_mark)
}

/// The files of the process's images. Images may come and go meanwhile in other threads: then one is missed or
/// named twice.
fn loaded_files() -> Vec<CString> {
    // SAFETY: it only counts.
    let count = unsafe { _dyld_image_count() };
    let name = |index| {
        // SAFETY: dyld returns null for an index that is (no longer) an image's, and otherwise a C string that
        // stays as long as the image, which no thread of Wireshark unloads while it loads its plugins.
        unsafe {
            let name = _dyld_get_image_name(index);
            (!name.is_null()).then(|| CStr::from_ptr(name).to_owned())
        }
    };
    (0..count).filter_map(name).collect()
}

unsafe extern "C" {
    /// How many images are loaded (mach-o/dyld.h).
    fn _dyld_image_count() -> u32;

    /// The path of one of them, or null (mach-o/dyld.h).
    fn _dyld_get_image_name(index: u32) -> *const c_char;

    /// The port of this process (mach/mach_init.h).
    static mach_task_self_: u32;

    /// Copies memory of a process, as far as it is there (mach/mach_vm.h); 0 is KERN_SUCCESS.
    fn mach_vm_read_overwrite(task: u32, address: u64, size: u64, data: u64, read: *mut u64) -> c_int;
}

/// Copies `length` bytes from memory that may not be there, and returns whether it was. The kernel is asked, which
/// refuses where following the pointer would crash; where it does not answer, the memory is not there.
///
/// # Safety
/// `to` has room for `length` bytes.
pub unsafe extern "C" fn read_memory(from: *const c_void, to: *mut c_void, length: usize) -> c_int {
    let mut read = 0;
    // SAFETY: `to` has room by the contract above; what is read is checked by the kernel; `read` can be written.
    let status =
        unsafe { mach_vm_read_overwrite(mach_task_self_, from as u64, length as u64, to as u64, &raw mut read) };
    c_int::from(status == 0 && read == length as u64)
}
