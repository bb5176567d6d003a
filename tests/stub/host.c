/* host.c
 * A stub of Wireshark: just enough of epan to load the plugin, have it register, and hand it the packets of a handshake. It is
 * compiled against the headers of a release, or against a copy of them in which something was changed (run.sh), so
 * that all structures are as these headers lay them out.
 *
 *   host PLUGIN FILL      FILL: the byte that is wherever the headers have something that we know nothing of
 *
 * It prints, a line each:
 *   log: ...       what the plugin says in the log
 *   registered     the plugin registered its protocol
 *   wrote: ...     a function that writes to the host was called
 *   changed: ...   the host's memory was written to without such a function
 *   info: ...      the Info column after the packet
 *   line: ...      a line of the packet's tree after the packet, with its flags
 *   note: ...      an expert item
 *   about: ...     the text of About and diagnostics
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <epan/addr_resolv.h>
#include <epan/column-info.h>
#include <epan/column.h>
#include <epan/conversation.h>
#include <epan/conversation_filter.h>
#include <epan/conversation_table.h>
#include <epan/epan.h>
#include <epan/expert.h>
#include <epan/frame_data.h>
#include <epan/funnel.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/uat.h>
#include <epan/uat-int.h>
#include <ws_version.h>
#include <wsutil/wslog.h>

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the headers do not define. */
struct tvbuff {
    const uint8_t *data;
    unsigned length;
};
struct data_source {
    tvbuff_t *tvb;
    const char *name;
};
struct dissector_handle {
    dissector_t function;
    int protocol;
};
struct _wmem_list_frame_t {
    wmem_list_frame_t *next, *prev;
    void *data;
};
struct _wmem_list_t {
    unsigned count;
    wmem_list_frame_t *head, *tail;
    wmem_allocator_t *allocator;
};

static void die(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "host: %s\n", what);
    exit(2);
}

/* ---- the host's memory, all in one place ---- */

static _Alignas(16) unsigned char memory[1 << 18], before[sizeof memory];
static size_t used;
static int fill;
static unsigned writes;

static void *make(size_t size)
{
    void *made = memory + used;
    used += (size + 15) / 16 * 16;
    if (used > sizeof memory)
        die("it needs more memory");
    return memset(made, fill, size);
}

#define MAKE(type) ((type *)make(sizeof(type)))

/* The plugin may write from here on only through the host's functions, which end in `wrote()`. */
static void watch(void)
{
    memcpy(before, memory, sizeof memory);
    writes = 0;
}

static void wrote(const char *function)
{
    printf("wrote: %s\n", function);
    writes++;
}

static void look(const char *when)
{
    if (writes == 0 && memcmp(before, memory, sizeof memory) != 0)
        printf("changed: memory of the host's, %s\n", when);
}

/* ---- registration ---- */

enum { MOST_FIELDS = 128, TCP_SUBTREE = 7, FIRST_SUBTREE = 100 };
static header_field_info *fields[MOST_FIELDS];
static int field_count = 1; /* 0 is the host's own, for text alone */

static int register_field(header_field_info *field, int parent)
{
    if (field_count == MOST_FIELDS || field->name == NULL || field->abbrev == NULL)
        die("a field cannot be registered");
    fields[field_count] = field;
    field->id = field_count;
    field->parent = parent;
    field->ref_type = HF_REF_TYPE_NONE;
    field->same_name_prev_id = -1;
    field->same_name_next = NULL;
    return field_count++;
}

static int register_protocol(const char *name, const char *filter)
{
    header_field_info *field = MAKE(header_field_info);
    field->name = name;
    field->abbrev = filter;
    field->type = FT_PROTOCOL;
    field->display = BASE_NONE;
    field->strings = field->blurb = NULL;
#ifndef WITHOUT_BITMASK
    field->bitmask = 0;
#endif
    return register_field(field, -1);
}

