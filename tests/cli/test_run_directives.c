/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directives on the mock: each golden row has the same result as `nginx -t`
 * of the module, and what a run says about downloads.
 */
#include "tests/cli/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/golden.h"

static int  bad;


static char *
replace(char *text, const char *what, const char *with)
{
    char    *at, *out;
    size_t   size;

    while ((at = strstr(text, what)) != NULL) {
        size = strlen(text) + strlen(with) + 1;
        out = malloc(size);
        assert_non_null(out);
        (void) snprintf(out, size, "%.*s%s%s", (int) (at - text), text, with,
                        at + strlen(what));
        free(text);
        text = out;
    }

    return text;
}


/* 1: refused. */
static int
expected(const struct golden_row *row)
{
    if (strcmp(row->cells[0], "lib undefined symbol") == 0) {
        return 0;                /* lazy binding: a warning of the worker */
    }

    return strncmp(row->cells[4], "same", 4) == 0
           ? strcmp(row->cells[2], "0") != 0
           : strncmp(row->cells[4], "error", 5) == 0;
}


static int
names_line(const char *output)
{
    const char  *at = strstr(output, "app.conf:");

    return at != NULL && isdigit((unsigned char) at[9]);
}


static void
run_conf(struct cli *cli, const char *conf, const char *lib_dir)
{
    const char *const  words[] = { "run", "--test", "--conf", "app.conf",
                                   "s.hurl", lib_dir, NULL };

    cli_write("app.conf", conf, strlen(conf));
    cli_write("s.hurl", "GET http://x:9/\n", 16);
    cli_run_words(cli, NULL, words);
}


static void
check_row(const struct golden_row *row)
{
    int          refused;
    char        *conf;
    struct cli   cli;

    if (row->cells[1][0] == '\0') {
        return;                  /* nginx starts; there is nothing to play */
    }

    conf = strdup(row->cells[1]);
    conf = replace(conf, "APPS/empty.so", "./empty.so");
    conf = replace(conf, "APPS/", TEST_APPS "/lib");
    conf = replace(conf, "lib DIR;", "lib " TEST_APPS "/;");
    run_conf(&cli, conf, NULL);
    refused = cli.status != 0;

    if (refused != expected(row)
        || (refused && !names_line(cli.err)))
    {
        print_error("%s: status %d\n%s\n%s\n", row->cells[0], cli.status,
                    conf, cli.err);
        bad++;
    }

    cli_free(&cli);
    free(conf);
}


static void
every_golden_row_has_its_right_result(void **state)
{
    (void) state;

    bad = 0;
    cli_write("empty.so", "", 0);
    assert_true(golden_each("directive_errors.tsv", check_row) >= 50);
    assert_int_equal(bad, 0);
}


/* ---- downloads --------------------------------------------------------- */

#define DOWNLOAD(from, to)  "ngx_link_func_download_link_lib " from " " to ";\n"
#define PIN(hex)            "ngx_link_func_download_sha256 " hex ";\n"
#define CA_CERT(file)       "ngx_link_func_ca_cert " file ";\n"

#define URL_1  "http://u:se/cret@h.test/a.so?key=private#x"
#define SHOWN  "http://***@h.test/a.so?***"
#define ZEROS  "00000000000000000000000000000000"

static void
the_target_of_a_download_is_taken_as_it_is(void **state)
{
    size_t      i;
    struct cli  cli;

    static const struct {
        const char  *conf, *lib_dir;
        int          status;
        const char  *message;
    } rows[] = {
        { DOWNLOAD(URL_1, APP("replies")), NULL, 0,
          "app.conf:1: nothing is downloaded from " SHOWN ": " },
        { DOWNLOAD(URL_1, "./none.so"), NULL, 3,
          "none.so\", the target of the download from " SHOWN ": No such "
          "file or directory;" },
        { DOWNLOAD(URL_1, "none.so"), NULL, 3, "app.conf:1:" },
        { DOWNLOAD(URL_1, "/none/libreplies.so"), "--lib-dir=" TEST_APPS, 0,
          "/libreplies.so\" is used as it is" },
        { DOWNLOAD(URL_1, "libreplies.so"), "--lib-dir=" TEST_APPS, 0,
          "/libreplies.so\" is used as it is" },
        { DOWNLOAD(URL_1, APP("replies")) PIN(ZEROS ZEROS), NULL, 3,
          "not that of \"ngx_link_func_download_sha256\" (in app.conf:2)" },
        { DOWNLOAD(URL_1, "./libreplies.so") PIN(ZEROS ZEROS),
          "--lib-dir=" TEST_APPS, 0, "as it is" },
        { DOWNLOAD("https://h/a", APP("replies")) CA_CERT("ca.pem"), NULL, 0,
          "/ca.pem\" cannot be read (No such file or directory)" }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        run_conf(&cli, rows[i].conf, rows[i].lib_dir);
        cli_expect_message(&cli, rows[i].status, rows[i].message);
        cli_expect_no_message(&cli, "cret");
        cli_expect_no_message(&cli, "private");
        cli_free(&cli);
    }
}


static void
a_file_that_is_pinned_is_played(void **state)
{
    char        conf[512], hex[65];
    FILE       *sum = popen("sha256sum " APP("replies"), "r");
    struct cli  cli;

    (void) state;

    assert_non_null(sum);
    assert_int_equal(fscanf(sum, "%64s", hex), 1);
    assert_int_equal(pclose(sum), 0);
    (void) snprintf(conf, sizeof(conf), DOWNLOAD("http://h/a", APP("replies"))
                    PIN("%s"), hex);
    run_conf(&cli, conf, NULL);
    cli_expect_message(&cli, 0, "Success");
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_golden_row_has_its_right_result),
        cmocka_unit_test(the_target_of_a_download_is_taken_as_it_is),
        cmocka_unit_test(a_file_that_is_pinned_is_played),
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
