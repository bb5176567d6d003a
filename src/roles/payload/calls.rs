// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols of telephony and of calls between browsers: STUN and SIP.

use super::Speaker::{Client, Server};
use super::bytes::{line, u16_at, u32_at};
use super::{Begins, Found, LIKELY, Noise, OfBytes, Recognizer, Sign, client, server};

/// RFC 8489, section 5. Recognized by the magic cookie and the class bits.
pub(super) const STUN: OfBytes = Recognizer::new(
    stun,
    Begins::fifth(&[0x21]),
    Noise::HARDLY_EVER,
    &[
        (Client, "STUN request", b"\0\x01\0\0\x21\x12\xa4\x42transaction."),
        (Server, "STUN response", b"\x01\x01\0\0\x21\x12\xa4\x42transaction."),
    ],
);

/// Whether peers that know each other's ports send such a message to each other, as ICE does to check connectivity (RFC
/// 8445, section 7.2).
pub fn is_sent_between_peers(sign: &Sign) -> bool {
    sign.what == "STUN request"
}

fn stun(message: &[u8]) -> Found {
    if u32_at(message, 4)? != 0x2112_a442 {
        return None;
    }
    match u16_at(message, 0)? & 0xc110 {
        0x0000 => client!("STUN request", LIKELY),
        0x0100 | 0x0110 => server!("STUN response", LIKELY),
        _ => None,
    }
}

/// RFC 3261, section 7. Either end may send a request, but mostly the client does.
pub(super) const SIP: OfBytes = Recognizer::new(
    sip,
    Begins::UPPERCASE,
    Noise::HARDLY_EVER,
    &[
        (Client, "SIP request", b"INVITE sip:bob@example.com SIP/2.0\r\n"),
        (Server, "SIP response", b"SIP/2.0 200 OK\r\n"),
    ],
);

// All registered methods are in capitals.
fn sip(message: &[u8]) -> Found {
    if !message.first()?.is_ascii_uppercase() {
        return None;
    }
    if message.starts_with(b"SIP/2.0 ") {
        return server!("SIP response", LIKELY);
    }
    if line(message)?.ends_with(" SIP/2.0") {
        return client!("SIP request", LIKELY);
    }
    None
}

/// Returns the port at which the client of a SIP message over UDP expects answers: that of the topmost Via, which
/// answers repeat (RFC 3261, sections 18.1.1, 18.2.2 and 20.42). If the client sends from the same port, its socket
/// listens.
pub fn sip_port(message: &[u8]) -> Option<u16> {
    const DEFAULT: u16 = 5060;
    const MAX_LENGTH: usize = 1024;
    const MAX_LINES: usize = 16;
    sip(message)?;
    let lines = message[..message.len().min(MAX_LENGTH)].split(|byte| *byte == b'\n').take(MAX_LINES);
    let by = lines.skip(1).find_map(|line| {
        let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        matches!(name.trim_end().to_ascii_lowercase().as_str(), "via" | "v").then_some(value)
    })?;
    // `SIP/2.0/UDP host:port;parameters`, where the host may be `[2001:db8::1]`.
    let sent_by = by.trim().strip_prefix("SIP/2.0/UDP")?.split([';', ',']).next()?.trim();
    let after_host = &sent_by[sent_by.rfind(']').map_or(0, |end| end + 1)..];
    after_host.split_once(':').map_or(Some(DEFAULT), |(_, port)| port.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topmost_via_names_the_port_of_a_sip_client() {
        for (lines, port) in [
            ("Via: SIP/2.0/UDP 192.0.2.1:5010;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP 192.0.2.2:5070", Some(5010)),
            ("From: <sip:a@b>;tag=1\r\nvia : SIP/2.0/UDP host.example.com : 4060 ;rport", Some(4060)),
            ("v:SIP/2.0/UDP [2001:db8::1]:5061, SIP/2.0/UDP [2001:db8::2]", Some(5061)),
            ("Via: SIP/2.0/UDP [2001:db8::1]", Some(5060)),
            ("Via: SIP/2.0/TCP 192.0.2.1:5010", None),
            ("Via: SIP/2.0/UDP 192.0.2.1:many", None),
            ("Max-Forwards: 70", None),
        ] {
            for start in ["OPTIONS sip:b SIP/2.0", "SIP/2.0 200 OK"] {
                assert_eq!(sip_port(format!("{start}\r\n{lines}\r\n\r\n").as_bytes()), port, "{lines}");
            }
            assert_eq!(sip_port(lines.as_bytes()), None, "not a SIP message");
        }
    }

    #[test]
    fn a_sign_tells_its_protocol() {
        let sign = sip(b"SIP/2.0 200 OK\r\n").unwrap();
        assert!(sign.is_of(b"sip"));
        assert!(!sign.is_of(b"si") && !sign.is_of(b"sip response") && !sign.is_of(b"radius") && !sign.is_of(b""));
    }
}
