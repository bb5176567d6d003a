// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Finds the transport headers of a frame that have ports in its captured bytes.
//!
//! The host says which protocols it found, outermost first, and which addresses and ports it saw
//! last. That is enough to look for the IP header in front of each transport header without knowing the
//! link layer or the tunnel. Addresses and ports of one header always come from that header: what the host saw
//! last of each can be of different ones, as of a tunnel that carries an IP packet without ports.

mod dccp;
mod hint;
mod ip;
mod sctp;

pub use hint::{AddressOffsetCache, Addresses, Hint, parse_single};

use crate::packet::{End, Segment, Transport};
use ip::{Carried, Header, Ip, Kind, Part};

/// The protocols that the host found in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a> {
    /// What each is, outermost first; others may be left out.
    pub order: &'a [u8],
    /// Whether the innermost of them are there, too.
    pub is_whole: bool,
}

impl<'a> Layers<'a> {
    /// Any other protocol.
    pub const OTHER: u8 = 0;
    /// TCP.
    pub const TCP: u8 = 1;
    /// UDP.
    pub const UDP: u8 = 2;
    /// ICMP or ICMPv6: its errors quote what follows.
    pub const ICMP: u8 = 3;
    /// IPv4.
    pub const IPV4: u8 = 4;
    /// IPv6.
    pub const IPV6: u8 = 6;
    /// DCCP.
    pub const DCCP: u8 = 7;
    /// SCTP.
    pub const SCTP: u8 = 8;
    /// UDP-Lite.
    pub const UDP_LITE: u8 = 9;

    /// All of a frame's protocols.
    pub fn new(order: &'a [u8]) -> Self {
        Self { order, is_whole: true }
    }

    fn transport(layer: u8) -> Option<Transport> {
        match layer {
            Self::TCP => Some(Transport::Tcp),
            Self::UDP => Some(Transport::Udp),
            Self::DCCP => Some(Transport::Dccp),
            Self::SCTP => Some(Transport::Sctp),
            Self::UDP_LITE => Some(Transport::UdpLite),
            _ => None,
        }
    }

    fn is_ip(layer: u8) -> bool {
        matches!(layer, Self::IPV4 | Self::IPV6)
    }
}

/// The most headers of one frame that are looked at.
pub const MAX_HEADERS: usize = 4;

/// At how many offsets of a frame, over all searches, headers are looked for: as many as the longest reassembled packet
/// has bytes. Bodies that were decompressed can be much longer, and have none. At each, little time is spent (see
/// `ip.rs`), so that no frame takes longer than some milliseconds.
pub const MAX_TRIED: usize = 1 << 16;

/// A frame as the host dissected it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The protocols.
    pub layers: Layers<'a>,
    /// The ports that the host saw last, and whose: the sender's and the receiver's.
    pub ports: Option<(Transport, (u16, u16))>,
    /// The IP addresses that it saw last.
    pub addresses: Option<Addresses>,
    /// Where in the first source the host keeps the last source address, if it is there.
    pub source_address_at: Option<usize>,
    /// The frame's captured bytes, then those of buffers made from it (reassembled, decrypted).
    pub sources: &'a [&'a [u8]],
}

/// The transport headers of a frame, outermost first, each with its position among them. One that cannot
/// be found is left out, but the last one, if the host told us its ends, is there in any case.
pub fn locate<'a>(frame: &Frame<'a>) -> Located<'a> {
    let mut search = Search { sources: frame.sources, at: Place::default(), tried: 0 };
    let mut found = Located::default();
    let last = Last::of(frame);
    let mut counts = [0_u8; Transport::ALL.len()];
    let mut version = None;
    let mut quotes = Quotes::Nothing;
    for (index, layer) in frame.layers.order.iter().enumerate() {
        match *layer {
            Layers::ICMP => quotes = search.enter_message(quotes),
            Layers::IPV4 | Layers::IPV6 => version = Some(*layer),
            _ => {}
        }
        let Some(transport) = Layers::transport(*layer) else { continue };
        let position = counts[transport as usize];
        counts[transport as usize] = position.saturating_add(1);
        let last = last.filter(|last| last.index == index);
        let ends = last.and_then(|last| last.ends).filter(|_| matches!(quotes, Quotes::Nothing));
        let segment = if let Some(quoted) = search.next_quoted(quotes, transport) {
            Some(quoted)
        } else if let Some((source, destination)) = ends {
            let carried = search.between(transport, source, destination, frame.source_address_at);
            let carried = carried.or_else(|| search.behind_udp(transport, (source.port, destination.port)));
            if carried.is_none() && found.move_to(position, transport, source, destination) {
                continue;
            }
            let unknown = Segment { transport, source, destination, tcp: None, payload: &[], quoted: false };
            Some(carried.map_or(unknown, |carried| carried.segment(source, destination)))
        } else if let Some(Last { ports, .. }) = last {
            search.next(transport, |ip| ip.ports() == ports)
        } else {
            search.next(transport, |ip| ip.is_sound() && version.is_none_or(|version| ip.is_of(version)))
        };
        if let Some(segment) = segment {
            let quoted = segment.quoted || matches!(quotes, Quotes::Anything);
            found.push(position, Segment { quoted, ..segment });
        } else {
            found.missed = Some(Missed::NotFound);
        }
        if found.is_full() {
            let mut behind = frame.layers.order[index + 1..].iter();
            if behind.any(|layer| Layers::transport(*layer).is_some()) {
                found.missed = Some(Missed::TooManyHeaders);
            }
            break;
        }
    }
    if !frame.layers.is_whole {
        found.missed = Some(Missed::TooManyLayers);
    }
    found.tried = search.tried;
    found
}

