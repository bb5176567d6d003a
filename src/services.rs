// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The services that the user declares: the rows of the table in Preferences, and which of them names an end.
//!
//! Of several rows that name an end, the one with the longest prefix counts, and of these the first in the table.

use crate::packet::{Bits, End, Transport};
use std::cmp::Reverse;
use std::net::IpAddr;

/// A range of ports, both ends included.
pub type PortRange = (u16, u16);

/// The addresses that a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// All.
    Any,
    /// Those of IPv4 that begin with the same bits.
    V4 {
        /// Their first bits; the others are 0.
        bits: u32,
        /// How many: 0 to 32.
        length: u8,
    },
    /// Those of IPv6 that do.
    V6 {
        /// Their first bits; the others are 0.
        bits: u128,
        /// How many: 0 to 128.
        length: u8,
    },
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where the service is.
    pub prefix: Prefix,
    /// Over which transport; `None` for any.
    pub transport: Option<Transport>,
    /// On which ports.
    pub ports: Vec<PortRange>,
    /// What it is called, if the user says so.
    pub name: Option<String>,
}

impl Row {
    /// Reads a row from the texts of its fields: address, transport, ports, name.
    ///
    /// # Errors
    /// The first field that cannot be read, in words.
    pub fn read(fields: [&str; 4]) -> Result<Self, String> {
        let [address, transport, ports, name] = fields;
        Ok(Self {
            prefix: read_prefix(address)?,
            transport: read_transport(transport)?,
            ports: read_ports(ports)?,
            name: read_name(name)?,
        })
    }
}

/// Reads an address or a prefix: `10.0.0.5`, `10.0.0.0/8`, `2001:db8::/32`; nothing for any.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_prefix(text: &str) -> Result<Prefix, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Prefix::Any);
    }
    let wrong = || format!("\"{text}\" is no address and no prefix such as 10.0.0.0/8 or 2001:db8::/32");
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        None => bits,
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            let length = length.parse().map_err(|_| wrong())?;
            if length > bits {
                return Err(format!("the prefix of \"{text}\" has more than {bits} bits"));
            }
            length
        }
        Some(_) => return Err(wrong()),
    };
    Ok(match address {
        IpAddr::V4(address) => Prefix::V4 { bits: first_bits_v4(address.to_bits(), length), length },
        IpAddr::V6(address) => Prefix::V6 { bits: first_bits_v6(address.to_bits(), length), length },
    })
}

/// Reads a transport: `TCP`, `UDP`, `SCTP`, `DCCP` or `UDP-Lite`; `any` or nothing for all.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_transport(text: &str) -> Result<Option<Transport>, String> {
    match text.trim() {
        "" => Ok(None),
        text if text.eq_ignore_ascii_case("any") => Ok(None),
        text => {
            let is_it = |transport: &Transport| transport.name().to_bytes().eq_ignore_ascii_case(text.as_bytes());
            let found = Transport::ALL.into_iter().find(is_it).map(Some);
            found.ok_or_else(|| format!("\"{text}\" is no transport: use TCP, UDP, SCTP, DCCP, UDP-Lite or any"))
        }
    }
}

/// Reads ports and ranges of them: `8443,9000-9099`.
///
/// # Errors
/// What is wrong with them, in words.
pub fn read_ports(text: &str) -> Result<Vec<PortRange>, String> {
    if text.trim().is_empty() {
        return Err("a service needs ports, such as 8443 or 8443,9000-9099".to_owned());
    }
    text.split(',').map(|range| read_range(range.trim())).collect()
}

fn read_range(text: &str) -> Result<PortRange, String> {
    let port = |digits: &str| {
        let digits = digits.trim();
        // A sign is no part of a port.
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let port = if is_number { digits.parse().ok() } else { None };
        port.ok_or_else(|| format!("\"{text}\" is no port (0 to 65535) and no range such as 9000-9099"))
    };
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (port(first)?, port(last)?),
        None => (port(text)?, port(text)?),
    };
    if first > last {
        return Err(format!("the range \"{text}\" ends before it begins"));
    }
    Ok((first, last))
}

/// Reads a name; nothing for none.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_name(text: &str) -> Result<Option<String>, String> {
    const MOST: usize = 100;
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err("a name has no control characters".to_owned());
    }
    if text.chars().count() > MOST {
        return Err(format!("a name has at most {MOST} characters"));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// What the table says of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared<'a> {
    /// The service's name, if the row has one.
    pub name: Option<&'a str>,
}

/// The table, in a form in which the row of an end is found at once.
#[derive(Debug, Default)]
pub struct Services {
    /// One bit for each port of each transport that any row has; empty if there are no rows.
    declared_ports: Vec<u64>,
    /// By family and length of prefix, the longest first.
    v4: Vec<Prefixes>,
    v6: Vec<Prefixes>,
    any: Ports,
    /// Of each row.
    names: Vec<Option<String>>,
}

/// The rows of one family with prefixes of one length, by these.
#[derive(Debug)]
struct Prefixes {
    length: u8,
    by_bits: Vec<(u128, Ports)>,
}

