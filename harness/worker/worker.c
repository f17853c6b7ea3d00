/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting, feeding and ending workers; see worker.h. Waiting for them is in
 * worker_event.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fakes/lf_fake_zone.h"
#include "harness/worker/worker_crew.h"
#include "harness/worker/worker_signal.h"


uint64_t
worker_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000ull + (uint64_t) ts.tv_nsec;
}


void
worker_set_deadline(struct worker *worker)
{
    uint64_t  timeout;

    timeout = worker->setup->timeout;
    worker->deadline = timeout == 0 ? 0 : worker_now() + timeout;
}


/* The next deadline is the first of those of the requests. */
static void
set_call_deadline(struct worker *worker)
{
    unsigned  i;
    uint64_t  deadline;

    worker->deadline = 0;

    for (i = 0; i < worker->call_count; i++) {
        deadline = worker->calls[i].deadline;

        if (worker->deadline == 0 || deadline < worker->deadline) {
            worker->deadline = deadline;
        }
    }
}


static void
begin_call(struct worker *worker, uint64_t id)
{
    struct worker_call  *call;

    worker_set_deadline(worker);
    call = &worker->calls[worker->call_count++];
    call->id = id;
    call->deadline = worker->deadline;
    set_call_deadline(worker);
}


int
worker_end_call(struct worker *worker, uint64_t id)
{
    unsigned  i;

    for (i = 0; i < worker->call_count; i++) {
        if (worker->calls[i].id == id) {
            worker->calls[i] = worker->calls[--worker->call_count];
            set_call_deadline(worker);
            return 0;
        }
    }

    return -1;
}


struct worker_crew *
worker_crew_new(const struct worker_setup *setup)
{
    struct worker_crew  *crew;

    crew = calloc(1, sizeof(*crew));
    if (crew == NULL) {
        return NULL;
    }

    crew->setup = setup;
    crew->signal_fd = -1;

    if (!setup->no_fork) {
        crew->signal_fd = worker_signal_catch();

        if (crew->signal_fd == -1) {
            free(crew);
            return NULL;
        }
    }

    return crew;
}


static void
worker_free(struct worker *worker)
{
    (void) worker_kill(worker);

    if (worker->page != NULL) {
        (void) munmap(worker->page, sizeof(*worker->page));
    }

    strbuf_free(&worker->in.buf);
    strbuf_free(&worker->out);
    free(worker->local);
    free(worker->calls);
    free(worker);
}


void
worker_crew_free(struct worker_crew **crew)
{
    struct worker  *worker, *next;

    if (*crew == NULL) {
        return;
    }

    for (worker = (*crew)->workers; worker != NULL; worker = next) {
        next = worker->next;
        worker_free(worker);
    }

    if (!(*crew)->setup->no_fork) {
        worker_signal_restore();
    }

    free((*crew)->headers);
    free((*crew)->polls);
    free(*crew);
    *crew = NULL;
}


/*
 * A worker has no socket but its own: what an app writes to another one would
 * be read as a report of the process that owns it, and a process that the app
 * leaves behind would keep it open.
 */
static void
close_sockets(int own)
{
    int             fd;
    DIR            *dir = opendir("/proc/self/fd");
    struct stat     st, log = { 0 };
    struct dirent  *entry;

    (void) fstat(STDERR_FILENO, &log);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        fd = atoi(entry->d_name);

        if (fd > STDERR_FILENO && fd != own && fstat(fd, &st) == 0
            && S_ISSOCK(st.st_mode)
            && (st.st_dev != log.st_dev || st.st_ino != log.st_ino))
        {
            (void) close(fd);
        }
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }
}


/* What a worker of nginx would not have, or have otherwise. */
static void
become_worker(int fd, pid_t parent)
{
    int  null;

    worker_signal_restore();
    (void) prctl(PR_SET_PDEATHSIG, SIGKILL);

    if (getppid() != parent) {
        _exit(EXIT_FAILURE);
    }

    /* Its own group: what the app starts can be ended with it. */
    (void) setpgid(0, 0);
    (void) signal(SIGPIPE, SIG_IGN);

    null = open("/dev/null", O_RDWR);
    if (null != -1) {
        (void) dup2(null, STDIN_FILENO);
        (void) close(null);
    }

    (void) dup2(STDERR_FILENO, STDOUT_FILENO);
    (void) setvbuf(stdout, NULL, _IOLBF, 0);

    close_sockets(fd);
}


static int
fork_worker(struct worker *worker)
{
    int                  pair[2];
    pid_t                parent;
    struct worker_child  child;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1) {
        return -1;
    }

    parent = getpid();
    worker->pid = fork();

    if (worker->pid == -1) {
        worker->pid = 0;
        (void) close(pair[0]);
        (void) close(pair[1]);
        return -1;
    }

    if (worker->pid == 0) {
        become_worker(pair[1], parent);
        worker->page->pid = getpid();
        lf_process_start();
        worker_child_init(&child, worker->setup, worker->page, pair[1],
                          &worker->out);
        child.first = worker->index == 0;
        worker_trap_install(worker->page);
        worker_child_main(&child);
    }

    (void) close(pair[1]);
    worker->fd = pair[0];

    return 0;
}


static int
start_local(struct worker *worker)
{
    worker->local = malloc(sizeof(*worker->local));
    if (worker->local == NULL) {
        return -1;
    }

    worker_child_init(worker->local, worker->setup, worker->page, -1,
                      &worker->in.buf);
    worker->local->first = 1;

    if (worker_child_load(worker->local) != 0) {
        worker_child_finish(worker->local);
    }

    return 0;
}


