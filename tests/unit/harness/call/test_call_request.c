/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The requests of rows[] were taken from the wire of curl 7.88 with the same
 * options. Different are the name in User-Agent, and that small uploads come
 * without Expect, as in newer versions.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/call/call_request.h"

#define EXPECT_SIZE  (1024 * 1024)
#define AGENT   "User-Agent: linkfunc/" LINKFUNC_VERSION "\n"
#define USUAL   "Host: localhost\n" AGENT "Accept: */*\n"
#define FORM    "Content-Type: application/x-www-form-urlencoded\n"

struct row {
    const char  *words[14];
    const char  *head;
    const char  *body;           /* NULL: none */
};

static const struct row  rows[] = {
    { { NULL }, "GET / HTTP/1.1\n" USUAL "\n", NULL },
    { { "/a/../b/./c%2e#f" }, "GET /b/c%2e HTTP/1.1\n" USUAL "\n", NULL },
    { { "--path-as-is", "/a/../b" }, "GET /a/../b HTTP/1.1\n" USUAL "\n",
      NULL },
    { { "/..%2f/a/.." }, "GET /..%2f/ HTTP/1.1\n" USUAL "\n", NULL },
    { { "/a?b=../c" }, "GET /a?b=../c HTTP/1.1\n" USUAL "\n", NULL },
    { { "http://h?x=1" }, "GET /?x=1 HTTP/1.1\nHost: h\n" AGENT
      "Accept: */*\n\n", NULL },
    { { "HTTP://H:8199/x" }, "GET /x HTTP/1.1\nHost: H:8199\n" AGENT
      "Accept: */*\n\n", NULL },
    { { "http://h:80/" }, "GET / HTTP/1.1\nHost: h\n" AGENT "Accept: */*\n\n",
      NULL },
    { { "/\xc3\xb6" }, "GET /%c3%b6 HTTP/1.1\n" USUAL "\n", NULL },
    { { "http://u:p%40@h/" }, "GET / HTTP/1.1\nHost: h\n"
      "Authorization: Basic dTpwQA==\n" AGENT "Accept: */*\n\n", NULL },

    { { "-d", "", "-d", "a" }, "POST / HTTP/1.1\n" USUAL "Content-Length: 2\n"
      FORM "\n", "&a" },
    { { "-d", "a", "-d", "@lines", "--data-binary", "@lines" },
      "POST / HTTP/1.1\n" USUAL "Content-Length: 11\n" FORM "\n",
      "a&abc&a\r\nbc" },
    { { "--data-urlencode", "a b+c=\xc3\xb6", "--data-urlencode", "=x y",
        "--data-urlencode", "n=v w", "--data-urlencode", "n@lines" },
      "POST / HTTP/1.1\n" USUAL "Content-Length: 34\n" FORM "\n",
      "a b+c=%C3%B6&x+y&n=v+w&n=a%0D%0Abc" },
    { { "--data-raw", "@x" }, "POST / HTTP/1.1\n" USUAL
      "Content-Length: 2\n" FORM "\n", "@x" },
    { { "--json", "{\"a\":1}", "--json", "{}" }, "POST / HTTP/1.1\n"
      "Host: localhost\n" AGENT "Content-Type: application/json\n"
      "Accept: application/json\nContent-Length: 9\n\n", "{\"a\":1}{}" },
    { { "--json", "{}", "-H", "Content-Type: x/y" }, "POST / HTTP/1.1\n"
      "Host: localhost\n" AGENT "Content-Type: x/y\n"
      "Accept: application/json\nContent-Length: 2\n\n", "{}" },
    { { "-G", "-d", "a=1", "-d", "b", "/x?q=1#z" },
      "GET /x?q=1&a=1&b HTTP/1.1\n" USUAL "\n", NULL },
    { { "-G", "-I", "-d", "a" }, "HEAD /?a HTTP/1.1\n" USUAL "\n", NULL },
    { { "-I" }, "HEAD / HTTP/1.1\n" USUAL "\n", NULL },
    { { "-X", "PUT", "-d", "a" }, "PUT / HTTP/1.1\n" USUAL
      "Content-Length: 1\n" FORM "\n", "a" },
    { { "-T", "lines", "/dir/" }, "PUT /dir/lines HTTP/1.1\n" USUAL
      "Content-Length: 5\n\n", "a\r\nbc" },
    { { "-T", "lines", "http://h" }, "PUT /lines HTTP/1.1\nHost: h\n" AGENT
      "Accept: */*\nContent-Length: 5\n\n", "a\r\nbc" },
    { { "-T", "lines", "/dir/?u=http://h" }, "PUT /dir/lines?u=http://h "
      "HTTP/1.1\n" USUAL "Content-Length: 5\n\n", "a\r\nbc" },
    { { "-0" }, "GET / HTTP/1.0\n" USUAL "\n", NULL },

    { { "-u", "a:b", "-b", "c=d", "-e", "ref;auto", "-A", "ag", "-H",
        "X-A: 1", "-H", "X-B;" }, "GET / HTTP/1.1\nHost: localhost\n"
      "Authorization: Basic YTpi\nUser-Agent: ag\nAccept: */*\nReferer: ref\n"
      "Cookie: c=d\nX-A: 1\nX-B:\n\n", NULL },
    { { "-b", "a=1", "-b", "b=2", "-H", "Accept:", "-A", "" },
      "GET / HTTP/1.1\nHost: localhost\nCookie: a=1;b=2\n\n", NULL },
    { { "-H", "Host: foo", "-H", "User-Agent: z" },
      "GET / HTTP/1.1\nHost: foo\nAccept: */*\nUser-Agent: z\n\n", NULL },
    { { "-H", "User-Agent;" }, "GET / HTTP/1.1\nHost: localhost\n"
      "Accept: */*\nUser-Agent:\n\n", NULL },
    { { "-d", "@nul" }, "POST / HTTP/1.1\n" USUAL "Content-Length: 2\n" FORM
      "\n", "ab" },
    { { "-d", "a", "-H", "Transfer-Encoding: chunked" }, "POST / HTTP/1.1\n"
      USUAL "Transfer-Encoding: chunked\n" FORM "\n", "a" },
    { { "-H", "@headers" }, "GET / HTTP/1.1\n" USUAL "A: 1\nB: 2\n\n", NULL }
};


