// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A conversation's label, `192.168.1.23:1140 → 198.51.100.10:80 (http)`, and what else names its ends.

use crate::packet::{End, Transport};
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

/// Adds two ports as the host has them in the Info column, each with its name if it has one: `http(80) → 1140`.
pub fn add_info(texts: &mut Texts, ports: [(u16, Option<&[u8]>); 2]) -> TextRef {
    let mut text = texts.compose();
    for (number, (port, name)) in ports.into_iter().enumerate() {
        if number > 0 {
            text.bytes(" → ".as_bytes());
        }
        match name {
            Some(name) => text.bytes(name).bytes(b"(").number(port).bytes(b")"),
            None => text.number(port),
        };
    }
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
#[derive(Clone, Copy)]
pub struct InfoPort {
    /// The port.
    pub port: u16,
    /// Whether its name is wrong.
    pub is_wrong: bool,
}

/// Two ports as the host has them in the Info column, and the same without the names that are wrong:
/// `http(80) → autonoc(1140)`, `http(80) → 1140`. The latest are cached.
#[derive(Default)]
pub struct InfoPorts {
    /// Made with the first.
    cache: Vec<CachedTexts>,
}

/// Two texts, one after the other.
#[derive(Clone, Default)]
struct CachedTexts {
    /// 0, or what they are of.
    of: u64,
    second_at: usize,
    texts: Vec<u8>,
}

impl InfoPorts {
    const MOST: usize = 1024;

    /// Adds both. A port's `name` stays the same.
    pub fn add<'a>(
        &mut self,
        texts: &mut Texts,
        transport: Transport,
        [source, destination]: [InfoPort; 2],
        name: impl Fn(u16) -> Option<&'a [u8]>,
    ) -> (TextRef, TextRef) {
        let ports = u64::from(source.port) << 16 | u64::from(destination.port);
        let wrong = u64::from(source.is_wrong) << 1 | u64::from(destination.is_wrong);
        let of = 1 << 63 | (transport as u64) << 34 | wrong << 32 | ports;
        if self.cache.is_empty() {
            self.cache = vec![CachedTexts::default(); Self::MOST];
        }
        let at = usize::from(source.port ^ destination.port.rotate_left(5)) % Self::MOST;
        let cached = &mut self.cache[at];
        if cached.of == of {
            let first = texts.add_again(&cached.texts);
            return (first, first.and(cached.second_at));
        }
        let (first, second) = add_info_ports(texts, [source, destination], name);
        cached.texts.clear();
        cached.texts.extend_from_slice(texts.since(first));
        (cached.of, cached.second_at) = (of, second.from(first));
        (first, second)
    }
}

fn add_info_ports<'a>(
    texts: &mut Texts,
    ports: [InfoPort; 2],
    name: impl Fn(u16) -> Option<&'a [u8]>,
) -> (TextRef, TextRef) {
    let mut add = |keeps_all: bool| {
        add_info(texts, ports.map(|InfoPort { port, is_wrong }| (port, name(port).filter(|_| keeps_all || !is_wrong))))
    };
    (add(true), add(false))
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
        let name = |port| match port {
            80 => Some(&b"http"[..]),
            1140 => Some(&b"autonoc"[..]),
            _ => None,
        };
        let mut infos = InfoPorts::default();
        // The second time, they are those that were kept.
        for (source, destination, before, after) in [
            ((1140, true), (80, false), "autonoc(1140) → http(80)", "1140 → http(80)"),
            ((80, false), (1140, true), "http(80) → autonoc(1140)", "http(80) → 1140"),
            ((1140, true), (1140, true), "autonoc(1140) → autonoc(1140)", "1140 → 1140"),
            ((49_200, false), (1140, true), "49200 → autonoc(1140)", "49200 → 1140"),
            ((1140, false), (80, true), "autonoc(1140) → http(80)", "autonoc(1140) → 80"),
        ]
        .into_iter()
        .flat_map(|case| [case, case])
        {
            let mut texts = Texts::default();
            texts.add(format_args!("another one"));
            let ports = [source, destination].map(|(port, is_wrong)| InfoPort { port, is_wrong });
            let (wrong, right) = infos.add(&mut texts, Transport::Tcp, ports, name);
            texts.add(format_args!("one more"));
            assert_eq!((texts.get(wrong), texts.get(right)), (before.as_bytes(), after.as_bytes()));
        }
    }
}
