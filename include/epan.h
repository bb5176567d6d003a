/* epan.h
 * The part of Wireshark's epan API that Ephemeral Ports binds at load time.
 *
 * One header serves all supported releases. It declares only types and functions that have the same ABI in all of
 * them, on each system and processor (SAFETY.md, section 2). The table of releases, src/host/api/releases.rs, has
 * what differs, such as offsets in packet_info.
 *
 * EPAN_FN declares each function, so that the ABI test can compile this list against the real headers of a release.
 * The test includes those headers, defines EPAN_REAL_TYPES, and defines EPAN_FN to compare prototypes.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_EPAN_H
#define EPHEMERAL_EPAN_H

#include <stddef.h>
#include <stdint.h>

#ifndef EPAN_REAL_TYPES

/* Opaque types, which are only passed back to the host (epan/packet.h, epan/proto.h, wsutil/wmem). */
typedef struct tvbuff tvbuff_t;
typedef struct _packet_info packet_info;
typedef struct _proto_node proto_node;
typedef proto_node proto_tree;
typedef proto_node proto_item;
typedef struct epan_column_info column_info;
typedef struct _protocol protocol_t;
typedef struct pref_module module_t;
typedef struct preference pref_t;
typedef struct expert_module expert_module_t;
typedef struct dissector_handle *dissector_handle_t;
typedef struct epan_range range_t;
typedef struct _wmem_list_t wmem_list_t;
typedef struct _wmem_list_frame_t wmem_list_frame_t;
typedef struct _wmem_allocator_t wmem_allocator_t;
typedef struct epan_dissect epan_dissect_t;
typedef struct _stats_tree stats_tree;
typedef struct _ext_menubar_t ext_menu_t;
typedef struct _conversation_hash_t conv_hash_t;
typedef struct _fvalue_t fvalue_t;
typedef struct _nstime_t nstime_t;
typedef struct epan_uat uat_t;
typedef struct dissector_table *dissector_table_t;
typedef struct heur_dissector_list *heur_dissector_list_t;
typedef struct heur_dtbl_entry heur_dtbl_entry_t;
struct data_source;

/* epan/address.h: `type` is AT_*, `len` is in bytes, `data` in network byte order. */
typedef struct _address {
    int type;
    int len;
    const void *data;
    void *priv;
} address;

/* epan/ftypes/ftypes.h */
enum ftenum {
    FT_PROTOCOL = 1,
    FT_BOOLEAN = 2,
    FT_UINT8 = 4,
    FT_UINT16 = 5,
    FT_STRING = 26,
    FT_FRAMENUM = 35
};

/* epan/proto.h, the first members. The dissector fills in those up to `blurb`, the host the others. */
typedef struct _header_field_info {
    const char *name;
    const char *abbrev;
    enum ftenum type;
    int display;
    const void *strings;
    uint64_t bitmask;
    const char *blurb;
    int id;
    int parent;
    int ref_type;
    int same_name_prev_id; /* not used; without it, the structure would have padding */
} header_field_info;

/* The first members, because it ends with header_field_info. */
typedef struct hf_register_info {
    int *p_id;
    header_field_info hfinfo;
} hf_register_info;

/* epan/expert.h */
typedef struct expert_field {
    int ei;
    int hf;
} expert_field;

/* The first members. The host fills in the others, of which there are more after 4.6. */
typedef struct expert_field_info {
    const char *name;
    int group;
    int severity;
    const char *summary;
} expert_field_info;

/* The first members, because it ends with expert_field_info. */
typedef struct ei_register_info {
    expert_field *ids;
    expert_field_info eiinfo;
} ei_register_info;

/* epan/params.h */
typedef struct enum_val {
    const char *name;
    const char *description;
    int value;
} enum_val_t;

/* epan/value_string.h */
typedef struct _value_string {
    uint32_t value;
    const char *strptr;
} value_string;

/* epan/uat.h. A check returns gboolean or bool: 0 or 1 as an int is valid for both. A callback gets its own member of
 * `cbdata`, or the first of the three. */
typedef enum { PT_TXTMOD_NONE = 0, PT_TXTMOD_STRING = 1, PT_TXTMOD_ENUM = 3 } uat_text_mode_t;
typedef int (*uat_fld_chk_cb_t)(void *record, const char *ptr, unsigned len, const void *chk_data, const void *fld_data,
                                char **error);
