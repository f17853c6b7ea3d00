/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of error.log: which are findings, and what they tell about workers. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "lib/base/arena.h"
#include "harness/host/nginx/nginx_log.h"

#define TIME  "2026/11/22 22:55:06 "


static void
add(struct nginx_log *log, const char *text)
{
    if (log->fd < 0) {
        log->fd = memfd_create("log", MFD_CLOEXEC);
        assert_true(log->fd >= 0);
    }

    assert_int_equal(pwrite(log->fd, text, strlen(text),
                            lseek(log->fd, 0, SEEK_END)), strlen(text));
}


static void
alerts_and_reports_are_findings(void **state)
{
    size_t                i;
    struct arena         *arena = arena_new();
    struct nginx_log      log;
    struct host_finding  *found;
    static const struct { const char *text, *finding; } rows[] = {
        { TIME "[alert] 1#1: x\n", "[alert] 1#1: x" },
        { TIME "[emerg] 1#1: x\n", "[emerg] 1#1: x" },
        { TIME "[crit] 1#1: x\n", NULL },
        { TIME "[error] 1#1: says [alert]\n", NULL },
        { TIME "[notice] 1#1: worker process 7 exited with code 0\n", NULL },
        { TIME "[alert] 1#1: worker process 7 exited on signal 9\n",
          "[alert] 1#1: worker process 7 exited on signal 9" },
        { "a.c:1:2: runtime error: shift\n" TIME "[notice] 1#1: x\n",
          "a.c:1:2: runtime error: shift" },
        { "==1==ERROR: AddressSanitizer: x\n    #0 f\n    #1 g\n",
          "==1==ERROR: AddressSanitizer: x\n    #0 f\n    #1 g" },
        { "hello\n", NULL }, { "\n", NULL },
        { TIME "[alert] not whole", NULL },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        memset(&log, 0, sizeof(log));
        log.fd = -1;
        found = NULL;
        add(&log, rows[i].text);

        assert_int_equal(nginx_log_read(&log, arena, &found), 0);

        if (rows[i].finding == NULL) {
            assert_null(found);
        } else {
            assert_non_null(found);
            assert_string_equal(found->text, rows[i].finding);
            assert_int_equal(found->breaks, 1);
            assert_null(found->next);
        }
        (void) close(log.fd);
    }

    arena_free(&arena);
}


static void
a_line_is_read_once_and_when_it_is_whole(void **state)
{
    struct arena         *arena = arena_new();
    struct nginx_log      log = { .fd = -1 };
    struct host_finding  *first = NULL, *second = NULL, *third = NULL;

    (void) state;
    add(&log, TIME "[alert] one\n" TIME "[alert] tw");
    assert_int_equal(nginx_log_read(&log, arena, &first), 0);
    add(&log, "o\n");

    assert_int_equal(nginx_log_read(&log, arena, &second), 0);
    assert_int_equal(nginx_log_read(&log, arena, &third), 0);

    assert_string_equal(first->text, "[alert] one");
    assert_string_equal(second->text, "[alert] two");
    assert_null(third);
    (void) close(log.fd);
    arena_free(&arena);
}


static void
the_log_tells_about_workers(void **state)
{
    struct arena         *arena = arena_new();
    struct nginx_log      log = { .fd = -1 };
    struct host_finding  *found = NULL;

    (void) state;
    add(&log, TIME "[notice] 1#1: start worker process 7\n");
    assert_int_equal(nginx_log_read(&log, arena, &found), 0);
    assert_int_equal(log.worker, 7);

    add(&log, TIME "[alert] 1#1: worker process 7 exited on signal 11\n"
              TIME "[alert] 1#1: shared memory zone \"a\" was locked by 7\n"
              TIME "[notice] 1#1: start worker process 8\n");
    log.excuse = 1;
    assert_int_equal(nginx_log_read(&log, arena, &found), 0);
    log.excuse = 0;

    assert_int_equal(log.worker, 8);
    assert_int_equal(log.dead, 7);
    assert_int_equal(log.signal, 11);
    assert_null(found);

    add(&log, TIME "[notice] 1#1: worker process 6 exited with code 0\n");
    assert_int_equal(nginx_log_read(&log, arena, &found), 0);
    assert_int_equal(log.worker, 8);

    add(&log, TIME "[notice] 1#1: worker process 8 exited with code 2\n"
              TIME "[alert] 1#1: worker process 8 exited with fatal code 2\n");
    assert_int_equal(nginx_log_read(&log, arena, &found), 0);

    assert_int_equal(log.worker, 0);
    assert_int_equal(log.dead, 8);
    assert_int_equal(log.code, 2);
    assert_non_null(found);
    (void) close(log.fd);
    arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(alerts_and_reports_are_findings),
        cmocka_unit_test(a_line_is_read_once_and_when_it_is_whole),
        cmocka_unit_test(the_log_tells_about_workers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
