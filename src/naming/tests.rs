// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

use super::*;
use crate::assigned::PROTOCOLS;
use crate::packet::{Flags, TcpFields};
use crate::roles::payload::sign;

const HTTP: i32 = 1;
const TLS: i32 = 2;
/// From here on, [`PROTOCOLS`].
const RPC: i32 = 10;
const RTP: i32 = 12;
const H245: i32 = 16;

/// 8081 is declared a service's; 80, 443 and 1900 have dissectors.
struct Host;

impl PortKnowledge for Host {
    fn is_named(&self, transport: Transport, port: u16) -> bool {
        self.registered_name(transport, port).is_some()
    }

    fn protocol(&self, _: Transport, port: u16) -> Option<i32> {
        match port {
            80 | 1900 => Some(HTTP),
            443 => Some(TLS),
            _ => None,
        }
    }

    fn is_listed_server(&self, port: u16) -> bool {
        port == 8081
    }
}

impl NameKnowledge for Host {
    fn registered_name(&self, _: Transport, port: u16) -> Option<&'static [u8]> {
        match port {
            53 => Some(b"domain"),
            80 => Some(b"http"),
            443 => Some(b"https"),
            1141 => Some(b"mxomss"),
            8443 => Some(b"intranet"),
            1140 => Some(b"autonoc"),
            1900 => Some(b"ssdp"),
            5001 => Some(b"commplex-link"),
            8080 => Some(b"http-alt"),
            8081 => Some(b"sunproxyadmin"),
            _ => None,
        }
    }

    fn filter_name(&self, protocol: i32) -> Option<&'static [u8]> {
        match protocol {
            HTTP => Some(b"http"),
            TLS => Some(b"tls"),
            _ => None,
        }
    }

    fn assigned(&self, protocol: i32) -> Option<&'static Assigned> {
        PROTOCOLS.get(usize::try_from(protocol - RPC).ok()?)
    }

    fn is_carrier(&self, protocol: i32) -> bool {
        protocol == TLS
    }

    fn declares_any(&self) -> bool {
        true
    }
    fn declared(&self, _: Transport, end: End) -> Option<Declared<'_>> {
        match end.port {
            51_820 | 8443 | 1141 => Some(Declared { name: Some("intranet") }),
            2222 => Some(Declared { name: None }),
            _ => None,
        }
    }
}

fn segment(from: u16, to: u16, flags: u16, payload: &[u8]) -> Segment<'_> {
    Segment {
        transport: Transport::Tcp,
        source: End::new([192, 0, 2, 1], from),
        destination: End::new([192, 0, 2, 2], to),
        tcp: Some(TcpFields { sequence: 1, acknowledgment: 2, flags: Flags(flags) }),
        payload,
        quoted: false,
    }
}

