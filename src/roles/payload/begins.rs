// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Finds the recognizers that are worth asking by two bytes of the payload: most payloads have no sign, and
//! asking all took longer than all else that is done for a packet.

use super::Recognizer;

/// A set of bytes.
#[derive(Clone, Copy)]
struct Bytes([u64; 4]);

impl Bytes {
    const ALL: Self = Self([u64::MAX; 4]);

    const fn of(bytes: &[u8]) -> Self {
        let mut set = [0; 4];
        let mut at = 0;
        while at < bytes.len() {
            set[bytes[at] as usize / 64] |= 1 << (bytes[at] % 64);
            at += 1;
        }
        Self(set)
    }

    const fn has(self, byte: u8) -> bool {
        self.0[byte as usize / 64] >> (byte % 64) & 1 != 0
    }
}

/// How every payload begins that a recognizer can know.
#[derive(Clone, Copy)]
pub(super) struct Begins {
    first: Bytes,
    /// `None`: it may be any, or be missing.
    fifth: Option<Bytes>,
}

impl Begins {
    /// In any way.
    pub(super) const ANY: Self = Self { first: Bytes::ALL, fifth: None };

    /// 0xc2 to 0xf4, of those from 0xc0 on.
    const LEADING: u64 = (1 << (0xf5 - 0xc0)) - (1 << 2);

    /// With a character of UTF-8 (RFC 3629, section 4).
    pub(super) const UTF8: Self = Self { first: Bytes([!0, !0, 0, Self::LEADING]), fifth: None };

    /// With a character that a line of text can begin with (see `bytes::line`).
    pub(super) const PRINTABLE: Self =
        Self { first: Bytes([!0 << 32 | 1 << b'\t', !(1 << (0x7f - 64)), 0, Self::LEADING]), fifth: None };

    /// With a capital letter.
    pub(super) const UPPERCASE: Self = Self::first(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// With a byte of which these bits have one of these values.
    pub(super) const fn masked(mask: u8, values: &[u8]) -> Self {
        let (wanted, mut set, mut byte) = (Bytes::of(values), [0; 4], 0);
        while byte < 256 {
            set[byte / 64] |= (wanted.has(byte as u8 & mask) as u64) << (byte % 64);
            byte += 1;
        }
        Self { first: Bytes(set), fifth: None }
    }

    /// With one of these bytes.
    pub(super) const fn first(bytes: &[u8]) -> Self {
        Self { first: Bytes::of(bytes), fifth: None }
    }

    /// It has a fifth byte, one of these.
    pub(super) const fn fifth(bytes: &[u8]) -> Self {
        Self::ANY.and_fifth(bytes)
    }

    /// The same, and it has a fifth byte, one of these.
    pub(super) const fn and_fifth(self, bytes: &[u8]) -> Self {
        Self { first: self.first, fifth: Some(Bytes::of(bytes)) }
    }
}

/// Recognizers in the order of trial, and for each byte those of them that a payload with it can please: bits, the
/// lowest for the first.
pub(super) struct ByBeginning<R, const COUNT: usize> {
    pub recognizers: [R; COUNT],
    first: [u32; 256],
    fifth: [u32; 256],
    short: u32,
}

impl<F: Copy, const COUNT: usize> ByBeginning<Recognizer<F>, COUNT> {
    /// At most as many as a mask has bits.
    pub(super) const fn new(recognizers: [Recognizer<F>; COUNT]) -> Self {
        assert!(COUNT <= u32::BITS as usize);
        let (mut first, mut fifth, mut short) = ([0; 256], [0; 256], 0);
        let mut at = 0;
        while at < COUNT {
            let begins = recognizers[at].begins;
            let mut byte = 0;
            while byte < 256 {
                let fits_fifth = match begins.fifth {
                    Some(bytes) => bytes.has(byte as u8),
                    None => true,
                };
                first[byte] |= (begins.first.has(byte as u8) as u32) << at;
                fifth[byte] |= (fits_fifth as u32) << at;
                byte += 1;
            }
            short |= (begins.fifth.is_none() as u32) << at;
            at += 1;
        }
        Self { recognizers, first, fifth, short }
    }

    /// The first answer of those that are worth asking. No recognizer knows a payload without bytes.
    #[inline(always)]
    pub(super) fn find<T>(&self, payload: &[u8], ask: impl Fn(&Recognizer<F>) -> Option<T>) -> Option<T> {
        let first = self.first[usize::from(*payload.first()?)];
        let mut left = first & payload.get(4).map_or(self.short, |fifth| self.fifth[usize::from(*fifth)]);
        while left != 0 {
            let recognizer = self.recognizers.get(left.trailing_zeros() as usize)?;
            let found = ask(recognizer);
            if found.is_some() {
                return found;
            }
            left &= left - 1;
        }
        None
    }
}