typedef void (*uat_fld_set_cb_t)(void *record, const char *ptr, unsigned len, const void *set_data, const void *fld_data);
typedef void (*uat_fld_tostr_cb_t)(void *record, char **out_ptr, unsigned *out_len, const void *tostr_data,
                                   const void *fld_data);
struct uat_callbacks {
    uat_fld_chk_cb_t chk;
    uat_fld_set_cb_t set;
    uat_fld_tostr_cb_t tostr;
};
struct uat_callback_data {
    const void *chk;
    const void *set;
    const void *tostr;
};
typedef struct _uat_field_t {
    const char *name;
    const char *title;
    uat_text_mode_t mode;
    struct uat_callbacks cb;
    struct uat_callback_data cbdata;
    const void *fld_data;
    const char *desc;
    struct _fld_data_t *priv;
} uat_field_t;
enum { UAT_AFFECTS_DISSECTION = 0x00000001 };
typedef void *(*uat_copy_cb_t)(void *dest, const void *source, size_t len);
typedef int (*uat_update_cb_t)(void *record, char **error);
typedef void (*uat_free_cb_t)(void *record);
typedef void (*uat_post_update_cb_t)(void);
typedef void (*uat_reset_cb_t)(void);

/* epan/proto.h */
typedef struct _proto_plugin {
    void (*register_protoinfo)(void);
    void (*register_handoff)(void);
} proto_plugin;

/* epan/packet.h: returns the number of bytes that it dissected, 0 for none. */
typedef int (*dissector_t)(tvbuff_t *, packet_info *, proto_tree *, void *);
typedef void (*proto_tree_foreach_func)(proto_node *, void *);

/* epan/conversation.h and epan/address.h */
typedef enum { PT_NONE = 0, PT_SCTP = 1, PT_TCP = 2, PT_UDP = 3, PT_DCCP = 4 } port_type;
enum { AT_NONE = 0, AT_IPv4 = 2, AT_IPv6 = 3, AT_STRINGZ = 7 };

/* epan/proto.h: display base; group and severity of an expert item; flags of a field_info. */
enum { BASE_NONE = 0, BASE_DEC = 1 };
enum { PI_ASSUMPTION = 0x0d000000, PI_NOTE = 0x00400000 };
enum { FI_HIDDEN = 0x00000001, FI_GENERATED = 0x00000002 };

/* epan/prefs-int.h: which value of a preference to read. */
typedef enum { pref_current = 2 } pref_source_t;

/* epan/tap.h and epan/stats_tree.h. 3.4 does not pass the flags. */
typedef enum { TAP_PACKET_DONT_REDRAW, TAP_PACKET_REDRAW } tap_packet_status;
typedef enum { STAT_DT_INT } stat_node_datatype;
typedef enum { MN_INCREASE, MN_SET, MN_SET_FLAGS = 4 } manip_node_mode;
/* Flags of a node and of a whole tree. The flags of a tree also contain the number of the column to sort by. */
enum { ST_FLG_SORT_TOP = 0x00400000, ST_FLG_SORT_DESC = 0x00800000 };
enum { ST_FLG_SRTCOL_SHIFT = 16, ST_SORT_COL_COUNT = 2 };
typedef tap_packet_status (*stat_tree_packet_cb)(stats_tree *, packet_info *, epan_dissect_t *, const void *,
                                                 unsigned flags);
typedef void (*stat_tree_init_cb)(stats_tree *);
typedef void (*stat_tree_cleanup_cb)(stats_tree *);

/* epan/tap.h. 3.4 does not pass the flags. */
typedef tap_packet_status (*tap_packet_cb)(void *tapdata, packet_info *, epan_dissect_t *, const void *, unsigned flags);

