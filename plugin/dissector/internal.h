/* internal.h
 * The interface between the C files.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_INTERNAL_H
#define EPHEMERAL_INTERNAL_H

#include "boundary.h"

/* layout_check.c: returns what contradicts the layout in this packet, in words, or null. `frame_protocol` is the first
 * layer of every packet. */
const char *eph_check_layout(const struct eph_calls *calls, const struct eph_layout *layout, int frame_protocol,
                             tvbuff_t *tvb, const packet_info *pinfo);

/* layout_check.c: compares the ports in packet_info with those in the packet's bytes, for a packet that passed
 * eph_check_layout(). EPH_PORTS_NOT_KNOWN if the IP header cannot be used: for a fragment, or for headers that a tunnel
 * compressed. */
enum eph_port_comparison { EPH_PORTS_NOT_KNOWN, EPH_PORTS_EQUAL, EPH_PORTS_DIFFER };
enum eph_port_comparison eph_compare_ports(const struct eph_calls *calls, const struct eph_layout *layout,
                                           const struct eph_ids *ids, tvbuff_t *tvb, const packet_info *pinfo);

/* Whether the host took a column's new text: no if the old or the new text is too long for a column, or if a dissector
 * made the column read-only. */
enum eph_column_result { EPH_COLUMN_SET, EPH_COLUMN_TOO_LONG, EPH_COLUMN_LOCKED };

/* info.c: replaces each `wrong` in a column's text by `right`, which must not contain it. */
enum eph_column_result eph_column_replace(const struct eph_calls *calls, column_info *cinfo, int col, const char *wrong,
                                          const char *right);

/* info.c: puts "[text] " in front of a column's text. */
enum eph_column_result eph_column_prepend(const struct eph_calls *calls, column_info *cinfo, int col, const char *text);

/* What to write to a packet's tree, and where. */
struct eph_place {
    uint32_t wanted; /* as eph_view.wanted */
    int is_visible;  /* the tree is visible */
    int is_layer;    /* our lines are a layer of their own; otherwise they are below the header's line */
};

/* tree.c: writes one header's annotation to Expert Information and, as far as it is wanted, to `tree`, which may be
 * null. Returns what is wrong with the host's nodes, in words, or null. */
const char *eph_write_header(const struct eph_calls *calls, struct eph_ids *ids, tvbuff_t *tvb, packet_info *pinfo,
                             proto_tree *tree, const struct eph_place *place, const struct eph_header *header);

/* tree.c: writes the addresses of a packet without headers to its last layer in `tree`, hidden. */
void eph_write_addresses(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb,
                         const packet_info *pinfo, const wmem_list_t *layers, proto_tree *tree, const char *addresses);

/* tree.c: sets the host's field for the Info column to the column's current text. */
void eph_update_info_field(const struct eph_calls *calls, const struct eph_ids *ids, const packet_info *pinfo,
                           proto_tree *tree, column_info *cinfo);

/* faults.c: injects a fault there, if a test requests it. */
#ifdef EPH_FAULTS
void eph_fault(const struct eph_calls *calls, tvbuff_t *tvb, const char *where);
int eph_is_lost(const char *what);
#define EPH_FAULT(calls, tvb, where) eph_fault(calls, tvb, where)
#define EPH_IS_LOST(what) eph_is_lost(what)
#else
#define EPH_FAULT(calls, tvb, where) ((void)0)
#define EPH_IS_LOST(what) 0
#endif

#endif /* EPHEMERAL_INTERNAL_H */
