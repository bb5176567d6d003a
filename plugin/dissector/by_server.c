/* by_server.c
 * The dissectors of a conversation whose server's port stands for nothing: as the host would go on if the client's
 * port stood for nothing, too.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "by_server.h"
#include "packet_info.h"

static const struct eph_by_server *bound;
static const struct eph_calls *calls;
static const struct eph_layout *layout;

void eph_by_server_bind(const struct eph_by_server *b, const struct eph_calls *c, const struct eph_layout *l)
{
    bound = b;
    calls = c;
    layout = l;
}

/* TCP offers its reassembly with a 2, which the host lowers by one for each dissector on the way, and keeps what it was
 * beside it. We are one too many. The host puts back what was there before us. */
static void offer_reassembly_again(packet_info *pinfo)
{
    uint16_t *can_desegment = (uint16_t *)((char *)pinfo + layout->pinfo_can_desegment);
    const uint16_t *saved_can_desegment = can_desegment + 1;
    if (*can_desegment == 1 && *saved_can_desegment == 2)
        *can_desegment = 2;
}

static int dissect(heur_dissector_list_t heuristics, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    heur_dtbl_entry_t *found = NULL;
    offer_reassembly_again(pinfo);
    if (!bound->dissector_try_heuristic(heuristics, tvb, pinfo, tree, &found, data))
        calls->call_dissector_only(bound->data, tvb, pinfo, tree, NULL);
    /* Rejected, it would go to the dissector of the client's port. */
    return (int)calls->tvb_captured_length(tvb);
}

int eph_dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect(bound->tcp_heuristics, tvb, pinfo, tree, data);
}

int eph_dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect(bound->udp_heuristics, tvb, pinfo, tree, data);
}
