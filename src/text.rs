// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Text for C: NUL-terminated, without control characters, in one buffer that is reused for every packet.

use std::fmt::{self, Write};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Where a text starts in its [`Texts`]. Stores the offset plus one, so that an `Option<TextRef>` takes no more room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRef(NonZeroU32);

impl TextRef {
    /// Creates a reference to the text that starts at `start`.
    ///
    /// Panics if `start` does not fit, since the reference would lead to another text. The texts of one packet are far
    /// shorter than that.
    fn to(start: usize) -> Self {
        let number = u32::try_from(start).ok().and_then(|start| NonZeroU32::MIN.checked_add(start));
        Self(number.expect("the texts of one packet do not fill 32 bits"))
    }

    fn start(self) -> usize {
        self.0.get() as usize - 1
    }

    /// Returns the number that C gets for the text: its offset in bytes, plus one.
    pub fn number(self) -> u32 {
        self.0.get()
    }

    /// Returns the text with this number, or `None` for 0.
    pub fn from_number(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// Returns the position `bytes` further on.
    pub fn and(self, bytes: usize) -> Self {
        Self::to(self.start() + bytes)
    }

    /// Returns how many bytes this position is behind another one.
    pub fn from(self, other: Self) -> usize {
        self.start() - other.start()
    }
}

/// A growing buffer of NUL-terminated UTF-8 strings.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
}

impl Texts {
    /// Removes all texts and keeps the allocated memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds a text. NULs inside it are left out, since they would end it early in C.
    pub fn add(&mut self, text: fmt::Arguments<'_>) -> TextRef {
        let start = self.bytes.len();
        // Writing to memory cannot fail.
        let _ = self.write_fmt(text);
        self.bytes.push(0);
        TextRef::to(start)
    }

    /// Adds bytes unescaped, without NULs: for text that must match what Wireshark wrote.
    pub fn add_raw(&mut self, pieces: &[&[u8]]) -> TextRef {
        let mut text = self.compose();
        for piece in pieces {
            text.bytes(piece);
        }
        text.finish()
    }

    /// Begins a text that is added piece by piece. This takes more code than [`Self::add`], but is faster.
    pub fn compose(&mut self) -> Composer<'_> {
        Composer { start: self.bytes.len(), texts: self }
    }

    /// Returns this text and all texts behind it, as bytes.
    pub fn since(&self, first: TextRef) -> &[u8] {
        &self.bytes[first.start()..]
    }

    /// Adds a copy of texts that [`Self::since`] returned.
    pub fn add_again(&mut self, texts: &[u8]) -> TextRef {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(texts);
        TextRef::to(start)
    }

    fn push(&mut self, piece: &[u8]) {
        if piece.contains(&0) {
            self.bytes.extend(piece.iter().filter(|byte| **byte != 0));
        } else {
            self.bytes.extend_from_slice(piece);
        }
    }

    /// Returns the text without its terminator.
    pub fn get(&self, text: TextRef) -> &[u8] {
        let rest = &self.bytes[text.start()..];
        let end = rest.iter().position(|byte| *byte == 0);
        &rest[..end.unwrap_or(rest.len())]
    }

    /// Returns a pointer to the first text, for C. It is valid until the next text is added.
    pub fn start(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    /// Returns a pointer to the NUL-terminated text, for C. It is valid until the next text is added.
    pub fn as_ptr(&self, text: TextRef) -> *const u8 {
        self.bytes[text.start()..].as_ptr()
    }
}

/// A text that is being added to its [`Texts`].
pub struct Composer<'a> {
    texts: &'a mut Texts,
    start: usize,
}

