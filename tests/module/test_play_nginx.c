/* SPDX-License-Identifier: BSD-2-Clause */
/* An nginx of our own as a host of scripts, with the module under test. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/conf/conf_parse.h"
#include "harness/host/nginx/play_nginx.h"

#define CALL(path, name)  "location " path " { ngx_link_func_call " name "; } "
#define PROBE             "ngx_link_func_lib " TEST_APPS "/probe.so;"
#define DEFECTS           "ngx_link_func_lib " TEST_DEFECTS ";"

struct play {
    struct arena            *arena;
    struct play_nginx_paths  paths;
    struct host             *host;
    struct host_answer       answer;
    char                     tmp[64];
    char                     err[LF_ERR_LEN];
};


static int
set_up(void **state)
{
    struct play  *p = calloc(1, sizeof(*p));

    *state = p;
    if (p == NULL || (p->arena = arena_new()) == NULL) {
        return -1;
    }

    (void) strcpy(p->tmp, "/tmp/linkfunc-play.XXXXXX");
    if (mkdtemp(p->tmp) == NULL || setenv("TMPDIR", p->tmp, 1) != 0) {
        return -1;
    }

    return play_nginx_find(NULL, getenv("LINKFUNC_MODULE") ? NULL
                                                           : TEST_MODULE,
                           &p->paths, p->err);
}


/* Also: nothing is left behind. */
static int
tear_down(void **state)
{
    int           rc;
    struct play  *p = *state;

    if (p->host != NULL) {
        p->host->ops->free(p->host);
    }
    arena_free(&p->arena);
    rc = rmdir(p->tmp);
    free(p);

    return rc;
}


/* 0, or -1 with the text in err. */
static int
start(struct play *p, const char *text)
{
    char                         base[64];
    struct conf_node            *root;
    struct conf_error            error;
    struct play_nginx_settings   settings;

    memset(&settings, 0, sizeof(settings));

    if (conf_parse(p->arena, "app.conf", text, strlen(text), &root, &error)
        != 0
        || (settings.conf = conf_build(p->arena, root, NULL, &error)) == NULL)
    {
        fail_msg("%s", error.text);
    }

    settings.root = root;
    settings.prefix = TEST_APPS;
    settings.program = p->paths.program;
    settings.module = p->paths.module;
    p->host = play_nginx_new(&settings, p->err);

    if (p->host == NULL
        || p->host->ops->start(p->host, base, sizeof(base), p->err) != 0)
    {
        return -1;
    }

    assert_string_equal(base, "http://localhost");

    return 0;
}


static void
must_start(struct play *p, const char *text)
{
    if (start(p, text) != 0) {
        fail_msg("%s", p->err);
    }
}


static void
get_from(struct play *p, const char *target, const char *name, unsigned port,
         unsigned timeout_ms)
{
    struct request_header  host = { (char *) "Host", (char *) name, 0 };
    struct request         http = {
        .method = (char *) "GET", .target = (char *) target,
        .headers = &host, .header_count = 1
    };
    const struct host_request  request = { &http, name, port, timeout_ms,
                                           NULL };

    if (p->host->ops->exchange(p->host, p->arena, &request, &p->answer,
                               p->err) != 0)
    {
        fail_msg("%s", p->err);
    }
}


static void
get(struct play *p, const char *target)
{
    get_from(p, target, "localhost", 80, 10000);
}


static void
expect_body(const struct play *p, const char *text)
{
    if (p->answer.outcome != HOST_ANSWERED) {
        fail_msg("outcome %d: %s", p->answer.outcome, p->answer.text);
    }

    assert_string_equal(p->answer.http.body.data, text);
}


static void
stop(struct play *p)
{
    if (p->host->ops->stop(p->host, p->arena, &p->answer, p->err) != 0) {
        fail_msg("%s", p->err);
    }
}


/* As those before 1.19.5. */
static void
an_nginx_without_option_e_starts_too(void **state)
{
    FILE         *script;
    char          path[80], real[4096];
    struct play  *p = *state;

    (void) snprintf(path, sizeof(path), "%s/old", p->tmp);
    (void) strcpy(real, p->paths.program);
    (void) strcpy(p->paths.program, path);
    script = fopen(path, "w");
    assert_non_null(script);
    (void) fprintf(script, "#!/bin/sh\ncase $* in\n*' -e '*)\n"
                   "    echo 'nginx: invalid option: \"e\"' >&2; exit 1\n"
                   "esac\nexec '%s' \"$@\"\n", real);
    assert_int_equal(fchmod(fileno(script), 0700), 0);
    assert_int_equal(fclose(script), 0);

    must_start(p, PROBE CALL("/count", "count"));
    get(p, "/count");
    expect_body(p, "1");
    stop(p);
    assert_int_equal(unlink(path), 0);
}


