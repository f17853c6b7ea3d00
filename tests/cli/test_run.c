/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scripts and their verdicts, a row each: what holds, what fails, with which
 * message, and the exit status that comes of it.
 */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct row {
    const char  *script;
    int          status;
    const char  *message;            /* on stderr */
    const char  *words[6];           /* more options */
};

#define SAYS(body)  "POST {{base}}/reply\n" body "\nHTTP 200\n"
#define ASSERTS(body, ...)  SAYS(body) "[Asserts]\n" __VA_ARGS__ "\n"
#define OPTION(line)  "GET {{base}}/reply\n[Options]\n" line "\nHTTP 200\n"

static const struct row  values[] = {
    { ASSERTS("{\"a\":1}", "jsonpath \"$.a\" == 1.0"), 0, "Success", { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.a\" == \"1\""), 4,
      "actual:   integer <1>", { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.a\" != \"1\""), 0, "", { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.a\" not startsWith \"1\""), 4,
      "not consistent", { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.b\" not startsWith \"1\""), 0, "",
      { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.b\" != 1"), 4, "none", { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.b\" not == 1"), 0, "", { 0 } },
    { ASSERTS("{\"a\":1}", "jsonpath \"$.b\" count == 0"), 4,
      "issing value", { 0 } },
    { ASSERTS("{\"a\":9007199254740993}",
              "jsonpath \"$.a\" == 9007199254740993"), 0, "", { 0 } },
    { ASSERTS("{\"a\":99999999999999999999}",
              "jsonpath \"$.a\" > 99999999999999999998"), 0, "", { 0 } },
    { ASSERTS("{\"a\":\"b\"}", "jsonpath \"$.a\" > 1"), 4, "not consistent",
      { 0 } },
    { ASSERTS("{\"a\":\"b\"}", "jsonpath \"$.a\" < \"c\""), 0, "", { 0 } },
    { ASSERTS("{\"a\":[1]}", "jsonpath \"$.a[*]\" == 1"), 0, "", { 0 } },
    { ASSERTS("[1, 2]", "jsonpath \"$[*]\" contains 2"), 0, "", { 0 } },
    { ASSERTS("[1, 2]", "jsonpath \"$\" nth 2 == 2"), 4, "out of bound",
      { 0 } },
    { ASSERTS("[1, 2]", "jsonpath \"$\" nth -1 == 2"), 0, "", { 0 } },
    { ASSERTS("`abc`", "body count == 3"), 4, "invalid filter input",
      { 0 } },
    { ASSERTS("`abc`", "bytes count == 3"), 0, "", { 0 } },
    { ASSERTS("`abc`", "bytes contains hex,6263;"), 0, "", { 0 } },
    { ASSERTS("`abc`", "bytes contains \"bc\""), 4, "not consistent",
      { 0 } },
    { ASSERTS("`no`", "jsonpath \"$.a\" exists"), 4, "not JSON", { 0 } },
    { ASSERTS("hex,ff;", "body exists"), 4, "can not be decoded", { 0 } },
    { ASSERTS("hex,ff00;", "bytes == hex,ff00;"), 0, "", { 0 } },
    { ASSERTS("`x`", "certificate \"Subject\" exists"), 0,
      "1 check not applicable", { 0 } },
    { ASSERTS("`x`", "certificate \"Subject\" exists"), 4,
      "not applicable on the mock", { "--na=fail" } },
    { ASSERTS("`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!`",
              "body matches /^(a+)+$/"), 4, "regex", { 0 } },
    { "POST {{base}}/reply\n`{\"a\": 1}`\nHTTP 200\n{\"a\":1}\n", 4,
      "Assert body value", { 0 } },
    { "GET {{base}}/reply?status=404\nHTTP 200\n[Asserts]\nbody == 1\n", 4,
      "Checks:   1\n", { 0 } },
    { "GET {{base}}/reply\n[Options]\nheader: X-Reply: X-L: \xc3\xa9\n"
      "HTTP 200\n[Asserts]\nheader \"X-L\" == \"\xc3\xa9\"\n", 0, "", { 0 } },
    { "GET {{base}}/latin\nHTTP 200\n[Asserts]\n"
      "header \"X-L\" == \"\xc3\xa9\"\n", 0, "", { 0 } },
    { "POST {{base}}/reply\n[Options]\nvariable: v=a\\u{0}b\n"
      "{\"v\": \"{{v}}\"}\nHTTP 200\n[Asserts]\n"
      "body contains \"a\\\\u0000b\"\n", 0, "", { 0 } },
    { "\xef\xbb\xbfGET {{base}}/reply\r\nHTTP 200\r\n[Asserts]\r\n"
      "\tstatus == \"\xe6\xbc\xa2{{n}}\" # x\r\n", 4,
      ":4:16\n   |\n   | GET {{base}}/reply\n   | ...\n"
      " 4 |     status == \"\xe6\xbc\xa2{{n}}\" # x\n"
      "   |                    ^ you must set the variable n\n   |\n", { 0 } },
    { "GET {{base}}/reply\nHTTP 200\n[Asserts]\r\n\tstatus == 404\r\n", 4,
      ":4:2\n   |\n   | GET {{base}}/reply\n   | ...\n"
      " 4 |     status == 404\n   |   actual:   integer <200>\n"
      "   |   expected: integer <404>\n   |\n", { 0 } },
    { SAYS("`x`") "X-None: 1\n", 4, "Header not found", { 0 } },
    { SAYS("`x`") "{{none}}: 1\n", 4, "must set the variable", { 0 } },
    { SAYS("`x`") "`{{none}}`\n", 4, "must set the variable", { 0 } },
    { SAYS("`x`") "[Captures]\na: header \"X-None\"\n", 3,
      "didn't return any result", { 0 } },
};