/* One of the host's own fields, from memory as a dissector has it. */
static int own_field(int parent, const char *filter, enum ftenum type, int display)
{
    int *id = MAKE(int);
    hf_register_info *registered = MAKE(hf_register_info);
    registered->p_id = id;
    registered->hfinfo.name = filter;
    registered->hfinfo.abbrev = filter;
    registered->hfinfo.type = type;
    registered->hfinfo.display = display;
    registered->hfinfo.strings = registered->hfinfo.blurb = NULL;
#ifndef WITHOUT_BITMASK
    registered->hfinfo.bitmask = 0;
#endif
    return *id = register_field(&registered->hfinfo, parent);
}

void epan_get_version_number(int *major, int *minor, int *micro)
{
    *major = WIRESHARK_VERSION_MAJOR;
    *minor = WIRESHARK_VERSION_MINOR;
    *micro = WIRESHARK_VERSION_MICRO;
}

static const proto_plugin *plugin;

void proto_register_plugin(const proto_plugin *it)
{
    plugin = it;
}

int proto_register_protocol(const char *name, const char *short_name, const char *filter_name)
{
    (void)short_name;
    printf("registered\n");
    return register_protocol(name, filter_name);
}

int proto_register_protocol_in_name_only(const char *name, const char *short_name, const char *filter_name,
                                         int parent_proto, enum ftenum field_type)
{
    (void)short_name, (void)parent_proto;
    if (field_type != FT_PROTOCOL)
        die("a protocol of another type");
    return register_protocol(name, filter_name);
}

void proto_set_cant_toggle(const int proto_id)
{
    (void)proto_id;
}

void proto_register_field_array(const int parent, hf_register_info *hf, const int num_records)
{
    for (int i = 0; i < num_records; i++)
        *hf[i].p_id = register_field(&hf[i].hfinfo, parent);
}

void proto_register_subtree_array(int *const *indices, const int num_indices)
{
    for (int i = 0; i < num_indices; i++)
        *indices[i] = FIRST_SUBTREE + i;
}

expert_module_t *expert_register_protocol(int id)
{
    static int module;
    (void)id;
    return (expert_module_t *)&module;
}

void expert_register_field_array(expert_module_t *module, ei_register_info *ei, const int num_records)
{
    static int count;
    (void)module;
    for (int i = 0; i < num_records; i++) {
        expert_field_info *info = &ei[i].eiinfo;
        if (info->group != PI_ASSUMPTION || info->severity != PI_NOTE)
            die("an expert item of another kind");
        info->id = ei[i].ids->ei = ++count;
        info->protocol = "Ephemeral Ports";
        info->orig_severity = info->severity;
        info->hf_info.p_id = &ei[i].ids->hf;
        info->hf_info.hfinfo.name = info->summary;
        info->hf_info.hfinfo.abbrev = info->name;
        info->hf_info.hfinfo.type = FT_NONE;
        ei[i].ids->hf = register_field(&info->hf_info.hfinfo, -1);
    }
}

const value_string expert_group_vals[] = {
    {.value = PI_CHECKSUM, .strptr = "Checksum"},
    {.value = PI_ASSUMPTION, .strptr = "Assumption"},
    {.value = 0, .strptr = NULL},
};
const value_string expert_severity_vals[] = {
    {.value = PI_CHAT, .strptr = "Chat"},
    {.value = PI_NOTE, .strptr = "Note"},
    {.value = 0, .strptr = NULL},
};

/* Where a preference is true: all are. */
static int preference;

module_t *prefs_register_protocol(int id, void (*apply_cb)(void))
{
    (void)id, (void)apply_cb;
    return (module_t *)&preference;
}

void prefs_register_bool_preference(module_t *module, const char *name, const char *title, const char *description,
                                    bool *var)
{
    (void)module, (void)name, (void)title, (void)description, (void)var;
}

void prefs_register_enum_preference(module_t *module, const char *name, const char *title, const char *description,
                                    int *var, const enum_val_t *enumvals, bool radio_buttons)
{
    (void)module, (void)name, (void)title, (void)description, (void)var, (void)enumvals, (void)radio_buttons;
}

