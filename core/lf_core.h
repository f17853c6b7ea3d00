/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What core offers to its hosts. Core holds the behaviour of the ABI, once:
 * it knows no web server, no mock and no terminal. What it needs from outside
 * stands in lf_port.h.
 *
 * The route of a request: the host fills a struct lf_request and calls
 * lf_request_start; lf_call_handler runs the app; the app comes back through
 * the ABI functions; lf_call_handler checks what it left; the host reads
 * request->response and sends it.
 */
#ifndef LF_CORE_H
#define LF_CORE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/elf/lf_elf.h"
#include "core/lf_error.h"

#pragma GCC visibility push(default)
#include "include/ngx_link_func_module.h"
#pragma GCC visibility pop

#undef ngx_link_func_get_header          /* core defines the function */

#pragma GCC visibility push(hidden)

typedef ngx_link_func_str_t  lf_str_t;

#define LF_STR(text)  { sizeof(text) - 1, (u_char *) (text) }


/* ---- log and rules ---------------------------------------------------- */

/* Numbers and names are those of syslog, as in error_log. */
enum lf_level {
    LF_EMERG = 1, LF_ALERT, LF_CRIT, LF_ERROR, LF_WARN, LF_NOTICE, LF_INFO,
    LF_DEBUG
};

/* Their names, as the log spells them. */
#define LF_LEVELS  "emerg|alert|crit|error|warn|notice|info|debug"

const char *lf_level_name(enum lf_level level);

/*
 * A rule of the ABI. Its id is what people search for, and never changes.
 * LF_QUIET rules are reported by the mock only: they would flood a busy log.
 */
struct lf_rule {
    const char     *id;          /* "LF-201" */
    enum lf_level   level;       /* of the log line on every host */
    unsigned        quiet:1;     /* no line in a server's log */
    unsigned        breaks:1;    /* the mock ends with exit status 3 */
    const char     *title;       /* what went wrong, in a few words */
};

#define LF_RULES(X)                                                           \
    /* name, id, level, quiet, breaks, title */                               \
    X(CTX_DEAD,      "LF-101", LF_ERROR, 0, 1,                                \
      "ctx used after its handler returned")                                  \
    X(NULL_ARG,      "LF-102", LF_ERROR, 0, 0,                                \
      "NULL argument")                                                        \
    X(PRIVATE,       "LF-103", LF_ERROR, 0, 1,                                \
      "access to __r__, __pl__ or __log__, private to the host")              \
    X(POOL_OVERRUN,  "LF-201", LF_ERROR, 0, 1,                                \
      "write beyond the allocation")                                          \
    X(POOL_UNDERRUN, "LF-202", LF_ERROR, 0, 1,                                \
      "write before the allocation")                                          \
    X(POOL_LATE,     "LF-203", LF_ERROR, 0, 1,                                \
      "memory of a request used after the request")                           \
    X(NO_MEMORY,     "LF-204", LF_ERROR, 0, 0,                                \
      "out of memory")                                                        \
    X(HEADER_NAME,   "LF-301", LF_ERROR, 0, 0,                                \
      "invalid header name")                                                  \
    X(HEADER_BYTES,  "LF-302", LF_ERROR, 0, 0,                                \
      "CR, LF or NUL in a header")                                            \
    X(HEADER_FRAME,  "LF-303", LF_ERROR, 0, 0,                                \
      "framing header set by the app")                                        \
    X(HEADER_ONCE,   "LF-304", LF_ERROR, 0, 0,                                \
      "second value for a single-value header")                               \
    X(RESP_STATUS,   "LF-401", LF_ERROR, 0, 0,                                \
      "status out of range")                                                  \
    X(RESP_LINE,     "LF-402", LF_ERROR, 0, 0,                                \
      "CR, LF or NUL in the status line")                                     \
    X(RESP_TYPE,     "LF-403", LF_ERROR, 0, 0,                                \
      "CR, LF or NUL in the content type")                                    \
    X(RESP_BODY,     "LF-404", LF_ERROR, 0, 0,                                \
      "response body is NULL but has a length")                               \
    X(RESP_TWICE,    "LF-405", LF_WARN,  0, 0,                                \
      "more than one response written")                                       \
    X(RESP_AGREE,    "LF-406", LF_WARN,  1, 0,                                \
      "status line does not begin with the status")                           \
    X(ZONE_NULL,     "LF-501", LF_ERROR, 0, 0,                                \
      "invalid shared_mem")                                                   \
    X(LOCK_TWICE,    "LF-502", LF_ERROR, 0, 0,                                \
      "lock taken twice")                                                     \
    X(LOCK_KEPT,     "LF-503", LF_ERROR, 0, 1,                                \
      "lock still held on return")                                            \
    X(LOCK_FOREIGN,  "LF-504", LF_WARN,  1, 0,                                \
      "unlock by a process that does not hold the lock")                      \
    X(LOCK_MISSING,  "LF-505", LF_WARN,  1, 0,                                \
      "cache result used without the lock")                                   \
    X(ZONE_FREE,     "LF-506", LF_ALERT, 0, 1,                                \
      "invalid free of shared memory")                                        \
    X(ZONE_FULL,     "LF-507", LF_ERROR, 0, 0,                                \
      "shared memory full")                                                   \
    X(ZONE_EMPTIED,  "LF-508", LF_ALERT, 0, 0,                                \
      "worker died while it changed the shared memory")                       \
    X(LOCK_OTHER,    "LF-509", LF_WARN,  1, 0,                                \
      "unlock by another thread")                                             \
    X(NOT_COUNTER,   "LF-510", LF_ERROR, 0, 0,                                \
      "key does not hold a counter")                                          \
    X(NO_EXIT,       "LF-601", LF_WARN,  0, 0,                                \
      "no exit hook")                                                         \
    X(UNRESOLVED,    "LF-602", LF_WARN,  0, 0,                                \
      "undefined symbol")                                                     \
    X(HAS_ERROR,     "LF-603", LF_ERROR, 0, 0,                                \
      "has_error set by a hook")                                              \
    X(CLASH,         "LF-604", LF_WARN,  0, 0,                                \
      "symbol of the app taken from another library")                         

