/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The application binary interface of nginx link functions.
 *
 * An app is a shared library. nginx opens it in a `server` block
 * (ngx_link_func_lib) and calls one of its functions per `location`
 * (ngx_link_func_call):
 *
 *     #include <ngx_link_func_module.h>
 *
 *     void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle) { }
 *     void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle) { }
 *
 *     void hello(ngx_link_func_ctx_t *ctx)
 *     {
 *         ngx_link_func_write_resp(ctx, 200, NULL, NULL, "hello\n", 6);
 *     }
 *
 *     gcc -shared -fPIC -Wl,-Bsymbolic -o libhello.so hello.c
 *     linkfunc call ./libhello.so hello
 *
 * The functions below are provided by the host that opens the app: the nginx
 * module, the `linkfunc` command, or the unit-test library. Apps link against
 * nothing. All strings are bytes; lengths and sizes are in bytes; a "C string"
 * ends with a NUL.
 *
 * How to read the contracts. Each function ends with one line:
 *
 *     [when | thread | lock | how it fails]
 *
 *   when    "request": inside a handler, with the ctx it was given, until the
 *           handler returns; "cycle": inside the init or exit hook.
 *   thread  "handler thread": the thread that runs the handler or hook (with
 *           `aio threads` that is a pool thread of the worker, and several
 *           handlers of one worker run side by side); a ctx belongs to one
 *           thread at a time. "any": every thread of the worker.
 *   lock    what the call does with the lock of the shared memory.
 *   fails   the value returned on failure; each failure that is a mistake
 *           of the app also writes one [error] line to the log.
 *
 * Ownership is said in four words only: "copied" (the caller's memory is free
 * to go at once), "kept" (must live until the request ends), "borrowed" (valid
 * until the request ends, never freed by the app), "yours" (free it with the
 * function named).
 *
 * Versions
 *   34  ngx_link_func_str_t, ngx_link_func_get_uri
 *   35  ngx_link_func_get_method, _get_variable, _next_header, _get_query_arg,
 *       _counter_add. Older hosts do not have them: an app that uses one of
 *       them is refused there when it is opened or called
 */
#ifndef _NGX_LINK_FUNC_APP_H_INCLUDED_
#define _NGX_LINK_FUNC_APP_H_INCLUDED_

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ngx_link_func_module_version_34  34
#define ngx_link_func_module_version_35  35

/* Ready-made values for the content_type of a response. */
#define ngx_link_func_content_type_plaintext    "text/plain"
#define ngx_link_func_content_type_html         "text/html; charset=utf-8"
#define ngx_link_func_content_type_json         "application/json"
#define ngx_link_func_content_type_jsonp        "application/javascript"
#define ngx_link_func_content_type_xformencoded \
    "application/x-www-form-urlencoded"

#ifdef __cplusplus
extern "C" {
#endif

/* C99 forbids to repeat a typedef; <sys/types.h> has this one by default. */
#if !defined(u_char) && (defined(__cplusplus) || !defined(__USE_MISC)         \
                         || __STDC_VERSION__ >= 201112L)
typedef unsigned char u_char;
#endif


/* A string with a length; not NUL-terminated unless a function says so. */
typedef struct {
    size_t   len;
    u_char  *data;
} ngx_link_func_str_t;


/*
 * A request, as a handler sees it. The host makes it and passes it to the
 * handler; nothing in it is valid after the handler returned.
 */
typedef struct {
    /*
     * The raw query string: what stands between '?' and '#', undecoded, as a
     * writable C string of this request's own. NULL without a '?' and when
     * nothing follows it.
     */
    char    *req_args;

    /*
     * The whole body of a POST, PUT or PATCH request, however large and
     * however it arrived; writable, with one NUL after the last byte that
     * req_body_len does not count. NULL and 0 when there is none, and for
     * every other method.
     */
    u_char  *req_body;
    size_t   req_body_len;

    /*
     * The handle of the shared memory: the first argument of the
     * ngx_link_func_shm*_ and ngx_link_func_cache_* functions. One zone serves
     * all apps, servers and workers of an nginx. Opaque.
     */
    void    *shared_mem;

    /* Private to the host: what they point to is no business of an app. */
    void    *__r__;
    void    *__pl__;
    void    *__log__;
} ngx_link_func_ctx_t;


/*
 * A cycle: the life of an app in one worker process, once for each `server`
 * block that names the library. Valid until the hook returns.
 */
