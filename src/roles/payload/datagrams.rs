// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols over UDP, and the same messages over TCP, where a length goes before each.

use super::Speaker::{Client, Server};
use super::bytes::{ber, line, u16_at, u32_at};
use super::{Begins, CERTAIN, CLEAR, Found, LIKELY, Noise, OfBytes, Recognizer, SLIGHT, Sign, client, server};

/// RFC 2131, section 2: operation, hardware type and length, and the magic cookie.
pub(super) const DHCP: OfBytes = Recognizer::new(
    dhcp,
    Begins::first(&[1, 2]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DHCP request", &filled::<240>(b"\x01", COOKIE)),
        (Server, "DHCP reply", &filled::<240>(b"\x02", COOKIE)),
    ],
);

/// RFC 2131, section 3: it follows all fixed fields.
const COOKIE: &[u8] = b"\x63\x82\x53\x63";

fn dhcp(message: &[u8]) -> Found {
    if !message.get(236..)?.starts_with(COOKIE) {
        return None;
    }
    match message[0] {
        1 => client!("DHCP request", CERTAIN),
        2 => server!("DHCP reply", CERTAIN),
        _ => None,
    }
}

/// RFC 8415, sections 8 and 9: a type, a transaction, and options that fill the message; who speaks names a client in
/// one of them, and a relay puts the message it passes on in one. DNS and NTP may look the same at a glance.
pub(super) const DHCPV6: OfBytes = Recognizer::new(
    dhcpv6,
    Begins::first(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DHCPv6 request", b"\x01\x12\x34\x56\0\x01\0\x0a\0\x03\0\x01\x02\0\0\0\0\x01\0\x08\0\x02\0\0"),
        (Client, "DHCPv6 request", b"\x0b\x12\x34\x56\0\x06\0\x02\0\x17"),
        (Server, "DHCPv6 reply", b"\x07\x12\x34\x56\0\x01\0\x0a\0\x03\0\x01\x02\0\0\0\0\x01"),
        (Client, "DHCPv6 relayed request", &filled::<42>(b"\x0c\x01", b"\0\x09\0\x04\x01\x12\x34\x56")),
        (Server, "DHCPv6 relayed reply", &filled::<42>(b"\x0d\x01", b"\0\x09\0\x04\x07\x12\x34\x56")),
    ],
);

fn dhcpv6(message: &[u8]) -> Found {
    const CLIENT_ID: u16 = 1;
    const OPTION_REQUEST: u16 = 6;
    const RELAY_MESSAGE: u16 = 9;
    const HEADER: usize = 4;
    const RELAY_HEADER: usize = 34;
    const MOST_HOPS: u8 = 32;
    match *message {
        [1 | 3..=6 | 8 | 9 | 11, ..] if has_option(message, HEADER, CLIENT_ID) => client!("DHCPv6 request", CERTAIN),
        [2 | 7 | 10, ..] if has_option(message, HEADER, CLIENT_ID) => server!("DHCPv6 reply", CERTAIN),
        [11, ..] if has_option(message, HEADER, OPTION_REQUEST) => client!("DHCPv6 request", CLEAR),
        [12, 0..=MOST_HOPS, ..] if has_option(message, RELAY_HEADER, RELAY_MESSAGE) => {
            client!("DHCPv6 relayed request", CERTAIN)
        }
        [13, 0..=MOST_HOPS, ..] if has_option(message, RELAY_HEADER, RELAY_MESSAGE) => {
            server!("DHCPv6 relayed reply", CERTAIN)
        }
        _ => None,
    }
}

/// Whether options of DHCPv6 fill the message from there to its end, and this one is among them.
fn has_option(message: &[u8], from: usize, wanted: u16) -> bool {
    const HIGHEST: u16 = 255;
    let mut at = from;
    let mut found = false;
    while let (Some(code), Some(length)) = (u16_at(message, at), u16_at(message, at + 2)) {
        if !(1..=HIGHEST).contains(&code) {
            return false;
        }
        found |= code == wanted && length >= 2;
        at += 4 + usize::from(length);
    }
    found && at == message.len()
}

