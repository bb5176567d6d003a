/* registration.c
 * What the plugin registers, and what it asks when it does.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

header_field_info *fields[MOST_FIELDS];
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

int register_protocol(const char *name, const char *filter)
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

int own_field(int parent, const char *filter, enum ftenum type, int display)
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

const proto_plugin *plugin;

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

protocol_t *find_protocol_by_id(const int proto_id)
{
    return (protocol_t *)fields[proto_id];
}

bool proto_is_protocol_enabled(const protocol_t *protocol)
{
    return ((const header_field_info *)protocol)->type == FT_PROTOCOL;
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

/* The value of each boolean preference: true. */
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

/* A table in which the user has no rows. */
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

/* Decode As is not used here: no conversation is found. */
dissector_table_t find_dissector_table(const char *name)
{
    (void)name;
    return (dissector_table_t)&preference;
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

const char *dissector_handle_get_dissector_name(const dissector_handle_t handle)
{
    (void)handle;
    return NULL;
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

dissector_handle_t postdissector;

void register_postdissector(dissector_handle_t handle)
{
    postdissector = handle;
}

void (*open_file)(void);

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
