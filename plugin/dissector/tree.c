/* tree.c
 * Writes an annotation to the protocol tree and to Expert Information.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "internal.h"

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

/* Offset of a proto_node's pointer to its field_info, in bytes; 0: not known yet. */
static size_t finfo_offset;
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

/* Finds the offset of finfo in a node: of the node's pointers, the one whose target has `known` as its hfinfo. Until then
 * pointers are followed by read_memory() alone. The members next to `flags` are checked too, since flags are written. */
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
            finfo_offset = at;
            calls->report(EPH_NODES_FIT, eph_frame(pinfo));
            return 1;
        }
    }
    return 0;
}

struct finfo_search {
    const struct eph_calls *calls;
    const packet_info *pinfo;
    const header_field_info *known;
};

/* Searches a node and those below it. */
static void search_node(proto_node *node, void *data)
{
    struct finfo_search *search = data;
    if (finfo_offset == 0 && !find_finfo(search->calls, search->pinfo, search->known, node))
        search->calls->proto_tree_children_foreach(node, search_node, search);
}

/* Finds the offset from the line of a protocol or field that the tree may have. */
static void find_finfo_below(const struct eph_calls *calls, const packet_info *pinfo, proto_tree *tree, int id)
{
    struct finfo_search search = {calls, pinfo, calls->proto_registrar_get_nth((unsigned)id)};
    calls->proto_tree_children_foreach(tree, search_node, &search);
}

struct tree_search {
    const struct eph_calls *calls;
    int id;             /* the field to find */
    unsigned skip;      /* how many to pass over before the one that counts */
    int deep;           /* look below the children as well */
    proto_node *found;
};

