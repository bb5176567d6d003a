//! The boundary: a packet as the host shows it goes in, what is to be written comes out.

use super::epan::boundary::*;
use super::epan::{dissector_table_t, Epan, PT_TCP};
use super::panic;
use super::preferences::{Notes, PREFERENCES};
use super::{fields, names};
use crate::headers::{self, Frame, Layer, Segment};
use crate::label::{Label, LabelEnd};
use crate::misnaming::{self, Note};
use crate::roles::{End, Party, Place, Roles, Verdict};
use crate::text::{Shown, TextRef, Texts};
use once_cell::sync::{Lazy, OnceCell};
use std::ffi::{c_char, c_int};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ptr::null;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A table of dissectors by port.
pub struct PortTable(pub dissector_table_t);

// SAFETY: the host makes its tables at its start and keeps them; we only pass the address back, in
// the thread that dissects.
unsafe impl Sync for PortTable {}
// SAFETY: as above.
unsafe impl Send for PortTable {}

/// What the judgement asks the host, bound once all protocols are registered.
pub struct Bound {
    /// The host's functions.
    pub epan: &'static Epan,
    /// The protocol TCP.
    pub tcp: i32,
    /// The protocols whose errors quote the packet they are about.
    pub icmp: [i32; 2],
    /// What the host counts as a protocol although it is none that anybody speaks, us included.
    pub not_spoken: [i32; 6],
    /// `tcp.port`.
    pub tcp_ports: PortTable,
}

static BOUND: OnceCell<Bound> = OnceCell::new();

/// What is kept between packets.
#[derive(Default)]
struct State {
    roles: Roles,
    texts: Texts,
}

static STATE: Lazy<Mutex<State>> = Lazy::new(Mutex::default);

/// Packets can be judged from now on.
pub fn start(bound: Bound) {
    // Asked twice, the first answer stands.
    let _ = BOUND.set(bound);
}

