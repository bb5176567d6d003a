/* conversation.c
 * The selected packet's conversation: its filter, and the explanation of its roles.
 *
 * For each packet that the user selects, the window asks whether there is a conversation filter. In every release, this
 * is the only callback that gets the selected packet. So it also prepares what the menu needs.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *(*duplicate)(const char *);
static eph_report report;
static eph_is_off is_off;
static struct eph_selection selection;

void eph_conversation_bind(char *(*g_strdup)(const char *), eph_report r, eph_is_off off)
{
    duplicate = g_strdup;
    report = r;
    is_off = off;
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
             eph_field_text(header, EPH_CLIENT), header->value[EPH_CLIENT_PORT], eph_field_text(header, EPH_SERVER), header->value[EPH_SERVER_PORT]);
}

/* A buffer for a text: where to write next, how many bytes are left, and whether something did not fit. */
struct room {
    char *to;
    size_t left;
    int is_cut;
};

#define WRITE(room, ...)                                                                                               \
    do {                                                                                                               \
        int written = snprintf((room)->to, (room)->left, __VA_ARGS__);                                                 \
        size_t all = written < 0 ? 0 : (size_t)written, used = all < (room)->left ? all : (room)->left - 1;            \
        (room)->to += used, (room)->left -= used, (room)->is_cut |= used < all;                                        \
    } while (0)

/* If the explanation did not fit, removes its incomplete last line, in which a number could be cut, and says so. */
static void end_explanation(const struct room *room)
{
    static const char ending[] = "[The rest of this text is too long to be shown.]\n";
    if (!room->is_cut)
        return;
    char *at = selection.explanation + sizeof selection.explanation - sizeof ending;
    while (at > selection.explanation && at[-1] != '\n')
        at--;
    memcpy(at, ending, sizeof ending);
    report(EPH_EXPLANATION_TOO_LONG, selection.frame);
}

/* Writes a line for each piece of evidence that begins with `sign`. Returns the sum of their weights. */
static long write_pieces(struct room *room, const char *heading, const char *piece, char sign)
{
    long sum = 0;
    for (; *piece != '\0'; piece += strlen(piece) + 1) {
        if (*piece != sign)
            continue;
        if (sum == 0)
            WRITE(room, "%s:\n", heading);
        char *words;
        long weight = strtol(piece, &words, 10);
        WRITE(room, "  %3ld %s\n", labs(weight), words);
        sum += weight;
    }
    return sum;
}

static void write_all_pieces(struct room *room, const struct eph_header *header)
{
    const char *pieces = eph_field_text(header, EPH_EVIDENCE_PIECE);
    if (pieces == NULL)
        return;
    WRITE(room, "\nEach piece of evidence has a weight in decibans: 10 are odds of ten to one, 20 of a hundred to one.\n");
    long sum = write_pieces(room, "For this client and server", pieces, '+');
    sum += write_pieces(room, "Against", pieces, '-');
    WRITE(room, "Together: %ld.\n", sum);
}

static void write_ends(struct room *room, const struct eph_header *header)
{
    WRITE(room, "Client: %s, port %u\n", eph_field_text(header, EPH_CLIENT), header->value[EPH_CLIENT_PORT]);
    WRITE(room, "Server: %s, port %u\n", eph_field_text(header, EPH_SERVER), header->value[EPH_SERVER_PORT]);
}

/* Returns the text of a note, or null if the header does not have it. */
static const char *note_text(const struct eph_header *header, enum eph_expert expert)
{
    for (int at = 0; at < header->notes; at++)
        if (header->note[at].expert == expert)
            return eph_text_of(header, header->note[at].text);
    return NULL;
}

static const char *const NEXT_STEPS = "\nIn the menu Tools, Ephemeral Ports:\n";

