// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Decides which conversations are decoded by their server's port: by `ephemeral.correct_dissector`, or by hand.

use super::conversation_dissector::Refusal;
use super::ports::Ports;
use super::view::Packet;
use crate::host::api::epan::EPH_NOT_BY_SERVER;
use crate::host::guard::reports::report_because;
use crate::host::packet::host_context::HostContext;
use crate::host::settings::preferences::PREFERENCES;
use crate::naming::Naming;
use crate::packet::Segment;
use crate::roles::{Confidence, Place, RoleTracker, Verdict};
use crate::services::Services;

/// Returns whether a verdict is sure enough to replace a dissector.
fn is_sure(verdict: &Verdict) -> bool {
    verdict.confidence.number() >= Confidence::Strong.number() && PREFERENCES.is_sure_enough(verdict.confidence)
}

/// Decodes the conversation by its server's port from now on, if this packet was decoded only by the client's port, and
/// the verdict is sure enough.
#[cold]
pub(super) fn correct_by_preference(
    packet: &Packet<'_>,
    position: u8,
    segment: &Segment<'_>,
    verdict: &Verdict,
    ports: &Ports<'_>,
    roles: &mut RoleTracker,
) {
    let Some(conversation_dissector) = &packet.host.conversation_dissector else { return };
    if !is_sure(verdict) {
        return;
    }
    let naming = Naming::new(roles, ports, segment, verdict);
    // Nothing to do again: what the server port's dissector rejects goes to the client port's all the same.
    if naming.is_decoded_by_server() {
        return;
    }
    let Some(wrong) = naming.wrong_dissector() else { return };
    if packet.protocol_on(segment.transport, position) != Some(wrong) {
        return;
    }
    let (server, declared) = (naming.server().port, naming.declared_name());
    match conversation_dissector.set(packet.host.epan, packet.number(), segment, server, declared) {
        Ok(()) => roles.record_decoding_by_server(verdict.place, segment),
        Err(refusal) => report_because(EPH_NOT_BY_SERVER, packet.number(), &refusal),
    }
}

/// Checks whether the user may have a packet's conversation decoded by its server's port: it already is, or it meets
/// what [`correct_by_preference`] requires of a conversation, whether `ephemeral.correct_dissector` is on or off.
pub(super) fn check_by_hand(
    frame: u32,
    segment: &Segment<'_>,
    verdict: &Verdict,
    ports: &Ports<'_>,
    roles: &RoleTracker,
) -> Result<(), Refusal> {
    let HostContext { epan, conversation_dissector: Some(conversation_dissector), .. } = ports.host else {
        return Err(Refusal::NotInThisHost);
    };
    let naming = Naming::new(roles, ports, segment, verdict);
    // First, since a heuristic dissector may have claimed the conversation in the meantime: `choose` would refuse
    // that.
    if naming.is_decoded_by_server() {
        return Ok(());
    }
    let (server, declared) = (naming.server().port, naming.declared_name());
    conversation_dissector.choose(epan, frame, segment, server, declared)?;
    if !is_sure(verdict) {
        return Err(Refusal::NotSure);
    }
    if naming.wrong_dissector().is_some() {
        return Ok(());
    }
    let is_dissected = roles.conversation(verdict.place).dissected != 0;
    Err(if is_dissected { Refusal::NotByClientsPort } else { Refusal::NothingDissected })
}

/// Has a new packet's conversation decoded by its server's port, if the user set that by hand.
#[cold]
pub(super) fn apply_by_hand(
    packet: &Packet<'_>,
    segment: &Segment<'_>,
    place: Place,
    services: &Services,
    roles: &mut RoleTracker,
) {
    let Some(conversation_dissector) = &packet.host.conversation_dissector else { return };
    if roles.conversation(place).is_decoded_by_server() {
        return;
    }
    let Some(server) = roles.decoding_server(place) else { return };
    let declared = services.find(segment.transport, server).and_then(|declared| declared.name);
    let declared = declared.map(str::as_bytes);
    if conversation_dissector.set(packet.host.epan, packet.number(), segment, server.port, declared).is_ok() {
        roles.record_decoding_by_server(place, segment);
    }
}