/// epan's init routine: another file is opened, or the same one is read again.
pub extern "C" fn open_file() {
    panic::switch_on();
    panic::guarded("open_file", || {
        *state() = State::default();
        STATE.clear_poison();
    });
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The C part's question: see `plugin/boundary.h`.
///
/// # Safety
/// `view` and `annotation` are valid as `plugin/boundary.h` says, `annotation` may be uninitialized.
pub unsafe extern "C" fn judge(view: *const eph_view, annotation: *mut eph_annotation) -> c_int {
    let judged = panic::guarded("judge", || {
        let bound = BOUND.get()?;
        let mut state = state();
        // SAFETY: by the contract above.
        let packet = unsafe { Packet::read(&*view, bound) }?;
        let judged = packet.judge(&mut state, bound);
        if judged.used == 0 {
            return None;
        }
        // SAFETY: by the contract above. The texts stay as they are until the next call.
        unsafe { annotation.write(judged.for_c(&state.texts)) };
        Some(())
    });
    c_int::from(judged.flatten().is_some())
}

/// A safe view of the packet.
struct Packet<'a> {
    view: &'a eph_view,
    layers: [Layer; EPH_MAX_LAYERS as usize],
    sources: [&'a [u8]; EPH_MAX_SOURCES as usize],
    last: Option<(End, End)>,
    /// The protocol on top of the only TCP header.
    dissected: Option<i32>,
}

impl<'a> Packet<'a> {
    /// `None` if there is no TCP header in the frame.
    ///
    /// # Safety
    /// What `view` points to is valid as `plugin/boundary.h` says.
    unsafe fn read(view: &'a eph_view, bound: &Bound) -> Option<Self> {
        let ids = view.layer.get(..usize::from(view.layers))?;
        let last_tcp = ids.iter().rposition(|id| *id == bound.tcp)?;
        let mut layers = [Layer::Other; EPH_MAX_LAYERS as usize];
        for (layer, id) in layers.iter_mut().zip(ids) {
            *layer = match *id {
                id if id == bound.tcp => Layer::Tcp,
                id if bound.icmp.contains(&id) => Layer::Icmp,
                _ => Layer::Other,
            };
        }
        let mut sources: [&[u8]; EPH_MAX_SOURCES as usize] = Default::default();
        for (source, bytes) in sources.iter_mut().zip(&view.source[..usize::from(view.sources)]) {
            // SAFETY: by the contract above; a tvbuff's bytes do not change while it is dissected.
            *source = unsafe { std::slice::from_raw_parts(bytes.data, bytes.length as usize) };
        }
        // SAFETY: by the contract above.
        let (source, destination) = unsafe { (ip(view.src), ip(view.dst)) };
        let end = |ip: Option<IpAddr>, port: u32| Some(End { address: ip?, port: u16::try_from(port).ok()? });
        let last = match (end(source, view.srcport), end(destination, view.destport)) {
            (Some(source), Some(destination)) if view.ptype == PT_TCP => Some((source, destination)),
            _ => None,
        };
        let dissected = ids.get(last_tcp + 1).copied().filter(|id| !bound.not_spoken.contains(id));
        Some(Self { view, layers, sources, last, dissected })
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            layers: &self.layers[..usize::from(self.view.layers)],
            last: self.last,
            sources: &self.sources[..usize::from(self.view.sources)],
        }
    }

    fn judge(&self, state: &mut State, bound: &Bound) -> Judged {
        let State { roles, texts } = state;
        texts.clear();
        let mut judged = Judged::default();
        for (position, segment) in headers::locate(&self.frame()).iter() {
            let Some(place) = self.place(roles, segment, bound) else { continue };
            let Some(verdict) = roles.verdict(place) else { continue };
            let writer = Writer { packet: self, bound, segment, verdict: &verdict };
            judged.push(writer.write(position, roles, texts));
        }
        if PREFERENCES.label_in_info() && self.view.columns != 0 {
            judged.info_label = judged.label().map(|label| {
                let label = texts.get(label).to_vec();
                texts.add_raw(&[b"[", &label, b"] "])
            });
        }
        judged
    }

    /// The header's place among the conversations; the first time, it is taken into account.
    fn place(&self, roles: &mut Roles, segment: &Segment<'_>, bound: &Bound) -> Option<Place> {
        if self.view.visited != 0 {
            return roles.find(self.view.frame, segment);
        }
        let place = roles.observe(self.view.frame, segment)?;
        if let Some(dissected) = self.dissected.filter(|_| !segment.quoted) {
            let conversation = roles.conversation_mut(place);
            if conversation.dissected != dissected {
                let by_port = |id| {
                    let ports = [segment.source.port, segment.destination.port];
                    ports.iter().any(|port| names::port_protocol(bound.epan, bound.tcp_ports.0, *port) == Some(id))
                };
                // What a port stands for outweighs what was guessed once.
                if conversation.dissected == 0 || (by_port(dissected) && !by_port(conversation.dissected)) {
                    conversation.dissected = dissected;
                }
            }
        }
        Some(place)
    }

    fn wants(&self, field: u32) -> bool {
        self.view.wanted & 1 << field != 0
    }
}

/// # Safety
/// `at` points to a valid address (epan/address.h).
unsafe fn ip(at: *const super::epan::address) -> Option<IpAddr> {
    use super::epan::{AT_IPv4, AT_IPv6};
    // SAFETY: by the contract above; the address says how many bytes its data has.
    unsafe {
        let address = &*at;
        let kind = u32::try_from(address.type_).ok()?;
        if kind == AT_IPv4 && address.len == 4 {
            Some(Ipv4Addr::from(*address.data.cast::<[u8; 4]>()).into())
        } else if kind == AT_IPv6 && address.len == 16 {
            Some(Ipv6Addr::from(*address.data.cast::<[u8; 16]>()).into())
        } else {
            None
        }
    }
}

/// Puts the verdict about one header in words.
struct Writer<'a> {
    packet: &'a Packet<'a>,
    bound: &'a Bound,
    segment: &'a Segment<'a>,
    verdict: &'a Verdict,
}

