/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks from malloc, filled from the front; large pieces get their own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define BLOCK_SIZE  16384
#define ALIGN       (_Alignof(max_align_t))

struct block {
    struct block  *next;
    size_t         size, used;
    _Alignas(max_align_t) char  data[];
};

struct arena {
    struct block  *blocks;               /* the one in use comes first */
};


static struct block *
new_block(size_t size)
{
    struct block  *block = malloc(sizeof(*block) + size);

    if (block != NULL) {
        block->next = NULL;
        block->size = size;
        block->used = 0;
    }

    return block;
}


struct arena *
arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}


static void
free_blocks(struct block *block)
{
    struct block  *next;

    for ( ; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
}


void
arena_free(struct arena **arena)
{
    if (*arena != NULL) {
        free_blocks((*arena)->blocks);
        free(*arena);
        *arena = NULL;
    }
}


void
arena_reset(struct arena *arena)
{
    struct block  *block = arena->blocks;

    if (block == NULL) {
        return;
    }

    free_blocks(block->next);
    block->next = NULL;
    block->used = 0;

    if (block->size > BLOCK_SIZE) {
        free(block);
        arena->blocks = NULL;
    }
}


void *
arena_alloc(struct arena *arena, size_t size)
{
    void          *data;
    struct block  *block = arena->blocks;

    if (size > SIZE_MAX / 2) {
        return NULL;
    }

    size = size == 0 ? ALIGN : (size + ALIGN - 1) / ALIGN * ALIGN;

    if (block == NULL || block->size - block->used < size) {
        block = new_block(size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE);
        if (block == NULL) {
            return NULL;
        }

        if (size > BLOCK_SIZE / 4 && arena->blocks != NULL) {
            block->next = arena->blocks->next;   /* full from the start */
            arena->blocks->next = block;
        } else {
            block->next = arena->blocks;
            arena->blocks = block;
        }
    }

    data = block->data + block->used;
    block->used += size;

    return memset(data, 0, size);
}


char *
arena_memdup(struct arena *arena, const void *data, size_t len)
{
    char  *copy = arena_alloc(arena, len + 1);

    if (copy != NULL && len > 0) {
        memcpy(copy, data, len);
    }

    return copy;
}


char *
arena_strdup(struct arena *arena, const char *text)
{
    return arena_memdup(arena, text, strlen(text));
}


char *
arena_printf(struct arena *arena, const char *format, ...)
{
    int      len;
    char    *text;
    va_list  args;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    if (len < 0) {
        return NULL;
    }

    text = arena_alloc(arena, (size_t) len + 1);
    if (text != NULL) {
        va_start(args, format);
        (void) vsnprintf(text, (size_t) len + 1, format, args);
        va_end(args);
    }

    return text;
}