typedef struct {
    void  *shared_mem;           /* as in ngx_link_func_ctx_t */

    /*
     * 0 on entry. An init hook that sets it refuses to start: the worker
     * exits, after the exit hooks of the servers already initialised. Set by
     * an exit hook it is only logged.
     */
    int    has_error;

    /* Private to the host. */
    void  *__cycle__;
    void  *__srv_cf__;
    void  *__pl__;
    void  *__log__;
} ngx_link_func_cycle_t;


/* ------------------------------------------------------------------------
 * What an app provides. All have C linkage and default visibility (an app
 * built with -fvisibility=hidden must export them).
 */

/*
 *     void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle);
 *
 * Called once per worker and `server` block before any request, in the order
 * of the configuration. Mandatory: a library without it is refused.
 *
 *     void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle);
 *
 * Called once for each init, when the worker exits normally (quit,
 * stop, reload), not after a crash. A library without it gets a warning.
 *
 *     void NAME(ngx_link_func_ctx_t *ctx);
 *
 * A handler; any number of them. They are not declared here, since languages
 * other than C declare them in their own way; in C++ write extern "C".
 */

/* ------------------------------------------------------------------------
 * What came in
 */

/*
 * Find the path of the request: percent-decoded, dot segments resolved,
 * slashes merged, without the query string.
 *
 *   str      receives a view: borrowed, read only, not NUL-terminated
 *   returns  0, or -1: the path is empty, or ctx or str is NULL
 *   [request | handler thread | no lock | -1]
 */
int ngx_link_func_get_uri(ngx_link_func_ctx_t *ctx, ngx_link_func_str_t *str);

/*
 * Find a request header by name.
 *
 * Case is ignored, the whole name must match; the first of several wins.
 * Headers of the client come first, then those added by the configuration and
 * by ngx_link_func_add_header_in. Names that nginx drops (with an underscore,
 * for one) are not there.
 *
 *   key      need not be NUL-terminated
 *   keylen   length of key; 0 matches nothing. May be left out when key is a
 *            C string: ngx_link_func_get_header(ctx, "Host")
 *   returns  the value as a C string of its own, writable, borrowed; "" for an
 *            empty value. NULL: no such header, key is NULL, no memory
 *   [request | handler thread | no lock | NULL]
 */
u_char *ngx_link_func_get_header(ngx_link_func_ctx_t *ctx, const char *key,
                                 size_t keylen);

/*
 * Find a property of the app (ngx_link_func_add_prop of the server or, if the
 * server has none at all, of http).
 *
 *   key      need not be NUL-terminated; case is ignored; first match wins
 *   returns  the value as written in the configuration, a C string in memory
 *            of the configuration: read only, the same pointer every time,
 *            valid as long as the worker. NULL: no such property, key is NULL
 *   [request | handler thread | no lock | NULL]
 */
u_char *ngx_link_func_get_prop(ngx_link_func_ctx_t *ctx, const char *key,
                               size_t keylen);

/*
 * Find an argument of the query string.
 *
 * The query string is split at '&'; the first piece that is exactly the key,
 * a '=' and anything wins. Case-sensitive; nothing is decoded: '+' and %xx
 * stay. A piece without '=' never matches.
 *
 *   key      C string; NULL and "" match nothing
 *   returns  the raw value (u_char *) as a C string of its own, writable,
 *            borrowed; "" for "key=". NULL: absent, no query string, no memory
 *   [request | handler thread | no lock | NULL]
 */
void *ngx_link_func_get_query_param(ngx_link_func_ctx_t *ctx, const char *key);

/*
 * Find the method of the request: "GET", "POST", "MY-OWN".
 *
 *   method   receives a view: borrowed, read only, not NUL-terminated
 *   returns  0, or -1: ctx or method is NULL
 *   [request | handler thread | no lock | -1]
 */
int ngx_link_func_get_method(ngx_link_func_ctx_t *ctx,
                             ngx_link_func_str_t *method);

