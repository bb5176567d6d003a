//! Text for C: NUL-terminated, free of control characters, kept in one buffer that is used again
//! for every packet.

use std::fmt::{self, Write};

/// Where a text starts in its [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRef(usize);

/// A growing buffer of NUL-terminated UTF-8 strings.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
}

impl Texts {
    /// Forgets all texts but keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds a text. A NUL inside would end it early for its C reader, so it is left out.
    pub fn add(&mut self, text: fmt::Arguments<'_>) -> TextRef {
        let start = self.bytes.len();
        // Writing to memory cannot fail.
        let _ = self.write_fmt(text);
        self.bytes.push(0);
        TextRef(start)
    }

    /// Adds bytes as they are, NULs left out: for text that must match what the host wrote.
    pub fn add_raw(&mut self, pieces: &[&[u8]]) -> TextRef {
        let start = self.bytes.len();
        for piece in pieces {
            self.bytes.extend(piece.iter().filter(|byte| **byte != 0));
        }
        self.bytes.push(0);
        TextRef(start)
    }

    /// The text without its terminator.
    pub fn get(&self, text: TextRef) -> &[u8] {
        let rest = &self.bytes[text.0..];
        let end = rest.iter().position(|byte| *byte == 0);
        &rest[..end.unwrap_or(rest.len())]
    }

    /// The text with its terminator, for C. It moves when the next one is added.
    pub fn as_ptr(&self, text: TextRef) -> *const u8 {
        self.bytes[text.0..].as_ptr()
    }
}

impl Write for Texts {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes.extend(text.bytes().filter(|byte| *byte != 0));
        Ok(())
    }
}

/// A name from outside (a services file, a DNS answer) made fit to show: control characters are
/// written as escapes (`\x1b`) and what is longer than [`Shown::MAX`] characters is cut.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a [u8]);

impl Shown<'_> {
    /// Longest name shown, in characters. A DNS name has at most 253 (RFC 1035, section 2.3.4).
    pub const MAX: usize = 253;
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
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

/// Control characters, and those that turn the direction of the text around them.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
    fn control_characters_are_escaped() {
        assert_eq!(Shown(b"a\x1b[31mb\x07").to_string(), "a\\x1b[31mb\\x07");
        assert_eq!(Shown("a\u{202e}b".as_bytes()).to_string(), "a\\x202eb");
        assert_eq!(Shown(b"caf\xc3\xa9 \xff").to_string(), "café \u{fffd}");
    }

    #[test]
    fn long_names_are_cut() {
        let shown = Shown(&[b'x'; 10_000]).to_string();
        assert_eq!(shown.chars().count(), Shown::MAX + 1);
        assert!(shown.ends_with('…'));
    }
}
