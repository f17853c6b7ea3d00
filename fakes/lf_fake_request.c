/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests made by hand, and their life: slot, private handle, handler, end.
 * A slot is used again late and never given back, so a ctx that an app kept
 * is recognised, not followed.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/lf_current.h"
#include "fakes/lf_fake_host.h"


struct lf_fake_request *
lf_fake_request_of(const struct lf_request *request)
{
    return (struct lf_fake_request *) (uintptr_t) request;
}


/* The lock is held. */
static void
push_free(struct lf_fake *host, struct lf_fake_request *request)
{
    request->next_free = NULL;

    if (host->free_last != NULL) {
        host->free_last->next_free = request;
    } else {
        host->free_first = request;
    }

    host->free_last = request;
}


/* The lock is held. */
static void
add_slots(struct lf_fake *host)
{
    size_t                   i, chunk;
    struct lf_fake_request  *requests;

    chunk = host->slot_count / LF_FAKE_SLOTS_PER_CHUNK;

    if (chunk == LF_FAKE_SLOT_CHUNKS - 1) {
        return;
    }

    requests = calloc(LF_FAKE_SLOTS_PER_CHUNK, sizeof(*requests));

    if (requests == NULL) {
        return;
    }

    for (i = 0; i < LF_FAKE_SLOTS_PER_CHUNK; i++) {
        requests[i].host = host;
        requests[i].slot = (unsigned) (host->slot_count + i + 1);
        push_free(host, &requests[i]);
    }

    host->slots[chunk] = requests;
    host->slot_count += LF_FAKE_SLOTS_PER_CHUNK;
}


static struct lf_fake_request *
take_slot(struct lf_fake *host)
{
    struct lf_fake_request  *request;

    (void) pthread_mutex_lock(&host->lock);

    if (host->free_first == NULL) {
        add_slots(host);
    }

    request = host->free_first;

    if (request != NULL) {
        host->free_first = request->next_free;

        if (host->free_first == NULL) {
            host->free_last = NULL;
        }
    }

    (void) pthread_mutex_unlock(&host->lock);

    return request;
}


static void
give_slot(struct lf_fake *host, struct lf_fake_request *request)
{
    (void) pthread_mutex_lock(&host->lock);
    push_free(host, request);
    (void) pthread_mutex_unlock(&host->lock);
}


/* A new life for a slot: everything of the last one is gone. */
static void
start_life(struct lf_fake *host, struct lf_fake_request *request)
{
    char      *handle;
    uint32_t   generation;

    memset(&request->core, 0, sizeof(request->core));
    memset(&request->headers_in, 0,
           sizeof(*request) - offsetof(struct lf_fake_request, headers_in));

    generation = atomic_fetch_add(&request->generation, 1) + 1;
    handle = lf_fake_private_make(request->slot, generation);
    request->main = request;

    request->core.ctx.__r__ = handle;
    request->core.ctx.__pl__ = handle + 1;
    request->core.ctx.__log__ = handle + 2;
    request->core.props = &host->props;
    request->core.zone = &host->zone;
    request->core.number = atomic_fetch_add(&host->last_number, 1) + 1;
}


void
lf_fake_request_end(struct lf_fake_request *request)
{
    /* A handler that a test left by a jump is still the current one. */
    if (lf_current_request() == &request->core) {
        (void) lf_current_set(NULL);
    }

    if (atomic_load(&request->generation) & 1) {
        (void) atomic_fetch_add(&request->generation, 1);
    }
}


static int
copy_text(struct lf_fake_request *request, lf_str_t *to, const char *text)
{
    to->len = strlen(text);
    to->data = (u_char *) lf_fake_arena_copy(&request->arena, text, to->len);

    return to->data != NULL ? 0 : -1;
}


struct lf_fake_request *
lf_fake_request_new(struct lf_fake *host, const char *method,
                    const char *target)
{
    static const struct lf_fake_server  plain;

    return lf_fake_request_on(host, &plain, method, target);
}


struct lf_fake_request *
lf_fake_request_blank(struct lf_fake *host)
{
    struct lf_fake_request  *request;

    request = take_slot(host);

    if (request != NULL) {
        start_life(host, request);
    }

    return request;
}


struct lf_fake_request *
lf_fake_request_on(struct lf_fake *host, const struct lf_fake_server *server,
                   const char *method, const char *target)
{
    struct lf_fake_request  *request;

    request = lf_fake_request_blank(host);

    if (request == NULL) {
        return NULL;
    }

    request->server_conf = server;

    if (server->props != NULL) {
        request->core.props = server->props;
    }

    if (copy_text(request, &request->core.method, method) != 0
        || copy_text(request, &request->target, target) != 0)
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
    struct lf_fake          *host;
    struct lf_fake_request  *it, *sub;

    it = *request;

    if (it == NULL) {
        return;
    }

    *request = NULL;
    host = it->host;

    while (it->subs != NULL) {
        sub = it->subs;
        it->subs = sub->next_sub;
        lf_fake_request_free(&sub);
    }

    lf_fake_request_end(it);
    lf_fake_pool_end(it);
    lf_fake_arena_reset(&it->arena);
    give_slot(host, it);
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
    request->body = (u_char *) lf_fake_arena_copy(&request->arena, body, len);
    request->body_len = len;

    return request->body != NULL ? 0 : -1;
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


/* What the client says that it sends; all of it digits, or it was refused. */
static size_t
declared_length(const struct lf_fake_request *request)
{
    size_t           i, length = 0;
    const lf_str_t  *text = &request->content_length;

    if (text->data == NULL) {
        return request->body_len;
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


/* The body in memory of the app's own, so that its ends are watched. */
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

    if (request->body_len > 0 && lf_request_wants_body(&core->method)) {
        body = lf_port_alloc(core, request->body_len + 1, NULL);

        if (body == NULL) {
            return -1;
        }

        memcpy(body, request->body, request->body_len + 1);
    }

    return lf_request_start(core, &request->args, body, request->body_len);
}


void
lf_fake_run(struct lf_fake_request *request, lf_handler_pt handler)
{
    lf_fake_head_finish(request);

    if (request->ran || request->refused) {
        lf_fake_request_end(request);
        return;
    }

    request->ran = 1;

    if (start_core(request) != 0) {
        request->failed = 1;

    } else if (handler != NULL) {
        lf_call_handler(&request->core, handler);
    }

    lf_fake_request_end(request);

    if (request->host->options.pool == LF_FAKE_POOL_GUARD) {
        lf_fake_pool_check(request);
    }
}


struct lf_request *
lf_fake_core(struct lf_fake_request *request)
{
    return &request->core;
}


struct lf_request *
lf_port_request(const ngx_link_func_ctx_t *ctx, const void *site)
{
    unsigned                 slot;
    uint32_t                 generation;
    struct lf_fake          *host;
    struct lf_fake_request  *request;

    host = lf_fake_host;

    if (host == NULL
        || lf_fake_private_read(ctx->__r__, &slot, &generation) != 0
        || slot == 0 || slot > host->slot_count)
    {
        lf_report(LF_RULE_CTX_DEAD, site, "this ctx is none that the host "
                  "made");
        return NULL;
    }

    slot--;
    request = &host->slots[slot / LF_FAKE_SLOTS_PER_CHUNK]
                          [slot % LF_FAKE_SLOTS_PER_CHUNK];

    if (!lf_fake_private_same(atomic_load(&request->generation), generation)) {
        lf_report(LF_RULE_CTX_DEAD, site, "this ctx is of a request whose "
                  "handler has returned");
        return NULL;
    }

    return &request->core;
}
