// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Windows: the DLL loader, and functions of the kernel about this process.
//!
//! The plugin is built with MinGW, so its C runtime (msvcrt.dll) is not Wireshark's: neither side frees memory of the
//! other, and no `FILE`, `errno` or file descriptor crosses.

use libloading::os::windows::Library as Module;
use libloading::{Error, Symbol};
use std::ffi::{OsString, c_int, c_void};
use std::os::windows::ffi::OsStringExt;
use std::path::PathBuf;
use std::ptr::null_mut;

/// Makes the C runtime call a function when the DLL is loaded: `at_load!(function)`, an `extern "C" fn()`. The caller
/// holds the loader's lock. The DLL then stays loaded until the process ends, as with `-z nodelete` on Linux.
macro_rules! at_load {
    ($function:path) => {
        #[used]
        #[unsafe(link_section = ".CRT$XCU")]
        static AT_LOAD: extern "C" fn() = {
            extern "C" fn at_load() {
                crate::system::stay_loaded();
                $function();
            }
            at_load
        };
    };
}
pub(crate) use at_load;

/// The DLLs whose functions are bound: first epan's, then libwsutil with wmem and the log, then GLib under its two
/// names, of Wireshark's own build and of MSYS2.
const HOST: [&str; 4] = ["libwireshark.dll", "libwsutil.dll", "glib-2.0-0.dll", "libglib-2.0-0.dll"];

/// The DLLs of the host. No DLL has all functions, so each function is looked up in one after the other.
pub struct Library(Vec<libloading::Library>);

impl Library {
    /// Returns a function or variable of the first DLL that has it, or the error of the last DLL if none has.
    ///
    /// # Safety
    /// As for [`libloading::Library::get`].
    pub unsafe fn get<T>(&self, name: &[u8]) -> Result<Symbol<'_, T>, Error> {
        let mut found = Err(Error::GetProcAddressUnknown);
        for library in &self.0 {
            // SAFETY: by the contract above.
            found = unsafe { library.get(name) };
            if found.is_ok() {
                break;
            }
        }
        found
    }
}

/// Returns the host's DLLs among those of the process, if one of them `has_mark`.
pub fn find_host(has_mark: impl Fn(&Library) -> bool) -> Option<Library> {
    let loaded = |name: &&str| Module::open_already_loaded(name).ok().map(Into::into);
    Some(Library(HOST.iter().filter_map(loaded).collect())).filter(has_mark)
}

/// The address of a module.
type Handle = *mut c_void;

/// `BOOL`: 0 is false.
type Bool = i32;

// libloaderapi.h, processthreadsapi.h, memoryapi.h
#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut Handle) -> Bool;
    fn GetModuleFileNameW(module: Handle, name: *mut u16, room: u32) -> u32;
    fn GetCurrentProcess() -> Handle;
    fn ReadProcessMemory(
        process: Handle,
        from: *const c_void,
        to: *mut c_void,
        length: usize,
        read: *mut usize,
    ) -> Bool;
}

/// `GET_MODULE_HANDLE_EX_FLAG_*`: how the module is found, and how its reference count changes.
const PIN: u32 = 1;
const UNCHANGED_REFCOUNT: u32 = 2;
const FROM_ADDRESS: u32 = 4;

/// Returns the module that contains this code.
fn own_module(flags: u32) -> Option<Handle> {
    let mut module = null_mut();
    let here = own_module as fn(u32) -> Option<Handle> as *const c_void;
    // SAFETY: with FROM_ADDRESS the second argument is any address within a module; `module` can be written.
    let found = unsafe { GetModuleHandleExW(flags | FROM_ADDRESS, here, &raw mut module) };
    (found != 0).then_some(module)
}

/// Keeps the DLL loaded until the process ends, however often it is freed. The log, the panic hook and texts that
/// others still point to stay valid.
pub(crate) fn stay_loaded() {
    own_module(PIN);
}

/// Copies `length` bytes from memory that may be unmapped. Returns 1 if all of it was readable, otherwise 0. The kernel
/// does the copy, and fails where following the pointer would crash.
///
/// # Safety
/// `to` has room for `length` bytes.
pub unsafe extern "C" fn read_memory(from: *const c_void, to: *mut c_void, length: usize) -> c_int {
    let mut read = 0;
    // SAFETY: `to` has room by the contract above; `read` can be written; the kernel checks the memory that is read.
    let done = unsafe { ReadProcessMemory(GetCurrentProcess(), from, to, length, &raw mut read) };
    (done != 0 && read == length).into()
}

/// Returns the path of the plugin's own file.
pub fn own_file() -> Option<PathBuf> {
    /// The maximum length of a path, in UTF-16 units.
    const ROOM: usize = 1 << 15;
    let module = own_module(UNCHANGED_REFCOUNT)?;
    let mut name = vec![0u16; ROOM];
    // SAFETY: `name` has room for `ROOM` characters.
    let length = unsafe { GetModuleFileNameW(module, name.as_mut_ptr(), ROOM as u32) } as usize;
    // A result of `ROOM` means that the name was truncated.
    (1..ROOM).contains(&length).then(|| OsString::from_wide(&name[..length]).into())
}
