/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests that nobody thought of: ops put together by a seeded generator,
 * played on both hosts. A failure prints the request: it becomes a row.
 * LINKFUNC_TEST_SEED in the environment replaces the seed.
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
#include "tests/support/number_of.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

/*
 * %H a header, %W a word, %K a key, %N a number, %P above 0, %S a status,
 * %L 0..3. A block of no bytes has none to show; a line that contradicts a
 * status without a body would make the client wait.
 */
static const char *const  ops[] = {
    "resp:%S:-:%W:%W", "resp:%S:-:-:%W", "resp:200:%W:%W:%W",
    "respl:200:200 x:%L:a/bc:%L:body:%L", "respline:%N", "nothing",
    "out:%H:%W", "out:%H:%W", "out:%H:v", "outs:%L", "in:%H:%W", "in:%H:v",
    "header:%H", "header2:%H", "headern:%H:%L", "param:%W", "param:do",
    "prop:%W", "prop:greeting", "propn:greeting:%N", "uri", "args", "body",
    "init", "log:debug:%W", "log:info:%W", "log:warn:%W", "log:err:%W",
    "logf:%W", "loglong:%N", "palloc:%N", "pcalloc:%N", "pallocs:%N",
    "strdup:%W", "lock", "unlock", "trylock", "again", "alloc:%N,free",
    "allocl:%N,freel", "alloc:%N,freein:%L,free,free", "get:%K", "put:%K:%W",
    "new:%K:%P:%W", "remove:%K", "remove:%K", "longkey:%N", "null_ctx",
    "null_args", "null_zone", "huge", "exhaust,new:%K:5000,release",
    "exhaust,putit:%K,release"
};

static const char *const  headers[] = {
    "X-A", "x-a", "Content-Type", "content-length", "Transfer-Encoding",
    "Connection", "Server", "Date", "Set-Cookie", "Location", "ETag",
    "Last-Modified", "Content-Encoding", "Host", "Cookie", "If-Match",
    "If-Modified-Since", "Authorization", "Range", "Accept-Ranges", "Expires",
    "Cache-Control", "Content-Range", "WWW-Authenticate", "Keep-Alive",
    "Vary", "Status", "Expect", "Upgrade", "X_B", "%e9", "a b", "X:",
    "User-Agent", "X-Forwarded-For", "Refresh", "Link", "X-Accel-Redirect",
    "X-Conf", "Accept-Encoding", "TE", "Via", ""
};

static const char *const  words[] = {
    "", "-", "a", "text/html", "text/html;%20charset=utf-8", "200%20OK",
    "207%20None", "404", "%00", "a%00b", "%0d%0aX-Evil%3a%201", "%ff%fe",
    "%25s%25n", "%20", "=", "a=b", "%01%7f", "gzip", "chunked", "close",
    "Mon%2c 01 Jan 2024 00%3a00%3a00 GMT", "hello%20world", ";", ";charset="
};

static const char *const  numbers[] = {
    "0", "1", "2", "7", "8", "9", "63", "64", "65", "100", "255", "256",
    "511", "512", "513", "2047", "2048", "2049", "4016", "4017", "4096",
    "5000", "8192", "20000"
};

static const char *const  statuses[] = {
    "0", "100", "101", "199", "200", "200", "201", "204", "205", "206", "301",
    "302", "304", "307", "400", "401", "404", "405", "408", "413", "414",
    "416", "418", "429", "444", "494", "495", "497", "499", "500", "502",
    "503", "599", "600", "999", "1000", "65736", "18446744073709551615"
};

static const char *const  keys[] = { "k1", "k2", "k3", "", "%ff", "init" };

static const char *const  methods[] = {
    "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "ODD"
};

static const char *const  paths[] = {
    "/", "/x", "/x/", "/a//b", "/a/../b", "/%e9%41", "/a%2fb", "/\xc3\xa9",
    "/..%2f", "/x.html", "/%3f", "/a;b", "/a/./", "/%23"
};

static const char *const  request_headers[] = {
    "X-A: one\r\n", "Range: bytes=0-1\r\n", "If-None-Match: *\r\n",
    "If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\n",
    "Accept-Encoding: gzip\r\n", "Connection: close\r\n",
    "Connection: keep-alive\r\n", "Authorization: x\r\n", "X_B: y\r\n",
    "Cookie: a=1\r\nCookie: b=2\r\n", "Content-Type: text/x\r\n", "X-A:\r\n"
};

static struct contract_setup   setup;
static uint64_t                seed;
static unsigned long           rounds;


/* xorshift64*: the same requests everywhere. */
static size_t
below(size_t n)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;

    return (size_t) ((seed * UINT64_C(2685821657736338717)) >> 33) % n;
}


#define PICK(array)  array[below(COUNT(array))]


static void
add_word(FILE *out, const char *word)
{
    for ( ; *word != '\0'; word++) {
        (void) fputs(*word == ' ' ? "%20" : *word == ':' ? "%3a" : "", out);

        if (*word != ' ' && *word != ':') {
            (void) fputc(*word, out);
        }
    }
}


