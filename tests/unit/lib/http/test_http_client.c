/* SPDX-License-Identifier: BSD-2-Clause */
/* The client of real servers: what goes out, what comes back, what may not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "lib/base/arena.h"
#include "tests/support/canned_server.h"
#include "lib/http/http_client.h"

#define OK     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define HEADER(name, value)  { (char *) name, (char *) value, 0 }

struct setup {
    struct arena          *arena;
    struct canned_server  *server;
    struct http_client    *client;
    struct http_answer     answer;
    char                   err[ERROR_LEN];
};


static int
set_up(void **state)
{
    struct setup  *s = calloc(1, sizeof(*s));

    *state = s;
    if (s == NULL) {
        return -1;
    }

    s->arena = arena_new();
    s->client = http_client_new(0, s->err);

    return s->arena != NULL && s->client != NULL ? 0 : -1;
}


static int
tear_down(void **state)
{
    struct setup  *s = *state;

    http_client_free(&s->client);
    canned_server_free(&s->server);
    arena_free(&s->arena);
    free(s);

    return 0;
}


static void
serve(struct setup *s, const char *const *texts)
{
    canned_server_free(&s->server);
    s->server = canned_server_new(0, texts);
    assert_non_null(s->server);
}


static void
exchange(struct setup *s, const struct request *request)
{
    struct http_target  target = { "http://localhost/",
                                 canned_server_socket(s->server) };

    if (http_client_exchange(s->client, s->arena, &target, request, 5000,
                             &s->answer, s->err)
        != 0)
    {
        fail_msg("%s", s->err);
    }
}


static void
get(struct setup *s, const char *method)
{
    struct request         request;
    struct request_header  host = HEADER("Host", "x");

    memset(&request, 0, sizeof(request));
    request.method = (char *) method;
    request.target = (char *) "/";
    request.headers = &host;
    request.header_count = 1;
    exchange(s, &request);
}


static void
expect_text(struct str is, const char *text)
{
    assert_int_equal(is.len, strlen(text));
    assert_memory_equal(is.data, text, is.len);
}


static void
expect_outcome(const struct setup *s, enum http_outcome outcome,
               const char *text)
{
    if (s->answer.outcome != outcome
        || (text != NULL && (s->answer.text == NULL
                             || strstr(s->answer.text, text) == NULL)))
    {
        fail_msg("outcome %d \"%s\", not %d \"%s\"", s->answer.outcome,
                 s->answer.text ? s->answer.text : "", outcome,
                 text ? text : "");
    }
}


/* ---- what comes back ---------------------------------------------------- */

static void
an_answer_is_read_as_it_stands(void **state)
{
    size_t              i;
    struct setup       *s = *state;
    static const char  *const texts[] = {
        "HTTP/1.1 404 Not  here\r\nX-A: 1\r\nSet-Cookie: a=b\r\nX-Empty:\r\n"
        "set-cookie:  c=d \r\nContent-Length: 4\r\n\r\na\nb\r", NULL
    };
    static const struct { const char *name, *value; } rows[] = {
        { "X-A", "1" }, { "Set-Cookie", "a=b" }, { "X-Empty", "" },
        { "set-cookie", "c=d" }, { "Content-Length", "4" }
    };

    serve(s, texts);
    get(s, "GET");

    expect_outcome(s, HTTP_ANSWERED, NULL);
    assert_int_equal(s->answer.status, 404);
    assert_string_equal(s->answer.version, "1.1");
    expect_text(s->answer.status_line, "404 Not  here");
    expect_text(s->answer.body, "a\nb\r");
    assert_int_equal(s->answer.header_count, COUNT(rows));
    for (i = 0; i < COUNT(rows); i++) {
        expect_text(s->answer.headers[i].name, rows[i].name);
        expect_text(s->answer.headers[i].value, rows[i].value);
    }
}


