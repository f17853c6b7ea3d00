/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of names and values in an arena: headers, variables. */
#ifndef LF_FAKE_LIST_H
#define LF_FAKE_LIST_H

#include "fakes/lf_fake_arena.h"
#include "fakes/lf_fake_http.h"

#pragma GCC visibility push(hidden)

struct lf_fake_list {
    struct lf_fake_header  *items;
    size_t                  count, room;
};

/* Add one; push copies no bytes, add does. Returns 0, or -1: no memory. */
int lf_fake_list_push(struct lf_fake_arena *arena, struct lf_fake_list *list,
                      const lf_str_t *name, const lf_str_t *value);
int lf_fake_list_add(struct lf_fake_arena *arena, struct lf_fake_list *list,
                     const char *name, const char *value);

/* The first, or the last, of that name in any case; NULL: none. */
struct lf_fake_header *lf_fake_list_find(const struct lf_fake_list *list,
                                         const lf_str_t *name);
struct lf_fake_header *lf_fake_list_find_last(const struct lf_fake_list *list,
                                              const lf_str_t *name);

#pragma GCC visibility pop

#endif /* LF_FAKE_LIST_H */
