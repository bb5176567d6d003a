/* by_server.h
 * Decoding by the server's port, where that stands for nothing.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_BY_SERVER_H
#define EPHEMERAL_BY_SERVER_H

#include "boundary.h"

/* What these dissectors hand a payload to; filled by Rust from the bound API. */
struct eph_by_server {
    epan_bool_result (*dissector_try_heuristic)(heur_dissector_list_t, tvbuff_t *, packet_info *, proto_tree *,
                                                heur_dtbl_entry_t **, void *);
    heur_dissector_list_t tcp_heuristics;
    heur_dissector_list_t udp_heuristics;
    dissector_handle_t data;
};

/* The structures must live as long as the process. */
void eph_by_server_bind(const struct eph_by_server *bound, const struct eph_calls *calls, const struct eph_layout *layout);

/* epan's dissector_t, for a conversation over TCP and one over UDP: asks the host's heuristics for that transport, and
 * shows what none of them knows as data. Takes all bytes. */
int eph_dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int eph_dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

#endif /* EPHEMERAL_BY_SERVER_H */
