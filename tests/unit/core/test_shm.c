/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock and the memory of the ABI: owner and misuse. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/lf_port.h"
#include "core/lf_zone.h"
#include "tests/unit/core/zone_setup.h"

static struct lf_zone  *zone;


static int
set_up(void **state)
{
    (void) state;
    zone = zone_open(64 * 1024);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    zone_close();

    return 0;
}


static void
run_thread(void *(*fn)(void *), void *data)
{
    pthread_t  thread;

    assert_int_equal(pthread_create(&thread, NULL, fn, data), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}


/* ---- handle ----------------------------------------------------------- */

static void
null_handle_is_reported_and_fails(void **state)
{
    (void) state;

    ngx_link_func_shmtx_lock(NULL);
    ngx_link_func_shmtx_unlock(NULL);
    assert_int_equal(ngx_link_func_shmtx_trylock(NULL), 0);
    assert_null(ngx_link_func_shm_alloc(NULL, 8));
    assert_null(ngx_link_func_shm_alloc_locked(NULL, 8));
    ngx_link_func_shm_free(NULL, &zone);
    ngx_link_func_shm_free_locked(NULL, &zone);

    assert_int_equal(zone_reports(LF_RULE_ZONE_NULL), 7);
}


static void
other_pointers_are_no_handle(void **state)
{
    struct lf_zone  other = { .magic = 1 };

    (void) state;

    ngx_link_func_shmtx_lock(&other);
    assert_null(ngx_link_func_shm_alloc((char *) zone + 1, 8));

    assert_int_equal(zone_reports(LF_RULE_ZONE_NULL), 2);
}


/* ---- lock ------------------------------------------------------------- */

static void
lock_is_taken_and_freed(void **state)
{
    (void) state;

    ngx_link_func_shmtx_lock(zone);
    assert_true(lf_port_zone_held(zone));
    ngx_link_func_shmtx_unlock(zone);
    assert_false(lf_port_zone_held(zone));
}


static void
trylock_tells_whether_it_took_it(void **state)
{
    (void) state;

    assert_int_equal(ngx_link_func_shmtx_trylock(zone), 1);
    assert_int_equal(ngx_link_func_shmtx_trylock(zone), 0);
    ngx_link_func_shmtx_unlock(zone);
    assert_int_equal(ngx_link_func_shmtx_trylock(zone), 1);
    assert_int_equal(zone_reports(LF_RULE_LOCK_TWICE), 0);
    ngx_link_func_shmtx_unlock(zone);
}


static void
second_lock_of_the_owner_does_not_nest(void **state)
{
    (void) state;

    ngx_link_func_shmtx_lock(zone);
    ngx_link_func_shmtx_lock(zone);
    assert_int_equal(zone_reports(LF_RULE_LOCK_TWICE), 1);

    ngx_link_func_shmtx_unlock(zone);
    assert_false(lf_port_zone_held(zone));
}


static void
unlock_without_the_lock_has_no_effect(void **state)
{
    (void) state;

    ngx_link_func_shmtx_unlock(zone);

    assert_int_equal(zone_reports(LF_RULE_LOCK_FOREIGN), 1);
    assert_false(lf_port_zone_held(zone));
}


static void
unlock_and_try_in_child(void *data)
{
    ngx_link_func_shmtx_unlock(data);

    if (ngx_link_func_shmtx_trylock(data) != 0) {
        _exit(1);
    }
}


static void
unlock_by_another_process_has_no_effect(void **state)
{
    (void) state;

    ngx_link_func_shmtx_lock(zone);

    assert_int_equal(zone_child(unlock_and_try_in_child, zone), 0);

    assert_true(lf_port_zone_held(zone));
    ngx_link_func_shmtx_unlock(zone);
}


static void *
unlock_in_thread(void *data)
{
    ngx_link_func_shmtx_unlock(data);

    return NULL;
}


static void
unlock_beside_a_call_of_another_thread_has_no_effect(void **state)
{
    int  taken;

    (void) state;

    taken = lf_zone_enter(zone, NULL);
    run_thread(unlock_in_thread, zone);

    assert_int_equal(zone_reports(LF_RULE_LOCK_FOREIGN), 1);
    assert_true(lf_port_zone_held(zone));
    lf_zone_leave(zone, taken);
}


static void
unlock_by_another_thread_works_and_is_told(void **state)
{
    (void) state;

    ngx_link_func_shmtx_lock(zone);
    run_thread(unlock_in_thread, zone);

    assert_false(lf_port_zone_held(zone));
    assert_int_equal(zone_reports(LF_RULE_LOCK_OTHER), 1);
    assert_int_equal(ngx_link_func_shmtx_trylock(zone), 1);
    ngx_link_func_shmtx_unlock(zone);
}


static void *
try_in_thread(void *data)
{
    return (void *) ngx_link_func_shmtx_trylock(data);
}


static void
threads_of_a_worker_exclude_each_other(void **state)
{
    void       *got;
    pthread_t   thread;

    (void) state;

    ngx_link_func_shmtx_lock(zone);
    assert_int_equal(pthread_create(&thread, NULL, try_in_thread, zone), 0);
    assert_int_equal(pthread_join(thread, &got), 0);
    assert_null(got);
    ngx_link_func_shmtx_unlock(zone);
}


static void
release_frees_what_the_thread_still_holds(void **state)
{
    (void) state;

    assert_int_equal(lf_zone_release(zone), 0);
    ngx_link_func_shmtx_lock(zone);
    assert_int_equal(lf_zone_release(zone), 1);
    assert_false(lf_port_zone_held(zone));
    assert_int_equal(lf_zone_release(zone), 0);
    assert_int_equal(lf_zone_release(NULL), 0);
}


static void *
release_in_thread(void *data)
{
    return (void *) (uintptr_t) lf_zone_release(data);
}


static void
release_leaves_the_lock_of_another_thread(void **state)
{
    void       *got;
    pthread_t   thread;

    (void) state;

    ngx_link_func_shmtx_lock(zone);
    assert_int_equal(pthread_create(&thread, NULL, release_in_thread, zone),
                     0);
    assert_int_equal(pthread_join(thread, &got), 0);
    assert_null(got);
    assert_true(lf_port_zone_held(zone));
    ngx_link_func_shmtx_unlock(zone);
}


static void
host_lock_is_the_same_lock(void **state)
{
    (void) state;

    lf_zone_lock(zone);
    assert_int_equal(ngx_link_func_shmtx_trylock(zone), 0);
    lf_zone_unlock(zone);
    assert_false(lf_port_zone_held(zone));
}


/* ---- memory ----------------------------------------------------------- */

static void
alloc_and_free_take_the_lock_themselves(void **state)
{
    void  *p;

    (void) state;

    p = ngx_link_func_shm_alloc(zone, 100);
    assert_non_null(p);
    assert_false(lf_port_zone_held(zone));
    ngx_link_func_shm_free(zone, p);
    assert_false(lf_port_zone_held(zone));
    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 0);
}


