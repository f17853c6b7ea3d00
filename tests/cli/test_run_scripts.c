/* SPDX-License-Identifier: BSD-2-Clause */
/* Which scripts are played, and what becomes of those that cannot be. */
#include "tests/cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GOOD      "GET {{base}}/reply\nHTTP 200\n"
#define PLAY(...) cli_run(&cli, "run", "--app", APP("replies"), "--test",     \
                          __VA_ARGS__)


static int
set_up(void **state)
{
    size_t                    i;
    static const char *const  folders[] = { "t", "t/a", "t/a/b", "t/.h" };
    static const char *const  files[] = {
        "good.hurl", "t/x.hurl", "t/a/y.hurl", "t/a/b/z.hurl", "t/.h/h.hurl",
        "t/a/b/z.txt"
    };

    if (cli_setup(state) != 0) {
        return -1;
    }

    for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (mkdir(folders[i], 0700) != 0) {
            return -1;
        }
    }
    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        cli_write(files[i], GOOD, strlen(GOOD));
    }

    return 0;
}


/* The files named in the output, in their order. */
static void
expect_played(const struct cli *cli, const char *names)
{
    char         got[512] = "";
    const char  *at = cli->err, *end;

    assert_int_equal(cli->status, 0);

    for ( ; (end = strstr(at, ": Success")) != NULL; at = strchr(end, '\n') + 1)
    {
        assert_true(strlen(got) + (size_t) (end - at) + 2 < sizeof(got));
        (void) strncat(got, at, (size_t) (end - at));
        (void) strcat(got, " ");
    }

    assert_string_equal(got, names);
}


static void
folders_and_patterns_are_searched(void **state)
{
    size_t      i;
    struct cli  cli;
    static const struct { const char *pattern, *played; }  rows[] = {
        { "t/*.hurl", "t/x.hurl " },
        { "t/**/*.hurl", "t/a/b/z.hurl t/a/y.hurl t/x.hurl " },
        { "**/[yz].hurl", "t/a/b/z.hurl t/a/y.hurl " },
        { "t/**/b/z.*", "t/a/b/z.hurl t/a/b/z.txt " },
        { "t/.h/**/*.hurl", "t/.h/h.hurl " },
        { "./t/**/x.hurl", "./t/x.hurl " },
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        PLAY("--glob", rows[i].pattern);
        expect_played(&cli, rows[i].played);
        cli_free(&cli);
    }

    PLAY("t/a");
    expect_played(&cli, "t/a/b/z.hurl t/a/y.hurl ");
    cli_free(&cli);
}


static void
nothing_to_play_is_an_error(void **state)
{
    struct cli  cli;

    (void) state;
    PLAY("--glob", "t/**/none.hurl");
    cli_expect_message(&cli, 2, "--glob t/**/none.hurl: matches no file");
    cli_free(&cli);

    PLAY("--glob", "none*");
    cli_expect_message(&cli, 2, "--glob none*: matches no file");
    cli_free(&cli);
}


static void
a_missing_script_stops_no_other(void **state)
{
    char        *tap;
    size_t       len;
    struct cli   cli;

    (void) state;
    PLAY("--report-tap", "r.tap", "none.hurl", "good.hurl");
    cli_expect_message(&cli, 2, "error: none.hurl: No such file or directory");
    assert_non_null(strstr(cli.err, "good.hurl: Success"));
    cli_free(&cli);

    tap = cli_read("r.tap", &len);
    assert_string_equal(tap, "TAP version 13\n1..2\nnot ok 1 - none.hurl\n"
                             "# No such file or directory\n"
                             "ok 2 - good.hurl\n");
    free(tap);
}


static void
a_report_that_fails_fails_alone(void **state)
{
    char        *text;
    size_t       len;
    struct cli   cli;

    (void) state;
    PLAY("--report-tap", "/dev/full", "--report-junit", "r.xml",
         "--report-json", "r.json", "good.hurl");
    cli_expect_message(&cli, 1, "report /dev/full cannot be written: No space");
    cli_expect_no_message(&cli, "report r.xml");
    cli_expect_no_message(&cli, "report r.json");
    cli_free(&cli);

    text = cli_read("r.xml", &len);
    assert_non_null(strstr(text, "</testsuites>"));
    free(text);
    text = cli_read("r.json", &len);
    assert_non_null(strstr(text, "\"success\":true"));
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(folders_and_patterns_are_searched),
        cmocka_unit_test(nothing_to_play_is_an_error),
        cmocka_unit_test(a_missing_script_stops_no_other),
        cmocka_unit_test(a_report_that_fails_fails_alone),
    };

    return cmocka_run_group_tests(tests, set_up, cli_teardown);
}