/// RFC 1035, section 4.1; NetBIOS's name service (RFC 1002, section 4.2) has the same form.
pub(super) const DNS: OfBytes = Recognizer::new(
    dns,
    Begins::fifth(&[0]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DNS query", b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01"),
        (Server, "DNS response", b"\x12\x34\x81\x80\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01"),
        (Client, "NetBIOS name request", b"\x12\x34\x40\0\0\x01\0\0\0\0\0\x01\x04AAAA\0\0\x20\0\x01"),
    ],
);

fn dns(message: &[u8]) -> Found {
    const RESPONSE: u16 = 0x8000;
    const RESERVED: u16 = 0x0040;
    const RESULT: u16 = 0x000f;
    const QUERY: u16 = 0;
    let flags = u16_at(message, 2)?;
    let opcode = flags >> 11 & 0xf;
    let [questions, answers, authority, additional] = [4, 6, 8, 10].map(|at| u16_at(message, at));
    let (questions, answers, authority, additional) = (questions?, answers?, authority?, additional?);
    let is_plausible = questions <= 1 && flags & RESERVED == 0 && additional <= 64 && begins_with_record(message);
    if !is_plausible {
        return None;
    }
    if flags & RESPONSE != 0 {
        let is_empty = questions == 0 && answers == 0;
        return if opcode == QUERY && answers <= 256 && !is_empty { server!("DNS response", CLEAR) } else { None };
    }
    let is_request = questions == 1 && answers <= 1 && authority <= 256 && flags & RESULT == 0;
    match opcode {
        QUERY if is_request => client!("DNS query", CLEAR),
        // Registration, release, refresh (RFC 1002, section 4.2.1.1; of refresh, both numbers are in use).
        5 | 6 | 8 | 9 if is_request && additional == 1 => client!("NetBIOS name request", CLEAR),
        _ => None,
    }
}

/// Whether a name, a type and a class follow the header of a DNS message, as far as the message was captured.
fn begins_with_record(message: &[u8]) -> bool {
    const HEADER: usize = 12;
    const LONGEST_NAME: usize = 255;
    /// Of mDNS: whether a unicast answer will do, or old records are to go (RFC 6762, sections 5.4 and 10.2).
    const MDNS_FLAG: u16 = 0x8000;
    let mut at = HEADER;
    let name_end = loop {
        match message.get(at) {
            None => return at > HEADER,
            Some(0) => break at + 1,
            Some(0xc0..) => break at + 2,
            Some(length @ 1..=63) if at < HEADER + LONGEST_NAME => at += 1 + usize::from(*length),
            Some(_) => return false,
        }
    };
    let class = u16_at(message, name_end + 2);
    class.is_none_or(|class| matches!(class & !MDNS_FLAG, 1..=4 | 254 | 255) || class == 0xffff)
}

/// RFC 1035, section 4.2.2.
pub(super) const DNS_TCP: OfBytes = Recognizer::new(
    dns_tcp,
    Begins::ANY,
    Noise::HARDLY_EVER,
    &[
        (Client, "DNS query", b"\0\x21\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01"),
        (Server, "DNS response", b"\0\x21\x12\x34\x81\x80\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01"),
    ],
);

fn dns_tcp(payload: &[u8]) -> Found {
    if usize::from(u16_at(payload, 0)?) != payload.len() - 2 {
        return None;
    }
    dns(&payload[2..])
}

/// RFC 5905, section 7.3: modes 3 and 4; symmetric peers have no roles. The mode alone fits one random datagram in
/// eight, so each field that has a range is looked at.
pub(super) const NTP: OfBytes = Recognizer::new(
    ntp,
    Begins::masked(7, &[3, 4]),
    Noise::HARDLY_EVER,
    &[
        (Client, "NTP client mode", &filled::<48>(b"\x23", b"")),
        (Server, "NTP server mode", &filled::<48>(b"\x24\x02\x06\xe7", b"")),
    ],
);

fn ntp(message: &[u8]) -> Found {
    const HEADER: usize = 48;
    const LONGEST_STRATUM: u8 = 16;
    const LONGEST_POLL: u8 = 17;
    let [first, stratum, poll, precision, delay, _, _, _, dispersion, ..] = *message else { return None };
    let version = first >> 3 & 7;
    // Precision is a power of two in seconds, below one; a client may leave it out, and chrony's says 32.
    let fits = message.len() >= HEADER
        && message.len() % 4 == 0
        && (1..=4).contains(&version)
        && stratum <= LONGEST_STRATUM
        && poll <= LONGEST_POLL
        && matches!(precision, 0 | 32 | 0xe0..)
        && matches!(delay, 0 | 0xff)
        && dispersion == 0;
    match first & 7 {
        3 if fits => client!("NTP client mode", CLEAR),
        4 if fits => server!("NTP server mode", CLEAR),
        _ => None,
    }
}

