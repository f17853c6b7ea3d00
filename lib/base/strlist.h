/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of texts. Starts as all zeroes. */
#ifndef STRLIST_H
#define STRLIST_H

#include <stddef.h>

struct strlist {
    char   **items;
    size_t   count;
};

/* Append a copy. Returns 0, or -1 after a message. */
int strlist_add(struct strlist *list, const char *text, size_t len);

/* Frees the texts; the list is empty and can be used again. */
void strlist_free(struct strlist *list);

/* By bytes, from an index on. */
void strlist_sort(struct strlist *list, size_t from);

#endif /* STRLIST_H */
