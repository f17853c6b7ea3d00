/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Did you mean": the name that is nearest to a misspelt word. No grammar, no
 * messages.
 */
#include <string.h>

#include "script_parser.h"

#define MAX_WORD  32


static size_t
min3(size_t a, size_t b, size_t c)
{
    size_t  m;

    m = a < b ? a : b;

    return m < c ? m : c;
}


static int
lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}


/* Edits (insert, delete, replace) from one word to the other, case ignored. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t  row[MAX_WORD + 1], diagonal, above;

    for (size_t j = 0; j <= b_len; j++) {
        row[j] = j;
    }

    for (size_t i = 1; i <= a_len; i++) {
        diagonal = row[0];
        row[0] = i;

        for (size_t j = 1; j <= b_len; j++) {
            above = row[j];
            row[j] = min3(row[j] + 1, row[j - 1] + 1,
                          diagonal + (lower(a[i - 1]) != lower(b[j - 1])));
            diagonal = above;
        }
    }

    return row[b_len];
}


/* NULL when nothing is near: more than a third of the word differs. */
const char *
script_nearest(struct script_str word, const char *const *names, size_t count)
{
    size_t       d, best, len;
    const char  *found;

    found = NULL;
    best = word.len / 3 + 2;

    if (word.len == 0 || word.len > MAX_WORD) {
        return NULL;
    }

    for (size_t i = 0; i < count; i++) {
        len = strlen(names[i]);

        if (len > MAX_WORD) {
            continue;
        }

        d = distance(word.data, word.len, names[i], len);

        if (d < best && d < len) {
            best = d;
            found = names[i];
        }
    }

    return found;
}
