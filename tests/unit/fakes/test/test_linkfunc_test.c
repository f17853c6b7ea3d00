/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The unit-test library, tested through its own fail function: what it says
 * when a test fails is its product.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <linkfunc_test.h>

static struct linkfunc_test_host      *host;
static struct linkfunc_test_response  *r;
static jmp_buf                         failed;
static int                             expected;   /* inside FAILS */
static char                            fail_text[8192];
static char                            fail_file[256];
static int                             fail_line;
static char                            got[4];     /* by three_allocations */

/* 1 if the expression fails the test, whose text is then in fail_text. */
#define FAILS(expression)                                                     \
    (setjmp(failed) == 0 ? (expected = 1, (void) (expression), expected = 0)  \
                         : 1)


static void
remember_failure(const char *file, int line, const char *text)
{
    if (!expected) {
        print_error("%s\n", text);
        _fail(file, line);
    }

    expected = 0;
    (void) snprintf(fail_file, sizeof(fail_file), "%s", file);
    (void) snprintf(fail_text, sizeof(fail_text), "%s", text);
    fail_line = line;
    longjmp(failed, 1);
}


static int
set_up(void **state)
{
    (void) state;

    fail_text[0] = '\0';
    linkfunc_test_set_fail(remember_failure);
    host = linkfunc_test_host_new(NULL);

    return host == NULL;
}


static int
tear_down(void **state)
{
    (void) state;

    return FAILS(linkfunc_test_host_free(&host));
}


static void
assert_said(const char *part)
{
    if (strstr(fail_text, part) == NULL) {
        fail_msg("expected \"%s\" in: %s", part, fail_text);
    }
}


/* ---- apps ---- */

static void
echo(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log(info, ctx, "echo of %zu", ctx->req_body_len);
    ngx_link_func_write_resp(ctx, 201, "201 Echoed", "text/echo",
                             (const char *) ctx->req_body, ctx->req_body_len);
}


static void
tells_variable(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  value;

    if (ngx_link_func_get_variable(ctx, "remote_addr", 11, &value) == 0) {
        ngx_link_func_write_resp(ctx, 200, NULL, NULL, (char *) value.data,
                                 value.len);
    }
}


static void
silent(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
}


static void
keeps_lock(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
}


static void
writes_past_the_end(ngx_link_func_ctx_t *ctx)
{
    char  *memory;

    memory = ngx_link_func_palloc(ctx, 10);
    memory[10] = 'x';
}


static void
leaves_by_longjmp(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_palloc(ctx, 10);
    linkfunc_test_fail("from inside %d", 1);
}


static void
three_allocations(ngx_link_func_ctx_t *ctx)
{
    got[0] = ngx_link_func_palloc(ctx, 10) ? '1' : '-';
    got[1] = ngx_link_func_pcalloc(ctx, 20) ? '2' : '-';
    got[2] = ngx_link_func_strdup(ctx, "30") ? '3' : '-';
}


static void
show_headers(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log(info, ctx, "%s|%s|%s|%s|%s",
                      (char *) ngx_link_func_get_header(ctx, "Host"),
                      (char *) ngx_link_func_get_header(ctx, "Content-Length"),
                      (char *) ngx_link_func_get_header(ctx, "X-Mine"),
                      (char *) ngx_link_func_get_header(ctx, "X-Conf"),
                      (char *) ngx_link_func_get_prop(ctx, "prop", 4));
}


static void
store(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_shmtx_lock(ctx->shared_mem);
    memcpy(ngx_link_func_cache_new(ctx->shared_mem, "key", 6), "value", 6);
    ngx_link_func_shmtx_unlock(ctx->shared_mem);
}


static void
init_logs(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_warn(cycle, "init runs");
    cycle->has_error = 3;
}


/* ---- how a test fails ---- */

static void
a_true_assertion_returns_one(void **state)
{
    (void) state;
    r = LINKFUNC_TEST_CALL(host, echo, .body = "abc");

    assert_int_equal(linkfunc_test_assert_status(r, 201), 1);
    assert_int_equal(linkfunc_test_assert_body(r, "abc"), 1);
    assert_int_equal(linkfunc_test_assert_body_bytes(r, "abc", 3), 1);
    assert_int_equal(linkfunc_test_assert_body_contains(r, "bc"), 1);
    assert_int_equal(linkfunc_test_assert_header(r, "content-type",
                                                 "text/echo"), 1);
    assert_int_equal(linkfunc_test_assert_header(r, "X-None", NULL), 1);
    assert_int_equal(linkfunc_test_assert_logged(host, "info", "echo"), 1);
    assert_int_equal(linkfunc_test_assert_logged(host, NULL, "of 3"), 1);
    assert_int_equal(linkfunc_test_assert_no_findings(host), 1);
}


