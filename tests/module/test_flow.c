/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an app stands among the phases and modules of nginx: subrequests,
 * redirects, other content handlers, and the headers added to requests.
 */
#include "tests/module/module_test.h"

#define HEADER(text)  "ngx_link_func_add_req_header " text "; "

static const char  conf[] =
    "server { listen unix:@PREFIX@/up.sock; location / { default_type "
    "text/plain; return 200 \"$http_x_user|$http_user_agent|$http_a\"; } }\n"
    "server { listen @SOCK@; ngx_link_func_lib " TEST_APPS "/probe.so; "
    "keepalive_requests 1000; root @PREFIX@; "
    "ngx_link_func_add_prop who server; "
    HEADER("A server")
    CALL("/", "gen") CALL("/echo", "echo") CALL("/see", "see")
    CALL("/none", "none") CALL("/prop", "prop") CALL("/status", "status")
    "location /ssi { ssi on; ssi_types text/plain; "
    "  default_type text/plain; alias @PREFIX@/; }"
    "location /auth { auth_request /grant; ngx_link_func_call echo; }"
    "location /noauth { auth_request /forbid; "
    "  ngx_link_func_call gen; }"
    CALL("= /forbid", "forbid")
    "location = /grant { ngx_link_func_call add_in; }"
    "location /proxy { auth_request /grant; "
    "  proxy_pass http://unix:@PREFIX@/up.sock:/; }"
    "location /filter { ngx_link_func_call add_in; "
    "  proxy_pass http://unix:@PREFIX@/up.sock:/; }"
    "location /try { try_files /file.txt =404; ngx_link_func_call gen; }"
    "location /trynone { try_files /file.txt =404; ngx_link_func_call none; }"
    "location /back { try_files /absent @named; }"
    "location @named { ngx_link_func_call echo; }"
    "location /rewrite { rewrite ^ /echo last; ngx_link_func_call gen; }"
    "location /twice { " HEADER("A twice") "ngx_link_func_call see; "
    "  rewrite ^ /see last; }"
    "location /nested/ { ngx_link_func_call gen; "
    "  location /nested/in { } location /nested/ret { return 201; } }"
    "location /if { ngx_link_func_call see; "
    "  if ($arg_h) { " HEADER("A $arg_h") "} }"
    "location /single { " HEADER("Authorization mine") HEADER("Content-Range b")
    "  ngx_link_func_call see; }"
    "location /multi { " HEADER("B 1") HEADER("B 2")
    "  ngx_link_func_call see; }"
    "location /break { " HEADER("B $uri") "ngx_link_func_call see; }"
    "location /again { " HEADER("A first") "try_files /absent /see?name=A; }"
    "location /page { error_page 404 @see; return 404; }"
    "location @see { ngx_link_func_call see; }"
    "location /deny { deny all; ngx_link_func_call gen; }"
    "location /late { ngx_link_func_call echo; rewrite ^ /echo last; }"
    " }\n";


static int
write_file(struct nginx_server *server, const char *name, const char *text)
{
    char   path[256];
    FILE  *file;

    (void) snprintf(path, sizeof(path), "%s/%s", nginx_server_prefix(server),
                    name);
    file = fopen(path, "w");

    if (file == NULL) {
        return -1;
    }

    (void) fputs(text, file);

    return fclose(file);
}


static int
setup(void **state)
{
    if (module_setup(state) != 0
        || write_file(*state, "file.txt", "static") != 0
        || write_file(*state, "page.txt", "[<!--# include virtual=\"/\" -->]"
                      "[<!--# include virtual=\"/status\" -->]"
                      "[<!--# include virtual=\"/\" -->] end") != 0)
    {
        return -1;
    }

    module_start(*state, NULL, conf);

    return 0;
}


static void
an_include_stands_inside_of_its_page(void **state)
{
    module_expect(*state, "/ssi/page.txt", "[hello][][hello] end");
}


static void
auth_request_sends_nothing_of_the_subrequest(void **state)
{
    struct raw_response  response;

    module_send(*state, "POST /auth HTTP/1.1\r\nHost: x\r\n"
                "Content-Length: 4\r\nConnection: close\r\n\r\nbody",
                &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, "body");
    raw_response_free(&response);
}


static void
auth_request_denies_by_the_status_of_the_app(void **state)
{
    struct raw_response  response;

    module_send(*state, GET("/noauth"), &response);
    assert_int_equal(response.status, 403);
    assert_int_equal(strncmp(response.body, "<html>", 6), 0);
    raw_response_free(&response);
}


static void
a_header_added_by_an_auth_app_reaches_the_proxy(void **state)
{
    module_expect(*state, "/proxy", "bob|app|server");
}


static void
an_app_before_a_proxy_filters_the_request(void **state)
{
    module_expect(*state, "/filter", "bob|app|server");
}


static void
the_app_comes_before_try_files(void **state)
{
    module_expect(*state, "/try", "hello");
    module_expect(*state, "/trynone", "static");
}