struct worker *
worker_start(struct worker_crew *crew, char *err)
{
    return worker_start_app(crew, crew->setup, err);
}


struct worker *
worker_start_app(struct worker_crew *crew, const struct worker_setup *setup,
    char *err)
{
    struct worker   *worker, **end;
    struct pollfd   *polls;

    worker = calloc(1, sizeof(*worker));

    if (worker != NULL) {
        worker->calls = calloc(setup->threads + 1, sizeof(*worker->calls));
    }

    polls = realloc(crew->polls, (crew->count + 2) * sizeof(*polls));
    crew->polls = polls == NULL ? crew->polls : polls;

    if (worker == NULL || worker->calls == NULL || polls == NULL) {
        free(worker == NULL ? NULL : worker->calls);
        free(worker);
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return NULL;
    }

    worker->crew = crew;
    worker->setup = setup;
    worker->index = crew->count;
    worker->fd = -1;

    worker->page = mmap(NULL, sizeof(*worker->page), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (worker->page == MAP_FAILED) {
        worker->page = NULL;
        goto failed;
    }

    worker_set_deadline(worker);

    if ((crew->setup->no_fork ? start_local(worker) : fork_worker(worker))
        != 0)
    {
        goto failed;
    }

    for (end = &crew->workers; *end != NULL; end = &(*end)->next) {
        /* to the end */
    }

    *end = worker;
    crew->count++;

    return worker;

failed:

    (void) snprintf(err, LF_ERR_LEN, "cannot start a worker process: %s",
                    strerror(errno));
    worker_free(worker);

    return NULL;
}


void
worker_flush(struct worker *worker)
{
    /* What is left goes later; or it is dead, which is seen. */
    if (worker->fd != -1) {
        (void) wire_send(worker->fd, &worker->out, &worker->sent,
                         MSG_DONTWAIT);
    }
}


static void
put_request(struct strbuf *out, const struct request *request, size_t tag,
    uint64_t id)
{
    size_t  i;

    wire_put_number(out, id);
    wire_put_number(out, tag);
    wire_put_number(out, request->http_1_0);
    wire_put_string(out, request->method);
    wire_put_string(out, request->target);
    wire_put_number(out, request->header_count);

    for (i = 0; i < request->header_count; i++) {
        wire_put_string(out, request->headers[i].name);
        wire_put_string(out, request->headers[i].value);
    }

    wire_put_number(out, request->body != NULL);
    wire_put_text(out, request->body, request->body_len);
}


int
worker_send(struct worker *worker, const struct request *request, size_t tag,
    uint64_t id)
{
    int                rc;
    size_t             start;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    start = wire_begin(&worker->out, FRAME_REQUEST);
    put_request(&worker->out, request, tag, id);
    wire_end(&worker->out, start);

    if (worker->out.failed) {
        strbuf_clear(&worker->out);
        return -1;
    }

    begin_call(worker, id);

    if (worker->local == NULL) {
        worker_flush(worker);
        return 0;
    }

    in.buf = worker->out;
    rc = wire_take(&in, WORKER_FRAME_MAX, &frame) == 1
         ? worker_child_serve(worker->local, 0, &frame) : -1;
    strbuf_clear(&worker->out);

    return rc;
}


void
worker_stop(struct worker *worker)
{
    size_t  start;

    worker->stopping = 1;
    worker_set_deadline(worker);

    if (worker->local != NULL) {
        worker_child_finish(worker->local);
        return;
    }

    start = wire_begin(&worker->out, FRAME_STOP);
    wire_end(&worker->out, start);
    worker_flush(worker);
}


void
worker_reap(struct worker *worker)
{
    siginfo_t  info;

    if (worker->pid == 0 || worker->ended) {
        return;
    }

    /* It stays a zombie until worker_kill, so that its number stays its own. */
    memset(&info, 0, sizeof(info));

    if (waitid(P_PID, (id_t) worker->pid, &info,
               WEXITED | WSTOPPED | WNOHANG | WNOWAIT) == -1
        || info.si_pid != worker->pid)
    {
        return;
    }

    if (info.si_code == CLD_EXITED) {
        worker->status = (info.si_status & 0xff) << 8;
        worker->ended = 1;

    } else if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED) {
        worker->status = info.si_status;
        worker->ended = 1;

    } else {
        worker->stopped = worker->page->kind != 0;
    }
}


int
worker_kill(struct worker *worker)
{
    pid_t  pid;

    pid = worker->pid;
    worker->pid = 0;
    worker->over = 1;
    worker->deadline = 0;

    if (worker->fd != -1) {
        (void) close(worker->fd);
        worker->fd = -1;
    }

    if (pid == 0) {
        return 0;
    }

    /* Also what the app may have started, as long as it stayed in the group. */
    (void) kill(-pid, SIGKILL);

    (void) kill(pid, SIGKILL);

    while (waitpid(pid, &worker->status, 0) == -1 && errno == EINTR) {
        /* it will come */
    }

    return lf_fake_zone_force_unlock(lf_fake_zone(worker->crew->setup->host),
                                     pid);
}


pid_t
worker_pid(const struct worker *worker)
{
    return worker->pid;
}


unsigned
worker_index(const struct worker *worker)
{
    return worker->index;
}


void
worker_set_data(struct worker *worker, void *data)
{
    worker->data = data;
}


void *
worker_data(const struct worker *worker)
{
    return worker->data;
}
