/* SPDX-License-Identifier: BSD-2-Clause */
/* [Options]: every form of their values, over what the command line says. */
#include "tests/unit/harness/hurl/eval/eval_setup.h"

#include <string.h>

#include "harness/run/entry/play_entry.h"

static struct play_settings  settings;
static struct play_options   options;


/* Reads the options of an entry with these lines; 0 or -1. */
static int
read_options(const char *lines)
{
    const struct script  *script;

    script = eval_parse(arena_printf(rig.arena,
                                     "GET http://h\n[Options]\n%s\n", lines));

    return play_options_read(&rig.e, &settings, script->entries, &options);
}


static void
expect_error(const char *lines, unsigned column, const char *message)
{
    if (read_options(lines) != -1
        || rig.e.where.start.column != column
        || strstr(rig.e.message, message) == NULL)
    {
        fail_msg("%s: %u: %s", lines, rig.e.where.start.column,
                 rig.e.message);
    }
}


static int
setup(void **state)
{
    assert_int_equal(eval_setup(state), 0);
    memset(&settings, 0, sizeof(settings));
    settings.max_redirs = 50;
    settings.retry_interval_ms = 1000;
    eval_set_text("yes", "true");
    eval_set_text("n", "3");
    eval_set_text("text", "abc");
    eval_set_text("low", "-2");
    eval_set_text("big", "99999999999999999999");

    return 0;
}

#define options_test(name)                                                    \
    cmocka_unit_test_setup_teardown(name, setup, eval_teardown)


static void
without_options_the_command_line_holds(void **state)
{
    (void) state;
    settings.retry = -1;
    settings.location = 1;
    settings.delay_ms = 7;
    settings.max_time = 8;
    settings.user = "a:b";

    assert_int_equal(read_options(""), 0);
    assert_false(options.skip);
    assert_true(options.location);
    assert_int_equal(options.repeat, 1);
    assert_int_equal(options.retry, -1);
    assert_int_equal(options.max_redirs, 50);
    assert_int_equal(options.delay_ms, 7);
    assert_int_equal(options.retry_interval_ms, 1000);
    assert_int_equal(options.max_time_ms, 8000);
    assert_string_equal(options.user, "a:b");
    assert_null(options.output);
    assert_null(options.ignored);
}


static void
booleans_are_literals_or_placeholders(void **state)
{
    (void) state;

    assert_int_equal(read_options("skip: true\nlocation: {{yes}}\n"
                                  "path-as-is: true"), 0);
    assert_true(options.skip);
    assert_true(options.location);
    assert_true(options.path_as_is);

    settings.location = settings.path_as_is = 1;
    assert_int_equal(read_options("location: false\npath-as-is: false"), 0);
    assert_false(options.location);
    assert_false(options.path_as_is);
    assert_false(options.skip);
}


static void
location_trusted_follows_and_never_stops_following(void **state)
{
    (void) state;

    assert_int_equal(read_options("location-trusted: true"), 0);
    assert_true(options.location);
    assert_int_equal(read_options("location: true\nlocation-trusted: false"),
                     0);
    assert_true(options.location);
    assert_int_equal(read_options("location-trusted: false"), 0);
    assert_false(options.location);
}


static void
counts_may_be_without_end(void **state)
{
    (void) state;

    assert_int_equal(read_options("repeat: 0\nretry: -1\nmax-redirs: -1"), 0);
    assert_int_equal(options.repeat, 0);
    assert_int_equal(options.retry, -1);
    assert_int_equal(options.max_redirs, -1);

    assert_int_equal(read_options("repeat: {{n}}\nretry: {{n}}\n"
                                  "max-redirs: {{n}}"), 0);
    assert_int_equal(options.repeat, 3);
    assert_int_equal(options.retry, 3);
    assert_int_equal(options.max_redirs, 3);
}


static void
durations_have_units(void **state)
{
    size_t  i;
    static const struct {
        const char  *text;
        uint64_t     ms;
    } rows[] = {
        { "0", 0 }, { "5", 5 }, { "5ms", 5 }, { "2s", 2000 }, { "1m", 60000 },
        { "1h", 3600000 }, { "{{n}}", 3 },
        { "2147483647h", 365ull * 24 * 3600 * 1000 },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(read_options(arena_printf(rig.arena, "delay: %s\n"
                                                   "retry-interval: %s\n"
                                                   "max-time: %s",
                                                   rows[i].text, rows[i].text,
                                                   rows[i].text)), 0);
        assert_int_equal(options.delay_ms, rows[i].ms);
        assert_int_equal(options.retry_interval_ms, rows[i].ms);
        assert_int_equal(options.max_time_ms, rows[i].ms);
    }
}


