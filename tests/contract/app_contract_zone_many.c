/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops that fill the shared memory, and what must hold when it is full. */
#include "tests/contract/app_contract.h"


/*
 * "fill:SIZE:MIN": keys fillN with blocks of SIZE until there is no room. How
 * many depends on what was there before, on each host in its own way: said is
 * only whether they are MIN. Fresh zones are compared by the golden rows.
 */
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

    say(&run->say, "fill(%zu) enough=%d failed_key=%s\n", size,
        (size_t) n >= word_number(word, count, 2),
        ngx_link_func_cache_get(zone, key) ? "set" : "NULL");
    ngx_link_func_shmtx_unlock(zone);
}


/* "drain:SIZE": take out what fill put in; each block must be whole. */
static void
op_drain(struct run *run, const struct word *word, int count)
{
    char            key[32];
    void           *zone = run->ctx->shared_mem;
    size_t          i, n, size, bad;
    unsigned char  *block;

    size = word_number(word, count, 1);
    bad = 0;
    ngx_link_func_shmtx_lock(zone);

    for (n = 0; ; n++) {
        (void) snprintf(key, sizeof(key), "fill%07zu", n);
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
    say(&run->say, "drain(%zu) bad=%zu\n", size, bad);
}


/* Blocks of that size until there is no room, linked to the run. */
static size_t
take_all(struct run *run, size_t size)
{
    void    **block;
    size_t    n;

    for (n = 0; ; n++) {
        block = ngx_link_func_shm_alloc(run->ctx->shared_mem, size);

        if (block == NULL) {
            return n;
        }

        *block = run->kept;
        run->kept = block;
    }
}


static void
give_all(struct run *run)
{
    void  **block;

    while (run->kept != NULL) {
        block = run->kept;
        run->kept = *block;
        ngx_link_func_shm_free(run->ctx->shared_mem, block);
    }
}


/* "allocs:SIZE": blocks until there is no room; all are freed again. */
static void
op_allocs(struct run *run, const struct word *word, int count)
{
    size_t  n, again, size;

    size = word_number(word, count, 1);
    n = take_all(run, size);
    give_all(run);
    again = take_all(run, size);
    give_all(run);

    say(&run->say, "allocs(%zu) enough=%d same=%d\n", size,
        n >= word_number(word, count, 2), n == again);
}


/* "exhaust": no block of any size can be had any more, until "release". */
static void
op_exhaust(struct run *run, const struct word *word, int count)
{
    size_t  size;

    (void) word;
    (void) count;

    for (size = 65536; size >= sizeof(void *); size /= 2) {
        (void) take_all(run, size);
    }

    say(&run->say, "exhaust=full\n");
}


static void
op_release(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    give_all(run);
    say(&run->say, "release\n");
}


/* "putit:KEY": put without an allocation of the app's own: over its value. */
static void
op_putit(struct run *run, const struct word *word, int count)
{
    char  *old, *value;
    void  *zone = run->ctx->shared_mem;

    if (count < 1 || run->kept == NULL) {
        return;
    }

    /* a block that exhaust took, so it must leave the list */
    value = (char *) run->kept;
    run->kept = *run->kept;
    memcpy(value, "it", 3);

    old = ngx_link_func_cache_put(zone, word[1].data, value);
    say_text(&run->say, "putit", old);

    if (ngx_link_func_cache_get(zone, word[1].data) != value) {
        *(void **) value = run->kept;
        run->kept = (void **) value;
    } else if (old != NULL) {
        *(void **) old = run->kept;
        run->kept = (void **) old;
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
    { "exhaust", op_exhaust },
    { "release", op_release },
    { "putit", op_putit },
    { "churn", op_churn },
    { "longkey", op_longkey },
    { "again", op_again },
    { NULL, NULL }
};