/// The last transport header of a frame, as the host saw it.
#[derive(Clone, Copy)]
struct Last {
    /// Which of the layers it is.
    index: usize,
    /// Its ports.
    ports: (u16, u16),
    /// Its sender and receiver; `None` where the addresses that the host saw last are not known to be its own.
    ends: Option<(End, End)>,
}

impl Last {
    fn of(frame: &Frame<'_>) -> Option<Self> {
        let order = frame.layers.order;
        let index = order.iter().rposition(|layer| Layers::transport(*layer).is_some())?;
        let (transport, ports) = frame.ports.filter(|_| frame.layers.is_whole)?;
        // For the host, the ports of UDP-Lite are UDP's.
        let told_as = match Layers::transport(order[index])? {
            Transport::UdpLite => Transport::Udp,
            of => of,
        };
        if told_as != transport {
            return None;
        }
        let is_followed_by_ip = order[index..].iter().any(|layer| Layers::is_ip(*layer));
        let addresses = frame.addresses.filter(|_| !is_followed_by_ip);
        Some(Self { index, ports, ends: addresses.map(|addresses| addresses.with(ports)) })
    }
}

/// What the last ICMP message quotes.
#[derive(Clone, Copy)]
enum Quotes {
    Nothing,
    /// Everything before this place. The host may not say anything about the quoted packet (Wireshark since 4.4), or
    /// only give the addresses of the message.
    Until(Place),
    /// The message was not found: all that follows may be quoted.
    Anything,
}

/// Why a header that the host dissected is not among those that [`locate`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// The frame has more than [`MAX_HEADERS`].
    TooManyHeaders,
    /// It has more layers than the host's were asked for.
    TooManyLayers,
    /// It is not in the captured bytes, or not where it was looked for.
    NotFound,
}

/// What [`locate`] found: mostly one header, rarely more, which alone need the heap.
#[derive(Debug, Default)]
pub struct Located<'a> {
    missed: Option<Missed>,
    first: Option<(u8, Segment<'a>)>,
    more: Vec<(u8, Segment<'a>)>,
    tried: usize,
}

impl<'a> Located<'a> {
    fn push(&mut self, position: u8, segment: Segment<'a>) {
        if self.first.is_none() {
            self.first = Some((position, segment));
        } else {
            self.more.push((position, segment));
        }
    }

    fn is_full(&self) -> bool {
        self.more.len() + 1 >= MAX_HEADERS
    }

    /// Gives a header that was taken for one further out, which cannot be found, its own position; `false` if
    /// there is none between these ends.
    fn move_to(&mut self, to: u8, transport: Transport, source: End, destination: End) -> bool {
        let ends = (transport, source, destination);
        let is_it = |(_, found): &&mut (u8, Segment<'_>)| (found.transport, found.source, found.destination) == ends;
        self.first.iter_mut().chain(&mut self.more).find(is_it).map(|(position, _)| *position = to).is_some()
    }

    /// The headers with their position among the frame's headers of that transport, from 0.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &Segment<'a>)> {
        self.first.iter().chain(&self.more).map(|(position, segment)| (*position, segment))
    }

    /// Why another header of the frame is not among them, if one is not.
    pub fn missed(&self) -> Option<Missed> {
        self.missed
    }

    /// At how many offsets they were looked for: at most [`MAX_TRIED`].
    pub fn tried(&self) -> usize {
        self.tried
    }
}

/// An offset in one of a frame's sources.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    source: usize,
    offset: usize,
}

/// Goes through a frame's sources, from one header to the next.
struct Search<'a> {
    sources: &'a [&'a [u8]],
    /// Behind the IP header of what was found last.
    at: Place,
    tried: usize,
}

