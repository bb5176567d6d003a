// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Where no handshake names the server's port, or that port stands for nothing, the host dissects
//! by the client's port: a wrong decode.

use crate::capture::{Capture, Conversation, Packet, datagram, hashed_to, in_geneve};
use crate::host::{self, Tshark, release};
use crate::seed;

/// 1863 has the dissector MSNMS, 20011 has none.
const BY_CLIENT: (&str, &str) = ("192.168.1.23:1863", "198.51.100.10:20011");
const BY_SERVER: (&str, &str) = ("192.168.1.23:20011", "198.51.100.10:1863");
const TEXT: &str = "Dissected as msnms because of the client's ephemeral port 1863; the server's port is 20011";
const DATA: &[u8] = b"\x01\x02\x03\x04 some data of a protocol that nobody knows";

fn with_handshake(ends: (&str, &str)) -> Capture {
    Conversation::new(ends.0, ends.1).open().request(DATA).response(DATA).into()
}

fn texts(tshark: Tshark) -> Vec<String> {
    tshark.with(&["-Y", "ephemeral.wrong_dissector"]).field("_ws.expert.message")
}

#[test]
fn the_clients_port_chose_the_dissector() {
    let read = || Tshark::read(&with_handshake(BY_CLIENT));
    // Since 4.4 the host does not ask what the client's port stands for once it saw the handshake.
    let asks_clients_port = release() < (4, 4);
    let protocols = read().disabled().field("frame.protocols");
    assert_eq!(protocols[3].ends_with(":tcp:msnms"), asks_clients_port, "{protocols:?}");
    let with_data: &[&str] = if asks_clients_port { &["4", "5"] } else { &[] };
    assert_eq!(read().frames("ephemeral.wrong_dissector"), with_data, "the packets with data");
    for messages in texts(read()) {
        assert_eq!(messages.split('|').filter(|message| *message == TEXT).count(), 1, "{messages}");
    }
}

#[test]
fn without_a_handshake() {
    let hello = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    let capture = Conversation::new(BY_CLIENT.0, BY_CLIENT.1).open().request(hello).skip(3).into();
    let read = || Tshark::read(&capture);
    assert!(read().disabled().field("frame.protocols")[0].ends_with(":tcp:msnms"), "the host dissects MSNMS");
    assert_eq!(read().frames("ephemeral.wrong_dissector && ephemeral.confidence == 2"), ["1"]);
    assert!(texts(read())[0].contains(TEXT));
}

#[test]
fn it_is_not_what_is_spoken() {
    let services = Tshark::read(&with_handshake(BY_CLIENT)).two_passes().field("ephemeral.service");
    assert_eq!(services, [""; 5]);
}

#[test]
fn the_servers_port_chose_the_dissector() {
    let read = || Tshark::read(&with_handshake(BY_SERVER));
    assert!(read().disabled().field("frame.protocols")[3].ends_with(":tcp:msnms"), "the host dissects MSNMS");
    assert_eq!(read().frames("ephemeral.wrong_dissector"), [""; 0]);
    assert_eq!(read().frames("ephemeral"), ["1", "2", "3", "4", "5"]);
}

#[test]
fn it_needs_the_confidence_of_a_note() {
    let hello = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    let capture = Conversation::new(BY_CLIENT.0, BY_CLIENT.1).open().request(hello).skip(3).into();
    let strict = Tshark::read(&capture).set("ephemeral.note_confidence:handshake");
    assert_eq!(strict.frames("ephemeral.wrong_dissector"), [""; 0]);
}

/// A protocol that the payload shows is the right one, even if the client's port chose the dissector: HTTP for 1900 and
/// 3128, opposite an HTTP server on a port that stands for nothing.
#[test]
fn the_payload_shows_the_protocol_of_the_clients_port() {
    for port in [1900, 3128] {
        let client = format!("192.168.1.23:{port}");
        let capture: Capture = Conversation::new(&client, "198.51.100.10:18080")
            .open()
            .request(b"GET / HTTP/1.0\r\n\r\n")
            .response(b"HTTP/1.0 204 No Content\r\n\r\n")
            .into();
        let read = || Tshark::read(&capture);
        let protocols = read().disabled().field("frame.protocols");
        assert!(protocols[3].ends_with(":tcp:http"), "{protocols:?}");
        assert_eq!(read().frames("ephemeral.wrong_dissector"), [""; 0]);
        assert_eq!(read().two_passes().field("ephemeral.service"), ["http"; 5]);
        assert_eq!(
            read().frames("ephemeral.port_misnamed"),
            ["1", "2", "3", "4", "5"],
            "the client's port is misnamed still"
        );
    }
}

/// The preference that decodes by the server's port.
pub(crate) const CORRECT: &str = "ephemeral.correct_dissector:TRUE";

