// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

use super::*;
use proptest::prelude::*;

type Told = Option<(Speaker, &'static str)>;

fn told(found: Found) -> Told {
    found.map(|sign| (sign.speaker, sign.what))
}

/// Returns each example with the result of its own recognizer, and with that of all recognizers.
fn examples() -> Vec<(&'static Example, Found, Found)> {
    let tcp_line = |payload| bytes::line(payload).expect("a line of text");
    let mut tried = Vec::new();
    for OfBytes { recognize, examples, .. } in &TCP.recognizers {
        tried.extend(examples.iter().map(|example| (example, recognize(example.2), tcp(example.2))));
    }
    for OfText { recognize, examples, .. } in &TCP_LINE.recognizers {
        tried.extend(examples.iter().map(|example| {
            let payload = example.2;
            (example, recognize(tcp_line(payload), payload), tcp(payload))
        }));
    }
    for OfBytes { recognize, examples, .. } in &UDP.recognizers {
        tried.extend(examples.iter().map(|example| (example, recognize(example.2), udp(example.2))));
    }
    tried
}

#[test]
fn examples_are_recognized() {
    for ((speaker, what, payload), own, all) in examples() {
        let expected = Some((*speaker, *what));
        assert_eq!(told(own), expected, "by its own recognizer: {payload:?}");
        assert_eq!(told(all), expected, "by the first that recognizes it: {payload:?}");
    }
}

#[test]
fn each_sign_has_an_example() {
    let examples = examples();
    for source in [include_str!("text.rs"), include_str!("binary.rs"), include_str!("datagrams.rs")] {
        for (call, speaker) in [("client!(\"", Speaker::Client), ("server!(\"", Speaker::Server)] {
            for sign in source.split(call).skip(1) {
                let what = sign.split('"').next().unwrap();
                let shown = examples.iter().any(|(example, ..)| (example.0, example.1) == (speaker, what));
                assert!(shown, "no example of {what} from the {speaker:?}");
            }
        }
    }
}

#[test]
fn no_sign_is_stronger_than_certain_and_certain_ones_are_in_their_tables() {
    for ((_, what, payload), ..) in examples() {
        for (transport, found) in [(Transport::Tcp, tcp(payload)), (Transport::Udp, udp(payload))] {
            let Some(sign) = found else { continue };
            assert!(sign.strength <= CERTAIN, "{what}");
            assert!(sign.strength < CERTAIN || may_be_certain(transport, payload), "{what} is not looked for");
        }
    }
}

type Ask = Box<dyn Fn(&[u8]) -> Found>;

/// Returns for each recognizer its noise, the greatest strength of its examples, and a function that calls it.
fn noises() -> Vec<(Noise, Decibans, Ask)> {
    let strongest = |examples: &'static [Example], ask: &dyn Fn(&[u8]) -> Found| {
        examples.iter().filter_map(|example| ask(example.2)).map(|sign| sign.strength).max().unwrap()
    };
    let of_bytes = TCP.recognizers.iter().chain(&UDP.recognizers).map(|recognizer| {
        let ask = recognizer.recognize;
        (recognizer.noise, strongest(recognizer.examples, &ask), Box::new(ask) as Ask)
    });
    let of_text = TCP_LINE.recognizers.iter().map(|recognizer| {
        let ask = |payload: &[u8]| (recognizer.recognize)(bytes::line(payload)?, payload);
        (recognizer.noise, strongest(recognizer.examples, &ask), Box::new(ask) as Ask)
    });
    of_bytes.chain(of_text).collect()
}

#[test]
fn no_sign_weighs_more_than_its_noise_allows() {
    // Random payload is assumed to be ten times as common as any one protocol.
    const RANDOM_IS_COMMON: f64 = 10.0;
    for (noise, strongest, _) in noises() {
        let most = 10.0 * (f64::from(noise.0) / RANDOM_IS_COMMON).log10();
        assert!(f64::from(strongest.0) <= most, "{strongest:?} with a noise of one in {}", noise.0);
    }
}

#[test]
fn no_recognizer_accepts_random_bytes_more_often_than_it_states() {
    const PAYLOADS: u32 = 4_000;
    let mut random = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let lengths = (1..=100).chain([128, 148, 172, 240, 300, 548, 1200]);
    let noises = noises();
    let mut passed_in_all = vec![0; noises.len()];
    let mut tried = 0;
    // Some more than expected may pass by chance.
    let allowed = |tried: u32, noise: &Noise| 3 + 4 * tried / noise.0;
    for length in lengths {
        let mut passed = vec![0; noises.len()];
        let mut payload = vec![0; length];
        for _ in 0..PAYLOADS {
            random.fill_bytes(&mut payload);
            for (passed, (_, _, ask)) in passed.iter_mut().zip(&noises) {
                *passed += u32::from(ask(&payload).is_some());
            }
        }
        tried += PAYLOADS;
        for (at, (noise, ..)) in noises.iter().enumerate() {
            assert!(passed[at] <= allowed(PAYLOADS, noise), "{} of {PAYLOADS} with {length} bytes: {at}", passed[at]);
            passed_in_all[at] += passed[at];
        }
    }
    for (at, (noise, ..)) in noises.iter().enumerate() {
        assert!(passed_in_all[at] <= allowed(tried, noise), "{} of {tried}: {at}", passed_in_all[at]);
    }
}

