/* toggle.c
 * Preload it into tshark: before every packet, it disables or enables our protocol, as a user does in
 * Analyze -> Enabled Protocols.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

static void toggle(void)
{
    static int enabled;
    int (*find)(const char *) = dlsym(RTLD_DEFAULT, "proto_get_id_by_filter_name");
    void (*set)(int, int) = dlsym(RTLD_DEFAULT, "proto_set_decoding");
    enabled = !enabled;
    set(find("ephemeral"), enabled);
}

/* Releases differ in the number of arguments. Six are in registers; the others are passed on unchanged. */
void epan_dissect_run_with_taps(void *a, void *b, void *c, void *d, void *e, void *f)
{
    void (*next)(void *, void *, void *, void *, void *, void *) = dlsym(RTLD_NEXT, "epan_dissect_run_with_taps");
    toggle();
    next(a, b, c, d, e, f);
}
