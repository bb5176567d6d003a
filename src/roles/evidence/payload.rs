//! What a payload says about its direction: requests come from the client, answers from the server.
//!
//! Each signature reads the first bytes of a segment or datagram and knows one protocol. Where a
//! protocol looks the same in both directions (SSH, BGP, BitTorrent) there is none.

use super::Decibans;

/// Who sends what was recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// Something recognized in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Who sends such a thing.
    pub speaker: Speaker,
    /// What it is: `HTTP request`.
    pub what: &'static str,
    /// How much it weighs.
    pub strength: Decibans,
}

/// Text or magic numbers that hardly anything else starts with.
const CERTAIN: Decibans = Decibans(40);
/// Several fixed bytes, or a length that fits.
const CLEAR: Decibans = Decibans(25);
/// Few fixed bytes: data can look like that.
const LIKELY: Decibans = Decibans(12);
/// Both ends can send it; the client mostly does.
const SLIGHT: Decibans = Decibans(6);

/// A sign that is a constant, so that a conversation can keep it in one word.
macro_rules! client {
    ($what:literal, $strength:expr) => {
        Some(&Sign { speaker: Speaker::Client, what: $what, strength: $strength })
    };
}
macro_rules! server {
    ($what:literal, $strength:expr) => {
        Some(&Sign { speaker: Speaker::Server, what: $what, strength: $strength })
    };
}

type Found = Option<&'static Sign>;
type Signature = fn(&[u8]) -> Found;

/// Tried in this order; the first that matches counts.
const TCP: &[Signature] = &[
    http,
    tls,
    http2,
    rtsp_response,
    smb,
    dce_rpc,
    tpkt,
    rpc,
    dns_tcp,
    ldap,
    kerberos_tcp,
    mysql,
    postgresql,
    tds,
    tns,
    mongodb,
    cassandra,
    mqtt,
    amqp,
    pptp,
    x11,
    socks,
    rlogin,
    xmpp,
    git,
    redis,
    websocket,
];

/// The same for text, by its first line and the whole payload.
const TEXT: &[fn(&str, &[u8]) -> Found] =
    &[rtsp_request, stomp, memcached, irc, imap, pop3_or_redis, reply_code, command_line];

const UDP: &[Signature] =
    &[dhcp, dns, ntp, snmp, radius, tftp, ssdp, stun, kerberos, rpc_message, sip, syslog, quic_client_hello];

/// What a TCP segment's payload says.
pub fn tcp(payload: &[u8]) -> Found {
    let found = TCP.iter().find_map(|signature| signature(payload));
    found.or_else(|| {
        let line = line(payload)?;
        TEXT.iter().find_map(|signature| signature(line, payload))
    })
}

/// What a UDP datagram's payload says.
pub fn udp(payload: &[u8]) -> Found {
    UDP.iter().find_map(|signature| signature(payload))
}

fn starts_with_any(payload: &[u8], heads: &[&[u8]]) -> bool {
    heads.iter().any(|head| payload.starts_with(head))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_le_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The first line without its end, if the payload is printable text that far.
fn line(payload: &[u8]) -> Option<&str> {
    const LONGEST: usize = 512;
    let text = &payload[..payload.len().min(LONGEST)];
    // What is no text mostly shows it in its first bytes.
    let end = text.iter().position(|byte| byte.is_ascii_control() && *byte != b'\t')?;
    if !starts_with_any(&text[end..], &[b"\n", b"\r\n"]) {
        return None;
    }
    let line = std::str::from_utf8(&text[..end]).ok()?;
    line.chars().all(|character| character == '\t' || !character.is_control()).then_some(line)
}

/// RFC 9110, section 9; RFC 4918 (WebDAV).
const HTTP_METHODS: [&str; 16] = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "CONNECT",
    "TRACE",
    "PATCH",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "REPORT",
];

