// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Listening ports that two ends agree on in-band: FTP's data connections. The name registered for
//! such a port's number is wrong, too.

use crate::capture::{ACK, Capture, Conversation};
use crate::host::Tshark;
use crate::verdict::{Verdict, note};

const CLIENT: &str = "192.168.1.23";
const SERVER: &str = "198.51.100.10";
const CLIENT_V6: &str = "[2001:db8::23]";
const SERVER_V6: &str = "[2001:db8:1::10]";
/// The frame in which [`control`] names the listener in active mode: its last packet but one.
const AGREED_IN: u32 = 5;
/// Port 5001, registered as commplex-link, in the notation of RFC 959.
const PORT_5001: &str = "19,137";

/// A control connection in which the client sends a command and the server answers.
fn control(client: &str, server: &str, command: &str, reply: &str) -> Conversation {
    Conversation::new(&format!("{client}:51000"), &format!("{server}:21"))
        .open()
        .response(b"220 ready\r\n")
        .request(command.as_bytes())
        .response(reply.as_bytes())
}

fn listener_note(frame: u32) -> String {
    format!("Port 5001 was agreed on in frame {frame}; \"commplex-link\" is only the name registered for that number")
}

/// Six packets of control, then the data connection that the server opens: SYN, SYN-ACK, ACK, data.
pub(crate) fn active() -> Conversation {
    let command = format!("PORT 192,168,1,23,{PORT_5001}\r\n");
    let data = Conversation::new(&format!("{SERVER}:20"), &format!("{CLIENT}:5001"));
    control(CLIENT, SERVER, &command, "200 ok\r\n").then(data.open().request(b"drwxr-xr-x docs\r\n"))
}

/// The same in passive mode: the client opens the data connection, from a named port.
pub(crate) fn passive() -> Conversation {
    let reply = format!("227 Entering Passive Mode (198,51,100,10,{PORT_5001})\r\n");
    let data = Conversation::new(&format!("{CLIENT}:1155"), &format!("{SERVER}:5001"));
    control(CLIENT, SERVER, "PASV\r\n", &reply).then(data.open().response(b"drwxr-xr-x docs\r\n"))
}

#[test]
fn active_mode() {
    let mut expected = Verdict::handshake("198.51.100.10 20", "192.168.1.23 5001", "SYN in frame 7", 7);
    expected.notes = vec![listener_note(AGREED_IN)];
    let capture = active().into();
    assert_eq!(Tshark::read(&capture).verdicts()[6..], expected.each("cscc"));
    assert_eq!(Tshark::read(&capture).two_passes().verdicts()[6..], expected.each("cscc"));
}

#[test]
fn passive_mode() {
    let mut expected = Verdict::handshake("192.168.1.23 1155", "198.51.100.10 5001", "SYN in frame 7", 7);
    expected.misnamed = Some((1155, "nfa".to_owned()));
    expected.notes = vec![note(1155, "nfa"), listener_note(AGREED_IN + 1)];
    let sorted = |tshark: Tshark| {
        let mut verdicts = tshark.verdicts().split_off(6);
        verdicts.iter_mut().flatten().for_each(|verdict| verdict.notes.sort());
        verdicts
    };
    expected.notes.sort();
    let capture = passive().into();
    assert_eq!(sorted(Tshark::read(&capture)), expected.each("cscs"));
    assert_eq!(sorted(Tshark::read(&capture).two_passes()), expected.each("cscs"));
}

