/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries: what each finds in an answer, and what bad answers come to. */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


static void
the_answer_itself_is_queried(void **state)
{
    static const struct eval_row  rows[] = {
        { "status == 200", "pass" }, { "status isInteger", "pass" },
        { "version == \"1.1\"", "pass" },
        { "url == \"http://localhost/path\"", "pass" },
        { "duration == 2", "pass" }, { "duration < 1000", "pass" },
        { "body == \"a\"", "pass" }, { "body isString", "pass" },
        { "bytes == hex,61;", "pass" }, { "bytes isCollection", "pass" },
        { "md5 == hex,0cc175b9c0f1b6a831c399e269772661;", "pass" },
        { "sha256 == hex,ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807"
          "785afee48bb;", "pass" },
        { "variable \"v\" == 7", "pass" },
        { "variable \"{{name}}\" == 7", "pass" },
        { "variable \"none\" not exists", "pass" },
        { "variable \"none\" exists", "fail: none / something" },
    };

    (void) state;
    eval_set_text("v", "7");
    eval_set_text("name", "v");
    eval_set_body("a", 1);
    eval_expect_rows(rows, COUNT(rows));
}


static void
an_empty_body_is_an_empty_text(void **state)
{
    static const struct eval_row  rows[] = {
        { "body == \"\"", "pass" }, { "body isEmpty", "pass" },
        { "bytes isEmpty", "pass" }, { "bytes count == 0", "pass" },
        { "md5 == hex,d41d8cd98f00b204e9800998ecf8427e;", "pass" },
        { "regex /(a)/ not exists", "pass" },
        { "jsonpath \"$\" exists", "error 1: Invalid JSON" },
    };

    (void) state;
    eval_expect_rows(rows, COUNT(rows));
}


static void
headers_are_one_or_many(void **state)
{
    static const struct eval_row  rows[] = {
        { "header \"One\" == \"1\"", "pass" },
        { "header \"oNE\" == \"1\"", "pass" },
        { "header \"{{name}}\" == \"1\"", "pass" },
        { "header \"Many\" count == 2", "pass" },
        { "header \"Many\" nth 1 == \"b\"", "pass" },
        { "header \"Many\" contains \"a\"", "pass" },
        { "header \"Many\" == \"a\"", "fail: list <[\"a\",\"b\"]> / string" },
        { "header \"Empty\" == \"\"", "pass" },
        { "header \"Empty\" exists", "pass" },
        { "header \"None\" not exists", "pass" },
        { "header \"\" not exists", "pass" },
        { "header \"Latin\" == \"\xc3\xa9\"", "pass" },
        { "header \"{{none}}\" exists", "error 11: Undefined variable" },
    };

    (void) state;
    eval_set_text("name", "One");
    eval_add_header("One", "1");
    eval_add_header("Many", "a");
    eval_add_header("Empty", "");
    eval_add_header("MANY", "b");
    eval_add_header("Latin", "\xe9");
    eval_expect_rows(rows, COUNT(rows));
}


