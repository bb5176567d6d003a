//! Ephemeral Ports: a Wireshark postdissector that tells a client's ephemeral port from a service.
//!
//! A packet flows one way: [`host`] makes a plain view of it, [`headers`] finds its TCP headers,
//! [`roles`] judges who is client and who is server, [`misnaming`] and [`label`] put that in words,
//! and [`host`] hands the annotation to the C in `plugin/`, which writes it to Wireshark. Only
//! [`host`] and [`loader`] know that Wireshark exists; everything else is safe and pure.
#![deny(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::undocumented_unsafe_blocks)]

pub mod headers;
#[allow(unsafe_code)]
pub mod host;
pub mod label;
#[allow(unsafe_code)]
pub mod loader;
pub mod misnaming;
pub mod roles;
pub mod text;
