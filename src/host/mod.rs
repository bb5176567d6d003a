//! Everything that knows Wireshark: its functions, its structures, its registrations. See
//! `SAFETY.md` for why what is unsafe here is sound.

mod bound;
mod epan;
mod exclusive;
#[cfg(feature = "faults")]
mod faults;
mod fields;
#[cfg(test)]
mod fits;
mod judge;
mod library;
mod logging;
mod menu;
mod names;
mod packet;
mod panic;
mod preferences;
mod register;
pub mod releases;
mod statistics;
mod words;

pub use register::{register, supported_release};