static void
an_app_answers_and_its_log_is_seen(void **state)
{
    struct play  *p = *state;

    must_start(p, PROBE CALL("/log", "log_all") CALL("/count", "count"));

    get(p, "/log");
    expect_body(p, "logged");
    assert_int_equal(p->answer.has_log, 1);
    assert_int_equal(p->answer.has_figures, 0);
    assert_non_null(p->answer.log);
    while (p->answer.log->next != NULL) {
        p->answer.log = p->answer.log->next;
    }
    assert_string_equal((const char *) p->answer.log->text.data,
                        "at err 100%");
    assert_null(p->answer.findings);

    get(p, "/count");
    expect_body(p, "1");
    assert_null(p->answer.log);
    stop(p);
    assert_null(p->answer.findings);
}


static void
a_relative_library_starts_at_the_prefix(void **state)
{
    struct play  *p = *state;

    must_start(p, "ngx_link_func_lib ./probe.so;" CALL("/count", "count"));

    get(p, "/count");

    expect_body(p, "1");
}


static void
port_and_host_select_the_server(void **state)
{
    struct play  *p = *state;

    must_start(p, "server { return 200 first; }"
                  "server { listen 8080; server_name a; return 200 a; }"
                  "server { listen 8080; server_name b; return 200 b; }");

    get(p, "/");
    expect_body(p, "first");
    get_from(p, "/", "b", 8080, 0);
    expect_body(p, "b");
    get_from(p, "/", "other", 8080, 0);
    expect_body(p, "a");
}


static void
a_crash_is_reported_and_the_next_request_goes_on(void **state)
{
    struct play  *p = *state;

    must_start(p, DEFECTS CALL("/null", "null_pointer")
                  CALL("/exit", "exits") "location /ok { return 200 ok; }");
    get(p, "/ok");

    get(p, "/null");
    assert_int_equal(p->answer.outcome, HOST_CRASHED);
    assert_int_equal(p->answer.signal, SIGSEGV);
    assert_non_null(strstr(p->answer.text, "signal 11"));
    assert_null(p->answer.findings);

    get(p, "/ok");
    expect_body(p, "ok");
    get(p, "/exit");
    assert_int_equal(p->answer.outcome, HOST_CRASHED);
    assert_int_equal(p->answer.signal, 0);
    assert_non_null(strstr(p->answer.text, "exited with code"));

    get(p, "/ok");
    expect_body(p, "ok");
    stop(p);
    assert_null(p->answer.findings);
}


static void
a_crash_as_the_very_first_answer_is_reported(void **state)
{
    struct play  *p = *state;

    must_start(p, DEFECTS CALL("/null", "null_pointer"));

    get(p, "/null");

    assert_int_equal(p->answer.outcome, HOST_CRASHED);
    assert_null(p->answer.findings);
}


static void
a_hang_is_a_timeout_and_the_next_request_goes_on(void **state)
{
    struct play  *p = *state;

    must_start(p, DEFECTS CALL("/hangs", "hangs")
                  "location /ok { return 200 ok; }");

    /* a worker that did not accept it in time would leave it to the next one */
    get_from(p, "/hangs", "localhost", 80, 2000);
    assert_int_equal(p->answer.outcome, HOST_TIMED_OUT);
    assert_null(p->answer.findings);

    get(p, "/ok");
    expect_body(p, "ok");
    stop(p);
    assert_null(p->answer.findings);
}


static void
a_closed_connection_is_no_crash(void **state)
{
    struct play  *p = *state;

    must_start(p, "location /close { return 444; }"
                  "location /ok { return 200 ok; }");

    get(p, "/close");
    assert_int_equal(p->answer.outcome, HOST_FAILED);
    assert_non_null(strstr(p->answer.text, "connection was closed"));

    get(p, "/ok");
    expect_body(p, "ok");
}


static void
an_alert_is_a_finding(void **state)
{
    pid_t         worker;
    struct play  *p = *state;

    must_start(p, PROBE CALL("/pid", "pid"));
    get(p, "/pid");
    worker = (pid_t) atoi(p->answer.http.body.data);
    assert_true(worker > 1);                     /* 0 would be all of us */
    assert_int_equal(kill(worker, SIGKILL), 0);

    stop(p);

    assert_non_null(p->answer.findings);
    assert_int_equal(p->answer.findings->breaks, 1);
    assert_non_null(strstr(p->answer.findings->text, "exited on signal 9"));
}


static void
a_reload_makes_a_new_worker(void **state)
{
    char         first[32];
    const char  *na = NULL;
    struct play  *p = *state;

    must_start(p, PROBE CALL("/pid", "pid"));
    get(p, "/pid");
    assert_int_equal(p->answer.http.status, 200);
    (void) snprintf(first, sizeof(first), "%s",
                    p->answer.http.body.data);

    assert_int_equal(p->host->ops->cycle(p->host, HOST_CYCLE_RELOAD, &na,
                                         p->err), 0);

    assert_null(na);
    get(p, "/pid");
    assert_int_equal(p->answer.outcome, HOST_ANSWERED);
    assert_int_equal(p->answer.log_mixed, 1);
    assert_string_not_equal(p->answer.http.body.data, first);
    get(p, "/pid");
    assert_int_equal(p->answer.log_mixed, 0);
    stop(p);
    assert_null(p->answer.findings);
}


