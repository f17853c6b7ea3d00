/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shared memory: a zone of nginx with its slab and its lock. Whether a
 * caller may do what it requests is decided in core; here only pointers that
 * are no blocks are refused, which the slab of nginx reports in the log alone.
 */
#include "module/ngx_http_link_func_module.h"

/* The kinds of slab pages, as ngx_slab.c has them in the low bits of prev. */
#define PAGE_MASK   3
#define PAGE_BIG    1
#define PAGE_EXACT  2
#define PAGE_SMALL  3

/* The first page of an allocation of whole pages. */
#define PAGE_START  ((uintptr_t) 1 << (sizeof(uintptr_t) * 8 - 1))
#define PAGE_BUSY   ((uintptr_t) -1)
#define SHIFT_MASK  0x0f
#define MAP_SHIFT   (sizeof(uintptr_t) * 4)
#define MAP_BITS    (sizeof(uintptr_t) * 8)


/* A zone that another cycle used is taken over as it is. */
ngx_int_t
ngx_http_link_func_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_slab_pool_t                 *pool;
    ngx_http_link_func_main_conf_t  *mcf;

    (void) data;
    mcf = shm_zone->data;
    pool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    /* apps get NULL, and core logs one line */
    pool->log_nomem = 0;

    mcf->zone.memory = shm_zone->shm.addr;
    mcf->zone.size = shm_zone->shm.size;
    mcf->zone.root = &pool->data;
    mcf->zone.host = pool;
    lf_zone_attach(&mcf->zone);

    return NGX_OK;
}


int
lf_port_zone_trylock(struct lf_zone *zone)
{
    ngx_slab_pool_t  *pool = zone->host;

    return ngx_shmtx_trylock(&pool->mutex);
}


void
lf_port_zone_lock(struct lf_zone *zone)
{
    ngx_slab_pool_t  *pool = zone->host;

#if (NGX_THREADS)
    ngx_http_link_func_event_lock(&pool->mutex);
#else
    ngx_shmtx_lock(&pool->mutex);
#endif
}


int
lf_port_zone_held(struct lf_zone *zone)
{
#if (NGX_HAVE_ATOMIC_OPS)
    ngx_slab_pool_t  *pool = zone->host;

    return *pool->mutex.lock == (ngx_atomic_t) ngx_pid;
#else
#error "link functions need an nginx with atomic operations"
#endif
}


int
lf_port_zone_unlock(struct lf_zone *zone)
{
    int               held;
    ngx_slab_pool_t  *pool = zone->host;

    held = lf_port_zone_held(zone);
    ngx_shmtx_unlock(&pool->mutex);

    return held;
}


void *
lf_port_zone_alloc(struct lf_zone *zone, size_t size)
{
    return ngx_slab_alloc_locked(zone->host, size);
}


/* NULL: p is a block; else the reason why not. */
static const char *
ngx_http_link_func_check_block(ngx_slab_pool_t *pool, u_char *p)
{
    uintptr_t         slab, chunk, offset, bit, *map;
    const char       *freed = "it is free already";
    const char       *inside = "it points into a block, not at its start";
    ngx_slab_page_t  *page;

    if (p < pool->start || p >= pool->end) {
        return "it is not in the shared memory";
    }

    page = &pool->pages[(size_t) (p - pool->start) / ngx_pagesize];
    slab = page->slab;
    map = &slab;
    chunk = (uintptr_t) 1 << (slab & SHIFT_MASK);
    offset = (uintptr_t) p & (ngx_pagesize - 1);

    switch (page->prev & PAGE_MASK) {

    case PAGE_SMALL:
        map = (uintptr_t *) (p - offset);
        bit = offset / chunk;

        /* the first chunks hold the bitmap of the page */
        if (offset < ((ngx_pagesize / chunk + 7) / 8)) {
            return inside;
        }

        break;

    case PAGE_EXACT:
        chunk = ngx_pagesize / MAP_BITS;
        bit = offset / chunk;
        break;

    case PAGE_BIG:
        bit = MAP_SHIFT + offset / chunk;
        break;

    default:
        if ((slab & PAGE_START) == 0) {
            return freed;
        }

        return slab != PAGE_BUSY && offset == 0 ? NULL : inside;
    }

    if (offset % chunk != 0) {
        return inside;
    }

    return (map[bit / MAP_BITS] >> (bit % MAP_BITS)) & 1 ? NULL : freed;
}


int
lf_port_zone_free(struct lf_zone *zone, void *ptr, const char **why)
{
    ngx_slab_pool_t  *pool = zone->host;

    *why = ngx_http_link_func_check_block(pool, ptr);

    if (*why != NULL) {
        return -1;
    }

    ngx_slab_free_locked(pool, ptr);

    return 0;
}


/* The slab begins anew round the lock, which stays as it is. */
void
lf_port_zone_reset(struct lf_zone *zone)
{
    ngx_slab_pool_t  *pool = zone->host;

    ngx_slab_init(pool);
    pool->data = NULL;
    pool->log_nomem = 0;
}
