// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols over TCP that are recognized by fixed bytes and length fields.

use super::Speaker::{Client, Server};
use super::bytes::{ber, starts_with_any, u16_at, u32_at};
use super::{Begins, CERTAIN, CLEAR, Found, LIKELY, Noise, OfBytes, Recognizer, Sign, client, server};

/// RFC 8446, sections 4 and 5.1. Earlier versions have the same format.
pub(super) const TLS: OfBytes = Recognizer::new(
    tls,
    Begins::first(&[22]),
    Noise::HARDLY_EVER,
    &[
        (Client, "TLS Client Hello", b"\x16\x03\x01\x02\0\x01\0\x01\xfc"),
        (Server, "TLS Server Hello", b"\x16\x03\x03\0\x5a\x02\0\0\x56"),
        (Client, "TLS Client Key Exchange", b"\x16\x03\x03\0\x46\x10\0\0\x42"),
        (Server, "TLS New Session Ticket", b"\x16\x03\x03\0\xca\x04\0\0\xc6"),
        (Server, "TLS Server Key Exchange", b"\x16\x03\x03\x01\x2c\x0c\0\x01\x28"),
        (Server, "TLS Server Hello Done", b"\x16\x03\x03\0\x04\x0e\0\0\0"),
    ],
);

fn tls(payload: &[u8]) -> Found {
    const HANDSHAKE: u8 = 22;
    let [kind, 3, 0..=4, _, _, message, length, ..] = *payload else { return None };
    if kind != HANDSHAKE || length != 0 {
        return None;
    }
    match message {
        1 => client!("TLS Client Hello", CERTAIN),
        2 => server!("TLS Server Hello", CERTAIN),
        16 => client!("TLS Client Key Exchange", CLEAR),
        4 => server!("TLS New Session Ticket", CLEAR),
        12 => server!("TLS Server Key Exchange", CLEAR),
        14 => server!("TLS Server Hello Done", CLEAR),
        _ => None,
    }
}

/// RFC 6455, section 5.2. The client masks its frames, and the server must not.
pub(super) const WEBSOCKET: OfBytes = Recognizer::new(
    websocket,
    Begins::first(&[0x81, 0x82, 0x88, 0x89, 0x8a]),
    Noise(1_000),
    &[
        (Client, "masked WebSocket frame", b"\x81\x82\x01\x02\x03\x04\x69\x6b"),
        (Server, "unmasked WebSocket frame", b"\x81\x02hi"),
    ],
);

fn websocket(payload: &[u8]) -> Found {
    let [0x81 | 0x82 | 0x88 | 0x89 | 0x8a, second, ..] = *payload else { return None };
    let masked = second & 0x80 != 0;
    let (header, length) = match second & 0x7f {
        126 => (4, usize::from(u16_at(payload, 2)?)),
        127 => return None,
        length => (2, usize::from(length)),
    };
    if header + length + if masked { 4 } else { 0 } != payload.len() || length == 0 {
        return None;
    }
    if masked { client!("masked WebSocket frame", LIKELY) } else { server!("unmasked WebSocket frame", LIKELY) }
}

/// RFC 1002, section 4.3.
pub(super) const NETBIOS_SESSION: OfBytes = Recognizer::new(
    netbios_session,
    Begins::first(&[0x81, 0x82]),
    Noise::HARDLY_EVER,
    &[(Client, "NetBIOS session request", b"\x81\0\0\x44"), (Server, "NetBIOS session response", b"\x82\0\0\0")],
);

fn netbios_session(payload: &[u8]) -> Found {
    match payload {
        [0x81, 0, 0, 68, ..] => client!("NetBIOS session request", CLEAR),
        [0x82, 0, 0, 0] => server!("NetBIOS session response", CLEAR),
        _ => None,
    }
}

/// \[MS-CIFS\] 2.2.3.1 and \[MS-SMB2\] 2.2.1.
pub(super) const SMB: OfBytes = Recognizer::new(
    smb,
    Begins::fifth(&[0xff, 0xfe]),
    Noise::HARDLY_EVER,
    &[
        (Client, "SMB request", b"\0\0\0\x2f\xffSMB\x72\0\0\0\0\x18\x01\x28"),
        (Server, "SMB response", b"\0\0\0\x2f\xffSMB\x72\0\0\0\0\x98\x01\x28"),
        (Client, "SMB request", b"\0\0\0\x49\xfeSMB\x40\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0"),
        (Server, "SMB response", b"\0\0\0\x49\xfeSMB\x40\0\0\0\0\0\0\0\0\0\x01\0\x01\0\0\0"),
    ],
);