fn http(payload: &[u8]) -> Found {
    if payload.starts_with(b"HTTP/1.") {
        return server!("HTTP response", CERTAIN);
    }
    let space = payload.iter().take(10).position(|byte| *byte == b' ')?;
    let method = std::str::from_utf8(&payload[..space]).ok()?;
    let target = payload.get(space + 1)?;
    let known = HTTP_METHODS.contains(&method) && (target.is_ascii_alphanumeric() || b"/*[".contains(target));
    let is_http = || line(payload).is_none_or(|line| line.contains(" HTTP/") || !line.contains("RTSP/"));
    if known && is_http() {
        return client!("HTTP request", CERTAIN);
    }
    None
}

/// RFC 9113, section 3.4.
fn http2(payload: &[u8]) -> Found {
    if payload.starts_with(b"PRI * HTTP/2.0\r\n") {
        return client!("HTTP/2 preface", CERTAIN);
    }
    None
}

/// RFC 8446, section 4 and 5.1; earlier versions alike.
fn tls(payload: &[u8]) -> Found {
    const HANDSHAKE: u8 = 22;
    let [kind, 3, 0..=4, _, _, message, length, ..] = *payload else { return None };
    if kind != HANDSHAKE || length != 0 {
        return None;
    }
    match message {
        1 => client!("TLS Client Hello", CERTAIN),
        2 => server!("TLS Server Hello", CERTAIN),
        16 => client!("TLS Client Key Exchange", CLEAR),
        4 => server!("TLS New Session Ticket", CLEAR),
        12 => server!("TLS Server Key Exchange", CLEAR),
        14 => server!("TLS Server Hello Done", CLEAR),
        _ => None,
    }
}

/// RFC 7826, section 13.
fn rtsp_response(payload: &[u8]) -> Found {
    if starts_with_any(payload, &[b"RTSP/1.0 ", b"RTSP/2.0 "]) {
        return server!("RTSP response", CERTAIN);
    }
    None
}

/// The same.
fn rtsp_request(line: &str, _: &[u8]) -> Found {
    if line.contains(" RTSP/") {
        return client!("RTSP request", CLEAR);
    }
    None
}

/// \[MS-CIFS\] 2.2.3.1, \[MS-SMB2\] 2.2.1, and RFC 1002, section 4.3.
fn smb(payload: &[u8]) -> Found {
    match payload {
        [0x81, 0, 0, 68, ..] => return client!("NetBIOS session request", CLEAR),
        [0x82, 0, 0, 0] => return server!("NetBIOS session response", CLEAR),
        _ => {}
    }
    let message = payload.get(4..)?;
    let is_response = if message.starts_with(b"\xffSMB") {
        message.get(9)? & 0x80 != 0
    } else if message.starts_with(b"\xfeSMB\x40\0") {
        message.get(16)? & 1 != 0
    } else {
        return None;
    };
    if is_response {
        server!("SMB response", CERTAIN)
    } else {
        client!("SMB request", CERTAIN)
    }
}

/// C706 (DCE 1.1: RPC), chapter 12: connection-oriented PDUs.
fn dce_rpc(payload: &[u8]) -> Found {
    let [5, 0 | 1, kind, _, 0x10 | 0x00, 0, 0, 0, ..] = *payload else { return None };
    match kind {
        0 | 11 | 14 | 16 => client!("DCE/RPC request", CLEAR),
        2 | 3 | 12 | 13 | 15 => server!("DCE/RPC response", CLEAR),
        _ => None,
    }
}

/// RFC 1006 and ISO 8073: connection request and confirm.
fn tpkt(payload: &[u8]) -> Found {
    let [3, 0, _, _, _, kind, ..] = *payload else { return None };
    let length = usize::from(u16_at(payload, 2)?);
    match kind {
        0xe0 if length == payload.len() => client!("COTP connection request", CLEAR),
        0xd0 if length == payload.len() => server!("COTP connection confirm", CLEAR),
        _ => None,
    }
}

/// RFC 5531, section 9 and 11: a record mark, then a message.
fn rpc(payload: &[u8]) -> Found {
    let length = u32_at(payload, 0)? & 0x7fff_ffff;
    if !(16..=0x0020_0000).contains(&length) {
        return None;
    }
    rpc_message(payload.get(4..)?)
}

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
        return server!("RPC reply", LIKELY);
    }
    None
}

