/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mock host itself: its options, properties, request headers and hooks,
 * and the life of its zone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/lf_fake_host.h"

#define SHM_SIZE  ((size_t) 1024 * 1024)

struct lf_fake  *lf_fake_host;


static int
open_zone(struct lf_fake *host, char *err)
{
    const struct lf_fake_options  *o = &host->options;

    if (o->shm_name != NULL) {
        return lf_fake_zone_keep(&host->zone, o->shm_name, o->shm_size, err);
    }

    return lf_fake_zone_open(&host->zone, o->shm_size != 0 ? o->shm_size
                                                           : SHM_SIZE, err);
}


struct lf_fake *
lf_fake_new(const struct lf_fake_options *options, char *err)
{
    struct lf_fake  *host;

    if (lf_fake_host != NULL) {
        (void) snprintf(err, LF_ERR_LEN, "one mock host lives in this process "
                        "already");
        return NULL;
    }

    host = calloc(1, sizeof(*host));

    if (host == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "no memory for the mock host");
        return NULL;
    }

    host->options = *options;

    if (host->options.log_level == 0) {
        host->options.log_level = LF_INFO;
    }

    if (lf_fake_private_open(err) != 0
        || open_zone(host, err) != 0)
    {
        free(host);
        return NULL;
    }

    (void) pthread_mutex_init(&host->lock, NULL);
    (void) pthread_mutex_init(&host->quarantine.lock, NULL);
    lf_process_start();
    lf_fake_host = host;

    return host;
}


static void
free_requests(struct lf_fake *host)
{
    size_t                   i, chunk;
    struct lf_fake_request  *request;

    for (i = 0; i < host->slot_count; i++) {
        chunk = i / LF_FAKE_SLOTS_PER_CHUNK;
        request = &host->slots[chunk][i % LF_FAKE_SLOTS_PER_CHUNK];

        lf_fake_request_end(request);
        lf_fake_pool_end(request);
        free(request->pool.chunks);
        lf_fake_arena_free(&request->arena);
        lf_fake_arena_free(&request->app_arena);
    }

    lf_fake_quarantine_free(host);

    for (i = 0; i < LF_FAKE_SLOT_CHUNKS; i++) {
        free(host->slots[i]);
    }
}


static void
free_pairs(struct lf_fake_header *items, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        free(items[i].name.data);
        free(items[i].value.data);
    }

    free(items);
}


static void
free_settings(struct lf_fake *host)
{
    size_t           i;
    struct lf_prop  *props;

    props = (struct lf_prop *) (uintptr_t) host->props.items;

    for (i = 0; i < host->props.count; i++) {
        free(props[i].key.data);
        free(props[i].value.data);
    }

    free(props);

    free_pairs(host->req_headers, host->req_header_count);
    free_pairs(host->variables, host->variable_count);
}


void
lf_fake_free(struct lf_fake **host)
{
    if (*host == NULL) {
        return;
    }

    free_requests(*host);
    lf_fake_clear(*host);
    free_settings(*host);
    lf_fake_zone_close(&(*host)->zone);
    (void) pthread_mutex_destroy(&(*host)->lock);
    (void) pthread_mutex_destroy(&(*host)->quarantine.lock);
    lf_fake_host = NULL;
    free(*host);
    *host = NULL;
}


static int
copy_string(lf_str_t *to, const char *text)
{
    to->data = (u_char *) strdup(text);
    to->len = strlen(text);

    return to->data != NULL ? 0 : -1;
}


int
lf_fake_add_prop(struct lf_fake *host, const char *key, const char *value)
{
    struct lf_prop   prop, *items;
    struct lf_props *props;

    props = &host->props;
    items = (struct lf_prop *) (uintptr_t) props->items;
    items = realloc(items, (props->count + 1) * sizeof(*items));

    if (items == NULL) {
        return -1;
    }

    props->items = items;

    if (copy_string(&prop.key, key) != 0) {
        return -1;
    }

    if (copy_string(&prop.value, value) != 0) {
        free(prop.key.data);
        return -1;
    }

    items[props->count++] = prop;

    return 0;
}


static int
add_pair(struct lf_fake_header **list, size_t *count, const char *name,
         const char *value)
{
    struct lf_fake_header   pair, *items;

    items = realloc(*list, (*count + 1) * sizeof(*items));

    if (items == NULL) {
        return -1;
    }

    *list = items;

    if (copy_string(&pair.name, name) != 0) {
        return -1;
    }

    if (copy_string(&pair.value, value) != 0) {
        free(pair.name.data);
        return -1;
    }

    items[(*count)++] = pair;

    return 0;
}


int
lf_fake_add_req_header(struct lf_fake *host, const char *name,
                       const char *value)
{
    return add_pair(&host->req_headers, &host->req_header_count, name, value);
}


int
lf_fake_add_variable(struct lf_fake *host, const char *name,
                     const char *value)
{
    return add_pair(&host->variables, &host->variable_count, name, value);
}


struct lf_zone *
lf_fake_zone(struct lf_fake *host)
{
    return &host->zone;
}


static void
forget(struct lf_fake *host, unsigned long number, int all)
{
    (void) pthread_mutex_lock(&host->lock);
    lf_fake_findings_forget(host, number, all);
    lf_fake_log_forget(host, number, all);
    (void) pthread_mutex_unlock(&host->lock);
}


void
lf_fake_clear(struct lf_fake *host)
{
    forget(host, 0, 1);
}


void
lf_fake_forget(struct lf_fake *host, unsigned long number)
{
    forget(host, number, 0);
}


/* Hooks run one at a time: the cycle is slot 0 of the private handles. */
static int
run_hook(struct lf_fake *host, const struct lf_app *app,
         const struct lf_props *props,
         int (*call)(struct lf_cycle *cycle, const struct lf_app *app))
{
    int    rc;
    char  *handle;

    memset(&host->cycle, 0, sizeof(host->cycle));
    host->cycle.props = props != NULL ? props : &host->props;
    host->cycle.zone = &host->zone;

    handle = lf_fake_private_make(0, 0);
    host->cycle.cycle.__cycle__ = handle;
    host->cycle.cycle.__srv_cf__ = handle + 1;
    host->cycle.cycle.__pl__ = handle + 2;
    host->cycle.cycle.__log__ = handle + 3;

    host->in_hook = 1;
    rc = call(&host->cycle, app);
    host->in_hook = 0;

    return rc;
}


int
lf_fake_init(struct lf_fake *host, const struct lf_app *app)
{
    return run_hook(host, app, NULL, lf_call_init);
}


int
lf_fake_exit(struct lf_fake *host, const struct lf_app *app)
{
    return run_hook(host, app, NULL, lf_call_exit);
}


int
lf_fake_init_on(struct lf_fake *host, const struct lf_app *app,
                const struct lf_props *props)
{
    return run_hook(host, app, props, lf_call_init);
}


int
lf_fake_exit_on(struct lf_fake *host, const struct lf_app *app,
                const struct lf_props *props)
{
    return run_hook(host, app, props, lf_call_exit);
}


struct lf_cycle *
lf_port_cycle(const ngx_link_func_cycle_t *cycle, const void *site)
{
    unsigned         slot;
    uint32_t         generation;
    struct lf_fake  *host;

    host = lf_fake_host;

    if (host != NULL && host->in_hook
        && lf_fake_private_read(cycle->__cycle__, &slot, &generation) == 0
        && slot == 0)
    {
        return &host->cycle;
    }

    lf_report(LF_RULE_CTX_DEAD, site, "this cycle is none of a hook that "
              "runs; it is valid until the hook returns");

    return NULL;
}
