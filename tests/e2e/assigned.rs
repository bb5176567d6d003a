// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Ports that a protocol assigns at run time. The registered name of such a number is wrong at the server's end, too.

use crate::capture::{Capture, Conversation, Packet, datagram};
use crate::host::Tshark;

const CLIENT: &str = "192.168.1.23";
const SERVER: &str = "198.51.100.10";

fn at(host: &str, port: u16) -> String {
    format!("{host}:{port}")
}

/// Returns whether no line shows a name for this port: `syscomlan(1065)` or `syscomlan (1065)`.
fn is_nameless(lines: &[String], port: u16) -> bool {
    let is_bare = |line: &String, mark: &str| {
        line.match_indices(mark).all(|(at, _)| !line[..at].trim_end().ends_with(|c: char| c.is_ascii_alphanumeric()))
    };
    lines.iter().all(|line| is_bare(line, &format!("({port})")))
}

/// A bind to the interface of the endpoint mapper (C706, section 12.6.4.3); any interface would do.
fn dce_rpc_bind() -> Vec<u8> {
    let interface = b"\x08\x83\xaf\xe1\x1f\x5d\xc9\x11\x91\xa4\x08\x00\x2b\x14\xa0\xfa\x03\0\0\0";
    let syntax = b"\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\0\0\0";
    let head = b"\x05\0\x0b\x03\x10\0\0\0\x48\0\0\0\x01\0\0\0\xd0\x16\xd0\x16\0\0\0\0\x01\0\0\0\0\0\x01\0";
    [&head[..], interface, syntax].concat()
}

pub(crate) fn dce_rpc(client: u16, server: u16) -> Capture {
    Conversation::new(&at(CLIENT, client), &at(SERVER, server)).open().request(&dce_rpc_bind()).ack().into()
}

#[test]
fn dce_rpc_behind_the_endpoint_mapper() {
    let read = || Tshark::read(&dce_rpc(51000, 1065)).two_passes();
    let every = ["1", "2", "3", "4", "5"];
    assert_eq!(read().frames("ephemeral.listener_misnamed"), every);
    assert_eq!(read().frames("ephemeral.misnamed"), [""; 0]);
    assert_eq!(read().field("ephemeral.label"), ["192.168.1.23:51000 → 198.51.100.10:1065 (dcerpc)"; 5]);
    let text = "Port 1065 was assigned at run time, as those of dcerpc are; \"syscomlan\" is only the name registered \
                for that number";
    assert_eq!(read().expert_lines(), [format!("5 Assumption Ephemeral Ports {text}")]);
    assert!(read().names().disabled().info()[0].contains("syscomlan(1065)"), "the host names it");
    assert!(is_nameless(&read().names().info(), 1065));
    assert!(read().names().info()[0].starts_with("51000 → 1065 [SYN]"));
    assert!(is_nameless(&read().names().trees().concat()[..], 1065));
}

/// In one pass, nothing is known before the bind. A conversation that was unremarkable until then is checked again.
#[test]
fn dce_rpc_in_one_pass() {
    let read = || Tshark::read(&dce_rpc(51000, 1065));
    assert_eq!(read().frames("ephemeral.listener_misnamed"), ["4", "5"]);
    let back =
        Conversation::new(&at(CLIENT, 51000), &at(SERVER, 1065)).open().request(&dce_rpc_bind()).response(b"\x05");
    assert_eq!(Tshark::read(&back.into()).frames("ephemeral.listener_misnamed"), ["4", "5"], "from the other end too");
}

#[test]
fn the_endpoint_mapper_has_its_own_name() {
    let read = || Tshark::read(&dce_rpc(51000, 135)).two_passes().set("ephemeral.note_service:TRUE");
    assert_eq!(read().expert_lines(), [""; 0]);
    assert_eq!(read().field("ephemeral.service"), ["epmap"; 5]);
    assert_eq!(read().names().info(), read().names().disabled().info());
}

#[test]
fn a_port_that_a_product_always_uses_was_not_assigned() {
    let read = || Tshark::read(&dce_rpc(51000, 1688)).two_passes();
    assert_eq!(read().frames("ephemeral.listener_misnamed"), [""; 0]);
}

#[test]
fn the_user_can_declare_the_port() {
    let read = || Tshark::read(&dce_rpc(51000, 1065)).two_passes().set("ephemeral.server_ports:1065");
    assert_eq!(read().frames("ephemeral.listener_misnamed"), [""; 0]);
}

