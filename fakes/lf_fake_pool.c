/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of requests on the mock. Guarded: each allocation is its own malloc
 * with red zones on both sides, unreadable contents when it is new, poison when
 * the request has ended. Under AddressSanitizer or Valgrind it is plain malloc
 * and free, since they see more than any pattern.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

#include "fakes/lf_fake_pool.h"

#define RED_BYTE       0xfd
#define NEW_BYTE       0xa5


/* Present when the sanitizer's runtime is, whoever brought it. */
extern void __asan_poison_memory_region(void const volatile *address,
                                        size_t size) __attribute__((weak));


static int
other_checker(void)
{
    static atomic_int  known;        /* 0: not known, 1: no, 2: yes */

    int          answer;
    const char  *preload;

    answer = atomic_load_explicit(&known, memory_order_relaxed);

    if (answer == 0) {
        preload = getenv("LD_PRELOAD");
        answer = __asan_poison_memory_region != NULL
                 || (preload != NULL && strstr(preload, "vgpreload") != NULL)
                 ? 2 : 1;
#ifdef RUNNING_ON_VALGRIND
        if (RUNNING_ON_VALGRIND) {
            answer = 2;
        }
#endif
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }

    return answer == 2;
}


static struct lf_fake_chunk *
next_chunk(struct lf_fake_pool_state *pool)
{
    size_t                 room;
    struct lf_fake_chunk  *chunks;

    if (pool->count == pool->room) {
        room = pool->room > 0 ? 2 * pool->room : 16;
        chunks = realloc(pool->chunks, room * sizeof(*chunks));

        if (chunks == NULL) {
            return NULL;
        }

        pool->chunks = chunks;
        pool->room = room;
    }

    return &pool->chunks[pool->count];
}


static void *
guard_alloc(struct lf_fake_pool_state *pool, size_t size, const void *site)
{
    int                    plain;
    struct lf_fake_chunk  *chunk;

    plain = other_checker();
    chunk = next_chunk(pool);

    if (chunk == NULL || size > PTRDIFF_MAX / 2) {
        return NULL;
    }

    chunk->raw = malloc(plain ? size
                              : LF_FAKE_FRONT + size + lf_fake_rear(size));

    if (chunk->raw == NULL) {
        return NULL;
    }

    chunk->size = size;
    chunk->site = site;
    chunk->request = pool->request->number;
    chunk->damaged = 0;
    pool->count++;

    if (plain) {
        return chunk->raw;
    }

    memset(chunk->raw, RED_BYTE, LF_FAKE_FRONT);
    memset(chunk->raw + LF_FAKE_FRONT, NEW_BYTE, size);
    memset(chunk->raw + LF_FAKE_FRONT + size, RED_BYTE, lf_fake_rear(size));

    return chunk->raw + LF_FAKE_FRONT;
}


void *
lf_fake_pool_alloc(struct lf_fake_pool_state *pool, size_t size,
                   const void *site)
{
    if (site != NULL) {
        pool->allocs++;
        pool->bytes += size;

        if (pool->allocs == pool->fail_at) {
            return NULL;
        }
    }

    if (size > PTRDIFF_MAX / 2) {
        return NULL;
    }

    return pool->kind == LF_FAKE_POOL_FAST
           ? lf_fake_arena_alloc(&pool->arena, size)
           : guard_alloc(pool, size, site);
}


/* The first byte that differs, or len. */
static size_t
first_change(const u_char *data, size_t len, u_char byte)
{
    size_t  i;

    if (data[0] == byte && memcmp(data, data + 1, len - 1) == 0) {
        return len;
    }

    for (i = 0; data[i] == byte; i++) { /* void */ }

    return i;
}


/* One past the last byte that differs. */
static size_t
end_of_change(const u_char *data, size_t len, u_char byte)
{
    while (len > 0 && data[len - 1] == byte) {
        len--;
    }

    return len;
}


static void
report_damage(struct lf_fake_pool_state *pool, struct lf_fake_chunk *chunk,
              enum lf_rule_name rule, size_t bytes, const char *where,
              size_t offset)
{
    char                    text[256];
    struct lf_fake_finding  damage = { .rule = &lf_rules[rule] };

    chunk->damaged = 1;

    (void) snprintf(text, sizeof(text), "%zu byte%s written %s an allocation "
                    "of %zu bytes of request %lu, the first at offset %s%zu",
                    bytes, bytes == 1 ? "" : "s", where, chunk->size,
                    chunk->request,
                    rule == LF_RULE_POOL_UNDERRUN ? "-" : "", offset);

    damage.text = text;
    damage.alloc_site = chunk->site;
    damage.request = chunk->request;
    lf_fake_finding_add(pool->quarantine->findings, pool->request, &damage);
}


static void
check_zones(struct lf_fake_pool_state *pool, struct lf_fake_chunk *chunk)
{
    size_t         first, end, len;
    const u_char  *rear;

    if (chunk->damaged) {
        return;
    }

    len = lf_fake_rear(chunk->size);
    rear = chunk->raw + LF_FAKE_FRONT + chunk->size;
    first = first_change(rear, len, RED_BYTE);

    if (first < len) {
        end = end_of_change(rear, len, RED_BYTE);
        report_damage(pool, chunk, LF_RULE_POOL_OVERRUN, end - first,
                      "beyond", chunk->size + first);
    }

    first = first_change(chunk->raw, LF_FAKE_FRONT, RED_BYTE);

    if (first < LF_FAKE_FRONT) {
        end = end_of_change(chunk->raw, LF_FAKE_FRONT, RED_BYTE);
        report_damage(pool, chunk, LF_RULE_POOL_UNDERRUN, end - first,
                      "before", LF_FAKE_FRONT - first);
    }
}


void
lf_fake_pool_check(struct lf_fake_pool_state *pool)
{
    size_t  i;

    if (pool->count == 0 || other_checker()) {
        return;
    }

    for (i = 0; i < pool->count; i++) {
        check_zones(pool, &pool->chunks[i]);
    }
}


void
lf_fake_pool_end(struct lf_fake_pool_state *pool)
{
    size_t  i;

    lf_fake_pool_check(pool);

    if (pool->count > 0 && !other_checker()) {
        lf_fake_quarantine_take(pool->quarantine, pool->chunks, pool->count);
        pool->count = 0;
    }

    for (i = 0; i < pool->count; i++) {
        free(pool->chunks[i].raw);
    }

    pool->count = 0;
    pool->allocs = 0;
    pool->bytes = 0;
    pool->fail_at = 0;
    lf_fake_arena_reset(&pool->arena);
}


void
lf_fake_pool_free(struct lf_fake_pool_state *pool)
{
    lf_fake_pool_end(pool);
    free(pool->chunks);
    lf_fake_arena_free(&pool->arena);
}
