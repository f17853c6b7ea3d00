/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory without checks, as nginx's pools give it: small pieces are cut from
 * blocks of 4096 bytes, large ones come from malloc, all go at once.
 */
#include <stdlib.h>
#include <string.h>

#include "fakes/lf_fake_arena.h"

#define BLOCK_SIZE  4096
#define ALIGNMENT   8
#define SMALL_MAX   4016         /* the largest piece nginx cuts from a block */

struct lf_fake_block {
    struct lf_fake_block  *next;
    size_t                 used;
    _Alignas(16) u_char    data[BLOCK_SIZE - 16];
};

struct lf_fake_large {
    struct lf_fake_large  *next;
    _Alignas(16) u_char    data[];
};


static void *
alloc_large(struct lf_fake_arena *arena, size_t size)
{
    struct lf_fake_large  *large;

    if (size > SIZE_MAX / 2) {
        return NULL;
    }

    large = malloc(sizeof(*large) + size);

    if (large == NULL) {
        return NULL;
    }

    large->next = arena->large;
    arena->large = large;

    return large->data;
}


static struct lf_fake_block *
next_block(struct lf_fake_arena *arena)
{
    struct lf_fake_block  *block;

    block = malloc(sizeof(*block));

    if (block == NULL) {
        return NULL;
    }

    block->next = NULL;
    block->used = 0;

    if (arena->current != NULL) {
        arena->current->next = block;
    } else {
        arena->first = block;
    }

    arena->current = block;

    return block;
}


void *
lf_fake_arena_alloc(struct lf_fake_arena *arena, size_t size)
{
    u_char                *piece;
    struct lf_fake_block  *block;

    if (size > SMALL_MAX) {
        return alloc_large(arena, size);
    }

    size = (size + ALIGNMENT - 1) & ~(size_t) (ALIGNMENT - 1);
    block = arena->current;

    if (block == NULL || size > sizeof(block->data) - block->used) {
        block = next_block(arena);

        if (block == NULL) {
            return NULL;
        }
    }

    piece = block->data + block->used;
    block->used += size;

    return piece;
}


int
lf_fake_arena_copy(struct lf_fake_arena *arena, lf_str_t *to,
                   const void *data, size_t len)
{
    to->len = len;
    to->data = len < SIZE_MAX ? lf_fake_arena_alloc(arena, len + 1) : NULL;

    if (to->data == NULL) {
        return -1;
    }

    if (len > 0) {
        memcpy(to->data, data, len);
    }

    to->data[len] = '\0';

    return 0;
}


void *
lf_fake_arena_grow(struct lf_fake_arena *arena, void *items, size_t count,
                   size_t *room, size_t size)
{
    void    *more;
    size_t   wanted;

    if (count < *room) {
        return items;
    }

    wanted = *room > 0 ? 2 * *room : 8;
    more = lf_fake_arena_alloc(arena, wanted * size);

    if (more != NULL) {
        *room = wanted;

        if (count > 0) {
            memcpy(more, items, count * size);
        }
    }

    return more;
}


static void
free_large(struct lf_fake_arena *arena)
{
    struct lf_fake_large  *large, *next;

    for (large = arena->large; large != NULL; large = next) {
        next = large->next;
        free(large);
    }

    arena->large = NULL;
}


void
lf_fake_arena_reset(struct lf_fake_arena *arena)
{
    struct lf_fake_block  *block, *next;

    free_large(arena);

    if (arena->first == NULL) {
        return;
    }

    for (block = arena->first->next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }

    arena->first->next = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
}


void
lf_fake_arena_free(struct lf_fake_arena *arena)
{
    lf_fake_arena_reset(arena);
    free(arena->first);
    arena->first = NULL;
    arena->current = NULL;
}
