/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory as nginx's pools give it: small pieces of blocks, large by malloc. */
#ifndef LF_FAKE_ARENA_H
#define LF_FAKE_ARENA_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

struct lf_fake_arena {
    struct lf_fake_block  *first, *current;
    struct lf_fake_large  *large;
};

void *lf_fake_arena_alloc(struct lf_fake_arena *arena, size_t size);
void lf_fake_arena_reset(struct lf_fake_arena *arena);   /* keeps one block */
void lf_fake_arena_free(struct lf_fake_arena *arena);

/* A copy with a NUL behind it. Returns 0, or -1: no memory. */
int lf_fake_arena_copy(struct lf_fake_arena *arena, lf_str_t *to,
                       const void *data, size_t len);

/*
 * An array of count items with room for one more: itself, or a larger copy.
 * NULL: no memory.
 */
void *lf_fake_arena_grow(struct lf_fake_arena *arena, void *items,
                         size_t count, size_t *room, size_t size);

#pragma GCC visibility pop

#endif /* LF_FAKE_ARENA_H */
