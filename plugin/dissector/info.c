/* info.c
 * Changes the text of a column that other dissectors wrote.
 *
 * A column may have a fence: text before it stays when a later dissector sets the column. These functions keep the
 * fence at its position in the text.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

enum { COLUMN_MAX = 4096 /* COL_MAX_INFO_LEN of epan/column-info.h */ };

/* Replaces `length` bytes at `at` in the column's text; `text` is a copy of it. Returns 0 if the new text is too long:
 * the host truncates it. */
static int splice(const struct eph_calls *calls, column_info *cinfo, int col, char *text, size_t at, size_t length,
                  const char *insert)
{
    const int fits = strlen(text) - length + strlen(insert) < COLUMN_MAX;
    /* Clearing keeps the text before the fence. Its length is the only way to find the fence. */
    calls->col_clear(cinfo, col);
    const char *rest = calls->col_get_text(cinfo, col);
    size_t fence = rest ? strlen(rest) : 0;
    char *tail = text + at + length;
    if (fence > 0) {
        calls->col_clear_fence(cinfo, col);
        calls->col_clear(cinfo, col);
    }

    char kept = text[at];
    text[at] = '\0';
    if (fence > 0 && fence <= at) {
        char first = text[fence];
        text[fence] = '\0';
        calls->col_append_str(cinfo, col, text);
        calls->col_set_fence(cinfo, col);
        text[fence] = first;
        calls->col_append_str(cinfo, col, text + fence);
        calls->col_append_str(cinfo, col, insert);
        text[at] = kept;
        calls->col_append_str(cinfo, col, tail);
        return fits;
    }
    calls->col_append_str(cinfo, col, text);
    calls->col_append_str(cinfo, col, insert);
    text[at] = kept;
    if (fence > at + length) {
        size_t protected = fence - (at + length);
        char first = tail[protected];
        tail[protected] = '\0';
        calls->col_append_str(cinfo, col, tail);
        calls->col_set_fence(cinfo, col);
        tail[protected] = first;
        calls->col_append_str(cinfo, col, tail + protected);
        return fits;
    }
    if (fence > 0)
        calls->col_set_fence(cinfo, col);
    calls->col_append_str(cinfo, col, tail);
    return fits;
}

/* Copies the column's text. Returns 0 if it is empty or longer than a column can hold. */
static int copy_text(const struct eph_calls *calls, column_info *cinfo, int col, char *copy)
{
    const char *text = calls->col_get_text(cinfo, col);
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length >= COLUMN_MAX)
        return 0;
    memcpy(copy, text, length + 1);
    return 1;
}

int eph_column_replace(const struct eph_calls *calls, column_info *cinfo, int col, const char *wrong, const char *right)
{
    char text[COLUMN_MAX];
    /* Most texts have nothing to replace, so search before copying. */
    const char *now = calls->col_get_text(cinfo, col);
    const char *found = now != NULL ? strstr(now, wrong) : NULL;
    int fits = 1;
    while (found != NULL) {
        if (!copy_text(calls, cinfo, col, text))
            return 0;
        size_t at = (size_t)(found - now);
        size_t from = at + strlen(right);
        fits &= splice(calls, cinfo, col, text, at, strlen(wrong), right);
        /* splice() did not change the copy behind the replaced bytes. */
        if (strstr(text + at + strlen(wrong), wrong) == NULL)
            return fits;
        now = calls->col_get_text(cinfo, col);
        if (now == NULL || strlen(now) < from)
            return fits; /* the host did not take the text (a column that is not writable) */
        found = strstr(now + from, wrong);
    }
    return fits;
}

int eph_column_prepend(const struct eph_calls *calls, column_info *cinfo, int col, const char *label)
{
    char text[COLUMN_MAX];
    if (!copy_text(calls, cinfo, col, text))
        return calls->col_get_text(cinfo, col) == NULL || *calls->col_get_text(cinfo, col) == '\0';
    return splice(calls, cinfo, col, text, 0, 0, label);
}
