// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Tests whether datagrams have the format of the protocol that a port is registered for, in either direction. If they
//! have, the port is likely the service's. If not, its number says no more than any other number nearby.

use super::payload::bytes::u16_at;
use crate::packet::Side;

/// Whether a conversation's payloads have the format of the protocols that its ports are registered for: two bits for
/// each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms(u8);

impl Forms {
    const MATCHES: u8 = 1;
    const DIFFERS: u8 = 4;

    /// Returns the result with one more payload taken into account. `ports` has the low end's port first.
    #[inline]
    pub fn with(self, ports: [u16; 2], payload: &[u8]) -> Self {
        let mut forms = self;
        for (side, port) in ports.into_iter().enumerate() {
            if let Some(form) = form_of(port) {
                match (form.matches)(payload) {
                    Some(true) => forms.0 |= Self::MATCHES << side,
                    Some(false) => forms.0 |= Self::DIFFERS << side,
                    None => {}
                }
            }
        }
        forms
    }

    fn of(self, side: Side) -> (bool, bool) {
        let has = |bit: u8| self.0 & bit << side as u8 != 0;
        (has(Self::MATCHES), has(Self::DIFFERS))
    }

    /// Whether all payloads have the format of the protocol of this side's port.
    pub fn all_match(self, side: Side) -> bool {
        self.of(side) == (true, false)
    }

    /// Whether no payload has the format of the protocol of this side's port.
    pub fn none_matches(self, side: Side) -> bool {
        self.of(side) == (false, true)
    }
}

/// The format that all messages of a protocol share.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The protocol.
    pub(super) what: &'static str,
    /// Returns whether a payload is such a message, or `None` if the payload should not count, such as a keep-alive.
    matches: fn(&[u8]) -> Option<bool>,
}

/// Returns the format for a port, if its protocol can be recognized by the first bytes and the length of a message.
///
/// The list has well-known ports above the system ports, and system ports of the same protocols.
pub(super) fn form_of(port: u16) -> Option<Form> {
    let form = |what, matches| Some(Form { what, matches });
    match port {
        1701 => form("L2TP", |message| Some(is_l2tp(message))),
        1812 | 1813 => form("RADIUS", |message| Some(is_radius(message))),
        111 | 2049 => form("ONC RPC", |message| Some(is_rpc(message))),
        2123 | 2152 => form("GTP", |message| Some(is_gtp(message))),
        3478 => form("STUN", |message| Some(is_stun(message))),
        3784 => form("BFD", |message| Some(is_bfd(message))),
        4789 => form("VXLAN", |message| Some(matches!(message, [0x08, 0, 0, 0, _, _, _, 0, _, ..]))),
        // SIP's clients may use this port as well, so a SIP message does not show the server.
        5060 => form("SIP", |message| is_text(message).filter(|is_text| !is_text)),
        53 | 5353 | 5355 => form("DNS", |message| Some(is_dns(message))),
        6081 => form("Geneve", |message| Some(is_geneve(message))),
        6343 => form("sFlow", |message| Some(matches!(message, [0, 0, 0, 2 | 4 | 5, 0, 0, 0, 1 | 2, ..]))),
        20000 => form("DNP3", |message| Some(message.starts_with(&[0x05, 0x64]))),
        44818 => form("EtherNet/IP", |message| Some(is_ethernet_ip(message))),
        47808 => form("BACnet/IP", |message| Some(message.first() == Some(&0x81) && has_length(message, 0))),
        51820 => form("WireGuard", |message| Some(is_wireguard(message))),
        _ => None,
    }
}

/// Returns the length of a message by its third and fourth bytes. `more` is the number of bytes that the length field
/// does not count.
fn length(message: &[u8], more: usize) -> Option<usize> {
    Some(usize::from(u16_at(message, 2)?) + more)
}

/// Whether a message has exactly the length that [`length`] returns.
fn has_length(message: &[u8], more: usize) -> bool {
    length(message, more) == Some(message.len())
}

/// RFC 2661, section 3.1, and RFC 3931, section 4.1. Checks the reserved bits and the version, 2 or 3.
fn is_l2tp(message: &[u8]) -> bool {
    matches!(message, [flags, 2 | 3, _, _, _, _, ..] if flags & 0x34 == 0)
}

/// RFC 2865, section 3, RFC 2866, section 3, and RFC 5176. Checks the code and the length.
fn is_radius(message: &[u8]) -> bool {
    message.len() >= 20 && matches!(message[0], 1..=5 | 11..=13 | 40..=45) && has_length(message, 0)
}

/// RFC 5531, section 9. Checks for a call of version 2, or a reply that is accepted or denied.
fn is_rpc(message: &[u8]) -> bool {
    matches!(message, [_, _, _, _, 0, 0, 0, 0, 0, 0, 0, 2, ..] | [_, _, _, _, 0, 0, 0, 1, 0, 0, 0, 0 | 1, ..])
}

/// Version 1: 3GPP TS 29.060, section 6, and TS 29.281, section 5.1. Version 2: TS 29.274, section 5.1. Checks the
/// version and the length.
fn is_gtp(message: &[u8]) -> bool {
    match message.first() {
        Some(0x30..=0x37) => has_length(message, 8),
        // Another message may follow.
        Some(0x40..=0x5f) => length(message, 4).is_some_and(|length| length <= message.len()),
        _ => false,
    }
}

/// RFC 8489, section 5, and ChannelData of RFC 8656, section 12.4. Checks the type and the length. The magic cookie is
/// not checked, since RFC 3489 had none.
fn is_stun(message: &[u8]) -> bool {
    match message {
        [0..=3, _, _, length, ..] => length % 4 == 0 && has_length(message, 20),
        // Its data may be padded by up to three bytes.
        [0x40..=0x4f, ..] => (4..8).any(|more| has_length(message, more)),
        _ => false,
    }
}

