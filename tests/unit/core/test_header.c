/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/mock.h"

#define ADD_IN(ctx, name, value)                                              \
    ngx_link_func_add_header_in(ctx, name, strlen(name), value, strlen(value))
#define ADD_OUT(ctx, name, value)                                             \
    ngx_link_func_add_header_out(ctx, name, strlen(name), value, strlen(value))


/* The answer to a GET; free the request. */
static const struct lf_fake_response *
answer(struct lf_fake_request **request, lf_handler_pt handler)
{
    const struct lf_fake_response  *response;

    *request = mock_new("GET", "/");
    mock_header(*request, "X-Two", "first");
    mock_header(*request, "x-two", "second");
    mock_header(*request, "X-Empty", "");
    mock_run(*request, handler);
    response = lf_fake_get_response(*request);
    assert_non_null(response);

    return response;
}


static void
run(lf_handler_pt handler)
{
    struct lf_fake_request  *request;

    (void) answer(&request, handler);
    lf_fake_request_free(&request);
}


static void
look_up(ngx_link_func_ctx_t *ctx)
{
    u_char  *one, *two;

    one = (ngx_link_func_get_header)(ctx, "X-TWO-and-more", 5);
    two = (ngx_link_func_get_header)(ctx, "x-two", 5);
    assert_text_equal(one, "first");
    assert_ptr_not_equal(one, two);
    one[0] = 'F';
    assert_text_equal(two, "first");
    assert_text_equal((ngx_link_func_get_header)(ctx, "host", 4), "localhost");
    assert_text_equal((ngx_link_func_get_header)(ctx, "x-empty", 7), "");
    assert_null((ngx_link_func_get_header)(ctx, "X-Tw", 4));
    assert_null((ngx_link_func_get_header)(ctx, "X-Two", 0));
    assert_null((ngx_link_func_get_header)(ctx, NULL, 0));
    assert_int_equal(mock_findings(), 0);
}


static void
get_header_ignores_case_and_copies_the_first(void **state)
{
    (void) state;
    run(look_up);
}


static void
look_up_null(ngx_link_func_ctx_t *ctx)
{
    assert_null((ngx_link_func_get_header)(ctx, NULL, 5));
}


static void
get_header_of_null_is_reported(void **state)
{
    (void) state;
    run(look_up_null);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 1);
}


static void
add_in(ngx_link_func_ctx_t *ctx)
{
    char  name[] = "X-New", value[] = "v";

    assert_int_equal(ADD_IN(ctx, name, value), 0);
    memset(name, 'z', 5);
    value[0] = 'z';
    assert_text_equal((ngx_link_func_get_header)(ctx, "x-new", 5), "v");
    assert_int_equal(ADD_IN(ctx, "X-Two", "third"), 0);
    assert_text_equal((ngx_link_func_get_header)(ctx, "x-two", 5), "first");
    assert_int_equal(ngx_link_func_add_header_in(ctx, "X-No", 4, NULL, 0), 0);
    assert_text_equal((ngx_link_func_get_header)(ctx, "x-no", 4), "");
}


static void
add_header_in_copies_and_comes_behind_the_client(void **state)
{
    (void) state;
    run(add_in);
    assert_int_equal(mock_findings(), 0);
}


static void
add_in_framing(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ADD_IN(ctx, "content-LENGTH", "1"), -1);
    assert_int_equal(ADD_IN(ctx, "Transfer-Encoding", "chunked"), -1);
    assert_int_equal(ADD_IN(ctx, "Host", "x"), -1);
    assert_int_equal(ADD_IN(ctx, "Connection", "close"), -1);
    assert_int_equal(ADD_IN(ctx, "Expect", "100-continue"), -1);
    assert_null((ngx_link_func_get_header)(ctx, "expect", 6));
}


static void
add_header_in_refuses_framing_names(void **state)
{
    (void) state;
    run(add_in_framing);
    assert_int_equal(mock_found(LF_RULE_HEADER_FRAME), 5);
}