static void
alloc_and_free_keep_a_lock_that_is_held(void **state)
{
    void  *a, *b;

    (void) state;

    ngx_link_func_shmtx_lock(zone);
    a = ngx_link_func_shm_alloc(zone, 100);
    b = ngx_link_func_shm_alloc_locked(zone, 100);
    assert_ptr_not_equal(a, b);
    ngx_link_func_shm_free(zone, a);
    ngx_link_func_shm_free_locked(zone, b);
    assert_true(lf_port_zone_held(zone));
    ngx_link_func_shmtx_unlock(zone);

    assert_int_equal(zone_reports(LF_RULE_LOCK_TWICE), 0);
    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 0);
}


static void
locked_calls_without_the_lock_take_it_and_say_so(void **state)
{
    void  *p;

    (void) state;

    p = ngx_link_func_shm_alloc_locked(zone, 100);
    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 1);
    ngx_link_func_shm_free_locked(zone, p);
    assert_int_equal(zone_reports(LF_RULE_LOCK_MISSING), 2);
    assert_false(lf_port_zone_held(zone));
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 0);
}


static void
size_zero_is_the_smallest_block(void **state)
{
    char  *a, *b;

    (void) state;

    a = ngx_link_func_shm_alloc(zone, 0);
    b = ngx_link_func_shm_alloc(zone, 0);
    assert_non_null(a);
    assert_ptr_equal(b, a + 8);
}


