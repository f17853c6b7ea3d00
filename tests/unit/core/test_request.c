/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "tests/unit/mock.h"
#include "tests/unit/golden.h"

static const char  *row_key;
static char        *row_value;


static void
read_param(ngx_link_func_ctx_t *ctx)
{
    char  *value;

    value = ngx_link_func_get_query_param(ctx, row_key);
    row_value = value != NULL ? strdup(value) : NULL;
}


static void
check_param(const struct golden_row *row)
{
    char                    *target;
    struct golden_text       args, key, right;
    struct lf_fake_request  *request;

    args = golden_bytes(row->cells[1]);
    key = golden_quoted(row->cells[2]);
    right = golden_quoted(row->cells[4]);
    row_key = key.data;

    assert_true(asprintf(&target, "/?%s", args.data) > 0);
    request = mock_new("GET", target);
    mock_run(request, read_param);

    if (right.data == NULL && row_value != NULL) {
        fail_msg("row %s: \"%s\", no value expected", row->cells[0],
                 row_value);
    } else if (right.data != NULL
               && (row_value == NULL || strcmp(row_value, right.data) != 0))
    {
        fail_msg("row %s: \"%s\", \"%s\" expected", row->cells[0], row_value,
                 right.data);
    }

    lf_fake_request_free(&request);
    free(row_value);
    free(target);
    free(args.data);
    free(key.data);
    free(right.data);
}


static void
get_query_param_is_right_in_every_golden_row(void **state)
{
    (void) state;
    assert_int_equal(golden_each("query_param.tsv", check_param), 62);
    assert_int_equal(mock_findings(), 0);
}


static void
see_uri(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  uri;

    assert_int_equal(ngx_link_func_get_uri(ctx, &uri), 0);
    assert_int_equal(uri.len, 4);
    assert_memory_equal(uri.data, "/a b", 4);
    assert_string_equal(ctx->req_args, "x=%20");
}


static void
get_uri_is_decoded_and_args_are_not(void **state)
{
    (void) state;
    mock_get("/z/../a%20b?x=%20#f", see_uri);
}


static void
uri_to_null(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ngx_link_func_get_uri(ctx, NULL), -1);
}


static void
get_uri_into_null_fails_with_a_report(void **state)
{
    (void) state;
    mock_get("/", uri_to_null);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 1);
}


static void
no_args(ngx_link_func_ctx_t *ctx)
{
    assert_null(ctx->req_args);
    assert_null(ngx_link_func_get_query_param(ctx, "a"));
}


static void
args_are_null_without_anything_behind_the_mark(void **state)
{
    (void) state;
    mock_get("/a", no_args);
    mock_get("/a?", no_args);
    mock_get("/a?#b", no_args);
}


static void
two_copies(ngx_link_func_ctx_t *ctx)
{
    char  *one, *two;

    one = ngx_link_func_get_query_param(ctx, "a");
    two = ngx_link_func_get_query_param(ctx, "a");
    one[0] = 'X';
    assert_string_equal(two, "1");
    assert_string_equal(ctx->req_args, "a=1");
}


static void
get_query_param_copies_each_time(void **state)
{
    (void) state;
    mock_get("/?a=1", two_copies);
}


static void
see_body(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ctx->req_body_len, 3);
    assert_memory_equal(ctx->req_body, "a\0b", 4);
    ctx->req_body[0] = 'x';
}


static void
no_body(ngx_link_func_ctx_t *ctx)
{
    assert_null(ctx->req_body);
    assert_int_equal(ctx->req_body_len, 0);
}


static void
run_body(const char *method, const char *body, size_t len,
         lf_handler_pt handler)
{
    struct lf_fake_request  *request;

    request = mock_new(method, "/");
    assert_int_equal(lf_fake_set_body(request, body, len), 0);
    mock_run(request, handler);
    lf_fake_request_free(&request);
}


static void
body_reaches_post_put_and_patch_with_a_nul_behind_it(void **state)
{
    (void) state;
    run_body("POST", "a\0b", 3, see_body);
    run_body("PUT", "a\0b", 3, see_body);
    run_body("PATCH", "a\0b", 3, see_body);
    assert_int_equal(mock_findings(), 0);
}


static void
body_is_null_for_other_methods_and_when_empty(void **state)
{
    (void) state;
    run_body("GET", "a", 1, no_body);
    run_body("DELETE", "a", 1, no_body);
    run_body("POSTS", "a", 1, no_body);
    run_body("OPTIONS", "a", 1, no_body);
    run_body("POST", "", 0, no_body);
}


static void
see_props(ngx_link_func_ctx_t *ctx)
{
    assert_text_equal(ngx_link_func_get_prop(ctx, "KEY-and-more", 3), "1");
    assert_ptr_equal(ngx_link_func_get_prop(ctx, "key", 3),
                     ngx_link_func_get_prop(ctx, "Key", 3));
    assert_text_equal(ngx_link_func_get_prop(ctx, "empty", 5), "");
    assert_null(ngx_link_func_get_prop(ctx, "ke", 2));
    assert_null(ngx_link_func_get_prop(ctx, "key", 0));
    assert_null(ngx_link_func_get_prop(ctx, NULL, 0));
    assert_int_equal(mock_findings(), 0);
    assert_null(ngx_link_func_get_prop(ctx, NULL, 3));
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 1);
}


static void
get_prop_ignores_case_and_takes_the_first(void **state)
{
    (void) state;
    assert_int_equal(lf_fake_add_prop(mock, "Key", "1"), 0);
    assert_int_equal(lf_fake_add_prop(mock, "key", "2"), 0);
    assert_int_equal(lf_fake_add_prop(mock, "empty", ""), 0);
    mock_get("/", see_props);
}


static void
null_ctx_fails_everywhere_with_one_report_each(void **state)
{
    ngx_link_func_str_t  uri;

    (void) state;
    assert_int_equal(ngx_link_func_get_uri(NULL, &uri), -1);
    assert_null(ngx_link_func_get_prop(NULL, "a", 1));
    assert_null(ngx_link_func_get_query_param(NULL, "a"));
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 3);
    assert_null(ngx_link_func_cyc_get_prop(NULL, "a", 1));
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 3);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(get_query_param_is_right_in_every_golden_row),
        mock_test(get_uri_is_decoded_and_args_are_not),
        mock_test(get_uri_into_null_fails_with_a_report),
        mock_test(args_are_null_without_anything_behind_the_mark),
        mock_test(get_query_param_copies_each_time),
        mock_test(body_reaches_post_put_and_patch_with_a_nul_behind_it),
        mock_test(body_is_null_for_other_methods_and_when_empty),
        mock_test(get_prop_ignores_case_and_takes_the_first),
        mock_test(null_ctx_fails_everywhere_with_one_report_each),
    };

    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
