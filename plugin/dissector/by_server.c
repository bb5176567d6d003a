/* by_server.c
 * The dissectors that we set for a conversation if its server's port has none, or one without a name. A name is needed
 * because the host's "Export PDUs" reports a "Dissector bug" if a conversation's dissector has none.
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

/* TCP sets can_desegment to 2 to offer reassembly. The host decrements it for each dissector that it calls, and keeps
 * the previous value in saved_can_desegment, the next member. Ours is one call more than usual, so this undoes the
 * decrement. The host restores the value when we return. */
static void offer_reassembly_again(packet_info *pinfo)
{
    uint16_t *can_desegment = (uint16_t *)((char *)pinfo + layout->pinfo_can_desegment);
    const uint16_t *saved_can_desegment = can_desegment + 1;
    if (*can_desegment == 1 && *saved_can_desegment == 2)
        *can_desegment = 2;
}

/* Does what the host does if neither port has a dissector: tries the heuristic ones, then shows the bytes as data. */
static int by_neither(const struct eph_transport_dissectors *of, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    heur_dtbl_entry_t *found = NULL;
    offer_reassembly_again(pinfo);
    if (!bound->dissector_try_heuristic(of->heuristics, tvb, pinfo, tree, &found, data))
        calls->call_dissector_only(bound->data, tvb, pinfo, tree, NULL);
    /* If this returned 0, the host would call the dissector of the client's port. */
    return (int)calls->tvb_captured_length(tvb);
}

/* Calls the dissector of one port. If that returns 0, the host goes on to the ports' dissectors, as it does without
 * us. */
static int by_one(const struct eph_transport_dissectors *of, uint32_t port, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                  void *data)
{
    dissector_handle_t dissector = bound->dissector_get_uint_handle(of->by_port, port);
    offer_reassembly_again(pinfo);
    return dissector != NULL ? calls->call_dissector_only(dissector, tvb, pinfo, tree, data) : 0;
}

static uint32_t lower_port(const packet_info *pinfo)
{
    uint32_t source = eph_read_u32(pinfo, layout->pinfo_srcport), destination = eph_read_u32(pinfo, layout->pinfo_destport);
    return source < destination ? source : destination;
}

static uint32_t higher_port(const packet_info *pinfo)
{
    uint32_t source = eph_read_u32(pinfo, layout->pinfo_srcport), destination = eph_read_u32(pinfo, layout->pinfo_destport);
    return source < destination ? destination : source;
}

int eph_dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_neither(&bound->tcp, tvb, pinfo, tree, data);
}

int eph_dissect_tcp_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&bound->tcp, lower_port(pinfo), tvb, pinfo, tree, data);
}

int eph_dissect_tcp_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&bound->tcp, higher_port(pinfo), tvb, pinfo, tree, data);
}

int eph_dissect_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_neither(&bound->udp, tvb, pinfo, tree, data);
}

int eph_dissect_udp_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&bound->udp, lower_port(pinfo), tvb, pinfo, tree, data);
}

int eph_dissect_udp_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&bound->udp, higher_port(pinfo), tvb, pinfo, tree, data);
}
