/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The body of a request reaches the app wholly, however it arrives: writable,
 * with one NUL behind it; or the app is not called.
 */
#include "tests/module/module_test.h"

#define BIG  (10 * 1024 * 1024)

static const char  conf[] =
    SERVER("client_max_body_size 20m; " CALL("/", "echo")
           "location /file { client_body_in_file_only clean; "
           "ngx_link_func_call echo; }"
           "location /small { client_max_body_size 10; "
           "ngx_link_func_call echo; }"
           "location /page { client_max_body_size 10; error_page 413 @page; "
           "ngx_link_func_call echo; }"
           "location @page { ngx_link_func_call echo; }"
           "location /denied { deny all; ngx_link_func_call echo; }");


static int
setup(void **state)
{
    if (module_setup(state) != 0) {
        return -1;
    }

    module_start(*state, NULL, conf);

    return 0;
}


static char *
bytes_of(size_t len)
{
    char    *bytes;
    size_t   i;

    bytes = malloc(len + 1);
    assert_non_null(bytes);

    for (i = 0; i < len; i++) {
        bytes[i] = (char) ('a' + i * 7 % 26);
    }

    bytes[len] = '\0';

    return bytes;
}


static void
expect_echo(const struct raw_response *response, const char *body, size_t len)
{
    char  seen[64];

    (void) snprintf(seen, sizeof(seen), "nul %zu", len);
    assert_int_equal(response->status, 200);
    module_expect_header(response, "X-Body", seen);
    assert_int_equal(response->body_len, len);
    assert_memory_equal(response->body, body, len);
}


/* Posts len bytes in pieces; each piece is sent when the last was taken. */
static void
post(struct nginx_server *server, const char *path, const char *body,
     size_t len, size_t piece)
{
    char                 head[256];
    size_t               at, n;
    struct raw_client   *client;
    struct raw_response  response;

    client = raw_client_open(nginx_server_socket(server));
    assert_non_null(client);
    (void) snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: %zu\r\nConnection: close\r\n\r\n", path,
                    len);
    assert_int_equal(raw_client_text(client, head), 0);

    for (at = 0; at < len; at += n) {
        n = len - at < piece ? len - at : piece;
        assert_int_equal(raw_client_send(client, body + at, n), 0);
    }

    assert_int_equal(raw_client_read(client, 0, &response), 0);
    expect_echo(&response, body, len);
    raw_response_free(&response);
    raw_client_close(&client);
}


static void
a_body_arrives_with_any_size(void **state)
{
    size_t               i;
    char                *body;
    static const size_t  sizes[] = {
        1, 2, 8, 16, 1000, 8191, 8192, 8193, 10239, 10240, 11189, 11190, 65536,
        1024 * 1024
    };

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        body = bytes_of(sizes[i]);
        post(*state, "/", body, sizes[i], sizes[i]);
        free(body);
    }
}


static void
a_body_of_ten_megabytes_arrives(void **state)
{
    char  *body = bytes_of(BIG);

    post(*state, "/", body, BIG, 65536);
    free(body);
}


static void
a_body_in_many_packets_arrives(void **state)
{
    char  *body = bytes_of(20000);

    post(*state, "/", body, 20000, 137);
    free(body);
}


static void
a_body_kept_in_a_file_arrives(void **state)
{
    char  *body = bytes_of(50000);

    post(*state, "/file", body, 50000, 50000);
    post(*state, "/file", body, 3, 3);
    free(body);
}


static void
a_body_in_the_packet_of_its_header_has_its_own_nul(void **state)
{
    struct raw_client    *client;
    struct raw_response   response;

    client = raw_client_open(nginx_server_socket(*state));
    assert_non_null(client);

    assert_int_equal(raw_client_text(client, "POST / HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 3\r\n\r\nabc"
                     "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"), 0);

    assert_int_equal(raw_client_read(client, 0, &response), 0);
    expect_echo(&response, "abc", 3);
    raw_response_free(&response);
    assert_int_equal(raw_client_read(client, 0, &response), 0);
    module_expect_header(&response, "X-Body", "null 0");
    raw_response_free(&response);
    raw_client_close(&client);
}


static void
a_chunked_body_arrives_decoded(void **state)
{
    char                 *body, *wire;
    size_t                at, len, n;
    struct raw_client    *client;
    struct raw_response   response;

    body = bytes_of(300000);
    wire = malloc(400000);
    assert_non_null(wire);
    len = (size_t) sprintf(wire, "PUT / HTTP/1.1\r\nHost: x\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n");

    for (at = 0; at < 300000; at += n) {
        n = 300000 - at < 7001 ? 300000 - at : 7001;
        len += (size_t) sprintf(wire + len, "%zx;ext=1\r\n", n);
        memcpy(wire + len, body + at, n);
        len += n;
        len += (size_t) sprintf(wire + len, "\r\n");
    }

    len += (size_t) sprintf(wire + len, "0\r\nX-Trailer: 1\r\n\r\n");
    client = raw_client_open(nginx_server_socket(*state));
    assert_non_null(client);
    assert_int_equal(raw_client_send(client, wire, len), 0);

    assert_int_equal(raw_client_read(client, 0, &response), 0);
    expect_echo(&response, body, 300000);
    raw_response_free(&response);
    raw_client_close(&client);
    free(wire);
    free(body);
}


