// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Composes captures: conversations become IP packets, these may go into tunnels, a capture puts
//! them on a link.

use etherparse::{
    EtherType, Ethernet2Header, IpHeaders, IpNumber, Ipv4Header, LinuxSllHeader, LinuxSllPacketType,
    LinuxSllProtocolType, PacketBuilder, PacketBuilderStep, SingleVlanHeader, TcpHeader, TcpOptionElement, VlanId,
};
use pcap_file::pcap::{PcapHeader, PcapPacket, PcapWriter};
use pcap_file::{DataLink, Endianness};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// An IP packet's bytes.
pub(crate) type Packet = Vec<u8>;

pub(crate) const FIN: u8 = 0x01;
pub(crate) const SYN: u8 = 0x02;
pub(crate) const RST: u8 = 0x04;
pub(crate) const PSH: u8 = 0x08;
pub(crate) const ACK: u8 = 0x10;

/// The packets of one TCP connection. Sequence and acknowledgment numbers follow from what was
/// sent before.
#[derive(Clone)]
pub(crate) struct Conversation {
    client: Side,
    server: Side,
    pub packets: Vec<Packet>,
}

#[derive(Clone)]
struct Side {
    at: SocketAddr,
    next: u32,
    window: u16,
    scale: Option<u8>,
}

impl Conversation {
    /// Between two ends such as `192.168.1.23:1140` or `[2001:db8::1]:80`.
    pub(crate) fn new(client: &str, server: &str) -> Self {
        let side = |at: &str, next| Side { at: at.parse().expect("an end"), next, window: 16_750, scale: None };
        Self { client: side(client, 1_000), server: side(server, 500_000), packets: Vec::new() }
    }

    /// Offers window scaling in SYN and SYN-ACK.
    pub(crate) fn window_scale(mut self, shift: u8) -> Self {
        (self.client.scale, self.server.scale) = (Some(shift), Some(shift));
        self
    }

    /// Sequence numbers of the next packet of each end.
    pub(crate) fn sequence_numbers(mut self, client: u32, server: u32) -> Self {
        (self.client.next, self.server.next) = (client, server);
        self
    }

    /// A packet from the client.
    pub(crate) fn client(mut self, flags: u8, data: &[u8]) -> Self {
        let packet = segment(&mut self.client, &self.server, flags, data);
        self.packets.push(packet);
        self
    }

    /// A packet from the server.
    pub(crate) fn server(mut self, flags: u8, data: &[u8]) -> Self {
        let packet = segment(&mut self.server, &self.client, flags, data);
        self.packets.push(packet);
        self
    }

    pub(crate) fn syn(self) -> Self {
        self.client(SYN, b"")
    }

    pub(crate) fn syn_ack(self) -> Self {
        self.server(SYN | ACK, b"")
    }

    /// The client acknowledges.
    pub(crate) fn ack(self) -> Self {
        self.client(ACK, b"")
    }

    /// The three packets that open a connection.
    pub(crate) fn open(self) -> Self {
        self.syn().syn_ack().ack()
    }

    /// Data from the client.
    pub(crate) fn request(self, data: &[u8]) -> Self {
        self.client(PSH | ACK, data)
    }

    /// Data from the server.
    pub(crate) fn response(self, data: &[u8]) -> Self {
        self.server(PSH | ACK, data)
    }

    /// Repeats the last packet.
    pub(crate) fn again(mut self) -> Self {
        self.packets.extend(self.packets.last().cloned());
        self
    }

    /// Drops the packets so far: the capture begins in the middle.
    pub(crate) fn midstream(mut self) -> Self {
        self.packets.clear();
        self
    }

    /// Without its first `count` packets: they passed before the capture began.
    pub(crate) fn skip(mut self, count: usize) -> Self {
        self.packets.drain(..count);
        self
    }

    /// The packets of this conversation, then those of another one.
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.packets.extend(other.packets);
        self
    }
}

