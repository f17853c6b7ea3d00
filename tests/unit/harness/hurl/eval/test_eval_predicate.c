/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Predicates: every pair of kinds, with `not` and without, and what is said
 * when one does not pass.
 */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <string.h>

#define KINDS  "NBIFGSYDLO"

/* y: holds, '.': does not, x: the types do not fit. Left down, right across
   in the order of KINDS: null, true, 1, 1.0, a big integer, "1", bytes, a
   date, the list [1,"1"], an empty object. */
static const struct {
    enum script_predicate_kind  kind;
    const char                 *rows[10];
} binary[] = {
    { SCRIPT_PRED_EQUAL,
      { "y.........", ".y........", "..yy......", "..yy......", "....y.....",
        ".....y....", "......y...", ".......y..", "........y.",
        ".........y" } },
    { SCRIPT_PRED_NOT_EQUAL,
      { ".yyyyyyyyy", "y.yyyyyyyy", "yy..yyyyyy", "yy..yyyyyy", "yyyy.yyyyy",
        "yyyyy.yyyy", "yyyyyy.yyy", "yyyyyyy.yy", "yyyyyyyy.y",
        "yyyyyyyyy." } },
    { SCRIPT_PRED_GREATER,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xx...xxxxx", "xx...xxxxx", "xxyy.xxxxx",
        "xxxxx.xxxx", "xxxxxxxxxx", "xxxxxxx.xx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_GREATER_EQUAL,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxyy.xxxxx", "xxyy.xxxxx", "xxyyyxxxxx",
        "xxxxxyxxxx", "xxxxxxxxxx", "xxxxxxxyxx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_LESS,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xx..yxxxxx", "xx..yxxxxx", "xx...xxxxx",
        "xxxxx.xxxx", "xxxxxxxxxx", "xxxxxxx.xx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_LESS_EQUAL,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxyyyxxxxx", "xxyyyxxxxx", "xx..yxxxxx",
        "xxxxxyxxxx", "xxxxxxxxxx", "xxxxxxxyxx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_STARTS_WITH,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxyxxxx", "xxxxxxyxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_ENDS_WITH,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxyxxxx", "xxxxxxyxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_CONTAINS,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxyxxxx", "xxxxxxyxxx", "xxxxxxxxxx", "..yy.y....",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_INCLUDES,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "..yy.y....",
        "xxxxxxxxxx" } },
    { SCRIPT_PRED_MATCHES,
      { "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxyxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx",
        "xxxxxxxxxx" } },
};

static const struct {
    enum script_predicate_kind  kind;
    const char                 *row;
} unary[] = {
    { SCRIPT_PRED_EXISTS, "yyyyyyyyyy" },
    { SCRIPT_PRED_IS_EMPTY, "xxxxx..x.y" },
    { SCRIPT_PRED_IS_BOOLEAN, ".y........" },
    { SCRIPT_PRED_IS_INTEGER, "..y.y....." },
    { SCRIPT_PRED_IS_FLOAT, "...y......" },
    { SCRIPT_PRED_IS_NUMBER, "..yyy....." },
    { SCRIPT_PRED_IS_STRING, ".....y...." },
    { SCRIPT_PRED_IS_COLLECTION, "......y.yy" },
    { SCRIPT_PRED_IS_DATE, ".......y.." },
    { SCRIPT_PRED_IS_LIST, "........y." },
    { SCRIPT_PRED_IS_OBJECT, ".........y" },
    { SCRIPT_PRED_IS_ISO_DATE, "xxxxx.xxxx" },
    { SCRIPT_PRED_IS_IPV4, "xxxxx.xxxx" },
    { SCRIPT_PRED_IS_IPV6, "xxxxx.xxxx" },
    { SCRIPT_PRED_IS_UUID, "xxxxx.xxxx" },
};