static void
answers_of_every_shape_are_understood(void **state)
{
    size_t         i;
    struct setup  *s = *state;
    static const struct { const char *method, *texts[2], *version, *body; }
    rows[] = {
        { "GET", { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-T: 1\r\n\r\n" },
          "1.1", "abcdefg" },
        { "GET", { "!HTTP/1.0 200 OK\r\n\r\nuntil the end" }, "1.0",
          "until the end" },
        { "GET", { "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 103 Early\r\n"
                   "\r\n" OK }, "1.1", "ok" },
        { "HEAD", { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" }, "1.1",
          "" },
        { "GET", { "HTTP/1.1 204 No Content\r\n\r\n" }, "1.1", "" },
        { "GET", { "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n" },
          "1.1", "" },
        { "PURGE", { "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n" }, "1.1",
          "" },
        { "GET", { "HTTP/1.1 302 Found\r\nLocation: /x\r\n"
                   "Content-Length: 2\r\n\r\nno" }, "1.1", "no" },
    };

    for (i = 0; i < COUNT(rows); i++) {
        serve(s, rows[i].texts);
        get(s, rows[i].method);

        expect_outcome(s, HTTP_ANSWERED, NULL);
        assert_string_equal(s->answer.version, rows[i].version);
        expect_text(s->answer.body, rows[i].body);
    }
}


static void
headers_of_1xx_are_forgotten(void **state)
{
    struct setup       *s = *state;
    static const char  *const texts[] = {
        "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n" OK, NULL
    };

    serve(s, texts);
    get(s, "GET");

    assert_int_equal(s->answer.status, 200);
    assert_int_equal(s->answer.header_count, 1);
}


static void
a_large_body_arrives_whole(void **state)
{
    char          *text = malloc(3000100);
    size_t         head;
    struct setup  *s = *state;
    const char    *texts[] = { text, NULL };

    assert_non_null(text);
    head = (size_t) sprintf(text, "HTTP/1.1 200 OK\r\nContent-Length: "
                                  "3000000\r\n\r\n");
    memset(text + head, 'x', 3000000);
    text[head + 3000000] = '\0';
    serve(s, texts);
    get(s, "GET");

    assert_int_equal(s->answer.body.len, 3000000);
    canned_server_free(&s->server);
    free(text);
}


/* ---- what may not come back --------------------------------------------- */

static void
bytes_that_http_forbids_fail_the_exchange(void **state)
{
    size_t         i;
    struct setup  *s = *state;
    static const struct { const char *method, *texts[2], *why; } rows[] = {
        { "GET", { "!hello" OK }, "did not send HTTP" },
        { "GET", { "!\r\n" OK }, "did not send HTTP" },
        { "GET", { "!HTTP/1.1 200 OK\r\nno colon\r\n\r\n" },
          "did not send HTTP" },
        { "HEAD", { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" },
          "HEAD must not have a body" },
        { "GET", { "HTTP/1.1 204 No Content\r\n\r\nok" },
          "204 or 304 must not have a body" },
        { "GET", { "HTTP/1.1 304 Not Modified\r\n\r\nok" },
          "204 or 304 must not have a body" },
        { "GET", { OK "!" }, "bytes follow the end" },
        { "GET", { OK OK }, "bytes follow the end" },
        { "GET", { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "2\r\nok\r\n0\r\n\r\nmore" }, "bytes follow the end" },
        { "GET", { "!HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok" },
          "before its Content-Length" },
        { "GET", { "!HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "9\r\nok" }, "ended" },
        { "GET", { "!HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "zz\r\n" }, "before the response was complete" },
        { "GET", { "!" }, "before the response was complete" },
        { "GET", { "!HTTP/1.1 20" }, "" },
    };

    for (i = 0; i < COUNT(rows); i++) {
        serve(s, rows[i].texts);
        get(s, rows[i].method);

        expect_outcome(s, HTTP_FAILED, rows[i].why);
    }
}


static void
bytes_that_come_late_are_seen(void **state)
{
    struct setup       *s = *state;
    static const char  *const texts[] = { OK, NULL };

    serve(s, texts);
    get(s, "GET");
    assert_int_equal(http_client_excess(s->client), 0);

    canned_server_send(s->server, "late");

    assert_int_equal(http_client_excess(s->client), 4);
}


static void
no_answer_within_the_time_is_a_timeout(void **state)
{
    struct setup           *s = *state;
    struct request          request;
    struct http_target      target;
    static const char      *const texts[] = { "-", NULL };

    memset(&request, 0, sizeof(request));
    request.method = (char *) "GET";
    request.target = (char *) "/";
    serve(s, texts);
    target = (struct http_target) { "http://localhost/",
                                  canned_server_socket(s->server) };

    assert_int_equal(http_client_exchange(s->client, s->arena, &target,
                                          &request, 50, &s->answer, s->err),
                     0);

    expect_outcome(s, HTTP_TIMED_OUT, "within 50 ms");
}


static void
a_server_that_is_not_there_is_named(void **state)
{
    struct setup       *s = *state;
    struct request      request;
    struct http_target  target = { "http://localhost/", "/nonexistent/sock" };

    memset(&request, 0, sizeof(request));
    request.method = (char *) "GET";
    request.target = (char *) "/";

    assert_int_equal(http_client_exchange(s->client, s->arena, &target,
                                          &request, 0, &s->answer, s->err),
                     0);

    expect_outcome(s, HTTP_FAILED, "cannot connect");
    assert_true(http_client_lost(s->client));
}


/* ---- connections -------------------------------------------------------- */

static void
one_connection_serves_many_requests(void **state)
{
    int                 i;
    struct setup       *s = *state;
    static const char  *const texts[] = { OK, OK, OK, NULL };

    serve(s, texts);

    for (i = 0; i < 3; i++) {
        get(s, "GET");
        expect_outcome(s, HTTP_ANSWERED, NULL);
    }

    assert_int_equal(canned_server_connections(s->server), 1);
}


static void
a_request_whose_connection_ends_is_not_sent_twice(void **state)
{
    size_t              len;
    struct setup       *s = *state;
    static const char  *const texts[] = { OK, "!", OK, NULL };

    serve(s, texts);
    get(s, "GET");
    get(s, "POST");

    expect_outcome(s, HTTP_FAILED, "connection was closed");
    assert_true(http_client_lost(s->client));
    get(s, "GET");
    expect_outcome(s, HTTP_ANSWERED, NULL);
    assert_string_equal(canned_server_seen(s->server, &len),
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
                        "POST / HTTP/1.1\r\nHost: x\r\n\r\n"
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
}


static void
it_is_sent_again_where_that_is_wanted(void **state)
{
    struct setup       *s = *state;
    static const char  *const texts[] = { OK, "!", OK, NULL };

    http_client_free(&s->client);
    s->client = http_client_new(1, s->err);
    assert_non_null(s->client);
    serve(s, texts);
    get(s, "GET");
    get(s, "GET");

    expect_outcome(s, HTTP_ANSWERED, NULL);
}


/* ---- what goes out ------------------------------------------------------ */

static void
a_request_goes_out_as_it_stands(void **state)
{
    size_t         i;
    struct setup  *s = *state;
    static const char  *const texts[] = { OK, NULL };
    static struct request_header  odd[] = {
        HEADER("X-Empty", ""), HEADER("Host", "a"), HEADER("X-Twice", "1"),
        HEADER("host", "b"), HEADER("X-Twice", "2"), HEADER("Accept", "a/b"),
        HEADER("Cookie", "a=b"), HEADER("X-Blank", " ")
    }, length[] = {
        HEADER("Content-Length", "5"), HEADER("Content-Type", "")
    }, chunked[] = { HEADER("Transfer-Encoding", "chunked") };
    static const struct {
        struct request  request;
        const char     *wire;
    } rows[] = {
        { { .method = (char *) "GET", .target = (char *) "/../a b?c#d",
            .headers = odd, .header_count = COUNT(odd) },
          "GET /../a b?c#d HTTP/1.1\r\nX-Empty:\r\nHost: a\r\nX-Twice: 1\r\n"
          "host: b\r\nX-Twice: 2\r\nAccept: a/b\r\nCookie: a=b\r\n"
          "X-Blank:\r\n\r\n" },
        { { .method = (char *) "POST", .target = (char *) "/",
            .headers = length, .header_count = 2, .body = (char *) "hello",
            .body_len = 5 },
          "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Type:\r\n\r\n"
          "hello" },
        { { .method = (char *) "GET", .target = (char *) "*",
            .headers = length, .header_count = 1, .body = (char *) "hello",
            .body_len = 5 },
          "GET * HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello" },
        { { .method = (char *) "QUERY", .target = (char *) "/",
            .headers = chunked, .header_count = 1, .body = (char *) "hello",
            .body_len = 5 },
          "QUERY / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
          "5\r\nhello\r\n0\r\n\r\n" },
        { { .method = (char *) "DELETE", .target = (char *) "/",
            .http_1_0 = 1 }, "DELETE / HTTP/1.0\r\n\r\n" },
        { { .method = (char *) "POST", .target = (char *) "/" },
          "POST / HTTP/1.1\r\n\r\n" },
    };

    for (i = 0; i < COUNT(rows); i++) {
        serve(s, texts);
        exchange(s, &rows[i].request);

        assert_string_equal(canned_server_seen(s->server, NULL),
                            rows[i].wire);
    }
}


static void
a_head_request_with_a_body_is_sent_whole(void **state)
{
    struct setup                 *s = *state;
    static const char            *const texts[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", NULL
    };
    static struct request_header  length = HEADER("Content-Length", "2");
    const struct request          request = {
        .method = (char *) "HEAD", .target = (char *) "/",
        .headers = &length, .header_count = 1, .body = (char *) "ab",
        .body_len = 2
    };

    serve(s, texts);
    exchange(s, &request);

    expect_outcome(s, HTTP_ANSWERED, NULL);
    assert_string_equal(canned_server_seen(s->server, NULL),
                        "HEAD / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab");
}


static void
a_large_request_is_sent_at_once(void **state)
{
    size_t                        len;
    struct setup                 *s = *state;
    struct request                request;
    static const char            *const texts[] = { OK, NULL };
    static struct request_header  length = HEADER("Content-Length",
                                                  "2000000");

    memset(&request, 0, sizeof(request));
    request.method = (char *) "PUT";
    request.target = (char *) "/";
    request.headers = &length;
    request.header_count = 1;
    request.body_len = 2000000;
    request.body = malloc(request.body_len);
    assert_non_null(request.body);
    memset(request.body, 'x', request.body_len);
    serve(s, texts);
    exchange(s, &request);
    free(request.body);

    expect_outcome(s, HTTP_ANSWERED, NULL);
    (void) canned_server_seen(s->server, &len);
    assert_int_equal(len, strlen("PUT / HTTP/1.1\r\nContent-Length: 2000000"
                                 "\r\n\r\n") + 2000000);
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(an_answer_is_read_as_it_stands),
        TEST(answers_of_every_shape_are_understood),
        TEST(headers_of_1xx_are_forgotten),
        TEST(a_large_body_arrives_whole),
        TEST(bytes_that_http_forbids_fail_the_exchange),
        TEST(bytes_that_come_late_are_seen),
        TEST(no_answer_within_the_time_is_a_timeout),
        TEST(a_server_that_is_not_there_is_named),
        TEST(one_connection_serves_many_requests),
        TEST(a_request_whose_connection_ends_is_not_sent_twice),
        TEST(it_is_sent_again_where_that_is_wanted),
        TEST(a_request_goes_out_as_it_stands),
        TEST(a_head_request_with_a_body_is_sent_whole),
        TEST(a_large_request_is_sent_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
