/* faults.c
 * Errors of the host while we write to it, for tests/faults.sh; only in builds with the feature `faults`.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "boundary.h"

#include <stdlib.h>
#include <string.h>

void eph_fault(const struct eph_calls *calls, tvbuff_t *tvb, const char *where)
{
    const char *fault = getenv("EPHEMERAL_FAULT");
    /* No byte is there: the host throws, as it does when a tree has too many items. */
    if (fault != NULL && strncmp(fault, "throw ", 6) == 0 && strcmp(fault + 6, where) == 0)
        calls->tvb_get_ptr(tvb, (int)calls->tvb_captured_length(tvb) + 1, 1);
}
