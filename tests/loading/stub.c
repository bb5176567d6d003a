/* stub.c
 * A libwireshark that says it is 4.0 but has next to none of its functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdarg.h>
#include <stdio.h>

void epan_get_version_number(int *major, int *minor, int *micro)
{
    *major = 4;
    *minor = 0;
    *micro = 17;
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
