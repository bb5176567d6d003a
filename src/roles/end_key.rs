// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! An end in 64 bits, for everything that is kept about it.

use crate::packet::{Side, Transport};

/// An end in 64 bits: the port in the lowest 16, above it an IPv4 address or the number of an IPv6
/// address, then a bit for IPv6 and three for the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndKey(pub(super) u64);

impl EndKey {
    /// Of the address, above its 32 bits.
    const V6: u64 = 1 << 32;
    const TRANSPORT_AT: u32 = 49;
    /// How many of the 64 bits a key uses: the lowest.
    pub(super) const BITS: u32 = 52;
    /// These bits.
    pub(super) const MASK: u64 = (1 << Self::BITS) - 1;

    /// An end at an IPv4 address.
    #[inline]
    pub(super) fn v4(transport: Transport, address: u32, port: u16) -> Self {
        Self::new(transport, u64::from(address), port)
    }

    /// An end at the IPv6 address with this number.
    #[inline]
    pub(super) fn v6(transport: Transport, number: u32, port: u16) -> Self {
        Self::new(transport, Self::V6 | u64::from(number), port)
    }

    #[inline]
    fn new(transport: Transport, address: u64, port: u16) -> Self {
        Self((transport as u64) << Self::TRANSPORT_AT | address << 16 | u64::from(port))
    }

    /// The port.
    pub fn port(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    /// The address, if it is one of IPv4, or else its number.
    pub(super) fn address(self) -> Result<u32, u32> {
        let bits = (self.0 >> 16) as u32;
        if self.0 >> 16 & Self::V6 == 0 { Ok(bits) } else { Err(bits) }
    }

    /// The end's host, as an end without a port.
    pub fn host(self) -> Self {
        Self(self.0 & !0xffff)
    }

    /// The same, whatever the transport.
    pub(super) fn host_over_tcp(self) -> Self {
        const { assert!(Transport::Tcp as u64 == 0) };
        Self(self.host().0 & ((1 << Self::TRANSPORT_AT) - 1))
    }

    /// The transport protocol.
    pub fn transport(self) -> Transport {
        Transport::ALL[(self.0 >> Self::TRANSPORT_AT & 7) as usize % Transport::ALL.len()]
    }
}

/// Two keys in order, and on which side the first of them is.
#[inline]
pub(super) fn in_order(source: EndKey, destination: EndKey) -> ((EndKey, EndKey), Side) {
    if source <= destination { ((source, destination), Side::Low) } else { ((destination, source), Side::High) }
}