/* One value of the kind that the letter names. */
static struct value
sample(char kind)
{
    struct value         v = { .kind = VALUE_NULL };
    static struct value  items[2];

    items[0] = value_int(1);
    items[1] = value_string("1", 1);

    switch (kind) {
    case 'B':
        v.kind = VALUE_BOOL;
        v.boolean = true;
        break;
    case 'I':
        v = value_int(1);
        break;
    case 'F':
        v.kind = VALUE_FLOAT;
        v.number = 1.0;
        break;
    case 'G':
        assert_int_equal(value_from_text(rig.arena, "99999999999999999999",
                                         &v), 0);
        break;
    case 'S':
    case 'Y':
        v = value_string("1", 1);
        v.kind = kind == 'S' ? VALUE_STRING : VALUE_BYTES;
        break;
    case 'D':
        v.kind = VALUE_DATE;
        v.integer = 1;
        break;
    case 'L':
        v.kind = VALUE_LIST;
        v.items = items;
        v.count = 2;
        break;
    case 'O':
        v.kind = VALUE_OBJECT;
        break;
    }

    return v;
}


/* y, '.' or x, and the same verdict asked for with `not`. */
static char
verdict_of(enum script_predicate_kind kind, const struct value *a,
           const struct value *b)
{
    struct eval_verdict      plain, negated;
    struct script_expr       expr = { .kind = SCRIPT_EXPR_VARIABLE,
                                      .name = { "right", 5 } };
    struct script_predicate  p = { .kind = kind, .name = "predicate" };

    if (b != NULL) {
        eval_set("right", b);
        p.has_value = true;
        p.value.kind = SCRIPT_VALUE_EXPR;
        p.value.expr = &expr;
    }

    assert_int_equal(eval_predicate(&rig.e, &p, a, &plain), 0);
    p.negated = true;
    assert_int_equal(eval_predicate(&rig.e, &p, a, &negated), 0);

    if (!plain.passed && !negated.passed) {
        assert_non_null(strstr(plain.expected, "not consistent"));
        return 'x';
    }

    assert_true(plain.passed != negated.passed);

    return plain.passed ? 'y' : '.';
}


static void
every_pair_of_kinds_has_its_verdict(void **state)
{
    size_t  i, left, right;

    (void) state;

    for (i = 0; i < COUNT(binary); i++) {
        for (left = 0; left < 10; left++) {
            for (right = 0; right < 10; right++) {
                struct value  a = sample(KINDS[left]);
                struct value  b = sample(KINDS[right]);
                char          got = verdict_of(binary[i].kind, &a, &b);

                if (got != binary[i].rows[left][right]) {
                    fail_msg("predicate %d, %c and %c: %c", binary[i].kind,
                             KINDS[left], KINDS[right], got);
                }
            }
        }
    }
}


static void
every_kind_has_its_verdict(void **state)
{
    size_t  i, left;

    (void) state;

    for (i = 0; i < COUNT(unary); i++) {
        for (left = 0; left < 10; left++) {
            struct value  a = sample(KINDS[left]);
            char          got = verdict_of(unary[i].kind, &a, NULL);

            if (got != unary[i].row[left]) {
                fail_msg("predicate %d, %c: %c", unary[i].kind, KINDS[left],
                         got);
            }
        }
    }
}


static void
nothing_satisfies_only_not(void **state)
{
    size_t        i;
    struct value  nothing = { .kind = VALUE_NOTHING }, one = value_int(1);

    (void) state;

    for (i = 0; i < COUNT(binary); i++) {
        assert_int_equal(verdict_of(binary[i].kind, &nothing, &one), '.');
    }
    for (i = 0; i < COUNT(unary); i++) {
        assert_int_equal(verdict_of(unary[i].kind, &nothing, NULL), '.');
    }
}


static void
texts_are_compared_by_their_bytes(void **state)
{
    static const struct eval_row  rows[] = {
        { "body == \"a\xc3\xa9\\u{0}z\"", "pass" },
        { "body startsWith \"a\xc3\xa9\"", "pass" },
        { "body startsWith \"\"", "pass" },
        { "body endsWith \"z\"", "pass" },
        { "body endsWith \"a\xc3\xa9\\u{0}zz\"", "fail" },
        { "body contains \"\\u{0}\"", "pass" },
        { "body contains \"\"", "pass" },
        { "body contains \"b\"", "fail" },
        { "body > \"a\"", "pass" },
        { "body < \"a\xc3\xa9\"", "fail" },
        { "body >= \"b\"", "fail" },
        { "bytes startsWith hex,61c3;", "pass" },
        { "bytes endsWith base64,eg==;", "pass" },
        { "bytes contains hex,a900;", "pass" },
        { "bytes contains hex,ff;", "fail" },
        { "bytes not contains hex,ff;", "pass" },
        { "body contains hex,61;", "fail: string" },
        { "body not contains hex,61;", "fail: string" },
        { "body matches /^a.z$/", "fail" },
        { "body matches /^a..z$/", "pass" },
        { "body not matches \"b\"", "pass" },
    };

    (void) state;
    eval_set_body("a\xc3\xa9\0z", 5);
    eval_expect_rows(rows, COUNT(rows));
}


