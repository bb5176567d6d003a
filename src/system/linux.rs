// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Linux: ELF's dynamic linker and glibc's or musl's ways to ask it.

pub use super::unix::own_file;
pub use libloading::Library;

use super::unix::open_again;
use libc::{EFAULT, c_int, c_void, dl_iterate_phdr, dl_phdr_info, iovec, size_t};
use libloading::os::unix::Library as Handle;
use std::ffi::{CStr, CString};

/// Has the dynamic linker call a function when it opens the file: `at_load!(function)`, which is an
/// `extern "C" fn()`. What the linker passes besides is not looked at.
macro_rules! at_load {
    ($function:path) => {
        #[used]
        #[unsafe(link_section = ".init_array")]
        static AT_LOAD: extern "C" fn() = $function;
    };
}
pub(crate) use at_load;

/// A handle through which the functions of libwireshark and of the libraries it needs are found: of the first
/// library that `has_mark`. `None` in a process that has none.
///
/// A program that links to libwireshark has it in the global scope. One that opens it at run time
/// may have it in a scope of its own, so each library of the process is asked.
pub fn find_host(has_mark: impl Fn(&Library) -> bool) -> Option<Library> {
    let global = Handle::this().into();
    if has_mark(&global) {
        return Some(global);
    }
    loaded_files().iter().filter_map(|path| open_again(path)).find(has_mark)
}

/// The files of the process's libraries that could be libwireshark, whatever its version.
fn loaded_files() -> Vec<CString> {
    extern "C" fn visit(info: *mut dl_phdr_info, _size: size_t, files: *mut c_void) -> c_int {
        // SAFETY: dl_iterate_phdr passes a valid `info`, whose name is a C string or null, and the
        // pointer it was given, which is to `files` below; nobody else uses that meanwhile.
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
    // SAFETY: `visit` has the type that is asked for, does not unwind (pushing can only abort), and
    // `files` outlives the call.
    unsafe { dl_iterate_phdr(Some(visit), (&raw mut files).cast()) };
    files
}

/// Copies `length` bytes from memory that may not be there, and returns whether it was. The kernel is asked, which
/// refuses where following the pointer would crash. Where it does not answer either question, the memory is not
/// there.
///
/// # Safety
/// `to` has room for `length` bytes.
pub unsafe extern "C" fn read_memory(from: *const c_void, to: *mut c_void, length: usize) -> c_int {
    let (local, remote) =
        (iovec { iov_base: to, iov_len: length }, iovec { iov_base: from.cast_mut(), iov_len: length });
    // SAFETY: `to` has room by the contract above; what is read is checked by the kernel.
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

/// The same where a sandbox or an emulator does not allow that call: `write()` is refused as well where there is no
/// memory. For no more bytes than a pipe takes at once (`PIPE_BUF`, 4096).
///
/// # Safety
/// `to` has room for `length` bytes.
unsafe fn read_through_pipe(from: *const c_void, to: *mut c_void, length: usize) -> bool {
    let mut ends = [0; 2];
    // SAFETY: there is room for both descriptors, which are ours alone and closed below; `from` is checked by the
    // kernel; `to` has room by the contract above.
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
