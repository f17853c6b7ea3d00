/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters: what each makes of right input, what it refuses, and where the
 * error stands.
 */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <string.h>
#include <time.h>

#define LIST   "variable \"list\" "


/* One variable of each kind, named after it. */
static int
setup(void **state)
{
    size_t         i;
    struct value   v = { .kind = VALUE_NULL };
    struct value   items[3] = { value_int(1), value_int(2),
                                value_string("z", 1) };
    static const char *const  texts[][2] = {
        { "bool", "true" }, { "int", "42" }, { "float", "3.9" },
        { "big", "99999999999999999999" }, { "string", "abc" },
    };

    assert_int_equal(eval_setup(state), 0);

    for (i = 0; i < COUNT(texts); i++) {
        eval_set_text(texts[i][0], texts[i][1]);
    }

    eval_set("null", &v);
    v.kind = VALUE_OBJECT;
    eval_set("object", &v);
    v.kind = VALUE_UNIT;
    eval_set("unit", &v);
    v.kind = VALUE_LIST;
    eval_set("empty", &v);
    v.items = items;
    v.count = 3;
    eval_set("list", &v);

    v = value_string("\x01\xff", 2);
    v.kind = VALUE_BYTES;
    eval_set("bytes", &v);

    v.kind = VALUE_DATE;
    v.integer = (long long) time(NULL) + 30 * 3600;
    eval_set("date", &v);

    return 0;
}

#define filter_test(name)                                                     \
    cmocka_unit_test_setup_teardown(name, setup, eval_teardown)


/* The filter refuses all kinds but those whose names are in `takes`. */
static void
expect_kinds(const char *filter, const char *takes)
{
    size_t       i;
    const char  *result;
    static const char *const  kinds[] = {
        "null", "bool", "int", "float", "string", "bytes", "date", "list",
        "object", "unit"
    };

    for (i = 0; i < COUNT(kinds); i++) {
        if (strstr(takes, kinds[i]) != NULL) {
            continue;
        }
        result = eval_line(arena_printf(rig.arena,
                                        "variable \"%s\" %s not == 1",
                                        kinds[i], filter));
        if (strstr(result, "invalid filter input: ") == NULL
            || strstr(result, kinds[i]) == NULL)
        {
            fail_msg("%s of %s: %s", filter, kinds[i], result);
        }
    }
}


static void
a_wrong_kind_is_an_error(void **state)
{
    size_t  i;
    static const char *const  filters[][2] = {
        { "base64Decode", "string" }, { "base64Encode", "bytes" },
        { "base64UrlSafeDecode", "string" },
        { "base64UrlSafeEncode", "bytes" },
        { "charsetDecode \"utf-8\"", "bytes" }, { "count", "list bytes" },
        { "dateFormat \"%Y\"", "date" },
        { "daysAfterNow", "date" }, { "format \"%Y\"", "date" },
        { "toDate \"%Y\"", "string" }, { "daysBeforeNow", "date" },
        { "decode \"utf-8\"", "bytes" }, { "first", "list" },
        { "htmlEscape", "string" }, { "jsonpath \"$\"", "string" },
        { "last", "list" }, { "nth 0", "list" }, { "regex /(a)/", "string" },
        { "replace \"a\" \"b\"", "string" },
        { "replaceRegex /a/ \"b\"", "string" }, { "split \",\"", "string" },
        { "toFloat", "float int string" }, { "toHex", "bytes" },
        { "toInt", "float int string" },
        { "toString", "null bool int float string date" },
        { "urlDecode", "string" }, { "urlEncode", "string" },
        { "urlQueryParam \"a\"", "string" }, { "utf8Decode", "bytes" },
        { "utf8Encode", "string" },
    };

    (void) state;

    for (i = 0; i < COUNT(filters); i++) {
        expect_kinds(filters[i][0], filters[i][1]);
        eval_expect_line(arena_printf(rig.arena,
                                      "variable \"none\" %s not exists",
                                      filters[i][0]),
                         "error 17: Filter error: missing value to apply filter");
    }
}


