/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Apps in other languages, whose runtimes start when they are loaded. What has
 * no compiler on this machine is skipped, and said so.
 */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <unistd.h>

#define CALL(cli, ...)  cli_run(cli, "call", "--log-level", "emerg", __VA_ARGS__)


static void
need(const char *app)
{
    if (access(app, F_OK) != 0) {
        (void) fprintf(stderr, "skipped: no compiler made %s\n", app);
        skip();
    }
}


static void
says_hello(const char *app, const char *symbol, const char *text)
{
    struct cli  cli;

    need(app);
    CALL(&cli, app, symbol);
    cli_expect(&cli, 0, text);
    cli_free(&cli);
}


static void
go_app_answers_and_ends(void **state)
{
    (void) state;
    says_hello(APP("go"), "go_hello", "hello from Go\n");
}


static void
go_app_answers_in_many_workers(void **state)
{
    struct cli  cli;

    (void) state;
    need(APP("go"));
    CALL(&cli, "--workers", "2", "--repeat", "4", APP("go"), "go_hello");
    cli_expect(&cli, 0, "hello from Go\nhello from Go\nhello from Go\n"
               "hello from Go\n");
    cli_free(&cli);
}


static void
go_panic_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    need(APP("go"));
    CALL(&cli, APP("go"), "go_nil");
    cli_expect_message(&cli, 3, "nil pointer dereference");
    cli_expect_message(&cli, 3, "linkfunc: error: ");
    cli_expect_message(&cli, 3, "to repeat: ");
    cli_free(&cli);
}


static void
rust_app_answers(void **state)
{
    (void) state;
    says_hello(APP("rust"), "rust_hello", "hello from Rust\n");
}


static void
rust_panic_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    need(APP("rust"));
    CALL(&cli, APP("rust"), "rust_panic");
    cli_expect_message(&cli, 3, "out of tea");
    cli_expect_message(&cli, 3, "crashed in a request: SIGABRT");
    cli_expect_message(&cli, 3, "app_rust.rs:");
    cli_free(&cli);
}


static void
fortran_app_answers(void **state)
{
    (void) state;
    says_hello(APP("fortran"), "fortran_hello", "hello from Fortran\n");
}


static void
nim_app_answers(void **state)
{
    (void) state;
    says_hello(APP("nim"), "nim_hello", "hello from Nim\n");
}


static void
caught_exception_is_no_matter(void **state)
{
    (void) state;
    says_hello(APP("throws"), "catches", "no tea\n");
}


static void
uncaught_exception_is_named_with_its_origin(void **state)
{
    struct cli  cli;

    (void) state;
    need(APP("throws"));
    CALL(&cli, APP("throws"), "throws");
    cli_expect_message(&cli, 3, "uncaught C++ exception");
    cli_expect_message(&cli, 3, "what():  no tea");
    cli_expect_message(&cli, 3, "shop::order(");
    cli_expect_message(&cli, 3, "throws.cc:");
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(go_app_answers_and_ends),
        cmocka_unit_test(go_app_answers_in_many_workers),
        cmocka_unit_test(go_panic_is_told),
        cmocka_unit_test(rust_app_answers),
        cmocka_unit_test(rust_panic_is_told),
        cmocka_unit_test(fortran_app_answers),
        cmocka_unit_test(nim_app_answers),
        cmocka_unit_test(caught_exception_is_no_matter),
        cmocka_unit_test(uncaught_exception_is_named_with_its_origin)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
