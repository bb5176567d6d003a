/* empty.c
 * A postdissector that returns at once: the minimum cost of any postdissector. run.sh compiles it for the installed
 * host.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stddef.h>
#include <stdint.h>

/* From epan/proto.h and epan/packet.h, with void for types that are not used. */
typedef struct {
    void (*register_protoinfo)(void);
    void (*register_handoff)(void);
} proto_plugin;
typedef int (*dissector)(void *tvb, void *pinfo, void *tree, void *data);
void proto_register_plugin(const proto_plugin *plugin);
int proto_register_protocol(const char *name, const char *short_name, const char *filter_name);
void *create_dissector_handle(dissector dissect, int protocol);
void register_postdissector(void *handle);

const char plugin_version[] = "1";
const int plugin_want_major = WIRESHARK_MAJOR;
const int plugin_want_minor = WIRESHARK_MINOR;

static int dissect(void *tvb, void *pinfo, void *tree, void *data)
{
    (void)tvb, (void)pinfo, (void)tree, (void)data;
    return 0;
}

static void register_protocol(void)
{
    register_postdissector(create_dissector_handle(dissect, proto_register_protocol("Empty", "Empty", "empty")));
}

void plugin_register(void)
{
    static const proto_plugin plugin = { register_protocol, NULL };
    proto_register_plugin(&plugin);
}

/* Required since 4.4: this plugin is a dissector. */
uint32_t plugin_describe(void)
{
    return 1;
}
