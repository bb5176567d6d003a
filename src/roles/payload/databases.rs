// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Databases: MySQL, PostgreSQL, TDS (SQL Server), TNS (Oracle), MongoDB, Cassandra.

use super::Speaker::{Client, Server};
use super::bytes::{u16_at, u32_at, u32_le_at};
use super::{Begins, CERTAIN, CLEAR, Found, LIKELY, Noise, OfBytes, Recognizer, Sign, client, server};

/// MySQL's client/server protocol: each packet has a length (3 bytes), a sequence number, and a payload.
pub(super) const MYSQL: OfBytes = Recognizer::new(
    mysql,
    Begins::fifth(&[0x0a, 0x03, 0x01, 0x0e]),
    Noise::HARDLY_EVER,
    &[
        (Server, "MySQL greeting", b"\x08\0\0\0\x0a5.7.44\0"),
        (Client, "MySQL query", b"\x09\0\0\0\x03SELECT 1"),
        (Client, "MySQL command", b"\x01\0\0\0\x0e"),
    ],
);

fn mysql(payload: &[u8]) -> Found {
    let length = usize::try_from(u32_le_at(payload, 0)? & 0x00ff_ffff).ok()?;
    let (sequence, first) = (payload[3], *payload.get(4)?);
    if length == 0 || length + 4 != payload.len() || sequence != 0 {
        return None;
    }
    match first {
        0x0a if payload.get(5)?.is_ascii_digit() => server!("MySQL greeting", CERTAIN),
        0x03 if payload.get(5)?.is_ascii_graphic() => client!("MySQL query", CLEAR),
        0x01 | 0x0e if length == 1 => client!("MySQL command", LIKELY),
        _ => None,
    }
}

/// PostgreSQL's frontend/backend protocol, message formats. This is the only message without a type.
pub(super) const POSTGRESQL_STARTUP: OfBytes = Recognizer::new(
    postgresql_startup,
    Begins::fifth(&[0, 4]),
    Noise::HARDLY_EVER,
    &[(Client, "PostgreSQL startup", b"\0\0\0\x08\x04\xd2\x16\x2f")],
);

fn postgresql_startup(payload: &[u8]) -> Found {
    let whole = u32::try_from(payload.len()).ok()?;
    if u32_at(payload, 0)? == whole && matches!(u32_at(payload, 4)?, 0x0003_0000 | 80_877_102..=80_877_104) {
        return client!("PostgreSQL startup", CERTAIN);
    }
    None
}

/// PostgreSQL's frontend/backend protocol: messages with a type.
pub(super) const POSTGRESQL: OfBytes = Recognizer::new(
    postgresql,
    Begins::ANY,
    Noise::HARDLY_EVER,
    &[
        (Server, "PostgreSQL ready for query", b"Z\0\0\0\x05I"),
        (Client, "PostgreSQL query", b"Q\0\0\0\x0dSELECT 1\0"),
        (Client, "PostgreSQL parse", b"P\0\0\0\x10\0SELECT 1\0\0\0S\0\0\0\x04"),
        (Server, "PostgreSQL authentication", b"R\0\0\0\x08\0\0\0\0"),
    ],
);

fn postgresql(payload: &[u8]) -> Found {
    if let [.., b'Z', 0, 0, 0, 5, b'I' | b'T' | b'E'] = payload {
        return server!("PostgreSQL ready for query", CLEAR);
    }
    // The length of a message does not include its type.
    let (first, message) = payload.split_first()?;
    let length = u32_at(message, 0)?;
    match first {
        b'Q' if usize::try_from(length).ok()? == message.len() && message.ends_with(&[0]) => {
            client!("PostgreSQL query", CLEAR)
        }
        b'P' if payload.ends_with(b"S\0\0\0\x04") => client!("PostgreSQL parse", CLEAR),
        b'R' if (8..=64).contains(&length) && u32_at(message, 4)? <= 12 => server!("PostgreSQL authentication", LIKELY),
        _ => None,
    }
}

