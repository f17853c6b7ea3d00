/* SPDX-License-Identifier: BSD-2-Clause */
/* The objects of --format json, read as a program would. */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"

#define JSON  "call", "--format", "json"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
/* The sanitizer ends the process first, with words of its own. */
#define SKIP_SANITIZED()  skip()
#else
#define SKIP_SANITIZED()  ((void) 0)
#endif

static struct arena  *arena;


/* The nth line, from 0, as a tree. */
static const struct json_value *
object(const char *lines, size_t n)
{
    const char               *line;
    struct json_error         error;
    const struct json_value  *value;

    for (line = lines; n != 0; n--) {
        line = strchr(line, '\n');
        assert_non_null(line);
        line++;
    }

    value = json_parse(arena, line, strcspn(line, "\n"), &error);

    if (value == NULL) {
        fail_msg("%s at %zu of: %s", error.text, error.offset, line);
    }

    return value;
}


static size_t
count_lines(const char *text)
{
    size_t  n;

    for (n = 0; (text = strchr(text, '\n')) != NULL; n++) {
        text++;
    }

    return n;
}


/* By names and numbers with dots between them: "log.0.text". */
static const struct json_value *
at(const struct json_value *value, const char *path)
{
    size_t  len, n;

    for ( ; *path != '\0'; path += len + (path[len] == '.')) {
        len = strcspn(path, ".");

        if (value->type == JSON_ARRAY) {
            n = (size_t) atol(path);
            assert_true(n < value->u.array.count);
            value = &value->u.array.items[n];
            continue;
        }

        assert_int_equal(value->type, JSON_OBJECT);
        value = json_get(value, path, len);

        if (value == NULL) {
            fail_msg("there is no \"%s\"", path);
        }
    }

    return value;
}


static void
expect_text(const struct json_value *value, const char *path,
            const char *text)
{
    value = at(value, path);
    assert_int_equal(value->type, JSON_STRING);
    assert_string_equal(value->u.text.data, text);
}


static void
expect_part(const struct json_value *value, const char *path,
            const char *part)
{
    value = at(value, path);
    assert_int_equal(value->type, JSON_STRING);

    if (strstr(value->u.text.data, part) == NULL) {
        fail_msg("\"%s\" is not in %s: %s", part, path, value->u.text.data);
    }
}


static void
expect_begins(const struct json_value *value, const char *path,
              const char *part)
{
    expect_part(value, path, part);
    assert_int_equal(strncmp(at(value, path)->u.text.data, part, strlen(part)),
                     0);
}


static void
expect_number(const struct json_value *value, const char *path, double number)
{
    value = at(value, path);
    assert_int_equal(value->type, JSON_INT);
    assert_true(json_number(value) == number);
}


static void
expect_null(const struct json_value *value, const char *path)
{
    assert_int_equal(at(value, path)->type, JSON_NULL);
}


static size_t
count(const struct json_value *value, const char *path)
{
    value = at(value, path);
    assert_int_equal(value->type, JSON_ARRAY);

    return value->u.array.count;
}


/* One call with one object, and nothing on stderr. */
static const struct json_value *
one_object(struct cli *cli, int status)
{
    const struct json_value  *value;

    if (cli->status != status || cli->err[0] != '\0') {
        fail_msg("expected status %d and no message, got %d and: %s", status,
                 cli->status, cli->err);
    }

    assert_int_equal(count_lines(cli->out), 1);
    value = object(cli->out, 0);
    cli_free(cli);

    return value;
}


static void
answer_is_whole(void **state)
{
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    cli_run(&cli, JSON, APP("replies"), "reply", "/?status=404", "-d", "x=1",
            "-H", "X-Reply: X-A: 1|X-A: 2");
    o = one_object(&cli, 0);
    expect_text(o, "symbol", "reply");
    expect_number(o, "index", 1);
    expect_text(o, "verdict", "passed");
    expect_text(o, "request.method", "POST");
    expect_text(o, "request.url", "http://localhost/?status=404");
    expect_number(o, "request.body_size", 3);
    expect_number(o, "response.status", 404);
    expect_text(o, "response.reason", "Not Found");
    expect_text(o, "response.body_encoding", "utf-8");
    expect_text(o, "response.headers.5.name", "X-A");
    expect_text(o, "response.headers.5.value", "1");
    expect_text(o, "response.headers.6.value", "2");
    assert_int_equal(at(o, "time")->type, JSON_FLOAT);
    assert_true(json_number(at(o, "alloc_count")) > 0);
    assert_true(json_number(at(o, "zone_pages")) > 0);
    expect_null(o, "notes");
    expect_null(o, "error");
}


static void
body_that_is_no_text_is_base64(void **state)
{
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    cli_write("binary", "\x00\xff\x01", 3);
    cli_run(&cli, JSON, "--data-binary", "@binary", APP("answers"), "echo");
    o = one_object(&cli, 0);
    expect_text(o, "response.body", "AP8B");
    expect_text(o, "response.body_encoding", "base64");
    expect_number(o, "response.body_size", 3);
}


