/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory that an app gets in a request, and the guards around it. */
#ifndef LF_FAKE_POOL_H
#define LF_FAKE_POOL_H

#include "fakes/lf_fake_arena.h"
#include "fakes/lf_fake_finding.h"

#pragma GCC visibility push(hidden)

/* One guarded allocation of an app. raw is what malloc gave. */
struct lf_fake_chunk {
    u_char         *raw;
    size_t          size;
    const void     *site;
    unsigned long   request;
    unsigned        damaged:1;   /* and reported */
};

/* Red zones: in front as large as malloc's alignment wants it. */
#define LF_FAKE_FRONT  16

/* Overruns of large blocks tend to be large: they must not reach malloc's. */
static inline size_t
lf_fake_rear(size_t size)
{
    return size < 64 ? 32 : 256;
}


/* ---- quarantine: memory of requests that ended, in a ring -------------- */

#define LF_FAKE_QUARANTINE  64

struct lf_fake_quarantine {
    struct lf_fake_finding_list  *findings;
    pthread_mutex_t               lock;
    struct lf_fake_chunk          chunks[LF_FAKE_QUARANTINE];
    unsigned                      next;
    size_t                        bytes;
};

/* Takes the memory over; free checks all that is left. */
void lf_fake_quarantine_take(struct lf_fake_quarantine *quarantine,
                             struct lf_fake_chunk *chunks, size_t count);
void lf_fake_quarantine_free(struct lf_fake_quarantine *quarantine);


/* ---- pool ------------------------------------------------------------- */

struct lf_fake_pool_state {
    enum lf_fake_pool           kind;
    const struct lf_request    *request;     /* whose it is */
    struct lf_fake_quarantine  *quarantine;

    struct lf_fake_arena        arena;       /* LF_FAKE_POOL_FAST */
    struct lf_fake_chunk       *chunks;
    size_t                      count, room;
    size_t                      allocs, bytes;    /* of the app */
    unsigned long               fail_at;
};

void *lf_fake_pool_alloc(struct lf_fake_pool_state *pool, size_t size,
                         const void *site);
void lf_fake_pool_check(struct lf_fake_pool_state *pool);
void lf_fake_pool_end(struct lf_fake_pool_state *pool);  /* of the request */
void lf_fake_pool_free(struct lf_fake_pool_state *pool);

#pragma GCC visibility pop

#endif /* LF_FAKE_POOL_H */
