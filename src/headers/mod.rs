// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Finds the transport headers with ports in the captured bytes of a frame.
//!
//! Wireshark reports the protocols of the frame, outermost first, and the addresses and ports that it dissected last.
//! With these, the IP header in front of each transport header can be found without parsing link layers or tunnels.
//! Addresses and ports are always read from the same header. Those that Wireshark reports can belong to different
//! headers: in a tunnel that carries an IP packet without ports, the addresses are the inner ones, the ports the outer.

mod dccp;
mod hint;
mod ip;
mod sctp;

pub use hint::{AddressOffsetCache, Addresses, Hint};

use crate::packet::{End, Segment, Transport};
use ip::{Carried, Header, Ip, Kind, Part};

/// The protocols that Wireshark found in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Layers<'a> {
    /// The constants below, outermost protocol first. [`Self::OTHER`] may be left out.
    pub order: &'a [u8],
    /// Whether the list is complete. If not, the innermost protocols are missing.
    pub is_whole: bool,
}

impl<'a> Layers<'a> {
    /// Any other protocol.
    pub const OTHER: u8 = 0;
    /// TCP.
    pub const TCP: u8 = 1;
    /// UDP.
    pub const UDP: u8 = 2;
    /// ICMP or ICMPv6. The protocols behind it are quoted if the message is an error.
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

    /// Creates a complete list of a frame's protocols.
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

/// The maximum number of headers that are searched for in one frame.
pub const MAX_HEADERS: usize = 4;

/// The maximum number of offsets of a frame at which headers are searched for, over all searches.
///
/// This is the size of the longest reassembled packet. Decompressed bodies can be much longer, but have no headers.
/// Each offset takes little time (see `ip.rs`), so no frame takes longer than some milliseconds.
pub const MAX_TRIED: usize = 1 << 16;

/// A frame as Wireshark dissected it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The protocols.
    pub layers: Layers<'a>,
    /// The source and destination ports that Wireshark dissected last, and their transport.
    pub ports: Option<(Transport, (u16, u16))>,
    /// The IP addresses that Wireshark dissected last.
    pub addresses: Option<Addresses>,
    /// The offset in the first source at which Wireshark found the last source address, if it is in that source.
    pub source_address_at: Option<usize>,
    /// The captured bytes of the frame, followed by those of the buffers made from it (reassembled, decrypted).
    pub sources: &'a [&'a [u8]],
}

impl<'a> Frame<'a> {
    /// Where the last header should be, if it is one of `transport` between the reported addresses.
    fn hint(&self, transport: Transport, ports: (u16, u16)) -> Option<Hint<'a>> {
        let (bytes, source_address_at) = (self.sources.first()?, self.source_address_at?);
        Some(Hint { bytes, source_address_at, transport, addresses: self.addresses?, ports })
    }
}

/// Finds the transport headers of a frame, outermost first, each with its position among the headers of its transport.
///
/// A header that cannot be found is left out. The last header is always included if Wireshark reported its ends.
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
            let carried =
                search.between(transport, source, destination, frame.hint(transport, (source.port, destination.port)));
            let carried = carried.or_else(|| search.behind_udp(transport, (source.port, destination.port)));
            if carried.is_none() && found.move_to(position, transport, source, destination) {
                continue;
            }
            let not_captured = Segment { transport, source, destination, tcp: None, payload: &[], quoted: false };
            Some(carried.map_or(not_captured, |carried| carried.segment(source, destination)))
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

/// The last transport header of a frame, as Wireshark dissected it.
#[derive(Clone, Copy)]
struct Last {
    /// Its index in [`Layers::order`].
    index: usize,
    /// The source and destination ports.
    ports: (u16, u16),
    /// The sender and the receiver. `None` if the addresses that Wireshark dissected last may belong to another header.
    ends: Option<(End, End)>,
}

impl Last {
    fn of(frame: &Frame<'_>) -> Option<Self> {
        let order = frame.layers.order;
        let index = order.iter().rposition(|layer| Layers::transport(*layer).is_some())?;
        let (transport, ports) = frame.ports.filter(|_| frame.layers.is_whole)?;
        // Wireshark reports ports of UDP-Lite as ports of UDP.
        let reported_as = match Layers::transport(order[index])? {
            Transport::UdpLite => Transport::Udp,
            other => other,
        };
        if reported_as != transport {
            return None;
        }
        let is_followed_by_ip = order[index..].iter().any(|layer| Layers::is_ip(*layer));
        let addresses = frame.addresses.filter(|_| !is_followed_by_ip);
        Some(Self { index, ports, ends: addresses.map(|addresses| addresses.with(ports)) })
    }
}

/// Which bytes the last ICMP message quotes.
#[derive(Clone, Copy)]
enum Quotes {
    /// It is no error, or there is no message.
    Nothing,
    /// Everything from the message to this place. For the quoted packet, Wireshark may report nothing (since 4.4), or
    /// only the addresses of the message.
    Until(Place),
    /// The message was not found, so everything behind it may be quoted.
    Anything,
}

/// Why [`locate`] did not find a header that Wireshark dissected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// The frame has more than [`MAX_HEADERS`] headers.
    TooManyHeaders,
    /// The frame has more layers than were read from Wireshark.
    TooManyLayers,
    /// The header was not captured, or is not where it was searched for.
    NotFound,
}

