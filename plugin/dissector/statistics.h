/* statistics.h
 * What statistics.c needs and offers: the tap "ephemeral", and the statistics made from it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_STATISTICS_H
#define EPHEMERAL_STATISTICS_H

#include "boundary.h"

struct eph_statistics_calls {
    void (*tap_queue_packet)(int, packet_info *, const void *);
    int (*stats_tree_create_node)(stats_tree *, const char *, int, stat_node_datatype, epan_bool_arg);
    int (*stats_tree_manip_node_int)(manip_node_mode, stats_tree *, const char *, int, epan_bool_arg, int);
};

/* The structure must live as long as the process. */
void eph_statistics_bind(const struct eph_statistics_calls *calls, int tap);

/* The fields that the tap's listeners need, as in eph_view.wanted. */
#define EPH_TAPPED_FIELDS \
    (1u << EPH_CLIENT | 1u << EPH_SERVER | 1u << EPH_SERVICE | 1u << EPH_EVIDENCE | 1u << EPH_MISNAMED_NAME)

/* Gives the annotation's headers to the listeners. */
void eph_statistics_tap(packet_info *pinfo, const struct eph_annotation *annotation);

/* Callbacks of the statistics tree. */
void eph_statistics_init(stats_tree *tree);
tap_packet_status eph_statistics_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                        unsigned flags);

#endif /* EPHEMERAL_STATISTICS_H */