static const struct row  requests[] = {
    { "GET {{base}}/reply\n", 1, "conflicts with the function",
      { "--variable", "newUuid=1" } },
    { "CONNECT {{base}}/reply\n", 3, "CONNECT cannot be sent", { 0 } },
    { "GET {{base}}/reply\n[Options]\ndigest: true\n", 3,
      "cannot be sent as written", { 0 } },
    { "GET {{base}}/reply\n[Options]\nnetrc: true\n", 0,
      "warning: the option netrc is ignored", { 0 } },
    { "GET {{base}}/reply?{{none}}\n", 3, "you must set the variable none",
      { 0 } },
    { "GET /reply\n", 3, "missing protocol", { 0 } },
    { "POST {{base}}/reply\nfile,none.txt;\n", 3, "can not be read", { 0 } },
    { "POST {{base}}/reply\nfile,../none;\n", 3, "none", { 0 } },
    { "POST {{base}}/reply\nfile,link;\n", 3, "unauthorized access",
      { 0 } },
    { "POST {{base}}/reply\n{\"a\": {{v}}}\nHTTP 200\n`{\"a\": 7}`\n", 0, "",
      { "--variable", "v=7" } },
    { "POST {{base}}/reply\n{\"a\": {{v}}}\n", 3, "put the placeholder",
      { "--variable", "v=x" } },
    { "POST {{base}}/reply\n{\"a\": \"{{v}}\"}\nHTTP 200\n"
      "{\"a\": \"x\\\"y\"}\n", 0, "", { "--variable", "v=x\"y" } },
    { "GET {{base}}/nowhere\nHTTP 200\n", 0, "no location", { 0 } },
    { "GET {{base}}/nowhere\nHTTP 200\n", 4, "no location",
      { "--na=fail" } },
    { "GET {{base}}/reply\nHTTP abc\n", 2, "the HTTP status is not valid",
      { 0 } },
    { "GET {{base}}/big?size=10000000\nHTTP 200\n[Asserts]\n"
      "bytes count == 10000000\n", 0, "", { "--app", APP("answers") } },
};

