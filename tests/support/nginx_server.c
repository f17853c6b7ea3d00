/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of an nginx under test; see the header. nginx writes its pid file
 * after it listens, so the pid file closed after writing is the sign that
 * clients may come.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/nginx_server_private.h"

#define AGAIN_MS  200
#define ARGV_MAX  24

struct nginx_server *
nginx_server_new(const char *module)
{
    const char           *tmp;
    struct nginx_server  *server;

    server = calloc(1, sizeof(*server));
    if (server == NULL) {
        return NULL;
    }

    tmp = getenv("TMPDIR");
    (void) snprintf(server->prefix, sizeof(server->prefix), "%s/lfnginx.XXXXXX",
                    tmp != NULL && strlen(tmp) < 60 ? tmp : "/tmp");

    if (mkdtemp(server->prefix) == NULL
        || chmod(server->prefix, 0755) != 0)
    {
        free(server);
        return NULL;
    }

    (void) snprintf(server->socket, sizeof(server->socket), "%s/http.sock",
                    server->prefix);
    server->module = module;
    server->log_level = "notice";
    server->user = "root";
    server->workers = 1;
    server->pid = -1;
    server->pidfd = -1;
    server->app_log = -1;

    return server;
}


static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;

    return remove(path);
}


void
nginx_server_free(struct nginx_server **server)
{
    struct nginx_server  *s = *server;

    if (s == NULL) {
        return;
    }

    if (s->pid > 0) {
        (void) nginx_server_stop(s, SIGTERM);
    }

    if (s->app_log >= 0) {
        (void) close(s->app_log);
    }

    (void) nftw(s->prefix, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(s);
    *server = NULL;
}


static const char *
program(void)
{
    const char  *path;

    path = getenv("LINKFUNC_NGINX");
    if (path != NULL) {
        return path;
    }

    return access("/usr/sbin/nginx", X_OK) == 0 ? "/usr/sbin/nginx" : "nginx";
}


/* In the child: never returns. */
static void
run(struct nginx_server *server, int check)
{
    int          fd;
    char         conf[160], prefix[160], out[160], number[40];
    size_t       i, n;
    const char  *argv[ARGV_MAX];

    (void) snprintf(conf, sizeof(conf), "%s/nginx.conf", server->prefix);
    (void) snprintf(prefix, sizeof(prefix), "%s/", server->prefix);
    (void) snprintf(out, sizeof(out), "%s/%s", server->prefix,
                    check ? "check.out" : "stderr.log");
    n = 0;

    for (i = 0; server->wrapper && server->wrapper[i] && n < 16; i++) {
        argv[n++] = server->wrapper[i];
    }

    argv[n++] = program();
    argv[n++] = "-p";
    argv[n++] = prefix;
    argv[n++] = "-c";
    argv[n++] = conf;

    if (check) {
        argv[n++] = "-t";
    }

    argv[n] = NULL;

    for (i = 0; i < server->env_count; i++) {
        (void) putenv((char *) (uintptr_t) server->env[i]);
    }

    if (server->app_log >= 0 && !check) {
        (void) snprintf(number, sizeof(number), "%d", server->app_log);
        (void) setenv("LINKFUNC_APP_LOG", number, 1);
        (void) fcntl(server->app_log, F_SETFD, 0);
    }

    fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0) {
        _exit(126);
    }

    (void) close(fd);
    (void) setpgid(0, 0);
    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void) execvp(argv[0], (char *const *) (uintptr_t) argv);
    _exit(127);
}


static int
spawn(struct nginx_server *server, int check)
{
    server->pid = fork();

    if (server->pid < 0) {
        return nginx_server_fail(server, "fork: %s", strerror(errno));
    }

    if (server->pid == 0) {
        run(server, check);
    }

    (void) setpgid(server->pid, server->pid);
    server->pidfd = (int) syscall(SYS_pidfd_open, server->pid, 0);

    if (server->pidfd < 0) {
        return nginx_server_fail(server, "pidfd_open: %s", strerror(errno));
    }

    return 0;
}


/*
 * Waits for the end of the process: exit status, or minus the signal. nginx
 * loses a signal that comes before it waits for events (its handler only sets
 * a flag that is then slept upon), so a polite one is sent again; 0: none.
 */
