// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! An end in 64 bits, the key of the tables about ends.

use crate::packet::{Side, Transport};

/// An end in 64 bits. From the lowest bit up, these are 16 bits for the port, 32 for an IPv4 address or the number of
/// an IPv6 address, one that is set for IPv6, and three for the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndKey(pub(super) u64);

impl EndKey {
    /// The bit for IPv6, above the 32 bits of the address.
    const V6: u64 = 1 << 32;
    const TRANSPORT_AT: u32 = 49;
    /// The number of bits that a key uses, from the lowest on.
    pub(super) const BITS: u32 = 52;
    /// A mask of these bits.
    pub(super) const MASK: u64 = (1 << Self::BITS) - 1;

    /// Creates the key of an end at an IPv4 address.
    #[inline]
    pub(super) fn v4(transport: Transport, address: u32, port: u16) -> Self {
        Self::new(transport, u64::from(address), port)
    }

    /// Creates the key of an end at the IPv6 address with this number.
    #[inline]
    pub(super) fn v6(transport: Transport, number: u32, port: u16) -> Self {
        Self::new(transport, Self::V6 | u64::from(number), port)
    }

    #[inline]
    fn new(transport: Transport, address: u64, port: u16) -> Self {
        Self((transport as u64) << Self::TRANSPORT_AT | address << 16 | u64::from(port))
    }

    /// Returns the port.
    pub fn port(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    /// Returns `Ok` with an IPv4 address, or `Err` with the number of an IPv6 address.
    pub(super) fn address(self) -> Result<u32, u32> {
        let bits = (self.0 >> 16) as u32;
        if self.0 >> 16 & Self::V6 == 0 { Ok(bits) } else { Err(bits) }
    }

    /// Returns the key of the end's host: the same transport and address, with port 0.
    pub fn host(self) -> Self {
        Self(self.0 & !0xffff)
    }

    /// Returns the key of the end's host over TCP, which is the same for all transports.
    pub(super) fn host_over_tcp(self) -> Self {
        const { assert!(Transport::Tcp as u64 == 0) };
        Self(self.host().0 & ((1 << Self::TRANSPORT_AT) - 1))
    }

    /// Returns the transport protocol.
    pub fn transport(self) -> Transport {
        Transport::ALL[(self.0 >> Self::TRANSPORT_AT & 7) as usize % Transport::ALL.len()]
    }
}

/// Sorts the two ends of a packet, and returns them with the side of `source`.
#[inline]
pub(super) fn in_order(source: EndKey, destination: EndKey) -> ((EndKey, EndKey), Side) {
    if source <= destination { ((source, destination), Side::Low) } else { ((destination, source), Side::High) }
}
