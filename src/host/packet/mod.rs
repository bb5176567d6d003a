// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What happens for a packet: the host's is viewed, judged, and what is worth saying about it is put in words.

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