static int
reap(struct nginx_server *server, int signal_number)
{
    int            status, rounds = WAIT_MS / AGAIN_MS;
    struct pollfd  event = { .fd = server->pidfd, .events = POLLIN };

    while (poll(&event, 1, AGAIN_MS) != 1 && --rounds > 0) {
        if (signal_number != 0 && signal_number != SIGKILL) {
            (void) kill(server->pid, signal_number);
        }
    }

    if (rounds == 0) {
        (void) kill(-server->pid, SIGKILL);
        (void) nginx_server_fail(server, "nginx did not end in time and was "
                                 "killed");
    }

    while (waitpid(server->pid, &status, 0) < 0 && errno == EINTR) {
        /* again */
    }

    (void) close(server->pidfd);
    server->pidfd = -1;
    server->pid = -1;

    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}


int
nginx_server_check(struct nginx_server *server, char **output)
{
    int  rc;

    if (spawn(server, 1) != 0) {
        return -1000;
    }

    rc = reap(server, 0);

    if (output != NULL) {
        *output = nginx_server_read(server, "check.out");
    }

    return rc;
}


/*
 * With its first worker nginx takes signals: before, one could be lost. The log
 * says so, unless it is told not to.
 */
static int
wait_ready(struct nginx_server *server, unsigned started)
{
    if (nginx_server_wait_text(server, "nginx.pid", "\n", 1) != 0) {
        return -1;
    }

    return server->single || strcmp(server->log_level, "error") == 0
           || strcmp(server->log_level, "warn") == 0
           ? 0 : nginx_server_wait_text(server, "error.log",
                                        "start worker process ", started + 1);
}


int
nginx_server_start(struct nginx_server *server)
{
    char      path[160];
    unsigned  started;

    (void) snprintf(path, sizeof(path), "%s/app.log", server->prefix);

    if (server->app_log < 0) {
        server->app_log = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC,
                               0666);
    }

    if (server->app_log < 0) {
        return nginx_server_fail(server, "%s: %s", path, strerror(errno));
    }

    (void) snprintf(path, sizeof(path), "%s/nginx.pid", server->prefix);
    (void) unlink(path);

    started = nginx_server_count(server, "error.log", "start worker process ");

    if (spawn(server, 0) != 0) {
        return -1;
    }

    if (wait_ready(server, started) != 0) {
        (void) kill(-server->pid, SIGKILL);
        (void) reap(server, 0);
        return -1;
    }

    return 0;
}


int
nginx_server_signal(struct nginx_server *server, int signal_number)
{
    if (server->pid <= 0 || kill(server->pid, signal_number) != 0) {
        return nginx_server_fail(server, "nginx does not run");
    }

    return 0;
}


int
nginx_server_stop(struct nginx_server *server, int signal_number)
{
    pid_t  group = server->pid;
    int    rc;

    if (nginx_server_signal(server, signal_number) != 0) {
        return -1000;
    }

    rc = reap(server, signal_number);

    /* orphans, after a master that was killed */
    (void) kill(-group, SIGTERM);

    return rc;
}


size_t
nginx_server_workers(struct nginx_server *server, pid_t *pids, size_t max)
{
    char           path[64], line[512], *at;
    DIR           *dir;
    FILE          *file;
    size_t         n;
    struct dirent *entry;

    n = 0;
    dir = opendir("/proc");

    while (dir != NULL && (entry = readdir(dir)) != NULL && n < max) {
        pid_t  pid = (pid_t) atoi(entry->d_name);

        (void) snprintf(path, sizeof(path), "/proc/%d/stat", (int) pid);

        if (pid <= 0 || (file = fopen(path, "r")) == NULL) {
            continue;
        }

        at = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;

        if (at != NULL && at[2] != 'Z'
            && (pid_t) strtol(at + 3, NULL, 10) == server->pid)
        {
            pids[n++] = pid;
        }

        (void) fclose(file);
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }

    return n;
}


int
nginx_server_reload(struct nginx_server *server)
{
    unsigned  gone, failed;

    gone = nginx_server_count(server, "error.log", "exited with code");
    failed = nginx_server_count(server, "error.log", "[emerg]");

    if (nginx_server_signal(server, SIGHUP) != 0
        || nginx_server_wait_text(server, "error.log", "exited with code",
                                  gone + server->workers) != 0)
    {
        return -1;
    }

    if (nginx_server_count(server, "error.log", "[emerg]") != failed) {
        return nginx_server_fail(server, "the new configuration was refused");
    }

    return 0;
}


const char *
nginx_server_prefix(const struct nginx_server *server)
{
    return server->prefix;
}


const char *
nginx_server_socket(const struct nginx_server *server)
{
    return server->socket;
}


pid_t
nginx_server_pid(const struct nginx_server *server)
{
    return server->pid;
}


const char *
nginx_server_error(const struct nginx_server *server)
{
    return server->error;
}
