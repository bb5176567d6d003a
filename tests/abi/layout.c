/* layout.c
 * Prints the values that this project relies on, one "name value" a line: with -DOURS from its own
 * sources, otherwise from the real headers of a release.
 *
 * The names are the same in both, so the two lists can be compared. Lines that start with "row."
 * have the values that differ between releases: a row of src/host/api/releases.rs.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifdef OURS
#include "../../plugin/dissector/layout_check.c"
#include "../../plugin/dissector/dissect.c"
#include "../../plugin/dissector/info.c"
#include "../../plugin/dissector/packet_info.c"
#include "../../plugin/dissector/tables.h"
#include "../../plugin/dissector/fields.c"
#include "../../plugin/dissector/tree.c"
typedef struct field field_info;
typedef struct eph_list_item GSList;
/* src/host/guard/logging.rs and src/loader.rs */
enum { LOG_LEVEL_DEBUG = 2, LOG_LEVEL_INFO = 3, LOG_LEVEL_WARNING = 5, LOG_LEVEL_CRITICAL = 6 };
enum { WS_PLUGIN_DESC_DISSECTOR = 1 };
#define RELEASE 9999
#else
#include "host.h"
enum { COLUMN_MAX = COL_MAX_INFO_LEN };
#endif

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SIZE(type) printf("sizeof(%s) %zu\n", #type, sizeof(type))
#define AT(type, member) printf("%s.%s %zu\n", #type, #member, offsetof(type, member))
#define VALUE(constant) printf("%s %ld\n", #constant, (long)(constant))

static void structures(void)
{
    /* These are registered one by one, with room behind: no size. */
    AT(hf_register_info, p_id);
    AT(hf_register_info, hfinfo);
    AT(header_field_info, name);
    AT(header_field_info, abbrev);
    AT(header_field_info, type);
    AT(header_field_info, display);
    AT(header_field_info, strings);
    AT(header_field_info, bitmask);
    AT(header_field_info, blurb);
    AT(header_field_info, id);
    AT(header_field_info, parent);
    AT(header_field_info, ref_type);
    AT(header_field_info, same_name_prev_id);
    AT(ei_register_info, ids);
    AT(ei_register_info, eiinfo);
    AT(expert_field_info, name);
    AT(expert_field_info, group);
    AT(expert_field_info, severity);
    AT(expert_field_info, summary);
    SIZE(expert_field);
    AT(expert_field, ei);
    AT(expert_field, hf);
    SIZE(address);
    AT(address, type);
    AT(address, len);
    AT(address, data);
    AT(address, priv);
    SIZE(enum_val_t);
    AT(enum_val_t, name);
    AT(enum_val_t, description);
    AT(enum_val_t, value);
    SIZE(value_string);
    AT(value_string, value);
    AT(value_string, strptr);
    SIZE(uat_field_t);
    AT(uat_field_t, name);
    AT(uat_field_t, title);
    AT(uat_field_t, mode);
    AT(uat_field_t, cb.chk);
    AT(uat_field_t, cb.set);
    AT(uat_field_t, cb.tostr);
    AT(uat_field_t, cbdata.chk);
    AT(uat_field_t, cbdata.set);
    AT(uat_field_t, cbdata.tostr);
    AT(uat_field_t, fld_data);
    AT(uat_field_t, desc);
    AT(uat_field_t, priv);
    AT(proto_plugin, register_protoinfo);
    AT(proto_plugin, register_handoff);
    SIZE(GSList);
    AT(GSList, data);
    AT(GSList, next);
    /* We declare only the head of these structures: no size. */
    AT(ws_info_t, cf_filename);
    AT(ws_info_t, cf_count);
    AT(ws_info_t, cf_framenr);
    AT(funnel_ops_t, new_text_window);
    AT(funnel_ops_t, set_text);
    AT(funnel_ops_t, add_button);
    SIZE(funnel_bt_t);
    AT(funnel_bt_t, tw);
    AT(funnel_bt_t, func);
    AT(funnel_bt_t, data);
    AT(funnel_bt_t, free_fcn);
    AT(funnel_bt_t, free_data_fcn);
    SIZE(GString);
    AT(GString, str);
    AT(GString, len);
    AT(GString, allocated_len);
    AT(field_info, hfinfo);
    AT(field_info, start);
    AT(field_info, length);
    AT(field_info, appendix_start);
    AT(field_info, appendix_length);
    AT(field_info, tree_type);
    AT(field_info, flags);
    AT(field_info, rep);
    AT(field_info, ds_tvb);
    AT(field_info, value);
    AT(conversation_t, options);
    AT(ct_dissector_info_t, get_filter_type);
    AT(epan_endpoint_info, get_filter_type);
    /* The first is registered with room behind. */
    AT(stat_tap_table_ui, group);
    AT(stat_tap_table_ui, title);
    AT(stat_tap_table_ui, tap_name);
    AT(stat_tap_table_ui, cli_string);
    AT(stat_tap_table_ui, stat_tap_init_cb);
    AT(stat_tap_table_ui, packet_func);
    AT(stat_tap_table_ui, stat_tap_reset_table_cb);
    AT(stat_tap_table_ui, stat_tap_free_table_item_cb);
    AT(stat_tap_table_ui, stat_filter_check_cb);
    AT(stat_tap_table_ui, nfields);
    AT(stat_tap_table_ui, fields);
    AT(stat_tap_table_ui, nparams);
    AT(stat_tap_table_ui, params);
    AT(stat_tap_table_ui, tables);
    AT(stat_tap_table_ui, refcount);
    AT(stat_tap_ui, group);
    AT(stat_tap_ui, title);
    AT(stat_tap_ui, cli_string);
    AT(stat_tap_ui, tap_init_cb);
    AT(stat_tap_ui, nparams);
    AT(stat_tap_ui, params);
    AT(stat_data_t, stat_tap_data);
    SIZE(stat_tap_table_item);
    AT(stat_tap_table_item, type);
    AT(stat_tap_table_item, align);
    AT(stat_tap_table_item, column_name);
    AT(stat_tap_table_item, field_format);
    SIZE(stat_tap_table_item_type);
    AT(stat_tap_table_item_type, type);
    AT(stat_tap_table_item_type, value);
    AT(stat_tap_table_item_type, value.uint_value);
    AT(stat_tap_table_item_type, value.string_value);
    AT(stat_tap_table_item_type, user_data);
    AT(stat_tap_table, num_fields);
    AT(stat_tap_table, num_elements);
    AT(stat_tap_table, elements);
    AT(GArray, data);
    AT(GArray, len);
}

static void values(void)
{
    VALUE(FT_PROTOCOL);
    VALUE(FT_BOOLEAN);
    VALUE(FT_UINT8);
    VALUE(FT_UINT16);
    VALUE(FT_STRING);
    VALUE(FT_FRAMENUM);
    VALUE(BASE_NONE);
    VALUE(BASE_DEC);
    VALUE(PT_SCTP);
    VALUE(PT_TCP);
    VALUE(PT_UDP);
    VALUE(PT_DCCP);
    VALUE(AT_NONE);
    VALUE(AT_IPv4);
    VALUE(AT_IPv6);
    VALUE(AT_STRINGZ);
    VALUE(PI_ASSUMPTION);
    VALUE(PI_NOTE);
    VALUE(FI_HIDDEN);
    VALUE(FI_GENERATED);
    VALUE(CONV_FT_SRC_ADDRESS);
    VALUE(CONV_FT_DST_ADDRESS);
    VALUE(CONV_FT_ANY_ADDRESS);
    VALUE(CONVERSATION_NONE);
    VALUE(CONVERSATION_TCP);
    VALUE(CONVERSATION_UDP);
    VALUE(ENDPOINT_NONE);
    VALUE(HF_REF_TYPE_DIRECT);
    VALUE(COLUMN_MAX);
    VALUE(STAT_DT_INT);
    VALUE(MN_INCREASE);
    VALUE(MN_SET);
    VALUE(MN_SET_FLAGS);
    VALUE(REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS);
    VALUE(TABLE_ITEM_NONE);
    VALUE(TABLE_ITEM_UINT);
    VALUE(TABLE_ITEM_STRING);
    VALUE(TAP_ALIGN_LEFT);
    VALUE(TAP_ALIGN_RIGHT);
    VALUE(ST_FLG_SORT_TOP);
    VALUE(ST_FLG_SORT_DESC);
    VALUE(ST_FLG_SRTCOL_SHIFT);
    VALUE(ST_SORT_COL_COUNT);
    VALUE(EXT_MENUBAR_QT_GUI);
    VALUE(pref_current);
    VALUE(PT_TXTMOD_NONE);
    VALUE(PT_TXTMOD_STRING);
    VALUE(PT_TXTMOD_ENUM);
    VALUE(UAT_AFFECTS_DISSECTION);
#if RELEASE >= 306
    VALUE(LOG_LEVEL_DEBUG);
    VALUE(LOG_LEVEL_INFO);
    VALUE(LOG_LEVEL_WARNING);
    VALUE(LOG_LEVEL_CRITICAL);
#endif
#if RELEASE >= 404
    VALUE(WS_PLUGIN_DESC_DISSECTOR);
#endif
}

#ifdef OURS
static void others(void)
{
    printf("LABEL_MAX %d\n", (int)LABEL_MAX);
    printf("packet_info.abs_ts %d\n", (int)PINFO_ABS_TS);
    printf("packet_info.rel_ts %d\n", (int)PINFO_REL_TS);
}
#else
/* What the first line of a field_info's label is, and how long it may get. */
static void others(void)
{
    printf("item_label_t.representation %zu\n", offsetof(item_label_t, representation));
    printf("ITEM_LABEL_LENGTH %d\n", ITEM_LABEL_LENGTH);
    printf("frame_data.num %zu\n", offsetof(frame_data, num));
    AT(packet_info, can_desegment);
    AT(packet_info, saved_can_desegment);
    AT(packet_info, abs_ts);
    AT(packet_info, rel_ts);
}

#define WINDOW_TAKES(...)                                                                                              \
    __builtin_types_compatible_p(__typeof__(((funnel_ops_t *)0)->new_text_window),                                     \
                                 funnel_text_window_t *(*)(__VA_ARGS__))
#define ROW(member, value) printf("row.%s %ld\n", #member, (long)(value))

static void row(void)
{
    printf("release %d.%d\n", WIRESHARK_VERSION_MAJOR, WIRESHARK_VERSION_MINOR);
    ROW(pinfo_cinfo, offsetof(packet_info, cinfo));
    ROW(pinfo_num, offsetof(packet_info, num));
    ROW(pinfo_fd, offsetof(packet_info, fd));
    ROW(pinfo_data_src, offsetof(packet_info, data_src));
    ROW(pinfo_src, offsetof(packet_info, src));
    ROW(pinfo_dst, offsetof(packet_info, dst));
    ROW(pinfo_ptype, offsetof(packet_info, ptype));
    ROW(pinfo_srcport, offsetof(packet_info, srcport));
    ROW(pinfo_destport, offsetof(packet_info, destport));
    ROW(pinfo_can_desegment, offsetof(packet_info, can_desegment));
    ROW(pinfo_layers, offsetof(packet_info, layers));
    ROW(fd_pkt_len, offsetof(frame_data, pkt_len));
#if RELEASE >= 400
    ROW(table_flags, offsetof(conv_hash_t, flags));
#else
    ROW(table_flags, 0); /* not there in 3.4, not known about 3.6 */
#endif
    /* enum eph_text_window */
    if (WINDOW_TAKES(const char *))
        ROW(text_window, 1);
    else if (WINDOW_TAKES(funnel_ops_id_t *, const char *))
        ROW(text_window, 2);
    else
        ROW(text_window, 0);
    /* Bindings say nothing about it in 3.6. */
    ROW(copy_text, offsetof(funnel_ops_t, copy_to_clipboard));
#if RELEASE >= 400
    ROW(redissect, offsetof(funnel_ops_t, redissect_packets));
#else
    ROW(redissect, 0); /* not there in 3.4, not known of 3.6 */
#endif
}
#endif

int main(void)
{
    structures();
    values();
    others();
#ifndef OURS
    row();
#endif
    return 0;
}
