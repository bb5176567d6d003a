// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! SCTP's header and its chunks (RFC 9260, section 3). An INIT opens an association, and an INIT ACK answers it.

use crate::packet::{Flags, TcpFields};

/// The size of the common header, in bytes.
pub(super) const HEADER: usize = 12;

/// Types of chunks (RFC 9260, section 3.2; RFC 8260, section 2.1).
mod kind {
    pub(super) const DATA: u8 = 0;
    pub(super) const INIT: u8 = 1;
    pub(super) const INIT_ACK: u8 = 2;
    pub(super) const ABORT: u8 = 6;
    pub(super) const SHUTDOWN: u8 = 7;
    pub(super) const SHUTDOWN_ACK: u8 = 8;
    pub(super) const COOKIE_ECHO: u8 = 10;
    pub(super) const COOKIE_ACK: u8 = 11;
    pub(super) const SHUTDOWN_COMPLETE: u8 = 14;
    pub(super) const I_DATA: u8 = 64;
}

/// A chunk: its type, and the captured bytes behind its header.
#[derive(Clone, Copy)]
struct Chunk<'a> {
    kind: u8,
    value: &'a [u8],
}

/// Returns the first chunks of a packet, at most 16. A chunk that goes past the captured bytes is returned cut, as the
/// last one. A length smaller than a chunk's header ends the sequence.
fn chunks(packet: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    /// Packets that open or end an association have fewer chunks.
    const LOOKED_AT: usize = 16;
    const CHUNK_HEADER: usize = 4;
    let mut rest = packet.get(HEADER..).unwrap_or(&[]);
    let next = move || {
        let [kind, _, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let value = rest.get(CHUNK_HEADER..length.min(rest.len()))?;
        // A chunk's length does not include its padding.
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or(&[]);
        Some(Chunk { kind, value })
    };
    std::iter::from_fn(next).take(LOOKED_AT)
}

/// Translates a packet into TCP's terms. An INIT is a SYN whose sequence number is the INIT's tag. An INIT ACK is a
/// SYN-ACK: the tag in its common header is that of the INIT, so the tag plus one is the acknowledgment number
/// (RFC 9260, section 5.1). COOKIE ECHO and COOKIE ACK have flags of their own, an ABORT is an RST, and the SHUTDOWN
/// chunks are FINs. Returns `None` if a tag was not captured.
pub(super) fn fields(packet: &[u8]) -> Option<TcpFields> {
    let number = |bytes: &[u8], at: usize| bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes);
    let tag = number(packet, 4)?;
    let mut flags = Flags::ACK;
    for (index, chunk) in chunks(packet).enumerate() {
        match chunk.kind {
            // An INIT must be alone in its packet, with a verification tag of 0 (section 8.5.1). Chunks behind it are
            // ignored.
            kind::INIT if index == 0 && tag == 0 => {
                let sequence = number(chunk.value, 0)?;
                return Some(TcpFields { sequence, acknowledgment: 0, flags: Flags(Flags::SYN) });
            }
            kind::INIT_ACK if index == 0 => {
                let (sequence, flags) = (number(chunk.value, 0)?, Flags(Flags::SYN | Flags::ACK));
                return Some(TcpFields { sequence, acknowledgment: tag.wrapping_add(1), flags });
            }
            kind::COOKIE_ECHO => flags |= Flags::COOKIE_ECHO,
            kind::COOKIE_ACK => flags |= Flags::COOKIE_ACK,
            kind::ABORT => flags |= Flags::RST,
            kind::SHUTDOWN | kind::SHUTDOWN_ACK | kind::SHUTDOWN_COMPLETE => flags |= Flags::FIN,
            _ => {}
        }
    }
    Some(TcpFields { sequence: 0, acknowledgment: 0, flags: Flags(flags) })
}

