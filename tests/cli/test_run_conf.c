/* SPDX-License-Identifier: BSD-2-Clause */
/* Configurations of linkfunc run: what is played, noted and refused. */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char  *conf, *script;
    int          status;
    const char  *message;
    const char  *option;
};

#define CALL(where, symbol)                                                   \
    "location " where " { ngx_link_func_call " symbol "; }\n"
#define REPLIES  "ngx_link_func_lib " APP("replies") ";\n"
#define ANSWERS  "ngx_link_func_lib " APP("answers") ";\n"

#define DEFECTS  "ngx_link_func_lib " APP("defects") ";\n"

/* A location with a subrequest; the function of a defect in a thread. */
#define SUB(where, to)                                                        \
    "location " where " { ngx_link_func_subrequest " to " check_status; "     \
    "ngx_link_func_call reply; }\n"
#define THREADS(symbol)  DEFECTS "aio threads;\n" CALL("/a", symbol)

static const struct row  rows[] = {
    { REPLIES CALL("/a", "reply"), "GET {{base}}/a\nHTTP 200\n"
      "content-TYPE: text/plain\n", 0, "Success", NULL },
    { "server { server_name one; " REPLIES CALL("/", "reply") "}\n"
      "server { server_name two; " ANSWERS CALL("/", "hello") "}\n",
      "GET http://two/\nHTTP 200\n`hello\\n`\n"
      "POST http://one/\n`x`\nHTTP 200\n`x`\n", 0, "Success", NULL },
    { REPLIES CALL("/a", "reply") "gzip on;\n", "GET {{base}}/a\nHTTP 200\n",
      0, "app.conf:3: the mock does not simulate \"gzip\"", NULL },
    { REPLIES CALL("/a", "reply") "gzip on;\n", "GET {{base}}/a\nHTTP 200\n",
      2, "(--strict-conf)", "--strict-conf" },
    { REPLIES CALL("/a", "reply"), "GET {{base}}/b\nHTTP 200\n", 0,
      "1 check not applicable", NULL },
    { REPLIES CALL("/a", "repyl"), "GET {{base}}/a\n", 3, "repyl", NULL },
    { REPLIES "location /a {\n", "GET {{base}}/a\n", 2,
      "unexpected end of file", NULL },
    { "ngx_link_func_lib;\n", "GET {{base}}/a\n", 2, "app.conf:1", NULL },
    { "ngx_link_func_lib " TEST_APPS "/clash.so;\n" CALL("/a", "whose"),
      "GET {{base}}/a\nHTTP 200\n", 0, "\"login\" (libc.so.6)", NULL },
    { "ngx_link_func_lib ./none.so;\n" CALL("/a", "reply"),
      "GET {{base}}/a\n", 3, "none.so", NULL },
    { "ngx_link_func_lib libm.so.6;\n" CALL("/a", "reply"),
      "GET {{base}}/a\n", 3, "no function \"ngx_link_func_init_cycle\"",
      NULL },

    /* what nginx would answer by itself is named, not played */
    { REPLIES "location /a { ngx_link_func_call reply;\n return 204; }",
      "GET {{base}}/a\nHTTP 200\n", 0,
      "handled by nginx itself (\"return\" in app.conf:3)", NULL },
    { REPLIES "return 301 /;\n" CALL("/a", "reply"),
      "GET {{base}}/a\nHTTP 200\n", 0,
      "handled by nginx itself (\"return\" in app.conf:2)", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " proxy_pass http://x; }", "GET {{base}}/a\nHTTP 200\n", 0,
      "handled by nginx itself (\"proxy_pass\" in app.conf:3)", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " try_files $uri =404; }", "POST {{base}}/a\n`x`\nHTTP 200\n`x`\n", 0,
      "(1 request in", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " if ($arg_x) { return 403; } }", "GET {{base}}/a?x=1\nHTTP 200\n", 0,
      "an \"if\" of this location leads to directives", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " if (-f $uri) { return 403; } }", "GET {{base}}/a\nHTTP 200\n", 0,
      "cannot evaluate the condition of an \"if\"", NULL },
    { REPLIES SUB("/a", "/b") "location /b { return 204; }\n",
      "GET {{base}}/a\nHTTP 200\n", 0, "the target of the subrequest to "
      "\"/b\" is handled by nginx itself (\"return\"", NULL },
    { REPLIES SUB("/a", "/b"), "GET {{base}}/a\nHTTP 200\n", 0,
      "the target of the subrequest to \"/b\" is not a location with",
      NULL },
    { REPLIES "location /a { ngx_link_func_subrequest /b; }\n"
      CALL("/b", "reply"), "GET {{base}}/a\nHTTP 200\n", 0,
      "no location with ngx_link_func_call matches this request", NULL },
};


/* A sanitizer's report takes the place of ours for bad accesses. */
static const struct row  in_threads[] = {
    { THREADS("null_pointer"), "#@ expect crash SIGSEGV\nGET {{base}}/a\n", 0,
      "Success", NULL },
    { THREADS("stack_overflow"), "#@ expect crash SIGSEGV\nGET {{base}}/a\n",
      0, "Success", NULL },
    { THREADS("stack_overflow"), "GET {{base}}/a\nHTTP 200\n", 3,
      "recurse at ", NULL },
    { THREADS("hangs"), "#@ expect timeout\nGET {{base}}/a\n[Options]\n"
      "max-time: 50ms\n", 0, "Success", NULL },
    { THREADS("keeps_lock"), "#@ expect rule LF-503\nGET {{base}}/a\n", 0,
      "Success", NULL },
};


