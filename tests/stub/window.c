/* window.c
 * Statistics, tables, menu and log: only the last entry of the menu is ever used.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

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

ext_menubar_action_cb about;

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
