/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests side by side in the threads of one process. */
#define _GNU_SOURCE
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUIET    "-s", "--log-level", "error"
#define THREADS  APP("threads")

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
/* The sanitizer ends the process first, with words of its own. */
#define SKIP_SANITIZED()  skip()
#else
#define SKIP_SANITIZED()  ((void) 0)
#endif


static size_t
count_of(const char *text, const char *part)
{
    size_t  n;

    for (n = 0; (text = strstr(text, part)) != NULL; n++) {
        text += strlen(part);
    }

    return n;
}


/* The numbers from 1 to n, a line each, in any order, once each. */
static void
expect_numbers(const struct cli *cli, unsigned n)
{
    char      line[32];
    unsigned  i;

    assert_int_equal(cli->status, 0);
    assert_int_equal(count_of(cli->out, "\n"), n);

    for (i = 1; i <= n; i++) {
        (void) snprintf(line, sizeof(line), "\n%u\n", i);

        if (strstr(cli->out, line) == NULL
            && strncmp(cli->out, line + 1, strlen(line + 1)) != 0)
        {
            fail_msg("%u is missing in:\n%s", i, cli->out);
        }
    }
}


static void
requests_of_one_process_meet(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--threads", "2", "--repeat", "2", THREADS,
            "meets");
    cli_expect(&cli, 0, "met\nmet\n");
    cli_free(&cli);
}


static void
threads_share_the_globals_of_the_app(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--threads", "8", "--repeat", "200", THREADS,
            "counts");
    expect_numbers(&cli, 200);
    cli_free(&cli);
}


static void
counter_of_the_examples_is_right(void **state)
{
    struct cli  cli;

    (void) state;

    if (access(COUNTER, R_OK) != 0) {
        skip();
    }

    cli_run(&cli, "call", QUIET, "--workers", "2", "--threads", "4",
            "--repeat", "200", COUNTER, "count");
    expect_numbers(&cli, 200);
    cli_free(&cli);
}


static void
hooks_run_once_for_all_threads(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--threads", "4", "--repeat", "8", THREADS,
            "counts");
    assert_int_equal(cli.status, 0);
    assert_int_equal(count_of(cli.err, "init hook"), 1);
    assert_int_equal(count_of(cli.err, "exit hook after 8"), 1);
    cli_free(&cli);
}


static void
one_thread_is_a_pool_too(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--threads", "1", "--repeat", "3", THREADS,
            "counts");
    cli_expect(&cli, 0, "1\n2\n3\n");
    cli_free(&cli);
}


static void
answers_of_threads_are_never_mixed(void **state)
{
    char       *line;
    size_t      i, len, lines;
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--threads", "4", "--repeat", "12", THREADS,
            "stripes");

    for (line = cli.out, lines = 0; *line != '\0'; line += len + 1, lines++) {
        len = strcspn(line, "\n");
        assert_int_equal(len, 299999);

        for (i = 1; i < len; i++) {
            if (line[i] != line[0]) {
                fail_msg("answer %zu is mixed at byte %zu", lines, i);
            }
        }
    }

    assert_int_equal(lines, 12);
    cli_free(&cli);
}


static void
whole_abi_works_side_by_side(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--threads", "4", "--repeat", "40", "-d",
            "some body", "-w", "\n", THREADS, "all_at_once", "/?word=right");
    assert_int_equal(cli.status, 0);
    assert_int_equal(count_of(cli.out, "right\n"), 40);
    assert_string_equal(cli.err, "");
    cli_free(&cli);
}


static void
crash_names_function_and_counts_what_is_lost(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, "call", "--threads", "2", "--repeat", "2", THREADS,
            "second_crashes");
    cli_expect_message(&cli, 3, "crashed in request ");
    cli_expect_message(&cli, 3, " of 2: SIGSEGV");
    cli_expect_message(&cli, 3, "crash_here at ");
    cli_expect_message(&cli, 3, "lost with it: 1 other request ");
    cli_expect_message(&cli, 3, "to repeat: linkfunc call --threads 2 "
                       "--repeat 2 ");
    cli_free(&cli);
}


static void
overflow_of_a_threads_stack_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, "call", "--threads", "2", THREADS, "overflows");
    cli_expect_message(&cli, 3, "stack overflow");
    cli_free(&cli);
}


static void
exit_of_a_thread_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--threads", "2", THREADS, "exits");
    cli_expect_message(&cli, 3, "called exit(9) in a request");
    cli_free(&cli);
}


static void
thread_that_hangs_is_late_alone(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--threads", "2", "--repeat", "2", "--timeout",
            "3s", THREADS, "second_hangs");
    cli_expect(&cli, 3, "fine\n");
    cli_expect_message(&cli, 3, "did not return in request ");
    cli_expect_message(&cli, 3, "second_hangs at ");
    cli_expect_no_message(&cli, "lost with it");
    cli_free(&cli);
}


static void
lock_that_a_thread_keeps_is_freed_for_the_others(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--threads", "3", "--repeat", "9", THREADS,
            "keeps_lock");
    assert_int_equal(cli.status, 3);
    assert_int_equal(count_of(cli.out, "kept\n"), 9);
    cli_expect_message(&cli, 3, "LF-503");
    cli_free(&cli);
}


static void
nonsense_is_refused(void **state)
{
    size_t      i;
    struct cli  cli;

    static const char *const  values[] = {
        "0", "-1", "257", "1.5", "two", "", "99999999999999999999"
    };

    (void) state;

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        cli_run(&cli, "call", "--threads", values[i], THREADS, "counts");
        cli_expect_message(&cli, 1, "give a number from 1 to 256");
        cli_free(&cli);
    }

    cli_run(&cli, "call", "--threads", "2", "--no-fork", THREADS, "counts");
    cli_expect_message(&cli, 1, "--no-fork and --threads 2 cannot");
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(requests_of_one_process_meet),
        cmocka_unit_test(threads_share_the_globals_of_the_app),
        cmocka_unit_test(counter_of_the_examples_is_right),
        cmocka_unit_test(hooks_run_once_for_all_threads),
        cmocka_unit_test(one_thread_is_a_pool_too),
        cmocka_unit_test(answers_of_threads_are_never_mixed),
        cmocka_unit_test(whole_abi_works_side_by_side),
        cmocka_unit_test(crash_names_function_and_counts_what_is_lost),
        cmocka_unit_test(overflow_of_a_threads_stack_is_told),
        cmocka_unit_test(exit_of_a_thread_is_told),
        cmocka_unit_test(thread_that_hangs_is_late_alone),
        cmocka_unit_test(lock_that_a_thread_keeps_is_freed_for_the_others),
        cmocka_unit_test(nonsense_is_refused)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
