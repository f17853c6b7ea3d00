/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of hello: its source is linked in, so it is called by name. */
#include <linkfunc_test_cmocka.h>

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle);
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle);
void hello(ngx_link_func_ctx_t *ctx);
void whoami(ngx_link_func_ctx_t *ctx);

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
hello_greets_the_world_when_nobody_is_named(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, hello);

    linkfunc_test_assert_status(r, 200);
    linkfunc_test_assert_body(r, "hello world\n");
    linkfunc_test_assert_header(r, "Content-Type", "text/plain");
    assert_true(r->allocs <= 2);     /* the text, and the copy that is sent */
}


static void
hello_greets_by_name(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, hello, .target = "/hello?x=1&name=Ada");

    linkfunc_test_assert_body(r, "hello Ada\n");
}


static void
an_empty_name_is_no_name(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, hello, .target = "/hello?name=");

    linkfunc_test_assert_body(r, "hello world\n");
}


static void
the_property_changes_the_greeting(void **state)
{
    (void) state;
    linkfunc_test_add_prop(host, "greeting", "good day,");

    r = LINKFUNC_TEST_CALL(host, hello, .target = "/hello?name=Ada");

    linkfunc_test_assert_body(r, "good day, Ada\n");
}


static void
without_memory_hello_says_so(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, hello, .fail_alloc = 1);

    linkfunc_test_assert_status(r, 503);
    linkfunc_test_assert_body(r, "no memory\n");
}


static void
whoami_repeats_the_user_agent(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, whoami, .headers = {"user-agent: curl/8"});

    linkfunc_test_assert_body(r, "you are curl/8\n");
}


static void
whoami_refuses_a_client_without_a_name(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, whoami);

    linkfunc_test_assert_status(r, 400);
    linkfunc_test_assert_logged(host, "warn", "a client without a name");
}


static void
the_hooks_log_start_and_end(void **state)
{
    (void) state;

    assert_int_equal(linkfunc_test_init(host, ngx_link_func_init_cycle), 0);
    assert_int_equal(linkfunc_test_exit(host, ngx_link_func_exit_cycle), 0);

    linkfunc_test_assert_logged(host, "info", "its greeting is \"hello\"");
    linkfunc_test_assert_logged(host, "info", "hello ends");
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(hello_greets_the_world_when_nobody_is_named),
        TEST(hello_greets_by_name),
        TEST(an_empty_name_is_no_name),
        TEST(the_property_changes_the_greeting),
        TEST(without_memory_hello_says_so),
        TEST(whoami_repeats_the_user_agent),
        TEST(whoami_refuses_a_client_without_a_name),
        TEST(the_hooks_log_start_and_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