/* epan/stat_tap_ui.h: a statistic with one table, to which the dissector adds rows, and an option for `-z`. */
typedef enum { REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS = 2 } register_stat_group_t;
typedef enum { TABLE_ITEM_NONE = 0, TABLE_ITEM_UINT = 1, TABLE_ITEM_STRING = 3 } stat_tap_table_item_enum;
typedef enum { TAP_ALIGN_LEFT, TAP_ALIGN_RIGHT } tap_alignment_type;
union stat_tap_value {
    unsigned uint_value;
    const char *string_value;
    double float_value;
};
typedef struct _stat_tap_table_item_type {
    stat_tap_table_item_enum type;
    union stat_tap_value value;
    union stat_tap_value user_data;
} stat_tap_table_item_type;
typedef struct _stat_tap_table_item {
    stat_tap_table_item_enum type;
    tap_alignment_type align;
    const char *column_name;
    const char *field_format;
} stat_tap_table_item;
typedef struct _stat_tap_table {
    const char *title;
    const char *filter_string;
    unsigned num_fields;
    unsigned num_elements;
    stat_tap_table_item_type **elements;
} stat_tap_table;
struct _tap_param;
/* GLib's array (glib/garray.h). */
typedef struct _GArray GArray;
struct _GArray {
    char *data;
    unsigned len;
};
typedef struct _stat_tap_table_ui {
    register_stat_group_t group;
    const char *title;
    const char *tap_name;
    const char *cli_string;
    void (*stat_tap_init_cb)(struct _stat_tap_table_ui *);
    tap_packet_cb packet_func;
    void (*stat_tap_reset_table_cb)(stat_tap_table *);
    void (*stat_tap_free_table_item_cb)(stat_tap_table *, unsigned row, unsigned column, stat_tap_table_item_type *);
    void (*stat_filter_check_cb)(const char *, const char **, char **);
    size_t nfields;
    stat_tap_table_item *fields;
    size_t nparams;
    struct _tap_param *params;
    GArray *tables; /* of stat_tap_table * */
    unsigned refcount;
} stat_tap_table_ui;
typedef struct _stat_data_t {
    stat_tap_table_ui *stat_tap_data;
    void *user_data;
} stat_data_t;
/* Since 4.6 it returns whether it succeeded; earlier releases ignore the result. */
typedef int (*stat_tap_init_cb)(const char *argument, void *user_data);
typedef struct _stat_tap_ui {
    register_stat_group_t group;
    const char *title;
    const char *cli_string;
    stat_tap_init_cb tap_init_cb;
    size_t nparams;
    struct _tap_param *params;
} stat_tap_ui;
typedef void (*tap_reset_cb)(void *tapdata);
typedef void (*tap_draw_cb)(void *tapdata);
typedef void (*tap_finish_cb)(void *tapdata);
typedef struct _GString GString;

/* epan/conversation_table.h. The type for a row of Endpoints was renamed after 3.4. */
typedef enum { CONV_FT_SRC_ADDRESS, CONV_FT_DST_ADDRESS, CONV_FT_ANY_ADDRESS } conv_filter_type_e;
struct _conversation_item_t;
typedef const char *(*conv_get_filter_type)(struct _conversation_item_t *item, conv_filter_type_e filter);
typedef struct _ct_dissector_info {
    conv_get_filter_type get_filter_type;
} ct_dissector_info_t;
typedef struct _endpoint_item_t epan_endpoint_item;
typedef struct _et_dissector_info {
    const char *(*get_filter_type)(epan_endpoint_item *item, conv_filter_type_e filter);
} epan_endpoint_info;
typedef enum { CONVERSATION_NONE = 0, CONVERSATION_TCP = 2, CONVERSATION_UDP = 3 } epan_conversation_type;
typedef enum { ENDPOINT_NONE = 0 } endpoint_type;

/* epan/conversation.h, the first members. A conversation with `options` of 0 has exactly two ends. */
typedef struct conversation {
    struct conversation *next;
    struct conversation *last;
    struct conversation *latest_found;
    uint32_t conv_index;
    uint32_t setup_frame;
    uint32_t last_frame;
    void *data_list;
    void *dissector_tree;
    unsigned options;
} conversation_t;

/* epan/conversation_filter.h. 4.4 and later also pass a `user_data`. The first function returns gboolean or bool: 0 or
 * 1 as an int is valid for both. */
typedef int (*is_filter_valid_func)(packet_info *);
typedef char *(*build_filter_string_func)(packet_info *);

