// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The facts of a packet: who sent it to whom, and what its transport header says. Everything else stands on
//! these, and they stand on nothing.

mod end;
mod segment;
mod side;

pub use end::{Bits, End, Party};
pub use segment::{Flags, Segment, TcpFields, Transport};
pub use side::{Side, Sides};
