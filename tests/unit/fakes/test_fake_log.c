/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/mock.h"

static int  shown;               /* the descriptor that lines go to */


static int
setup(void **state)
{
    char                    err[LF_ERR_LEN];
    struct lf_fake_options  options;

    (void) state;
    memset(&options, 0, sizeof(options));
    shown = memfd_create("error-log", 0);
    options.log_fd = shown;
    options.log_level = LF_INFO;
    mock = lf_fake_new(&options, err);

    return mock != NULL ? 0 : -1;
}


static int
teardown(void **state)
{
    (void) mock_teardown(state);

    return close(shown);
}


static ssize_t
read_shown(char *text, size_t size)
{
    ssize_t  n;

    n = pread(shown, text, size - 1, 0);
    assert_true(n >= 0);
    text[n] = '\0';

    return n;
}


static void
assert_matches(const char *text, const char *pattern)
{
    if (fnmatch(pattern, text, 0) != 0) {
        fail_msg("\"%s\" does not match \"%s\"", text, pattern);
    }
}


static void
log_warn(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log_warn(ctx, "the message");
    ngx_link_func_log_debug(ctx, "not shown");
}


static void
a_line_has_the_form_of_an_error_log(void **state)
{
    char                     text[4096];
    struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "/a?b");
    mock_header(request, "Referer", "http://r/");
    mock_run(request, log_warn);
    lf_fake_request_free(&request);
    (void) read_shown(text, sizeof(text));
    assert_matches(text, "[0-9][0-9][0-9][0-9]/[01][0-9]/[0-3][0-9] "
                   "[0-2][0-9]:[0-5][0-9]:[0-6][0-9] \\[warn\\] "
                   "[0-9]*#[0-9]*: \\*1 the message, client: 127.0.0.1, "
                   "server: localhost, request: \"GET /a\\?b HTTP/1.1\", "
                   "host: \"localhost\", referrer: \"http://r/\"\n");
}


static void
log_long(ngx_link_func_ctx_t *ctx)
{
    char  text[5000];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    ngx_link_func_log_err(ctx, text);
}


static void
a_line_is_cut_at_2048_bytes_with_its_newline(void **state)
{
    char     text[4096];
    ssize_t  len;

    (void) state;
    mock_get("/", log_long);
    len = read_shown(text, sizeof(text));
    assert_int_equal(len, 2048);
    assert_int_equal(text[2047], '\n');
    assert_int_equal(text[2046], 'x');
}


static void
log_debug(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log_debug(ctx, "deep");
}


static void
debug_lines_have_no_tail(void **state)
{
    char                    err[LF_ERR_LEN], text[4096];
    struct lf_fake_options  options;

    (void) state;
    lf_fake_free(&mock);
    memset(&options, 0, sizeof(options));
    options.log_fd = shown;
    options.log_level = LF_DEBUG;
    mock = lf_fake_new(&options, err);
    mock_get("/", log_debug);
    (void) read_shown(text, sizeof(text));
    assert_matches(text, "* \\[debug\\] [0-9]*#[0-9]*: \\*1 deep\n");
}


static void
log_in_hook(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_info(cycle, "started");
}


static void
lines_of_hooks_have_no_number_and_no_tail(void **state)
{
    char           text[4096];
    struct lf_app  app = { NULL, log_in_hook, NULL };

    (void) state;
    assert_int_equal(lf_fake_init(mock, &app), 0);
    (void) read_shown(text, sizeof(text));
    assert_matches(text, "* \\[info\\] [0-9]*#[0-9]*: started\n");
}


static void
break_rule(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 1, NULL, NULL, NULL, 0);
}


static void
a_finding_is_a_line_that_names_its_rule(void **state)
{
    char  text[4096];

    (void) state;
    mock_get("/", break_rule);
    (void) read_shown(text, sizeof(text));
    assert_matches(text, "* \\[error\\] *write_resp: status 1 *(LF-401), "
                   "client:*");
}


struct told {
    unsigned  count;
    char      text[64];
};


static void
remember(void *data, const struct lf_fake_log_line *line)
{
    struct told  *told = data;

    assert_int_equal(line->level, LF_WARN);
    assert_int_equal(line->app, 1);
    assert_int_equal(line->request, 1);
    told->count++;
    (void) snprintf(told->text, sizeof(told->text), "%.*s", (int) line->len,
                    line->text);
}


static void
lines_that_are_shown_are_told(void **state)
{
    struct told  told = { 0 };

    (void) state;
    lf_fake_on_log(mock, remember, &told);
    mock_get("/", log_warn);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.text, "the message");
}


#define log_test(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        log_test(a_line_has_the_form_of_an_error_log),
        log_test(a_line_is_cut_at_2048_bytes_with_its_newline),
        log_test(debug_lines_have_no_tail),
        log_test(lines_of_hooks_have_no_number_and_no_tail),
        log_test(a_finding_is_a_line_that_names_its_rule),
        log_test(lines_that_are_shown_are_told),
    };

    return cmocka_run_group_tests_name("fake_log", tests, NULL, NULL);
}
