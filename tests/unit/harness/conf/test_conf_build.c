/* SPDX-License-Identifier: BSD-2-Clause */
/* Configurations that nginx refuses are refused in its words and at its line;
 * what the mock does not simulate is noted. */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/conf/conf.h"
#include "harness/host/mock/mock_vars.h"
#include "tests/unit/unit.h"


#define HEX  "0123456789abcdef0123456789abcdef" \
             "0123456789abcdef0123456789abcdef"


/* NULL: it was refused, error says why. */
static struct conf *
build(struct arena *arena, const char *text, struct conf_error *error)
{
    struct conf_node  *root;

    return conf_parse(arena, "t.conf", text, strlen(text), &root, error) == 0
           ? conf_build(arena, root, mock_is_variable, error) : NULL;
}


static void
what_nginx_refuses_is_refused(void **state)
{
    size_t              i;
    struct arena       *arena;
    struct conf_error   error;
    static const struct { const char *conf; unsigned line; const char *text; }
    rows[] = {
        { "listen 80", 1, "unexpected end of file, expecting \";\" or \"}\"" },
        { "}\n", 1, "unexpected \"}\"" },
        { "server {\n listen 80;\n", 3,
          "unexpected end of file, expecting \"}\"" },
        { ";", 1, "unexpected \";\"" },
        { "location /a { }\nlocation /a { }", 2, "duplicate location \"/a\"" },
        { "location /a { }\nlocation ^~ /a { }", 2, "duplicate location" },
        { "location /a {\n location /b { }\n}", 2,
          "location \"/b\" is outside location \"/a\"" },
        { "location = /a {\n location /a/b { }\n}", 2,
          "cannot be inside the exact location \"/a\"" },
        { "location /a {\n location @n { }\n}", 2,
          "named location \"@n\" can be on the server level only" },
        { "location ! /a { }", 1, "invalid location modifier \"!\"" },
        { "location ~ \"a(\" { }", 1, "pcre2_compile() failed" },
        { "location /a;", 1, "has no opening \"{\"" },
        { "internal;", 1, "\"internal\" directive is not allowed here" },
        { "ngx_link_func_call x;", 1, "is not allowed here" },
        { "ngx_link_func_lib a b;", 1, "invalid number of arguments in "
          "\"ngx_link_func_lib\" directive" },
        { "ngx_link_func_lib a;\nngx_link_func_lib b;", 2,
          "\"ngx_link_func_lib\" directive is duplicate" },
        { "ngx_link_func_lib a { }", 1, "is not terminated by \";\"" },
        { "ngx_link_func_lub a;", 1, "unknown directive" },
        { "ngx_link_func_subrequest /a a a a a a a a;", 1,
          "invalid number of arguments in \"ngx_link_func_subrequest\"" },
        { "events {\n ngx_link_func_lib a; }", 2, "is not allowed here" },
        { "events { }\nstream { server {\n ngx_link_func_lib a; } }", 3,
          "is not allowed here" },
        { "location / { limit_except GET {\n ngx_link_func_lub a; } }", 2,
          "unknown directive \"ngx_link_func_lub\"; did you mean "
          "\"ngx_link_func_lib\"?" },
        { "location / {\n ngx_link_func_call f; }", 2,
          "the server has no app" },
        { "ngx_link_func_lib a;\nngx_link_func_download_link_lib http://h/a b;",
          2, "conflicts with \"ngx_link_func_lib\"" },
        { "ngx_link_func_download_link_lib http://h/a b;\nngx_link_func_lib a;",
          2, "conflicts with \"ngx_link_func_download_link_lib\"" },
        { "ngx_link_func_download_sha256 " HEX ";", 1, "has no effect" },
        { "server { ngx_link_func_download_link_lib http://h/a b; }\n"
          "server { ngx_link_func_download_link_lib http://h/c b; }", 2,
          "something else to the same file" },
        { "server { ngx_link_func_download_link_lib http://h/a b; }\n"
          "server { ngx_link_func_download_link_lib http://h/a b;\n"
          "ngx_link_func_download_sha256 " HEX "; }", 2,
          "something else to the same file" },
        { "ngx_link_func_ca_cert a;\nngx_link_func_ca_cert b;", 2,
          "is duplicate" },
        { "ngx_link_func_subrequest a;", 1, "must begin with \"/\"" },
        { "ngx_link_func_subrequest /a incl;", 1, "unknown flag" },
        { "server { }\nngx_link_func_subrequest /a;", 2, "not allowed here" },
        { "location / {\n if ($uri) { ngx_link_func_subrequest /a; } }", 2,
          "not allowed here" },
        { "location / {\n if ($uri) { ngx_link_func_call f; } }", 2,
          "not allowed here" },
        { "location / {\n if ($nosuch) { } }", 2, "unknown \"nosuch\"" },
        { "location / {\n if $uri { } }", 2, "invalid condition \"$uri\"" },
        { "location / {\n if ($uri == a) { } }", 2, "unexpected \"==\"" },
        { "location / {\n if ($uri ~ \"a(\") { } }", 2,
          "pcre2_compile() failed" },
        { "if ($uri) {\n ngx_link_func_add_req_header A b; }", 2,
          "not allowed here" },
        { "aio maybe;", 1, "invalid value" },
        { "aio threads=;", 1, "invalid thread pool name" },
        { "aio threads=p;", 1, "unknown thread pool \"p\"" },
        { "events { }\nthread_pool p;", 2, "invalid number of arguments" },
        { "events { }\nthread_pool p size=1;", 2, "invalid parameter" },
        { "events { }\nthread_pool p threads=1;\nthread_pool p threads=1;", 3,
          "duplicate thread pool" },
        { "ngx_link_func_add_req_header a $nosuch;", 1,
          "unknown \"nosuch\" variable" },
        { "ngx_link_func_add_req_header host a;", 1, "framing" },
        { "server { ngx_link_func_shm_size 1m; }", 1, "is not allowed here" },
        { "http { ngx_link_func_shm_size 1k; server { } }", 1,
          "at least 32k" },
        { "http { }\nhttp { }", 2, "\"http\" directive is duplicate" },
        { "merge_slashes yes;", 1, "it must be \"on\" or \"off\"" },
        { "listen 0;", 1, "invalid port in \"0\"" },
        { "listen 65536;", 1, "invalid port in \"65536\"" },
        { "server_name a.*.b;", 1, "server name \"a.*.b\" is invalid" },
        { "server { listen 1 default_server; }\n"
          "server { listen 1 default_server; }", 2,
          "a duplicate default server" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        arena = arena_new();
        assert_null(build(arena, rows[i].conf, &error));
        if (strstr(error.text, rows[i].text) == NULL
            || error.line != rows[i].line)
        {
            fail_msg("%s: line %u: \"%s\"", rows[i].conf, error.line,
                     error.text);
        }
        arena_free(&arena);
    }
}


static void
what_the_mock_does_not_simulate_is_noted_once(void **state)
{
    size_t              n = 0;
    struct conf        *conf;
    struct arena       *arena = arena_new();
    struct conf_note   *note;
    struct conf_error   error;

    (void) state;

    conf = build(arena, "gzip on;\nsendfile on;\n"
                 "location / { gzip off; proxy_pass http://x; }", &error);
    assert_non_null(conf);
    for (note = conf->notes; note != NULL; note = note->next) {
        n++;
    }
    assert_int_equal(n, 3);
    assert_int_equal(conf->notes->node->line, 1);
    assert_string_equal(conf->servers->root.children->handler->args[0].text,
                        "proxy_pass");
    arena_free(&arena);
}


static void
inner_blocks_inherit_what_they_do_not_say(void **state)
{
    struct conf                 *conf;
    struct arena                *arena = arena_new();
    struct conf_error            error;
    const struct conf_location  *outer, *inner;

    (void) state;

    conf = build(arena, "http { ngx_link_func_add_prop a 1;\n"
                 "client_max_body_size 2m;\n"
                 "server { ngx_link_func_lib l; location /a {\n"
                 " ngx_link_func_call f;\n"
                 " ngx_link_func_add_req_header X 1;\n"
                 " location /a/b { client_max_body_size 1k; } } } }", &error);
    assert_non_null(conf);
    outer = conf->servers->root.children;
    inner = outer->children;
    assert_int_equal(conf->servers->props.count, 1);
    assert_int_equal(outer->body_max, 2 * 1024 * 1024);
    assert_int_equal(inner->body_max, 1024);
    assert_string_equal(inner->call, "f");
    assert_ptr_equal(inner->headers, outer->headers);
    arena_free(&arena);
}


/* It is read as an offset: of nginx's sizes only those know g. */
static void
a_limit_of_the_body_may_be_in_gigabytes(void **state)
{
    size_t             i;
    char               text[128];
    struct conf       *conf;
    struct arena      *arena = arena_new();
    struct conf_error  error;
    static const struct { const char *value; size_t bytes; }
    rows[] = {
        { "1g", (size_t) 1 << 30 }, { "3G", (size_t) 3 << 30 },
        { "8589934591g", (size_t) 8589934591 << 30 },
        { "7", 7 }, { "2k", 2048 }, { "2M", 2 << 20 }, { "0", 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void) snprintf(text, sizeof(text), "location /a { "
                        "client_max_body_size %s; }", rows[i].value);
        conf = build(arena, text, &error);
        assert_non_null(conf);
        assert_int_equal(conf->servers->root.children->body_max,
                         rows[i].bytes);
    }

    arena_free(&arena);
}


static void
lists_of_subrequests_hide_those_above(void **state)
{
    struct conf                 *conf;
    struct arena                *arena = arena_new();
    struct conf_error            error;
    const struct conf_location  *own, *bare;

    (void) state;

    conf = build(arena, "ngx_link_func_subrequest /s;\naio threads;\n"
                 "location /own { aio off; ngx_link_func_subrequest /a;\n"
                 "ngx_link_func_subrequest /b incl_body CHECK_status; }\n"
                 "location /bare { }", &error);
    assert_non_null(conf);
    own = conf->servers->root.children;
    bare = own->next;
    assert_text_equal(own->subs->uri.data, "/a");
    assert_int_equal(own->subs->next->flags,
                     LF_SUBREQUEST_BODY|LF_SUBREQUEST_STATUS);
    assert_false(own->subs_inherited);
    assert_false(own->threads);
    assert_text_equal(bare->subs->uri.data, "/s");
    assert_true(bare->subs_inherited);
    assert_true(bare->threads);
    arena_free(&arena);
}


static void
the_first_that_answers_is_noted(void **state)
{
    struct conf                 *conf;
    struct arena                *arena = arena_new();
    struct conf_error            error;
    const struct conf_location  *l;

    (void) state;

    conf = build(arena, "location /a { autoindex on; proxy_pass http://x;\n"
                 "return 204; }\nlocation /b { try_files a b; }", &error);
    assert_non_null(conf);
    l = conf->servers->root.children;
    assert_int_equal(l->answers, CONF_ANSWERS_FIRST);
    assert_string_equal(l->handler->args[0].text, "return");
    assert_int_equal(l->next->answers, CONF_ANSWERS_LATE);
    arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_nginx_refuses_is_refused),
        cmocka_unit_test(what_the_mock_does_not_simulate_is_noted_once),
        cmocka_unit_test(inner_blocks_inherit_what_they_do_not_say),
        cmocka_unit_test(a_limit_of_the_body_may_be_in_gigabytes),
        cmocka_unit_test(lists_of_subrequests_hide_those_above),
        cmocka_unit_test(the_first_that_answers_is_noted),
    };

    return cmocka_run_group_tests_name("conf_build", tests, NULL, NULL);
}
