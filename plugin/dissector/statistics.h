/* statistics.h
 * The interface of statistics.c: the tap "ephemeral", and its statistics trees.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_STATISTICS_H
#define EPHEMERAL_STATISTICS_H

#include "boundary.h"

/* The kinds of pairs that are counted once. */
enum eph_once { EPH_ONCE_CLIENT, EPH_ONCE_CONVERSATION, EPH_ONCE_COUNT };

/* The lists with a limited number of rows. */
enum eph_list {
    EPH_LIST_MISNAMED,
    EPH_LIST_SERVICES,
    EPH_LIST_SERVERS, /* in groups: by service */
    EPH_LIST_CLIENTS,
    EPH_LIST_BYTES,
    EPH_LIST_NO_HANDSHAKE,
    EPH_LIST_WEAK,
    EPH_LIST_COUNT
};

/* Increases of the host's counters. No counter exceeds INT_MAX. */
struct eph_increase {
    int all;      /* count of the whole list */
    int row;      /* count of the member's row, including what was counted before it had one */
    int others;   /* count of the row for members without a row; negative if the member leaves it */
    int left_out; /* number of members without a row: 1, 0 or -1 */
    int not_told_apart; /* the part of `others` for members that are not kept, for lack of room */
    uint8_t has_row;
};

struct eph_statistics_calls {
    void (*tap_queue_packet)(int, packet_info *, const void *);
    int (*stats_tree_create_node)(stats_tree *, const char *, int, stat_node_datatype, epan_bool_arg);
    int (*stats_tree_manip_node_int)(manip_node_mode, stats_tree *, const char *, int, epan_bool_arg, int);
    /* The state of each tree besides the host's counters. Implemented in Rust: never unwinds, never jumps. */
    void (*forget)(const stats_tree *);
    /* Returns 1 if the pair occurs for the first time as `what`, 0 if not, and -1 if that is not known, because there
     * is no room for more pairs. */
    int (*record_pair)(const stats_tree *, enum eph_once what, const char *, const char *);
    /* Counts `value` for a member of a group of a list, and fills in the increases of the host's counters. Returns 0 if
     * it counted nothing. */
    int (*count)(const stats_tree *, enum eph_list, const char *group, const char *member, uint32_t value,
                 struct eph_increase *);
    /* Returns how many conversations of this file were forgotten. */
    int (*forgotten)(void);
};

/* The structure must live as long as the process. */
void eph_statistics_bind(const struct eph_statistics_calls *calls, int tap);

/* The fields that the tap's listeners need, as in eph_view.wanted. */
#define EPH_TAPPED_FIELDS \
    (1u << EPH_CLIENT | 1u << EPH_SERVER | 1u << EPH_SERVICE | 1u << EPH_EVIDENCE | 1u << EPH_MISNAMED_NAME | \
     1u << EPH_ENDPOINT)

/* Passes a record for each header of the annotation to the listeners. */
void eph_statistics_tap(packet_info *pinfo, const struct eph_annotation *annotation);

/* Callbacks of the statistics trees: first that of all trees, then those of each. */
void eph_statistics_cleanup(stats_tree *tree);

void eph_statistics_overview_init(stats_tree *tree);
void eph_statistics_bytes_init(stats_tree *tree);
void eph_statistics_doubts_init(stats_tree *tree);
tap_packet_status eph_statistics_overview_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                                 const void *record, unsigned flags);
tap_packet_status eph_statistics_bytes_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                              const void *record, unsigned flags);
tap_packet_status eph_statistics_doubts_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                               const void *record, unsigned flags);

#endif /* EPHEMERAL_STATISTICS_H */
