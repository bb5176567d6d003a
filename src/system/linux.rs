// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Linux: the ELF dynamic linker, through the functions of glibc or musl.

pub use super::unix::own_file;
pub use libloading::Library;

use super::unix::open_again;
use libc::{EFAULT, c_int, c_void, dl_iterate_phdr, dl_phdr_info, iovec, size_t};
use libloading::os::unix::Library as Handle;
use std::ffi::{CStr, CString};

/// Makes the dynamic linker call a function when it opens the file: `at_load!(function)`, an `extern "C" fn()`. The
/// function ignores the arguments that the linker passes.
macro_rules! at_load {
    ($function:path) => {
        #[used]
        #[unsafe(link_section = ".init_array")]
        static AT_LOAD: extern "C" fn() = $function;
    };
}
pub(crate) use at_load;

/// Returns a handle to the first library that `has_mark`: it finds the functions of libwireshark and of the libraries
/// that libwireshark needs. Returns `None` if the process has no such library.
///
/// A program that links to libwireshark has it in the global scope. A program that opens it at run time may have it in
/// a separate scope, so each library of the process is tried.
pub fn find_host(has_mark: impl Fn(&Library) -> bool) -> Option<Library> {
    let global = Handle::this().into();
    if has_mark(&global) {
        return Some(global);
    }
    loaded_files().iter().filter_map(|path| open_again(path)).find(has_mark)
}

/// Returns the files of all libraries in the process.
fn loaded_files() -> Vec<CString> {
    extern "C" fn visit(info: *mut dl_phdr_info, _size: size_t, files: *mut c_void) -> c_int {
        // SAFETY: dl_iterate_phdr passes a valid `info`, whose name is a C string or null, and the
        // pointer it was given, which is to `files` below; no other code uses that during the call.
        let (name, files) = unsafe { ((*info).dlpi_name, &mut *files.cast::<Vec<CString>>()) };
        if !name.is_null() {
            // SAFETY: as above.
            let name = unsafe { CStr::from_ptr(name) };
            if !name.is_empty() {
                files.push(name.to_owned());
            }
        }
        0
    }
    let mut files: Vec<CString> = Vec::new();
    // SAFETY: `visit` has the required type and does not unwind (pushing can only abort), and
    // `files` outlives the call.
    unsafe { dl_iterate_phdr(Some(visit), (&raw mut files).cast()) };
    files
}

/// Copies `length` bytes from memory that may be unmapped. Returns 1 if all of it was readable, otherwise 0. The kernel
/// does the copy, and fails where following the pointer would crash. If both ways to ask the kernel fail, the memory
/// counts as unreadable.
///
/// # Safety
/// `to` has room for `length` bytes.
pub unsafe extern "C" fn read_memory(from: *const c_void, to: *mut c_void, length: usize) -> c_int {
    let (local, remote) =
        (iovec { iov_base: to, iov_len: length }, iovec { iov_base: from.cast_mut(), iov_len: length });
    // SAFETY: `to` has room by the contract above; the kernel checks the memory that is read.
    let read = unsafe { libc::process_vm_readv(libc::getpid(), &raw const local, 1, &raw const remote, 1, 0) };
    if usize::try_from(read) == Ok(length) {
        return 1;
    }
    if from.is_null() || read >= 0 || std::io::Error::last_os_error().raw_os_error() == Some(EFAULT) {
        return 0;
    }
    // SAFETY: by the contract above.
    c_int::from(unsafe { read_through_pipe(from, to, length) })
}

/// Does the same as [`read_memory`] where a sandbox or an emulator forbids `process_vm_readv()`: `write()` also fails
/// for unmapped memory. `length` is at most what a pipe takes at once (`PIPE_BUF`, 4096).
///
/// # Safety
/// `to` has room for `length` bytes.
unsafe fn read_through_pipe(from: *const c_void, to: *mut c_void, length: usize) -> bool {
    let mut ends = [0; 2];
    // SAFETY: `ends` has room for both descriptors, which only this function uses and closes; the kernel checks
    // `from`; `to` has room by the contract above.
    unsafe {
        if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) != 0 {
            return false;
        }
        let [reader, writer] = ends;
        let is_there = usize::try_from(libc::write(writer, from, length)) == Ok(length)
            && usize::try_from(libc::read(reader, to, length)) == Ok(length);
        libc::close(reader);
        libc::close(writer);
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_where_it_is() {
        let (from, mut to) = ([1u8, 2, 3], [0u8; 3]);
        // SAFETY: `to` has room for three bytes.
        let mut read = |from: *const c_void| unsafe { read_memory(from, to.as_mut_ptr().cast(), 3) };
        assert_eq!(read(8 as *const c_void), 0);
        assert_eq!(read(std::ptr::null()), 0);
        assert_eq!(read(from.as_ptr().cast()), 1);
        assert_eq!(to, from);
    }

    #[test]
    fn a_pipe_tells_the_same() {
        let (from, mut to) = ([1u8, 2, 3], [0u8; 3]);
        // SAFETY: `to` has room for three bytes.
        let mut read = |from: *const c_void| unsafe { read_through_pipe(from, to.as_mut_ptr().cast(), 3) };
        assert!(!read(8 as *const c_void));
        assert!(!read(std::ptr::null()));
        assert!(read(from.as_ptr().cast()));
        assert_eq!(to, from);
    }
}
