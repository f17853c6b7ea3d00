/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `nginx -t` says to the directives: each golden row, and what the table
 * does not hold. Every text of ours names the file and the line.
 */
#include <ctype.h>
#include <unistd.h>

#include "tests/module/module_test.h"

#define COLUMNS  5

/* Splits a line at tabs; returns how many columns it has. */
static size_t
split(char *line, char **columns)
{
    size_t  n = 0;

    while (n < COLUMNS) {
        columns[n++] = line;
        line = strchr(line, '\t');

        if (line == NULL) {
            break;
        }

        *line++ = '\0';
    }

    return n;
}


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


/* The exit status that is right for a row. */
static int
expected(char **columns)
{
    if (strcmp(columns[0], "lib undefined symbol") == 0) {
        return 0;                /* lazy binding: a warning of the worker */
    }

    if (strncmp(columns[4], "same", 4) == 0) {
        return atoi(columns[2]);
    }

    return strncmp(columns[4], "error", 5) == 0;
}


/* Does an [emerg] line of ours say "nginx.conf:LINE"? */
static int
names_line(const char *output)
{
    const char  *at = strstr(output, "nginx.conf:");

    return at != NULL && isdigit((unsigned char) at[11]);
}


static int
check_row(struct nginx_server *server, char **columns)
{
    int    rc, want, bad;
    char  *conf, *output;

    conf = strdup(columns[1]);
    conf = replace(conf, "127.0.0.1:21150", "@SOCK@");
    conf = replace(conf, "127.0.0.1:21151", "unix:@PREFIX@/b.sock");
    conf = replace(conf, "APPS/", TEST_APPS "/");
    conf = replace(conf, "lib DIR;", "lib " TEST_APPS "/;");

    if (strcmp(columns[0], "shm_size in main") == 0) {
        assert_int_equal(nginx_server_conf(server, conf, ""), 0);
    } else {
        assert_int_equal(nginx_server_conf(server, NULL, conf), 0);
    }

    rc = nginx_server_check(server, &output);
    want = expected(columns);
    bad = rc != want || (want == 1 && !names_line(output)
                         && strstr(output, "unknown \"nosuchvar\"") == NULL);

    if (bad) {
        print_error("%s: exit status %d, expected %d\n%s\n%s\n", columns[0],
                    rc, want, conf, output);
    }

    free(output);
    free(conf);

    return bad;
}


static void
every_golden_row_has_its_right_result(void **state)
{
    int      bad = 0, rows = 0;
    char    *line = NULL, *columns[COLUMNS];
    FILE    *file;
    size_t   size = 0;

    file = fopen(TEST_GOLDEN "/directive_errors.tsv", "r");
    assert_non_null(file);
    assert_true(getline(&line, &size, file) > 0);

    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';

        if (*line == '#' || split(line, columns) != COLUMNS) {
            continue;
        }

        bad += check_row(*state, columns);
        rows++;
    }

    free(line);
    (void) fclose(file);
    assert_true(rows >= 50);
    assert_int_equal(bad, 0);
}


/* nginx -t must end with that status and say that. */
static void
expect_conf(struct nginx_server *server, const char *http, int want,
             const char *text)
{
    int    rc;
    char  *output;

    assert_int_equal(nginx_server_conf(server, NULL, http), 0);
    rc = nginx_server_check(server, &output);

    if (rc != want || strstr(output, text) == NULL) {
        print_error("%s: exit status %d, expected %d with \"%s\"\n%s\n", http,
                    rc, want, text, output);
        fail();
    }

    free(output);
}


static void
framing_names_are_refused_as_request_headers(void **state)
{
    size_t                    i;
    char                      conf[256];
    static const char *const  names[] = {
        "Content-Length", "transfer-encoding", "HOST", "Connection", "Expect"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void) snprintf(conf, sizeof(conf), "server { listen @SOCK@; "
                        "ngx_link_func_add_req_header %s x; }", names[i]);
        expect_conf(*state, conf, 1, "controls the framing");
    }
}


static void
a_missing_exit_hook_is_a_warning(void **state)
{
    expect_conf(*state, "server { listen @SOCK@; ngx_link_func_lib "
                TEST_APPS "/noexit.so; " CALL("/", "f") "}", 0,
                "has no function \"ngx_link_func_exit_cycle\"");
}


static void
a_relative_path_starts_at_the_prefix(void **state)
{
    char  link[256];

    (void) snprintf(link, sizeof(link), "cp " TEST_APPS "/probe.so %s/here.so",
                    nginx_server_prefix(*state));
    assert_int_equal(system(link), 0);
    expect_conf(*state, "server { listen @SOCK@; ngx_link_func_lib "
                "./here.so; " CALL("/", "gen") "}", 0, "successful");
}


static void
a_constructor_that_crashes_is_refused(void **state)
{
    expect_conf(*state, "server { listen @SOCK@; ngx_link_func_lib "
                TEST_APPS "/crash.so; }", 1, "constructors crash");
}


