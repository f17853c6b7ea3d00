/* SPDX-License-Identifier: BSD-2-Clause */
/* A child that reports, and others that forge, cut or refuse their report. */
#include "tests/unit/unit.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fetch/lf_child.h"
#include "lib/fetch/lf_fetch_private.h"

#define LIMIT_MS    10000
#define REPORT_MAX  4096

struct report {
    uint64_t     number;
    char         text[16];
    const void  *raw;            /* what the child sends by itself */
    size_t       len;
};


static int
read_report(void *data, struct wire_frame *fields)
{
    struct report  *report = data;

    report->number = wire_get_range(fields, 1, 9);
    wire_copy_string(fields, report->text, sizeof(report->text));

    return wire_finish(fields);
}


static enum lf_child_end
run(void (*work)(void *data, struct strbuf *fields), struct report *report,
    long limit_ms, int *status)
{
    struct lf_child_task  task = {
        work, read_report, report, REPORT_MAX, limit_ms
    };

    return lf_child_run(&task, status);
}


/* The socket to the parent, as foreign code would look for it. */
static int
find_socket(void)
{
    int         fd, type;
    socklen_t   len;

    for (fd = 3; fd < 256; fd++) {
        len = sizeof(type);

        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0) {
            return fd;
        }
    }

    return -1;
}


static void
report_well(void *data, struct strbuf *fields)
{
    (void) data;
    wire_put_number(fields, 7);
    wire_put_string(fields, "fine");
}


static void
a_report_comes_back_field_by_field(void **state)
{
    int            status;
    struct report  report = { 0 };

    (void) state;
    assert_int_equal(run(report_well, &report, LIMIT_MS, &status),
                     LF_CHILD_REPORTED);
    assert_int_equal(report.number, 7);
    assert_string_equal(report.text, "fine");
}


/* Sends raw and stays: only being killed ends it. */
static void
send_raw(void *data, struct strbuf *fields)
{
    struct report  *report = data;

    (void) fields;
    (void) send(find_socket(), report->raw, report->len, 0);

    for ( ;; ) {
        (void) pause();
    }
}


static void
expect_nonsense(const char *name, const struct strbuf *raw)
{
    int                status;
    struct report      report = { 0 };
    enum lf_child_end  end;

    report.raw = raw->data;
    report.len = raw->len;
    end = run(send_raw, &report, LIMIT_MS, &status);

    if (end != LF_CHILD_BAD_REPORT || !WIFSIGNALED(status)
        || WTERMSIG(status) != SIGKILL)
    {
        fail_msg("%s: end %d, status 0x%x", name, end, (unsigned) status);
    }
}


static void
what_is_no_frame_is_nonsense(void **state)
{
    size_t            i;
    struct strbuf     raw = { 0 };
    struct wire_head  head;

    static const struct {
        const char  *name;
        uint32_t     magic, type;
        uint64_t     len;
    } rows[] = {
        { "garbage",          0x78787878u,      1,  0 },
        { "another version",  WIRE_MAGIC + 1,   1,  0 },
        { "a giant",          WIRE_MAGIC,       1,  UINT64_MAX },
        { "a bit too long",   WIRE_MAGIC,       1,  REPORT_MAX + 1 },
        { "no field",         WIRE_MAGIC,       1,  0 }
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        head.magic = rows[i].magic;
        head.type = rows[i].type;
        head.len = rows[i].len;
        strbuf_clear(&raw);
        strbuf_add(&raw, &head, sizeof(head));
        expect_nonsense(rows[i].name, &raw);
    }

    strbuf_free(&raw);
}


static void
forged_fields_are_nonsense(void **state)
{
    size_t         i, start;
    struct strbuf  raw = { 0 };

    static const struct {
        const char  *name;
        uint32_t     type;
        uint64_t     number, text_len;       /* as said */
        const char  *text;
        size_t       len;                    /* as sent */
    } rows[] = {
        { "another type",       2, 1,          4,          "fine\0",  5 },
        { "a number too small", 1, 0,          4,          "fine\0",  5 },
        { "a number too large", 1, UINT64_MAX, 4,          "fine\0",  5 },
        { "a text without end", 1, 1,          4,          "fine",    4 },
        { "an end elsewhere",   1, 1,          4,          "fi\0ne",  5 },
        { "a NUL in the text",  1, 1,          4,          "f\0ne\0", 5 },
        { "a giant text",       1, 1,          UINT64_MAX, "fine\0",  5 },
        { "a text too long",    1, 1,          16, "0123456789abcdef", 17 },
        { "bytes left over",    1, 1,          4,          "fine\0x", 6 }
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        strbuf_clear(&raw);
        start = wire_begin(&raw, rows[i].type);
        wire_put_number(&raw, rows[i].number);
        wire_put_number(&raw, rows[i].text_len);
        strbuf_add(&raw, rows[i].text, rows[i].len);
        wire_end(&raw, start);
        expect_nonsense(rows[i].name, &raw);
    }

    strbuf_free(&raw);
}


