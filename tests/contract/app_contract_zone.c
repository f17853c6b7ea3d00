/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops for the shared memory: lock, blocks, cache. */
#include "tests/contract/app_contract.h"


static void
op_trylock(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    say(&run->say, "trylock=%d\n",
        (int) ngx_link_func_shmtx_trylock(run->ctx->shared_mem));
}


static void
op_lock(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    ngx_link_func_shmtx_lock(run->ctx->shared_mem);
    say(&run->say, "lock\n");
}


static void
op_unlock(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    ngx_link_func_shmtx_unlock(run->ctx->shared_mem);
    say(&run->say, "unlock\n");
}


static void
alloc(struct run *run, const char *name, size_t size, void *block)
{
    say(&run->say, "%s(%zu)=%s\n", name, size, block ? "set" : "NULL");

    if (block != NULL) {
        memset(block, 0x5a, size);
    }

    run->block = block;
}


static void
op_alloc(struct run *run, const struct word *word, int count)
{
    size_t  n;

    n = word_number(word, count, 1);
    alloc(run, "alloc", n, ngx_link_func_shm_alloc(run->ctx->shared_mem, n));
}


static void
op_allocl(struct run *run, const struct word *word, int count)
{
    size_t  n;

    n = word_number(word, count, 1);
    alloc(run, "allocl", n,
          ngx_link_func_shm_alloc_locked(run->ctx->shared_mem, n));
}


static void
op_free(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    ngx_link_func_shm_free(run->ctx->shared_mem, run->block);
    say(&run->say, "free\n");
}


static void
op_freel(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    ngx_link_func_shm_free_locked(run->ctx->shared_mem, run->block);
    say(&run->say, "freel\n");
}


/* A pointer into the middle of the last block. */
static void
op_freein(struct run *run, const struct word *word, int count)
{
    ngx_link_func_shm_free(run->ctx->shared_mem,
                           (char *) run->block + word_number(word, count, 1));
    say(&run->say, "freein\n");
}


/* "get:KEY": values of this app are C strings. */
static void
op_get(struct run *run, const struct word *word, int count)
{
    say_text(&run->say, "get",
             ngx_link_func_cache_get(run->ctx->shared_mem,
                                     word_text(word, count, 1)));
}


/* "count:KEY:DELTA" */
static void
op_count(struct run *run, const struct word *word, int count)
{
    int      rc;
    int64_t  sum = -77;

    if (count < 2) {
        return;
    }

    rc = ngx_link_func_counter_add(run->ctx->shared_mem, word[1].data,
                                   strtoll(word[2].data, NULL, 10), &sum);
    say(&run->say, "count=%d %lld\n", rc, (long long) sum);
}


/* "put:KEY:TEXT": a copy of TEXT; the old value is freed. */
static void
op_put(struct run *run, const struct word *word, int count)
{
    char  *old, *value;
    void  *zone = run->ctx->shared_mem;

    if (count < 2) {
        return;
    }

    value = ngx_link_func_shm_alloc(zone, word[2].len + 1);

    if (value == NULL) {
        say(&run->say, "put=no memory\n");
        return;
    }

    memcpy(value, word[2].data, word[2].len + 1);
    old = ngx_link_func_cache_put(zone, word[1].data, value);
    say_text(&run->say, "put", old);

    if (old != NULL) {
        ngx_link_func_shm_free(zone, old);
    }
}


/* "new:KEY:SIZE:TEXT": TEXT is written into the block, if given. */
static void
op_new(struct run *run, const struct word *word, int count)
{
    void   *before, *block;
    void   *zone = run->ctx->shared_mem;
    size_t  size;

    if (count < 2) {
        return;
    }

    size = word_number(word, count, 2);
    before = ngx_link_func_cache_get(zone, word[1].data);
    block = ngx_link_func_cache_new(zone, word[1].data, size);

    say(&run->say, "new(%zu)=%s\n", size,
        block == NULL ? "NULL" : block == before ? "same" : "new");
    say(&run->say, "new.get=%d\n",
        block == ngx_link_func_cache_get(zone, word[1].data));

    if (block != NULL && block != before) {
        memset(block, 0, size);
    }

    if (block != NULL && count >= 3 && word[3].len < size) {
        memcpy(block, word[3].data, word[3].len + 1);
    }
}


static void
op_remove(struct run *run, const struct word *word, int count)
{
    char  *value;
    void  *zone = run->ctx->shared_mem;

    value = ngx_link_func_cache_remove(zone, word_text(word, count, 1));
    say_text(&run->say, "remove", value);

    if (value != NULL) {
        ngx_link_func_shm_free(zone, value);
    }
}


const struct op  contract_ops_zone[] = {
    { "trylock", op_trylock },
    { "lock", op_lock },
    { "unlock", op_unlock },
    { "alloc", op_alloc },
    { "allocl", op_allocl },
    { "free", op_free },
    { "freel", op_freel },
    { "freein", op_freein },
    { "get", op_get },
    { "count", op_count },
    { "put", op_put },
    { "new", op_new },
    { "remove", op_remove },
    { NULL, NULL }
};