impl Composer<'_> {
    /// Appends bytes unescaped, without NULs.
    pub fn bytes(&mut self, piece: &[u8]) -> &mut Self {
        self.texts.push(piece);
        self
    }

    /// Appends a copy of another text.
    pub fn copy(&mut self, of: TextRef) -> &mut Self {
        let length = self.texts.get(of).len();
        self.texts.bytes.extend_from_within(of.start()..of.start() + length);
        self
    }

    /// Appends a number in decimal digits.
    pub fn number(&mut self, number: u16) -> &mut Self {
        let mut digits = [0; 5];
        let mut at = digits.len();
        let mut left = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                self.texts.bytes.extend_from_slice(&digits[at..]);
                return self;
            }
        }
    }

    /// Appends a name that the plugin did not choose itself, with its control characters escaped.
    pub fn shown(&mut self, name: Shown<'_>) -> &mut Self {
        match name.plain() {
            Some(plain) => self.texts.bytes.extend_from_slice(plain.as_bytes()),
            // Writing to memory cannot fail.
            None => drop(write!(self.texts, "{name}")),
        }
        self
    }

    /// Appends an IP address.
    pub fn address(&mut self, address: IpAddr) -> &mut Self {
        match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets().map(u16::from);
                self.number(a).bytes(b".").number(b).bytes(b".").number(c).bytes(b".").number(d)
            }
            IpAddr::V6(address) => {
                // Writing to memory cannot fail.
                let _ = write!(self.texts, "{address}");
                self
            }
        }
    }

    /// Terminates the text and returns where it is.
    pub fn finish(&mut self) -> TextRef {
        self.texts.bytes.push(0);
        TextRef::to(self.start)
    }
}

impl Write for Texts {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

/// A name from an untrusted source, such as a services file or a DNS answer. Its [`Display`](fmt::Display) form writes
/// control characters as escapes (`\x1b`) and cuts the name after [`Shown::MAX`] characters.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a [u8]);

impl Shown<'_> {
    /// The maximum length of a name, in characters. A DNS name has at most 253 (RFC 1035, section 2.3.4).
    pub const MAX: usize = 253;

    /// Returns the name if it can be shown as it is: short printable ASCII, as nearly all names are.
    fn plain(&self) -> Option<&str> {
        let is_plain = self.0.len() <= Self::MAX && self.0.iter().all(|byte| matches!(byte, b' '..=b'~'));
        std::str::from_utf8(self.0).ok().filter(|_| is_plain)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(plain) = self.plain() {
            return out.write_str(plain);
        }
        let mut left = Self::MAX;
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                if left == 0 {
                    return out.write_str("…");
                }
                left -= 1;
                if is_unfit(character) {
                    write!(out, "\\x{:02x}", u32::from(character))?;
                } else {
                    out.write_char(character)?;
                }
            }
            if !chunk.invalid().is_empty() {
                out.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

/// Whether a character is a control character, or is invisible and can change how the text around it looks: it reverses
/// the direction, breaks the line, has no width, or is a tag (Unicode, chapter 23: the category Cf, line separators and
/// other invisible characters).
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
            | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_terminated_and_kept_apart() {
        let mut texts = Texts::default();
        let one = texts.add(format_args!("one {}", 1));
        let two = texts.add(format_args!("t\0wo"));
        assert_eq!(texts.get(one), b"one 1");
        assert_eq!(texts.get(two), b"two");
    }

    #[test]
    #[should_panic(expected = "do not fill 32 bits")]
    fn a_text_that_does_not_fit_panics() {
        TextRef::to(u32::MAX as usize);
    }

    #[test]
    fn texts_are_composed_of_pieces() {
        let mut texts = Texts::default();
        let host = texts.compose().address([192, 0, 2, 10].into()).finish();
        let all = texts.compose().copy(host).bytes(b":\0").number(65535).shown(Shown(b" \x1b")).number(0).finish();
        assert_eq!((texts.get(host), texts.get(all)), (&b"192.0.2.10"[..], &b"192.0.2.10:65535 \\x1b0"[..]));
        let address = texts.compose().address(std::net::Ipv6Addr::LOCALHOST.into()).finish();
        assert_eq!(texts.get(address), b"::1");
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(Shown(b"a\x1b[31mb\x07").to_string(), "a\\x1b[31mb\\x07");
        assert_eq!(Shown("a\u{202e}b".as_bytes()).to_string(), "a\\x202eb");
        for unseen in ['\u{61c}', '\u{200b}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{2069}', '\u{feff}', '\u{e0041}'] {
            let name = format!("a{unseen}b");
            assert_eq!(Shown(name.as_bytes()).to_string(), format!("a\\x{:02x}b", u32::from(unseen)));
        }
        assert_eq!(Shown(b"caf\xc3\xa9 \xff").to_string(), "café \u{fffd}");
    }

    #[test]
    fn long_names_are_cut() {
        let shown = Shown(&[b'x'; 10_000]).to_string();
        assert_eq!(shown.chars().count(), Shown::MAX + 1);
        assert!(shown.ends_with('…'));
    }
}
