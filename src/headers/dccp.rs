// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The header of DCCP (RFC 4340, section 5). A Request opens a connection, and a Response answers it.

use crate::packet::{Flags, TcpFields};

/// Packet types (RFC 4340, section 5.1).
mod kind {
    pub(super) const REQUEST: u8 = 0;
    pub(super) const RESPONSE: u8 = 1;
    pub(super) const DATA: u8 = 2;
    pub(super) const DATA_ACK: u8 = 4;
    pub(super) const CLOSE_REQUEST: u8 = 5;
    pub(super) const CLOSE: u8 = 6;
    pub(super) const RESET: u8 = 7;
}

/// The size of the generic header with a long sequence number, in bytes. Requests and Responses always have one.
const LONG: usize = 16;
/// The size of the generic header with a short sequence number, in bytes.
const SHORT: usize = 12;

/// Returns the size of a packet's header in bytes, the packet type, and whether the sequence number is long. Returns
/// `None` if the header is cut off or malformed.
fn header(packet: &[u8]) -> Option<(usize, u8, bool)> {
    let [_, _, _, _, words, _, _, _, kind, ..] = *packet else { return None };
    let (size, is_long) = (usize::from(words) * 4, kind & 1 != 0);
    (size >= if is_long { LONG } else { SHORT }).then_some((size, kind >> 1 & 0xf, is_long))
}

/// Translates a packet into TCP's terms: a Request is a SYN, and a Response is a SYN-ACK.
///
/// Unlike a SYN, a retransmitted Request has the next sequence number (RFC 4340, section 8.1.1). So only the upper 32
/// of the 48 bits are used, which nearly always stay the same.
pub(super) fn fields(packet: &[u8]) -> Option<TcpFields> {
    let (_, kind, is_long) = header(packet)?;
    let upper = |at: usize| packet.get(at..)?.first_chunk().copied().map(u32::from_be_bytes);
    let flags = match kind {
        kind::REQUEST => Flags::SYN,
        kind::RESPONSE => Flags::SYN | Flags::ACK,
        kind::CLOSE_REQUEST | kind::CLOSE => Flags::FIN | Flags::ACK,
        kind::RESET => Flags::RST | Flags::ACK,
        _ => Flags::ACK,
    };
    let (sequence, acknowledged) = match kind {
        kind::REQUEST if is_long => (upper(10)?, 0),
        // DCCP acknowledges the Request's own number, TCP the next one.
        kind::RESPONSE if is_long => (upper(10)?, upper(18)?.wrapping_add(1)),
        kind::REQUEST | kind::RESPONSE => return None,
        _ => (0, 0),
    };
    Some(TcpFields { sequence, acknowledgment: acknowledged, flags: Flags(flags) })
}

/// Returns the application data. It is empty for packet types in which receivers ignore data (RFC 4340, section 5).
pub(super) fn payload(packet: &[u8]) -> &[u8] {
    match header(packet) {
        Some((size, kind::REQUEST | kind::RESPONSE | kind::DATA | kind::DATA_ACK, _)) => {
            packet.get(size..).unwrap_or(&[])
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet from 5000 to 5004 with a long sequence number.
    fn packet(kind: u8, sequence: u64, acknowledged: Option<u64>, data: &[u8]) -> Vec<u8> {
        let numbers = [Some(sequence), acknowledged].into_iter().flatten();
        let numbers: Vec<u8> = numbers.flat_map(|number| number.to_be_bytes()[2..].to_vec()).collect();
        let (first, second) = numbers.split_at(6);
        let acknowledged = if second.is_empty() { vec![] } else { [&[0, 0], second].concat() };
        let size = LONG + acknowledged.len();
        let start = [0x13, 0x88, 0x13, 0x8c, (size / 4) as u8, 0, 0, 0, kind << 1 | 1, 0];
        [&start, first, &acknowledged, data].concat()
    }

    #[test]
    fn a_response_answers_a_retransmitted_request() {
        const FIRST: u64 = 0x1234_5678_9abc;
        let request = fields(&packet(kind::REQUEST, FIRST, None, b"")).unwrap();
        let again = fields(&packet(kind::REQUEST, FIRST + 1, None, b"")).unwrap();
        let response = fields(&packet(kind::RESPONSE, 9, Some(FIRST + 1), b"")).unwrap();
        assert!(request.flags.is_syn() && response.flags.is_syn_ack());
        assert_eq!(request, again);
        assert_eq!(response.acknowledgment, request.sequence + 1);
    }

    #[test]
    fn packet_types_become_flags_of_tcp() {
        let flags = |kind| fields(&packet(kind, 1, Some(1), b"")).unwrap().flags.0;
        for (kind, expected) in [
            (kind::DATA, Flags::ACK),
            (kind::CLOSE_REQUEST, Flags::FIN | Flags::ACK),
            (kind::CLOSE, Flags::FIN | Flags::ACK),
            (kind::RESET, Flags::RST | Flags::ACK),
            // A reserved type.
            (15, Flags::ACK),
        ] {
            assert_eq!(flags(kind), expected, "type {kind}");
        }
    }

    #[test]
    fn data_follows_the_header() {
        assert_eq!(payload(&packet(kind::DATA_ACK, 1, Some(1), b"data")), b"data");
        assert_eq!(payload(&packet(kind::RESET, 1, Some(1), b"why")), b"");
    }

    #[test]
    fn malformed_headers_have_no_fields() {
        let whole = packet(kind::REQUEST, 1, None, b"data");
        for length in 0..LONG - 2 {
            assert_eq!(fields(&whole[..length]), None, "{length} bytes");
        }
        let with = |at: usize, byte: u8| {
            let mut changed = whole.clone();
            changed[at] = byte;
            changed
        };
        for changed in [with(4, 0), with(4, 3), with(8, kind::REQUEST << 1)] {
            assert_eq!(fields(&changed), None);
        }
        assert_eq!(payload(&with(4, 0)), b"");
        assert_eq!(payload(&with(4, 255)), b"");
    }
}
