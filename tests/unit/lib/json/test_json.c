/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON: what is read, refused, written back and equal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"
#include "lib/base/strbuf.h"


static int
set_up(void **state)
{
    *state = arena_new();

    return *state == NULL;
}


static int
tear_down(void **state)
{
    struct arena  *arena = *state;

    arena_free(&arena);

    return 0;
}


static const struct json_value *
parse(void **state, const char *text)
{
    struct json_error   error;
    struct json_value  *value;

    value = json_parse(*state, text, strlen(text), &error);
    if (value == NULL) {
        fail_msg("%s: %s", text, error.text);
    }

    return value;
}


static void
assert_refused(void **state, const char *text, size_t offset,
               const char *words)
{
    struct json_error   error;
    struct json_value  *value;

    value = json_parse(*state, text, strlen(text), &error);
    if (value != NULL || strstr(error.text, words) == NULL
        || error.offset != offset)
    {
        fail_msg("%s: at %zu: %s", text, error.offset, error.text);
    }
}


static void
assert_equal(void **state, int expected, const char *a, const char *b)
{
    if (json_equal(parse(state, a), parse(state, b), NULL) != expected
        || json_equal(parse(state, b), parse(state, a), NULL) != expected)
    {
        fail_msg("%s and %s should %s equal", a, b, expected ? "be" : "not be");
    }
}


static void
a_document_is_written_as_it_was_read(void **state)
{
    struct strbuf  out = { 0 };

    static const char  text[] =
        "{\"z\":[1,-0,2.50,1E+2,123456789012345678901234567890],"
        "\"a\":{\"k\":null,\"k\":true},\"e\":[],\"o\":{},"
        "\"s\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001 \xc3\xa9\"}";

    json_write(&out, parse(state, text));
    assert_string_equal(out.data, text);
    strbuf_free(&out);
}


static void
white_space_is_dropped(void **state)
{
    struct strbuf  out = { 0 };

    json_write(&out, parse(state, " \t\r\n[ 1 , { \"a\" : false } ] \n"));
    assert_string_equal(out.data, "[1,{\"a\":false}]");
    strbuf_free(&out);
}


static void
integers_and_floats_are_told_apart(void **state)
{
    assert_int_equal(parse(state, "1")->type, JSON_INT);
    assert_int_equal(parse(state, "-12345678901234567890")->type, JSON_INT);
    assert_int_equal(parse(state, "1.0")->type, JSON_FLOAT);
    assert_int_equal(parse(state, "1e0")->type, JSON_FLOAT);
}


static void
escapes_become_utf8(void **state)
{
    const struct json_value  *value;

    value = parse(state, "\"\\u0041\\u00e9\\u20ac\\uD834\\uDD1E\\u0000.\"");
    assert_int_equal(value->u.text.len, 12);
    assert_memory_equal(value->u.text.data,
                        "A\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\0.", 12);
    value = parse(state, "\"\\ud800\\udc00\\udbff\\udfff\"");
    assert_int_equal(value->u.text.len, 8);
    assert_memory_equal(value->u.text.data,
                        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8);
}


static void
broken_text_is_refused_at_its_place(void **state)
{
    assert_refused(state, "", 0, "a value, but the text ends");
    assert_refused(state, "[1,]", 3, "found ']'");
    assert_refused(state, "{\"a\":1,}", 7, "name");
    assert_refused(state, "{a:1}", 1, "name");
    assert_refused(state, "{\"a\" 1}", 5, "':'");
    assert_refused(state, "[1 2]", 3, "',' or ']'");
    assert_refused(state, "1 2", 2, "end of the text");
    assert_refused(state, "nul", 0, "a value");
    assert_refused(state, "'a'", 0, "a value");
    assert_refused(state, "[", 1, "a value, but the text ends");
    assert_refused(state, "\xef\xbb\xbf{}", 0, "byte order mark");
}


static void
wrong_numbers_are_refused(void **state)
{
    assert_refused(state, "01", 0, "begin with 0");
    assert_refused(state, "-", 1, "a digit");
    assert_refused(state, "+1", 0, "a value");
    assert_refused(state, "1.", 2, "a digit");
    assert_refused(state, ".5", 0, "a value");
    assert_refused(state, "1e", 2, "a digit");
    assert_refused(state, "NaN", 0, "a value");
}


static void
wrong_strings_are_refused(void **state)
{
    assert_refused(state, "\"a", 2, "inside a string");
    assert_refused(state, "\"a\\", 3, "inside a string");
    assert_refused(state, "\"\t\"", 1, "control character");
    assert_refused(state, "\"\\x\"", 1, "no such escape");
    assert_refused(state, "\"\\u12\"", 5, "hex digits");
    assert_refused(state, "\"\\ud800\"", 1, "surrogate");
    assert_refused(state, "\"\\udc00\"", 1, "surrogate");
    assert_refused(state, "\"\\ud800\\u0041\"", 1, "surrogate");
    assert_refused(state, "\"\xff\"", 1, "UTF-8");
    assert_refused(state, "\"\xed\xa0\x80\"", 1, "UTF-8");
    assert_refused(state, "\"\xc0\xaf\"", 1, "UTF-8");
}


