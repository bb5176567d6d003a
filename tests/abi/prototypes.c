/* prototypes.c
 * Compiles only if each function of include/epan.h has the same prototype in the real headers.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#define SAME(result, name, arguments)                                                                                  \
    _Static_assert(__builtin_types_compatible_p(__typeof__(name), result arguments),                                   \
                   "include/epan.h declares another prototype of " #name);

#define EPAN_FN SAME
#include "../../include/epan.h"

/* The functions for logging take an enum, which we pass as the int that it is. */
SAME(void, g_log, (const char *domain, GLogLevelFlags level, const char *format, ...))
_Static_assert(sizeof(GLogLevelFlags) == sizeof(int), "the level of g_log() is an int");
#if RELEASE >= 306
SAME(void, ws_log, (const char *domain, enum ws_log_level level, const char *format, ...))
_Static_assert(sizeof(enum ws_log_level) == sizeof(int), "the level of ws_log() is an int");
#endif