static void
a_wrong_status_tells_both_values_the_place_and_the_log(void **state)
{
    int  line;

    (void) state;
    r = LINKFUNC_TEST_CALL(host, echo, .body = "a\"\n\x01");

    line = __LINE__ + 1;
    assert_true(FAILS(linkfunc_test_assert_status(r, 200)));

    assert_said("expected 200, got 201 (\"201 Echoed\")");
    assert_said("\"a\\\"\\n\\x01\"");
    assert_said("[info] \"echo of 4\"");
    assert_string_equal(fail_file, __FILE__);
    assert_int_equal(fail_line, line);
}


static void
a_wrong_body_tells_where_it_differs(void **state)
{
    (void) state;
    r = LINKFUNC_TEST_CALL(host, echo, .body = "abcd");

    assert_true(FAILS(linkfunc_test_assert_body(r, "abXd")));
    assert_said("differs from byte 2 on");
    assert_said("expected \"abXd\"");
    assert_said("got      \"abcd\"");

    assert_true(FAILS(linkfunc_test_assert_body(r, "abc")));
    assert_said("differs from byte 3 on");
    assert_true(FAILS(linkfunc_test_assert_body_bytes(r, "abcde", 5)));
    assert_said("differs from byte 4 on");
    assert_true(FAILS(linkfunc_test_assert_body_contains(r, "x")));
    assert_said("expected to find \"x\"");
}


static void
a_wrong_header_tells_both_values_and_all_headers(void **state)
{
    (void) state;
    r = LINKFUNC_TEST_CALL(host, echo, .body = "abc");

    assert_true(FAILS(linkfunc_test_assert_header(r, "Content-Type", "x")));
    assert_said("expected \"x\", got \"text/echo\"");
    assert_said("Content-Length: 3");

    assert_true(FAILS(linkfunc_test_assert_header(r, "X-None", "x")));
    assert_said("expected \"x\", got none");
    assert_true(FAILS(linkfunc_test_assert_header(r, "Content-Type", NULL)));
    assert_said("expected none, got \"text/echo\"");
}


static void
a_line_that_was_not_logged_tells_those_that_were(void **state)
{
    (void) state;
    (void) LINKFUNC_TEST_CALL(host, echo, .body = "abc");

    assert_true(FAILS(linkfunc_test_assert_logged(host, "warn", "echo")));
    assert_said("expected [warn] a line with \"echo\"");
    assert_said("[info] \"echo of 3\"");
}


static void
no_response_of_the_app_is_said_so(void **state)
{
    (void) state;
    r = LINKFUNC_TEST_CALL(host, silent);

    assert_int_equal(r->by_app, 0);
    assert_int_equal(r->written, 0);
    assert_true(FAILS(linkfunc_test_assert_status(r, 200)));
    assert_said("got 404");
    assert_said("nginx's own page");
}


static void
long_values_are_cut_in_messages(void **state)
{
    static char  body[100001];

    (void) state;
    memset(body, 'x', sizeof(body) - 1);
    r = LINKFUNC_TEST_CALL(host, echo, .body = body);

    assert_true(FAILS(linkfunc_test_assert_body(r, "y")));
    assert_said("(100000 bytes)");
    assert_true(strlen(fail_text) < 2000);
}


/* Runs in a child: prints and aborts. */
static void
fail_by_default(int out)
{
    const struct rlimit  none = { 0, 0 };

    (void) setrlimit(RLIMIT_CORE, &none);
    (void) signal(SIGABRT, SIG_DFL);
    (void) dup2(out, STDERR_FILENO);
    linkfunc_test_set_fail(NULL);
    linkfunc_test_fail("seven is %d", 7);
    _exit(0);
}


static void
without_a_framework_a_failure_prints_and_aborts(void **state)
{
    int      out[2], status;
    char     text[512];
    pid_t    child;
    ssize_t  len;

    (void) state;
    assert_int_equal(pipe(out), 0);

    child = fork();
    if (child == 0) {
        fail_by_default(out[1]);
    }

    assert_int_equal(close(out[1]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    len = read(out[0], text, sizeof(text) - 1);
    assert_int_equal(close(out[0]), 0);

    assert_true(len > 0);
    text[len] = '\0';
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, "test_linkfunc_test.c:"));
    assert_non_null(strstr(text, ": seven is 7\n"));
}