static void
add_in_once(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ADD_IN(ctx, "Authorization", "a"), 0);
    assert_int_equal(ADD_IN(ctx, "authorization", "b"), -1);
    assert_int_equal(ADD_IN(ctx, "If-None-Match", "a"), 0);
    assert_int_equal(ADD_IN(ctx, "If-None-Match", "b"), -1);
    assert_int_equal(ADD_IN(ctx, "Content-Range", "a"), 0);
    assert_int_equal(ADD_IN(ctx, "Content-Range", "b"), -1);
    assert_text_equal((ngx_link_func_get_header)(ctx, "authorization", 13),
                      "a");
}


static void
add_header_in_refuses_the_second_of_a_single_header(void **state)
{
    (void) state;
    run(add_in_once);
    assert_int_equal(mock_found(LF_RULE_HEADER_ONCE), 3);
}


static void
add_bad(ngx_link_func_ctx_t *ctx)
{
    int  (*add[2])(ngx_link_func_ctx_t *, const char *, size_t, const char *,
                   size_t) = { ngx_link_func_add_header_in,
                               ngx_link_func_add_header_out };
    int  i;

    for (i = 0; i < 2; i++) {
        assert_int_equal(add[i](ctx, "", 0, "v", 1), -1);
        assert_int_equal(add[i](ctx, NULL, 3, "v", 1), -1);
        assert_int_equal(add[i](ctx, "X\r", 2, "v", 1), -1);
        assert_int_equal(add[i](ctx, "X", 1, "v\n", 2), -1);
        assert_int_equal(add[i](ctx, "X", 1, "v\0", 2), -1);
        assert_int_equal(add[i](ctx, "X", 1, NULL, 1), -1);
        assert_int_equal(add[i](ctx, "X", 1, "v", SIZE_MAX / 2), -1);
    }
}


static void
only_good(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
}


static void
bad_headers_are_refused_in_both_directions(void **state)
{
    struct lf_fake_request  *request, *plain;
    size_t                   count;

    (void) state;
    count = answer(&plain, only_good)->header_count;
    lf_fake_request_free(&plain);
    assert_int_equal(answer(&request, add_bad)->header_count, count);
    lf_fake_request_free(&request);
    assert_int_equal(mock_found(LF_RULE_HEADER_NAME), 4);
    assert_int_equal(mock_found(LF_RULE_HEADER_BYTES), 6);
    assert_int_equal(mock_found(LF_RULE_NO_MEMORY), 2);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 2);
}


static void
add_out(ngx_link_func_ctx_t *ctx)
{
    char  value[] = "one";

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "x", 1);
    assert_int_equal(ADD_OUT(ctx, "X-Same", value), 0);
    memset(value, 'z', 3);
    assert_int_equal(ADD_OUT(ctx, "x-sAME", "two"), 0);
    assert_int_equal(ngx_link_func_add_header_out(ctx, "X-E", 3, NULL, 0), 0);
}


static void
add_header_out_keeps_order_case_and_duplicates(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_header    *last;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, add_out);
    last = &response->headers[response->header_count - 3];
    assert_text_equal(last[0].name.data, "X-Same");
    assert_text_equal(last[0].value.data, "one");
    assert_text_equal(last[1].name.data, "x-sAME");
    assert_text_equal(last[1].value.data, "two");
    assert_int_equal(last[2].value.len, 0);
    lf_fake_request_free(&request);
    assert_int_equal(mock_findings(), 0);
}


static void
add_out_framing(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ADD_OUT(ctx, "Content-length", "1"), -1);
    assert_int_equal(ADD_OUT(ctx, "Transfer-Encoding", "chunked"), -1);
    assert_int_equal(ADD_OUT(ctx, "connection", "close"), -1);
    assert_int_equal(ADD_OUT(ctx, "Host", "fine here"), 0);
}


