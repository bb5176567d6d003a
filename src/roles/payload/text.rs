// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Protocols that are recognized by text.

use super::Speaker::{Client, Server};
use super::bytes::{has, line, starts_with_any};
use super::{Begins, CERTAIN, CLEAR, Found, LIKELY, Noise, OfBytes, OfText, Recognizer, Sign, client, server};

/// RFC 9112, sections 3 and 4: a request line or a status line.
pub(super) const HTTP: OfBytes = Recognizer::new(
    http,
    Begins::first(b"GPHDOCTMLR"),
    Noise::HARDLY_EVER,
    &[(Client, "HTTP request", b"GET /index.html HTTP/1.1\r\n"), (Server, "HTTP response", b"HTTP/1.1 200 OK\r\n")],
);

/// Methods of HTTP (RFC 9110, section 9) and WebDAV (RFC 4918).
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
    if !payload.get(1)?.is_ascii_uppercase() {
        return None;
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
pub(super) const HTTP2: OfBytes = Recognizer::new(
    http2,
    Begins::first(b"P"),
    Noise::HARDLY_EVER,
    &[(Client, "HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")],
);

fn http2(payload: &[u8]) -> Found {
    if payload.starts_with(b"PRI * HTTP/2.0\r\n") {
        return client!("HTTP/2 preface", CERTAIN);
    }
    None
}

/// RFC 7826, section 13.
pub(super) const RTSP_REQUEST: OfText = Recognizer::new(
    rtsp_request,
    Begins::PRINTABLE,
    Noise::HARDLY_EVER,
    &[(Client, "RTSP request", b"DESCRIBE rtsp://192.0.2.1/ RTSP/1.0\r\n")],
);

fn rtsp_request(line: &str, _: &[u8]) -> Found {
    if has(line.as_bytes(), b'/') && line.contains(" RTSP/") {
        return client!("RTSP request", CLEAR);
    }
    None
}

/// RFC 7826, section 13.
pub(super) const RTSP_RESPONSE: OfBytes = Recognizer::new(
    rtsp_response,
    Begins::first(b"R"),
    Noise::HARDLY_EVER,
    &[(Server, "RTSP response", b"RTSP/1.0 200 OK\r\n")],
);

fn rtsp_response(payload: &[u8]) -> Found {
    if starts_with_any(payload, &[b"RTSP/1.0 ", b"RTSP/2.0 "]) {
        return server!("RTSP response", CERTAIN);
    }
    None
}

/// RFC 6120, section 4.7: the client's stream header has `to`, and the server's has `id`.
pub(super) const XMPP: OfBytes = Recognizer::new(
    xmpp,
    Begins::UTF8,
    Noise::HARDLY_EVER,
    &[
        (Client, "XMPP stream header", b"<stream:stream to='example.com'>"),
        (Server, "XMPP stream header", b"<stream:stream from='example.com' id='1'>"),
    ],
);

fn xmpp(payload: &[u8]) -> Found {
    let head = &payload[..payload.len().min(400)];
    // These two tests are fast and reject most payloads: the first bytes are not text, or there is no `<`.
    if !begins_as_text(head) || !has(head, b'<') {
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

/// Whether the first bytes are UTF-8, except that the last character may be incomplete.
fn begins_as_text(text: &[u8]) -> bool {
    const TESTED: usize = 8;
    let first = std::str::from_utf8(&text[..text.len().min(TESTED)]);
    first.map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// RESP, the protocol of Redis. A client sends commands as arrays of bulk strings, so a single bulk string is an
/// answer.
pub(super) const REDIS: OfBytes = Recognizer::new(
    redis,
    Begins::first(b"*$"),
    Noise::HARDLY_EVER,
    &[(Client, "Redis command", b"*1\r\n$4\r\nPING\r\n"), (Server, "Redis answer", b"$5\r\nhello\r\n")],
);

fn redis(payload: &[u8]) -> Found {
    match payload.first()? {
        b'*' => redis_command(payload),
        b'$' => redis_answer(payload),
        _ => None,
    }
}

fn redis_answer(payload: &[u8]) -> Found {
    let (line, rest) = payload.split_at(payload.iter().take(12).position(|byte| *byte == b'\n')? + 1);
    let length: usize = std::str::from_utf8(line.strip_prefix(b"$")?.strip_suffix(b"\r\n")?).ok()?.parse().ok()?;
    let is_whole = rest.len() == length + 2 && rest.ends_with(b"\r\n");
    if is_whole {
        return server!("Redis answer", CLEAR);
    }
    None
}

fn redis_command(payload: &[u8]) -> Found {
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

/// STOMP 1.2.
pub(super) const STOMP: OfText = Recognizer::new(
    stomp,
    Begins::first(b"CSMR"),
    Noise::HARDLY_EVER,
    &[
        (Client, "STOMP request", b"CONNECT\naccept-version:1.2\n"),
        (Server, "STOMP answer", b"CONNECTED\nversion:1.2\n"),
    ],
);

fn stomp(line: &str, _: &[u8]) -> Found {
    match line {
        "CONNECT" | "STOMP" | "SUBSCRIBE" => client!("STOMP request", CLEAR),
        "CONNECTED" | "MESSAGE" | "RECEIPT" => server!("STOMP answer", CLEAR),
        _ => None,
    }
}

/// memcached's text protocol.
pub(super) const MEMCACHED: OfText = Recognizer::new(
    memcached,
    Begins::first(b"gidtsarpcVSDN"),
    Noise::HARDLY_EVER,
    &[(Client, "memcached command", b"get key\r\n"), (Server, "memcached answer", b"VALUE key 0 5\r\nhello\r\n")],
);

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

/// RFC 2812, section 2.3. Messages from a server have a prefix.
pub(super) const IRC: OfText = Recognizer::new(
    irc,
    Begins::first(b":NJPW"),
    Noise::HARDLY_EVER,
    &[(Client, "IRC command", b"NICK alice\r\n"), (Server, "IRC message", b":irc.example.com 001 alice :Welcome\r\n")],
);

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

/// RFC 9051, sections 2.2 and 6: a tagged command or response, or an untagged response.
pub(super) const IMAP: OfText = Recognizer::new(
    imap,
    Begins::PRINTABLE,
    Noise::HARDLY_EVER,
    &[
        (Client, "IMAP command", b"a1 LOGIN user secret\r\n"),
        (Server, "IMAP tagged response", b"a1 OK LOGIN completed\r\n"),
        (Server, "IMAP untagged response", b"* OK IMAP4rev1 ready\r\n"),
    ],
);

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
    const LONGEST_TAG: usize = 16;
    let bytes = line.as_bytes();
    let tag = &bytes[..bytes.iter().take(LONGEST_TAG + 1).position(|byte| *byte == b' ')?];
    let is_tag = || tag.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    if tag != b"*" && !(tag.iter().any(u8::is_ascii_digit) && is_tag()) {
        return None;
    }
    let word = line[tag.len() + 1..].split(' ').next()?;
    let is_one_of = |words: &[&str]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
    if tag == b"*" {
        let is_word = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        return if is_word { server!("IMAP untagged response", CLEAR) } else { None };
    }
    if is_one_of(&["OK", "NO", "BAD"]) {
        return server!("IMAP tagged response", CLEAR);
    }
    // `530 Login incorrect.` is a reply of another protocol.
    let is_sentence =
        || word.starts_with(char::is_uppercase) && word[1..].bytes().all(|byte| byte.is_ascii_lowercase());
    if is_one_of(&COMMANDS) && !(begins_with_reply_code(line) && is_sentence()) {
        return client!("IMAP command", CLEAR);
    }
    None
}

fn begins_with_reply_code(line: &str) -> bool {
    matches!(line.as_bytes(), [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..])
}

/// POP3's replies (RFC 1939, section 3), and simple replies of Redis.
pub(super) const POP3_OR_REDIS: OfText = Recognizer::new(
    pop3_or_redis,
    Begins::first(b"+-"),
    Noise::HARDLY_EVER,
    &[(Server, "+OK or -ERR reply", b"+OK ready\r\n")],
);

fn pop3_or_redis(line: &str, _: &[u8]) -> Found {
    if line.starts_with("+OK") || line.starts_with("-ERR") || line == "+PONG" || line == "+QUEUED" {
        return server!("+OK or -ERR reply", CLEAR);
    }
    None
}

/// A three-digit reply code and text: SMTP (RFC 5321, section 4.2), FTP (RFC 959, section 4.2),
/// NNTP (RFC 3977, section 3.2) and others.
pub(super) const REPLY_CODE: OfText = Recognizer::new(
    reply_code,
    Begins::first(b"12345"),
    Noise::HARDLY_EVER,
    &[(Server, "reply code", b"220 mail.example.com ESMTP\r\n"), (Server, "reply code", b"530 Login incorrect.\r\n")],
);

fn reply_code(line: &str, _: &[u8]) -> Found {
    if begins_with_reply_code(line) {
        return server!("reply code", LIKELY);
    }
    None
}

/// Commands of SMTP (RFC 5321), FTP (RFC 959, RFC 2428), POP3 (RFC 1939) and NNTP (RFC 3977), one per line.
pub(super) const COMMAND_LINE: OfText = Recognizer::new(
    command_line,
    Begins::first(b"EHLMRDVQNASBUPCTXGOFehlmrdvqnasbupctxgof"),
    Noise::HARDLY_EVER,
    &[(Client, "command line", b"EHLO mail.example.com\r\n")],
);

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
        return client!("command line", LIKELY);
    }
    None
}
