/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the mock has no wire for: bytes sent to a real nginx, and every byte
 * that comes back until it closes, its Server and Date lines excepted. The
 * last request of each case asks to close.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/contract/contract.h"
#include "tests/support/raw_client.h"

#define HOST   "Host: contract\r\n"
#define CLOSE  HOST "Connection: close\r\n\r\n"
#define KEEP   HOST "\r\n"

#define HEAD(status, type, length, keep)                                      \
    "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nContent-Length: "       \
    length "\r\nConnection: " keep "\r\n\r\n"
#define OK(length, body)   HEAD("200 OK", "text/plain", length,               \
                                "keep-alive") body
#define END(length, body)  HEAD("200 OK", "text/plain", length, "close") body

/* The last request of most cases, and its answer. */
#define LAST_GET  "GET /r?do=resp:200:-:-:last HTTP/1.1\r\n" CLOSE
#define LAST      END("4", "last")

/* A page of nginx: of its text only the title is compared. */
#define PAGE(status, length, keep)                                            \
    HEAD(status, "text/html", length, keep) "<page " status ">"

struct wire {
    const char  *name, *sent, *right;
};

/* cmocka does not count what a teardown finds. */
static int                     trouble_seen;

static struct contract_setup   setup;
static struct contract_real   *real;

static const char  more_conf[] =
    "location = /auth/app { ngx_link_func_call contract_ops; }\n"
    "location /private/ { auth_request /auth/app;\n"
    "    ngx_link_func_call contract_ops; }\n"
    "location /re/ { rewrite ^/re/(.*)$ /$1 last;\n"
    "    ngx_link_func_call contract_echo; }\n"
    "location /limited/ { client_max_body_size 10;\n"
    "    ngx_link_func_call contract_ops; }\n"
    "location /denied/ { deny all; ngx_link_func_call contract_ops; }\n"
    "location /fallback/ { error_page 404 = @fallback;\n"
    "    ngx_link_func_call contract_ops; }\n"
    "location @fallback { ngx_link_func_call contract_echo; }\n"
    "location /returned/ { return 201 here;\n"
    "    ngx_link_func_call contract_ops; }\n";

