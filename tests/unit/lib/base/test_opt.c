/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/message.h"
#include "lib/base/opt.h"

static const struct opt_def  defs[] = {
    { 0, 0, NULL, NULL, "Group:" },
    { 1, 'd', "data", "TEXT", "a value" },
    { 2, 'i', "include", NULL, "a flag" },
    { 3, 's', "silent", NULL, "another flag" },
    { 4, 0, "repeat", "N", "no letter" },
    { 0, 0, NULL, NULL, NULL }
};


static void
start(struct opt_parser *parser, char **argv)
{
    opt_start(parser, defs, "call", argv);
}


static void
long_options_take_values_both_ways(void **state)
{
    struct opt_parser  parser;
    char              *argv[] = {
        (char *) "--data", (char *) "a", (char *) "--data=b=c", NULL
    };

    (void) state;
    start(&parser, argv);
    assert_int_equal(opt_next(&parser), 1);
    assert_string_equal(parser.value, "a");
    assert_int_equal(opt_next(&parser), 1);
    assert_string_equal(parser.value, "b=c");
    assert_int_equal(opt_next(&parser), OPT_END);
}


static void
short_flags_combine_and_the_last_takes_a_value(void **state)
{
    struct opt_parser  parser;
    char              *argv[] = {
        (char *) "-isdx", (char *) "-d", (char *) "-1", NULL
    };

    (void) state;
    start(&parser, argv);
    assert_int_equal(opt_next(&parser), 2);
    assert_int_equal(opt_next(&parser), 3);
    assert_int_equal(opt_next(&parser), 1);
    assert_string_equal(parser.value, "x");
    assert_int_equal(opt_next(&parser), 1);
    assert_string_equal(parser.value, "-1");
    assert_int_equal(opt_next(&parser), OPT_END);
}


static void
arguments_stand_anywhere_and_two_dashes_end_options(void **state)
{
    struct opt_parser  parser;
    char              *argv[] = {
        (char *) "app", (char *) "-i", (char *) "-", (char *) "--",
        (char *) "--data", NULL
    };

    (void) state;
    start(&parser, argv);
    assert_int_equal(opt_next(&parser), OPT_ARGUMENT);
    assert_string_equal(parser.value, "app");
    assert_int_equal(opt_next(&parser), 2);
    assert_int_equal(opt_next(&parser), OPT_ARGUMENT);
    assert_string_equal(parser.value, "-");
    assert_int_equal(opt_next(&parser), OPT_ARGUMENT);
    assert_string_equal(parser.value, "--data");
    assert_int_equal(opt_next(&parser), OPT_END);
}


/* The message for one bad word. */
static void
expect_error(const char *word, const char *message)
{
    int                fds[2];
    char               text[512], *argv[2];
    ssize_t            n;
    struct opt_parser  parser;

    argv[0] = (char *) (uintptr_t) word;
    argv[1] = NULL;
    start(&parser, argv);

    assert_int_equal(pipe(fds), 0);
    message_set_fd(fds[1]);
    assert_int_equal(opt_next(&parser), OPT_ERROR);
    message_set_fd(STDERR_FILENO);
    (void) close(fds[1]);

    n = read(fds[0], text, sizeof(text) - 1);
    assert_true(n >= 0);
    text[n] = '\0';
    (void) close(fds[0]);
    assert_string_equal(text, message);
}


static void
errors_say_what_to_write(void **state)
{
    (void) state;
    expect_error("--dat", "linkfunc: error: unknown option --dat; did you "
                 "mean \"--data\"?\n");
    expect_error("--zzz=1", "linkfunc: error: unknown option --zzz; "
                 "\"linkfunc call --help\" lists them all\n");
    expect_error("-z", "linkfunc: error: unknown option -z; \"linkfunc call "
                 "--help\" lists them all\n");
    expect_error("--data", "linkfunc: error: option --data needs a value: "
                 "--data TEXT\n");
    expect_error("-d", "linkfunc: error: option --data needs a value: "
                 "--data TEXT\n");
    expect_error("--silent=1", "linkfunc: error: option --silent takes no "
                 "value\n");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(long_options_take_values_both_ways),
        cmocka_unit_test(short_flags_combine_and_the_last_takes_a_value),
        cmocka_unit_test(arguments_stand_anywhere_and_two_dashes_end_options),
        cmocka_unit_test(errors_say_what_to_write)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