/// A call of a program's procedure 0 (RFC 5531, section 9), and its answer.
pub(crate) fn rpc(client: &str, server: &str, program: u32) -> [Packet; 2] {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
    let call = words(&[7 + program, 0, 2, program, if program == 100_000 { 2 } else { 3 }, 0, 0, 0, 0, 0]);
    let reply = words(&[7 + program, 1, 0, 0, 0, 0]);
    [datagram(client, server, &call), datagram(server, client, &reply)]
}

#[test]
fn onc_rpc_behind_the_portmapper() {
    const PORTMAPPER: u32 = 100_000;
    const NFS: u32 = 100_003;
    const MOUNT: u32 = 100_005;
    let packets = [
        rpc(&at(CLIENT, 51000), &at(SERVER, 111), PORTMAPPER),
        rpc(&at(CLIENT, 765), &at(SERVER, 1065), MOUNT),
        rpc(&at(CLIENT, 51002), &at(SERVER, 2049), NFS),
    ];
    let capture = Capture::ethernet(&packets.concat());
    let read = || Tshark::read(&capture).two_passes();
    assert_eq!(read().frames("ephemeral.listener_misnamed"), ["3", "4"]);
    assert_eq!(read().frames("ephemeral.misnamed.port == 765"), ["3", "4"], "picked among the reserved ports");
    assert_eq!(read().frames("ephemeral.port_misnamed"), ["3", "4"]);
    let services = ["sunrpc", "sunrpc", "rpc", "rpc", "nfs", "nfs"];
    assert_eq!(read().field("ephemeral.service"), services);
    let asked = read().set("ephemeral.note_service:TRUE");
    assert_eq!(asked.frames("ephemeral.other_service"), [""; 0]);
}

/// RFC 1350, section 4: the server answers from a port of its own choice.
pub(crate) fn tftp() -> Capture {
    let (client, server) = (at(CLIENT, 1140), at(SERVER, 1155));
    let data = [&b"\0\x03\0\x01"[..], &[0x55; 512]].concat();
    Capture::ethernet(&[
        datagram(&client, &at(SERVER, 69), b"\0\x01boot.img\0octet\0"),
        datagram(&server, &client, &data),
        datagram(&client, &server, b"\0\x04\0\x01"),
    ])
}

#[test]
fn data_of_tftp() {
    for read in [Tshark::read(&tftp()), Tshark::read(&tftp()).two_passes()] {
        let fields = ["ephemeral.client_port", "ephemeral.server_port", "ephemeral.confidence", "ephemeral.evidence"];
        let evidence = "192.168.1.23:1140 asked for this data in frame 1";
        assert_eq!(read.clone().fields(&fields)[1..], [["1140", "1155", "2", evidence]; 2]);
        assert_eq!(read.clone().frames("ephemeral.misnamed.port == 1140"), ["1", "2", "3"]);
        assert_eq!(read.clone().frames("ephemeral.listener_misnamed"), ["2", "3"]);
        let tree = read.names().trees().remove(1);
        assert!(tree.iter().any(|line| line == "User Datagram Protocol, Src Port: 1155, Dst Port: 1140"), "{tree:#?}");
    }
}

/// SDP that offers audio on a port (RFC 8866), in SIP.
fn sip(start: &str, host: &str, port: u16) -> Vec<u8> {
    let sdp =
        format!("v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n");
    let head = "Via: SIP/2.0/UDP 192.168.1.23:5060;branch=z9hG4bK1\r\nFrom: <sip:a@192.168.1.23>;tag=1\r\n\
                To: <sip:b@198.51.100.10>\r\nCall-ID: 1@192.168.1.23\r\nCSeq: 1 INVITE\r\n";
    format!("{start}\r\n{head}Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}", sdp.len()).into_bytes()
}

