/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lock of the zone, its owner, and allocation. The host keeps the lock
 * word, which knows processes; which thread of this process has it stands in
 * the handle. Setting the zone up, and again after a process died while it
 * changed it, is done by whoever takes the lock and sees that it must be.
 */
#include "core/lf_port.h"
#include "core/lf_zone.h"

#define ZONE_MAGIC  0x6c667a6e


void
lf_zone_attach(struct lf_zone *zone)
{
    atomic_init(&zone->owner, 0);
    zone->magic = ZONE_MAGIC;
}


int
lf_zone_check(const void *shared_mem, const struct lf_abi_call *call)
{
    const struct lf_zone  *zone = shared_mem;

    if (zone == NULL) {
        lf_report(LF_RULE_ZONE_NULL, call->site, "%s: shared_mem is NULL: "
                  "pass ctx->shared_mem or cycle->shared_mem", call->name);
        return 0;
    }

    if (((uintptr_t) zone & (sizeof(void *) - 1)) != 0
        || zone->magic != ZONE_MAGIC)
    {
        lf_report(LF_RULE_ZONE_NULL, call->site, "%s: shared_mem is not the "
                  "handle of the shared memory: pass ctx->shared_mem or "
                  "cycle->shared_mem", call->name);
        return 0;
    }

    return 1;
}


/* ---- owner ------------------------------------------------------------ */

/* Only the calling thread writes its own id there: no race can feign a yes. */
static int
is_owner(struct lf_zone *zone)
{
    return atomic_load_explicit(&zone->owner, memory_order_relaxed)
           == lf_thread_id()
           && lf_port_zone_held(zone);
}


/*
 * An empty zone with a new root. *zone->root is NULL until all is done: a
 * process that dies here leaves a zone that the next one makes anew.
 */
static void
set_up(struct lf_zone *zone)
{
    struct lf_root  *root;

    *zone->root = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    lf_port_zone_reset(zone);
    lf_fault("zone_reset");

    root = lf_port_zone_alloc(zone, sizeof(struct lf_root));
    if (root == NULL) {
        return;
    }

    atomic_init(&root->mutator, 0);
    lf_index_init(&root->index);
    atomic_signal_fence(memory_order_seq_cst);
    *zone->root = root;
}


/*
 * The lock has just been taken by the calling thread. owner is its id, or the
 * negative of it when the lock is taken for one call of core only: then no
 * other thread may free it by mistake.
 */
static void
taken(struct lf_zone *zone, pid_t owner, const void *site)
{
    pid_t            dead;
    struct lf_root  *root;

    atomic_store_explicit(&zone->owner, owner, memory_order_relaxed);

    root = lf_zone_root(zone);
    if (root == NULL) {
        set_up(zone);
        return;
    }

    dead = atomic_load_explicit(&root->mutator, memory_order_relaxed);
    if (dead != 0) {
        set_up(zone);
        lf_report(LF_RULE_ZONE_EMPTIED, site, "process %d died while it "
                  "changed the shared memory: it has been emptied, all keys "
                  "and blocks are gone", (int) dead);
    }
}


static void
release(struct lf_zone *zone)
{
    atomic_store_explicit(&zone->owner, 0, memory_order_relaxed);
    (void) lf_port_zone_unlock(zone);
}


int
lf_zone_enter(struct lf_zone *zone, const void *site)
{
    if (is_owner(zone)) {
        return 0;
    }

    lf_port_zone_lock(zone);
    taken(zone, -lf_thread_id(), site);

    return 1;
}


void
lf_zone_leave(struct lf_zone *zone, int was_taken)
{
    if (was_taken) {
        release(zone);
    }
}


static int
lock(struct lf_zone *zone, const void *site)
{
    if (is_owner(zone)) {
        return -1;
    }

    lf_port_zone_lock(zone);
    taken(zone, lf_thread_id(), site);

    return 0;
}


void
lf_zone_lock(struct lf_zone *zone)
{
    (void) lock(zone, NULL);
}


void
lf_zone_unlock(struct lf_zone *zone)
{
    (void) lf_zone_release(zone);
}


int
lf_zone_release(struct lf_zone *zone)
{
    if (zone == NULL || !is_owner(zone)) {
        return 0;
    }

    release(zone);

    return 1;
}


/* ---- lock of the ABI ------------------------------------------------- */

uintptr_t
ngx_link_func_shmtx_trylock(void *shared_mem)
{
    struct lf_zone      *zone = shared_mem;
    struct lf_abi_call   call = LF_ABI_CALL;

    if (!lf_zone_check(zone, &call) || !lf_port_zone_trylock(zone)) {
        return 0;
    }

    taken(zone, lf_thread_id(), call.site);

    return 1;
}