fn smb(payload: &[u8]) -> Found {
    let message = payload.get(4..)?;
    let is_response = if message.starts_with(b"\xffSMB") {
        message.get(9)? & 0x80 != 0
    } else if message.starts_with(b"\xfeSMB\x40\0") {
        message.get(16)? & 1 != 0
    } else {
        return None;
    };
    if is_response { server!("SMB response", CERTAIN) } else { client!("SMB request", CERTAIN) }
}

/// RFC 1006 and ISO 8073: connection request and confirm.
pub(super) const TPKT: OfBytes = Recognizer::new(
    tpkt,
    Begins::first(&[3]),
    Noise::HARDLY_EVER,
    &[
        (Client, "COTP connection request", b"\x03\0\0\x0b\x06\xe0\0\0\0\x01\0"),
        (Server, "COTP connection confirm", b"\x03\0\0\x0b\x06\xd0\0\x01\0\x02\0"),
    ],
);

fn tpkt(payload: &[u8]) -> Found {
    let [3, 0, _, _, _, kind, ..] = *payload else { return None };
    let length = usize::from(u16_at(payload, 2)?);
    match kind {
        0xe0 if length == payload.len() => client!("COTP connection request", CLEAR),
        0xd0 if length == payload.len() => server!("COTP connection confirm", CLEAR),
        _ => None,
    }
}

