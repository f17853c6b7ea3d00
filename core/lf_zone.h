/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands at the root of a zone, and how core's own functions get at it.
 * Private to lf_shm.c and lf_cache*.c.
 */
#ifndef LF_ZONE_H
#define LF_ZONE_H

#include <stdatomic.h>

#include "core/lf_abi.h"
#include "core/lf_cache_index.h"
#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

/*
 * mutator is the pid of a process inside a call that changes the zone, else 0.
 * Only the holder of the lock writes it: whoever gets the lock and finds a pid
 * there knows that its process died halfway.
 */
struct lf_root {
    _Atomic pid_t    mutator;
    struct lf_index  index;
};

/* 1 for a handle of a zone; else 0, and LF-501 is reported. */
int lf_zone_check(const void *shared_mem, const struct lf_abi_call *call);

/*
 * Make sure that the calling thread holds the lock. Returns 1 when this call
 * took it, which is what lf_zone_leave wants to know, 0 when it was held.
 */
int lf_zone_enter(struct lf_zone *zone, const void *site);
void lf_zone_leave(struct lf_zone *zone, int taken);

/* Lock held. NULL: there was no memory for a root. */
static inline struct lf_root *
lf_zone_root(const struct lf_zone *zone)
{
    return *zone->root;
}

/*
 * Round every change. The kernel ends a process before it says so, and by then
 * all its writes can be seen: keeping the compiler in order is enough.
 */
static inline void
lf_zone_change(struct lf_root *root)
{
    atomic_store_explicit(&root->mutator, lf_process_id(),
                          memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
}

static inline void
lf_zone_changed(struct lf_root *root)
{
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&root->mutator, 0, memory_order_relaxed);
}

#pragma GCC visibility pop

#endif /* LF_ZONE_H */
