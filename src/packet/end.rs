// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The two ends of a conversation.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// An address and a port: one end of a conversation.
///
/// The address is stored as two integers, which are cheaper to copy and to compare than an [`IpAddr`]. IPv4 addresses
/// are stored as IPv4-mapped IPv6 addresses (RFC 4291, section 2.5.5.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct End {
    family: Family,
    high: u64,
    low: u64,
    /// The port, in host byte order.
    pub port: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Family {
    V4,
    V6,
}

const MAPPED: u64 = 0xffff << 32;

/// An address as an integer in host byte order.
pub enum Bits {
    /// An IPv4 address.
    V4(u32),
    /// An IPv6 address.
    V6(u128),
}

impl End {
    /// Creates an end from an address and a port.
    pub fn new(address: impl Into<IpAddr>, port: u16) -> Self {
        match address.into() {
            IpAddr::V4(address) => Self::v4(address.octets(), port),
            IpAddr::V6(address) => Self::v6(address.octets(), port),
        }
    }

    /// Creates an end from an IPv4 address in network byte order and a port in host byte order.
    #[inline(always)]
    pub fn v4(address: [u8; 4], port: u16) -> Self {
        Self { family: Family::V4, high: 0, low: MAPPED | u64::from(u32::from_be_bytes(address)), port }
    }

    /// Creates an end from an IPv6 address in network byte order and a port in host byte order.
    #[inline(always)]
    pub fn v6(address: [u8; 16], port: u16) -> Self {
        let bits = u128::from_be_bytes(address);
        Self { family: Family::V6, high: (bits >> 64) as u64, low: bits as u64, port }
    }

    /// Whether the address is an IPv4 address.
    #[inline(always)]
    pub fn is_v4(self) -> bool {
        self.family == Family::V4
    }

    /// Returns the address as an integer of its own width.
    #[inline(always)]
    pub fn bits(self) -> Bits {
        match self.family {
            Family::V4 => Bits::V4(self.low as u32),
            Family::V6 => Bits::V6(self.number()),
        }
    }

    /// Returns the address as a 128-bit integer. An IPv4 address and its IPv4-mapped IPv6 address give the same number.
    #[inline(always)]
    pub fn number(self) -> u128 {
        u128::from(self.high) << 64 | u128::from(self.low)
    }

    /// Whether the address is a multicast address (RFC 5771; RFC 4291, section 2.7) or the limited broadcast address
    /// (RFC 919). No interface has such an address as its own.
    pub fn is_group(self) -> bool {
        match self.bits() {
            Bits::V4(bits) => bits >> 28 == 0xe || bits == u32::MAX,
            Bits::V6(bits) => bits >> 120 == 0xff,
        }
    }

    /// Whether the address can be the broadcast address of a subnet whose host part has 8 bits or more.
    pub fn may_be_broadcast(self) -> bool {
        matches!(self.bits(), Bits::V4(bits) if bits & 0xff == 0xff)
    }

    /// Whether the address can be the broadcast address of some subnet. Subnets with a 31-bit prefix have none
    /// (RFC 3021).
    pub fn is_last_of_some_subnet(self) -> bool {
        matches!(self.bits(), Bits::V4(bits) if bits & 3 == 3)
    }

    /// Returns the address.
    pub fn address(self) -> IpAddr {
        match self.bits() {
            Bits::V4(bits) => Ipv4Addr::from_bits(bits).into(),
            Bits::V6(bits) => Ipv6Addr::from_bits(bits).into(),
        }
    }
}

impl fmt::Debug for End {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl fmt::Display for End {
    /// Writes `192.0.2.1:80` or `[2001:db8::1]:80`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        SocketAddr::new(self.address(), self.port).fmt(out)
    }
}

/// One of a packet's two ends, by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The sender.
    Source,
    /// The receiver.
    Destination,
}

impl Party {
    /// Returns the opposite end.
    pub fn other(self) -> Self {
        match self {
            Self::Source => Self::Destination,
            Self::Destination => Self::Source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_and_broadcast_addresses_are_recognized() {
        let is = |address: &str| {
            let end = End::new(address.parse::<IpAddr>().unwrap(), 0);
            (end.is_group(), end.may_be_broadcast())
        };
        for (address, group, broadcast) in [
            ("223.255.255.254", false, false),
            ("224.0.0.1", true, false),
            ("239.255.255.250", true, false),
            ("240.0.0.1", false, false),
            ("255.255.255.255", true, true),
            ("192.0.2.255", false, true),
            ("ff02::fb", true, false),
            ("fe80::ff", false, false),
            ("::ffff:224.0.0.1", false, false),
        ] {
            assert_eq!(is(address), (group, broadcast), "{address}");
        }
    }

    #[test]
    fn an_end_keeps_its_address() {
        for text in ["192.0.2.1:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"] {
            let address: SocketAddr = text.parse().unwrap();
            let end = End::new(address.ip(), address.port());
            assert_eq!((end.address(), end.to_string().as_str()), (address.ip(), text));
        }
        assert_ne!(End::new([192, 0, 2, 1], 80), End::new(Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped(), 80));
    }
}
