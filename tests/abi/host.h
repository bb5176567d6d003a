/* host.h
 * The real headers of one release of Wireshark, and what include/epan.h says of types that changed.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_HOST_H
#define EPHEMERAL_HOST_H

#include <config.h>

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __has_include(<ws_version.h>)
#include <ws_version.h>
#else
#define WIRESHARK_VERSION_MAJOR VERSION_MAJOR
#define WIRESHARK_VERSION_MINOR VERSION_MINOR
#endif

#include <epan/addr_resolv.h>
#include <epan/column.h>
#include <epan/conversation.h>
#include <epan/conversation_filter.h>
#include <epan/conversation_table.h>
#include <epan/epan.h>
#include <epan/expert.h>
#include <epan/funnel.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs.h>
#include <epan/prefs-int.h>
#include <epan/range.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/uat.h>
#include <epan/uat-int.h>

#define RELEASE (WIRESHARK_VERSION_MAJOR * 100 + WIRESHARK_VERSION_MINOR)

#if RELEASE >= 306
#include <wsutil/wslog.h>
#endif
#if RELEASE >= 404
#include <wsutil/plugins.h>
#endif

/* See the end of the block of types in include/epan.h. */
#if RELEASE < 402
#define epan_bool_arg_of_uat gboolean
#define epan_bool_result_of_uat gboolean
#else
#define epan_bool_arg_of_uat bool
#define epan_bool_result_of_uat bool
#endif
#if RELEASE < 404
#define epan_bool_result gboolean
#define epan_bool_arg gboolean
#define epan_bool_var gboolean
#define epan_boolean_value guint32
#else
#define epan_bool_result bool
#define epan_bool_arg bool
#define epan_bool_var bool
#define epan_boolean_value uint64_t
#endif

/* The same number under another name. */
#if RELEASE < 306
#define REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS REGISTER_STAT_GROUP_UNSORTED
#else
#define REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS REGISTER_PACKET_STAT_GROUP_UNSORTED
#endif

#if RELEASE < 402
typedef void epan_expert_result;
#else
typedef proto_item *epan_expert_result;
#endif

#if RELEASE < 404
typedef void epan_stats_tree_result;
#else
typedef stats_tree_cfg *epan_stats_tree_result;
#endif

#if RELEASE < 402
#define EPAN_CONVERSATION_USER_DATA
#else
#define EPAN_CONVERSATION_USER_DATA , void *user_data
#endif

#if RELEASE < 306
#define EPAN_RANGE_CONST
#else
#define EPAN_RANGE_CONST const
#endif

#if RELEASE < 306
typedef endpoint_type epan_conversation_type;
typedef hostlist_dissector_info_t epan_endpoint_info;
#define CONVERSATION_NONE ENDPOINT_NONE
#define CONVERSATION_TCP ENDPOINT_TCP
#define CONVERSATION_UDP ENDPOINT_UDP
#define add_endpoint_table_data add_hostlist_table_data
#else
typedef conversation_type epan_conversation_type;
typedef et_dissector_info_t epan_endpoint_info;
#endif

#define EPAN_REAL_TYPES

#endif /* EPHEMERAL_HOST_H */
