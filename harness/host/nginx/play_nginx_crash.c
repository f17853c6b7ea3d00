/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What became of the worker of nginx that did not answer: its connection, the
 * log and the kernel report.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/interrupt.h"
#include "harness/host/nginx/play_nginx_private.h"

/* A worker whose connection broke, and that lives on so long, lives. */
#define DEATH_MS  250
/* nginx writes about the end of a worker within this time. */
#define LOG_MS    2000
/* After Ctrl-C a worker that hangs is not waited for. */
#define HURRY_MS  300


static int
no_memory(char *err)
{
    (void) snprintf(err, LF_ERR_LEN, "out of memory");

    return -1;
}


int
play_nginx_end(struct play_nginx *nginx)
{
    return nginx_process_stop(&nginx->process, interrupt_caught() != 0
                              ? HURRY_MS : NGINX_WAIT_MS);
}


int
play_nginx_read_log(struct play_nginx *nginx, struct arena *arena,
                    int excuse, struct host_answer *answer, char *err)
{
    int  rc;

    nginx->log.excuse = excuse & 1;
    rc = nginx_log_read(&nginx->log, arena, &answer->findings);
    nginx->log.excuse = 0;

    return rc == 0 ? 0 : no_memory(err);
}


/* Does the worker end, now that its connection has? */
static int
ends(pid_t worker)
{
    int            fd, rc;
    struct pollfd  event;

    fd = (int) syscall(SYS_pidfd_open, worker, 0);
    if (fd < 0) {
        return 1;                            /* has been reaped already */
    }

    event = (struct pollfd) { fd, POLLIN, 0 };
    do {
        rc = poll(&event, 1, DEATH_MS);
    } while (rc < 0 && errno == EINTR);
    (void) close(fd);

    return rc == 1;
}


static int
is_new_end(const struct nginx_log *log, pid_t before)
{
    return log->dead > 0 && log->dead != before;
}


/* Wait until nginx has written about the end of its worker, and read it. */
static int
await_end(struct play_nginx *nginx, struct arena *arena, pid_t before,
          struct host_answer *answer, char *err)
{
    static const char *const  signs[] = {
        " exited on signal ", " exited with ", NULL
    };

    if (play_nginx_read_log(nginx, arena, 1, answer, err) != 0) {
        return -1;
    }

    if (is_new_end(&nginx->log, before)) {
        return 1;
    }

    if (nginx->log.worker > 0 && !ends(nginx->log.worker)) {
        return 0;
    }

    (void) nginx_process_wait_text(&nginx->process, "error.log",
                                   nginx->log.offset, signs, LOG_MS);

    return play_nginx_read_log(nginx, arena, 1, answer, err) != 0 ? -1
           : is_new_end(&nginx->log, before);
}


/* nginx does not replace a worker that ends with code 2. */
static int
restart(struct play_nginx *nginx, char *err)
{
    (void) play_nginx_end(nginx);

    return play_nginx_start(nginx, err);
}


/* The connection broke: because the worker died? */
int
play_nginx_find_crash(struct play_nginx *nginx, struct arena *arena,
                      pid_t before, struct host_answer *answer, char *err)
{
    int                      rc;
    const struct nginx_log  *log = &nginx->log;

    if (nginx_process_ended(&nginx->process)) {
        (void) play_nginx_read_log(nginx, arena, 0, answer, err);
        (void) snprintf(err, LF_ERR_LEN, "nginx exited unexpectedly%s%.400s",
                        answer->findings != NULL ? ": " : "",
                        answer->findings != NULL ? answer->findings->text
                                                 : "");
        return -1;
    }

    rc = await_end(nginx, arena, before, answer, err);
    if (rc <= 0) {
        return rc;
    }

    answer->outcome = HOST_CRASHED;
    answer->signal = log->signal;
    answer->text = log->signal > 0
        ? arena_printf(arena, "the worker process of nginx (%d) was killed "
                       "by signal %d (%s) in the request", (int) log->dead,
                       log->signal, strsignal(log->signal))
        : arena_printf(arena, "the worker process of nginx (%d) exited with "
                       "code %d in the request", (int) log->dead,
                       log->code);
    if (answer->text == NULL) {
        return no_memory(err);
    }

    return log->signal == 0 && log->code == 2 ? restart(nginx, err) : 0;
}


/* A worker that hangs would let the next request hang, too. */
int
play_nginx_end_worker(struct play_nginx *nginx, struct arena *arena,
                      pid_t before, struct host_answer *answer, char *err)
{
    if (play_nginx_read_log(nginx, arena, 0, answer, err) != 0) {
        return -1;
    }

    if (nginx->log.worker <= 0 || kill(nginx->log.worker, SIGKILL) != 0) {
        return 0;
    }

    return await_end(nginx, arena, before, answer, err) < 0 ? -1 : 0;
}
