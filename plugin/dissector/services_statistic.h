/* services_statistic.h
 * What services_statistic.c needs and offers: the statistic of services, and the file of services.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_SERVICES_STATISTIC_H
#define EPHEMERAL_SERVICES_STATISTIC_H

#include "boundary.h"
#include "../../include/ephemeral-tap.h"

/* A service as the table shows it. The texts stay until they are replaced, or the services are forgotten. */
struct eph_service {
    uint32_t row;
    uint32_t rows_made; /* so many rows the host has made, whether it shows them or not */
    const char *address;
    const char *transport;
    const char *name;
    const char *known; /* how it is known: "handshake: SYN" */
    uint32_t port;
    uint32_t clients;
    uint32_t first_frame;
    uint32_t last_frame;
};

struct eph_services_statistic_calls {
    stat_tap_table *(*stat_tap_init_table)(const char *, int, int, const char *);
    void (*stat_tap_add_table)(stat_tap_table_ui *, stat_tap_table *);
    void (*stat_tap_init_table_row)(stat_tap_table *, unsigned, unsigned, const stat_tap_table_item_type *);
    GString *(*register_tap_listener)(const char *, void *, const char *, unsigned, tap_reset_cb, tap_packet_cb,
                                      tap_draw_cb, tap_finish_cb);
    /* The services found are kept by the address of the table, or of the file. Implemented in Rust: none unwinds or jumps. */
    /* Takes a packet into account, and says what is known about its service; returns 0 if it has no service to show. */
    int (*record_packet)(const void *of, const struct ephemeral_tap_record *, uint32_t frame, struct eph_service *);
    /* Forgets all services, but not how many rows the host has made. */
    void (*forget)(const void *of);
    /* Forgets that too, and returns how many there were. */
    uint32_t (*forget_all)(const void *of);
    /* Takes the argument of `-z`, with the name of a file. If the file cannot be written, says why and returns null. */
    void *(*open_file)(const char *argument);
    /* Writes the services found. */
    void (*write_file)(const void *file);
};

enum eph_services_statistic_column {
    EPH_COLUMN_ADDRESS,
    EPH_COLUMN_TRANSPORT,
    EPH_COLUMN_PORT,
    EPH_COLUMN_NAME,
    EPH_COLUMN_KNOWN,
    EPH_COLUMN_CLIENTS,
    EPH_COLUMN_FIRST_FRAME,
    EPH_COLUMN_LAST_FRAME,
    EPH_COLUMN_COUNT
};

/* The structure must live as long as the process. */
void eph_services_statistic_bind(const struct eph_services_statistic_calls *calls);

/* Callbacks of the statistic. */
void eph_services_statistic_init(stat_tap_table_ui *ui);
tap_packet_status eph_services_statistic_packet(void *data, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                                unsigned flags);
void eph_services_statistic_reset(stat_tap_table *table);
void eph_services_statistic_free(stat_tap_table *table, unsigned row, unsigned column, stat_tap_table_item_type *item);

/* Callback of `-z ephemeral,services,NAME`: has the file written at the end. */
int eph_services_statistic_start_file(const char *argument, void *user_data);

#endif /* EPHEMERAL_SERVICES_STATISTIC_H */
