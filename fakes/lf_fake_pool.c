/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of requests on the mock. Guarded: each allocation is its own malloc
 * with red zones on both sides, unreadable contents when it is new, poison when
 * the request has ended. Under AddressSanitizer or Valgrind it is plain malloc
 * and free, since they see more than any pattern.
 */
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

#include "lf_fake_host.h"

#define FRONT          16        /* keeps malloc's alignment */
#define REAR           32
#define RED_BYTE       0xfd
#define NEW_BYTE       0xa5

/* What one request end looks at, and what the quarantine keeps. */
#define CHECK_BYTES    (16 * 1024)
#define KEEP_BYTES     (1024 * 1024)


/* Present when the sanitizer's runtime is, whoever brought it. */
extern void __asan_poison_memory_region(void const volatile *address,
                                        size_t size) __attribute__((weak));


static int
other_checker(void)
{
    static atomic_int  known;        /* 0: not asked yet, 1: no, 2: yes */

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
guard_alloc(struct lf_fake_request *request, size_t size, const void *site)
{
    int                    plain;
    struct lf_fake_chunk  *chunk;

    plain = other_checker();
    chunk = next_chunk(&request->pool);

    if (chunk == NULL || size > PTRDIFF_MAX - FRONT - REAR) {
        return NULL;
    }

    chunk->raw = plain ? malloc(size) : malloc(FRONT + size + REAR);

    if (chunk->raw == NULL) {
        return NULL;
    }

    chunk->size = size;
    chunk->site = site;
    chunk->request = request->core.number;
    chunk->damaged = 0;
    request->pool.count++;

    if (plain) {
        return chunk->raw;
    }

    memset(chunk->raw, RED_BYTE, FRONT);
    memset(chunk->raw + FRONT, NEW_BYTE, size);
    memset(chunk->raw + FRONT + size, RED_BYTE, REAR);

    return chunk->raw + FRONT;
}


void *
lf_port_alloc(struct lf_request *core, size_t size, const void *site)
{
    struct lf_fake_request     *request;
    struct lf_fake_pool_state  *pool;

    request = lf_fake_request_of(core);
    pool = &request->pool;

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

    return request->host->options.pool == LF_FAKE_POOL_FAST
           ? lf_fake_arena_alloc(&request->app_arena, size)
           : guard_alloc(request, size, site);
}


/* The first byte that differs, or len. */
static size_t
first_change(const u_char *data, size_t len, u_char byte)
{
    size_t  i;

    for (i = 0; i < len && data[i] == byte; i++) { /* void */ }

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
report_damage(struct lf_fake_request *request, struct lf_fake_chunk *chunk,
              enum lf_rule_name rule, size_t bytes, const char *where,
              size_t offset)
{
    char  text[256];

    chunk->damaged = 1;

    (void) snprintf(text, sizeof(text), "%zu byte%s written %s an allocation "
                    "of %zu bytes of request %lu, the first at offset %s%zu",
                    bytes, bytes == 1 ? "" : "s", where, chunk->size,
                    chunk->request,
                    rule == LF_RULE_POOL_UNDERRUN ? "-" : "", offset);

    lf_fake_finding_add(request, chunk->request, &lf_rules[rule], NULL,
                        chunk->site, text);
}


static void
check_zones(struct lf_fake_request *request, struct lf_fake_chunk *chunk)
{
    size_t         first, end;
    const u_char  *rear;

    if (chunk->damaged) {
        return;
    }

    rear = chunk->raw + FRONT + chunk->size;
    first = first_change(rear, REAR, RED_BYTE);

    if (first < REAR) {
        end = end_of_change(rear, REAR, RED_BYTE);
        report_damage(request, chunk, LF_RULE_POOL_OVERRUN, end - first,
                      "behind", chunk->size + first);
    }

    first = first_change(chunk->raw, FRONT, RED_BYTE);

    if (first < FRONT) {
        end = end_of_change(chunk->raw, FRONT, RED_BYTE);
        report_damage(request, chunk, LF_RULE_POOL_UNDERRUN, end - first,
                      "in front of", FRONT - first);
    }
}


void
lf_fake_pool_check(struct lf_fake_request *request)
{
    size_t  i;

    if (other_checker()) {
        return;
    }

    for (i = 0; i < request->pool.count; i++) {
        check_zones(request, &request->pool.chunks[i]);
    }
}


/* Words that point to nowhere: who follows one is stopped and explained. */
static void
poison(struct lf_fake_chunk *chunk)
{
    size_t     i, size;
    uintptr_t  word;

    size = FRONT + chunk->size + REAR;
    word = lf_fake_private_poison();

    for (i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
        memcpy(chunk->raw + i, &word, sizeof(word));
    }

    memcpy(chunk->raw + i, &word, size - i);
}


static void
check_poison(struct lf_fake_chunk *chunk)
{
    char       text[256];
    size_t     i, size;
    uintptr_t  word;
    u_char     expected[sizeof(word)];

    if (chunk->damaged) {
        return;
    }

    size = FRONT + chunk->size + REAR;
    word = lf_fake_private_poison();
    memcpy(expected, &word, sizeof(word));

    if (memcmp(chunk->raw, expected, sizeof(word)) == 0
        && memcmp(chunk->raw, chunk->raw + sizeof(word),
                  size - sizeof(word)) == 0)
    {
        return;
    }

    for (i = 0; chunk->raw[i] == expected[i % sizeof(word)]; i++) { /* void */ }

    chunk->damaged = 1;
    (void) snprintf(text, sizeof(text), "an allocation of %zu bytes of "
                    "request %lu was written at offset %td after the request "
                    "had ended", chunk->size, chunk->request,
                    (ptrdiff_t) i - FRONT);

    lf_fake_finding_add(NULL, chunk->request, &lf_rules[LF_RULE_POOL_LATE],
                        NULL, chunk->site, text);
}


/* The lock is held. */
static void
evict(struct lf_fake_quarantine *quarantine, struct lf_fake_chunk *chunk)
{
    if (chunk->raw == NULL) {
        return;
    }

    check_poison(chunk);
    quarantine->bytes -= chunk->size;
    free(chunk->raw);
    chunk->raw = NULL;
}


/* The lock is held. Blocks that would fill it alone are not kept. */
static void
keep(struct lf_fake_quarantine *quarantine, struct lf_fake_chunk *chunk)
{
    unsigned  i, oldest;

    if (chunk->size > KEEP_BYTES) {
        free(chunk->raw);
        return;
    }

    poison(chunk);
    oldest = quarantine->next;
    evict(quarantine, &quarantine->chunks[oldest]);

    for (i = 1; quarantine->bytes + chunk->size > KEEP_BYTES
                && i < LF_FAKE_QUARANTINE; i++)
    {
        evict(quarantine,
              &quarantine->chunks[(oldest + i) % LF_FAKE_QUARANTINE]);
    }

    chunk->damaged = 0;
    quarantine->chunks[oldest] = *chunk;
    quarantine->bytes += chunk->size;
    quarantine->next = (oldest + 1) % LF_FAKE_QUARANTINE;
}


/* Looks at the youngest, as far as it stays cheap. The lock is held. */
static void
check_quarantine(struct lf_fake_quarantine *quarantine, size_t budget)
{
    unsigned               i, at;
    struct lf_fake_chunk  *chunk;

    for (i = 1; i <= LF_FAKE_QUARANTINE; i++) {
        at = (quarantine->next + LF_FAKE_QUARANTINE - i) % LF_FAKE_QUARANTINE;
        chunk = &quarantine->chunks[at];

        if (chunk->raw == NULL || chunk->size > budget) {
            return;
        }

        budget -= chunk->size;
        check_poison(chunk);
    }
}


static void
end_guarded(struct lf_fake_request *request)
{
    int                         plain;
    size_t                      i;
    struct lf_fake_pool_state  *pool;
    struct lf_fake_quarantine  *quarantine;

    pool = &request->pool;
    quarantine = &request->host->quarantine;
    plain = other_checker();

    lf_fake_pool_check(request);

    if (!plain) {
        (void) pthread_mutex_lock(&quarantine->lock);
        check_quarantine(quarantine, CHECK_BYTES);
    }

    for (i = 0; i < pool->count; i++) {
        if (plain) {
            free(pool->chunks[i].raw);
        } else {
            keep(quarantine, &pool->chunks[i]);
        }
    }

    if (!plain) {
        (void) pthread_mutex_unlock(&quarantine->lock);
    }
}


void
lf_fake_pool_end(struct lf_fake_request *request)
{
    if (request->pool.count > 0) {
        end_guarded(request);
    }

    request->pool.count = 0;
    request->pool.allocs = 0;
    request->pool.bytes = 0;
    request->pool.fail_at = 0;
    lf_fake_arena_reset(&request->app_arena);
}


void
lf_fake_quarantine_free(struct lf_fake *host)
{
    unsigned  i;

    (void) pthread_mutex_lock(&host->quarantine.lock);

    for (i = 0; i < LF_FAKE_QUARANTINE; i++) {
        evict(&host->quarantine, &host->quarantine.chunks[i]);
    }

    (void) pthread_mutex_unlock(&host->quarantine.lock);
}


void
lf_fake_fail_alloc(struct lf_fake_request *request, unsigned long nth)
{
    request->pool.fail_at = nth;
}


size_t
lf_fake_alloc_count(const struct lf_fake_request *request)
{
    return request->pool.allocs;
}


size_t
lf_fake_alloc_bytes(const struct lf_fake_request *request)
{
    return request->pool.bytes;
}
