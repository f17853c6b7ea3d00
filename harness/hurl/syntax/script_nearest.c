/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Did you mean": the name that is nearest to a misspelt word, case ignored.
 * No grammar, no messages; the distance itself is suggest.c's.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"
#include "lib/base/suggest.h"

#define MAX_WORD  32


/* false when the word is empty or too long to be a misspelt name. */
static bool
lower_copy(char *to, const char *from, size_t len)
{
    char  c;

    if (len == 0 || len >= MAX_WORD) {
        return false;
    }

    for (size_t i = 0; i < len; i++) {
        c = from[i];
        to[i] = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
    }

    to[len] = '\0';

    return true;
}


/* NULL when nothing is near: more than a third of the word differs. */
const char *
script_nearest(struct str word, const char *const *names, size_t count)
{
    char         wanted[MAX_WORD], name[MAX_WORD];
    size_t       d, best;
    const char  *found;

    found = NULL;
    best = word.len / 3 + 2;

    if (!lower_copy(wanted, word.data, word.len)) {
        return NULL;
    }

    for (size_t i = 0; i < count; i++) {
        if (!lower_copy(name, names[i], strlen(names[i]))) {
            continue;
        }

        d = suggest_distance(wanted, name);

        if (d < best && d < strlen(name)) {
            best = d;
            found = names[i];
        }
    }

    return found;
}
