/* SPDX-License-Identifier: BSD-2-Clause */
/* linkfunc call with an app that behaves: what is sent, what is printed. */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUIET  "-s", "--log-level", "error"


static void
body_is_printed_byte_for_byte(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("answers"), "hello");
    cli_expect(&cli, 0, "hello\n");
    cli_free(&cli);
}


static void
log_lines_go_to_stderr_in_form_of_error_log(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("answers"), "hello", "/x?y");
    cli_expect(&cli, 0, "hello\n");
    cli_expect_message(&cli, 0, "[info] ");
    cli_expect_message(&cli, 0, ": *1 said hello, client: 127.0.0.1, server: "
                       "localhost, request: \"GET /x?y HTTP/1.1\", host: "
                       "\"localhost\"\n");
    cli_expect_message(&cli, 0, ": init hook\n");
    cli_expect_message(&cli, 0, ": exit hook\n");
    cli_free(&cli);
}


static void
log_level_hides_lines(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "--log-level", "warn", APP("answers"), "hello");
    cli_expect_no_message(&cli, "said hello");
    assert_string_equal(cli.err, "");
    cli_free(&cli);
}


static void
request_options_reach_the_app(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "-A", "me", "-b", "a=1", "-H", "X-Extra: e",
            "--prop", "color=red", "-d", "x=1", "-d", "y=2", APP("answers"),
            "show", "http://h/a/../b%20c?q=1#frag");
    cli_expect(&cli, 0, "uri=/b c\nargs=q=1\nagent=me\ncookie=a=1\nextra=e\n"
               "color=red\nbody=x=1&y=2\n");
    cli_free(&cli);
}


static void
var_is_a_variable_of_every_request(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--repeat", "2", "--var",
            "remote_addr=10.0.0.1=x", APP("answers"), "show_variable");
    cli_expect(&cli, 0, "10.0.0.1=x10.0.0.1=x");
    cli_free(&cli);
}


static void
req_header_is_added_as_by_the_directive(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--req-header", "X-Extra: conf", "-A", "",
            APP("answers"), "show");
    cli_expect(&cli, 0, "uri=/\nargs=-\nagent=-\ncookie=-\nextra=conf\n"
               "color=-\nbody=\n");
    cli_free(&cli);
}


static void
standard_input_is_a_body(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run_input(&cli, "from\nstdin\n", "call", QUIET, "--data-binary", "@-",
                  APP("answers"), "echo");
    cli_expect(&cli, 0, "from\nstdin\n");
    cli_free(&cli);
}


static void
large_bodies_go_in_and_out(void **state)
{
    char        *body;
    size_t       size = 10 * 1024 * 1024;
    struct cli   cli;

    (void) state;
    body = malloc(size);
    assert_non_null(body);
    memset(body, 'u', size);
    body[size / 2] = '\0';
    cli_write("body", body, size);

    cli_run(&cli, "call", QUIET, "--data-binary", "@body", APP("answers"),
            "echo");
    assert_int_equal(cli.status, 0);
    assert_int_equal(cli.out_len, size);
    assert_memory_equal(cli.out, body, size);
    cli_free(&cli);
    free(body);
}


static void
include_shows_status_line_and_headers(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "-i", APP("answers"), "status", "/?code=404");
    assert_int_equal(cli.status, 0);
    assert_ptr_equal(strstr(cli.out, "HTTP/1.1 404 Not Found\r\n"), cli.out);
    assert_non_null(strstr(cli.out, "Content-Length: 5\r\n"));
    assert_non_null(strstr(cli.out, "\r\n\r\nbody\n"));
    cli_free(&cli);
}


static void
head_shows_headers_alone(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "-I", APP("answers"), "hello");
    assert_non_null(strstr(cli.out, "Content-Length: 6\r\n"));
    assert_null(strstr(cli.out, "hello"));
    assert_memory_equal(cli.out + cli.out_len - 4, "\r\n\r\n", 4);
    cli_free(&cli);
}


static void
output_and_dump_header_write_files(void **state)
{
    char        *text;
    struct cli   cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "-o", "body.txt", "-D", "head.txt",
            APP("answers"), "hello");
    cli_expect(&cli, 0, "");
    text = cli_read("body.txt", NULL);
    assert_string_equal(text, "hello\n");
    free(text);
    text = cli_read("head.txt", NULL);
    assert_ptr_equal(strstr(text, "HTTP/1.1 200 OK\r\n"), text);
    free(text);
    cli_free(&cli);
}


static void
app_that_changes_folder_does_not_move_the_output(void **state)
{
    char        *text;
    struct cli   cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--no-fork", "-o", "moved.txt",
            APP("answers"), "changes_folder");
    cli_expect(&cli, 0, "");
    text = cli_read("moved.txt", NULL);
    assert_string_equal(text, "moved\n");
    free(text);
    cli_free(&cli);
}


static void
write_out_prints_after_each_answer(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--repeat", "2", "-w",
            "%{http_code} %{size_download} %header{content-type}\\n",
            APP("answers"), "hello");
    cli_expect(&cli, 0, "hello\n200 6 text/plain\nhello\n200 6 text/plain\n");
    cli_free(&cli);
}


