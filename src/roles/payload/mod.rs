// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Signs of direction in payloads: requests come from the client, answers from the server.
//!
//! Each recognizer reads the first bytes of a segment or datagram and knows one protocol. There is none for protocols
//! that look the same in both directions (SSH, BGP, BitTorrent).
//!
//! To add a protocol:
//!
//! - Write its recognizer in the file of its family: a function that looks for signs, and above it a constant. Its
//!   comment names the specification. It has an example of each sign, and the first and fifth bytes that a payload with
//!   a sign can have ([`Begins`]).
//! - Name the constant in one of the tables below, after surer recognizers.
//!
//! The compiler reports a recognizer without an example or without a line in a table. The tests report a sign without
//! an example, and an example that an earlier recognizer accepts.

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

pub use calls::{is_sent_between_peers, sip_port};
pub use datagrams::is_answered_from_new_port;

use super::weights::Decibans;
pub use super::weights::payload::CERTAIN;
use super::weights::payload::{CLEAR, LIKELY, SLIGHT};
use crate::packet::Transport;
use begins::{Begins, ByBeginning};

/// Recognizers of TCP payloads. They are tried in this order, and the first sign found counts.
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

/// Recognizers of TCP payloads that begin with a line of text. They are tried after [`TCP`].
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

/// Recognizers of UDP payloads.
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

/// The recognizers of [`TCP`] with signs of strength [`CERTAIN`]. [`TCP_LINE`] has none.
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
/// The recognizers of [`UDP`] with signs of strength [`CERTAIN`].
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

/// Whether [`tcp`] or [`udp`] may find a sign of strength [`CERTAIN`]. This is faster than to call them.
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

/// Returns the sign in a payload, if there is one.
pub fn sign(transport: Transport, payload: &[u8]) -> Found {
    match transport {
        Transport::Tcp => tcp(payload),
        Transport::Udp | Transport::UdpLite => udp(payload),
        // There are no recognizers for these transports.
        Transport::Dccp | Transport::Sctp => None,
    }
}

/// Returns the sign in a TCP segment's payload, if there is one.
pub fn tcp(payload: &[u8]) -> Found {
    let found = TCP.find(payload, |recognizer| (recognizer.recognize)(payload));
    found.or_else(|| {
        // To look for a recognizer that may match is faster than to parse a line, so it comes first.
        TCP_LINE.find(payload, |_| Some(()))?;
        let line = bytes::line(payload)?;
        TCP_LINE.find(payload, |recognizer| (recognizer.recognize)(line, payload))
    })
}

/// Returns the sign in a UDP datagram's payload, if there is one.
pub fn udp(payload: &[u8]) -> Found {
    UDP.find(payload, |recognizer| (recognizer.recognize)(payload))
}

/// The role of the sender of a payload with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// A recognized kind of payload, which tells its sender's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The role of the sender.
    pub speaker: Speaker,
    /// The kind of payload: `HTTP request`. It mostly begins with the name of the protocol.
    pub what: &'static str,
    /// The weight of the sign as evidence.
    pub strength: Decibans,
}

impl Sign {
    /// Whether the sign belongs to the protocol with this filter name in Wireshark: `what` begins with that name.
    pub fn is_of(&self, protocol: &[u8]) -> bool {
        let name = self.what.split(' ').next().unwrap_or_default();
        name.as_bytes().eq_ignore_ascii_case(protocol)
    }
}

/// Returns `Some` with a sign of the client. Signs are statics, so that a conversation can store one in a word.
macro_rules! client {
    ($what:literal, $strength:expr) => {
        Some(&Sign { speaker: Client, what: $what, strength: $strength })
    };
}
/// Returns `Some` with a sign of the server.
macro_rules! server {
    ($what:literal, $strength:expr) => {
        Some(&Sign { speaker: Server, what: $what, strength: $strength })
    };
}
use {client, server};

type Found = Option<&'static Sign>;

/// How seldom a recognizer accepts random bytes: at most one payload in this many, at any length.
///
/// It limits the strength of a recognizer's signs, since encrypted payloads are common and look random.
#[derive(Clone, Copy)]
struct Noise(u32);

impl Noise {
    /// Seldom enough for any strength.
    const HARDLY_EVER: Self = Self(100_000);

    /// The most noise that a recognizer may have. It is enough for [`SLIGHT`], the least strength.
    const MOST: Self = Self(40);
}

/// A recognizer whose function gets the whole payload.
type OfBytes = Recognizer<fn(&[u8]) -> Found>;
/// A recognizer whose function gets the first line without its end, and the whole payload.
type OfText = Recognizer<fn(&str, &[u8]) -> Found>;

/// Recognizes one protocol.
#[derive(Clone, Copy)]
struct Recognizer<F> {
    recognize: F,
    begins: Begins,
    #[cfg(test)]
    noise: Noise,
    #[cfg(test)]
    examples: &'static [Example],
}

/// An example of a sign: the sender's role, [`Sign::what`], and the payload.
type Example = (Speaker, &'static str, &'static [u8]);

impl<F: Copy> Recognizer<F> {
    /// Creates a recognizer that calls `recognize` for payloads that begin like `begins`. Only the tests use `noise`
    /// and `examples`.
    const fn new(recognize: F, begins: Begins, noise: Noise, examples: &'static [Example]) -> Self {
        assert!(!examples.is_empty(), "a recognizer needs an example");
        assert!(noise.0 >= Noise::MOST.0, "a recognizer must not accept random bytes more often");
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
