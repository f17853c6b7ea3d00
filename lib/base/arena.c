/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bump allocator over a list of malloc'ed chunks.  What does not fit well
 * into a chunk gets a chunk of its own, behind the one in use, so that big
 * bodies do not throw away the rest of a chunk.
 */

#include "lib/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN      16
#define ARENA_FIRST      4096
#define ARENA_CHUNK_MAX  (256 * 1024)

struct chunk {
    struct chunk  *next;
    size_t         used;
    size_t         size;
    _Alignas(ARENA_ALIGN) char  data[];
};

struct arena {
    struct chunk  *current;
    size_t         next_size;
};

static struct chunk *
chunk_new(size_t size)
{
    struct chunk  *chunk;

    if (size > PTRDIFF_MAX - sizeof(struct chunk)) {
        return NULL;
    }
    chunk = malloc(sizeof(struct chunk) + size);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->next = NULL;
    chunk->used = 0;
    chunk->size = size;

    return chunk;
}

/* A chunk with room for size bytes: the current one, or a new one. */
static struct chunk *
chunk_for(struct arena *arena, size_t size)
{
    struct chunk  *chunk = arena->current;

    if (chunk != NULL && chunk->size - chunk->used >= size) {
        return chunk;
    }

    if (chunk != NULL && size > arena->next_size / 4) {
        chunk = chunk_new(size);
        if (chunk != NULL) {
            chunk->next = arena->current->next;
            arena->current->next = chunk;
        }
        return chunk;
    }

    chunk = chunk_new(size > arena->next_size ? size : arena->next_size);
    if (chunk != NULL) {
        chunk->next = arena->current;
        arena->current = chunk;
        if (arena->next_size < ARENA_CHUNK_MAX) {
            arena->next_size *= 2;
        }
    }

    return chunk;
}

static void *
alloc_raw(struct arena *arena, size_t size)
{
    struct chunk  *chunk;
    void          *p;

    if (size > SIZE_MAX - ARENA_ALIGN) {
        return NULL;
    }
    size = (size + ARENA_ALIGN - 1) & ~(size_t) (ARENA_ALIGN - 1);
    if (size == 0) {
        size = ARENA_ALIGN;
    }
    chunk = chunk_for(arena, size);
    if (chunk == NULL) {
        return NULL;
    }
    p = chunk->data + chunk->used;
    chunk->used += size;

    return p;
}

struct arena *
arena_new(void)
{
    struct arena  *arena;

    arena = calloc(1, sizeof(struct arena));
    if (arena != NULL) {
        arena->next_size = ARENA_FIRST;
    }

    return arena;
}

void
arena_free(struct arena **arena)
{
    struct chunk  *chunk, *next;

    if (*arena == NULL) {
        return;
    }
    for (chunk = (*arena)->current; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(*arena);
    *arena = NULL;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    void  *p;

    p = alloc_raw(arena, size);
    if (p != NULL) {
        memset(p, 0, size);
    }

    return p;
}

char *
arena_memdup(struct arena *arena, const void *data, size_t len)
{
    char  *p;

    if (len == SIZE_MAX) {
        return NULL;
    }
    p = alloc_raw(arena, len + 1);
    if (p == NULL) {
        return NULL;
    }
    if (len > 0) {
        memcpy(p, data, len);
    }
    p[len] = '\0';

    return p;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
    return arena_memdup(arena, text, strlen(text));
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list  args;
    char    *p;
    int      len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        return NULL;
    }
    p = alloc_raw(arena, (size_t) len + 1);
    if (p == NULL) {
        return NULL;
    }
    va_start(args, format);
    (void) vsnprintf(p, (size_t) len + 1, format, args);
    va_end(args);

    return p;
}
