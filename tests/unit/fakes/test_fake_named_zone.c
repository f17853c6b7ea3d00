/* SPDX-License-Identifier: BSD-2-Clause */
/* Zones with a name: what is in them stays, whoever ends, and how. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "fakes/lf_fake_zone.h"
#include "fakes/lf_fake_zone_layout.h"

static char  name[64];


static void
open_zone(struct lf_zone *zone, size_t size)
{
    char  err[LF_ERR_LEN];

    if (lf_fake_named_zone_open(zone, name, size, err) != 0) {
        fail_msg("%s", err);
    }
}


static void
expect_refused(const char *wanted, size_t size, const char *text)
{
    char            err[LF_ERR_LEN];
    struct lf_zone  zone;

    assert_int_equal(lf_fake_named_zone_open(&zone, wanted, size, err), -1);
    if (strstr(err, text) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err, text);
    }
}


static void
what_is_put_in_is_there_the_next_time(void **state)
{
    char            *value;
    struct lf_zone   zone;

    (void) state;

    open_zone(&zone, 65536);
    assert_int_equal((uintptr_t) zone.memory, LF_FAKE_NAMED_ZONE_AT);
    value = ngx_link_func_cache_new(&zone, "key", 6);
    assert_non_null(value);
    memcpy(value, "kept!", 6);
    lf_fake_zone_close(&zone);

    open_zone(&zone, 0);
    assert_int_equal(zone.size, 65536);
    assert_string_equal(ngx_link_func_cache_get(&zone, "key"), "kept!");
    lf_fake_zone_close(&zone);
}


static void
another_size_and_a_second_one_at_a_time_are_refused(void **state)
{
    struct lf_zone  zone;

    (void) state;

    open_zone(&zone, 65536);
    expect_refused(name, 131072, "it has 65536 bytes already");
    expect_refused(name, 0, "one named zone at a time");
    lf_fake_zone_close(&zone);
    expect_refused(name, 1000, "too small");
    expect_refused(name, LF_FAKE_NAMED_ZONE_MAX + 4096, "up to 1g");
}


static void
a_name_is_letters_digits_and_little_more(void **state)
{
    char  err[LF_ERR_LEN];

    (void) state;

    expect_refused("", 0, "is not a valid name");
    expect_refused("../x", 0, "is not a valid name");
    expect_refused("a b", 0, "is not a valid name");
    assert_int_equal(lf_fake_named_zone_remove("a/b", err), -1);
    assert_int_equal(lf_fake_named_zone_remove("never-made-by-anybody", err),
                     -1);
    assert_non_null(strstr(err, "no such zone"));
}


static void
on_name(void *data, const char *found)
{
    *(int *) data += strcmp(found, name) == 0;
}


static void
it_is_listed_until_it_is_forgotten(void **state)
{
    int             seen = 0;
    char            err[LF_ERR_LEN];
    struct lf_zone  zone;

    (void) state;

    open_zone(&zone, 0);
    lf_fake_zone_close(&zone);
    assert_int_equal(lf_fake_named_zone_list(on_name, &seen, err), 0);
    assert_int_equal(seen, 1);
    assert_int_equal(lf_fake_named_zone_remove(name, err), 0);
    expect_refused(name, LF_FAKE_NAMED_ZONE_FIND, "No such file");
    seen = 0;
    assert_int_equal(lf_fake_named_zone_list(on_name, &seen, err), 0);
    assert_int_equal(seen, 0);
}


static void
a_half_made_zone_is_made_again(void **state)
{
    FILE            *file;
    char             path[128];
    struct lf_zone   zone;

    (void) state;

    (void) snprintf(path, sizeof(path), "/dev/shm/linkfunc-%ld-%s",
                    (long) geteuid(), name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite("\0\0\0\0\0\0\0", 1, 7, file), 7);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);

    open_zone(&zone, 65536);
    assert_null(ngx_link_func_cache_get(&zone, "key"));
    lf_fake_zone_close(&zone);
}


/* A child that dies with the lock, in a zone that we open afterwards. */
static pid_t
die_with_the_lock(void)
{
    pid_t           pid = fork();
    struct lf_zone  zone;

    if (pid == 0) {
        lf_process_start();
        open_zone(&zone, 65536);
        ngx_link_func_shmtx_lock(&zone);
        (void) raise(SIGKILL);
    }

    assert_int_equal(waitpid(pid, NULL, 0), pid);

    return pid;
}


static void
a_lock_of_the_dead_is_free_again(void **state)
{
    int             dead;
    struct lf_zone  zone;

    (void) state;

    (void) die_with_the_lock();
    open_zone(&zone, 0);
    assert_true(lf_fake_zone_owner(&zone, &dead) != 0);
    assert_true(dead);
    ngx_link_func_shmtx_lock(&zone);
    assert_int_equal(lf_fake_zone_owner(&zone, &dead), getpid());
    assert_false(dead);
    ngx_link_func_shmtx_unlock(&zone);
    lf_fake_zone_close(&zone);
}


static void
a_pid_that_lives_again_is_not_the_owner(void **state)
{
    int                   dead;
    struct lf_zone        zone;
    struct lf_fake_head  *head;

    (void) state;

    (void) die_with_the_lock();
    open_zone(&zone, 0);

    /* As if our parent, which lives, had got the pid of the dead. */
    head = zone.memory;
    assert_true(head->owner_start != 0);
    head->word = (uint32_t) getppid();
    head->owner_start = 1;

    ngx_link_func_shmtx_lock(&zone);
    assert_int_equal(lf_fake_zone_owner(&zone, &dead), getpid());
    assert_false(dead);
    ngx_link_func_shmtx_unlock(&zone);
    lf_fake_zone_close(&zone);
}


static int
new_name(void **state)
{
    static unsigned  number;

    (void) state;
    (void) snprintf(name, sizeof(name), "test-%ld-%u", (long) getpid(),
                    number++);

    return 0;
}


static int
forget_name(void **state)
{
    char  err[LF_ERR_LEN];

    (void) state;
    (void) lf_fake_named_zone_remove(name, err);

    return 0;
}


#define TEST(f)  cmocka_unit_test_setup_teardown(f, new_name, forget_name)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(what_is_put_in_is_there_the_next_time),
        TEST(another_size_and_a_second_one_at_a_time_are_refused),
        TEST(a_name_is_letters_digits_and_little_more),
        TEST(it_is_listed_until_it_is_forgotten),
        TEST(a_half_made_zone_is_made_again),
        TEST(a_lock_of_the_dead_is_free_again),
        TEST(a_pid_that_lives_again_is_not_the_owner),
    };

    return cmocka_run_group_tests_name("fake_named_zone", tests, NULL, NULL);
}
