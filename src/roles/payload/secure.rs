// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Encrypted protocols over UDP: QUIC, DTLS, IKE, WireGuard.

use super::Speaker::{Client, Server};
use super::bytes::{filled, u32_at};
use super::{Begins, CERTAIN, CLEAR, Found, LIKELY, Noise, OfBytes, Recognizer, SLIGHT, Sign, client, server};

/// RFC 9000, section 17.2.2: an Initial packet. A client pads it to 1200 bytes and chooses a destination connection ID
/// of at least 8 bytes (section 7.2). The server's answer has the client's own ID as destination, which is mostly
/// empty.
pub(super) const QUIC: OfBytes = Recognizer::new(
    quic,
    Begins::first(&[0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf]),
    Noise::HARDLY_EVER,
    &[
        (Client, "QUIC Initial", &filled::<1200>(b"\xc3\0\0\0\x01\x08", b"")),
        (Client, "QUIC Initial, of either end", &filled::<1200>(b"\xc3\0\0\0\x01\x0812345678\x08", b"")),
        (Server, "QUIC Initial, in answer", b"\xc1\0\0\0\x01\0\x08"),
    ],
);

fn quic(message: &[u8]) -> Found {
    const LEAST_INITIAL: usize = 1200;
    let [0xc0..=0xcf, 0, 0, 0, 1, destination, ..] = *message else { return None };
    let source = *message.get(6 + usize::from(destination))?;
    match (destination, source) {
        (0, 1..=20) => server!("QUIC Initial, in answer", CLEAR),
        (8..=20, 0) if message.len() >= LEAST_INITIAL => client!("QUIC Initial", CLEAR),
        (8..=20, 1..=20) if message.len() >= LEAST_INITIAL => client!("QUIC Initial, of either end", SLIGHT),
        _ => None,
    }
}

/// RFC 6347, sections 4.1 and 4.2.2 (DTLS 1.2), and RFC 9147, section 5 (DTLS 1.3): the handshake message of the first
/// record.
pub(super) const DTLS: OfBytes = Recognizer::new(
    dtls,
    Begins::first(&[22]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DTLS Client Hello", DTLS_CLIENT_HELLO),
        (Server, "DTLS Server Hello", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x5e\x02\0\0\x52\0\x01\0\0\0\0\0\x52\xfe"),
        (Server, "DTLS Hello Verify Request", b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x23\x03\0\0\x17\0\0\0\0\0\0\0\x17\xfe"),
        (Client, "DTLS Client Key Exchange", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x2d\x10\0\0\x21\0\x02\0\0\0\0\0\x21\x20"),
        (Server, "DTLS Server Key Exchange", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x5e\x0c\0\0\x52\0\x03\0\0\0\0\0\x52\x03"),
        (Server, "DTLS Server Hello Done", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x0c\x0e\0\0\0\0\x04\0\0\0\0\0\0"),
    ],
);

const DTLS_CLIENT_HELLO: &[u8] = b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x5e\x01\0\0\x52\0\0\0\0\0\0\0\x52\xfe";

fn dtls(message: &[u8]) -> Found {
    let [22, 0xfe, 0xfd | 0xff, 0, 0, 0, 0, ..] = *message else { return None };
    // The message's type and its length in three bytes follow the record's header.
    let [kind, 0, ..] = *message.get(13..)? else { return None };
    match kind {
        1 => client!("DTLS Client Hello", CERTAIN),
        2 => server!("DTLS Server Hello", CERTAIN),
        3 => server!("DTLS Hello Verify Request", CERTAIN),
        16 => client!("DTLS Client Key Exchange", CLEAR),
        12 => server!("DTLS Server Key Exchange", CLEAR),
        14 => server!("DTLS Server Hello Done", CLEAR),
        _ => None,
    }
}

/// RFC 7296, section 3.1 (IKEv2), and RFC 2408, section 3.1 (ISAKMP). At port 4500, a marker of four zeros precedes the
/// header (RFC 3948, section 2.2). The initiator of the association is the client.
pub(super) const IKE: OfBytes = Recognizer::new(
    ike,
    Begins::ANY,
    Noise::HARDLY_EVER,
    &[
        (Client, "IKE initiator", b"initiate\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\x1c"),
        (Server, "IKE responder", b"\0\0\0\0initiateresponds\x2e\x20\x23\x20\0\0\0\x01\0\0\0\x1c"),
        (Client, "IKE initiator", b"initiate\0\0\0\0\0\0\0\0\x01\x10\x02\0\0\0\0\0\0\0\0\x1c"),
    ],
);

fn ike(message: &[u8]) -> Found {
    const FROM_INITIATOR: u8 = 8;
    const VERSION_AT: usize = 17;
    let message = message.strip_prefix(&[0; 4]).unwrap_or(message);
    // This test comes first, since it rejects most payloads.
    if !matches!(message.get(VERSION_AT), Some(0x10 | 0x20)) {
        return None;
    }
    let (spis, rest) = message.split_first_chunk::<16>()?;
    let [_, version, exchange, flags, ..] = *rest else { return None };
    if usize::try_from(u32_at(rest, 8)?).ok()? != message.len() || spis[..8] == [0; 8] {
        return None;
    }
    let is_first = spis[8..] == [0; 8];
    match (version, exchange) {
        (0x20, 34..=37) if flags & !0x38 == 0 && flags & FROM_INITIATOR != 0 => client!("IKE initiator", CLEAR),
        (0x20, 34..=37) if flags & !0x38 == 0 && !is_first => server!("IKE responder", CLEAR),
        (0x10, 2 | 4) if flags & !7 == 0 && is_first => client!("IKE initiator", CLEAR),
        _ => None,
    }
}

/// WireGuard's paper, section 5.4: a type in four bytes, and fixed lengths. Mostly the same end initiates each
/// handshake, but either may.
pub(super) const WIREGUARD: OfBytes = Recognizer::new(
    wireguard,
    Begins::first(&[1, 2]),
    Noise::HARDLY_EVER,
    &[
        (Client, "WireGuard initiation", &filled::<148>(b"\x01\0\0\0\x12", b"\x34")),
        (Server, "WireGuard response", &filled::<92>(b"\x02\0\0\0\x12", b"\x34")),
    ],
);

fn wireguard(message: &[u8]) -> Found {
    match (message.first_chunk()?, message.len()) {
        ([1, 0, 0, 0], 148) => client!("WireGuard initiation", LIKELY),
        ([2, 0, 0, 0], 92) => server!("WireGuard response", LIKELY),
        _ => None,
    }
}
