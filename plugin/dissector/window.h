/* window.h
 * The interface for the window: the selected packet's conversation (conversation.c), and the entries of
 * Tools -> Ephemeral Ports (menu.c).
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_WINDOW_H
#define EPHEMERAL_WINDOW_H

#include "boundary.h"

/* The evidence of a conversation whose client was set by the user (src/roles/verdict.rs). */
#define EPH_SET_BY_HAND "set by hand"

/* The packet that the user selected last. */
struct eph_selection {
    uint32_t frame;        /* 0: none yet */
    char filter[256];      /* display filter for its conversation; empty if its roles are not known */
    char explanation[8192];
};

/* Returns whether the plugin is switched off, for this file or for good. Implemented in Rust: never unwinds, never
 * jumps. */
typedef int (*eph_is_off)(void);

void eph_conversation_bind(char *(*g_strdup)(const char *), eph_report report, eph_is_off is_off);

/* Callbacks of the conversation filter: return whether there is a filter for the packet, and its text. */
int eph_conversation_is_known(packet_info *pinfo);
char *eph_conversation_filter(packet_info *pinfo);

const struct eph_selection *eph_conversation_selected(void);

/* ---- menu.c: the entries of Tools -> Ephemeral Ports ---- */

/* The client of the selected packet's conversation. */
enum eph_client { EPH_CLIENT_AS_FOUND, EPH_CLIENT_IS_SOURCE, EPH_CLIENT_IS_DESTINATION };

enum eph_set {
    EPH_SET_NOTHING, /* the packet has no conversation */
    EPH_SET_BEFORE,  /* the setting was the same already */
    EPH_SET
};

struct eph_menu_calls {
    void (*plugin_if_apply_filter)(const char *, epan_bool_arg);
    void (*plugin_if_get_ws_info)(ws_info_t **);
    void (*plugin_if_save_preference)(const char *, const char *, const char *);
    /* The value of the preference ephemeral.dissected_again; null: the host does not need it. */
    const char *const *dissected_again;
    const funnel_ops_t *(*funnel_get_funnel_ops)(void);
    void *(*uat_add_record)(uat_t *, const void *, epan_bool_arg_of_uat); /* null, like `services`: no table */
    epan_bool_result_of_uat (*uat_save)(uat_t *, char **);
    uat_t *services;
    void (*wmem_free)(wmem_allocator_t *, void *);
    /* The rest is implemented in Rust: never unwinds, never jumps. */
    /* Returns the text of About and diagnostics, valid until the next call. */
    const char *(*about)(void);
    eph_report report;
    /* Sets the client of the conversation to which the selected packet, with this number, belongs. */
    enum eph_set (*set_client)(uint32_t frame, enum eph_client client);
    /* Returns the server of that conversation as a row for the table of services, or null if there is none to add.
     * `message` is the message for the user, valid until the next call. */
    const void *(*remember)(uint32_t frame, const char **message);
    /* Sets that conversation to be decoded by its server's port when the packets are dissected again. `message` as above,
     * unless this call set it. */
    enum eph_set (*decode_by_server)(uint32_t frame, const char **message);
};

/* The structures must live as long as the process. */
void eph_menu_bind(const struct eph_menu_calls *calls, const struct eph_layout *layout);

/* Returns whether this host has a window. */
int eph_menu_has_window(void);

/* Returns whether the window has packets. It has none when it begins to read a file. So if it has some, it dissects the
 * same file again. */
int eph_menu_has_packets(void);

void eph_menu_misnamed(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_conversation(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_set_by_hand(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_source(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_destination(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_decode_by_server(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_as_found(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_remember(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_explain(ext_menubar_gui_type gui, void *object, void *data);
void eph_menu_about(ext_menubar_gui_type gui, void *object, void *data);

#endif /* EPHEMERAL_WINDOW_H */