static void
add_header_out_refuses_framing_names(void **state)
{
    (void) state;
    run(add_out_framing);
    assert_int_equal(mock_found(LF_RULE_HEADER_FRAME), 3);
}


static void
type_before(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ADD_OUT(ctx, "Content-Type", "text/css"), 0);
    ngx_link_func_write_resp(ctx, 200, NULL, "text/html", "x", 1);
}


static void
type_after(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, "text/html", "x", 1);
    assert_int_equal(ADD_OUT(ctx, "Content-Type", "a/b"), 0);
    assert_int_equal(ADD_OUT(ctx, "content-type", "text/css ; charset=x"), 0);
}


static void
content_type_replaces_the_type_in_either_order(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, type_before);
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/css");
    assert_int_equal(response->header_count, 5);
    lf_fake_request_free(&request);

    response = answer(&request, type_after);
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/css ; charset=x");
    assert_int_equal(response->header_count, 5);
    assert_int_equal(lf_fake_core(request)->response.media_type_len, 8);
    lf_fake_request_free(&request);
}


static void
type_alone(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ADD_OUT(ctx, "Content-Type", "text/css"), 0);
    assert_int_equal(ADD_OUT(ctx, "Server", "mine"), 0);
    assert_int_equal(ADD_OUT(ctx, "Date", "today"), 0);
    assert_int_equal(ADD_OUT(ctx, "X-Kept", "1"), 0);
}


static void
headers_stay_without_a_response_but_the_type_is_the_pages(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, type_alone);
    assert_int_equal(response->status, 404);
    assert_int_equal(response->header_count, 6);
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/html");
    assert_string_equal(mock_answer_header(response, "Server"), "mine");
    assert_string_equal(mock_answer_header(response, "Date"), "today");
    assert_string_equal(mock_answer_header(response, "X-Kept"), "1");
    lf_fake_request_free(&request);
}


static void
add_many(ngx_link_func_ctx_t *ctx)
{
    int   i;
    char  name[16];

    for (i = 0; i < 100; i++) {
        (void) snprintf(name, sizeof(name), "X-%d", i);
        assert_int_equal(ADD_OUT(ctx, name, "v"), 0);
    }
}


static void
a_hundred_headers_are_sent(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    assert_int_equal(answer(&request, add_many)->header_count, 105);
    lf_fake_request_free(&request);
}


static void
add_without_memory(ngx_link_func_ctx_t *ctx)
{
    assert_int_equal(ADD_OUT(ctx, "X-A", "1"), -1);
    assert_int_equal(ADD_OUT(ctx, "X-B", "1"), 0);
}


static void
add_header_without_memory_adds_nothing(void **state)
{
    struct lf_fake_request  *request;

    (void) state;
    request = mock_new("GET", "/");
    lf_fake_fail_alloc(request, 1);
    mock_run(request, add_without_memory);
    assert_null(mock_answer_header(lf_fake_get_response(request), "X-A"));
    assert_non_null(mock_answer_header(lf_fake_get_response(request), "X-B"));
    assert_int_equal(mock_found(LF_RULE_NO_MEMORY), 1);
    lf_fake_request_free(&request);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(get_header_ignores_case_and_copies_the_first),
        mock_test(get_header_of_null_is_reported),
        mock_test(add_header_in_copies_and_comes_behind_the_client),
        mock_test(add_header_in_refuses_framing_names),
        mock_test(add_header_in_refuses_the_second_of_a_single_header),
        mock_test(bad_headers_are_refused_in_both_directions),
        mock_test(add_header_out_keeps_order_case_and_duplicates),
        mock_test(add_header_out_refuses_framing_names),
        mock_test(content_type_replaces_the_type_in_either_order),
        mock_test(headers_stay_without_a_response_but_the_type_is_the_pages),
        mock_test(a_hundred_headers_are_sent),
        mock_test(add_header_without_memory_adds_nothing),
    };

    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
