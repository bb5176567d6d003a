/* port_dissectors.c
 * The dissectors that we set for a conversation if its server's port has none, or one without a name. A name is needed
 * because the host's "Export PDUs" reports a "Dissector bug" if a conversation's dissector has none.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "port_dissectors.h"
#include "packet_info.h"

static const struct eph_port_dissectors *host;
static const struct eph_calls *calls;
static const struct eph_layout *layout;

void eph_port_dissectors_bind(const struct eph_port_dissectors *b, const struct eph_calls *c, const struct eph_layout *l)
{
    host = b;
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
    if (!host->dissector_try_heuristic(of->heuristics, tvb, pinfo, tree, &found, data))
        calls->call_dissector_only(host->data, tvb, pinfo, tree, NULL);
    /* If this returned 0, the host would call the dissector of the client's port. */
    return (int)calls->tvb_captured_length(tvb);
}

/* Calls the dissector of one port. If that returns 0, the host goes on to the ports' dissectors, as it does without
 * us. */
static int by_one(const struct eph_transport_dissectors *of, uint32_t port, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                  void *data)
{
    dissector_handle_t dissector = host->dissector_get_uint_handle(of->by_port, port);
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

int eph_dissect_tcp_by_neither(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_neither(&host->tcp, tvb, pinfo, tree, data);
}

int eph_dissect_tcp_by_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&host->tcp, lower_port(pinfo), tvb, pinfo, tree, data);
}

int eph_dissect_tcp_by_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&host->tcp, higher_port(pinfo), tvb, pinfo, tree, data);
}

int eph_dissect_udp_by_neither(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_neither(&host->udp, tvb, pinfo, tree, data);
}

int eph_dissect_udp_by_lower(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&host->udp, lower_port(pinfo), tvb, pinfo, tree, data);
}

int eph_dissect_udp_by_higher(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return by_one(&host->udp, higher_port(pinfo), tvb, pinfo, tree, data);
}
