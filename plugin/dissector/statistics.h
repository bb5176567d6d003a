/* statistics.h
 * What statistics.c needs and offers: the tap "ephemeral", and the statistics made from it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_STATISTICS_H
#define EPHEMERAL_STATISTICS_H

#include "boundary.h"

/* What is counted once. */
enum eph_once { EPH_ONCE_CLIENT, EPH_ONCE_CONVERSATION };

struct eph_statistics_calls {
    void (*tap_queue_packet)(int, packet_info *, const void *);
    int (*stats_tree_create_node)(stats_tree *, const char *, int, stat_node_datatype, epan_bool_arg);
    int (*stats_tree_manip_node_int)(manip_node_mode, stats_tree *, const char *, int, epan_bool_arg, int);
    /* What is kept for each tree beside the host's counters. Implemented in Rust: none unwinds or jumps. */
    void (*forget)(const stats_tree *);
    /* Whether this is the first time that the two are counted together, as `what`. */
    int (*is_first)(const stats_tree *, enum eph_once what, const char *, const char *);
    /* How much of `length` the counter of that name still has room for. */
    int (*room)(const stats_tree *, const char *name, uint32_t length);
};

/* The structure must live as long as the process. */
void eph_statistics_bind(const struct eph_statistics_calls *calls, int tap);

/* The fields that the tap's listeners need, as in eph_view.wanted. */
#define EPH_TAPPED_FIELDS \
    (1u << EPH_CLIENT | 1u << EPH_SERVER | 1u << EPH_SERVICE | 1u << EPH_EVIDENCE | 1u << EPH_MISNAMED_NAME | \
     1u << EPH_ENDPOINT)

/* Gives the annotation's headers to the listeners. */
void eph_statistics_tap(packet_info *pinfo, const struct eph_annotation *annotation);

/* Callbacks of the statistics tree. */
void eph_statistics_init(stats_tree *tree);
void eph_statistics_cleanup(stats_tree *tree);
tap_packet_status eph_statistics_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                        unsigned flags);

#endif /* EPHEMERAL_STATISTICS_H */