/// The result of [`locate`].
#[derive(Debug, Default)]
pub struct Located<'a> {
    missed: Option<Missed>,
    /// Most frames have one header, so the first one needs no allocation.
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

    /// Moves the header between these ends to the position `to`. Returns `false` if no such header was found.
    ///
    /// This is needed if an outer header cannot be found and an inner one was taken for it.
    fn move_to(&mut self, to: u8, transport: Transport, source: End, destination: End) -> bool {
        let ends = (transport, source, destination);
        let is_it = |(_, found): &&mut (u8, Segment<'_>)| (found.transport, found.source, found.destination) == ends;
        self.first.iter_mut().chain(&mut self.more).find(is_it).map(|(position, _)| *position = to).is_some()
    }

    /// Returns the headers, each with its position among the frame's headers of the same transport, from 0.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &Segment<'a>)> {
        self.first.iter().chain(&self.more).map(|(position, segment)| (*position, segment))
    }

    /// Returns why another header of the frame was not found, or `None` if all were found.
    pub fn missed(&self) -> Option<Missed> {
        self.missed
    }

    /// Returns the number of offsets at which headers were searched for: at most [`MAX_TRIED`].
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

/// A search through a frame's sources, from one header to the next.
struct Search<'a> {
    sources: &'a [&'a [u8]],
    /// Where the search goes on: behind the IP header that was found last.
    at: Place,
    tried: usize,
}

impl<'a> Search<'a> {
    /// Finds the next header of `transport` for which `wanted` returns `true`.
    fn next(&mut self, transport: Transport, wanted: impl Fn(&Ip<'a>) -> bool) -> Option<Segment<'a>> {
        let (ip, place) = self.find_first(transport, wanted, None)?;
        self.at = place;
        Some(ip.carried.segment(ip.source, ip.destination))
    }

    /// Finds the next header of `transport` between two ends that Wireshark reported, at the `hint` if it is there.
    fn between(
        &mut self,
        transport: Transport,
        source: End,
        destination: End,
        hint: Option<Hint<'a>>,
    ) -> Option<Carried<'a>> {
        let ports = (source.port, destination.port);
        hint.filter(|hint| self.at <= Place { source: 0, offset: hint.source_address_at })
            .and_then(|hint| hint.carried())
            .or_else(|| self.find_first(transport, |ip| ip.joins(source, destination), None).map(|(ip, _)| ip.carried))
            // A reassembled packet has its IP header in one source and its transport header at the start of another.
            .or_else(|| {
                let bare = |bytes: &&'a [u8]| Carried { transport, rest: bytes, length: bytes.len() };
                let behind = self.sources.iter().skip(self.at.source + 1);
                behind.map(bare).find(|carried| carried.ports() == Some(ports))
            })
            // An IP option or extension header can have changed an address.
            .or_else(|| self.find_first(transport, |ip| ip.ports() == ports, None).map(|(ip, _)| ip.carried))
    }

    /// Returns the SCTP header directly behind the UDP header that was found last (RFC 6951), if it has these ports.
    fn behind_udp(&self, transport: Transport, ports: (u16, u16)) -> Option<Carried<'a>> {
        const UDP_HEADER: usize = 8;
        if transport != Transport::Sctp || self.at == Place::default() {
            return None;
        }
        let rest = self.sources.get(self.at.source)?.get(self.at.offset + UDP_HEADER..)?;
        let carried = Carried { transport, rest, length: rest.len() };
        (carried.ports() == Some(ports)).then_some(carried)
    }

    /// Finds the next header of `transport` within the bytes that an ICMP message quotes. Its ends are not compared to
    /// those that Wireshark reported, since quoted packets may be cut off and changed.
    fn next_quoted(&mut self, quotes: Quotes, transport: Transport) -> Option<Segment<'a>> {
        let Quotes::Until(end) = quotes else { return None };
        let (ip, place) = self.find_first(transport, |_| true, Some(end))?;
        self.at = place;
        Some(Segment { quoted: true, ..ip.carried.segment(ip.source, ip.destination) })
    }

    /// Finds the next ICMP message, moves behind its header, and returns what it quotes. A message that is itself
    /// quoted changes nothing.
    fn enter_message(&mut self, quotes: Quotes) -> Quotes {
        /// The size of an error's header, which the quoted packet follows (RFC 792; RFC 4443, section 3).
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

    /// Finds the first IP header before `end` that carries `transport` and for which `wanted` returns `true`. Returns
    /// both headers and the place of the transport header.
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
            // A packet that was reassembled from fragments is in the next source.
            let whole = || {
                let whole = Ip::reassembled(&header, transport, next.filter(|_| header.part != Part::Whole)?)?;
                let is_it =
                    header.part == Part::Later || own().is_some_and(|(first, _)| first.ports() == whole.ports());
                is_it.then_some((whole, Place { source: place.source + 1, offset: 0 }))
            };
            whole().or_else(own).filter(|(ip, _)| wanted(ip))
        })
    }

    /// Calls `found` for each place from the current one up to `end`, and returns its first result. `found` gets the
    /// bytes from that place on, the next source, and the place.
    #[inline]
    fn try_each<T>(
        &mut self,
        end: Option<Place>,
        found: impl Fn(&'a [u8], Option<&'a [u8]>, Place) -> Option<T>,
    ) -> Option<T> {
        /// The size of the smallest IP header, in bytes.
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
