// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Guards for every entry from the host: no panic crosses into the host, no entry runs twice at the same time, and the
//! log says what went wrong.

pub(super) mod entries;
pub(super) mod exclusive;
pub(super) mod host_static;
pub(super) mod left_out;
pub(super) mod logging;
pub(super) mod panic;
pub(super) mod reports;