impl Writer<'_> {
    fn write(&self, position: u8, roles: &mut Roles, texts: &mut Texts) -> Header {
        let (client, server) = self.ends();
        let misnamed = self.misnamed(client);
        let sure = PREFERENCES.is_sure_enough(self.verdict.confidence);
        let mut header = Header {
            position,
            from_client: self.verdict.client == Party::Source,
            confidence: self.verdict.confidence as u8,
            client_port: client.port,
            server_port: server.port,
            evidence_frame: self.verdict.evidence.frame().unwrap_or(0),
            misnamed: misnamed.is_some(),
            note: misnamed.is_some() && sure && self.is_noted(roles),
            ..Header::default()
        };
        if self.packet.view.wanted != 0 || PREFERENCES.label_in_info() {
            self.fields(&mut header, roles, texts);
        }
        if let Some(name) = misnamed {
            if self.packet.wants(EPH_MISNAMED_NAME) {
                header.misnamed_name = Some(texts.add(format_args!("{}", Shown(name))));
            }
            if header.note {
                header.note_text = Some(texts.add(format_args!("{}", Note { port: client.port, name })));
            }
            if sure {
                self.correct(&mut header, name, texts);
            }
        }
        header
    }

    fn ends(&self) -> (End, End) {
        match self.verdict.client {
            Party::Source => (self.segment.source, self.segment.destination),
            Party::Destination => (self.segment.destination, self.segment.source),
        }
    }

    /// The name that the client's port wrongly carries.
    fn misnamed(&self, client: End) -> Option<&'static [u8]> {
        if !misnaming::is_ephemeral(self.verdict, self.segment.source.port, self.segment.destination.port) {
            return None;
        }
        let name = names::service(self.bound.epan, PT_TCP, client.port)?;
        (!PREFERENCES.is_server_port(self.bound.epan, client.port)).then_some(name)
    }

    fn is_noted(&self, roles: &mut Roles) -> bool {
        match PREFERENCES.notes() {
            Notes::Every => true,
            Notes::Never => false,
            Notes::First => {
                let frame = self.packet.view.frame;
                let conversation = roles.conversation_mut(self.verdict.place);
                if conversation.noted_frame == 0 && self.packet.view.visited == 0 {
                    conversation.noted_frame = frame;
                }
                conversation.noted_frame == frame
            }
        }
    }

    fn fields(&self, header: &mut Header, roles: &Roles, texts: &mut Texts) {
        let (client, server) = self.ends();
        let packet = self.packet;
        if packet.wants(EPH_CLIENT) {
            header.client = Some(texts.add(format_args!("{}", client.address)));
        }
        if packet.wants(EPH_SERVER) {
            header.server = Some(texts.add(format_args!("{}", server.address)));
        }
        if packet.wants(EPH_EVIDENCE) {
            header.evidence = Some(texts.add(format_args!("{}", self.verdict.evidence)));
            header.evidence_kind = Some(texts.add(format_args!("{}", self.verdict.evidence.kind())));
        }
        let wants_label = packet.wants(EPH_LABEL) || (PREFERENCES.label_in_info() && packet.view.columns != 0);
        if !wants_label && !packet.wants(EPH_SERVICE) {
            return;
        }
        let service = self.service(roles.conversation(self.verdict.place).dissected, client.port, server.port);
        if packet.wants(EPH_SERVICE) {
            header.service = service.map(|name| texts.add(format_args!("{}", Shown(name))));
        }
        if wants_label {
            let epan = self.bound.epan;
            header.label = Some(names::with_host(epan, client.address, |client_host| {
                names::with_host(epan, server.address, |server_host| {
                    let client = LabelEnd { host: client_host, port: client.port };
                    let server = LabelEnd { host: server_host, port: server.port };
                    texts.add(format_args!("{}", Label { client, server, service }))
                })
            }));
        }
    }

    /// What is spoken: the registered name of the server's port, unless a protocol was dissected
    /// that neither end's port stands for.
    fn service(&self, dissected: i32, client_port: u16, server_port: u16) -> Option<&'static [u8]> {
        let epan = self.bound.epan;
        let registered = names::service(epan, PT_TCP, server_port);
        if dissected == 0 {
            return registered;
        }
        let stands_for = |port| names::port_protocol(epan, self.bound.tcp_ports.0, port) == Some(dissected);
        let spoken = names::protocol(epan, dissected);
        let by_clients_port = stands_for(client_port) && client_port != server_port;
        if registered.is_some() && (stands_for(server_port) || by_clients_port) {
            return registered;
        }
        spoken
    }

    /// The texts to take the wrong name out of, as the host writes them with transport names on:
    /// `http(80) → autonoc(1140)` in the Info column, `autonoc (1140)` in the tree.
    fn correct(&self, header: &mut Header, wrong: &[u8], texts: &mut Texts) {
        let port = Number::new(header.client_port);
        if PREFERENCES.correct_info() && self.packet.view.columns != 0 {
            let server = Number::new(header.server_port);
            let server_name = names::service(self.bound.epan, PT_TCP, header.server_port);
            let wrong: &[&[u8]] = &[wrong, b"(", port.digits(), b")"];
            let right: &[&[u8]] = &[port.digits()];
            let named: &[&[u8]] = &[server_name.unwrap_or_default(), b"(", server.digits(), b")"];
            let server: &[&[u8]] = if server_name.is_some() { named } else { &[server.digits()] };
            let pair = |texts: &mut Texts, client: &[&[u8]]| {
                let arrow: &[&[u8]] = &[" → ".as_bytes()];
                let (source, destination) = if header.from_client { (client, server) } else { (server, client) };
                texts.add_raw(&[source, arrow, destination].concat())
            };
            header.info = Some((pair(texts, wrong), pair(texts, right)));
        }
        if PREFERENCES.correct_tree() && self.packet.view.tree != 0 {
            let wrong = texts.add_raw(&[wrong, b" (", port.digits(), b")"]);
            header.tree = Some((wrong, texts.add_raw(&[port.digits()])));
        }
    }
}