/*
 * Find the value of an nginx variable, as $name in the configuration has it:
 * of nginx itself (request_uri, remote_addr, http_NAME, arg_NAME, cookie_NAME),
 * of a module, or made by set, map and their like.
 *
 *   name     without "$", need not be NUL-terminated; case is ignored
 *   len      length of name; 0 matches nothing
 *   value    receives a NUL-terminated copy, writable, borrowed; it may be
 *            empty. Left alone on -1
 *   returns  0, or -1: no such variable, it has no value now, name or value is
 *            NULL, no memory
 *
 * The code that computes a variable is that of nginx or of another module, and
 * runs in the event loop: a handler on a pool thread waits there until the loop
 * has computed, which costs two switches of threads. It may hold the lock of
 * the shared memory; it must not hold a lock of its own that a handler in the
 * event loop waits for (after 30 seconds the call gives up, with an [error]
 * line). While a worker is being terminated (TERM; with "master_process off"
 * also QUIT and HUP), no variable has a value.
 * The mock host computes what the request alone determines; others are set by
 * hand (linkfunc call --var).
 *   [request | handler thread | no lock | -1]
 */
int ngx_link_func_get_variable(ngx_link_func_ctx_t *ctx, const char *name,
                               size_t len, ngx_link_func_str_t *value);

/*
 * Walk the headers of the request, in the order of ngx_link_func_get_header:
 *
 *     void                *iter = NULL;
 *     ngx_link_func_str_t  name, value;
 *
 *     while (ngx_link_func_next_header(ctx, &iter, &name, &value)) { ... }
 *
 *   iter         *iter is NULL to start, and the host's from then on
 *   name, value  receive views of the next header, the name as it was sent:
 *                borrowed, read only, not NUL-terminated. Each may be NULL
 *   returns      1, or 0: no more headers (and at each further call), ctx or
 *                iter is NULL; then name and value are left alone
 *
 * A header that is added during the walk comes at its end.
 *   [request | handler thread | no lock | 0]
 */
int ngx_link_func_next_header(ngx_link_func_ctx_t *ctx, void **iter,
                              ngx_link_func_str_t *name,
                              ngx_link_func_str_t *value);

/*
 * Find an argument of the query string, decoded.
 *
 * The argument is found as ngx_link_func_get_query_param finds it: the raw name
 * is compared, byte for byte; a piece without '=' never matches. Its value is
 * percent-decoded, once; '+' stays, and so does a '%' that no two hexadecimal
 * digits follow.
 *
 *   name     need not be NUL-terminated
 *   len      length of name; 0 matches nothing
 *   value    receives a NUL-terminated copy, writable, borrowed. %00 gives a
 *            NUL byte that len counts. Left alone on -1
 *   returns  0, or -1: absent, no query string, name or value is NULL, no
 *            memory
 *   [request | handler thread | no lock | -1]
 */
int ngx_link_func_get_query_arg(ngx_link_func_ctx_t *ctx, const char *name,
                                size_t len, ngx_link_func_str_t *value);

/*
 * Add a header to the request, for whoever reads it next: get_header, nginx
 * variables ($http_name), proxy_pass.
 *
 *   key, value        copied; need not be NUL-terminated
 *   keylen, val_len   val_len may be 0, then value may be NULL
 *   returns  0, or -1 and nothing is changed: the name is empty or NULL, name
 *            or value hold CR, LF or NUL, the name steers framing
 *            (Content-Length, Transfer-Encoding, Host, Connection, Expect) or
 *            may stand only once (Authorization, the If-* family,
 *            Content-Range) and is there already; no memory
 *   [request | handler thread | no lock | -1]
 */
int ngx_link_func_add_header_in(ngx_link_func_ctx_t *ctx, const char *key,
                                size_t keylen, const char *value,
                                size_t val_len);


/* ------------------------------------------------------------------------
 * Memory of the request
 */

/*
 * Allocate memory that is freed when the request ends; never free it.
 *
 *   size     0 gives a pointer that is not NULL and must not be written
 *   returns  memory aligned for any pointer, size_t or double, contents
 *            undefined: borrowed. NULL: no memory
 *   [request | handler thread | no lock | NULL]
 */
void *ngx_link_func_palloc(ngx_link_func_ctx_t *ctx, size_t size);

/* As ngx_link_func_palloc, filled with zero bytes. */
void *ngx_link_func_pcalloc(ngx_link_func_ctx_t *ctx, size_t size);

/*
 * Copy a C string into the memory of the request.
 *
 *   src      NULL gives NULL
 *   returns  the copy: borrowed. NULL: no memory
 *   [request | handler thread | no lock | NULL]
 */
char *ngx_link_func_strdup(ngx_link_func_ctx_t *ctx, const char *src);


/* ------------------------------------------------------------------------
 * Log. The text goes to the error_log of nginx with the level debug, info,
 * warn or error, if the level configured there lets it pass. It is written as
 * it is, '%' included. nginx cuts a line at 2048 bytes, its own parts included.
 *
 *   msg      C string, copied; NULL logs nothing but an error
 *   [request | handler thread | no lock | -]   and   [cycle | ...]
 */
