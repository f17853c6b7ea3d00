/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <string.h>

#include "lib/base/suggest.h"


static void
distance_counts_edits(void **state)
{
    (void) state;
    assert_int_equal(suggest_distance("hello", "hello"), 0);
    assert_int_equal(suggest_distance("hello", "helo"), 1);
    assert_int_equal(suggest_distance("hello", "hlelo"), 1);
    assert_int_equal(suggest_distance("hello", "jello"), 1);
    assert_int_equal(suggest_distance("", "abc"), 3);
    assert_int_equal(suggest_distance("abc", ""), 3);
    assert_int_equal(suggest_distance("Hello", "hello"), 0);
    assert_int_equal(suggest_distance("kitten", "sitting"), 3);
}


static void
monsters_are_far_from_everything(void **state)
{
    char  name[1000];

    (void) state;
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(suggest_distance(name, "a"), 64);
}


static void
nearest_names_come_first_and_only_three(void **state)
{
    char            text[SUGGEST_TEXT];
    struct suggest  near;

    (void) state;
    suggest_start(&near, "header");
    suggest_add(&near, "leaders");
    suggest_add(&near, "headers");
    suggest_add(&near, "heade");
    suggest_add(&near, "reader");
    suggest_add(&near, "include");
    assert_string_equal(suggest_text(&near, "--", text),
                        "; did you mean \"--headers\", \"--heade\" or "
                        "\"--reader\"?");
}


static void
nothing_near_says_nothing(void **state)
{
    char            text[SUGGEST_TEXT];
    struct suggest  near;

    (void) state;
    suggest_start(&near, "xyz");
    suggest_add(&near, "include");
    assert_string_equal(suggest_text(&near, "", text), "");
}


static void
beginning_of_a_name_is_near(void **state)
{
    char            text[SUGGEST_TEXT];
    struct suggest  near;

    (void) state;
    suggest_start(&near, "dump");
    suggest_add(&near, "dump-header");
    assert_string_equal(suggest_text(&near, "", text),
                        "; did you mean \"dump-header\"?");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(monsters_are_far_from_everything),
        cmocka_unit_test(nearest_names_come_first_and_only_three),
        cmocka_unit_test(nothing_near_says_nothing),
        cmocka_unit_test(beginning_of_a_name_is_near)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
