/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How an error in a script looks: the long form with its source line, and the
 * one-line form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "harness/hurl/syntax/script_error.h"
#include "lib/base/strbuf.h"


static struct script_error
error_at(unsigned line, unsigned column, unsigned width)
{
    struct script_error  error = { .title = "Parsing method",
                                   .pos = { line, column }, .width = width };

    strcpy(error.message, "is wrong");

    return error;
}


static void
expect_long(struct script_error error, const char *source,
    const char *expected)
{
    struct strbuf  out = { 0 };

    script_error_long(&out, &error, "a/b.hurl", source, strlen(source));
    assert_string_equal(out.data, expected);
    strbuf_free(&out);
}


static void
the_long_form_shows_the_line_and_underlines_the_place(void **state)
{
    (void) state;

    expect_long(error_at(2, 3, 2), "GET x\nabcdef\nz\n",
                "error: Parsing method\n"
                "  --> a/b.hurl:2:3\n"
                "   |\n"
                " 2 | abcdef\n"
                "   |   ^^ is wrong\n"
                "   |\n");
}


static void
tabs_become_blanks_in_the_line_and_below(void **state)
{
    (void) state;

    expect_long(error_at(1, 3, 1), "\ta\tb\r\n",
                "error: Parsing method\n"
                "  --> a/b.hurl:1:3\n"
                "   |\n"
                " 1 |     a    b\n"
                "   |      ^ is wrong\n"
                "   |\n");
}


static void
columns_count_characters_and_not_bytes(void **state)
{
    (void) state;

    expect_long(error_at(1, 4, 1), "\xc3\xa9\xe2\x82\xac\x65\xcc\x81x",
                "error: Parsing method\n"
                "  --> a/b.hurl:1:4\n"
                "   |\n"
                " 1 | \xc3\xa9\xe2\x82\xac\x65\xcc\x81x\n"
                "   |    ^ is wrong\n"
                "   |\n");
}


static void
the_gutter_grows_with_the_line_number(void **state)
{
    char  source[200];

    (void) state;
    memset(source, '\n', sizeof(source));
    source[sizeof(source) - 1] = '\0';

    expect_long(error_at(100, 1, 1), source,
                "error: Parsing method\n"
                "   --> a/b.hurl:100:1\n"
                "    |\n"
                "100 | \n"
                "    | ^ is wrong\n"
                "    |\n");
}


static void
a_place_behind_the_end_shows_an_empty_line(void **state)
{
    (void) state;

    expect_long(error_at(3, 1, 1), "one",
                "error: Parsing method\n"
                "  --> a/b.hurl:3:1\n"
                "   |\n"
                " 3 | \n"
                "   | ^ is wrong\n"
                "   |\n");
}


static void
control_characters_do_not_reach_the_terminal(void **state)
{
    (void) state;

    expect_long(error_at(1, 2, 1), "\x1b[31m",
                "error: Parsing method\n"
                "  --> a/b.hurl:1:2\n"
                "   |\n"
                " 1 | ?[31m\n"
                "   |  ^ is wrong\n"
                "   |\n");
}


static void
wide_characters_take_two_cells_and_accents_none(void **state)
{
    (void) state;

    expect_long(error_at(1, 4, 2), "\xe6\xbc\xa2\xe5\xad\x97" "a\xf0\x9f\x98"
                "\x80" "bc",
                "error: Parsing method\n"
                "  --> a/b.hurl:1:4\n"
                "   |\n"
                " 1 | \xe6\xbc\xa2\xe5\xad\x97" "a\xf0\x9f\x98\x80" "bc\n"
                "   |      ^^^ is wrong\n"
                "   |\n");
}


static void
of_a_long_line_the_part_around_the_place_is_shown(void **state)
{
    char           line[5001], shown[300];
    struct strbuf  out = { 0 };

    (void) state;
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    memcpy(line + 2999, "HERE", 4);

    (void) snprintf(shown, sizeof(shown), " 1 | ...%.160s...\n"
                    "   |    %60s^^^^ is wrong\n", line + 2939, "");
    script_error_long(&out, &(struct script_error) { .title = "T",
                      .pos = { 1, 3000 }, .width = 4, .message = "is wrong" },
                      "n", line, strlen(line));

    assert_non_null(strstr(out.data, shown));
    assert_in_range(out.len, 200, 400);
    strbuf_free(&out);
}


/* What a player found in the second line of this script. */
static void
expect_found(unsigned width, const char *message, const char *expected)
{
    struct strbuf       out = { 0 };
    struct script_view  view = {
        .line = { 12, "\tbody == 1", 10 }, .column = 2, .width = width,
        .request = { 9, "GET http://h", 12 }
    };

    script_error_add(&out, &view, "Assert failure", "a.hurl", message);
    assert_string_equal(out.data, expected);
    strbuf_free(&out);
}


static void
a_players_error_shows_the_request_above(void **state)
{
    (void) state;

    expect_found(4, "is wrong\nfor two reasons",
                 "error: Assert failure\n"
                 "  --> a.hurl:12:2\n"
                 "   |\n"
                 "   | GET http://h\n"
                 "   | ...\n"
                 "12 |     body == 1\n"
                 "   |     ^^^^ is wrong\n"
                 "   |   for two reasons\n"
                 "   |\n");
}


static void
an_assertion_has_no_carets_and_shows_no_control_characters(void **state)
{
    (void) state;

    expect_found(0, "actual:   string <\x1b[2J\r>\nexpected: string <\t>",
                 "error: Assert failure\n"
                 "  --> a.hurl:12:2\n"
                 "   |\n"
                 "   | GET http://h\n"
                 "   | ...\n"
                 "12 |     body == 1\n"
                 "   |   actual:   string <\\x1b[2J\\r>\n"
                 "   |   expected: string <\t>\n"
                 "   |\n");
}


static void
the_short_form_is_one_line(void **state)
{
    struct strbuf        out = { 0 };
    struct script_error  error = error_at(7, 9, 1);

    (void) state;
    script_error_short(&out, &error, "a.hurl");

    assert_string_equal(out.data, "a.hurl:7:9: is wrong\n");
    strbuf_free(&out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_long_form_shows_the_line_and_underlines_the_place),
        cmocka_unit_test(tabs_become_blanks_in_the_line_and_below),
        cmocka_unit_test(columns_count_characters_and_not_bytes),
        cmocka_unit_test(the_gutter_grows_with_the_line_number),
        cmocka_unit_test(a_place_behind_the_end_shows_an_empty_line),
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(wide_characters_take_two_cells_and_accents_none),
        cmocka_unit_test(of_a_long_line_the_part_around_the_place_is_shown),
        cmocka_unit_test(a_players_error_shows_the_request_above),
        cmocka_unit_test(
            an_assertion_has_no_carets_and_shows_no_control_characters),
        cmocka_unit_test(the_short_form_is_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
