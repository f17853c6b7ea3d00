/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the module share. The module is a host of core: it gives
 * it requests, memory, log and the zone (lf_port.h), and decides when in the
 * life of nginx an app runs. What an ABI function means is decided in core.
 */
#ifndef NGX_HTTP_LINK_FUNC_MODULE_H
#define NGX_HTTP_LINK_FUNC_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "core/lf_conf.h"
#include "core/lf_core.h"
#include "core/lf_port.h"

/* Apps bind to the ABI alone: nothing else of ours may catch their names. */
#pragma GCC visibility push(hidden)

/* The same two fields, but two types. */
static ngx_inline lf_str_t
ngx_http_link_func_lf(const ngx_str_t *str)
{
    return (lf_str_t) { str->len, str->data };
}


static ngx_inline ngx_str_t
ngx_http_link_func_ngx(const lf_str_t *str)
{
    return (ngx_str_t) { str->len, str->data };
}


static ngx_inline ngx_uint_t
ngx_http_link_func_str_eq(const ngx_str_t *a, const ngx_str_t *b)
{
    return a->len == b->len
           && (a->len == 0 || ngx_memcmp(a->data, b->data, a->len) == 0);
}


/* The file and the line of a directive. */
typedef struct {
    ngx_str_t                     file;
    ngx_uint_t                    line;
} ngx_http_link_func_pos_t;

/* A function that locations of a server call: once for each name. */
typedef struct {
    ngx_str_t                     name;
    ngx_http_link_func_pos_t      pos;
    lf_handler_pt                 handler;    /* in a worker: never NULL */
} ngx_http_link_func_call_t;

typedef struct ngx_http_link_func_srv_conf_s  ngx_http_link_func_srv_conf_t;

/* A library: opened once in a worker, by all servers that name it. */
typedef struct {
    ngx_str_t                     path;       /* what dlopen gets */
    ngx_http_link_func_srv_conf_t  *scf;      /* the first that names it */
    ngx_uint_t                    servers;    /* that have not ended it yet */
    struct lf_app                 app;
    unsigned                      open:1;
} ngx_http_link_func_lib_t;

typedef struct {
    ngx_str_t                     name;
    ngx_str_t                     lowcase;
    ngx_http_complex_value_t      value;
} ngx_http_link_func_req_header_t;

typedef struct {
    ngx_str_t                     uri;
    unsigned                      flags;      /* LF_SUBREQUEST_ */
} ngx_http_link_func_sub_t;

/* The directives that are set in a block, a bit each: first in all three. */
typedef ngx_uint_t  ngx_http_link_func_seen_t;

typedef struct {
    ngx_http_link_func_seen_t     seen;
    size_t                        shm_size;
    ngx_shm_zone_t               *shm_zone;   /* NULL: no server has an app */
    struct lf_zone                zone;       /* of this process */
    ngx_array_t                   libs;       /* ngx_http_link_func_lib_t */
    ngx_array_t                   servers;    /* ..._srv_conf_t *, with lib */
} ngx_http_link_func_main_conf_t;

typedef struct ngx_http_link_func_download_s  ngx_http_link_func_download_t;

struct ngx_http_link_func_srv_conf_s {
    ngx_http_link_func_seen_t     seen;
    ngx_str_t                     path;       /* data NULL: no app */
    ngx_str_t                     check_path; /* what will be at path */
    ngx_str_t                     ca_cert;
    ngx_str_t                     sha256;
    ngx_http_link_func_download_t  *download; /* NULL: path is there */
    ngx_http_link_func_pos_t      pos;
    ngx_array_t                  *calls;      /* ..._call_t * */
    ngx_array_t                  *prop_list;  /* struct lf_prop */
    struct lf_props               props;
    ngx_http_link_func_lib_t     *lib;
    struct lf_cycle               cycle;
    struct lf_zone               *zone;
    unsigned                      init_done:1;
};

typedef struct {
    ngx_http_link_func_seen_t     seen;
    ngx_http_link_func_call_t    *call;       /* NULL: no app here */
    ngx_array_t                  *headers;    /* ..._req_header_t */
    ngx_array_t                  *subs;       /* ..._sub_t */
    unsigned                      subs_inherited:1;
} ngx_http_link_func_loc_conf_t;

#if (NGX_THREADS)

/*
 * What a handler in a thread uses instead of its request: the event loop may
 * serve other subrequests of the same client meanwhile, and neither a pool nor
 * a list of nginx bears two threads.
 */
typedef struct ngx_http_link_func_thread_s {
    ngx_pool_t                   *pool;
    ngx_log_t                     log;
    ngx_http_log_ctx_t            log_ctx;
    ngx_list_t                    headers_in; /* a copy, then those added */
    ngx_uint_t                    copied;     /* of them, or handed over */
    ngx_list_t                    headers_out;
    ngx_uint_t                    sent;       /* of them, handed over */
    lf_handler_pt                 handler;
} ngx_http_link_func_thread_t;

#endif

/*
 * The state of a request in a call location. It changes in callbacks of the
 * event loop only, so a phase that is run again finds where it was.
 */
typedef enum {
    NGX_HTTP_LINK_FUNC_START = 0,
    NGX_HTTP_LINK_FUNC_READING,               /* the body is being read */
    NGX_HTTP_LINK_FUNC_READY,                 /* it is complete */
    NGX_HTTP_LINK_FUNC_RUNNING,               /* the handler, in a thread */
    NGX_HTTP_LINK_FUNC_DONE                   /* the handler has returned */
} ngx_http_link_func_state_e;