void prefs_register_range_preference(module_t *module, const char *name, const char *title, const char *description,
                                     range_t **var, uint32_t max_value)
{
    (void)module, (void)name, (void)title, (void)description, (void)var, (void)max_value;
}

/* A table of which the user has written no row. */
uat_t *uat_new(const char *name, size_t size, const char *filename, bool from_profile, void *data_ptr,
               unsigned *num_items_ptr, unsigned flags, const char *help, uat_copy_cb_t copy_cb,
               uat_update_cb_t update_cb, uat_free_cb_t free_cb, uat_post_update_cb_t post_update_cb,
               uat_reset_cb_t reset_cb, uat_field_t *flds_array)
{
    (void)name, (void)size, (void)filename, (void)from_profile, (void)flags, (void)help, (void)copy_cb, (void)update_cb;
    (void)free_cb, (void)post_update_cb, (void)reset_cb, (void)flds_array;
    *(void **)data_ptr = NULL;
    *num_items_ptr = 0;
    return (uat_t *)&preference;
}

void prefs_register_string_preference(module_t *module, const char *name, const char *title, const char *description,
                                      const char **value)
{
    (void)module, (void)name, (void)title, (void)description, (void)value;
}

void *uat_add_record(uat_t *table, const void *record, bool is_valid)
{
    (void)table, (void)record, (void)is_valid;
    return NULL;
}

bool uat_save(uat_t *table, char **error)
{
    (void)table, (void)error;
    return false;
}

void prefs_register_uat_preference(module_t *module, const char *name, const char *title, const char *description,
                                   struct epan_uat *uat)
{
    (void)module, (void)name, (void)title, (void)description, (void)uat;
}

/* Nothing is decoded as anything else here: no conversation is found. */
dissector_table_t find_dissector_table(const char *name)
{
    (void)name;
    return NULL;
}

dissector_handle_t dissector_get_uint_handle(const dissector_table_t table, const uint32_t value)
{
    (void)table, (void)value;
    return NULL;
}

dissector_handle_t find_dissector(const char *name)
{
    (void)name;
    return create_dissector_handle(NULL, -1);
}

dissector_handle_t register_dissector(const char *name, dissector_t function, const int protocol)
{
    (void)name;
    return create_dissector_handle(function, protocol);
}

heur_dissector_list_t find_heur_dissector_list(const char *name)
{
    (void)name;
    return (heur_dissector_list_t)&preference;
}

bool dissector_try_heuristic(heur_dissector_list_t list, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                             heur_dtbl_entry_t **entry, void *data)
{
    (void)list, (void)tvb, (void)pinfo, (void)tree, (void)entry, (void)data;
    return false;
}

conversation_t *find_conversation(const uint32_t frame, const address *one, const address *other,
                                  const conversation_type type, const uint32_t port, const uint32_t other_port,
                                  const unsigned options)
{
    (void)frame, (void)one, (void)other, (void)type, (void)port, (void)other_port, (void)options;
    return NULL;
}

dissector_handle_t conversation_get_dissector(conversation_t *conversation, const uint32_t frame)
{
    (void)conversation, (void)frame;
    return NULL;
}

void conversation_set_dissector(conversation_t *conversation, const dissector_handle_t handle)
{
    (void)conversation, (void)handle;
    wrote("conversation_set_dissector");
}

module_t *prefs_find_module(const char *name)
{
    (void)name;
    return (module_t *)&preference;
}

pref_t *prefs_find_preference(module_t *module, const char *name)
{
    (void)module, (void)name;
    return (pref_t *)&preference;
}

bool prefs_get_bool_value(pref_t *pref, pref_source_t source)
{
    (void)pref, (void)source;
    return true;
}

dissector_handle_t create_dissector_handle(dissector_t dissector, const int proto)
{
    dissector_handle_t handle = malloc(sizeof *handle);
    *handle = (struct dissector_handle){dissector, proto};
    return handle;
}

