/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counter: an app whose workers share memory. Each request counts once, in
 * however many processes and threads they are served.
 *
 *     gcc -shared -fPIC -Wl,-Bsymbolic -I../../include -o libcounter.so counter.c
 *
 *     linkfunc call ./libcounter.so count '/?name=visits' --workers 4 --repeat 8
 */
#include <ngx_link_func_module.h>

/* One zone serves all apps of an nginx: a prefix keeps their keys apart. */
#define KEY_PREFIX  "counter:"
#define KEY_MAX     64

/* The key of the counter that the request names; -1: the name is too long. */
static int
counter_key(ngx_link_func_ctx_t *ctx, char *key)
{
    int          len;
    const char  *name;

    name = (const char *) ngx_link_func_get_query_param(ctx, "name");

    len = snprintf(key, KEY_MAX, KEY_PREFIX "%s", name ? name : "");

    return len < 0 || len >= KEY_MAX ? -1 : 0;
}


static void
answer_number(ngx_link_func_ctx_t *ctx, uint64_t number)
{
    int   len;
    char  text[32];

    len = snprintf(text, sizeof(text), "%llu\n", (unsigned long long) number);

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, (size_t) len);
}


static void
answer_error(ngx_link_func_ctx_t *ctx, uintptr_t status, const char *text)
{
    ngx_link_func_write_resp(ctx, status, NULL, NULL, text, strlen(text));
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


/* Leaves the counters alone: other workers go on, and a reload keeps them. */
void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


/* Adds one to the counter ?name=, made at first use, and answers its value. */
void
count(ngx_link_func_ctx_t *ctx)
{
    char       key[KEY_MAX];
    uint64_t   number, *counter;

    if (counter_key(ctx, key) != 0) {
        answer_error(ctx, 400, "the name is too long\n");
        return;
    }

    /* Held from the look-up to the last use of the pointer. */
    ngx_link_func_shmtx_lock(ctx->shared_mem);

    counter = (uint64_t *) ngx_link_func_cache_get(ctx->shared_mem, key);

    if (counter == NULL) {
        counter = (uint64_t *) ngx_link_func_cache_new(ctx->shared_mem, key,
                                                       sizeof(*counter));
        if (counter != NULL) {
            *counter = 0;
        }
    }

    number = counter != NULL ? ++*counter : 0;

    ngx_link_func_shmtx_unlock(ctx->shared_mem);

    if (number == 0) {
        ngx_link_func_log(err, ctx, "no room for counter \"%s\"", key);
        answer_error(ctx, 507, "no room\n");
        return;
    }

    answer_number(ctx, number);
}


/* Answers the value of the counter ?name= and takes it away. */
void
reset(ngx_link_func_ctx_t *ctx)
{
    char       key[KEY_MAX];
    uint64_t   number, *counter;

    if (counter_key(ctx, key) != 0) {
        answer_error(ctx, 400, "the name is too long\n");
        return;
    }

    ngx_link_func_shmtx_lock(ctx->shared_mem);

    counter = (uint64_t *) ngx_link_func_cache_remove(ctx->shared_mem, key);
    number = counter != NULL ? *counter : 0;

    if (counter != NULL) {
        ngx_link_func_shm_free_locked(ctx->shared_mem, counter);
    }

    ngx_link_func_shmtx_unlock(ctx->shared_mem);

    if (number == 0) {
        answer_error(ctx, 404, "no such counter\n");
        return;
    }

    answer_number(ctx, number);
}
