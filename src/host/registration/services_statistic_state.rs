// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The services that packets show, for one table or file of [`super::services_statistic`].
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
pub(super) struct Observation<'a> {
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

    fn record(&mut self, observation: &Observation<'_>) {
        self.last_frame = observation.frame;
        self.both_agreed |= observation.both_agreed;
        let by_numbers = observation.known[1].to_bytes() == Evidence::BY_PORTS.as_bytes();
        self.is_sure |= observation.confidence >= Confidence::Strong.number() && !by_numbers;
        self.on_another_port |= observation.on_another_port;
        if self.confidence < observation.confidence {
            self.confidence = observation.confidence;
            let [confidence, kind] = observation.known.map(CStr::to_bytes);
            self.known = CString::new([confidence, b": ", kind].concat()).unwrap_or_default();
        }
        if let Some(name) = observation.name.filter(|name| *name != self.name.as_c_str()) {
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
struct ServerEnd {
    hash: u64,
    first_frame: u32,
    /// The number of its service; `None` without a sign of one.
    service: Option<u32>,
}

/// The services found for one table or file. Ends are kept as hashes with a random seed, so nobody can provoke
/// collisions.
#[derive(Default)]
pub(super) struct FoundServices {
    seed: RandomState,
    ends: Table<ServerEnd>,
    pub services: Vec<Service>,
    clients: Pairs,
    /// Some services did not fit; the last row stands for them.
    is_full: bool,
    /// How many rows the host has made for it.
    pub rows_made: u32,
}

impl FoundServices {
    /// The maximum number of services with a row.
    const SERVICES: usize = 1 << 16;
    /// The maximum number of ends whose first frame is kept.
    const ENDS: usize = 1 << 18;

    /// Records a packet. Returns the number of its service, if the service has a row.
    pub(super) fn record(&mut self, observation: &Observation<'_>) -> Option<usize> {
        let hash = self.seed.hash_one((observation.server, observation.port, observation.transport as u8));
        let has_room = self.ends.len() < at_most(Self::ENDS);
        let (first_frame, known) = match self.ends.entry(hash, |end| end.hash == hash, |end| end.hash) {
            Occupied(end) => (end.get().first_frame, end.get().service),
            Vacant(end) => {
                if has_room {
                    end.insert(ServerEnd { hash, first_frame: observation.frame, service: None });
                }
                (observation.frame, None)
            }
        };
        let number = match known {
            Some(number) => number as usize,
            None if observation.is_sign => self.add(hash, first_frame, observation),
            None => return None,
        };
        if self.is_full && number + 1 == self.services.len() {
            self.services[number].last_frame = observation.frame;
            return Some(number);
        }
        let service = self.services.get_mut(number)?;
        service.record(observation);
        if observation.is_sign && self.clients.insert(self.seed.hash_one((hash, observation.client))) == Some(true) {
            service.clients += 1;
        }
        Some(number)
    }

    fn add(&mut self, hash: u64, first_frame: u32, observation: &Observation<'_>) -> usize {
        let number = self.services.len();
        let end = self.ends.find_mut(hash, |end| end.hash == hash);
        let (Some(end), false) = (end, self.is_full || number >= at_most(Self::SERVICES)) else {
            if !self.is_full {
                self.is_full = true;
                report(EPH_STATISTICS_FULL, 0);
                self.services.push(Service { first_frame, ..Service::of_others() });
            }
            return self.services.len() - 1;
        };
        end.service = Some(number as u32);
        self.services.push(Service {
            address: observation.server.to_owned(),
            transport: observation.transport.name(),
            port: observation.port,
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
    fn observation<'a>(client: &'a CStr, server: &'a CStr, is_sign: bool, frame: u32) -> Observation<'a> {
        Observation {
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

    fn rows(found: &FoundServices) -> Vec<String> {
        found.rows().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn a_service_is_shown_once_there_is_a_sign_of_it_from_its_first_frame_on() {
        let mut found = FoundServices::default();
        assert_eq!(found.record(&observation(c"192.0.2.1", c"198.51.100.1", false, 7)), None);
        assert_eq!(found.record(&observation(c"192.0.2.1", c"198.51.100.1", true, 8)), Some(0));
        assert_eq!(found.record(&observation(c"192.0.2.2", c"198.51.100.2", true, 9)), Some(1));
        for (client, is_sign, frame) in [(c"192.0.2.1", true, 10), (c"192.0.2.2", true, 11), (c"192.0.2.3", false, 12)]
        {
            assert_eq!(found.record(&observation(client, c"198.51.100.1", is_sign, frame)), Some(0));
        }
        let service = &found.services[0];
        assert_eq!((service.clients, service.first_frame, service.last_frame), (2, 7, 12));
        assert_eq!(rows(&found), [r#""198.51.100.1","TCP","80","http""#, r#""198.51.100.2","TCP","80","http""#]);
    }

    #[test]
    fn what_is_most_sure_says_how_it_is_known() {
        let mut found = FoundServices::default();
        let weak = Observation {
            confidence: 1,
            known: [c"weak", c"port numbers"],
            name: None,
            ..observation(c"a", c"b", true, 1)
        };
        let known = |found: &FoundServices| found.services[0].known.clone();
        found.record(&weak);
        assert_eq!((known(&found).as_c_str(), rows(&found).len()), (c"weak: port numbers", 0));
        found.record(&observation(c"a", c"b", true, 2));
        found.record(&weak);
        assert_eq!((known(&found).as_c_str(), rows(&found).len()), (c"handshake: SYN", 1));
    }

    #[test]
    fn what_the_ports_say_and_peers_are_not_declared() {
        let of = |changed: fn(&mut Observation<'_>)| {
            let (mut found, mut packet) = (FoundServices::default(), observation(c"a", c"b", true, 1));
            changed(&mut packet);
            found.record(&packet);
            rows(&found).len()
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
            let mut found = FoundServices::default();
            found.record(&Observation { name: Some(name), ..observation(c"a", c"b", true, 1) });
            assert_eq!(rows(&found), [format!(r#""b","TCP","80","{written}""#)]);
        }
    }

    /// SAFETY.md has the limits.
    #[test]
    fn what_is_kept_is_bounded() {
        let mut found = FoundServices::default();
        let addresses: Vec<CString> =
            (0..FoundServices::SERVICES + 10).map(|number| CString::new(number.to_string()).expect("no NUL")).collect();
        for address in &addresses {
            found.record(&observation(c"192.0.2.1", address, true, 1));
        }
        assert_eq!(found.services.len(), FoundServices::SERVICES + 1);
        assert_eq!(found.services[FoundServices::SERVICES].address.as_c_str(), c"(others)");
        let row = found.record(&observation(c"192.0.2.1", &addresses[FoundServices::SERVICES + 9], true, 2));
        assert_eq!(row, Some(FoundServices::SERVICES));
        assert_eq!(rows(&found).len(), FoundServices::SERVICES, "the row of the others is not printed");
        assert!(found.rows().contains("no room"));
        for number in 0..FoundServices::ENDS as u32 {
            let address = CString::new(format!("scanned {number}")).expect("no NUL");
            assert_eq!(found.record(&observation(c"192.0.2.1", &address, false, 3)), None);
        }
        assert_eq!(found.ends.len(), FoundServices::ENDS);
    }
}