/// RFC 5880, section 4.1. Checks the version, 1, and the length.
fn is_bfd(message: &[u8]) -> bool {
    matches!(message, [0x20..=0x3f, _, 1..=255, length, ..] if *length >= 24 && usize::from(*length) == message.len())
}

/// RFC 3261, section 7. Checks for text. Returns `None` for short payloads, which are keep-alives (RFC 5626, section
/// 3.5.1, and others).
fn is_text(message: &[u8]) -> Option<bool> {
    let head = message.first_chunk::<16>()?;
    Some(head.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t')))
}

/// RFC 6762, section 18, and RFC 4795, section 2.1.1. Checks for an operation code of 0 and few records.
fn is_dns(message: &[u8]) -> bool {
    matches!(message, [_, _, flags, _, 0, _, 0, _, 0, _, 0, _, ..] if flags & 0x78 == 0)
}

/// RFC 8926, section 3.4. Checks for version 0 and the reserved bits.
fn is_geneve(message: &[u8]) -> bool {
    matches!(message, [0..=0x3f, flags, _, _, _, _, _, 0, _, ..] if flags & 0x3f == 0)
}

/// The CIP Networks Library, volume 2, section 2-3. Checks the command, and the length of the data, which is
/// little-endian.
fn is_ethernet_ip(message: &[u8]) -> bool {
    const HEADER: usize = 24;
    match message {
        [0 | 1 | 4 | 0x63..=0x66 | 0x6f | 0x70 | 0x72 | 0x73, 0, low, high, ..] => {
            usize::from(u16::from_le_bytes([*low, *high])) + HEADER == message.len()
        }
        _ => false,
    }
}

/// WireGuard's paper, section 5.4. Checks the type in four bytes, and the length: a fixed one, or for data a multiple
/// of 16.
fn is_wireguard(message: &[u8]) -> bool {
    match (message, message.len()) {
        ([1, 0, 0, 0, ..], 148) | ([2, 0, 0, 0, ..], 92) | ([3, 0, 0, 0, ..], 64) => true,
        ([4, 0, 0, 0, ..], length) => length >= 32 && length % 16 == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::seed::Keyed;
    use std::hash::BuildHasher;

    fn fits(port: u16, message: &[u8]) -> Option<bool> {
        (form_of(port).expect("a port with a known form").matches)(message)
    }

    #[test]
    fn messages_have_the_form_of_their_port() {
        let filled = |head: &[u8], length: usize| {
            let mut message = head.to_vec();
            message.resize(length, 0xa5);
            message
        };
        for (port, message) in [
            (1701, filled(b"\xc8\x02\0\x0c", 12)),
            (1812, filled(b"\x01\x07\0\x2a", 42)),
            (2049, filled(b"\x12\x34\x56\x78\0\0\0\0\0\0\0\x02", 60)),
            (2049, filled(b"\x12\x34\x56\x78\0\0\0\x01\0\0\0\0", 60)),
            (2123, filled(b"\x48\x20\0\x1c", 32)),
            (2152, filled(b"\x30\xff\0\x54", 92)),
            (3478, filled(b"\0\x01\0\x08\x21\x12\xa4\x42", 28)),
            (3478, filled(b"\x40\0\0\x0d", 20)),
            (3784, filled(b"\x20\xc0\x03\x18", 24)),
            (4789, filled(b"\x08\0\0\0\0\0\x2a\0", 60)),
            (5353, filled(b"\0\0\x84\0\0\0\0\x01\0\0\0\x03", 80)),
            (6081, filled(b"\0\0\x65\x58\0\0\x2a\0", 60)),
            (6343, filled(b"\0\0\0\x05\0\0\0\x01", 120)),
            (20000, filled(b"\x05\x64\x05\xc0", 10)),
            (44818, filled(b"\x63\0\x02\0", 26)),
            (47808, filled(b"\x81\x0b\0\x0c", 12)),
            (51820, filled(b"\x04\0\0\0", 96)),
            (51820, filled(b"\x03\0\0\0", 64)),
        ] {
            assert_eq!(fits(port, &message), Some(true), "{port} {message:?}");
            assert_eq!(fits(port, b"\xee\xee\xee\xee of something else"), Some(false), "{port}");
        }
        assert_eq!(fits(5060, b"\r\n\r\n"), None, "keeps a path open");
        assert_eq!(fits(5060, b"OPTIONS sip:a@b SIP/2.0\r\n"), None, "from either end");
        assert_eq!(fits(5060, &[0x80; 172]), Some(false), "RTP");
    }

    #[test]
    fn random_bytes_seldom_have_the_form() {
        const MESSAGES: u64 = 20_000;
        let hasher = Keyed::default();
        for port in (0..=u16::MAX).filter(|port| form_of(*port).is_some()) {
            // Typical lengths of VoIP, games and tunnels, and of full packets.
            for length in [32, 60, 92, 172, 1200] {
                let random = |number: u64| -> Vec<u8> {
                    let block = |at: u64| hasher.hash_one((number, at)).to_le_bytes();
                    (0..4).flat_map(block).chain(std::iter::repeat(0xa5)).take(length).collect()
                };
                let fitting = (0..MESSAGES).filter(|number| fits(port, &random(*number)) == Some(true)).count();
                assert!(fitting < MESSAGES as usize / 100, "{port}: {fitting} of {MESSAGES} of {length} bytes");
            }
        }
    }
}