static void
text_with_quotes_newlines_and_nul_survives(void **state)
{
    struct cli                cli;
    const struct json_value  *body;

    (void) state;
    cli_write("text", "\"a\\\n\x00\xc3\xa4", 7);
    cli_run(&cli, JSON, "--data-binary", "@text", APP("answers"), "echo");
    body = at(one_object(&cli, 0), "response.body");
    assert_int_equal(body->u.text.len, 7);
    assert_memory_equal(body->u.text.data, "\"a\\\n\x00\xc3\xa4", 7);
}


static void
hooks_and_handler_log_in_order(void **state)
{
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    cli_run(&cli, JSON, APP("answers"), "hello");
    o = one_object(&cli, 0);
    assert_int_equal(count(o, "log"), 3);
    expect_text(o, "log.0.text", "init hook");
    expect_text(o, "log.0.phase", "init hook");
    expect_null(o, "log.0.request");
    expect_text(o, "log.1.text", "said hello");
    expect_text(o, "log.1.level", "info");
    expect_text(o, "log.1.by", "app");
    expect_number(o, "log.1.request", 1);
    expect_text(o, "log.2.text", "exit hook");
}


static void
log_level_filters_the_objects_too(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, JSON, "--log-level", "error", APP("answers"), "hello");
    assert_int_equal(count(one_object(&cli, 0), "log"), 0);
}


static void
finding_names_rule_and_place(void **state)
{
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, JSON, APP("defects"), "overrun");
    o = one_object(&cli, 3);
    expect_text(o, "verdict", "error");
    expect_number(o, "response.status", 200);
    assert_int_equal(count(o, "findings"), 1);
    expect_text(o, "findings.0.rule", "LF-201");
    expect_part(o, "findings.0.message", "beyond an allocation of 10 bytes");
    expect_text(o, "findings.0.allocated.function", "overrun");
    expect_part(o, "findings.0.allocated.file", "defects.c");
    expect_null(o, "findings.0.place");
    expect_number(o, "findings.0.request", 1);
}


static void
crash_has_signal_and_frames(void **state)
{
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, JSON, APP("defects"), "null_pointer");
    o = one_object(&cli, 3);
    expect_null(o, "response");
    expect_null(o, "time");
    expect_text(o, "error.kind", "crash");
    expect_text(o, "error.signal", "SIGSEGV");
    expect_text(o, "error.phase", "request");
    expect_part(o, "error.message", "a NULL pointer was used");
    expect_begins(o, "error.frames.0", "write_to at ");
    expect_part(o, "error.frames.1", "null_pointer at ");
    expect_part(o, "linkfunc_cmd", "linkfunc call ");
}


struct trouble {
    const char  *app, *symbol, *kind, *part;
};

static const struct trouble  troubles[] = {
    { "/nosuch.so", "hello", "app", "no such file" },
    { APP("answers"), "helo", "app", "hello" },
    { APP("answers"), "some_data", "app", "some_data" },
    { APP("init_fails"), "hello", "refused", "has_error" },
    { APP("load_crashes"), "hello", "crash", "while it was loaded" },
    { APP("exit_crashes"), "hello", "crash", "in its exit hook" },
    { APP("defects"), "exits", "exit", "exit(7)" },
    { APP("defects"), "exits_at_once", "ended", "status 8" },
    { APP("defects"), "killed", "ended", "SIGKILL" },
    { APP("defects"), "hangs", "timeout", "did not return" },
    { APP("defects"), "scribbles", "descriptor", "did not open" }
};


static void
trouble_is_one_object_with_its_kind(void **state)
{
    size_t                    i;
    struct cli                cli;
    const struct json_value  *o;

    (void) state;

    for (i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
        cli_run(&cli, JSON, "--timeout",
                strcmp(troubles[i].kind, "timeout") == 0 ? "300ms" : "30s",
                troubles[i].app, troubles[i].symbol);
        o = one_object(&cli, 3);
        expect_text(o, "verdict", "error");
        expect_text(o, "error.kind", troubles[i].kind);
        expect_part(o, "error.message", troubles[i].part);
    }
}


static void
repeat_gives_a_line_for_each_request(void **state)
{
    size_t      i, seen;
    struct cli  cli;

    (void) state;
    cli_run(&cli, JSON, "--workers", "2", "--repeat", "20", APP("answers"),
            "hello");
    assert_int_equal(cli.status, 0);
    assert_int_equal(count_lines(cli.out), 20);

    for (i = 0, seen = 0; i < 20; i++) {
        seen |= (size_t) 1 << (int) json_number(at(object(cli.out, i),
                                                   "index"));
        expect_text(object(cli.out, i), "response.body", "hello\n");
    }

    assert_int_equal(seen, 0x1ffffe);
    cli_free(&cli);
}


