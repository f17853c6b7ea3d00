/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of the ABI: each sentence of its contract. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/lf_port.h"
#include "tests/unit/core/zone_setup.h"

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


/* ---- arguments -------------------------------------------------------- */

static void
null_handle_is_reported_and_fails(void **state)
{
    (void) state;

    assert_null(ngx_link_func_cache_get(NULL, "key"));
    assert_null(ngx_link_func_cache_put(NULL, "key", zone));
    assert_null(ngx_link_func_cache_new(NULL, "key", 8));
    assert_null(ngx_link_func_cache_remove(NULL, "key"));
    assert_int_equal(zone_reports(LF_RULE_ZONE_NULL), 4);
}


static void
null_key_is_reported_and_fails(void **state)
{
    (void) state;

    assert_null(ngx_link_func_cache_get(zone, NULL));
    assert_null(ngx_link_func_cache_put(zone, NULL, zone));
    assert_null(ngx_link_func_cache_new(zone, NULL, 8));
    assert_null(ngx_link_func_cache_remove(zone, NULL));
    assert_int_equal(zone_reports(LF_RULE_NULL_ARG), 4);
}


static void
calls_without_the_lock_take_it_and_say_so(void **state)
{
    void  *block;

    (void) state;
    ngx_link_func_shmtx_unlock(zone);

    block = ngx_link_func_cache_new(zone, "key", 8);
    assert_ptr_equal(ngx_link_func_cache_get(zone, "key"), block);
    assert_ptr_equal(ngx_link_func_cache_put(zone, "key", block), block);
    assert_ptr_equal(ngx_link_func_cache_remove(zone, "key"), block);

    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 4);
    assert_false(lf_port_zone_held(zone));
}


static void
calls_with_the_lock_keep_it_and_say_nothing(void **state)
{
    (void) state;

    (void) ngx_link_func_cache_new(zone, "key", 8);
    (void) ngx_link_func_cache_get(zone, "key");
    (void) ngx_link_func_cache_remove(zone, "key");

    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 0);
    assert_true(lf_port_zone_held(zone));
}


/* ---- keys ------------------------------------------------------------- */

static void
absent_key_gives_null_and_no_line(void **state)
{
    (void) state;

    assert_null(ngx_link_func_cache_get(zone, "absent"));
    assert_null(ngx_link_func_cache_remove(zone, "absent"));
    assert_int_equal(zone_reports(LF_RULE_ZONE_FULL), 0);
}


static void
empty_key_is_a_key(void **state)
{
    void  *block;

    (void) state;

    block = ngx_link_func_cache_new(zone, "", 8);
    assert_non_null(block);
    assert_ptr_equal(ngx_link_func_cache_get(zone, ""), block);
    assert_null(ngx_link_func_cache_get(zone, "x"));
    assert_ptr_equal(ngx_link_func_cache_remove(zone, ""), block);
    assert_null(ngx_link_func_cache_get(zone, ""));
}


static void
keys_are_compared_byte_for_byte(void **state)
{
    size_t  i, j;
    static const char *const  keys[] = {
        "key", "Key", "key ", "ke", "keyy", "\xff\xfe", "\xff", "a/b?c=%20",
        "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdeg"
    };
    void  *blocks[sizeof(keys) / sizeof(keys[0])];

    (void) state;

    for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        assert_null(ngx_link_func_cache_get(zone, keys[i]));
        blocks[i] = ngx_link_func_cache_new(zone, keys[i], 8);

        for (j = 0; j <= i; j++) {
            assert_ptr_equal(ngx_link_func_cache_get(zone, keys[j]),
                             blocks[j]);
        }
    }
}


static void
key_is_copied(void **state)
{
    char   key[] = "first";
    void  *block;

    (void) state;

    block = ngx_link_func_cache_new(zone, key, 8);
    memcpy(key, "other", 5);

    assert_ptr_equal(ngx_link_func_cache_get(zone, "first"), block);
    assert_null(ngx_link_func_cache_get(zone, "other"));
}