static void
errors_name_line_and_column_in_characters(void **state)
{
    struct json_error  error;

    static const char  text[] = "[1,\n \"\xc3\xa9\" x]";

    assert_null(json_parse(*state, text, sizeof(text) - 1, &error));
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 6);
}


static void
nesting_is_limited(void **state)
{
    char               text[2 * JSON_DEPTH_MAX + 3];
    struct json_error  error;

    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    assert_non_null(json_parse(*state, text, 2 * JSON_DEPTH_MAX, &error));

    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_null(json_parse(*state, text, 2 * JSON_DEPTH_MAX + 2, &error));
    assert_int_equal(error.offset, JSON_DEPTH_MAX);
    assert_non_null(strstr(error.text, "nested"));
}


static void
values_side_by_side_do_not_nest(void **state)
{
    int                i;
    char               text[3 * JSON_DEPTH_MAX + 4];
    struct json_error  error;

    for (i = 0; i <= JSON_DEPTH_MAX; i++) {
        memcpy(text + 3 * i, ",[]", 3);
    }

    text[0] = '[';
    text[sizeof(text) - 1] = ']';
    assert_non_null(json_parse(*state, text, sizeof(text), &error));
}


static void
numbers_compare_by_value(void **state)
{
    assert_equal(state, 1, "1", "1.0");
    assert_equal(state, 1, "100", "1e2");
    assert_equal(state, 1, "-0", "0");
    assert_equal(state, 1, "-0", "0.0");
    assert_equal(state, 0, "9007199254740993", "9007199254740992");
    assert_equal(state, 0, "123456789012345678901234567890",
                 "123456789012345678901234567891");
    assert_true(json_compare_numbers(parse(state, "-10"), parse(state, "-9"))
                < 0);
    assert_true(json_compare_numbers(parse(state, "10"), parse(state, "9"))
                > 0);
    assert_true(json_compare_numbers(parse(state, "-1"), parse(state, "0"))
                < 0);
    assert_true(json_compare_numbers(parse(state, "1.5"), parse(state, "2"))
                < 0);
}


static void
equality_is_deep_and_ignores_the_order_of_members(void **state)
{
    assert_equal(state, 1, "{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}");
    assert_equal(state, 0, "{\"a\":1}", "{\"a\":1,\"b\":2}");
    assert_equal(state, 0, "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":1}");
    assert_equal(state, 0, "[1,2]", "[2,1]");
    assert_equal(state, 0, "[1]", "[1,1]");
    assert_equal(state, 0, "1", "\"1\"");
    assert_equal(state, 0, "null", "false");
    assert_equal(state, 0, "true", "false");
    assert_equal(state, 1, "\"a\"", "\"\\u0061\"");
}


static void
equality_ends_when_its_steps_are_used_up(void **state)
{
    size_t  steps = 3;

    assert_int_equal(json_equal(parse(state, "[1,2,3]"),
                                parse(state, "[1,2,3]"), &steps), -1);
    steps = 4;
    assert_int_equal(json_equal(parse(state, "[1,2,3]"),
                                parse(state, "[1,2,3]"), &steps), 1);
}


static void
the_last_of_equal_names_counts(void **state)
{
    const struct json_value  *object;

    object = parse(state, "{\"a\":1,\"b\":2,\"a\":3}");
    assert_int_equal(object->u.object.count, 3);
    assert_true(json_number(json_get(object, "a", 1)) == 3);
    assert_null(json_get(object, "c", 1));
    assert_null(json_get(parse(state, "[]"), "a", 1));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_document_is_written_as_it_was_read),
        cmocka_unit_test(white_space_is_dropped),
        cmocka_unit_test(integers_and_floats_are_told_apart),
        cmocka_unit_test(escapes_become_utf8),
        cmocka_unit_test(broken_text_is_refused_at_its_place),
        cmocka_unit_test(wrong_numbers_are_refused),
        cmocka_unit_test(wrong_strings_are_refused),
        cmocka_unit_test(errors_name_line_and_column_in_characters),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(values_side_by_side_do_not_nest),
        cmocka_unit_test(numbers_compare_by_value),
        cmocka_unit_test(equality_is_deep_and_ignores_the_order_of_members),
        cmocka_unit_test(equality_ends_when_its_steps_are_used_up),
        cmocka_unit_test(the_last_of_equal_names_counts)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
