/* faults.c
 * Fault injection while the plugin writes to the host, for tests/faults.sh and tests/sanitize. Only in builds with the
 * feature `faults`.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int is_fault(const char *kind, const char *where)
{
    const char *fault = getenv("EPHEMERAL_FAULT");
    size_t length = strlen(kind);
    return fault != NULL && strncmp(fault, kind, length) == 0 && strcmp(fault + length, where) == 0;
}

/* Returns whether a search in the host's data is to fail. */
int eph_is_lost(const char *what)
{
    return is_fault("lose ", what);
}

void eph_fault(const struct eph_calls *calls, tvbuff_t *tvb, const char *where)
{
    /* Reads behind the last byte, so the host throws, as it does when a tree has too many items. */
    if (is_fault("throw ", where))
        calls->tvb_get_ptr(tvb, (int)calls->tvb_captured_length(tvb) + 1, 1);
    /* The sanitizers must find the following two. */
    if (is_fault("overrun ", where)) {
        volatile char *block = malloc(strlen(where));
        block[strlen(where)] = '\0';
    }
    if (is_fault("overflow ", where)) {
        volatile int most = INT_MAX;
        most = most + 1;
    }
}
