/* SPDX-License-Identifier: BSD-2-Clause */
/* linkfunc call with apps that crash, hang, leave or break rules. */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * In an app built with a sanitizer, its report takes the place of ours for
 * some defects; that it gets through is a test of its own.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED  1
#define SKIP_SANITIZED()  skip()
#else
#define SKIP_SANITIZED()  ((void) 0)
#endif

#define DEFECT(cli, ...)                                                      \
    cli_run(cli, "call", "--log-level", "emerg", __VA_ARGS__)


static void
crash_names_signal_function_file_and_request(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, "-d", "a b", APP("defects"), "null_pointer", "/x?y");
    cli_expect_message(&cli, 3, "crashed in a request: SIGSEGV");
    cli_expect_message(&cli, 3, "a NULL pointer was used");
    cli_expect_message(&cli, 3, "#0 write_to at ");
    cli_expect_message(&cli, 3, "defects.c:");
    cli_expect_message(&cli, 3, "#1 null_pointer at ");
    cli_expect_message(&cli, 3, "to repeat: linkfunc call ");
    cli_expect_message(&cli, 3, " null_pointer --data-raw 'a b' '/x?y'");
    assert_string_equal(cli.out, "");
    cli_free(&cli);
}


/* As clang and rustc leave it: no index from addresses to units. */
static void
lines_are_found_without_an_index_of_addresses(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    assert_int_equal(system("objcopy -R .debug_aranges " APP("defects")
                            " no_index.so"), 0);
    DEFECT(&cli, "./no_index.so", "null_pointer");
    cli_expect_message(&cli, 3, "null_pointer at ");
    cli_free(&cli);
}


static void
stack_overflow_is_told_and_its_frames_are_one_line(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, APP("defects"), "stack_overflow");
    cli_expect_message(&cli, 3, "stack overflow");
    cli_expect_message(&cli, 3, "recurse at ");
    cli_expect_message(&cli, 3, "times and more)");
    cli_free(&cli);
}


static void
division_by_zero_is_named(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, APP("defects"), "division");
    cli_expect_message(&cli, 3, "SIGFPE (division by zero)");
    cli_expect_message(&cli, 3, "quotient at ");
    cli_free(&cli);
}


static void
abort_shows_who_called_it(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("defects"), "aborts");
    cli_expect_message(&cli, 3, "SIGABRT (abort() was called)");
    cli_expect_message(&cli, 3, "aborts at ");
    cli_free(&cli);
}


static void
exit_is_told_with_the_place_of_the_call(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("defects"), "exits");
    cli_expect_message(&cli, 3, "called exit(7) in a request");
    cli_expect_message(&cli, 3, "#0 exits at ");
    cli_free(&cli);
}


static void
end_without_exit_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("defects"), "exits_at_once");
    cli_expect_message(&cli, 3, "with status 8 and without exit()");
    cli_free(&cli);

    DEFECT(&cli, APP("defects"), "killed");
    cli_expect_message(&cli, 3, "was killed in a request by SIGKILL");
    cli_free(&cli);
}


static void
hang_ends_after_the_timeout_with_the_place(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--timeout", "500ms", APP("defects"), "hangs");
    cli_expect_message(&cli, 3, "did not return in a request within 500ms");
    cli_expect_message(&cli, 3, "hangs at ");
    cli_free(&cli);
}


static void
timeout_covers_the_init_hook(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--timeout", "500ms", APP("init_hangs"), "hello");
    cli_expect_message(&cli, 3, "did not return in its init hook");
    cli_expect_no_message(&cli, "to repeat");
    cli_free(&cli);
}


static void
crash_in_a_thread_of_the_app_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, APP("defects"), "thread_crashes");
    cli_expect_message(&cli, 3, "SIGSEGV");
    cli_expect_message(&cli, 3, "crash_in_thread at ");
    cli_free(&cli);
}


static void
crash_while_loading_and_leaving_is_told(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("load_crashes"), "hello");
    cli_expect_message(&cli, 3, "crashed while it was loaded: SIGABRT");
    cli_free(&cli);

    DEFECT(&cli, APP("exit_crashes"), "hello");
    cli_expect(&cli, 3, "hello\n");
    cli_expect_message(&cli, 3, "crashed in its exit hook: SIGABRT");
    cli_free(&cli);
}


static void
overrun_names_the_allocation(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, APP("defects"), "overrun");
    cli_expect(&cli, 3, "xxxxxxxxxx");
    cli_expect_message(&cli, 3, "error: LF-201");
    cli_expect_message(&cli, 3, "allocated in overrun at ");
    cli_free(&cli);
}


static void
use_after_the_request_is_found(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, "--repeat", "3", APP("defects"), "keeps");
    cli_expect_message(&cli, 3, "LF-203");
    cli_free(&cli);
}


static void
private_fields_are_explained(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    DEFECT(&cli, APP("defects"), "private_field");
    cli_expect_message(&cli, 3, "private to the host (LF-103)");
    cli_expect_message(&cli, 3, "private_field at ");
    cli_free(&cli);
}


static void
kept_lock_is_an_error_of_the_app(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("defects"), "keeps_lock");
    cli_expect(&cli, 3, "locked");
    cli_expect_message(&cli, 3, "error: LF-503");
    cli_free(&cli);
}


static void
repeated_findings_are_told_once_and_counted(void **state)
{
    char       *again;
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--repeat", "5", APP("defects"), "keeps_lock");
    cli_expect_message(&cli, 3, "LF-503 was reported 5 times in all");
    again = strstr(cli.err, "error: LF-503");
    assert_non_null(again);
    assert_null(strstr(again + 1, "error: LF-503"));
    cli_free(&cli);
}


