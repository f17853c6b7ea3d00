/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that lives as long as one piece of work: a parsed script, a tree of
 * values, the answers of one entry.  Everything is given back at once.  Not
 * for threads: each thread has its own arena.
 */

#ifndef HARNESS_ARENA_H
#define HARNESS_ARENA_H

#include <stddef.h>

struct arena;

/* A new, empty arena, yours: free with arena_free().  NULL: no memory. */
struct arena *arena_new(void);

/* Frees all that came from the arena and clears the caller's pointer. */
void arena_free(struct arena **arena);

/*
 * Zeroed memory, aligned to 16 bytes, borrowed until the arena is freed.  A
 * size of 0 gives a pointer of its own.  NULL: no memory.
 */
void *arena_alloc(struct arena *arena, size_t size);

/*
 * A copy of len bytes with one NUL after the last.  data may be NULL when len
 * is 0.  NULL: no memory.
 */
char *arena_memdup(struct arena *arena, const void *data, size_t len);

/* A copy of a C string.  NULL: no memory. */
char *arena_strdup(struct arena *arena, const char *text);

/* Text as of printf.  NULL: no memory. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* HARNESS_ARENA_H */