/// RFC 1035, section 4.1.1.
fn dns(message: &[u8]) -> Found {
    let flags = u16_at(message, 2)?;
    let (questions, answers, authority) = (u16_at(message, 4)?, u16_at(message, 6)?, u16_at(message, 8)?);
    let additional = u16_at(message, 10)?;
    let plausible = questions <= 1 && flags & 0x0040 == 0 && message.len() > 12 && additional <= 64;
    if !plausible {
        return None;
    }
    if flags & 0x8000 != 0 {
        return if flags & 0x7800 == 0 && answers <= 256 { server!("DNS response", CLEAR) } else { None };
    }
    if questions == 1 && answers <= 1 && authority <= 256 && flags & 0x780f == 0 {
        return client!("DNS query", CLEAR);
    }
    None
}

/// RFC 1035, section 4.2.2.
fn dns_tcp(payload: &[u8]) -> Found {
    if usize::from(u16_at(payload, 0)?) != payload.len() - 2 {
        return None;
    }
    dns(&payload[2..])
}

/// RFC 4511, section 4.1.1 and 4.2 onwards.
fn ldap(payload: &[u8]) -> Found {
    let (body, length) = ber(payload, 0x30)?;
    let (id, id_length) = ber(body, 0x02)?;
    if length < 5 || !(1..=4).contains(&id_length) {
        return None;
    }
    match *id.get(id_length)? {
        0x60 | 0x42 | 0x63 | 0x66 | 0x68 | 0x4a | 0x6c | 0x6e | 0x77 => client!("LDAP request", CLEAR),
        0x61 | 0x64 | 0x65 | 0x67 | 0x69 | 0x6b | 0x6d | 0x6f | 0x73 | 0x78 | 0x79 => server!("LDAP response", CLEAR),
        _ => None,
    }
}