typedef struct {
    struct lf_request             request;    /* first: core hands it back */
    ngx_http_request_t           *r;
    ngx_http_link_func_state_e    state;
    unsigned                      in_read:1;  /* below the reading call */
    unsigned                      has_body:1; /* the method may have one */
    unsigned                      sub_runs:1; /* a subrequest of the list */
    ngx_uint_t                    subs_done;
    ngx_uint_t                    sub_status; /* of the last one */
    ngx_buf_t                     buf;        /* of the answer */
#if (NGX_THREADS)
    struct ngx_http_link_func_thread_s  *thread; /* NULL: no thread */
#endif
} ngx_http_link_func_ctx_t;

extern ngx_module_t  ngx_http_link_func_module;


/* ---- configuration ---------------------------------------------------- */

extern ngx_command_t  ngx_http_link_func_commands[];

void *ngx_http_link_func_create_main_conf(ngx_conf_t *cf);
char *ngx_http_link_func_init_main_conf(ngx_conf_t *cf, void *conf);
void *ngx_http_link_func_create_srv_conf(ngx_conf_t *cf);
char *ngx_http_link_func_merge_srv_conf(ngx_conf_t *cf, void *parent,
    void *child);
void *ngx_http_link_func_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_link_func_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);

/*
 * Check every library that the configuration names, without running code of
 * an app in this process. NGX_ERROR: refused, and the reason is logged.
 */
ngx_int_t ngx_http_link_func_check_libs(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf);


/* ---- life of the apps in a worker ------------------------------------- */

/*
 * Open all libraries, run all init hooks. NGX_ERROR: the worker must end; what
 * was started is ended already.
 */
ngx_int_t ngx_http_link_func_start_apps(ngx_cycle_t *cycle,
    ngx_http_link_func_main_conf_t *mcf);

/* Run the exit hooks of what was started, once. */
void ngx_http_link_func_stop_apps(ngx_http_link_func_main_conf_t *mcf);


/* ---- requests --------------------------------------------------------- */

ngx_int_t ngx_http_link_func_preaccess_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_link_func_precontent_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_link_func_content_handler(ngx_http_request_t *r);

/*
 * The subrequests of the location, one after another. NGX_OK: all are done;
 * NGX_AGAIN: the phases go on when one is; else the status for the client.
 */
ngx_int_t ngx_http_link_func_run_subs(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_http_link_func_loc_conf_t *lcf);

/* Add a header that core has checked to the response. */
ngx_int_t ngx_http_link_func_add_header_out(ngx_http_request_t *r,
    ngx_str_t *name, u_char *lowcase, ngx_str_t *value);

#if (NGX_THREADS)

/* The pool whose threads run the handlers of this location; NULL: none. */
ngx_thread_pool_t *ngx_http_link_func_thread_pool(ngx_http_request_t *r);

/*
 * Give the handler to a thread; the phases run again when it has returned.
 * NGX_DONE, or the status for the client.
 */
ngx_int_t ngx_http_link_func_thread_post(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx, ngx_thread_pool_t *tp,
    lf_handler_pt handler);

/* Wait until no handler runs in a thread; from now on nothing is posted. */
void ngx_http_link_func_thread_wait(void);

/* What the handler of a request has added so far is put into it. */
ngx_int_t ngx_http_link_func_thread_add_headers(
    ngx_http_link_func_ctx_t *ctx);

/* In the loop: 1 when no handler is in a thread, or posted to one. */
ngx_uint_t ngx_http_link_func_thread_idle(void);

/* The pools of this process are those of an earlier configuration. */
void ngx_http_link_func_thread_disable(void);

/* Let threads post to the loop. Any number of calls. */
ngx_int_t ngx_http_link_func_event_open(void);

/* What is posted after this is not processed. */
void ngx_http_link_func_event_close(void);

/* In a thread of a pool, before it runs a handler. */
void ngx_http_link_func_event_init_thread(void);

/* In such a thread: 1 and a copy of the variable, or 0: none. */
ngx_uint_t ngx_http_link_func_event_variable(ngx_http_link_func_ctx_t *ctx,
    ngx_str_t *name, ngx_str_t *value);

/* In the loop: compute the variables that are posted. */
void ngx_http_link_func_event_process_posted(void);

/* Take the lock of the zone, and process what is posted meanwhile. */
void ngx_http_link_func_event_lock(ngx_shmtx_t *lock);

#endif

/*
 * The whole body in one writable buffer with a NUL behind it; *body NULL:
 * there is none. NGX_ERROR: it is not whole, or there is no memory.
 */
ngx_int_t ngx_http_link_func_copy_body(ngx_http_request_t *r, u_char **body,
    size_t *len);

/* Send what the app answered. */
ngx_int_t ngx_http_link_func_send_response(ngx_http_request_t *r,
    ngx_http_link_func_ctx_t *ctx);

/* Add a request header that core has checked. The strings are not copied. */
ngx_int_t ngx_http_link_func_add_header_in(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *lowcase, ngx_str_t *value);

/* The headers of ngx_link_func_add_req_header for this location. */
ngx_int_t ngx_http_link_func_apply_headers(ngx_http_request_t *r,
    ngx_array_t *headers);


/* ---- shared memory ---------------------------------------------------- */

ngx_int_t ngx_http_link_func_zone_init(ngx_shm_zone_t *shm_zone, void *data);

#pragma GCC visibility pop

#endif /* NGX_HTTP_LINK_FUNC_MODULE_H */