impl<'a> Search<'a> {
    /// The next header of `transport` that is `wanted`.
    fn next(&mut self, transport: Transport, wanted: impl Fn(&Ip<'a>) -> bool) -> Option<Segment<'a>> {
        let (ip, place) = self.find_first(transport, wanted, None)?;
        self.at = place;
        Some(ip.carried.segment(ip.source, ip.destination))
    }

    /// The next one between these ends, which the host told, as it may have told where the source address is.
    fn between(
        &mut self,
        transport: Transport,
        source: End,
        destination: End,
        source_address_at: Option<usize>,
    ) -> Option<Carried<'a>> {
        let ports = (source.port, destination.port);
        let hinted = || {
            let at = source_address_at.filter(|at| self.at <= Place { source: 0, offset: *at })?;
            Ip::around(self.sources.first()?, at, transport, source, destination)
        };
        hinted()
            .or_else(|| self.find_first(transport, |ip| ip.joins(source, destination), None).map(|(ip, _)| ip.carried))
            // A reassembled packet has its IP header in one buffer and its transport header at the
            // start of another; an option can have changed an address.
            .or_else(|| {
                let bare = |bytes: &&'a [u8]| Carried { transport, rest: bytes, length: bytes.len() };
                let behind = self.sources.iter().skip(self.at.source + 1);
                behind.map(bare).find(|carried| carried.ports() == Some(ports))
            })
            .or_else(|| self.find_first(transport, |ip| ip.ports() == ports, None).map(|(ip, _)| ip.carried))
    }

    /// The header of SCTP right behind that of UDP which was found last (RFC 6951), by its ports.
    fn behind_udp(&self, transport: Transport, ports: (u16, u16)) -> Option<Carried<'a>> {
        const UDP_HEADER: usize = 8;
        if transport != Transport::Sctp || self.at == Place::default() {
            return None;
        }
        let rest = self.sources.get(self.at.source)?.get(self.at.offset + UDP_HEADER..)?;
        let carried = Carried { transport, rest, length: rest.len() };
        (carried.ports() == Some(ports)).then_some(carried)
    }

    /// The next header of `transport`, if it is one that an ICMP message quotes. What a message quotes may be
    /// cut and changed: it is known by its place.
    fn next_quoted(&mut self, quotes: Quotes, transport: Transport) -> Option<Segment<'a>> {
        let Quotes::Until(end) = quotes else { return None };
        let (ip, place) = self.find_first(transport, |_| true, Some(end))?;
        self.at = place;
        Some(Segment { quoted: true, ..ip.carried.segment(ip.source, ip.destination) })
    }

    /// Goes behind the header of the next ICMP message. One that is quoted itself changes nothing.
    fn enter_message(&mut self, quotes: Quotes) -> Quotes {
        /// Of errors, what is quoted follows (RFC 792; RFC 4443, section 3).
        const HEADER: usize = 8;
        let message = self.try_each(None, |bytes, next, place| {
            let header = Header::at(bytes, Kind::ICMP).filter(Header::is_sound)?;
            let (message, at) = match next.filter(|_| header.part != Part::Whole) {
                Some(whole) => (whole, Place { source: place.source + 1, offset: 0 }),
                None if header.part == Part::Later => return None,
                None => (header.packet(), Place { offset: place.offset + bytes.len() - header.rest.len(), ..place }),
            };
            Some((header.is_of_error(message), at, message.len()))
        });
        let (is_error, end) = match (message, quotes) {
            (None, Quotes::Until(_)) => return quotes,
            (None, _) => return Quotes::Anything,
            (Some((is_error, at, length)), _) => {
                self.at = Place { offset: at.offset + HEADER, ..at };
                (is_error, Place { offset: at.offset + length, ..at })
            }
        };
        match quotes {
            Quotes::Until(outer) if self.at < outer => quotes,
            _ if is_error => Quotes::Until(end),
            _ => Quotes::Nothing,
        }
    }

    /// The first IP header from here on that carries `transport` and is `wanted`, before `end`, and the place of what
    /// it carries.
    fn find_first(
        &mut self,
        transport: Transport,
        wanted: impl Fn(&Ip<'a>) -> bool,
        end: Option<Place>,
    ) -> Option<(Ip<'a>, Place)> {
        self.try_each(end, |bytes, next, place| {
            let header = Header::at(bytes, transport.into())?;
            let own = || {
                let offset = place.offset + bytes.len() - header.rest.len();
                Some((Ip::of(&header, transport)?, Place { offset, ..place }))
            };
            // What a fragment belongs to was put together in the next source, if it was.
            let whole = || {
                let whole = Ip::reassembled(&header, transport, next.filter(|_| header.part != Part::Whole)?)?;
                let is_it =
                    header.part == Part::Later || own().is_some_and(|(first, _)| first.ports() == whole.ports());
                is_it.then_some((whole, Place { source: place.source + 1, offset: 0 }))
            };
            whole().or_else(own).filter(|(ip, _)| wanted(ip))
        })
    }

    /// Tries each place from here on, before `end`, with the bytes from there on and the next source.
    #[inline]
    fn try_each<T>(
        &mut self,
        end: Option<Place>,
        found: impl Fn(&'a [u8], Option<&'a [u8]>, Place) -> Option<T>,
    ) -> Option<T> {
        const SMALLEST: usize = 20;
        let end = end.unwrap_or(Place { source: self.sources.len(), offset: 0 });
        for (source, bytes) in self.sources.iter().enumerate().take(end.source + 1).skip(self.at.source) {
            let from = if source == self.at.source { self.at.offset } else { 0 };
            let all = if source == end.source { end.offset.min(bytes.len()) } else { bytes.len() };
            let starts = (all + 1).saturating_sub(SMALLEST).min(from.saturating_add(MAX_TRIED - self.tried));
            let next = self.sources.get(source + 1).copied();
            for offset in from..starts {
                self.tried += 1;
                if let Some(it) = found(&bytes[offset..all], next, Place { source, offset }) {
                    return Some(it);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
