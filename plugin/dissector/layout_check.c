/* layout_check.c
 * A cheap check that a release's layout fits the host: facts that the host stores twice must agree.
 *
 * It compares, in this order, so that it follows a pointer only after a plausible result:
 *   - the port type, the ports and the addresses with their possible values;
 *   - packet_info.num with frame_data.num, which comes first in all releases;
 *   - the first data source with the tvbuff;
 *   - the first layer with the protocol "frame", and the number of layers with its maximum;
 *   - the port type and the ports with the bytes behind the IP header that has the two addresses.
 * It reads through pointers with read_memory first, which fails where following them would crash.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "internal.h"

#include <string.h>

enum {
    MAX_PORT_TYPE = 64,     /* epan/conversation.h has fewer than 20 PT_* */
    MAX_ADDRESS_TYPE = 128, /* epan/address.h: AT_*, and types that dissectors register */
    MAX_ADDRESS_LENGTH = 256,
    MAX_LAYERS = 65536, /* epan stops at gui.max_tree_depth, which is 500 but can be changed */
    MAX_COLUMNS = 10000 /* including the user's own */
};

/* Returns whether a structure of the host, of at least `length` bytes, can be at `at`. */
static int is_there(const struct eph_calls *calls, const void *at, size_t length)
{
    char bytes[32];
    return (uintptr_t)at % sizeof(void *) == 0 && calls->read_memory(at, bytes, length);
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

/* Accepts null, or a column_info (epan/column-info.h), which starts with a pointer and the number of columns in all
 * releases. */
static int are_columns(const struct eph_calls *calls, const void *columns)
{
    struct {
        const void *epan;
        int count;
    } head;
    if (columns == NULL)
        return 1;
    if (!is_there(calls, columns, sizeof head) || !calls->read_memory(columns, &head, sizeof head))
        return 0;
    return head.count >= 0 && head.count <= MAX_COLUMNS && (head.epan == NULL || is_there(calls, head.epan, sizeof(void *)));
}

static int is_first_source(const struct eph_calls *calls, const void *sources, const tvbuff_t *tvb)
{
    const void *source;
    return is_there(calls, sources, 2 * sizeof(void *)) && calls->read_memory(sources, &source, sizeof source) &&
           is_there(calls, source, sizeof(void *)) && calls->get_data_source_tvb(source) == tvb;
}

const char *eph_check_layout(const struct eph_calls *calls, const struct eph_layout *layout, int frame_protocol,
                             tvbuff_t *tvb, const packet_info *pinfo)
{
    uint32_t ptype = eph_read_u32(pinfo, layout->pinfo_ptype);
    if (ptype > MAX_PORT_TYPE)
        return "packet_info.ptype is none";
    if ((ptype == PT_TCP || ptype == PT_UDP) &&
        (eph_read_u32(pinfo, layout->pinfo_srcport) > UINT16_MAX || eph_read_u32(pinfo, layout->pinfo_destport) > UINT16_MAX))
        return "packet_info.srcport or destport is none";
    if (!is_address(calls, pinfo, layout->pinfo_src) || !is_address(calls, pinfo, layout->pinfo_dst))
        return "packet_info.src or dst is no address";

    const void *frame = eph_read_pointer(pinfo, layout->pinfo_fd);
    uint32_t number;
    if (!is_there(calls, frame, sizeof number) || !calls->read_memory(frame, &number, sizeof number) ||
        number != eph_read_u32(pinfo, layout->pinfo_num))
        return "packet_info.num is not frame_data.num";

    if (!are_columns(calls, eph_read_pointer(pinfo, layout->pinfo_cinfo)))
        return "packet_info.cinfo leads to no columns";
    if (!is_first_source(calls, eph_read_pointer(pinfo, layout->pinfo_data_src), tvb))
        return "packet_info.data_src does not start with the frame";
    if (!are_layers(calls, eph_read_pointer(pinfo, layout->pinfo_layers), frame_protocol))
        return "packet_info.layers does not start with the frame";
    return NULL;
}

/* Members of an IP header (RFC 791; RFC 8200). The header is found by its addresses, which are adjacent in both
 * versions. */
struct ip_header {
    size_t ports_at; /* offset in the frame */
    uint8_t protocol;
};

enum { IP_TCP = 6, IP_UDP = 17, IPV6_HEADER = 40, SHORTEST_TCP = 20 };

static size_t u16(const uint8_t *bytes)
{
    return (size_t)bytes[0] << 8 | bytes[1];
}

/* Reads the header whose addresses are at `at`, each of `size` bytes. Returns 0 if there is no header, if it is a
 * fragment's, or if the packet is too short for a transport header. */
static int read_ip_header(struct ip_header *header, const uint8_t *frame, size_t length, size_t at, size_t size)
{
    const size_t before = size == 4 ? 12 : 8;
    if (at < before)
        return 0;
    const uint8_t *start = frame + at - before;
    size_t header_length = IPV6_HEADER, payload = u16(start + 4);
    if (size == 4) {
        const size_t total = u16(start + 2);
        header_length = (start[0] & 0x0fu) * 4;
        if (start[0] >> 4 != 4 || header_length < 20 || (u16(start + 6) & 0x3fff) != 0)
            return 0;
        payload = total > header_length ? total - header_length : 0;
    } else if (start[0] >> 4 != 6) {
        return 0;
    }
    header->protocol = size == 4 ? start[9] : start[6];
    header->ports_at = at - before + header_length;
    return payload >= SHORTEST_TCP && header->ports_at + SHORTEST_TCP <= length;
}

/* Returns the offset of these bytes in the frame, at or after `at`; `length` if there are none. */
static size_t find_bytes(const uint8_t *frame, size_t length, size_t at, const uint8_t *bytes, size_t size)
{
    for (; at + size <= length; at++)
        if (memcmp(frame + at, bytes, size) == 0)
            return at;
    return length;
}

/* Returns the transport among the layers if there is exactly one, otherwise -1. With several, as in a tunnel, the host
 * may have the addresses of one and the ports of another. */
static int only_transport(const struct eph_calls *calls, const struct eph_ids *ids, const wmem_list_t *layers)
{
    int only = -1;
    for (wmem_list_frame_t *at = calls->wmem_list_head(layers); at != NULL; at = calls->wmem_list_frame_next(at)) {
        const int layer = (int)(intptr_t)calls->wmem_list_frame_data(at);
        for (int transport = 0; transport < EPH_TRANSPORT_COUNT; transport++)
            if (layer == ids->transport[transport].protocol) {
                if (only != -1)
                    return -1;
                only = transport;
            }
    }
    return only;
}

enum eph_port_comparison eph_compare_ports(const struct eph_calls *calls, const struct eph_layout *layout,
                                           const struct eph_ids *ids, tvbuff_t *tvb, const packet_info *pinfo)
{
    address source, destination;
    memcpy(&source, (const char *)pinfo + layout->pinfo_src, sizeof source);
    memcpy(&destination, (const char *)pinfo + layout->pinfo_dst, sizeof destination);
    const size_t size = source.type == AT_IPv4 ? 4 : source.type == AT_IPv6 ? 16 : 0;
    uint8_t both[32];
    if (size == 0 || destination.type != source.type || !calls->read_memory(source.data, both, size) ||
        !calls->read_memory(destination.data, both + size, size))
        return EPH_PORTS_NOT_KNOWN;

    const size_t length = calls->tvb_captured_length(tvb);
    const uint8_t *frame = length > 0 ? calls->tvb_get_ptr(tvb, 0, (int)length) : NULL;
    const size_t at = find_bytes(frame, length, 0, both, 2 * size);
    struct ip_header ip;
    if (at == length || find_bytes(frame, length, at + 1, both, 2 * size) != length ||
        !read_ip_header(&ip, frame, length, at, size))
        return EPH_PORTS_NOT_KNOWN;
    const int transport = only_transport(calls, ids, eph_read_pointer(pinfo, layout->pinfo_layers));
    const int is_tcp = transport == EPH_TCP;
    if ((!is_tcp && transport != EPH_UDP) || ip.protocol != (is_tcp ? IP_TCP : IP_UDP))
        return EPH_PORTS_NOT_KNOWN;

    const uint32_t ptype = eph_read_u32(pinfo, layout->pinfo_ptype);
    /* Wireshark's TCP dissector sets it first; dissectors of other protocols may change it. */
    if (ptype == PT_NONE)
        return is_tcp ? EPH_PORTS_DIFFER : EPH_PORTS_NOT_KNOWN;
    if (ptype != PT_TCP && ptype != PT_UDP)
        return EPH_PORTS_NOT_KNOWN;
    return ptype == (is_tcp ? PT_TCP : PT_UDP) && eph_read_u32(pinfo, layout->pinfo_srcport) == u16(frame + ip.ports_at) &&
                   eph_read_u32(pinfo, layout->pinfo_destport) == u16(frame + ip.ports_at + 2)
               ? EPH_PORTS_EQUAL
               : EPH_PORTS_DIFFER;
}
