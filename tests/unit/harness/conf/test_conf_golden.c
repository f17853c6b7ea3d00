/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What real nginx was seen to choose: the location of a request, the server of
 * a host name. The tables were measured; each row is a test.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/conf/conf.h"
#include "harness/host/mock/mock_vars.h"
#include "tests/unit/golden.h"
#include "fakes/lf_fake.h"
#include "lib/base/strbuf.h"

static struct lf_fake  *host;
static struct arena    *arena;
static unsigned         checked;


static struct conf *
build(const char *text, size_t len)
{
    struct conf        *conf;
    struct conf_node   *root;
    struct conf_error   error;

    if (conf_parse(arena, "test.conf", text, len, &root, &error) != 0) {
        fail_msg("line %u: %s", error.line, error.text);
    }

    conf = conf_build(arena, root, mock_is_variable, &error);
    if (conf == NULL) {
        fail_msg("line %u: %s", error.line, error.text);
    }

    return conf;
}


/* ---- locations ----------------------------------------------------------- */

/* The text between "### NAME" and the next "###". */
static const char *
section(const char *name, size_t *len)
{
    char         head[16], path[512];
    char        *text;
    FILE        *file;
    long         size;
    const char  *start, *end;

    (void) snprintf(path, sizeof(path), "%s/location_match.conf", TEST_GOLDEN);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    rewind(file);
    text = arena_alloc(arena, (size_t) size + 1);
    assert_int_equal(fread(text, 1, (size_t) size, file), (size_t) size);
    (void) fclose(file);

    (void) snprintf(head, sizeof(head), "### %s\n", name);
    start = strstr(text, head);
    assert_non_null(start);
    start += strlen(head);
    end = strstr(start, "\n###");
    *len = end != NULL ? (size_t) (end - start) : strlen(start);

    return start;
}


/* What the location answers by `return`, with its captures. */
static void
answer_of(const struct conf_server *server,
          const struct conf_location *location,
          struct lf_fake_request *request, struct strbuf *to)
{
    char      why[LF_ERR_LEN];
    lf_str_t  text;

    if (location->handler == NULL) {
        strbuf_addstr(to, "STATUS 404");
        return;
    }

    text.data = (u_char *) location->handler->args[2].text;
    text.len = location->handler->args[2].len;
    assert_int_equal(mock_vars_expand(&text, request, server, location, to,
                                      why), 0);
}


static void
check_location(const struct golden_row *row)
{
    char                         err[LF_ERR_LEN];
    size_t                       len;
    const char                  *text, *name = row->cells[0];
    struct conf                 *conf;
    struct strbuf                got = { 0 };
    struct lf_fake_server        server = { 0 };
    struct lf_fake_request      *request;
    const struct conf_location  *location;

    if (strcmp(name, "L1") != 0 && strcmp(name, "L2") != 0
        && strcmp(name, "L3") != 0 && strcmp(name, "L7") != 0)
    {
        return;                  /* rewrite and the like are nginx's own */
    }

    text = section(name, &len);
    conf = build(text, len);
    server.keep_slashes = !conf->servers->merge_slashes;
    request = lf_fake_request_on(host, &server, "GET", row->cells[1]);
    assert_int_equal(lf_fake_add_header(request, "Host", 4, "x", 1), 0);

    if (lf_fake_refused(request)) {
        strbuf_printf(&got, "STATUS %d", lf_fake_refused(request));

    } else {
        location = conf_find_location(conf->servers,
                                      &lf_fake_core(request)->uri, err);
        assert_non_null(location);
        answer_of(conf->servers, location, request, &got);
    }

    if (strcmp(got.data, row->cells[2]) != 0) {
        fail_msg("%s %s: \"%s\" instead of \"%s\"", name, row->cells[1],
                 got.data, row->cells[2]);
    }

    strbuf_free(&got);
    lf_fake_request_free(&request);
    checked++;
}


static void
the_location_is_the_one_nginx_chose(void **state)
{
    (void) state;

    checked = 0;
    assert_true(golden_each("location_match.tsv", check_location) > 0);
    assert_true(checked >= 70);
}


/* ---- servers ----------------------------------------------------------- */

