/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Workers that die: in app code with the lock, and at each fault point inside a
 * call that changes the zone.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/core/zone_setup.h"

#define KILLS  40

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
die_holding_the_lock(void *data)
{
    ngx_link_func_shmtx_lock(data);
    (void) ngx_link_func_cache_new(data, "new", 8);
    (void) kill(getpid(), SIGKILL);
}


static void
worker_that_dies_in_app_code_loses_nothing(void **state)
{
    void  *p;

    (void) state;

    p = ngx_link_func_cache_new(zone, "old", 8);
    assert_true(WIFSIGNALED(zone_child(die_holding_the_lock, zone)));

    ngx_link_func_shmtx_lock(zone);
    assert_ptr_equal(ngx_link_func_cache_get(zone, "old"), p);
    assert_non_null(ngx_link_func_cache_get(zone, "new"));
    ngx_link_func_shmtx_unlock(zone);

    assert_int_equal(zone_reports(LF_RULE_ZONE_EMPTIED), 0);
}


/* Passes every fault point at least once. */
static void
use_everything(void *data)
{
    char    key[16];
    int     i;
    void   *p;

    p = ngx_link_func_shm_alloc(data, 8);

    for (i = 0; i < 100; i++) {
        (void) snprintf(key, sizeof(key), "key%d", i);
        (void) ngx_link_func_cache_new(data, key, 8);
    }

    (void) ngx_link_func_cache_put(data, "key1", p);

    for (i = 0; i < 100; i++) {
        (void) snprintf(key, sizeof(key), "key%d", i);
        ngx_link_func_shm_free(data, ngx_link_func_cache_remove(data, key));
    }

    (void) ngx_link_func_counter_add(zone, "counter", 1, NULL);
    ngx_link_func_shm_free(zone, ngx_link_func_cache_remove(zone,
                                                                 "counter"));
}


static void
work_until_killed(atomic_uint *rounds)
{
    for ( ;; ) {
        use_everything(zone);
        (void) atomic_fetch_add(rounds, 1);
    }
}


/* What the zone says of itself must agree, emptied or not. */
static void
expect_sound_zone(void)
{
    void        *value;
    size_t       size, count = 0;
    uint64_t     iter = 0;
    const char  *key;

    ngx_link_func_shmtx_lock(zone);

    while (lf_cache_next(zone, &iter, &key, &value, &size)) {
        assert_ptr_equal(ngx_link_func_cache_get(zone, key), value);
        count++;
    }

    assert_int_equal(lf_cache_count(zone), count);
    ngx_link_func_shmtx_unlock(zone);
}


static void
worker_may_be_killed_at_any_moment(void **state)
{
    pid_t         pid;
    unsigned      i;
    atomic_uint  *rounds;

    (void) state;

    rounds = mmap(NULL, sizeof(atomic_uint), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(rounds, MAP_FAILED);

    for (i = 0; i < KILLS; i++) {
        atomic_store(rounds, 0);
        pid = fork();

        if (pid == 0) {
            lf_process_start();
            work_until_killed(rounds);
        }

        while (atomic_load(rounds) < 3 + i % 4) { /* let it work */ }

        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        (void) lf_fake_zone_force_unlock(zone, pid);
        expect_sound_zone();
    }

    assert_int_equal(munmap(rounds, sizeof(atomic_uint)), 0);
}


#ifdef LINKFUNC_FAULTS

/* The pid of a process that died there. */
static pid_t
die_at(const char *point)
{
    int    status;
    pid_t  pid;

    pid = fork();

    if (pid == 0) {
        lf_process_start();
        (void) setenv("LINKFUNC_FAULT", point, 1);
        use_everything(zone);
        _exit(0);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);

    if (!WIFSIGNALED(status)) {
        fail_msg("nobody passes the fault point %s", point);
    }

    return pid;
}


static void
zone_is_emptied_after_a_death_inside_a_call(void **state)
{
    size_t       i;
    unsigned     before;
    static const char *const  points[] = {
        "shm_alloc_done", "shm_free_done", "cache_new_block",
        "cache_new_node", "cache_new_linked", "cache_split_moved",
        "cache_put_replaced", "cache_remove_unlinked", "cache_remove_freed",
        "cache_merge_moved", "counter_add_stored"
    };

    (void) state;

    for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        before = zone_reports(LF_RULE_ZONE_EMPTIED);
        assert_non_null(ngx_link_func_cache_new(zone, "old", 8));
        (void) die_at(points[i]);

        assert_null(ngx_link_func_cache_get(zone, "old"));
        assert_int_equal(zone_reports(LF_RULE_ZONE_EMPTIED), before + 1);
        assert_int_equal(zone_free_pages(zone), 14);

        use_everything(zone);
        assert_int_equal(zone_reports(LF_RULE_ZONE_EMPTIED), before + 1);
        assert_int_equal(lf_cache_count(zone), 0);
    }
}


static void
alert_names_the_process_that_died(void **state)
{
    char   name[32];
    pid_t  pid;

    (void) state;

    pid = die_at("cache_new_linked");
    (void) snprintf(name, sizeof(name), "process %d died", (int) pid);

    ngx_link_func_shmtx_lock(zone);
    ngx_link_func_shmtx_unlock(zone);

    assert_non_null(strstr(zone_report_text(LF_RULE_ZONE_EMPTIED), name));
}


static void
death_during_set_up_is_harmless(void **state)
{
    (void) state;

    (void) die_at("zone_reset");

    assert_non_null(ngx_link_func_cache_new(zone, "key", 8));
    assert_int_equal(zone_reports(LF_RULE_ZONE_EMPTIED), 0);
}

#endif


#define TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
#ifdef LINKFUNC_FAULTS
        TEST(zone_is_emptied_after_a_death_inside_a_call),
        TEST(alert_names_the_process_that_died),
        TEST(death_during_set_up_is_harmless),
#endif
        TEST(worker_may_be_killed_at_any_moment),
        TEST(worker_that_dies_in_app_code_loses_nothing)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
