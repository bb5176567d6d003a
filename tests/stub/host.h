/* host.h
 * What the files of the stub share: host.c says what it is.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STUB_HOST_H
#define STUB_HOST_H

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

/* What follows is the stub's own: the plugin must not find it. */
#pragma GCC visibility push(hidden)

/* ---- memory.c ---- */

/* The byte that is wherever the headers have something that we know nothing of. */
extern int fill;

void die(const char *what);

/* Memory of the host's, filled with `fill`. */
void *make(size_t size);
#define MAKE(type) ((type *)make(sizeof(type)))

/* The plugin may write from here on only through the host's functions, which end in `wrote()`. */
void watch(void);
void wrote(const char *function);
/* Prints whether it wrote otherwise. */
void look(const char *when);

/* ---- registration.c ---- */

enum { MOST_FIELDS = 128, TCP_SUBTREE = 7, FIRST_SUBTREE = 100 };

extern header_field_info *fields[MOST_FIELDS];
extern const proto_plugin *plugin;
extern dissector_handle_t postdissector;
extern void (*open_file)(void);

int register_protocol(const char *name, const char *filter);
/* One of the host's own fields, from memory as a dissector has it. */
int own_field(int parent, const char *filter, enum ftenum type, int display);

/* ---- packet.c ---- */

/* Without those of its members that change later. */
void make_field(field_info *field, const header_field_info *hfinfo, tvbuff_t *tvb);
proto_node *add_node(proto_node *parent, int id, tvbuff_t *tvb);
void set_text(proto_node *node, const char *format, va_list arguments);

/* ---- window.c ---- */

/* The last entry of the menu; null: there is none. */
extern ext_menubar_action_cb about;

#pragma GCC visibility pop

#endif /* STUB_HOST_H */