static void
add_op(FILE *out, const char *op)
{
    for ( ; *op != '\0'; op++) {
        if (*op == ' ') {
            (void) fputs("%20", out);
            continue;
        }

        if (*op != '%') {
            (void) fputc(*op, out);
            continue;
        }

        switch (*++op) {
        case 'H': add_word(out, PICK(headers)); break;
        case 'W': add_word(out, PICK(words)); break;
        case 'K': add_word(out, PICK(keys)); break;
        case 'P': add_word(out, numbers[below(COUNT(numbers) - 1) + 1]); break;
        case 'N': add_word(out, PICK(numbers)); break;
        case 'S': add_word(out, PICK(statuses)); break;
        default:  (void) fprintf(out, "%zu", below(4)); break;
        }
    }
}


/* A target of its own: yours. */
static char *
make_target(void)
{
    char    *text;
    FILE    *out;
    size_t   n, size;

    out = open_memstream(&text, &size);
    assert_non_null(out);
    (void) fprintf(out, "%s?do=", PICK(paths));

    for (n = below(6) + 1; n > 0; n--) {
        add_op(out, PICK(ops));
        (void) fputs(n > 1 ? "," : "", out);
    }

    assert_int_equal(fclose(out), 0);

    return text;
}


static int
play(struct contract_mock *mock, struct contract_real *real,
     const struct contract_request *request)
{
    int                     bad;
    char                    err[CONTRACT_ERR] = "";
    struct contract_answer  ours = { 0 }, theirs = { 0 };

    bad = contract_mock_play(mock, request, &ours, err) != 0;

    if (real != NULL) {
        bad |= contract_real_play(real, request, &theirs, err) != 0;
        bad = bad || contract_answers_differ(&ours, &theirs);
    }

    if (bad) {
        (void) fprintf(stderr, "%s\n%s %s HTTP/1.%d\n%sbody of %zu, "
                       "sending %d\n", err, request->method, request->target,
                       !request->http_1_0,
                       request->headers ? request->headers : "",
                       request->size, request->sending);
        contract_show("the mock", &ours);
        contract_show("nginx", &theirs);
    }

    contract_answer_free(&ours);
    contract_answer_free(&theirs);

    return bad;
}


/* One request that nobody thought of: 1 when the hosts disagree. */
static int
play_any(struct contract_mock *mock, struct contract_real *real)
{
    int                       bad;
    char                     *target = make_target();
    struct contract_request   request = {
        .method = PICK(methods), .target = target,
        .size = below(2) ? below(20000) : 0,
        .sending = below(2) ? CONTRACT_AT_ONCE : CONTRACT_CHUNKED,
        .headers = below(2) ? PICK(request_headers) : NULL
    };

    request.http_1_0 = request.sending == CONTRACT_AT_ONCE && below(4) == 0;
    bad = play(mock, real, &request);
    free(target);

    return bad;
}


static void
open_hosts(struct contract_mock **mock, struct contract_real **real)
{
    char                     err[CONTRACT_ERR] = "no memory";
    struct contract_answer   none = { 0 };

    *mock = contract_mock_new(&setup, err);

    if (*mock == NULL || contract_mock_hooks(*mock, &none) != 0) {
        fail_msg("%s", err);
    }

    contract_answer_free(&none);

    if (contract_real_missing(setup.module) != NULL) {
        return;
    }

    *real = contract_real_new(&setup, err);

    if (*real == NULL || contract_real_hooks(*real, &none) != 0) {
        fail_msg("%s", err);
    }

    contract_answer_free(&none);
}


static void
hosts_agree_on_anything(void **state)
{
    int                    bad;
    char                  *trouble;
    unsigned long          i;
    struct contract_mock  *mock = NULL;
    struct contract_real  *real = NULL;

    (void) state;

    open_hosts(&mock, &real);

    for (i = bad = 0; i < rounds && bad < 10; i++) {
        bad += play_any(mock, real);
    }

    contract_mock_free(&mock);
    trouble = contract_real_free(&real);

    if (trouble != NULL) {
        (void) fprintf(stderr, "%s\n", trouble);
        free(trouble);
        bad++;
    }

    assert_int_equal(bad, 0);
}


int
main(int argc, char **argv)
{
    int                      rc;
    unsigned long            start;
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(hosts_agree_on_anything)
    };

    if (argc != 5) {
        (void) fprintf(stderr, "usage: contract_random APP MODULE SEED "
                       "ROUNDS\n");
        return 2;
    }

    setup = contract_setup_app;
    setup.app = argv[1];
    setup.module = argv[2];
    start = number_of("LINKFUNC_TEST_SEED", argv[3]);
    seed = start * UINT64_C(0x9e3779b97f4a7c15) + 1;
    rounds = strtoul(argv[4], NULL, 10);

    rc = cmocka_run_group_tests_name("random", tests, NULL, NULL);
    (void) printf("%lu requests, seed %lu\n", rounds, start);

    return rc;
}
