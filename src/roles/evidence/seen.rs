// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The fact that one packet tells the role of its sender.

use super::Observation;
use std::fmt;

/// A packet, or what it carries, that tells its sender's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What was seen: `HTTP request`, `SYN-ACK`, `COOKIE ECHO`.
    pub(super) what: &'static str,
    /// The frame of the packet.
    pub(super) frame: u32,
}

impl Observation for Seen {
    fn kind(&self) -> &'static str {
        self.what
    }

    fn frame(&self) -> Option<u32> {
        Some(self.frame)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, frame } = self;
        write!(out, "{what} in frame {frame}")
    }
}
