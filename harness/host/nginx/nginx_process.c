/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of an nginx that the harness drives. When its sockets listen, nginx
 * turns its stderr to error.log: the end of the pipe that was its stderr is the
 * sign that requests may come, and what came through it is why they may not.
 * A pidfd reports its end. inotify serves for what is rare: closing one takes
 * longer than nginx takes to start.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/host/nginx/nginx_process.h"


#define ASK_AFTER_MS  200


static int
path_of(const struct nginx_process *p, const char *file, char *path,
        size_t size)
{
    return snprintf(path, size, "%s/%s", p->folder, file) < (int) size ? 0
                                                                       : -1;
}


int
nginx_process_read(const struct nginx_process *p, const char *file,
                   off_t *offset, struct strbuf *to)
{
    int      fd;
    char     path[4096], buf[4096];
    ssize_t  n;

    if (path_of(p, file, path, sizeof(path)) != 0) {
        return -1;
    }

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }

    while ((n = pread(fd, buf, sizeof(buf), *offset)) > 0) {
        strbuf_add(to, buf, (size_t) n);
        *offset += n;
    }

    (void) close(fd);

    return n < 0 ? -1 : 0;
}


/* nginx does not inherit what this process ignores or blocks. */
static void
reset_signals(void)
{
    sigset_t  none;

    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);
    (void) signal(SIGPIPE, SIG_DFL);
    (void) signal(SIGCHLD, SIG_DFL);
}


/* In the child; never returns. */
static void
exec_nginx(const struct nginx_process *p, pid_t parent, int said)
{
    int          fd;
    char         path[4096], log[4096], number[16];
    const char  *argv[] = { p->program, "-p", p->prefix ? p->prefix
                                                        : p->folder,
                            "-c", path, p->without_e ? NULL : "-e", log,
                            NULL };

    if (p->app_log >= 0) {
        (void) snprintf(number, sizeof(number), "%d", p->app_log);
        (void) fcntl(p->app_log, F_SETFD, 0);
        (void) setenv("LINKFUNC_APP_LOG", number, 1);
    }

    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0 || dup2(said, 2) < 0
        || path_of(p, "nginx.conf", path, sizeof(path)) != 0
        || path_of(p, "error.log", log, sizeof(log)) != 0)
    {
        _exit(126);
    }

    /* Ctrl-C is the harness's: it stops nginx itself. */
    (void) setpgid(0, 0);
    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) {
        _exit(126);
    }
    reset_signals();
    (void) execvp(p->program, (char *const *) argv);

    (void) dprintf(2, "%s: %s\n", p->program, strerror(errno));
    _exit(127);
}


