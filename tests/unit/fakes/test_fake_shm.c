/* SPDX-License-Identifier: BSD-2-Clause */
/* The mock's zone: sizes, privacy, sharing, and what happens without room. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fakes/lf_fake_zone_layout.h"
#include "core/lf_port.h"
#include "tests/unit/core/zone_setup.h"

static char  err[LF_ERR_LEN];


static void
zone_smaller_than_eight_pages_is_refused(void **state)
{
    struct lf_zone  zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN - 1, err), -1);
    assert_string_equal(err, "a shared memory zone of 32767 bytes is too "
                        "small: at least 32768 (32k) are needed");
}


static void
zone_of_eight_pages_works(void **state)
{
    struct lf_zone  zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN, err), 0);
    assert_non_null(ngx_link_func_cache_new(&zone, "key", 1000));
    lf_fake_zone_close(&zone);
}


static void
zone_larger_than_references_reach_is_refused(void **state)
{
    struct lf_zone  zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MAX + 1, err), -1);
    assert_non_null(strstr(err, "too large"));
}


static void
full_dev_shm_is_refused_with_a_message(void **state)
{
    size_t          size;
    struct lf_zone  zone;
    struct statvfs  fs;

    (void) state;

    assert_int_equal(statvfs("/dev/shm", &fs), 0);
    size = (size_t) fs.f_bavail * fs.f_frsize + 4096;

    if (size > LF_ZONE_MAX || size < LF_ZONE_MIN) {
        skip();
    }

    assert_int_equal(lf_fake_zone_open(&zone, size, err), -1);
    assert_non_null(strstr(err, "/dev/shm is full"));
}


static void
no_name_is_left_behind(void **state)
{
    DIR             *dir;
    char             prefix[64];
    struct dirent   *entry;
    struct lf_zone   zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN, err), 0);
    (void) snprintf(prefix, sizeof(prefix), "linkfunc.%ld.", (long) getpid());

    dir = opendir("/dev/shm");
    assert_non_null(dir);

    while ((entry = readdir(dir)) != NULL) {
        assert_int_not_equal(strncmp(entry->d_name, prefix, strlen(prefix)),
                             0);
    }

    assert_int_equal(closedir(dir), 0);
    lf_fake_zone_close(&zone);
}


static void
write_from_child(void *data)
{
    strcpy(data, "from a child");
}


static void
children_share_it(void **state)
{
    char            *text;
    struct lf_zone   zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN, err), 0);
    text = ngx_link_func_shm_alloc(&zone, 32);

    assert_int_equal(zone_child(write_from_child, text), 0);
    assert_string_equal(text, "from a child");

    lf_fake_zone_close(&zone);
}


static void
chosen_allocation_fails_once(void **state)
{
    struct lf_zone  zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN, err), 0);
    lf_fake_zone_fail_alloc(&zone, 2);

    assert_non_null(lf_port_zone_alloc(&zone, 8));
    assert_null(lf_port_zone_alloc(&zone, 8));
    assert_non_null(lf_port_zone_alloc(&zone, 8));

    lf_fake_zone_close(&zone);
}


static void
reset_makes_it_as_new_and_keeps_the_lock(void **state)
{
    size_t          pages, free_pages;
    struct lf_zone  zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN, err), 0);
    ngx_link_func_shmtx_lock(&zone);
    assert_non_null(*zone.root);

    lf_port_zone_reset(&zone);

    lf_fake_zone_figures(&zone, &pages, &free_pages);
    assert_int_equal(free_pages, pages);
    assert_null(*zone.root);
    assert_true(lf_port_zone_held(&zone));

    lf_fake_zone_close(&zone);
}


static void
closing_twice_is_harmless(void **state)
{
    struct lf_zone  zone;

    (void) state;

    assert_int_equal(lf_fake_zone_open(&zone, LF_ZONE_MIN, err), 0);
    lf_fake_zone_close(&zone);
    lf_fake_zone_close(&zone);
    assert_null(zone.memory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(zone_smaller_than_eight_pages_is_refused),
        cmocka_unit_test(zone_of_eight_pages_works),
        cmocka_unit_test(zone_larger_than_references_reach_is_refused),
        cmocka_unit_test(full_dev_shm_is_refused_with_a_message),
        cmocka_unit_test(no_name_is_left_behind),
        cmocka_unit_test(children_share_it),
        cmocka_unit_test(chosen_allocation_fails_once),
        cmocka_unit_test(reset_makes_it_as_new_and_keeps_the_lock),
        cmocka_unit_test(closing_twice_is_harmless)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