/// The last protocol of each packet's first transport, and whether it is noted as decoded by the client's port (`c`) or
/// the server's (`s`).
fn decoded(tshark: Tshark) -> Vec<String> {
    let layers = |protocols: &str| {
        let mut layers = protocols.split(':').skip_while(|layer| !["tcp", "udp"].contains(layer)).skip(1);
        layers.next().unwrap_or("-").to_owned()
    };
    let protocols = tshark.clone().field("frame.protocols");
    let (by_client, by_server) =
        (tshark.clone().field("ephemeral.wrong_dissector"), tshark.field("ephemeral.by_server_port"));
    let note = |frame: usize| match (by_client[frame].is_empty(), by_server[frame].is_empty()) {
        (true, true) => "",
        (false, true) => " c",
        (true, false) => " s",
        (false, false) => " both",
    };
    protocols.iter().enumerate().map(|(frame, protocols)| layers(protocols) + note(frame)).collect()
}

/// Without the preference, the host's choice stays. With it, the second pass decodes right what the first decoded
/// wrong.
fn assert_corrected(capture: &Capture, before: &[&str], one_pass: &[&str], two_passes: &[&str]) {
    let read = || Tshark::read(capture);
    assert_eq!(decoded(read()), before, "off");
    assert_eq!(decoded(read().two_passes()), before, "off, in two passes");
    assert_eq!(decoded(read().set(CORRECT)), one_pass, "on");
    assert_eq!(decoded(read().set(CORRECT).two_passes()), two_passes, "on, in two passes");
}

/// The source port, a tunnel's hash, happens to be 521, RIPng's port. Geneve's port has a dissector.
#[test]
fn geneve_instead_of_ripng() {
    let inner = seed::conversation().packets;
    let packets: Vec<_> = inner[..3].iter().map(|packet| hashed_to(521, &in_geneve(packet))).collect();
    let ripng = ["ripng c"; 3];
    assert_corrected(&Capture::ethernet(&packets), &ripng, &["ripng c", "geneve s", "geneve s"], &["geneve s"; 3]);
    let read = Tshark::read(&Capture::ethernet(&packets)).set(CORRECT).two_passes();
    assert!(
        read.clone().field("_ws.expert.message")[0]
            .contains("Decoded by the server's port 6081, not by the client's port 521")
    );
    assert_eq!(read.field("ephemeral.service")[0].split('|').next(), Some("geneve"));
}

/// Transport data (its section 5.4.6): the host knows WireGuard by its form alone.
pub(crate) fn wireguard() -> Vec<Packet> {
    let message = |count: u8| [&[4, 0, 0, 0, 7, 0, 0, 0, count, 0, 0, 0, 0, 0, 0, 0][..], &[0x99 ^ count; 80]].concat();
    let ends = ["192.168.1.23:44818", "198.51.100.10:51820"];
    (0..4).map(|at: u8| datagram(ends[usize::from(at % 2)], ends[usize::from((at + 1) % 2)], &message(at))).collect()
}

#[test]
fn wireguard_instead_of_enip() {
    assert_corrected(
        &Capture::ethernet(&wireguard()),
        &["enip c"; 4],
        &["enip c", "wg s", "wg s", "wg s"],
        &["wg s"; 4],
    );
}

/// QUIC's Initials (RFC 9000, section 17.2.2), whose content cannot be decrypted.
#[test]
fn quic_instead_of_mdns() {
    let initial = |id: u8| {
        let head = [&[0xc3, 0, 0, 0, 1, 8][..], &[id; 8], &[0, 0, 0x44, 0x9e]].concat();
        [&head[..], &vec![0x55; 1200 - head.len()]].concat()
    };
    let packets: Vec<_> = (0..3).map(|id| datagram("192.168.1.23:5353", "198.51.100.10:443", &initial(id))).collect();
    assert_corrected(&Capture::ethernet(&packets), &["mdns c"; 3], &["mdns c", "quic s", "quic s"], &["quic s"; 3]);
}

/// DCE/RPC (C706, chapter 12): a bind, and a request in two segments, which TCP has to put together.
fn dcerpc(ends: (&str, &str)) -> Capture {
    let pdu = |kind: u8, body: &[u8]| {
        let length = (16 + body.len() as u16).to_le_bytes();
        [&[5, 0, kind, 3, 0x10, 0, 0, 0][..], &length, &[0, 0, 1, 0, 0, 0], body].concat()
    };
    let bind = pdu(11, &[&[0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0][..], &[0x44; 40]].concat());
    let request = pdu(0, &[&[200, 0, 0, 0, 0, 0, 3, 0][..], &[0; 200]].concat());
    let conversation = Conversation::new(ends.0, ends.1).open().request(&bind);
    conversation.request(&request[..100]).request(&request[100..]).request(&bind).into()
}