static void
forms_are_those_of_hurl(void **state)
{
    size_t  i;
    static const struct {
        const char  *text, *predicate;
        int          holds;
    } rows[] = {
        { "2018-12-10T13:45:00Z", "isIsoDate", 1 },
        { "2018-12-10T13:45:00.000001+01:30", "isIsoDate", 1 },
        { "1990-12-31T23:59:60Z", "isIsoDate", 1 },
        { "2018-12-10t13:45:00z", "isIsoDate", 1 },
        { "2020-02-29T00:00:00Z", "isIsoDate", 1 },
        { "2019-02-29T00:00:00Z", "isIsoDate", 0 },
        { "1900-02-29T00:00:00Z", "isIsoDate", 0 },
        { "2018-04-31T00:00:00Z", "isIsoDate", 0 },
        { "2018-12-10T24:00:00Z", "isIsoDate", 0 },
        { "2018-12-10T13:45:00", "isIsoDate", 0 },
        { "2018-12-10T13:45:00.Z", "isIsoDate", 0 },
        { "2018-12-10T13:45:00+24:00", "isIsoDate", 0 },
        { "2018-12-10", "isIsoDate", 0 }, { "", "isIsoDate", 0 },
        { "127.0.0.1", "isIpv4", 1 }, { "256.0.0.1", "isIpv4", 0 },
        { "127.1", "isIpv4", 0 }, { "01.2.3.4", "isIpv4", 0 },
        { "127.0.0.1 ", "isIpv4", 0 },
        { "2001:db8::1", "isIpv6", 1 }, { "::ffff:1.2.3.4", "isIpv6", 1 },
        { "::", "isIpv6", 1 }, { "fe80::1%eth0", "isIpv6", 0 },
        { "[::1]", "isIpv6", 0 }, { "1::2::3", "isIpv6", 0 },
        { "67e55044-10b1-426f-9247-bb680e5fe0c8", "isUuid", 1 },
        { "67E5504410B1426F9247BB680E5FE0C8", "isUuid", 1 },
        { "{67e55044-10b1-426f-9247-bb680e5fe0c8}", "isUuid", 1 },
        { "urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8", "isUuid", 1 },
        { "67e55044-10b1-426f-9247-bb680e5fe0c", "isUuid", 0 },
        { "67e55044-10b1-426f-9247-bb680e5fe0c8x", "isUuid", 0 },
        { "67e55044x10b1-426f-9247-bb680e5fe0c8", "isUuid", 0 },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        eval_set_body(rows[i].text, strlen(rows[i].text));
        eval_expect_line(arena_printf(rig.arena, "body %s",
                                      rows[i].predicate),
                         rows[i].holds ? "pass" : "fail: string");
    }
}


static void
a_nul_spoils_a_form(void **state)
{
    (void) state;

    eval_set_body("1.2.3.4\0", 8);
    eval_expect_line("body isIpv4", "fail: string");
}