/// A SIP call. RTP goes between two ports that have names, and RTCP between the next ports.
pub(crate) fn call() -> Capture {
    let rtp = [&b"\x80\0\0\x01\0\0\0\xa0\x12\x34\x56\x78"[..], &[0xff; 160]].concat();
    let rtcp = [&b"\x80\xc8\0\x06\x12\x34\x56\x78"[..], &[0; 20]].concat();
    let (a, b) = (at(CLIENT, 5060), at(SERVER, 5060));
    Capture::ethernet(&[
        datagram(&a, &b, &sip("INVITE sip:b@198.51.100.10 SIP/2.0", CLIENT, 8000)),
        datagram(&b, &a, &sip("SIP/2.0 200 OK", SERVER, 4000)),
        datagram(&at(CLIENT, 8000), &at(SERVER, 4000), &rtp),
        datagram(&at(SERVER, 4000), &at(CLIENT, 8000), &rtp),
        datagram(&at(CLIENT, 8001), &at(SERVER, 4001), &rtcp),
    ])
}

#[test]
fn rtp_has_no_client() {
    for read in [Tshark::read(&call()), Tshark::read(&call()).two_passes()] {
        let protocols = read.clone().field("frame.protocols");
        assert!(protocols[2].contains(":udp:rtp") && protocols[4].contains(":udp:rtcp"), "{protocols:?}");
        assert_eq!(read.clone().frames("ephemeral.listener_misnamed"), ["3", "4", "5"]);
        assert_eq!(read.clone().frames("ephemeral.misnamed"), [""; 0]);
        assert_eq!(read.clone().frames("ephemeral.port_misnamed"), [""; 0]);
        let rows = read.clone().fields(&["ephemeral.evidence", "ephemeral.confidence", "ephemeral.service"]);
        assert_eq!(rows[3], ["no client: both ports were agreed on; first packet in frame 3", "1", "rtp"]);
        let named = read.clone().names().disabled().trees().concat();
        assert!(named.iter().any(|line| line.starts_with("    Source Port: ") && line.ends_with(" (8000)")));
        let trees = read.names().trees();
        for (tree, ports) in trees[2..].iter().zip([[8000, 4000], [4000, 8000], [8001, 4001]]) {
            let line = format!("User Datagram Protocol, Src Port: {}, Dst Port: {}", ports[0], ports[1]);
            assert!(tree.contains(&line), "{line} in {tree:#?}");
        }
    }
}

/// HTTP's port is registered for something else here, but it was not assigned at run time.
#[test]
fn a_service_on_anothers_port_keeps_the_name_unless_the_user_wants_it_corrected() {
    let get = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    let capture = Conversation::new(&at(CLIENT, 51000), &at(SERVER, 8000)).open().request(get).ack().into();
    let read = || Tshark::read(&capture).two_passes().names();
    assert_eq!(read().info(), read().disabled().info());
    assert!(!is_nameless(&read().info(), 8000), "the host names it");
    let corrected = || read().set("ephemeral.correct_service:TRUE");
    assert!(is_nameless(&corrected().info(), 8000));
    assert!(is_nameless(&corrected().trees().concat(), 8000));
    assert_eq!(corrected().expert_lines(), [""; 0], "it is noted only if a preference asks for that");
    assert_eq!(corrected().field("ephemeral.label"), ["192.168.1.23:51000 → 198.51.100.10:8000 (http)"; 5]);
    let noted = corrected().set("ephemeral.note_service:TRUE");
    assert_eq!(noted.frames("ephemeral.other_service").len(), 5);
}

/// Checks which frames have a misnamed listener, and the label and the note of their connection.
fn assert_noted(capture: &Capture, frames: &[&str], label: &str, note: &str) {
    let read = || Tshark::read(capture).two_passes();
    assert_eq!(read().frames("ephemeral.listener_misnamed"), frames);
    assert_eq!(read().frames("ephemeral.misnamed"), [""; 0]);
    let shown: Vec<usize> = frames.iter().map(|frame| frame.parse::<usize>().expect("a number") - 1).collect();
    let labels = read().field("ephemeral.label");
    assert!(shown.iter().all(|at| labels[*at] == label), "{labels:?}");
    let noted = read().expert_lines();
    assert!(noted.iter().any(|line| line.ends_with(note)), "{noted:?}");
}

/// BEP 3: the first message of a peer, 68 bytes.
const PEER: &[u8] = b"\x13BitTorrent protocol\0\0\0\0\0\0\0\0hash of the torrent.-XX0001-abcdefghijkl";

pub(crate) fn peers(client: u16, listener: u16) -> Capture {
    Conversation::new(&at(CLIENT, client), &at(SERVER, listener)).open().request(PEER).response(PEER).into()
}

