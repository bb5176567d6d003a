//! What differs between operating systems, in one file for each: how the host's functions are found, what runs
//! when the file is loaded, which memory may be read, and where the plugin's own file is. Nothing else in the
//! source knows on which system it runs.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod current;

#[cfg(windows)]
#[path = "windows.rs"]
mod current;

pub(crate) use current::at_load;
#[cfg(windows)]
pub(crate) use current::stay_loaded;
pub use current::{find_host, own_file, read_memory, Library};

/// How a C compiler places a bit-field that follows a member of another type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BitFields {
    /// In what is left of the bytes that the member began, as the System V ABI and those of ARM have it.
    Packed,
    /// In a new unit of the bit-field's own type, as Microsoft's compilers do (and GCC with `-mms-bitfields`).
    Microsoft,
}

/// How this system's compilers do.
pub const BIT_FIELDS: BitFields = if cfg!(windows) { BitFields::Microsoft } else { BitFields::Packed };
