/* tables.c
 * The tab "Ephemeral Ports" of Statistics -> Conversations and of Endpoints: which client uses which service.
 *
 * A conversation is a client's address and a service, for all ports of the client. An endpoint is a client's address or
 * a service. The host keeps the rows, and copies the arguments.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "tables.h"
#include "../../include/ephemeral-tap.h"

#include <string.h>

static const struct eph_tables_calls *calls;
static const struct eph_layout *layout;

void eph_tables_bind(const struct eph_tables_calls *c, const struct eph_layout *l)
{
    calls = c;
    layout = l;
}

/* Returns the field with the text of a row, for display filters. */
static const char *filter_field(conv_filter_type_e type)
{
    switch (type) {
        case CONV_FT_SRC_ADDRESS:
            return "ephemeral.source_endpoint";
        case CONV_FT_DST_ADDRESS:
            return "ephemeral.destination_endpoint";
        case CONV_FT_ANY_ADDRESS:
            return "ephemeral.endpoint";
        default:
            return "INVALID"; /* CONV_FILTER_INVALID: the rows have no ports */
    }
}

static const char *conversation_field(struct _conversation_item_t *row, conv_filter_type_e type)
{
    (void)row;
    return filter_field(type);
}

static const char *endpoint_field(epan_endpoint_item *row, conv_filter_type_e type)
{
    (void)row;
    return filter_field(type);
}

/* A release may have more members than our header declares: they are null. */
static union {
    ct_dissector_info_t head;
    void *room[16];
} conversation_info = {{conversation_field}};
static union {
    epan_endpoint_info head;
    void *room[16];
} endpoint_info = {{endpoint_field}};

/* The host does not show these ports. tshark 3.4 puts the end with the greater port first, so that is the client. */
enum { CLIENT_PORT = 1, SERVICE_PORT = 0 };

/* Returns an address of the type for which the host puts quotes around its text in a filter. */
static address text_address(const char *text)
{
    return (address){.type = AT_STRINGZ, .len = (int)strlen(text) + 1, .data = text};
}

/* Stores the flags in the table, as the host expects of a dissector for "Limit to display filter". 3.4 does not have
 * that: it neither passes flags nor has a member for them. The same may be true for 3.6. */
static void store_flags(conv_hash_t *table, unsigned flags)
{
    if (layout->table_flags != 0)
        memcpy((char *)table + layout->table_flags, &flags, sizeof flags);
}

/* Returns a pointer to a time of the packet in packet_info. */
static nstime_t *time_at(packet_info *pinfo, size_t offset)
{
    return (nstime_t *)((char *)pinfo + offset);
}

/* Adds `packets` (1 or 0) to the row of a client and a service. 0 only creates the row. */
static void add_row(conv_hash_t *table, packet_info *pinfo, const struct ephemeral_tap_record *record, int from_client,
                    int packets)
{
    address client = text_address(record->client), service = text_address(record->endpoint);
    calls->add_conversation_table_data(table, from_client ? &client : &service, from_client ? &service : &client,
                                       from_client ? CLIENT_PORT : SERVICE_PORT,
                                       from_client ? SERVICE_PORT : CLIENT_PORT, packets,
                                       packets * (int)record->length, time_at(pinfo, PINFO_REL_TS),
                                       time_at(pinfo, PINFO_ABS_TS), &conversation_info.head, CONVERSATION_NONE);
}

tap_packet_status eph_tables_conversation(void *table, packet_info *pinfo, epan_dissect_t *edt, const void *data,
                                          unsigned flags)
{
    (void)edt;
    const struct ephemeral_tap_record *record = data;
    store_flags(table, flags);
    /* The source of the packet that creates a row stays its first end, and that should be the client. */
    if (!record->from_client)
        add_row(table, pinfo, record, 1, 0);
    add_row(table, pinfo, record, record->from_client, 1);
    return TAP_PACKET_REDRAW;
}

tap_packet_status eph_tables_endpoint(void *table, packet_info *pinfo, epan_dissect_t *edt, const void *data,
                                      unsigned flags)
{
    (void)pinfo, (void)edt;
    const struct ephemeral_tap_record *record = data;
    address client = text_address(record->client), service = text_address(record->endpoint);
    int length = (int)record->length;
    store_flags(table, flags);
    calls->add_endpoint_table_data(table, &client, CLIENT_PORT, record->from_client, 1, length, &endpoint_info.head,
                                   ENDPOINT_NONE);
    calls->add_endpoint_table_data(table, &service, SERVICE_PORT, !record->from_client, 1, length, &endpoint_info.head,
                                   ENDPOINT_NONE);
    return TAP_PACKET_REDRAW;
}
