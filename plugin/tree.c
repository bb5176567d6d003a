/* tree.c
 * Writes an annotation to the protocol tree and to Expert Information.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "boundary.h"

#include <string.h>

enum { LABEL_MAX = 240 /* ITEM_LABEL_LENGTH of epan/proto.h */ };

/* The head of field_info, the same in all releases. `rep` starts with the label's text. */
struct field {
    const header_field_info *hfinfo;
    int start, length, appendix_start, appendix_length, tree_type;
    uint32_t flags;
    const char *rep;
};

struct tree_search {
    const struct eph_calls *calls;
    const struct eph_layout *layout;
    int id;             /* the field to find */
    unsigned skip;      /* how many to pass over before the one that counts */
    int deep;           /* look below the children as well */
    proto_node *found;
};

/* Items that nobody looks at have no field_info. */
static struct field *field_of(const struct eph_layout *layout, const proto_node *node)
{
    struct field *field;
    memcpy(&field, (const char *)node + layout->node_finfo, sizeof field);
    return field;
}

static void visit(proto_node *node, void *data)
{
    struct tree_search *search = data;
    if (search->found != NULL)
        return;
    const struct field *field = field_of(search->layout, node);
    if (field != NULL && field->hfinfo != NULL && field->hfinfo->id == search->id) {
        if (search->skip == 0) {
            search->found = node;
            return;
        }
        search->skip--;
    }
    if (search->deep)
        search->calls->proto_tree_children_foreach(node, visit, search);
}

static proto_node *find(const struct eph_calls *calls, const struct eph_layout *layout, proto_tree *tree, int id,
                        unsigned skip, int deep)
{
    struct tree_search search = {calls, layout, id, skip, deep, NULL};
    calls->proto_tree_children_foreach(tree, visit, &search);
    return search.found;
}

/* The TCP header's own line. Tunnels put theirs side by side on the top level; ICMP and some link
 * layers nest them, so only if the top level has too few of them is the whole tree searched. */
static proto_node *find_tcp(const struct eph_calls *calls, const struct eph_layout *layout, const struct eph_ids *ids,
                            proto_tree *tree, unsigned position)
{
    proto_node *top = find(calls, layout, tree, ids->tcp_protocol, position, 0);
    return top != NULL ? top : find(calls, layout, tree, ids->tcp_protocol, position, 1);
}

/* Takes the wrong name out of the line's text, if somebody has written one. */
static void correct_line(const struct eph_calls *calls, const struct eph_layout *layout, proto_node *node,
                         const char *wrong, const char *right)
{
    const struct field *field = field_of(layout, node);
    if (field == NULL || field->rep == NULL)
        return;
    const char *text = field->rep;
    const char *found = strstr(text, wrong);
    if (found == NULL)
        return;
    char line[LABEL_MAX];
    size_t before = (size_t)(found - text);
    size_t inserted = strlen(right);
    const char *tail = found + strlen(wrong);
    size_t after = strlen(tail);
    if (before + inserted + after >= sizeof line)
        return;
    memcpy(line, text, before);
    memcpy(line + before, right, inserted);
    memcpy(line + before + inserted, tail, after + 1);
    calls->proto_item_set_text(node, "%s", line);
}

/* A port's line has no text of its own until it is shown: give it the one without the name. */
static void correct_port(const struct eph_calls *calls, const struct eph_layout *layout, proto_node *node,
                         const struct eph_header *header)
{
    const struct field *field = node ? field_of(layout, node) : NULL;
    if (field == NULL || field->hfinfo == NULL)
        return;
    if (field->rep != NULL)
        correct_line(calls, layout, node, header->tree_wrong, header->tree_right);
    else
        calls->proto_item_set_text(node, "%s: %u", field->hfinfo->name, header->client_port);
}

static void generated(const struct eph_layout *layout, proto_item *item)
{
    struct field *field = item ? field_of(layout, item) : NULL;
    if (field != NULL)
        field->flags |= FI_GENERATED;
}

static void add_fields(const struct eph_calls *calls, const struct eph_layout *layout, const struct eph_ids *ids,
                       tvbuff_t *tvb, proto_tree *tree, const struct eph_header *header)
{
    const int *field = ids->fields;
#define STRING(id, value)                                                                                              \
    if ((value) != NULL)                                                                                               \
    generated(layout, calls->proto_tree_add_string(tree, field[id], tvb, 0, 0, value))
#define UINT(id, value) generated(layout, calls->proto_tree_add_uint(tree, field[id], tvb, 0, 0, value))
#define BOOLEAN(id, value) generated(layout, calls->proto_tree_add_boolean(tree, field[id], tvb, 0, 0, value))
    STRING(EPH_CLIENT, header->client);
    UINT(EPH_CLIENT_PORT, header->client_port);
    STRING(EPH_SERVER, header->server);
    UINT(EPH_SERVER_PORT, header->server_port);
    BOOLEAN(EPH_FROM_CLIENT, header->from_client);
    STRING(EPH_SERVICE, header->service);
    STRING(EPH_LABEL, header->label);
    UINT(EPH_CONFIDENCE, header->confidence);
    STRING(EPH_EVIDENCE, header->evidence);
    if (header->evidence_frame != 0)
        UINT(EPH_EVIDENCE_FRAME, header->evidence_frame);
    if (header->misnamed) {
        BOOLEAN(EPH_MISNAMED, 1);
        UINT(EPH_MISNAMED_PORT, header->client_port);
        STRING(EPH_MISNAMED_NAME, header->misnamed_name);
    }
#undef STRING
#undef UINT
#undef BOOLEAN
}

void eph_write_header(const struct eph_calls *calls, const struct eph_layout *layout, struct eph_ids *ids,
                      tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct eph_header *header)
{
    proto_item *item = NULL;
    proto_node *tcp = NULL;
    proto_node *port = NULL;
    if (tree != NULL) {
        if (calls->proto_field_is_referenced(tree, ids->protocol)) {
            item = header->label
                       ? calls->proto_tree_add_protocol_format(tree, ids->protocol, tvb, 0, 0, "Ephemeral Ports, %s",
                                                               header->label)
                       : calls->proto_tree_add_protocol_format(tree, ids->protocol, tvb, 0, 0, "Ephemeral Ports");
            generated(layout, item);
            add_fields(calls, layout, ids, tvb, calls->proto_item_add_subtree(item, ids->subtree), header);
        }
        if (header->note || header->tree_wrong != NULL)
            tcp = find_tcp(calls, layout, ids, tree, header->position);
    }
    if (tcp != NULL) {
        port = find(calls, layout, tcp, header->from_client ? ids->tcp_srcport : ids->tcp_dstport, 0, 0);
        if (header->tree_wrong != NULL) {
            correct_line(calls, layout, tcp, header->tree_wrong, header->tree_right);
            correct_port(calls, layout, port, header);
            /* tcp.port is there twice, hidden: first the source port, then the destination port. */
            correct_port(calls, layout, find(calls, layout, tcp, ids->tcp_port, header->from_client ? 0 : 1, 0), header);
        }
    }
    if (header->note) {
        /* Where nobody looks at TCP's lines they may not be there: the note still must be. */
        proto_item *at = port ? port : tcp ? tcp : item ? item : tree;
        calls->expert_add_info_format(pinfo, at, &ids->port_misnamed, "%s", header->note_text);
    }
}
