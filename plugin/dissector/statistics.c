/* statistics.c
 * The tap "ephemeral", and the statistics trees that are made from it.
 *
 * The host finds a node by a hash of its name, but walks along all siblings to add one. So a list has a bounded number
 * of rows, and one row for all others. src/host/registration/statistics_state.rs decides which members get a row.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "internal.h"
#include "statistics.h"
#include "../../include/ephemeral-tap.h"

#include <stdio.h>
#include <string.h>

static const struct eph_statistics_calls *calls;
static int tap;

/* The records of one packet. The host passes them to the listeners before it dissects the next packet. */
static struct ephemeral_tap_record records[EPH_MAX_HEADERS];

/* The trees' roots. */
static const char *const MISNAMED = "Misnamed ports, by name";
static const char *const SERVICES = "Services, by server";
static const char *const CLIENTS = "Services, by number of clients";
static const char *const EVIDENCE = "How client and server are known";
static const char *const FORGOTTEN = "Conversations forgotten for lack of room"; /* only if there are any */
static const char *const BYTES = "Services, by bytes";
static const char *const NO_HANDSHAKE = "Clients without a handshake, by conversations";
static const char *const WEAK = "Conversations with a weak verdict, by packets";

/* In a list, the row for members without a row, and below it their number. */
static const char *const OTHERS = "(others)";
static const char *const LEFT_OUT = "number of others";
/* Only if there are any: the part of the others' count that belongs to members beyond that number. */
static const char *const NOT_TOLD_APART = "of more others, not told apart for lack of room";

/* Roots that exist only if there are any. */
static const char *const CLIENT_UNCOUNTED = "Packets of clients that may not be counted, for lack of room";
static const char *const CONVERSATION_UNCOUNTED = "Packets of conversations that may not be counted, for lack of room";

/* The parent node of a tree's roots. */
enum { TOP = 0 };

/* The IP protocol number of each transport. */
static const uint8_t PROTOCOL_NUMBERS[EPH_TRANSPORT_COUNT] = {
    [EPH_TCP] = 6, [EPH_DCCP] = 33, [EPH_SCTP] = 132, [EPH_UDP] = 17, [EPH_UDP_LITE] = 136,
};

void eph_statistics_bind(const struct eph_statistics_calls *c, int id)
{
    calls = c;
    tap = id;
}

void eph_statistics_tap(packet_info *pinfo, const struct eph_annotation *annotation)
{
    for (uint32_t i = 0; i < annotation->headers; i++) {
        const struct eph_header *header = &annotation->header[i];
        records[i] = (struct ephemeral_tap_record){
            .size = sizeof records[i],
            .evidence_frame = header->value[EPH_EVIDENCE_FRAME],
            .client = eph_field_text(header, EPH_CLIENT),
            .server = eph_field_text(header, EPH_SERVER),
            .client_port = (uint16_t)header->value[EPH_CLIENT_PORT],
            .server_port = (uint16_t)header->value[EPH_SERVER_PORT],
            .from_client = (uint8_t)header->value[EPH_FROM_CLIENT],
            .confidence = (uint8_t)header->value[EPH_CONFIDENCE],
            .protocol = PROTOCOL_NUMBERS[header->transport],
            .confidence_name = header->confidence_name,
            .evidence = eph_field_text(header, EPH_EVIDENCE),
            .evidence_kind = eph_text_of(header, header->evidence_kind),
            .service = eph_field_text(header, EPH_SERVICE),
            .misnamed = eph_field_text(header, EPH_MISNAMED_NAME),
            .endpoint = eph_field_text(header, EPH_ENDPOINT),
            .length = eph_length_on_wire(pinfo),
            .both_agreed = header->both_agreed,
            .attempt = header->attempt,
        };
        calls->tap_queue_packet(tap, pinfo, &records[i]);
    }
}

void eph_statistics_cleanup(stats_tree *tree)
{
    calls->forget(tree);
}

static int increase(stats_tree *tree, int parent, const char *name, int with_children, int by)
{
    return calls->stats_tree_manip_node_int(MN_INCREASE, tree, name, parent, with_children, by);
}

static void set_flag(stats_tree *tree, int parent, const char *name, int flag)
{
    calls->stats_tree_manip_node_int(MN_SET_FLAGS, tree, name, parent, 1, flag);
}

static void add_root(stats_tree *tree, const char *name)
{
    calls->stats_tree_create_node(tree, name, TOP, STAT_DT_INT, 1);
}

/* Writes an increase below a list's node: to the member's row, or to the row for the others. Returns the node of the
 * member's row, or -1 if it has no row. */
static int write_member(stats_tree *tree, int list, const char *member, int with_children,
                        const struct eph_increase *by)
{
    if (by->others != 0 || by->left_out != 0) {
        int others = increase(tree, list, OTHERS, 1, by->others);
        if (by->left_out != 0) {
            increase(tree, others, LEFT_OUT, 0, by->left_out);
            set_flag(tree, list, OTHERS, ST_FLG_SORT_TOP);
        }
        if (by->not_told_apart != 0)
            increase(tree, others, NOT_TOLD_APART, 0, by->not_told_apart);
    }
    return by->has_row ? increase(tree, list, member, with_children, by->row) : -1;
}