static void
cookies_and_their_attributes_are_found(void **state)
{
    static const struct eval_row  rows[] = {
        { "cookie \"a\" == \"1\"", "pass" },
        { "cookie \"a[Value]\" == \"1\"", "pass" },
        { "cookie \"a[value]\" == \"1\"", "pass" },
        { "cookie \"{{name}}[Path]\" == \"/p\"", "pass" },
        { "cookie \"a[DOMAIN]\" == \"h.example\"", "pass" },
        { "cookie \"a[Max-Age]\" == 60", "pass" },
        { "cookie \"a[SameSite]\" == \"Lax\"", "pass" },
        { "cookie \"a[Secure]\" exists", "pass" },
        { "cookie \"a[HttpOnly]\" exists", "pass" },
        { "cookie \"a[Expires]\" isDate", "pass" },
        { "cookie \"a[Expires]\" toString == \"2078-01-13T22:23:01.000000Z\"",
          "pass" },
        { "cookie \"b\" == \"\"", "pass" },
        { "cookie \"b[Secure]\" not exists", "pass" },
        { "cookie \"b[Path]\" not exists", "pass" },
        { "cookie \"b[Max-Age]\" not exists", "pass" },
        { "cookie \"b[Expires]\" toString == \"2021-01-13T22:23:01.000000Z\"",
          "pass" },
        { "cookie \"c=d\" not exists", "pass" },
        { "cookie \"c\" == \"d=e\"", "pass" },
        { "cookie \"A\" not exists", "pass" },
        { "cookie \"x\" not exists", "pass" },
        { "cookie \"bad[Expires]\" exists", "error 1: Invalid cookie" },
        { "cookie \"bad\" == \"1\"", "pass" },
    };

    (void) state;
    eval_set_text("name", "a");
    eval_add_header("Set-Cookie", "x");
    eval_add_header("Set-Cookie", "=y");
    eval_add_header("Set-Cookie", "");
    eval_add_header("Set-Cookie", "a=1; Path=/p; Domain=h.example; Secure;"
                    " HttpOnly; SameSite=Lax; Max-Age=60;"
                    " Expires=Thu, 13 Jan 2078 22:23:01 GMT");
    eval_add_header("set-cookie", "b=; Expires=Wed, 13-Jan-2021 22:23:01 GMT");
    eval_add_header("Set-Cookie", "a=2");
    eval_add_header("Set-Cookie", "c=d=e;;;=;");
    eval_add_header("Set-Cookie", "bad=1; Expires=tomorrow");
    eval_expect_rows(rows, COUNT(rows));
}


static void
jsonpath_maps_nodes_as_hurl_does(void **state)
{
    static const char  json[] =
        "{\"a\":[1,2.0,\"x\",null,true,{\"b\":[]}],\"one\":[7],"
        "\"big\":99999999999999999999,\"e\":1e2,\"o\":{\"k\":1,\"l\":2}}";
    static const struct eval_row  rows[] = {
        { "jsonpath \"$.a[0]\" == 1", "pass" },
        { "jsonpath \"$.a[1]\" isFloat", "pass" },
        { "jsonpath \"$.a[0]\" isInteger", "pass" },
        { "jsonpath \"$.a[3]\" == null", "pass" },
        { "jsonpath \"$.a[3]\" exists", "pass" },
        { "jsonpath \"$.a[4]\" == true", "pass" },
        { "jsonpath \"$.a[5].b\" isEmpty", "pass" },
        { "jsonpath \"$.a[9]\" not exists", "pass" },
        { "jsonpath \"$.none\" exists", "fail: none" },
        { "jsonpath \"$.one\" count == 1", "pass" },
        { "jsonpath \"$.one[*]\" == 7", "pass" },
        { "jsonpath \"$.o.*\" count == 2", "pass" },
        { "jsonpath \"$.o\" isObject", "pass" },
        { "jsonpath \"$.o\" count == 2", "error 16: Filter error" },
        { "jsonpath \"$.big\" == 99999999999999999999", "pass" },
        { "jsonpath \"$.big\" isInteger", "pass" },
        { "jsonpath \"$.e\" == 100", "pass" },
        { "jsonpath \"$.{{key}}[2]\" == \"x\"", "pass" },
        { "jsonpath \"$[\" exists", "error 10: Invalid JSONPath" },
        { "jsonpath \"\" exists", "error 10: Invalid JSONPath" },
        { "jsonpath \"$.a-b\" exists", "error 10: Invalid JSONPath" },
    };

    (void) state;
    eval_set_text("key", "a");
    eval_set_body(json, strlen(json));
    eval_expect_rows(rows, COUNT(rows));
}


static void
a_body_that_is_no_json_is_an_error_at_the_query(void **state)
{
    size_t  i;
    static const char *const  bodies[] = {
        "", " ", "{", "{\"a\":1,}", "[1 2]", "nul", "'a'", "\"\n\"",
        "\"\\ud800\"", "01", "1.", "+1", "NaN", "{} x", "\xef\xbb\xbf{}",
        "[1]\x01"
    };

    (void) state;

    for (i = 0; i < COUNT(bodies); i++) {
        eval_set_body(bodies[i], strlen(bodies[i]));
        eval_expect_line("jsonpath \"$\" exists", "error 1: Invalid JSON");
        eval_expect_line("jsonpath \"$\" not exists", "error 1: Invalid");
    }
}


