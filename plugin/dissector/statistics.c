/* statistics.c
 * The tap "ephemeral", and the statistics tree that is made from it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "parts.h"
#include "statistics.h"
#include "../../include/ephemeral-tap.h"

#include <stdio.h>
#include <string.h>

static const struct eph_statistics_calls *calls;
static int tap;

/* One packet's records: the host hands them on before it dissects the next packet. */
static struct ephemeral_tap_record records[EPH_MAX_HEADERS];

/* The tree's roots. */
static const char *const MISNAMED = "Misnamed ports, by name";
static const char *const SERVICES = "Services, by server";
static const char *const CLIENTS = "Services, by number of clients";
static const char *const BYTES = "Services, by bytes";
static const char *const NO_HANDSHAKE = "Clients without a handshake, by conversations";
static const char *const WEAK = "Conversations with a weak verdict, by packets";
static const char *const EVIDENCE = "How client and server are known";

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
            .evidence_frame = header->evidence_frame,
            .client = header->client,
            .server = header->server,
            .client_port = header->client_port,
            .server_port = header->server_port,
            .from_client = header->from_client,
            .confidence = header->confidence,
            .protocol = header->transport == EPH_UDP ? 17 : 6,
            .confidence_name = header->confidence_name,
            .evidence = header->evidence,
            .evidence_kind = header->evidence_kind,
            .service = header->service,
            .misnamed = header->misnamed_name,
            .endpoint = header->endpoint,
            .length = eph_length_on_wire(pinfo),
        };
        calls->tap_queue_packet(tap, pinfo, &records[i]);
    }
}

void eph_statistics_cleanup(stats_tree *tree)
{
    calls->forget(tree);
}

void eph_statistics_init(stats_tree *tree)
{
    calls->forget(tree);
    calls->stats_tree_create_node(tree, MISNAMED, 0, STAT_DT_INT, 1);
    calls->stats_tree_create_node(tree, SERVICES, 0, STAT_DT_INT, 1);
    calls->stats_tree_create_node(tree, CLIENTS, 0, STAT_DT_INT, 1);
    calls->stats_tree_create_node(tree, BYTES, 0, STAT_DT_INT, 1);
    calls->stats_tree_create_node(tree, NO_HANDSHAKE, 0, STAT_DT_INT, 1);
    calls->stats_tree_create_node(tree, WEAK, 0, STAT_DT_INT, 1);
    calls->stats_tree_create_node(tree, EVIDENCE, 0, STAT_DT_INT, 1);
}

/* Counts one packet for a root, for a group below it, and for a member of that group. The host
 * makes what is not there yet, and copies the names. */
static void count(stats_tree *tree, const char *root, const char *group, const char *member)
{
    int id = calls->stats_tree_manip_node_int(MN_INCREASE, tree, root, 0, 1, 1);
    id = calls->stats_tree_manip_node_int(MN_INCREASE, tree, group, id, 1, 1);
    calls->stats_tree_manip_node_int(MN_INCREASE, tree, member, id, 0, 1);
}

/* Counts for a root and for a member of it. */
static void add(stats_tree *tree, const char *root, int to_root, const char *member, int to_member)
{
    int id = calls->stats_tree_manip_node_int(MN_INCREASE, tree, root, 0, 1, to_root);
    calls->stats_tree_manip_node_int(MN_INCREASE, tree, member, id, 0, to_member);
}

enum { TCP = 6, WEAKEST = 1, HANDSHAKE = 3 };

static void count_services(stats_tree *tree, const struct ephemeral_tap_record *record)
{
    if (calls->is_first(tree, EPH_ONCE_CLIENT, record->endpoint, record->client))
        add(tree, CLIENTS, 1, record->endpoint, 1);
    add(tree, BYTES, calls->room(tree, BYTES, record->length), record->endpoint,
        calls->room(tree, record->endpoint, record->length));
}

static void count_doubts(stats_tree *tree, const struct ephemeral_tap_record *record)
{
    /* Two addresses, two ports, and a name of at most 253 characters of at most four bytes. */
    char conversation[1280];
    const char *form = strchr(record->client, ':') != NULL ? "[%s]:%u \xe2\x86\x92 %s" : "%s:%u \xe2\x86\x92 %s";
    snprintf(conversation, sizeof conversation, form, record->client, record->client_port, record->endpoint);
    if (record->protocol == TCP && record->confidence < HANDSHAKE &&
        calls->is_first(tree, EPH_ONCE_CONVERSATION, conversation, ""))
        add(tree, NO_HANDSHAKE, 1, record->client, 1);
    if (record->confidence == WEAKEST)
        add(tree, WEAK, 1, conversation, 1);
}

tap_packet_status eph_statistics_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt, const void *data,
                                        unsigned flags)
{
    (void)pinfo, (void)edt, (void)flags;
    const struct ephemeral_tap_record *record = data;
    char member[64];
    if (record->misnamed != NULL) {
        snprintf(member, sizeof member, "%u", record->client_port);
        count(tree, MISNAMED, record->misnamed, member);
    }
    const char *form = strchr(record->server, ':') != NULL ? "[%s]:%u" : "%s:%u";
    snprintf(member, sizeof member, form, record->server, record->server_port);
    count(tree, SERVICES, record->service ? record->service : "(not known)", member);
    count_services(tree, record);
    count_doubts(tree, record);
    count(tree, EVIDENCE, record->confidence_name, record->evidence_kind);
    return TAP_PACKET_REDRAW;
}