/* ---- judgement at the end ---- */

static void
a_broken_rule_fails_the_test_at_the_end(void **state)
{
    (void) state;
    (void) LINKFUNC_TEST_CALL(host, keeps_lock);

    assert_true(FAILS(linkfunc_test_host_free(&host)));

    assert_null(host);
    assert_said("LF-503");
    assert_said("(request 1)");
}


static void
a_broken_rule_is_told_with_function_and_line(void **state)
{
    (void) state;
#if defined(__SANITIZE_ADDRESS__)
    skip();                              /* it would end the process */
#endif
    (void) LINKFUNC_TEST_CALL(host, writes_past_the_end);

    assert_true(FAILS(linkfunc_test_host_free(&host)));

    assert_said("LF-201");
    assert_said("allocated in writes_past_the_end at ");
    assert_said("test_linkfunc_test.c:");
}


static void
an_expected_finding_does_not_fail_the_test(void **state)
{
    (void) state;
    linkfunc_test_expect_finding(host, "LF-503");
    (void) LINKFUNC_TEST_CALL(host, keeps_lock);

    assert_false(FAILS(linkfunc_test_host_free(&host)));
}


static void
passes_null(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_get_header(ctx, NULL, 1);
}


static void
a_finding_that_breaks_nothing_can_be_expected(void **state)
{
    (void) state;
    linkfunc_test_expect_finding(host, "LF-102");
    (void) LINKFUNC_TEST_CALL(host, passes_null);

    assert_false(FAILS(linkfunc_test_host_free(&host)));
}


static void
an_expected_finding_that_does_not_come_fails_the_test(void **state)
{
    (void) state;
    linkfunc_test_expect_finding(host, "LF-503");
    r = LINKFUNC_TEST_CALL(host, silent);
    assert_int_equal(r->status, 404);

    assert_true(FAILS(linkfunc_test_host_free(&host)));
    assert_said("expected LF-503, but that rule was not broken");
}


static void
a_rule_that_does_not_exist_cannot_be_expected(void **state)
{
    (void) state;

    assert_true(FAILS(linkfunc_test_expect_finding(host, "LF-000")));
    assert_said("unknown rule \"LF-000\"");
}


static void
findings_can_be_read(void **state)
{
    const struct linkfunc_test_finding  *finding;

    (void) state;
    linkfunc_test_expect_finding(host, "LF-503");
    (void) LINKFUNC_TEST_CALL(host, keeps_lock);

    finding = linkfunc_test_get_finding(host, 0);

    assert_non_null(finding);
    assert_string_equal(finding->id, "LF-503");
    assert_int_equal(finding->request, 1);
    assert_int_equal(finding->count, 1);
    assert_int_equal(finding->breaks, 1);
    assert_true(strlen(finding->text) > 0);
    assert_null(linkfunc_test_get_finding(host, 1));
    assert_true(FAILS(linkfunc_test_assert_no_findings(host)));
    assert_said("LF-503");
}


static void
a_host_that_a_failed_test_left_behind_is_replaced(void **state)
{
    (void) state;
    (void) LINKFUNC_TEST_CALL(host, store);
    assert_int_equal(linkfunc_test_cache_count(host), 1);

    host = linkfunc_test_host_new(NULL);

    assert_int_equal(linkfunc_test_cache_count(host), 0);
    assert_null(linkfunc_test_get_log(host, 0));
}


static void
a_handler_may_be_left_by_longjmp(void **state)
{
    (void) state;

    assert_true(FAILS(LINKFUNC_TEST_CALL(host, leaves_by_longjmp)));
    assert_said("from inside 1");

    host = linkfunc_test_host_new(NULL);
    r = LINKFUNC_TEST_CALL(host, echo, .body = "well");
    linkfunc_test_assert_body(r, "well");
}


/* ---- requests ---- */

static void
the_method_follows_the_body(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, echo, .body = "");
    assert_string_equal(r->log[0].text, "echo of 0");
    r = LINKFUNC_TEST_CALL(host, echo, .body = "\0b\0", .body_len = 3);
    linkfunc_test_assert_body_bytes(r, "\0b\0", 3);
    r = LINKFUNC_TEST_CALL(host, echo, .method = "DELETE", .body = "lost");
    linkfunc_test_assert_body(r, "");
    r = LINKFUNC_TEST_CALL(host, echo, .method = "HEAD");
    linkfunc_test_assert_status(r, 201);
    linkfunc_test_assert_body(r, "");
}