fn segment(from: &mut Side, to: &Side, flags: u8, data: &[u8]) -> Packet {
    let mut tcp = TcpHeader::new(from.at.port(), to.at.port(), from.next, from.window);
    (tcp.fin, tcp.syn, tcp.rst) = (flags & FIN != 0, flags & SYN != 0, flags & RST != 0);
    (tcp.psh, tcp.ack) = (flags & PSH != 0, flags & ACK != 0);
    if tcp.ack {
        tcp.acknowledgment_number = to.next;
    }
    if tcp.rst {
        tcp.window_size = 0;
    }
    if let (true, Some(shift)) = (tcp.syn, from.scale) {
        tcp.set_options(&[TcpOptionElement::MaximumSegmentSize(1460), TcpOptionElement::WindowScale(shift)])
            .expect("the options fit");
    }
    from.next = from.next.wrapping_add(data.len() as u32 + u32::from(tcp.syn) + u32::from(tcp.fin));
    let mut packet = Vec::new();
    ip(from.at, to.at).tcp_header(tcp).write(&mut packet, data).expect("a packet");
    packet
}

/// A UDP datagram between two ends such as `192.168.1.23:1140`.
pub(crate) fn datagram(from: &str, to: &str, data: &[u8]) -> Packet {
    let (from, to): (SocketAddr, SocketAddr) = (from.parse().expect("an end"), to.parse().expect("an end"));
    let mut packet = Vec::new();
    ip(from, to).udp(from.port(), to.port()).write(&mut packet, data).expect("a packet");
    packet
}

fn ip(from: SocketAddr, to: SocketAddr) -> PacketBuilderStep<IpHeaders> {
    match (from.ip(), to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => PacketBuilder::ipv4(from.octets(), to.octets(), 64),
        (IpAddr::V6(from), IpAddr::V6(to)) => PacketBuilder::ipv6(from.octets(), to.octets(), 64),
        _ => panic!("both ends speak the same IP"),
    }
}

const TUNNEL: ([u8; 4], [u8; 4]) = ([203, 0, 113, 1], [203, 0, 113, 2]);

/// An IPv4 packet with an authentication header in transport mode (RFC 4302, section 3.1.1).
pub(crate) fn authenticated(packet: &[u8]) -> Packet {
    let (mut header, payload) = Ipv4Header::from_slice(packet).expect("an IPv4 packet");
    let authentication = [&[header.protocol.0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1][..], &[0xaa; 12]].concat();
    header.protocol = IpNumber::AUTHENTICATION_HEADER;
    header.set_payload_len(authentication.len() + payload.len()).expect("it fits");
    header.header_checksum = header.calc_header_checksum();
    [&header.to_bytes()[..], &authentication, payload].concat()
}

/// IP in IP (RFC 2003).
pub(crate) fn in_ip(packet: &[u8]) -> Packet {
    tunneled(IpNumber::IPV4, packet)
}

/// GRE without options (RFC 2784).
pub(crate) fn in_gre(packet: &[u8]) -> Packet {
    let mut gre = vec![0, 0];
    gre.extend(ether_type(packet).0.to_be_bytes());
    gre.extend(packet);
    tunneled(IpNumber::GRE, &gre)
}

/// A tunnel over UDP between `203.0.113.1:50000` and `203.0.113.2`, at this port.
fn in_udp(port: u16, payload: &[u8]) -> Packet {
    datagram("203.0.113.1:50000", &format!("203.0.113.2:{port}"), payload)
}

/// The same tunnel's packet from another source port, which is a hash of the inner packet.
pub(crate) fn hashed_to(source: u16, outer: &[u8]) -> Packet {
    let port = u16::from_be_bytes([outer[22], outer[23]]);
    datagram(&format!("203.0.113.1:{source}"), &format!("203.0.113.2:{port}"), &outer[28..])
}

/// VXLAN, network 42 (RFC 7348).
pub(crate) fn in_vxlan(packet: &[u8]) -> Packet {
    in_vxlan_frame(&Link::Ethernet.frame(packet))
}

fn in_vxlan_frame(frame: &[u8]) -> Packet {
    in_udp(4789, &[&[0x08, 0, 0, 0, 0, 0, 42, 0], frame].concat())
}