/// The contents of a BER element with this tag, and their length (X.690, section 8.1).
fn ber(bytes: &[u8], tag: u8) -> Option<(&[u8], usize)> {
    if *bytes.first()? != tag {
        return None;
    }
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some((bytes.get(2..)?, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    let digits = bytes.get(2..2 + count).filter(|digits| !digits.is_empty() && digits.len() <= 4)?;
    let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
    Some((&bytes[2 + count..], length))
}

/// RFC 4120, section 5: the application tags of its messages.
fn kerberos(message: &[u8]) -> Found {
    let tag = *message.first()?;
    let (body, _) = ber(message, tag)?;
    if *body.first()? != 0x30 {
        return None;
    }
    match tag {
        0x6a | 0x6c | 0x6e => client!("Kerberos request", CLEAR),
        0x6b | 0x6d | 0x6f | 0x7e => server!("Kerberos reply", CLEAR),
        _ => None,
    }
}

/// RFC 4120, section 7.2.2.
fn kerberos_tcp(payload: &[u8]) -> Found {
    if u32_at(payload, 0)? > 0x0010_0000 {
        return None;
    }
    kerberos(payload.get(4..)?)
}

/// MySQL's client/server protocol: a packet is length (3 bytes), sequence number, payload.
fn mysql(payload: &[u8]) -> Found {
    let length = usize::try_from(u32_le_at(payload, 0)? & 0x00ff_ffff).ok()?;
    let (sequence, first) = (payload[3], *payload.get(4)?);
    if length == 0 || length + 4 != payload.len() || sequence != 0 {
        return None;
    }
    match first {
        0x0a if payload.get(5)?.is_ascii_digit() => server!("MySQL greeting", CERTAIN),
        0x03 if payload.get(5)?.is_ascii_graphic() => client!("MySQL query", CLEAR),
        0x01 | 0x0e if length == 1 => client!("MySQL command", LIKELY),
        _ => None,
    }
}

/// PostgreSQL's frontend/backend protocol, message formats.
fn postgresql(payload: &[u8]) -> Found {
    let whole = u32::try_from(payload.len()).ok()?;
    if u32_at(payload, 0)? == whole && matches!(u32_at(payload, 4)?, 0x0003_0000 | 80_877_102..=80_877_104) {
        return client!("PostgreSQL startup", CERTAIN);
    }
    if let [.., b'Z', 0, 0, 0, 5, b'I' | b'T' | b'E'] = payload {
        return server!("PostgreSQL ready for query", CLEAR);
    }
    let first = *payload.first()?;
    let length = u32_at(payload, 1)?;
    match first {
        b'Q' if length + 1 == whole && payload.ends_with(&[0]) => client!("PostgreSQL query", CLEAR),
        b'P' if payload.ends_with(b"S\0\0\0\x04") => client!("PostgreSQL parse", CLEAR),
        b'R' if (8..=64).contains(&length) && u32_at(payload, 5)? <= 12 => server!("PostgreSQL authentication", LIKELY),
        _ => None,
    }
}

/// \[MS-TDS\] 2.2.3.1.
fn tds(payload: &[u8]) -> Found {
    let [kind, 0 | 1, _, _, _, _, _, 0, ..] = *payload else { return None };
    if usize::from(u16_at(payload, 2)?) != payload.len() {
        return None;
    }
    match kind {
        1 | 3 | 16 | 18 => client!("TDS request", LIKELY),
        4 => server!("TDS response", LIKELY),
        _ => None,
    }
}

/// Oracle Net (TNS): length, checksum, type.
fn tns(payload: &[u8]) -> Found {
    let [_, _, 0, 0, kind, _, 0, 0, ..] = *payload else { return None };
    if usize::from(u16_at(payload, 0)?) != payload.len() {
        return None;
    }
    match kind {
        1 => client!("TNS connect", CLEAR),
        2 | 5 | 11 => server!("TNS accept", LIKELY),
        _ => None,
    }
}

/// MongoDB's wire protocol: length, request id, response to, opcode, little-endian.
fn mongodb(payload: &[u8]) -> Found {
    if usize::try_from(u32_le_at(payload, 0)?).ok()? != payload.len() {
        return None;
    }
    let (answers, opcode) = (u32_le_at(payload, 8)?, u32_le_at(payload, 12)?);
    match (answers, opcode) {
        (0, 2004 | 2010 | 2012 | 2013) => client!("MongoDB request", CLEAR),
        (1.., 1 | 2011 | 2012 | 2013) => server!("MongoDB response", CLEAR),
        _ => None,
    }
}

/// Cassandra's native protocol, section 2: version, flags, stream, opcode, length.
fn cassandra(payload: &[u8]) -> Found {
    let [version, 0..=7, _, _, opcode, ..] = *payload else { return None };
    if usize::try_from(u32_at(payload, 5)?).ok()? + 9 != payload.len() || !(3..=5).contains(&(version & 0x7f)) {
        return None;
    }
    match (version & 0x80 != 0, opcode) {
        (false, 0x01 | 0x05 | 0x07 | 0x09 | 0x0a | 0x0b | 0x0d | 0x0f) => client!("Cassandra request", CLEAR),
        (true, 0x00 | 0x02 | 0x03 | 0x06 | 0x08 | 0x0c | 0x0e | 0x10) => server!("Cassandra response", CLEAR),
        _ => None,
    }
}

/// MQTT 3.1.1, section 2 and 3.
fn mqtt(payload: &[u8]) -> Found {
    let named = |name: &[u8]| payload[..payload.len().min(16)].windows(name.len()).any(|at| at == name);
    if payload.first() == Some(&0x10) && (named(b"\0\x04MQTT") || named(b"\0\x06MQIsdp")) {
        return client!("MQTT Connect", CERTAIN);
    }
    match *payload {
        [0x20, 2, 0 | 1, 0..=5] => server!("MQTT Connect Ack", CLEAR),
        [0xc0, 0] => client!("MQTT Ping Request", LIKELY),
        [0xd0, 0] => server!("MQTT Ping Response", LIKELY),
        [0x82, length, ..] if usize::from(length) + 2 == payload.len() && length > 5 => {
            client!("MQTT Subscribe Request", LIKELY)
        }
        [0x90, length, ..] if usize::from(length) + 2 == payload.len() && length >= 3 => {
            server!("MQTT Subscribe Ack", LIKELY)
        }
        _ => None,
    }
}

/// AMQP 0-9-1, section 4.2.2: only the client sends the header unasked.
fn amqp(payload: &[u8]) -> Found {
    if payload.starts_with(b"AMQP") && payload.len() == 8 {
        return client!("AMQP protocol header", LIKELY);
    }
    None
}

/// RFC 2637, section 2.
fn pptp(payload: &[u8]) -> Found {
    if u16_at(payload, 2)? != 1 || u32_at(payload, 4)? != 0x1a2b_3c4d {
        return None;
    }
    match u16_at(payload, 8)? {
        1 | 3 | 7 | 12 => client!("PPTP request", CLEAR),
        2 | 4 | 8 | 13 => server!("PPTP reply", CLEAR),
        _ => None,
    }
}

/// X Window System Protocol, section 8: connection setup.
fn x11(payload: &[u8]) -> Found {
    if starts_with_any(payload, &[b"l\0\x0b\0\0\0", b"B\0\0\x0b\0\0"]) {
        return client!("X11 connection setup", CLEAR);
    }
    None
}

/// RFC 1928, section 3, and SOCKS 4.
fn socks(payload: &[u8]) -> Found {
    match *payload {
        [5, 0 | 2 | 0xff] => server!("SOCKS method selection", LIKELY),
        [5, count @ 1..=9, ..] if usize::from(count) + 2 == payload.len() => client!("SOCKS greeting", LIKELY),
        [4, 1 | 2, _, _, _, _, _, _, .., 0] => client!("SOCKS 4 request", LIKELY),
        _ => None,
    }
}

/// RFC 1282, section 2.
fn rlogin(payload: &[u8]) -> Found {
    let rest = payload.strip_prefix(b"\0")?.strip_suffix(b"\0")?;
    let parts: Vec<_> = rest.split(|byte| *byte == 0).take(4).collect();
    let [user, remote, terminal] = parts[..] else { return None };
    let printable = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_graphic);
    if printable(user) && printable(remote) && terminal.contains(&b'/') {
        return client!("rlogin start", CERTAIN);
    }
    None
}

/// RFC 6120, section 4.7: the client says to whom it speaks, the server who it is.
fn xmpp(payload: &[u8]) -> Found {
    let head = &payload[..payload.len().min(400)];
    // Most payloads have none, which is found out sooner than that they have no such tag.
    if !head.contains(&b'<') {
        return None;
    }
    let head = std::str::from_utf8(head).ok()?;
    let attributes = head[head.find("<stream:stream")?..].split('>').next()?;
    if attributes.contains(" id=") {
        return server!("XMPP stream header", CLEAR);
    }
    if attributes.contains(" to=") {
        return client!("XMPP stream header", CLEAR);
    }
    None
}

/// Git's pack protocol: a request of the `git://` transport.
fn git(payload: &[u8]) -> Found {
    if starts_with_any(payload.get(4..)?, &[b"git-upload-pack ", b"git-receive-pack "]) {
        return client!("Git request", CERTAIN);
    }
    None
}

/// STOMP 1.2.
fn stomp(line: &str, _: &[u8]) -> Found {
    match line {
        "CONNECT" | "STOMP" | "SUBSCRIBE" => client!("STOMP request", CLEAR),
        "CONNECTED" | "MESSAGE" | "RECEIPT" => server!("STOMP answer", CLEAR),
        _ => None,
    }
}

/// memcached's text protocol.
fn memcached(line: &str, _: &[u8]) -> Found {
    let mut words = line.split(' ');
    match (words.next()?, words.count()) {
        ("get" | "gets" | "incr" | "decr" | "delete" | "touch", 1..=3) => client!("memcached command", CLEAR),
        ("set" | "add" | "replace" | "append" | "prepend" | "cas", 4..=6) => client!("memcached command", CLEAR),
        ("VALUE", 3..=4) | ("STORED" | "NOT_STORED" | "DELETED" | "NOT_FOUND", 0) => server!("memcached answer", CLEAR),
        ("STAT", 2) => server!("memcached answer", CLEAR),
        _ => None,
    }
}

/// RFC 2812, section 2.3: what comes from a server has a prefix.
fn irc(line: &str, _: &[u8]) -> Found {
    let mut words = line.split(' ');
    let first = words.next()?;
    if first.starts_with(':') && first.len() > 1 {
        let second = words.next()?;
        let numeric = second.len() == 3 && second.bytes().all(|byte| byte.is_ascii_digit());
        let command = matches!(second, "NOTICE" | "PRIVMSG" | "JOIN" | "PART" | "MODE" | "QUIT" | "NICK" | "TOPIC");
        return if numeric || command { server!("IRC message", CLEAR) } else { None };
    }
    match first {
        "NICK" | "JOIN" | "PRIVMSG" | "WHOIS" | "PONG" if words.next().is_some() => client!("IRC command", CLEAR),
        _ => None,
    }
}

/// RFC 9051, section 2.2 and 6: a tagged command or response, an untagged response.
fn imap(line: &str, _: &[u8]) -> Found {
    const COMMANDS: [&str; 22] = [
        "CAPABILITY",
        "LOGIN",
        "AUTHENTICATE",
        "SELECT",
        "EXAMINE",
        "LIST",
        "LSUB",
        "STATUS",
        "FETCH",
        "STORE",
        "UID",
        "NOOP",
        "LOGOUT",
        "STARTTLS",
        "IDLE",
        "SEARCH",
        "APPEND",
        "CLOSE",
        "EXPUNGE",
        "CREATE",
        "ID",
        "NAMESPACE",
    ];
    let mut words = line.split(' ');
    let (tag, word) = (words.next()?, words.next()?);
    let is_one_of = |words: &[&str]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
    let is_tag = (1..=16).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if tag == "*" && (word.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        return server!("IMAP untagged response", CLEAR);
    }
    if !is_tag || !tag.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if is_one_of(&["OK", "NO", "BAD"]) {
        return server!("IMAP tagged response", CLEAR);
    }
    if is_one_of(&COMMANDS) {
        return client!("IMAP command", CLEAR);
    }
    None
}

/// RFC 1939, section 3, and the simple replies of Redis.
fn pop3_or_redis(line: &str, _: &[u8]) -> Found {
    if line.starts_with("+OK") || line.starts_with("-ERR") || line == "+PONG" || line == "+QUEUED" {
        return server!("+OK or -ERR reply", CLEAR);
    }
    None
}

/// RESP, the protocol of Redis: a client sends its commands as arrays of bulk strings.
fn redis(payload: &[u8]) -> Found {
    if payload.first() != Some(&b'*') {
        return None;
    }
    let mut lines = payload.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let number = |line: &[u8], mark: u8| -> Option<usize> {
        let digits = line.strip_prefix(&[mark])?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let count = number(lines.next()?, b'*')?;
    let length = number(lines.next()?, b'$')?;
    let word = lines.next()?;
    let is_command = (2..=12).contains(&length) && word.len() == length && word.iter().all(u8::is_ascii_alphabetic);
    let pushed = starts_with_any(word, &[b"message", b"subscribe", b"pmessage", b"psubscribe"]) && count >= 3;
    if is_command && count <= 64 && !pushed {
        return client!("Redis command", LIKELY);
    }
    None
}

/// A three-digit reply code and text: SMTP (RFC 5321, section 4.2), FTP (RFC 959, section 4.2),
/// NNTP (RFC 3977, section 3.2) and others.
fn reply_code(line: &str, _: &[u8]) -> Found {
    let [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..] = *line.as_bytes() else { return None };
    server!("reply code", CLEAR)
}

/// Commands of SMTP (RFC 5321), FTP (RFC 959, RFC 2428), POP3 (RFC 1939) and NNTP (RFC 3977), one to a line.
fn command_line(line: &str, payload: &[u8]) -> Found {
    const COMMANDS: [&str; 52] = [
        "EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "RSET", "VRFY", "QUIT", "NOOP", "AUTH", "STARTTLS", "BDAT",
        "USER", "PASS", "ACCT", "CWD", "CDUP", "PORT", "EPRT", "PASV", "EPSV", "TYPE", "MODE", "STRU", "RETR", "STOR",
        "APPE", "REST", "ABOR", "DELE", "RMD", "MKD", "PWD", "XPWD", "LIST", "NLST", "SITE", "SYST", "FEAT", "SIZE",
        "MDTM", "STAT", "UIDL", "TOP", "CAPA", "APOP", "GROUP", "ARTICLE", "XOVER", "OPTS", "PBSZ",
    ];
    let word = line.split(' ').next()?;
    let is_command = || COMMANDS.iter().any(|command| word.eq_ignore_ascii_case(command));
    if payload.len() <= 4096 && payload.ends_with(b"\r\n") && is_command() {
        return client!("command line", CLEAR);
    }
    None
}

/// RFC 6455, section 5.2: the client masks its frames, the server must not.
fn websocket(payload: &[u8]) -> Found {
    let [0x81 | 0x82 | 0x88 | 0x89 | 0x8a, second, ..] = *payload else { return None };
    let masked = second & 0x80 != 0;
    let (header, length) = match second & 0x7f {
        126 => (4, usize::from(u16_at(payload, 2)?)),
        127 => return None,
        length => (2, usize::from(length)),
    };
    if header + length + if masked { 4 } else { 0 } != payload.len() || length == 0 {
        return None;
    }
    if masked {
        client!("masked WebSocket frame", LIKELY)
    } else {
        server!("unmasked WebSocket frame", LIKELY)
    }
}

/// RFC 2131, section 2: operation, hardware type and length, and the magic cookie.
fn dhcp(message: &[u8]) -> Found {
    if u32_at(message, 236)? != 0x6382_5363 {
        return None;
    }
    match message[0] {
        1 => client!("DHCP request", CERTAIN),
        2 => server!("DHCP reply", CERTAIN),
        _ => None,
    }
}

/// RFC 5905, section 7.3: modes 3 and 4; symmetric peers have no roles.
fn ntp(message: &[u8]) -> Found {
    let first = *message.first()?;
    if !(48..=72).contains(&message.len()) || !(1..=4).contains(&(first >> 3 & 7)) {
        return None;
    }
    match first & 7 {
        3 => client!("NTP client mode", LIKELY),
        4 => server!("NTP server mode", LIKELY),
        _ => None,
    }
}

/// RFC 3416, section 3, in a message of RFC 1157 or RFC 3417.
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

/// RFC 2865, section 3.
fn radius(message: &[u8]) -> Found {
    if usize::from(u16_at(message, 2)?) != message.len() || message.len() < 20 {
        return None;
    }
    match message[0] {
        1 | 4 | 12 => client!("RADIUS request", CLEAR),
        2 | 3 | 5 | 11 => server!("RADIUS response", CLEAR),
        _ => None,
    }
}

/// RFC 1350, section 5.
fn tftp(message: &[u8]) -> Found {
    let [0, 1 | 2, name, .., 0] = *message else { return None };
    let modes: [&[u8]; 3] = [b"octet\0", b"netascii\0", b"OCTET\0"];
    if name.is_ascii_graphic() && modes.iter().any(|mode| message.windows(mode.len()).any(|window| window == *mode)) {
        return client!("TFTP request", CERTAIN);
    }
    None
}

/// UPnP Device Architecture 2.0, section 1.3.
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

/// RFC 3261, section 7: either end may ask, but mostly it is the client.
fn sip(message: &[u8]) -> Found {
    if message.starts_with(b"SIP/2.0 ") {
        return server!("SIP response", LIKELY);
    }
    if line(message)?.ends_with(" SIP/2.0") {
        return client!("SIP request", LIKELY);
    }
    None
}

/// RFC 5424, section 6.2.1.
fn syslog(message: &[u8]) -> Found {
    let end = message.iter().take(5).position(|byte| *byte == b'>')?;
    let priority = message.strip_prefix(b"<")?.get(..end.checked_sub(1)?)?;
    if !priority.is_empty() && priority.iter().all(u8::is_ascii_digit) {
        return client!("syslog message", CLEAR);
    }
    None
}

/// RFC 9000, section 17.2.2: an Initial packet of a connection that has no token and an empty
/// source connection id or a fresh one; a server's Initial answers with the client's id.
fn quic_client_hello(message: &[u8]) -> Found {
    let [first, 0, 0, 0, 1, destination, ..] = *message else { return None };
    // A client must pad this datagram to 1200 bytes and choose a destination id of at least 8.
    if first & 0xf0 == 0xc0 && message.len() >= 1200 && destination >= 8 {
        return client!("QUIC Initial", SLIGHT);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of_tcp(payload: &[u8]) -> Option<(Speaker, &'static str)> {
        tcp(payload).map(|sign| (sign.speaker, sign.what))
    }

    #[test]
    fn requests_come_from_the_client() {
        for (payload, what) in [
            (&b"GET /index.html HTTP/1.1\r\n"[..], "HTTP request"),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 preface"),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "TLS Client Hello"),
            (b"DESCRIBE rtsp://192.0.2.1/ RTSP/1.0\r\n", "RTSP request"),
            (b"EHLO mail.example.com\r\n", "command line"),
            (b"a1 LOGIN user secret\r\n", "IMAP command"),
            (b"NICK alice\r\n", "IRC command"),
            (b"*1\r\n$4\r\nPING\r\n", "Redis command"),
            (b"\x00\x00\x00\x08\x04\xd2\x16\x2f", "PostgreSQL startup"),
            (b"\0alice\0alice\0xterm/38400\0", "rlogin start"),
        ] {
            assert_eq!(of_tcp(payload), Some((Speaker::Client, what)));
        }
    }

    #[test]
    fn answers_come_from_the_server() {
        for (payload, what) in [
            (&b"HTTP/1.1 200 OK\r\n"[..], "HTTP response"),
            (b"\x16\x03\x03\x00\x5a\x02\x00\x00\x56", "TLS Server Hello"),
            (b"220 mail.example.com ESMTP\r\n", "reply code"),
            (b"+OK ready\r\n", "+OK or -ERR reply"),
            (b"* OK IMAP4rev1 ready\r\n", "IMAP untagged response"),
            (b":irc.example.com 001 alice :Welcome\r\n", "IRC message"),
            (b"\x05\x00\x00\x00\x0a5.7\0", "MySQL greeting"),
        ] {
            let mut payload = payload.to_vec();
            if what == "MySQL greeting" {
                payload[3] = 0;
                payload[0] = payload.len() as u8 - 4;
            }
            assert_eq!(of_tcp(&payload), Some((Speaker::Server, what)));
        }
    }

    #[test]
    fn what_both_ends_send_says_nothing() {
        for payload in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\x13BitTorrent protocol", b"", b"\x17\x03\x03\x00\x10"] {
            assert_eq!(of_tcp(payload), None);
        }
    }

    #[test]
    fn datagrams_are_told_apart() {
        let query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x01\x00\x01";
        assert_eq!(udp(query).map(|sign| sign.speaker), Some(Speaker::Client));
        let mut response = query.to_vec();
        response[2] |= 0x80;
        assert_eq!(udp(&response).map(|sign| sign.speaker), Some(Speaker::Server));
        let mut ntp = [0u8; 48];
        ntp[0] = 0x23;
        assert_eq!(udp(&ntp).map(|sign| sign.what), Some("NTP client mode"));
        ntp[0] = 0x21;
        assert_eq!(udp(&ntp), None, "symmetric peers have no roles");
    }

    proptest! {
        #[test]
        fn any_payload_is_survived(payload in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = (tcp(&payload), udp(&payload));
        }

        #[test]
        fn any_text_is_survived(payload in "\\PC{0,80}\r\n\\PC{0,80}") {
            let _ = (tcp(payload.as_bytes()), udp(payload.as_bytes()));
        }
    }
}
