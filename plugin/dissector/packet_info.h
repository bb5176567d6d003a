/* packet_info.h
 * Reads members of the host's structures by the offsets of the release's layout.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_PACKET_INFO_H
#define EPHEMERAL_PACKET_INFO_H

#include "boundary.h"

#include <string.h>

/* Where packet_info.abs_ts and rel_ts are in all releases, in bytes. */
enum { PINFO_ABS_TS = 24, PINFO_REL_TS = 40 };

/* GLib's singly linked list (glib/gslist.h), which holds packet_info.data_src. */
struct eph_list_item {
    void *data;
    struct eph_list_item *next;
};

static inline uint32_t eph_read_u32(const void *structure, uint16_t offset)
{
    uint32_t value;
    memcpy(&value, (const char *)structure + offset, sizeof value);
    return value;
}

static inline void *eph_read_pointer(const void *structure, uint16_t offset)
{
    void *value;
    memcpy(&value, (const char *)structure + offset, sizeof value);
    return value;
}

/* Sets what the functions below read by; the structures must live as long as the process. */
void eph_packet_info_bind(const struct eph_calls *calls, const struct eph_layout *layout);

/* The frame number of a packet. */
uint32_t eph_frame(const packet_info *pinfo);

/* Whether the host says that a packet has ports: that it is TCP, UDP, UDP-Lite, SCTP or DCCP. */
int eph_has_ports(const packet_info *pinfo);

/* Whether a tvbuff is the packet's frame, or a buffer that was made from it. */
int eph_is_source(const packet_info *pinfo, const tvbuff_t *tvb);

/* How long the packet was on the wire, in bytes. */
uint32_t eph_length_on_wire(const packet_info *pinfo);

#endif /* EPHEMERAL_PACKET_INFO_H */
