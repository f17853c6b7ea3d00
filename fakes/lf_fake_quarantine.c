/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of requests that ended: poisoned, retained for a while and checked, so
 * that a late write is found and a pointer read from it leads nowhere.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/lf_fake_handle.h"
#include "fakes/lf_fake_pool.h"

/* What the end of one request checks, and what is retained at most. */
#define CHECK_BYTES   (16 * 1024)
#define RETAIN_BYTES  (1024 * 1024)


/* Words that point to nowhere: who follows one is stopped and explained. */
static void
poison(struct lf_fake_chunk *chunk)
{
    size_t     i, size;
    uintptr_t  word;

    size = LF_FAKE_FRONT + chunk->size + lf_fake_rear(chunk->size);
    word = lf_fake_handle_poison();

    for (i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
        memcpy(chunk->raw + i, &word, sizeof(word));
    }

    memcpy(chunk->raw + i, &word, size - i);
}


static void
check_poison(struct lf_fake_quarantine *quarantine,
             struct lf_fake_chunk *chunk)
{
    char                    text[256];
    size_t                  i, size;
    uintptr_t               word;
    u_char                  expected[sizeof(word)];
    struct lf_fake_finding  late = { .rule = &lf_rules[LF_RULE_POOL_LATE] };

    if (chunk->damaged) {
        return;
    }

    size = LF_FAKE_FRONT + chunk->size + lf_fake_rear(chunk->size);
    word = lf_fake_handle_poison();
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
                    (ptrdiff_t) i - LF_FAKE_FRONT);

    late.text = text;
    late.alloc_site = chunk->site;
    late.request = chunk->request;
    lf_fake_finding_add(quarantine->findings, NULL, &late);
}


/* The lock is held. */
static void
evict(struct lf_fake_quarantine *quarantine, struct lf_fake_chunk *chunk)
{
    if (chunk->raw == NULL) {
        return;
    }

    check_poison(quarantine, chunk);
    quarantine->bytes -= chunk->size;
    free(chunk->raw);
    chunk->raw = NULL;
}


/* The lock is held. Blocks that would fill it alone are not retained. */
static void
retain(struct lf_fake_quarantine *quarantine, struct lf_fake_chunk *chunk)
{
    unsigned  i, oldest;

    if (chunk->size > RETAIN_BYTES) {
        free(chunk->raw);
        return;
    }

    poison(chunk);
    oldest = quarantine->next;
    evict(quarantine, &quarantine->chunks[oldest]);

    for (i = 1; quarantine->bytes + chunk->size > RETAIN_BYTES
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


/* Checks the youngest, as far as it stays cheap. The lock is held. */
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
        check_poison(quarantine, chunk);
    }
}


void
lf_fake_quarantine_free(struct lf_fake_quarantine *quarantine)
{
    unsigned  i;

    (void) pthread_mutex_lock(&quarantine->lock);

    for (i = 0; i < LF_FAKE_QUARANTINE; i++) {
        evict(quarantine, &quarantine->chunks[i]);
    }

    (void) pthread_mutex_unlock(&quarantine->lock);
}


void
lf_fake_quarantine_take(struct lf_fake_quarantine *quarantine,
                        struct lf_fake_chunk *chunks, size_t count)
{
    size_t  i;

    (void) pthread_mutex_lock(&quarantine->lock);
    check_quarantine(quarantine, CHECK_BYTES);

    for (i = 0; i < count; i++) {
        retain(quarantine, &chunks[i]);
    }

    (void) pthread_mutex_unlock(&quarantine->lock);
}