static int64_t
now_ms(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


static int
holds(const struct nginx_process *p, const char *file, off_t offset,
      const char *const *texts)
{
    int            found = 0;
    struct strbuf  content = { 0 };

    if (nginx_process_read(p, file, &offset, &content) == 0
        && content.data != NULL)
    {
        for ( ; *texts != NULL && !found; texts++) {
            found = memmem(content.data, content.len, *texts, strlen(*texts))
                    != NULL;
        }
    }
    strbuf_free(&content);

    return found;
}


static int
new_watch(const struct nginx_process *p)
{
    int  watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

    if (watch >= 0 && inotify_add_watch(watch, p->folder, IN_MODIFY
                                        | IN_CREATE | IN_CLOSE_WRITE
                                        | IN_MOVED_TO) < 0)
    {
        (void) close(watch);
        watch = -1;
    }

    return watch;
}


int
nginx_process_wait_text(struct nginx_process *p, const char *file,
                        off_t offset, const char *const *texts, int ms)
{
    int            found, ended = 0, watch = new_watch(p);
    char           events[4096];
    int64_t        left, end = now_ms() + ms;
    struct pollfd  fds[] = { { watch, POLLIN, 0 }, { p->pidfd, POLLIN, 0 } };

    if (watch < 0) {
        return 0;
    }

    while (!(found = holds(p, file, offset, texts)) && !ended
           && (left = end - now_ms()) > 0)
    {
        if (poll(fds, 2, (int) left) < 0 && errno != EINTR) {
            break;
        }

        while (read(watch, events, sizeof(events)) > 0) {
            /* that something changed is enough */
        }

        /* what was written before the end is looked at once more */
        ended = (fds[1].revents & POLLIN) != 0;
    }

    (void) close(watch);

    return found;
}


static int
reap(struct nginx_process *p, int ms)
{
    int            status, rc;
    struct pollfd  event = { p->pidfd, POLLIN, 0 };

    do {
        rc = poll(&event, 1, ms);
    } while (rc < 0 && errno == EINTR);

    if (rc != 1) {
        (void) kill(-p->pid, SIGKILL);
    }

    while (waitpid(p->pid, &status, 0) < 0) {
        if (errno != EINTR) {
            status = 0;
            break;
        }
    }

    (void) close(p->pidfd);
    p->pidfd = -1;
    p->pid = 0;

    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}


int
nginx_process_launch(struct nginx_process *p, struct strbuf *why)
{
    int          said[2];
    const pid_t  parent = getpid();

    if (pipe2(said, O_CLOEXEC) != 0) {
        strbuf_printf(why, "cannot create a pipe: %s", strerror(errno));
        return -1;
    }

    p->pid = fork();
    if (p->pid == 0) {
        exec_nginx(p, parent, said[1]);
    }

    if (p->pid > 0) {
        (void) setpgid(p->pid, p->pid);
        p->pidfd = (int) syscall(SYS_pidfd_open, p->pid, 0);
    }

    (void) close(said[1]);
    p->said = said[0];

    if (p->pid < 0 || p->pidfd < 0) {
        strbuf_printf(why, "cannot start %s: %s", p->program,
                      strerror(errno));
        if (p->pid > 0) {
            (void) kill(p->pid, SIGKILL);
            (void) waitpid(p->pid, NULL, 0);
        }
        p->pid = 0;
        (void) close(p->said);
        return -1;
    }

    return 0;
}


/* What it says until it turns its stderr away, or ends: 1; 0: too late. */
static int
listen_to(struct nginx_process *p, struct strbuf *to)
{
    char           buf[4096];
    int64_t        left, end = now_ms() + NGINX_WAIT_MS;
    ssize_t        n = 1;
    struct pollfd  event = { p->said, POLLIN, 0 };

    while (n > 0 && (left = end - now_ms()) > 0) {
        if (poll(&event, 1, (int) left) == 1) {
            n = read(p->said, buf, sizeof(buf));
            strbuf_add(to, buf, n > 0 ? (size_t) n : 0);
        }
    }

    (void) close(p->said);

    return n == 0;
}


int
nginx_process_ready(struct nginx_process *p, struct strbuf *why)
{
    int                ready;
    struct strbuf      said = { 0 };
    const char *const  sign[] = { "\n", NULL };

    ready = listen_to(p, &said) && holds(p, "nginx.pid", 0, sign)
            && !nginx_process_ended(p);

    if (!ready) {
        (void) kill(p->pid, SIGTERM);
        (void) reap(p, NGINX_WAIT_MS);

        if (!p->without_e && said.data != NULL
            && strstr(said.data, "invalid option: \"e\"") != NULL)
        {
            p->without_e = 1;
            strbuf_free(&said);
            return nginx_process_launch(p, why) == 0
                   ? nginx_process_ready(p, why) : -1;
        }

        if (said.len > 0) {
            strbuf_add(why, said.data, said.len);
        } else {
            strbuf_printf(why, "%s did not start", p->program);
        }
    }

    strbuf_free(&said);

    return ready ? 0 : -1;
}


int
nginx_process_ended(const struct nginx_process *p)
{
    struct pollfd  event = { p->pidfd, POLLIN, 0 };

    return p->pid <= 0 || poll(&event, 1, 0) == 1;
}


int
nginx_process_stop(struct nginx_process *p, int ms)
{
    int            status, rc = 0;
    pid_t          group = p->pid;
    struct pollfd  event = { p->pidfd, POLLIN, 0 };

    if (p->pid <= 0) {
        return 0;
    }

    /* A signal that comes while nginx starts is lost: it is sent again. */
    for ( ; rc <= 0 && ms > 0; ms -= ASK_AFTER_MS) {
        (void) kill(p->pid, SIGQUIT);
        rc = poll(&event, 1, ms < ASK_AFTER_MS ? ms : ASK_AFTER_MS);
    }

    status = reap(p, 0);
    (void) kill(-group, SIGKILL);            /* workers of a dead master */

    return status;
}


int
nginx_process_reload(struct nginx_process *p, struct strbuf *why)
{
    int                       rc = -1;
    char                     *end, *line;
    off_t                     offset = 0;
    struct strbuf             log = { 0 };
    /* the old worker has gone, or the new configuration was refused */
    static const char *const  signs[] = {
        "exited with", "exited on", "[emerg]", NULL
    };

    (void) nginx_process_read(p, "error.log", &offset, &log);
    strbuf_free(&log);

    if (p->pid <= 0 || kill(p->pid, SIGHUP) != 0) {
        strbuf_addstr(why, "nginx is not running");
        return -1;
    }

    if (!nginx_process_wait_text(p, "error.log", offset, signs,
                                 NGINX_WAIT_MS))
    {
        strbuf_addstr(why, "the old worker of nginx did not exit in time");
        return -1;
    }

    (void) nginx_process_read(p, "error.log", &offset, &log);
    line = log.data != NULL ? strstr(log.data, "[emerg]") : NULL;

    if (line == NULL) {
        rc = 0;
    } else {
        end = strchr(line, '\n');
        strbuf_add(why, line, end != NULL ? (size_t) (end - line)
                                          : strlen(line));
    }

    strbuf_free(&log);

    return rc;
}