/* Writes what the user can do next: see the conversation alone, correct a wrong verdict, keep a right one. */
static void write_next_steps(struct room *room, const struct eph_header *header)
{
    const char *evidence = eph_field_text(header, EPH_EVIDENCE);
    WRITE(room, "%s", NEXT_STEPS);
    WRITE(room, "  \"Show this conversation\" filters for its packets.\n");
    if (strcmp(evidence, EPH_SET_BY_HAND) == 0)
        WRITE(room, "  \"As found\" takes back what was set by hand.\n");
    else
        WRITE(room, "  If this is wrong: \"%s is the client\" sets it for this conversation, as long as the file is open.\n",
              header->value[EPH_FROM_CLIENT] ? "Destination" : "Source");
    int can_be_decoded_so = header->transport == EPH_TCP || header->transport == EPH_UDP;
    if (can_be_decoded_so && note_text(header, EPH_WRONG_DISSECTOR) != NULL)
        WRITE(room, "  \"Decode this conversation by its server's port\" has it dissected as another protocol, or as data.\n");
    if (note_text(header, EPH_BY_SERVER_PORT) != NULL)
        WRITE(room, "  \"As found\" takes back that it is decoded by its server's port, if that was set by hand.\n");
    WRITE(room, "  \"Remember the server as a service\" declares it for other captures, too.\n");
}

static void write_explanation(const struct eph_header *header)
{
    struct room room = {selection.explanation, sizeof selection.explanation, 0};
    WRITE(&room, "Packet %u: %s\n\n", selection.frame, eph_field_text(header, EPH_LABEL));
    write_ends(&room, header);
    const char *service = eph_field_text(header, EPH_SERVICE);
    WRITE(&room, "Service: %s\n", service != NULL ? service : "not known");
    WRITE(&room, "This packet was sent by the %s.\n\n", header->value[EPH_FROM_CLIENT] ? "client" : "server");
    WRITE(&room, "Evidence for which end is the client: %s.\nConfidence: %s.\n", eph_field_text(header, EPH_EVIDENCE),
          header->confidence_name);
    write_all_pieces(&room, header);
    if (eph_has_value(header, EPH_MISNAMED))
        WRITE(&room, "\nPort %u is registered under the name \"%s\", but the client got this port by chance: "
              "the name says nothing about this conversation.\n",
              header->value[EPH_CLIENT_PORT], eph_field_text(header, EPH_MISNAMED_NAME));
    const char *wrong_dissector = note_text(header, EPH_WRONG_DISSECTOR);
    if (wrong_dissector != NULL)
        WRITE(&room, "\n%s.\n", wrong_dissector);
    write_next_steps(&room, header);
    end_explanation(&room);
}

/* `header` is null if nothing is known about the packet. */
static void write_no_verdict(const packet_info *pinfo, const struct eph_header *header)
{
    struct room room = {selection.explanation, sizeof selection.explanation, 0};
    const char *why = is_off() ? "Ephemeral Ports is switched off; its entry \"About and diagnostics\" says why"
                      : eph_has_ports(pinfo) ? "it is not known which end is the client"
                                             : "it has no ports";
    WRITE(&room, "Packet %u: %s.\n", selection.frame, why);
    if (header == NULL)
        return;
    WRITE(&room, "Reason: %s.\n", eph_field_text(header, EPH_EVIDENCE));
    if (!eph_has_value(header, EPH_CLIENT_PORT))
        return;
    WRITE(&room, "\nThe likelier roles, which are shown nowhere else:\n");
    write_ends(&room, header);
    write_all_pieces(&room, header);
    WRITE(&room, "%s  If you know it: \"Source is the client\" or \"Destination is the client\" sets it, as long as the file is open.\n",
          NEXT_STEPS);
    end_explanation(&room);
}

static int has_verdict(const struct eph_header *header)
{
    return header->value[EPH_CONFIDENCE] != 0;
}

/* Returns the last header that has a verdict, otherwise the last header, which is the one that the packet list
 * shows. */
static const struct eph_header *header_to_explain(const struct eph_annotation *annotation)
{
    for (uint32_t at = annotation->headers; at-- > 0;)
        if (has_verdict(&annotation->header[at]))
            return &annotation->header[at];
    return &annotation->header[annotation->headers - 1];
}

/* Makes the packet the selected one, and prepares its filter and explanation. */
static void select_packet(packet_info *pinfo)
{
    struct eph_annotation annotation;
    selection.frame = eph_frame(pinfo);
    const struct eph_header *header = eph_annotate_selected(pinfo, &annotation) ? header_to_explain(&annotation) : NULL;
    if (header == NULL || !has_verdict(header)) {
        selection.filter[0] = '\0';
        write_no_verdict(pinfo, header);
        return;
    }
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
