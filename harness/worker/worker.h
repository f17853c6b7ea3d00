/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes that run an app, so that whatever it does becomes an event here
 * and never takes the CLI along. The process is forked first and opens the app
 * afterwards: runtimes that start threads when they are loaded do not survive
 * a fork.
 *
 * A crew is all workers on one host, usually of one app. Each worker serves as
 * many requests at a time as it has threads, or one: worker_send is allowed
 * after WORKER_READY and after each WORKER_RESPONSE or WORKER_UNROUTED.
 * worker_next waits for whatever happens next to any of them.
 * A worker that dies may be replaced with worker_start; the zone is kept.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fakes/lf_fake.h"
#include "lib/http/request.h"

struct worker;
struct worker_crew;

/*
 * Where a request goes when a configuration decides: both run in the worker.
 * tag is what worker_send was given. server says how the request is read. run
 * runs all that answers it; handlers are those of symbols, *symbol is the
 * index of the one whose answer it is. Returns 0, or -1 with *why (static text
 * or text of data) when that is nothing the mock can do. What nginx answers
 * itself is set with lf_fake_answer_itself.
 */
struct worker_router {
    const struct lf_fake_server *(*server)(void *data, size_t tag);
    int (*run)(void *data, size_t tag, struct lf_fake_request *request,
               const lf_handler_pt *handlers, size_t *symbol,
               const char **why);
    void  *data;
};

#define WORKER_THREADS_MAX  256

struct worker_setup {                        /* borrowed by the crew */
    struct lf_fake      *host;
    const char          *app;                /* path, with a '/' in it */
    const char *const   *symbols;            /* handlers, looked up at start */
    size_t               symbol_count;
    const struct lf_props *const  *cycles;   /* of the servers that name it: */
    size_t               cycle_count;        /* 0: one, with the host's */
    const struct worker_router  *router;     /* NULL: tag is the symbol */
    uint64_t             timeout;            /* ns for each phase; 0: none */
    unsigned             threads;            /* 0: handlers on the main one */
    unsigned             no_fork:1;          /* run it in this process */
    unsigned             zone_figures:1;     /* count pages after a request */
    unsigned             log_events:1;       /* log lines become events */
};

enum worker_phase {
    WORKER_LOADING = 1, WORKER_INIT, WORKER_IDLE, WORKER_REQUEST,
    WORKER_EXIT_HOOK, WORKER_ENDING
};

enum worker_event_type {
    WORKER_READY = 1,            /* loaded, init hook done */
    WORKER_REFUSED,              /* text: why it cannot serve; it ends */
    WORKER_UNRESOLVED,           /* text: names that nobody provides */
    WORKER_FINDING,
    WORKER_LOG,
    WORKER_RESPONSE,
    WORKER_UNROUTED,             /* text: why no function answers this */
    WORKER_DONE,                 /* stopped as requested */
    WORKER_DIED                  /* see death; to be worker_kill'ed */
};

enum worker_death_kind {
    WORKER_CRASHED = 1,          /* a signal; the process is stopped in it */
    WORKER_CALLED_EXIT,          /* exit(); the process is stopped in it */
    WORKER_VANISHED,             /* the process is gone: see status */
    WORKER_TIMED_OUT,            /* still runs */
    WORKER_NONSENSE              /* the app wrote on our socket */
};

struct worker_death {
    enum worker_death_kind  kind;
    enum worker_phase       phase;
    int                     status;          /* of waitpid, or of exit() */
    int                     signal, code;    /* si_signo, si_code */
    uintptr_t               address, ip, sp;
    pid_t                   thread;
    const struct lf_rule   *rule;            /* of the address, or NULL */
    unsigned                held_lock:1;     /* set by worker_kill */
};

/* An address in the app, with the file that is mapped there. */
struct worker_location {
    uintptr_t    address;        /* 0: none */
    uintptr_t    base;
    const char  *file;           /* "" when unknown */
    const char  *symbol;         /* nearest exported one, or "" */
};

struct worker_log {
    enum lf_level  level;
    unsigned       app:1;        /* by a log call of the app */
    lf_str_t       text;
};

struct worker_finding {
    const struct lf_rule    *rule;
    const char              *text;
    struct worker_location   site, alloc_site;
};

struct worker_response {
    int                           status;
    lf_str_t                      status_line;
    const struct lf_fake_header  *headers;
    size_t                        header_count;
    lf_str_t                      body;
    unsigned long                 number;    /* in the life of the worker */
    size_t                        symbol;    /* that answered: an index */
    unsigned                      by_app:1;
    int                           refused;   /* as lf_fake_refused */
    unsigned                      written;   /* how often by the app */
    uint64_t                      ns;        /* in the handler */
    size_t                        alloc_count, alloc_bytes;
    size_t                        zone_pages, zone_free;
};

struct worker_event {                        /* valid until worker_next */
    enum worker_event_type  type;
    struct worker          *worker;
    uint64_t                id;              /* of its request; 0: of none */
    enum worker_phase       phase;           /* of a finding, a log line */
    const char             *text;
    struct worker_log       log;
    struct worker_finding   finding;
    struct worker_response  response;
    struct worker_death     death;
};

/* NULL: no memory. One crew at a time: it handles signals. */
struct worker_crew *worker_crew_new(const struct worker_setup *setup);

/* Kills what still runs. */
void worker_crew_free(struct worker_crew **crew);

/* One more worker; NULL with a text in err (LF_ERR_LEN bytes). */
struct worker *worker_start(struct worker_crew *crew, char *err);

/* The same for another app on the same host; setup is borrowed, too. */
struct worker *worker_start_app(struct worker_crew *crew,
                                const struct worker_setup *setup, char *err);

/*
 * Returns 0, or -1: no memory. tag is an index of setup.symbols, or whatever
 * the router makes of it; id is above 0, and of no other request in progress.
 */
int worker_send(struct worker *worker, const struct request *request,
                size_t tag, uint64_t id);

/* Let it run its exit hook and end; WORKER_DONE follows. */
void worker_stop(struct worker *worker);

/*
 * Make sure the process is gone, and free the lock if it had it. Returns 1 if
 * it had.
 */
int worker_kill(struct worker *worker);

/*
 * The next event: 1. No worker is left: 0. A signal ends the CLI, see
 * worker_interrupted: -1.
 */
int worker_next(struct worker_crew *crew, struct worker_event *event);

/* SIGINT, SIGTERM or SIGHUP if one came, else 0. */
int worker_interrupted(void);

/* For whoever looks into the process, and for messages. */
pid_t worker_pid(const struct worker *worker);
unsigned worker_index(const struct worker *worker);      /* from 0 */

#define WORKER_FRAMES_MAX  64

/*
 * Let a worker that is stopped in a crash collect its own frames, where nobody
 * may look into it from outside. Returns how many there are.
 */
size_t worker_frames(struct worker *worker, struct worker_location *places,
                     size_t max);

/* What a caller wants to remember: the request in progress. */
void worker_set_data(struct worker *worker, void *data);
void *worker_data(const struct worker *worker);

#endif /* WORKER_H */
