// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

use super::*;
use Transport::{Tcp, Udp};
use proptest::prelude::*;

fn table(rows: &[[&str; 4]]) -> Services {
    Services::new(rows.iter().map(|row| Row::read(*row).expect("the row can be read")))
}

/// The name by which an end is declared, `-` for none, or an empty text if it is not declared.
fn name(services: &Services, transport: Transport, end: &str) -> String {
    let end: std::net::SocketAddr = end.parse().expect("an address");
    let found = services.find(transport, End::new(end.ip(), end.port()));
    found.map_or("", |found| found.name.unwrap_or("-")).to_owned()
}

#[test]
fn a_row_names_what_it_says() {
    let services = table(&[
        ["10.0.0.0/8", "TCP", "8443", "intranet"],
        ["2001:db8::5", "any", "9000-9002, 9100", "cluster"],
        ["239.255.0.1", "UDP", "5000", "stream"],
        ["", "udp", "51820", "wireguard"],
        ["", "", "7000", ""],
    ]);
    for (transport, end, expected) in [
        (Tcp, "10.1.2.3:8443", "intranet"),
        (Udp, "10.1.2.3:8443", ""),
        (Tcp, "11.1.2.3:8443", ""),
        (Tcp, "10.1.2.3:8444", ""),
        (Tcp, "[::ffff:10.1.2.3]:8443", ""),
        (Tcp, "[2001:db8::5]:9000", "cluster"),
        (Udp, "[2001:db8::5]:9002", "cluster"),
        (Udp, "[2001:db8::5]:9003", ""),
        (Udp, "[2001:db8::5]:9100", "cluster"),
        (Udp, "[2001:db8::6]:9100", ""),
        (Udp, "239.255.0.1:5000", "stream"),
        (Udp, "192.0.2.1:51820", "wireguard"),
        (Udp, "[2001:db8::1]:51820", "wireguard"),
        (Tcp, "192.0.2.1:51820", ""),
        (Tcp, "192.0.2.1:7000", "-"),
        (Udp, "192.0.2.1:7000", "-"),
    ] {
        assert_eq!(name(&services, transport, end), expected, "{transport:?} {end}");
    }
}

#[test]
fn of_rows_that_disagree_the_longest_prefix_counts_then_the_first() {
    let services = table(&[
        ["", "any", "0-65535", "any"],
        ["10.0.0.0/8", "any", "1-100", "wide"],
        ["10.0.0.0/24", "any", "50-60", "narrow"],
        ["10.0.0.0/24", "any", "40-70", "later"],
        ["10.0.0.7", "any", "55", ""],
    ]);
    for (end, expected) in [
        ("10.0.0.1:55", "narrow"),
        ("10.0.0.1:45", "later"),
        ("10.0.0.1:65", "later"),
        ("10.0.0.1:20", "wide"),
        ("10.0.1.1:55", "wide"),
        ("10.0.0.7:55", "-"),
        ("10.0.0.7:56", "narrow"),
        ("10.0.0.7:101", "any"),
        ("[2001:db8::1]:65535", "any"),
    ] {
        assert_eq!(name(&services, Tcp, end), expected, "{end}");
    }
}

/// A range of ports is split by those of earlier rows, and fills what they leave: each leaves at most one more gap.
#[test]
fn what_a_table_takes_and_how_often_an_end_is_searched_for_is_bounded() {
    let addresses: Vec<String> = (0..=32).map(|length| format!("10.0.0.1/{length}")).collect();
    let addresses = addresses.into_iter().chain((0..=128).map(|length| format!("2001:db8::1/{length}")));
    let rows = addresses.flat_map(|address| [1, 2].map(|port| [address.clone(), port.to_string()]));
    let services =
        Services::new(rows.map(|[address, port]| Row::read([&address, "", &port, ""]).expect("the row can be read")));
    assert_eq!((services.v4.len(), services.v6.len()), (33, 129), "one search for each length of prefix");

    let every_other = (1..=30_000).step_by(100).map(|port| format!("{port}-{}", port + 20));
    let all = std::iter::once("0-65535".to_owned());
    let ranges: Vec<String> = every_other.chain(all).collect();
    let services =
        Services::new(ranges.iter().map(|ports| Row::read(["", "", ports, ""]).expect("the row can be read")));
    assert_eq!(services.any.0.len(), (2 * ranges.len() - 1) * Transport::ALL.len());
    assert_eq!((size_of::<Range>(), size_of::<(u128, Ports)>(), services.declared_ports.len() * 8), (16, 48, 40_960));
}