#[test]
fn a_peer_of_bittorrent() {
    let capture = peers(51000, 1065);
    let read = || Tshark::read(&capture).two_passes();
    assert_noted(
        &capture,
        &["1", "2", "3", "4", "5"],
        "192.168.1.23:51000 → 198.51.100.10:1065 (bittorrent)",
        "Port 1065 was assigned at run time, as those of bittorrent are; \"syscomlan\" is only the name registered for \
         that number",
    );
    assert!(!is_nameless(&read().names().disabled().info(), 1065), "the host names it");
    assert!(is_nameless(&read().names().info(), 1065));
    assert!(is_nameless(&read().names().trees().concat(), 1065));
}

/// 6888 is registered for something else, but the host's dissector is registered for it.
#[test]
fn a_peer_on_a_customary_port_was_not_assigned_one() {
    let read = || Tshark::read(&peers(51000, 6888)).two_passes();
    assert!(read().field("frame.protocols")[3].ends_with(":bittorrent"));
    assert_eq!(read().frames("ephemeral.listener_misnamed"), [""; 0]);
}

/// Fax over IP: SDP names the ports, and T.38's packets go between them: number, length, "no signal" (T.38, section
/// 9.1).
#[test]
fn t38_has_no_client() {
    let (a, b) = (at(CLIENT, 5060), at(SERVER, 5060));
    let image = |start, host, port| {
        let message = String::from_utf8(sip(start, host, port)).expect("text");
        message.replace("m=audio", "m=image").replace("RTP/AVP 0", "udptl t38").into_bytes()
    };
    let fax = b"\0\0\x01\0\0\0";
    let capture = Capture::ethernet(&[
        datagram(&a, &b, &image("INVITE sip:b@198.51.100.10 SIP/2.0", CLIENT, 8000)),
        datagram(&b, &a, &image("SIP/2.0 200 OK", SERVER, 4000)),
        datagram(&at(CLIENT, 8000), &at(SERVER, 4000), fax),
        datagram(&at(SERVER, 4000), &at(CLIENT, 8000), fax),
    ]);
    assert_noted(
        &capture,
        &["3", "4"],
        "192.168.1.23:8000 → 198.51.100.10:4000 (t38)",
        "Port 4000 was assigned at run time, as those of t38 are; \"terabase\" is only the name registered for that number",
    );
    let read = || Tshark::read(&capture).two_passes();
    let rows = read().fields(&["ephemeral.evidence", "ephemeral.confidence"]);
    assert_eq!(rows[3], ["no client: both ports were agreed on; first packet in frame 3", "1"]);
    assert!(is_nameless(&read().names().trees()[2..].concat(), 8000));
    assert!(is_nameless(&read().names().trees()[2..].concat(), 4000));
}

/// A packet of ISO transport over TCP (RFC 1006, section 6), without the transport's own header, as H.225.0 has it.
fn tpkt(message: &[u8]) -> Vec<u8> {
    [&[3, 0, 0, message.len() as u8 + 4], message].concat()
}

/// H.225.0's "call proceeding" (Q.931's message 2, with a user-user element) that names H.245's address and port.
fn call_proceeding(port: u16) -> Vec<u8> {
    // The choice of the message, with h245Address; protocolIdentifier; a destinationInfo that is empty, an ipAddress.
    let before = b"\x01\x40\x06\x00\x08\x91\x4a\x00\x04\x00\x00";
    let element = [&b"\x05"[..], before, &[198, 51, 100, 10], &port.to_be_bytes()].concat();
    tpkt(&[&b"\x08\x02\x80\x01\x02\x7e\0"[..], &[element.len() as u8], &element].concat())
}

#[test]
fn h245_by_h225() {
    let call = Conversation::new(&at(CLIENT, 51000), &at(SERVER, 1720)).open().response(&call_proceeding(1065));
    // terminalCapabilitySetAck
    let control = Conversation::new(&at(CLIENT, 51001), &at(SERVER, 1065)).open().request(&tpkt(b"\x21\x80\x01")).ack();
    assert_noted(
        &call.then(control).into(),
        &["5", "6", "7", "8", "9"],
        "192.168.1.23:51001 → 198.51.100.10:1065 (h245)",
        "Port 1065 was assigned at run time, as those of h245 are; \"syscomlan\" is only the name registered for that number",
    );
}
