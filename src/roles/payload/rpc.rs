// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Remote procedure calls: ONC RPC and DCE/RPC.

use super::Speaker::{Client, Server};
use super::bytes::{filled, u32_at};
use super::{Begins, CLEAR, Found, Noise, OfBytes, Recognizer, Sign, client, server};

/// RFC 5531, section 9.
pub(super) const RPC: OfBytes = Recognizer::new(
    rpc_message,
    Begins::fifth(&[0]),
    Noise::HARDLY_EVER,
    &[
        (Client, "RPC call", b"\x12\x34\x56\x78\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04"),
        (Server, "RPC reply", b"\x12\x34\x56\x78\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ],
);

fn rpc_message(message: &[u8]) -> Found {
    const CALL: u32 = 0;
    const REPLY: u32 = 1;
    let (kind, third) = (u32_at(message, 4)?, u32_at(message, 8)?);
    // A call has RPC version 2 and a program. A reply is accepted (0) or denied (1), and then has the flavor and the
    // length of its verifier.
    if kind == CALL && third == 2 && u32_at(message, 12)? >= 100_000 {
        return client!("RPC call", CLEAR);
    }
    if kind == REPLY && third <= 1 && u32_at(message, 12)? <= 6 && message.len() >= 20 {
        return server!("RPC reply", CLEAR);
    }
    None
}

/// RFC 5531, section 11: a record mark, followed by a message.
pub(super) const RPC_TCP: OfBytes = Recognizer::new(
    rpc,
    Begins::first(&[0, 0x80]),
    Noise::HARDLY_EVER,
    &[
        (Client, "RPC call", b"\x80\0\0\x28\x12\x34\x56\x78\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04"),
        (Server, "RPC reply", b"\x80\0\0\x18\x12\x34\x56\x78\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ],
);

fn rpc(payload: &[u8]) -> Found {
    let length = u32_at(payload, 0)? & 0x7fff_ffff;
    if !(16..=0x0020_0000).contains(&length) {
        return None;
    }
    rpc_message(payload.get(4..)?)
}

/// C706 (DCE 1.1: RPC), section 12.5: connectionless PDUs, which PROFINET's context manager uses. Section 10 says which
/// end sends which PDU.
pub(super) const DCE_RPC_CL: OfBytes = Recognizer::new(
    dce_rpc_connectionless,
    Begins::first(&[4]).and_fifth(&[0, 1, 0x10, 0x11]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DCE/RPC request", &filled::<80>(b"\x04\0\x20\0\x10\0\0", b"")),
        (Server, "DCE/RPC response", &filled::<80>(b"\x04\x02\x20\0\x10\0\0", b"")),
    ],
);

fn dce_rpc_connectionless(message: &[u8]) -> Found {
    const HEADER: usize = 80;
    let [4, kind, _, _, integers @ (0 | 1 | 0x10 | 0x11), 0..=3, 0, ..] = *message else { return None };
    let bytes = [*message.get(74)?, *message.get(75)?];
    let length = if integers & 0x10 == 0 { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
    // Credentials may follow the body.
    if HEADER + usize::from(length) > message.len() {
        return None;
    }
    match kind {
        // Request, ping, acknowledgment of a response, cancellation.
        0 | 1 | 7 | 8 => client!("DCE/RPC request", CLEAR),
        // Response, fault, working, no call, reject, acknowledgment of a cancellation.
        2..=6 | 10 => server!("DCE/RPC response", CLEAR),
        _ => None,
    }
}

/// C706 (DCE 1.1: RPC), chapter 12: connection-oriented PDUs.
pub(super) const DCE_RPC: OfBytes = Recognizer::new(
    dce_rpc,
    Begins::first(&[5]).and_fifth(&[0x10, 0]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DCE/RPC request", b"\x05\0\x0b\x03\x10\0\0\0\x48\0\0\0"),
        (Server, "DCE/RPC response", b"\x05\0\x0c\x03\x10\0\0\0\x44\0\0\0"),
    ],
);

fn dce_rpc(payload: &[u8]) -> Found {
    let [5, 0 | 1, kind, _, 0x10 | 0x00, 0, 0, 0, ..] = *payload else { return None };
    match kind {
        0 | 11 | 14 | 16 => client!("DCE/RPC request", CLEAR),
        2 | 3 | 12 | 13 | 15 => server!("DCE/RPC response", CLEAR),
        _ => None,
    }
}
