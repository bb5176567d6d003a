/* tree.c
 * Writes an annotation to the protocol tree and to Expert Information.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "parts.h"

#include <stdio.h>
#include <string.h>

enum {
    LABEL_MAX = 240,         /* ITEM_LABEL_LENGTH of epan/proto.h */
    NO_SUBTREE = -1,         /* field_info.tree_type of a new item */
    SUBTREES_MOST = 1 << 20  /* kinds of subtrees that a host may have; 4.6 has some 20,000 */
};

/* The head of field_info, the same in all releases. `rep` starts with the label's text. */
struct field {
    const header_field_info *hfinfo;
    int start, length, appendix_start, appendix_length, tree_type;
    uint32_t flags;
    const char *rep;
    tvbuff_t *ds_tvb;
    fvalue_t *value; /* before 4.2, the value itself */
};

/* Where a proto_node points to its field_info, in bytes; 0: not known yet. */
static size_t finfo_at;
/* How often it was looked for in vain. */
static unsigned failures;

enum {
    NODE_LEAST = 4 * sizeof(void *), /* the node's place in the tree comes first in all releases */
    NODE_MOST = 12 * sizeof(void *),
    MAX_FAILURES = 16
};

/* A label, or none yet. */
static int is_text(const struct eph_calls *calls, const char *at)
{
    char first;
    return at == NULL || calls->read_memory(at, &first, sizeof first);
}

/* Learns it from a node: of its pointers, it is the one that leads to what the host keeps about `known`, the protocol
 * or field that it is of. No pointer is believed before. What stands around the flags, which are written to, has to be
 * right as well. */
static int find_finfo(const struct eph_calls *calls, const packet_info *pinfo, const header_field_info *known,
                      const proto_node *node)
{
    for (size_t at = NODE_LEAST; at < NODE_MOST; at += sizeof(void *)) {
        const void *member;
        struct field field;
        if (calls->read_memory((const char *)node + at, &member, sizeof member) &&
            (uintptr_t)member % sizeof(void *) == 0 && calls->read_memory(member, &field, sizeof field) &&
            field.hfinfo == known && field.tree_type >= NO_SUBTREE && field.tree_type < SUBTREES_MOST &&
            is_text(calls, field.rep) && eph_is_source(pinfo, field.ds_tvb) && !EPH_IS_LOST("finfo")) {
            finfo_at = at;
            return 1;
        }
    }
    return 0;
}

struct lesson {
    const struct eph_calls *calls;
    const packet_info *pinfo;
    const header_field_info *known;
};

/* Learns it from a node or one below it, wherever that is. */
static void learn(proto_node *node, void *data)
{
    struct lesson *lesson = data;
    if (finfo_at == 0 && !find_finfo(lesson->calls, lesson->pinfo, lesson->known, node))
        lesson->calls->proto_tree_children_foreach(node, learn, lesson);
}

/* Learns where a node has its field_info from the line of a protocol or field that the tree may have. */
static void learn_from(const struct eph_calls *calls, const packet_info *pinfo, proto_tree *tree, int id)
{
    struct lesson lesson = {calls, pinfo, calls->proto_registrar_get_nth((unsigned)id)};
    calls->proto_tree_children_foreach(tree, learn, &lesson);
}

struct tree_search {
    const struct eph_calls *calls;
    int id;             /* the field to find */
    unsigned skip;      /* how many to pass over before the one that counts */
    int deep;           /* look below the children as well */
    proto_node *found;
};

/* Items that nobody looks at have no field_info. */
static struct field *field_of(const proto_node *node)
{
    if (finfo_at == 0)
        return NULL;
    struct field *field;
    memcpy(&field, (const char *)node + finfo_at, sizeof field);
    return field;
}