void ngx_link_func_log_debug(ngx_link_func_ctx_t *ctx, const char *msg);
void ngx_link_func_log_info(ngx_link_func_ctx_t *ctx, const char *msg);
void ngx_link_func_log_warn(ngx_link_func_ctx_t *ctx, const char *msg);
void ngx_link_func_log_err(ngx_link_func_ctx_t *ctx, const char *msg);

void ngx_link_func_cyc_log_debug(ngx_link_func_cycle_t *cyc, const char *msg);
void ngx_link_func_cyc_log_info(ngx_link_func_cycle_t *cyc, const char *msg);
void ngx_link_func_cyc_log_warn(ngx_link_func_cycle_t *cyc, const char *msg);
void ngx_link_func_cyc_log_err(ngx_link_func_cycle_t *cyc, const char *msg);

/*
 * The same with a printf format, which compilers check:
 *
 *     ngx_link_func_log(info, ctx, "user %s, %d items", user, n);
 *     ngx_link_func_cyc_log(warn, cycle, "no property \"%s\"", name);
 *
 * level is one of the bare words debug, info, warn, err. The text is formatted
 * in the app and may have any length.
 */
#define ngx_link_func_log(level, ctx, ...)                                    \
    ngx_link_func_logf_(ngx_link_func_log_##level, (ctx), __VA_ARGS__)
#define ngx_link_func_cyc_log(level, cyc, ...)                                \
    ngx_link_func_cyc_logf_(ngx_link_func_cyc_log_##level, (cyc), __VA_ARGS__)


/* ------------------------------------------------------------------------
 * What goes out
 */

/*
 * Add a header to the response. It may come before or after write_resp, and is
 * sent even when the app writes no response and nginx answers itself.
 *
 *   key, value        copied; the case of the name is kept (not on HTTP/2)
 *   keylen, val_len   val_len may be 0, then value may be NULL
 *   returns  0, or -1 and nothing is added: the name is empty or NULL, name or
 *            value hold CR, LF or NUL, the name is Content-Length,
 *            Transfer-Encoding or Connection; no memory
 *
 * Several headers of one name are all sent, in order. Content-Type replaces
 * the type of the response; Server and Date replace those of nginx.
 *   [request | handler thread | no lock | -1]
 */
int ngx_link_func_add_header_out(ngx_link_func_ctx_t *ctx, const char *key,
                                 size_t keylen, const char *value,
                                 size_t val_len);

/*
 * Write the response. It is sent after the handler returned; of several calls
 * the last one wins, wholly. Without a call the request goes on to the next
 * content handler of nginx, usually the file system (404).
 *
 *   status_code   200..999; anything else makes the response a 500. 204 and
 *                 304 go out without body, Content-Type and Content-Length
 *   status_line   C string, copied, sent after "HTTP/1.1 " as it is, so it
 *                 should begin with the number: "404 Nothing here". NULL or
 *                 "": the number and nginx's text for it
 *   content_type  C string, copied. NULL or "": text/plain
 *   resp_content  copied; may hold any bytes. NULL: no body
 *   resp_len      length of resp_content; 0: no body (Content-Length: 0)
 *
 * A status line or content type with CR or LF is taken as NULL; a NULL
 * resp_content with a length as no body; each with an [error] line. The answer
 * to a HEAD request has the same header and no body: write it as for GET.
 *   [request | handler thread | no lock | a 500 is sent]
 */
void ngx_link_func_write_resp(ngx_link_func_ctx_t *ctx, uintptr_t status_code,
                              const char *status_line,
                              const char *content_type,
                              const char *resp_content, size_t resp_len);

/*
 * As ngx_link_func_write_resp, with the lengths of the strings: a length may
 * be shorter than the C string; NULL or a length of 0 mean the default.
 */
void ngx_link_func_write_resp_l(ngx_link_func_ctx_t *ctx,
                                uintptr_t status_code,
                                const char *status_line,
                                size_t status_line_len,
                                const char *content_type,
                                size_t content_type_len,
                                const char *resp_content,
                                size_t resp_content_len);


/* ------------------------------------------------------------------------
 * Cycle
 */

/* As ngx_link_func_get_prop; cyc NULL gives NULL. [cycle | ... | NULL] */
u_char *ngx_link_func_cyc_get_prop(ngx_link_func_cycle_t *cyc, const char *key,
                                   size_t keylen);


/* ------------------------------------------------------------------------
 * Shared memory. `shared_mem` is the handle in ctx or cycle. The zone has the
 * size of ngx_link_func_shm_size (1m by default) and outlives workers and
 * reloads. It is mapped at the same address in all workers, so pointers into
 * it can be stored in it.
 *
 * One lock guards the zone. The owner is a thread of a worker process:
 *   - the owner's second lock returns at once with an [error] line and does
 *     not nest: one unlock frees;
 *   - the functions below that allocate, free or use the cache take the lock
 *     when the calling thread does not hold it, and do not when it does: they
 *     are safe either way;
 *   - any thread of the worker that holds it may unlock; an unlock by anybody
 *     else has no effect;
 *   - a handler or hook that returns with the lock held is an error: the host
 *     unlocks and says so;
 *   - when a worker dies with the lock, it is recovered. If it died inside one
 *     of these functions, the zone is emptied with an [alert] line: keys may
 *     be missing, never broken.
 *
 * The address of a value in the cache stays valid only while the caller holds
 * the lock: hold it around cache_get and the use of what it returned.
 *
 *   shared_mem NULL: one [error] line, and the function's failure value
 */

/*
 * Take the lock if it is free.
 *
 *   returns  1: taken. 0: somebody holds it, the caller included
 *   [any time | any | takes | 0]
 */
uintptr_t ngx_link_func_shmtx_trylock(void *shared_mem);

/* Take the lock; waits for it. [any time | any | takes | -] */
void ngx_link_func_shmtx_lock(void *shared_mem);

/* Free the lock. [any time | any of the worker that holds it | frees | -] */
void ngx_link_func_shmtx_unlock(void *shared_mem);

/*
 * Allocate in the shared memory.
 *
 *   size     0 is taken as the smallest block
 *   returns  memory, not zeroed, aligned as for ngx_link_func_palloc: yours,
 *            free it with ngx_link_func_shm_free or
 *            ngx_link_func_shm_free_locked, in any worker. NULL: no room
 *   [any time | any | takes it if the caller does not hold it | NULL]
 */
void *ngx_link_func_shm_alloc(void *shared_mem, size_t size);

/*
 * Free memory of ngx_link_func_shm_alloc[_locked], or a value of the cache
 * that was taken out of it. NULL, a second time and a foreign pointer are
 * refused with a line in the log.
 *   [any time | any | takes it if the caller does not hold it | -]
 */
void ngx_link_func_shm_free(void *shared_mem, void *ptr);

/*
 * The same two for callers that hold the lock. The name is a promise that the
 * host does not rely on: without the lock it takes it, and says so on the mock.
 */
void *ngx_link_func_shm_alloc_locked(void *shared_mem, size_t size);
void ngx_link_func_shm_free_locked(void *shared_mem, void *ptr);

/*
 * Find the value of a key. The time does not depend on the number of keys.
 *
 *   key      C string, compared byte for byte; "" is a key
 *   returns  the pointer stored under the key: valid while the caller holds
 *            the lock. NULL: no such key, or key is NULL
 *   [any time | any | takes it if the caller does not hold it | NULL]
 */
void *ngx_link_func_cache_get(void *shared_mem, const char *key);

/*
 * Store a pointer under a key.
 *
 *   key      C string, copied
 *   value    kept: must point into the shared memory
 *   returns  the value that was there: yours, free it with
 *            ngx_link_func_shm_free. NULL: the key is new, or there was no
 *            room (then an [error] line is written and nothing is changed)
 *   [any time | any | takes it if the caller does not hold it | NULL]
 */
void *ngx_link_func_cache_put(void *shared_mem, const char *key, void *value);

/*
 * Get the block of a key, or make it.
 *
 *   key      C string, copied
 *   size     bytes that the caller needs
 *   returns  the block of the key: the one that is there when it is large
 *            enough, contents untouched; else a new one, not zeroed (the old
 *            block, if any, stays allocated: others may use it). It is the
 *            cache's until ngx_link_func_cache_remove. NULL: no room, and
 *            nothing is changed
 *   [any time | any | takes it if the caller does not hold it | NULL]
 */
void *ngx_link_func_cache_new(void *shared_mem, const char *key, size_t size);

/*
 * Take a key out of the cache.
 *
 *   returns  its value: yours, free it with ngx_link_func_shm_free. NULL: no
 *            such key, or key is NULL
 *   [any time | any | takes it if the caller does not hold it | NULL]
 */
void *ngx_link_func_cache_remove(void *shared_mem, const char *key);

/*
 * Add to a counter, in one step that no other worker or thread can come
 * between. A key that is not there becomes a counter of 0 first.
 *
 *   key      C string, copied
 *   delta    may be negative, or 0: then the counter is only read
 *   result   receives the sum; may be NULL
 *   returns  0, or -1 and nothing is changed: the key holds what is not a
 *            counter, no room, key is NULL
 *
 * A sum beyond the 64 bits of int64_t wraps round. In the cache a counter is a
 * block of 8 bytes: cache_get gives its address, an int64_t, and cache_remove
 * takes it out. A block of cache_new or a value of cache_put is not a counter,
 * whatever its size.
 *   [any time | any | takes it if the caller does not hold it | -1]
 */
int ngx_link_func_counter_add(void *shared_mem, const char *key, int64_t delta,
                              int64_t *result);


/* ------------------------------------------------------------------------
 * Behind the macros; not to be called by name. They are compiled into the app,
 * so an app imports the functions above and nothing else.
 */

#if defined(__GNUC__)
#define NGX_LINK_FUNC_PRINTF_(fmt, args)                                      \
    __attribute__((format(printf, fmt, args), unused))
#else
#define NGX_LINK_FUNC_PRINTF_(fmt, args)
#endif

/* Formats into buf, or into malloc'ed memory when that is too small. */
NGX_LINK_FUNC_PRINTF_(3, 0) static inline char *
ngx_link_func_format_(char *buf, size_t size, const char *fmt, va_list args)
{
    int      len;
    char    *text;
    va_list  again;

    va_copy(again, args);
    len = vsnprintf(buf, size, fmt, again);
    va_end(again);

    if (len < 0) {
        buf[0] = '\0';
        return buf;
    }

    if ((size_t) len < size) {
        return buf;
    }

    text = (char *) malloc((size_t) len + 1);
    if (text == NULL) {
        return buf;
    }

    (void) vsnprintf(text, (size_t) len + 1, fmt, args);

    return text;
}

NGX_LINK_FUNC_PRINTF_(3, 4) static inline void
ngx_link_func_logf_(void (*log)(ngx_link_func_ctx_t *, const char *),
                    ngx_link_func_ctx_t *ctx, const char *fmt, ...)
{
    char     buf[512], *text;
    va_list  args;

    va_start(args, fmt);
    text = ngx_link_func_format_(buf, sizeof(buf), fmt, args);
    va_end(args);

    log(ctx, text);

    if (text != buf) {
        free(text);
    }
}

NGX_LINK_FUNC_PRINTF_(3, 4) static inline void
ngx_link_func_cyc_logf_(void (*log)(ngx_link_func_cycle_t *, const char *),
                        ngx_link_func_cycle_t *cyc, const char *fmt, ...)
{
    char     buf[512], *text;
    va_list  args;

    va_start(args, fmt);
    text = ngx_link_func_format_(buf, sizeof(buf), fmt, args);
    va_end(args);

    log(cyc, text);

    if (text != buf) {
        free(text);
    }
}

static inline u_char *
ngx_link_func_get_header_c_(ngx_link_func_ctx_t *ctx, const char *key)
{
    return (ngx_link_func_get_header)(ctx, key, key ? strlen(key) : 0);
}

#ifdef __cplusplus
}

/* ngx_link_func_get_header without a length, the C++ way. */
static inline u_char *
ngx_link_func_get_header(ngx_link_func_ctx_t *ctx, const char *key)
{
    return ngx_link_func_get_header_c_(ctx, key);
}

#else

/* ngx_link_func_get_header without a length, the C way: two arguments pick
 * the inline function above, any other number the real one. */
#define NGX_LINK_FUNC_9TH_(a, b, c, d, e, f, g, h, i, ...)  i
#define ngx_link_func_get_header(...)                                         \
    NGX_LINK_FUNC_9TH_(__VA_ARGS__, (ngx_link_func_get_header),               \
                       (ngx_link_func_get_header),                            \
                       (ngx_link_func_get_header),                            \
                       (ngx_link_func_get_header),                            \
                       (ngx_link_func_get_header),                            \
                       (ngx_link_func_get_header),                            \
                       ngx_link_func_get_header_c_,                           \
                       (ngx_link_func_get_header), )(__VA_ARGS__)

#endif

#endif /* _NGX_LINK_FUNC_APP_H_INCLUDED_ */