static const struct row  options[] = {
    { "GET {{base}}/third\n[Options]\nretry: 2\nretry-interval: 1\n"
      "HTTP 200\n", 0, "Requests: 1", { 0 } },
    { "GET {{base}}/third\n[Options]\nretry: 1\nretry-interval: 1\n"
      "HTTP 200\n", 4, "actual:   503", { 0 } },
    { "GET {{base}}/third\nHTTP 200\n", 0, "",
      { "--retry", "2", "--retry-interval", "1" } },
    { "GET {{base}}/calls\n[Options]\nrepeat: 3\nGET {{base}}/calls\n"
      "HTTP 200\n`4`\n", 0, "Requests: 4", { 0 } },
    { "GET {{base}}/calls\n[Options]\nskip: true\nHTTP 500\n", 0, "Skipped",
      { 0 } },
    { OPTION("repeat: {{n}}"), 3, "expecting integer",
      { "--variable", "n=x" } },
    { "GET {{base}}/reply?status=302\nX-Reply: Location: /reply?status=302\n"
      "[Options]\nlocation: true\nmax-redirs: 3\nHTTP 200\n", 3,
      "more than 3 redirects", { 0 } },
    { "GET {{base}}/redirect?status=302&to=calls\nHTTP 200\n", 0, "",
      { "--location" } },
    { "GET {{base}}/redirect?status=302&to=calls\nHTTP 200\n", 0, "",
      { "--location-trusted" } },
    { "GET {{base}}/redirect?status=302&to=calls\nHTTP 200\n", 3,
      "more than 0 redirects", { "--location", "--max-redirs", "0" } },
    { "GET {{base}}/reply?status=500\nHTTP 200\nGET {{base}}/calls\n"
      "HTTP 200\n", 4, "Requests: 2", { "--continue-on-error" } },
    { "GET {{base}}/reply?status=500\nHTTP 200\nGET {{base}}/calls\n"
      "HTTP 200\n", 4, "Requests: 1", { 0 } },
    { "GET {{base}}/reply?status=500\nHTTP 200\nGET {{base}}/calls\n"
      "HTTP 200\n", 0, "Requests: 1", { "--from-entry", "2" } },
    { "GET {{base}}/calls\nHTTP 200\nGET {{base}}/reply?status=500\n"
      "HTTP 200\n", 0, "Requests: 1", { "--to-entry", "1" } },
    { "GET {{base}}/calls\nHTTP 200\n", 0, "Files:    3",
      { "--repeat", "3" } },
};

static const struct row  directives[] = {
    { "#@ call reply\nGET {{base}}/third\nHTTP 200\n", 0, "", { 0 } },
    { "#@ call none\nGET {{base}}/third\n", 3, "no function \"none\"",
      { 0 } },
    { "#@ log warn contains \"call 1\"\nGET {{base}}/third\n", 0, "",
      { 0 } },
    { "#@ log warn contains \"call 2\"\nGET {{base}}/third\n", 4,
      "actual:   list <[\"call 1\"]>", { 0 } },
    { "#@ log warn not contains \"call 2\"\nGET {{base}}/third\n", 0, "",
      { 0 } },
    { "#@ log warn count == 1\nGET {{base}}/third\n", 0, "", { 0 } },
    { "#@ cache \"k\" == \"v\"\nGET {{base}}/put?key=k&value=v\n", 0, "",
      { 0 } },
    { "#@ cache \"k\" == \"w\"\nGET {{base}}/put?key=k&value=v\n", 4,
      "actual:   string <v>", { 0 } },
    { "#@ cache \"none\" not exists\nGET {{base}}/calls\n", 0, "", { 0 } },
    { "#@ allocs <= 100\n#@ pool-bytes < 1000000\nGET {{base}}/reply\n", 0,
      "", { 0 } },
    { "#@ pool-bytes > 1000000\nGET {{base}}/reply\n", 4,
      "expected: greater than integer <1000000>", { 0 } },
    { "#@ cycle reload\n#@ log info contains \"replies begins\"\n"
      "GET {{base}}/calls\n\nGET {{base}}/calls\nHTTP 200\n`2`\n", 0, "",
      { 0 } },
    { "#@ cycle exit\n#@ cycle init\nGET {{base}}/calls\nHTTP 200\n", 0, "",
      { 0 } },
    { "#@ clal reply\nGET {{base}}/calls\n", 2, "call", { 0 } },
};


