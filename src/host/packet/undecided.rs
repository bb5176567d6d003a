// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The explanation of a packet without a verdict, for the menu: why there is no verdict, and the evidence so far.

use super::annotation::HeaderAnnotation;
use super::ports::Ports;
use super::render::render_pieces;
use crate::host::api::epan::*;
use crate::host::settings::preferences::PREFERENCES;
use crate::packet::{Party, Segment};
use crate::roles::{Place, RoleTracker};
use crate::text::Texts;

/// Returns why the conversation of a header has no verdict, and the evidence so far.
pub(super) fn explain(
    place: Place,
    segment: &Segment<'_>,
    roles: &RoleTracker,
    ports: &Ports<'_>,
    texts: &mut Texts,
) -> HeaderAnnotation {
    if !PREFERENCES.infer() {
        return by_preference(
            segment,
            "no handshake was captured, and other evidence is switched off in the preferences",
            texts,
        );
    }
    let undecided = roles.undecided(place, segment, ports);
    let mut header = without_verdict(segment);
    header.set_text(EPH_EVIDENCE, texts.add(format_args!("{}", undecided.lack)));
    let Some(client) = undecided.client else { return header };
    let (client, server) = match client {
        Party::Source => (segment.source, segment.destination),
        Party::Destination => (segment.destination, segment.source),
    };
    header.set_text(EPH_CLIENT, texts.compose().address(client.address()).finish());
    header.set_number(EPH_CLIENT_PORT, client.port.into());
    header.set_text(EPH_SERVER, texts.compose().address(server.address()).finish());
    header.set_number(EPH_SERVER_PORT, server.port.into());
    render_pieces(&mut header, roles.pieces_of_undecided(&undecided, segment, ports), texts);
    header
}

/// Returns an explanation for a packet that has no verdict because of the preferences: `why`, and no evidence.
pub(super) fn by_preference(segment: &Segment<'_>, why: &str, texts: &mut Texts) -> HeaderAnnotation {
    let mut header = without_verdict(segment);
    header.set_text(EPH_EVIDENCE, texts.add(format_args!("{why}")));
    header
}

fn without_verdict(segment: &Segment<'_>) -> HeaderAnnotation {
    HeaderAnnotation::new(segment.transport as u8, 0, None)
}