/* epan/plugin_if.h */
typedef enum { EXT_MENUBAR_QT_GUI = 1 } ext_menubar_gui_type;
typedef void (*ext_menubar_action_cb)(ext_menubar_gui_type gui_type, void *gui_object, void *user_data);
typedef struct _ws_info_t {
    int ws_info_supported; /* gboolean or bool: the low byte says whether a window filled in this structure */
    int cf_state; /* not written while no file is open */
    char *cf_filename;
    uint32_t cf_count;   /* number of packets in the file; 0 without a file, and while one is being opened */
    uint32_t cf_framenr; /* number of the selected frame; 0: none */
    int frame_passed_dfilter;
} ws_info_t;

/* epan/funnel.h: a button of a text window, and the first members of what such a window can do. The window calls func when
 * the button is pressed, and free_fcn with the button when the window is closed. In 3.4 it frees the buttons of all text
 * windows then, and those that stay open do nothing. new_text_window is cast to the type of the
 * release: 3.4 takes the title, later releases ops_id and the title. copy_to_clipboard(GString) and redissect_packets(ops_id)
 * are later members: eph_layout has their offsets. */
typedef struct _funnel_bt_t {
    void *tw;
    int (*func)(void *window, void *data); /* nobody reads what it returns */
    void *data;
    void (*free_fcn)(void *button);
    void (*free_data_fcn)(void *data);
} funnel_bt_t;
typedef struct _funnel_ops_t {
    void *ops_id;
    void (*new_text_window)(void);
    void (*set_text)(void *window, const char *text);
    void (*not_used[7])(void);
    void (*add_button)(void *window, funnel_bt_t *button, const char *label);
} funnel_ops_t;

/* glib/gstring.h */
typedef struct _GString {
    char *str;
    size_t len;
    size_t allocated_len;
} GString;

/* 3.4 and 4.0 have gboolean (int), later releases bool. We read only the low byte of a result, which both types set. We
 * pass an argument as an int of 0 or 1, which both accept. A variable has the size of the larger type and starts as 0,
 * so its low byte is right for both. */
typedef uint8_t epan_bool_result;
typedef int epan_bool_arg;
/* The same types in epan/uat.h, which has bool since 4.2. */
typedef int epan_bool_arg_of_uat;
typedef uint8_t epan_bool_result_of_uat;
typedef int epan_bool_var;
/* guint32 in 3.4 and 4.0, uint64_t later. Both are passed in the same register. */
typedef uint64_t epan_boolean_value;
/* const was added after 3.4. */
#define EPAN_RANGE_CONST const
/* void in 3.4 and 4.0, the new item later. Not used. */
typedef void epan_expert_result;
/* void in 3.4 and 4.0, the tree's configuration later. Not used. */
typedef void epan_stats_tree_result;
/* Since 4.4 there is a last argument, `void *user_data`. Earlier releases ignore it. */
#define EPAN_CONVERSATION_USER_DATA , void *user_data
#endif /* EPAN_REAL_TYPES */

#ifndef EPAN_FN
#define EPAN_FN(result, name, arguments) result name arguments;
#endif

/* ---- registration ---- */
EPAN_FN(void, epan_get_version_number, (int *major, int *minor, int *micro))
EPAN_FN(void, proto_register_plugin, (const proto_plugin *plugin))
EPAN_FN(int, proto_register_protocol, (const char *name, const char *short_name, const char *filter_name))
EPAN_FN(int, proto_register_protocol_in_name_only,
        (const char *name, const char *short_name, const char *filter_name, int parent_proto, enum ftenum field_type))
EPAN_FN(protocol_t *, find_protocol_by_id, (const int proto_id))
EPAN_FN(epan_bool_result, proto_is_protocol_enabled, (const protocol_t *protocol))
EPAN_FN(void, proto_register_field_array, (const int parent, hf_register_info *hf, const int num_records))
EPAN_FN(void, proto_register_subtree_array, (int *const *indices, const int num_indices))
EPAN_FN(expert_module_t *, expert_register_protocol, (int id))
EPAN_FN(void, expert_register_field_array, (expert_module_t *module, ei_register_info *ei, const int num_records))
EPAN_FN(module_t *, prefs_register_protocol, (int id, void (*apply_cb)(void)))
EPAN_FN(void, prefs_register_bool_preference,
        (module_t *module, const char *name, const char *title, const char *description, epan_bool_var *var))