static void
play(const struct row *row)
{
    size_t       i, n = 0;
    struct cli   cli;
    const char  *words[16] = { "run", "--test", "script.hurl" };

    cli_write("script.hurl", row->script, strlen(row->script));

    n = 3;
    if (row->words[0] == NULL || strcmp(row->words[0], "--app") != 0) {
        words[n++] = "--app";
        words[n++] = APP("replies");
    }
    for (i = 0; i < 6 && row->words[i] != NULL; i++) {
        words[n++] = row->words[i];
    }

    cli_run_words(&cli, NULL, words);

    if (cli.status != row->status) {
        print_error("%s", row->script);
    }
    cli_expect_message(&cli, row->status, row->message);
    cli_free(&cli);
}


#define PLAY_ALL(rows)                                                        \
    for (size_t i_ = 0; i_ < sizeof(rows) / sizeof(rows[0]); i_++) {          \
        play(&rows[i_]);                                                      \
    }


static void
answers_are_judged_as_hurl_does(void **state)
{
    (void) state;
    PLAY_ALL(values)
}


static void
requests_are_made_or_refused(void **state)
{
    (void) state;
    assert_int_equal(symlink("/etc/passwd", "link"), 0);
    PLAY_ALL(requests)
}


static void
options_do_what_they_say(void **state)
{
    (void) state;
    PLAY_ALL(options)
}


static void
directives_are_checked(void **state)
{
    (void) state;
    PLAY_ALL(directives)
}


static void
option_output_writes_the_body(void **state)
{
    char                    *text;
    size_t                   len;
    static const struct row  row = {
        "POST {{base}}/reply\n[Options]\noutput: saved.txt\n`kept`\n"
        "HTTP 200\n", 0, "", { 0 }
    };

    (void) state;
    play(&row);
    text = cli_read("saved.txt", &len);
    assert_string_equal(text, "kept");
    free(text);
}


static void
option_output_stays_below_the_root(void **state)
{
    size_t      i;
    struct row  row = { NULL, 0, "", { 0 } };
    char        script[256];
    static const struct { const char *name; int status; }  rows[] = {
        { "a..b", 0 }, { "sub/x", 0 }, { "sub/../y", 0 }, { "../up", 3 },
        { "out/linkfunc-z", 3 }, { "/tmp/linkfunc-no", 3 }, { "away", 3 },
    };

    (void) state;
    assert_int_equal(mkdir("sub", 0700), 0);
    assert_int_equal(symlink("/tmp", "out"), 0);
    assert_int_equal(symlink("/tmp/linkfunc-nobody", "away"), 0);
    row.script = script;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void) snprintf(script, sizeof(script), "POST {{base}}/reply\n"
                        "[Options]\noutput: %s\n`kept`\nHTTP 200\n",
                        rows[i].name);
        row.status = rows[i].status;
        row.message = row.status == 0 ? "" : "unauthorized access to file";
        play(&row);
        assert_int_equal(access(rows[i].name, F_OK), row.status == 0 ? 0 : -1);
    }
}


static void
the_worst_of_all_files_is_the_status(void **state)
{
    struct cli         cli;
    static const char  fails[] = "GET {{base}}/reply\nHTTP 500\n",
                       errs[] = "GET {{base}}/{{none}}\n",
                       good[] = "GET {{base}}/reply\nHTTP 200\n";

    (void) state;
    cli_write("1.hurl", fails, sizeof(fails) - 1);
    cli_write("2.hurl", errs, sizeof(errs) - 1);
    cli_write("3.hurl", good, sizeof(good) - 1);

    cli_run(&cli, "run", "--app", APP("replies"), "--test", "--jobs", "2",
            "1.hurl", "2.hurl", "3.hurl");

    cli_expect_message(&cli, 3, "Passed:   1\nFailed:   2\n");
    assert_true(strstr(cli.err, "1.hurl: ") < strstr(cli.err, "2.hurl: F"));
    assert_true(strstr(cli.err, "2.hurl: F") < strstr(cli.err, "3.hurl: S"));
    cli_free(&cli);
}


