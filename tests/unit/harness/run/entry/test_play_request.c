/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests as they go out, and what cannot go out as it is written. */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <string.h>

#include "harness/run/entry/play_entry.h"

static struct play_session   session;
static struct play_settings  settings;
static struct play_options   options;
static struct host_request   request;
static struct request        http;


static int
setup(void **state)
{
    memset(&session, 0, sizeof(session));
    memset(&settings, 0, sizeof(settings));
    memset(&http, 0, sizeof(http));
    session.settings = &settings;
    assert_int_equal(eval_setup(state), 0);
    rig.e.answer = NULL;
    eval_set_text("v", "a b&\xc3\xa9");
    eval_set_text("n", "7");
    eval_set_text("lines", "a\r\nX-Evil: 1");

    return 0;
}


static int
teardown(void **state)
{
    request_free(&http);
    cookie_jar_free(&session.jar);

    return eval_teardown(state);
}

#define request_test(name)                                                    \
    cmocka_unit_test_setup_teardown(name, setup, teardown)


static int
build(const char *text)
{
    const struct script  *script = eval_parse(text);

    request_free(&http);
    assert_int_equal(play_options_read(&rig.e, &settings, script->entries,
                                       &options), 0);

    return play_request_build(&rig.e, &session, script->entries, &options,
                              &http, &request);
}


/* The whole request in one text; User-Agent and Accept are left out. */
static const char *
wire(void)
{
    size_t         i;
    const char    *text;
    struct strbuf  out = { 0 };

    strbuf_printf(&out, "%s %s\n", http.method, http.target);

    for (i = 0; i < http.header_count; i++) {
        if (strcmp(http.headers[i].name, "User-Agent") != 0
            && strcmp(http.headers[i].name, "Accept") != 0)
        {
            strbuf_printf(&out, "%s: %s\n", http.headers[i].name,
                          http.headers[i].value);
        }
    }

    if (http.body != NULL) {
        strbuf_addstr(&out, "\n");
        strbuf_add(&out, http.body, http.body_len);
    }

    text = arena_memdup(rig.arena, out.data, out.len);
    strbuf_free(&out);

    return text;
}


static void
expect(const char *text, const char *expected)
{
    if (build(text) != 0) {
        fail_msg("%s%u:%u: %s", text, rig.e.where.start.line,
                 rig.e.where.start.column, rig.e.message);
    }

    assert_string_equal(wire(), expected);
}


static void
expect_refused(const char *text, unsigned line, unsigned column,
               const char *message)
{
    if (build(text) != -1 || rig.e.where.start.line != line
        || rig.e.where.start.column != column
        || strstr(rig.e.message, message) == NULL)
    {
        fail_msg("%s%u:%u: %s", text, rig.e.where.start.line,
                 rig.e.where.start.column, rig.e.message);
    }
}


static void
a_bare_request_has_the_headers_of_curl(void **state)
{
    (void) state;

    expect("GET http://h.example:8080/p\n",
           "GET /p\nHost: h.example:8080\n");
    assert_string_equal(request_get_header(&http, "Accept"), "*/*");
    assert_non_null(strstr(request_get_header(&http, "User-Agent"),
                           "linkfunc/"));
    assert_string_equal(request.host, "h.example");
    assert_int_equal(request.port, 8080);
    assert_string_equal(http.url, "http://h.example:8080/p");

    expect("PURGE https://h\n", "PURGE /\nHost: h\n");
    assert_int_equal(request.port, 443);

    expect("GET http://[::1]:81/\n", "GET /\nHost: [::1]:81\n");
    assert_int_equal(request.port, 81);
}


