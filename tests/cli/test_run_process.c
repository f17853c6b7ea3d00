/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals, crashes and hangs while scripts are played. */
#include "tests/cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAY(app)  "run", "--app", APP(app), "--test"


static void
write_script(const char *name, const char *text)
{
    cli_write(name, text, strlen(text));
}


static void
expect_in_file(const char *name, const char *part)
{
    size_t  len;
    char   *text = cli_read(name, &len);

    if (strstr(text, part) == NULL) {
        print_error("%s holds no \"%s\":\n%s\n", name, part, text);
        fail();
    }
    free(text);
}


/* Start it, wait until the handler says so, send the signal. */
static void
interrupt(struct cli *cli, const char *const *words, const char *said,
          size_t count, int number)
{
    int    out, err;
    pid_t  pid = cli_start(cli, words, &out, &err);

    cli_wait_for(cli, pid, err, said, count);
    assert_int_equal(kill(pid, number), 0);
    cli_wait(cli, pid, out, err);
}


static void
an_endless_retry_ends_with_a_signal_and_all_reports(void **state)
{
    struct cli  cli;
    const char *const  words[] = {
        PLAY("replies"), "--log-level", "info", "--jobs", "1",
        "--report-tap", "r.tap", "--report-json", "r.json", "--report-junit",
        "r.xml", "endless-one.hurl", "endless-two.hurl", NULL
    };

    (void) state;
    write_script("endless-one.hurl", "GET {{base}}/third\n[Options]\n"
                 "retry: -1\nretry-interval: 10\nHTTP 201\n");
    write_script("endless-two.hurl", "GET {{base}}/reply\nHTTP 200\n");

    interrupt(&cli, words, "call 3", 1, SIGINT);

    cli_expect_message(&cli, 128 + SIGINT, "endless-one.hurl: Failure");
    expect_in_file("r.tap", "not ok 1 - endless-one.hurl");
    expect_in_file("r.tap", "ok 2 - endless-two.hurl # SKIP");
    expect_in_file("r.json", "\"problem\":\"not run");
    expect_in_file("r.json", "\n]\n");
    expect_in_file("r.xml", "</testsuites>");
    assert_int_equal(cli_process_lives("endless-one.hurl"), 0);
    assert_int_equal(cli_shm_left(), 0);
    cli_free(&cli);
}


static void
a_request_that_hangs_ends_with_a_signal(void **state)
{
    struct cli  cli;
    const char *const  words[] = {
        PLAY("replies"), "--log-level", "info", "--timeout", "0",
        "--report-json", "h.json", "hangs-on.hurl", NULL
    };

    (void) state;
    write_script("hangs-on.hurl", "GET {{base}}/stuck\nHTTP 200\n");

    interrupt(&cli, words, "*1 stuck", 1, SIGTERM);

    assert_int_equal(cli.status, 128 + SIGTERM);
    expect_in_file("h.json", "stopped by a signal");
    assert_int_equal(cli_process_lives("hangs-on.hurl"), 0);
    cli_free(&cli);
}


static void
the_next_entry_has_a_fresh_worker_and_the_old_zone(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("death.hurl",
                 "GET {{base}}/dies_once_with_lock\nHTTP 200\n"
                 "GET {{base}}/dies_once_with_lock\nHTTP 200\n"
                 "GET {{base}}/exits\nHTTP 200\n"
                 "GET {{base}}/dies_once_with_lock\nHTTP 200\n");

    cli_run(&cli, PLAY("defects"), "--continue-on-error", "--report-json",
            "d.json", "death.hurl");

    cli_expect_message(&cli, 3, "it held the lock of the shared memory");
    cli_expect_message(&cli, 3, "called exit(7)");
    cli_expect_message(&cli, 3, "death.hurl: Failure (4 requests");
    cli_expect_no_message(&cli, "death.hurl:10");
    expect_in_file("d.json", "\"index\":4,\"line\":7,\"attempt\":1,"
                             "\"verdict\":\"passed\"");
    cli_free(&cli);
}


static void
an_app_cannot_report_for_its_file(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("forge.hurl", "GET {{base}}/forges_result\nHTTP 200\n");

    cli_run(&cli, PLAY("defects"), "--report-tap", "f.tap", "forge.hurl");

    cli_expect_message(&cli, 3, "to a descriptor that it did not open");
    cli_expect_message(&cli, 3, "forge.hurl: Failure");
    expect_in_file("f.tap", "not ok 1 - forge.hurl");
    cli_free(&cli);
}


