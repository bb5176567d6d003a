// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The services that packets show, for one table or file of [`super::learned`].
//!
//! An end counts as a service after a sign of one: it sent a packet other than a reset as a server, or the client
//! continued after the handshake. An end that is only scanned shows no sign. Over UDP, an end with a strong verdict
//! does not have to answer, because log receivers never do.

use super::statistics_state::{Pairs, at_most};
use crate::host::api::epan::EPH_STATISTICS_FULL;
use crate::host::guard::reports::report;
use crate::packet::Transport;
use crate::roles::{Confidence, Evidence, Table};
use crate::services;
use hashbrown::hash_table::Entry::{Occupied, Vacant};
use std::ffi::{CStr, CString};
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};

/// What one packet shows about a service.
pub(super) struct Seen<'a> {
    /// Numeric.
    pub server: &'a CStr,
    pub transport: Transport,
    pub port: u16,
    pub client: &'a CStr,
    pub name: Option<&'a CStr>,
    /// As `ephemeral.confidence`.
    pub confidence: u8,
    /// In words: the confidence, and what it rests on.
    pub known: [&'a CStr; 2],
    /// Both ends knew the other's port, so neither is a service.
    pub both_agreed: bool,
    /// The client's port differs from the server's.
    pub on_another_port: bool,
    /// The packet shows that there is a service, not a closed port.
    pub is_sign: bool,
    pub frame: u32,
}

/// An end that offers a service.
pub(super) struct Service {
    pub address: CString,
    pub transport: &'static CStr,
    pub port: u16,
    pub name: CString,
    pub confidence: u8,
    pub known: CString,
    pub both_agreed: bool,
    /// A packet had a verdict of strong or better that rests on more than port numbers. Port numbers are the same
    /// evidence in every capture, so declaring the service would add nothing.
    pub is_sure: bool,
    /// It served a client with another port number. Peers may use the same number, and then either may be the client.
    pub on_another_port: bool,
    pub clients: u32,
    pub first_frame: u32,
    pub last_frame: u32,
}

impl Service {
    /// Returns an empty row, for all services that do not fit.
    fn of_others() -> Self {
        let empty = CString::default;
        let address = c"(others)".to_owned();
        let (name, known, transport) = (empty(), empty(), c"");
        let (clients, first_frame, last_frame) = (0, 0, 0);
        Self {
            address,
            transport,
            port: 0,
            name,
            confidence: 0,
            known,
            both_agreed: false,
            is_sure: false,
            on_another_port: false,
            clients,
            first_frame,
            last_frame,
        }
    }

    fn see(&mut self, seen: &Seen<'_>) {
        self.last_frame = seen.frame;
        self.both_agreed |= seen.both_agreed;
        let by_numbers = seen.known[1].to_bytes() == Evidence::BY_PORTS.as_bytes();
        self.is_sure |= seen.confidence >= Confidence::Strong.number() && !by_numbers;
        self.on_another_port |= seen.on_another_port;
        if self.confidence < seen.confidence {
            self.confidence = seen.confidence;
            let [confidence, kind] = seen.known.map(CStr::to_bytes);
            self.known = CString::new([confidence, b": ", kind].concat()).unwrap_or_default();
        }
        if let Some(name) = seen.name.filter(|name| *name != self.name.as_c_str()) {
            self.name = name.to_owned();
        }
    }

    /// Returns whether the file declares the service.
    fn is_to_be_declared(&self) -> bool {
        self.is_sure && self.on_another_port && !self.both_agreed
    }

    /// Returns a row of the table of services, as the host writes it to a file (epan/uat.c, `uat_save`).
    fn row(&self) -> String {
        let name = self.name.to_str().ok().filter(|name| services::read_name(name).is_ok()).unwrap_or_default();
        let mut row = String::new();
        let (address, transport) = (self.address.to_string_lossy(), self.transport.to_string_lossy());
        let _ = write!(row, "\"{address}\",\"{transport}\",\"{}\",\"", self.port);
        for byte in name.bytes() {
            let _ = match byte {
                b' '..=b'~' if !b"\"\\".contains(&byte) => write!(row, "{}", char::from(byte)),
                _ => write!(row, "\\x{byte:02x}"),
            };
        }
        row + "\"\n"
    }
}

