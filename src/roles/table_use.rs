// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! How full the tables are.

/// How many entries a table has, and how many it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableUse {
    /// What the entries are, in words.
    pub what: &'static str,
    /// How many there are.
    pub count: usize,
    /// How many there may be.
    pub at_most: usize,
}
