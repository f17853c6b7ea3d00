/* SPDX-License-Identifier: BSD-2-Clause */
/* Bad input of linkfunc call: a clear message and the documented status. */
#include "tests/cli/cli.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HELLO  APP("answers"), "hello"

/* One bad command line and what is said about it. */
struct row {
    const char  *words[12];
    int          status;
    const char  *message;
};

static const struct row  rows[] = {
    { { NULL }, 1, "no command;" },
    { { "cal" }, 1, "no command \"cal\"; did you mean \"call\"?" },
    { { "--hlep" }, 1, "unknown option --hlep; did you mean \"--help\"?" },
    { { "--version=1" }, 1, "option --version takes no value" },
    { { "call" }, 1, "APP is missing" },
    { { "call", "x.so" }, 1, "SYMBOL is missing" },
    { { "call", HELLO, "/", "more" }, 1, "extra argument \"more\"" },
    { { "call", "--heder", "a: b", HELLO }, 1,
      "unknown option --heder; did you mean \"--header\"?" },
    { { "call", "-q", HELLO }, 1, "unknown option -q" },
    { { "call", "--shm", "a b", HELLO }, 1, "is not a valid name" },
    { { "call", "--smh", "x", HELLO }, 1, "unknown option --smh" },
    { { "call", HELLO, "-H" }, 1, "--header needs a value" },
    { { "call", "--head=1", HELLO }, 1, "--head takes no value" },

    { { "call", "-H", "nocolon", HELLO }, 1, "--header 'nocolon'" },
    { { "call", "-H", "a b: c", HELLO }, 1, "--header 'a b: c'" },
    { { "call", "-H", "a: b\nc", HELLO }, 1, "a header must be one line" },
    { { "call", "-H", "@none", HELLO }, 1, "cannot read \"none\"" },
    { { "call", "--req-header", "Host: x", HELLO }, 1, "is set by nginx" },
    { { "call", "-X", "A B", HELLO }, 1, "a method must be one word" },
    { { "call", "-b", "jar", HELLO }, 1, "--cookie jar" },
    { { "call", "-u", "me", HELLO }, 1, "NAME:PASS" },

    { { "call", HELLO, "hello" }, 1, "URL \"hello\": write a path" },
    { { "call", HELLO, "?x=1" }, 1, "write a path that begins with '/'" },
    { { "call", "", "hello" }, 1, "APP is empty;" },
    { { "call", APP("answers"), "" }, 1, "SYMBOL is empty;" },
    { { "call", "hello", APP("answers") }, 3, "APP comes before SYMBOL" },
    { { "call", HELLO, "ftp://h/" }, 1, "URL \"ftp://h/\"" },
    { { "call", HELLO, "http:///x" }, 1, "it has no host" },
    { { "call", HELLO, "http://h:99999/" }, 1, "a port is a number" },
    { { "call", HELLO, "/a b" }, 1, "write %20" },

    { { "call", "-d", "@none", HELLO }, 1, "cannot read \"none\"" },
    { { "call", "-d", "@/", HELLO }, 1, "it is a directory" },
    { { "call", "-d", "@/dev/zero", HELLO }, 1, "larger than the limit" },
    { { "call", "-T", "none", HELLO }, 1, "cannot read \"none\"" },
    { { "call", "-T", "/dev/zero", HELLO }, 1, "larger than the limit" },
    { { "call", "-H", "@nul", HELLO }, 1, "\"nul\" is not text: line 2" },
    { { "call", "-w", "@nul", HELLO }, 1, "\"nul\" is not text: line 2" },
    { { "call", "-T", "a", "-d", "b", HELLO }, 1, "one body" },
    { { "call", "-I", "-d", "b", HELLO }, 1, "--head has no body" },

    { { "call", "--repeat", "0", HELLO }, 1, "--repeat 0" },
    { { "call", "--repeat", "1x", HELLO }, 1, "--repeat 1x" },
    { { "call", "--workers", "-1", HELLO }, 1, "--workers -1" },
    { { "call", "--timeout", "soon", HELLO }, 1, "--timeout soon" },
    { { "call", "--shm-size", "1q", HELLO }, 1, "--shm-size 1q" },
    { { "call", "--shm-size", "31k", HELLO }, 1, "at least 32k" },
    { { "call", "--log-level", "wrn", HELLO }, 1, "did you mean \"warn\"?" },
    { { "call", "--log-level", "loud", HELLO }, 1, "choose emerg, alert" },
    { { "call", "--pool", "page", HELLO }, 1, "choose guard or fast" },
    { { "call", "--prop", "x", HELLO }, 1, "KEY=VALUE" },
    { { "call", "--var", "$x=1", HELLO }, 1, "NAME=VALUE" },
    { { "call", "--no-fork", "--workers", "2", HELLO }, 1, "together" },

    { { "call", "none.so", "hello" }, 3, "no such file" },
    { { "call", "/", "hello" }, 3, "is a directory" },
    { { "call", "/etc/passwd", "hello" }, 3, "not an ELF file" },
    { { "call", APP("answers"), "helo" }, 3, "did you mean \"hello\"?" },
    { { "call", APP("answers"), "some_data" }, 3, "is data, not a function" },
    { { "call", APP("no_init"), "hello" }, 3, "ngx_link_func_init_cycle" },
    { { "call", APP("init_fails"), "hello" }, 3, "refuses to start" },

    { { "call", "-o", "/dev/full", HELLO }, 1, "No space left on device" },
    { { "call", "-o", "none/x", HELLO }, 1, "cannot write \"none/x\"" },
    { { "call", "-D", "/dev/full", HELLO }, 1, "No space left on device" },
    { { "call", "--format", "json", "-o", "/dev/full", HELLO }, 1,
      "No space left on device" },
    { { "call", "fifo", "hello" }, 3, "is not a regular file" },
    { { "call", "/dev/zero", "hello" }, 3, "is not a regular file" },
    { { "call", "--shm-size", "999999g", HELLO }, 1, "is too large" },
    { { "call", "--shm-size", "99999999999999999999", HELLO }, 1,
      "--shm-size 99999999999999999999" },
};


