/* by_server.h
 * Decoding by the server's port, where the host cannot be told that port's dissector itself: it has no name, or there is none.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_BY_SERVER_H
#define EPHEMERAL_BY_SERVER_H

#include "boundary.h"

/* Where the dissectors of a transport are. */
struct eph_transport_dissectors {
    dissector_table_t by_port;
    heur_dissector_list_t heuristics;
};

/* What these dissectors hand a payload to; filled by Rust from the bound API. */
struct eph_by_server {
    epan_bool_result (*dissector_try_heuristic)(heur_dissector_list_t, tvbuff_t *, packet_info *, proto_tree *,
                                                heur_dtbl_entry_t **, void *);
    dissector_handle_t (*dissector_get_uint_handle)(dissector_table_t, uint32_t);
    struct eph_transport_dissectors tcp;
    struct eph_transport_dissectors udp;
    dissector_handle_t data;
};

/* The structures must live as long as the process. */
void eph_by_server_bind(const struct eph_by_server *bound, const struct eph_calls *calls, const struct eph_layout *layout);

/* epan's dissector_t, for a conversation over TCP and one over UDP: asks the host's heuristics for that transport, and
 * shows what none of them knows as data. Takes all bytes. */
int eph_dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
/* As above: call the dissector of the packet's lower or higher port, if there is one, and return what that does. */
int eph_dissect_tcp_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_tcp_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

#endif /* EPHEMERAL_BY_SERVER_H */
