// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Listening ports that two ends agree on in another conversation: FTP's data connections.

use super::{Case, Piece, Observation};
use crate::ephemeral::HIGHEST_SYSTEM;
use crate::packet::End;
use crate::roles::end_facts::EndFacts;
use crate::roles::ports::PortKnowledge;
use crate::roles::weights;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// The listening end was agreed on in another conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The listening end.
    end: End,
    /// The frame that names it.
    frame: u32,
}

impl Observation for Fact {
    fn kind(&self) -> &'static str {
        "agreed on in-band"
    }

    fn frame(&self) -> Option<u32> {
        Some(self.frame)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { end, frame } = self;
        write!(out, "{end} was agreed on as listening in frame {frame}")
    }
}

/// Returns the evidence that two ends agreed in another conversation that one of this conversation's ends listens.
pub(super) fn weigh(case: &Case<'_, impl PortKnowledge>) -> Option<Piece> {
    let server = case.only_side(EndFacts::was_agreed_on)?;
    let frame = case.conversations.ends.agreement_frame(case.conversation.end(server)).unwrap_or(0);
    Piece::new(server, weights::AGREED, Fact { end: case.end(server), frame })
}

/// Returns the end that will listen, if the payload begins with a line of FTP that names it: a command PORT or EPRT, or
/// a reply 227 or 229 (RFC 959, section 4.1.2; RFC 2428). If the line has no address, it is the sender's.
///
/// A line with a system port does not count, since it abuses the server to reach a service (RFC 2577, section 3).
#[inline(always)]
pub(crate) fn ftp(payload: &[u8], sender: End) -> Option<End> {
    if may_be_ftp(payload) { named(payload, sender) } else { None }
}

/// Whether [`ftp`] has to parse the payload. This test is fast, since every payload passes it, and most are no such
/// line.
#[inline(always)]
pub(crate) fn may_be_ftp(payload: &[u8]) -> bool {
    matches!(payload.first_chunk(), Some(b"PORT " | b"EPRT " | [b'2', b'2', b'7' | b'9', b' ', _]))
}

#[cold]
fn named(payload: &[u8], sender: End) -> Option<End> {
    line(payload, sender.address()).filter(|end| end.port > HIGHEST_SYSTEM)
}

fn line(payload: &[u8], sender: IpAddr) -> Option<End> {
    const MAX_LENGTH: usize = 256;
    let line = payload[..payload.len().min(MAX_LENGTH)].split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let line = std::str::from_utf8(line).ok()?;
    if let Some(numbers) = line.strip_prefix("PORT ") {
        return host_port(numbers);
    }
    if let Some(rest) = line.strip_prefix("EPRT ") {
        return extended(rest, sender);
    }
    if line.starts_with("227 ") {
        let from = line.char_indices().skip(4).find(|(_, character)| character.is_ascii_digit())?.0;
        return host_port(line[from..].split([')', ' ']).next()?);
    }
    if line.starts_with("229 ") {
        return extended(line.split(['(', ')']).nth(1)?, sender);
    }
    None
}

/// Parses `h1,h2,h3,h4,p1,p2`.
fn host_port(numbers: &str) -> Option<End> {
    let mut numbers = numbers.trim().split(',').map(|number| number.trim().trim_end_matches('.').parse::<u8>());
    let mut next = || numbers.next()?.ok();
    let address = Ipv4Addr::new(next()?, next()?, next()?, next()?);
    Some(End::new(address, u16::from_be_bytes([next()?, next()?])))
}

/// Parses `|family|address|port|`, with any delimiter. Family and address may be empty.
fn extended(text: &str, sender: IpAddr) -> Option<End> {
    let delimiter = text.chars().next()?;
    let mut parts = text.split(delimiter).skip(2);
    let address = match parts.next()? {
        "" => sender,
        address => address.parse().ok()?,
    };
    Some(End::new(address, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_replies_name_the_listener() {
        let sender = End::new([192, 0, 2, 1], 21);
        for (line, address, port) in [
            ("PORT 10,0,0,1,19,137\r\n", "10.0.0.1", 5001),
            ("227 Entering Passive Mode (10,0,0,2,19,137).\r\n", "10.0.0.2", 5001),
            ("227 Entering Passive Mode 10,0,0,2,19,137\r\n", "10.0.0.2", 5001),
            ("EPRT |2|2001:db8::1|5001|\r\n", "2001:db8::1", 5001),
            ("229 Entering Extended Passive Mode (|||5001|)\r\n", "192.0.2.1", 5001),
        ] {
            let end = End::new(address.parse::<IpAddr>().unwrap(), port);
            assert_eq!(ftp(line.as_bytes(), sender), Some(end), "{line}");
        }
    }

    #[test]
    fn other_lines_name_nobody() {
        for line in [
            "PORT 1,2,3\r\n",
            "227 ok\r\n",
            "220 ready\r\n",
            "PORT 10,0,0,1,0,0\r\n",
            "PORT 10,0,0,1,0,80\r\n",
            "229 (\r\n",
            "",
        ] {
            assert_eq!(ftp(line.as_bytes(), End::new([192, 0, 2, 1], 21)), None, "{line}");
        }
    }
}