static void
lists_are_counted_and_picked_from(void **state)
{
    static const struct eval_row  rows[] = {
        { LIST "count == 3", "pass" }, { LIST "first == 1", "pass" },
        { LIST "last == \"z\"", "pass" }, { LIST "nth 0 == 1", "pass" },
        { LIST "nth 2 == \"z\"", "pass" }, { LIST "nth -1 == \"z\"", "pass" },
        { LIST "nth -3 == 1", "pass" },
        { LIST "nth 3 == 1", "error 17: Filter error: out of bound - size "
          "is 3" },
        { LIST "nth -4 == 1", "error 17: Filter error: out of bound" },
        { LIST "nth 9223372036854775807 exists", "error 17" },
        { LIST "nth -9223372036854775808 exists", "error 17" },
        { LIST "nth {{one}} == 2", "pass" },
        { LIST "nth {{string}} == 2", "error 23: Invalid expression type: "
          "expecting integer, actual value is string <abc>" },
        { LIST "nth {{big}} == 2", "error 23: Invalid expression type" },
        { LIST "nth {{none}} == 2", "error 23: Undefined variable" },
        { "variable \"empty\" count == 0", "pass" },
        { "variable \"empty\" first exists", "error 18: Filter error: list" },
        { "variable \"empty\" last not exists", "error 18" },
        { "variable \"empty\" nth 0 exists", "error 18" },
        { "variable \"bytes\" count == 2", "pass" },
    };

    (void) state;
    eval_set_text("one", "1");
    eval_expect_rows(rows, COUNT(rows));
}