#[test]
fn the_notes_have_filters_of_their_own() {
    let data = ["7", "8", "9", "10"];
    assert_eq!(Tshark::read(&active().into()).frames("ephemeral.listener_misnamed"), data);
    assert_eq!(Tshark::read(&active().into()).frames("ephemeral.port_misnamed"), [""; 0]);
    assert_eq!(Tshark::read(&active().into()).frames("ephemeral.misnamed"), [""; 0], "it is about the client's port");
    assert_eq!(Tshark::read(&passive().into()).frames("ephemeral.listener_misnamed"), data);
    assert_eq!(Tshark::read(&passive().into()).frames("ephemeral.port_misnamed"), data);
    assert_eq!(Tshark::read(&passive().into()).frames("ephemeral.misnamed.port == 1155"), data);
    assert_eq!(Tshark::read(&passive().into()).frames("ephemeral.misnamed.port == 5001"), [""; 0]);
}

#[test]
fn the_name_of_the_listener_is_taken_out_and_that_of_ftp_data_stays() {
    let read = || Tshark::read(&active().into()).names();
    let (before, after) = (read().disabled().info(), read().info());
    assert!(before[6].starts_with("ftp-data(20) → commplex-link(5001) [SYN]"), "{}", before[6]);
    assert!(after[6].starts_with("ftp-data(20) → 5001 [SYN]"), "{}", after[6]);
    assert!(after[7].starts_with("5001 → ftp-data(20) [SYN, ACK]"), "{}", after[7]);
    let corrected: Vec<_> = before.iter().map(|line| line.replace("commplex-link(5001)", "5001")).collect();
    assert_eq!(after, corrected);
    let tree = read().trees().remove(6);
    for line in ["    Source Port: ftp-data (20)", "    Destination Port: 5001"] {
        assert!(tree.contains(&line.to_owned()), "{line} in {tree:#?}");
    }
    assert!(
        tree.iter()
            .any(|line| line.starts_with("Transmission Control Protocol, Src Port: ftp-data (20), Dst Port: 5001,"))
    );
}

#[test]
fn both_names_are_taken_out_in_passive_mode() {
    let read = || Tshark::read(&passive().into()).names();
    let (before, after) = (read().disabled().info(), read().info());
    assert!(before[6].starts_with("nfa(1155) → commplex-link(5001) [SYN]"), "{}", before[6]);
    assert!(after[6].starts_with("1155 → 5001 [SYN]"), "{}", after[6]);
    assert!(after[7].starts_with("5001 → 1155 [SYN, ACK]"), "{}", after[7]);
    let tree = read().trees().remove(6);
    assert!(tree.iter().any(|line| line.starts_with("Transmission Control Protocol, Src Port: 1155, Dst Port: 5001,")));
    for line in ["    Source Port: 1155", "    Destination Port: 5001"] {
        assert!(tree.contains(&line.to_owned()), "{line} in {tree:#?}");
    }
}

#[test]
fn the_service_is_ftp_data() {
    for capture in [Capture::from(active()), passive().into()] {
        assert_eq!(Tshark::read(&capture).two_passes().field("ephemeral.service")[6..], ["ftp-data"; 4]);
    }
    let label = Tshark::read(&active().into()).two_passes().field("ephemeral.label").remove(6);
    assert_eq!(label, "198.51.100.10:20 → 192.168.1.23:5001 (ftp-data)");
}

/// The data connection's own handshake was not captured.
#[test]
fn the_agreement_tells_the_roles() {
    let command = format!("PORT 192,168,1,23,{PORT_5001}\r\n");
    let data = Conversation::new(&format!("{SERVER}:40001"), &format!("{CLIENT}:5001")).open().midstream();
    let capture =
        control(CLIENT, SERVER, &command, "200 ok\r\n").then(data.request(b"drwxr-xr-x\r\n").server(ACK, b""));
    let evidence = "192.168.1.23:5001 was agreed on as listening in frame 5";
    let mut expected = Verdict::strong("198.51.100.10 40001", "192.168.1.23 5001", evidence, AGREED_IN);
    expected.notes = vec![listener_note(AGREED_IN)];
    assert_eq!(Tshark::read(&capture.into()).verdicts()[6..], expected.each("cs"));
}

