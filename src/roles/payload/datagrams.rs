// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols over UDP, and the same messages over TCP, where a length precedes each message.

use super::Speaker::{Client, Server};
use super::bytes::{ber, filled, u16_at, u32_at};
use super::{Begins, CERTAIN, CLEAR, Found, Noise, OfBytes, Recognizer, Sign, client, server};

/// RFC 2131, section 2. Recognized by the operation and the magic cookie.
pub(super) const DHCP: OfBytes = Recognizer::new(
    dhcp,
    Begins::first(&[1, 2]),
    Noise::HARDLY_EVER,
    &[
        (Client, "DHCP request", &filled::<240>(b"\x01", COOKIE)),
        (Server, "DHCP reply", &filled::<240>(b"\x02", COOKIE)),
    ],
);

/// The magic cookie, which follows all fixed fields (RFC 2131, section 3).
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

/// RFC 8415, sections 8 and 9: a type, a transaction identifier, and options that fill the message. One option
/// identifies the client, or has the message that a relay forwards. The options are checked because messages of DNS and
/// NTP can have the same first bytes.
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

/// Whether DHCPv6 options fill the message from the offset `from` to its end, and the option `wanted` is among them.
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

/// RFC 1035, section 4.1. NetBIOS's name service (RFC 1002, section 4.2) has the same format.
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
        // Registration, release, refresh (RFC 1002, section 4.2.1.1). Both 8 and 9 are in use for refresh.
        5 | 6 | 8 | 9 if is_request && additional == 1 => client!("NetBIOS name request", CLEAR),
        _ => None,
    }
}

/// Whether a name, a type and a class follow the header of a DNS message. Bytes that were not captured count as right.
fn begins_with_record(message: &[u8]) -> bool {
    const HEADER: usize = 12;
    const LONGEST_NAME: usize = 255;
    /// The highest bit of mDNS's class: unicast response accepted, or cache flush (RFC 6762, sections 5.4 and 10.2).
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

/// RFC 5905, section 7.3: modes 3 and 4. Symmetric peers have no roles. Each mode alone matches one random datagram in
/// eight, so all fields that have a range are checked.
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
    // The precision is a power of two in seconds, less than one. Clients may leave it 0, and chrony's clients send 32.
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

/// RFC 2865, sections 3 and 5, and RFC 5176, section 2.3: a header, and attributes that fill the message.
pub(super) const RADIUS: OfBytes = Recognizer::new(
    radius,
    Begins::first(&[1, 2, 3, 4, 5, 11, 12, 40, 41, 42, 43, 44, 45]),
    Noise::HARDLY_EVER,
    &[
        (Client, "RADIUS request", b"\x01\x07\0\x1bauthenticator...\x01\x07alice"),
        (Server, "RADIUS response", b"\x02\x07\0\x14authenticator..."),
        (Client, "RADIUS request", b"\x2b\x07\0\x1bauthenticator...\x01\x07alice"),
        (Server, "RADIUS response", b"\x29\x07\0\x14authenticator..."),
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
        // Disconnect and CoA come from the RADIUS server, which is the client there.
        1 | 4 | 12 | 40 | 43 => client!("RADIUS request", CLEAR),
        2 | 3 | 5 | 11 | 41 | 42 | 44 | 45 => server!("RADIUS response", CLEAR),
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

/// Whether the answer to such a message comes from another port than the one that was asked (RFC 1350, section 4).
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

/// The application tags of Kerberos messages (RFC 4120, section 5.10).
const KERBEROS_TAGS: [u8; 7] = [0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x7e];

/// RFC 4120, section 5: an application tag, and a sequence that begins with the version, 5.
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
