/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files side by side. Each is played in a process of its own, which sends
 * text, output, pieces of reports and its result; the parent puts
 * them out in the order of the files.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/interrupt.h"
#include "lib/base/message.h"
#include "harness/run/run_child.h"

struct job {
    const char      *path;
    pid_t            pid;            /* 0: not started, -1: ended */
    int              fd;
    struct wire_in   in;
    struct strbuf    held[PART_PIECE + RUN_REPORTS_MAX];
    struct outcome   outcome;
    unsigned         has_outcome:1;
    unsigned         pieces;         /* a bit each reporter: one came */
};

struct runner {
    const struct run_settings  *settings;
    struct job                 *jobs;
    unsigned                    count, next, current, running;
    FILE                       *reports[RUN_REPORTS_MAX];
    int                         report_errors[RUN_REPORTS_MAX];  /* errno */
    int                         output_error;                    /* the same */
    struct run_total            total;
    int                         status;
    sigset_t                    signals;     /* as they were before */
};


static uint64_t
now_us(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}


/* ---- in the parent ----------------------------------------------------- */

static void
put_report(struct runner *r, size_t i, const void *data, size_t len)
{
    if (r->reports[i] != NULL && len > 0 && r->report_errors[i] == 0
        && fwrite(data, 1, len, r->reports[i]) != len)
    {
        r->report_errors[i] = errno;
    }
}


static void
put_output(struct runner *r, const void *data, size_t len)
{
    if (r->output_error == 0
        && (fwrite(data, 1, len, stdout) != len || fflush(stdout) == EOF))
    {
        r->output_error = errno;
    }
}


static void
put_part(struct runner *r, uint32_t part, const void *data, size_t len)
{
    if (len == 0) {
        return;
    }

    if (part == PART_TEXT) {
        (void) fwrite(data, 1, len, stderr);
    } else if (part == PART_OUTPUT) {
        put_output(r, data, len);
    } else {
        put_report(r, part - PART_PIECE, data, len);
    }
}


/* What files before this one have yet to say comes first. */
static void
take_part(struct runner *r, struct job *job, uint32_t part, const void *data,
          size_t len)
{
    if (part >= PART_PIECE) {
        job->pieces |= 1u << (part - PART_PIECE);
    }

    if (job == &r->jobs[r->current]) {
        put_part(r, part, data, len);
    } else {
        strbuf_add(&job->held[part], data, len);
    }
}


static int
take_outcome(struct job *job, struct wire_frame *frame)
{
    struct outcome  o;

    o.verdict = (enum run_verdict)
                wire_get_range(frame, RUN_PASSED, RUN_ERROR);
    o.entries = (unsigned) wire_get_range(frame, 0, UINT_MAX);
    o.checks = (unsigned) wire_get_range(frame, 0, UINT_MAX);
    o.na = (unsigned) wire_get_range(frame, 0, UINT_MAX);
    o.status = (int) wire_get_range(frame, 0, 4);

    if (wire_finish(frame) != 0 || job->has_outcome) {
        return -1;
    }

    job->outcome = o;
    job->has_outcome = 1;

    return 0;
}


/* 0: more will come; -1: this is nothing that the child would send. */
static int
take_parts(struct runner *r, struct job *job)
{
    int                rc;
    struct wire_frame  frame;

    while ((rc = wire_take(&job->in, PART_MAX, &frame)) == 1) {
        if (frame.type == PART_RESULT) {
            rc = take_outcome(job, &frame);

        } else if (frame.type < PART_PIECE + RUN_REPORTS_MAX) {
            take_part(r, job, frame.type, frame.at, frame.left);

        } else {
            rc = -1;
        }

        if (rc == -1) {
            break;
        }
    }

    return rc;
}


static void
put_between(struct runner *r)
{
    size_t  i;

    for (i = 0; i < r->settings->report_count; i++) {
        put_report(r, i, r->settings->reporters[i]->between,
                   strlen(r->settings->reporters[i]->between));
    }
}


/* The file at the front has ended: the next one may speak. */
static void
move_on(struct runner *r)
{
    unsigned     part;
    struct job  *job;

    while (r->current < r->count && r->jobs[r->current].pid == -1) {
        r->current++;
        if (r->current == r->count) {
            break;
        }

        put_between(r);
        job = &r->jobs[r->current];

        for (part = 0; part < PART_PIECE + RUN_REPORTS_MAX; part++) {
            put_part(r, part, job->held[part].data, job->held[part].len);
            strbuf_free(&job->held[part]);
        }
    }
}


