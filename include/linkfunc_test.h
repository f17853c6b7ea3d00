/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests for apps: a mock host, requests in one expression, and everything
 * an app left behind to look at. Works with cmocka (include
 * linkfunc_test_cmocka.h instead of this file) and with any other framework,
 * or none (see linkfunc_test_set_fail).
 *
 *     #include <linkfunc_test_cmocka.h>
 *
 *     void hello(ngx_link_func_ctx_t *ctx);      (the app's source is linked)
 *
 *     static void
 *     hello_greets_by_name(void **state)
 *     {
 *         struct linkfunc_test_host      *host;
 *         struct linkfunc_test_response  *r;
 *
 *         host = linkfunc_test_host_new(NULL);
 *         r = LINKFUNC_TEST_CALL(host, hello, .target = "/?name=Ada");
 *
 *         linkfunc_test_assert_status(r, 200);
 *         linkfunc_test_assert_body(r, "hello Ada\n");
 *
 *         linkfunc_test_host_free(&host);
 *     }
 *
 * Link with -llinkfunc_test (LinkFunc::test in CMake). It is a shared library,
 * since an app's .so under test binds to the ABI functions in it.
 *
 * The contracts. Ownership is said in four words: "copied" (the caller's
 * memory is free to go at once), "kept" (must live until the host is freed),
 * "borrowed" (valid until the host is freed, never freed by the test), "yours"
 * (free it with the function named). All strings are C strings unless a length
 * stands beside them. A host belongs to the thread that made it, but
 * linkfunc_test_call may run in several threads at once. `host` and `r` are
 * never NULL, nothing else is unless it says so. What cannot be done (no
 * memory, no such symbol) fails the test, with the line of the call.
 */
#ifndef LINKFUNC_TEST_H
#define LINKFUNC_TEST_H

#include <stddef.h>
#include <stdint.h>

#include "ngx_link_func_module.h"

#if defined(__GNUC__)
#define LINKFUNC_TEST_PRINTF_(fmt, args)                                       \
    __attribute__((format(printf, fmt, args)))
#else
#define LINKFUNC_TEST_PRINTF_(fmt, args)
#endif

#ifdef __cplusplus
/* Members that an initialiser leaves out are zero, without a warning. */
#define LINKFUNC_TEST_ZERO_  = {}
extern "C" {
#else
#define LINKFUNC_TEST_ZERO_
#endif


/* ------------------------------------------------------------------------
 * How a test fails
 */

typedef void (*linkfunc_test_fail_pt)(const char *file, int line,
                                      const char *text);

/*
 * Say what to do when an assertion of this library fails: usually to hand the
 * three to the test framework. It may longjmp, throw or end the process; if it
 * returns, the call that failed returns 0, NULL or an empty response.
 *
 *   fail     kept until the next call; NULL: the default, which prints
 *            "file:line: text" to stderr and aborts
 *   [any time | one thread, before tests run]
 */
void linkfunc_test_set_fail(linkfunc_test_fail_pt fail);


/* ------------------------------------------------------------------------
 * The host
 */

struct linkfunc_test_host;

struct linkfunc_test_options {
    size_t    shm_size LINKFUNC_TEST_ZERO_;   /* bytes; 0: 1m, as nginx */
    int       fast_pool LINKFUNC_TEST_ZERO_;  /* nginx's blocks, no checks */
    int       show_log LINKFUNC_TEST_ZERO_;   /* log lines to stderr too */
};

/*
 * Make a host: an empty zone, no properties, no findings. One lives at a time.
 * A host that a failed test left behind is freed first; what it had found is
 * printed.
 *
 *   options  copied; NULL: all zero
 *   returns  the host: yours, free it with linkfunc_test_host_free
 */
#define linkfunc_test_host_new(options)                                       \
    linkfunc_test_host_new_at((options), __FILE__, __LINE__)

/*
 * Close the app, free all, and check: the test fails when a rule of the ABI
 * was broken that linkfunc_test_expect_finding did not name, or one that it
 * named was not. Everything is freed before that.
 *
 *   host     set to NULL; *host may be NULL
 */
#define linkfunc_test_host_free(host)                                         \
    linkfunc_test_host_free_at((host), __FILE__, __LINE__)

/* ngx_link_func_add_prop KEY VALUE; both copied. */
#define linkfunc_test_add_prop(host, key, value)                              \
    linkfunc_test_add_prop_at((host), (key), (value), __FILE__, __LINE__)

/* ngx_link_func_add_req_header NAME VALUE, for calls from now; both copied. */
#define linkfunc_test_add_req_header(host, name, value)                       \
    linkfunc_test_add_req_header_at((host), (name), (value), __FILE__,        \
                                    __LINE__)


/* ------------------------------------------------------------------------
 * The app: either its sources are linked into the test, and its functions are
 * named as they are, or its .so is opened. Opened again, an app starts with
 * fresh variables: it is closed with the host.
 */

typedef void (*linkfunc_test_handler_pt)(ngx_link_func_ctx_t *ctx);
typedef void (*linkfunc_test_hook_pt)(ngx_link_func_cycle_t *cycle);

/*
 * Open an app's .so; no hook is called. Fails the test as nginx would refuse
 * the library: not there, not ELF, no init hook. Once per host.
 */
#define linkfunc_test_open(host, path)                                        \
    linkfunc_test_open_at((host), (path), __FILE__, __LINE__)

/* The handler of that name in the open app: borrowed. */
#define linkfunc_test_symbol(host, name)                                      \
    linkfunc_test_symbol_at((host), (name), __FILE__, __LINE__)

/*
 * Run a hook as nginx does when a worker starts and ends.
 *
 *   hook     NULL: the one of the open app (a missing exit hook is skipped)
 *   returns  has_error as the hook left it
 */
#define linkfunc_test_init(host, hook)                                        \
    linkfunc_test_init_at((host), (hook), __FILE__, __LINE__)
#define linkfunc_test_exit(host, hook)                                        \
    linkfunc_test_exit_at((host), (hook), __FILE__, __LINE__)


/* ------------------------------------------------------------------------
 * A request
 */

#define LINKFUNC_TEST_HEADERS    32
#define LINKFUNC_TEST_VARIABLES  16

/* In C++ initialisers keep this order. Everything is copied. */
struct linkfunc_test_request {
    linkfunc_test_handler_pt  handler LINKFUNC_TEST_ZERO_;

    /* NULL: GET, and POST for a request with a body. */
    const char  *method LINKFUNC_TEST_ZERO_;

    /* As on the wire: "/path?args", undecoded. NULL: "/". */
    const char  *target LINKFUNC_TEST_ZERO_;

    /*
     * "Name: value" each, sent in this order. Host (localhost) and, with a
     * body, Content-Length are sent first unless they are here.
     */
    const char  *headers[LINKFUNC_TEST_HEADERS] LINKFUNC_TEST_ZERO_;

    /* body_len 0: body is a C string. NULL: no body. */
    const char  *body LINKFUNC_TEST_ZERO_;
    size_t       body_len LINKFUNC_TEST_ZERO_;

    /* Let the Nth allocation of the request fail, counted from 1; 0: none. */
    unsigned long  fail_alloc LINKFUNC_TEST_ZERO_;

    int          http_1_0 LINKFUNC_TEST_ZERO_;

    /* "NAME=VALUE" each, for ngx_link_func_get_variable; they come first. */
    const char  *variables[LINKFUNC_TEST_VARIABLES] LINKFUNC_TEST_ZERO_;
};

/*
 * A line of the log. level is "debug", "info", "warn", "error" or, from the
 * host only, "alert". text is the message alone; it may hold more than a C
 * string, hence len.
 */
struct linkfunc_test_log_line {
    const char     *level;
    const char     *text;
    size_t          len;
    unsigned long   request;     /* its number, 0: of a hook */
    int             by_app;      /* 0: the host wrote it */
};

/* A rule of the ABI that an app broke or bent. */
struct linkfunc_test_finding {
    const char     *id;          /* "LF-203" */
    const char     *rule;        /* the rule in one sentence */
    const char     *text;        /* what happened */
    unsigned long   request;     /* number of the request, 0: in a hook */
    unsigned        count;       /* how often at the same place */
    int             breaks;      /* 1: fails the test at the end */
};

struct linkfunc_test_header {
    const char  *name, *value;
};

/* What a client of nginx would get, and what it cost. All borrowed. */
struct linkfunc_test_response {
    int             status;
    const char     *status_line;     /* "200 OK" */
    const char     *content_type;    /* "" when none is sent */
    const char     *body;            /* one NUL after the last byte */
    size_t          body_len;
    int             by_app;          /* 0: a page of nginx: 404, 400, 500 */
    unsigned        written;         /* calls of write_resp */

    const struct linkfunc_test_header    *headers;   /* in nginx's order */
    size_t                                header_count;

    const struct linkfunc_test_log_line  *log;       /* of this request */
    size_t                                log_count;

    size_t          allocs;          /* by calls of the app, copies included */
    size_t          alloc_bytes;
    unsigned long   number;          /* of the request, from 1 */
};

/*
 * Make a request, run the handler, end the request: its memory is gone when
 * this returns.
 *
 *     r = LINKFUNC_TEST_CALL(host, hello);
 *     r = LINKFUNC_TEST_CALL(host, upload, .method = "PUT", .target = "/f?x=1",
 *                            .headers = {"Content-Type: text/csv"},
 *                            .body = "a,b\n");
 *     r = LINKFUNC_TEST_CALL(host, linkfunc_test_symbol(host, "hello"));
 *
 * handler NULL: as if the location named no function. A request that nginx
 * refuses gets nginx's answer and the handler is not called.
 *
 *   returns  the response: borrowed, never NULL
 */
#ifndef __cplusplus
#define LINKFUNC_TEST_CALL(host, ...)                                         \
    linkfunc_test_call_at((host),                                             \
        &(const struct linkfunc_test_request) { .handler = __VA_ARGS__ },     \
        __FILE__, __LINE__)
#else
/* C++20, and before that an extension that g++ and clang have. */
#define LINKFUNC_TEST_CALL(host, ...)                                         \
    linkfunc_test_call_ref_((host),                                           \
        linkfunc_test_request { .handler = __VA_ARGS__ }, __FILE__, __LINE__)
#endif

/* The same with a request made elsewhere. */
#define linkfunc_test_call(host, request)                                     \
    linkfunc_test_call_at((host), (request), __FILE__, __LINE__)

/* The value of the first header of that name, any case: borrowed, or NULL. */
const char *linkfunc_test_get_header(const struct linkfunc_test_response *r,
                                     const char *name);


/* ------------------------------------------------------------------------
 * What was logged and found, hooks included, oldest first
 */

/* The nth, from 0: borrowed; NULL: there are no more. */
const struct linkfunc_test_log_line *
    linkfunc_test_get_log(struct linkfunc_test_host *host, size_t n);
const struct linkfunc_test_finding *
    linkfunc_test_get_finding(struct linkfunc_test_host *host, size_t n);

/* This rule is broken on purpose: id is copied, "LF-502". */
#define linkfunc_test_expect_finding(host, id)                                \
    linkfunc_test_expect_finding_at((host), (id), __FILE__, __LINE__)


/* ------------------------------------------------------------------------
 * The shared memory. Tests use the ABI functions on the handle, too, to
 * prepare what an app will find: ngx_link_func_cache_new(shm, "key", 8). Each
 * call takes the lock if the calling thread does not hold it.
 */

/* The handle that handlers get as ctx->shared_mem: borrowed. */
void *linkfunc_test_shared_mem(struct linkfunc_test_host *host);

/*
 * The value of a key, or NULL: borrowed until the app changes it.
 *
 *   size     receives the size of its block; may be NULL
 */
void *linkfunc_test_cache_get(struct linkfunc_test_host *host,
                              const char *key, size_t *size);

/*
 * Walk all keys, in no order; no call of the app between two steps.
 *
 *   iter     0 to start
 *   returns  1 and a key with its value and size, or 0 at the end
 */
int linkfunc_test_cache_next(struct linkfunc_test_host *host, uint64_t *iter,
                             const char **key, void **value, size_t *size);
size_t linkfunc_test_cache_count(struct linkfunc_test_host *host);

/* Pages of 4096 bytes that the zone can hand out, and those still free. */
void linkfunc_test_zone_pages(struct linkfunc_test_host *host, size_t *all,
                              size_t *unused);


/* ------------------------------------------------------------------------
 * Assertions. A failing one prints what was expected, what there was, and the
 * log of the request. They return 1, or 0 when the fail function returns.
 */

#define linkfunc_test_assert_status(r, status)                                \
    linkfunc_test_assert_status_at((r), (status), __FILE__, __LINE__)

/* The whole body; body is a C string. */
#define linkfunc_test_assert_body(r, body)                                    \
    linkfunc_test_assert_body_at((r), (body), __FILE__, __LINE__)
#define linkfunc_test_assert_body_bytes(r, bytes, len)                        \
    linkfunc_test_assert_body_bytes_at((r), (bytes), (len), __FILE__, __LINE__)
#define linkfunc_test_assert_body_contains(r, part)                           \
    linkfunc_test_assert_body_contains_at((r), (part), __FILE__, __LINE__)

/* The value of the first header of that name; value NULL: it is not there. */
#define linkfunc_test_assert_header(r, name, value)                           \
    linkfunc_test_assert_header_at((r), (name), (value), __FILE__, __LINE__)

/* A line of that level (NULL: any), of any request or hook, holds part. */
#define linkfunc_test_assert_logged(host, level, part)                        \
    linkfunc_test_assert_logged_at((host), (level), (part), __FILE__, __LINE__)

/* No rule was even bent: also what would not fail the test. */
#define linkfunc_test_assert_no_findings(host)                                \
    linkfunc_test_assert_no_findings_at((host), __FILE__, __LINE__)

/* For checks of your own: fails with a printf text. Returns 0. */
#define linkfunc_test_fail(...)                                               \
    linkfunc_test_fail_at(__FILE__, __LINE__, __VA_ARGS__)


/* ------------------------------------------------------------------------
 * Behind the macros: file and line are those of the test.
 */

struct linkfunc_test_host *
    linkfunc_test_host_new_at(const struct linkfunc_test_options *options,
                              const char *file, int line);
void linkfunc_test_host_free_at(struct linkfunc_test_host **host,
                                const char *file, int line);
int linkfunc_test_add_prop_at(struct linkfunc_test_host *host, const char *key,
                              const char *value, const char *file, int line);
int linkfunc_test_add_req_header_at(struct linkfunc_test_host *host,
                                    const char *name, const char *value,
                                    const char *file, int line);
int linkfunc_test_open_at(struct linkfunc_test_host *host, const char *path,
                          const char *file, int line);
linkfunc_test_handler_pt
    linkfunc_test_symbol_at(struct linkfunc_test_host *host, const char *name,
                            const char *file, int line);
int linkfunc_test_init_at(struct linkfunc_test_host *host,
                          linkfunc_test_hook_pt hook, const char *file,
                          int line);
int linkfunc_test_exit_at(struct linkfunc_test_host *host,
                          linkfunc_test_hook_pt hook, const char *file,
                          int line);
struct linkfunc_test_response *
    linkfunc_test_call_at(struct linkfunc_test_host *host,
                          const struct linkfunc_test_request *request,
                          const char *file, int line);
int linkfunc_test_expect_finding_at(struct linkfunc_test_host *host,
                                    const char *id, const char *file,
                                    int line);
int linkfunc_test_assert_status_at(const struct linkfunc_test_response *r,
                                   int status, const char *file, int line);
int linkfunc_test_assert_body_at(const struct linkfunc_test_response *r,
                                 const char *body, const char *file, int line);
int linkfunc_test_assert_body_bytes_at(const struct linkfunc_test_response *r,
                                       const void *bytes, size_t len,
                                       const char *file, int line);
int linkfunc_test_assert_body_contains_at(
    const struct linkfunc_test_response *r, const char *part, const char *file,
    int line);
int linkfunc_test_assert_header_at(const struct linkfunc_test_response *r,
                                   const char *name, const char *value,
                                   const char *file, int line);
int linkfunc_test_assert_logged_at(struct linkfunc_test_host *host,
                                   const char *level, const char *part,
                                   const char *file, int line);
int linkfunc_test_assert_no_findings_at(struct linkfunc_test_host *host,
                                        const char *file, int line);
LINKFUNC_TEST_PRINTF_(3, 4)
int linkfunc_test_fail_at(const char *file, int line, const char *format, ...);

#ifdef __cplusplus
}

static inline linkfunc_test_response *
linkfunc_test_call_ref_(linkfunc_test_host *host,
                        const linkfunc_test_request &request, const char *file,
                        int line)
{
    return linkfunc_test_call_at(host, &request, file, line);
}
#endif

#endif /* LINKFUNC_TEST_H */
