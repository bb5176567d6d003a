//! What an attacker can make us say, and what not: forged packets, and names made to harm whoever
//! reads them.

use crate::capture::{Capture, Conversation, ACK, RST, SYN};
use crate::host::{Home, Tshark};
use crate::seed::{CLIENT, SERVER};
use std::sync::Arc;

/// The client's port on each packet, the whole capture known.
fn client_ports(conversation: Conversation) -> Vec<String> {
    let capture: Capture = conversation.into();
    Tshark::read(&capture).two_passes().field("ephemeral.client_port")
}

fn open() -> Conversation {
    Conversation::new(CLIENT, SERVER).open().request(b"one")
}

#[test]
fn a_forged_syn_ack_does_not_swap_an_open_connection() {
    let forged = open().client(SYN | ACK, b"").response(b"two").ack();
    assert_eq!(client_ports(forged), ["1140"; 7]);
}

#[test]
fn a_forged_reset_does_not_swap_a_connection() {
    let forged = open().server(RST, b"").response(b"two").client(SYN | ACK, b"");
    assert_eq!(client_ports(forged)[..6], ["1140"; 6]);
    assert_eq!(client_ports(open().client(RST, b"").response(b"two")), ["1140"; 6]);
}

/// Who can inject a SYN into the capture can make what follows look like another connection, as
/// for Wireshark itself. What came before keeps its roles.
#[test]
fn a_forged_syn_swaps_what_follows_it_and_nothing_before() {
    let forged = open().sequence_numbers(9_000, 70_000).server(SYN, b"").response(b"two");
    assert_eq!(client_ports(forged), ["1140", "1140", "1140", "1140", "80", "80"]);
}

/// Where the handshake was not captured, a forged one is believed.
#[test]
fn without_a_handshake_a_forged_one_is_believed() {
    let forged = open().skip(3).sequence_numbers(9_000, 70_000).server(SYN, b"").response(b"two");
    assert_eq!(client_ports(forged)[1..], ["80", "80"]);
}

/// As both ends' ports: the server's name is shown, the client's is noted.
fn read_with(names: &str) -> impl Fn() -> Tshark {
    let home = Arc::new(Home::with_configuration(&[("services", names)]));
    let capture: Capture = Conversation::new("192.168.1.23:51234", "198.51.100.10:50001").open().into();
    move || Tshark::read_in(home.clone(), &capture)
}

/// The lines of our own in the details.
fn our_lines(read: impl Fn() -> Tshark) -> Vec<String> {
    let trees = read().trees().concat();
    let ours = |line: &&String| {
        ["Ephemeral Ports", "Service", "Conversation", "Name", "Expert"].iter().any(|word| line.contains(word))
    };
    let lines: Vec<_> = trees.iter().filter(ours).cloned().collect();
    assert!(!lines.is_empty());
    lines
}

#[test]
fn no_control_character_of_a_name_is_passed_on() {
    let read = read_with("e\u{1b}[31mvil\u{7}\t50001/tcp\nr\u{202e}ev\u{1b}]0;x\u{7}\t51234/tcp\n");
    for line in our_lines(&read) {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
    let fields = ["ephemeral.service", "ephemeral.misnamed.name", "ephemeral.label"];
    let shown = [
        "e\\x1b[31mvil\\x07",
        "r\\x202eev\\x1b]0;x\\x07",
        "192.168.1.23:51234 → 198.51.100.10:50001 (e\\x1b[31mvil\\x07)",
    ];
    for row in read().fields(&fields) {
        let plain: Vec<_> = row.iter().map(|value| value.replace("\\\\", "\\")).collect();
        assert_eq!(plain, shown);
    }
    for printed in
        [read().with(&["-q", "-z", "expert"]).stdout(), read().with(&["-q", "-z", "ephemeral,tree"]).stdout()]
    {
        assert!(printed.contains("\\x1b"), "{printed}");
        assert!(!printed.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{printed:?}");
    }
    let label = read().names().set("ephemeral.label_in_info:TRUE").info().remove(0);
    let ours = label.split(']').next().unwrap_or_default();
    assert!(!ours.contains(|c: char| c.is_control()), "{label:?}");
}

#[test]
fn an_absurdly_long_name_is_cut() {
    let long = "n".repeat(20_000);
    let read = read_with(&format!("{long}\t50001/tcp\n{long}\t51234/tcp\n"));
    for name in read().fields(&["ephemeral.service", "ephemeral.misnamed.name"]).concat() {
        assert!(name.chars().count() <= 254 && name.ends_with('…'), "{} characters", name.len());
    }
    for arguments in [&["-V"][..], &["-2", "-Tpdml"], &["-q", "-z", "expert"], &["-q", "-z", "ephemeral,tree"]] {
        read().names().set("ephemeral.label_in_info:TRUE").with(arguments).stdout();
    }
}