static void
try_files_and_rewrite_keep_the_body(void **state)
{
    size_t                    i;
    char                      bytes[256];
    struct raw_response       response;
    static const char *const  paths[] = { "/back", "/rewrite", "/late" };

    for (i = 0; i < 3; i++) {
        (void) snprintf(bytes, sizeof(bytes), "POST %s HTTP/1.1\r\nHost: x\r\n"
                        "Content-Length: 4\r\nConnection: close\r\n\r\nbody",
                        paths[i]);
        module_send(*state, bytes, &response);
        assert_string_equal(response.body, "body");
        raw_response_free(&response);
    }
}


static void
nested_locations_inherit_the_call_but_not_over_a_return(void **state)
{
    module_expect(*state, "/nested/in", "hello");
    assert_int_equal(module_status(*state, "/nested/ret"), 201);
}


static void
a_denied_request_never_reaches_the_app(void **state)
{
    assert_int_equal(module_status(*state, "/deny"), 403);
}


static void
no_response_goes_on_to_the_next_handler(void **state)
{
    assert_int_equal(module_status(*state, "/none"), 404);
    assert_int_equal(write_file(*state, "none", "file"), 0);
    module_expect(*state, "/none", "file");
}


static void
an_added_header_is_seen_once(void **state)
{
    module_expect(*state, "/see?name=a",
                  "header=server uri=/see args=name=a");
    module_expect(*state, "/twice?name=A",
                  "header=server uri=/see args=name=A");
}


static void
a_header_in_an_if_block_applies(void **state)
{
    module_expect(*state, "/if?h=cond&name=A",
                  "header=cond uri=/if args=h=cond&name=A");
    module_expect(*state, "/if?name=A",
                  "header=server uri=/if args=name=A");
}


static void
a_redirect_replaces_the_header_of_the_first_location(void **state)
{
    module_expect(*state, "/again", "header=server uri=/see args=name=A");
}


static void
a_single_header_of_the_client_is_replaced(void **state)
{
    struct raw_response  response;

    module_send(*state, "GET /single?name=authorization HTTP/1.1\r\nHost: x\r\n"
                "Authorization: yours\r\nContent-Range: a\r\n"
                "Connection: close\r\n\r\n", &response);
    assert_string_equal(response.body,
                        "header=mine uri=/single args=name=authorization");
    raw_response_free(&response);
}


static void
a_header_may_be_added_twice(void **state)
{
    module_expect(*state, "/multi?name=b", "header=1 uri=/multi args=name=b");
}


static void
a_value_that_breaks_a_line_is_not_added(void **state)
{
    struct raw_response  response;

    module_send(*state, GET("/break%0d%0aX:%20y?name=B"), &response);
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(response.body, "header=(null)"));
    raw_response_free(&response);
    module_expect_log(*state, "holds CR, LF or NUL", 1);
}


static void
properties_come_from_the_server(void **state)
{
    module_expect(*state, "/prop", "server");
}


static void
many_requests_fit_one_connection(void **state)
{
    int                   i;
    struct raw_client    *client;
    struct raw_response   response;

    client = raw_client_open(nginx_server_socket(*state));
    assert_non_null(client);

    for (i = 0; i < 200; i++) {
        assert_int_equal(raw_client_text(client, "POST /echo HTTP/1.1\r\n"
                         "Host: x\r\nContent-Length: 2\r\n\r\nabGET /auth "
                         "HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
        assert_int_equal(raw_client_read(client, 0, &response), 0);
        assert_string_equal(response.body, "ab");
        raw_response_free(&response);
        assert_int_equal(raw_client_read(client, 0, &response), 0);
        assert_int_equal(response.body_len, 0);
        raw_response_free(&response);
    }

    raw_client_close(&client);
}


static void
no_request_left_an_alert(void **state)
{
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    module_expect_log(*state, "[alert]", 0);
    module_expect_log(*state, "[crit]", 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(an_include_stands_inside_of_its_page),
        cmocka_unit_test(auth_request_sends_nothing_of_the_subrequest),
        cmocka_unit_test(auth_request_denies_by_the_status_of_the_app),
        cmocka_unit_test(a_header_added_by_an_auth_app_reaches_the_proxy),
        cmocka_unit_test(an_app_before_a_proxy_filters_the_request),
        cmocka_unit_test(the_app_comes_before_try_files),
        cmocka_unit_test(try_files_and_rewrite_keep_the_body),
        cmocka_unit_test(
            nested_locations_inherit_the_call_but_not_over_a_return),
        cmocka_unit_test(a_denied_request_never_reaches_the_app),
        cmocka_unit_test(no_response_goes_on_to_the_next_handler),
        cmocka_unit_test(an_added_header_is_seen_once),
        cmocka_unit_test(a_header_in_an_if_block_applies),
        cmocka_unit_test(a_redirect_replaces_the_header_of_the_first_location),
        cmocka_unit_test(a_single_header_of_the_client_is_replaced),
        cmocka_unit_test(a_header_may_be_added_twice),
        cmocka_unit_test(a_value_that_breaks_a_line_is_not_added),
        cmocka_unit_test(properties_come_from_the_server),
        cmocka_unit_test(many_requests_fit_one_connection),
        cmocka_unit_test(no_request_left_an_alert)
    };

    return cmocka_run_group_tests_name("flow", tests, setup, module_teardown);
}
