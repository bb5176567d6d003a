/* fits.c
 * A cheap check that a release's layout fits the host: facts that the host states twice must agree.
 *
 * It compares, in this order, so that nothing is followed before it looks right:
 *   - the kind of port, the ports and the addresses with what these can be at all;
 *   - packet_info.num with frame_data.num, which comes first in all releases;
 *   - the first data source with the tvbuff;
 *   - the first layer with the protocol "frame", and the number of layers with what is possible.
 * Pointers are tried with read_memory first, which refuses where following them would crash.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "parts.h"

#include <string.h>

enum {
    MAX_PORT_TYPE = 64,     /* epan/conversation.h has fewer than 20 PT_* */
    MAX_ADDRESS_TYPE = 128, /* epan/address.h: AT_*, and what dissectors register besides */
    MAX_ADDRESS_LENGTH = 256,
    MAX_LAYERS = 500 /* epan stops at fewer */
};

/* Whether a structure of the host, of at least `length` bytes, can be at `at`. */
static int is_there(const struct eph_calls *calls, const void *at, size_t length)
{
    char bytes[32];
    return (uintptr_t)at % sizeof(void *) == 0 && calls->read_memory(at, bytes, length);
}

static uint32_t u32(const void *structure, uint16_t offset)
{
    uint32_t value;
    memcpy(&value, (const char *)structure + offset, sizeof value);
    return value;
}

static void *pointer(const void *structure, uint16_t offset)
{
    void *value;
    memcpy(&value, (const char *)structure + offset, sizeof value);
    return value;
}

static int is_address(const struct eph_calls *calls, const packet_info *pinfo, uint16_t offset)
{
    address it;
    memcpy(&it, (const char *)pinfo + offset, sizeof it);
    if (it.type < 0 || it.type > MAX_ADDRESS_TYPE || it.len < 0 || it.len > MAX_ADDRESS_LENGTH)
        return 0;
    if ((it.type == AT_IPv4 && it.len != 4) || (it.type == AT_IPv6 && it.len != 16))
        return 0;
    char first;
    return it.len == 0 || calls->read_memory(it.data, &first, sizeof first);
}

static int are_layers(const struct eph_calls *calls, const wmem_list_t *layers, int frame_protocol)
{
    if (!is_there(calls, layers, 4 * sizeof(void *)))
        return 0;
    wmem_list_frame_t *at = calls->wmem_list_head(layers);
    for (int count = 0; count <= MAX_LAYERS; count++) {
        if (at == NULL)
            return count > 0;
        if (!is_there(calls, at, 3 * sizeof(void *)))
            return 0;
        if (count == 0 && (int)(intptr_t)calls->wmem_list_frame_data(at) != frame_protocol)
            return 0;
        at = calls->wmem_list_frame_next(at);
    }
    return 0;
}

static int is_first_source(const struct eph_calls *calls, const void *sources, const tvbuff_t *tvb)
{
    const void *source;
    return is_there(calls, sources, 2 * sizeof(void *)) && calls->read_memory(sources, &source, sizeof source) &&
           is_there(calls, source, sizeof(void *)) && calls->get_data_source_tvb(source) == tvb;
}

const char *eph_misfit(const struct eph_calls *calls, const struct eph_layout *layout, int frame_protocol,
                       tvbuff_t *tvb, const packet_info *pinfo)
{
    uint32_t ptype = u32(pinfo, layout->pinfo_ptype);
    if (ptype > MAX_PORT_TYPE)
        return "packet_info.ptype is none";
    if ((ptype == PT_TCP || ptype == PT_UDP) &&
        (u32(pinfo, layout->pinfo_srcport) > UINT16_MAX || u32(pinfo, layout->pinfo_destport) > UINT16_MAX))
        return "packet_info.srcport or destport is none";
    if (!is_address(calls, pinfo, layout->pinfo_src) || !is_address(calls, pinfo, layout->pinfo_dst))
        return "packet_info.src or dst is no address";

    const void *frame = pointer(pinfo, layout->pinfo_fd);
    uint32_t number;
    if (!is_there(calls, frame, sizeof number) || !calls->read_memory(frame, &number, sizeof number) ||
        number != u32(pinfo, layout->pinfo_num))
        return "packet_info.num is not frame_data.num";

    const void *columns = pointer(pinfo, layout->pinfo_cinfo);
    if (columns != NULL && !is_there(calls, columns, sizeof(void *)))
        return "packet_info.cinfo is nowhere";
    if (!is_first_source(calls, pointer(pinfo, layout->pinfo_data_src), tvb))
        return "packet_info.data_src does not start with the frame";
    if (!are_layers(calls, pointer(pinfo, layout->pinfo_layers), frame_protocol))
        return "packet_info.layers does not start with the frame";
    return NULL;
}
