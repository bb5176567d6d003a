/* packet_info.c
 * Functions that read the host's packet_info, except for what eph_dissect() reads of every packet.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"

static const struct eph_calls *calls;
static const struct eph_layout *layout;

void eph_packet_info_bind(const struct eph_calls *c, const struct eph_layout *l)
{
    calls = c;
    layout = l;
}

uint32_t eph_frame(const packet_info *pinfo)
{
    return eph_read_u32(pinfo, layout->pinfo_num);
}

int eph_has_ports(const packet_info *pinfo)
{
    uint32_t type = eph_read_u32(pinfo, layout->pinfo_ptype);
    return type == PT_TCP || type == PT_UDP || type == PT_SCTP || type == PT_DCCP;
}

int eph_is_source(const packet_info *pinfo, const tvbuff_t *tvb)
{
    const struct eph_list_item *source = eph_read_pointer(pinfo, layout->pinfo_data_src);
    while (source != NULL && calls->get_data_source_tvb(source->data) != tvb)
        source = source->next;
    return source != NULL;
}

uint32_t eph_length_on_wire(const packet_info *pinfo)
{
    return eph_read_u32(eph_read_pointer(pinfo, layout->pinfo_fd), layout->fd_pkt_len);
}