/* Null for an item that nobody looks at: the host makes no field_info for it. */
static struct field *field_of(const proto_node *node)
{
    if (finfo_offset == 0)
        return NULL;
    struct field *field;
    memcpy(&field, (const char *)node + finfo_offset, sizeof field);
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

/* How long `wrong` is at the start of a line; 0 if it is the beginning of another number. For a port without a name, the host
 * writes the number twice, "51820 (51820)", or once. */
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

/* Whether a line of the tree has lost the wrong name of a port, or why not. A line that is not there or has no text
 * counts as corrected. */
enum line_result { LINE_CORRECTED, LINE_TOO_LONG, LINE_WITHOUT_NAME };

/* Takes the wrong name out of the line's text, if the line has a text. Where it has both ports, `label` stands right before
 * the one that is meant. */
static enum line_result correct_line(const struct eph_calls *calls, proto_node *node, const char *label, const char *wrong,
                        const char *right)
{
    const struct field *field = field_of(node);
    if (field == NULL || field->rep == NULL)
        return LINE_CORRECTED;
    const char *text = field->rep;
    const char *labelled = strstr(text, label);
    const char *found = labelled != NULL ? strstr(labelled, wrong) : NULL;
    if (found == NULL || (*label != '\0' && found != labelled + strlen(label)))
        return LINE_WITHOUT_NAME;
    size_t replaced = length_of(found, wrong);
    if (replaced == 0)
        return LINE_WITHOUT_NAME;
    char line[LABEL_MAX];
    size_t before = (size_t)(found - text);
    size_t inserted = strlen(right);
    const char *tail = found + replaced;
    size_t after = strlen(tail);
    if (before + inserted + after >= sizeof line)
        return LINE_TOO_LONG;
    memcpy(line, text, before);
    memcpy(line + before, right, inserted);
    memcpy(line + before + inserted, tail, after + 1);
    calls->proto_item_set_text(node, "%s", line);
    return LINE_CORRECTED;
}

/* A port's line has no text of its own until it is shown: give it the right one. */
static enum line_result correct_port(const struct eph_calls *calls, proto_node *node, const char *wrong, const char *right)
{
    struct field *field = node ? field_of(node) : NULL;
    if (field == NULL || field->hfinfo == NULL)
        return LINE_CORRECTED;
    if (field->rep != NULL)
        return correct_line(calls, node, "", wrong, right);
    /* The host takes no text for a hidden line, but shows it in PDML. */
    uint32_t hidden = field->flags & FI_HIDDEN;
    field->flags &= ~hidden;
    calls->proto_item_set_text(node, "%s: %s", field->hfinfo->name, right);
    field->flags |= hidden;
    return LINE_CORRECTED;
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

/* Two confidences have the same number; the host writes the name of one. */
static void name_confidence(const struct eph_calls *calls, proto_item *item, const struct eph_header *header)
{
    struct field *field = item ? field_of(item) : NULL;
    if (field == NULL || field->hfinfo == NULL)
        return;
    char text[LABEL_MAX];
    snprintf(text, sizeof text, "%s: %s (%u)", field->hfinfo->name, header->confidence_name,
             header->value[EPH_CONFIDENCE]);
    calls->proto_item_set_text(item, "%s", text);
}

/* What all lines of one header's fields are written to. */
struct lines {
    const struct eph_calls *calls;
    const struct eph_ids *ids;
    tvbuff_t *tvb;
    proto_tree *tree;
};

static proto_item *add_text(const struct lines *to, int field, const char *text)
{
    return to->calls->proto_tree_add_string(to->tree, to->ids->fields[field], to->tvb, 0, 0, text);
}

static proto_item *add_value(const struct lines *to, int field, const struct eph_header *header)
{
    const uint32_t value = header->value[field];
    const int id = to->ids->fields[field];
    switch (eph_field_infos[field].type) {
    case FT_STRING:
        return add_text(to, field, eph_text_of(header, value));
    case FT_BOOLEAN:
        return to->calls->proto_tree_add_boolean(to->tree, id, to->tvb, 0, 0, value);
    default:
        return to->calls->proto_tree_add_uint(to->tree, id, to->tvb, 0, 0, value);
    }
}

/* Fields that are there to filter by are hidden, and can be there several times. */
static void add_hidden(const struct lines *to, int field, const struct eph_header *header)
{
    const uint32_t flags = FI_GENERATED | FI_HIDDEN;
    if (field == EPH_ENDPOINT)
        flag(add_text(to, field, eph_field_text(header, EPH_CLIENT)), flags);
    flag(add_value(to, field, header), flags);
    if (field != EPH_EVIDENCE_PIECE)
        return;
    const char *piece = eph_field_text(header, EPH_EVIDENCE_PIECE);
    while (*(piece += strlen(piece) + 1) != '\0')
        flag(add_text(to, field, piece), flags);
}

/* Writes the values that are there and wanted, in the order of enum eph_field. */
static void add_fields(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb, proto_tree *tree,
                       uint32_t wanted, const struct eph_header *header)
{
    const struct lines to = {calls, ids, tvb, tree};
    const uint32_t written = wanted & header->present;
    for (int field = 0; field < EPH_FIELD_COUNT; field++) {
        if (field == EPH_FROM_CLIENT)
            EPH_FAULT(calls, tvb, "fields");
        if (!(written & 1u << field))
            continue;
        if (field >= EPH_ENDPOINT) {
            add_hidden(&to, field, header);
            continue;
        }
        proto_item *item = add_value(&to, field, header);
        if (field == EPH_CONFIDENCE && header->declared)
            name_confidence(calls, item, header);
        flag(item, FI_GENERATED);
    }
}

void eph_update_info_field(const struct eph_calls *calls, const struct eph_ids *ids, const packet_info *pinfo,
                           proto_tree *tree, column_info *cinfo)
{
    /* Looked up each time: the window takes its columns' fields away when a preference changes, and makes new ones. */
    int column = calls->proto_registrar_get_id_byname("_ws.col.info");
    if (column == -1 || !calls->proto_field_is_referenced(tree, column))
        return;
    /* In a tree of what is asked for, there may have been no item of ours to learn it from. */
    if (finfo_offset == 0)
        find_finfo_below(calls, pinfo, tree, column);
    proto_node *info = finfo_offset != 0 ? find(calls, tree, column, 0, 1) : NULL;
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

/* Returns the last layer with a subtree, or the tree itself if there is none. */
static proto_tree *last_layer(const struct eph_calls *calls, proto_tree *tree)
{
    proto_node *last = NULL;
    calls->proto_tree_children_foreach(tree, remember_last_with_subtree, &last);
    return last != NULL ? last : tree;
}

/* What our lines and notes are put below. In a tree that nobody sees, a quoted header has no line: the last layer with a
 * subtree takes its place. */
static proto_tree *place_below(const struct eph_calls *calls, proto_tree *tree, proto_node *header,
                               const struct eph_place *place)
{
    if (place->is_layer)
        return tree;
    if (has_subtree(header))
        return header;
    return place->is_visible ? tree : last_layer(calls, tree);
}

/* It does not write them on the top level, because the host's Protocol Hierarchy counts what is there. */
void eph_write_addresses(const struct eph_calls *calls, const struct eph_ids *ids, tvbuff_t *tvb,
                         const packet_info *pinfo, const wmem_list_t *layers, proto_tree *tree, const char *addresses)
{
    /* Finds the offset that last_layer() needs. In a tree that nobody sees, only some layers have a line to find it by. */
    for (wmem_list_frame_t *at = calls->wmem_list_head(layers); finfo_offset == 0 && at != NULL;
         at = calls->wmem_list_frame_next(at))
        find_finfo_below(calls, pinfo, tree, (int)(intptr_t)calls->wmem_list_frame_data(at));
    const struct lines to = {calls, ids, tvb, last_layer(calls, tree)};
    flag(add_text(&to, EPH_CONVERSATION, addresses), FI_GENERATED | FI_HIDDEN);
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
    if (finfo_offset == 0 && place->is_visible &&
        !find_finfo(calls, pinfo, calls->proto_registrar_get_nth((unsigned)ids->protocol), line))
        failures++;
    if (eph_has_value(header, EPH_LABEL))
        calls->proto_item_set_text(line, "Ephemeral Ports, %s", eph_field_text(header, EPH_LABEL));
    flag(line, FI_GENERATED);
    add_fields(calls, ids, tvb, calls->proto_item_add_subtree(line, ids->subtree), place->wanted, header);
    return line;
}

/* Takes the wrong names out of the header's line and out of those of its ports. */
static void correct_names(const struct eph_calls *calls, const struct eph_transport_ids *transport,
                          const packet_info *pinfo, proto_node *line, const struct eph_header *header)
{
    for (unsigned i = 0; i < header->names; i++) {
        const struct eph_name *name = &header->name[i];
        const char *wrong = eph_text_of(header, name->wrong), *right = eph_text_of(header, name->right);
        const enum line_result results[] = {
            correct_line(calls, line, name->at_source ? "Src Port: " : "Dst Port: ", wrong, right),
            correct_port(calls, find_port(calls, transport, line, name->at_source), wrong, right),
            correct_port(calls, find(calls, line, transport->port, name->at_source ? 0 : 1, 0), wrong, right),
        };
        for (size_t at = 0; at < sizeof results / sizeof *results; at++)
            if (results[at] != LINE_CORRECTED)
                calls->report(results[at] == LINE_TOO_LONG ? EPH_LINE_TOO_LONG : EPH_NAME_NOT_IN_LINE, eph_frame(pinfo));
    }
}

const char *eph_write_header(const struct eph_calls *calls, struct eph_ids *ids, tvbuff_t *tvb, packet_info *pinfo,
                             proto_tree *tree, const struct eph_place *place, const struct eph_header *header)
{
    const struct eph_transport_ids *transport = &ids->transport[header->transport];
    const int has_remarks = header->names > 0 || header->notes > 0;
    /* Where our lines are no layer of their own, the notes are among them. Some formats keep only one note among the header's
     * lines, and that is the one of the header's own dissector. */
    const int has_lines = place->wanted != 0 || (header->notes > 0 && place->is_visible && !place->is_layer);
    proto_node *header_line = NULL;
    proto_item *our_line = NULL;
    proto_tree *below = tree;
    if (tree != NULL && (has_lines || has_remarks)) {
        if (finfo_offset == 0 && transport->protocol != -1)
            find_finfo_below(calls, pinfo, tree, transport->protocol);
        if (finfo_offset != 0 && (has_remarks || !place->is_layer))
            header_line = find_header(calls, tree, transport->protocol, header->position);
        below = place_below(calls, tree, header_line, place);
        if (has_lines)
            our_line = add_lines(calls, ids, tvb, pinfo, below, place, header);
    }
    if (header_line != NULL)
        correct_names(calls, transport, pinfo, header_line, header);
    else if (header->names > 0 && place->is_visible)
        calls->report(EPH_NAME_NOT_IN_LINE, eph_frame(pinfo));
    for (unsigned i = 0; i < header->notes; i++) {
        EPH_FAULT(calls, tvb, "note");
        const struct eph_note *note = &header->note[i];
        proto_node *port = place->is_layer ? find_port(calls, transport, header_line, note->at_source) : NULL;
        proto_item *at = port ? port : our_line && !place->is_layer ? our_line : below;
        calls->expert_add_info_format(pinfo, at, &ids->experts[note->expert], "%s", eph_text_of(header, note->text));
    }
    return finfo_offset == 0 && failures >= MAX_FAILURES ? "proto_node leads to no field_info" : NULL;
}
