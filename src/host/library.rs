//! Finds libwireshark in the running process.

use libc::{c_int, c_void, dl_iterate_phdr, dl_phdr_info, size_t};
use libloading::os::unix::{Library, RTLD_LAZY};
use std::ffi::{CStr, CString};

/// A function of epan that every release has, and no other library.
const MARK: &[u8] = b"epan_get_version_number\0";

/// A handle through which the functions of libwireshark and of the libraries it needs are found;
/// `None` in a process that does not have it.
///
/// A program that links to libwireshark has it in the global scope. One that opens it at run time
/// may have it in a scope of its own, so each library of the process is asked.
pub fn find() -> Option<Library> {
    let global = Library::this();
    if has_mark(&global) {
        return Some(global);
    }
    loaded_files().iter().filter_map(|path| open_again(path)).find(has_mark)
}

/// A table of its functions (see build.rs), by `from_library`, or why there is none. `what` names it for
/// faults put in on purpose.
#[cfg_attr(not(feature = "faults"), allow(unused_variables))]
pub fn bind<T>(
    what: &str,
    from_library: impl FnOnce(libloading::Library) -> Result<T, libloading::Error>,
) -> Result<T, String> {
    #[cfg(feature = "faults")]
    super::faults::lack(what)?;
    let library = find().ok_or("there is no libwireshark in this process")?;
    from_library(library.into()).map_err(|error| format!("this Wireshark lacks a function ({error})"))
}

fn has_mark(library: &Library) -> bool {
    // SAFETY: the symbol is only looked up, not used.
    unsafe { library.get::<*const c_void>(MARK) }.is_ok()
}

/// A handle to a library that is loaded already.
fn open_again(path: &CStr) -> Option<Library> {
    let path = path.to_str().ok()?;
    // SAFETY: with RTLD_NOLOAD nothing is loaded, so no constructor runs.
    unsafe { Library::open(Some(path), RTLD_LAZY | libc::RTLD_NOLOAD) }.ok()
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