void
ngx_link_func_shmtx_lock(void *shared_mem)
{
    struct lf_zone      *zone = shared_mem;
    struct lf_abi_call   call = LF_ABI_CALL;

    if (!lf_zone_check(zone, &call)) {
        return;
    }

    if (lock(zone, call.site) != 0) {
        lf_report(LF_RULE_LOCK_TWICE, call.site, "%s: this thread already "
                  "holds the lock; the call has no effect, and one "
                  "ngx_link_func_shmtx_unlock releases the lock", call.name);
    }
}


void
ngx_link_func_shmtx_unlock(void *shared_mem)
{
    pid_t                owner;
    struct lf_zone      *zone = shared_mem;
    struct lf_abi_call   call = LF_ABI_CALL;

    if (!lf_zone_check(zone, &call)) {
        return;
    }

    owner = atomic_load_explicit(&zone->owner, memory_order_relaxed);

    if (owner <= 0 || !lf_port_zone_held(zone)) {
        lf_report(LF_RULE_LOCK_FOREIGN, call.site, "%s: this process does not "
                  "hold the lock; the call has no effect", call.name);
        return;
    }

    release(zone);

    if (owner != lf_thread_id()) {
        lf_report(LF_RULE_LOCK_OTHER, call.site, "%s: thread %d took the lock "
                  "and thread %d released it", call.name, (int) owner,
                  (int) lf_thread_id());
    }
}


/* ---- memory of the ABI ------------------------------------------------ */

/* promised: the app said by the name of the call that it holds the lock. */
static void
check_promise(const struct lf_abi_call *call, int took, int promised)
{
    if (took && promised) {
        lf_report(LF_RULE_LOCK_MISSING, call->site, "%s without the lock: it "
                  "was taken for this call", call->name);
    }
}


static void *
allocate(struct lf_zone *zone, size_t size, int promised,
         const struct lf_abi_call *call)
{
    int              took;
    void            *p = NULL;
    struct lf_root  *root;

    if (!lf_zone_check(zone, call)) {
        return NULL;
    }

    took = lf_zone_enter(zone, call->site);
    root = lf_zone_root(zone);

    if (root != NULL && size <= zone->size) {
        lf_zone_change(root);
        p = lf_port_zone_alloc(zone, size);
        lf_fault("shm_alloc_done");
        lf_zone_changed(root);
    }

    lf_zone_leave(zone, took);
    check_promise(call, took, promised);

    if (p == NULL) {
        lf_report(LF_RULE_ZONE_FULL, call->site, "%s: no room for %zu bytes "
                  "in a shared memory of %zu: free blocks, or raise "
                  "ngx_link_func_shm_size", call->name, size, zone->size);
    }

    return p;
}


static void
give_back(struct lf_zone *zone, void *p, int promised,
          const struct lf_abi_call *call)
{
    int              took, rc = -1;
    const char      *why = "it was not allocated here";
    struct lf_root  *root;

    if (!lf_zone_check(zone, call)) {
        return;
    }

    if (p == NULL) {
        lf_abi_null(lf_current_request(), call, "ptr");
        return;
    }

    took = lf_zone_enter(zone, call->site);
    root = lf_zone_root(zone);

    if (root != NULL && p != (void *) root) {
        lf_zone_change(root);
        rc = lf_port_zone_free(zone, p, &why);
        lf_fault("shm_free_done");
        lf_zone_changed(root);
    }

    lf_zone_leave(zone, took);
    check_promise(call, took, promised);

    if (rc != 0) {
        lf_report(LF_RULE_ZONE_FREE, call->site, "%s: %p is not freed: %s",
                  call->name, p, why);
    }
}


void *
ngx_link_func_shm_alloc(void *shared_mem, size_t size)
{
    struct lf_abi_call  call = LF_ABI_CALL;

    return allocate(shared_mem, size, 0, &call);
}


void *
ngx_link_func_shm_alloc_locked(void *shared_mem, size_t size)
{
    struct lf_abi_call  call = LF_ABI_CALL;

    return allocate(shared_mem, size, 1, &call);
}


void
ngx_link_func_shm_free(void *shared_mem, void *ptr)
{
    struct lf_abi_call  call = LF_ABI_CALL;

    give_back(shared_mem, ptr, 0, &call);
}


void
ngx_link_func_shm_free_locked(void *shared_mem, void *ptr)
{
    struct lf_abi_call  call = LF_ABI_CALL;

    give_back(shared_mem, ptr, 1, &call);
}