/// RFC 3416, section 3, in a message of RFC 1157 or RFC 3417.
pub(super) const SNMP: OfBytes = Recognizer::new(
    snmp,
    Begins::first(&[0x30]),
    Noise::HARDLY_EVER,
    &[
        (Client, "SNMP request", b"\x30\x1d\x02\x01\x01\x04\x06public\xa0\x10"),
        (Server, "SNMP response", b"\x30\x1d\x02\x01\x01\x04\x06public\xa2\x10"),
        (Client, "SNMP trap", b"\x30\x1d\x02\x01\x01\x04\x06public\xa7\x10"),
    ],
);

fn snmp(message: &[u8]) -> Found {
    let (body, _) = ber(message, 0x30)?;
    let (version, 1) = ber(body, 0x02)? else { return None };
    let (community, length) = ber(version.get(1..)?, 0x04)?;
    match *community.get(length)? {
        0xa0 | 0xa1 | 0xa3 | 0xa5 => client!("SNMP request", CLEAR),
        0xa2 => server!("SNMP response", CLEAR),
        0xa4 | 0xa7 => client!("SNMP trap", CLEAR),
        _ => None,
    }
}

/// RFC 2865, sections 3 and 5: a header, then attributes that fill the message.
pub(super) const RADIUS: OfBytes = Recognizer::new(
    radius,
    Begins::first(&[1, 2, 3, 4, 5, 11, 12]),
    Noise::HARDLY_EVER,
    &[
        (Client, "RADIUS request", b"\x01\x07\0\x1bauthenticator...\x01\x07alice"),
        (Server, "RADIUS response", b"\x02\x07\0\x14authenticator..."),
    ],
);

fn radius(message: &[u8]) -> Found {
    const HEADER: usize = 20;
    const LEAST_ATTRIBUTE: usize = 2;
    if usize::from(u16_at(message, 2)?) != message.len() {
        return None;
    }
    let mut attributes = message.get(HEADER..)?;
    while let [_, length, ..] = *attributes {
        let length = usize::from(length);
        attributes = attributes.get(length..).filter(|_| length >= LEAST_ATTRIBUTE)?;
    }
    if !attributes.is_empty() {
        return None;
    }
    match message[0] {
        1 | 4 | 12 => client!("RADIUS request", CLEAR),
        2 | 3 | 5 | 11 => server!("RADIUS response", CLEAR),
        _ => None,
    }
}

/// RFC 1350, section 5.
pub(super) const TFTP: OfBytes = Recognizer::new(
    tftp,
    Begins::first(&[0]),
    Noise::HARDLY_EVER,
    &[(Client, "TFTP request", b"\0\x01boot.img\0octet\0")],
);

/// Whether the answer to this comes from another port than the one that was asked: RFC 1350, section 4.
pub fn is_answered_from_new_port(sign: &Sign) -> bool {
    sign.what == "TFTP request"
}

fn tftp(message: &[u8]) -> Found {
    /// RFC 2347, "Packet Formats".
    const LONGEST_REQUEST: usize = 512;
    if message.len() > LONGEST_REQUEST {
        return None;
    }
    let [0, 1 | 2, name, .., 0] = *message else { return None };
    let modes: [&[u8]; 3] = [b"octet\0", b"netascii\0", b"OCTET\0"];
    if name.is_ascii_graphic() && modes.iter().any(|mode| message.windows(mode.len()).any(|window| window == *mode)) {
        return client!("TFTP request", CERTAIN);
    }
    None
}

/// UPnP Device Architecture 2.0, section 1.3.
pub(super) const SSDP: OfBytes = Recognizer::new(
    ssdp,
    Begins::first(b"MH"),
    Noise::HARDLY_EVER,
    &[(Client, "SSDP search", b"M-SEARCH * HTTP/1.1\r\n"), (Server, "SSDP response", b"HTTP/1.1 200 OK\r\n")],
);