static void
fail_hides_the_body_and_exits_with_4(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "-f", APP("answers"), "status", "/?code=500");
    cli_expect(&cli, 4, "");
    cli_expect_message(&cli, 4, "status returned status 500 (--fail)");
    cli_free(&cli);
}


static void
fail_lets_good_answers_pass(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "-f", APP("answers"), "status", "/?code=399");
    cli_expect(&cli, 0, "body\n");
    cli_free(&cli);
}


static void
verbose_shows_request_answer_pool_and_zone(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", "-v", "-d", "a=1", APP("answers"), "hello", "/p");
    cli_expect(&cli, 0, "hello\n");
    cli_expect_message(&cli, 0, "> POST /p HTTP/1.1\n> Host: localhost\n");
    cli_expect_message(&cli, 0, "> Content-Length: 3\n");
    cli_expect_message(&cli, 0, "< HTTP/1.1 200 OK\n");
    cli_expect_message(&cli, 0, "\n* pool: ");
    cli_expect_message(&cli, 0, "\n* zone: ");
    cli_free(&cli);
}


static void
no_response_is_the_page_of_nginx_and_a_warning(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("answers"), "silent");
    assert_non_null(strstr(cli.out, "404 Not Found"));
    cli_expect_message(&cli, 0, "warning: silent wrote no response");
    cli_free(&cli);
}


static void
last_of_two_responses_wins_with_a_warning(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("answers"), "twice");
    cli_expect(&cli, 0, "second\n");
    cli_expect_message(&cli, 0, "warning: LF-405");
    cli_expect_message(&cli, 0, "answers.c");
    cli_free(&cli);
}


static void
refused_request_never_reaches_the_app(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", APP("answers"), "hello", "/%zz");
    assert_non_null(strstr(cli.out, "400 Bad Request"));
    cli_expect_message(&cli, 0, "hello was not called");
    cli_expect_no_message(&cli, "said hello");
    cli_free(&cli);
}


static void
stdout_of_the_app_goes_to_stderr(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, APP("answers"), "prints");
    cli_expect(&cli, 0, "answer\n");
    cli_expect_message(&cli, 0, "on stdout\n");
    cli_free(&cli);

    cli_run(&cli, "call", QUIET, "--no-fork", APP("answers"), "prints");
    cli_expect(&cli, 0, "answer\n");
    cli_free(&cli);
}


static void
threads_of_the_app_do_not_keep_the_call(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--repeat", "3", APP("answers"), "threads");
    cli_expect(&cli, 0, "threads\nthreads\nthreads\n");
    cli_free(&cli);
}


static void
both_pools_and_no_fork_answer_the_same(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, "call", QUIET, "--pool=fast", APP("answers"), "hello");
    cli_expect(&cli, 0, "hello\n");
    cli_free(&cli);

    cli_run(&cli, "call", QUIET, "--no-fork", APP("answers"), "hello");
    cli_expect(&cli, 0, "hello\n");
    cli_free(&cli);
}


static void
library_without_slash_is_looked_for_here(void **state)
{
    char        *data;
    size_t       len;
    struct cli   cli;

    (void) state;
    data = cli_read(APP("answers"), &len);
    cli_write("libhere.so", data, len);
    free(data);

    cli_run(&cli, "call", QUIET, "libhere.so", "hello");
    cli_expect(&cli, 0, "hello\n");
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(body_is_printed_byte_for_byte),
        cmocka_unit_test(log_lines_go_to_stderr_in_form_of_error_log),
        cmocka_unit_test(log_level_hides_lines),
        cmocka_unit_test(request_options_reach_the_app),
        cmocka_unit_test(var_is_a_variable_of_every_request),
        cmocka_unit_test(req_header_is_added_as_by_the_directive),
        cmocka_unit_test(standard_input_is_a_body),
        cmocka_unit_test(large_bodies_go_in_and_out),
        cmocka_unit_test(include_shows_status_line_and_headers),
        cmocka_unit_test(head_shows_headers_alone),
        cmocka_unit_test(output_and_dump_header_write_files),
        cmocka_unit_test(app_that_changes_folder_does_not_move_the_output),
        cmocka_unit_test(write_out_prints_after_each_answer),
        cmocka_unit_test(fail_hides_the_body_and_exits_with_4),
        cmocka_unit_test(fail_lets_good_answers_pass),
        cmocka_unit_test(verbose_shows_request_answer_pool_and_zone),
        cmocka_unit_test(no_response_is_the_page_of_nginx_and_a_warning),
        cmocka_unit_test(last_of_two_responses_wins_with_a_warning),
        cmocka_unit_test(refused_request_never_reaches_the_app),
        cmocka_unit_test(stdout_of_the_app_goes_to_stderr),
        cmocka_unit_test(threads_of_the_app_do_not_keep_the_call),
        cmocka_unit_test(both_pools_and_no_fork_answer_the_same),
        cmocka_unit_test(library_without_slash_is_looked_for_here)
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
