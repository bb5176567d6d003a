// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What a payload says about its direction: requests come from the client, answers from the server.
//!
//! Each recognizer reads the first bytes of a segment or datagram and knows one protocol. Where a
//! protocol looks the same in both directions (SSH, BGP, BitTorrent) there is none.
//!
//! To add a protocol, write its recognizer in the file of its family: a constant that says what
//! specifies the protocol and gives an example of each sign, above the function that looks for it.
//! It says with which first and fifth bytes a payload is worth a closer look ([`Begins`]).
//! Then name it in one of the tables below, after those that are surer. What was forgotten, an
//! error tells: of the compiler without an example or a line in a table, of the tests where a sign
//! has no example or an earlier recognizer takes the example for its own.

mod begins;
mod binary;
pub(super) mod bytes;
mod calls;
mod databases;
mod datagrams;
mod rpc;
mod secure;
mod text;
mod tunnels;

pub use calls::{is_asked_by_peers, sip_port};
pub use datagrams::is_answered_from_new_port;

use super::weights::Decibans;
pub use super::weights::payload::CERTAIN;
use super::weights::payload::{CLEAR, LIKELY, SLIGHT};
use crate::packet::Transport;
use begins::{Begins, ByBeginning};

/// Recognizers of TCP payloads in the order of trial; the first that finds a sign counts.
static TCP: ByBeginning<OfBytes, 30> = ByBeginning::new([
    calls::SIP,
    text::HTTP,
    binary::TLS,
    text::HTTP2,
    text::RTSP_RESPONSE,
    binary::NETBIOS_SESSION,
    binary::SMB,
    rpc::DCE_RPC,
    binary::TPKT,
    rpc::RPC_TCP,
    datagrams::DNS_TCP,
    binary::LDAP,
    datagrams::KERBEROS_TCP,
    databases::MYSQL,
    databases::POSTGRESQL_STARTUP,
    databases::POSTGRESQL,
    databases::TDS,
    databases::TNS,
    databases::MONGODB,
    databases::CASSANDRA,
    binary::MQTT,
    binary::AMQP,
    binary::PPTP,
    binary::X11,
    binary::SOCKS,
    binary::RLOGIN,
    text::XMPP,
    binary::GIT,
    text::REDIS,
    binary::WEBSOCKET,
]);

/// After those, if the payload begins with a line of text.
static TCP_LINE: ByBeginning<OfText, 8> = ByBeginning::new([
    text::RTSP_REQUEST,
    text::STOMP,
    text::MEMCACHED,
    text::IRC,
    text::IMAP,
    text::POP3_OR_REDIS,
    text::REPLY_CODE,
    text::COMMAND_LINE,
]);

/// The same for UDP.
static UDP: ByBeginning<OfBytes, 22> = ByBeginning::new([
    datagrams::DHCP,
    datagrams::DHCPV6,
    secure::DTLS,
    secure::IKE,
    rpc::DCE_RPC_CL,
    datagrams::DNS,
    tunnels::VXLAN,
    tunnels::GENEVE,
    tunnels::GTP_U,
    tunnels::GRE_IN_UDP,
    datagrams::NTP,
    datagrams::SNMP,
    datagrams::RADIUS,
    datagrams::TFTP,
    datagrams::SSDP,
    calls::STUN,
    datagrams::KERBEROS,
    rpc::RPC,
    calls::SIP,
    datagrams::SYSLOG,
    secure::QUIC,
    secure::WIREGUARD,
]);

/// The recognizers of [`TCP`] and [`UDP`] that can be certain; none of [`TCP_LINE`] can.
static CERTAIN_TCP: ByBeginning<OfBytes, 10> = ByBeginning::new([
    text::HTTP,
    binary::TLS,
    text::HTTP2,
    text::RTSP_RESPONSE,
    binary::SMB,
    databases::MYSQL,
    databases::POSTGRESQL_STARTUP,
    binary::MQTT,
    binary::RLOGIN,
    binary::GIT,
]);
static CERTAIN_UDP: ByBeginning<OfBytes, 9> = ByBeginning::new([
    tunnels::VXLAN,
    tunnels::GENEVE,
    tunnels::GTP_U,
    tunnels::GRE_IN_UDP,
    datagrams::DHCP,
    datagrams::DHCPV6,
    secure::DTLS,
    datagrams::TFTP,
    datagrams::SSDP,
]);

