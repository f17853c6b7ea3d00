/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes over the wire: not a byte of body where there must be none, the
 * next response of the connection in its place, and the filters of nginx at
 * work on what apps write.
 */
#include "tests/module/module_test.h"

static const char  conf[] =
    SERVER(CALL("/", "gen") CALL("/status", "status") CALL("/none", "none")
           CALL("/add", "add_out") CALL("/log", "log_all")
           "location /html { gzip on; ngx_link_func_call html; }"
           "location /utf8 { charset utf-8; ngx_link_func_call status; }"
           "location /page { error_page 404 =200 /status; return 404; }"
           "location /kept { error_page 404 /status; return 404; }"
           "location /fifty { error_page 404 /status?status=204;"
           " return 404; }");


static int
setup(void **state)
{
    if (module_setup(state) != 0) {
        return -1;
    }

    module_start(*state, NULL, conf);

    return 0;
}


/* On one connection: first, then GET /; both must be read in step. */
static void
expect_in_step(struct nginx_server *server, const char *first, int status,
               const char *length)
{
    struct raw_client    *client;
    struct raw_response   response;

    client = raw_client_open(nginx_server_socket(server));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, first), 0);
    assert_int_equal(raw_client_text(client, GET("/")), 0);

    assert_int_equal(raw_client_read(client, strncmp(first, "HEAD", 4) == 0,
                                     &response), 0);
    assert_int_equal(response.status, status);
    module_expect_header(&response, "Content-Length", length);
    module_expect_header(&response, "Transfer-Encoding", NULL);
    assert_int_equal(response.body_len, length ? 0 : response.body_len);
    raw_response_free(&response);

    assert_int_equal(raw_client_read(client, 0, &response), 0);
    assert_string_equal(response.body, "hello");
    raw_response_free(&response);
    raw_client_close(&client);
}


static void
head_has_the_length_and_no_body(void **state)
{
    expect_in_step(*state, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", 200, "5");
    expect_in_step(*state, "HEAD /status HTTP/1.1\r\nHost: x\r\n\r\n", 200,
                   "0");
}


static void
no_content_and_not_modified_have_no_body(void **state)
{
    expect_in_step(*state, "GET /status?status=204&text=abc HTTP/1.1\r\n"
                   "Host: x\r\n\r\n", 204, NULL);
    expect_in_step(*state, "GET /status?status=304&text=abc HTTP/1.1\r\n"
                   "Host: x\r\n\r\n", 304, NULL);
    expect_in_step(*state, "GET /status?status=204&line=204&text=a HTTP/1.1"
                   "\r\nHost: x\r\n\r\n", 204, NULL);
}


static void
an_empty_response_has_the_length_0(void **state)
{
    expect_in_step(*state, "GET /status HTTP/1.1\r\nHost: x\r\n\r\n", 200,
                   "0");
}


static void
the_status_of_an_error_page_decides_about_its_body(void **state)
{
    expect_in_step(*state, "GET /fifty HTTP/1.1\r\nHost: x\r\n\r\n", 404,
                   "0");
}


static void
error_page_shows_the_response_of_an_app(void **state)
{
    struct raw_response  response;

    assert_int_equal(module_status(*state, "/page"), 200);
    module_send(*state, GET("/kept?text=gone"), &response);
    assert_int_equal(response.status, 404);
    raw_response_free(&response);
}


static void
a_status_out_of_range_is_a_500(void **state)
{
    assert_int_equal(module_status(*state, "/status?status=99"), 500);
    assert_int_equal(module_status(*state, "/status?status=1000"), 500);
    assert_int_equal(module_status(*state, "/status?status=999"), 999);
}


static void
without_a_response_nginx_answers_with_the_headers_of_the_app(void **state)
{
    struct raw_response  response;

    module_send(*state, GET("/none"), &response);
    assert_int_equal(response.status, 404);
    module_expect_header(&response, "X-None", "1");
    raw_response_free(&response);
}


static void
headers_of_the_app_replace_those_of_nginx(void **state)
{
    struct raw_response  response;

    module_send(*state, GET("/add"), &response);
    module_expect_header(&response, "Server", "mine");
    module_expect_header(&response, "Date", "today");
    module_expect_header(&response, "Content-Type", "text/css");
    assert_int_equal(raw_response_count(&response, "Server"), 1);
    assert_int_equal(raw_response_count(&response, "Date"), 1);
    assert_int_equal(raw_response_count(&response, "Content-Type"), 1);
    assert_int_equal(raw_response_count(&response, "X-Two"), 2);
    raw_response_free(&response);
}


static void
gzip_compresses_what_apps_write(void **state)
{
    struct raw_response  response;

    module_send(*state, "GET /html HTTP/1.1\r\nHost: x\r\nAccept-Encoding: "
                "gzip\r\nConnection: close\r\n\r\n", &response);
    module_expect_header(&response, "Content-Encoding", "gzip");
    assert_true(response.body_len > 2 && response.body_len < 1000);
    assert_memory_equal(response.body, "\x1f\x8b", 2);
    raw_response_free(&response);
}


static void
charset_is_added_once(void **state)
{
    struct raw_response  response;

    module_send(*state, GET("/utf8?type=text/html&text=a"), &response);
    module_expect_header(&response, "Content-Type",
                         "text/html; charset=utf-8");
    raw_response_free(&response);

    module_send(*state, GET("/utf8?type=text/html;charset=koi8-r&text=a"),
                &response);
    module_expect_header(&response, "Content-Type",
                         "text/html;charset=koi8-r");
    raw_response_free(&response);

    module_send(*state, GET("/utf8?type=image/png&text=a"), &response);
    module_expect_header(&response, "Content-Type", "image/png");
    raw_response_free(&response);
}


static void
log_calls_go_to_both_logs(void **state)
{
    char  *log;

    module_expect(*state, "/log", "logged");
    module_expect_log(*state, "[warn]", 1);
    module_expect_log(*state, "at err 100%", 1);
    module_expect_log(*state, "at info", 0);

    log = nginx_server_read(*state, "app.log");
    assert_non_null(log);
    assert_non_null(strstr(log, "debug 8\nat debug\n"));
    assert_non_null(strstr(log, "info 7\nat info\n"));
    free(log);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(head_has_the_length_and_no_body),
        cmocka_unit_test(no_content_and_not_modified_have_no_body),
        cmocka_unit_test(an_empty_response_has_the_length_0),
        cmocka_unit_test(the_status_of_an_error_page_decides_about_its_body),
        cmocka_unit_test(error_page_shows_the_response_of_an_app),
        cmocka_unit_test(a_status_out_of_range_is_a_500),
        cmocka_unit_test(
            without_a_response_nginx_answers_with_the_headers_of_the_app),
        cmocka_unit_test(headers_of_the_app_replace_those_of_nginx),
        cmocka_unit_test(gzip_compresses_what_apps_write),
        cmocka_unit_test(charset_is_added_once),
        cmocka_unit_test(log_calls_go_to_both_logs)
    };

    return cmocka_run_group_tests_name("response", tests, setup,
                                       module_teardown);
}