static void
long_key_works_and_a_longer_one_has_no_room(void **state)
{
    size_t   len = 100 * 1000;
    char    *key, *huge;

    (void) state;

    key = calloc(1, len + 1);
    huge = calloc(1, 2 * zone->size);
    assert_non_null(key);
    assert_non_null(huge);
    memset(key, 'x', len);
    memset(huge, 'x', 2 * zone->size - 1);

    assert_non_null(ngx_link_func_cache_new(zone, key, 8));
    assert_non_null(ngx_link_func_cache_get(zone, key));
    assert_null(ngx_link_func_cache_new(zone, huge, 8));
    assert_null(ngx_link_func_cache_get(zone, huge));
    assert_int_equal(zone_reports(LF_RULE_ZONE_FULL), 1);

    free(key);
    free(huge);
}


/* ---- put -------------------------------------------------------------- */

static void
put_returns_the_value_that_was_there(void **state)
{
    void  *a, *b;

    (void) state;

    a = ngx_link_func_shm_alloc_locked(zone, 8);
    b = ngx_link_func_shm_alloc_locked(zone, 8);

    assert_null(ngx_link_func_cache_put(zone, "key", a));
    assert_ptr_equal(ngx_link_func_cache_put(zone, "key", b), a);
    assert_ptr_equal(ngx_link_func_cache_get(zone, "key"), b);
    assert_int_equal(lf_cache_count(zone), 1);

    ngx_link_func_shm_free_locked(zone, a);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 0);
}


static void
put_into_a_full_zone_changes_nothing(void **state)
{
    unsigned  n = 0;
    size_t    count;

    (void) state;

    while (ngx_link_func_cache_put(zone, zone_key(n), zone) == NULL
           && zone_reports(LF_RULE_ZONE_FULL) == 0)
    {
        n++;
    }

    count = lf_cache_count(zone);
    assert_int_equal(count, n);
    assert_null(ngx_link_func_cache_get(zone, zone_key(n)));

    assert_ptr_equal(ngx_link_func_cache_put(zone, zone_key(0), &count), zone);
    assert_ptr_equal(ngx_link_func_cache_get(zone, zone_key(0)), &count);
}


/* ---- new -------------------------------------------------------------- */

static void
new_returns_the_block_that_is_large_enough(void **state)
{
    char  *block;

    (void) state;

    block = ngx_link_func_cache_new(zone, "key", 100);
    strcpy(block, "untouched");

    assert_ptr_equal(ngx_link_func_cache_new(zone, "key", 100), block);
    assert_ptr_equal(ngx_link_func_cache_new(zone, "key", 1), block);
    assert_string_equal(block, "untouched");
    assert_int_equal(lf_cache_count(zone), 1);
}


static void
new_makes_a_larger_block_and_leaves_the_old(void **state)
{
    char  *old, *block;

    (void) state;

    old = ngx_link_func_cache_new(zone, "key", 100);
    strcpy(old, "still here");
    block = ngx_link_func_cache_new(zone, "key", 5000);

    assert_ptr_not_equal(block, old);
    assert_string_equal(old, "still here");
    assert_ptr_equal(ngx_link_func_cache_get(zone, "key"), block);
    assert_int_equal(lf_cache_count(zone), 1);

    ngx_link_func_shm_free_locked(zone, old);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 0);
}


static void
new_does_not_trust_the_size_of_a_foreign_block(void **state)
{
    void  *value;

    (void) state;

    value = ngx_link_func_shm_alloc_locked(zone, 8);
    (void) ngx_link_func_cache_put(zone, "key", value);

    assert_ptr_not_equal(ngx_link_func_cache_new(zone, "key", 8), value);
}


static void
put_after_new_forgets_the_size(void **state)
{
    void  *value;

    (void) state;

    value = ngx_link_func_shm_alloc_locked(zone, 8);
    (void) ngx_link_func_cache_new(zone, "key", 1000);
    (void) ngx_link_func_cache_put(zone, "key", value);

    assert_ptr_not_equal(ngx_link_func_cache_new(zone, "key", 500), value);
}


static void
new_of_size_zero_is_a_block(void **state)
{
    void  *block;

    (void) state;

    block = ngx_link_func_cache_new(zone, "key", 0);
    assert_non_null(block);
    assert_ptr_equal(ngx_link_func_cache_new(zone, "key", 0), block);
}


static void
new_of_a_senseless_size_changes_nothing(void **state)
{
    void  *block;

    (void) state;

    block = ngx_link_func_cache_new(zone, "key", 8);
    assert_null(ngx_link_func_cache_new(zone, "key", SIZE_MAX));
    assert_null(ngx_link_func_cache_new(zone, "other", SIZE_MAX));
    assert_ptr_equal(ngx_link_func_cache_get(zone, "key"), block);
    assert_int_equal(lf_cache_count(zone), 1);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FULL), 2);
}


