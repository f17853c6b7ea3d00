/* SPDX-License-Identifier: BSD-2-Clause */
/* Zones that are kept: call --shm NAME, shm ls, shm rm. */
#define _GNU_SOURCE
#include "tests/cli/cli.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define QUIET  "-s", "--log-level", "error"

static char  name[48], object[96];


/* A name of this test alone; other tests may run beside it. */
static int
new_name(void **state)
{
    static unsigned  number;

    (void) state;
    (void) snprintf(name, sizeof(name), "cli-%d-%u", (int) getpid(),
                    number++);
    (void) snprintf(object, sizeof(object), "/dev/shm/linkfunc-%d-%s",
                    (int) geteuid(), name);

    return 0;
}


static int
drop_name(void **state)
{
    (void) state;
    (void) unlink(object);
    (void) rmdir(object);

    return 0;
}


static void
call(const char *symbol, const char *out)
{
    struct cli  cli;

    cli_run(&cli, "call", QUIET, "--shm", name, APP("replies"), symbol);
    cli_expect(&cli, 0, out);
    cli_free(&cli);
}


/* The line of our zone in "shm ls"; the test fails if it is not there. */
static void
list(char *line, size_t size)
{
    char        *at;
    struct cli   cli;

    cli_run(&cli, "shm", "ls");
    assert_int_equal(cli.status, 0);
    at = strstr(cli.out, name);

    if (at == NULL) {
        fail_msg("%s is not in:\n%s%s", name, cli.out, cli.err);
    }

    (void) snprintf(line, size, "%.*s", (int) strcspn(at, "\n"), at);
    cli_free(&cli);
}


static void
expect_listed(const char *part)
{
    char  line[512];

    list(line, sizeof(line));

    if (strstr(line, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, line);
    }
}


static void
values_are_there_at_the_next_call(void **state)
{
    (void) state;
    call("visits", "1\n");
    call("visits", "2\n");
    expect_listed(" 1  -");
    expect_listed(" 1  -");
}


static void
threads_and_workers_share_a_kept_zone(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--shm", name, "--workers", "2",
            "--threads", "3", "--repeat", "30", "-o", "/dev/null",
            APP("replies"), "visits");
    cli_expect(&cli, 0, "");
    cli_free(&cli);
    call("visits", "31\n");
}


static void
removed_zone_begins_anew(void **state)
{
    struct cli  cli;

    (void) state;
    call("visits", "1\n");
    cli_run(&cli, "shm", "rm", name);
    cli_expect(&cli, 0, "");
    cli_free(&cli);
    assert_int_equal(access(object, F_OK), -1);
    call("visits", "1\n");
}


static void
zone_is_for_nobody_else(void **state)
{
    struct stat  st;

    (void) state;
    call("visits", "1\n");
    assert_int_equal(stat(object, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}


static void
another_size_is_refused_and_nothing_lost(void **state)
{
    struct cli  cli;

    (void) state;
    call("visits", "1\n");
    cli_run(&cli, "call", "--shm", name, "--shm-size", "2m", APP("replies"),
            "visits");
    cli_expect_message(&cli, 1, "it has 1048576 bytes already, not 2097152");
    cli_free(&cli);
    call("visits", "2\n");
}


static void
too_large_a_zone_is_refused_and_leaves_none(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--shm", name, "--shm-size", "2g", APP("replies"),
            "visits");
    cli_expect_message(&cli, 1, "up to 1g");
    cli_free(&cli);
    assert_int_equal(access(object, F_OK), -1);
}


/* As if /dev/shm were full: no file may be larger than this. */
static void
zone_without_room_leaves_none(void **state)
{
    struct cli     cli;
    struct rlimit  before, limit;

    (void) state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 256 * 1024;
    (void) signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cli_run(&cli, "call", "--shm", name, APP("replies"), "visits");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void) signal(SIGXFSZ, SIG_DFL);
    cli_expect_message(&cli, 1, "File too large");
    cli_free(&cli);
    assert_int_equal(access(object, F_OK), -1);
}


static void
wrong_names_and_words_get_a_message(void **state)
{
    size_t      i;
    struct cli  cli;

    static const struct {
        const char  *words[3], *part;
    } rows[] = {
        { { "rm", "a/b" }, "is not a valid name" },
        { { "rm", "" }, "is not a valid name" },
        { { "rm", "nobody-made-this" }, "no such zone; \"linkfunc shm ls\"" },
        { { "rm" }, "shm rm: no name;" },
        { { "ls", "x" }, "extra argument \"x\"" },
        { { "lst" }, "no command \"lst\"" },
        { { "ls", "--all" }, "--all" },
        { { NULL }, "usage: linkfunc shm ls | rm" }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cli_run(&cli, "shm", rows[i].words[0], rows[i].words[1]);
        cli_expect_message(&cli, 1, rows[i].part);
        cli_free(&cli);
    }
}


static void
help_is_given_behind_each_command(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "shm", "rm", "--help");
    assert_int_equal(cli.status, 0);
    assert_non_null(strstr(cli.out, "usage: linkfunc shm ls"));
    cli_free(&cli);
}


static void
wrong_name_does_not_stop_the_others(void **state)
{
    struct cli  cli;

    (void) state;
    call("visits", "1\n");
    cli_run(&cli, "shm", "rm", "nobody-made-this", name);
    cli_expect_message(&cli, 1, "nobody-made-this");
    cli_free(&cli);
    assert_int_equal(access(object, F_OK), -1);
}


/*
 * Starts a call that takes the lock and keeps it. *worker becomes readable when
 * the process that has it is gone.
 */
