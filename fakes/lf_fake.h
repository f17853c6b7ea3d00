/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mock host: what it can be told, and what it saw. It provides lf_port.h
 * on checked memory, captured logs, a POSIX shared-memory zone and requests
 * made by hand. It prints nothing but the log lines it is asked to print, and
 * knows nothing of command lines.
 *
 * Ownership: what a *_new function returns is freed with *_free, which takes
 * the address of the pointer and clears it; everything returned otherwise is
 * borrowed from the object it came from. One host may live at a time in a
 * process; requests of one host may run in several threads, one thread each.
 */
#ifndef LF_FAKE_H
#define LF_FAKE_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

enum lf_fake_pool {
    LF_FAKE_POOL_GUARD,          /* one guarded malloc for each allocation */
    LF_FAKE_POOL_FAST            /* as nginx does: blocks, no checks */
};

struct lf_fake_options {
    size_t             shm_size;      /* bytes; 0: 1m, or as it was kept */
    const char        *shm_name;      /* keep the zone; NULL: it ends with us */
    enum lf_fake_pool  pool;
    enum lf_level      log_level;     /* 0: info */
    int                log_fd;        /* shown lines go here; -1: nowhere */
    unsigned           keep_log:1;    /* keep every line for lf_fake_log_next */
};

/*
 * Something that a rule of the ABI forbids, seen while an app ran. The same
 * rule at the same site of one request is kept once, and counted.
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

struct lf_fake;
struct lf_fake_request;


/* ---- host ------------------------------------------------------------- */

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
 * Findings and kept log lines, oldest first; _clear forgets them, _forget those
 * of one request, while others run in other threads.
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


/* ---- request ---------------------------------------------------------- */

/*
 * A request as it stands on the wire. target is the request target
 * ("/path?args" or "http://host/path"); it is split, decoded and normalised as
 * nginx 1.22.1 does. NULL: no memory, or some 4,000 requests live already.
 * What nginx would refuse before any app sees it is kept as lf_fake_refused:
 * so is HTTP/1.1 without a Host header, which nobody adds by himself.
 */
struct lf_fake_request *lf_fake_request_new(struct lf_fake *host,
                                            const char *method,
                                            const char *target);
void lf_fake_request_free(struct lf_fake_request **request);

/*
 * What the configuration of a server says about all its requests. Zero in a
 * number stands for nginx's default.
 */
struct lf_fake_server {
    const struct lf_props  *props;           /* kept */
    lf_str_t                name;            /* the first server_name; kept */
    unsigned                port;            /* that was asked on */
    unsigned                header_buffers;  /* large_client_header_buffers */
    size_t                  header_buffer_size;
    size_t                  first_buffer;    /* client_header_buffer_size */
    unsigned                underscores_in_headers:1;
    unsigned                keep_invalid_headers:1;
    unsigned                keep_slashes:1;  /* merge_slashes off */
};

/* As lf_fake_request_new, on a server of its own; server is kept. */
struct lf_fake_request *
    lf_fake_request_on(struct lf_fake *host,
                       const struct lf_fake_server *server,
                       const char *method, const char *target);

/* The port of the server that it is on; 0: none was given. */
unsigned lf_fake_port(const struct lf_fake_request *request);

/* "1.1" is the default; "1.0". */
void lf_fake_set_http_1_0(struct lf_fake_request *request);

/*
 * Add a header of the client, by nginx's rules: invalid names are dropped,
 * what nginx refuses is kept as lf_fake_refused. Returns 0, or -1: no memory.
 */
int lf_fake_add_header(struct lf_fake_request *request, const char *name,
                       size_t name_len, const char *value, size_t value_len);

/*
 * What the location adds to the request before the app sees it: a header
 * (ngx_link_func_add_req_header), copied; a limit of the body (0: none), which
 * answers 413; an answer of nginx's own, such as 404 for an internal one.
 */
int lf_fake_add_location_header(struct lf_fake_request *request,
                                const char *name, const char *value);
void lf_fake_limit_body(struct lf_fake_request *request, size_t max);
void lf_fake_answer_itself(struct lf_fake_request *request, int status);

/*
 * Put those headers on the request now, not when its handler is run: others
 * run before it. Returns 0, or -1: no memory.
 */
int lf_fake_headers_apply(struct lf_fake_request *request);

/*
 * Variables. Those set by hand win over what nginx would have: on this request,
 * then those of all its host's. Names and values are copied; the last of a name
 * wins. Returns 0, or -1: no memory.
 */
int lf_fake_set_variable(struct lf_fake_request *request, const char *name,
                         const char *value);

enum lf_fake_variable {
    LF_FAKE_VAR_SET,
    LF_FAKE_VAR_UNSET,           /* nginx has it, this request has not */
    LF_FAKE_VAR_NOT_HERE,        /* nginx has it, the mock does not */
    LF_FAKE_VAR_UNKNOWN
};

/* The value is a view. request NULL: what kind of name is that? */
enum lf_fake_variable lf_fake_variable(struct lf_fake_request *request,
                                       const lf_str_t *name, lf_str_t *value);

/*
 * The same as a configuration sees it: nginx keeps most of what it once asked
 * for, for the request and all inside it.
 */
enum lf_fake_variable lf_fake_conf_variable(struct lf_fake_request *request,
                                            const lf_str_t *name,
                                            lf_str_t *value);