/// The ranges of one prefix, by their ports of each transport. They do not overlap.
#[derive(Debug, Default)]
struct Ports(Vec<Range>);

#[derive(Clone, Copy, Debug)]
struct Range {
    /// As [`number_of`] counts them: a range is of one transport.
    first: u32,
    last: u32,
    row: usize,
}

impl Services {
    /// The table of these rows.
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut services = Self::default();
        for row in rows {
            services.add(row);
        }
        services
    }

    /// Whether there are no rows.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.declared_ports.is_empty()
    }

    /// What the table says of an end; `None` if no row names it.
    #[inline]
    pub fn find(&self, transport: Transport, end: End) -> Option<Declared<'_>> {
        let (word, bit) = bit_of(transport, end.port);
        let is_declared = self.declared_ports.get(word).is_some_and(|word| word & bit != 0);
        if is_declared { self.look_up(transport, end) } else { None }
    }

    fn look_up(&self, transport: Transport, end: End) -> Option<Declared<'_>> {
        let in_prefixes = |prefixes: &[Prefixes], first_bits: &dyn Fn(u8) -> u128| {
            let of = |prefixes: &Prefixes| {
                let at = prefixes.by_bits.binary_search_by_key(&first_bits(prefixes.length), |(bits, _)| *bits).ok()?;
                prefixes.by_bits[at].1.find(transport, end.port)
            };
            prefixes.iter().find_map(of)
        };
        let row = match end.bits() {
            Bits::V4(bits) => in_prefixes(&self.v4, &|length| first_bits_v4(bits, length).into()),
            Bits::V6(bits) => in_prefixes(&self.v6, &|length| first_bits_v6(bits, length)),
        };
        let row = row.or_else(|| self.any.find(transport, end.port))?;
        Some(Declared { name: self.names.get(row)?.as_deref() })
    }

    fn add(&mut self, row: Row) {
        let number = self.names.len();
        let ports = match row.prefix {
            Prefix::Any => &mut self.any,
            Prefix::V4 { bits, length } => ports_of(&mut self.v4, length, bits.into()),
            Prefix::V6 { bits, length } => ports_of(&mut self.v6, length, bits),
        };
        self.declared_ports.resize(Transport::ALL.len() * (1 << 16) / 64, 0);
        for transport in Transport::ALL.into_iter().filter(|one| row.transport.is_none_or(|only| only == *one)) {
            for &(first, last) in &row.ports {
                ports.add(transport, first, last, number);
                let ((from, first_bit), (to, last_bit)) = (bit_of(transport, first), bit_of(transport, last));
                for (at, word) in self.declared_ports.iter_mut().enumerate().take(to + 1).skip(from) {
                    // All bits of the range that are in this word.
                    let from = if at == from { first_bit } else { 1 };
                    let to = if at == to { last_bit } else { 1 << 63 };
                    *word |= (to - from) | to;
                }
            }
        }
        self.names.push(row.name);
    }
}

fn ports_of(all: &mut Vec<Prefixes>, length: u8, bits: u128) -> &mut Ports {
    let at = all.binary_search_by_key(&Reverse(length), |prefixes| Reverse(prefixes.length)).unwrap_or_else(|at| {
        all.insert(at, Prefixes { length, by_bits: Vec::new() });
        at
    });
    let by_bits = &mut all[at].by_bits;
    let at = by_bits.binary_search_by_key(&bits, |(bits, _)| *bits).unwrap_or_else(|at| {
        by_bits.insert(at, (bits, Ports::default()));
        at
    });
    &mut by_bits[at].1
}

impl Ports {
    fn find(&self, transport: Transport, port: u16) -> Option<usize> {
        let port = number_of(transport, port);
        let range = self.0.get(self.0.partition_point(|range| range.last < port))?;
        (range.first <= port).then_some(range.row)
    }

    /// Adds a range, except for the ports that an earlier row has.
    fn add(&mut self, transport: Transport, first: u16, last: u16, row: usize) {
        let (first, last) = (number_of(transport, first), number_of(transport, last));
        let ranges = &mut self.0;
        let mut at = ranges.partition_point(|range| range.last < first);
        // The first port that may be free; it may be past the last one.
        let mut free = first;
        loop {
            let taken = ranges.get(at).copied().filter(|range| range.first <= last);
            let end = taken.map_or(last + 1, |range| range.first);
            if free < end {
                ranges.insert(at, Range { first: free, last: end - 1, row });
                at += 1;
            }
            let Some(taken) = taken else { return };
            free = taken.last + 1;
            at += 1;
        }
    }
}

/// A port's number among those of all transports.
#[inline]
fn number_of(transport: Transport, port: u16) -> u32 {
    (transport as u32) << 16 | u32::from(port)
}

/// Where the bit of a port is.
fn bit_of(transport: Transport, port: u16) -> (usize, u64) {
    let at = number_of(transport, port) as usize;
    (at / 64, 1 << (at % 64))
}

fn first_bits_v4(bits: u32, length: u8) -> u32 {
    bits & u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0)
}

fn first_bits_v6(bits: u128, length: u8) -> u128 {
    bits & u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