/// \[MS-TDS\] 2.2.3.1.
pub(super) const TDS: OfBytes = Recognizer::new(
    tds,
    Begins::first(&[1, 3, 4, 16, 18]),
    Noise::HARDLY_EVER,
    &[
        (Client, "TDS request", b"\x12\x01\0\x0c\0\0\x01\0\0\0\0\0"),
        (Server, "TDS response", b"\x04\x01\0\x0c\0\x33\x01\0\xfd\0\0\0"),
    ],
);

fn tds(payload: &[u8]) -> Found {
    let [kind, 0 | 1, _, _, _, _, _, 0, ..] = *payload else { return None };
    if usize::from(u16_at(payload, 2)?) != payload.len() {
        return None;
    }
    match kind {
        1 | 3 | 16 | 18 => client!("TDS request", LIKELY),
        4 => server!("TDS response", LIKELY),
        _ => None,
    }
}

/// Oracle Net (TNS): a header with length, checksum and type.
pub(super) const TNS: OfBytes = Recognizer::new(
    tns,
    Begins::fifth(&[1, 2, 5, 11]),
    Noise::HARDLY_EVER,
    &[
        (Client, "TNS connect", b"\0\x0c\0\0\x01\0\0\0\x01\x36\x01\x2c"),
        (Server, "TNS accept", b"\0\x0c\0\0\x02\0\0\0\x01\x36\0\0"),
    ],
);

fn tns(payload: &[u8]) -> Found {
    let [_, _, 0, 0, kind, _, 0, 0, ..] = *payload else { return None };
    if usize::from(u16_at(payload, 0)?) != payload.len() {
        return None;
    }
    match kind {
        1 => client!("TNS connect", CLEAR),
        2 | 5 | 11 => server!("TNS accept", LIKELY),
        _ => None,
    }
}

/// MongoDB's wire protocol: a header with length, request id, `responseTo` and opcode, all little-endian.
pub(super) const MONGODB: OfBytes = Recognizer::new(
    mongodb,
    Begins::ANY,
    Noise::HARDLY_EVER,
    &[
        (Client, "MongoDB request", b"\x1a\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\x05\0\0\0\0"),
        (Server, "MongoDB response", b"\x1a\0\0\0\x02\0\0\0\x01\0\0\0\xdd\x07\0\0\0\0\0\0\0\x05\0\0\0\0"),
    ],
);

fn mongodb(payload: &[u8]) -> Found {
    if usize::try_from(u32_le_at(payload, 0)?).ok()? != payload.len() {
        return None;
    }
    let (answers, opcode) = (u32_le_at(payload, 8)?, u32_le_at(payload, 12)?);
    match (answers, opcode) {
        (0, 2004 | 2010 | 2012 | 2013) => client!("MongoDB request", CLEAR),
        (1.., 1 | 2011 | 2012 | 2013) => server!("MongoDB response", CLEAR),
        _ => None,
    }
}

/// Cassandra's native protocol, section 2: a header with version, flags, stream, opcode and length.
pub(super) const CASSANDRA: OfBytes = Recognizer::new(
    cassandra,
    Begins::first(&[0x03, 0x04, 0x05, 0x83, 0x84, 0x85]),
    Noise::HARDLY_EVER,
    &[
        (Client, "Cassandra request", b"\x04\0\0\0\x05\0\0\0\0"),
        (Server, "Cassandra response", b"\x84\0\0\0\x02\0\0\0\0"),
    ],
);

fn cassandra(payload: &[u8]) -> Found {
    let [version, 0..=7, _, _, opcode, ..] = *payload else { return None };
    if usize::try_from(u32_at(payload, 5)?).ok()? + 9 != payload.len() || !(3..=5).contains(&(version & 0x7f)) {
        return None;
    }
    match (version & 0x80 != 0, opcode) {
        (false, 0x01 | 0x05 | 0x07 | 0x09 | 0x0a | 0x0b | 0x0d | 0x0f) => client!("Cassandra request", CLEAR),
        (true, 0x00 | 0x02 | 0x03 | 0x06 | 0x08 | 0x0c | 0x0e | 0x10) => server!("Cassandra response", CLEAR),
        _ => None,
    }
}
