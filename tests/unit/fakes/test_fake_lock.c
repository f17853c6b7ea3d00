/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock word of the mock's zone: the pid, waiting, and dead owners. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fakes/lf_fake_zone_layout.h"
#include "core/lf_port.h"
#include "tests/unit/core/zone_setup.h"

#define WORKERS  4
#define ROUNDS   5000

static struct lf_zone        *zone;
static struct lf_fake_head   *head;
static volatile unsigned     *counter;      /* in the zone; plain on purpose */


static int
set_up(void **state)
{
    (void) state;

    zone = zone_open(0);
    head = zone->memory;
    counter = ngx_link_func_shm_alloc(zone, sizeof(unsigned));
    *counter = 0;

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
word_is_the_pid_of_the_owner(void **state)
{
    (void) state;

    assert_int_equal(head->word, 0);
    assert_int_equal(lf_port_zone_trylock(zone), 1);
    assert_int_equal(head->word, getpid());
    assert_true(lf_port_zone_held(zone));
    assert_int_equal(lf_port_zone_unlock(zone), 1);
    assert_int_equal(head->word, 0);
    assert_false(lf_port_zone_held(zone));
}


static void
second_trylock_fails(void **state)
{
    (void) state;

    assert_int_equal(lf_port_zone_trylock(zone), 1);
    assert_int_equal(lf_port_zone_trylock(zone), 0);
    assert_int_equal(lf_port_zone_unlock(zone), 1);
    assert_int_equal(lf_port_zone_unlock(zone), 0);
}


static void
unlock_in_child(void *data)
{
    if (lf_port_zone_unlock(data) != 0 || lf_port_zone_held(data)
        || lf_port_zone_trylock(data) != 0)
    {
        _exit(1);
    }
}


static void
other_process_cannot_unlock(void **state)
{
    (void) state;

    lf_port_zone_lock(zone);
    assert_int_equal(zone_child(unlock_in_child, zone), 0);
    assert_true(lf_port_zone_held(zone));
    assert_int_equal(lf_port_zone_unlock(zone), 1);
}


static void
die_with_lock(void *data)
{
    lf_port_zone_lock(data);
    (void) kill(getpid(), SIGKILL);
}


static void
waiter_frees_the_lock_of_the_dead(void **state)
{
    (void) state;

    assert_true(WIFSIGNALED(zone_child(die_with_lock, zone)));
    assert_int_not_equal(head->word, 0);

    lf_port_zone_lock(zone);

    assert_true(lf_port_zone_held(zone));
    assert_int_equal(lf_port_zone_unlock(zone), 1);
}


static void
waiter_frees_the_lock_of_a_zombie(void **state)
{
    pid_t      pid;
    siginfo_t  info;

    (void) state;

    pid = fork();
    if (pid == 0) {
        lf_process_start();
        die_with_lock(zone);
    }

    assert_int_equal(waitid(P_PID, (id_t) pid, &info, WEXITED | WNOWAIT), 0);

    lf_port_zone_lock(zone);

    assert_true(lf_port_zone_held(zone));
    assert_int_equal(lf_port_zone_unlock(zone), 1);
    assert_int_equal(waitpid(pid, NULL, 0), pid);

    /* whoever looks after the dead is told all the same, once */
    assert_int_equal(lf_fake_zone_force_unlock(zone, pid), 1);
    assert_int_equal(lf_fake_zone_force_unlock(zone, pid), 0);
}


static void
parent_frees_the_lock_of_the_dead_only(void **state)
{
    pid_t  dead;

    (void) state;

    assert_true(WIFSIGNALED(zone_child(die_with_lock, zone)));
    dead = (pid_t) head->word;

    assert_int_equal(lf_fake_zone_force_unlock(zone, dead + 1), 0);
    assert_int_equal(head->word, dead);
    assert_int_equal(lf_fake_zone_force_unlock(zone, dead), 1);
    assert_int_equal(head->word, 0);
    assert_int_equal(lf_fake_zone_force_unlock(zone, 0), 0);
}


static void
count_up(void *data)
{
    unsigned  i;

    for (i = 0; i < ROUNDS; i++) {
        lf_port_zone_lock(data);
        (*counter)++;
        (void) lf_port_zone_unlock(data);
    }
}


static void
processes_exclude_each_other(void **state)
{
    int       status;
    pid_t     pid;
    unsigned  i;

    (void) state;

    for (i = 0; i < WORKERS; i++) {
        pid = fork();

        if (pid == 0) {
            lf_process_start();
            count_up(zone);
            _exit(0);
        }

        assert_true(pid > 0);
    }

    for (i = 0; i < WORKERS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }

    assert_int_equal(*counter, WORKERS * ROUNDS);
    assert_int_equal(head->waiters, 0);
}


static void *
count_up_thread(void *data)
{
    count_up(data);

    return NULL;
}


static void
threads_exclude_each_other(void **state)
{
    unsigned   i;
    pthread_t  threads[WORKERS];

    (void) state;

    for (i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, count_up_thread,
                                        zone), 0);
    }

    for (i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }

    assert_int_equal(*counter, WORKERS * ROUNDS);
}


static void
unlock_wakes_a_sleeping_waiter(void **state)
{
    int        status;
    pid_t      pid;

    (void) state;

    lf_port_zone_lock(zone);

    pid = fork();
    if (pid == 0) {
        lf_process_start();
        lf_port_zone_lock(zone);
        (void) lf_port_zone_unlock(zone);
        _exit(0);
    }

    while (atomic_load(&head->waiters) == 0) { /* until it sleeps */ }

    assert_int_equal(lf_port_zone_unlock(zone), 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}


#define TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(word_is_the_pid_of_the_owner),
        TEST(second_trylock_fails),
        TEST(other_process_cannot_unlock),
        TEST(waiter_frees_the_lock_of_the_dead),
        TEST(waiter_frees_the_lock_of_a_zombie),
        TEST(parent_frees_the_lock_of_the_dead_only),
        TEST(processes_exclude_each_other),
        TEST(threads_exclude_each_other),
        TEST(unlock_wakes_a_sleeping_waiter)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
