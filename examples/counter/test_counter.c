/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of counter: libcounter.so is opened, as nginx does. */
#include <linkfunc_test_cmocka.h>

static struct linkfunc_test_host      *host;
static struct linkfunc_test_response  *r;
static linkfunc_test_handler_pt        count, reset;


static int
set_up(void **state)
{
    (void) state;

    host = linkfunc_test_host_new(NULL);
    linkfunc_test_open(host, LINKFUNC_TEST_APP);
    count = linkfunc_test_symbol(host, "count");
    reset = linkfunc_test_symbol(host, "reset");

    return linkfunc_test_init(host, NULL);
}


static int
tear_down(void **state)
{
    (void) state;

    linkfunc_test_exit(host, NULL);
    linkfunc_test_host_free(&host);

    return 0;
}


static void
count_begins_with_one_and_goes_on(void **state)
{
    (void) state;

    linkfunc_test_assert_body(LINKFUNC_TEST_CALL(host, count), "1\n");
    linkfunc_test_assert_body(LINKFUNC_TEST_CALL(host, count), "2\n");
    linkfunc_test_assert_no_findings(host);
}


static void
counters_with_different_names_do_not_meet(void **state)
{
    (void) state;

    (void) LINKFUNC_TEST_CALL(host, count, .target = "/?name=a");
    r = LINKFUNC_TEST_CALL(host, count, .target = "/?name=b");

    linkfunc_test_assert_body(r, "1\n");
    assert_int_equal(linkfunc_test_cache_count(host), 2);
}


static void
the_counter_lies_in_the_shared_cache(void **state)
{
    size_t     size;
    uint64_t  *counter;

    (void) state;

    (void) LINKFUNC_TEST_CALL(host, count, .target = "/?name=a");

    counter = linkfunc_test_cache_get(host, "counter:a", &size);
    assert_non_null(counter);
    assert_true(size >= sizeof(*counter));
    assert_int_equal(*counter, 1);
}


static void
a_counter_made_by_another_worker_goes_on(void **state)
{
    uint64_t  *counter;

    (void) state;
    counter = ngx_link_func_cache_new(linkfunc_test_shared_mem(host),
                                      "counter:a", sizeof(*counter));
    *counter = 41;

    r = LINKFUNC_TEST_CALL(host, count, .target = "/?name=a");

    linkfunc_test_assert_body(r, "42\n");
}


static void
reset_answers_the_last_value_and_frees_it(void **state)
{
    size_t  all, before, after;

    (void) state;
    linkfunc_test_zone_pages(host, &all, &before);
    (void) LINKFUNC_TEST_CALL(host, count);

    r = LINKFUNC_TEST_CALL(host, reset);

    linkfunc_test_assert_body(r, "1\n");
    assert_int_equal(linkfunc_test_cache_count(host), 0);
    linkfunc_test_zone_pages(host, &all, &after);
    assert_true(after + 2 >= before);
}


static void
reset_of_nothing_is_not_found(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, reset);

    linkfunc_test_assert_status(r, 404);
}


static void
a_name_that_is_too_long_is_refused(void **state)
{
    char  target[200];

    (void) state;
    (void) snprintf(target, sizeof(target), "/?name=%0150d", 0);

    r = LINKFUNC_TEST_CALL(host, count, .target = target);

    linkfunc_test_assert_status(r, 400);
    linkfunc_test_assert_body(r, "the name is too long\n");
    assert_int_equal(linkfunc_test_cache_count(host), 0);
}


static void
a_full_zone_is_told_and_the_old_counters_go_on(void **state)
{
    (void) state;
    (void) LINKFUNC_TEST_CALL(host, count);
    while (ngx_link_func_shm_alloc(linkfunc_test_shared_mem(host), 8)) { }

    r = LINKFUNC_TEST_CALL(host, count, .target = "/?name=new");

    linkfunc_test_assert_status(r, 507);
    linkfunc_test_assert_logged(host, "error", "no room for counter");
    linkfunc_test_assert_body(LINKFUNC_TEST_CALL(host, count), "2\n");
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(count_begins_with_one_and_goes_on),
        TEST(counters_with_different_names_do_not_meet),
        TEST(the_counter_lies_in_the_shared_cache),
        TEST(a_counter_made_by_another_worker_goes_on),
        TEST(reset_answers_the_last_value_and_frees_it),
        TEST(reset_of_nothing_is_not_found),
        TEST(a_name_that_is_too_long_is_refused),
        TEST(a_full_zone_is_told_and_the_old_counters_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
