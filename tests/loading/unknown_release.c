/* unknown_release.c
 * The little of a Wireshark 9.9 that the plugin asks for; as a library, to be linked or preloaded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdarg.h>
#include <stdio.h>

void epan_get_version_number(int *major, int *minor, int *micro)
{
    *major = 9;
    *minor = 9;
    *micro = 0;
}

void ws_log(const char *domain, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "log %s %d: ", domain, level);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}
