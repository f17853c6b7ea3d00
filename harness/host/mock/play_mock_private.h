/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the mock as a host of scripts, shared by play_mock*.c only. */
#ifndef PLAY_MOCK_PRIVATE_H
#define PLAY_MOCK_PRIVATE_H

#include "harness/host/mock/play_mock.h"
#include "harness/worker/worker.h"

/* A server of the configuration, as requests see it; its index is the tag. */
struct mock_vhost {
    const struct conf_listen   *listen;          /* of requests */
    const struct conf_server  *conf;
    struct lf_fake_server      fake;
    struct mock_app                *app;          /* NULL: no library */
};

/* A library, and the worker that runs it. */
struct mock_app {
    struct worker_setup      setup;
    const char              *path;
    const struct conf_node  *node;           /* that names it first */
    const char             **symbols;
    size_t                   symbol_count;
    const struct lf_props  **cycles;
    size_t                   cycle_count;
    struct worker           *worker;         /* NULL: none runs */
    char                    *unresolved;
    struct mock_app              *next;
};

struct play_mock {
    struct host                base;
    struct play_mock_settings  settings;
    struct arena              *arena;
    struct lf_fake            *fake;
    struct worker_setup        crew_setup;
    struct worker_crew        *crew;
    struct worker_router       router;
    struct mock_vhost          *vhosts;
    size_t                     vhost_count;
    struct mock_app           *apps;
    struct host_finding       *early;        /* from before any request */
    int                        app_log;
    off_t                      log_offset;
    unsigned                   reloaded:1;   /* since the last answer */
};

/* What an exchange collects while it waits. */
struct mock_wait {
    struct play_mock    *mock;
    struct mock_app     *app;
    struct arena        *arena;
    struct host_answer  *answer;
    uint64_t             timeout;
};


/* play_mock_request.c: the route of a request, in a worker; see worker.h. */

int play_mock_run(void *data, size_t tag, struct lf_fake_request *request,
                  const lf_handler_pt *handlers, size_t *symbol,
                  const char **why);


/* play_mock_vhosts.c: what the mock makes of the configuration. */

const struct lf_fake_server *play_mock_server(void *data, size_t tag);

/* The index of a function among those of the app, or -1. */
long play_mock_symbol(const struct mock_app *app, const char *name);

/* 0, or -1: no memory. */
int play_mock_add_symbol(struct play_mock *mock, struct mock_app *app,
                         const char *name);
int play_mock_add_vhosts(struct play_mock *mock);

/* After symbols were added, before the next worker starts. */
void play_mock_set_up(struct play_mock *mock, struct mock_app *app);


/* play_mock_events.c: what workers report. */

/*
 * Handle events until the app of w has come to the given one, or died. Returns
 * 0, or -1 with a text in err: a signal, no memory, or it refuses to start.
 */
int play_mock_wait(struct mock_wait *w, enum worker_event_type wanted,
                   char *err);

/* A worker for the app, if it has none: 0; -1 with err when it cannot be. */
int play_mock_need_worker(struct mock_wait *w, char *err);

#endif /* PLAY_MOCK_PRIVATE_H */
