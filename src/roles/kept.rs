// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! How much is kept in memory.

/// How much of one kind is kept, and how much is at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it is, in words.
    pub what: &'static str,
    /// How much there is.
    pub count: usize,
    /// How much there is at most.
    pub at_most: usize,
}
