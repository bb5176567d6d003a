// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The facts of a packet: its sender, its receiver, and the contents of its transport header. This module depends on
//! no other module of the crate.

mod end;
mod segment;
mod side;

pub use end::{Bits, End, Party};
pub use segment::{Flags, Segment, TcpFields, Transport};
pub use side::{Side, Sides};