/* Views of what the request line said, for variables; NULL: not wanted. */
void lf_fake_request_line(const struct lf_fake_request *request,
                          lf_str_t *target, lf_str_t *args, lf_str_t *host);

/* Copied. Returns 0, or -1: no memory. Sets no header. */
int lf_fake_set_body(struct lf_fake_request *request, const void *body,
                     size_t len);

/* The properties seen by this request, instead of the host's; kept. */
void lf_fake_set_props(struct lf_fake_request *request,
                       const struct lf_props *props);

/* Let the Nth allocation of the app in this request fail; 0: none. */
void lf_fake_fail_alloc(struct lf_fake_request *request, unsigned long nth);

/* The status with which nginx would refuse the request itself, or 0. */
int lf_fake_refused(const struct lf_fake_request *request);

/*
 * Run a handler, unless the request is refused; then check its memory. A
 * second call does nothing. handler NULL: as if no location had a function.
 */
void lf_fake_run(struct lf_fake_request *request, lf_handler_pt handler);

/* A line of nginx's own about this request, for what the mock does for it. */
void lf_fake_log_text(struct lf_fake_request *request, enum lf_level level,
                      const char *text);

/* core's view, for asserts: request->response, ctx, uri, ... */
struct lf_request *lf_fake_core(struct lf_fake_request *request);

/*
 * A request inside another, as ngx_link_func_subrequest makes it: method and
 * client's headers are those of the outer one, and a header that either adds
 * is seen in both. The uri is taken as it is. args and body: does it get those
 * of the outer one? It lives until the main request is freed. NULL: no memory.
 */
struct lf_fake_request *
    lf_fake_subrequest_new(struct lf_fake_request *outer, const lf_str_t *uri,
                           int args, int body);

/* The request that this one is a part of; NULL: none. */
struct lf_fake_request *
    lf_fake_outer(const struct lf_fake_request *request);

/* How many requests it is inside of. */
unsigned lf_fake_depth(const struct lf_fake_request *request);

/* Figures of the app's allocations in this request and those inside it. */
size_t lf_fake_alloc_count(const struct lf_fake_request *request);
size_t lf_fake_alloc_bytes(const struct lf_fake_request *request);


/* ---- response: what a client of nginx would get ----------------------- */

struct lf_fake_header {
    lf_str_t  name, value;
};

struct lf_fake_response {
    int                           status;
    lf_str_t                      status_line;   /* after "HTTP/1.1 " */
    const struct lf_fake_header  *headers;       /* in nginx's order */
    size_t                        header_count;
    lf_str_t                      body;          /* empty for HEAD */
    unsigned                      by_app:1;      /* 0: a page of nginx */
};

/*
 * The answer after lf_fake_run: the app's, or the page that nginx would send
 * (404 when no response was written, 4xx for a refused request, 500). Borrowed
 * until the request is freed. NULL: no memory.
 */
const struct lf_fake_response *
    lf_fake_response(struct lf_fake_request *request);

/* nginx's text for a status: "Not Found"; "" when it has none. */
const char *lf_fake_reason(int status);


/* ---- zone ------------------------------------------------------------- */

/*
 * Make a zone in POSIX shared memory: mode 0600, no name left behind, shared
 * with all children forked from now on. Returns 0, or -1 with a text in err.
 */
int lf_fake_zone_open(struct lf_zone *zone, size_t size, char *err);
void lf_fake_zone_close(struct lf_zone *zone);

/*
 * A zone with a name, which stays when all processes have gone: made, or found
 * again with all it holds. size 0: as it is there, or 1m; LF_FAKE_KEPT_FIND: only
 * if it is there. It is always mapped
 * at LF_FAKE_KEPT_AT, so pointers in it stay right; one at a time, at most
 * LF_FAKE_KEPT_MAX bytes. Names are 1 to 64 letters, digits, '.', '_', '-' and
 * are the user's own. Returns 0, or -1 with a text in err.
 */
#define LF_FAKE_KEPT_AT   ((uintptr_t) 0x10000000)
#define LF_FAKE_KEPT_MAX  ((size_t) 1 << 30)
#define LF_FAKE_KEPT_FIND SIZE_MAX

int lf_fake_zone_keep(struct lf_zone *zone, const char *name, size_t size,
                      char *err);

/* Forget a kept zone: 0, or -1 with a text in err: there is none. */
int lf_fake_zone_forget(const char *name, char *err);

/*
 * The names of kept zones of this user, one for each call of found. Returns
 * 0, or -1 with a text in err.
 */
int lf_fake_zone_list(void (*found)(void *data, const char *name), void *data,
                      char *err);

/*
 * The process that has the lock, or 0. *dead: it has ended; whoever wants the
 * lock next gets it.
 */
pid_t lf_fake_zone_owner(const struct lf_zone *zone, int *dead);

/*
 * Free the lock if a process that has ended held it, as nginx's master does.
 * Returns 1 if it did.
 */
int lf_fake_zone_force_unlock(struct lf_zone *zone, pid_t dead);

/* Let the Nth allocation in the zone from now on fail; 0: none. */
void lf_fake_zone_fail_alloc(struct lf_zone *zone, unsigned long nth);

/* Pages in all and free, for -v. */
void lf_fake_zone_figures(struct lf_zone *zone, size_t *pages, size_t *free);

#pragma GCC visibility pop

#endif /* LF_FAKE_H */