static void
what_nginx_cannot_do_is_not_applicable(void **state)
{
    const char                *init = NULL, *end = NULL;
    struct play               *p = *state;
    const struct host_request  request = { .function = "count" };

    must_start(p, PROBE);

    assert_int_equal(p->host->ops->cycle(p->host, HOST_CYCLE_INIT, &init,
                                         p->err), 0);
    assert_int_equal(p->host->ops->cycle(p->host, HOST_CYCLE_EXIT, &end,
                                         p->err), 0);
    assert_int_equal(p->host->ops->exchange(p->host, p->arena, &request,
                                            &p->answer, p->err), 0);

    assert_int_equal(p->answer.outcome, HOST_NOT_APPLICABLE);
    assert_null(p->host->ops->cache);
    assert_true(init != NULL && end != NULL);
}


static void
it_can_be_started_again(void **state)
{
    char         base[64];
    struct play  *p = *state;

    must_start(p, PROBE CALL("/count", "count"));
    get(p, "/count");
    stop(p);

    assert_int_equal(p->host->ops->start(p->host, base, sizeof(base), p->err),
                     0);

    get(p, "/count");
    expect_body(p, "1");
}


static void
what_nginx_refuses_is_shown_in_its_words(void **state)
{
    size_t        i;
    struct play  *p = *state;
    static const struct { const char *text, *why; } rows[] = {
        { "location / {\n  nonsense on;\n}",
          "unknown directive \"nonsense\" in app.conf:2" },
        { "location / {\n\n  return;\n}", "invalid number of arguments in "
                                          "\"return\" directive in app.conf:3" },
        { "ngx_link_func_lib /nonexistent.so;", "/nonexistent.so" },
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(start(p, rows[i].text), -1);

        if (strstr(p->err, rows[i].why) == NULL
            || strstr(p->err, p->tmp) != NULL)
        {
            fail_msg("%s", p->err);
        }
        p->host->ops->free(p->host);
        p->host = NULL;
    }
}


static void
a_module_that_nginx_refuses_is_shown_in_its_words(void **state)
{
    struct play  *p = *state;

    (void) snprintf(p->paths.module, sizeof(p->paths.module), "%s",
                    TEST_APPS "/probe.so");

    assert_int_equal(start(p, "return 200;"), -1);

    assert_non_null(strstr(p->err, "[emerg]"));
    assert_non_null(strstr(p->err, "probe.so"));
}


static void
a_program_that_is_no_nginx_is_told(void **state)
{
    struct play  *p = *state;

    (void) snprintf(p->paths.program, sizeof(p->paths.program), "/bin/false");

    assert_int_equal(start(p, "return 200;"), -1);

    assert_non_null(strstr(p->err, "/bin/false did not start"));
}


static void
what_is_missing_is_named(void **state)
{
    struct play_nginx_paths   paths;
    struct play              *p = *state;

    assert_int_equal(play_nginx_find("/nonexistent/nginx", "", &paths,
                                     p->err), -1);
    assert_non_null(strstr(p->err, "no program /nonexistent/nginx"));

    assert_int_equal(play_nginx_find(NULL, "/nonexistent.so", &paths, p->err),
                     -1);
    assert_non_null(strstr(p->err, "no module /nonexistent.so"));

    assert_int_equal(play_nginx_find(NULL, "", &paths, p->err), 0);
    assert_string_equal(paths.module, "");
}


static void
no_process_outlives_the_one_that_started_it(void **state)
{
    int           ends[2], status;
    char          byte;
    pid_t         child;
    struct play  *p = *state;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        (void) close(ends[0]);
        if (start(p, PROBE CALL("/pid", "pid")) == 0) {
            (void) raise(SIGKILL);
        }
        _exit(1);
    }
    (void) close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));            /* nginx had been started */

    /* the end of the pipe was inherited by nginx: it closes with the last */
    assert_int_equal(read(ends[0], &byte, 1), 0);

    (void) close(ends[0]);
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(an_app_answers_and_its_log_is_seen),
        TEST(an_nginx_without_option_e_starts_too),
        TEST(a_relative_library_starts_at_the_prefix),
        TEST(port_and_host_select_the_server),
        TEST(a_crash_is_reported_and_the_next_request_goes_on),
        TEST(a_crash_as_the_very_first_answer_is_reported),
        TEST(a_hang_is_a_timeout_and_the_next_request_goes_on),
        TEST(a_closed_connection_is_no_crash),
        TEST(an_alert_is_a_finding),
        TEST(a_reload_makes_a_new_worker),
        TEST(what_nginx_cannot_do_is_not_applicable),
        TEST(it_can_be_started_again),
        TEST(what_nginx_refuses_is_shown_in_its_words),
        TEST(a_module_that_nginx_refuses_is_shown_in_its_words),
        TEST(a_program_that_is_no_nginx_is_told),
        TEST(what_is_missing_is_named),
        TEST(no_process_outlives_the_one_that_started_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
