/* services_statistic.c
 * The statistic of services, `-z ephemeral,services`, and the file of services, `-z ephemeral,services,NAME`.
 * src/host/registration/services_statistic_state.rs decides what counts as a service.
 *
 * The window's dialogs keep pointers to the table's rows, also after a reset. So a row, once made, stays until the host
 * frees the table. An unused row is empty, and `num_elements` does not count it.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "services_statistic.h"
#include "packet_info.h"

#include <string.h>

static const struct eph_services_statistic_calls *calls;

void eph_services_statistic_bind(const struct eph_services_statistic_calls *c)
{
    calls = c;
}

/* Returns the statistic's only table; null if it has none yet. */
static stat_tap_table *table_of(const stat_tap_table_ui *ui)
{
    return ui->tables != NULL && ui->tables->len > 0 ? ((stat_tap_table **)(void *)ui->tables->data)[0] : NULL;
}

void eph_services_statistic_init(stat_tap_table_ui *ui)
{
    stat_tap_table *table = table_of(ui);
    if (table != NULL) {
        eph_services_statistic_reset(table);
        return;
    }
    table = calls->stat_tap_init_table("Services", EPH_COLUMN_COUNT, 0, NULL);
    calls->forget_all(table); /* an earlier table may have had this address */
    calls->stat_tap_add_table(ui, table);
}

static stat_tap_table_item_type text(const char *value)
{
    return (stat_tap_table_item_type){.type = TABLE_ITEM_STRING, .value.string_value = value};
}

static stat_tap_table_item_type number(uint32_t value)
{
    return (stat_tap_table_item_type){.type = TABLE_ITEM_UINT, .value.uint_value = value};
}

tap_packet_status eph_services_statistic_packet(void *data, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                                unsigned flags)
{
    (void)edt, (void)flags;
    stat_tap_table *table = table_of(((const stat_data_t *)data)->stat_tap_data);
    struct eph_service service;
    if (table == NULL || !calls->record_packet(table, record, eph_frame(pinfo), &service))
        return TAP_PACKET_DONT_REDRAW;
    const stat_tap_table_item_type items[EPH_COLUMN_COUNT] = {
        [EPH_COLUMN_ADDRESS] = text(service.address),
        [EPH_COLUMN_TRANSPORT] = text(service.transport),
        [EPH_COLUMN_PORT] = number(service.port),
        [EPH_COLUMN_NAME] = text(service.name),
        [EPH_COLUMN_KNOWN] = text(service.known),
        [EPH_COLUMN_CLIENTS] = number(service.clients),
        [EPH_COLUMN_FIRST_FRAME] = number(service.first_frame),
        [EPH_COLUMN_LAST_FRAME] = number(service.last_frame),
    };
    if (service.row >= service.rows_made)
        calls->stat_tap_init_table_row(table, service.row, EPH_COLUMN_COUNT, items);
    else
        memcpy(table->elements[service.row], items, sizeof items);
    if (service.row >= table->num_elements)
        table->num_elements = service.row + 1;
    return TAP_PACKET_REDRAW;
}

void eph_services_statistic_reset(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++)
        memset(table->elements[row], 0, EPH_COLUMN_COUNT * sizeof *table->elements[row]);
    table->num_elements = 0;
    calls->forget(table);
}

void eph_services_statistic_free(stat_tap_table *table, unsigned row, unsigned column, stat_tap_table_item_type *item)
{
    (void)item;
    /* The host frees `num_elements` rows, so this must be the number of all rows that it made. */
    if (row == 0 && column == 0)
        table->num_elements = calls->forget_all(table);
}

static tap_packet_status record_packet_for_file(void *file, packet_info *pinfo, epan_dissect_t *edt, const void *record,
                                                unsigned flags)
{
    (void)edt, (void)flags;
    struct eph_service service;
    calls->record_packet(file, record, eph_frame(pinfo), &service);
    return TAP_PACKET_REDRAW;
}

static void forget_for_file(void *file)
{
    calls->forget(file);
}

static void write_file(void *file)
{
    calls->write_file(file);
}

int eph_services_statistic_start_file(const char *argument, void *user_data)
{
    (void)user_data;
    void *file = calls->open_file(argument);
    if (file == NULL)
        return 0;
    /* Fails only if the filter is invalid or the tap is not registered. There is no filter, and ours is registered. */
    return calls->register_tap_listener("ephemeral", file, NULL, 0, forget_for_file, record_packet_for_file, write_file,
                                        NULL) == NULL;
}
