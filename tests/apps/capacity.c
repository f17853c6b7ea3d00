/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many entries fit into the shared memory? Fills it, counts, takes
 * everything out again and answers the count, so that it can be asked again:
 *
 *     ?what=alloc&size=100     shm_alloc of that size
 *     ?what=new&size=100       cache_new of that size, keys k0000000, ...
 *     ?what=put                cache_put, same keys
 */
#include <ngx_link_func_module.h>

/* Blocks of shm_alloc are at least this large: they link themselves. */
struct link {
    struct link  *next;
};

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle);
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle);
void capacity(ngx_link_func_ctx_t *ctx);


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


static unsigned long
fill_alloc(void *zone, size_t size)
{
    struct link    *first = NULL, *block;
    unsigned long   count;

    for (count = 0; ; count++) {
        block = ngx_link_func_shm_alloc_locked(zone, size);

        if (block == NULL) {
            break;
        }

        block->next = first;
        first = block;
    }

    while (first != NULL) {
        block = first;
        first = block->next;
        ngx_link_func_shm_free_locked(zone, block);
    }

    return count;
}


static const char *
key_name(char *name, size_t size, unsigned long n)
{
    (void) snprintf(name, size, "k%07lu", n);

    return name;
}


/* The value of a put is never looked into: any pointer will do. */
static int
add(void *zone, const char *key, int put, size_t size)
{
    if (!put) {
        return ngx_link_func_cache_new(zone, key, size) != NULL;
    }

    (void) ngx_link_func_cache_put(zone, key, zone);

    return ngx_link_func_cache_get(zone, key) != NULL;
}


static unsigned long
fill_cache(void *zone, int put, size_t size)
{
    char           name[32];
    void          *value;
    unsigned long  i, count = 0;

    while (add(zone, key_name(name, sizeof(name), count), put, size)) {
        count++;
    }

    for (i = 0; i < count; i++) {
        value = ngx_link_func_cache_remove(zone, key_name(name, sizeof(name),
                                                          i));
        if (!put) {
            ngx_link_func_shm_free_locked(zone, value);
        }
    }

    return count;
}


void
capacity(ngx_link_func_ctx_t *ctx)
{
    int            len;
    char          *what, *size_text, text[32];
    size_t         size;
    unsigned long  count;

    what = ngx_link_func_get_query_param(ctx, "what");
    size_text = ngx_link_func_get_query_param(ctx, "size");
    size = size_text ? strtoul(size_text, NULL, 10) : 0;

    if (what == NULL) {
        ngx_link_func_write_resp(ctx, 400, NULL, NULL, "what?\n", 6);
        return;
    }

    ngx_link_func_shmtx_lock(ctx->shared_mem);

    count = strcmp(what, "alloc") == 0
            ? fill_alloc(ctx->shared_mem, size)
            : fill_cache(ctx->shared_mem, strcmp(what, "put") == 0, size);

    ngx_link_func_shmtx_unlock(ctx->shared_mem);

    len = snprintf(text, sizeof(text), "%lu\n", count);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, (size_t) len);
}
