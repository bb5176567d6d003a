//! A conversation's label, `192.168.1.23:1140 → 198.51.100.10:80 (http)`, and what else names its ends.

use crate::packet::End;
use crate::text::{Composer, Shown, TextRef, Texts};
use std::ops::Range;

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

/// Adds the server's end of a label, for tables and for filters: with its address, never a resolved name. A filter
/// that quotes the text finds it again, so a name that would need more than quotes is left out.
pub fn add_service(texts: &mut Texts, server: End, service: Option<&[u8]>) -> TextRef {
    let host = texts.compose().address(server.address()).finish();
    let in_brackets = texts.get(host).contains(&b':');
    let mut text = texts.compose();
    add_end(&mut text, LabelEnd { host, port: server.port }, in_brackets);
    if let Some(service) = service.filter(|name| is_quotable(name)) {
        text.bytes(b" (").shown(Shown(service)).bytes(b")");
    }
    text.finish()
}

/// Adds a port as the host writes it in the tree: `1140`, `http (80)`.
pub fn add_port(texts: &mut Texts, port: u16, name: Option<&[u8]>) -> TextRef {
    let mut text = texts.compose();
    match name {
        Some(name) => text.shown(Shown(name)).bytes(b" (").number(port).bytes(b")"),
        None => text.number(port),
    };
    text.finish()
}

fn is_quotable(name: &[u8]) -> bool {
    name.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(byte))
}

fn add_end(text: &mut Composer<'_>, end: LabelEnd, in_brackets: bool) {
    if in_brackets {
        text.bytes(b"[").copy(end.host).bytes(b"]:").number(end.port);
    } else {
        text.copy(end.host).bytes(b":").number(end.port);
    }
}

/// A port in the Info column.
pub struct InfoPort<'a> {
    /// The port.
    pub port: u16,
    /// Its name; `None`: it has none.
    pub name: Option<&'a [u8]>,
    /// Whether the name is wrong.
    pub is_wrong: bool,
}

/// Two ports as the host has them in the Info column, and the same without the names that are wrong:
/// `http(80) → autonoc(1140)`, `http(80) → 1140`.
pub fn add_info_ports(texts: &mut Texts, source: &InfoPort<'_>, destination: &InfoPort<'_>) -> (TextRef, TextRef) {
    let mut text = texts.compose();
    // Where a port's text is, and where its digits are.
    let add = |text: &mut Composer<'_>, port: &InfoPort<'_>| {
        let start = text.here();
        let Some(name) = port.name else {
            text.number(port.port);
            return (start..text.here(), start..text.here());
        };
        text.bytes(name).words("(");
        let digits = text.here();
        text.number(port.port);
        let end = text.here();
        text.words(")");
        (start..text.here(), digits..end)
    };
    let source_at = add(&mut text, source);
    text.words(ARROW);
    let destination_at = add(&mut text, destination);
    let before = text.finish();
    let right = |port: &InfoPort<'_>, (whole, digits): (Range<usize>, Range<usize>)| {
        if port.is_wrong {
            digits
        } else {
            whole
        }
    };
    let (source, destination) = (right(source, source_at), right(destination, destination_at));
    let mut text = texts.compose();
    text.again(source.start, source.end).words(ARROW).again(destination.start, destination.end);
    (before, text.finish())
}

const ARROW: &str = " → ";

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

    fn service(server: &str, name: Option<&[u8]>) -> String {
        let server: std::net::SocketAddr = server.parse().unwrap();
        let mut texts = Texts::default();
        let service = add_service(&mut texts, End::new(server.ip(), server.port()), name);
        String::from_utf8(texts.get(service).to_vec()).unwrap()
    }

    #[test]
    fn services_read_as_in_the_label() {
        assert_eq!(service("198.51.100.10:80", Some(b"http")), "198.51.100.10:80 (http)");
        assert_eq!(service("[2001:db8::1]:4433", None), "[2001:db8::1]:4433");
    }

    #[test]
    fn a_filter_finds_every_service_again() {
        for name in [&b"a\"b"[..], b"a\\b", b"a\x1bb", b"\xff"] {
            assert_eq!(service("198.51.100.10:80", Some(name)), "198.51.100.10:80");
        }
    }

    #[test]
    fn ports_read_as_in_the_tree() {
        let mut texts = Texts::default();
        let (named, bare) = (add_port(&mut texts, 80, Some(b"http")), add_port(&mut texts, 1140, None));
        assert_eq!((texts.get(named), texts.get(bare)), (&b"http (80)"[..], &b"1140"[..]));
    }

    #[test]
    fn wrong_names_are_left_out_of_the_info_column() {
        let port = |port, name: &'static str, is_wrong| InfoPort { port, name: Some(name.as_bytes()), is_wrong };
        let plain = InfoPort { port: 49_200, name: None, is_wrong: false };
        let (http, autonoc) = (port(80, "http", false), port(1140, "autonoc", true));
        for (source, destination, before, after) in [
            (&autonoc, &http, "autonoc(1140) → http(80)", "1140 → http(80)"),
            (&http, &autonoc, "http(80) → autonoc(1140)", "http(80) → 1140"),
            (&autonoc, &autonoc, "autonoc(1140) → autonoc(1140)", "1140 → 1140"),
            (&plain, &autonoc, "49200 → autonoc(1140)", "49200 → 1140"),
        ] {
            let mut texts = Texts::default();
            let (wrong, right) = add_info_ports(&mut texts, source, destination);
            assert_eq!((texts.get(wrong), texts.get(right)), (before.as_bytes(), after.as_bytes()));
        }
    }
}