static pid_t
start_holder(struct cli *cli, int *out, int *err, int *worker)
{
    char              *at;
    pid_t              pid;
    const char *const  words[] = {
        "call", "--timeout", "0", "--shm", name, APP("defects"),
        "hangs_with_lock", NULL
    };

    pid = cli_start(cli, words, out, err);

    cli_wait_for(cli, pid, *err, "has the lock", 1);

    /* "2026/11/23 01:02:03 [info] PID#TID: ..." */
    at = strstr(cli->err, "] ");
    assert_non_null(at);
    *worker = (int) syscall(SYS_pidfd_open, (pid_t) atol(at + 2), 0);
    assert_true(*worker >= 0);

    return pid;
}


static void
wait_for_end(int worker)
{
    struct pollfd  poll_fd = { worker, POLLIN, 0 };

    assert_int_equal(poll(&poll_fd, 1, 60000), 1);
    (void) close(worker);
}


static void
lock_of_a_live_process_is_named_and_not_waited_for(void **state)
{
    int         out, err, worker;
    pid_t       pid;
    struct cli  cli;

    (void) state;
    pid = start_holder(&cli, &out, &err, &worker);
    expect_listed("held by process ");
    assert_int_equal(kill(pid, SIGTERM), 0);
    cli_wait(&cli, pid, out, err);
    wait_for_end(worker);
    cli_free(&cli);
    expect_listed("  -");
}


static void
lock_of_the_dead_is_told_and_freed_by_the_next_call(void **state)
{
    int         out, err, worker;
    pid_t       pid;
    struct cli  cli;

    (void) state;
    call("visits", "1\n");
    pid = start_holder(&cli, &out, &err, &worker);
    assert_int_equal(kill(pid, SIGKILL), 0);
    cli_wait(&cli, pid, out, err);
    wait_for_end(worker);
    cli_free(&cli);
    expect_listed(", which has ended: the next call releases it");
    call("visits", "2\n");
    expect_listed("  -");
}


static void
zone_in_use_may_be_removed(void **state)
{
    int         out, err, worker;
    pid_t       pid;
    struct cli  cli, rm;

    (void) state;
    pid = start_holder(&cli, &out, &err, &worker);
    cli_run(&rm, "shm", "rm", name);
    cli_expect(&rm, 0, "");
    cli_free(&rm);
    call("visits", "1\n");
    assert_int_equal(kill(pid, SIGTERM), 0);
    cli_wait(&cli, pid, out, err);
    assert_int_equal(cli.status, 128 + SIGTERM);
    wait_for_end(worker);
    cli_free(&cli);
}


/* ls shows it with the reason, a call refuses it and leaves it alone. */
static void
expect_foreign(const char *part)
{
    struct cli  cli;

    expect_listed(part);
    cli_run(&cli, "call", "--shm", name, APP("replies"), "visits");
    cli_expect_message(&cli, 1, part);
    cli_free(&cli);
}


static void
file_of_something_else_is_not_overwritten(void **state)
{
    char    *text;
    size_t   len;

    (void) state;
    cli_write(object, "precious\n", 9);
    assert_int_equal(chmod(object, 0600), 0);
    expect_foreign("not made by linkfunc");
    text = cli_read(object, &len);
    assert_int_equal(len, 9);
    free(text);
}


static void
large_file_of_something_else_is_not_overwritten(void **state)
{
    char  text[8192];

    (void) state;
    memset(text, 'x', sizeof(text));
    cli_write(object, text, sizeof(text));
    assert_int_equal(chmod(object, 0600), 0);
    expect_foreign("not made by linkfunc");
}


static void
fifo_and_folder_are_told(void **state)
{
    (void) state;
    assert_int_equal(mkfifo(object, 0600), 0);
    expect_foreign("not a regular file");
    assert_int_equal(unlink(object), 0);
    assert_int_equal(mkdir(object, 0700), 0);
    expect_foreign("shared memory zone \"");
}


static void
zone_that_others_may_write_is_refused(void **state)
{
    (void) state;
    call("visits", "1\n");
    assert_int_equal(chmod(object, 0666), 0);
    expect_foreign("others may write it");
}


static void
half_made_zone_is_told_and_made_anew(void **state)
{
    (void) state;
    cli_write(object, "", 0);
    assert_int_equal(chmod(object, 0600), 0);
    expect_listed("incomplete");
    call("visits", "1\n");
}


static void
cut_zone_is_refused(void **state)
{
    struct stat  st;

    (void) state;
    call("visits", "1\n");
    assert_int_equal(stat(object, &st), 0);
    assert_int_equal(truncate(object, st.st_size + 4096), 0);
    expect_listed("incomplete");
}


int
main(void)
{
#define TEST(name)  cmocka_unit_test_setup_teardown(name, new_name, drop_name)
    const struct CMUnitTest  tests[] = {
        TEST(values_are_there_at_the_next_call),
        TEST(threads_and_workers_share_a_kept_zone),
        TEST(removed_zone_begins_anew),
        TEST(zone_is_for_nobody_else),
        TEST(another_size_is_refused_and_nothing_lost),
        TEST(too_large_a_zone_is_refused_and_leaves_none),
        TEST(zone_without_room_leaves_none),
        TEST(wrong_names_and_words_get_a_message),
        TEST(help_is_given_behind_each_command),
        TEST(wrong_name_does_not_stop_the_others),
        TEST(lock_of_a_live_process_is_named_and_not_waited_for),
        TEST(lock_of_the_dead_is_told_and_freed_by_the_next_call),
        TEST(zone_in_use_may_be_removed),
        TEST(file_of_something_else_is_not_overwritten),
        TEST(large_file_of_something_else_is_not_overwritten),
        TEST(fifo_and_folder_are_told),
        TEST(zone_that_others_may_write_is_refused),
        TEST(half_made_zone_is_told_and_made_anew),
        TEST(cut_zone_is_refused)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