/* A file that cannot speak for itself stands in the reports all the same. */
static void
report_lost(struct runner *r, struct job *job, const char *why)
{
    size_t                  i;
    struct strbuf           piece = { 0 };
    struct run_file         file;
    const struct reporter  *reporter;

    memset(&file, 0, sizeof(file));
    file.path = job->path;
    file.host = run_host_name(r->settings->on);
    file.verdict = job->outcome.verdict;
    file.problem = why;

    for (i = 0; i < r->settings->report_count; i++) {
        reporter = r->settings->reporters[i];

        if ((job->pieces & 1u << i) == 0) {
            reporter->file_begin(&file, &piece);
        } else if (!reporter->streams) {
            continue;                        /* it came as a whole */
        }

        reporter->file_end(&file, (unsigned) (job - r->jobs) + 1, &piece);
        take_part(r, job, PART_PIECE + (uint32_t) i, piece.data, piece.len);
        strbuf_free(&piece);
    }
}


static void
count(struct runner *r, struct job *job)
{
    const struct outcome  *o = &job->outcome;
    static const int       rank[] = { 0, 1, 4, 3, 2 };

    r->total.files++;
    r->total.entries += o->entries;
    r->total.checks += o->checks;
    r->total.na += o->na;

    if (o->verdict == RUN_SKIPPED) {
        r->total.skipped++;
    } else if (o->status == 0) {
        r->total.passed++;
    } else {
        r->total.failed++;
    }

    if (rank[o->status] > rank[r->status]) {
        r->status = o->status;
    }
}


static void
end_job(struct runner *r, struct job *job)
{
    int  status = 0;

    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR) {
        /* again */
    }

    (void) close(job->fd);
    job->fd = -1;
    job->pid = -1;
    r->running--;

    if (!job->has_outcome || status != 0) {
        message_error("%s: the process of this script ended %s %d", job->path,
                      WIFSIGNALED(status) ? "by signal" : "with status",
                      WIFSIGNALED(status) ? WTERMSIG(status)
                                          : WEXITSTATUS(status));
        job->outcome.verdict = RUN_ERROR;
        job->outcome.status = 3;
        report_lost(r, job, "the process of this script ended");
    }

    count(r, job);
    strbuf_free(&job->in.buf);
    move_on(r);
}


/* After a signal, or when there are no more processes. */
static void
skip_rest(struct runner *r)
{
    struct job  *job;

    for ( ; r->next < r->count; r->next++) {
        job = &r->jobs[r->next];
        job->pid = -1;
        job->outcome.verdict = RUN_SKIPPED;
        report_lost(r, job, "not run: linkfunc was interrupted");
        count(r, job);
        move_on(r);
    }
}


static int
start_job(struct runner *r)
{
    int          pair[2];
    pid_t        parent = getpid();
    struct job  *job = &r->jobs[r->next];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        message_error("cannot create a socket: %s", strerror(errno));
        return -1;
    }

    (void) fflush(NULL);
    job->pid = fork();

    if (job->pid < 0) {
        message_error("cannot fork: %s", strerror(errno));
        (void) close(pair[0]);
        (void) close(pair[1]);
        job->pid = 0;
        return -1;
    }

    if (job->pid == 0) {
        (void) close(pair[0]);
        (void) sigprocmask(SIG_SETMASK, &r->signals, NULL);
        run_child(r->settings, job->path, r->next + 1, pair[1], parent);
        _exit(0);
    }

    (void) close(pair[1]);
    job->fd = pair[0];
    r->next++;
    r->running++;

    return 0;
}


static void
read_job(struct runner *r, struct job *job)
{
    int  rc = wire_recv(job->fd, &job->in, MSG_DONTWAIT);

    if (rc == 1 && take_parts(r, job) != 0) {
        (void) kill(job->pid, SIGKILL);
        rc = -1;
    }

    if (rc == -1) {
        end_job(r, job);
    }
}


static void
stop_children(struct runner *r)
{
    unsigned  i;

    for (i = 0; i < r->count; i++) {
        if (r->jobs[i].pid > 0) {
            (void) kill(r->jobs[i].pid, SIGTERM);
        }
    }
}


static void
show_progress(struct runner *r)
{
    if (r->settings->progress && r->count > 1) {
        (void) fprintf(stderr, "\r\033[K[%u/%u] %s\r", r->total.files,
                       r->count,
                       r->current < r->count ? r->jobs[r->current].path : "");
        (void) fflush(stderr);
    }
}