static void
lock_of_a_dead_worker_is_freed(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("defects"), "dies_with_lock");
    cli_expect_message(&cli, 3, "it held the lock of the shared memory");
    cli_free(&cli);
}


static void
requests_without_a_worker_are_counted(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--workers", "2", "--repeat", "9", APP("defects"), "aborts");
    cli_expect_message(&cli, 3, "7 of 9 requests were not sent: no worker is "
                       "left");
    cli_free(&cli);
}


static void
other_workers_go_on_when_one_dies_with_the_lock(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--workers", "3", "--repeat", "9", APP("defects"),
           "dies_once_with_lock");
    cli_expect(&cli, 3, "fine\nfine\nfine\nfine\nfine\nfine\nfine\nfine\n");
    cli_expect_message(&cli, 3, "it held the lock of the shared memory");
    cli_free(&cli);
}


static void
forged_frames_do_not_stop_the_clock(void **state)
{
    size_t                    i;
    struct cli                cli;
    static const char *const  names[] = {
        "forges_loaded", "forges_ready", "forges_refusal"
    };

    (void) state;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        DEFECT(&cli, "--timeout", "5s", APP("defects"), names[i]);
        cli_expect_message(&cli, 3, "to a descriptor that it did not open");
        cli_free(&cli);
    }
}


static void
garbage_on_the_socket_is_survived(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--timeout", "5s", APP("defects"), "scribbles");
    cli_expect_message(&cli, 3, "to a descriptor that it did not open");
    cli_free(&cli);
}


static void
app_that_closes_all_descriptors_is_survived(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, "--timeout", "5s", APP("defects"), "closes_all");
    cli_expect_message(&cli, 3, "error: ");
    cli_free(&cli);
}


static void
unresolved_names_are_a_warning(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("unresolved"), "hello");
    cli_expect(&cli, 0, "hello\n");
    cli_expect_message(&cli, 0, "warning: ");
    cli_expect_message(&cli, 0, "nobody_provides_this (LF-602)");
    cli_free(&cli);
}


static void
reaching_an_unresolved_name_names_it(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("unresolved"), "unresolved");
    cli_expect_message(&cli, 3, "called an undefined function in a request: "
                       "nobody_provides_this\n");
    cli_free(&cli);

    DEFECT(&cli, APP("unresolved_two"), "unresolved");
    cli_expect_message(&cli, 3, "says which");
    cli_free(&cli);
}


static void
without_libdw_functions_are_named_and_the_package_too(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    cli_write("libdw.so.1", "none", 4);
    assert_int_equal(setenv("LD_LIBRARY_PATH", ".", 1), 0);
    DEFECT(&cli, APP("defects"), "null_pointer");
    cli_expect_message(&cli, 3, "null_pointer in libdefects.so");
    cli_expect_message(&cli, 3, "install the package libdw1");
    cli_free(&cli);

    DEFECT(&cli, APP("defects"), "exits");
    assert_int_equal(unsetenv("LD_LIBRARY_PATH"), 0);
    cli_expect_message(&cli, 3, "#0 exits in libdefects.so");
    cli_free(&cli);
}


#ifdef SANITIZED
static void
report_of_a_sanitizer_gets_through(void **state)
{
    struct cli  cli;

    (void) state;
    DEFECT(&cli, APP("defects"), "private_field");
    cli_expect_message(&cli, 3, "Sanitizer");
    cli_expect_message(&cli, 3, "linkfunc: error: ");
    cli_expect_message(&cli, 3, "by a sanitizer");
    cli_free(&cli);
}
#endif


int
main(void)
{
    const struct CMUnitTest  tests[] = {
#ifdef SANITIZED
        cmocka_unit_test(report_of_a_sanitizer_gets_through),
#endif
        cmocka_unit_test(crash_names_signal_function_file_and_request),
        cmocka_unit_test(lines_are_found_without_an_index_of_addresses),
        cmocka_unit_test(stack_overflow_is_told_and_its_frames_are_one_line),
        cmocka_unit_test(division_by_zero_is_named),
        cmocka_unit_test(abort_shows_who_called_it),
        cmocka_unit_test(exit_is_told_with_the_place_of_the_call),
        cmocka_unit_test(end_without_exit_is_told),
        cmocka_unit_test(hang_ends_after_the_timeout_with_the_place),
        cmocka_unit_test(timeout_covers_the_init_hook),
        cmocka_unit_test(crash_in_a_thread_of_the_app_is_told),
        cmocka_unit_test(crash_while_loading_and_leaving_is_told),
        cmocka_unit_test(overrun_names_the_allocation),
        cmocka_unit_test(use_after_the_request_is_found),
        cmocka_unit_test(private_fields_are_explained),
        cmocka_unit_test(kept_lock_is_an_error_of_the_app),
        cmocka_unit_test(repeated_findings_are_told_once_and_counted),
        cmocka_unit_test(lock_of_a_dead_worker_is_freed),
        cmocka_unit_test(requests_without_a_worker_are_counted),
        cmocka_unit_test(other_workers_go_on_when_one_dies_with_the_lock),
        cmocka_unit_test(forged_frames_do_not_stop_the_clock),
        cmocka_unit_test(garbage_on_the_socket_is_survived),
        cmocka_unit_test(app_that_closes_all_descriptors_is_survived),
        cmocka_unit_test(unresolved_names_are_a_warning),
        cmocka_unit_test(reaching_an_unresolved_name_names_it),
        cmocka_unit_test(without_libdw_functions_are_named_and_the_package_too)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
