/* SPDX-License-Identifier: BSD-2-Clause */
/* Which scripts are found, what is said of those that are not, and reports. */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLAY  "run", "--app", APP("replies"), "--test", "--jobs", "1"

static const char  good[] = "GET {{base}}/reply\nHTTP 200\n";


static void
write_good(const char *name)
{
    cli_write(name, good, sizeof(good) - 1);
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


/* The texts stand in what was said, in this order. */
static void
expect_order(const struct cli *cli, const char *const *parts)
{
    const char  *at = cli->err;

    for ( ; *parts != NULL; parts++) {
        at = strstr(at, *parts);
        if (at == NULL) {
            print_error("no \"%s\" in its place in:\n%s\n", *parts, cli->err);
            fail();
        }
    }
}


static void
the_others_play_when_a_script_is_missing(void **state)
{
    struct cli  cli;

    (void) state;
    write_good("good.hurl");
    write_good("last.hurl");

    cli_run(&cli, PLAY, "--report-tap", "m.tap", "--report-junit", "m.xml",
            "--report-json", "m.json", "good.hurl", "missing.hurl",
            "last.hurl");

    cli_expect_message(&cli, 2, "missing.hurl: No such file");
    cli_expect_message(&cli, 2, "Passed:   2\nFailed:   1\n");
    expect_in_file("m.tap", "not ok 2 - missing.hurl\n# No such file");
    expect_in_file("m.tap", "\nok 3 - last.hurl");
    expect_in_file("m.xml", "<error message=\"No such file");
    expect_in_file("m.json", "\"problem\":\"No such file");
    expect_in_file("m.json", "last.hurl");
    cli_free(&cli);
}


static void
reports_agree_that_what_is_not_applicable_fails(void **state)
{
    struct cli         cli;
    static const char  na[] = "GET {{base}}/calls\nHTTP 200\n[Asserts]\n"
                              "certificate \"Subject\" exists\n";

    (void) state;
    cli_write("na.hurl", na, sizeof(na) - 1);

    cli_run(&cli, PLAY, "--na=fail", "--report-tap", "na.tap",
            "--report-junit", "na.xml", "--report-json", "na.json", "na.hurl");

    cli_expect_message(&cli, 4, "na.hurl: Failure");
    expect_in_file("na.tap", "not ok 1 - na.hurl");
    expect_in_file("na.xml", "<failure message=");
    expect_in_file("na.json", "\"success\":false");
    cli_free(&cli);
}


static void
the_others_play_when_a_script_is_unreadable(void **state)
{
    struct cli  cli;

    (void) state;
    write_good("good.hurl");
    assert_int_equal(symlink("no-such-target", "u-link.hurl"), 0);

    cli_run(&cli, PLAY, "u-link.hurl", "good.hurl");

    cli_expect_message(&cli, 2, "u-link.hurl: No such file");
    cli_expect_message(&cli, 2, "good.hurl: Success");
    cli_free(&cli);
    assert_int_equal(unlink("u-link.hurl"), 0);
}


static void
a_report_that_cannot_be_written_leaves_the_others_alone(void **state)
{
    size_t            i;
    struct cli        cli;
    static const char *const  bad[] = { "/dev/full", "no/x" };

    (void) state;
    write_good("good.hurl");

    for (i = 0; i < 2; i++) {
        cli_run(&cli, PLAY, "--report-tap", bad[i], "--report-json", "o.json",
                "--report-junit", "o.xml", "good.hurl");

        cli_expect_message(&cli, 1, bad[i]);
        cli_expect_message(&cli, 1, "good.hurl: Success");
        cli_expect_no_message(&cli, "o.json");
        cli_expect_no_message(&cli, "o.xml");
        expect_in_file("o.json", "\n]\n");
        expect_in_file("o.xml", "</testsuites>");
        cli_free(&cli);
        assert_int_equal(unlink("o.json"), 0);
        assert_int_equal(unlink("o.xml"), 0);
    }
}


/* It fits into a buffer: no write fails before the file is closed. */
static void
an_output_that_cannot_be_written_fails_the_entry(void **state)
{
    struct cli         cli;
    static const char  script[] = "GET {{base}}/visits\n[Options]\n"
                                  "output: /dev/full\nHTTP 200\n";

    (void) state;
    cli_write("full.hurl", script, sizeof(script) - 1);

    cli_run(&cli, PLAY, "--file-root", "/", "full.hurl");

    cli_expect_message(&cli, 3, "can not be written: No space left on device");
    cli_expect_message(&cli, 3, "full.hurl: Failure");
    cli_free(&cli);
}


static void
an_answer_for_a_full_stdout_is_not_lost_silently(void **state)
{
    char  *text;

    (void) state;
    cli_write("visits.hurl", "GET {{base}}/visits\n", 20);

    assert_int_equal(system(LINKFUNC " run --app " APP("replies")
                            " visits.hurl visits.hurl >/dev/full 2>said"),
                     1 << 8);

    text = cli_read("said", NULL);
    assert_int_equal(cli_count(text, "cannot write the response: No space"), 1);
    free(text);
    assert_int_equal(unlink("said"), 0);
}


static void
two_reports_do_not_share_a_file(void **state)
{
    struct cli  cli;

    (void) state;
    write_good("good.hurl");
    cli_run(&cli, PLAY, "--report-tap", "same", "--report-json", "same",
            "good.hurl");
    cli_expect_message(&cli, 1, "same: two reports");
    cli_free(&cli);
}


/* A tree with hidden names, links, and something that is no script. */
static void
make_tree(void)
{
    if (mkdir("tree", 0777) != 0) {
        return;
    }
    assert_int_equal(mkdir("tree/b", 0777), 0);
    assert_int_equal(mkdir("tree/b/deep", 0777), 0);
    assert_int_equal(mkdir("tree/.git", 0777), 0);
    write_good("tree/c.hurl");
    write_good("tree/a.hurl");
    write_good("tree/b/z.hurl");
    write_good("tree/b/deep/d.hurl");
    write_good("tree/.git/x.hurl");
    write_good("tree/.hidden.hurl");
    write_good("tree/notes.txt");
    assert_int_equal(symlink("../a.hurl", "tree/b/l.hurl"), 0);
    assert_int_equal(symlink("..", "tree/b/up"), 0);
}


static void
folders_are_searched_in_the_order_of_bytes(void **state)
{
    struct cli                cli;
    static const char *const  parts[] = {
        "tree/a.hurl: S", "tree/b/deep/d.hurl: S", "tree/b/l.hurl: S",
        "tree/b/z.hurl: S", "tree/c.hurl: S", "Files:    5\n", NULL
    };

    (void) state;
    make_tree();
    cli_run(&cli, PLAY, "tree");
    assert_int_equal(cli.status, 0);
    expect_order(&cli, parts);
    cli_free(&cli);
}


static void
patterns_find_what_they_say(void **state)
{
    size_t      i;
    struct cli  cli;

    static const struct {
        const char  *pattern;
        const char  *parts[6];
    } rows[] = {
        { "tree/**/*.hurl", { "tree/a.hurl: S", "b/deep/d.hurl: S",
          "b/l.hurl: S", "b/z.hurl: S", "tree/c.hurl: S", "Files:    5\n" } },
        { "**/d*.hurl", { "tree/b/deep/d.hurl: S", "Files:    1\n" } },
        { "tree/**/**/z.hurl", { "tree/b/z.hurl: S", "Files:    1\n" } },
        { "./tree/?.hurl", { "./tree/a.hurl: S", "./tree/c.hurl: S",
          "Files:    2\n" } },
        { "tree/.*.hurl", { "tree/.hidden.hurl: S", "Files:    1\n" } },
        { "tree/*/[yz].hurl", { "tree/b/z.hurl: S", "Files:    1\n" } },
        { "tree/a.hurl", { "tree/a.hurl: S", "Files:    1\n" } },
    };

    (void) state;
    make_tree();

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char  *parts[7] = { 0 };

        memcpy(parts, rows[i].parts, sizeof(rows[i].parts));
        cli_run(&cli, PLAY, "--glob", rows[i].pattern);
        assert_int_equal(cli.status, 0);
        expect_order(&cli, parts);
        cli_free(&cli);
    }
}