/// Geneve, network 42, without options (RFC 8926).
pub(crate) fn in_geneve(packet: &[u8]) -> Packet {
    in_udp(6081, &[&[0, 0, 0x65, 0x58, 0, 0, 42, 0], &Link::Ethernet.frame(packet)[..]].concat())
}

/// GTP-U's G-PDU, tunnel 42 (3GPP TS 29.281, section 5.1).
pub(crate) fn in_gtp(packet: &[u8]) -> Packet {
    let length = (packet.len() as u16).to_be_bytes();
    in_udp(2152, &[&[0x30, 0xff], &length[..], &[0, 0, 0, 42], packet].concat())
}

/// L2TP's data message with PPP (RFC 2661, section 3.1).
pub(crate) fn in_l2tp(packet: &[u8]) -> Packet {
    let protocol: [u8; 2] = if packet[0] >> 4 == 4 { [0, 0x21] } else { [0, 0x57] };
    in_udp(1701, &[&[0, 2, 0, 7, 0, 7, 0xff, 3], &protocol[..], packet].concat())
}

/// GRE in UDP (RFC 8086).
pub(crate) fn in_gre_in_udp(packet: &[u8]) -> Packet {
    in_udp(4754, &[&[0, 0], &ether_type(packet).0.to_be_bytes()[..], packet].concat())
}

/// LISP's data packet (RFC 9300, section 5.1).
pub(crate) fn in_lisp(packet: &[u8]) -> Packet {
    in_udp(4341, &[&[0x80, 0, 0, 1, 0, 0, 0, 1], packet].concat())
}

/// Teredo (RFC 4380), which takes IPv6 only.
pub(crate) fn in_teredo(packet: &[u8]) -> Packet {
    in_udp(3544, packet)
}

/// AYIYA with an IPv6 packet: an identity of 16 bytes, a signature of 20.
pub(crate) fn in_ayiya(packet: &[u8]) -> Packet {
    in_udp(5072, &[&[0x41, 0x52, 0x11, 41, 0, 0, 0, 0], &[1; 16][..], &[2; 20], packet].concat())
}

/// ARP's request in VXLAN.
pub(crate) fn arp_in_vxlan() -> Packet {
    let arp = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 168, 1, 23, 0, 0, 0, 0, 0, 0, 198, 51, 100, 10];
    in_vxlan_frame(&[&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6], &arp[..]].concat())
}

/// A TLS Certificate message in the format of RFC 5246, section 7.4.2. The name of its issuer has many parts.
pub(crate) fn certificate(parts: usize) -> Vec<u8> {
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x82], &(content.len() as u16).to_be_bytes()[..], content].concat()
    }
    fn sequence(content: &[&[u8]]) -> Vec<u8> {
        der(0x30, &content.concat())
    }
    fn long(content: &[u8]) -> Vec<u8> {
        [&[0], &(content.len() as u16).to_be_bytes()[..], content].concat()
    }
    const COMMON_NAME: &[u8] = &[0x31, 10, 0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, b'x'];
    const RSA: &[u8] = &[0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let name = |parts| der(0x30, &COMMON_NAME.repeat(parts));
    let time = der(0x17, b"260101000000Z");
    let key = sequence(&[RSA, &[3, 9, 0, 0x30, 6, 2, 1, 3, 2, 1, 3]]);
    let (version, serial) = ([0xa0, 3, 2, 1, 2], [2, 1, 1]);
    let signed = sequence(&[&version, &serial, RSA, &name(parts), &sequence(&[&time, &time]), &name(1), &key]);
    let certificate = sequence(&[&signed, RSA, &[3, 2, 0, 0xff]]);
    let handshake = [&[11][..], &long(&long(&long(&certificate)))].concat();
    [&[22, 3, 3], &(handshake.len() as u16).to_be_bytes()[..], &handshake].concat()
}

/// A ping between the addresses of these ends.
pub(crate) fn ping(from: &str, to: &str) -> Packet {
    let (from, to): (SocketAddr, SocketAddr) = (from.parse().expect("an end"), to.parse().expect("an end"));
    let mut packet = Vec::new();
    match from {
        SocketAddr::V4(_) => ip(from, to).icmpv4_echo_request(1, 1).write(&mut packet, b"ping"),
        SocketAddr::V6(_) => ip(from, to).icmpv6_echo_request(1, 1).write(&mut packet, b"ping"),
    }
    .expect("a packet");
    packet
}

