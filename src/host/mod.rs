// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Everything that knows Wireshark: its functions, its structures, its registrations. See
//! `SAFETY.md` for why what is unsafe here is sound.
//!
//! Each of these uses only those before it: `api`, `guard`, `settings`, `packet`, `registration`.

pub mod api;
#[cfg(feature = "faults")]
mod faults;
mod guard;
mod packet;
mod registration;
mod settings;

pub use registration::{register, supported_release};
