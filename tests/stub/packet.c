/* packet.c
 * What the plugin asks about a packet, and what it writes to one.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

/* ---- what is asked about a packet ---- */

const char *try_serv_name_lookup(port_type type, unsigned port)
{
    return type != PT_TCP ? NULL : port == 1140 ? "autonoc" : port == 80 ? "http" : NULL;
}

char *address_to_display(wmem_allocator_t *allocator, const address *it)
{
    (void)allocator;
    const uint8_t *octets = it->data;
    char *text = malloc(16);
    snprintf(text, 16, "%u.%u.%u.%u", octets[0], octets[1], octets[2], octets[3]);
    return text;
}

void wmem_free(wmem_allocator_t *allocator, void *text)
{
    (void)allocator;
    free(text);
}

bool value_is_in_range(const range_t *range, uint32_t value)
{
    (void)range, (void)value;
    return false;
}

dissector_handle_t dissector_get_default_uint_handle(const char *name, const uint32_t value)
{
    (void)name, (void)value;
    return NULL;
}

int dissector_handle_get_protocol_index(const dissector_handle_t handle)
{
    return handle->protocol;
}

wmem_list_frame_t *wmem_list_head(const wmem_list_t *list)
{
    return list->head;
}

wmem_list_frame_t *wmem_list_tail(const wmem_list_t *list)
{
    return list->tail;
}

wmem_list_frame_t *wmem_list_frame_next(const wmem_list_frame_t *frame)
{
    return frame->next;
}

wmem_list_frame_t *wmem_list_frame_prev(const wmem_list_frame_t *frame)
{
    return frame->prev;
}

void *wmem_list_frame_data(const wmem_list_frame_t *frame)
{
    return frame->data;
}

unsigned tvb_captured_length(const tvbuff_t *tvb)
{
    return tvb->length;
}

const uint8_t *tvb_get_ptr(tvbuff_t *tvb, const int offset, const int length)
{
    (void)length;
    return tvb->data + offset;
}

tvbuff_t *get_data_source_tvb(const struct data_source *source)
{
    return source->tvb;
}

bool have_tap_listener(int tap_id)
{
    (void)tap_id;
    return false;
}

bool proto_field_is_referenced(proto_tree *tree, int proto_id)
{
    (void)tree, (void)proto_id;
    return true;
}

/* ---- what writes ---- */

int call_dissector_only(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return handle->function(tvb, pinfo, tree, data);
}

void make_field(field_info *field, const header_field_info *hfinfo, tvbuff_t *tvb)
{
    memset(field, fill, sizeof *field);
    field->hfinfo = hfinfo;
    field->start = field->length = 0;
#ifndef WITHOUT_APPENDIX
    field->appendix_start = field->appendix_length = 0;
#endif
    field->ds_tvb = tvb;
    field->value = NULL;
    field->total_layer_num = field->proto_layer_num = 0;
}

proto_node *add_node(proto_node *parent, int id, tvbuff_t *tvb)
{
    field_info *field = MAKE(field_info);
    make_field(field, fields[id], tvb);
    field->tree_type = -1;
    field->flags = 0;
    field->rep = NULL;
    proto_node *node = MAKE(proto_node);
    node->first_child = node->last_child = node->next = NULL;
    node->parent = parent;
    node->finfo = field;
    node->tree_data = NULL;
    if (parent->first_child == NULL)
        parent->first_child = node;
    else
        parent->last_child->next = node;
    parent->last_child = node;
    return node;
}

void set_text(proto_node *node, const char *format, va_list arguments)
{
    if (node->finfo->rep == NULL)
        node->finfo->rep = MAKE(item_label_t);
    vsnprintf(node->finfo->rep->representation, ITEM_LABEL_LENGTH, format, arguments);
}

void proto_item_set_text(proto_item *item, const char *format, ...)
{
    wrote("proto_item_set_text");
    va_list arguments;
    va_start(arguments, format);
    set_text(item, format, arguments);
    va_end(arguments);
}

void proto_tree_children_foreach(proto_tree *tree, proto_tree_foreach_func func, void *data)
{
    for (proto_node *next, *node = tree->first_child; node != NULL; node = next) {
        next = node->next;
        func(node, data);
    }
}

proto_item *proto_tree_add_item(proto_tree *tree, int id, tvbuff_t *tvb, const int start, int length,
                                const unsigned encoding)
{
    (void)start, (void)length, (void)encoding;
    wrote("proto_tree_add_item");
    return add_node(tree, id, tvb);
}

proto_tree *proto_item_add_subtree(proto_item *item, const int kind)
{
    item->finfo->tree_type = kind;
    return item;
}

proto_item *proto_tree_add_string(proto_tree *tree, int id, tvbuff_t *tvb, int start, int length, const char *value)
{
    (void)start, (void)length, (void)value;
    wrote("proto_tree_add_string");
    return add_node(tree, id, tvb);
}

proto_item *proto_tree_add_uint(proto_tree *tree, int id, tvbuff_t *tvb, int start, int length, uint32_t value)
{
    (void)start, (void)length, (void)value;
    wrote("proto_tree_add_uint");
    return add_node(tree, id, tvb);
}

proto_item *proto_tree_add_boolean(proto_tree *tree, int id, tvbuff_t *tvb, int start, int length, uint64_t value)
{
    (void)start, (void)length, (void)value;
    wrote("proto_tree_add_boolean");
    return add_node(tree, id, tvb);
}

proto_item *expert_add_info_format(packet_info *pinfo, proto_item *item, expert_field *field, const char *format, ...)
{
    (void)pinfo;
    wrote("expert_add_info_format");
    printf("note: %s: ", fields[field->hf]->abbrev);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    return item;
}

const char *col_get_text(column_info *cinfo, const int col)
{
    return col == COL_INFO ? cinfo->columns->col_buf : NULL;
}

void col_clear(column_info *cinfo, const int col)
{
    wrote("col_clear");
    if (col == COL_INFO)
        cinfo->columns->col_buf[0] = '\0';
}

void col_clear_fence(column_info *cinfo, const int col)
{
    (void)cinfo, (void)col;
    wrote("col_clear_fence");
}

void col_set_fence(column_info *cinfo, const int col)
{
    (void)cinfo, (void)col;
    wrote("col_set_fence");
}

void col_append_str(column_info *cinfo, const int col, const char *text)
{
    wrote("col_append_str");
    if (col == COL_INFO)
        strcat(cinfo->columns->col_buf, text);
}

void fvalue_set_string(fvalue_t *value, const char *text)
{
    (void)value, (void)text;
    wrote("fvalue_set_string");
}
