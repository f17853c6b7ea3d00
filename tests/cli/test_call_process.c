/* SPDX-License-Identifier: BSD-2-Clause */
/* Workers, signals, pipes: what linkfunc call leaves behind. */
#define _GNU_SOURCE
#include "tests/cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUIET  "-s", "--log-level", "error"


static void
hooks_run_once_per_worker(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--workers", "3", "--repeat", "6", APP("answers"),
            "hello");
    assert_int_equal(cli.status, 0);
    assert_int_equal(cli_count(cli.out, "hello\n"), 6);
    assert_int_equal(cli_count(cli.err, "init hook"), 3);
    assert_int_equal(cli_count(cli.err, "exit hook"), 3);
    cli_free(&cli);
}


static void
workers_share_the_zone_and_the_requests(void **state)
{
    char       *pid, first[32];
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--workers", "2", "--repeat", "2",
            APP("answers"), "workers");
    assert_int_equal(cli_count(cli.out, "inits=2 pid="), 2);
    pid = strstr(cli.out, "pid=");
    (void) snprintf(first, sizeof(first), "%.*s", (int) strcspn(pid, "\n"),
                    pid);
    assert_int_equal(cli_count(cli.out, first), 1);
    cli_free(&cli);
}


static void
answers_of_workers_are_never_mixed(void **state)
{
    char       *line;
    size_t      i, len, lines;
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--workers", "4", "--repeat", "12",
            APP("answers"), "stripes");

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


/* Starts a call of a handler that hangs, and waits until two of it do. */
static pid_t
start_hanging(struct cli *cli, int *out, int *err)
{
    const char *const  words[] = {
        "call", "--workers", "2", "--repeat", "2", "--prop", "mark=LFHANG",
        "--timeout", "0", APP("defects"), "hangs", NULL
    };
    pid_t              pid;

    pid = cli_start(cli, words, out, err);
    cli_wait_for(cli, pid, *err, "hangs now", 2);

    return pid;
}


static void
interrupt_ends_as_the_shell_expects_and_leaves_nothing(void **state)
{
    int         out, err;
    size_t      i;
    pid_t       pid;
    struct cli  cli;

    static const int  signals[] = { SIGINT, SIGTERM, SIGHUP };

    (void) state;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        pid = start_hanging(&cli, &out, &err);
        assert_int_equal(kill(pid, signals[i]), 0);
        cli_wait(&cli, pid, out, err);
        assert_int_equal(cli.status, 128 + signals[i]);
        assert_false(cli_process_lives("mark=LFHANG"));
        cli_free(&cli);
    }
}


/* The requests that were on their way have an object each. */
static void
interrupt_leaves_whole_objects(void **state)
{
    int                out, err;
    pid_t              pid;
    struct cli         cli;
    const char *const  words[] = {
        "call", "--format", "json", "-v", "--threads", "2", "--repeat", "5",
        "--timeout", "0", APP("defects"), "hangs", NULL
    };

    (void) state;
    pid = cli_start(&cli, words, &out, &err);
    cli_wait_for(&cli, pid, err, "> GET / ", 2);
    assert_int_equal(kill(pid, SIGINT), 0);
    cli_wait(&cli, pid, out, err);
    assert_int_equal(cli.status, 128 + SIGINT);
    assert_int_equal(cli_count(cli.out, "\"kind\":\"interrupted\""), 2);
    assert_int_equal(cli_count(cli.out, "}\n"), 2);
    cli_free(&cli);
}


static void
workers_end_with_a_killed_command(void **state)
{
    int         out, err;
    pid_t       pid;
    struct cli  cli;

    (void) state;
    pid = start_hanging(&cli, &out, &err);
    assert_int_equal(kill(pid, SIGKILL), 0);

    /* The pipes close when the last worker is gone. */
    cli_wait(&cli, pid, out, err);
    assert_int_equal(cli.status, 128 + SIGKILL);
    cli_free(&cli);
}


static void
processes_that_the_app_started_end_too(void **state)
{
    struct cli  cli;

    (void) state;

    /* Waits for the end of stderr, which the app's child has too. */
    cli_run(&cli, "call", QUIET, APP("defects"), "forks");
    cli_expect(&cli, 0, "forked");
    cli_free(&cli);
}


static void
closed_reader_ends_it_by_sigpipe(void **state)
{
    int                out, err;
    pid_t              pid;
    struct cli         cli;
    const char *const  words[] = {
        "call", QUIET, "--repeat", "100", APP("answers"), "big",
        "/?size=100000", NULL
    };

    (void) state;
    pid = cli_start(&cli, words, &out, &err);
    (void) close(out);
    out = dup(err);
    cli_wait(&cli, pid, out, err);
    assert_int_equal(cli.status, 128 + SIGPIPE);
    cli_free(&cli);
}


static void
answer_for_a_closed_stdout_is_not_lost_silently(void **state)
{
    (void) state;
    assert_int_equal(system(LINKFUNC " call -s --log-level error "
                            APP("answers") " hello >&- 2>/dev/null"),
                     1 << 8);
}


static void
no_shared_memory_keeps_a_name(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, APP("defects"), "dies_with_lock");
    assert_int_equal(cli.status, 3);
    assert_int_equal(cli_shm_left(), 0);
    cli_free(&cli);
}


static void
many_requests_are_served_by_one_process(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--repeat", "1000", APP("answers"),
            "hello");
    assert_int_equal(cli.status, 0);
    assert_int_equal(cli.out_len, 6000);
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(hooks_run_once_per_worker),
        cmocka_unit_test(workers_share_the_zone_and_the_requests),
        cmocka_unit_test(answers_of_workers_are_never_mixed),
        cmocka_unit_test(
            interrupt_ends_as_the_shell_expects_and_leaves_nothing),
        cmocka_unit_test(interrupt_leaves_whole_objects),
        cmocka_unit_test(workers_end_with_a_killed_command),
        cmocka_unit_test(processes_that_the_app_started_end_too),
        cmocka_unit_test(closed_reader_ends_it_by_sigpipe),
        cmocka_unit_test(answer_for_a_closed_stdout_is_not_lost_silently),
        cmocka_unit_test(no_shared_memory_keeps_a_name),
        cmocka_unit_test(many_requests_are_served_by_one_process)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