EPAN_FN(void, prefs_register_enum_preference,
        (module_t *module, const char *name, const char *title, const char *description, int *var,
         const enum_val_t *enumvals, epan_bool_arg radio_buttons))
EPAN_FN(void, prefs_register_range_preference,
        (module_t *module, const char *name, const char *title, const char *description, range_t **var,
         uint32_t max_value))
EPAN_FN(dissector_handle_t, create_dissector_handle, (dissector_t dissector, const int proto))
EPAN_FN(void, register_postdissector, (dissector_handle_t handle))
EPAN_FN(void, register_init_routine, (void (*func)(void)))
EPAN_FN(int, proto_registrar_get_id_byname, (const char *field_name))
EPAN_FN(int, proto_get_id_by_filter_name, (const char *filter_name))
EPAN_FN(int, find_tap_id, (const char *name))
EPAN_FN(int, get_column_format_from_str, (const char *str))
EPAN_FN(module_t *, prefs_find_module, (const char *name))
EPAN_FN(pref_t *, prefs_find_preference, (module_t *module, const char *pref))

/* ---- called while a packet is judged; none of these can throw ---- */
EPAN_FN(const char *, try_serv_name_lookup, (port_type proto, unsigned port))
EPAN_FN(char *, address_to_display, (wmem_allocator_t *allocator, const address *addr))
EPAN_FN(void, wmem_free, (wmem_allocator_t *allocator, void *ptr))
EPAN_FN(epan_bool_result, value_is_in_range, (EPAN_RANGE_CONST range_t *range, uint32_t val))
EPAN_FN(const char *, proto_get_protocol_filter_name, (const int proto_id))
EPAN_FN(dissector_handle_t, dissector_get_default_uint_handle, (const char *name, const uint32_t uint_val))
EPAN_FN(int, dissector_handle_get_protocol_index, (const dissector_handle_t handle))
EPAN_FN(wmem_list_frame_t *, wmem_list_tail, (const wmem_list_t *list))
EPAN_FN(wmem_list_frame_t *, wmem_list_frame_prev, (const wmem_list_frame_t *frame))
EPAN_FN(void *, wmem_list_frame_data, (const wmem_list_frame_t *frame))

EPAN_FN(epan_bool_result, prefs_get_bool_value, (pref_t *pref, pref_source_t source))

/* ---- called while the layout is checked ---- */
EPAN_FN(wmem_list_frame_t *, wmem_list_head, (const wmem_list_t *list))
EPAN_FN(wmem_list_frame_t *, wmem_list_frame_next, (const wmem_list_frame_t *frame))

/* ---- can throw (longjmp): called only from C, through struct eph_calls ---- */
EPAN_FN(int, call_dissector_only,
        (dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data))
EPAN_FN(unsigned, tvb_captured_length, (const tvbuff_t *tvb))
EPAN_FN(const uint8_t *, tvb_get_ptr, (tvbuff_t *tvb, const int offset, const int length))
EPAN_FN(tvbuff_t *, get_data_source_tvb, (const struct data_source *src))
EPAN_FN(epan_bool_result, proto_field_is_referenced, (proto_tree *tree, int proto_id))
EPAN_FN(header_field_info *, proto_registrar_get_nth, (unsigned hfindex))
EPAN_FN(void, proto_tree_children_foreach, (proto_tree *tree, proto_tree_foreach_func func, void *data))
EPAN_FN(proto_item *, proto_tree_add_item,
        (proto_tree *tree, int hfindex, tvbuff_t *tvb, const int start, int length, const unsigned encoding))
EPAN_FN(proto_tree *, proto_item_add_subtree, (proto_item *pi, const int idx))
EPAN_FN(proto_item *, proto_tree_add_string,
        (proto_tree *tree, int hfindex, tvbuff_t *tvb, int start, int length, const char *value))
EPAN_FN(proto_item *, proto_tree_add_uint,
        (proto_tree *tree, int hfindex, tvbuff_t *tvb, int start, int length, uint32_t value))
EPAN_FN(proto_item *, proto_tree_add_boolean,
        (proto_tree *tree, int hfindex, tvbuff_t *tvb, int start, int length, epan_boolean_value value))
