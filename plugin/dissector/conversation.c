/* conversation.c
 * The selected packet's conversation: the filter that selects it, and its roles in words.
 *
 * The window asks whether there is a conversation filter for each packet that the user selects.
 * That is the one place where every release says which packet it is and lets us see it, so what
 * the menu needs is made then.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "window.h"

#include <stdio.h>

static char *(*duplicate)(const char *);
static struct eph_selection selection;

void eph_conversation_bind(char *(*g_strdup)(const char *))
{
    duplicate = g_strdup;
}

const struct eph_selection *eph_conversation_selected(void)
{
    return &selection;
}

static void write_filter(const struct eph_header *header)
{
    snprintf(selection.filter, sizeof selection.filter,
             "ephemeral.client == \"%s\" && ephemeral.client_port == %u && "
             "ephemeral.server == \"%s\" && ephemeral.server_port == %u",
             header->client, header->client_port, header->server, header->server_port);
}

static void write_explanation(const struct eph_header *header)
{
    char *to = selection.explanation;
    size_t left = sizeof selection.explanation;
#define WRITE(...)                                                                                                     \
    do {                                                                                                               \
        int written = snprintf(to, left, __VA_ARGS__);                                                                 \
        size_t used = written < 0 ? 0 : (size_t)written < left ? (size_t)written : left - 1;                           \
        to += used, left -= used;                                                                                      \
    } while (0)
    WRITE("Packet %u: %s\n\n", selection.frame, header->label);
    WRITE("Client: %s, port %u\n", header->client, header->client_port);
    WRITE("Server: %s, port %u\n", header->server, header->server_port);
    WRITE("Service: %s\n", header->service ? header->service : "not known");
    WRITE("This packet was sent by the %s.\n\n", header->from_client ? "client" : "server");
    WRITE("Evidence for which end is the client: %s.\nConfidence: %s.\n", header->evidence, header->confidence_name);
    if (header->misnamed)
        WRITE("\nPort %u is registered under the name \"%s\", but the client got this port by chance: "
              "the name says nothing about this conversation.\n",
              header->client_port, header->misnamed_name);
#undef WRITE
}

/* Takes the packet as the selected one. */
static void select_packet(packet_info *pinfo)
{
    struct eph_annotation annotation;
    selection.frame = eph_frame(pinfo);
    if (!eph_judge_again(pinfo, &annotation)) {
        selection.filter[0] = '\0';
        const char *why = eph_has_ports(pinfo) ? "it is not known which end is the client" : "it is neither TCP nor UDP";
        snprintf(selection.explanation, sizeof selection.explanation, "Packet %u: %s.\n", selection.frame, why);
        return;
    }
    /* The last header is the one that the packet list speaks of. */
    const struct eph_header *header = &annotation.header[annotation.headers - 1];
    write_filter(header);
    write_explanation(header);
}

int eph_conversation_is_known(packet_info *pinfo)
{
    select_packet(pinfo);
    return selection.filter[0] != '\0';
}

char *eph_conversation_filter(packet_info *pinfo)
{
    select_packet(pinfo);
    return selection.filter[0] != '\0' ? duplicate(selection.filter) : NULL;
}
