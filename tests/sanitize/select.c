/* select.c
 * Preload it into tshark: after every packet, it calls our conversation filter, as the window does when
 * the user selects the packet, and prints the result on standard error.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DISSECT_PINFO = 24 /* epan_dissect.pi, epan/epan_dissect.h */ };

/* epan/conversation_filter.h. */
struct filter {
    const char *protocol, *title;
    int (*is_valid)(void *packet, void *data);
    char *(*build)(void *packet, void *data);
};

struct list {
    struct filter *filter;
    struct list *next;
};

static void select_packet(void *packet)
{
    struct list **filters = dlsym(RTLD_DEFAULT, "packet_conv_filter_list");
    if (filters == NULL)
        filters = dlsym(RTLD_DEFAULT, "conv_filter_list");
    for (struct list *at = filters ? *filters : NULL; at != NULL; at = at->next) {
        if (strcmp(at->filter->protocol, "ephemeral") != 0 || !(at->filter->is_valid(packet, NULL) & 0xff))
            continue;
        char *text = at->filter->build(packet, NULL);
        fprintf(stderr, "selects: %s\n", text);
        free(text);
    }
}

/* Releases differ in the number of arguments. Six are in registers; the others are passed on unchanged. */
void epan_dissect_run_with_taps(void *dissect, void *b, void *c, void *d, void *e, void *f)
{
    void (*next)(void *, void *, void *, void *, void *, void *) = dlsym(RTLD_NEXT, "epan_dissect_run_with_taps");
    next(dissect, b, c, d, e, f);
    select_packet((char *)dissect + DISSECT_PINFO);
}