EPAN_FN(void, proto_item_set_text, (proto_item *pi, const char *format, ...))
EPAN_FN(epan_expert_result, expert_add_info_format,
        (packet_info *pinfo, proto_item *pi, expert_field *eiindex, const char *format, ...))
EPAN_FN(epan_bool_result, have_tap_listener, (int tap_id))
EPAN_FN(const char *, col_get_text, (column_info *cinfo, const int col))
EPAN_FN(void, col_clear, (column_info *cinfo, const int col))
EPAN_FN(void, col_clear_fence, (column_info *cinfo, const int col))
EPAN_FN(void, col_set_fence, (column_info *cinfo, const int col))
EPAN_FN(void, col_append_str, (column_info *cinfo, const int col, const char *str))

/* ---- bound if present: since 4.2, in which the host's columns are fields ---- */
EPAN_FN(void, fvalue_set_string, (fvalue_t *fv, const char *value))

/* ---- the tap and the statistics, bound if all are present; Rust calls those that register, C the others ---- */
EPAN_FN(int, register_tap, (const char *name))
EPAN_FN(void, tap_queue_packet, (int tap_id, packet_info *pinfo, const void *tap_specific_data))
EPAN_FN(epan_stats_tree_result, stats_tree_register_plugin,
        (const char *tapname, const char *abbr, const char *name, unsigned flags, stat_tree_packet_cb packet,
         stat_tree_init_cb init, stat_tree_cleanup_cb cleanup))
EPAN_FN(int, stats_tree_create_node,
        (stats_tree *st, const char *name, int parent_id, stat_node_datatype datatype, epan_bool_arg with_children))
EPAN_FN(int, stats_tree_manip_node_int,
        (manip_node_mode mode, stats_tree *st, const char *name, int parent_id, epan_bool_arg with_children, int value))

/* ---- the tables of conversations and endpoints, bound if all are present; Rust calls those that register, C the
 * others ---- */
EPAN_FN(void, register_conversation_table,
        (const int proto_id, epan_bool_arg hide_ports, tap_packet_cb conv_packet_func, tap_packet_cb endpoint_packet_func))
EPAN_FN(void, add_conversation_table_data,
        (conv_hash_t *ch, const address *src, const address *dst, uint32_t src_port, uint32_t dst_port, int num_frames,
         int num_bytes, nstime_t *ts, nstime_t *abs_ts, ct_dissector_info_t *ct_info, epan_conversation_type ctype))
/* One of these two is required: 3.4 has only the second name. */
EPAN_FN(void, add_endpoint_table_data,
        (conv_hash_t *ch, const address *addr, uint32_t port, epan_bool_arg sender, int num_frames, int num_bytes,
         epan_endpoint_info *et_info, endpoint_type etype))
#ifndef EPAN_REAL_TYPES
EPAN_FN(void, add_hostlist_table_data,
        (conv_hash_t *ch, const address *addr, uint32_t port, epan_bool_arg sender, int num_frames, int num_bytes,
         epan_endpoint_info *et_info, endpoint_type etype))
#endif

/* ---- the statistic of services, bound if all are present; Rust calls those that register, C the others ---- */
EPAN_FN(void, register_stat_tap_table_ui, (stat_tap_table_ui *ui))
EPAN_FN(void, register_stat_tap_ui, (stat_tap_ui *ui, void *userdata))
EPAN_FN(stat_tap_table *, stat_tap_init_table,
        (const char *name, int num_fields, int num_elements, const char *filter_string))
EPAN_FN(void, stat_tap_add_table, (stat_tap_table_ui *new_stat, stat_tap_table *table))
EPAN_FN(void, stat_tap_init_table_row,
        (stat_tap_table *stat_table, unsigned table_index, unsigned num_fields, const stat_tap_table_item_type *fields))
EPAN_FN(GString *, register_tap_listener,
        (const char *tapname, void *tapdata, const char *fstring, unsigned flags, tap_reset_cb tap_reset,
         tap_packet_cb tap_packet, tap_draw_cb tap_draw, tap_finish_cb tap_finish))

/* ---- the menu and the conversation filter, bound if all are present; Rust calls those that register, C the
 * others ---- */