static void
run_all(struct runner *r)
{
    int            stopped = 0, lost = 0;
    unsigned       i, n, slots = r->settings->jobs;
    struct pollfd  fds[64];
    struct job    *of[64];

    slots = slots > 64 ? 64 : slots;

    for ( ;; ) {
        while (r->next < r->count && r->running < slots
               && !interrupt_caught() && !lost)
        {
            if (start_job(r) != 0) {
                r->status = 3;
                lost = 1;
            }
        }

        if (r->running == 0) {
            break;
        }

        n = 0;
        for (i = 0; i < r->next && n < 64; i++) {
            if (r->jobs[i].pid > 0) {
                of[n] = &r->jobs[i];
                fds[n++] = (struct pollfd) { r->jobs[i].fd, POLLIN, 0 };
            }
        }

        if (ppoll(fds, n, NULL, &r->signals) < 0) {
            if (interrupt_caught() && !stopped) {
                stopped = 1;
                stop_children(r);
            }
            continue;
        }

        for (i = 0; i < n; i++) {
            if (fds[i].revents != 0) {
                read_job(r, of[i]);
            }
        }

        show_progress(r);
    }

    skip_rest(r);
}


/* ---- reports ----------------------------------------------------------- */

static void
report_failed(struct runner *r, size_t i, int error)
{
    message_error("report %s cannot be written: %s",
                  r->settings->report_paths[i], strerror(error));
    r->status = r->status == 0 ? 1 : r->status;
}


static void
open_reports(struct runner *r)
{
    size_t         i;
    struct strbuf  head = { 0 };

    for (i = 0; i < r->settings->report_count; i++) {
        r->reports[i] = fopen(r->settings->report_paths[i], "we");
        if (r->reports[i] == NULL) {
            report_failed(r, i, errno);
            continue;
        }

        r->settings->reporters[i]->begin(r->count, &head);
        put_report(r, i, head.data, head.len);
        strbuf_free(&head);
    }
}


static void
close_reports(struct runner *r)
{
    size_t         i;
    struct strbuf  tail = { 0 };

    for (i = 0; i < r->settings->report_count; i++) {
        if (r->reports[i] == NULL) {
            continue;
        }

        r->settings->reporters[i]->end(&r->total, &tail);
        put_report(r, i, tail.data, tail.len);
        strbuf_free(&tail);

        if (fclose(r->reports[i]) != 0 && r->report_errors[i] == 0) {
            r->report_errors[i] = errno;
        }
        if (r->report_errors[i] != 0) {
            report_failed(r, i, r->report_errors[i]);
        }
    }
}


static void
report_output(struct runner *r)
{
    if (r->output_error != 0) {
        message_error("cannot write the response: %s",
                      strerror(r->output_error));
        r->status = r->status == 0 ? 1 : r->status;
    }
}


int
run_jobs(const struct run_settings *settings, char **paths, unsigned count_)
{
    unsigned       i;
    sigset_t       ours;
    uint64_t       began = now_us();
    struct strbuf  text = { 0 };
    struct runner  r;

    memset(&r, 0, sizeof(r));
    r.settings = settings;
    r.count = count_;
    r.jobs = calloc(count_, sizeof(*r.jobs));
    if (r.jobs == NULL) {
        message_error("out of memory");
        return 3;
    }

    for (i = 0; i < count_; i++) {
        r.jobs[i].path = paths[i];
    }

    /* They come while it waits, and at no other time. */
    interrupt_catch();
    (void) sigemptyset(&ours);
    (void) sigaddset(&ours, SIGINT);
    (void) sigaddset(&ours, SIGTERM);
    (void) sigaddset(&ours, SIGHUP);
    (void) sigprocmask(SIG_BLOCK, &ours, &r.signals);

    open_reports(&r);
    run_all(&r);

    r.total.duration_us = now_us() - began;
    close_reports(&r);
    report_output(&r);

    if (settings->progress && count_ > 1) {
        (void) fputs("\r\033[K", stderr);
    }
    run_text_total(settings, &r.total, &text);
    if (text.len > 0) {
        (void) fwrite(text.data, 1, text.len, stderr);
    }
    strbuf_free(&text);
    free(r.jobs);
    (void) sigprocmask(SIG_SETMASK, &r.signals, NULL);

    if (interrupt_caught()) {
        (void) signal(interrupt_caught(), SIG_DFL);
        (void) raise(interrupt_caught());
    }

    return r.status;
}
