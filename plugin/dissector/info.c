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

/* Replaces `length` bytes at `at` in the column's text; `text` is a copy of it. The host truncates a text that is too
 * long, and ignores one for a read-only column. */
static void rewrite(const struct eph_calls *calls, column_info *cinfo, int col, char *text, size_t at, size_t length,
                    const char *insert)
{
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
        return;
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
        return;
    }
    if (fence > 0)
        calls->col_set_fence(cinfo, col);
    calls->col_append_str(cinfo, col, tail);
}

/* Does the same as rewrite(), and checks the result. */
static enum eph_column_result splice(const struct eph_calls *calls, column_info *cinfo, int col, char *text, size_t at,
                                     size_t length, const char *insert)
{
    const int fits = strlen(text) - length + strlen(insert) < COLUMN_MAX;
    rewrite(calls, cinfo, col, text, at, length, insert);
    if (!fits)
        return EPH_COLUMN_TOO_LONG;
    const char *now = calls->col_get_text(cinfo, col);
    return now != NULL && strncmp(now + at, insert, strlen(insert)) == 0 ? EPH_COLUMN_SET : EPH_COLUMN_LOCKED;
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

enum eph_column_result eph_column_replace(const struct eph_calls *calls, column_info *cinfo, int col, const char *wrong,
                                          const char *right)
{
    char text[COLUMN_MAX];
    /* Most texts have nothing to replace, so search before copying. */
    const char *now = calls->col_get_text(cinfo, col);
    const char *found = now != NULL ? strstr(now, wrong) : NULL;
    while (found != NULL) {
        if (!copy_text(calls, cinfo, col, text))
            return EPH_COLUMN_TOO_LONG;
        size_t at = (size_t)(found - now);
        const enum eph_column_result result = splice(calls, cinfo, col, text, at, strlen(wrong), right);
        /* rewrite() did not change the copy behind the replaced bytes. */
        if (result != EPH_COLUMN_SET || strstr(text + at + strlen(wrong), wrong) == NULL)
            return result;
        now = calls->col_get_text(cinfo, col);
        found = strstr(now + at + strlen(right), wrong);
    }
    return EPH_COLUMN_SET;
}

enum eph_column_result eph_column_prepend(const struct eph_calls *calls, column_info *cinfo, int col, const char *label)
{
    char text[COLUMN_MAX];
    const char *now = calls->col_get_text(cinfo, col);
    if (now == NULL || *now == '\0')
        return EPH_COLUMN_SET;
    if (!copy_text(calls, cinfo, col, text))
        return EPH_COLUMN_TOO_LONG;
    return splice(calls, cinfo, col, text, 0, 0, label);
}