static void
new_undoes_everything_at_each_failing_allocation(void **state)
{
    unsigned  nth, n, steps = 0;
    size_t    pages, before;

    (void) state;

    for (n = 0; n < 300; n++) {
        before = lf_cache_count(zone);

        for (nth = 1; ; nth++, steps++) {
            pages = zone_free_pages(zone);
            lf_fake_zone_fail_alloc(zone, nth);

            if (ngx_link_func_cache_new(zone, zone_key(n), 64) != NULL) {
                break;
            }

            assert_int_equal(lf_cache_count(zone), before);
            assert_int_equal(zone_free_pages(zone), pages);
            assert_null(ngx_link_func_cache_get(zone, zone_key(n)));
        }

        lf_fake_zone_fail_alloc(zone, 0);
    }

    assert_true(steps >= 600);
    pages = zone_free_pages(zone);
    zone_remove_keys(zone, 300);
    assert_int_equal(lf_cache_count(zone), 0);
    assert_true(zone_free_pages(zone) > pages);
    assert_int_equal(zone_free_pages(zone), 254 - 1);
}


/* ---- remove ----------------------------------------------------------- */

static void
remove_returns_the_value_and_forgets_the_key(void **state)
{
    char  *block;

    (void) state;

    block = ngx_link_func_cache_new(zone, "key", 16);
    strcpy(block, "mine now");

    assert_ptr_equal(ngx_link_func_cache_remove(zone, "key"), block);
    assert_string_equal(block, "mine now");
    assert_null(ngx_link_func_cache_get(zone, "key"));
    assert_null(ngx_link_func_cache_remove(zone, "key"));

    ngx_link_func_shm_free_locked(zone, block);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 0);
}


static void
new_and_remove_for_ever_leak_nothing(void **state)
{
    unsigned  n;

    (void) state;

    for (n = 0; n < 20000; n++) {
        assert_non_null(ngx_link_func_cache_new(zone, "key", 100));
        ngx_link_func_shm_free_locked(zone,
                                    ngx_link_func_cache_remove(zone, "key"));
    }

    assert_int_equal(zone_free_pages(zone), 254 - 1);
}


/* ---- counters --------------------------------------------------------- */

static void
counter_starts_at_zero_adds_and_wraps(void **state)
{
    int64_t  sum;

    (void) state;

    assert_int_equal(ngx_link_func_counter_add(zone, "n", 5, &sum), 0);
    assert_int_equal(sum, 5);
    assert_int_equal(ngx_link_func_counter_add(zone, "n", -6, &sum), 0);
    assert_int_equal(sum, -1);
    assert_int_equal(ngx_link_func_counter_add(zone, "n", INT64_MIN, NULL), 0);
    assert_int_equal(ngx_link_func_counter_add(zone, "n", 0, &sum), 0);
    assert_true(sum == INT64_MAX);
}


static void
counter_is_a_block_of_eight_bytes(void **state)
{
    size_t       size;
    int64_t     *counter;
    uint64_t     iter = 0;
    void        *value;
    const char  *key;

    (void) state;
    assert_int_equal(ngx_link_func_counter_add(zone, "n", 7, NULL), 0);

    counter = ngx_link_func_cache_get(zone, "n");
    assert_int_equal(*counter, 7);
    assert_int_equal(lf_cache_next(zone, &iter, &key, &value, &size), 1);
    assert_ptr_equal(value, counter);
    assert_int_equal(size, 8);
    assert_ptr_equal(ngx_link_func_cache_remove(zone, "n"), counter);
    ngx_link_func_shm_free_locked(zone, counter);
}


static void
counter_of_a_foreign_key_fails_and_changes_nothing(void **state)
{
    int64_t  sum = 9, *block;

    (void) state;
    block = ngx_link_func_cache_new(zone, "b", 8);
    *block = 3;

    assert_int_equal(ngx_link_func_counter_add(zone, "b", 1, &sum), -1);
    assert_int_equal(sum, 9);
    assert_int_equal(*block, 3);
    assert_int_equal(zone_reports(LF_RULE_NOT_COUNTER), 1);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FULL), 0);
}


