/* conversation.c
 * Tests the explanation of plugin/dissector/conversation.c, with texts below, at and above the length of its buffer.
 * Compile it with the sanitizers.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../plugin/dissector/packet_info.h"
#include "../../plugin/dissector/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES = 120, SIZE = sizeof((struct eph_selection *)0)->explanation };

static char texts[4 * SIZE];
static struct eph_header header;
static int reports;

static void count_report(enum eph_event event, uint32_t frame)
{
    reports += event == EPH_EXPLANATION_TOO_LONG && frame == 7;
}

static int is_off(void)
{
    return 0;
}

uint32_t eph_frame(const packet_info *pinfo)
{
    (void)pinfo;
    return 7;
}

int eph_has_ports(const packet_info *pinfo)
{
    (void)pinfo;
    return 1;
}

int eph_annotate_selected(packet_info *pinfo, struct eph_annotation *annotation)
{
    (void)pinfo;
    annotation->headers = 1;
    annotation->header[0] = header;
    return 1;
}

static eph_text add(size_t *used, const char *text)
{
    size_t at = *used;
    strcpy(texts + at, text);
    *used += strlen(text) + 1;
    return (eph_text)at + 1;
}

/* A verdict, or none, with many pieces of evidence, the first of which has a word of this length. */
static void prepare(int has_verdict, size_t length)
{
    size_t used = 0;
    memset(&header, 0, sizeof header);
    header.texts = texts;
    header.confidence_name = "weak";
    header.present = 1u << EPH_CLIENT_PORT | 1u << EPH_SERVER_PORT;
    header.value[EPH_CONFIDENCE] = has_verdict;
    header.value[EPH_CLIENT] = add(&used, "192.0.2.1");
    header.value[EPH_CLIENT_PORT] = 1140;
    header.value[EPH_SERVER] = add(&used, "192.0.2.2");
    header.value[EPH_SERVER_PORT] = 12345;
    header.value[EPH_LABEL] = add(&used, "192.0.2.1:1140 \xe2\x86\x92 192.0.2.2:12345");
    header.value[EPH_EVIDENCE] = add(&used, "port 12345");
    char piece[SIZE] = "+10 ";
    memset(piece + strlen(piece), 'x', length);
    header.value[EPH_EVIDENCE_PIECE] = add(&used, piece);
    for (int i = 0; i < PIECES; i++)
        add(&used, "+12 port 12345 is a server's, by \xe2\x80\x9cother\xe2\x80\x9d ends");
    texts[used] = '\0';
}

static const char *explanation(int has_verdict, size_t length)
{
    prepare(has_verdict, length);
    reports = 0;
    eph_conversation_is_known(NULL);
    return eph_conversation_selected()->explanation;
}

static void need(int holds, const char *what, const char *text)
{
    if (holds)
        return;
    printf("%s: %zu bytes, %d reports, ending with \"%s\"\n", what, strlen(text), reports,
           text + (strlen(text) > 200 ? strlen(text) - 200 : 0));
    exit(1);
}

static int ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

int main(void)
{
    static const char cut[] = "\n[The rest of this text is too long to be shown.]\n";
    eph_conversation_bind(NULL, count_report, is_off);
    for (int has_verdict = 0; has_verdict <= 1; has_verdict++) {
        size_t whole = strlen(explanation(has_verdict, 1));
        need(whole < SIZE - 1, "the shortest text fits", explanation(has_verdict, 1));
        size_t most = SIZE - 1 - whole + 1; /* the word with which the text just fits */
        const char *fits = explanation(has_verdict, most);
        need(strlen(fits) == SIZE - 1 && reports == 0 && !ends_with(fits, cut), "a text that just fits is whole", fits);
        char before[SIZE];
        strcpy(before, fits);
        for (size_t longer = 1; longer < 200; longer++) {
            const char *text = explanation(has_verdict, most + longer);
            need(strlen(text) < SIZE && ends_with(text, cut) && reports == 1, "a text that is too long says so", text);
            size_t kept = strlen(text) - (sizeof cut - 2);
            /* The texts are the same up to the long word, and differ in its length only. */
            const char *word = strchr(text, 'x'), *word_before = strchr(before, 'x');
            need(word - text == word_before - before && memcmp(text, before, (size_t)(word - text)) == 0, "the start", text);
            size_t behind = kept - (size_t)(word - text) - most - longer;
            need(memcmp(word + most + longer, word_before + most, behind) == 0, "nothing else is shown", text);
            need(text[kept - 1] == '\n', "only whole lines are shown", text);
        }
    }
    return 0;
}
