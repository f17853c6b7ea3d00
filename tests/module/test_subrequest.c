/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ngx_link_func_subrequest: in order, judged when asked, with body and args
 * when asked, and never a byte of it on the wire. All of it twice: in the
 * event loop and in threads.
 */
#include "tests/module/module_test.h"

#define SUB(text)  "ngx_link_func_subrequest " text "; "

#define LOCATIONS                                                             \
    "location /order { " SUB("/s1") SUB("/s2") SUB("/s3")                     \
    "  ngx_link_func_call step; }"                                            \
    CALL("= /s1", "step") CALL("= /s2", "step") CALL("= /s3", "step")         \
    CALL("= /forbid", "forbid") CALL("= /moved", "moved")                     \
    CALL("= /add", "add_user")                                                \
    "location = /px { proxy_pass http://unix:@PREFIX@/up.sock:/px; }"         \
    "location = /pb { proxy_pass http://unix:@PREFIX@/up.sock:/ok; }"         \
    "location /checked { " SUB("/s1 check_status")                            \
       SUB("/forbid CHECK_STATUS") SUB("/s2") "ngx_link_func_call step; }"    \
    "location /three { " SUB("/moved check_status")                           \
    "  ngx_link_func_call step; }"                                            \
    "location /ignored { " SUB("/forbid") SUB("/absent")                      \
    "  ngx_link_func_call tid; }"                                             \
    "location /absentee { " SUB("/absent check_status")                       \
    "  ngx_link_func_call tid; }"                                             \
    "location /all { " SUB("/s1 incl_args incl_body") SUB("/s2")              \
    "  ngx_link_func_call step; }"                                            \
    "location /user { " SUB("/add") "ngx_link_func_call user; }"              \
    "location /filter { " SUB("/add")                                         \
    "  proxy_pass http://unix:@PREFIX@/up.sock:/user; }"                      \
    "location /gated { " SUB("/px check_status")                              \
    "  ngx_link_func_call tid; }"                                             \
    "location /pbody { " SUB("/pb incl_body") SUB("/pb")                      \
    "  ngx_link_func_call step; }"                                            \
    "location /self { " SUB("/self") "ngx_link_func_call tid; }"              \
    "location = /ping { " SUB("/pong check_status")                           \
    "  ngx_link_func_call tid; }"                                             \
    "location = /pong { " SUB("/ping check_status")                           \
    "  ngx_link_func_call tid; }"                                             \
    "location = /outer { " SUB("/add check_status")                           \
    "  ngx_link_func_call user; }"                                            \
    "location /authd { auth_request /outer; ngx_link_func_call user; }"       \
    "location /nested { " SUB("/outer check_status")                          \
    "  ngx_link_func_call user; }"

static const char  conf_head[] =
    "server { listen unix:@PREFIX@/up.sock; "
    "location /px { return 403; } location /ok { return 200 ok; } "
    "location /user { default_type text/plain; return 200 $http_x_user; } }\n"
    "server { listen @SOCK@; ngx_link_func_lib " TEST_APPS "/thread.so; "
    "ngx_link_func_add_prop dir @PREFIX@; root @PREFIX@/none; ";

static const char  conf_tail[] =
    LOCATIONS "}\n"
    "server { listen unix:@PREFIX@/level.sock; ngx_link_func_lib "
    TEST_APPS "/thread.so; ngx_link_func_add_prop dir @PREFIX@; "
    SUB("/add") CALL("/add", "add_user") CALL("/", "user") "}\n";

static const char  *where;


static int
setup_with(void **state, const char *aio)
{
    size_t   size;
    char    *conf;

    if (module_setup(state) != 0) {
        return -1;
    }

    size = sizeof(conf_head) + sizeof(conf_tail) + strlen(aio);
    conf = malloc(size);
    assert_non_null(conf);
    (void) snprintf(conf, size, "%s%s%s", conf_head, aio, conf_tail);
    module_start(*state, NULL, conf);
    free(conf);

    return 0;
}


static int
setup_loop(void **state)
{
    where = "loop";

    return setup_with(state, "");
}


static int
setup_threads(void **state)
{
    where = "thread";

    return setup_with(state, "aio threads; ");
}


/* The text with @ replaced by where the app runs. */
static void
expand(char *out, size_t size, const char *text)
{
    size_t  n = 0;

    for ( ; *text != '\0' && n + 8 < size; text++) {
        if (*text == '@') {
            n += (size_t) snprintf(out + n, size - n, "%s", where);

        } else {
            out[n++] = *text;
        }
    }

    out[n] = '\0';
}


/* The lines of the app but for INIT must be these. */
static void
expect_events(struct nginx_server *server, const char *text)
{
    char  *events, *line, *save, want[512], is[512];

    expand(want, sizeof(want), text);
    events = nginx_server_read(server, "events");
    assert_non_null(events);
    is[0] = '\0';

    for (line = strtok_r(events, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save))
    {
        if (strcmp(line, "INIT") != 0) {
            (void) snprintf(is + strlen(is), sizeof(is) - strlen(is), "%s|",
                            line);
        }
    }

    free(events);
    assert_string_equal(is, want);
}


