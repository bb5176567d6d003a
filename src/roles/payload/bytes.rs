// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Functions that read numbers, lines and elements from bytes.

pub(super) fn starts_with_any(payload: &[u8], heads: &[&[u8]]) -> bool {
    heads.iter().any(|head| payload.starts_with(head))
}

/// Whether a byte occurs. The bytes are searched in blocks, since most payloads do not have the byte.
pub(super) fn has(bytes: &[u8], wanted: u8) -> bool {
    const BLOCK: usize = 32;
    let in_block = |block: &[u8]| block.iter().fold(false, |found, byte| found | (*byte == wanted));
    let blocks = bytes.chunks_exact(BLOCK);
    let rest = blocks.remainder();
    { blocks }.any(in_block) || rest.contains(&wanted)
}

pub(in crate::roles) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_le_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Returns the first line without its end, if it is printable text.
pub(super) fn line(payload: &[u8]) -> Option<&str> {
    const MAX_LENGTH: usize = 512;
    let text = &payload[..payload.len().min(MAX_LENGTH)];
    if text.first_chunk().is_some_and(is_no_text) {
        return None;
    }
    let end = first_control(text)?;
    if !starts_with_any(&text[end..], &[b"\n", b"\r\n"]) {
        return None;
    }
    let line = std::str::from_utf8(&text[..end]).ok()?;
    // A line of ASCII has no control characters, as `first_control` has shown.
    (line.is_ascii() || line.chars().all(|character| character == '\t' || !character.is_control())).then_some(line)
}

/// Whether the first control character in these bytes can neither be in a line nor end one. This is a fast test, which
/// most payloads that are not text do not pass.
fn is_no_text(first: &[u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 0xff;
    let bytes = u64::from_le_bytes(*first);
    // The lowest bit that is set belongs to the first byte below 0x20, if there is one.
    let below = bytes.wrapping_sub(ONES * 0x20) & !bytes & (ONES * 0x80);
    let at = (below.trailing_zeros() / 8) as usize;
    first.get(at).is_some_and(|byte| !matches!(byte, b'\t' | b'\n' | b'\r'))
}

/// Returns the index of the first control character other than a tab. Whole blocks are searched first, since most of a
/// long text has none.
fn first_control(text: &[u8]) -> Option<usize> {
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    let has_none = |block: &&[u8]| !block.iter().fold(false, |found, byte| found | is_control(byte));
    let mut passed = 0;
    for block in [32, 8] {
        passed += block * text[passed..].chunks_exact(block).take_while(has_none).count();
    }
    Some(passed + text[passed..].iter().position(is_control)?)
}

/// Returns the bytes from the contents of a BER element on, and the length of the contents, if `bytes` begin with an
/// element that has this tag (X.690, section 8.1).
pub(super) fn ber(bytes: &[u8], tag: u8) -> Option<(&[u8], usize)> {
    if *bytes.first()? != tag {
        return None;
    }
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some((bytes.get(2..)?, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    let digits = bytes.get(2..2 + count).filter(|digits| !digits.is_empty() && digits.len() <= 4)?;
    let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
    Some((&bytes[2 + count..], length))
}

/// Returns a message of `LENGTH` bytes for an example: `head`, zeros, and `tail`.
pub(super) const fn filled<const LENGTH: usize>(head: &[u8], tail: &[u8]) -> [u8; LENGTH] {
    let mut message = [0; LENGTH];
    let mut at = 0;
    while at < head.len() {
        message[at] = head[at];
        at += 1;
    }
    at = 0;
    while at < tail.len() {
        message[LENGTH - tail.len() + at] = tail[at];
        at += 1;
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_that_are_no_text_have_no_line(mut payload in prop::collection::vec(0u8..0x90, 8..20)) {
            payload.extend(b"\r\n");
            if payload.first_chunk().is_some_and(is_no_text) {
                let end = first_control(&payload).unwrap();
                prop_assert!(!starts_with_any(&payload[end..], &[b"\n", b"\r\n"]), "{payload:?}");
            }
            prop_assert!(!is_no_text(b"text\r\n\0\0") && is_no_text(b"text\0\r\n\t"));
        }
    }

    #[test]
    fn the_first_control_character_is_found_wherever_it_is() {
        for at in 0..100 {
            for (byte, found) in [(b'\n', Some(at)), (0, Some(at)), (0x7f, Some(at)), (b'\t', None), (0xe9, None)] {
                let mut text = [b'a'; 100];
                text[at] = byte;
                assert_eq!(first_control(&text), found, "{byte} at {at}");
            }
        }
    }
}