static dissector_handle_t postdissector;

void register_postdissector(dissector_handle_t handle)
{
    postdissector = handle;
}

static void (*open_file)(void);

void register_init_routine(void (*func)(void))
{
    open_file = func;
}

int proto_registrar_get_id_byname(const char *name)
{
    for (int id = 1; id < field_count; id++)
        if (strcmp(fields[id]->abbrev, name) == 0)
            return id;
    return -1;
}

int proto_get_id_by_filter_name(const char *name)
{
    int id = proto_registrar_get_id_byname(name);
    return id != -1 && fields[id]->type == FT_PROTOCOL ? id : -1;
}

header_field_info *proto_registrar_get_nth(unsigned id)
{
    if (id == 0 || id >= (unsigned)field_count)
        die("there is no such field");
    return fields[id];
}

const char *proto_get_protocol_filter_name(const int id)
{
    return proto_registrar_get_nth((unsigned)id)->abbrev;
}

int find_tap_id(const char *name)
{
    (void)name;
    return 1;
}

int get_column_format_from_str(const char *text)
{
    return strcmp(text, "%i") == 0 ? COL_INFO : strcmp(text, "%a") == 0 ? COL_EXPERT : -1;
}

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

/* Without those of its members that change later. */
static void make_field(field_info *field, const header_field_info *hfinfo, tvbuff_t *tvb)
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

static proto_node *add_node(proto_node *parent, int id, tvbuff_t *tvb)
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

static void set_text(proto_node *node, const char *format, va_list arguments)
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

/* ---- statistics, tables and menu: only the last entry of the menu is ever used ---- */

int register_tap(const char *name)
{
    (void)name;
    return 2;
}

void tap_queue_packet(int tap_id, packet_info *pinfo, const void *data)
{
    (void)tap_id, (void)pinfo, (void)data;
    wrote("tap_queue_packet");
}

stats_tree_cfg *stats_tree_register_plugin(const char *tap, const char *abbr, const char *path, unsigned flags,
                                           stat_tree_packet_cb packet, stat_tree_init_cb init,
                                           stat_tree_cleanup_cb cleanup)
{
    (void)tap, (void)abbr, (void)path, (void)flags, (void)packet, (void)init, (void)cleanup;
    return NULL;
}

int stats_tree_create_node(stats_tree *st, const char *name, int parent_id, stat_node_datatype type, bool with_children)
{
    (void)st, (void)name, (void)parent_id, (void)type, (void)with_children;
    return 0;
}

int stats_tree_manip_node_int(manip_node_mode mode, stats_tree *st, const char *name, int parent_id,
                              bool with_children, int value)
{
    (void)mode, (void)st, (void)name, (void)parent_id, (void)with_children, (void)value;
    return 0;
}

void register_stat_tap_table_ui(stat_tap_table_ui *ui)
{
    (void)ui;
}

void register_stat_tap_ui(stat_tap_ui *ui, void *user_data)
{
    (void)ui, (void)user_data;
}

stat_tap_table *stat_tap_init_table(const char *name, int fields, int elements, const char *filter)
{
    (void)name, (void)fields, (void)elements, (void)filter;
    return NULL;
}

void stat_tap_add_table(stat_tap_table_ui *ui, stat_tap_table *table)
{
    (void)ui, (void)table;
}

void stat_tap_init_table_row(stat_tap_table *table, unsigned row, unsigned fields, const stat_tap_table_item_type *items)
{
    (void)table, (void)row, (void)fields, (void)items;
}

GString *register_tap_listener(const char *tap, void *data, const char *filter, unsigned flags, tap_reset_cb reset,
                               tap_packet_cb packet, tap_draw_cb draw, tap_finish_cb finish)
{
    (void)tap, (void)data, (void)filter, (void)flags, (void)reset, (void)packet, (void)draw, (void)finish;
    return NULL;
}

