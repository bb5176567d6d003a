/* menu.c
 * What the entries of Tools -> Ephemeral Ports do. Called in the window only.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "window.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const TITLE = "Ephemeral Ports";

static const struct eph_menu_calls *calls;
static const struct eph_layout *layout;

void eph_menu_bind(const struct eph_menu_calls *c, const struct eph_layout *l)
{
    calls = c;
    layout = l;
}

/* What the window says of itself; null: there is none. */
static const ws_info_t *window(void)
{
    /* The window fills it in; what else loads libwireshark leaves it as it is. */
    ws_info_t *info = NULL;
    if (calls != NULL)
        calls->plugin_if_get_ws_info(&info);
    return info != NULL && (info->ws_info_supported & 0xff) != 0 ? info : NULL;
}

int eph_menu_has_window(void)
{
    return window() != NULL;
}

int eph_menu_has_packets(void)
{
    const ws_info_t *info = window();
    return info != NULL && info->cf_count != 0;
}

/* The selected packet; null if there is none. */
static const struct eph_selection *selected(void)
{
    const ws_info_t *info = window();
    const struct eph_selection *selection = eph_conversation_selected();
    return info != NULL && info->cf_framenr != 0 && info->cf_framenr == selection->frame ? selection : NULL;
}

/* The host's function at this offset of its operations, 0 being none, as a function pointer in `function`. */
static void read_operation(const funnel_ops_t *ops, uint16_t offset, void *function)
{
    if (ops != NULL && offset != 0)
        memcpy(function, (const char *)ops + offset, sizeof(void (*)(void)));
}

/* The buttons of the text windows that are open, each with the text that it copies. Nothing is allocated here. */
static struct copy_button {
    funnel_bt_t button; /* its data is null while no window has it */
    char text[sizeof ((struct eph_selection *)0)->explanation];
} copy_buttons[8];

static int copy_text(void *window, void *data)
{
    (void)window;
    void (*copy_to_clipboard)(GString *) = NULL;
    read_operation(calls->funnel_get_funnel_ops(), layout->copy_text, &copy_to_clipboard);
    if (copy_to_clipboard != NULL) {
        size_t length = strlen(data);
        copy_to_clipboard(&(GString){.str = data, .len = length, .allocated_len = length + 1});
    } else {
        calls->report(EPH_NOT_COPIED, 0);
    }
    return 1;
}

static void free_copy_button(void *button)
{
    ((funnel_bt_t *)button)->data = NULL;
}

/* A window for which no button is left, or whose text is too long for one, has none. */
static void add_copy_button(const funnel_ops_t *ops, void *window, const char *text)
{
    size_t size = strlen(text) + 1;
    if (ops->add_button == NULL || layout->copy_text == 0)
        return;
    for (size_t i = 0; size <= sizeof copy_buttons->text && i < sizeof copy_buttons / sizeof *copy_buttons; i++) {
        struct copy_button *copy = &copy_buttons[i];
        if (copy->button.data == NULL) {
            memcpy(copy->text, text, size);
            copy->button = (funnel_bt_t){.tw = window, .func = copy_text, .data = copy->text, .free_fcn = free_copy_button};
            ops->add_button(window, &copy->button, "Copy");
            return;
        }
    }
    calls->report(EPH_NO_COPY_BUTTON, 0);
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
    if (window != NULL) {
        ops->set_text(window, text);
        add_copy_button(ops, window, text);
    } else {
        calls->report(EPH_NO_TEXT_WINDOW, 0);
    }
}

/* Whether packets are being captured or read. Until that is done, the window does not say which packet is selected. In
 * cfile.h, FILE_READ_IN_PROGRESS is 1 or 2, by release, and FILE_READ_DONE is 3 or 4. */
static int is_reading(void)
{
    const ws_info_t *info = window();
    return info != NULL && info->cf_count != 0 && (info->cf_state == 1 || info->cf_state == 2);
}

static void show_explanation(const struct eph_selection *selection)
{
    if (selection != NULL)
        show_text(TITLE, selection->explanation);
    else if (is_reading())
        show_text(TITLE, "Wireshark does not say which packet is selected while it captures. Stop the capture first.\n");
    else
        show_text(TITLE, "Select a packet first.\n");
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
        show_explanation(selection);
}

/* Has the window dissect all packets again by saving a preference that has changed: some hosts have no other means. */
static void dissect_by_preference(const char *value)
{
    int is_odd = value != NULL && strcmp(value, "1") == 0;
    calls->plugin_if_save_preference("ephemeral", "dissected_again", is_odd ? "2" : "1");
}

/* Has the window dissect all packets again, once we have returned. */
static void dissect_again(void)
{
    void (*redissect_packets)(void *ops_id) = NULL;
    const funnel_ops_t *ops = calls->funnel_get_funnel_ops();
    read_operation(ops, layout->redissect, &redissect_packets);
    if (redissect_packets != NULL)
        redissect_packets(ops->ops_id);
    else if (calls->dissected_again != NULL)
        dissect_by_preference(*calls->dissected_again);
    else
        calls->report(EPH_NOT_DISSECTED_AGAIN, 0);
}

/* Says why an entry changed nothing. */
static void show_unchanged(uint32_t frame, enum eph_client client)
{
    char text[128];
    snprintf(text, sizeof text, "Packet %u: %s, so nothing changes.\n", frame,
             client == EPH_CLIENT_AS_FOUND ? "nothing is set by hand for its conversation"
                                           : "the client of its conversation is set like this already");
    show_text(TITLE, text);
}

static void set_client(enum eph_client client)
{
    const struct eph_selection *selection = selected();
    enum eph_set set = selection != NULL ? calls->set_client(selection->frame, client) : EPH_SET_NOTHING;
    if (set == EPH_SET_NOTHING)
        show_explanation(selection);
    else if (set == EPH_SET_BEFORE)
        show_unchanged(selection->frame, client);
    else
        dissect_again();
}

void eph_menu_source(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    set_client(EPH_CLIENT_IS_SOURCE);
}

void eph_menu_destination(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    set_client(EPH_CLIENT_IS_DESTINATION);
}

void eph_menu_decode_by_server(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    const struct eph_selection *selection = selected();
    const char *message = NULL;
    if (selection != NULL && calls->decode_by_server(selection->frame, &message) == EPH_SET)
        dissect_again();
    else if (message != NULL)
        show_text(TITLE, message);
    else
        show_explanation(selection);
}

void eph_menu_as_found(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    set_client(EPH_CLIENT_AS_FOUND);
}

void eph_menu_set_by_hand(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    calls->plugin_if_apply_filter("ephemeral.evidence == \"" EPH_SET_BY_HAND "\" || ephemeral.by_server_port", 1);
}

void eph_menu_remember(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    const struct eph_selection *selection = selected();
    if (selection == NULL)
        return show_explanation(NULL);
    const char *message = NULL;
    const void *row = calls->remember(selection->frame, &message);
    if (row == NULL)
        return message != NULL ? show_text(TITLE, message) : show_explanation(selection);
    char *error = NULL;
    calls->uat_add_record(calls->services, row, 1);
    int is_saved = calls->uat_save(calls->services, &error);
    show_text(TITLE, is_saved ? message : error != NULL ? error : "The table of services could not be saved.\n");
    calls->wmem_free(NULL, error);
    dissect_again();
}

void eph_menu_explain(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    show_explanation(selected());
}

void eph_menu_about(ext_menubar_gui_type gui, void *object, void *data)
{
    (void)gui, (void)object, (void)data;
    show_text("About Ephemeral Ports", calls->about());
}