static void
a_pattern_that_finds_nothing_is_an_error(void **state)
{
    struct cli  cli;

    (void) state;
    make_tree();

    cli_run(&cli, PLAY, "--glob", "tree/**/*.none");
    cli_expect_message(&cli, 2, "--glob tree/**/*.none: matches no file");
    cli_free(&cli);

    cli_run(&cli, PLAY, "--glob", "tre*");
    cli_expect_message(&cli, 2, "--glob tre*: matches directories only");
    cli_free(&cli);

    cli_run(&cli, PLAY, "tree/.git", "tree/b/deep/../..");
    assert_int_equal(cli.status, 0);
    cli_free(&cli);
}


/* What the failed entries of a script print to repeat them, made so. */
static void
expect_repeated(const char *script)
{
    char        *at, *end, command[4096];
    FILE        *pipe;
    size_t       len;
    struct cli   cli;
    char         said[2048];

    cli_write("again.hurl", script, strlen(script));
    cli_run(&cli, PLAY, "again.hurl");

    /* the body of the answer is what was asserted to be something else */
    at = strstr(cli.err, "to repeat: ");
    assert_non_null(at);
    at += strlen("to repeat: ");
    end = strstr(at, "\n   as curl:");
    assert_non_null(end);
    *end = '\0';

    (void) snprintf(command, sizeof(command), "linkfunc() { '%s' \"$@\"; }\n"
                    "%s", LINKFUNC, at);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(said, 1, sizeof(said) - 1, pipe);
    said[len] = '\0';
    assert_int_equal(pclose(pipe), 0);

    assert_non_null(strstr(said, "\nX-One="));
    for (at = strtok(said, "\n"); at != NULL; at = strtok(NULL, "\n")) {
        if (strstr(cli.err, at) == NULL) {
            print_error("\"%s\" was not answered at first:\n%s\n", at,
                        cli.err);
            fail();
        }
    }
    cli_free(&cli);
}


