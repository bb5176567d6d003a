// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! How full the tables are.

/// The number of entries in a table, and its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableUse {
    /// What the entries are, in words.
    pub what: &'static str,
    /// The number of entries.
    pub count: usize,
    /// The maximum number of entries.
    pub at_most: usize,
}
