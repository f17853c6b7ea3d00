/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In a worker: the path of a request through its location, and of the requests
 * inside it that ngx_link_func_subrequest makes. What nginx would do by other
 * modules is named and never played as if it were an app's answer.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/host/mock/mock_vars.h"
#include "harness/host/mock/play_mock_private.h"
#include "lib/base/strbuf.h"
#include "harness/worker/worker_trap.h"

/* nginx's own limit: 50 below the main request. */
#define DEPTH_MAX  51

/* What stays the same for a request and all inside it. */
struct route {
    const struct mock_vhost   *vhost;
    const lf_handler_pt      *handlers;
    size_t                    symbol;        /* of the function that ran last */
    const char              **why;
};

static int enter_location(struct route *route,
                          struct lf_fake_request *request);


/* -1, and *why is the text; of this process until the next one. */
static int __attribute__((format(printf, 2, 3)))
not_here(struct route *route, const char *format, ...)
{
    va_list      args;
    static char  text[LF_ERR_LEN];

    va_start(args, format);
    (void) vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    *route->why = text;

    return -1;
}


static void __attribute__((format(printf, 3, 4)))
log_line(struct lf_fake_request *request, enum lf_level level,
         const char *format, ...)
{
    va_list  args;
    char     text[LF_ERR_LEN];

    va_start(args, format);
    (void) vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    lf_fake_log_text(request, level, text);
}


static int
add_headers(struct route *route, const struct conf_location *location,
            struct lf_fake_request *request)
{
    int                        rc = 0;
    char                       err[LF_ERR_LEN];
    struct strbuf              value = { 0 };
    const struct conf_header  *h;

    for (h = location->headers; h != NULL && rc == 0; h = h->next) {
        value.len = 0;
        rc = mock_vars_expand(&h->value, request, route->vhost->conf, location,
                              &value, err);
        if (rc != 0) {
            (void) not_here(route, "%s", err);
            break;
        }

        if (value.len > 0
            && (memchr(value.data, '\r', value.len) != NULL
                || memchr(value.data, '\n', value.len) != NULL
                || memchr(value.data, '\0', value.len) != NULL))
        {
            log_line(request, LF_ERROR, "\"ngx_link_func_add_req_header\": "
                     "the value of \"%s\" holds CR, LF or NUL; the header is "
                     "not added", (char *) h->name.data);
            continue;
        }

        rc = lf_fake_add_location_header(request, (char *) h->name.data,
                                         value.len > 0 ? value.data : "");
    }

    strbuf_free(&value);

    return rc == 0 ? lf_fake_headers_apply(request) : -1;
}


/* ---- requests inside --------------------------------------------------- */

