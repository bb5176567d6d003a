// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! End to end: the built plugin in a real Wireshark, on captures composed here.
//!
//! Environment variables say what is tested:
//!
//! - `EPHEMERAL_PLUGIN`: the plugin's file; otherwise the one built along with this test.
//! - `EPHEMERAL_HOST_ROOT`: root directory of the system whose Wireshark is used; otherwise `/`.
//! - `EPHEMERAL_WINDOWS_HOST_FOLDER`: the folder there that has a tshark.exe, to be run by Wine (tests/windows/e2e.sh).
//! - `EPHEMERAL_HOST_RUNNER`: what starts that Wireshark's programs if the kernel cannot, an emulator and its
//!   options as that system sees them, separated by spaces; a program is then `/usr/bin/NAME` (tests/arm/e2e.sh).
//!
//! `host` runs the programs, `capture` composes what they read, `verdict` reads what the plugin
//! says of each packet. The other modules are the tests, by subject.

mod capture;
mod host;
mod sharkd;
mod verdict;

mod agreed;
mod agreement;
mod assigned;
mod bad_input;
mod collateral;
mod correction;
mod everywhere;
mod handshake;
mod headers;
mod hostile;
mod inference;
mod log;
mod note;
mod on_purpose;
mod preferences;
mod recorded;
mod seed;
mod service;
mod services;
mod services_statistic;
mod statistics;
mod tables;
mod transports;
mod udp;
mod views;
mod wrong_dissector;
