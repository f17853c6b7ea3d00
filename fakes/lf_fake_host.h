/* SPDX-License-Identifier: BSD-2-Clause */
/* What the requests of a host share. */
#ifndef LF_FAKE_HOST_H
#define LF_FAKE_HOST_H

#include <stdatomic.h>

#include "fakes/lf_fake_list.h"
#include "fakes/lf_fake_pool.h"

#pragma GCC visibility push(hidden)

/* Slots of requests go with the host alone: a stale ctx can be read. */
#define LF_FAKE_SLOTS_PER_CHUNK  64
#define LF_FAKE_SLOT_CHUNKS      64

struct lf_fake {
    enum lf_fake_pool            pool;
    struct lf_zone               zone;

    struct lf_fake_arena         arena;       /* of the next three */
    struct lf_props              props;
    size_t                       prop_room;
    struct lf_fake_list          req_headers;
    struct lf_fake_list          variables;   /* set by hand */

    struct lf_cycle              cycle;
    int                          in_hook;

    struct lf_fake_log_state     log;
    struct lf_fake_finding_list  findings;
    struct lf_fake_quarantine    quarantine;

    pthread_mutex_t              lock;        /* of the slots */
    struct lf_fake_request      *slots[LF_FAKE_SLOT_CHUNKS];
    _Atomic size_t               slot_count;
    struct lf_fake_request      *free_first, *free_last;
    atomic_ulong                 last_number;
};

/* The host of this process, or NULL. */
extern struct lf_fake  *lf_fake_host;

#pragma GCC visibility pop

#endif /* LF_FAKE_HOST_H */