/// Whether [`tcp`] or [`udp`] may find a sign that is certain: cheaper than to ask them.
pub fn may_be_certain(transport: Transport, payload: &[u8]) -> bool {
    let is_certain = |recognizer: &OfBytes| {
        let found = (recognizer.recognize)(payload);
        found.filter(|sign| sign.strength >= CERTAIN).map(|_| ())
    };
    let found = match transport {
        Transport::Tcp => CERTAIN_TCP.find(payload, is_certain),
        Transport::Udp | Transport::UdpLite => CERTAIN_UDP.find(payload, is_certain),
        Transport::Dccp | Transport::Sctp => None,
    };
    found.is_some()
}

/// What a payload says.
pub fn sign(transport: Transport, payload: &[u8]) -> Found {
    match transport {
        Transport::Tcp => tcp(payload),
        Transport::Udp | Transport::UdpLite => udp(payload),
        // Nobody has written a recognizer of what these carry.
        Transport::Dccp | Transport::Sctp => None,
    }
}

/// What a TCP segment's payload says.
pub fn tcp(payload: &[u8]) -> Found {
    let found = TCP.find(payload, |recognizer| (recognizer.recognize)(payload));
    found.or_else(|| {
        // Whether any is worth asking is found out sooner than whether it is a line.
        TCP_LINE.find(payload, |_| Some(()))?;
        let line = bytes::line(payload)?;
        TCP_LINE.find(payload, |recognizer| (recognizer.recognize)(line, payload))
    })
}

/// What a UDP datagram's payload says.
pub fn udp(payload: &[u8]) -> Found {
    UDP.find(payload, |recognizer| (recognizer.recognize)(payload))
}

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

impl Sign {
    /// Whether it is one of the protocol that the host's filters abbreviate so: what it is begins with that name.
    pub fn is_of(&self, protocol: &[u8]) -> bool {
        let name = self.what.split(' ').next().unwrap_or_default();
        name.as_bytes().eq_ignore_ascii_case(protocol)
    }
}

/// A sign that is a constant, so that a conversation can keep it in one word.
macro_rules! client {
    ($what:literal, $strength:expr) => {
        Some(&Sign { speaker: Client, what: $what, strength: $strength })
    };
}
macro_rules! server {
    ($what:literal, $strength:expr) => {
        Some(&Sign { speaker: Server, what: $what, strength: $strength })
    };
}
use {client, server};

type Found = Option<&'static Sign>;

/// How often random bytes please a recognizer: at most one payload in this many, at the length at which most do. What a
/// recognizer says weighs no more than that allows, as encrypted payload is common, and looks random.
#[derive(Clone, Copy)]
struct Noise(u32);

impl Noise {
    /// Seldom enough for any strength.
    const HARDLY_EVER: Self = Self(100_000);

    /// One that fits more than this is not worth having: [`SLIGHT`] is the least of strengths.
    const MOST: Self = Self(40);
}

/// Looks at the whole payload.
type OfBytes = Recognizer<fn(&[u8]) -> Found>;
/// Looks at the first line without its end, and at the whole payload.
type OfText = Recognizer<fn(&str, &[u8]) -> Found>;

/// Knows one protocol.
#[derive(Clone, Copy)]
struct Recognizer<F> {
    recognize: F,
    begins: Begins,
    #[cfg(test)]
    noise: Noise,
    #[cfg(test)]
    examples: &'static [Example],
}

/// Who sends it, what it is, and the payload.
type Example = (Speaker, &'static str, &'static [u8]);

impl<F: Copy> Recognizer<F> {
    /// Asks `recognize` about payloads that begin so. Noise and examples are for the tests alone.
    const fn new(recognize: F, begins: Begins, noise: Noise, examples: &'static [Example]) -> Self {
        assert!(!examples.is_empty(), "a recognizer needs an example");
        assert!(noise.0 >= Noise::MOST.0, "a recognizer must not fit that much");
        Self {
            recognize,
            begins,
            #[cfg(test)]
            noise,
            #[cfg(test)]
            examples,
        }
    }
}

#[cfg(test)]
mod tests;
