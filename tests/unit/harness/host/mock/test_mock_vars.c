/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables that the regular expressions of a configuration make. */
#include "lib/base/arena.h"
#include "harness/conf/conf.h"
#include "harness/host/mock/mock_vars.h"
#include "tests/unit/mock.h"

static const char  conf_text[] =
    "server { server_name plain '~^(?<sub>[a-z]+)\\.(?<Dom>ex)$' .dot;"
    "  location / { }"
    "  location ~ ^/u/(\\d+)(?<rest>/.*)? {"
    "    location ~ \\.(?P<ext>[a-z]+)$ { }"
    "    location ~ 7$ { }"
    "  }"
    "}";


static void
expand(const char *host, const char *path, const char *text, char *why,
       struct strbuf *to)
{
    lf_str_t                 name = { strlen(host), (u_char *) host }, value;
    struct conf             *conf;
    struct arena            *arena = arena_new();
    struct conf_node        *root;
    struct conf_error        error;
    struct lf_fake_request  *request = lf_fake_request_new(mock, "GET", path);
    const struct conf_server    *server;
    const struct conf_location  *location;

    assert_int_equal(conf_parse(arena, "t", conf_text, strlen(conf_text),
                                &root, &error), 0);
    conf = conf_build(arena, root, mock_is_variable, &error);
    assert_non_null(conf);
    mock_header(request, "Host", host);
    assert_int_equal(lf_fake_refused(request), 0);

    server = conf_find_server(conf, 80, &name);
    location = conf_find_location(server, &lf_fake_core(request)->uri, why);
    value = (lf_str_t) { strlen(text), (u_char *) (uintptr_t) text };
    to->len = 0;
    why[0] = '\0';
    (void) mock_vars_expand(&value, request, server, location, to, why);

    lf_fake_request_free(&request);
    arena_free(&arena);
}


static void
what_a_regex_took_is_a_variable(void **state)
{
    size_t         i;
    char           why[LF_ERR_LEN];
    struct strbuf  got = { 0 };
    static const struct { const char *host, *path, *text, *want; }  rows[] = {
        { "foo.ex", "/", "$sub.$dom", "foo.ex" },
        { "foo.ex", "/", "$1|$2|$3", "foo|ex|" },
        { "foo.ex", "/u/12/a", "$1|$2|$rest|$sub", "12|/a|/a|foo" },
        { "foo.ex", "/u/12/a.txt", "$1|$2|$rest|${ext}s", "txt||/a.txt|txts" },
        { "plain", "/u/7", "<$1$rest$ext$sub>", "<>" },
        { "plain", "/", "<$1$rest>", "<>" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expand(rows[i].host, rows[i].path, rows[i].text, why, &got);
        assert_string_equal(why, "");
        assert_int_equal(got.len, strlen(rows[i].want));
        assert_memory_equal(got.data, rows[i].want, got.len);
    }

    strbuf_free(&got);
}


static void
a_variable_that_is_not_computed_is_named(void **state)
{
    char           why[LF_ERR_LEN];
    struct strbuf  got = { 0 };

    (void) state;
    expand("plain", "/", "$tcpinfo_rtt", why, &got);
    assert_non_null(strstr(why, "\"tcpinfo_rtt\""));
    strbuf_free(&got);
}


static void
server_name_is_shown_as_nginx_shows_it(void **state)
{
    size_t                   i;
    lf_str_t                 shown;
    struct conf             *conf;
    struct arena            *arena = arena_new();
    struct conf_node        *root;
    struct conf_error        error;
    const struct conf_name  *name;
    static const char *const  want[] = {
        "plain", "~^(?<sub>[a-z]+)\\.(?<Dom>ex)$", "dot"
    };

    (void) state;
    assert_int_equal(conf_parse(arena, "t", conf_text, strlen(conf_text),
                                &root, &error), 0);
    conf = conf_build(arena, root, mock_is_variable, &error);
    assert_non_null(conf);
    name = conf->servers->names;

    for (i = 0; i < 3; i++, name = name->next) {
        shown = conf_server_name(name);
        assert_int_equal(shown.len, strlen(want[i]));
        assert_memory_equal(shown.data, want[i], shown.len);
    }

    arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(what_a_regex_took_is_a_variable),
        mock_test(a_variable_that_is_not_computed_is_named),
        mock_test(server_name_is_shown_as_nginx_shows_it),
    };

    return cmocka_run_group_tests_name("conf_vars", tests, NULL, NULL);
}
