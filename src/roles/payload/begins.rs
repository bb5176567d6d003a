// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Selects the recognizers that may accept a payload by two of its bytes. Most payloads have no sign, and to call all
//! recognizers took longer than everything else that is done for a packet.

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

/// The first and fifth bytes that a payload must have for a recognizer to accept it.
#[derive(Clone, Copy)]
pub(super) struct Begins {
    first: Bytes,
    /// `None` if the fifth byte can be any, or missing.
    fifth: Option<Bytes>,
}

impl Begins {
    /// The payload can begin with any bytes.
    pub(super) const ANY: Self = Self { first: Bytes::ALL, fifth: None };

    /// The bytes 0xc2 to 0xf4, with which characters of UTF-8 beyond ASCII begin: the last word of [`Bytes`].
    const LEADING: u64 = (1 << (0xf5 - 0xc0)) - (1 << 2);

    /// The payload begins with a character of UTF-8 (RFC 3629, section 4).
    pub(super) const UTF8: Self = Self { first: Bytes([!0, !0, 0, Self::LEADING]), fifth: None };

    /// The payload begins with a character that a line of text can begin with (see `bytes::line`).
    pub(super) const PRINTABLE: Self =
        Self { first: Bytes([!0 << 32 | 1 << b'\t', !(1 << (0x7f - 64)), 0, Self::LEADING]), fifth: None };

    /// The payload begins with a capital letter.
    pub(super) const UPPERCASE: Self = Self::first(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// The first byte, masked by `mask`, is one of `values`.
    pub(super) const fn masked(mask: u8, values: &[u8]) -> Self {
        let (wanted, mut set, mut byte) = (Bytes::of(values), [0; 4], 0);
        while byte < 256 {
            set[byte / 64] |= (wanted.has(byte as u8 & mask) as u64) << (byte % 64);
            byte += 1;
        }
        Self { first: Bytes(set), fifth: None }
    }

    /// The first byte is one of `bytes`.
    pub(super) const fn first(bytes: &[u8]) -> Self {
        Self { first: Bytes::of(bytes), fifth: None }
    }

    /// There is a fifth byte, and it is one of `bytes`.
    pub(super) const fn fifth(bytes: &[u8]) -> Self {
        Self::ANY.and_fifth(bytes)
    }

    /// Like `self`, and there is a fifth byte, and it is one of `bytes`.
    pub(super) const fn and_fifth(self, bytes: &[u8]) -> Self {
        Self { first: self.first, fifth: Some(Bytes::of(bytes)) }
    }
}

/// Recognizers in the order in which they are tried, and for each value of the first and fifth byte a mask of those
/// that may accept the payload. The lowest bit is the first recognizer's.
pub(super) struct ByBeginning<R, const COUNT: usize> {
    pub recognizers: [R; COUNT],
    first: [u32; 256],
    fifth: [u32; 256],
    /// The mask for payloads without a fifth byte.
    short: u32,
}

impl<F: Copy, const COUNT: usize> ByBeginning<Recognizer<F>, COUNT> {
    /// Creates the masks. There can be at most as many recognizers as a mask has bits.
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

    /// Calls `ask` for each recognizer that may accept the payload, and returns the first result. No recognizer accepts
    /// an empty payload.
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
