/* internal.h
 * What the C files need of each other.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_INTERNAL_H
#define EPHEMERAL_INTERNAL_H

#include "boundary.h"

/* layout_check.c: what in this packet contradicts the layout, in words; null if nothing does. `frame_protocol` is the
 * protocol that every packet starts with. */
const char *eph_misfit(const struct eph_calls *calls, const struct eph_layout *layout, int frame_protocol,
                       tvbuff_t *tvb, const packet_info *pinfo);

/* layout_check.c: whether the ports in packet_info are those in the packet's bytes, for a packet in which eph_misfit() found
 * nothing. It is not known about a packet whose IP header is not found: of a fragment, of what a tunnel compressed. */
enum eph_fit { EPH_FIT_NOT_KNOWN, EPH_FITS, EPH_FITS_NOT };
enum eph_fit eph_ports_fit(const struct eph_calls *calls, const struct eph_layout *layout, const struct eph_ids *ids,
                           tvbuff_t *tvb, const packet_info *pinfo);

/* info.c: replaces each `wrong` in a column's text by `right`, which must not contain it.
 * Returns 0 if the text is, or gets, too long for a column. */
int eph_column_replace(const struct eph_calls *calls, column_info *cinfo, int col, const char *wrong, const char *right);

/* info.c: puts "[text] " in front of a column's text. Returns as above. */
int eph_column_prepend(const struct eph_calls *calls, column_info *cinfo, int col, const char *text);

/* What is to be in a packet's tree, and where. */
struct eph_place {
    uint32_t wanted; /* as eph_view.wanted */
    int is_visible;  /* somebody will see the tree */
    int is_layer;    /* our lines are a layer of their own; otherwise they are below the header's */
};

/* tree.c: writes one header's annotation to Expert Information and, as far as it is wanted, to the tree; null:
 * there is none. Returns what is wrong with the host's nodes, in words; null: nothing. */
const char *eph_write_header(const struct eph_calls *calls, struct eph_ids *ids, tvbuff_t *tvb, packet_info *pinfo,
                             proto_tree *tree, const struct eph_place *place, const struct eph_header *header);

/* tree.c: gives the host's field for the Info column the text that the column has now. */
void eph_update_info_field(const struct eph_calls *calls, const struct eph_ids *ids, const packet_info *pinfo,
                           proto_tree *tree, column_info *cinfo);

/* faults.c: goes wrong there, if the test says so. */
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
