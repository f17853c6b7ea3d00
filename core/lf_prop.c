/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Properties by their name, in any case. Configurations sort theirs once, so
 * that a request with a thousand of them is as fast as one with few.
 */
#include <string.h>

#include "core/lf_core.h"


/* Shorter names first: most that differ, differ in their length. */
static int
compare(const lf_str_t *a, const lf_str_t *b)
{
    size_t  i;

    if (a->len != b->len) {
        return a->len < b->len ? -1 : 1;
    }

    for (i = 0; i < a->len; i++) {
        if (lf_lower(a->data[i]) != lf_lower(b->data[i])) {
            return lf_lower(a->data[i]) < lf_lower(b->data[i]) ? -1 : 1;
        }
    }

    return 0;
}


/* The index of a key among sorted items; *found: it is there. */
static size_t
find_index(const struct lf_prop *items, size_t count, const lf_str_t *key,
    int *found)
{
    int     order;
    size_t  low = 0, high = count, middle;

    *found = 0;

    while (low < high && !*found) {
        middle = low + (high - low) / 2;
        order = compare(&items[middle].key, key);
        *found = order == 0;

        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }

    return *found ? high : low;
}


size_t
lf_props_sort(struct lf_prop *items, size_t count)
{
    int             found;
    size_t          i, at, sorted = 0;
    struct lf_prop  item;

    for (i = 0; i < count; i++) {
        item = items[i];
        at = find_index(items, sorted, &item.key, &found);

        if (!found) {
            memmove(&items[at + 1], &items[at],
                    (sorted - at) * sizeof(items[0]));
            items[at] = item;
            sorted++;
        }
    }

    return sorted;
}


const lf_str_t *
lf_prop_find(const struct lf_props *props, const lf_str_t *key)
{
    int     found;
    size_t  i;

    if (props->sorted) {
        i = find_index(props->items, props->count, key, &found);
        return found ? &props->items[i].value : NULL;
    }

    for (i = 0; i < props->count; i++) {
        if (compare(&props->items[i].key, key) == 0) {
            return &props->items[i].value;
        }
    }

    return NULL;
}
