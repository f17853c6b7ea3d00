/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mock host: its settings, its log and its findings. It provides lf_port.h
 * on checked memory, captured logs, a POSIX shared-memory zone and requests
 * made by hand. It prints nothing but log lines, if they are wanted, and knows
 * nothing of command lines.
 *
 * Ownership: what a *_new function returns is freed with *_free, which takes
 * the address of the pointer and clears it; everything returned otherwise is
 * borrowed from the object it came from. One host may live at a time in a
 * process; requests of one host may run in several threads, one thread each.
 */
#ifndef LF_FAKE_H
#define LF_FAKE_H

#include "fakes/lf_fake_http.h"

#pragma GCC visibility push(hidden)

enum lf_fake_pool {
    LF_FAKE_POOL_GUARD,          /* one guarded malloc for each allocation */
    LF_FAKE_POOL_FAST            /* as nginx does: blocks, no checks */
};

struct lf_fake_options {
    size_t             shm_size;      /* bytes; 0: 1m, or that of the name */
    const char        *shm_name;      /* of a named zone; NULL: it has none */
    enum lf_fake_pool  pool;
    enum lf_level      log_level;     /* 0: info */
    int                log_fd;        /* shown lines go here; -1: nowhere */
    unsigned           keep_log:1;    /* all lines, shown or not: lf_fake_log */
};

/*
 * Something that a rule of the ABI forbids, seen while an app ran. The same
 * rule at the same site of one request is recorded once, and counted.
 */
struct lf_fake_finding {
    const struct lf_rule    *rule;
    char                    *text;
    const void              *site;      /* where the app called; or NULL */
    const void              *alloc_site; /* of the damaged memory; or NULL */
    unsigned long            request;   /* number; 0: in a hook */
    unsigned                 count;
    struct lf_fake_finding  *next;
};

struct lf_fake_log_line {
    enum lf_level             level;
    unsigned long             request;  /* number; 0: of the process */
    unsigned                  app:1;    /* by a log call of the app */
    char                     *text;     /* the message alone */
    size_t                    len;
    struct lf_fake_log_line  *next;
};

/* NULL with a text in err (LF_ERR_LEN bytes): no memory, no zone. */
struct lf_fake *lf_fake_new(const struct lf_fake_options *options, char *err);
void lf_fake_free(struct lf_fake **host);

/* Properties of the (only) server; copied. Returns 0, or -1: no memory. */
int lf_fake_add_prop(struct lf_fake *host, const char *key, const char *value);

/* ngx_link_func_add_req_header: put on every request that is made from now. */
int lf_fake_add_req_header(struct lf_fake *host, const char *name,
                           const char *value);

/* A variable that all its requests have; see lf_fake_set_variable. */
int lf_fake_add_variable(struct lf_fake *host, const char *name,
                         const char *value);

struct lf_zone *lf_fake_zone(struct lf_fake *host);

/*
 * Findings and recorded log lines, oldest first; _clear drops them, _forget
 * those of one request, while others run in other threads.
 */
const struct lf_fake_finding *lf_fake_findings(const struct lf_fake *host);
const struct lf_fake_log_line *lf_fake_log(const struct lf_fake *host);
void lf_fake_clear(struct lf_fake *host);
void lf_fake_forget(struct lf_fake *host, unsigned long number);

/*
 * Called at each new finding, in the thread that caused it. The finding is
 * borrowed for the call.
 */
void lf_fake_on_finding(struct lf_fake *host,
                        void (*seen)(void *data,
                                     const struct lf_fake_finding *finding),
                        void *data);

/* Called at each line that log_level shows; next and text are borrowed. */
void lf_fake_on_log(struct lf_fake *host,
                    void (*shown)(void *data,
                                  const struct lf_fake_log_line *line),
                    void *data);

/*
 * Run the hooks of an app on this host, with the properties of a server (NULL:
 * the host's): has_error as the hook left it.
 */
int lf_fake_init(struct lf_fake *host, const struct lf_app *app);
int lf_fake_exit(struct lf_fake *host, const struct lf_app *app);
int lf_fake_init_on(struct lf_fake *host, const struct lf_app *app,
                    const struct lf_props *props);
int lf_fake_exit_on(struct lf_fake *host, const struct lf_app *app,
                    const struct lf_props *props);

/*
 * What lies at an address that a crash named: the rule whose memory it is
 * (LF-103 for private fields, LF-203 for memory of a request that ended), or
 * NULL. Safe in a signal handler.
 */
const struct lf_rule *lf_fake_address_rule(const void *address);

#pragma GCC visibility pop

#endif /* LF_FAKE_H */
