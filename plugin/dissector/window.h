/* window.h
 * What the window offers beside the packets: the selected packet's conversation (conversation.c), and the entries
 * of Tools -> Ephemeral Ports (menu.c).
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_WINDOW_H
#define EPHEMERAL_WINDOW_H

#include "boundary.h"

/* The packet that the user selected last. */
struct eph_selection {
    uint32_t frame;        /* 0: none yet */
    char filter[256];      /* selects its conversation; empty if its roles are not known */
    char explanation[8192];
};

/* Whether the plugin is switched off, for this file or for good. Implemented in Rust: never unwinds, never jumps. */
typedef int (*eph_is_off)(void);

void eph_conversation_bind(char *(*g_strdup)(const char *), eph_report report, eph_is_off is_off);

/* Callbacks of the conversation filter: whether there is one for the packet, and its text. */
int eph_conversation_is_known(packet_info *pinfo);
char *eph_conversation_filter(packet_info *pinfo);

const struct eph_selection *eph_conversation_selected(void);

/* ---- menu.c: what the entries of Tools -> Ephemeral Ports do ---- */

struct eph_menu_calls {
    void (*plugin_if_apply_filter)(const char *, epan_bool_arg);
    void (*plugin_if_get_ws_info)(ws_info_t **);
    const funnel_ops_t *(*funnel_get_funnel_ops)(void);
    /* What the plugin says about itself, kept until the next call. Implemented in Rust: never unwinds, never jumps. */
    const char *(*about)(void);
    eph_report report;
};

/* The structures must live as long as the process. */
void eph_menu_bind(const struct eph_menu_calls *calls, const struct eph_layout *layout);

/* Whether this host has a window. */
int eph_menu_has_window(void);

void eph_menu_misnamed(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_conversation(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_explain(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_about(ext_menubar_gui_type gui, void *object, void *data);

#endif /* EPHEMERAL_WINDOW_H */
