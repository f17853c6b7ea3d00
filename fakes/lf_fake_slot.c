/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slots of requests: each life has a private handle of its own. A slot is
 * used again late and never freed before the host, so a ctx that an app stored
 * is recognised, not followed.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/lf_current.h"
#include "core/lf_port.h"
#include "fakes/lf_fake_handle.h"
#include "fakes/lf_fake_request.h"


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
        requests[i].pool.kind = host->pool;
        requests[i].pool.request = &requests[i].core;
        requests[i].pool.quarantine = &host->quarantine;
        push_free(host, &requests[i]);
    }

    host->slots[chunk] = requests;
    host->slot_count += LF_FAKE_SLOTS_PER_CHUNK;
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
    handle = lf_fake_handle_make(request->slot, generation);
    request->main = request;

    request->core.ctx.__r__ = handle;
    request->core.ctx.__pl__ = handle + 1;
    request->core.ctx.__log__ = handle + 2;
    request->core.props = &host->props;
    request->core.zone = &host->zone;
    request->core.number = atomic_fetch_add(&host->last_number, 1) + 1;
}


struct lf_fake_request *
lf_fake_slot_take(struct lf_fake *host)
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

    if (request != NULL) {
        start_life(host, request);
    }

    return request;
}


void
lf_fake_slot_end(struct lf_fake_request *request)
{
    /* A handler that a test left by a jump is still the current one. */
    if (lf_current_request() == &request->core) {
        (void) lf_current_set(NULL);
    }

    if (atomic_load(&request->generation) & 1) {
        (void) atomic_fetch_add(&request->generation, 1);
    }
}


void
lf_fake_slot_release(struct lf_fake_request *request)
{
    struct lf_fake  *host = request->host;

    lf_fake_slot_end(request);
    lf_fake_pool_end(&request->pool);
    lf_fake_arena_reset(&request->arena);

    (void) pthread_mutex_lock(&host->lock);
    push_free(host, request);
    (void) pthread_mutex_unlock(&host->lock);
}


static struct lf_fake_request *
slot_at(const struct lf_fake *host, size_t i)
{
    return &host->slots[i / LF_FAKE_SLOTS_PER_CHUNK]
                       [i % LF_FAKE_SLOTS_PER_CHUNK];
}


void
lf_fake_slots_free(struct lf_fake *host)
{
    size_t                   i;
    struct lf_fake_request  *request;

    for (i = 0; i < host->slot_count; i++) {
        request = slot_at(host, i);
        lf_fake_slot_end(request);
        lf_fake_pool_free(&request->pool);
        lf_fake_arena_free(&request->arena);
    }

    for (i = 0; i < LF_FAKE_SLOT_CHUNKS; i++) {
        free(host->slots[i]);
    }
}


struct lf_request *
lf_port_request(const ngx_link_func_ctx_t *ctx, const void *site)
{
    unsigned                 slot;
    uint32_t                 generation;
    struct lf_fake          *host = lf_fake_host;
    struct lf_fake_request  *request;

    if (host == NULL
        || lf_fake_handle_read(ctx->__r__, &slot, &generation) != 0
        || slot == 0 || slot > host->slot_count)
    {
        lf_report(LF_RULE_CTX_DEAD, site, "this ctx was not made by the "
                  "host");
        return NULL;
    }

    request = slot_at(host, slot - 1);

    if (!lf_fake_handle_same(atomic_load(&request->generation), generation)) {
        lf_report(LF_RULE_CTX_DEAD, site, "this ctx is of a request whose "
                  "handler has returned");
        return NULL;
    }

    return &request->core;
}
