// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What of the host is bound, and what is checked before it is believed.

pub mod bound;
pub mod epan;
#[cfg(test)]
mod fits;
pub mod library;
pub mod own_fields;
pub mod releases;