static void
a_request_sends_what_a_client_sends(void **state)
{
    (void) state;
    linkfunc_test_add_prop(host, "prop", "erty");
    linkfunc_test_add_req_header(host, "X-Conf", "conf");

    r = LINKFUNC_TEST_CALL(host, show_headers, .headers = {"X-Mine:  mine"},
                           .body = "12345");
    linkfunc_test_assert_logged(host, "info", "localhost|5|mine|conf|erty");

    r = LINKFUNC_TEST_CALL(host, show_headers,
                           .headers = {"host: me", "X-Mine:"});
    linkfunc_test_assert_logged(host, "info", "me|(null)||conf|erty");
}


static void
a_header_without_a_colon_fails_the_test(void **state)
{
    (void) state;

    assert_true(FAILS(LINKFUNC_TEST_CALL(host, echo, .target = "/x",
                                         .headers = {"oops"})));
    assert_said("GET /x: a header is written \"Name: value\"");
}


static void
the_nth_allocation_fails_alone(void **state)
{
    (void) state;

    r = LINKFUNC_TEST_CALL(host, three_allocations);
    assert_string_equal(got, "123");
    assert_int_equal(r->allocs, 3);
    assert_int_equal(r->alloc_bytes, 33);

    r = LINKFUNC_TEST_CALL(host, three_allocations, .fail_alloc = 2);
    assert_string_equal(got, "1-3");
    r = LINKFUNC_TEST_CALL(host, three_allocations, .fail_alloc = 4);
    assert_string_equal(got, "123");
}


static void
the_log_is_kept_by_request_and_hook(void **state)
{
    const struct linkfunc_test_log_line  *line;

    (void) state;

    assert_int_equal(linkfunc_test_init(host, init_logs), 3);
    (void) LINKFUNC_TEST_CALL(host, echo);
    r = LINKFUNC_TEST_CALL(host, echo, .body = "abc");

    assert_int_equal(r->number, 2);
    assert_int_equal(r->log_count, 1);
    assert_string_equal(r->log[0].level, "info");
    assert_string_equal(r->log[0].text, "echo of 3");
    assert_int_equal(r->log[0].request, 2);
    assert_int_equal(r->log[0].by_app, 1);

    line = linkfunc_test_get_log(host, 0);
    assert_string_equal(line->text, "init runs");
    assert_int_equal(line->request, 0);
}


static void
the_cache_can_be_read(void **state)
{
    void        *value;
    size_t       size, all, unused;
    uint64_t     iter;
    const char  *key;

    (void) state;
    (void) LINKFUNC_TEST_CALL(host, store);

    assert_string_equal(linkfunc_test_cache_get(host, "key", &size), "value");
    assert_true(size >= 6);
    assert_null(linkfunc_test_cache_get(host, "no key", NULL));

    iter = 0;
    assert_int_equal(linkfunc_test_cache_next(host, &iter, &key, &value,
                                              &size), 1);
    assert_string_equal(key, "key");
    assert_string_equal(value, "value");
    assert_int_equal(linkfunc_test_cache_next(host, &iter, &key, &value,
                                              &size), 0);

    linkfunc_test_zone_pages(host, &all, &unused);
    assert_true(all > unused && unused > 0);

    assert_int_equal(linkfunc_test_cache_count(host), 1);
    assert_int_equal(ngx_link_func_shmtx_trylock(
                         linkfunc_test_shared_mem(host)), 1);
    ngx_link_func_shmtx_unlock(linkfunc_test_shared_mem(host));
}


static void
the_cache_can_be_read_under_the_lock_of_the_test(void **state)
{
    void  *zone;

    (void) state;
    (void) LINKFUNC_TEST_CALL(host, store);
    zone = linkfunc_test_shared_mem(host);
    ngx_link_func_shmtx_lock(zone);

    assert_string_equal(linkfunc_test_cache_get(host, "key", NULL), "value");
    assert_int_equal(linkfunc_test_cache_count(host), 1);

    assert_int_equal(ngx_link_func_shmtx_trylock(zone), 0);
    ngx_link_func_shmtx_unlock(zone);
    linkfunc_test_assert_no_findings(host);
}


static void
the_zone_has_the_size_that_was_asked_for(void **state)
{
    size_t                              small, unused;
    const struct linkfunc_test_options  options = { .shm_size = 65536 };

    (void) state;
    linkfunc_test_host_free(&host);

    host = linkfunc_test_host_new(&options);

    linkfunc_test_zone_pages(host, &small, &unused);
    assert_true(small <= 16 && small >= 12);
}


