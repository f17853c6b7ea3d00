/* SPDX-License-Identifier: BSD-2-Clause */
/* See lf_child.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/fetch/lf_child.h"

#define REPORT  1                /* the type of the one frame */


long
lf_child_left_ms(const struct timespec *start, long limit_ms)
{
    long             passed;
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    passed = (long) (now.tv_sec - start->tv_sec) * 1000
             + (now.tv_nsec - start->tv_nsec) / 1000000;

    return passed < limit_ms ? limit_ms - passed : 0;
}


/* Never returns: the child of a master must run nothing else of it. */
static void
run_child(pid_t parent, int fd, const struct lf_child_task *task)
{
    int            i;
    size_t         start, sent = 0;
    sigset_t       none;
    struct strbuf  report = { 0 };

#ifndef __linux__
    (void) parent;
#endif

    for (i = 1; i < 32; i++) {
        (void) signal(i, SIG_DFL);
    }

    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);

#ifdef __linux__
    /* nobody wants to know any more when the parent was killed */
    (void) prctl(PR_SET_PDEATHSIG, SIGKILL);

    if (getppid() != parent) {
        _exit(1);
    }
#endif

    start = wire_begin(&report, REPORT);
    task->work(task->data, &report);
    wire_end(&report, start);

    _exit(wire_send(fd, &report, &sent, 0) == 1 ? 0 : 1);
}


static enum lf_child_end
read_report(int fd, struct wire_in *in, const struct lf_child_task *task,
            const struct timespec *start)
{
    int                n;
    struct pollfd      event = { .fd = fd, .events = POLLIN };
    struct wire_frame  report;

    while ((n = wire_take(in, task->report_max, &report)) == 0) {
        n = poll(&event, 1, (int) lf_child_left_ms(start, task->limit_ms));

        if (n == 0) {
            return LF_CHILD_SLOW;
        }

        if (n < 0 ? errno != EINTR : wire_recv(fd, in, MSG_DONTWAIT) == -1) {
            return LF_CHILD_SILENT;
        }
    }

    return n == 1 && report.type == REPORT
           && task->read(task->data, &report) == 0
           ? LF_CHILD_REPORTED : LF_CHILD_BAD_REPORT;
}


/* It closed its socket: usually because it ends. Has it, within the limit? */
static int
has_ended(pid_t pid, int *status, const struct timespec *start, long limit_ms)
{
    pid_t                  rc;
    const struct timespec  pause = { 0, 1000000 };

    while ((rc = waitpid(pid, status, WNOHANG)) == 0
           && lf_child_left_ms(start, limit_ms) > 0)
    {
        (void) nanosleep(&pause, NULL);
    }

    return rc != 0;
}


static enum lf_child_end
wait_for_child(pid_t pid, int fd, const struct lf_child_task *task,
               int *status)
{
    struct wire_in     in = { 0 };
    struct timespec    start;
    enum lf_child_end  end;

    (void) clock_gettime(CLOCK_MONOTONIC, &start);
    end = read_report(fd, &in, task, &start);
    strbuf_free(&in.buf);

    if (end == LF_CHILD_SILENT) {
        if (has_ended(pid, status, &start, task->limit_ms)) {
            return end;
        }

        end = LF_CHILD_SLOW;
    }

    /* one that still runs has reported all there is, or is too slow */
    (void) kill(pid, SIGKILL);

    while (waitpid(pid, status, 0) < 0 && errno == EINTR) {
        /* it will end */
    }

    return end;
}


enum lf_child_end
lf_child_run(const struct lf_child_task *task, int *status)
{
    int                fds[2], error;
    pid_t              pid, parent;
    sigset_t           block, before;
    enum lf_child_end  end;

    *status = 0;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
        return LF_CHILD_NONE;
    }

    /* or the caller's handler would reap the child */
    (void) sigemptyset(&block);
    (void) sigaddset(&block, SIGCHLD);
    (void) sigprocmask(SIG_BLOCK, &block, &before);

    parent = getpid();
    pid = fork();
    error = errno;

    if (pid == 0) {
        (void) close(fds[0]);
        run_child(parent, fds[1], task);
    }

    (void) close(fds[1]);
    end = LF_CHILD_NONE;

    if (pid > 0) {
        end = wait_for_child(pid, fds[0], task, status);
    }

    (void) sigprocmask(SIG_SETMASK, &before, NULL);
    (void) close(fds[0]);
    errno = error;

    return end;
}