static void
standard_input_is_a_script(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run_input(&cli, "POST {{base}}/reply\n`said`\nHTTP 200\n", "run",
                  "--app", APP("replies"), "-");
    cli_expect(&cli, 0, "said");
    cli_free(&cli);
}


static void
reports_that_cannot_be_written_fail_the_run(void **state)
{
    struct cli         cli;
    static const char  good[] = "GET {{base}}/reply\nHTTP 200\n";

    (void) state;
    cli_write("good.hurl", good, sizeof(good) - 1);

    cli_run(&cli, "run", "--app", APP("replies"), "--report-tap",
            "/dev/full", "good.hurl");
    cli_expect_message(&cli, 1, "report /dev/full cannot be written");
    cli_free(&cli);

    cli_run(&cli, "run", "--app", APP("replies"), "--report-json", "no/x",
            "good.hurl");
    cli_expect_message(&cli, 1, "report no/x cannot be written: No such file");
    cli_free(&cli);
}


/* Words behind "run", and what is said about them. */
static const struct {
    const char  *words[8];
    const char  *message;
} bad_options[] = {
    { { "--tset", "x.hurl" },
      "unknown option --tset; did you mean \"--test\"" },
    { { "x.hurl" }, "no app:" },
    { { "--app", "a.so" }, "no script:" },
    { { "--app", "a.so", "--conf", "b", "x.hurl" }, "together" },
    { { "--conf", "b", "--shm-size", "1m", "x.hurl" }, "go with --app" },
    { { "--jobs", "0", "x.hurl" }, "give a number from 1 to 64" },
    { { "--repeat=-1", "x.hurl" }, "--repeat -1: give a number from 0" },
    { { "--retry", "-2", "x.hurl" }, "--retry -2: give a number from 0 on, or "
      "-1 for no limit" },
    { { "--from-entry", "3", "--to-entry", "2", "--on", "http://h", "x.hurl" },
      "--to-entry 2 is before --from-entry 3" },
    { { "--on", "apache" }, "--on apache: give mock, nginx, both, or a URL" },
    { { "--na", "faill" }, "did you mean \"fail\"?" },
    { { "--error-format", "both" }, "choose long or short" },
    { { "--log-level", "loud" }, "choose emerg, alert" },
    { { "--shm-size", "31k" }, "at least 32k" },
    { { "--timeout", "soon" }, "--timeout soon: give a time" },
    { { "--prop", "x" }, "--prop 'x': write KEY=VALUE" },
    { { "--variable", "x" }, "\"x\" is not NAME=VALUE" },
    { { "--variables-file", "none" }, "--variables-file: none: No such file" },
    { { "--report-tap", "-", "x.hurl" }, "/dev/stdout is standard output" },
    { { "--report-tap", "a", "--report-json", "a" }, "cannot share this file" }
};

static void
bad_options_get_a_message(void **state)
{
    size_t       i, n;
    struct cli   cli;
    const char  *words[10] = { "run" };

    (void) state;

    for (i = 0; i < sizeof(bad_options) / sizeof(bad_options[0]); i++) {
        for (n = 0; n < 8; n++) {
            words[n + 1] = bad_options[i].words[n];
        }

        cli_run_words(&cli, NULL, words);
        cli_expect_message(&cli, 1, bad_options[i].message);
        cli_free(&cli);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(answers_are_judged_as_hurl_does),
        cmocka_unit_test(requests_are_made_or_refused),
        cmocka_unit_test(options_do_what_they_say),
        cmocka_unit_test(directives_are_checked),
        cmocka_unit_test(option_output_writes_the_body),
        cmocka_unit_test(option_output_stays_below_the_root),
        cmocka_unit_test(the_worst_of_all_files_is_the_status),
        cmocka_unit_test(standard_input_is_a_script),
        cmocka_unit_test(reports_that_cannot_be_written_fail_the_run),
        cmocka_unit_test(bad_options_get_a_message),
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
