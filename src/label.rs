// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A conversation's label, `192.168.1.23:1140 → 198.51.100.10:80 (http)`, and other texts about its ends.

use crate::packet::{End, Transport};
use crate::text::{Composer, Shown, TextRef, Texts};

/// One end as the label shows it.
#[derive(Clone, Copy, Debug)]
pub struct LabelEnd {
    /// The address, or the host name if the user has turned name resolution on.
    pub host: TextRef,
    /// The port.
    pub port: u16,
}

/// Adds the label of a conversation: client, server, and the service if it is known. The label is the same for both
/// directions.
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

/// Adds the server's part of a label, for tables and filters. It contains the address, never a resolved host name.
///
/// The text can be put between the quotation marks of a display filter as it is, so a service name that would need
/// escapes there is left out.
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

/// Adds a port as Wireshark writes it in the packet details: `1140`, `http (80)`.
pub fn add_port(texts: &mut Texts, port: u16, name: Option<&[u8]>) -> TextRef {
    let mut text = texts.compose();
    match name {
        Some(name) => text.shown(Shown(name)).bytes(b" (").number(port).bytes(b")"),
        None => text.number(port),
    };
    text.finish()
}

/// Adds two ports as Wireshark writes them into the Info column, each with its name if it has one: `http(80) → 1140`.
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

/// Makes the text of two ports in the Info column in two forms, as Wireshark writes it and without wrong names:
/// `http(80) → autonoc(1140)`, `http(80) → 1140`. Recent texts are cached.
#[derive(Default)]
pub struct InfoTextCache {
    /// Allocated at the first call of [`Self::add`].
    cache: Vec<CachedTexts>,
}

/// Both forms of one text, one after the other.
#[derive(Clone, Default)]
struct CachedTexts {
    /// The transport, the ports and which of their names are wrong; 0 if the entry is empty.
    key: u64,
    /// Where the second form starts, in bytes.
    second_at: usize,
    texts: Vec<u8>,
}

impl InfoTextCache {
    const ENTRIES: usize = 1024;

    /// Adds both forms. `name` must always return the same name for the same port and transport.
    pub fn add<'a>(
        &mut self,
        texts: &mut Texts,
        transport: Transport,
        [source, destination]: [InfoPort; 2],
        name: impl Fn(u16) -> Option<&'a [u8]>,
    ) -> (TextRef, TextRef) {
        let ports = u64::from(source.port) << 16 | u64::from(destination.port);
        let wrong = u64::from(source.is_wrong) << 1 | u64::from(destination.is_wrong);
        let key = 1 << 63 | (transport as u64) << 34 | wrong << 32 | ports;
        if self.cache.is_empty() {
            self.cache = vec![CachedTexts::default(); Self::ENTRIES];
        }
        let at = usize::from(source.port ^ destination.port.rotate_left(5)) % Self::ENTRIES;
        let cached = &mut self.cache[at];
        if cached.key == key {
            let first = texts.add_again(&cached.texts);
            return (first, first.and(cached.second_at));
        }
        let (first, second) = add_info_ports(texts, [source, destination], name);
        cached.texts.clear();
        cached.texts.extend_from_slice(texts.since(first));
        (cached.key, cached.second_at) = (key, second.from(first));
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
        let mut infos = InfoTextCache::default();
        // Each case runs twice: the second time, the texts come from the cache.
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
