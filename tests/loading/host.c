/* host.c
 * A program that opens libwireshark itself, in a scope of its own, as wrappers in Python or Go do.
 *
 *   host PLUGIN                 no libwireshark except one that is linked or preloaded
 *   host PLUGIN LIBWIRESHARK    that library, with RTLD_LOCAL
 *
 * It opens the plugin as Wireshark's loader does, prints the release that the plugin wants, has it
 * register, and, with a library, starts epan and prints whether the protocol is there.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *open_library(const char *file)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "host: %s\n", dlerror());
        exit(2);
    }
    return library;
}

static void *symbol(void *library, const char *name)
{
    void *address = dlsym(library, name);
    if (address == NULL) {
        fprintf(stderr, "host: no %s\n", name);
        exit(2);
    }
    return address;
}

int main(int argc, char **argv)
{
    void *wireshark = argc > 2 ? open_library(argv[2]) : NULL;
    if (wireshark != NULL && dlsym(RTLD_DEFAULT, "epan_get_version_number") != NULL) {
        fprintf(stderr, "host: libwireshark is in the global scope, so this tests nothing\n");
        return 2;
    }

    void *plugin = open_library(argv[1]);
    const int *major = symbol(plugin, "plugin_want_major"), *minor = symbol(plugin, "plugin_want_minor");
    printf("wants %d.%d\n", *major, *minor);
    void (*plugin_register)(void) = symbol(plugin, "plugin_register");
    plugin_register();
    if (wireshark == NULL)
        return 0;

    void (*init_process_policies)(void) = symbol(wireshark, "init_process_policies");
    void (*wtap_init)(int) = symbol(wireshark, "wtap_init");
    int (*epan_init)(void *, void *, int) = symbol(wireshark, "epan_init");
    int (*protocol)(const char *) = symbol(wireshark, "proto_get_id_by_filter_name");
    init_process_policies();
    wtap_init(0);
    if ((epan_init(NULL, NULL, 0) & 0xff) == 0) {
        fprintf(stderr, "host: epan_init failed\n");
        return 2;
    }
    printf("protocol %s\n", protocol("ephemeral") >= 0 ? "registered" : "missing");
    fflush(stdout);
    _Exit(0); /* without epan's cleanup, which needs a fully initialized program */
}