/* Counts `value` for a member of a list whose node is a root. */
static void count(stats_tree *tree, enum eph_list list, const char *root, const char *member, uint32_t value)
{
    struct eph_increase by;
    if (calls->count(tree, list, "", member, value, &by))
        write_member(tree, increase(tree, TOP, root, 1, by.all), member, 0, &by);
}

static void count_misnamed(stats_tree *tree, const struct ephemeral_tap_record *record)
{
    /* Room for a name of at most 253 characters of at most four bytes, and a port. */
    char member[1040];
    snprintf(member, sizeof member, "%s (%u)", record->misnamed, record->client_port);
    count(tree, EPH_LIST_MISNAMED, MISNAMED, member, 1);
}

static void count_server(stats_tree *tree, const struct ephemeral_tap_record *record)
{
    const char *service = record->service ? record->service : "(not known)";
    char server[64];
    const char *form = strchr(record->server, ':') != NULL ? "[%s]:%u" : "%s:%u";
    snprintf(server, sizeof server, form, record->server, record->server_port);
    struct eph_increase by;
    if (!calls->count(tree, EPH_LIST_SERVICES, "", service, 1, &by))
        return;
    int group = write_member(tree, increase(tree, TOP, SERVICES, 1, by.all), service, 1, &by);
    if (group >= 0 && calls->count(tree, EPH_LIST_SERVERS, service, server, 1, &by))
        write_member(tree, group, server, 0, &by);
}

/* Counts 1 for a member of a list whose node is a root, if the pair occurs for the first time. If there is no room to
 * know that, counts the packet in the root `uncounted`. */
static void count_once(stats_tree *tree, enum eph_once what, const char *one, const char *other, enum eph_list list,
                       const char *root, const char *member, const char *uncounted)
{
    int is_first = calls->record_pair(tree, what, one, other);
    if (is_first > 0)
        count(tree, list, root, member, 1);
    else if (is_first < 0)
        increase(tree, TOP, uncounted, 1, 1);
}

/* There are few kinds of evidence, so this list needs no limit. */
static void count_evidence(stats_tree *tree, const struct ephemeral_tap_record *record)
{
    int root = increase(tree, TOP, EVIDENCE, 1, 1);
    int confidence = increase(tree, root, record->confidence_name, 1, 1);
    increase(tree, confidence, record->evidence_kind, 0, 1);
}

/* Sets the number of conversations that were forgotten in the whole file. A filter of the statistic does not affect
 * it. */
static void show_forgotten(stats_tree *tree)
{
    int forgotten = calls->forgotten();
    if (forgotten > 0)
        calls->stats_tree_manip_node_int(MN_SET, tree, FORGOTTEN, TOP, 1, forgotten);
}

void eph_statistics_overview_init(stats_tree *tree)
{
    calls->forget(tree);
    add_root(tree, MISNAMED);
    add_root(tree, SERVICES);
    add_root(tree, CLIENTS);
    add_root(tree, EVIDENCE);
    set_flag(tree, TOP, MISNAMED, ST_FLG_SORT_TOP);
}

tap_packet_status eph_statistics_overview_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                                 const void *data, unsigned flags)
{
    (void)pinfo, (void)edt, (void)flags;
    const struct ephemeral_tap_record *record = data;
    if (record->misnamed != NULL)
        count_misnamed(tree, record);
    count_server(tree, record);
    count_once(tree, EPH_ONCE_CLIENT, record->endpoint, record->client, EPH_LIST_CLIENTS, CLIENTS, record->endpoint,
               CLIENT_UNCOUNTED);
    count_evidence(tree, record);
    show_forgotten(tree);
    return TAP_PACKET_REDRAW;
}

void eph_statistics_bytes_init(stats_tree *tree)
{
    calls->forget(tree);
    add_root(tree, BYTES);
}

tap_packet_status eph_statistics_bytes_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                              const void *data, unsigned flags)
{
    (void)pinfo, (void)edt, (void)flags;
    const struct ephemeral_tap_record *record = data;
    count(tree, EPH_LIST_BYTES, BYTES, record->endpoint, record->length);
    return TAP_PACKET_REDRAW;
}

void eph_statistics_doubts_init(stats_tree *tree)
{
    calls->forget(tree);
    add_root(tree, NO_HANDSHAKE);
    add_root(tree, WEAK);
}

enum { TCP = 6, WEAKEST = 1, HANDSHAKE = 3 };

tap_packet_status eph_statistics_doubts_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                               const void *data, unsigned flags)
{
    (void)pinfo, (void)edt, (void)flags;
    const struct ephemeral_tap_record *record = data;
    if (record->confidence >= HANDSHAKE)
        return TAP_PACKET_DONT_REDRAW;
    /* Room for two addresses, two ports, and a name of at most 253 characters of at most four bytes. */
    char conversation[1280];
    const char *form = strchr(record->client, ':') != NULL ? "[%s]:%u \xe2\x86\x92 %s" : "%s:%u \xe2\x86\x92 %s";
    snprintf(conversation, sizeof conversation, form, record->client, record->client_port, record->endpoint);
    if (record->protocol == TCP)
        count_once(tree, EPH_ONCE_CONVERSATION, conversation, "", EPH_LIST_NO_HANDSHAKE, NO_HANDSHAKE, record->client,
                   CONVERSATION_UNCOUNTED);
    if (record->confidence == WEAKEST)
        count(tree, EPH_LIST_WEAK, WEAK, conversation, 1);
    return TAP_PACKET_REDRAW;
}