static const struct wire  wires[] = {
    { "HEAD, 204, 304 and empty responses leave the connection in step",
      "HEAD /r?do=resp:200:-:-:hello HTTP/1.1\r\n" KEEP
      "GET /r?do=resp:204:-:-:hello HTTP/1.1\r\n" KEEP
      "GET /r?do=resp:304:304%20Same:-:hello HTTP/1.1\r\n" KEEP
      "GET /r?do=resp:200:-:-:- HTTP/1.1\r\n" KEEP
      "HEAD /r?do=resp:204:-:-:- HTTP/1.1\r\n" KEEP
      "HEAD /r?do=resp:404:-:-:gone HTTP/1.1\r\n" KEEP
      LAST_GET,
      OK("5", "")
      "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"
      "HTTP/1.1 304 Same\r\nConnection: keep-alive\r\n\r\n"
      OK("0", "")
      "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"
      HEAD("404 Not Found", "text/plain", "4", "keep-alive")
      LAST },
    { "a body does not run into the request behind it",
      "POST /b?do=body HTTP/1.1\r\nContent-Length: 3\r\n" KEEP "abc"
      "GET /h?do=header:Cookie HTTP/1.1\r\nCookie: secret=1\r\n" CLOSE,
      OK("65", "body=set\nbody.len=3\nbody.hash=1a47e90b\nbody.end=00\n"
         "body.strlen=3\n")
      END("31", "header=\"secret=1\"\nheader.own=1\n") },
    { "a short body does not run into an older, longer one",
      "POST /b?do=body HTTP/1.1\r\nContent-Length: 26\r\n" KEEP
      "abcdefghijklmnopqrstuvwxyz"
      "POST /b?do=body HTTP/1.1\r\nContent-Length: 3\r\n" CLOSE "abc",
      OK("67", "body=set\nbody.len=26\nbody.hash=b0bc0c82\nbody.end=00\n"
         "body.strlen=26\n")
      END("65", "body=set\nbody.len=3\nbody.hash=1a47e90b\nbody.end=00\n"
          "body.strlen=3\n") },
    { "the bodies of GET, DELETE and HEAD are thrown away",
      "GET /b?do=body HTTP/1.1\r\nContent-Length: 3\r\n" KEEP "abc"
      "DELETE /b?do=body HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" KEEP
      "3\r\nabc\r\n0\r\n\r\n"
      "HEAD /b?do=resp:200:-:-:x HTTP/1.1\r\nContent-Length: 4\r\n" KEEP
      "1234" LAST_GET,
      OK("21", "body=NULL\nbody.len=0\n")
      OK("21", "body=NULL\nbody.len=0\n")
      OK("1", "") LAST },
    { "a request of HTTP/0.9 is answered with the body alone",
      "GET /r?do=resp:200:-:-:bare\r\n", "bare" },
    { "a request of HTTP/0.9 has the headers that the app adds, and no other",
      "GET /r?do=header:host,in:X-New:v,header:x-conf\r\n",
      "header=NULL\nin.rc=0\nin=\"v\"\nheader=\"from conf\"\nheader.own=1\n" },
    { "a request of HTTP/0.9 passes through an auth subrequest",
      "GET /private/x?do=resp:200:-:-:mine\r\n",
      "<page 500 Internal Server Error>" },
    { "chunk extensions and trailers are dropped",
      "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" KEEP
      "3;name=value\r\nabc\r\n00002 \r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
      LAST_GET,
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
      "Content-Length: 5\r\nConnection: keep-alive\r\n"
      "X-Body: 5 749bcf08 NUL\r\n\r\nabcde" LAST },
    { "a bad chunk is refused before the app",
      "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" KEEP
      "zz\r\nabc\r\n0\r\n\r\n",
      PAGE("400 Bad Request", "157", "close") },
    { "chunked with a length is refused before the app",
      "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
      "Content-Length: 3\r\n" KEEP "3\r\nabc\r\n0\r\n\r\n",
      PAGE("400 Bad Request", "157", "close") },
    { "a bad length is refused before the app",
      "POST /echo HTTP/1.1\r\nContent-Length: +3\r\n" KEEP "abc",
      PAGE("400 Bad Request", "157", "close") },
    { "nginx says 100 Continue before it reads a body",
      "POST /b?do=body HTTP/1.1\r\nExpect: 100-continue\r\n"
      "Content-Length: 3\r\n" CLOSE "abc",
      "HTTP/1.1 100 Continue\r\n\r\n"
      END("65", "body=set\nbody.len=3\nbody.hash=1a47e90b\nbody.end=00\n"
          "body.strlen=3\n") },
    { "a body above client_max_body_size is refused before the app",
      "POST /limited/b?do=body HTTP/1.1\r\nContent-Length: 11\r\n" CLOSE
      "hello world",
      PAGE("413 Request Entity Too Large", "183", "close") },
    { "a chunked body above client_max_body_size is refused too",
      "POST /limited/b?do=body HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
      CLOSE "b\r\nhello world\r\n0\r\n\r\n",
      PAGE("413 Request Entity Too Large", "183", "close") },
    { "a body of client_max_body_size is taken",
      "POST /limited/b?do=args HTTP/1.1\r\nContent-Length: 10\r\n" CLOSE
      "0123456789", END("15", "args=\"do=args\"\n") },
    { "a denied request does not reach the app",
      "POST /denied/x?do=log:err:never HTTP/1.1\r\nContent-Length: 3\r\n" KEEP
      "abc" LAST_GET,
      PAGE("403 Forbidden", "153", "keep-alive") LAST },
    { "return wins over a function",
      "GET /returned/?do=log:err:never HTTP/1.1\r\n" KEEP LAST_GET,
      HEAD("201 Created", "text/plain", "4", "keep-alive") "here" LAST },
    { "a request of 1.0 keeps its connection when it asks to",
      "GET /r?do=resp:200:-:-:one HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
      "GET /r?do=resp:200:-:-:two HTTP/1.0\r\n\r\n",
      OK("3", "one") END("3", "two") },
    { "empty lines before a request are skipped",
      "\r\n\r\n" LAST_GET, LAST },
    { "a body survives a rewrite to another function",
      "POST /re/echo HTTP/1.1\r\nContent-Length: 3\r\n" KEEP "abc" LAST_GET,
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
      "Content-Length: 3\r\nConnection: keep-alive\r\n"
      "X-Body: 3 1a47e90b NUL\r\n\r\nabc" LAST },
    { "a body survives the way to a named location",
      "POST /fallback/x?do=nothing HTTP/1.1\r\nContent-Length: 3\r\n" KEEP
      "abc" LAST_GET,
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
      "Content-Length: 3\r\nConnection: keep-alive\r\n"
      "X-Body: 3 1a47e90b NUL\r\n\r\nabc" LAST },
    { "an auth subrequest that is granted sends nothing of its own",
      "GET /private/x?do=resp:200:-:-:mine HTTP/1.1\r\n"
      "X-Do: resp:200:-:-:granted\r\n" KEEP LAST_GET,
      OK("4", "mine") LAST },
    { "the body of the main request survives auth_request",
      "POST /private/x?do=body HTTP/1.1\r\nX-Do: resp:204:-:-:-\r\n"
      "Content-Length: 3\r\n" KEEP "abc" LAST_GET,
      OK("65", "body=set\nbody.len=3\nbody.hash=1a47e90b\nbody.end=00\n"
         "body.strlen=3\n") LAST },
    { "an auth subrequest that is denied with 403 denies",
      "GET /private/x?do=resp:200:-:-:mine HTTP/1.1\r\n"
      "X-Do: resp:403:-:-:denied\r\n" KEEP LAST_GET,
      PAGE("403 Forbidden", "153", "keep-alive") LAST },
    { "an auth subrequest that is denied with 401 denies",
      "GET /private/x?do=resp:200:-:-:mine HTTP/1.1\r\n"
      "X-Do: resp:401:-:-:denied\r\n" KEEP LAST_GET,
      HEAD("401 Unauthorized", "text/html", "179", "keep-alive")
      "<page 401 Authorization Required>" LAST },
    { "an auth subrequest with another status is a 500",
      "GET /private/x?do=resp:200:-:-:mine HTTP/1.1\r\n"
      "X-Do: resp:301:-:-:moved\r\n" KEEP,
      PAGE("500 Internal Server Error", "177", "close") },
    { "an auth subrequest that answers nothing is a 500",
      "GET /private/x?do=resp:200:-:-:mine HTTP/1.1\r\n"
      "X-Do: nothing\r\n" KEEP,
      PAGE("500 Internal Server Error", "177", "close") }
};


