/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam between the player of scripts and the hosts it plays on: the mock,
 * an nginx that the driver starts, a server that runs already. A request goes
 * out as it stands on the wire; an answer comes back with all that the host
 * can report about it. No host knows what a script is.
 */
#ifndef HOST_H
#define HOST_H

#include <stddef.h>
#include <stdint.h>

#include "core/lf_core.h"
#include "lib/base/error.h"
#include "lib/http/answer.h"
#include "lib/http/request.h"

struct arena;
struct host;

/* Texts of errors go through from lib/ to the player. */
_Static_assert(LF_ERR_LEN >= ERROR_LEN, "errors of lib/ fit");

struct host_request {
    const struct request  *http;             /* as it stands on the wire */
    const char            *host;             /* of the URL, without port */
    unsigned               port;             /* of the URL, or its scheme's */
    unsigned               timeout_ms;       /* 0: the host's own */
    const char            *function;         /* #@ call; NULL: by location */
};

/* A line that the app logged itself, before any level filter. */
struct host_log_line {
    enum lf_level          level;
    struct str             text;
    struct host_log_line  *next;
};

/* A rule that the app broke, or a line of the server that nobody wants. */
struct host_finding {
    const char           *rule;              /* "LF-201"; NULL: a log line */
    unsigned              breaks:1;          /* the entry has failed */
    const char           *text;              /* for people, several lines */
    struct host_finding  *next;
};

enum host_outcome {
    HOST_ANSWERED,
    HOST_FAILED,                             /* no answer: see text */
    HOST_CRASHED,                            /* text is the report */
    HOST_TIMED_OUT,
    HOST_NOT_APPLICABLE                      /* this host cannot: see text */
};

struct host_answer {
    enum host_outcome   outcome;
    const char         *text;                /* why; NULL when answered */
    int                 signal;              /* of a crash, or 0 */
    const char         *app, *function;      /* that answered; or NULL */
    struct http_answer  http;                /* when answered */

    unsigned               has_log:1;        /* log lines can be seen */
    unsigned               log_mixed:1;      /* of two workers, in any order */
    unsigned               has_figures:1;    /* allocs and bytes are known */
    struct host_log_line  *log;
    struct host_finding   *findings;
    size_t                 allocs, pool_bytes;
};

enum host_cycle { HOST_CYCLE_INIT, HOST_CYCLE_EXIT, HOST_CYCLE_RELOAD };

/*
 * What a host does. All return 0, or -1 with a text in err (LF_ERR_LEN bytes);
 * a text in *na means that this host cannot do it, which is no failure.
 */
struct host_ops {
    const char  *name;                       /* "mock", "nginx", "url" */

    /* Ready for the first request of a file; base receives its {{base}}. */
    int  (*start)(struct host *host, char *base, size_t base_size,
                   char *err);

    /* -1 only when the host itself is lost. The answer lives in the arena. */
    int  (*exchange)(struct host *host, struct arena *arena,
                      const struct host_request *request,
                      struct host_answer *answer, char *err);

    int  (*cycle)(struct host *host, enum host_cycle what,
                   const char **na, char *err);

    /* The bytes stored under a key: *found 0 when there is none. NULL: this
       host cannot look into the cache. */
    int  (*cache)(struct host *host, struct arena *arena, const char *key,
                  struct str *value, int *found, char *err);

    /* End of the file: hooks run, processes end; findings of the end. */
    int  (*stop)(struct host *host, struct arena *arena,
                  struct host_answer *last, char *err);

    void  (*free)(struct host *host);
};

/* Every host begins with this. */
struct host {
    const struct host_ops  *ops;
};

#endif /* HOST_H */