void register_conversation_table(const int id, bool hide_ports, tap_packet_cb conversation, tap_packet_cb endpoint)
{
    (void)id, (void)hide_ports, (void)conversation, (void)endpoint;
}

void add_conversation_table_data(conv_hash_t *table, const address *src, const address *dst, uint32_t src_port,
                                 uint32_t dst_port, int frames, int bytes, nstime_t *ts, nstime_t *abs_ts,
                                 ct_dissector_info_t *info, conversation_type type)
{
    (void)table, (void)src, (void)dst, (void)src_port, (void)dst_port, (void)frames, (void)bytes, (void)ts;
    (void)abs_ts, (void)info, (void)type;
}

void add_endpoint_table_data(conv_hash_t *table, const address *addr, uint32_t port, bool sender, int frames,
                             int bytes, et_dissector_info_t *info, endpoint_type type)
{
    (void)table, (void)addr, (void)port, (void)sender, (void)frames, (void)bytes, (void)info, (void)type;
}

void register_conversation_filter(const char *proto_name, const char *display_name, is_filter_valid_func is_valid,
                                  build_filter_string_func build, void *user_data)
{
    (void)proto_name, (void)display_name, (void)is_valid, (void)build, (void)user_data;
}

static ext_menubar_action_cb about;

ext_menu_t *ext_menubar_register_menu(int id, const char *label, bool is_plugin)
{
    (void)id, (void)label, (void)is_plugin;
    return (ext_menu_t *)&about;
}

ext_menu_t *ext_menubar_set_parentmenu(ext_menu_t *menu, const char *parent)
{
    (void)parent;
    return menu;
}

void ext_menubar_add_entry(ext_menu_t *menu, const char *label, const char *tooltip, ext_menubar_action_cb callback,
                           void *user_data)
{
    (void)menu, (void)tooltip, (void)user_data;
    if (strncmp(label, "About", 5) == 0)
        about = callback;
}

void ext_menubar_add_separator(ext_menu_t *menu)
{
    (void)menu;
}

void plugin_if_apply_filter(const char *filter, bool force)
{
    (void)filter, (void)force;
}

void plugin_if_save_preference(const char *module, const char *key, const char *value)
{
    (void)module, (void)key, (void)value;
}

void plugin_if_get_ws_info(ws_info_t **info)
{
    *info = NULL;
}

static funnel_text_window_t *open_text_window(funnel_ops_id_t *id, const char *title)
{
    (void)id, (void)title;
    return (funnel_text_window_t *)&about;
}

static void show_text(funnel_text_window_t *window, const char *text)
{
    (void)window;
    for (const char *end; *text != '\0'; text = *end == '\0' ? end : end + 1) {
        end = text + strcspn(text, "\n");
        printf("about: %.*s\n", (int)(end - text), text);
    }
}

const funnel_ops_t *funnel_get_funnel_ops(void)
{
#ifdef WITHOUT_TEXT_WINDOW
    return NULL;
#else
    static const funnel_ops_t ops = {.new_text_window = open_text_window, .set_text = show_text};
    return &ops;
#endif
}

#undef g_strdup
char *g_strdup(const char *text)
{
    return strdup(text);
}