/// A host joins a group: IGMP, which has no ports (RFC 2236).
pub(crate) fn igmp() -> Packet {
    let report = [0x16, 0, 0xfa, 0x04, 239, 1, 2, 3];
    let header = Ipv4Header::new(report.len() as u16, 1, IpNumber::IGMP, [192, 168, 1, 23], [239, 1, 2, 3]);
    [&header.expect("it fits").to_bytes()[..], &report].concat()
}

/// A Teredo bubble: an IPv6 packet without a payload (RFC 4380, section 2.8).
pub(crate) fn bubble() -> Packet {
    let mut packet = Vec::new();
    PacketBuilder::ipv6([0x20; 16], [0xff; 16], 64).write(&mut packet, IpNumber::IPV6_NO_NEXT_HEADER, &[]).expect("it");
    packet
}

/// An IP packet between two addresses, with this payload and this protocol number.
pub(crate) fn carried(protocol: u8, from: &str, to: &str, payload: &[u8]) -> Packet {
    let [from, to] = [from, to].map(|address| SocketAddr::new(address.parse().expect("an address"), 0));
    let mut packet = Vec::new();
    ip(from, to).write(&mut packet, IpNumber(protocol), payload).expect("a packet");
    packet
}

fn carried_between(protocol: IpNumber, (from, to): ([u8; 4], [u8; 4]), payload: &[u8]) -> Packet {
    let header = Ipv4Header::new(payload.len() as u16, 64, protocol, from, to).expect("it fits");
    [&header.to_bytes()[..], payload].concat()
}

fn tunneled(protocol: IpNumber, payload: &[u8]) -> Packet {
    carried_between(protocol, TUNNEL, payload)
}

/// A router's "host unreachable" that quotes the IP header and `quoted` bytes of what follows.
pub(crate) fn unreachable(packet: &[u8], quoted: usize) -> Packet {
    const ROUTER: [u8; 4] = [203, 0, 113, 1];
    let sender = *packet[12..].first_chunk().expect("an IPv4 packet");
    let mut error = Vec::new();
    PacketBuilder::ipv4(ROUTER, sender, 64)
        .icmpv4_raw(3, 1, [0; 4])
        .write(&mut error, &packet[..packet.len().min(20 + quoted)])
        .expect("a packet");
    error
}

/// The same for IPv6: "address unreachable".
pub(crate) fn unreachable_v6(packet: &[u8]) -> Packet {
    let router: std::net::Ipv6Addr = "2001:db8:ffff::1".parse().expect("an address");
    let sender = *packet[8..].first_chunk().expect("an IPv6 packet");
    let mut error = Vec::new();
    PacketBuilder::ipv6(router.octets(), sender, 64)
        .icmpv6_raw(1, 3, [0; 4])
        .write(&mut error, packet)
        .expect("a packet");
    error
}

/// An IPv4 packet in fragments of `size` bytes, a multiple of 8.
pub(crate) fn fragments(packet: &[u8], size: usize) -> Vec<Packet> {
    let (mut header, payload) = Ipv4Header::from_slice(packet).expect("an IPv4 packet");
    let count = payload.len().div_ceil(size);
    header.identification = 0x1234;
    header.dont_fragment = false;
    let fragment = |(index, chunk): (usize, &[u8])| {
        header.fragment_offset = u16::try_from(index * size / 8).expect("small").try_into().expect("small");
        header.more_fragments = index + 1 < count;
        header.set_payload_len(chunk.len()).expect("it fits");
        header.header_checksum = header.calc_header_checksum();
        let mut bytes = Vec::new();
        header.write_raw(&mut bytes).expect("a header");
        bytes.extend(chunk);
        bytes
    };
    payload.chunks(size).enumerate().map(fragment).collect()
}

fn ether_type(packet: &[u8]) -> EtherType {
    match packet[0] >> 4 {
        4 => EtherType::IPV4,
        _ => EtherType::IPV6,
    }
}