static void
regex_finds_the_first_group(void **state)
{
    static const struct eval_row  rows[] = {
        { "regex /(\\d+)/ == \"12\"", "pass" },
        { "regex \"(\\\\d+)\" == \"12\"", "pass" },
        { "regex \"{{re}}\" == \"12\"", "pass" },
        { "regex /a\\/(b)/ == \"b\"", "pass" },
        { "regex /(\xc3\xa9.)/ == \"\xc3\xa9z\"", "pass" },
        { "regex /\\d+/ not exists", "pass" },
        { "regex /(x)?12/ not exists", "pass" },
        { "regex /(nothing)/ not exists", "pass" },
        { "regex \"(\" exists", "error 7: Invalid regex" },
        { "regex \"\" not exists", "pass" },
    };

    (void) state;
    eval_set_text("re", "([0-9]+)");
    eval_set_body("a/b 12 \xc3\xa9z 34", 14);
    eval_expect_rows(rows, COUNT(rows));
}


static void
the_charset_of_the_answer_decides_what_its_text_is(void **state)
{
    size_t  i;
    static const struct {
        const char  *type, *body, *line, *expected;
    } rows[] = {
        { "text/plain", "\xc3\xa9", "body == {{e}}", "pass" },
        { "text/plain; charset=UTF8", "\xc3\xa9", "body == {{e}}", "pass" },
        { "text/plain; charset=\"utf-8\"", "\xc3\xa9", "body == {{e}}",
          "pass" },
        { "text/plain; charset=iso-8859-1", "\xe9", "body == {{e}}", "pass" },
        { "text/plain;charset=latin1; x=y", "\xe9", "body == {{e}}", "pass" },
        { "text/plain; charset=us-ascii", "\x80", "body == \"\xe2\x82\xac\"",
          "pass" },
        { "text/plain; charset=ascii", "\x81\x8d", "body == \"\\u{81}\\u{8d}\"",
          "pass" },
        { "text/plain; charset=gb2312", "\xc4\xe3", "body == \"\xe4\xbd\xa0\"",
          "pass" },
        { "text/plain; charset=shift_jis", "\x82\xa0",
          "body == \"\xe3\x81\x82\"", "pass" },
        { "text/plain", "\xe9", "body exists",
          "error 1: Decoding error: value can not be decoded with <utf-8>" },
        { "text/plain", "\xc3", "body exists", "error 1: Decoding error" },
        { "text/plain", "\xed\xa0\x80", "body exists", "error 1: Decoding" },
        { "text/plain; charset=gb2312", "\xff", "body exists", "error 1" },
        { "text/plain; charset=none", "a", "body exists", "error 1" },
        { "text/plain; charset=", "a", "body exists", "error 1" },
        { "text/plain; charset=utf-8//IGNORE", "\xff", "body exists",
          "error 1" },
        { "text/plain", "\xe9", "bytes == hex,e9;", "pass" },
        { "text/plain", "\xe9", "jsonpath \"$\" exists", "error 1: Decoding" },
        { "text/plain", "\xe9", "regex /(.)/ exists", "error 1: Decoding" },
        { "text/plain", "\xe9", "body not exists", "error 1: Decoding" },
        { "text/plain", "\xe9", "md5 exists", "pass" },
        { "text/plain", "\xe9", "sha256 count == 32", "pass" },
    };

    (void) state;
    eval_set_text("e", "\xc3\xa9");

    for (i = 0; i < COUNT(rows); i++) {
        rig.answer.header_count = 0;
        eval_add_header("Content-Type", rows[i].type);
        eval_set_body(rows[i].body, strlen(rows[i].body));
        eval_expect_line(rows[i].line, rows[i].expected);
    }
}