#define FAILS  "HTTP 200\n[Asserts]\nbody == \"\"\n"

static void
the_command_that_is_printed_repeats_the_request(void **state)
{
    size_t                    i;
    static const char *const  scripts[] = {
        "POST http://h/request?a=b&c=%20d\nContent-Type: text/x\n"
        "X-One: it's \"q\" $HOME `x` \\#\n`it's \"a\" $body`\n" FAILS,
        "POST http://h:81/request\n{\"a\": 1}\n" FAILS,
        "POST http://h/request\n<a>1</a>\n" FAILS,
        "POST http://h/request\n[Form]\na: b c&d\n" FAILS,
        "POST http://h/request\n`@nofile`\n" FAILS,
        "GET http://h/request\n[Cookies]\na: b\nc: \"d\"\n[BasicAuth]\n"
        "me: it's\n" FAILS,
        "PUT http://h/request\nfile,good.hurl;\n" FAILS,
    };

    (void) state;
    write_good("good.hurl");

    for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        expect_repeated(scripts[i]);
    }
}


static void
bytes_are_piped_into_the_command(void **state)
{
    struct cli         cli;
    static const char  script[] = "POST {{base}}/reply\nhex,00ff27;\n"
                                  "HTTP 500\n";

    (void) state;
    cli_write("bytes.hurl", script, sizeof(script) - 1);
    cli_run(&cli, PLAY, "bytes.hurl");
    cli_expect_message(&cli, 4, "printf '\\000\\377\\047' | linkfunc call ");
    cli_expect_message(&cli, 4, "printf '\\000\\377\\047' | curl "
                       "-H Content-Type: --data-binary @- ");
    cli_free(&cli);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_others_play_when_a_script_is_missing),
        cmocka_unit_test(reports_agree_that_what_is_not_applicable_fails),
        cmocka_unit_test(the_others_play_when_a_script_is_unreadable),
        cmocka_unit_test(
            a_report_that_cannot_be_written_leaves_the_others_alone),
        cmocka_unit_test(an_output_that_cannot_be_written_fails_the_entry),
        cmocka_unit_test(an_answer_for_a_full_stdout_is_not_lost_silently),
        cmocka_unit_test(two_reports_do_not_share_a_file),
        cmocka_unit_test(folders_are_searched_in_the_order_of_bytes),
        cmocka_unit_test(patterns_find_what_they_say),
        cmocka_unit_test(a_pattern_that_finds_nothing_is_an_error),
        cmocka_unit_test(the_command_that_is_printed_repeats_the_request),
        cmocka_unit_test(bytes_are_piped_into_the_command),
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
