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

/* The offsets of packet_info.abs_ts and rel_ts in all releases, in bytes. */
enum { PINFO_ABS_TS = 24, PINFO_REL_TS = 40 };

/* An element of GLib's singly linked list (glib/gslist.h), the type of packet_info.data_src. */
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

/* Sets the functions and the layout for the functions below. The structures must live as long as the process. */
void eph_packet_info_bind(const struct eph_calls *calls, const struct eph_layout *layout);

/* Returns the frame number of a packet. */
uint32_t eph_frame(const packet_info *pinfo);

/* Returns whether the host set ports for the packet: those of TCP, UDP, UDP-Lite, SCTP or DCCP. */
int eph_has_ports(const packet_info *pinfo);

/* Returns whether a tvbuff is one of the packet's data sources: its frame, or a buffer made from it. */
int eph_is_source(const packet_info *pinfo, const tvbuff_t *tvb);

/* Returns the length of the packet on the wire, in bytes. */
uint32_t eph_length_on_wire(const packet_info *pinfo);

#endif /* EPHEMERAL_PACKET_INFO_H */
