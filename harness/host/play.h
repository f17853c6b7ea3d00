/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam between the player of scripts and the hosts it plays on: the mock,
 * an nginx that the driver starts, a server that runs already. A request goes
 * out as it stands on the wire; an answer comes back with all that the host
 * can tell about it. No host knows what a script is.
 */
#ifndef PLAY_H
#define PLAY_H

#include <stddef.h>
#include <stdint.h>

#include "core/lf_core.h"
#include "lib/http/request.h"

struct arena;
struct play_host;

struct play_request {
    const struct request  *http;             /* as it stands on the wire */
    const char            *host;             /* of the URL, without port */
    unsigned               port;             /* of the URL, or its scheme's */
    unsigned               timeout_ms;       /* 0: the host's own */
    const char            *function;         /* #@ call; NULL: by location */
};

struct play_header {
    lf_str_t  name, value;                   /* NUL-terminated, too */
};

/* A line that the app logged itself, before any level filter. */
struct play_log_line {
    enum lf_level          level;
    lf_str_t               text;
    struct play_log_line  *next;
};

/* A rule that the app broke, or a line of the server that nobody wants. */
struct play_finding {
    const char           *rule;              /* "LF-201"; NULL: a log line */
    unsigned              breaks:1;          /* the entry has failed */
    const char           *text;              /* for people, several lines */
    struct play_finding  *next;
};

enum play_outcome {
    PLAY_ANSWERED,
    PLAY_FAILED,                             /* no answer: see text */
    PLAY_CRASHED,                            /* text is the report */
    PLAY_TIMED_OUT,
    PLAY_NOT_APPLICABLE                      /* this host cannot: see text */
};

struct play_answer {
    enum play_outcome      outcome;
    const char            *text;             /* why; NULL when answered */
    int                    signal;           /* of a crash, or 0 */
    const char            *app, *function;   /* that answered; or NULL */

    unsigned               status;
    const char            *version;          /* "1.0", "1.1", "2" */
    lf_str_t               status_line;      /* after the version */
    struct play_header    *headers;
    size_t                 header_count;
    lf_str_t               body;             /* as received */
    uint64_t               duration_us;

    unsigned               has_log:1;        /* log lines can be seen */
    unsigned               has_figures:1;    /* allocs and bytes are known */
    struct play_log_line  *log;
    struct play_finding   *findings;
    size_t                 allocs, pool_bytes;
};

enum play_cycle { PLAY_CYCLE_INIT, PLAY_CYCLE_EXIT, PLAY_CYCLE_RELOAD };

/*
 * What a host does. All return 0, or -1 with a text in err (LF_ERR_LEN bytes);
 * a text in *na means that this host cannot do it, which is no failure.
 */
struct play_host_ops {
    const char  *name;                       /* "mock", "nginx", "url" */

    /* Ready for the first request of a file; base receives its {{base}}. */
    int   (*start)(struct play_host *host, char *base, size_t base_size,
                   char *err);

    /* -1 only when the host itself is lost. The answer lives in the arena. */
    int   (*exchange)(struct play_host *host, struct arena *arena,
                      const struct play_request *request,
                      struct play_answer *answer, char *err);

    int   (*cycle)(struct play_host *host, enum play_cycle what,
                   const char **na, char *err);

    /* The bytes stored under a key: *found 0 when there is none. */
    int   (*cache)(struct play_host *host, struct arena *arena,
                   const char *key, lf_str_t *value, int *found,
                   const char **na, char *err);

    /* End of the file: hooks run, processes end; findings of the end. */
    int   (*stop)(struct play_host *host, struct arena *arena,
                  struct play_answer *last, char *err);

    void  (*free)(struct play_host *host);
};

/* Every host begins with this. */
struct play_host {
    const struct play_host_ops  *ops;
};

#endif /* PLAY_H */