/// A port in decimal digits.
struct Number([u8; 5], usize);

impl Number {
    fn new(port: u16) -> Self {
        let mut digits = [0; 5];
        let mut at = digits.len();
        let mut left = port;
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                return Self(digits, at);
            }
        }
    }

    fn digits(&self) -> &[u8] {
        &self.0[self.1..]
    }
}

/// An `eph_header` whose texts do not have their place in memory yet.
#[derive(Clone, Copy, Default)]
struct Header {
    position: u8,
    from_client: bool,
    confidence: u8,
    misnamed: bool,
    note: bool,
    client_port: u16,
    server_port: u16,
    evidence_frame: u32,
    client: Option<TextRef>,
    server: Option<TextRef>,
    service: Option<TextRef>,
    label: Option<TextRef>,
    evidence: Option<TextRef>,
    evidence_kind: Option<TextRef>,
    misnamed_name: Option<TextRef>,
    note_text: Option<TextRef>,
    info: Option<(TextRef, TextRef)>,
    tree: Option<(TextRef, TextRef)>,
}

/// An `eph_annotation` whose texts do not have their place in memory yet.
#[derive(Default)]
struct Judged {
    headers: [Header; EPH_MAX_HEADERS as usize],
    used: usize,
    info_label: Option<TextRef>,
}

impl Judged {
    fn push(&mut self, header: Header) {
        if let Some(slot) = self.headers.get_mut(self.used) {
            *slot = header;
            self.used += 1;
        }
    }

    /// The label of the last header: the one that the Info column speaks of.
    fn label(&self) -> Option<TextRef> {
        self.headers[..self.used].last()?.label
    }

    fn for_c(&self, texts: &Texts) -> eph_annotation {
        let text = |text: Option<TextRef>| text.map_or(null(), |text| texts.as_ptr(text).cast::<c_char>());
        let header = |header: &Header| eph_header {
            position: header.position,
            from_client: header.from_client.into(),
            confidence: header.confidence,
            misnamed: header.misnamed.into(),
            note: header.note.into(),
            client_port: header.client_port,
            server_port: header.server_port,
            evidence_frame: header.evidence_frame,
            confidence_name: fields::confidence_name(header.confidence),
            client: text(header.client),
            server: text(header.server),
            service: text(header.service),
            label: text(header.label),
            evidence: text(header.evidence),
            evidence_kind: text(header.evidence_kind),
            misnamed_name: text(header.misnamed_name),
            note_text: text(header.note_text),
            info_wrong: text(header.info.map(|(wrong, _)| wrong)),
            info_right: text(header.info.map(|(_, right)| right)),
            tree_wrong: text(header.tree.map(|(wrong, _)| wrong)),
            tree_right: text(header.tree.map(|(_, right)| right)),
        };
        eph_annotation {
            headers: self.used as u32,
            header: self.headers.each_ref().map(header),
            info_label: text(self.info_label),
        }
    }
}