static void
numbers_are_made_as_hurl_makes_them(void **state)
{
    size_t  i;
    static const struct {
        const char  *text, *test, *expected;
    } rows[] = {
        { "12", "toInt == 12", "pass" }, { "+12", "toInt == 12", "pass" },
        { "-12", "toInt == -12", "pass" }, { "007", "toInt == 7", "pass" },
        { "", "toInt exists", "error" }, { " 1", "toInt exists", "error" },
        { "1 ", "toInt exists", "error" }, { "1.0", "toInt exists", "error" },
        { "0x1", "toInt exists", "error" }, { "12x", "toInt exists",
          "error 6: Filter error: invalid filter input: string <12x>" },
        { "9223372036854775807", "toInt == 9223372036854775807", "pass" },
        { "9223372036854775808", "toInt exists", "error" },
        { "1.5", "toFloat == 1.5", "pass" }, { "1", "toFloat isFloat", "pass" },
        { ".5", "toFloat == 0.5", "pass" }, { "5.", "toFloat == 5", "pass" },
        { "1e3", "toFloat == 1000", "pass" },
        { "-inf", "toFloat < 0", "pass" }, { "NaN", "toFloat isFloat", "pass" },
        { "", "toFloat exists", "error" }, { ".", "toFloat exists", "error" },
        { "1e", "toFloat exists", "error" }, { "0x1p3", "toFloat exists",
          "error" }, { " 1", "toFloat exists", "error" },
        { "nan(1)", "toFloat exists", "error" },
        { "-inf", "toFloat toInt == -9223372036854775808", "pass" },
        { "nan", "toFloat toInt == 0", "pass" },
        { "1e300", "toFloat toInt == 9223372036854775807", "pass" },
        { "-1.9", "toFloat toInt == -1", "pass" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        eval_set_body(rows[i].text, strlen(rows[i].text));
        eval_expect_line(arena_printf(rig.arena, "body %s", rows[i].test),
                         rows[i].expected);
    }
}


static void
kinds_become_others(void **state)
{
    static const struct eval_row  rows[] = {
        { "variable \"int\" toInt == 42", "pass" },
        { "variable \"float\" toInt == 3", "pass" },
        { "variable \"int\" toFloat isFloat", "pass" },
        { "variable \"big\" toInt exists", "error 16: Filter error: invalid "
          "filter input: integer <99999999999999999999>" },
        { "variable \"big\" toFloat exists", "error 16: Filter error" },
        { "variable \"big\" toString == \"99999999999999999999\"", "pass" },
        { "variable \"bool\" toString == \"true\"", "pass" },
        { "variable \"null\" toString == \"null\"", "pass" },
        { "variable \"float\" toString == \"3.9\"", "pass" },
        { "variable \"date\" toString isIsoDate", "pass" },
        { "variable \"date\" daysAfterNow == 1", "pass" },
        { "variable \"date\" daysBeforeNow == -1", "pass" },
    };

    (void) state;
    eval_expect_rows(rows, COUNT(rows));
}


static void
texts_are_split_and_replaced(void **state)
{
    static const struct eval_row  rows[] = {
        { "body split \",\" count == 3", "pass" },
        { "body split \",\" nth 1 == \"\"", "pass" },
        { "body split \",,\" nth 0 == \"a\xc3\xa9\"", "pass" },
        { "body split \"none\" nth 0 == {{all}}", "pass" },
        { "body split \"\" count == 7", "pass" },
        { "body split \"\" nth 0 == \"\"", "pass" },
        { "body split \"\" nth 2 == \"\xc3\xa9\"", "pass" },
        { "body split \"\" nth 6 == \"\"", "pass" },
        { "body replace \",\" \"-\" == \"a\xc3\xa9--b\"", "pass" },
        { "body replace \"\xc3\xa9,\" \"\" == \"a,b\"", "pass" },
        { "body replace \"\" \"|\" == \"|a|\xc3\xa9|,|,|b|\"", "pass" },
        { "body replace \"{{none}}\" \"\" exists", "error 17: Undefined" },
        { "body replaceRegex /,+/ \";\" == \"a\xc3\xa9;b\"", "pass" },
        { "body replaceRegex /(a)(.)/ \"$2$1\" == \"\xc3\xa9" "a,,b\"",
          "pass" },
        { "body replaceRegex \"(\" \"\" exists", "error 19: Invalid regex" },
        { "body regex /a(.)/ == \"\xc3\xa9\"", "pass" },
        { "body regex /x(.)/ not exists", "pass" },
        { "body regex /a/ not exists", "pass" },
        { "body regex /(x)|a/ not exists", "pass" },
        { "body regex \"a(.)\" split \"x\" count == 1", "pass" },
        { "body regex \"[\" exists", "error 12: Invalid regex" },
        { "body regex /x(.)/ count == 1",
          "error 19: Filter error: missing value" },
    };

    (void) state;
    eval_set_text("all", "a\xc3\xa9,,b");
    eval_set_body("a\xc3\xa9,,b", 6);
    eval_expect_rows(rows, COUNT(rows));
}


static void
an_empty_text_goes_through_text_filters(void **state)
{
    static const struct eval_row  rows[] = {
        { "body split \",\" count == 1", "pass" },
        { "body split \"\" count == 2", "pass" },
        { "body replace \"\" \"|\" == \"|\"", "pass" },
        { "body replace \"a\" \"b\" == \"\"", "pass" },
        { "body replaceRegex /a/ \"b\" == \"\"", "pass" },
        { "body regex /(.*)/ == \"\"", "pass" },
        { "body base64Decode isEmpty", "pass" },
        { "bytes base64Encode == \"\"", "pass" },
        { "bytes toHex == \"\"", "pass" }, { "body urlEncode == \"\"", "pass" },
        { "body urlDecode == \"\"", "pass" },
        { "body htmlEscape == \"\"", "pass" },
        { "bytes utf8Decode == \"\"", "pass" },
        { "body utf8Encode count == 0", "pass" },
        { "bytes decode \"utf-16\" == \"\"", "pass" },
        { "bytes decode \"latin1\" == \"\"", "pass" },
        { "body jsonpath \"$\" exists", "error 6: Invalid JSON" },
    };

    (void) state;
    eval_set_body("", 0);
    eval_expect_rows(rows, COUNT(rows));
}


static void
a_variable_that_is_no_utf8_is_taken_byte_by_byte(void **state)
{
    (void) state;

    eval_set_text("odd", "\x8b\xc3");
    eval_expect_line("variable \"odd\" split \"\" count == 4", "pass");
    eval_expect_line("variable \"odd\" replace \"\" \"|\" utf8Encode count "
                     "== 5", "pass");
}


static void
base64_is_strict(void **state)
{
    size_t  i;
    static const struct {
        const char  *text, *filter, *hex;
    } rows[] = {
        { "YQ==", "base64Decode", "61" }, { "+/8=", "base64Decode", "fbff" },
        { "YWI=", "base64Decode", "6162" }, { "YWJj", "base64Decode",
          "616263" },
        { "YQ", "base64Decode", NULL }, { "YQ=", "base64Decode", NULL },
        { "YR==", "base64Decode", NULL }, { "Y Q==", "base64Decode", NULL },
        { "YQ==\n", "base64Decode", NULL }, { "-_8=", "base64Decode", NULL },
        { "=", "base64Decode", NULL }, { "!@#", "base64Decode", NULL },
        { "YQ", "base64UrlSafeDecode", "61" },
        { "-_8", "base64UrlSafeDecode", "fbff" },
        { "YQ==", "base64UrlSafeDecode", NULL },
        { "+/8", "base64UrlSafeDecode", NULL },
        { "Y", "base64UrlSafeDecode", NULL },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        eval_set_body(rows[i].text, strlen(rows[i].text));
        eval_expect_line(arena_printf(rig.arena, "body %s == hex,%s;",
                                      rows[i].filter, rows[i].hex != NULL
                                      ? rows[i].hex : "00"),
                         rows[i].hex != NULL ? "pass" : "error 6: Filter");
    }
}


static void
bytes_become_texts(void **state)
{
    static const struct eval_row  rows[] = {
        { "variable \"bytes\" toHex == \"01ff\"", "pass" },
        { "variable \"bytes\" base64Encode == \"Af8=\"", "pass" },
        { "variable \"bytes\" base64UrlSafeEncode == \"Af8\"", "pass" },
        { "variable \"bytes\" utf8Decode exists", "error 18: Filter error" },
        { "variable \"bytes\" decode \"utf-8\" exists",
          "error 18: Filter error: value can not be decoded with <utf-8>" },
        { "variable \"bytes\" decode \"iso-8859-1\" == \"\\u{1}\xc3\xbf\"",
          "pass" },
        { "variable \"bytes\" charsetDecode \"Windows-1252\" exists", "pass" },
        { "variable \"bytes\" decode \"unknown\" exists",
          "error 18: Filter error: <unknown> encoding is not supported" },
        { "variable \"bytes\" decode \"\" exists", "error 18" },
        { "variable \"bytes\" decode \"utf-8//IGNORE\" exists", "error 18" },
        { "variable \"bytes\" decode \"gb2312\" exists", "error 18" },
        { "body utf8Encode toHex == \"c3a9\"", "pass" },
        { "bytes utf8Decode == {{e}}", "pass" },
        { "bytes decode \"gbk\" == \"\xe8\x8c\x85\"", "pass" },
        { "bytes decode \"utf-16be\" == \"\xec\x8e\xa9\"", "pass" },
    };

    (void) state;
    eval_set_text("e", "\xc3\xa9");
    eval_set_body("\xc3\xa9", 2);
    eval_expect_rows(rows, COUNT(rows));
}


static void
urls_are_encoded_and_read(void **state)
{
    size_t  i;
    static const struct eval_row  rows[] = {
        { "http://h/p?a=1&b=%C3%A9+x", "urlQueryParam \"a\" == \"1\"" },
        { "http://h/p?a=1&b=%C3%A9+x", "urlQueryParam \"b\" == "
          "\"\xc3\xa9 x\"" },
        { "https://h?a=1#?b=2", "urlQueryParam \"b\" not exists" },
        { "https://h#?b=2", "urlQueryParam \"b\" not exists" },
        { "http://h/?a", "urlQueryParam \"a\" == \"\"" },
        { "http://h/?a=", "urlQueryParam \"a\" == \"\"" },
        { "http://h/?a=b=c", "urlQueryParam \"a\" == \"b=c\"" },
        { "http://h/?a=1&a=2", "urlQueryParam \"a\" == \"1\"" },
        { "http://h/?&&%61=3", "urlQueryParam \"a\" == \"3\"" },
        { "http://h/?a=%ff", "urlQueryParam \"a\" == \"\xef\xbf\xbd\"" },
        { "http://h/?a=%4", "urlQueryParam \"a\" == \"%4\"" },
        { "http://h", "urlQueryParam \"a\" not exists" },
        { "a b/\xc3\xa9~-._%+", "urlEncode == \"a%20b/%C3%A9~-._%25%2B\"" },
        { "a%20b%2F%C3%A9+%zz%", "urlDecode == \"a b/\xc3\xa9+%zz%\"" },
        { "<a href=\"x\">'&'</a>", "htmlEscape == "
          "\"&lt;a href=&quot;x&quot;&gt;&#x27;&amp;&#x27;&lt;/a&gt;\"" },
        { "{\"a\": [1, {\"b\": null}]}", "jsonpath \"$.a[1].b\" == null" },
        { "{\"a\": [1, 2]}", "jsonpath \"$.a[*]\" count == 2" },
        { "{\"a\": [1]}", "jsonpath \"$.a[*]\" == 1" },
        { "{}", "jsonpath \"$.a\" not exists" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        eval_set_body(rows[i].line, strlen(rows[i].line));
        eval_expect_line(arena_printf(rig.arena, "body %s", rows[i].expected),
                         "pass");
    }
}


static void
what_is_no_url_or_json_is_an_error(void **state)
{
    static const struct eval_row  rows[] = {
        { "body urlQueryParam \"a\" not exists", "error 6: Invalid URL" },
        { "body urlDecode exists", "error 6: Filter error" },
        { "body jsonpath \"$\" exists", "error 6: Invalid JSON" },
        { "body jsonpath \"$.\" exists", "error 6: Invalid JSON" },
        { "body replace \"%ff\" \"1\" split \"?\" nth 1 jsonpath \"$.\" "
          "exists", "error 49: Invalid JSONPath" },
    };

    (void) state;
    eval_set_body("ftp://h/?%ff", 12);
    eval_expect_rows(rows, COUNT(rows));
}


static void
dates_are_read_and_written(void **state)
{
    size_t  i;
    static const struct {
        const char  *text, *in, *out;
    } rows[] = {
        { "2020-08-27", "%Y-%m-%d", "2020-08-27T00:00:00+00:00" },
        { "2020-08-27 09:07:46", "%Y-%m-%d %H:%M:%S",
          "2020-08-27T09:07:46+00:00" },
        { "2020-08-27 09:07:46 +02:00", "%F %T %:z",
          "2020-08-27T07:07:46+00:00" },
        { "Thu Aug 27 09:07:46 2020 -0130", "%a %b %d %H:%M:%S %Y %z",
          "2020-08-27T10:37:46+00:00" },
        { "Tue, 10 Jan 2023 08:29:52 GMT", "%a, %d %b %Y %H:%M:%S GMT%Z",
          "2023-01-10T08:29:52+00:00" },
        { "2023-01-10T08:29:52.125Z", "%Y-%m-%dT%H:%M:%S%.fZ",
          "2023-01-10T08:29:52.125+00:00" },
        { "2023-01-10T08:29:52Z", "%Y-%m-%dT%H:%M:%S%.fZ",
          "2023-01-10T08:29:52+00:00" },
        { "2023-01-10T08:29:52.000001+01:00", "%+",
          "2023-01-10T07:29:52.000001+00:00" },
        { "1/2/2000 12:05 AM", "%d/%m/%Y %I:%M %p",
          "2000-02-01T00:05:00+00:00" },
        { "1700000000", "%s", "2023-11-14T22:13:20+00:00" },
        { "February 29, 2024", "%B %d, %Y", "2024-02-29T00:00:00+00:00" },
        { "2020-08-27", "ymd", NULL }, { "2020-13-01", "%Y-%m-%d", NULL },
        { "2023-02-29", "%Y-%m-%d", NULL }, { "2020-08", "%Y-%m", NULL },
        { "2020-08-27x", "%Y-%m-%d", NULL }, { "", "%Y-%m-%d", NULL },
        { "Mon 2020-08-27", "%a %Y-%m-%d", NULL },
        { "2020-08-27 25:00", "%Y-%m-%d %H:%M", NULL },
        { "2020-08-27 10", "%Y-%m-%d %H", NULL }, { "x", "%Q", NULL },
        { "2020-08-27", "%Y-%m-%", NULL },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        eval_set_body(rows[i].text, strlen(rows[i].text));
        eval_expect_line(arena_printf(rig.arena, "body toDate \"%s\" format "
                                      "\"%%+\" == \"%s\"", rows[i].in,
                                      rows[i].out != NULL ? rows[i].out : ""),
                         rows[i].out != NULL ? "pass"
                         : "error 6: Filter error: value <");
    }
}


static void
formats_of_dates_are_those_of_chrono(void **state)
{
    size_t        i;
    struct value  date = { .kind = VALUE_DATE, .integer = 1673339392,
                           .micros = 120000 };
    static const char *const  rows[][2] = {
        { "%Y-%m-%d %H:%M:%S UTC", "2023-01-10 08:29:52 UTC" },
        { "%a %A %b %B %e %j %y", "Tue Tuesday Jan January 10 010 23" },
        { "%I:%M %p", "08:29 AM" }, { "%F %T %D %R",
          "2023-01-10 08:29:52 01/10/23 08:29" },
        { "%.f %.3f %f", ".120 .120 120000000" }, { "%Z %z %:z",
          "UTC +0000 +00:00" },
        { "%s%%", "1673339392%" }, { "%+", "2023-01-10T08:29:52.120+00:00" },
        { "", "" }, { "plain", "plain" },
    };

    (void) state;
    eval_set("when", &date);

    for (i = 0; i < COUNT(rows); i++) {
        eval_expect_line(arena_printf(rig.arena, "variable \"when\" dateFormat "
                                      "\"%s\" == \"%s\"", rows[i][0],
                                      rows[i][1]), "pass");
    }

    eval_expect_line("variable \"when\" format \"%Q\" exists", "error 24");
    eval_expect_line("variable \"when\" format \"%\" exists", "error 24");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        filter_test(a_wrong_kind_is_an_error),
        filter_test(lists_are_counted_and_picked_from),
        filter_test(numbers_are_made_as_hurl_makes_them),
        filter_test(kinds_become_others),
        filter_test(texts_are_split_and_replaced),
        filter_test(an_empty_text_goes_through_text_filters),
        filter_test(a_variable_that_is_no_utf8_is_taken_byte_by_byte),
        filter_test(base64_is_strict),
        filter_test(bytes_become_texts),
        filter_test(urls_are_encoded_and_read),
        filter_test(what_is_no_url_or_json_is_an_error),
        filter_test(dates_are_read_and_written),
        filter_test(formats_of_dates_are_those_of_chrono),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