static void
build(const struct row *row, struct call_options *options,
    struct request *request)
{
    size_t  i;
    char   *argv[18];

    argv[0] = (char *) (uintptr_t) "app.so";
    argv[1] = (char *) (uintptr_t) "symbol";

    for (i = 0; row->words[i] != NULL; i++) {
        argv[i + 2] = (char *) (uintptr_t) row->words[i];
    }

    argv[i + 2] = NULL;
    assert_int_equal(call_options_parse(options, argv), 0);
    assert_int_equal(call_request_build(request, options), 0);
}


static void
requests_are_those_of_curl(void **state)
{
    size_t               i;
    struct strbuf        head;
    struct request       request;
    struct call_options  options;

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        memset(&head, 0, sizeof(head));
        build(&rows[i], &options, &request);
        request_print_head(&request, "", "\n", &head);
        assert_string_equal(head.data, rows[i].head);

        if (rows[i].body == NULL) {
            assert_null(request.body);

        } else {
            assert_string_equal(request.body, rows[i].body);
        }

        strbuf_free(&head);
        request_free(&request);
        call_options_free(&options);
    }
}


static void
repeat_line_makes_the_same_request(void **state)
{
    struct strbuf        line;
    struct request       request;
    struct call_options  options;
    const struct row     row = {
        { "-X", "PATCH", "-H", "X-B;", "-H", "Accept:", "--data-raw", "it's",
          "/p?a=1&b" }, NULL, NULL
    };

    (void) state;
    memset(&line, 0, sizeof(line));
    build(&row, &options, &request);
    request_print_options(&request, &line);
    assert_string_equal(line.data, " -X PATCH -H Accept: -H 'X-B;' "
                        "--data-raw 'it'\\''s' '/p?a=1&b'");
    strbuf_free(&line);
    request_free(&request);
    call_options_free(&options);
}


static void
repeat_line_names_the_file_of_a_large_body(void **state)
{
    struct strbuf        line;
    struct request       request;
    struct call_options  options;
    const struct row     row = { { "--data-binary", "@large" }, NULL, NULL };

    (void) state;
    memset(&line, 0, sizeof(line));
    build(&row, &options, &request);
    request_print_options(&request, &line);
    assert_string_equal(line.data, " --data-binary @large");
    strbuf_free(&line);
    request_free(&request);
    call_options_free(&options);
}


static void
write_bytes(const char *name, const char *bytes, size_t len)
{
    FILE  *file;

    file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}


static void
write_file(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}


static void
a_body_of_more_than_a_mebibyte_expects_a_continue(void **state)
{
    int                  i;
    char                *text;
    struct request       request;
    struct call_options  options;
    struct row           row = { { "-d" }, NULL, NULL };

    (void) state;
    text = calloc(1, EXPECT_SIZE + 2);
    assert_non_null(text);
    memset(text, 'a', EXPECT_SIZE);
    row.words[1] = text;

    for (i = 0; i < 2; i++) {
        build(&row, &options, &request);
        assert_int_equal(request_get_header(&request, "Expect") != NULL, i);
        request_free(&request);
        call_options_free(&options);
        text[EXPECT_SIZE] = 'a';
    }

    free(text);
}


static char  folder[] = "/tmp/linkfunc-request-XXXXXX";


static int
set_up(void **state)
{
    char  large[2000];

    (void) state;

    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return -1;
    }

    memset(large, 'l', sizeof(large) - 1);
    large[sizeof(large) - 1] = '\0';
    write_file("lines", "a\r\nbc");
    write_file("headers", "A: 1\r\n\r\nB: 2\n");
    write_file("large", large);
    write_bytes("nul", "a\0b", 3);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    (void) unlink("lines");
    (void) unlink("headers");
    (void) unlink("large");
    (void) unlink("nul");

    return chdir("/") == 0 ? rmdir(folder) : -1;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(requests_are_those_of_curl),
        cmocka_unit_test(repeat_line_makes_the_same_request),
        cmocka_unit_test(repeat_line_names_the_file_of_a_large_body),
        cmocka_unit_test(a_body_of_more_than_a_mebibyte_expects_a_continue)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
