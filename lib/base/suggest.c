/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See suggest.h. Names longer than the rows below are not compared: nobody
 * mistypes 64 letters, and a library may export monsters.
 */
#include "lib/base/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_LEN  64


static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}


size_t
suggest_distance(const char *a, const char *b)
{
    size_t  rows[3][NAME_MAX_LEN + 1];
    size_t  i, j, a_len, b_len, cost, *old, *last, *row;

    a_len = strlen(a);
    b_len = strlen(b);

    if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN) {
        return NAME_MAX_LEN;
    }

    for (j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }

    for (i = 1; i <= a_len; i++) {
        row = rows[i % 3];
        last = rows[(i + 2) % 3];
        old = rows[(i + 1) % 3];
        row[0] = i;

        for (j = 1; j <= b_len; j++) {
            cost = tolower((unsigned char) a[i - 1])
                   != tolower((unsigned char) b[j - 1]);

            row[j] = least(least(last[j] + 1, row[j - 1] + 1),
                           last[j - 1] + cost);

            if (i > 1 && j > 1 && a[i - 1] == b[j - 2]
                && a[i - 2] == b[j - 1])
            {
                row[j] = least(row[j], old[j - 2] + 1);
            }
        }
    }

    return rows[a_len % 3][b_len];
}


void
suggest_start(struct suggest *suggest, const char *wanted)
{
    memset(suggest, 0, sizeof(*suggest));
    suggest->wanted = wanted;
}


void
suggest_add(struct suggest *suggest, const char *name)
{
    size_t  i, distance, wanted_len;

    wanted_len = strlen(suggest->wanted);
    distance = suggest_distance(suggest->wanted, name);

    /* A beginning counts as near: --data for --data-bin. */
    if (wanted_len >= 3 && strncmp(name, suggest->wanted, wanted_len) == 0) {
        distance = 1;
    }

    if (distance > least(1 + wanted_len / 4, 3)) {
        return;
    }

    for (i = suggest->count; i > 0; i--) {
        if (suggest->distances[i - 1] <= distance) {
            break;
        }

        if (i < SUGGEST_MAX) {
            suggest->names[i] = suggest->names[i - 1];
            suggest->distances[i] = suggest->distances[i - 1];
        }
    }

    if (i < SUGGEST_MAX) {
        suggest->names[i] = name;
        suggest->distances[i] = distance;
        suggest->count = least(suggest->count + 1, SUGGEST_MAX);
    }
}


const char *
suggest_text(const struct suggest *suggest, const char *before, char *buf)
{
    int          len;
    size_t       i, at;
    const char  *between;

    buf[0] = '\0';
    at = 0;

    for (i = 0; i < suggest->count; i++) {
        between = i == 0 ? "; did you mean "
                         : i + 1 == suggest->count ? " or " : ", ";

        len = snprintf(buf + at, SUGGEST_TEXT - at, "%s\"%s%s\"%s", between,
                       before, suggest->names[i],
                       i + 1 == suggest->count ? "?" : "");

        if (len < 0 || (size_t) len >= SUGGEST_TEXT - at) {
            buf[at] = '\0';
            break;
        }

        at += (size_t) len;
    }

    return buf;
}