static void
end_in_a_frame(void *data, struct strbuf *fields)
{
    size_t  sent = 0;

    (void) data;
    wire_end(fields, 0);
    fields->len--;
    (void) wire_send(find_socket(), fields, &sent, 0);
    _exit(5);
}


static void
crash(void *data, struct strbuf *fields)
{
    (void) data;
    (void) fields;
    (void) raise(SIGSEGV);
}


static void
one_that_ends_without_a_report_is_silent(void **state)
{
    int            status;
    struct report  report = { 0 };

    (void) state;
    assert_int_equal(run(end_in_a_frame, &report, LIMIT_MS, &status),
                     LF_CHILD_SILENT);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);

    assert_int_equal(run(crash, &report, LIMIT_MS, &status), LF_CHILD_SILENT);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
}


static void
reap(int signo)
{
    (void) signo;
    (void) waitpid(-1, NULL, WNOHANG);
}


static void
a_handler_of_the_caller_does_not_reap_it(void **state)
{
    int               status;
    struct report     report = { 0 };
    struct sigaction  action = { .sa_handler = reap }, before;

    (void) state;
    assert_int_equal(sigaction(SIGCHLD, &action, &before), 0);
    assert_int_equal(run(end_in_a_frame, &report, LIMIT_MS, &status),
                     LF_CHILD_SILENT);
    assert_int_equal(sigaction(SIGCHLD, &before, NULL), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
}


static void
stay(void *data, struct strbuf *fields)
{
    (void) data;
    (void) fields;

    for ( ;; ) {
        (void) pause();
    }
}


static void
close_and_stay(void *data, struct strbuf *fields)
{
    (void) close(find_socket());
    stay(data, fields);
}


static void
begin_and_stay(void *data, struct strbuf *fields)
{
    (void) send(find_socket(), fields->data, fields->len - 1, 0);
    stay(data, fields);
}


static void
one_that_stays_is_killed_in_time(void **state)
{
    int            status;
    size_t         i;
    struct report  report = { 0 };

    static void (*const  rows[])(void *data, struct strbuf *fields) = {
        stay, begin_and_stay, close_and_stay
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(run(rows[i], &report, 50, &status), LF_CHILD_SLOW);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGKILL);
    }
}


/* ---- the result of a fetch ---------------------------------------------- */

/* A result as it arrives: 0, or -1. */
static int
send_result(const struct lf_fetch_result *result,
    struct lf_fetch_result *arrived)
{
    int                rc;
    size_t             start;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    start = wire_begin(&in.buf, 1);
    lf_fetch_put_result(&in.buf, result);
    wire_end(&in.buf, start);
    assert_int_equal(wire_take(&in, REPORT_MAX, &frame), 1);
    rc = lf_fetch_read_result(&frame, arrived);
    strbuf_free(&in.buf);

    return rc;
}


static void
a_result_arrives_as_it_was(void **state)
{
    struct lf_fetch_result  arrived, result = {
        LF_FETCH_UNCHANGED, 1, "\"etag\"", "Sun, 22 Nov 2026", "why"
    };

    (void) state;
    assert_int_equal(send_result(&result, &arrived), 0);
    assert_int_equal(arrived.outcome, LF_FETCH_UNCHANGED);
    assert_int_equal(arrived.old_fits, 1);
    assert_string_equal(arrived.etag, "\"etag\"");
    assert_string_equal(arrived.modified, "Sun, 22 Nov 2026");
    assert_string_equal(arrived.err, "why");
}


static void
a_forged_result_is_refused(void **state)
{
    size_t                  i;
    struct lf_fetch_result  arrived;

    static const struct lf_fetch_result  rows[] = {
        { 0, 0, "", "", "" },
        { LF_FETCH_UNCHANGED + 1, 0, "", "", "" },
        { LF_FETCH_NEW, 2, "", "", "" },
        { LF_FETCH_NEW, -1, "", "", "" },
        { LF_FETCH_NEW, 0, "a\nb", "", "" },
        { LF_FETCH_NEW, 0, "", "a\rb", "" }
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        if (send_result(&rows[i], &arrived) != -1) {
            fail_msg("row %zu was taken", i);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_report_comes_back_field_by_field),
        cmocka_unit_test(what_is_no_frame_is_nonsense),
        cmocka_unit_test(forged_fields_are_nonsense),
        cmocka_unit_test(one_that_ends_without_a_report_is_silent),
        cmocka_unit_test(a_handler_of_the_caller_does_not_reap_it),
        cmocka_unit_test(one_that_stays_is_killed_in_time),
        cmocka_unit_test(a_result_arrives_as_it_was),
        cmocka_unit_test(a_forged_result_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
