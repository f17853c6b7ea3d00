/* SPDX-License-Identifier: BSD-2-Clause */
/* The index under the cache: growth, shrinking, walking, no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/lf_port.h"
#include "tests/unit/core/zone_setup.h"

#define KEYS  5000
#define MANY  40000                  /* more than the index names itself */

static struct lf_zone  *zone;


static int
set_up(void **state)
{
    (void) state;
    zone = zone_open(1 << 20);
    ngx_link_func_shmtx_lock(zone);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    (void) lf_zone_release(zone);
    zone_close();

    return 0;
}


static void
emptied_cache_gives_its_memory_back(void **state)
{
    unsigned  n;

    (void) state;

    for (n = 0; n < KEYS; n++) {
        assert_non_null(ngx_link_func_cache_new(zone, zone_key(n), 8));
    }

    zone_remove_keys(zone, KEYS);

    assert_int_equal(lf_cache_count(zone), 0);
    assert_int_equal(zone_free_pages(zone), 254 - 1);
}


static void
large_index_survives_failing_memory_and_leaks_nothing(void **state)
{
    unsigned  n, pages;

    (void) state;
    tear_down(NULL);
    zone = zone_open(4 << 20);
    ngx_link_func_shmtx_lock(zone);

    for (n = 0; n < MANY; n++) {
        lf_fake_zone_fail_alloc(zone, 1 + n % 7);

        while (ngx_link_func_cache_new(zone, zone_key(n), 8) == NULL) {
            assert_null(ngx_link_func_cache_get(zone, zone_key(n)));
        }
    }

    lf_fake_zone_fail_alloc(zone, 0);
    assert_int_equal(lf_cache_count(zone), MANY);

    for (n = 0; n < MANY; n++) {
        assert_non_null(ngx_link_func_cache_get(zone, zone_key(n)));
    }

    pages = (unsigned) zone_free_pages(zone);
    assert_true(pages < 600);
    zone_remove_keys(zone, MANY);
    assert_int_equal(zone_free_pages(zone), 1017 - 1);
}


static void
next_walks_over_every_key_once(void **state)
{
    char         seen[KEYS] = "";
    void        *value;
    size_t       size;
    uint64_t     iter = 0;
    unsigned     n, count = 0;
    const char  *key;

    (void) state;

    for (n = 0; n < KEYS; n++) {
        assert_non_null(ngx_link_func_cache_new(zone, zone_key(n), n % 50));
    }

    while (lf_cache_next(zone, &iter, &key, &value, &size)) {
        n = (unsigned) strtoul(key + 1, NULL, 10);
        assert_int_equal(seen[n], 0);
        seen[n] = 1;
        assert_int_equal(size, n % 50);
        assert_ptr_equal(ngx_link_func_cache_get(zone, key), value);
        count++;
    }

    assert_int_equal(count, KEYS);
    assert_int_equal(lf_cache_count(zone), KEYS);
}


static void
next_of_a_fresh_zone_is_the_end(void **state)
{
    void        *value;
    size_t       size;
    uint64_t     iter = 0;
    const char  *key;

    (void) state;

    assert_int_equal(lf_cache_next(zone, &iter, &key, &value, &size), 0);
    assert_int_equal(lf_cache_count(zone), 0);
}


static void
cache_without_a_page_for_the_index_keeps_working(void **state)
{
    void      *block;
    unsigned   n;

    (void) state;

    /* One page of nodes, values and chains each, and no page left. */
    assert_non_null(ngx_link_func_shm_alloc_locked(zone, 64));
    assert_non_null(ngx_link_func_cache_new(zone, zone_key(0), 8));

    do {
        block = ngx_link_func_shm_alloc_locked(zone, 4096);
    } while (block != NULL);

    for (n = 1; ngx_link_func_cache_new(zone, zone_key(n), 8) != NULL; n++) {
        assert_int_equal(lf_cache_count(zone), n + 1);
    }

    assert_int_equal(n, 127);

    for (n = 0; n < 127; n++) {
        assert_non_null(ngx_link_func_cache_get(zone, zone_key(n)));
    }
}


#define TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(emptied_cache_gives_its_memory_back),
        TEST(large_index_survives_failing_memory_and_leaks_nothing),
        TEST(next_walks_over_every_key_once),
        TEST(next_of_a_fresh_zone_is_the_end),
        TEST(cache_without_a_page_for_the_index_keeps_working)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
