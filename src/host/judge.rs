//! The boundary: a packet as the host shows it goes in, what is to be written comes out.

use super::bound::Bound;
use super::epan::boundary::{eph_annotation, eph_view};
use super::packet::Packet;
use super::panic;
use super::preferences::PREFERENCES;
use super::words::{Judged, Writer};
use crate::headers::{self, Segment, Transport};
use crate::roles::{Place, PortKnowledge, Roles};
use crate::text::Texts;
use once_cell::sync::{Lazy, OnceCell};
use std::ffi::c_int;
use std::sync::{Mutex, MutexGuard, PoisonError};

static BOUND: OnceCell<Bound> = OnceCell::new();

/// What is kept between packets.
#[derive(Default)]
struct State {
    roles: Roles,
    texts: Texts,
    judged: Judged,
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
        let packet = unsafe { Packet::read(&*view, bound) };
        judge_packet(&packet, &mut state, bound);
        if state.judged.is_empty() {
            return None;
        }
        // SAFETY: by the contract above. The texts stay as they are until the next call.
        unsafe { annotation.write(state.judged.for_c(&state.texts)) };
        Some(())
    });
    c_int::from(judged.flatten().is_some())
}

fn judge_packet(packet: &Packet<'_>, state: &mut State, bound: &Bound) {
    let State { roles, texts, judged } = state;
    texts.clear();
    judged.clear();
    let inference = PREFERENCES.infer().then_some(bound);
    for (position, segment) in headers::locate(&packet.frame()).iter() {
        if segment.transport == Transport::Udp && !PREFERENCES.udp() {
            continue;
        }
        let Some(place) = place(packet, roles, segment, bound) else { continue };
        let Some(verdict) = roles.verdict(place, segment, inference) else { continue };
        let writer = Writer { packet, bound, segment, verdict: &verdict };
        if let Some(header) = writer.write(position, roles, texts) {
            judged.push(header);
        }
    }
    if PREFERENCES.label_in_info() && packet.has_columns() {
        judged.put_label_in_info(texts);
    }
}

/// The header's place among the conversations; the first time, it is taken into account.
fn place(packet: &Packet<'_>, roles: &mut Roles, segment: &Segment<'_>, bound: &Bound) -> Option<Place> {
    if !packet.is_new() {
        return roles.find(packet.number(), segment);
    }
    let place = roles.observe(packet.number(), segment)?;
    if let Some(protocol) = packet.dissected.filter(|_| !segment.quoted) {
        let stands_for = |port| bound.protocol(segment.transport, port) == Some(protocol);
        roles.conversation_mut(place).dissect(protocol, stands_for);
    }
    Some(place)
}
