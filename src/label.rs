//! A conversation's label: `192.168.1.23:1140 → 198.51.100.10:80 (http)`.

use crate::text::{Composer, Shown, TextRef, Texts};

/// One end as the label shows it.
#[derive(Clone, Copy, Debug)]
pub struct LabelEnd {
    /// The address, or the host's name where the user has name resolution on.
    pub host: TextRef,
    /// The port.
    pub port: u16,
}

/// Adds the label, the same for both directions: client, server, and what is spoken if that is known.
pub fn add(texts: &mut Texts, client: LabelEnd, server: LabelEnd, service: Option<&[u8]>) -> TextRef {
    // Only an IPv6 address has a colon (RFC 5952, section 6).
    let in_brackets = [client, server].map(|end| texts.get(end.host).contains(&b':'));
    let mut text = texts.compose();
    add_end(&mut text, client, in_brackets[0]);
    text.bytes(" → ".as_bytes());
    add_end(&mut text, server, in_brackets[1]);
    if let Some(service) = service {
        text.bytes(b" (").shown(Shown(service)).bytes(b")");
    }
    text.finish()
}

fn add_end(text: &mut Composer<'_>, end: LabelEnd, in_brackets: bool) {
    if in_brackets {
        text.bytes(b"[").copy(end.host).bytes(b"]:").number(end.port);
    } else {
        text.copy(end.host).bytes(b":").number(end.port);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(client: (&str, u16), server: (&str, u16), service: Option<&[u8]>) -> String {
        let mut texts = Texts::default();
        let [client, server] = [client, server]
            .map(|(host, port)| LabelEnd { host: texts.compose().shown(Shown(host.as_bytes())).finish(), port });
        let label = add(&mut texts, client, server, service);
        String::from_utf8(texts.get(label).to_vec()).unwrap()
    }

    #[test]
    fn labels_read_as_designed() {
        assert_eq!(
            label(("192.168.1.23", 1140), ("198.51.100.10", 80), Some(b"http")),
            "192.168.1.23:1140 → 198.51.100.10:80 (http)"
        );
        assert_eq!(
            label(("2001:db8::1", 1140), ("www.example.com", 4433), None),
            "[2001:db8::1]:1140 → www.example.com:4433"
        );
    }
}