#[test]
fn what_cannot_be_read_is_refused_in_words() {
    let refused = |fields| Row::read(fields).expect_err("it is refused");
    for (address, words) in [
        ("10.0.0", "is no address and no prefix"),
        ("10.0.0.0/33", "more than 32 bits"),
        ("2001:db8::/129", "more than 128 bits"),
        ("10.0.0.0/-1", "is no address and no prefix"),
        ("10.0.0.0/", "is no address and no prefix"),
        ("10.0.0.0/8/8", "is no address and no prefix"),
        ("www.example.com", "is no address and no prefix"),
    ] {
        assert!(refused([address, "TCP", "80", ""]).contains(words), "{address}");
    }
    assert!(refused(["", "QUIC", "80", ""]).contains("\"QUIC\" is no transport"));
    for (ports, words) in [
        ("", "needs ports"),
        (" ", "needs ports"),
        ("http", "is no port"),
        ("65536", "is no port"),
        ("-1", "is no port"),
        ("+80", "is no port"),
        ("80,", "is no port"),
        ("1-2-3", "is no port"),
        ("9099-9000", "ends before it begins"),
    ] {
        assert!(refused(["", "TCP", ports, ""]).contains(words), "{ports}");
    }
    assert!(refused(["", "TCP", "80", "a\nb"]).contains("control characters"));
    assert!(refused(["", "TCP", "80", &"x".repeat(101)]).contains("at most 100"));
}

#[test]
fn an_empty_table_names_nothing() {
    let services = Services::new([]);
    assert!(services.is_empty());
    assert_eq!(name(&services, Tcp, "10.0.0.1:80"), "");
    assert!(!table(&[["", "TCP", "80", ""]]).is_empty());
}

/// The rule, row by row.
fn by_the_rule(rows: &[Row], transport: Transport, end: End) -> Option<Option<&str>> {
    let length = |row: &Row| match (row.prefix, end.bits()) {
        (Prefix::Any, _) => Some(-1),
        (Prefix::V4 { bits, length }, Bits::V4(of)) => {
            (0..length).all(|bit| (bits ^ of) >> (31 - bit) & 1 == 0).then_some(i32::from(length))
        }
        (Prefix::V6 { bits, length }, Bits::V6(of)) => {
            (0..length).all(|bit| (bits ^ of) >> (127 - bit) & 1 == 0).then_some(i32::from(length))
        }
        _ => None,
    };
    let mut best: Option<(i32, &Row)> = None;
    for row in rows {
        let names = row.transport.is_none_or(|only| only == transport)
            && row.ports.iter().any(|(first, last)| (*first..=*last).contains(&end.port));
        if let Some(length) = length(row).filter(|_| names) {
            if best.is_none_or(|best| best.0 < length) {
                best = Some((length, row));
            }
        }
    }
    best.map(|best| best.1.name.as_deref())
}

fn any_row() -> impl Strategy<Value = Row> {
    // Few bits and ports, so that rows overlap.
    let prefix = prop_oneof![
        Just(Prefix::Any),
        (0u32..4, 0u8..=32).prop_map(|(bits, length)| Prefix::V4 { bits: first_bits_v4(bits, length), length }),
        (0u128..4, 0u8..=128).prop_map(|(bits, length)| Prefix::V6 { bits: first_bits_v6(bits, length), length }),
    ];
    let transport = prop_oneof![Just(None), Just(Some(Tcp)), Just(Some(Udp))];
    let port = prop_oneof![0u16..12, 65530..=u16::MAX];
    let range = (port.clone(), port).prop_map(|(one, other)| (one.min(other), one.max(other)));
    let name = prop_oneof![Just(None), "[a-d]".prop_map(Some)];
    (prefix, transport, prop::collection::vec(range, 1..4), name).prop_map(|(prefix, transport, ports, name)| Row {
        prefix,
        transport,
        ports,
        name,
    })
}

proptest! {
    #[test]
    fn the_table_says_what_the_rule_says(rows in prop::collection::vec(any_row(), 0..12)) {
        let services = Services::new(rows.clone());
        for port in (0..14).chain(65528..=u16::MAX) {
            for bits in 0..5u8 {
                let mut v6 = [0; 16];
                v6[15] = bits;
                for end in [End::v4([0, 0, 0, bits], port), End::v6(v6, port)] {
                    for transport in Transport::ALL {
                        let found = services.find(transport, end).map(|found| found.name);
                        prop_assert_eq!(found, by_the_rule(&rows, transport, end), "{:?} {}", transport, end);
                    }
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(fields in prop::array::uniform4(".{0,20}")) {
        let [address, transport, ports, name] = &fields;
        let _ = Row::read([address, transport, ports, name]);
    }
}