static void
failures_say_what_was_and_what_should_be(void **state)
{
    static const struct eval_row  rows[] = {
        { "status == \"200\"", "fail: integer <200> / string <200>" },
        { "status != 200", "fail: integer <200> / not equal to integer" },
        { "status not == 200", "fail: integer <200> / not integer <200>" },
        { "status > 300", "fail: integer <200> / greater than integer <300>" },
        { "status >= 201.5", "fail: integer <200> / greater than or equal to "
          "float <201.5>" },
        { "status < 1", "fail: integer <200> / less than integer <1>" },
        { "status <= 1", "fail: integer <200> / less than or equal to " },
        { "status startsWith \"2\"", "fail: integer <200> / starts with "
          "string <2>\n>>> types between actual and expected are not" },
        { "body matches \"hi\"", "fail: string <x> / matches regex <hi>" },
        { "body matches /hi/", "fail: string <x> / matches regex <hi>" },
        { "body isEmpty", "fail: string <x> / empty" },
        { "status isEmpty", "fail: integer <200> / string, bytes, list or" },
        { "body isIpv4", "fail: string <x> / string in IPv4 format" },
        { "status isIpv4", "fail: integer <200> / string\n>>>" },
        { "body isInteger", "fail: string <x> / integer" },
        { "body not exists", "fail: string <x> / not something" },
        { "header \"A\" exists", "fail: none / something" },
        { "header \"A\" == 1", "fail: none / integer <1>" },
        { "header \"A\" != 1", "fail: none / not equal to integer <1>" },
        { "bytes == hex,00ff;", "fail: bytes <78> / bytes <00ff>" },
        { "body == null", "fail: string <x> / null" },
        { "body == true", "fail: string <x> / boolean <true>" },
        { "variable \"list\" == 1", "fail: list <[1,\"1\"]> / integer" },
        { "variable \"date\" == 1", "fail: date <1970-01-01T00:00:01." },
    };
    struct value  list, date;

    (void) state;
    list = sample('L');
    date = sample('D');
    eval_set("list", &list);
    eval_set("date", &date);
    eval_set_body("x", 1);

    eval_expect_rows(rows, COUNT(rows));
}


static void
what_cannot_be_evaluated_is_an_error_at_its_place(void **state)
{
    static const struct eval_row  rows[] = {
        { "body == {{none}}", "error 11: Undefined variable: you must set" },
        { "body == \"a{{none}}\"", "error 13: Undefined variable" },
        { "body matches \"(\"", "error 6: Invalid regex" },
        { "body not matches \"(\"", "error 10: Invalid regex" },
        { "body matches \"(?=a)\"", "error 6: Invalid regex" },
        { "body matches \"(a)\\\\1\"", "error 6: Invalid regex" },
        { "body == file,none.txt;", "error" },
        { "body == file,../none.txt;", "error" },
        { "header \"None\" == {{none}}", "error" },
    };

    (void) state;
    eval_set_body("aaa", 3);

    eval_expect_rows(rows, COUNT(rows));
}


static void
values_keep_or_lose_their_type_as_they_are_written(void **state)
{
    static const struct eval_row  rows[] = {
        { "variable \"n\" == {{n}}", "pass" },
        { "variable \"n\" == \"{{n}}\"", "fail: integer <7> / string <7>" },
        { "variable \"n\" == 7.0", "pass" },
        { "variable \"n\" == `7`", "fail" },
        { "variable \"big\" == 99999999999999999999", "pass" },
        { "variable \"big\" == 99999999999999999998", "fail" },
        { "variable \"big\" > 9223372036854775807", "pass" },
        { "variable \"low\" < -9223372036854775808", "pass" },
        { "variable \"f\" == 0.30000000000000004", "pass" },
        { "variable \"none\" not == null", "pass" },
        { "variable \"null\" == null", "pass" },
        { "variable \"null\" exists", "pass" },
    };

    (void) state;
    eval_set_text("n", "7");
    eval_set_text("big", "99999999999999999999");
    eval_set_text("low", "-99999999999999999999");
    eval_set_text("f", "0.30000000000000004");
    eval_set_text("null", "null");

    eval_expect_rows(rows, COUNT(rows));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        eval_test(every_pair_of_kinds_has_its_verdict),
        eval_test(every_kind_has_its_verdict),
        eval_test(nothing_satisfies_only_not),
        eval_test(texts_are_compared_by_their_bytes),
        eval_test(forms_are_those_of_hurl),
        eval_test(a_nul_spoils_a_form),
        eval_test(failures_say_what_was_and_what_should_be),
        eval_test(what_cannot_be_evaluated_is_an_error_at_its_place),
        eval_test(values_keep_or_lose_their_type_as_they_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