fn ssdp(message: &[u8]) -> Found {
    if message.starts_with(b"M-SEARCH * HTTP/1.1") {
        return client!("SSDP search", CERTAIN);
    }
    if message.starts_with(b"HTTP/1.1 200") {
        return server!("SSDP response", CLEAR);
    }
    None
}

/// RFC 8489, section 5: the class bits of a message with the magic cookie.
pub(super) const STUN: OfBytes = Recognizer::new(
    stun,
    Begins::fifth(&[0x21]),
    Noise::HARDLY_EVER,
    &[
        (Client, "STUN request", b"\0\x01\0\0\x21\x12\xa4\x42transaction."),
        (Server, "STUN response", b"\x01\x01\0\0\x21\x12\xa4\x42transaction."),
    ],
);

/// Whether peers send this to each other, where each knows the other's port: connectivity checks of ICE (RFC 8445,
/// section 7.2).
pub fn is_asked_by_peers(sign: &Sign) -> bool {
    sign.what == "STUN request"
}

fn stun(message: &[u8]) -> Found {
    if u32_at(message, 4)? != 0x2112_a442 {
        return None;
    }
    match u16_at(message, 0)? & 0xc110 {
        0x0000 => client!("STUN request", LIKELY),
        0x0100 | 0x0110 => server!("STUN response", LIKELY),
        _ => None,
    }
}

/// RFC 4120, section 5.10.
const KERBEROS_TAGS: [u8; 7] = [0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x7e];

/// RFC 4120, section 5: the application tags of its messages, in which a sequence begins with the version, 5.
pub(super) const KERBEROS: OfBytes = Recognizer::new(
    kerberos,
    Begins::first(&KERBEROS_TAGS),
    Noise::HARDLY_EVER,
    &[
        (Client, "Kerberos request", b"\x6a\x81\xc0\x30\x81\xbd\xa1\x03\x02\x01\x05"),
        (Server, "Kerberos reply", b"\x6b\x81\xc0\x30\x81\xbd\xa0\x03\x02\x01\x05"),
    ],
);

fn kerberos(message: &[u8]) -> Found {
    let tag = *message.first()?;
    let (body, _) = ber(message, tag)?;
    let (fields, _) = ber(body, 0x30)?;
    let [0xa0 | 0xa1, 3, 2, 1, 5, ..] = *fields else { return None };
    match tag {
        0x6a | 0x6c | 0x6e => client!("Kerberos request", CLEAR),
        0x6b | 0x6d | 0x6f | 0x7e => server!("Kerberos reply", CLEAR),
        _ => None,
    }
}

/// RFC 4120, section 7.2.2.
pub(super) const KERBEROS_TCP: OfBytes = Recognizer::new(
    kerberos_tcp,
    Begins::first(&[0]).and_fifth(&KERBEROS_TAGS),
    Noise::HARDLY_EVER,
    &[
        (Client, "Kerberos request", b"\0\0\0\xc3\x6a\x81\xc0\x30\x81\xbd\xa1\x03\x02\x01\x05"),
        (Server, "Kerberos reply", b"\0\0\0\xc3\x6b\x81\xc0\x30\x81\xbd\xa0\x03\x02\x01\x05"),
    ],
);

fn kerberos_tcp(payload: &[u8]) -> Found {
    if u32_at(payload, 0)? > 0x0010_0000 {
        return None;
    }
    kerberos(payload.get(4..)?)
}