static void
bad_input_gets_a_message_and_its_status(void **state)
{
    size_t      i;
    struct cli  cli;

    (void) state;
    cli_write("nul", "X-A: a\nX-B: b\0c\nX-C: c\n", 23);
    assert_int_equal(mkfifo("fifo", 0600), 0);

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cli_run_words(&cli, NULL, rows[i].words);
        cli_expect_message(&cli, rows[i].status, rows[i].message);
        cli_expect_message(&cli, rows[i].status, "linkfunc: error: ");
        cli_free(&cli);
    }
}


static void
library_of_another_machine_is_refused(void **state)
{
    char        *data;
    size_t       len;
    struct cli   cli;

    (void) state;
    data = cli_read(APP("answers"), &len);
    ((Elf64_Ehdr *) (void *) data)->e_machine = EM_S390;
    cli_write("other.so", data, len);
    free(data);

    cli_run(&cli, "call", "./other.so", "hello");
    cli_expect_message(&cli, 3, "machine");
    cli_free(&cli);
}


static void
damaged_library_is_refused(void **state)
{
    char        *data;
    size_t       len;
    struct cli   cli;

    (void) state;
    data = cli_read(APP("answers"), &len);
    cli_write("cut.so", data, len / 3);
    free(data);

    cli_run(&cli, "call", "./cut.so", "hello");
    cli_expect_message(&cli, 3, "linkfunc: error: ");
    cli_free(&cli);
}


static void
missing_exit_hook_is_a_warning(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("no_exit"), "hello");
    cli_expect(&cli, 0, "hello\n");
    cli_expect_message(&cli, 0, "warning: LF-601");
    cli_free(&cli);
}


static void
a_name_that_libc_takes_is_a_warning(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", TEST_APPS "/clash.so", "whose");
    cli_expect(&cli, 0, "another");
    cli_expect_message(&cli, 0, "warning: LF-604");
    cli_expect_message(&cli, 0, "\"login\" (libc.so.6)");
    cli_free(&cli);

    cli_run(&cli, "call", TEST_APPS "/clash_symbolic.so", "whose");
    cli_expect(&cli, 0, "own");
    assert_null(strstr(cli.err, "LF-604"));
    cli_free(&cli);
}


static void
failed_init_never_runs_the_exit_hook(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("init_fails"), "hello");
    cli_expect_message(&cli, 3, "refuses to start");
    cli_expect_no_message(&cli, "SIGABRT");
    cli_free(&cli);
}


static void
failed_call_leaves_an_output_file_alone(void **state)
{
    char        *text;
    struct cli   cli;

    (void) state;
    cli_write("kept.txt", "old", 3);
    cli_run(&cli, "call", "-o", "kept.txt", APP("defects"), "null_pointer");
    assert_int_equal(cli.status, 3);
    text = cli_read("kept.txt", NULL);
    assert_string_equal(text, "old");
    free(text);
    cli_free(&cli);
}


static void
headers_and_body_share_a_file(void **state)
{
    char        *text;
    struct cli   cli;

    (void) state;
    cli_run(&cli, "call", "-o", "both", "-D", "both", HELLO);
    cli_expect(&cli, 0, "");
    cli_free(&cli);
    text = cli_read("both", NULL);
    assert_int_equal(strncmp(text, "HTTP/1.1 200 OK\r\n", 17), 0);
    assert_non_null(strstr(text, "\r\n\r\nhello\n"));
    free(text);
}


static void
help_is_short_grouped_and_has_examples(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--help");
    assert_int_equal(cli.status, 0);
    assert_non_null(strstr(cli.out, "usage: linkfunc call [OPTIONS]"));
    assert_non_null(strstr(cli.out, "\nThe host:\n"));
    assert_non_null(strstr(cli.out, "\nexamples:\n"));
    assert_string_equal(cli.err, "");
    cli_free(&cli);

    cli_run(&cli, "help", "call");
    assert_non_null(strstr(cli.out, "usage: linkfunc call [OPTIONS]"));
    cli_free(&cli);
    cli_run(&cli, "help", "cal");
    cli_expect_message(&cli, 1, "no command \"cal\"; did you mean \"call\"");
    cli_free(&cli);

    cli_run(&cli, "--help");
    assert_non_null(strstr(cli.out, "  call "));
    assert_non_null(strstr(cli.out, "  -V, --version "));
    cli_free(&cli);
}


static void
version_is_printed(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "--version");
    assert_int_equal(cli.status, 0);
    assert_memory_equal(cli.out, "linkfunc ", 9);
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(bad_input_gets_a_message_and_its_status),
        cmocka_unit_test(library_of_another_machine_is_refused),
        cmocka_unit_test(damaged_library_is_refused),
        cmocka_unit_test(missing_exit_hook_is_a_warning),
        cmocka_unit_test(a_name_that_libc_takes_is_a_warning),
        cmocka_unit_test(failed_init_never_runs_the_exit_hook),
        cmocka_unit_test(failed_call_leaves_an_output_file_alone),
        cmocka_unit_test(headers_and_body_share_a_file),
        cmocka_unit_test(help_is_short_grouped_and_has_examples),
        cmocka_unit_test(version_is_printed)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
