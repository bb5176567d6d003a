// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What happens for each packet: `view` reads it from the host, `judge` gets the verdict, and `render` writes the
//! annotation.

mod annotation;
pub(super) mod by_server;
mod decoding;
pub(super) mod host_context;
pub(super) mod judge;
pub(super) mod names;
mod ports;
mod render;
mod undecided;
mod view;
