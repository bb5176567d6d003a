/* info.c
 * Compares plugin/dissector/info.c with a model, in a column of our own, on random texts and fences.
 * Compile it with the sanitizers.
 *
 *   info CASES
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../plugin/dissector/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 4096 /* COL_MAX_INFO_LEN */ };

/* As epan/column-utils.c has it. The text is in a block of its own length, so that the sanitizer
 * sees who reads past its end. */
struct epan_column_info {
    char *text;
    size_t fence;
    int is_locked;
};

static void set(column_info *column, const char *text, size_t length)
{
    char *block = malloc(length + 1);
    memcpy(block, text, length);
    block[length] = '\0';
    free(column->text);
    column->text = block;
}

static const char *get_text(column_info *column, int col)
{
    (void)col;
    return column->text;
}

static void clear(column_info *column, int col)
{
    (void)col;
    if (!column->is_locked)
        set(column, column->text, column->fence);
}

static void clear_fence(column_info *column, int col)
{
    (void)col;
    if (!column->is_locked)
        column->fence = 0;
}

static void set_fence(column_info *column, int col)
{
    (void)col;
    if (!column->is_locked)
        column->fence = strlen(column->text);
}

static void append(column_info *column, int col, const char *text)
{
    (void)col;
    if (column->is_locked)
        return;
    char all[2 * ROOM];
    snprintf(all, ROOM, "%s%s", column->text, text);
    set(column, all, strlen(all));
}

static const struct eph_calls calls = {
    .col_get_text = get_text,
    .col_clear = clear,
    .col_clear_fence = clear_fence,
    .col_set_fence = set_fence,
    .col_append_str = append,
};

/* The model: what one replacement does to text and fence. */
static size_t moved(size_t fence, size_t at, size_t removed, size_t inserted)
{
    if (fence <= at)
        return fence;
    return fence >= at + removed ? fence - removed + inserted : at + inserted;
}

static size_t expect(char *out, const char *text, size_t fence, const char *wrong, const char *right)
{
    size_t used = 0;
    while (*text != '\0') {
        if (strncmp(text, wrong, strlen(wrong)) == 0) {
            fence = moved(fence, used, strlen(wrong), strlen(right));
            memcpy(out + used, right, strlen(right));
            used += strlen(right);
            text += strlen(wrong);
        } else {
            out[used++] = *text++;
        }
    }
    out[used] = '\0';
    return fence;
}

static void compare(const column_info *column, const char *text, size_t fence, const char *what, const char *before)
{
    if (strcmp(column->text, text) == 0 && column->fence == fence)
        return;
    printf("%s of \"%s\": \"%s\" with a fence at %zu, expected \"%s\" and %zu\n", what, before, column->text,
           column->fence, text, fence);
    exit(1);
}

static void one_case(void)
{
    static const char *const pieces[] = {"autonoc(1140)", "autonoc(114", "1140", " ", "a", "http(80)", "\xe2\x86\x92", "("};
    char text[ROOM] = "", model[8 * ROOM];
    for (int count = rand() % 12; count > 0; count--)
        strcat(text, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
    column_info column = {NULL, 0, 0};
    set(&column, text, strlen(text));
    column.fence = (size_t)rand() % (strlen(text) + 1);
    size_t fence = expect(model, text, column.fence, "autonoc(1140)", "1140");
    eph_column_replace(&calls, &column, 0, "autonoc(1140)", "1140");
    compare(&column, model, fence, "replacing", text);

    char before[ROOM];
    strcpy(before, column.text);
    size_t prepended = column.fence == 0 ? 0 : column.fence + strlen("[label] ");
    snprintf(model, sizeof model, "%s%s", before[0] == '\0' ? "" : "[label] ", before);
    eph_column_prepend(&calls, &column, 0, "[label] ");
    compare(&column, model, prepended, "labelling", before);
    free(column.text);
}

static void is_result(enum eph_column_result result, enum eph_column_result expected, const char *what)
{
    if (result == expected)
        return;
    printf("%s: the result is %d, expected %d\n", what, result, expected);
    exit(1);
}

/* The results of our functions: the column was set, the text was too long, a dissector made the column read-only. */
static void results(void)
{
    static char label[ROOM];
    memset(label, 'x', sizeof label - 1);
    column_info column = {NULL, 0, 0};
    set(&column, "autonoc(1140) autonoc(1140)", 27);
    is_result(eph_column_replace(&calls, &column, 0, "none", "1140"), EPH_COLUMN_SET, "nothing to replace");
    column.is_locked = 1;
    is_result(eph_column_replace(&calls, &column, 0, "none", "1140"), EPH_COLUMN_SET, "nothing to replace, locked");
    is_result(eph_column_replace(&calls, &column, 0, "autonoc(1140)", "1140"), EPH_COLUMN_LOCKED, "replacing, locked");
    is_result(eph_column_prepend(&calls, &column, 0, "[label] "), EPH_COLUMN_LOCKED, "labelling, locked");
    column.is_locked = 0;
    compare(&column, "autonoc(1140) autonoc(1140)", 0, "locking", "autonoc(1140) autonoc(1140)");
    is_result(eph_column_replace(&calls, &column, 0, "autonoc(1140)", "1140"), EPH_COLUMN_SET, "replacing");
    is_result(eph_column_prepend(&calls, &column, 0, label), EPH_COLUMN_TOO_LONG, "a long label");
    free(column.text);
}

/* Texts around the most that a column holds: nothing to compare, but nothing is overrun either. */
static void long_case(void)
{
    char text[ROOM];
    size_t length = ROOM - 1 - (size_t)rand() % 40;
    for (size_t i = 0; i < length; i++)
        text[i] = "autonoc(1140)"[i % 13];
    column_info column = {NULL, 0, 0};
    set(&column, text, length);
    column.fence = (size_t)rand() % (length + 1);
    if (rand() % 2)
        eph_column_prepend(&calls, &column, 0, "[192.168.1.23:1140 \xe2\x86\x92 198.51.100.10:80 (http)] ");
    if (rand() % 2)
        eph_column_replace(&calls, &column, 0, "autonoc(1140)", rand() % 2 ? "1140" : "a longer text than before");
    free(column.text);
}

int main(int argc, char **argv)
{
    int cases = argc > 1 ? atoi(argv[1]) : 20000;
    srand(1);
    results();
    for (int i = 0; i < cases; i++) {
        one_case();
        if (i % 100 == 0)
            long_case();
    }
    printf("%d cases\n", cases);
    return 0;
}
