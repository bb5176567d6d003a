/* port_dissectors.h
 * Our dissectors for a conversation that is decoded by its server's port, if that port has no dissector, or one without
 * a name, which the host does not take.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_PORT_DISSECTORS_H
#define EPHEMERAL_PORT_DISSECTORS_H

#include "boundary.h"

/* Where the dissectors of a transport are. */
struct eph_transport_dissectors {
    dissector_table_t by_port;
    heur_dissector_list_t heuristics;
};

/* What these dissectors hand a payload to; filled by Rust from the bound API. */
struct eph_port_dissectors {
    epan_bool_result (*dissector_try_heuristic)(heur_dissector_list_t, tvbuff_t *, packet_info *, proto_tree *,
                                                heur_dtbl_entry_t **, void *);
    dissector_handle_t (*dissector_get_uint_handle)(dissector_table_t, uint32_t);
    struct eph_transport_dissectors tcp;
    struct eph_transport_dissectors udp;
    dissector_handle_t data;
};

/* The structures must live as long as the process. */
void eph_port_dissectors_bind(const struct eph_port_dissectors *host, const struct eph_calls *calls,
                              const struct eph_layout *layout);

/* epan's dissector_t, for a conversation over TCP and one over UDP: asks the host's heuristics for that transport, and
 * shows what none of them knows as data. Takes all bytes. */
int eph_dissect_tcp_by_neither(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp_by_neither(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
/* As above: call the dissector of the packet's lower or higher port, if there is one, and return what that does. */
int eph_dissect_tcp_by_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_tcp_by_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp_by_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp_by_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

#endif /* EPHEMERAL_PORT_DISSECTORS_H */