static void
post(struct nginx_server *server, const char *path, const char *want)
{
    char                 bytes[256], body[256];
    struct raw_response  response;

    (void) snprintf(bytes, sizeof(bytes), "POST %s HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: 4\r\nConnection: close\r\n\r\nbody",
                    path);
    expand(body, sizeof(body), want);
    module_send(server, bytes, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, body);
    raw_response_free(&response);
}


static void
they_run_in_order_before_the_app(void **state)
{
    char  want[64];

    (void) snprintf(want, sizeof(want), "/order %s args=a=1 body=", where);
    module_expect(*state, "/order?a=1", want);
    expect_events(*state, "/s1 @ args=(null) body=|"
                  "/s2 @ args=(null) body=|/s3 @ args=(null) body=|"
                  "/order @ args=a=1 body=|");
}


static void
a_checked_status_ends_the_request(void **state)
{
    struct raw_response  response;

    module_send(*state, GET("/checked"), &response);
    assert_int_equal(response.status, 403);
    assert_int_equal(strncmp(response.body, "<html>", 6), 0);
    raw_response_free(&response);
    expect_events(*state, "/s1 @ args=(null) body=|");
}


static void
any_status_but_2xx_is_an_end(void **state)
{
    assert_int_equal(module_status(*state, "/three"), 300);
    assert_int_equal(module_status(*state, "/absentee"), 404);
    assert_int_equal(module_status(*state, "/gated"), 403);
}


static void
an_unchecked_status_is_ignored(void **state)
{
    module_expect(*state, "/ignored", where);
}


static void
body_and_args_are_passed_when_asked(void **state)
{
    post(*state, "/all?a=1", "/all @ args=a=1 body=body");
    expect_events(*state, "/s1 @ args=a=1 body=body|"
                  "/s2 @ args=(null) body=|/all @ args=a=1 body=body|");
}


static void
a_proxy_gets_the_body_or_none(void **state)
{
    post(*state, "/pbody", "/pbody @ args=(null) body=body");
}


static void
headers_that_a_subrequest_adds_are_seen(void **state)
{
    module_expect(*state, "/user", "bob");
    module_expect(*state, "/filter", "bob");
    module_expect(*state, "/nested", "bob");
    module_expect(*state, "/authd", "bob");
}


static void
a_way_back_to_itself_is_told(void **state)
{
    assert_int_equal(module_status(*state, "/self"), 500);
    assert_int_equal(module_status(*state, "/ping"), 500);
    module_expect_log(*state, "leads to itself", 2);
}


static void
a_list_of_the_server_spares_its_own_targets(void **state)
{
    char                 path[256];
    struct raw_response  response;

    (void) snprintf(path, sizeof(path), "%s/level.sock",
                    nginx_server_prefix(*state));
    assert_int_equal(raw_request(path, GET("/x"), strlen(GET("/x")), 0,
                                 &response), 0);
    assert_string_equal(response.body, "bob");
    raw_response_free(&response);
    module_expect_log(*state, "leads to itself", 0);
}


static void
nothing_of_them_stands_on_the_wire(void **state)
{
    int                   i;
    struct raw_client    *client;
    struct raw_response   response;

    client = raw_client_open(nginx_server_socket(*state));
    assert_non_null(client);

    for (i = 0; i < 20; i++) {
        assert_int_equal(raw_client_text(client,
            "HEAD /order HTTP/1.1\r\nHost: x\r\n\r\n"
            "POST /all HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb"
            "GET /user HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
        assert_int_equal(raw_client_read(client, 1, &response), 0);
        assert_int_equal(response.status, 200);
        raw_response_free(&response);
        assert_int_equal(raw_client_read(client, 0, &response), 0);
        assert_non_null(strstr(response.body, "body=b"));
        raw_response_free(&response);
        assert_int_equal(raw_client_read(client, 0, &response), 0);
        assert_string_equal(response.body, "bob");
        raw_response_free(&response);
    }

    raw_client_close(&client);
    assert_int_equal(nginx_server_stop(*state, SIGQUIT), 0);
    module_expect_log(*state, "[alert]", 0);
}


#define BOTH(name)                                                            \
    { "loop: " #name, name, setup_loop, module_teardown, NULL },              \
    { "threads: " #name, name, setup_threads, module_teardown, NULL }

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        BOTH(they_run_in_order_before_the_app),
        BOTH(a_checked_status_ends_the_request),
        BOTH(any_status_but_2xx_is_an_end),
        BOTH(an_unchecked_status_is_ignored),
        BOTH(body_and_args_are_passed_when_asked),
        BOTH(a_proxy_gets_the_body_or_none),
        BOTH(headers_that_a_subrequest_adds_are_seen),
        BOTH(a_way_back_to_itself_is_told),
        BOTH(a_list_of_the_server_spares_its_own_targets),
        BOTH(nothing_of_them_stands_on_the_wire)
    };

    return cmocka_run_group_tests_name("subrequest", tests, NULL, NULL);
}
