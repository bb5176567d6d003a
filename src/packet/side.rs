// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A conversation's two ends, in an order that does not depend on the direction of a packet.

/// One of a conversation's two ends, independent of direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The end that sorts first.
    #[default]
    Low,
    /// The end that sorts last.
    High,
}

impl Side {
    /// Returns the opposite side.
    pub fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// A set of sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides(u8);

impl Sides {
    /// Returns the set of the sides for which `is_in` returns `true`.
    pub fn those(is_in: impl Fn(Side) -> bool) -> Self {
        Self(u8::from(is_in(Side::Low)) | u8::from(is_in(Side::High)) << 1)
    }

    /// Whether the set contains a side.
    pub fn has(self, side: Side) -> bool {
        self.0 & 1 << side as u8 != 0
    }

    /// Whether the set contains no side.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