/// The server of at least one packet.
struct Place {
    hash: u64,
    first_frame: u32,
    /// The number of its service; `None` without a sign of one.
    service: Option<u32>,
}

/// The services found for one table or file. Ends are kept as hashes with a random seed, so nobody can provoke
/// collisions.
#[derive(Default)]
pub(super) struct Learned {
    seed: RandomState,
    places: Table<Place>,
    pub services: Vec<Service>,
    clients: Pairs,
    /// Some services did not fit; the last row stands for them.
    is_full: bool,
    /// How many rows the host has made for it.
    pub rows_made: u32,
}

impl Learned {
    /// The maximum number of services with a row.
    const SERVICES: usize = 1 << 16;
    /// The maximum number of ends whose first frame is kept.
    const PLACES: usize = 1 << 18;

    /// Records a packet. Returns the number of its service, if the service has a row.
    pub(super) fn see(&mut self, seen: &Seen<'_>) -> Option<usize> {
        let hash = self.seed.hash_one((seen.server, seen.port, seen.transport as u8));
        let has_room = self.places.len() < at_most(Self::PLACES);
        let (first_frame, known) = match self.places.entry(hash, |place| place.hash == hash, |place| place.hash) {
            Occupied(place) => (place.get().first_frame, place.get().service),
            Vacant(place) => {
                if has_room {
                    place.insert(Place { hash, first_frame: seen.frame, service: None });
                }
                (seen.frame, None)
            }
        };
        let number = match known {
            Some(number) => number as usize,
            None if seen.is_sign => self.add(hash, first_frame, seen),
            None => return None,
        };
        if self.is_full && number + 1 == self.services.len() {
            self.services[number].last_frame = seen.frame;
            return Some(number);
        }
        let service = self.services.get_mut(number)?;
        service.see(seen);
        if seen.is_sign && self.clients.insert(self.seed.hash_one((hash, seen.client))) == Some(true) {
            service.clients += 1;
        }
        Some(number)
    }

    fn add(&mut self, hash: u64, first_frame: u32, seen: &Seen<'_>) -> usize {
        let number = self.services.len();
        let place = self.places.find_mut(hash, |place| place.hash == hash);
        let (Some(place), false) = (place, self.is_full || number >= at_most(Self::SERVICES)) else {
            if !self.is_full {
                self.is_full = true;
                report(EPH_STATISTICS_FULL, 0);
                self.services.push(Service { first_frame, ..Service::of_others() });
            }
            return self.services.len() - 1;
        };
        place.service = Some(number as u32);
        self.services.push(Service {
            address: seen.server.to_owned(),
            transport: seen.transport.name(),
            port: seen.port,
            first_frame,
            ..Service::of_others()
        });
        number
    }

    /// Forgets everything except how many rows the host has made.
    pub(super) fn forget_all(&mut self) {
        *self = Self { rows_made: self.rows_made, ..Self::default() };
    }