static void
line_of_the_log_goes_to_its_request(void **state)
{
    int                       kind;
    size_t                    i;
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, JSON, "--threads", "2", "--repeat", "2", APP("threads"),
            "second_crashes");
    assert_int_equal(cli.status, 3);
    assert_int_equal(count_lines(cli.out), 2);

    for (i = 0, kind = 0; i < 2; i++) {
        o = object(cli.out, i);

        if (strcmp(at(o, "error.kind")->u.text.data, "crash") == 0) {
            kind |= 1;
            expect_text(o, i == 0 ? "log.0.text" : "log.1.text",
                        "crashes now");
        } else {
            kind |= 2;
            expect_text(o, "error.kind", "lost");
        }
    }

    assert_int_equal(kind, 3);
    cli_free(&cli);
}


static void
finding_of_a_thread_goes_to_its_request(void **state)
{
    size_t                    i;
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, JSON, "--threads", "4", "--repeat", "8", "--log-level",
            "emerg", APP("threads"), "overruns");
    assert_int_equal(count_lines(cli.out), 8);

    for (i = 0; i < 8; i++) {
        o = object(cli.out, i);
        assert_int_equal(count(o, "findings"), 1);
        assert_true(json_number(at(o, "findings.0.request"))
                    == json_number(at(o, "index")));
    }

    cli_free(&cli);
}


static void
requests_that_were_not_sent_are_noted(void **state)
{
    struct cli  cli;

    (void) state;
    SKIP_SANITIZED();
    cli_run(&cli, JSON, "--repeat", "3", APP("defects"), "null_pointer");
    expect_part(one_object(&cli, 3), "notes", "2 of 3 requests were not sent");
}


static void
warnings_are_notes(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, JSON, APP("answers"), "silent");
    expect_part(one_object(&cli, 0), "notes", "wrote no response");
}


static void
fail_keeps_the_body(void **state)
{
    struct cli                cli;
    const struct json_value  *o;

    (void) state;
    cli_run(&cli, JSON, "-f", APP("answers"), "status", "/?code=500");
    o = one_object(&cli, 4);
    expect_text(o, "verdict", "failed");
    expect_text(o, "error.kind", "status");
    expect_text(o, "response.body", "body\n");
}


static void
files_of_output_and_headers_work(void **state)
{
    char        *text;
    struct cli   cli;

    (void) state;
    cli_run(&cli, JSON, "-s", "-o", "object", "-D", "head", APP("answers"),
            "hello");
    cli_expect(&cli, 0, "");
    text = cli_read("object", NULL);
    expect_text(object(text, 0), "response.body", "hello\n");
    free(text);
    text = cli_read("head", NULL);
    assert_non_null(strstr(text, "HTTP/1.1 200 OK\r\n"));
    free(text);
    cli_free(&cli);
}


static void
head_and_verbose_work(void **state)
{
    struct cli  cli;

    (void) state;
    cli_run(&cli, JSON, "-I", "-v", APP("answers"), "hello");
    expect_text(object(cli.out, 0), "request.method", "HEAD");
    expect_number(object(cli.out, 0), "response.status", 200);
    expect_number(object(cli.out, 0), "response.body_size", 0);
    cli_expect_message(&cli, 0, "> HEAD / HTTP/1.1");
    cli_free(&cli);
}


static void
what_makes_no_sense_is_refused(void **state)
{
    size_t      i;
    struct cli  cli;

    static const struct {
        const char  *option, *value, *part;
    } rows[] = {
        { "-i", "-s", "--format json and --include cannot" },
        { "-w", "x", "--format json and --write-out cannot be" },
        { "-D", "-", "--format json and --dump-header - cannot be" },
        { "--no-fork", "-s", "--format json and --no-fork cannot be" },
        { "--format", "xml", "--format xml: choose text or json" }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cli_run(&cli, JSON, rows[i].option, rows[i].value, APP("answers"),
                "hello");
        cli_expect_message(&cli, 1, rows[i].part);
        assert_string_equal(cli.out, "");
        cli_free(&cli);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(answer_is_whole),
        cmocka_unit_test(body_that_is_no_text_is_base64),
        cmocka_unit_test(text_with_quotes_newlines_and_nul_survives),
        cmocka_unit_test(hooks_and_handler_log_in_order),
        cmocka_unit_test(log_level_filters_the_objects_too),
        cmocka_unit_test(finding_names_rule_and_place),
        cmocka_unit_test(crash_has_signal_and_frames),
        cmocka_unit_test(trouble_is_one_object_with_its_kind),
        cmocka_unit_test(repeat_gives_a_line_for_each_request),
        cmocka_unit_test(line_of_the_log_goes_to_its_request),
        cmocka_unit_test(finding_of_a_thread_goes_to_its_request),
        cmocka_unit_test(requests_that_were_not_sent_are_noted),
        cmocka_unit_test(warnings_are_notes),
        cmocka_unit_test(fail_keeps_the_body),
        cmocka_unit_test(files_of_output_and_headers_work),
        cmocka_unit_test(head_and_verbose_work),
        cmocka_unit_test(what_makes_no_sense_is_refused)
    };
    int                      failed;

    arena = arena_new();
    if (arena == NULL) {
        return 1;
    }

    failed = cmocka_run_group_tests(tests, cli_setup, cli_teardown);
    arena_free(&arena);

    return failed;
}
