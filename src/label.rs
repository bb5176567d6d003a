//! A conversation's label: `192.168.1.23:1140 → 198.51.100.10:80 (http)`.

use crate::text::Shown;
use std::fmt;

/// One end as the label shows it.
#[derive(Clone, Copy, Debug)]
pub struct LabelEnd<'a> {
    /// The address, or the host's name where the user has name resolution on.
    pub host: &'a [u8],
    /// The port.
    pub port: u16,
}

/// Client, server and service, the same for both directions.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// The end on the left.
    pub client: LabelEnd<'a>,
    /// The end on the right.
    pub server: LabelEnd<'a>,
    /// What is spoken, if that is known.
    pub service: Option<&'a [u8]>,
}

impl fmt::Display for LabelEnd<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only an IPv6 address has a colon (RFC 5952, section 6).
        if self.host.contains(&b':') {
            write!(out, "[{}]:{}", Shown(self.host), self.port)
        } else {
            write!(out, "{}:{}", Shown(self.host), self.port)
        }
    }
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} → {}", self.client, self.server)?;
        match self.service {
            Some(service) => write!(out, " ({})", Shown(service)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_as_designed() {
        let client = LabelEnd { host: b"192.168.1.23", port: 1140 };
        let server = LabelEnd { host: b"198.51.100.10", port: 80 };
        let label = Label { client, server, service: Some(b"http") };
        assert_eq!(label.to_string(), "192.168.1.23:1140 → 198.51.100.10:80 (http)");
        let client = LabelEnd { host: b"2001:db8::1", port: 1140 };
        let server = LabelEnd { host: b"www.example.com", port: 4433 };
        let label = Label { client, server, service: None };
        assert_eq!(label.to_string(), "[2001:db8::1]:1140 → www.example.com:4433");
    }
}
