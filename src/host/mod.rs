// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Everything that knows Wireshark: its functions, its structures, its registrations. See
//! `SAFETY.md` for why what is unsafe here is sound.

pub mod api;
mod guard;
mod packet;
mod registration;

pub use registration::{register, supported_release};