static void
texts_are_templates(void **state)
{
    (void) state;

    assert_int_equal(read_options("user: {{text}}:{{n}}\n"
                                  "output: {{text}}.bin"), 0);
    assert_string_equal(options.user, "abc:3");
    assert_string_equal(options.output, "abc.bin");
}


static void
a_value_of_the_wrong_kind_is_an_error_at_the_expression(void **state)
{
    (void) state;

    expect_error("location: {{n}}", 13,
                 "expecting boolean, actual value is integer <3>");
    expect_error("skip: {{text}}", 9,
                 "expecting boolean, actual value is string <abc>");
    expect_error("max-redirs: {{low}}", 15,
                 "expecting integer >= -1, actual value is integer <-2>");
    expect_error("repeat: {{text}}", 11,
                 "expecting integer, actual value is string <abc>");
    expect_error("retry: {{big}}", 10, "expecting integer >= -1 of at most");
    expect_error("delay: {{low}}", 10, "expecting integer >= 0");
    expect_error("retry: {{none}}", 10, "you must set the variable none");
    expect_error("user: {{none}}:x", 9, "you must set the variable none");
}


static void
variables_have_the_type_that_they_are_written_with(void **state)
{
    static const struct eval_row  rows[] = {
        { "variable \"i\" == 1", "pass" }, { "variable \"f\" isFloat", "pass" },
        { "variable \"b\" == true", "pass" },
        { "variable \"z\" == null", "pass" },
        { "variable \"s\" == \"a b\"", "pass" },
        { "variable \"q\" == \"1\"", "pass" },
        { "variable \"t\" == \"abc!\"", "pass" },
        { "variable \"big\" == 123456789012345678901", "pass" },
    };

    (void) state;

    assert_int_equal(read_options("variable: i=1\nvariable: f=1.0\n"
                                  "variable: b=true\nvariable: z=null\n"
                                  "variable: s=a b\nvariable: q=\"1\"\n"
                                  "variable: t={{text}}!\n"
                                  "variable: big=123456789012345678901"), 0);
    eval_expect_rows(rows, COUNT(rows));
}


static void
a_variable_is_seen_by_the_options_below_it(void **state)
{
    (void) state;

    assert_int_equal(read_options("variable: m=4\nretry: {{m}}"), 0);
    assert_int_equal(options.retry, 4);
}


static void
transport_options_are_accepted(void **state)
{
    (void) state;

    assert_int_equal(read_options("insecure: true\ncacert: a.pem\n"
                                  "cert: a.pem\nkey: a.key\nproxy: h:1\n"
                                  "connect-to: a:1:b:2\nresolve: a:1:b\n"
                                  "unix-socket: /s\nipv4: true\nipv6: true\n"
                                  "connect-timeout: 1s\nlimit-rate: 10\n"
                                  "http1.0: true\nhttp1.1: true\n"
                                  "http2: true\nhttp3: true\n"
                                  "pinnedpubkey: a\nverbose: true\n"
                                  "very-verbose: true"), 0);
    assert_null(options.ignored);

    expect_error("verbose: {{none}}", 12, "must set the variable none");
    expect_error("http2: {{n}}", 10, "expecting boolean");
    expect_error("limit-rate: {{text}}", 15, "expecting integer");
    expect_error("proxy: {{none}}:1", 10, "must set the variable none");
    expect_error("cacert: {{none}}.pem", 11, "must set the variable none");
}


static void
what_would_change_the_request_is_told_or_refused(void **state)
{
    (void) state;

    assert_int_equal(read_options("netrc: true"), 0);
    assert_string_equal(options.ignored, "netrc");
    assert_int_equal(read_options("netrc-file: {{text}}"), 0);
    assert_string_equal(options.ignored, "netrc-file");
    assert_int_equal(read_options("netrc: false\nnetrc-optional: false"), 0);
    assert_null(options.ignored);

    expect_error("aws-sigv4: aws:amz:eu:es", 1, "cannot be sent");
    expect_error("digest: true", 1, "cannot be sent");
    expect_error("ntlm: {{yes}}", 1, "cannot be sent");
    expect_error("negotiate: true", 1, "cannot be sent");
    assert_int_equal(read_options("digest: false\nntlm: false"), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        options_test(without_options_the_command_line_holds),
        options_test(booleans_are_literals_or_placeholders),
        options_test(location_trusted_follows_and_never_stops_following),
        options_test(counts_may_be_without_end),
        options_test(durations_have_units),
        options_test(texts_are_templates),
        options_test(a_value_of_the_wrong_kind_is_an_error_at_the_expression),
        options_test(variables_have_the_type_that_they_are_written_with),
        options_test(a_variable_is_seen_by_the_options_below_it),
        options_test(transport_options_are_accepted),
        options_test(what_would_change_the_request_is_told_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
