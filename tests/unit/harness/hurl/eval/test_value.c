/* SPDX-License-Identifier: BSD-2-Clause */
/* Values: what text means, what is equal, and how values are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/value.h"


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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(text_gives_a_variable_its_type),
        cmocka_unit_test(numbers_are_compared_by_what_they_are),
        cmocka_unit_test(other_kinds_are_neither_equal_nor_ordered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
