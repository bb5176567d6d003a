//! Everything that knows Wireshark: its functions, its structures, its registrations. See
//! `SAFETY.md` for why what is unsafe here is sound.

mod epan;
mod fields;
#[cfg(test)]
mod fits;
mod judge;
mod library;
mod logging;
mod names;
mod panic;
mod preferences;
mod register;
pub mod releases;

pub use register::{register, supported_release};
