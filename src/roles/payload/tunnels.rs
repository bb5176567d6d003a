// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Tunnels over UDP. The source port is a hash of the inner packet, or a number that the sender picks, so that all
//! datagrams of a flow take the same path. The sender to a tunnel's port is the client. Answers go to the tunnel's port
//! of the other end, so they are another conversation.

use super::Speaker::Client;
use super::bytes::u16_at;
use super::{Begins, CERTAIN, Found, Noise, OfBytes, Recognizer, Sign, client};

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ETHERNET: u16 = 0x6558;

/// RFC 7348, section 5: flags, a network identifier, reserved bytes that are zero, and a frame.
pub(super) const VXLAN: OfBytes = Recognizer::new(
    vxlan,
    Begins::first(&[8]),
    Noise::HARDLY_EVER,
    &[
        (Client, "VXLAN frame", b"\x08\0\0\0\0\0\x2a\0\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\x45\0"),
        (Client, "VXLAN frame", b"\x08\0\0\0\0\0\x2a\0\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01\x08\x06\0\x01"),
    ],
);

fn vxlan(message: &[u8]) -> Found {
    match message {
        [8, 0, 0, 0, _, _, _, 0, frame @ ..] if is_frame(frame) => client!("VXLAN frame", CERTAIN),
        _ => None,
    }
}

/// RFC 8926, section 3.4: version 0, the length of the options, the protocol, a network identifier, and a reserved
/// byte.
pub(super) const GENEVE: OfBytes = Recognizer::new(
    geneve,
    Begins::masked(0xc0, &[0]),
    Noise::HARDLY_EVER,
    &[
        (Client, "Geneve packet", b"\0\0\x65\x58\0\0\x2a\0\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x86\xdd\x60\0"),
        (Client, "Geneve packet", b"\x01\x40\x08\0\0\0\x2a\0\x01\x02\x80\0\x45\0\0\x14"),
    ],
);

fn geneve(message: &[u8]) -> Found {
    let [options, flags, _, _, _, _, _, 0, after @ ..] = message else { return None };
    let is_it = options & 0xc0 == 0
        && flags & 0x3f == 0
        && is_packet(u16_at(message, 2)?, after.get(usize::from(options & 0x3f) * 4..)?);
    is_it.then_some(())?;
    client!("Geneve packet", CERTAIN)
}

/// 3GPP TS 29.281, section 5.1: version 1, message type G-PDU, the length, a tunnel identifier, and an IP packet.
pub(super) const GTP_U: OfBytes = Recognizer::new(
    gtp_u,
    Begins::masked(0xf8, &[0x30]),
    Noise::HARDLY_EVER,
    &[
        (Client, "GTP-U packet", b"\x30\xff\0\x04\0\0\0\x2a\x45\0\0\x14"),
        (Client, "GTP-U packet", b"\x32\xff\0\x08\0\0\0\x2a\0\x01\0\0\x60\0\0\0"),
    ],
);

fn gtp_u(message: &[u8]) -> Found {
    const HEADER: usize = 8;
    let [flags @ 0x30..=0x37, 0xff, _, _, _, _, _, _, after @ ..] = message else { return None };
    let length = usize::from(u16_at(message, 2)?);
    let packet = match flags & 7 {
        0 => after,
        // Extension headers follow. The first byte of each is its length.
        optional if optional & 4 != 0 && *after.get(3)? != 0 => after.get(4 + usize::from(*after.get(4)?) * 4..)?,
        _ => after.get(4..)?,
    };
    (HEADER + length == message.len() && (is_packet(IPV4, packet) || is_packet(IPV6, packet))).then_some(())?;
    client!("GTP-U packet", CERTAIN)
}

/// RFC 8086, section 3: a GRE header (RFC 2784, RFC 2890), and a packet.
pub(super) const GRE_IN_UDP: OfBytes = Recognizer::new(
    gre_in_udp,
    Begins::masked(0x4f, &[0]),
    Noise::HARDLY_EVER,
    &[(Client, "GRE packet", b"\0\0\x08\0\x45\0\0\x14"), (Client, "GRE packet", b"\x20\0\x86\xdd\0\0\0\x2a\x60\0\0\0")],
);

fn gre_in_udp(message: &[u8]) -> Found {
    let [flags, 0, _, _, after @ ..] = message else { return None };
    // No optional fields but checksum, key and sequence number.
    (flags & 0x4f == 0).then_some(())?;
    let fields = (flags & 0xb0).count_ones() as usize;
    is_packet(u16_at(message, 2)?, after.get(fields * 4..)?).then_some(())?;
    client!("GRE packet", CERTAIN)
}

/// Whether a packet begins as its EtherType requires.
fn is_packet(ether_type: u16, packet: &[u8]) -> bool {
    match (ether_type, packet) {
        (IPV4, [0x45..=0x4f, ..]) | (IPV6, [0x60..=0x6f, ..]) => true,
        (ETHERNET, frame) => is_frame(frame),
        _ => false,
    }
}

/// Whether this is an Ethernet frame with common contents: IP, ARP, or a tag (IEEE 802.1Q).
fn is_frame(frame: &[u8]) -> bool {
    const ARP: u16 = 0x0806;
    match u16_at(frame, 12) {
        Some(ether_type @ (IPV4 | IPV6)) => is_packet(ether_type, &frame[14..]),
        Some(ARP | 0x8100 | 0x88a8) => true,
        _ => false,
    }
}
