// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Windows: the loader of DLLs, and what it and the kernel say of this process.
//!
//! Built with MinGW, the plugin has a C runtime of its own (msvcrt.dll), another than Wireshark's: no memory is freed
//! on the other side, and no `FILE`, `errno` or descriptor crosses.

use libloading::os::windows::Library as Module;
use libloading::{Error, Symbol};
use std::ffi::{OsString, c_int, c_void};
use std::os::windows::ffi::OsStringExt;
use std::path::PathBuf;
use std::ptr::null_mut;

/// Has the C runtime call a function when the DLL is loaded: `at_load!(function)`, which is an `extern "C" fn()`.
/// It is called under the loader's lock. The DLL then stays until the process ends, as `-z nodelete` has it on Linux.
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

/// The DLL with epan, which comes first, and those that have the rest of what is bound: wmem and the log, and GLib,
/// as Wireshark's own build and MSYS2 call it.
const HOST: [&str; 4] = ["libwireshark.dll", "libwsutil.dll", "glib-2.0-0.dll", "libglib-2.0-0.dll"];

/// The DLLs of the host: a function is looked up in one after the other, as none of them has all.
pub struct Library(Vec<libloading::Library>);

impl Library {
    /// A function or variable of the first DLL that has it; the error of the last one if none has.
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

/// The host's DLLs among those of the process, if one of them `has_mark`.
pub fn find_host(has_mark: impl Fn(&Library) -> bool) -> Option<Library> {
    let loaded = |name: &&str| Module::open_already_loaded(name).ok().map(Into::into);
    Some(Library(HOST.iter().filter_map(loaded).collect())).filter(has_mark)
}

/// A module, by its address.
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

/// `GET_MODULE_HANDLE_EX_FLAG_*`: what the module is found by, and what becomes of its count of users.
const PIN: u32 = 1;
const UNCHANGED_REFCOUNT: u32 = 2;
const FROM_ADDRESS: u32 = 4;

/// The module that this code is in.
fn own_module(flags: u32) -> Option<Handle> {
    let mut module = null_mut();
    let here = own_module as fn(u32) -> Option<Handle> as *const c_void;
    // SAFETY: with FROM_ADDRESS the second argument is any address within a module; `module` can be written.
    let found = unsafe { GetModuleHandleExW(flags | FROM_ADDRESS, here, &raw mut module) };
    (found != 0).then_some(module)
}

/// Keeps the DLL until the process ends, however often it is freed: what others still hold of ours then (the log,
/// the panic hook, texts) stays.
pub(crate) fn stay_loaded() {
    own_module(PIN);
}

/// Copies `length` bytes from memory that may not be there, and returns whether it was: the kernel is asked, which
/// refuses where following the pointer would crash.
///
/// # Safety
/// `to` has room for `length` bytes.
pub unsafe extern "C" fn read_memory(from: *const c_void, to: *mut c_void, length: usize) -> c_int {
    let mut read = 0;
    // SAFETY: `to` has room by the contract above, `read` can be written; what is read is checked by the kernel.
    let done = unsafe { ReadProcessMemory(GetCurrentProcess(), from, to, length, &raw mut read) };
    (done != 0 && read == length).into()
}

/// The plugin's own file.
pub fn own_file() -> Option<PathBuf> {
    /// The longest that a path can be.
    const ROOM: usize = 1 << 15;
    let module = own_module(UNCHANGED_REFCOUNT)?;
    let mut name = vec![0u16; ROOM];
    // SAFETY: `name` has room for so many characters.
    let length = unsafe { GetModuleFileNameW(module, name.as_mut_ptr(), ROOM as u32) } as usize;
    // As much as there is room for would be a name that was cut.
    (1..ROOM).contains(&length).then(|| OsString::from_wide(&name[..length]).into())
}