static void
counter_that_was_replaced_is_none(void **state)
{
    void  *old;

    (void) state;
    assert_int_equal(ngx_link_func_counter_add(zone, "p", 1, NULL), 0);
    assert_int_equal(ngx_link_func_counter_add(zone, "n", 1, NULL), 0);

    old = ngx_link_func_cache_get(zone, "p");
    (void) ngx_link_func_cache_put(zone, "p", old);
    (void) ngx_link_func_cache_new(zone, "n", 9);

    assert_int_equal(ngx_link_func_counter_add(zone, "p", 1, NULL), -1);
    assert_int_equal(ngx_link_func_counter_add(zone, "n", 1, NULL), -1);
}


static void
counter_without_the_lock_is_safe_and_says_nothing(void **state)
{
    (void) state;
    ngx_link_func_shmtx_unlock(zone);

    assert_int_equal(ngx_link_func_counter_add(zone, "n", 1, NULL), 0);
    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 0);
    assert_false(lf_port_zone_held(zone));
}


static void
counter_with_bad_arguments_or_no_room_fails(void **state)
{
    unsigned  n;

    (void) state;

    assert_int_equal(ngx_link_func_counter_add(NULL, "n", 1, NULL), -1);
    assert_int_equal(zone_reports(LF_RULE_ZONE_NULL), 1);
    assert_int_equal(ngx_link_func_counter_add(zone, NULL, 1, NULL), -1);
    assert_int_equal(zone_reports(LF_RULE_NULL_ARG), 1);

    for (n = 1; n <= 2; n++) {
        lf_fake_zone_fail_alloc(zone, n);
        assert_int_equal(ngx_link_func_counter_add(zone, "n", 1, NULL), -1);
        assert_null(ngx_link_func_cache_get(zone, "n"));
    }

    assert_true(zone_reports(LF_RULE_ZONE_FULL) > 0);
}


static void
add_many(void *data)
{
    int  i;

    (void) data;

    for (i = 0; i < 1000; i++) {
        (void) ngx_link_func_counter_add(zone, "n", 1, NULL);
    }
}


static void *
add_many_in_a_thread(void *data)
{
    add_many(data);

    return NULL;
}


static void
counter_loses_nothing_between_threads_and_processes(void **state)
{
    int        i;
    int64_t    sum;
    pthread_t  threads[4];

    (void) state;
    ngx_link_func_shmtx_unlock(zone);

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL,
                                        add_many_in_a_thread, NULL), 0);
    }

    for (i = 0; i < 4; i++) {
        (void) pthread_join(threads[i], NULL);
    }

    assert_int_equal(zone_child(add_many, NULL), 0);
    assert_int_equal(ngx_link_func_counter_add(zone, "n", 0, &sum), 0);
    assert_int_equal(sum, 5000);
}


#define TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(null_handle_is_reported_and_fails),
        TEST(null_key_is_reported_and_fails),
        TEST(calls_without_the_lock_take_it_and_say_so),
        TEST(calls_with_the_lock_keep_it_and_say_nothing),
        TEST(absent_key_gives_null_and_no_line),
        TEST(empty_key_is_a_key),
        TEST(keys_are_compared_byte_for_byte),
        TEST(key_is_copied),
        TEST(long_key_works_and_a_longer_one_has_no_room),
        TEST(put_returns_the_value_that_was_there),
        TEST(put_into_a_full_zone_changes_nothing),
        TEST(new_returns_the_block_that_is_large_enough),
        TEST(new_makes_a_larger_block_and_leaves_the_old),
        TEST(new_does_not_trust_the_size_of_a_foreign_block),
        TEST(put_after_new_forgets_the_size),
        TEST(new_of_size_zero_is_a_block),
        TEST(new_of_a_senseless_size_changes_nothing),
        TEST(new_undoes_everything_at_each_failing_allocation),
        TEST(remove_returns_the_value_and_forgets_the_key),
        TEST(new_and_remove_for_ever_leak_nothing),
        TEST(counter_starts_at_zero_adds_and_wraps),
        TEST(counter_is_a_block_of_eight_bytes),
        TEST(counter_of_a_foreign_key_fails_and_changes_nothing),
        TEST(counter_that_was_replaced_is_none),
        TEST(counter_without_the_lock_is_safe_and_says_nothing),
        TEST(counter_with_bad_arguments_or_no_room_fails),
        TEST(counter_loses_nothing_between_threads_and_processes)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