#[test]
fn the_same_port_without_an_agreement_keeps_its_name() {
    let plain = Conversation::new("192.168.1.24:51000", "198.51.100.10:5001").open();
    let capture = active().then(plain).into();
    assert_eq!(Tshark::read(&capture).frames("ephemeral.listener_misnamed"), ["7", "8", "9", "10"]);
    assert!(Tshark::read(&capture).names().info()[10].starts_with("51000 → commplex-link(5001)"));
    assert_eq!(Tshark::read(&capture).field("ephemeral.service")[10], "commplex-link");
}

/// Nothing is wrong in this connection until its port is agreed on.
#[test]
fn the_name_goes_once_the_port_is_agreed_on() {
    let data = Conversation::new(&format!("{CLIENT}:51001"), &format!("{SERVER}:5001")).open().request(b"early");
    let control = control(CLIENT, SERVER, "PASV\r\n", "227 Entering Passive Mode (198,51,100,10,19,137)\r\n");
    let late = data.clone().request(b"late").response(b"late").skip(4);
    let capture = data.then(control).then(late).into();
    let read = || Tshark::read(&capture).names();
    let named = |info: Vec<String>| info.iter().map(|line| line.contains("commplex-link")).collect::<Vec<_>>();
    let expected = [[true; 4].as_slice(), &[false; 8]].concat();
    assert_eq!(named(read().info()), expected);
    assert_eq!(named(read().two_passes().info()), [false; 12]);
    assert_eq!(read().frames("ephemeral.listener_misnamed"), ["11", "12"]);
}

/// A client can name any port, even that of a service (the "bounce attack" of RFC 2577). Servers should refuse ports
/// below 1024.
#[test]
fn a_system_port_keeps_its_name_whatever_is_agreed_on() {
    let web = Conversation::new("192.168.1.23:51001", &format!("{SERVER}:80")).open();
    let capture = control(CLIENT, SERVER, "PORT 198,51,100,10,0,80\r\n", "200 ok\r\n").then(web).into();
    assert_eq!(Tshark::read(&capture).frames("ephemeral.listener_misnamed"), [""; 0]);
    assert_eq!(Tshark::read(&capture).field("ephemeral.service")[6..], ["http"; 3]);
}

#[test]
fn ipv6() {
    let eprt = control(CLIENT_V6, SERVER_V6, "EPRT |2|2001:db8::23|5001|\r\n", "200 ok\r\n");
    let active = Conversation::new(&format!("{SERVER_V6}:20"), &format!("{CLIENT_V6}:5001")).open();
    let epsv = control(CLIENT_V6, SERVER_V6, "EPSV\r\n", "229 Entering Extended Passive Mode (|||5001|)\r\n");
    let passive = Conversation::new(&format!("{CLIENT_V6}:51001"), &format!("{SERVER_V6}:5001")).open();
    for (capture, frame, before, after) in [
        (eprt.then(active), AGREED_IN, "ftp-data(20) → commplex-link(5001) ", "ftp-data(20) → 5001 "),
        (epsv.then(passive), AGREED_IN + 1, "51001 → commplex-link(5001) ", "51001 → 5001 "),
    ] {
        let capture = capture.into();
        assert_eq!(Tshark::read(&capture).frames("ephemeral.listener_misnamed"), ["7", "8", "9"]);
        let notes: Vec<_> =
            Tshark::read(&capture).verdicts().into_iter().flatten().map(|verdict| verdict.notes).collect();
        assert_eq!(notes[6..], vec![vec![listener_note(frame)]; 3]);
        assert!(Tshark::read(&capture).names().disabled().info()[6].starts_with(before));
        assert!(Tshark::read(&capture).names().info()[6].starts_with(after));
    }
}

#[test]
fn one_note_is_enough() {
    for capture in [Capture::from(active()), passive().into()] {
        let read = Tshark::read(&capture).two_passes().set("ephemeral.note_service:TRUE");
        assert_eq!(read.frames("ephemeral.other_service"), [""; 0]);
    }
}