    /// Returns the file of the table of services: the services that are sure, with sorted lines.
    pub(super) fn rows(&self) -> String {
        let mut rows: Vec<String> =
            self.services.iter().filter(|service| service.is_to_be_declared()).map(Service::row).collect();
        rows.sort_unstable();
        let mut text = "# Services that Ephemeral Ports found: rows of its table ephemeral_services\n".to_owned();
        if self.is_full {
            text += "# There was no room for all of them\n";
        }
        text.extend(rows);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of a conversation over TCP with a handshake.
    fn seen<'a>(client: &'a CStr, server: &'a CStr, is_sign: bool, frame: u32) -> Seen<'a> {
        Seen {
            server,
            transport: Transport::Tcp,
            port: 80,
            client,
            name: Some(c"http"),
            confidence: 3,
            known: [c"handshake", c"SYN"],
            both_agreed: false,
            on_another_port: true,
            is_sign,
            frame,
        }
    }

    fn rows(learned: &Learned) -> Vec<String> {
        learned.rows().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn a_service_is_shown_once_there_is_a_sign_of_it_from_its_first_frame_on() {
        let mut learned = Learned::default();
        assert_eq!(learned.see(&seen(c"192.0.2.1", c"198.51.100.1", false, 7)), None);
        assert_eq!(learned.see(&seen(c"192.0.2.1", c"198.51.100.1", true, 8)), Some(0));
        assert_eq!(learned.see(&seen(c"192.0.2.2", c"198.51.100.2", true, 9)), Some(1));
        for (client, is_sign, frame) in [(c"192.0.2.1", true, 10), (c"192.0.2.2", true, 11), (c"192.0.2.3", false, 12)]
        {
            assert_eq!(learned.see(&seen(client, c"198.51.100.1", is_sign, frame)), Some(0));
        }
        let service = &learned.services[0];
        assert_eq!((service.clients, service.first_frame, service.last_frame), (2, 7, 12));
        assert_eq!(rows(&learned), [r#""198.51.100.1","TCP","80","http""#, r#""198.51.100.2","TCP","80","http""#]);
    }

    #[test]
    fn what_is_most_sure_says_how_it_is_known() {
        let mut learned = Learned::default();
        let weak = Seen { confidence: 1, known: [c"weak", c"port numbers"], name: None, ..seen(c"a", c"b", true, 1) };
        let known = |learned: &Learned| learned.services[0].known.clone();
        learned.see(&weak);
        assert_eq!((known(&learned).as_c_str(), rows(&learned).len()), (c"weak: port numbers", 0));
        learned.see(&seen(c"a", c"b", true, 2));
        learned.see(&weak);
        assert_eq!((known(&learned).as_c_str(), rows(&learned).len()), (c"handshake: SYN", 1));
    }

    #[test]
    fn what_the_ports_say_and_peers_are_not_declared() {
        let of = |changed: fn(&mut Seen<'_>)| {
            let (mut learned, mut packet) = (Learned::default(), seen(c"a", c"b", true, 1));
            changed(&mut packet);
            learned.see(&packet);
            rows(&learned).len()
        };
        assert_eq!(of(|_| ()), 1);
        assert_eq!(of(|packet| packet.known = [c"strong", c"port numbers"]), 0);
        assert_eq!(of(|packet| packet.both_agreed = true), 0);
        assert_eq!(of(|packet| packet.on_another_port = false), 0);
    }

    #[test]
    fn any_name_is_written_so_that_the_table_reads_it() {
        for (name, written) in
            [(c"a \"b\" \\", r"a \x22b\x22 \x5c"), (c"\xc3\xa4", r"\xc3\xa4"), (c"\xff", ""), (c"a\nb", "")]
        {
            let mut learned = Learned::default();
            learned.see(&Seen { name: Some(name), ..seen(c"a", c"b", true, 1) });
            assert_eq!(rows(&learned), [format!(r#""b","TCP","80","{written}""#)]);
        }
    }

    /// SAFETY.md has the limits.
    #[test]
    fn what_is_kept_is_bounded() {
        let mut learned = Learned::default();
        let addresses: Vec<CString> =
            (0..Learned::SERVICES + 10).map(|number| CString::new(number.to_string()).expect("no NUL")).collect();
        for address in &addresses {
            learned.see(&seen(c"192.0.2.1", address, true, 1));
        }
        assert_eq!(learned.services.len(), Learned::SERVICES + 1);
        assert_eq!(learned.services[Learned::SERVICES].address.as_c_str(), c"(others)");
        let row = learned.see(&seen(c"192.0.2.1", &addresses[Learned::SERVICES + 9], true, 2));
        assert_eq!(row, Some(Learned::SERVICES));
        assert_eq!(rows(&learned).len(), Learned::SERVICES, "the row of the others is none");
        assert!(learned.rows().contains("no room"));
        for number in 0..Learned::PLACES as u32 {
            let address = CString::new(format!("scanned {number}")).expect("no NUL");
            assert_eq!(learned.see(&seen(c"192.0.2.1", &address, false, 3)), None);
        }
        assert_eq!(learned.places.len(), Learned::PLACES);
    }
}