static void visit(proto_node *node, void *data)
{
    struct tree_search *search = data;
    if (search->found != NULL)
        return;
    const struct field *field = field_of(node);
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

static proto_node *find(const struct eph_calls *calls, proto_tree *tree, int id,
                        unsigned skip, int deep)
{
    struct tree_search search = {calls, id, skip, deep, NULL};
    calls->proto_tree_children_foreach(tree, visit, &search);
    return search.found;
}

/* A transport header's own line. Tunnels put theirs side by side on the top level; ICMP and some
 * link layers nest them, so only if the top level has too few of them is the whole tree searched. */
static proto_node *find_header(const struct eph_calls *calls, proto_tree *tree, int id,
                               unsigned position)
{
    proto_node *top = find(calls, tree, id, position, 0);
    return top != NULL ? top : find(calls, tree, id, position, 1);
}

static int is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* How much of a line that begins with `wrong` is that; 0 if it is the beginning of another number. Of a port without a
 * name, the host writes the number twice, or once: "51820 (51820)". */
static size_t length_of(const char *line, const char *wrong)
{
    size_t length = strlen(wrong);
    const char *tail = line + length;
    if (length > 0 && is_digit(wrong[length - 1]) && is_digit(*tail))
        return 0;
    if (strncmp(tail, " (", 2) == 0 && strncmp(tail + 2, wrong, length) == 0 && tail[2 + length] == ')')
        return 2 * length + 3;
    return length;
}

/* Takes the wrong name out of the line's text, if somebody has written one. Where the line has both ports, `label` stands
 * right before the one that is meant. */
static void correct_line(const struct eph_calls *calls, proto_node *node, const char *label, const char *wrong,
                         const char *right)
{
    const struct field *field = field_of(node);
    if (field == NULL || field->rep == NULL)
        return;
    const char *text = field->rep;
    const char *labelled = strstr(text, label);
    const char *found = labelled != NULL ? strstr(labelled, wrong) : NULL;
    if (found == NULL || (*label != '\0' && found != labelled + strlen(label)))
        return;
    size_t replaced = length_of(found, wrong);
    if (replaced == 0)
        return;
    char line[LABEL_MAX];
    size_t before = (size_t)(found - text);
    size_t inserted = strlen(right);
    const char *tail = found + replaced;
    size_t after = strlen(tail);
    if (before + inserted + after >= sizeof line)
        return;
    memcpy(line, text, before);
    memcpy(line + before, right, inserted);
    memcpy(line + before + inserted, tail, after + 1);
    calls->proto_item_set_text(node, "%s", line);
}

/* A port's line has no text of its own until it is shown: give it the right one. */
static void correct_port(const struct eph_calls *calls, proto_node *node, const struct eph_name *name)
{
    struct field *field = node ? field_of(node) : NULL;
    if (field == NULL || field->hfinfo == NULL)
        return;
    if (field->rep != NULL) {
        correct_line(calls, node, "", name->wrong, name->right);
        return;
    }
    /* The host takes no text for a hidden line, but shows it in PDML. */
    uint32_t hidden = field->flags & FI_HIDDEN;
    field->flags &= ~hidden;
    calls->proto_item_set_text(node, "%s: %s", field->hfinfo->name, name->right);
    field->flags |= hidden;
}

static proto_node *find_port(const struct eph_calls *calls, const struct eph_transport_ids *ids, proto_node *header,
                             int at_source)
{
    return header ? find(calls, header, at_source ? ids->srcport : ids->dstport, 0, 0) : NULL;
}

static void flag(proto_item *item, uint32_t flags)
{
    struct field *field = item ? field_of(item) : NULL;
    if (field != NULL)
        field->flags |= flags;
}

static void generated(proto_item *item)
{
    flag(item, FI_GENERATED);
}

/* The pieces of evidence, for who asks for them. */
static void add_pieces(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb, proto_tree *tree,
                       uint32_t wanted, const char *piece)
{
    if (piece == NULL || !(wanted & 1u << EPH_EVIDENCE_PIECE))
        return;
    for (; *piece != '\0'; piece += strlen(piece) + 1)
        flag(calls->proto_tree_add_string(tree, ids->fields[EPH_EVIDENCE_PIECE], tvb, 0, 0, piece),
             FI_GENERATED | FI_HIDDEN);
}

/* The ends as the tables of conversations and endpoints call them: to filter by, so they are hidden. */
static void add_endpoints(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb, proto_tree *tree,
                          uint32_t wanted, const struct eph_header *header)
{
#define ADD(id, value)                                                                                                 \
    if (wanted & 1u << (id))                                                                                           \
    flag(calls->proto_tree_add_string(tree, ids->fields[id], tvb, 0, 0, value), FI_GENERATED | FI_HIDDEN)
    if (header->client == NULL || header->endpoint == NULL)
        return;
    ADD(EPH_ENDPOINT, header->client);
    ADD(EPH_ENDPOINT, header->endpoint);
    ADD(EPH_SOURCE_ENDPOINT, header->from_client ? header->client : header->endpoint);
    ADD(EPH_DESTINATION_ENDPOINT, header->from_client ? header->endpoint : header->client);
#undef ADD
}

/* Two confidences have the same number; the host writes the name of one. */
static void add_confidence(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb, proto_tree *tree,
                           const struct eph_header *header)
{
    proto_item *item = calls->proto_tree_add_uint(tree, ids->fields[EPH_CONFIDENCE], tvb, 0, 0, header->confidence);
    struct field *field = item ? field_of(item) : NULL;
    if (header->declared && field != NULL && field->hfinfo != NULL) {
        char text[LABEL_MAX];
        snprintf(text, sizeof text, "%s: %s (%u)", field->hfinfo->name, header->confidence_name, header->confidence);
        calls->proto_item_set_text(item, "%s", text);
    }
    generated(item);
}

static void add_fields(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb, proto_tree *tree,
                       uint32_t wanted, const struct eph_header *header)
{
    const int *field = ids->fields;
#define ADD(type, id, value)                                                                                           \
    if (wanted & 1u << (id))                                                                                           \
    generated(calls->proto_tree_add_##type(tree, field[id], tvb, 0, 0, value))
#define ADD_STRING(id, value)                                                                                          \
    if ((value) != NULL)                                                                                               \
    ADD(string, id, value)
    ADD_STRING(EPH_CLIENT, header->client);
    ADD(uint, EPH_CLIENT_PORT, header->client_port);
    ADD_STRING(EPH_SERVER, header->server);
    ADD(uint, EPH_SERVER_PORT, header->server_port);
    EPH_FAULT(calls, tvb, "fields");
    ADD(boolean, EPH_FROM_CLIENT, header->from_client);
    ADD_STRING(EPH_SOURCE_PORT, header->source_port);
    ADD_STRING(EPH_DESTINATION_PORT, header->destination_port);
    ADD_STRING(EPH_SERVICE, header->service);
    ADD_STRING(EPH_LABEL, header->label);
    if (wanted & 1u << EPH_CONFIDENCE)
        add_confidence(calls, ids, tvb, tree, header);
    ADD_STRING(EPH_EVIDENCE, header->evidence);
    if (header->evidence_frame != 0)
        ADD(uint, EPH_EVIDENCE_FRAME, header->evidence_frame);
    if (header->misnamed) {
        ADD(boolean, EPH_MISNAMED, 1);
        ADD(uint, EPH_MISNAMED_PORT, header->client_port);
        ADD_STRING(EPH_MISNAMED_NAME, header->misnamed_name);
    }
#undef ADD_STRING
#undef ADD
    add_endpoints(calls, ids, tvb, tree, wanted, header);
    add_pieces(calls, ids, tvb, tree, wanted, header->pieces);
}

void eph_update_info_field(const struct eph_calls *calls, const struct eph_ids *ids, const packet_info *pinfo,
                           proto_tree *tree, column_info *cinfo)
{
    /* Looked up each time: the window takes its columns' fields away when a preference changes, and makes new ones. */
    int column = calls->proto_registrar_get_id_byname("_ws.col.info");
    if (column == -1 || !calls->proto_field_is_referenced(tree, column))
        return;
    /* In a tree of what is asked for, there may have been no item of ours to learn it from. */
    if (finfo_at == 0)
        learn_from(calls, pinfo, tree, column);
    proto_node *info = finfo_at != 0 ? find(calls, tree, column, 0, 1) : NULL;
    const struct field *field = info ? field_of(info) : NULL;
    const char *text = calls->col_get_text(cinfo, ids->col_info);
    if (field != NULL && field->value != NULL && text != NULL)
        calls->fvalue_set_string(field->value, text);
}

/* The host takes no item below a line without a subtree. */
static int has_subtree(const proto_node *node)
{
    const struct field *field = node ? field_of(node) : NULL;
    return field != NULL && field->tree_type != NO_SUBTREE;
}

static void remember_last_with_subtree(proto_node *node, void *data)
{
    proto_node **last = data;
    if (has_subtree(node))
        *last = node;
}

/* What our lines and notes are put below. Of a tree that nobody sees, the host counts the top level, and has no line
 * for a header that is quoted: whatever layer is there does as well. */
static proto_tree *place_below(const struct eph_calls *calls, proto_tree *tree, proto_node *header,
                               const struct eph_place *place)
{
    if (place->is_layer)
        return tree;
    if (has_subtree(header))
        return header;
    proto_node *last = NULL;
    if (!place->is_visible)
        calls->proto_tree_children_foreach(tree, remember_last_with_subtree, &last);
    return last != NULL ? last : tree;
}

/* Our own line, and what is below it. Returns what to put a note below. */
static proto_item *add_lines(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb,
                             const packet_info *pinfo, proto_tree *below, const struct eph_place *place, const struct eph_header *header)
{
    proto_item *line = calls->proto_tree_add_item(below, ids->protocol, tvb, 0, 0, 0);
    /* Where nobody asks for the protocol as such, the host makes no line of it, but has its fields put there. */
    if (line == NULL || line == below) {
        add_fields(calls, ids, tvb, below, place->wanted, header);
        return below;
    }
    if (finfo_at == 0 && place->is_visible &&
        !find_finfo(calls, pinfo, calls->proto_registrar_get_nth((unsigned)ids->protocol), line))
        failures++;
    if (header->label != NULL)
        calls->proto_item_set_text(line, "Ephemeral Ports, %s", header->label);
    generated(line);
    add_fields(calls, ids, tvb, calls->proto_item_add_subtree(line, ids->subtree), place->wanted, header);
    return line;
}

const char *eph_write_header(const struct eph_calls *calls, struct eph_ids *ids, tvbuff_t *tvb, packet_info *pinfo,
                             proto_tree *tree, const struct eph_place *place, const struct eph_header *header)
{
    const struct eph_transport_ids *transport = &ids->transport[header->transport];
    const int has_remarks = header->names > 0 || header->notes > 0;
    /* Where our lines are no layer, the notes are among them: a note of the header's own dissector is then the
     * only one among the header's lines, of which some formats have room for one. */
    const int has_lines = place->wanted != 0 || (header->notes > 0 && place->is_visible && !place->is_layer);
    proto_node *theirs = NULL;
    proto_item *ours = NULL;
    proto_tree *below = tree;
    if (tree != NULL && (has_lines || has_remarks)) {
        if (finfo_at == 0)
            learn_from(calls, pinfo, tree, transport->protocol);
        if (finfo_at != 0 && (has_remarks || !place->is_layer))
            theirs = find_header(calls, tree, transport->protocol, header->position);
        below = place_below(calls, tree, theirs, place);
        if (has_lines)
            ours = add_lines(calls, ids, tvb, pinfo, below, place, header);
    }
    for (unsigned i = 0; theirs != NULL && i < header->names; i++) {
        const struct eph_name *name = &header->name[i];
        correct_line(calls, theirs, name->at_source ? "Src Port: " : "Dst Port: ", name->wrong, name->right);
        correct_port(calls, find_port(calls, transport, theirs, name->at_source), name);
        correct_port(calls, find(calls, theirs, transport->port, name->at_source ? 0 : 1, 0), name);
    }
    for (unsigned i = 0; i < header->notes; i++) {
        EPH_FAULT(calls, tvb, "note");
        const struct eph_note *note = &header->note[i];
        proto_node *port = place->is_layer ? find_port(calls, transport, theirs, note->at_source) : NULL;
        proto_item *at = port ? port : ours && !place->is_layer ? ours : below;
        calls->expert_add_info_format(pinfo, at, &ids->experts[note->expert], "%s", note->text);
    }
    return finfo_at == 0 && failures >= MAX_FAILURES ? "proto_node leads to no field_info" : NULL;
}
