/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops that fill the shared memory, and what must hold when it is full. */
#include "app_contract.h"


/* "fill:SIZE": keys fillN with blocks of SIZE until there is no room. */
static void
op_fill(struct run *run, const struct word *word, int count)
{
    int     n;
    char    key[32];
    void   *zone = run->ctx->shared_mem, *block;
    size_t  size;

    size = word_number(word, count, 1);
    ngx_link_func_shmtx_lock(zone);

    for (n = 0; ; n++) {
        (void) snprintf(key, sizeof(key), "fill%07d", n);
        block = ngx_link_func_cache_new(zone, key, size);

        if (block == NULL) {
            break;
        }

        memset(block, n & 0xff, size);
    }

    say(&run->say, "fill(%zu)=%d\n", size, n);
    say(&run->say, "fill.failed_key=%s\n",
        ngx_link_func_cache_get(zone, key) ? "set" : "NULL");
    ngx_link_func_shmtx_unlock(zone);
}


/* "drain:SIZE": take out what fill put in; each block must be whole. */
static void
op_drain(struct run *run, const struct word *word, int count)
{
    int             n;
    char            key[32];
    void           *zone = run->ctx->shared_mem;
    size_t          i, size, bad;
    unsigned char  *block;

    size = word_number(word, count, 1);
    bad = 0;
    ngx_link_func_shmtx_lock(zone);

    for (n = 0; ; n++) {
        (void) snprintf(key, sizeof(key), "fill%07d", n);
        block = ngx_link_func_cache_remove(zone, key);

        if (block == NULL) {
            break;
        }

        for (i = 0; i < size; i++) {
            bad += block[i] != (n & 0xff);
        }

        ngx_link_func_shm_free_locked(zone, block);
    }

    ngx_link_func_shmtx_unlock(zone);
    say(&run->say, "drain(%zu)=%d bad=%zu\n", size, n, bad);
}


/* "allocs:SIZE": blocks until there is no room; all are freed again. */
static void
op_allocs(struct run *run, const struct word *word, int count)
{
    int     n;
    void   *zone = run->ctx->shared_mem, **block, **last;
    size_t  size;

    size = word_number(word, count, 1);
    size = size < sizeof(void *) ? sizeof(void *) : size;
    last = NULL;
    n = 0;

    while ((block = ngx_link_func_shm_alloc(zone, size)) != NULL) {
        *block = last;
        last = block;
        n++;
    }

    say(&run->say, "allocs(%zu)=%d\n", size, n);

    while (last != NULL) {
        block = *last;
        ngx_link_func_shm_free(zone, last);
        last = block;
    }
}


/* "churn:SIZE:ROUNDS": new, remove, free: the zone must not wear out. */
static void
op_churn(struct run *run, const struct word *word, int count)
{
    void   *zone = run->ctx->shared_mem, *block;
    size_t  n, rounds;

    rounds = word_number(word, count, 2);

    for (n = 0; n < rounds; n++) {
        if (ngx_link_func_cache_new(zone, "churn", word_number(word, count, 1))
            == NULL)
        {
            break;
        }

        block = ngx_link_func_cache_remove(zone, "churn");

        if (block == NULL) {
            break;
        }

        ngx_link_func_shm_free(zone, block);
    }

    say(&run->say, "churn=%zu of %zu\n", n, rounds);
}


/* "longkey:LEN": a key of that many bytes, its neighbour is another. */
static void
op_longkey(struct run *run, const struct word *word, int count)
{
    char    *key, *value;
    void    *zone = run->ctx->shared_mem;
    size_t   len;

    len = word_number(word, count, 1);
    key = malloc(len + 2);

    if (key == NULL) {
        return;
    }

    memset(key, 'k', len + 1);
    key[len] = '\0';
    value = ngx_link_func_cache_new(zone, key, 4);
    say(&run->say, "longkey(%zu)=%s\n", len, value ? "set" : "NULL");

    if (value != NULL) {
        memcpy(value, "lng", 4);
    }

    say_text(&run->say, "longkey", ngx_link_func_cache_get(zone, key));
    key[len] = 'k';
    key[len + 1] = '\0';
    say_text(&run->say, "longkey+1", ngx_link_func_cache_get(zone, key));
    key[len] = '\0';
    value = ngx_link_func_cache_remove(zone, key);
    say_text(&run->say, "longkey.removed", value);

    if (value != NULL) {
        ngx_link_func_shm_free(zone, value);
    }

    free(key);
}


/* "again": the lock twice, and then free with one unlock. */
static void
op_again(struct run *run, const struct word *word, int count)
{
    void  *zone = run->ctx->shared_mem;

    (void) word;
    (void) count;

    ngx_link_func_shmtx_lock(zone);
    ngx_link_func_shmtx_lock(zone);
    say(&run->say, "again.try_held=%d\n",
        (int) ngx_link_func_shmtx_trylock(zone));
    ngx_link_func_shmtx_unlock(zone);
    say(&run->say, "again.try_free=%d\n",
        (int) ngx_link_func_shmtx_trylock(zone));
    ngx_link_func_shmtx_unlock(zone);
    ngx_link_func_shmtx_unlock(zone);
}


const struct op  contract_ops_zone_many[] = {
    { "fill", op_fill },
    { "drain", op_drain },
    { "allocs", op_allocs },
    { "churn", op_churn },
    { "longkey", op_longkey },
    { "again", op_again },
    { NULL, NULL }
};
