/* count_from_capture.c
 * For LD_PRELOAD into tshark or sharkd under callgrind with --instr-atstart=no: starts counting when a capture is
 * opened. The start-up, which is most of the work for a small capture, then takes a quarter of the time.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <valgrind/callgrind.h>

/* epan/epan.h: the host calls this once for each capture. */
void *epan_new(void *packets, const void *functions)
{
    void *(*original)(void *, const void *) = (void *(*)(void *, const void *))dlsym(RTLD_NEXT, "epan_new");
    CALLGRIND_START_INSTRUMENTATION;
    return original == NULL ? NULL : original(packets, functions);
}
