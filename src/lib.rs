// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Ephemeral Ports: a Wireshark postdissector that tells a client's ephemeral port from a service.
//!
//! A packet flows one way: [`host`] makes a plain view of it, [`headers`] finds its TCP and UDP headers,
//! [`roles`] judges who is client and who is server, [`naming`] which names of ports are wrong ([`ephemeral`] and
//! [`assigned`] say whose port got its number by accident, [`services`] what the user declares), [`label`] makes the labels,
//! and [`host`] hands the annotation to the C in `plugin/dissector/`, which writes it to Wireshark. All of them
//! stand on the facts in [`packet`]. Only [`host`] and [`loader`] know that Wireshark exists, and only
//! [`system`] knows on which operating system; everything else is safe and pure.
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
