/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of names and values, which never become shorter. */
#include <string.h>

#include "fakes/lf_fake_list.h"


int
lf_fake_list_push(struct lf_fake_arena *arena, struct lf_fake_list *list,
                  const lf_str_t *name, const lf_str_t *value)
{
    struct lf_fake_header  *items;

    items = lf_fake_arena_grow(arena, list->items, list->count, &list->room,
                               sizeof(*items));

    if (items == NULL) {
        return -1;
    }

    list->items = items;
    items[list->count].name = *name;
    items[list->count++].value = *value;

    return 0;
}


int
lf_fake_list_add(struct lf_fake_arena *arena, struct lf_fake_list *list,
                 const char *name, const char *value)
{
    lf_str_t  key, data;

    return lf_fake_arena_copy(arena, &key, name, strlen(name)) != 0
           || lf_fake_arena_copy(arena, &data, value, strlen(value)) != 0
           ? -1 : lf_fake_list_push(arena, list, &key, &data);
}


struct lf_fake_header *
lf_fake_list_find(const struct lf_fake_list *list, const lf_str_t *name)
{
    size_t  i;

    for (i = 0; i < list->count; i++) {
        if (lf_str_equal_nocase(&list->items[i].name, name)) {
            return &list->items[i];
        }
    }

    return NULL;
}


struct lf_fake_header *
lf_fake_list_find_last(const struct lf_fake_list *list, const lf_str_t *name)
{
    size_t  i;

    for (i = list->count; i > 0; i--) {
        if (lf_str_equal_nocase(&list->items[i - 1].name, name)) {
            return &list->items[i - 1];
        }
    }

    return NULL;
}
