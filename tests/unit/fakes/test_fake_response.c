/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/mock.h"

static const char  page_404[] =
    "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n"
    "<center><h1>404 Not Found</h1></center>\r\n"
    "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n";


static void
write_body(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_add_header_out(ctx, "X-A", 3, "1", 1);
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "body", 4);
}


/* handler NULL: as if no location had a function. */
static const struct lf_fake_response *
answer(struct lf_fake_request **request, const char *method,
       const char *header, const char *value, lf_handler_pt handler)
{
    const struct lf_fake_response  *response;

    *request = mock_new(method, "/x");

    if (header != NULL) {
        mock_header(*request, header, value);
    }

    if (handler != NULL) {
        mock_run(*request, handler);
    } else {
        lf_fake_run(*request, NULL);
    }

    response = lf_fake_get_response(*request);
    assert_non_null(response);

    return response;
}


static void
without_a_response_nginx_sends_its_page_byte_for_byte(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, "GET", NULL, NULL, NULL);
    assert_int_equal(response->status, 404);
    assert_false(response->by_app);
    assert_int_equal(response->body.len, 153);
    assert_memory_equal(response->body.data, page_404, 153);
    assert_string_equal(mock_answer_header(response, "Content-Type"),
                        "text/html");
    assert_string_equal(mock_answer_header(response, "Content-Length"), "153");
    assert_string_equal(mock_answer_header(response, "Connection"),
                        "keep-alive");
    lf_fake_request_free(&request);
}


static void
headers_stand_in_the_order_of_nginx(void **state)
{
    static const char *const  order[] = { "Server", "Date", "Content-Type",
                                          "Content-Length", "Connection",
                                          "X-A" };
    size_t                          i;
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, "GET", NULL, NULL, write_body);
    assert_int_equal(response->header_count, 6);

    for (i = 0; i < 6; i++) {
        assert_text_equal(response->headers[i].name.data, order[i]);
    }

    assert_text_equal(response->headers[0].value.data, "nginx/1.22.1");
    assert_int_equal(response->headers[1].value.len, 29);
    assert_ptr_equal(lf_fake_get_response(request), response);
    lf_fake_request_free(&request);
}


static void
head_has_the_length_and_no_body(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, "HEAD", NULL, NULL, write_body);
    assert_string_equal(mock_answer_header(response, "Content-Length"), "4");
    assert_int_equal(response->body.len, 0);
    lf_fake_request_free(&request);

    response = answer(&request, "HEAD", NULL, NULL, NULL);
    assert_string_equal(mock_answer_header(response, "Content-Length"), "153");
    assert_int_equal(response->body.len, 0);
    lf_fake_request_free(&request);
}


static int
status_without_response(const char *method)
{
    int                      status;
    struct lf_fake_request  *request;

    status = answer(&request, method, NULL, NULL, NULL)->status;
    lf_fake_request_free(&request);

    return status;
}


static void
the_file_system_knows_three_methods(void **state)
{
    (void) state;
    assert_int_equal(status_without_response("GET"), 404);
    assert_int_equal(status_without_response("HEAD"), 404);
    assert_int_equal(status_without_response("POST"), 404);
    assert_int_equal(status_without_response("PUT"), 405);
    assert_int_equal(status_without_response("DELETE"), 405);
    assert_int_equal(status_without_response("POSTS"), 405);
}


static size_t
page_len(const char *agent)
{
    size_t                   len;
    struct lf_fake_request  *request;

    len = answer(&request, "GET", "User-Agent", agent, NULL)->body.len;
    lf_fake_request_free(&request);

    return len;
}


static void
pages_for_some_browsers_are_padded(void **state)
{
    (void) state;
    assert_int_equal(page_len("curl/8"), 153);
    assert_int_equal(page_len("Mozilla Chrome/1"), 555);
    assert_int_equal(page_len("Mozilla (MSIE 7.0; x)"), 555);
    assert_int_equal(page_len("MSIE 7"), 153);
    assert_int_equal(page_len("Opera Chrome/1"), 153);
}