/// Returns the user data of the first DATA or I-DATA chunk, or the parameters of an INIT or INIT ACK if that comes
/// first; empty if there is none.
pub(super) fn payload(packet: &[u8]) -> &[u8] {
    let begins_at = |chunk: Chunk<'_>| match chunk.kind {
        kind::DATA => Some(12),
        kind::I_DATA | kind::INIT | kind::INIT_ACK => Some(16),
        _ => None,
    };
    chunks(packet).find_map(|chunk| chunk.value.get(begins_at(chunk)?..)).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: u8, value: &[u8]) -> Vec<u8> {
        let mut chunk = [&[kind, 0], &(4 + value.len() as u16).to_be_bytes()[..], value].concat();
        chunk.resize(chunk.len().next_multiple_of(4), 0);
        chunk
    }

    fn packet(tag: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
        [&[0x0f, 0x17, 0, 80][..], &tag.to_be_bytes(), &[0; 4], &chunks.concat()].concat()
    }

    fn init(kind: u8, tag: u32) -> Vec<u8> {
        chunk(kind, &[&tag.to_be_bytes()[..], &[0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1]].concat())
    }

    fn data(payload: &[u8]) -> Vec<u8> {
        chunk(kind::DATA, &[&[0; 12], payload].concat())
    }

    #[test]
    fn an_init_ack_answers_the_init_with_its_tag() {
        let init_ack = fields(&packet(0x1111, &[init(kind::INIT_ACK, 0x2222)])).unwrap();
        let init = fields(&packet(0, &[init(kind::INIT, 0x1111)])).unwrap();
        assert!(init.flags.is_syn() && init_ack.flags.is_syn_ack());
        assert_eq!(init_ack.acknowledgment, init.sequence + 1);
    }

    #[test]
    fn an_init_with_a_tag_or_behind_another_chunk_opens_nothing() {
        let with_a_tag = packet(1, &[init(kind::INIT, 2)]);
        let behind_data = packet(0, &[data(b"x"), init(kind::INIT, 2)]);
        for packet in [with_a_tag, behind_data] {
            assert_eq!(fields(&packet).unwrap().flags, Flags(Flags::ACK));
        }
    }

    #[test]
    fn chunks_say_what_they_do_to_the_association() {
        let flags = |kind| fields(&packet(1, &[data(b"odd"), chunk(kind, b"")])).unwrap().flags.0;
        for (kind, expected) in [
            (kind::DATA, Flags::ACK),
            (kind::COOKIE_ECHO, Flags::ACK | Flags::COOKIE_ECHO),
            (kind::COOKIE_ACK, Flags::ACK | Flags::COOKIE_ACK),
            (kind::ABORT, Flags::ACK | Flags::RST),
            (kind::SHUTDOWN, Flags::ACK | Flags::FIN),
            (kind::SHUTDOWN_ACK, Flags::ACK | Flags::FIN),
            (kind::SHUTDOWN_COMPLETE, Flags::ACK | Flags::FIN),
        ] {
            assert_eq!(flags(kind), expected, "type {kind}");
        }
    }

    #[test]
    fn data_may_be_bundled() {
        assert_eq!(payload(&packet(1, &[chunk(kind::COOKIE_ACK, b""), data(b"one"), data(b"two")])), b"one");
        assert_eq!(payload(&packet(1, &[chunk(kind::I_DATA, &[&[0; 16], &b"one"[..]].concat())])), b"one");
        assert_eq!(payload(&packet(1, &[chunk(kind::COOKIE_ACK, b"")])), b"");
    }

    #[test]
    fn parameters_are_behind_the_fixed_part_of_an_init() {
        let with_one = |kind| chunk(kind, &[&[0; 16], &[0, 5, 0, 8, 192, 0, 2, 1][..]].concat());
        for kind in [kind::INIT, kind::INIT_ACK] {
            assert_eq!(payload(&packet(0, &[with_one(kind)])), [0, 5, 0, 8, 192, 0, 2, 1]);
            assert_eq!(payload(&packet(0, &[init(kind, 1)])), b"");
        }
    }

    #[test]
    fn a_bad_length_ends_the_chunks() {
        for length in 0..4 {
            let mut packet = packet(1, &[data(b"x"), chunk(kind::ABORT, b"")]);
            packet[HEADER + 3] = length;
            assert_eq!((payload(&packet), fields(&packet).unwrap().flags.0), (&b""[..], Flags::ACK), "length {length}");
        }
        let mut packet = packet(1, &[data(b"x"), chunk(kind::ABORT, b"")]);
        packet[HEADER + 2] = 0xff;
        assert_eq!(fields(&packet).unwrap().flags.0, Flags::ACK, "past the end");
    }

    #[test]
    fn what_was_cut_says_nothing() {
        let whole = packet(0, &[init(kind::INIT, 2)]);
        for length in 0..whole.len() {
            let found = fields(&whole[..length]).is_some_and(|fields| fields.flags.is_syn());
            assert_eq!(found, length >= HEADER + 8, "{length} bytes");
            payload(&whole[..length]);
        }
    }
}
