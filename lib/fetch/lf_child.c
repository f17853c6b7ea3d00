/* SPDX-License-Identifier: BSD-2-Clause */
/* See lf_child.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/fetch/lf_child.h"


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
run_child(pid_t parent, int fd, void (*work)(void *data, void *report),
          void *data, void *report, size_t size)
{
    int       i;
    ssize_t   n;
    sigset_t  none;

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

    work(data, report);

    do {
        n = write(fd, report, size);
    } while (n < 0 && errno == EINTR);

    _exit(n == (ssize_t) size ? 0 : 1);
}


static enum lf_child_end
read_report(int fd, void *report, size_t size, long limit_ms)
{
    int              n;
    ssize_t          got;
    struct pollfd    event = { .fd = fd, .events = POLLIN };
    struct timespec  start;

    (void) clock_gettime(CLOCK_MONOTONIC, &start);

    for ( ;; ) {
        n = poll(&event, 1, (int) lf_child_left_ms(&start, limit_ms));

        if (n == 0) {
            return LF_CHILD_SLOW;
        }

        if (n < 0 && errno != EINTR) {
            return LF_CHILD_SILENT;
        }

        if (n > 0) {
            got = read(fd, report, size);

            if (got >= 0 || errno != EINTR) {
                return got == (ssize_t) size ? LF_CHILD_TOLD : LF_CHILD_SILENT;
            }
        }
    }
}


/* One that still runs has told all there is, or is too slow. */
static void
end_child(pid_t pid, enum lf_child_end end, int *status)
{
    pid_t  rc;

    if (end != LF_CHILD_SILENT) {
        (void) kill(pid, SIGKILL);
    }

    do {
        rc = waitpid(pid, status, 0);
    } while (rc < 0 && errno == EINTR);
}


enum lf_child_end
lf_child_run(void (*work)(void *data, void *report), void *data, void *report,
             size_t size, long limit_ms, int *status)
{
    int                fds[2], error;
    pid_t              pid, parent;
    sigset_t           block, before;
    enum lf_child_end  end;

    *status = 0;
    memset(report, 0, size);

    if (pipe(fds) != 0) {
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
        run_child(parent, fds[1], work, data, report, size);
    }

    (void) close(fds[1]);
    end = LF_CHILD_NONE;

    if (pid > 0) {
        end = read_report(fds[0], report, size, limit_ms);
        end_child(pid, end, status);
    }

    (void) sigprocmask(SIG_SETMASK, &before, NULL);
    (void) close(fds[0]);
    errno = error;

    return end;
}
