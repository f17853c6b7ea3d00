/* SPDX-License-Identifier: BSD-2-Clause */
/* Configurations of linkfunc run: what is played, noted and refused. */
#include "cli.h"

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
    { REPLIES CALL("/a", "reply"), "GET {{base}}/a\nHTTP 200\n", 0,
      "Success", NULL },
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
    { "ngx_link_func_lib ./none.so;\n" CALL("/a", "reply"),
      "GET {{base}}/a\n", 3, "none.so", NULL },

    /* what nginx would answer by itself is named, not played */
    { REPLIES "location /a { ngx_link_func_call reply;\n return 204; }",
      "GET {{base}}/a\nHTTP 200\n", 0,
      "answered by nginx itself (\"return\" in app.conf:3)", NULL },
    { REPLIES "return 301 /;\n" CALL("/a", "reply"),
      "GET {{base}}/a\nHTTP 200\n", 0,
      "answered by nginx itself (\"return\" in app.conf:2)", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " proxy_pass http://x; }", "GET {{base}}/a\nHTTP 200\n", 0,
      "answered by nginx itself (\"proxy_pass\" in app.conf:3)", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " try_files $uri =404; }", "POST {{base}}/a\n`x`\nHTTP 200\n`x`\n", 0,
      "(1 request in", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " if ($arg_x) { return 403; } }", "GET {{base}}/a?x=1\nHTTP 200\n", 0,
      "an \"if\" of this location leads to directives", NULL },
    { REPLIES "location /a { ngx_link_func_call reply;\n"
      " if (-f $uri) { return 403; } }", "GET {{base}}/a\nHTTP 200\n", 0,
      "cannot tell whether the condition of an \"if\"", NULL },
    { REPLIES SUB("/a", "/b") "location /b { return 204; }\n",
      "GET {{base}}/a\nHTTP 200\n", 0, "the target of the subrequest to "
      "\"/b\" is answered by nginx itself (\"return\"", NULL },
    { REPLIES SUB("/a", "/b"), "GET {{base}}/a\nHTTP 200\n", 0,
      "the target of the subrequest to \"/b\" is no location with a function",
      NULL },
    { REPLIES "location /a { ngx_link_func_subrequest /b; }\n"
      CALL("/b", "reply"), "GET {{base}}/a\nHTTP 200\n", 0,
      "no location with a function of an app takes this request", NULL },
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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(configurations_are_played_or_refused),
        cmocka_unit_test(what_goes_wrong_in_a_thread_is_told),
    };

    return cmocka_run_group_tests(tests, cli_setup, cli_teardown);
}
