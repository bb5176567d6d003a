/* menu.c
 * What the entries of Tools -> Ephemeral Ports do. Called in the window only.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "window.h"

#include <stddef.h>

static const struct eph_menu_calls *calls;
static const struct eph_layout *layout;

void eph_menu_bind(const struct eph_menu_calls *c, const struct eph_layout *l)
{
    calls = c;
    layout = l;
}

int eph_menu_has_window(void)
{
    /* The window fills it in; what else loads libwireshark leaves it as it is. */
    ws_info_t *info = NULL;
    if (calls != NULL)
        calls->plugin_if_get_ws_info(&info);
    return info != NULL && (info->ws_info_supported & 0xff) != 0;
}

/* The selected packet; null if there is none. */
static const struct eph_selection *selected(void)
{
    ws_info_t *info = NULL;
    calls->plugin_if_get_ws_info(&info);
    const struct eph_selection *selection = eph_conversation_selected();
    return info != NULL && info->cf_framenr != 0 && info->cf_framenr == selection->frame ? selection : NULL;
}

/* A window of its own, from which text can be copied. */
static void show_text(const char *title, const char *text)
{
    typedef void *(*new_window)(const char *);
    typedef void *(*new_window_by_id)(void *, const char *);
    const funnel_ops_t *ops = EPH_IS_LOST("window") ? NULL : calls->funnel_get_funnel_ops();
    const int has_windows = ops != NULL && ops->new_text_window != NULL && ops->set_text != NULL;
    void *window = NULL;
    if (has_windows && layout->text_window == EPH_WINDOW_BY_ID)
        window = ((new_window_by_id)ops->new_text_window)(ops->ops_id, title);
    else if (has_windows && layout->text_window == EPH_WINDOW_BY_TITLE)
        window = ((new_window)ops->new_text_window)(title);
    if (window != NULL)
        ops->set_text(window, text);
    else
        calls->report(EPH_NO_TEXT_WINDOW, 0);
}

static void explain(const struct eph_selection *selection)
{
    show_text("Ephemeral Ports", selection ? selection->explanation : "Select a packet first.\n");
}

void eph_menu_misnamed(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    calls->plugin_if_apply_filter("ephemeral.misnamed", 1);
}

void eph_menu_conversation(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    const struct eph_selection *selection = selected();
    if (selection != NULL && selection->filter[0] != '\0')
        calls->plugin_if_apply_filter(selection->filter, 1);
    else
        explain(selection);
}

void eph_menu_explain(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    explain(selected());
}

void eph_menu_about(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    show_text("About Ephemeral Ports", calls->about());
}