/// RFC 5531, section 9.
pub(super) const RPC: OfBytes = Recognizer::new(
    rpc_message,
    Begins::fifth(&[0]),
    Noise::HARDLY_EVER,
    &[
        (Client, "RPC call", b"\x12\x34\x56\x78\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04"),
        (Server, "RPC reply", b"\x12\x34\x56\x78\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ],
);

fn rpc_message(message: &[u8]) -> Found {
    const CALL: u32 = 0;
    const REPLY: u32 = 1;
    let (kind, third) = (u32_at(message, 4)?, u32_at(message, 8)?);
    // A call names RPC version 2 and a program; a reply is accepted (0) or denied (1), then has the
    // flavour and length of its verifier.
    if kind == CALL && third == 2 && u32_at(message, 12)? >= 100_000 {
        return client!("RPC call", CLEAR);
    }
    if kind == REPLY && third <= 1 && u32_at(message, 12)? <= 6 && message.len() >= 20 {
        return server!("RPC reply", CLEAR);
    }
    None
}

/// RFC 5531, section 11: a record mark, then a message.
pub(super) const RPC_TCP: OfBytes = Recognizer::new(
    rpc,
    Begins::first(&[0, 0x80]),
    Noise::HARDLY_EVER,
    &[
        (Client, "RPC call", b"\x80\0\0\x28\x12\x34\x56\x78\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04"),
        (Server, "RPC reply", b"\x80\0\0\x18\x12\x34\x56\x78\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ],
);

fn rpc(payload: &[u8]) -> Found {
    let length = u32_at(payload, 0)? & 0x7fff_ffff;
    if !(16..=0x0020_0000).contains(&length) {
        return None;
    }
    rpc_message(payload.get(4..)?)
}

/// RFC 3261, section 7: either end may ask, but mostly it is the client.
pub(super) const SIP: OfBytes = Recognizer::new(
    sip,
    Begins::UPPERCASE,
    Noise::HARDLY_EVER,
    &[
        (Client, "SIP request", b"INVITE sip:bob@example.com SIP/2.0\r\n"),
        (Server, "SIP response", b"SIP/2.0 200 OK\r\n"),
    ],
);

/// All methods registered are in capitals.
fn sip(message: &[u8]) -> Found {
    if !message.first()?.is_ascii_uppercase() {
        return None;
    }
    if message.starts_with(b"SIP/2.0 ") {
        return server!("SIP response", LIKELY);
    }
    if line(message)?.ends_with(" SIP/2.0") {
        return client!("SIP request", LIKELY);
    }
    None
}

/// The port where the client of a message of SIP over UDP takes answers: that of the topmost Via (RFC 3261, sections
/// 18.1.1, 18.2.2 and 20.42), which an answer repeats. What comes from that very port comes from a socket that listens.
pub fn sip_port(message: &[u8]) -> Option<u16> {
    const DEFAULT: u16 = 5060;
    const LOOKED_AT: usize = 1024;
    const LINES: usize = 16;
    sip(message)?;
    let lines = message[..message.len().min(LOOKED_AT)].split(|byte| *byte == b'\n').take(LINES);
    let by = lines.skip(1).find_map(|line| {
        let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        matches!(name.trim_end().to_ascii_lowercase().as_str(), "via" | "v").then_some(value)
    })?;
    // `SIP/2.0/UDP host:port;parameters`, where the host may be `[2001:db8::1]`.
    let sent_by = by.trim().strip_prefix("SIP/2.0/UDP")?.split([';', ',']).next()?.trim();
    let after_host = &sent_by[sent_by.rfind(']').map_or(0, |end| end + 1)..];
    after_host.split_once(':').map_or(Some(DEFAULT), |(_, port)| port.trim().parse().ok())
}

/// RFC 5424, section 6.2.1.
pub(super) const SYSLOG: OfBytes = Recognizer::new(
    syslog,
    Begins::first(b"<"),
    Noise::HARDLY_EVER,
    &[(Client, "syslog message", b"<34>Oct 11 22:14:15 host su: failed")],
);

fn syslog(message: &[u8]) -> Found {
    let end = message.iter().take(5).position(|byte| *byte == b'>')?;
    let priority = message.strip_prefix(b"<")?.get(..end.checked_sub(1)?)?;
    if !priority.is_empty() && priority.iter().all(u8::is_ascii_digit) {
        return client!("syslog message", CLEAR);
    }
    None
}

/// RFC 9000, section 17.2.2: an Initial packet. A client pads it to 1200 bytes and makes up a destination id of at least
/// 8 bytes (section 7.2); the server's answer has the client's own id as destination, which is mostly empty.
pub(super) const QUIC: OfBytes = Recognizer::new(
    quic,
    Begins::first(&[0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf]),
    Noise::HARDLY_EVER,
    &[
        (Client, "QUIC Initial", &filled::<1200>(b"\xc3\0\0\0\x01\x08", b"")),
        (Client, "QUIC Initial, of either end", &filled::<1200>(b"\xc3\0\0\0\x01\x0812345678\x08", b"")),
        (Server, "QUIC Initial, in answer", b"\xc1\0\0\0\x01\0\x08"),
    ],
);

fn quic(message: &[u8]) -> Found {
    const LEAST_INITIAL: usize = 1200;
    let [0xc0..=0xcf, 0, 0, 0, 1, destination, ..] = *message else { return None };
    let source = *message.get(6 + usize::from(destination))?;
    match (destination, source) {
        (0, 1..=20) => server!("QUIC Initial, in answer", CLEAR),
        (8..=20, 0) if message.len() >= LEAST_INITIAL => client!("QUIC Initial", CLEAR),
        (8..=20, 1..=20) if message.len() >= LEAST_INITIAL => client!("QUIC Initial, of either end", SLIGHT),
        _ => None,
    }
}

/// RFC 6347, sections 4.1 and 4.2.2 (1.2), RFC 9147, section 5 (1.3): the first record's handshake message.
pub(super) const DTLS: OfBytes = Recognizer::new(
    dtls,
    Begins::first(&[22]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DTLS Client Hello", DTLS_CLIENT_HELLO),
        (Server, "DTLS Server Hello", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x5e\x02\0\0\x52\0\x01\0\0\0\0\0\x52\xfe"),
        (Server, "DTLS Hello Verify Request", b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x23\x03\0\0\x17\0\0\0\0\0\0\0\x17\xfe"),
        (Client, "DTLS Client Key Exchange", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x2d\x10\0\0\x21\0\x02\0\0\0\0\0\x21\x20"),
        (Server, "DTLS Server Key Exchange", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x5e\x0c\0\0\x52\0\x03\0\0\0\0\0\x52\x03"),
        (Server, "DTLS Server Hello Done", b"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x0c\x0e\0\0\0\0\x04\0\0\0\0\0\0"),
    ],
);

const DTLS_CLIENT_HELLO: &[u8] = b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x5e\x01\0\0\x52\0\0\0\0\0\0\0\x52\xfe";

fn dtls(message: &[u8]) -> Found {
    let [22, 0xfe, 0xfd | 0xff, 0, 0, 0, 0, ..] = *message else { return None };
    // Behind the record's header: the message's type and, in three bytes, its length.
    let [kind, 0, ..] = *message.get(13..)? else { return None };
    match kind {
        1 => client!("DTLS Client Hello", CERTAIN),
        2 => server!("DTLS Server Hello", CERTAIN),
        3 => server!("DTLS Hello Verify Request", CERTAIN),
        16 => client!("DTLS Client Key Exchange", CLEAR),
        12 => server!("DTLS Server Key Exchange", CLEAR),
        14 => server!("DTLS Server Hello Done", CLEAR),
        _ => None,
    }
}

/// C706 (DCE 1.1: RPC), section 12.5: connectionless PDUs, as PROFINET's context manager uses them. Which end sends
/// which is in section 10.
pub(super) const DCE_RPC_CL: OfBytes = Recognizer::new(
    dce_rpc_connectionless,
    Begins::first(&[4]).and_fifth(&[0, 1, 0x10, 0x11]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DCE/RPC request", &filled::<80>(b"\x04\0\x20\0\x10\0\0", b"")),
        (Server, "DCE/RPC response", &filled::<80>(b"\x04\x02\x20\0\x10\0\0", b"")),
    ],
);

fn dce_rpc_connectionless(message: &[u8]) -> Found {
    const HEADER: usize = 80;
    let [4, kind, _, _, integers @ (0 | 1 | 0x10 | 0x11), 0..=3, 0, ..] = *message else { return None };
    let bytes = [*message.get(74)?, *message.get(75)?];
    let length = if integers & 0x10 == 0 { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
    // Behind the body there may be credentials.
    if HEADER + usize::from(length) > message.len() {
        return None;
    }
    match kind {
        // Request, ping, acknowledgment of a response, cancellation.
        0 | 1 | 7 | 8 => client!("DCE/RPC request", CLEAR),
        // Response, fault, working, no call, reject, acknowledgment of a cancellation.
        2..=6 | 10 => server!("DCE/RPC response", CLEAR),
        _ => None,
    }
}

/// RFC 7296, section 3.1 (IKEv2), and RFC 2408, section 3.1 (ISAKMP); over port 4500 behind a marker of four zeros
/// (RFC 3948, section 2.2). The initiator of the association is the client.
pub(super) const IKE: OfBytes = Recognizer::new(
    ike,
    Begins::ANY,
    Noise::HARDLY_EVER,
    &[
        (Client, "IKE initiator", b"initiate\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\x1c"),
        (Server, "IKE responder", b"\0\0\0\0initiateresponds\x2e\x20\x23\x20\0\0\0\x01\0\0\0\x1c"),
        (Client, "IKE initiator", b"initiate\0\0\0\0\0\0\0\0\x01\x10\x02\0\0\0\0\0\0\0\0\x1c"),
    ],
);

fn ike(message: &[u8]) -> Found {
    const FROM_INITIATOR: u8 = 8;
    const VERSION_AT: usize = 17;
    let message = message.strip_prefix(&[0; 4]).unwrap_or(message);
    // Most payloads are found out by this alone.
    if !matches!(message.get(VERSION_AT), Some(0x10 | 0x20)) {
        return None;
    }
    let (spis, rest) = message.split_first_chunk::<16>()?;
    let [_, version, exchange, flags, ..] = *rest else { return None };
    if usize::try_from(u32_at(rest, 8)?).ok()? != message.len() || spis[..8] == [0; 8] {
        return None;
    }
    let is_first = spis[8..] == [0; 8];
    match (version, exchange) {
        (0x20, 34..=37) if flags & !0x38 == 0 && flags & FROM_INITIATOR != 0 => client!("IKE initiator", CLEAR),
        (0x20, 34..=37) if flags & !0x38 == 0 && !is_first => server!("IKE responder", CLEAR),
        (0x10, 2 | 4) if flags & !7 == 0 && is_first => client!("IKE initiator", CLEAR),
        _ => None,
    }
}

/// WireGuard's protocol, section 5.4 of its paper: a type in four bytes, and fixed lengths. The same end mostly initiates
/// each handshake, but either may.
pub(super) const WIREGUARD: OfBytes = Recognizer::new(
    wireguard,
    Begins::first(&[1, 2]),
    Noise::HARDLY_EVER,
    &[
        (Client, "WireGuard initiation", &filled::<148>(b"\x01\0\0\0\x12", b"\x34")),
        (Server, "WireGuard response", &filled::<92>(b"\x02\0\0\0\x12", b"\x34")),
    ],
);

fn wireguard(message: &[u8]) -> Found {
    match (message.first_chunk()?, message.len()) {
        ([1, 0, 0, 0], 148) => client!("WireGuard initiation", LIKELY),
        ([2, 0, 0, 0], 92) => server!("WireGuard response", LIKELY),
        _ => None,
    }
}

/// A message for an example: `head`, zeros, and `tail`, `LENGTH` bytes in all.
const fn filled<const LENGTH: usize>(head: &[u8], tail: &[u8]) -> [u8; LENGTH] {
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

    #[test]
    fn the_topmost_via_names_the_port_of_a_sip_client() {
        for (lines, port) in [
            ("Via: SIP/2.0/UDP 192.0.2.1:5010;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP 192.0.2.2:5070", Some(5010)),
            ("From: <sip:a@b>;tag=1\r\nvia : SIP/2.0/UDP host.example.com : 4060 ;rport", Some(4060)),
            ("v:SIP/2.0/UDP [2001:db8::1]:5061, SIP/2.0/UDP [2001:db8::2]", Some(5061)),
            ("Via: SIP/2.0/UDP [2001:db8::1]", Some(5060)),
            ("Via: SIP/2.0/TCP 192.0.2.1:5010", None),
            ("Via: SIP/2.0/UDP 192.0.2.1:many", None),
            ("Max-Forwards: 70", None),
        ] {
            for start in ["OPTIONS sip:b SIP/2.0", "SIP/2.0 200 OK"] {
                assert_eq!(sip_port(format!("{start}\r\n{lines}\r\n\r\n").as_bytes()), port, "{lines}");
            }
            assert_eq!(sip_port(lines.as_bytes()), None, "no message of SIP");
        }
    }

    #[test]
    fn a_sign_tells_its_protocol() {
        let sign = sip(b"SIP/2.0 200 OK\r\n").unwrap();
        assert!(sign.is_of(b"sip"));
        assert!(!sign.is_of(b"si") && !sign.is_of(b"sip response") && !sign.is_of(b"radius") && !sign.is_of(b""));
    }
}