static const char *
connection(const char *value, int http_1_0)
{
    static char              text[32];
    struct lf_fake_request  *request;

    request = mock_new("GET", "/");

    if (value != NULL) {
        mock_header(request, "Connection", value);
    }

    if (http_1_0) {
        lf_fake_set_http_1_0(request);
    }

    mock_run(request, write_body);
    (void) snprintf(text, sizeof(text), "%s",
                    mock_answer_header(lf_fake_get_response(request),
                                       "Connection"));
    lf_fake_request_free(&request);

    return text;
}


static void
the_connection_is_kept_as_nginx_keeps_it(void **state)
{
    (void) state;
    assert_string_equal(connection(NULL, 0), "keep-alive");
    assert_string_equal(connection(NULL, 1), "close");
    assert_string_equal(connection("Keep-Alive", 1), "keep-alive");
    assert_string_equal(connection("close", 0), "close");
    assert_string_equal(connection("x-CLOSE-y", 0), "close");
    assert_string_equal(connection("upgrade", 0), "keep-alive");
}


static void
write_status_1(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 1, "1 One", "a/b", "body", 4);
}


static void
a_failed_response_is_the_page_for_500_and_closes(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    response = answer(&request, "GET", NULL, NULL, write_status_1);
    assert_int_equal(response->status, 500);
    assert_text_equal(response->status_line.data, "500 Internal Server Error");
    assert_int_equal(response->body.len, 177);
    assert_string_equal(mock_answer_header(response, "Connection"), "close");
    lf_fake_request_free(&request);
}


static void
never_called(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
    fail_msg("the handler of a refused request was called");
}


static void
a_refused_request_reaches_no_handler_and_closes(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    request = lf_fake_request_new(mock, "GET", "/");
    lf_fake_run(request, never_called);
    response = lf_fake_get_response(request);
    assert_int_equal(response->status, 400);
    assert_int_equal(response->body.len, 157);
    assert_string_equal(mock_answer_header(response, "Connection"), "close");
    lf_fake_request_free(&request);

    request = mock_new("TRACE", "/");
    lf_fake_run(request, never_called);
    assert_int_equal(lf_fake_get_response(request)->status, 405);
    lf_fake_request_free(&request);
}


static void
an_answer_of_the_location_keeps_the_connection(void **state)
{
    struct lf_fake_request         *request;
    const struct lf_fake_response  *response;

    (void) state;
    request = mock_new("GET", "/");
    lf_fake_answer_itself(request, 404);
    lf_fake_run(request, never_called);
    response = lf_fake_get_response(request);
    assert_int_equal(response->status, 404);
    assert_string_equal(mock_answer_header(response, "Connection"),
                        "keep-alive");
    lf_fake_request_free(&request);

    request = mock_new("POST", "/");
    assert_int_equal(lf_fake_set_body(request, "abc", 3), 0);
    lf_fake_limit_body(request, 2);
    lf_fake_run(request, never_called);
    response = lf_fake_get_response(request);
    assert_int_equal(response->status, 413);
    assert_string_equal(mock_answer_header(response, "Connection"), "close");
    lf_fake_request_free(&request);
}


static void
reasons_are_those_of_nginx(void **state)
{
    (void) state;
    assert_string_equal(lf_fake_reason(302), "Moved Temporarily");
    assert_string_equal(lf_fake_reason(405), "Not Allowed");
    assert_string_equal(lf_fake_reason(408), "Request Time-out");
    assert_string_equal(lf_fake_reason(418), "");
    assert_string_equal(lf_fake_reason(0), "");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(without_a_response_nginx_sends_its_page_byte_for_byte),
        mock_test(headers_stand_in_the_order_of_nginx),
        mock_test(head_has_the_length_and_no_body),
        mock_test(the_file_system_knows_three_methods),
        mock_test(pages_for_some_browsers_are_padded),
        mock_test(the_connection_is_kept_as_nginx_keeps_it),
        mock_test(a_failed_response_is_the_page_for_500_and_closes),
        mock_test(a_refused_request_reaches_no_handler_and_closes),
        mock_test(an_answer_of_the_location_keeps_the_connection),
        mock_test(reasons_are_those_of_nginx),
    };

    return cmocka_run_group_tests_name("fake_response", tests, NULL, NULL);
}
