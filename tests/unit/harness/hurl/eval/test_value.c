/* SPDX-License-Identifier: BSD-2-Clause */
/* Values: what text means, what is equal, and how values are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "arena.h"
#include "report.h"
#include "url.h"
#include "value.h"


static struct value
from(struct arena *arena, const char *text)
{
    struct value  value;

    assert_int_equal(value_from_text(arena, text, &value), 0);

    return value;
}


static void
text_gives_a_variable_its_type(void **state)
{
    size_t         i;
    struct value   v;
    struct arena  *arena = arena_new();
    static const struct {
        const char       *text;
        enum value_kind   kind;
        const char       *json;
    } rows[] = {
        { "true", VALUE_BOOL, "true" }, { "null", VALUE_NULL, "null" },
        { "1", VALUE_INT, "1" }, { "-1", VALUE_INT, "-1" },
        { "01", VALUE_STRING, "\"01\"" }, { "1.5", VALUE_FLOAT, "1.5" },
        { "1.", VALUE_STRING, "\"1.\"" }, { "1e3", VALUE_STRING, "\"1e3\"" },
        { "\"1\"", VALUE_STRING, "\"1\"" }, { "", VALUE_STRING, "\"\"" },
        { "True", VALUE_STRING, "\"True\"" }, { "-", VALUE_STRING, "\"-\"" },
        { "99999999999999999999", VALUE_INT, "99999999999999999999" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct strbuf  json = { 0 };

        v = from(arena, rows[i].text);
        value_add_json(&json, &v);
        assert_int_equal(v.kind, rows[i].kind);
        assert_string_equal(json.data, rows[i].json);
        strbuf_free(&json);
    }
    arena_free(&arena);
}


static void
numbers_are_compared_by_what_they_are(void **state)
{
    size_t         i;
    int            order;
    struct value   a, b;
    struct arena  *arena = arena_new();
    static const struct {
        const char  *a, *b;
        int          order;
    } rows[] = {
        { "1", "1.0", 0 }, { "1", "2", -1 }, { "2.5", "2", 1 },
        { "9007199254740993", "9007199254740992", 1 },
        { "99999999999999999999", "1", 1 },
        { "-99999999999999999999", "1", -1 },
        { "99999999999999999998", "99999999999999999999", -1 },
        { "-99999999999999999998", "-99999999999999999999", 1 },
        { "99999999999999999999", "99999999999999999999", 0 },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        a = from(arena, rows[i].a);
        b = from(arena, rows[i].b);
        assert_int_equal(value_compare(&a, &b, &order), 0);
        assert_int_equal(order, rows[i].order);
        assert_int_equal(value_equal(&a, &b), rows[i].order == 0);
    }
    arena_free(&arena);
}


static void
other_kinds_are_neither_equal_nor_ordered(void **state)
{
    int            order;
    struct arena  *arena = arena_new();
    struct value   one = from(arena, "1"), text = from(arena, "\"1\""),
                   nothing = { .kind = VALUE_NOTHING };

    (void) state;
    assert_false(value_equal(&one, &text));
    assert_int_equal(value_compare(&one, &text, &order), -1);
    assert_false(value_equal(&nothing, &nothing));
    arena_free(&arena);
}


static void
references_are_resolved_against_the_last_url(void **state)
{
    size_t         i;
    struct arena  *arena = arena_new();
    static const char *const  rows[][3] = {
        { "http://h/a/b?c", "d", "http://h/a/d" },
        { "http://h/a/b?c", "/d", "http://h/d" },
        { "http://h/a/b?c=/x", "?d", "http://h/a/b?d" },
        { "http://h", "d", "http://h/d" },
        { "http://h?q", "d", "http://h/d" },
        { "https://h/a", "//i/b", "https://i/b" },
        { "http://h/a", "https://i/", "https://i/" },
        { "http://h/a?b#c", "", "http://h/a?b" },
        { "http://h/a", "b:c/d", "b:c/d" },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(url_resolve(arena, rows[i][0], rows[i][1]),
                            rows[i][2]);
    }
    arena_free(&arena);
}


static void
reports_hold_any_bytes_as_valid_text(void **state)
{
    struct strbuf  json = { 0 }, xml = { 0 };
    const char    *text = "a\"<&>\n\x01\xff\xc3\xa9";

    (void) state;
    report_add_json(&json, text);
    report_add_xml(&xml, text);
    assert_string_equal(json.data,
                        "\"a\\\"<&>\\n\\u0001\xef\xbf\xbd\xc3\xa9\"");
    assert_string_equal(xml.data, "a&quot;&lt;&amp;&gt;&#10;"
                        "\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9");
    strbuf_free(&json);
    strbuf_free(&xml);
}


static void
the_exit_status_follows_the_worst_verdict(void **state)
{
    (void) state;
    assert_int_equal(report_worse(RUN_ERROR, RUN_FAILED), RUN_ERROR);
    assert_int_equal(report_exit_status(RUN_ERROR, 0), 3);
    assert_int_equal(report_exit_status(RUN_FAILED, 0), 4);
    assert_int_equal(report_exit_status(RUN_NA, 0), 0);
    assert_int_equal(report_exit_status(RUN_NA, 1), 4);
    assert_int_equal(report_exit_status(RUN_SKIPPED, 1), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(text_gives_a_variable_its_type),
        cmocka_unit_test(numbers_are_compared_by_what_they_are),
        cmocka_unit_test(other_kinds_are_neither_equal_nor_ordered),
        cmocka_unit_test(references_are_resolved_against_the_last_url),
        cmocka_unit_test(reports_hold_any_bytes_as_valid_text),
        cmocka_unit_test(the_exit_status_follows_the_worst_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