/// What is found in a connection from one port to another with a handshake, and then `payload` in one that was
/// dissected as `protocol`.
fn with<T>(
    (client, server): (u16, u16),
    (protocol, payload): (i32, &[u8]),
    find: impl FnOnce(&Naming<'_, Host>) -> T,
) -> T {
    let mut roles = RoleTracker::default();
    let syn_ack = Segment {
        source: End::new([192, 0, 2, 2], server),
        destination: End::new([192, 0, 2, 1], client),
        tcp: Some(TcpFields { sequence: 1, acknowledgment: 2, flags: Flags(Flags::SYN | Flags::ACK) }),
        ..segment(server, client, 0, b"")
    };
    roles.observe(1, &segment(client, server, Flags::SYN, b""));
    roles.observe(2, &syn_ack);
    let data = segment(client, server, Flags::ACK, payload);
    let place = roles.observe_and(3, &data, |conversation| {
        if protocol != 0 {
            let stands_for = |port| Host.protocol(Transport::Tcp, port) == Some(protocol);
            conversation.record_protocol(protocol, stands_for, || sign(Transport::Tcp, payload), |_| true);
        }
    });
    let place = place.expect("it is not quoted");
    let Lookup::Verdict(verdict) = look_up_verdict(place, &data, &roles, &Host, true, false) else {
        panic!("a handshake")
    };
    find(&Naming::new(&roles, &Host, &data, &verdict))
}

#[test]
fn each_reason_has_its_case() {
    let rpc = (b"rpc".as_slice(), Listeners::Server);
    let rtp = (b"rtp".as_slice(), Listeners::Both);
    let h245 = (b"h245".as_slice(), Listeners::Server);
    let assigned = |(protocol, listeners)| Some(Why::Assigned(protocol, listeners));
    let http = Some(Why::OtherService(b"http"));
    let cases = [
        ("a client's port", (1140, 80), HTTP, [Some(Why::Ephemeral), None]),
        ("one without a name", (40_000, 80), HTTP, [None, None]),
        ("one that is declared a service's", (8081, 80), HTTP, [None, None]),
        ("a system port", (53, 5002), 0, [Some(Why::SystemSource), None]),
        ("a system port on both ends", (53, 53), 0, [Some(Why::SystemSource), None]),
        ("a server's port of RPC", (40_000, 5001), RPC, [None, assigned(rpc)]),
        ("both ports of RTP", (1140, 5001), RTP, [assigned(rtp), assigned(rtp)]),
        ("a server's port of H.245", (1140, 5001), H245, [Some(Why::Ephemeral), assigned(h245)]),
        ("a server's declared port", (40_000, 8081), H245, [None, None]),
        ("HTTP on another service's port", (40_000, 5001), HTTP, [None, http]),
        ("HTTP on its own port", (40_000, 80), HTTP, [None, None]),
        ("TLS on a port that has a dissector", (40_000, 80), TLS, [None, None]),
        ("TLS on one that has none", (40_000, 8080), TLS, [None, Some(Why::OtherService(b"tls"))]),
    ];
    let options = WrongNameOptions { other_services: true, system_sources: true };
    for (what, ports, protocol, expected) in cases {
        let found = with(ports, (protocol, b"?"), |naming| naming.wrong_names(options));
        assert_eq!([found.client, found.server].map(|wrong| wrong.map(|wrong| wrong.why)), expected, "{what}");
        for (wrong, port) in [(found.client, ports.0), (found.server, ports.1)] {
            assert!(wrong.is_none_or(|wrong| wrong.port == port), "{what}");
        }
        let by_default = with(ports, (protocol, b"?"), |naming| naming.wrong_names(WrongNameOptions::default()));
        let is_extra = |wrong: &Wrong| matches!(wrong.why, Why::OtherService(_) | Why::SystemSource);
        assert_eq!(by_default, found.filter(|wrong| !is_extra(wrong)), "{what}");
        with(ports, (protocol, b"?"), |naming| {
            assert!(!naming.can_never_be_wrong() || by_default.is_empty(), "{what}");
        });
    }
}

#[test]
fn a_port_that_was_agreed_on_is_not_its_name() {
    let mut roles = RoleTracker::default();
    let passive = Segment {
        source: End::new([192, 0, 2, 2], 21),
        destination: End::new([192, 0, 2, 1], 40_000),
        ..segment(21, 40_000, Flags::ACK, b"227 Entering Passive Mode (192,0,2,2,19,137)\r\n")
    };
    roles.observe(7, &passive);
    let syn = segment(40_001, 5001, Flags::SYN, b"");
    let place = roles.observe(8, &syn).expect("it is not quoted");
    let Lookup::Verdict(verdict) = look_up_verdict(place, &syn, &roles, &Host, true, true) else { panic!("a SYN") };
    let naming = Naming::new(&roles, &Host, &syn, &verdict);
    assert_eq!(naming.wrong_names(WrongNameOptions::default()).server.map(|wrong| wrong.why), Some(Why::Agreed(7)));
    assert_eq!((naming.service(), naming.can_never_be_wrong()), (None, false));
}

#[test]
fn the_clients_port_chose_the_dissector() {
    let wrong =
        |ports, payload| with(ports, (HTTP, payload), |naming| (naming.wrong_dissector(), naming.found_service()));
    assert_eq!(wrong((1900, 18_080), b"?"), (Some(HTTP), None));
    assert_eq!(wrong((1900, 18_080), b"GET / HTTP/1.0\r\n\r\n"), (None, Some(b"http".as_slice())), "it is HTTP");
    assert_eq!(wrong((1900, 80), b"?"), (None, Some(b"http".as_slice())), "the server's port stands for it, too");
}

#[test]
fn what_has_no_client_in_another_conversation_is_no_service_of_this_one() {
    let service = |protocol| {
        let mut roles = RoleTracker::default();
        roles.observe_and(1, &segment(40_001, 5001, Flags::ACK, b"?"), |conversation| {
            conversation.record_protocol(protocol, |_| false, || None, |_| true);
        });
        let syn = segment(40_002, 5001, Flags::SYN, b"");
        let place = roles.observe(2, &syn).expect("it is not quoted");
        let Lookup::Verdict(verdict) = look_up_verdict(place, &syn, &roles, &Host, true, true) else { panic!("a SYN") };
        Naming::new(&roles, &Host, &syn, &verdict).found_service()
    };
    assert_eq!([HTTP, RTP].map(service), [Some(b"http".as_slice()), Some(b"commplex-link".as_slice())]);
}

#[test]
fn a_declared_end_is_the_server_unless_a_handshake_shows_another() {
    let verdict = |(from, to), infer| {
        let mut roles = RoleTracker::default();
        let data = segment(from, to, Flags::ACK, b"?");
        let place = roles.observe(1, &data).expect("it is not quoted");
        match look_up_verdict(place, &data, &roles, &Host, infer, true) {
            Lookup::Verdict(verdict) => Some((verdict.client, verdict.confidence, verdict.evidence.to_string())),
            _ => None,
        }
    };
    let declared = |client| Some((client, Confidence::Declared, "declared in Preferences".to_owned()));
    for infer in [false, true] {
        assert_eq!(verdict((40_000, 51_820), infer), declared(Party::Source));
        assert_eq!(verdict((2222, 80), infer), declared(Party::Destination));
    }
    assert_eq!(verdict((2222, 51_820), false), None, "both are declared");
    let found = |ports| {
        with(ports, (0, b""), |naming| {
            (naming.contradicts_declaration(), naming.renamed().map(|(name, registered)| (name.to_vec(), registered)))
        })
    };
    assert_eq!(found((51_820, 80)), (true, None));
    let intranet = b"intranet".to_vec();
    assert_eq!(found((40_000, 51_820)), (false, Some((intranet.clone(), None))));
    assert_eq!(found((40_000, 1141)), (false, Some((intranet.clone(), Some(&b"mxomss"[..])))));
    assert_eq!(found((40_000, 8443)), (false, None), "its port is registered so");
    assert_eq!(found((40_000, 2222)), (false, None), "it has no name");
    assert!(!found((2222, 51_820)).0, "both are declared");
    let service = with((40_000, 51_820), (HTTP, b"?"), |naming| naming.service().map(<[u8]>::to_vec));
    assert_eq!(service, Some(intranet));
    let by_default = |ports| with(ports, (0, b""), |naming| naming.wrong_names(WrongNameOptions::default()));
    assert!(by_default((1141, 80)).is_empty(), "a declared port is not by chance");
    assert!(!with((40_000, 51_820), (0, b""), |naming| naming.can_never_be_wrong()));
}

#[test]
fn a_system_port_is_a_source_by_choice() {
    let is_system = |ports| with(ports, (0, b""), |naming| naming.has_system_source());
    assert!(is_system((53, 5002)) && !is_system((1140, 5002)) && !is_system((8081, 5002)));
}