/// RFC 4511, sections 4.1.1 and 4.2 onwards.
pub(super) const LDAP: OfBytes = Recognizer::new(
    ldap,
    Begins::first(&[0x30]),
    Noise::HARDLY_EVER,
    &[
        (Client, "LDAP request", b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\0\x80\0"),
        (Server, "LDAP response", b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0"),
    ],
);

fn ldap(payload: &[u8]) -> Found {
    let (body, length) = ber(payload, 0x30)?;
    let (id, id_length) = ber(body, 0x02)?;
    if length < 5 || !(1..=4).contains(&id_length) {
        return None;
    }
    match *id.get(id_length)? {
        0x60 | 0x42 | 0x63 | 0x66 | 0x68 | 0x4a | 0x6c | 0x6e | 0x77 => client!("LDAP request", CLEAR),
        0x61 | 0x64 | 0x65 | 0x67 | 0x69 | 0x6b | 0x6d | 0x6f | 0x73 | 0x78 | 0x79 => server!("LDAP response", CLEAR),
        _ => None,
    }
}

/// MQTT 3.1.1, sections 2 and 3.
pub(super) const MQTT: OfBytes = Recognizer::new(
    mqtt,
    Begins::first(&[0x10, 0x20, 0xc0, 0xd0, 0x82, 0x90]),
    Noise::HARDLY_EVER,
    &[
        (Client, "MQTT Connect", b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0"),
        (Server, "MQTT Connect Ack", b"\x20\x02\0\0"),
        (Client, "MQTT Ping Request", b"\xc0\0"),
        (Server, "MQTT Ping Response", b"\xd0\0"),
        (Client, "MQTT Subscribe Request", b"\x82\x08\0\x01\0\x03a/b\0"),
        (Server, "MQTT Subscribe Ack", b"\x90\x03\0\x01\0"),
    ],
);

fn mqtt(payload: &[u8]) -> Found {
    let named = |name: &[u8]| payload[..payload.len().min(16)].windows(name.len()).any(|at| at == name);
    if payload.first() == Some(&0x10) && (named(b"\0\x04MQTT") || named(b"\0\x06MQIsdp")) {
        return client!("MQTT Connect", CERTAIN);
    }
    match *payload {
        [0x20, 2, 0 | 1, 0..=5] => server!("MQTT Connect Ack", CLEAR),
        [0xc0, 0] => client!("MQTT Ping Request", LIKELY),
        [0xd0, 0] => server!("MQTT Ping Response", LIKELY),
        [0x82, length, ..] if usize::from(length) + 2 == payload.len() && length > 5 => {
            client!("MQTT Subscribe Request", LIKELY)
        }
        [0x90, length, ..] if usize::from(length) + 2 == payload.len() && length >= 3 => {
            server!("MQTT Subscribe Ack", LIKELY)
        }
        _ => None,
    }
}

/// AMQP 0-9-1, section 4.2.2. The client begins with this header. A server sends it only to refuse the client's
/// version.
pub(super) const AMQP: OfBytes = Recognizer::new(
    amqp,
    Begins::first(b"A"),
    Noise::HARDLY_EVER,
    &[(Client, "AMQP protocol header", b"AMQP\0\0\x09\x01")],
);

fn amqp(payload: &[u8]) -> Found {
    if payload.starts_with(b"AMQP") && payload.len() == 8 {
        return client!("AMQP protocol header", LIKELY);
    }
    None
}

/// RFC 2637, section 2.
pub(super) const PPTP: OfBytes = Recognizer::new(
    pptp,
    Begins::fifth(&[0x1a]),
    Noise::HARDLY_EVER,
    &[
        (Client, "PPTP request", b"\0\x9c\0\x01\x1a\x2b\x3c\x4d\0\x01\0\0"),
        (Server, "PPTP reply", b"\0\x9c\0\x01\x1a\x2b\x3c\x4d\0\x02\0\0"),
    ],
);

fn pptp(payload: &[u8]) -> Found {
    if u16_at(payload, 2)? != 1 || u32_at(payload, 4)? != 0x1a2b_3c4d {
        return None;
    }
    match u16_at(payload, 8)? {
        1 | 3 | 7 | 12 => client!("PPTP request", CLEAR),
        2 | 4 | 8 | 13 => server!("PPTP reply", CLEAR),
        _ => None,
    }
}

/// X Window System Protocol, section 8: connection setup.
pub(super) const X11: OfBytes = Recognizer::new(
    x11,
    Begins::first(b"lB"),
    Noise::HARDLY_EVER,
    &[(Client, "X11 connection setup", b"l\0\x0b\0\0\0\0\0\0\0\0\0")],
);

fn x11(payload: &[u8]) -> Found {
    if starts_with_any(payload, &[b"l\0\x0b\0\0\0", b"B\0\0\x0b\0\0"]) {
        return client!("X11 connection setup", CLEAR);
    }
    None
}

/// RFC 1928, section 3, and SOCKS 4.
pub(super) const SOCKS: OfBytes = Recognizer::new(
    socks,
    Begins::first(&[4, 5]),
    Noise::HARDLY_EVER,
    &[
        (Client, "SOCKS greeting", b"\x05\x01\0"),
        (Server, "SOCKS method selection", b"\x05\0"),
        (Client, "SOCKS 4 request", b"\x04\x01\0\x50\xc0\0\x02\x01\0"),
    ],
);

fn socks(payload: &[u8]) -> Found {
    match *payload {
        [5, 0 | 2 | 0xff] => server!("SOCKS method selection", LIKELY),
        [5, count @ 1..=9, ..] if usize::from(count) + 2 == payload.len() => client!("SOCKS greeting", LIKELY),
        [4, 1 | 2, _, _, _, _, _, _, .., 0] => client!("SOCKS 4 request", LIKELY),
        _ => None,
    }
}

/// RFC 1282, section 2.
pub(super) const RLOGIN: OfBytes = Recognizer::new(
    rlogin,
    Begins::first(&[0]),
    Noise::HARDLY_EVER,
    &[(Client, "rlogin start", b"\0alice\0alice\0xterm/38400\0")],
);

fn rlogin(payload: &[u8]) -> Found {
    let rest = payload.strip_prefix(b"\0")?.strip_suffix(b"\0")?;
    let parts: Vec<_> = rest.split(|byte| *byte == 0).take(4).collect();
    let [user, remote, terminal] = parts[..] else { return None };
    let printable = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_graphic);
    if printable(user) && printable(remote) && terminal.contains(&b'/') {
        return client!("rlogin start", CERTAIN);
    }
    None
}

/// Git's pack protocol: a request of the `git://` transport.
pub(super) const GIT: OfBytes = Recognizer::new(
    git,
    Begins::fifth(b"g"),
    Noise::HARDLY_EVER,
    &[(Client, "Git request", b"0033git-upload-pack /project.git\0host=example.com\0")],
);

fn git(payload: &[u8]) -> Found {
    if starts_with_any(payload.get(4..)?, &[b"git-upload-pack ", b"git-receive-pack "]) {
        return client!("Git request", CERTAIN);
    }
    None
}