static void
only_post_put_and_patch_have_a_body(void **state)
{
    size_t                    i;
    char                      bytes[256];
    struct raw_response       response;
    static const char *const  with[] = { "POST", "PUT", "PATCH" };
    static const char *const  without[] = { "GET", "DELETE", "OPTIONS", "X" };

    for (i = 0; i < 7; i++) {
        (void) snprintf(bytes, sizeof(bytes), "%s / HTTP/1.1\r\nHost: x\r\n"
                        "Content-Length: 3\r\nConnection: close\r\n\r\nabc",
                        i < 3 ? with[i] : without[i - 3]);
        module_send(*state, bytes, &response);
        module_expect_header(&response, "X-Body", i < 3 ? "nul 3" : "null 0");
        raw_response_free(&response);
    }
}


static void
an_unread_body_does_not_become_the_next_request(void **state)
{
    struct raw_client    *client;
    struct raw_response   response;

    client = raw_client_open(nginx_server_socket(*state));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, "DELETE / HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 5\r\n\r\nabcde"
                     "POST / HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 2\r\n\r\nhi"), 0);

    assert_int_equal(raw_client_read(client, 0, &response), 0);
    module_expect_header(&response, "X-Body", "null 0");
    raw_response_free(&response);
    assert_int_equal(raw_client_read(client, 0, &response), 0);
    expect_echo(&response, "hi", 2);
    raw_response_free(&response);
    raw_client_close(&client);
}


static void
an_empty_body_is_null(void **state)
{
    struct raw_response  response;

    module_send(*state, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                "Connection: close\r\n\r\n", &response);
    module_expect_header(&response, "X-Body", "null 0");
    assert_int_equal(response.body_len, 0);
    raw_response_free(&response);
}


static void
a_body_that_is_too_large_never_reaches_the_app(void **state)
{
    struct raw_response  response;

    module_send(*state, "POST /small HTTP/1.1\r\nHost: x\r\n"
                "Transfer-Encoding: chunked\r\n\r\n14\r\n"
                "01234567890123456789\r\n0\r\n\r\n", &response);
    assert_int_equal(response.status, 413);
    module_expect_header(&response, "X-Body", NULL);
    raw_response_free(&response);
}


/* An error page keeps the method, but the body was thrown away. */
static void
an_error_page_for_a_large_body_is_not_called_without_it(void **state)
{
    struct raw_response  response;

    module_send(*state, "POST /page HTTP/1.1\r\nHost: x\r\n"
                "Content-Length: 20\r\n\r\n01234567890123456789", &response);
    assert_int_equal(response.status, 500);
    module_expect_header(&response, "X-Body", NULL);
    raw_response_free(&response);
    module_expect_log(*state, "the app is not called", 1);
}


static void
a_denied_client_is_answered_before_its_body_is_read(void **state)
{
    struct raw_response  response;

    module_send(*state, "POST /denied HTTP/1.1\r\nHost: x\r\n"
                "Content-Length: 100\r\n\r\n", &response);
    assert_int_equal(response.status, 403);
    raw_response_free(&response);
}


static void
a_client_that_leaves_in_the_middle_harms_nobody(void **state)
{
    struct raw_client  *client;

    client = raw_client_open(nginx_server_socket(*state));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, "POST / HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 100\r\n\r\nabc"), 0);
    raw_client_close(&client);

    post(*state, "/", "abc", 3, 3);
    module_expect_log(*state, "[alert]", 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_body_arrives_with_any_size),
        cmocka_unit_test(a_body_of_ten_megabytes_arrives),
        cmocka_unit_test(a_body_in_many_packets_arrives),
        cmocka_unit_test(a_body_kept_in_a_file_arrives),
        cmocka_unit_test(a_body_in_the_packet_of_its_header_has_its_own_nul),
        cmocka_unit_test(a_chunked_body_arrives_decoded),
        cmocka_unit_test(only_post_put_and_patch_have_a_body),
        cmocka_unit_test(an_unread_body_does_not_become_the_next_request),
        cmocka_unit_test(an_empty_body_is_null),
        cmocka_unit_test(a_body_that_is_too_large_never_reaches_the_app),
        cmocka_unit_test(
            an_error_page_for_a_large_body_is_not_called_without_it),
        cmocka_unit_test(a_denied_client_is_answered_before_its_body_is_read),
        cmocka_unit_test(a_client_that_leaves_in_the_middle_harms_nobody)
    };

    return cmocka_run_group_tests_name("body", tests, setup, module_teardown);
}