/* Lines of the head that are nginx's own go; pages become "<page TITLE>". */
static char *
tidy(const char *data, size_t len, size_t *out_len)
{
    char        *text, *end;
    FILE        *out;
    const char  *at, *title;

    out = open_memstream(&text, out_len);
    assert_non_null(out);
    at = data;

    while (at < data + len) {
        if (strncmp(at, "Server: nginx/", 14) == 0
            || strncmp(at, "Date: ", 6) == 0)
        {
            at = strstr(at, "\r\n") + 2;
            continue;
        }

        end = strstr(at, "</html>\r\n");

        if (strncmp(at, "<html>", 6) == 0 && end != NULL) {
            title = strstr(at, "<title>") + 7;
            (void) fprintf(out, "<page %.*s>", (int) strcspn(title, "<"),
                           title);
            at = end + 9;
            continue;
        }

        (void) fputc(*at++, out);
    }

    assert_int_equal(fclose(out), 0);

    return text;
}


static void
every_byte_is_right(void **state)
{
    char               *data, *text;
    size_t              len, text_len;
    const struct wire  *wire = *state;
    struct raw_client  *client;

    client = raw_client_open(contract_real_socket(real));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, wire->sent), 0);

    data = raw_client_read_all(client, &len);
    assert_non_null(data);
    text = tidy(data, len, &text_len);

    if (text_len != strlen(wire->right) || strcmp(text, wire->right) != 0) {
        print_error("nginx sent:\n%s\nright is:\n%s\n", text, wire->right);
        fail();
    }

    free(data);
    free(text);
    raw_client_close(&client);
}


