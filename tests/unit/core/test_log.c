/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/mock.h"


static void
log_all(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log_debug(ctx, "a");
    ngx_link_func_log_info(ctx, "b %s");
    ngx_link_func_log_warn(ctx, "");
    ngx_link_func_log_err(ctx, "d\nd");
}


static void
each_call_has_its_level_and_keeps_the_text_raw(void **state)
{
    static const char *const      texts[] = { "a", "b %s", "", "d\nd" };
    static const enum lf_level    levels[] = { LF_DEBUG, LF_INFO, LF_WARN,
                                               LF_ERROR };
    int                            i;
    const struct lf_fake_log_line *line;

    (void) state;
    mock_get("/", log_all);

    for (i = 0, line = lf_fake_log(mock); i < 4; i++, line = line->next) {
        assert_non_null(line);
        assert_string_equal(line->text, texts[i]);
        assert_int_equal(line->level, levels[i]);
        assert_int_equal(line->request, 1);
        assert_true(line->app);
    }

    assert_null(line);
}


static void
log_formatted(ngx_link_func_ctx_t *ctx)
{
    char  big[1000];

    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    ngx_link_func_log(info, ctx, "%s %d", "n", 5);
    ngx_link_func_log(err, ctx, "%s", big);
}


static void
the_macro_formats_any_length(void **state)
{
    const struct lf_fake_log_line  *line;

    (void) state;
    mock_get("/", log_formatted);
    line = lf_fake_log(mock);
    assert_string_equal(line->text, "n 5");
    assert_int_equal(line->next->len, 999);
}


static void
log_null(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_log_debug(ctx, NULL);
    ngx_link_func_log_info(ctx, NULL);
    ngx_link_func_log_warn(ctx, NULL);
    ngx_link_func_log_err(ctx, NULL);
}


static void
null_is_reported_and_not_logged(void **state)
{
    const struct lf_fake_log_line  *line;

    (void) state;
    mock_get("/", log_null);
    ngx_link_func_log_info(NULL, "lost");
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 5);

    for (line = lf_fake_log(mock); line != NULL; line = line->next) {
        assert_false(line->app);
    }
}


static void
init_that_logs(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_debug(cycle, "one");
    ngx_link_func_cyc_log_info(cycle, "two");
    ngx_link_func_cyc_log_warn(cycle, "three");
    ngx_link_func_cyc_log_err(cycle, "four");
    ngx_link_func_cyc_log(info, cycle, "%d", 5);
    ngx_link_func_cyc_log_err(cycle, NULL);
    ngx_link_func_cyc_log_err(NULL, "lost");
}


static void
cycle_calls_log_for_no_request(void **state)
{
    int                            count;
    struct lf_app                  app = { NULL, init_that_logs, NULL };
    const struct lf_fake_log_line *line;

    (void) state;
    assert_int_equal(lf_fake_init(mock, &app), 0);

    for (count = 0, line = lf_fake_log(mock); line; line = line->next) {
        assert_int_equal(line->request, 0);
        count += line->app;
    }

    assert_int_equal(count, 5);
    assert_int_equal(mock_found(LF_RULE_NULL_ARG), 2);
}


/* What a driver would read from the descriptor. */
static void
read_copy(int fd, char *text, size_t size)
{
    ssize_t  n;

    n = pread(fd, text, size - 1, 0);
    assert_true(n >= 0);
    text[n] = '\0';
}


static void
app_lines_are_copied_to_the_driver(void **state)
{
    int   fd;
    char  text[256];

    (void) state;
    fd = memfd_create("app-log", 0);
    lf_app_log_to(fd);
    mock_get("/", log_all);
    lf_app_log_to(-1);
    mock_get("/", log_all);
    read_copy(fd, text, sizeof(text));
    assert_string_equal(text, "1 debug 1\na\n1 info 4\nb %s\n1 warn 0\n\n"
                        "1 error 3\nd\nd\n");
    assert_int_equal(close(fd), 0);
}


static void
the_environment_names_the_descriptor(void **state)
{
    int   fd;
    char  text[256], number[16];

    (void) state;
    fd = memfd_create("app-log", 0);
    (void) snprintf(number, sizeof(number), "%d", fd);
    assert_int_equal(setenv("LINKFUNC_APP_LOG", number, 1), 0);
    lf_app_log_init();
    mock_get("/", log_all);
    lf_app_log_to(-1);
    read_copy(fd, text, sizeof(text));
    assert_memory_equal(text, "1 debug 1\na\n", 12);

    assert_int_equal(setenv("LINKFUNC_APP_LOG", "99999", 1), 0);
    lf_app_log_init();
    assert_int_equal(setenv("LINKFUNC_APP_LOG", "-1x", 1), 0);
    lf_app_log_init();
    mock_get("/", log_all);
    assert_int_equal(unsetenv("LINKFUNC_APP_LOG"), 0);
    assert_int_equal(close(fd), 0);
}


static void
log_many(ngx_link_func_ctx_t *ctx)
{
    int   i;
    char  text[301];

    memset(text, (int) (uintptr_t) ctx->req_args[0], 300);
    text[300] = '\0';

    for (i = 0; i < 200; i++) {
        ngx_link_func_log_info(ctx, text);
    }
}


static void *
log_in_thread(void *target)
{
    mock_get(target, log_many);

    return NULL;
}


static void
records_of_threads_never_interleave(void **state)
{
    int         fd, i, records;
    char       *text, *p, same[300];
    pthread_t   threads[4];

    static char  targets[4][8] = { "/?a", "/?b", "/?c", "/?d" };

    (void) state;
    fd = memfd_create("app-log", 0);
    lf_app_log_to(fd);

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, log_in_thread,
                                        targets[i]), 0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }

    lf_app_log_to(-1);
    text = malloc(400 * 1000);
    read_copy(fd, text, 400 * 1000);

    for (p = text, records = 0; *p != '\0'; p += 301, records++) {
        p = strchr(p, '\n') + 1;
        memset(same, *p, sizeof(same));
        assert_memory_equal(p, same, sizeof(same));
        assert_int_equal(p[300], '\n');
    }

    assert_int_equal(records, 800);
    free(text);
    assert_int_equal(close(fd), 0);
}


static void
levels_are_spelled_as_in_error_log(void **state)
{
    int   level;
    char  all[64] = "";

    (void) state;
    assert_string_equal(lf_level_name(LF_EMERG), "emerg");
    assert_string_equal(lf_level_name(LF_ERROR), "error");
    assert_string_equal(lf_level_name(LF_DEBUG), "debug");
    assert_string_equal(lf_level_name((enum lf_level) 9), "");
    assert_string_equal(lf_level_name((enum lf_level) 0), "");

    for (level = LF_EMERG; level <= LF_DEBUG; level++) {
        (void) strcat(strcat(all, level == LF_EMERG ? "" : "|"),
                      lf_level_name((enum lf_level) level));
    }
    assert_string_equal(all, LF_LEVELS);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(each_call_has_its_level_and_keeps_the_text_raw),
        mock_test(the_macro_formats_any_length),
        mock_test(null_is_reported_and_not_logged),
        mock_test(cycle_calls_log_for_no_request),
        mock_test(app_lines_are_copied_to_the_driver),
        mock_test(the_environment_names_the_descriptor),
        mock_test(records_of_threads_never_interleave),
        mock_test(levels_are_spelled_as_in_error_log),
    };

    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