/// Returns payloads of the greatest length that begin with an example, or with the first part of one.
fn prolonged(example: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let fills = [example, b" ", b"a", b"\0", b"\xff", b"a b: c\r\n", b"(<{\"", b"\x30\x80"];
    [example.len(), example.len().div_ceil(2), example.len().saturating_sub(2)].into_iter().flat_map(move |kept| {
        fills.map(|fill| example[..kept].iter().chain(fill.iter().cycle()).copied().take(65_535).collect())
    })
}

/// The limit holds in a debug build, too. The best of several tries counts, since other programs may run meanwhile. If
/// `tests/ways.sh` asks for it by a variable, the slowest payloads are written to a file, each with its length in
/// front.
#[test]
fn no_payload_takes_long() {
    use std::time::{Duration, Instant};
    const LEFT: usize = 10;
    let most = Duration::from_millis(5);
    let asked = std::env::var_os("EPHEMERAL_DEAREST");
    let compared = if asked.is_some() { 3 } else { 1 };
    let mut dearest: Vec<(Duration, Vec<u8>)> = Vec::new();
    for ((_, what, example), ..) in examples() {
        for payload in prolonged(example) {
            let took = |_| {
                let start = Instant::now();
                let _ = std::hint::black_box((tcp(&payload), udp(&payload), sip_port(&payload)));
                start.elapsed()
            };
            let mut tries = (0..50).map(took);
            let best = tries.by_ref().take(compared).min().filter(|best| *best <= most);
            let best = best.or_else(|| tries.find(|took| *took <= most));
            let best = best.unwrap_or_else(|| panic!("{what}, {:?}...", &payload[..40]));
            dearest.push((best, payload));
            dearest.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
            dearest.truncate(LEFT);
        }
    }
    if let Some(asked) = asked {
        let left =
            dearest.iter().flat_map(|(_, payload)| [&(payload.len() as u32).to_be_bytes(), &payload[..]].concat());
        std::fs::write(asked, left.collect::<Vec<u8>>()).expect("the file that was asked for");
    }
}

#[test]
fn beginnings_of_examples_are_survived() {
    for ((_, _, payload), ..) in examples() {
        for end in 0..payload.len() {
            let _ = (tcp(&payload[..end]), udp(&payload[..end]));
        }
    }
}

#[test]
fn payloads_that_both_ends_send_have_no_sign() {
    let mut symmetric_ntp = [0; 48];
    symmetric_ntp[0] = 0x21;
    for payload in [
        &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
        b"\x13BitTorrent protocol",
        b"",
        b"\x17\x03\x03\x00\x10",
        b"\xff\x03\0\0\0\0",
        &symmetric_ntp,
    ] {
        assert_eq!(told(tcp(payload)), None, "{payload:?}");
        assert_eq!(told(udp(payload)), None, "{payload:?}");
    }
}

/// Returns what [`tcp`] and [`udp`] would without the selection by the first and fifth byte.
fn by_all(payload: &[u8]) -> (Found, Found) {
    let tcp = TCP.recognizers.iter().find_map(|recognizer| (recognizer.recognize)(payload)).or_else(|| {
        let line = bytes::line(payload)?;
        TCP_LINE.recognizers.iter().find_map(|recognizer| (recognizer.recognize)(line, payload))
    });
    (tcp, UDP.recognizers.iter().find_map(|recognizer| (recognizer.recognize)(payload)))
}

/// Generates examples with two bytes changed, some of them truncated.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let index = any::<proptest::sample::Index>;
    (index(), [(index(), any::<u8>()), (index(), any::<u8>())], prop::option::weighted(0.3, index())).prop_map(
        |(at, damage, kept)| {
            let examples = examples();
            let mut payload = at.get(&examples).0.2.to_vec();
            for (at, byte) in damage {
                let at = at.index(payload.len());
                payload[at] = byte;
            }
            payload.truncate(kept.map_or(payload.len(), |kept| kept.index(payload.len() + 1)));
            payload
        },
    )
}

#[test]
fn no_first_or_fifth_byte_hides_a_sign() {
    for (((_, _, payload), ..), at) in examples().into_iter().flat_map(|example| [(example, 0), (example, 4)]) {
        for byte in 0..=255 {
            let mut payload = payload.to_vec();
            let Some(changed) = payload.get_mut(at) else { continue };
            *changed = byte;
            assert_eq!((tcp(&payload), udp(&payload)), by_all(&payload), "{payload:?}");
        }
    }
}

proptest! {
    #[test]
    fn the_selection_changes_no_result(payload in damaged(), noise in prop::collection::vec(any::<u8>(), 0..60)) {
        prop_assert_eq!((tcp(&payload), udp(&payload)), by_all(&payload));
        prop_assert_eq!((tcp(&noise), udp(&noise)), by_all(&noise));
    }

    #[test]
    fn certain_signs_are_found_by_may_be_certain(payload in damaged()) {
        for (transport, found) in [(Transport::Tcp, tcp(&payload)), (Transport::Udp, udp(&payload))] {
            let is_certain = found.is_some_and(|sign| sign.strength >= CERTAIN);
            prop_assert!(!is_certain || may_be_certain(transport, &payload));
        }
    }

    #[test]
    fn any_payload_is_survived(payload in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = (tcp(&payload), udp(&payload));
    }

    #[test]
    fn any_text_is_survived(payload in "\\PC{0,80}\r\n\\PC{0,80}") {
        let _ = (tcp(payload.as_bytes()), udp(payload.as_bytes()));
    }
}
