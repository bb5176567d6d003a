// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Everything that depends on Wireshark: its functions, its structures, its registrations. `SAFETY.md` explains why
//! the unsafe code here is sound.
//!
//! Each of these modules uses only those before it: `api`, `guard`, `settings`, `packet`, `registration`.

pub mod api;
#[cfg(feature = "faults")]
mod faults;
mod guard;
mod packet;
mod registration;
mod settings;

pub use registration::{register, supported_release};