/* Is the URI that of the request, or of one that it is a part of? */
static int
is_cycle(struct lf_fake_request *request, const lf_str_t *uri)
{
    const lf_str_t  *own;

    for ( /* void */ ; request != NULL; request = lf_fake_outer(request)) {
        own = &lf_fake_core(request)->uri;

        if (own->len == uri->len && memcmp(own->data, uri->data, uri->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* The status of one; 0: it was left out; -1 with *why. */
static int
run_one(struct route *route, struct lf_fake_request *request,
        const struct conf_location *location, const struct conf_sub *sub)
{
    struct lf_fake_request         *inner;
    const struct lf_fake_response  *response;

    if (is_cycle(request, &sub->uri)) {

        /* a list of the server stands in the locations it leads to, too */
        if (location->subs_inherited && lf_fake_outer(request) != NULL) {
            return 0;
        }

        log_line(request, LF_ERROR, "\"ngx_link_func_subrequest\": \"%s\" "
                 "leads to itself", (char *) sub->uri.data);
        lf_fake_answer_itself(request, 500);
        return 0;
    }

    if (lf_fake_depth(request) == DEPTH_MAX) {
        log_line(request, LF_ERROR, "subrequests cycle while processing "
                 "\"%s\"", (char *) sub->uri.data);
        lf_fake_answer_itself(request, 500);
        return 0;
    }

    inner = lf_fake_subrequest_new(request, &sub->uri,
                                   sub->flags & LF_SUBREQUEST_ARGS,
                                   sub->flags & LF_SUBREQUEST_BODY);
    if (inner == NULL) {
        return not_here(route, "out of memory");
    }

    if (enter_location(route, inner) != 0) {
        return -1;
    }

    response = lf_fake_get_response(inner);

    return response != NULL ? response->status
                            : not_here(route, "out of memory");
}


/* All of a location, in order, until one ends the request. 0, or -1. */
static int
run_subs(struct route *route, struct lf_fake_request *request,
         const struct conf_location *location)
{
    int                     status;
    const struct conf_sub  *sub;

    for (sub = location->subs; sub != NULL; sub = sub->next) {
        status = run_one(route, request, location, sub);

        if (status < 0) {
            return -1;
        }
        if (lf_fake_refused(request)) {
            return 0;
        }

        if ((sub->flags & LF_SUBREQUEST_STATUS) && status >= 300) {
            log_line(request, LF_INFO, "\"ngx_link_func_subrequest\": \"%s\" "
                     "returned %d", (char *) sub->uri.data, status);
            lf_fake_answer_itself(request, status);
            return 0;
        }
    }

    return 0;
}


/* ---- the function ------------------------------------------------------ */

struct thread_call {
    struct lf_fake_request  *request;
    lf_handler_pt            handler;
};


static void *
run_in_thread(void *data)
{
    void                *stack;
    struct thread_call  *call = data;

    stack = worker_trap_begin_thread();
    lf_fake_run(call->request, call->handler);
    worker_trap_end_thread(stack);

    return NULL;
}


/*
 * With "aio threads" each call has a thread that no other call had: what an
 * app keeps for a thread it must not count on.
 */
static void
call_function(const struct conf_location *location,
              struct lf_fake_request *request, lf_handler_pt handler)
{
    pthread_t           thread;
    struct thread_call  call = { request, handler };

    if (location->threads
        && pthread_create(&thread, NULL, run_in_thread, &call) == 0)
    {
        (void) pthread_join(thread, NULL);
        return;
    }

    lf_fake_run(request, handler);
}


/* Who else answers, in words: this location, or the one of a subrequest. */
static int
answered_by_nginx(struct route *route, struct lf_fake_request *request,
                  const struct conf_location *location)
{
    char  place[256] = "this request is";

    if (lf_fake_outer(request) != NULL) {
        (void) snprintf(place, sizeof(place), "the target of the subrequest "
                        "to \"%.*s\" is",
                        (int) lf_fake_core(request)->uri.len,
                        (char *) lf_fake_core(request)->uri.data);
    }

    if (location->handler != NULL) {
        return not_here(route, "%s handled by nginx itself (\"%s\" in %s:%u), "
                        "not by an app", place,
                        location->handler->args[0].text,
                        location->handler->file, location->handler->line);
    }

    return lf_fake_outer(request) != NULL
           ? not_here(route, "%s not a location with ngx_link_func_call", place)
           : not_here(route, "no location with ngx_link_func_call matches this "
                      "request");
}


static int
run_function(struct route *route, struct lf_fake_request *request,
             const struct conf_location *location)
{
    long  symbol;

    if (location->call == NULL) {
        return answered_by_nginx(route, request, location);
    }

    symbol = play_mock_symbol(route->vhost->app, location->call);
    if (symbol < 0) {
        return not_here(route, "no such function");
    }

    route->symbol = (size_t) symbol;
    call_function(location, request, route->handlers[symbol]);

    if (location->handler == NULL
        || (location->answers == CONF_ANSWERS_LATE
            && lf_fake_core(request)->response.written > 0))
    {
        return 0;
    }

    return answered_by_nginx(route, request, location);
}


/* ---- a location -------------------------------------------------------- */

static int
enter_location(struct route *route, struct lf_fake_request *request)
{
    char                         err[LF_ERR_LEN];
    const struct conf_location  *location = &route->vhost->conf->root;

    if (location->answers == CONF_ANSWERS_FIRST) {
        return answered_by_nginx(route, request, location);
    }

    location = conf_find_location(route->vhost->conf,
                                  &lf_fake_core(request)->uri, err);
    if (location == NULL) {
        return not_here(route, "%s", err);
    }

    if (location->internal && lf_fake_outer(request) == NULL) {
        lf_fake_answer_itself(request, 404);
        return 0;
    }

    lf_fake_limit_body(request, location->body_max);
    if (lf_fake_refused(request)) {
        return 0;
    }

    if (location->answers == CONF_ANSWERS_FIRST) {
        return answered_by_nginx(route, request, location);
    }

    location = mock_enter_ifs(location, request, route->why);
    if (location == NULL) {
        return -1;
    }

    if (location->call == NULL && location->subs == NULL) {
        return answered_by_nginx(route, request, location);
    }

    if (add_headers(route, location, request) != 0
        || run_subs(route, request, location) != 0)
    {
        return -1;
    }

    return lf_fake_refused(request) ? 0
           : run_function(route, request, location);
}


/*
 * tag is the vhost, plus a multiple of their number for a function that the
 * script names itself.
 */
int
play_mock_run(void *data, size_t tag, struct lf_fake_request *request,
              const lf_handler_pt *handlers, size_t *symbol, const char **why)
{
    int                      rc = 0;
    static char              err[LF_ERR_LEN];
    struct play_mock        *mock = data;
    const struct mock_vhost  *vhost = &mock->vhosts[tag % mock->vhost_count];
    struct route             route = { vhost, handlers, SIZE_MAX, why };

    const struct conf_location  *location;

    if (lf_fake_refused(request)) {
        lf_fake_run(request, NULL);
        return 0;
    }

    if (tag < mock->vhost_count) {
        rc = enter_location(&route, request);
        *symbol = route.symbol;
        return rc;
    }

    location = conf_find_location(vhost->conf, &lf_fake_core(request)->uri,
                                  err);
    if (location == NULL) {
        *why = err;
        return -1;
    }

    *symbol = tag / mock->vhost_count - 1;
    lf_fake_limit_body(request, location->body_max);
    lf_fake_run(request, handlers[*symbol]);

    return 0;
}