static void
play(const struct row *row)
{
    struct cli  cli;

    const char *const  words[] = { "run", "--test", "--conf", "app.conf",
                                   "s.hurl", row->option, NULL };

    cli_write("app.conf", row->conf, strlen(row->conf));
    cli_write("s.hurl", row->script, strlen(row->script));
    cli_run_words(&cli, NULL, words);
    if (cli.status != row->status) {
        print_error("%s%s", row->conf, row->script);
    }
    cli_expect_message(&cli, row->status, row->message);
    cli_free(&cli);
}


static void
configurations_are_played_or_refused(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        play(&rows[i]);
    }
}


static void
what_goes_wrong_in_a_thread_is_told(void **state)
{
    size_t  i;

    (void) state;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif

    for (i = 0; i < sizeof(in_threads) / sizeof(in_threads[0]); i++) {
        play(&in_threads[i]);
    }
}


/* ---- the life of apps, as on nginx (golden/lifecycle.tsv) --------------- */

#define LIFE(who, name, more)                                                 \
    "server { server_name n" who "; ngx_link_func_add_prop who s" who ";"     \
    more " ngx_link_func_lib " TEST_APPS "/life_" name ".so;"                 \
    CALL("/", "who") "}\n"
#define LIVES(more)  LIFE("1", "a", "") LIFE("2", "b", "") LIFE("3", "a", more)

#define LIFE_OF_A                                                             \
    "A CONSTRUCTOR -|A INIT s1|A INIT s3|A EXIT s1|A EXIT s3|A DESTRUCTOR -|"
#define LIFE_OF_B                                                             \
    "B CONSTRUCTOR -|B INIT s2|B EXIT s2|B DESTRUCTOR -|"


/* What a process had; line begins with its number, which is cut off. */
static void
gather(const char *events, const char *line, char *text, size_t size)
{
    char         number[16];
    size_t       n = 0;
    const char  *at;

    (void) snprintf(number, sizeof(number), "%.*s",
                    (int) strcspn(line, " ") + 1, line);
    text[0] = '\0';

    for (at = events; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1) {
        if (strncmp(at, number, strlen(number)) == 0 && n < size) {
            n += (size_t) snprintf(text + n, size - n, "%.*s|",
                                   (int) (strcspn(at, "\n")
                                          - strlen(number)),
                                   at + strlen(number));
        }
    }
}


/* Run; every process must have had one of these lives, so many in all. */
static void
expect_lives(const char *conf, const char *script, int status,
             const char *const *lives, int count)
{
    char         text[400], *events, *at;
    struct cli   cli;

    cli_write("app.conf", conf, strlen(conf));
    cli_write("s.hurl", script, strlen(script));
    cli_run(&cli, "run", "--conf", "app.conf", "s.hurl");
    assert_int_equal(cli.status, status);
    cli_free(&cli);
    events = cli_read("events", NULL);
    assert_non_null(events);

    for (at = events; *at != '\0'; at = strchr(at, '\n') + 1) {
        if (strstr(at, " CONSTRUCTOR") < strchr(at, '\n')
            && strstr(at, " CONSTRUCTOR") != NULL)
        {
            gather(events, at, text, sizeof(text));
            if (strcmp(text, lives[0]) != 0 && strcmp(text, lives[1]) != 0) {
                fail_msg("another life: %s\n%s", text, events);
            }
            count--;
        }
    }

    assert_int_equal(count, 0);
    free(events);
}


static void
apps_live_on_the_mock_as_on_nginx(void **state)
{
    static const char *const  lives[] = { LIFE_OF_A, LIFE_OF_B };

    (void) state;
    cli_write("events", "", 0);
    assert_int_equal(setenv("LF_EVENTS", "events", 1), 0);

    expect_lives(LIVES(""), "GET http://n1/\nHTTP 200\n`A`\n"
                 "#@ cycle reload\nGET http://n2/\nHTTP 200\n`B`\n", 0, lives,
                 4);
}


static void
after_has_error_the_exit_hooks_run_of_who_was_initialised(void **state)
{
    static const char *const  lives[] = {
        "A CONSTRUCTOR -|A INIT s1|A INIT s3|A EXIT s1|A DESTRUCTOR -|",
        LIFE_OF_B
    };

    (void) state;
    cli_write("events", "", 0);
    assert_int_equal(setenv("LF_EVENTS", "events", 1), 0);

    expect_lives(LIVES("ngx_link_func_add_prop refuse 1;"),
                 "GET http://n1/\nHTTP 200\n", 3, lives, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(configurations_are_played_or_refused),
        cmocka_unit_test(what_goes_wrong_in_a_thread_is_told),
        cmocka_unit_test(apps_live_on_the_mock_as_on_nginx),
        cmocka_unit_test(
            after_has_error_the_exit_hooks_run_of_who_was_initialised),
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