static const char  servers[] =
    "server { listen 127.0.0.1:21271; server_name a.example www.a.example;"
    " location / { return 200 \"s-a a.example\"; } }\n"
    "server { listen 127.0.0.1:21271; server_name *.example;"
    " location / { return 200 \"s-wild *.example\"; } }\n"
    "server { listen 127.0.0.1:21271; server_name www.*;"
    " location / { return 200 \"s-tail www.*\"; } }\n"
    "server { listen 127.0.0.1:21271; server_name ~^re\\d+\\.;"
    " location / { return 200 \"s-re1 ~^re\\\\d+\\\\.\"; } }\n"
    "server { listen 127.0.0.1:21271; server_name ~^r(?<x>.*)$;"
    " location / { return 200 's-re2 ~^r(?<x>.*)$'; } }\n"
    "server { listen 127.0.0.1:21271; server_name .dot.test;"
    " location / { return 200 \"s-dot dot.test\"; } }\n"
    "server { listen 127.0.0.1:21271; server_name \"\";"
    " location / { return 200 \"s-empty \"; } }\n"
    "server { listen 127.0.0.1:21271; server_name *.b.example;"
    " location / { return 200 \"s-wild-b *.b.example\"; } }\n"
    "server { listen 127.0.0.1:21272; server_name x;"
    " location / { return 200 \"s-first x\"; } }\n"
    "server { listen 127.0.0.1:21272 default_server; server_name y;"
    " location / { return 200 \"s-default y\"; } }\n"
    "server { listen 127.0.0.1:21271; server_name UPPER.Test;"
    " location / { return 200 \"s-upper upper.test\"; } }\n";


/* "port2 x", "absolute U + Host H", "(none, HTTP/1.0)" or a plain host. */
static struct lf_fake_request *
request_of(const char *cell, unsigned *port)
{
    char                     target[128] = "/", name[64];
    struct lf_fake_request  *request;

    *port = 21271;
    if (strncmp(cell, "port2 ", 6) == 0) {
        *port = 21272;
        cell += 6;
    }

    (void) snprintf(name, sizeof(name), "%s", cell);
    if (sscanf(cell, "absolute %60s + Host %60s", target + 7, name) == 2) {
        (void) memcpy(target, "http://", 7);
        (void) strcat(target, "/");
    } else {
        target[1] = '\0';
    }

    request = lf_fake_request_new(host, "GET", target);
    assert_non_null(request);

    if (strncmp(cell, "(none", 5) == 0) {
        lf_fake_set_http_1_0(request);
    } else {
        assert_int_equal(lf_fake_add_header(request, "Host", 4, name,
                                            strlen(name)), 0);
    }

    return request;
}


static void
check_server(const struct golden_row *row)
{
    size_t                     i;
    unsigned                   port;
    lf_str_t                   name;
    struct conf               *conf = build(servers, strlen(servers));
    const char                *got;
    struct lf_fake_request    *request = request_of(row->cells[0], &port);
    const struct conf_server  *server;

    assert_int_equal(lf_fake_refused(request) ? lf_fake_refused(request) : 200,
                     atoi(row->cells[1]));

    if (!lf_fake_refused(request)) {
        lf_fake_request_line(request, NULL, NULL, &name);
        for (i = 0; i < name.len; i++) {
            name.data[i] = (u_char) tolower(name.data[i]);
        }

        server = conf_find_server(conf, port, &name);
        assert_non_null(server);
        got = server->root.children->handler->args[2].text;
        if (strcmp(got, row->cells[2]) != 0) {
            fail_msg("%s: \"%s\" instead of \"%s\"", row->cells[0], got,
                     row->cells[2]);
        }
    }

    lf_fake_request_free(&request);
    checked++;
}


static void
the_server_is_the_one_nginx_chose(void **state)
{
    (void) state;

    checked = 0;
    assert_true(golden_each("server_select.tsv", check_server) > 0);
    assert_true(checked >= 26);
}


static int
set_up(void **state)
{
    char                    err[LF_ERR_LEN];
    struct lf_fake_options  options = { .log_fd = -1 };

    (void) state;

    arena = arena_new();
    host = lf_fake_new(&options, err);

    return arena == NULL || host == NULL;
}


static int
tear_down(void **state)
{
    (void) state;

    lf_fake_free(&host);
    arena_free(&arena);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_location_is_the_one_nginx_chose),
        cmocka_unit_test(the_server_is_the_one_nginx_chose),
    };

    return cmocka_run_group_tests_name("conf_golden", tests, set_up,
                                       tear_down);
}
