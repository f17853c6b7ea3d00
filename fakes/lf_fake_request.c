/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests made by hand: what is set on them, their handler, their end. */
#include <string.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_request.h"


struct lf_fake_request *
lf_fake_request_new(struct lf_fake *host, const char *method,
                    const char *target)
{
    static const struct lf_fake_server  plain;

    return lf_fake_request_on(host, &plain, method, target);
}


struct lf_fake_request *
lf_fake_request_on(struct lf_fake *host, const struct lf_fake_server *server,
                   const char *method, const char *target)
{
    struct lf_fake_request  *request;

    request = lf_fake_slot_take(host);

    if (request == NULL) {
        return NULL;
    }

    request->server_conf = server;

    if (server->props != NULL) {
        request->core.props = server->props;
    }

    if (lf_fake_arena_copy(&request->arena, &request->core.method, method,
                           strlen(method)) != 0
        || lf_fake_arena_copy(&request->arena, &request->target, target,
                              strlen(target)) != 0)
    {
        lf_fake_request_free(&request);
        return NULL;
    }

    lf_fake_head_start(request);
    lf_fake_uri_parse(request);

    if (request->failed) {
        lf_fake_request_free(&request);
    }

    return request;
}


void
lf_fake_request_free(struct lf_fake_request **request)
{
    struct lf_fake_request  *it = *request, *sub;

    if (it == NULL) {
        return;
    }

    *request = NULL;

    while (it->subs != NULL) {
        sub = it->subs;
        it->subs = sub->next_sub;
        lf_fake_request_free(&sub);
    }

    lf_fake_slot_release(it);
}


void
lf_fake_set_http_1_0(struct lf_fake_request *request)
{
    request->http_1_0 = 1;
}


int
lf_fake_set_body(struct lf_fake_request *request, const void *body,
                 size_t len)
{
    return lf_fake_arena_copy(&request->arena, &request->body, body, len);
}


void
lf_fake_request_line(const struct lf_fake_request *request, lf_str_t *target,
                     lf_str_t *args, lf_str_t *host)
{
    if (target != NULL) {
        *target = request->target;
    }
    if (args != NULL) {
        *args = request->args;
    }
    if (host != NULL) {
        *host = request->server;
    }
}


unsigned
lf_fake_port(const struct lf_fake_request *request)
{
    return request->server_conf->port;
}


void
lf_fake_set_props(struct lf_fake_request *request,
                  const struct lf_props *props)
{
    request->core.props = props;
}


/* The length that the client announced: digits, or it was refused. */
static size_t
declared_length(const struct lf_fake_request *request)
{
    size_t           i, length = 0;
    const lf_str_t  *text = &request->content_length;

    if (text->data == NULL) {
        return request->body.len;
    }

    for (i = 0; i < text->len; i++) {
        length = length * 10 + (size_t) (text->data[i] - '0');
    }

    return length;
}


void
lf_fake_limit_body(struct lf_fake_request *request, size_t max)
{
    lf_fake_head_finish(request);

    if (request->refused) {
        return;
    }

    /* a chunked body is measured while it is read, and some are not */
    if (request->transfer_encoding.data != NULL
        && !lf_request_wants_body(&request->core.method))
    {
        return;
    }

    if (max > 0 && declared_length(request) > max) {
        lf_fake_refuse(request, 413, "client intended to send too large body");
    }
}


void
lf_fake_answer_itself(struct lf_fake_request *request, int status)
{
    lf_fake_head_finish(request);

    if (request->refused == 0) {
        request->refused = status;
        request->by_location = 1;
    }
}


int
lf_fake_refused(const struct lf_fake_request *request)
{
    lf_fake_head_finish(lf_fake_request_of(&request->core));

    return request->refused >= LF_FAKE_TOO_LARGE
           && request->refused <= LF_FAKE_PLAIN ? 400 : request->refused;
}


/* The body in memory of the app's pool, so that its ends are guarded. */
static int
start_core(struct lf_fake_request *request)
{
    u_char             *body;
    struct lf_request  *core;

    core = &request->core;
    body = NULL;

    if (lf_fake_headers_apply(request) != 0) {
        return -1;
    }

    if (request->body.len > 0 && lf_request_wants_body(&core->method)) {
        body = lf_port_alloc(core, request->body.len + 1, NULL);

        if (body == NULL) {
            return -1;
        }

        memcpy(body, request->body.data, request->body.len + 1);
    }

    return lf_request_start(core, &request->args, body, request->body.len);
}


void
lf_fake_run(struct lf_fake_request *request, lf_handler_pt handler)
{
    lf_fake_head_finish(request);

    if (request->ran || request->refused) {
        lf_fake_slot_end(request);
        return;
    }

    request->ran = 1;

    if (start_core(request) != 0) {
        request->failed = 1;

    } else if (handler != NULL) {
        lf_call_handler(&request->core, handler);
    }

    lf_fake_slot_end(request);
    lf_fake_pool_check(&request->pool);
}


struct lf_request *
lf_fake_core(struct lf_fake_request *request)
{
    return &request->core;
}


void *
lf_port_alloc(struct lf_request *core, size_t size, const void *site)
{
    return lf_fake_pool_alloc(&lf_fake_request_of(core)->pool, size, site);
}


void
lf_fake_fail_alloc(struct lf_fake_request *request, unsigned long nth)
{
    request->pool.fail_at = nth;
}


size_t
lf_fake_alloc_count(const struct lf_fake_request *request)
{
    size_t                         n = request->pool.allocs;
    const struct lf_fake_request  *sub;

    for (sub = request->subs; sub != NULL; sub = sub->next_sub) {
        n += sub->pool.allocs;
    }

    return n;
}


size_t
lf_fake_alloc_bytes(const struct lf_fake_request *request)
{
    size_t                         n = request->pool.bytes;
    const struct lf_fake_request  *sub;

    for (sub = request->subs; sub != NULL; sub = sub->next_sub) {
        n += sub->pool.bytes;
    }

    return n;
}
