/* SPDX-License-Identifier: BSD-2-Clause */
/* What version 35 reads of a request, where the mock host alone can show it. */
#include "tests/unit/mock.h"


static void
all_null(ngx_link_func_ctx_t *ctx)
{
    void                 *iter = NULL;
    ngx_link_func_str_t   s;

    assert_int_equal(ngx_link_func_get_method(ctx, NULL), -1);
    assert_int_equal(ngx_link_func_get_variable(ctx, NULL, 1, &s), -1);
    assert_int_equal(ngx_link_func_get_variable(ctx, "uri", 3, NULL), -1);
    assert_int_equal(ngx_link_func_get_query_arg(ctx, NULL, 1, &s), -1);
    assert_int_equal(ngx_link_func_get_query_arg(ctx, "a", 1, NULL), -1);
    assert_int_equal(ngx_link_func_next_header(ctx, NULL, &s, &s), 0);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 6);
    assert_int_equal(ngx_link_func_next_header(ctx, &iter, NULL, NULL), 1);
}


static void
null_fails_everywhere_with_one_report_each(void **state)
{
    (void) state;
    mock_get("/?a=1", all_null);
}


static void
null_ctx_fails_with_one_report_each(void **state)
{
    void                 *iter = NULL;
    ngx_link_func_str_t   s;

    (void) state;
    assert_int_equal(ngx_link_func_get_method(NULL, &s), -1);
    assert_int_equal(ngx_link_func_get_variable(NULL, "a", 1, &s), -1);
    assert_int_equal(ngx_link_func_get_query_arg(NULL, "a", 1, &s), -1);
    assert_int_equal(ngx_link_func_next_header(NULL, &iter, &s, &s), 0);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 4);
}


static void
no_memory(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  s = { 7, NULL };

    assert_int_equal(ngx_link_func_get_query_arg(ctx, "a", 1, &s), -1);
    assert_int_equal(s.len, 7);
    assert_int_equal(ngx_link_func_get_query_arg(ctx, "a", 1, &s), 0);
    assert_text_equal(s.data, "1");
}


static void
get_query_arg_without_memory_leaves_the_value_alone(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "/?a=1");
    lf_fake_fail_alloc(request, 1);
    mock_run(request, no_memory);
    lf_fake_request_free(&request);
    assert_int_equal(mock_found(LF_RULE_NO_MEMORY), 1);
}


static void
set_by_hand(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  s;

    assert_int_equal(ngx_link_func_get_variable(ctx, "Remote_Addr", 11, &s),
                     0);
    assert_text_equal(s.data, "::1");
    assert_int_equal(ngx_link_func_get_variable(ctx, "uri", 3, &s), 0);
    assert_text_equal(s.data, "/of-host");
}


static void
variables_set_by_hand_win_the_requests_first(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(lf_fake_add_variable(mock, "uri", "/of-host"), 0);
    assert_int_equal(lf_fake_add_variable(mock, "remote_addr", "host"), 0);
    request = mock_new("GET", "/x");
    assert_int_equal(lf_fake_set_variable(request, "remote_addr", "old"), 0);
    assert_int_equal(lf_fake_set_variable(request, "remote_addr", "::1"), 0);
    mock_run(request, set_by_hand);
    lf_fake_request_free(&request);
}


static void
asks_for_rtt(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  s;

    assert_int_equal(ngx_link_func_get_variable(ctx, "tcpinfo_rtt", 11, &s),
                     -1);
}


static void
variable_that_the_mock_does_not_compute_is_named_in_the_log(void **state)
{
    const struct lf_fake_log_line  *line;

    (void) state;
    mock_get("/", asks_for_rtt);

    line = lf_fake_log(mock);
    assert_non_null(line);
    assert_int_equal(line->level, LF_WARN);
    assert_non_null(strstr(line->text, "\"tcpinfo_rtt\""));
    assert_int_equal(mock_findings(), 0);
}


static void
own_copies(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  a, b;

    assert_int_equal(ngx_link_func_get_query_arg(ctx, "a", 1, &a), 0);
    assert_int_equal(ngx_link_func_get_query_arg(ctx, "a", 1, &b), 0);
    assert_ptr_not_equal(a.data, b.data);
    a.data[0] = 'w';
    assert_text_equal(b.data, "1");
    assert_string_equal(ctx->req_args, "a=%31");
}


static void
get_query_arg_copies_each_time(void **state)
{
    (void) state;
    mock_get("/?a=%31", own_copies);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(null_fails_everywhere_with_one_report_each),
        mock_test(null_ctx_fails_with_one_report_each),
        mock_test(get_query_arg_without_memory_leaves_the_value_alone),
        mock_test(variables_set_by_hand_win_the_requests_first),
        mock_test(variable_that_the_mock_does_not_compute_is_named_in_the_log),
        mock_test(get_query_arg_copies_each_time),
    };

    return cmocka_run_group_tests_name("more", tests, NULL, NULL);
}
