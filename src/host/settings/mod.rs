// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The user's settings: the preferences, and the table of services.

pub(super) mod preferences;
pub(super) mod services;
