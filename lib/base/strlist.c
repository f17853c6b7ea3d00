/* SPDX-License-Identifier: BSD-2-Clause */
/* See strlist.h. */
#include "lib/base/strlist.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/message.h"


int
strlist_add(struct strlist *list, const char *text, size_t len)
{
    char  **items;

    items = realloc(list->items, (list->count + 1) * sizeof(*items));
    if (items == NULL) {
        message_error("out of memory");
        return -1;
    }

    list->items = items;

    items[list->count] = strndup(text, len);
    if (items[list->count] == NULL) {
        message_error("out of memory");
        return -1;
    }

    list->count++;

    return 0;
}


void
strlist_free(struct strlist *list)
{
    size_t  i;

    for (i = 0; i < list->count; i++) {
        free(list->items[i]);
    }

    free(list->items);
    memset(list, 0, sizeof(*list));
}


static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}


void
strlist_sort(struct strlist *list, size_t from)
{
    if (from < list->count) {
        qsort(list->items + from, list->count - from, sizeof(*list->items),
              compare);
    }
}