/* Clients that go away in the middle, at any byte: nobody else suffers. */
static void
a_client_that_goes_away_harms_nobody(void **state)
{
    static const char   post[] = "POST /echo HTTP/1.1\r\n"
                                 "Content-Length: 20000\r\n" KEEP "abcdef";

    size_t              n;
    struct raw_client  *client;
    struct wire         last = { "", LAST_GET, LAST };
    void               *last_state = &last;

    (void) state;

    for (n = 1; n <= strlen(post); n++) {
        client = raw_client_open(contract_real_socket(real));
        assert_non_null(client);
        assert_int_equal(raw_client_send(client, post, n), 0);
        raw_client_close(&client);
    }

    every_byte_is_right(&last_state);
}


/* A client that does not wait for what it asked for. */
static void
a_client_that_does_not_read_harms_nobody(void **state)
{
    static const char   get[] = "GET /r?do=respbig:10485760 HTTP/1.1\r\n" KEEP;

    int                 n;
    struct raw_client  *client;
    struct wire         last = { "", LAST_GET, LAST };
    void               *last_state = &last;

    (void) state;

    for (n = 0; n < 10; n++) {
        client = raw_client_open(contract_real_socket(real));
        assert_non_null(client);
        assert_int_equal(raw_client_text(client, get), 0);
        raw_client_close(&client);
    }

    every_byte_is_right(&last_state);
}


static void
a_hundred_requests_behind_each_other_are_answered_in_order(void **state)
{
    int                   n;
    char                  text[128], body[16];
    struct raw_client    *client;
    struct raw_response   response;

    (void) state;

    client = raw_client_open(contract_real_socket(real));
    assert_non_null(client);

    for (n = 0; n < 100; n++) {
        (void) snprintf(text, sizeof(text), "%s /r?do=resp:200:-:-:n%d "
                        "HTTP/1.1\r\n" KEEP, n % 2 ? "GET" : "HEAD", n);
        assert_int_equal(raw_client_text(client, text), 0);
    }

    for (n = 0; n < 100; n++) {
        assert_int_equal(raw_client_read(client, n % 2 == 0, &response), 0);
        (void) snprintf(body, sizeof(body), "n%d", n);
        assert_string_equal(response.body, n % 2 ? body : "");
        raw_response_free(&response);
    }

    raw_client_close(&client);
}


static int
open_nginx(void **state)
{
    char  err[CONTRACT_ERR] = "no memory";

    (void) state;

    real = contract_real_new(&setup, err);

    if (real == NULL) {
        print_error("nginx: %s\n", err);
    }

    return real != NULL ? 0 : -1;
}


static int
close_nginx(void **state)
{
    int    rc;
    char  *trouble;

    (void) state;

    trouble = contract_real_free(&real);
    trouble_seen = trouble != NULL;
    rc = trouble != NULL ? -1 : 0;

    if (trouble != NULL) {
        (void) fprintf(stderr, "%s\n", trouble);
    }

    free(trouble);

    return rc;
}


int
main(int argc, char **argv)
{
    int                 rc;
    size_t              i;
    const char         *missing;
    struct CMUnitTest   tests[sizeof(wires) / sizeof(wires[0]) + 3] = {
        cmocka_unit_test(a_client_that_goes_away_harms_nobody),
        cmocka_unit_test(a_client_that_does_not_read_harms_nobody),
        cmocka_unit_test(
            a_hundred_requests_behind_each_other_are_answered_in_order)
    };

    if (argc != 3) {
        (void) fprintf(stderr, "usage: contract_wire APP MODULE\n");
        return 2;
    }

    setup = contract_setup_app;
    setup.app = argv[1];
    setup.module = argv[2];
    setup.more = more_conf;
    missing = contract_real_missing(setup.module);

    if (missing != NULL) {
        (void) printf("SKIPPED: %s\n", missing);
        return 77;
    }

    for (i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
        tests[i + 3].name = wires[i].name;
        tests[i + 3].test_func = every_byte_is_right;
        tests[i + 3].initial_state = (void *) (uintptr_t) &wires[i];
    }

    rc = cmocka_run_group_tests_name("wire", tests, open_nginx, close_nginx);

    return rc != 0 ? rc : trouble_seen;
}
