/* release.c
 * The few functions of a Wireshark MAJOR.MINOR that the plugin calls first, and no others. It is a
 * library, to be opened or preloaded.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdarg.h>
#include <stdio.h>

void epan_get_version_number(int *major, int *minor, int *micro)
{
    *major = MAJOR;
    *minor = MINOR;
    *micro = 0;
}

void ws_log(const char *domain, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s %d: ", domain, level);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}
