/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cache against a model that cannot be wrong: an array. Fixed seeds, others
 * with LINKFUNC_TEST_SEED; zones so small that they are full most of the time;
 * allocations that fail. Then many threads and processes at once, each with
 * keys of its own.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/number_of.h"
#include "tests/unit/core/zone_setup.h"

#define KEYS     700
#define WORKERS  4

/* What the cache must know of one key. */
struct entry {
    unsigned char  *value;
    size_t          size;            /* 0: put, size unknown */
    unsigned char   mark;
};

struct model {
    struct lf_zone  *zone;
    unsigned         first;          /* its keys: first .. first + keys - 1 */
    unsigned         keys;
    unsigned         live;
    uint64_t         random;
    int              take_lock;
    int              broken;
    struct entry     entries[KEYS];
};


static unsigned
draw(struct model *m, unsigned limit)
{
    m->random = m->random * UINT64_C(6364136223846793005)
                + UINT64_C(1442695040888963407);

    return (unsigned) (m->random >> 33) % limit;
}


static void
expect(struct model *m, int law)
{
    m->broken |= !law;
}


static void
mark(struct entry *entry, unsigned char *value, size_t size, unsigned char c)
{
    entry->value = value;
    entry->size = size;
    entry->mark = c;
    memset(value, c, size ? size : 8);
}


static void
check(struct model *m, struct entry *entry)
{
    size_t  i, size = entry->size ? entry->size : 8;

    for (i = 0; i < size; i++) {
        expect(m, entry->value[i] == entry->mark);
    }
}


static void
step_new(struct model *m, const char *key, struct entry *entry)
{
    size_t          size = 1 + draw(m, draw(m, 10) ? 40 : 3000);
    unsigned char  *block, *old = entry->value;

    block = ngx_link_func_cache_new(m->zone, key, size);

    if (old != NULL && entry->size >= size) {
        expect(m, block == old);
        return;
    }

    if (block == NULL) {
        return;
    }

    if (old != NULL) {
        check(m, entry);
        ngx_link_func_shm_free_locked(m->zone, old);
    } else {
        m->live++;
    }

    mark(entry, block, size, (unsigned char) draw(m, 256));
}


static void
step_put(struct model *m, const char *key, struct entry *entry)
{
    unsigned char  *value, *old;

    value = ngx_link_func_shm_alloc_locked(m->zone, 8);
    if (value == NULL) {
        return;
    }

    old = ngx_link_func_cache_put(m->zone, key, value);
    expect(m, old == entry->value);

    if (old != NULL) {
        check(m, entry);
        ngx_link_func_shm_free_locked(m->zone, old);

    } else if (ngx_link_func_cache_get(m->zone, key) == NULL) {
        ngx_link_func_shm_free_locked(m->zone, value);
        return;

    } else {
        m->live++;
    }

    mark(entry, value, 0, (unsigned char) draw(m, 256));
}


static void
step_remove(struct model *m, const char *key, struct entry *entry)
{
    unsigned char  *value;

    value = ngx_link_func_cache_remove(m->zone, key);
    expect(m, value == entry->value);

    if (value != NULL) {
        check(m, entry);
        ngx_link_func_shm_free_locked(m->zone, value);
        entry->value = NULL;
        entry->size = 0;
        m->live--;
    }
}


/* growing: mostly adds; else mostly removes. */
static void
step(struct model *m, int growing)
{
    char           key[16];
    unsigned       n = draw(m, m->keys), what = draw(m, 10);
    struct entry  *entry = &m->entries[n];

    (void) snprintf(key, sizeof(key), "k%07u", (m->first + n) % 10000000);

    if (m->take_lock) {
        ngx_link_func_shmtx_lock(m->zone);
    }

    expect(m, ngx_link_func_cache_get(m->zone, key) == entry->value);

    if (what < (growing ? 2 : 7)) {
        step_remove(m, key, entry);
    } else if (what < 8) {
        step_new(m, key, entry);
    } else {
        step_put(m, key, entry);
    }

    if (m->take_lock) {
        ngx_link_func_shmtx_unlock(m->zone);
    }
}


static void
run(struct model *m, unsigned steps)
{
    unsigned  i;

    for (i = 0; i < steps; i++) {
        step(m, i / 2000 % 2 == 0);
    }
}


static void
empty(struct model *m)
{
    char      key[16];
    unsigned  n;

    ngx_link_func_shmtx_lock(m->zone);

    for (n = 0; n < m->keys; n++) {
        (void) snprintf(key, sizeof(key), "k%07u", (m->first + n) % 10000000);
        step_remove(m, key, &m->entries[n]);
    }

    ngx_link_func_shmtx_unlock(m->zone);
}


