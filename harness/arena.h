/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that is freed all at once: what belongs to one script, one entry, one
 * configuration. Nothing in it is freed alone.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena;

/* NULL: no memory. */
struct arena *arena_new(void);

/* Frees everything and clears the pointer; a NULL inside is fine. */
void arena_free(struct arena **arena);

/* Forgets everything but keeps one block, for the next entry. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type; NULL: no memory. size 0 gives a pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy with one NUL after the last byte. */
char *arena_memdup(struct arena *arena, const void *data, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* ARENA_H */
