// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The host's functions and structures that the plugin uses, and the checks before it relies on them.

#[rustfmt::skip]
#[allow(missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code, unreachable_pub)]
#[allow(clippy::all)]
mod bindings;
pub mod epan;
#[cfg(test)]
mod layout_check;
pub mod library;
pub mod own_fields;
pub mod releases;
