/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names that somebody may have meant. Add all that exist, then ask for the
 * nearest ones.
 */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

#define SUGGEST_MAX  3

struct suggest {
    const char  *wanted;
    const char  *names[SUGGEST_MAX];         /* borrowed, nearest first */
    size_t       distances[SUGGEST_MAX];
    size_t       count;
};

void suggest_start(struct suggest *suggest, const char *wanted);

/* name must live until the suggestion is read. */
void suggest_add(struct suggest *suggest, const char *name);

/*
 * "; did you mean "a", "b" or "c"?", or "" when nothing is near; buf has
 * SUGGEST_TEXT bytes. before stands in front of each name ("--").
 */
#define SUGGEST_TEXT  512
const char *suggest_text(const struct suggest *suggest, const char *before,
                         char *buf);

/* Edits (insert, delete, replace, swap neighbours) between two names. */
size_t suggest_distance(const char *a, const char *b);

#endif /* SUGGEST_H */