/// What a capture's packets travel on.
#[derive(Clone, Copy)]
pub(crate) enum Link {
    Ethernet,
    /// Ethernet with an IEEE 802.1Q tag.
    Vlan,
    RawIp,
    /// What Linux writes when it captures on all interfaces.
    LinuxCooked,
}

impl Link {
    fn data_link(self) -> DataLink {
        match self {
            Self::Ethernet | Self::Vlan => DataLink::ETHERNET,
            Self::RawIp => DataLink::RAW,
            Self::LinuxCooked => DataLink::LINUX_SLL,
        }
    }

    fn frame(self, packet: &[u8]) -> Vec<u8> {
        let ethernet =
            |ether_type| Ethernet2Header { source: [2, 0, 0, 0, 0, 1], destination: [2, 0, 0, 0, 0, 2], ether_type };
        let mut frame = Vec::new();
        match self {
            Self::Ethernet => frame.extend(ethernet(ether_type(packet)).to_bytes()),
            Self::Vlan => {
                frame.extend(ethernet(EtherType::VLAN_TAGGED_FRAME).to_bytes());
                let vlan_id = VlanId::try_new(7).expect("a VLAN");
                frame.extend(
                    SingleVlanHeader { vlan_id, ether_type: ether_type(packet), ..Default::default() }.to_bytes(),
                );
            }
            Self::RawIp => {}
            Self::LinuxCooked => frame.extend(
                LinuxSllHeader {
                    packet_type: LinuxSllPacketType::OTHERHOST,
                    arp_hrd_type: etherparse::ArpHardwareId::ETHERNET,
                    sender_address_valid_length: 6,
                    sender_address: [2, 0, 0, 0, 0, 1, 0, 0],
                    protocol_type: LinuxSllProtocolType::EtherType(ether_type(packet)),
                }
                .to_bytes(),
            ),
        }
        frame.extend(packet);
        frame
    }
}

/// A capture file's contents.
#[derive(Clone)]
pub(crate) struct Capture {
    link: Link,
    frames: Vec<Frame>,
}

#[derive(Clone)]
struct Frame {
    bytes: Vec<u8>,
    length_on_wire: usize,
}

impl Capture {
    pub(crate) fn on(link: Link, packets: &[Packet]) -> Self {
        let frame = |packet: &Packet| {
            let bytes = link.frame(packet);
            Frame { length_on_wire: bytes.len(), bytes }
        };
        Self { link, frames: packets.iter().map(frame).collect() }
    }

    pub(crate) fn ethernet(packets: &[Packet]) -> Self {
        Self::on(Link::Ethernet, packets)
    }

    /// Captured with a snapshot length: frames are cut after `length` bytes.
    pub(crate) fn snaplen(mut self, length: usize) -> Self {
        for frame in &mut self.frames {
            frame.bytes.truncate(length);
        }
        self
    }

    /// With Ethernet's broadcast address as the destination.
    pub(crate) fn broadcast(mut self) -> Self {
        for frame in &mut self.frames {
            frame.bytes[..6].fill(0xff);
        }
        self
    }

    /// The frames of another capture after those of this one.
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.frames.extend(other.frames);
        self
    }

    /// The capture file: little endian, timestamps in microseconds, one packet per millisecond.
    pub(crate) fn to_pcap(&self) -> Vec<u8> {
        let header = PcapHeader {
            datalink: self.link.data_link(),
            endianness: Endianness::Little,
            snaplen: 262_144,
            ..Default::default()
        };
        let mut writer = PcapWriter::with_header(Vec::new(), header).expect("a header");
        for (index, frame) in self.frames.iter().enumerate() {
            let time = Duration::from_secs(1_700_000_000) + Duration::from_millis(index as u64);
            let packet = PcapPacket::new(time, frame.length_on_wire as u32, &frame.bytes);
            writer.write_packet(&packet).expect("a packet");
        }
        writer.into_writer()
    }
}

impl From<Conversation> for Capture {
    fn from(conversation: Conversation) -> Self {
        Self::ethernet(&conversation.packets)
    }
}
