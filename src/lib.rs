// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Ephemeral Ports: a Wireshark postdissector that tells a client's ephemeral port from a service.
//!
//! A packet flows one way:
//!
//! 1. [`host`] makes a plain view of it.
//! 2. [`headers`] finds its TCP and UDP headers.
//! 3. [`roles`] judges which end is the client.
//! 4. [`naming`] decides which names of ports are wrong. It asks [`ephemeral`] whether a client got its port by chance,
//!    [`assigned`] which protocols assign ports at run time, and [`services`] what the user declared.
//! 5. [`host`] makes the annotation: fields, notes, and each text to replace with its replacement ([`label`]).
//! 6. The C in `plugin/dissector/` writes the annotation to Wireshark.
//!
//! All of them use the types in [`packet`]. Only [`host`] and [`loader`] depend on Wireshark, and only [`system`]
//! depends on the operating system. Everything else is safe and pure.
#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod assigned;
pub mod ephemeral;
pub mod headers;
#[allow(unsafe_code)]
pub mod host;
pub mod label;
#[allow(unsafe_code)]
pub mod loader;
pub mod naming;
pub mod packet;
pub mod roles;
pub mod services;
#[allow(unsafe_code)]
pub mod system;
pub mod text;