static void
the_target_is_what_curl_would_send(void **state)
{
    size_t  i;
    static const char *const  rows[][3] = {
        { "http://h", "", "/" }, { "http://h/a/../b/./c", "", "/b/c" },
        { "http://h/a/../b/./c", "path-as-is: true", "/a/../b/./c" },
        { "http://h/../../x", "", "/x" }, { "http://h/a\\#frag", "", "/a" },
        { "http://h?q=1", "", "/?q=1" }, { "http://h/%2e%2e/a%20b", "",
                                           "/%2e%2e/a%20b" },
        { "http://h/a?b=../c", "", "/a?b=../c" },
        { "http://h/{{n}}", "", "/7" }, { "http://h:80/", "", "/" },
        { "http://h/\xc3\xa9", "", "/%c3%a9" }, { "http://h//a//", "",
                                                  "//a//" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        if (build(arena_printf(rig.arena, "GET %s\n[Options]\n%s\n",
                               rows[i][0], rows[i][1])) != 0
            || strcmp(http.target, rows[i][2]) != 0)
        {
            fail_msg("%s: %s, not %s", rows[i][0], http.target, rows[i][2]);
        }
    }
}


static void
urls_that_are_none_are_refused(void **state)
{
    (void) state;
    eval_set_text("bad", "localhost:8000");
    eval_set_text("blank", "http://h/a b");

    expect_refused("GET /reply\n", 1, 5, "missing protocol");
    expect_refused("GET {{bad}}\n", 1, 5, "invalid URL <localhost:8000>");
    expect_refused("GET ftp://h/\n", 1, 5, "missing protocol");
    expect_refused("GET http:///p\n", 1, 5, "no host");
    expect_refused("GET http://h:x/\n", 1, 5, "port");
    expect_refused("GET http://h:65536/\n", 1, 5, "port");
    expect_refused("GET {{blank}}\n", 1, 5, "a space");
    expect_refused("GET http://h/{{lines}}\n", 1, 5, "control byte");
    expect_refused("GET http://h/{{none}}\n", 1, 16, "must set the variable");
    expect_refused("CONNECT http://h/\n", 1, 1, "CONNECT cannot be sent");
}


static void
parameters_are_appended_and_encoded(void **state)
{
    (void) state;

    expect("GET http://h/p\n[Query]\na: {{v}}\nb[]: -._~/?\na: 2\n",
           "GET /p?a=a%20b%26%C3%A9&b[]=-._~%2F%3F&a=2\nHost: h\n");
    expect("GET http://h/p?x=1\n[QueryStringParams]\n{{n}}: {{n}}\n",
           "GET /p?x=1&7=7\nHost: h\n");
    expect("GET http://h\n[Query]\na:\n", "GET /?a=\nHost: h\n");
    expect("GET http://h/?\n[Query]\na: 1\n", "GET /?a=1\nHost: h\n");
    expect("GET http://h\n[Query]\n", "GET /\nHost: h\n");
    expect_refused("GET http://h\n[Query]\na\\u{20}b: 1\n", 2, 1, "a space");
}


static void
forms_are_bodies(void **state)
{
    (void) state;

    expect("POST http://h/\n[Form]\na: {{v}}\nb: x+y\na:\n",
           "POST /\nHost: h\n"
           "Content-Type: application/x-www-form-urlencoded\n"
           "Content-Length: 27\n\na=a%20b%26%C3%A9&b=x%2By&a=");
    expect("POST http://h/\nContent-Type: text/x\n[FormParams]\na: 1\n",
           "POST /\nHost: h\nContent-Type: text/x\nContent-Length: 3\n\na=1");
    expect("POST http://h/\n[Form]\n", "POST /\nHost: h\n");
    expect("POST http://h/\n[Form]\na: 1\n`x`\n",
           "POST /\nHost: h\n"
           "Content-Type: application/x-www-form-urlencoded\n"
           "Content-Length: 1\n\nx");
}


static void
bodies_bring_their_type(void **state)
{
    size_t  i;
    static const char *const  rows[][2] = {
        { "{\"a\":{{n}}}", "application/json" },
        { "```json\n{}\n```", "application/json" },
        { "<a/>", "application/xml" },
        { "```xml\n<a/>\n```", "application/xml" },
        { "```\nx\n```", NULL }, { "`x`", NULL }, { "hex,00;", NULL },
        { "base64,YQ==;", NULL }, { "```raw\nx\n```", NULL },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        const char  *type;

        assert_int_equal(build(arena_printf(rig.arena, "POST http://h\n%s\n",
                                            rows[i][0])), 0);
        type = request_get_header(&http, "Content-Type");
        if (rows[i][1] == NULL) {
            assert_null(type);
        } else {
            assert_string_equal(type, rows[i][1]);
        }
    }
}


static void
a_body_has_its_length_unless_the_script_says_so(void **state)
{
    (void) state;

    expect("PUT http://h\nhex,610062;\n",
           "PUT /\nHost: h\nContent-Length: 3\n\na");
    assert_int_equal(http.body_len, 3);
    assert_memory_equal(http.body, "a\0b", 3);

    expect("PUT http://h\nContent-Length: 9\n`x`\n",
           "PUT /\nHost: h\nContent-Length: 9\n\nx");
    expect("PUT http://h\nTransfer-Encoding: chunked\n`x`\n",
           "PUT /\nHost: h\nTransfer-Encoding: chunked\n\nx");
}


static void
headers_go_out_as_they_are_written(void **state)
{
    (void) state;

    expect("GET http://h/\nX-A: {{n}}\n{{n}}: b\nX-A:\nhost: other\n"
           "Accept: text/plain\nUser-Agent: me\n",
           "GET /\nhost: other\nX-A: 7\n7: b\nX-A: \n");
    assert_string_equal(request_get_header(&http, "Accept"), "text/plain");
    assert_string_equal(request_get_header(&http, "User-Agent"), "me");
    assert_string_equal(request.host, "h");

    expect("GET http://h/\nA: 1\n[Options]\nheader: B: {{n}}\n"
           "header: C:2\n", "GET /\nHost: h\nA: 1\nB: 7\nC: 2\n");
}


static void
no_value_makes_a_second_line(void **state)
{
    (void) state;

    expect_refused("GET http://h/\nA: {{lines}}\n", 2, 1, "must not hold CR");
    expect_refused("GET http://h/\n{{lines}}: b\n", 2, 1, "must not hold CR");
    expect_refused("GET http://h/\n[Cookies]\na: {{lines}}\n", 3, 1,
                   "must not hold CR");
    expect_refused("GET http://h/\n[Cookies]\n{{lines}}: a\n", 3, 1,
                   "must not hold CR");
    expect_refused("GET http://h/\n[Options]\nheader: A: {{lines}}\n", 3, 1,
                   "must not hold CR");
    expect_refused("GET http://h/\n[Options]\nheader: A\n", 3, 1,
                   "\"name: value\"");
    expect_refused("GET http://h/\n[Query]\n{{lines}}: a\n", 2, 1, "a space");
}


static void
users_become_basic_authorization(void **state)
{
    (void) state;

    expect("GET http://h/\n[BasicAuth]\nbob: {{n}}\n",
           "GET /\nHost: h\nAuthorization: Basic Ym9iOjc=\n");
    expect("GET http://h/\n[Options]\nuser: bob:7\n",
           "GET /\nHost: h\nAuthorization: Basic Ym9iOjc=\n");
    expect("GET http://bob:7@h/\n",
           "GET /\nHost: h\nAuthorization: Basic Ym9iOjc=\n");
    expect("GET http://b%6fb:7@h/\n",
           "GET /\nHost: h\nAuthorization: Basic Ym9iOjc=\n");
    expect("GET http://x:y@h/\n[Options]\nuser: bob:7\n",
           "GET /\nHost: h\nAuthorization: Basic Ym9iOjc=\n");
    expect("GET http://h/\nAuthorization: Bearer x\n[BasicAuth]\na: b\n",
           "GET /\nHost: h\nAuthorization: Bearer x\n");
    expect("GET http://h/\n[BasicAuth]\n", "GET /\nHost: h\n");
}


static void
cookies_of_the_store_and_the_script_share_a_header(void **state)
{
    (void) state;
    session.jar = cookie_jar_new();
    assert_int_equal(cookie_jar_receive(session.jar, "h", "/", "s=1", 3, 0),
                     0);

    expect("GET http://h/\n[Cookies]\na: {{n}}\nb: x y\n",
           "GET /\nHost: h\nCookie: s=1; a=7; b=x y\n");
    expect("GET http://h/\n", "GET /\nHost: h\nCookie: s=1\n");
    expect("GET http://other/\n", "GET /\nHost: other\n");
}


/* The request that a redirect of the first one of text leads to. */
static void
expect_redirect(const char *text, unsigned status, const char *expected)
{
    const struct script   *script = eval_parse(text);
    struct play_redirect   redirect = { .url = "http://h/to",
                                        .status = status };

    request_free(&http);
    assert_int_equal(play_options_read(&rig.e, &settings, script->entries,
                                       &options), 0);
    assert_int_equal(play_request_build(&rig.e, &session, script->entries,
                                        &options, &http, &request), 0);
    assert_int_equal(play_redirect_from(&rig.e, &redirect, &request), 0);
    request_free(&http);
    assert_int_equal(play_request_redirect(&rig.e, &session, script->entries,
                                           &options, &redirect, &http,
                                           &request), 0);
    assert_string_equal(wire(), expected);
}


static void
redirects_keep_or_lose_method_and_body(void **state)
{
    (void) state;

    expect_redirect("POST http://h/\n`x`\n", 302, "GET /to\nHost: h\n");
    expect_redirect("POST http://h/\n`x`\n", 303, "GET /to\nHost: h\n");
    expect_redirect("DELETE http://h/\n", 301, "GET /to\nHost: h\n");
    expect_redirect("GET http://h/\n`x`\n", 302, "GET /to\nHost: h\n");
    expect_redirect("HEAD http://h/\n", 303, "GET /to\nHost: h\n");
    expect_redirect("DELETE http://h/\n", 300, "DELETE /to\nHost: h\n");
    expect_redirect("POST http://h/\n`x`\n", 307,
                    "POST /to\nHost: h\nContent-Length: 1\n\nx");
    expect_redirect("PUT http://h/\n`x`\n", 308,
                    "PUT /to\nHost: h\nContent-Length: 1\n\nx");
}


static void
redirects_to_another_server_lose_the_user(void **state)
{
    (void) state;

    expect_redirect("GET http://g/\nAuthorization: a\nCookie: a=b\n"
                    "[BasicAuth]\na: b\n[Cookies]\na: b\n"
                    "[Options]\nlocation: true\n", 302,
                    "GET /to\nHost: h\n");
    expect_redirect("GET http://h:81/\nCookie: a=b\nHost: g\n", 302,
                    "GET /to\nHost: h\n");
    expect_redirect("GET https://h:80/\nCookie: a=b\n", 302,
                    "GET /to\nHost: h\n");
    expect_redirect("GET http://H:80/\nCookie: a=b\nHost: g\n", 302,
                    "GET /to\nHost: g\nCookie: a=b\n");
    expect_redirect("GET http://g/\nCookie: a=b\nHost: g\n"
                    "[Options]\nlocation-trusted: true\n", 302,
                    "GET /to\nHost: h\nCookie: a=b\n");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        request_test(a_bare_request_has_the_headers_of_curl),
        request_test(the_target_is_what_curl_would_send),
        request_test(urls_that_are_none_are_refused),
        request_test(parameters_are_appended_and_encoded),
        request_test(forms_are_bodies),
        request_test(bodies_bring_their_type),
        request_test(a_body_has_its_length_unless_the_script_says_so),
        request_test(headers_go_out_as_they_are_written),
        request_test(no_value_makes_a_second_line),
        request_test(users_become_basic_authorization),
        request_test(cookies_of_the_store_and_the_script_share_a_header),
        request_test(redirects_keep_or_lose_method_and_body),
        request_test(redirects_to_another_server_lose_the_user),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