EPAN_FN(void, register_conversation_filter,
        (const char *proto_name, const char *display_name, is_filter_valid_func is_filter_valid,
         build_filter_string_func build_filter_string EPAN_CONVERSATION_USER_DATA))
EPAN_FN(ext_menu_t *, ext_menubar_register_menu, (int proto_id, const char *menulabel, epan_bool_arg is_plugin))
EPAN_FN(ext_menu_t *, ext_menubar_set_parentmenu, (ext_menu_t *menu, const char *parentmenu))
EPAN_FN(void, ext_menubar_add_entry,
        (ext_menu_t *parent_menu, const char *label, const char *tooltip, ext_menubar_action_cb callback,
         void *user_data))
EPAN_FN(void, ext_menubar_add_separator, (ext_menu_t *parent_menu))
EPAN_FN(void, plugin_if_apply_filter, (const char *filter_string, epan_bool_arg force))
EPAN_FN(void, plugin_if_get_ws_info, (ws_info_t **ws_info))
EPAN_FN(void, plugin_if_save_preference, (const char *pref_module, const char *pref_key, const char *pref_value))
EPAN_FN(void, prefs_register_string_preference,
        (module_t *module, const char *name, const char *title, const char *description, const char **var))
EPAN_FN(const funnel_ops_t *, funnel_get_funnel_ops, (void))
/* GLib: the window frees a filter with g_free. */
#ifndef EPAN_REAL_TYPES
EPAN_FN(char *, g_strdup, (const char *str))
#endif

/* ---- the table of services, bound if all are present; Rust calls those that register, and g_strdup for texts that the
 * host frees; C calls the last two, to add a row ---- */
EPAN_FN(uat_t *, uat_new,
        (const char *name, size_t size, const char *filename, epan_bool_arg_of_uat from_profile, void *data_ptr,
         unsigned *num_items_ptr, unsigned flags, const char *help, uat_copy_cb_t copy_cb, uat_update_cb_t update_cb,
         uat_free_cb_t free_cb, uat_post_update_cb_t post_update_cb, uat_reset_cb_t reset_cb, uat_field_t *flds_array))
EPAN_FN(void, prefs_register_uat_preference,
        (module_t *module, const char *name, const char *title, const char *description, uat_t *uat))
EPAN_FN(void *, uat_add_record, (uat_t *uat, const void *record, epan_bool_arg_of_uat is_valid))
EPAN_FN(epan_bool_result_of_uat, uat_save, (uat_t *uat, char **error))

/* ---- the dissector of a conversation, bound if all are present; Rust calls these while a packet is judged: with our
 * arguments, none of them can throw ---- */
EPAN_FN(dissector_table_t, find_dissector_table, (const char *name))
EPAN_FN(dissector_handle_t, dissector_get_uint_handle, (dissector_table_t const sub_dissectors, const uint32_t uint_val))
EPAN_FN(dissector_handle_t, find_dissector, (const char *name))
EPAN_FN(const char *, dissector_handle_get_dissector_name, (const dissector_handle_t handle))
EPAN_FN(conversation_t *, find_conversation,
        (const uint32_t frame_num, const address *addr_a, const address *addr_b, const epan_conversation_type ctype,
         const uint32_t port_a, const uint32_t port_b, const unsigned options))
EPAN_FN(dissector_handle_t, conversation_get_dissector, (conversation_t *conversation, const uint32_t frame_num))
EPAN_FN(void, conversation_set_dissector, (conversation_t *conversation, const dissector_handle_t handle))
EPAN_FN(dissector_handle_t, register_dissector, (const char *name, dissector_t dissector, const int proto))
EPAN_FN(heur_dissector_list_t, find_heur_dissector_list, (const char *name))
/* This one can throw: only C calls it. */
EPAN_FN(epan_bool_result, dissector_try_heuristic,
        (heur_dissector_list_t sub_dissectors, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
         heur_dtbl_entry_t **hdtbl_entry, void *data))

/* ---- the log, bound if present: ws_log since 3.6, g_log in every process that has GLib ---- */
#ifndef EPAN_REAL_TYPES
EPAN_FN(void, ws_log, (const char *domain, int level, const char *format, ...))
EPAN_FN(void, g_log, (const char *domain, int level, const char *format, ...))
#endif

#endif /* EPHEMERAL_EPAN_H */