#define LF_RULE_ENUM(name, ...)  LF_RULE_##name,
enum lf_rule_name { LF_RULES(LF_RULE_ENUM) LF_RULE_COUNT };
#undef LF_RULE_ENUM

extern const struct lf_rule  lf_rules[LF_RULE_COUNT];

struct lf_request;

/* The request that the calling thread runs a handler for, or NULL. */
struct lf_request *lf_current_request(void);

/* Report a rule for the current request, if any; see lf_port_report. */
void lf_report(enum lf_rule_name rule, const void *site, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

/* The same for a request at hand; NULL: the process. */
void lf_report_request(struct lf_request *request, enum lf_rule_name rule,
                       const void *site, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The address that the calling ABI function returns to: in the app. */
#define LF_SITE  __builtin_return_address(0)

/*
 * Where app log calls are copied before any level filter, for test drivers:
 * the descriptor in the environment variable LINKFUNC_APP_LOG. Read once, by
 * this call, which a host makes before it drops its environment. A record is
 * "NUMBER LEVEL LENGTH\n" TEXT "\n"; NUMBER is lf_request.number, 0 for hooks.
 */
void lf_app_log_init(void);
void lf_app_log_to(int fd);                          /* -1: off */


/* ---- properties ------------------------------------------------------- */

struct lf_prop {
    lf_str_t  key, value;                    /* value is NUL-terminated too */
};

struct lf_props {
    const struct lf_prop  *items;
    size_t                 count;
    unsigned               sorted:1;         /* by lf_props_sort */
};

/*
 * Sort items for lf_prop_find: of those with one name, in any case, the first
 * stays. Returns how many are left.
 */
size_t lf_props_sort(struct lf_prop *items, size_t count);

/* The value of a property, kept; NULL: no such. */
const lf_str_t *lf_prop_find(const struct lf_props *props, const lf_str_t *key);


/* ---- shared memory ---------------------------------------------------- */

/*
 * A worker's handle of the zone: what apps get as shared_mem. root points into
 * the zone, to a pointer that is NULL in a fresh one. The host fills memory,
 * size and root; the rest is core's.
 */
struct lf_zone {
    uint32_t          magic;
    void             *memory;    /* first byte */
    size_t            size;
    void            **root;
    _Atomic pid_t     owner;     /* thread of this process that has the lock;
                                  * negative: for one call of core only */
    void             *host;
};

/* References in the zone are 32 bits wide and count 8 bytes each. */
#define LF_ZONE_MIN  ((size_t) 8 * 4096)
#define LF_ZONE_MAX  ((size_t) 32 << 30)

/*
 * Makes the handle usable; the host refuses other sizes before. The zone itself
 * is set up at the first lock.
 */
void lf_zone_attach(struct lf_zone *zone);

/* Lock, unlock as the ABI does; for hosts that look into the cache. */
void lf_zone_lock(struct lf_zone *zone);
void lf_zone_unlock(struct lf_zone *zone);

/*
 * 1 and one key with its value, or 0 at the end. *iter 0 to start; lock held.
 * size is the argument of cache_new; 0 after cache_put.
 */
int lf_cache_next(struct lf_zone *zone, uint64_t *iter, const char **key,
                  void **value, size_t *size);
size_t lf_cache_count(struct lf_zone *zone);

/*
 * Called by whoever runs after a handler or hook: frees the lock if the
 * calling thread still holds it. Returns 1 if it did.
 */
int lf_zone_release(struct lf_zone *zone);

/*
 * To be called in each worker process after the fork, and before: makes core
 * ask again who it is.
 */
void lf_process_start(void);

/* Cached; the latter is what the kernel calls tid. */
pid_t lf_process_id(void);
pid_t lf_thread_id(void);


/* ---- request ---------------------------------------------------------- */

/* What the app answered, after lf_call_handler by the rules of the ABI. */
struct lf_response {
    unsigned   written;          /* calls of write_resp; 0: next handler */
    unsigned   failed:1;         /* send the host's own 500 page */
    unsigned   bodyless:1;       /* 204, 304: no type, no length, no body */
    uintptr_t  status;
    lf_str_t   status_line;      /* len 0: the host's text for status */
    lf_str_t   content_type;
    size_t     media_type_len;   /* of content_type, without parameters */
    lf_str_t   body;

    /*
     * Content-Type as given to add_header_out, before or after write_resp. It
     * is in content_type already when the host looks; without write_resp it
     * is not used, since it described the body of the app.
     */
    lf_str_t   header_type;
};

struct lf_request {
    ngx_link_func_ctx_t     ctx;          /* __r__ etc. are the host's */
    lf_str_t                method;
    lf_str_t                uri;          /* decoded, normalised */
    const struct lf_props  *props;        /* never NULL */
    struct lf_zone         *zone;         /* NULL: no shared memory */
    unsigned long           number;       /* of this process, from 1 */
    struct lf_response      response;
};

/* 1 for the methods whose body an app gets: POST, PUT, PATCH. */
int lf_request_wants_body(const lf_str_t *method);

/*
 * Prepare a zeroed request whose method, uri, props and zone are set: args and
 * body become ctx fields. args is copied. body is taken as it is: writable,
 * one NUL after the last byte, alive until the request ends; NULL: none.
 * Returns 0, or -1: no memory.
 */
int lf_request_start(struct lf_request *request, const lf_str_t *args,
                     u_char *body, size_t body_len);

typedef void (*lf_handler_pt)(ngx_link_func_ctx_t *ctx);

/* Run a handler and check what it left behind. */
void lf_call_handler(struct lf_request *request, lf_handler_pt handler);

/* The part of it that makes the response final: bodyless, content_type. */
void lf_response_finish(struct lf_response *response);

/* Is this a name that add_req_header, add_header_in/out must refuse? */
int lf_header_frames_request(const lf_str_t *name);
int lf_header_frames_response(const lf_str_t *name);

/* Does nginx accept this request header only once? */
int lf_header_is_single(const lf_str_t *name);

/* ASCII alone, whatever the locale. */
static inline u_char
lf_lower(u_char c)
{
    return c >= 'A' && c <= 'Z' ? (u_char) (c | 0x20) : c;
}

/* ASCII case-insensitive equality of names. */
int lf_str_equal_nocase(const lf_str_t *a, const lf_str_t *b);


/* ---- apps ------------------------------------------------------------- */

struct lf_cycle {
    ngx_link_func_cycle_t   cycle;        /* __cycle__ etc. are the host's */
    const struct lf_props  *props;
    struct lf_zone         *zone;
};

typedef void (*lf_hook_pt)(ngx_link_func_cycle_t *cycle);

/* An open app. Opening runs its constructors: never in a master process. */
struct lf_app {
    void        *handle;
    lf_hook_pt   init;
    lf_hook_pt   exit;           /* NULL: the app has none */
};

/*
 * Opens the library at path as a loader would (lazy, local) and finds its
 * hooks. Returns 0, or -1 with a text in err (LF_ERR_LEN bytes).
 */
int lf_app_open(struct lf_app *app, const char *path, char *err);
void lf_app_close(struct lf_app *app);

/* The handler of that name; NULL with a text in err. */
lf_handler_pt lf_app_handler(struct lf_app *app, const char *name, char *err);

/* The file that was opened: the loader has searched for a name without '/'. */
const char *lf_app_file(const struct lf_app *app, const char *path);

/* Run a hook: has_error as the hook left it. exit may be missing: 0. */
int lf_call_init(struct lf_cycle *cycle, const struct lf_app *app);
int lf_call_exit(struct lf_cycle *cycle, const struct lf_app *app);

/*
 * Names that the library imports and nobody provides, weak ones excepted;
 * the library is open. Calls found for each. Returns how many.
 */
size_t lf_app_unresolved(const struct lf_app *app, const char *path,
                         void (*found)(void *data, const char *name),
                         void *data);

/*
 * Those of lf_elf_own that this process does define, so that the open app
 * gets that of library instead of its own. Calls found for each, and returns
 * how many. What is meant to be replaced (malloc, operator new) is none.
 */
size_t lf_app_clashes(const struct lf_app *app, const char *path,
                      void (*found)(void *data, const char *name,
                                    const char *library),
                      void *data);


/* ---- fault points of the test build ----------------------------------- */

#ifdef LINKFUNC_FAULTS
/* Kills the process when LINKFUNC_FAULT in the environment names this point. */
void lf_fault(const char *point);
#else
#define lf_fault(point)  ((void) 0)
#endif

#pragma GCC visibility pop

#endif /* LF_CORE_H */