static void
an_encoded_body_is_not_taken_for_a_plain_one(void **state)
{
    static const struct eval_row  rows[] = {
        { "body exists", "error 1: Decompression error" },
        { "bytes exists", "error 1: Decompression error" },
        { "sha256 exists", "error 1: Decompression error" },
        { "jsonpath \"$\" exists", "error 1: Decompression error" },
        { "rawbytes == hex,1f8b;", "pass" },
    };

    (void) state;
    eval_add_header("Content-Encoding", "gzip");
    eval_set_body("\x1f\x8b", 2);
    eval_expect_rows(rows, COUNT(rows));
}


static void
what_no_host_of_ours_can_tell_is_not_applicable(void **state)
{
    static const struct eval_row  rows[] = {
        { "certificate \"Subject\" exists", "na: certificate \"Subject\": "
          "not applicable on the mock host (no TLS); run hurl against a" },
        { "certificate \"Subject\" not exists", "na: certificate" },
        { "ip == \"127.0.0.1\"", "na: ip" },
        { "redirects count == 0", "na: redirects" },
        { "rawbytes count == 0", "na: rawbytes" },
        { "version == \"2\"", "na: version" },
        { "version not == \"3\"", "na: version" },
        { "version != \"1.0\"", "na: version" },
        { "version == \"{{two}}\"", "na: version" },
        { "version == \"1.2\"", "fail: string <1.1>" },
        { "version == \"{{none}}\"", "error 15: Undefined variable" },
        { "version startsWith \"1\"", "pass" },
    };

    (void) state;
    eval_set_text("two", "2");
    eval_expect_rows(rows, COUNT(rows));

    rig.e.in_process = 0;
    eval_expect_line("rawbytes count == 0", "pass");

    rig.e.own_server = 0;
    eval_expect_line("version == \"2\"", "fail: string <1.1>");
    eval_expect_line("ip exists", "na: ip: not applicable here");
}


static void
a_flood_of_cookies_takes_no_quadratic_time(void **state)
{
    size_t               i, count = 200000;
    struct http_header  *headers = calloc(count, sizeof(*headers));

    (void) state;
    assert_non_null(headers);

    for (i = 0; i < count; i++) {
        headers[i].name.data = "Set-Cookie";
        headers[i].value.data = "a=b; Path=/";
        headers[i].value.len = 11;
    }

    rig.answer.headers = headers;
    rig.answer.header_count = count;
    eval_expect_line("cookie \"none\" not exists", "pass");
    eval_expect_line("header \"set-cookie\" count == 200000", "pass");
    free(headers);
}


static void
deep_and_wide_json_comes_to_an_end(void **state)
{
    size_t  len = 2000000;
    char   *body = malloc(len);

    (void) state;
    assert_non_null(body);

    memset(body, '[', len);
    eval_set_body(body, len);
    eval_expect_line("jsonpath \"$\" exists", "error 1: Invalid JSON");

    memset(body, '1', len);
    eval_set_body(body, len);
    eval_expect_line("jsonpath \"$\" isInteger", "pass");
    eval_expect_line("jsonpath \"$\" > 1", "pass");
    eval_expect_line("jsonpath \"$\" == 1", "fail: integer <111");
    free(body);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        eval_test(the_answer_itself_is_queried),
        eval_test(an_empty_body_is_an_empty_text),
        eval_test(headers_are_one_or_many),
        eval_test(cookies_and_their_attributes_are_found),
        eval_test(jsonpath_maps_nodes_as_hurl_does),
        eval_test(a_body_that_is_no_json_is_an_error_at_the_query),
        eval_test(regex_finds_the_first_group),
        eval_test(the_charset_of_the_answer_decides_what_its_text_is),
        eval_test(an_encoded_body_is_not_taken_for_a_plain_one),
        eval_test(what_no_host_of_ours_can_tell_is_not_applicable),
        eval_test(a_flood_of_cookies_takes_no_quadratic_time),
        eval_test(deep_and_wide_json_comes_to_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