/// Since 4.4 the host does not ask what the client's port stands for once it saw the handshake.
#[test]
fn dcerpc_instead_of_socks() {
    let capture = dcerpc(("192.168.1.23:1080", "198.51.100.10:49666"));
    if release() >= (4, 4) {
        let as_is = ["-", "-", "-", "dcerpc", "-", "dcerpc", "dcerpc"];
        return assert_corrected(&capture, &as_is, &as_is, &as_is);
    }
    assert_corrected(
        &capture,
        &["-", "-", "-", "socks c", "socks c", "socks c", "socks c"],
        &["-", "-", "-", "socks c", "- s", "dcerpc s", "dcerpc s"],
        &["-", "-", "-", "dcerpc s", "- s", "dcerpc s", "dcerpc s"],
    );
}

/// The user's own choice for either port stays. Without a sure verdict, nothing changes.
#[test]
fn what_the_user_decodes_stays() {
    let capture = Capture::ethernet(&wireguard());
    let read = || Tshark::read(&capture).set(CORRECT).two_passes();
    assert_eq!(decoded(read().with(&["-d", "udp.port==44818,dns"])), ["dns"; 4]);
    // Up to 3.4, the host tries the lower port first, even if the user sets *Decode As* for the other one.
    let by_user = if release() < (3, 6) { "enip c" } else { "syslog" };
    assert_eq!(decoded(read().with(&["-d", "udp.port==51820,syslog"])), [by_user; 4]);
    assert_eq!(decoded(read().set("ephemeral.note_confidence:handshake")), ["enip"; 4]);
    assert_eq!(decoded(read().set("ephemeral.infer:FALSE")), ["enip"; 4]);
    assert_eq!(decoded(read().disabled()), ["enip"; 4]);
}

/// Where the table of services names a dissector, that one is taken.
#[test]
fn the_declared_dissector() {
    let packets: Vec<_> =
        (0..3).map(|_| datagram("192.168.1.23:44818", "198.51.100.10:50001", b"<13>a line")).collect();
    let capture = Capture::ethernet(&packets);
    let read = |name: &str| {
        let row = format!(r#"uat:ephemeral_services:"198.51.100.10","UDP","50001","{name}""#);
        Tshark::read(&capture).set(&row).set(CORRECT).two_passes()
    };
    assert_eq!(decoded(read("syslog")), ["syslog s"; 3]);
    assert_eq!(decoded(read("our own log")), ["data s"; 3], "it is no dissector's name");
}

/// *Export PDUs* asks for the name of the conversation's dissector. That of IRC's port has none in most releases.
#[test]
fn what_is_exported() {
    let conversation =
        Conversation::new("192.168.1.23:1863", "198.51.100.10:6667").open().request(b"NICK somebody\r\n");
    let capture = conversation.response(b":irc.example.com 001 somebody :Welcome\r\n").skip(3).into();
    let read = || {
        let row = r#"uat:ephemeral_services:"198.51.100.10","TCP","6667","""#;
        Tshark::read(&capture).set(row).set(CORRECT).two_passes()
    };
    assert_eq!(decoded(read()), ["irc s"; 2]);
    let exported = read().with(&["-U", "OSI layer 4", "-w", "-"]).output();
    let said = host::text(&exported.stderr);
    assert!(exported.status.success() && !said.contains("Dissector bug"), "{said}");
    for payload in [&b"NICK somebody"[..], b":Welcome"] {
        assert!(exported.stdout.windows(payload.len()).any(|bytes| bytes == payload), "both are exported");
    }
}

/// The preference changes nothing for a conversation that is decoded right, or whose client is not known.
#[test]
fn nothing_else_changes() {
    let right = Conversation::new("192.168.1.24:1863", "198.51.100.10:18080").open();
    let http = Conversation::new("192.168.1.25:3128", "198.51.100.10:18080").open();
    let http = http.request(b"GET / HTTP/1.0\r\n\r\n").response(b"HTTP/1.0 204 No Content\r\n\r\n");
    let by_server = Conversation::new(BY_SERVER.0, BY_SERVER.1).open().request(DATA).response(DATA);
    let unknown = Conversation::new("192.168.1.26:1863", "198.51.100.11:20011").open().request(DATA).skip(3);
    let mut packets = seed::conversation().then(right).then(http).then(by_server).then(unknown).packets;
    packets.push(datagram("192.168.1.23:5353", "224.0.0.251:5353", &[0; 12]));
    packets.push(datagram("192.168.1.23:50001", "192.0.2.9:44818", &[0; 24]));
    let capture = Capture::ethernet(&packets);
    for read in [Tshark::read(&capture).names(), Tshark::read(&capture).names().two_passes()] {
        for format in [&["-V"][..], &["-P"], &["-Tpdml"], &["-q", "-z", "io,phs", "-z", "conv,tcp", "-z", "expert"]] {
            let print = |tshark: Tshark| {
                let printed = tshark.with(format).stdout();
                printed.lines().filter(|line| !line.starts_with("<pdml ")).map(str::to_owned).collect::<Vec<_>>()
            };
            let (off, on) = (print(read.clone()), print(read.clone().set(CORRECT)));
            assert!(off.len() > 10, "{off:?}");
            assert_eq!(on, off, "{format:?}");
        }
    }
}
