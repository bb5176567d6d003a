/* memory.c
 * The stub's memory, all in one place, and the check whether something wrote to it without a function of the host.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

void die(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "host: %s\n", what);
    exit(2);
}



static _Alignas(16) unsigned char memory[1 << 18], before[sizeof memory];
static size_t used;
int fill;
static unsigned writes;

void *make(size_t size)
{
    void *made = memory + used;
    used += (size + 15) / 16 * 16;
    if (used > sizeof memory)
        die("it needs more memory");
    return memset(made, fill, size);
}

void watch(void)
{
    memcpy(before, memory, sizeof memory);
    writes = 0;
}

void wrote(const char *function)
{
    printf("wrote: %s\n", function);
    writes++;
}

void look(const char *when)
{
    if (writes == 0 && memcmp(before, memory, sizeof memory) != 0)
        printf("changed: memory of the host's, %s\n", when);
}