static void
blocks_are_aligned_by_their_size(void **state)
{
    size_t  size;

    (void) state;

    for (size = 8; size <= 4096; size *= 2) {
        assert_int_equal((uintptr_t) ngx_link_func_shm_alloc(zone, size)
                         % (size < 64 ? 8 : 64), 0);
    }
}


static void
full_zone_gives_null_and_a_line(void **state)
{
    unsigned  count = 0;

    (void) state;

    while (ngx_link_func_shm_alloc(zone, 4096) != NULL) {
        count++;
    }

    assert_int_equal(count, 14);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FULL), 1);
    assert_non_null(strstr(zone_report_text(LF_RULE_ZONE_FULL),
                           "ngx_link_func_shm_size"));
    assert_false(lf_port_zone_held(zone));
}


static void
senseless_sizes_give_null(void **state)
{
    (void) state;

    assert_null(ngx_link_func_shm_alloc(zone, SIZE_MAX));
    assert_null(ngx_link_func_shm_alloc(zone, 64 * 1024));
    assert_int_equal(zone_reports(LF_RULE_ZONE_FULL), 2);
}


static void
free_of_null_is_refused(void **state)
{
    (void) state;

    ngx_link_func_shm_free(zone, NULL);

    assert_int_equal(zone_reports(LF_RULE_NULL_ARG), 1);
    assert_false(lf_port_zone_held(zone));
}


static void
second_free_is_refused(void **state)
{
    void  *p;

    (void) state;

    p = ngx_link_func_shm_alloc(zone, 100);
    ngx_link_func_shm_free(zone, p);
    ngx_link_func_shm_free(zone, p);

    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 1);
    assert_non_null(strstr(zone_report_text(LF_RULE_ZONE_FREE),
                           "free already"));
}


static void
foreign_pointers_are_refused(void **state)
{
    int    local;
    char  *p;

    (void) state;

    p = ngx_link_func_shm_alloc(zone, 100);
    ngx_link_func_shm_free(zone, &local);
    ngx_link_func_shm_free(zone, p + 8);
    ngx_link_func_shm_free(zone, *zone->root);

    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 3);
    ngx_link_func_shm_free(zone, p);
    assert_int_equal(zone_reports(LF_RULE_ZONE_FREE), 3);
}


static void
write_and_free_in_child(void *data)
{
    ngx_link_func_shm_free(zone, data);

    if (zone_reports(LF_RULE_ZONE_FREE) != 0) {
        _exit(1);
    }
}


static void
any_worker_may_free(void **state)
{
    void    *p;
    size_t   pages;

    (void) state;

    lf_zone_lock(zone);
    lf_zone_unlock(zone);
    pages = zone_free_pages(zone);
    p = ngx_link_func_shm_alloc(zone, 4096);

    assert_int_equal(zone_child(write_and_free_in_child, p), 0);

    assert_int_equal(zone_free_pages(zone), pages);
}


#define TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(null_handle_is_reported_and_fails),
        TEST(other_pointers_are_no_handle),
        TEST(lock_is_taken_and_freed),
        TEST(trylock_tells_whether_it_took_it),
        TEST(second_lock_of_the_owner_does_not_nest),
        TEST(unlock_without_the_lock_has_no_effect),
        TEST(unlock_by_another_process_has_no_effect),
        TEST(unlock_beside_a_call_of_another_thread_has_no_effect),
        TEST(unlock_by_another_thread_works_and_is_told),
        TEST(threads_of_a_worker_exclude_each_other),
        TEST(release_frees_what_the_thread_still_holds),
        TEST(release_leaves_the_lock_of_another_thread),
        TEST(host_lock_is_the_same_lock),
        TEST(alloc_and_free_take_the_lock_themselves),
        TEST(alloc_and_free_keep_a_lock_that_is_held),
        TEST(locked_calls_without_the_lock_take_it_and_say_so),
        TEST(size_zero_is_the_smallest_block),
        TEST(blocks_are_aligned_by_their_size),
        TEST(full_zone_gives_null_and_a_line),
        TEST(senseless_sizes_give_null),
        TEST(free_of_null_is_refused),
        TEST(second_free_is_refused),
        TEST(foreign_pointers_are_refused),
        TEST(any_worker_may_free)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
