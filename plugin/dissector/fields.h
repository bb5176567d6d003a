/* fields.h
 * Our fields and expert items. An entry here registers one; src/host/packet/render.rs gives it values.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_FIELDS_H
#define EPHEMERAL_FIELDS_H

#include "../../include/epan.h"

/* FIELD(number, type, filter name, name, description), in the order in which the tree shows them. EPH_ENDPOINT and those
 * after it are hidden there. EPH_ENDPOINT's value is the service's text; the tree also has it with the client's address.
 * EPH_EVIDENCE_PIECE is there once for each piece.
 * EPH_CONVERSATION is also there for a packet without headers: eph_annotation.addresses. */
#define EPH_FIELDS(FIELD) \
    FIELD(EPH_CLIENT, FT_STRING, "ephemeral.client", "Client", \
          "Address of the client. Evidence says how it is known") \
    FIELD(EPH_CLIENT_PORT, FT_UINT16, "ephemeral.client_port", "Client Port", \
          "Port of the client") \
    FIELD(EPH_SERVER, FT_STRING, "ephemeral.server", "Server", \
          "Address of the server") \
    FIELD(EPH_SERVER_PORT, FT_UINT16, "ephemeral.server_port", "Server Port", \
          "Port of the server") \
    FIELD(EPH_FROM_CLIENT, FT_BOOLEAN, "ephemeral.from_client", "From Client", \
          "Whether the client sent this packet") \
    FIELD(EPH_SOURCE_PORT, FT_STRING, "ephemeral.source_port", "Source Port", \
          "The source port with its name, unless that name is wrong here") \
    FIELD(EPH_DESTINATION_PORT, FT_STRING, "ephemeral.destination_port", "Destination Port", \
          "The destination port with its name, unless that name is wrong here") \
    FIELD(EPH_SERVICE, FT_STRING, "ephemeral.service", "Service", \
          "The name registered for the server's port, or the dissected protocol if that is a different one") \
    FIELD(EPH_LABEL, FT_STRING, "ephemeral.label", "Conversation", \
          "Client, server and service, the same for both directions") \
    FIELD(EPH_CONFIDENCE, FT_UINT8, "ephemeral.confidence", "Confidence", \
          "How sure it is which end is the client") \
    FIELD(EPH_EVIDENCE, FT_STRING, "ephemeral.evidence", "Evidence", \
          "How it is known which end is the client") \
    FIELD(EPH_EVIDENCE_FRAME, FT_FRAMENUM, "ephemeral.evidence_frame", "Evidence in Frame", \
          "The frame that shows which end is the client") \
    FIELD(EPH_MISNAMED, FT_BOOLEAN, "ephemeral.misnamed", "Misnamed Port", \
          "Present if the client's port has the name of a service, and the verdict is sure enough for a note") \
    FIELD(EPH_MISNAMED_PORT, FT_UINT16, "ephemeral.misnamed.port", "Misnamed Port Number", \
          "The client's misnamed port") \
    FIELD(EPH_MISNAMED_NAME, FT_STRING, "ephemeral.misnamed.name", "Wrong Name", \
          "The name registered for the number of that port, which does not apply here") \
    FIELD(EPH_ENDPOINT, FT_STRING, "ephemeral.endpoint", "Client or Service", \
          "The client's address, or the service with its address and port: the rows of Conversations and Endpoints") \
    FIELD(EPH_SOURCE_ENDPOINT, FT_STRING, "ephemeral.source_endpoint", "Source Client or Service", \
          "The client or the service, whichever sent this packet") \
    FIELD(EPH_DESTINATION_ENDPOINT, FT_STRING, "ephemeral.destination_endpoint", "Destination Client or Service", \
          "The client or the service, whichever this packet was sent to") \
    FIELD(EPH_EVIDENCE_PIECE, FT_STRING, "ephemeral.evidence.piece", "Piece of Evidence", \
          "The weight of one piece of evidence for the server, in decibans (negative: against it), and its text") \
    FIELD(EPH_FROM, FT_STRING, "ephemeral.from", "From", \
          "Which end sent this packet, the client or the server") \
    FIELD(EPH_CONVERSATION, FT_STRING, "ephemeral.conversation", "Conversation or Addresses", \
          "Client, server and service, or the addresses of a packet for which these are not known")

/* EXPERT(number, filter name, summary). The summary is the dialog's row for all notes of the kind, and the header of the
 * column that one is applied as. */
#define EPH_EXPERTS(EXPERT) \
    EXPERT(EPH_PORT_MISNAMED, "ephemeral.port_misnamed", "The client's port has the name of a service") \
    EXPERT(EPH_LISTENER_MISNAMED, "ephemeral.listener_misnamed", "A listening port has another service's name") \
    EXPERT(EPH_WRONG_DISSECTOR, "ephemeral.wrong_dissector", "The dissector was chosen by the client's port") \
    EXPERT(EPH_OTHER_SERVICE, "ephemeral.other_service", "Another protocol than the port's is spoken") \
    EXPERT(EPH_SYSTEM_SOURCE, "ephemeral.system_source", "The client has a system port") \
    EXPERT(EPH_DECLARED_DIFFERS, "ephemeral.declared_differs", "The handshake contradicts a declared service") \
    EXPERT(EPH_BY_SERVER_PORT, "ephemeral.by_server_port", "Decoded by the server's port")

#define EPH_NUMBER(number, ...) number,
enum eph_field { EPH_FIELDS(EPH_NUMBER) EPH_FIELD_COUNT };
enum eph_expert { EPH_EXPERTS(EPH_NUMBER) EPH_EXPERT_COUNT };

/* How a field is registered. */
struct eph_field_info {
    enum ftenum type;
    const char *filter_name;
    const char *name;
    const char *description;
};
extern const struct eph_field_info eph_field_infos[EPH_FIELD_COUNT]; /* by enum eph_field */

/* How an expert item is registered. */
struct eph_expert_info {
    const char *filter_name;
    const char *summary;
};
extern const struct eph_expert_info eph_expert_infos[EPH_EXPERT_COUNT]; /* by enum eph_expert */

#endif /* EPHEMERAL_FIELDS_H */