/* ---- apps as libraries ---- */

static void
a_library_that_is_not_there_fails_the_test(void **state)
{
    (void) state;

    assert_true(FAILS(linkfunc_test_open(host, "/no/such/lib.so")));
    assert_said("cannot open /no/such/lib.so: ");
}


static void
an_app_must_be_open_for_its_symbols(void **state)
{
    (void) state;

    assert_true(FAILS(linkfunc_test_symbol(host, "hello")));
    assert_said("no app is open");
    assert_true(FAILS(linkfunc_test_init(host, NULL)));
    assert_said("no app is open");
    assert_true(FAILS(linkfunc_test_exit(host, NULL)));
    assert_said("no app is open");
}


static void
a_symbol_that_is_not_there_fails_the_test(void **state)
{
    (void) state;
    linkfunc_test_open(host, LINKFUNC_TEST_APP);

    assert_non_null(linkfunc_test_symbol(host, "hello"));
    assert_true(FAILS(linkfunc_test_symbol(host, "helo")));
    assert_said("cannot find helo: ");
    assert_true(FAILS(linkfunc_test_open(host, LINKFUNC_TEST_APP)));
    assert_said("has an app already");
}


/* ---- threads ---- */

static void *
call_many(void *count)
{
    int                             i;
    struct linkfunc_test_response  *mine;

    for (i = 0; i < 50; i++) {
        mine = LINKFUNC_TEST_CALL(host, echo, .body = "abc");
        *(int *) count += mine->status == 201 && mine->log_count == 1;
    }

    return NULL;
}


static void
requests_may_run_in_several_threads(void **state)
{
    int        i, good[4] = { 0, 0, 0, 0 };
    pthread_t  threads[4];

    (void) state;

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_many,
                                        &good[i]), 0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(good[i], 50);
    }
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void
variables_of_the_request_are_seen_by_it_alone(void **state)
{
    (void) state;
    r = LINKFUNC_TEST_CALL(host, tells_variable,
                           .variables = { "remote_addr=::1=" });
    linkfunc_test_assert_body(r, "::1=");
    r = LINKFUNC_TEST_CALL(host, tells_variable);
    linkfunc_test_assert_body(r, "127.0.0.1");
}


static void
variable_without_a_name_fails_the_call(void **state)
{
    (void) state;
    assert_true(FAILS((void) LINKFUNC_TEST_CALL(host, silent,
                                                .variables = { "=x" })));
    assert_said("NAME=VALUE");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(a_true_assertion_returns_one),
        TEST(a_wrong_status_tells_both_values_the_place_and_the_log),
        TEST(a_wrong_body_tells_where_it_differs),
        TEST(a_wrong_header_tells_both_values_and_all_headers),
        TEST(a_line_that_was_not_logged_tells_those_that_were),
        TEST(no_response_of_the_app_is_said_so),
        TEST(long_values_are_cut_in_messages),
        TEST(without_a_framework_a_failure_prints_and_aborts),
        TEST(a_broken_rule_fails_the_test_at_the_end),
        TEST(a_broken_rule_is_told_with_function_and_line),
        TEST(an_expected_finding_does_not_fail_the_test),
        TEST(a_finding_that_breaks_nothing_can_be_expected),
        TEST(an_expected_finding_that_does_not_come_fails_the_test),
        TEST(a_rule_that_does_not_exist_cannot_be_expected),
        TEST(findings_can_be_read),
        TEST(a_host_that_a_failed_test_left_behind_is_replaced),
        TEST(a_handler_may_be_left_by_longjmp),
        TEST(the_method_follows_the_body),
        TEST(a_request_sends_what_a_client_sends),
        TEST(a_header_without_a_colon_fails_the_test),
        TEST(the_nth_allocation_fails_alone),
        TEST(the_log_is_kept_by_request_and_hook),
        TEST(the_cache_can_be_read),
        TEST(the_cache_can_be_read_under_the_lock_of_the_test),
        TEST(the_zone_has_the_size_that_was_asked_for),
        TEST(a_library_that_is_not_there_fails_the_test),
        TEST(an_app_must_be_open_for_its_symbols),
        TEST(a_symbol_that_is_not_there_fails_the_test),
        TEST(requests_may_run_in_several_threads),
        TEST(variables_of_the_request_are_seen_by_it_alone),
        TEST(variable_without_a_name_fails_the_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
