// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What guards every entry from the host: no panic leaves, nobody comes in twice, and the log says what went wrong.

pub(super) mod entries;
pub(super) mod exclusive;
pub(super) mod host_static;
pub(super) mod left_out;
pub(super) mod logging;
pub(super) mod panic;
pub(super) mod reports;