static void
model_start(struct model *m, struct lf_zone *zone, uint64_t seed)
{
    memset(m, 0, sizeof(struct model));
    m->zone = zone;
    m->keys = KEYS;
    m->random = seed + 1000 * (number_of("LINKFUNC_TEST_SEED", "1") - 1);
}


/* ---- one thread ------------------------------------------------------- */

static void
follow_model(size_t zone_bytes, uint64_t seed, int failing)
{
    unsigned         round;
    struct model     m;

    model_start(&m, zone_open(zone_bytes), seed);
    ngx_link_func_shmtx_lock(m.zone);

    for (round = 0; round < 200; round++) {

        if (failing) {
            lf_fake_zone_fail_alloc(m.zone, 1 + draw(&m, 30));
        }

        run(&m, 100);
        assert_int_equal(m.broken, 0);
        assert_int_equal(lf_cache_count(m.zone), m.live);
    }

    lf_fake_zone_fail_alloc(m.zone, 0);
    ngx_link_func_shmtx_unlock(m.zone);
    empty(&m);

    assert_int_equal(m.broken, 0);
    assert_int_equal(lf_cache_count(m.zone), 0);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 0);
    zone_close();
}


static void
cache_follows_the_model(void **state)
{
    (void) state;
    follow_model(1 << 20, 1, 0);
    follow_model(1 << 20, 2, 0);
}


static void
cache_follows_the_model_in_a_full_zone(void **state)
{
    (void) state;
    follow_model(LF_ZONE_MIN, 3, 0);
    follow_model(64 * 1024, 4, 0);
}


static void
cache_follows_the_model_when_memory_fails(void **state)
{
    (void) state;
    follow_model(64 * 1024, 5, 1);
    follow_model(1 << 20, 6, 1);
}


/* ---- many at once ----------------------------------------------------- */

static void *
work(void *data)
{
    struct model  *m = data;

    run(m, 6000);
    empty(m);

    return NULL;
}


static struct model  models[WORKERS];


static void
models_start(struct lf_zone *zone)
{
    unsigned  i;

    for (i = 0; i < WORKERS; i++) {
        model_start(&models[i], zone, 10 + i);
        models[i].first = i * KEYS;
        models[i].take_lock = 1;
    }
}


static void
threads_share_one_zone(void **state)
{
    unsigned         i;
    pthread_t        threads[WORKERS];
    struct lf_zone  *zone = zone_open(256 * 1024);

    (void) state;
    models_start(zone);

    for (i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, &models[i]),
                         0);
    }

    for (i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(models[i].broken, 0);
    }

    assert_int_equal(lf_cache_count(zone), 0);
    zone_close();
}


static void
processes_share_one_zone(void **state)
{
    int              status;
    pid_t            pid;
    unsigned         i;
    struct lf_zone  *zone = zone_open(256 * 1024);

    (void) state;
    models_start(zone);

    for (i = 0; i < WORKERS; i++) {
        pid = fork();

        if (pid == 0) {
            lf_process_start();
            (void) work(&models[i]);
            _exit(models[i].broken);
        }

        assert_true(pid > 0);
    }

    for (i = 0; i < WORKERS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }

    assert_int_equal(lf_cache_count(zone), 0);
    zone_close();
}


/* Without the lock round them calls are still atomic one by one. */
static void *
call_without_lock(void *data)
{
    char             key[16];
    unsigned         i;
    struct model    *m = data;

    for (i = 0; i < 500; i++) {
        (void) snprintf(key, sizeof(key), "t%u.%u", m->first % 100000, i);
        expect(m, ngx_link_func_cache_new(m->zone, key, 8) != NULL);
        ngx_link_func_shm_free(m->zone,
                               ngx_link_func_cache_remove(m->zone, key));
    }

    return NULL;
}


static void
calls_without_the_lock_do_not_break_the_zone(void **state)
{
    unsigned         i;
    pthread_t        threads[WORKERS];
    struct lf_zone  *zone = zone_open(64 * 1024);

    (void) state;
    models_start(zone);

    for (i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_without_lock,
                                        &models[i]), 0);
    }

    for (i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(models[i].broken, 0);
    }

    assert_int_equal(lf_cache_count(zone), 0);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 0);
    zone_close();
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(cache_follows_the_model),
        cmocka_unit_test(cache_follows_the_model_in_a_full_zone),
        cmocka_unit_test(cache_follows_the_model_when_memory_fails),
        cmocka_unit_test(threads_share_one_zone),
        cmocka_unit_test(processes_share_one_zone),
        cmocka_unit_test(calls_without_the_lock_do_not_break_the_zone)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
