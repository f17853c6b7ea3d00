/* SPDX-License-Identifier: BSD-2-Clause */
/* Apps meet the host: an old binary, and what the new macros do. */
#include <linkfunc_test_cmocka.h>

static struct linkfunc_test_host      *host;
static struct linkfunc_test_response  *r;


static int
set_up(void **state)
{
    (void) state;
    host = linkfunc_test_host_new(NULL);
    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    linkfunc_test_host_free(&host);
    return 0;
}


static void
an_old_binary_is_served_as_before(void **state)
{
    (void) state;
    linkfunc_test_open(host, OLD_APP);
    assert_int_equal(linkfunc_test_init(host, NULL), 7);

    r = LINKFUNC_TEST_CALL(host, linkfunc_test_symbol(host, "old_handler"),
                           .method = "PUT", .target = "/a%20b?q=1&z",
                           .headers = {"X-Old: yes"}, .body = "body");

    linkfunc_test_assert_body(r, "/a b|q=1&z|1|body|4|yes|abc");
    assert_string_equal(r->status_line, "202 Old");
    assert_string_equal(r->content_type, "text/old");
    linkfunc_test_assert_header(r, "X-New", "1");
    linkfunc_test_assert_logged(host, "info", "served /a b|q=1");
    linkfunc_test_assert_logged(host, "warn", "old app starts");
}


static void
log_long(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log(info, ctx, "<%0*d>", 198, 7);
    ngx_link_func_log(warn, ctx, "<%0*d>", 5000, 7);
    ngx_link_func_log(err, ctx, "100%%");
}


static void
the_log_macro_cuts_nothing(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, log_long);

    assert_true(r->log_count >= 3);
    assert_int_equal(r->log[0].len, 200);
    assert_memory_equal(r->log[0].text + 196, "007>", 4);
    assert_int_equal(r->log[1].len, 5002);
    assert_memory_equal(r->log[1].text + 4998, "007>", 4);
    assert_string_equal(r->log[2].text, "100%");
}


static void
long_cycle_log(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(warn, cycle, "<%0*d>", 5000, 7);
}


static void
the_cycle_log_macro_cuts_nothing(void **state)
{
    (void) state;

    (void) linkfunc_test_init(host, long_cycle_log);

    assert_non_null(linkfunc_test_get_log(host, 0));
    assert_int_equal(linkfunc_test_get_log(host, 0)->len, 5002);
}


static void
both_forms_of_get_header(ngx_link_func_ctx_t *ctx)
{
    const char  *two, *three;

    two = (const char *) ngx_link_func_get_header(ctx, "x-key");
    three = (const char *) ngx_link_func_get_header(ctx, "x-key-and-more", 5);

    ngx_link_func_log(info, ctx, "%s %s", two, three);
}


static void
get_header_takes_a_length_or_none(void **state)
{
    (void) state;

    (void) LINKFUNC_TEST_CALL(host, both_forms_of_get_header,
                              .headers = {"X-Key: value"});

    linkfunc_test_assert_logged(host, "info", "value value");
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(an_old_binary_is_served_as_before),
        TEST(the_log_macro_cuts_nothing),
        TEST(the_cycle_log_macro_cuts_nothing),
        TEST(get_header_takes_a_length_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