void ws_log(const char *domain, enum ws_log_level level, const char *format, ...)
{
    (void)domain;
    /* What the host shows unless the user asks for more. */
    if (level < LOG_LEVEL_MESSAGE)
        return;
    printf("log: ");
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* ---- packets ---- */

enum { PACKETS = 18 }; /* the plugin looks for what it needs of a tree in 16 */

static int frame_protocol, ip_protocol, tcp_protocol, source_port, destination_port, port;

static void register_own(void)
{
    frame_protocol = register_protocol("Frame", "frame");
    ip_protocol = register_protocol("Internet Protocol Version 4", "ip");
    register_protocol("Internet Protocol Version 6", "ipv6");
    register_protocol("Internet Control Message Protocol", "icmp");
    register_protocol("Internet Control Message Protocol v6", "icmpv6");
    own_field(ip_protocol, "ip.ttl", FT_UINT8, BASE_DEC);
    tcp_protocol = register_protocol("Transmission Control Protocol", "tcp");
    source_port = own_field(tcp_protocol, "tcp.srcport", FT_UINT16, BASE_PT_TCP);
    destination_port = own_field(tcp_protocol, "tcp.dstport", FT_UINT16, BASE_PT_TCP);
    port = own_field(tcp_protocol, "tcp.port", FT_UINT16, BASE_PT_TCP);
    own_field(tcp_protocol, "tcp.flags.syn", FT_BOOLEAN, 12);
    own_field(tcp_protocol, "tcp.analysis.acks_frame", FT_FRAMENUM, BASE_NONE);
    const int udp_protocol = register_protocol("User Datagram Protocol", "udp");
    own_field(udp_protocol, "udp.srcport", FT_UINT16, BASE_PT_UDP);
    own_field(udp_protocol, "udp.dstport", FT_UINT16, BASE_PT_UDP);
    own_field(udp_protocol, "udp.port", FT_UINT16, BASE_PT_UDP);
    own_field(register_protocol("Domain Name System", "dns"), "dns.qry.name", FT_STRING, BASE_NONE);
    register_protocol("Expert Info", "_ws.expert");
}

/* IPv4 and TCP, after a link layer without a header. */
static const uint8_t SYN[] = {
    0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2,
    0x04, 0x74, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0,
};
static const uint8_t SYN_ACK[] = {
    0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 198, 51, 100, 2, 192, 0, 2, 1,
    0, 80, 0x04, 0x74, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x12, 0xff, 0xff, 0, 0, 0, 0,
};

static wmem_list_frame_t *add_layer(wmem_list_t *list, int protocol)
{
    wmem_list_frame_t *frame = MAKE(wmem_list_frame_t);
    *frame = (wmem_list_frame_t){NULL, list->tail, (void *)(intptr_t)protocol};
    *(list->tail != NULL ? &list->tail->next : &list->head) = frame;
    list->count++;
    return list->tail = frame;
}

static address ip_address(const uint8_t *octets)
{
    address it;
    memset(&it, fill, sizeof it);
    it.type = AT_IPv4;
    it.len = 4;
    it.data = octets;
    it.priv = NULL;
    return it;
}

static void text(proto_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_text(node, format, arguments);
    va_end(arguments);
}

static int is_sound(const field_info *field, tvbuff_t *tvb)
{
    field_info made;
    make_field(&made, field->hfinfo, tvb);
    made.tree_type = field->tree_type;
    made.flags = field->flags;
    made.rep = field->rep;
    return memcmp(field, &made, sizeof made) == 0 && (field->flags & ~(FI_HIDDEN | FI_GENERATED)) == 0 &&
           (field->tree_type == -1 || field->tree_type == TCP_SUBTREE || field->tree_type == FIRST_SUBTREE);
}

static void print_tree(const proto_node *tree, int depth, tvbuff_t *tvb)
{
    for (const proto_node *node = tree->first_child; node != NULL; node = node->next) {
        const field_info *field = node->finfo;
        if (!is_sound(field, tvb))
            printf("changed: a field_info of %s\n", node->finfo->hfinfo->abbrev);
        printf("line: %*s%s%s%s%s%s\n", depth, "", field->hfinfo->abbrev,
               field->flags & FI_GENERATED ? " generated" : "", field->flags & FI_HIDDEN ? " hidden" : "",
               field->rep ? ": " : "", field->rep ? field->rep->representation : "");
        print_tree(node, depth + 2, tvb);
    }
}

static void show_packet(uint32_t number, const uint8_t *bytes, unsigned length)
{
    int sender = bytes[20] << 8 | bytes[21], receiver = bytes[22] << 8 | bytes[23];
    uint8_t *data = make(length);
    memcpy(data, bytes, length);
    tvbuff_t *tvb = MAKE(tvbuff_t);
    *tvb = (tvbuff_t){data, length};

    frame_data *frame = MAKE(frame_data);
    frame->num = number;
    frame->pkt_len = frame->cap_len = length;

    struct data_source *source = MAKE(struct data_source);
    *source = (struct data_source){tvb, "Frame"};
    GSList *sources = MAKE(GSList);
    *sources = (GSList){source, NULL};

    wmem_list_t *layers = MAKE(wmem_list_t);
    memset(layers, 0, sizeof *layers);
    add_layer(layers, frame_protocol);
    add_layer(layers, ip_protocol);
    add_layer(layers, tcp_protocol);

    char *info = make(256);
    snprintf(info, 256, "%s(%d) \xe2\x86\x92 %s(%d) [SYN]", try_serv_name_lookup(PT_TCP, sender), sender,
             try_serv_name_lookup(PT_TCP, receiver), receiver);
    column_info *columns = MAKE(column_info);
    columns->epan = NULL;
    columns->num_cols = 1;
    columns->columns = MAKE(col_item_t);
    columns->columns->col_buf = info;

    packet_info *pinfo = MAKE(packet_info);
    /* Aligned, as a structure would be. */
    pinfo->current_proto = strcpy(make(64), "Transmission Control Protocol");
    pinfo->cinfo = columns;
    pinfo->num = number;
    pinfo->fd = frame;
    pinfo->rec = make(64);
    pinfo->data_src = sources;
    pinfo->src = ip_address(data + 12);
    pinfo->dst = ip_address(data + 16);
    pinfo->ptype = PT_TCP;
    pinfo->srcport = sender;
    pinfo->destport = receiver;
    pinfo->layers = layers;

    proto_node *tree = MAKE(proto_node);
    memset(tree, 0, sizeof *tree);
    add_node(tree, frame_protocol, tvb);
    add_node(tree, ip_protocol, tvb);
    proto_node *tcp = proto_item_add_subtree(add_node(tree, tcp_protocol, tvb), TCP_SUBTREE);
    text(tcp, "Transmission Control Protocol, Src Port: %s (%d), Dst Port: %s (%d)",
         try_serv_name_lookup(PT_TCP, sender), sender, try_serv_name_lookup(PT_TCP, receiver), receiver);
    add_node(tcp, source_port, tvb);
    add_node(tcp, destination_port, tvb);
    add_node(tcp, port, tvb)->finfo->flags |= FI_HIDDEN;
    add_node(tcp, port, tvb)->finfo->flags |= FI_HIDDEN;

    watch();
    postdissector->function(tvb, pinfo, tree, NULL);
    look("for a packet");
    printf("info: %s\n", info);
    print_tree(tree, 0, tvb);
}

static void *symbol(void *library, const char *name)
{
    void *address = dlsym(library, name);
    if (address == NULL)
        die(name);
    return address;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("host PLUGIN FILL");
    fill = atoi(argv[2]);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        die(dlerror());
    const int *major = symbol(library, "plugin_want_major"), *minor = symbol(library, "plugin_want_minor");
    if (*major != WIRESHARK_VERSION_MAJOR || *minor != WIRESHARK_VERSION_MINOR)
        die("the plugin wants another release");
    void (*plugin_register)(void) = symbol(library, "plugin_register");
    plugin_register();
    if (plugin == NULL)
        die("the plugin does not register");

    register_own();
    watch();
    plugin->register_protoinfo();
    plugin->register_handoff();
    if (postdissector == NULL) {
        look("while it registers");
        return 0;
    }
    open_file();
    for (uint32_t number = 1; number <= PACKETS; number += 2) {
        show_packet(number, SYN, sizeof SYN);
        show_packet(number + 1, SYN_ACK, sizeof SYN_ACK);
    }
    if (about != NULL)
        about(EXT_MENUBAR_QT_GUI, NULL, NULL);
    return 0;
}