static void
a_long_log_line_is_shown_as_nginx_would(void **state)
{
    char        line[2050];
    struct cli  cli;

    (void) state;
    memset(line, 'x', sizeof(line) - 1);
    line[2049] = '\0';
    write_script("logs.hurl", "GET {{base}}/logs_much\nHTTP 201\n");

    cli_run(&cli, PLAY("defects"), "logs.hurl");

    cli_expect_no_message(&cli, line);
    cli_expect_message(&cli, 4, line + 1);
    cli_free(&cli);
}


static void
a_hang_fails_its_entry_alone(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("hang.hurl",
                 "GET {{base}}/hangs\n[Options]\nmax-time: 100\nHTTP 200\n"
                 "GET {{base}}/keeps\nHTTP 200\n");

    cli_run(&cli, PLAY("defects"), "--continue-on-error", "hang.hurl");

    cli_expect_message(&cli, 3, "did not return in a request within 100ms");
    cli_expect_message(&cli, 3, "Checks:   2");
    cli_free(&cli);
}


static void
a_lock_kept_by_a_handler_fails_the_entry_and_is_freed(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("lock.hurl", "GET {{base}}/keeps_lock\nHTTP 200\n"
                              "GET {{base}}/keeps_lock\nHTTP 200\n");

    cli_run(&cli, PLAY("defects"), "--continue-on-error", "lock.hurl");

    cli_expect_message(&cli, 3, "LF-503");
    cli_expect_message(&cli, 3, "--> lock.hurl:3:1");
    cli_free(&cli);
}


static void
what_is_expected_to_go_wrong_passes(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("expect.hurl",
                 "#@ expect crash SIGSEGV\nGET {{base}}/null_pointer\n\n"
                 "#@ expect crash\nGET {{base}}/aborts\n\n"
                 "#@ expect timeout\nGET {{base}}/hangs\n"
                 "[Options]\nmax-time: 100\n\n"
                 "#@ expect rule LF-503\nGET {{base}}/keeps_lock\n"
                 "HTTP 200\n");

    cli_run(&cli, PLAY("defects"), "expect.hurl");

    cli_expect(&cli, 0, "");
    cli_free(&cli);
}


static void
what_was_expected_to_go_wrong_and_did_not_fails(void **state)
{
    size_t      i;
    struct cli  cli;
    static const struct {
        const char  *script;
        int          status;
    }  rows[] = {
        { "#@ expect crash SIGABRT\nGET {{base}}/null_pointer\n", 3 },
        { "#@ expect crash\nGET {{base}}/keeps\n", 4 },
        { "#@ expect timeout\nGET {{base}}/keeps\n", 4 },
        { "#@ expect rule LF-503\nGET {{base}}/keeps\n", 4 },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        write_script("unexpected.hurl", rows[i].script);
        cli_run(&cli, PLAY("defects"), "unexpected.hurl");
        cli_expect_message(&cli, rows[i].status, "expected: ");
        cli_free(&cli);
    }
}


static void
an_exit_hook_that_crashes_fails_the_file(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("exit.hurl", "GET {{base}}/hello\nHTTP 200\n");

    cli_run(&cli, PLAY("exit_crashes"), "exit.hurl");

    cli_expect_message(&cli, 3, "ngx_link_func_exit_cycle");
    cli_free(&cli);
}


static void
an_init_hook_that_refuses_fails_the_file(void **state)
{
    struct cli  cli;

    (void) state;
    write_script("init.hurl", "GET {{base}}/hello\nHTTP 200\n");

    cli_run(&cli, PLAY("init_fails"), "init.hurl");

    cli_expect_message(&cli, 3, "refuses to start");
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(an_endless_retry_ends_with_a_signal_and_all_reports),
        cmocka_unit_test(a_request_that_hangs_ends_with_a_signal),
        cmocka_unit_test(the_next_entry_has_a_fresh_worker_and_the_old_zone),
        cmocka_unit_test(an_app_cannot_report_for_its_file),
        cmocka_unit_test(a_long_log_line_is_shown_as_nginx_would),
        cmocka_unit_test(a_hang_fails_its_entry_alone),
        cmocka_unit_test(a_lock_kept_by_a_handler_fails_the_entry_and_is_freed),
        cmocka_unit_test(what_is_expected_to_go_wrong_passes),
        cmocka_unit_test(what_was_expected_to_go_wrong_and_did_not_fails),
        cmocka_unit_test(an_exit_hook_that_crashes_fails_the_file),
        cmocka_unit_test(an_init_hook_that_refuses_fails_the_file),
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
