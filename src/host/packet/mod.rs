// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What happens for each packet: `view` reads it from the host, `annotate` gets the verdict, and `render` makes the
//! annotation. `session` keeps the state between packets.

pub(super) mod annotate;
mod annotation;
pub(super) mod conversation_dissector;
mod decode_by_server;
pub(super) mod host_context;
pub(super) mod names;
mod ports;
mod render;
pub(super) mod selection;
pub(super) mod session;
mod undecided;
mod view;