static void
a_constructor_that_exits_is_refused(void **state)
{
    expect_conf(*state, "server { listen @SOCK@; ngx_link_func_lib "
                TEST_APPS "/quit.so; }", 1, "constructors call exit");
}


static void
a_constructor_that_hangs_is_refused_in_time(void **state)
{
    expect_conf(*state, "server { listen @SOCK@; ngx_link_func_lib "
                TEST_APPS "/hang.so; }", 1, "constructors hang");
}


/* Constructors run in a child; what they send must not hurt the master. */
static void
a_forged_report_of_the_check_is_refused(void **state)
{
    int   i;
    char  row[8];

    for (i = 0; i <= 9; i++) {
        (void) snprintf(row, sizeof(row), "%d", i);
        assert_int_equal(setenv("FORGE", row, 1), 0);
        expect_conf(*state, "server { listen @SOCK@; ngx_link_func_lib "
                    TEST_APPS "/probe.so; " CALL("/", "gen") "} "
                    "server { listen @SOCK@; server_name a; ngx_link_func_lib "
                    TEST_APPS "/forge.so; " CALL("/", "f") "} "
                    "server { listen @SOCK@; server_name b; ngx_link_func_lib "
                    TEST_APPS "/forge.so; }", 1,
                    "constructors write to descriptors");
        assert_int_equal(unsetenv("FORGE"), 0);
    }
}


/* What only root can read, a worker cannot open. */
static void
a_library_is_opened_as_the_user_of_the_workers(void **state)
{
    char                  command[320];
    const char           *prefix;
    struct nginx_server  *server;

    (void) state;

    if (geteuid() != 0) {
        print_message("skipped: only root starts workers of another user\n");
        skip();
    }

    assert_int_equal(module_setup((void **) &server), 0);
    prefix = nginx_server_prefix(server);
    (void) snprintf(command, sizeof(command), "mkdir -m 700 %s/own && "
                    "cp " TEST_APPS "/probe.so %s/own/", prefix, prefix);
    assert_int_equal(system(command), 0);

    nginx_server_set_user(server, "nobody nogroup");
    expect_conf(server, "server { listen @SOCK@; ngx_link_func_lib "
                "@PREFIX@/own/probe.so; }", 1, "Permission denied");
    nginx_server_set_user(server, "root");
    expect_conf(server, "server { listen @SOCK@; ngx_link_func_lib "
                "@PREFIX@/own/probe.so; }", 0, "successful");
    nginx_server_free(&server);
}


static void
a_call_of_the_second_server_with_the_library_is_checked(void **state)
{
    expect_conf(*state, SERVER(CALL("/", "gen")) SERVER(CALL("/", "nope")), 1,
                "no function \"nope\"");
}


static void
sizes_have_a_range(void **state)
{
    expect_conf(*state, "ngx_link_func_shm_size 31k;", 1, "at least 32k");
    expect_conf(*state, "ngx_link_func_shm_size 32769m;", 1,
                "at most 32768m");
}


static void
a_libc_function_is_no_handler(void **state)
{
    expect_conf(*state, SERVER(CALL("/", "strlen")), 1, "strlen");
}


static void
the_error_names_the_line_of_the_call(void **state)
{
    int    line = 1;
    char   want[32], *at, *conf, *output;

    assert_int_equal(nginx_server_conf(*state, NULL,
                                       SERVER("\n\n\n" CALL("/", "nope"))), 0);
    conf = nginx_server_read(*state, "nginx.conf");
    assert_non_null(conf);

    for (at = conf; strncmp(at, "ngx_link_func_call", 18) != 0; at++) {
        line += *at == '\n';
    }

    assert_int_equal(nginx_server_check(*state, &output), 1);

    (void) snprintf(want, sizeof(want), "nginx.conf:%d\n", line);
    assert_non_null(strstr(output, want));
    free(output);
    free(conf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_golden_row_has_its_right_result),
        cmocka_unit_test(framing_names_are_refused_as_request_headers),
        cmocka_unit_test(a_missing_exit_hook_is_a_warning),
        cmocka_unit_test(a_relative_path_starts_at_the_prefix),
        cmocka_unit_test(a_constructor_that_crashes_is_refused),
        cmocka_unit_test(a_constructor_that_exits_is_refused),
        cmocka_unit_test(a_constructor_that_hangs_is_refused_in_time),
        cmocka_unit_test(a_forged_report_of_the_check_is_refused),
        cmocka_unit_test(a_library_is_opened_as_the_user_of_the_workers),
        cmocka_unit_test(
            a_call_of_the_second_server_with_the_library_is_checked),
        cmocka_unit_test(sizes_have_a_range),
        cmocka_unit_test(a_libc_function_is_no_handler),
        cmocka_unit_test(the_error_names_the_line_of_the_call)
    };

    return cmocka_run_group_tests_name("directives", tests, module_setup,
                                       module_teardown);
}
