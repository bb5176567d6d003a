/* tables.h
 * The interface of tables.c: the tab of Conversations and of Endpoints.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_TABLES_H
#define EPHEMERAL_TABLES_H

#include "boundary.h"

struct eph_tables_calls {
    void (*add_conversation_table_data)(conv_hash_t *, const address *, const address *, uint32_t, uint32_t, int, int,
                                        nstime_t *, nstime_t *, ct_dissector_info_t *, epan_conversation_type);
    void (*add_endpoint_table_data)(conv_hash_t *, const address *, uint32_t, epan_bool_arg, int, int,
                                    epan_endpoint_info *, endpoint_type);
};

/* The structures must live as long as the process. */
void eph_tables_bind(const struct eph_tables_calls *calls, const struct eph_layout *layout);

/* Callbacks of the tables, for each record of the tap "ephemeral". */
tap_packet_status eph_tables_conversation(void *table, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                          unsigned flags);
tap_packet_status eph_tables_endpoint(void *table, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                      unsigned flags);

#endif /* EPHEMERAL_TABLES_H */
