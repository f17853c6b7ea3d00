/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host of the requests: its properties, request headers and hooks, its log
 * and findings, and those functions of the port that need no request.
 */
#include <string.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_handle.h"
#include "fakes/lf_fake_host.h"

struct lf_fake  *lf_fake_host;


int
lf_fake_add_prop(struct lf_fake *host, const char *key, const char *value)
{
    struct lf_prop   *items;
    struct lf_props  *props = &host->props;

    items = lf_fake_arena_grow(&host->arena,
                               (struct lf_prop *) (uintptr_t) props->items,
                               props->count, &host->prop_room, sizeof(*items));

    if (items == NULL) {
        return -1;
    }

    props->items = items;
    items += props->count;

    if (lf_fake_arena_copy(&host->arena, &items->key, key, strlen(key)) != 0
        || lf_fake_arena_copy(&host->arena, &items->value, value,
                              strlen(value)) != 0)
    {
        return -1;
    }

    props->count++;

    return 0;
}


int
lf_fake_add_req_header(struct lf_fake *host, const char *name,
                       const char *value)
{
    return lf_fake_list_add(&host->arena, &host->req_headers, name, value);
}


int
lf_fake_add_variable(struct lf_fake *host, const char *name,
                     const char *value)
{
    return lf_fake_list_add(&host->arena, &host->variables, name, value);
}


struct lf_zone *
lf_fake_zone(struct lf_fake *host)
{
    return &host->zone;
}


/* ---- log and findings ------------------------------------------------- */

const struct lf_fake_log_line *
lf_fake_log(const struct lf_fake *host)
{
    return host->log.lines;
}


const struct lf_fake_finding *
lf_fake_findings(const struct lf_fake *host)
{
    return host->findings.first;
}


void
lf_fake_on_log(struct lf_fake *host,
               void (*shown)(void *data, const struct lf_fake_log_line *line),
               void *data)
{
    host->log.shown = shown;
    host->log.shown_data = data;
}


void
lf_fake_on_finding(struct lf_fake *host,
                   void (*seen)(void *data,
                                const struct lf_fake_finding *finding),
                   void *data)
{
    host->findings.seen = seen;
    host->findings.seen_data = data;
}


static void
forget(struct lf_fake *host, unsigned long number, int all)
{
    lf_fake_finding_forget(&host->findings, number, all);
    lf_fake_log_forget(&host->log, number, all);
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


/* ---- hooks ------------------------------------------------------------ */

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

    handle = lf_fake_handle_make(0, 0);
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


/* ---- port ------------------------------------------------------------- */

struct lf_cycle *
lf_port_cycle(const ngx_link_func_cycle_t *cycle, const void *site)
{
    unsigned         slot;
    uint32_t         generation;
    struct lf_fake  *host;

    host = lf_fake_host;

    if (host != NULL && host->in_hook
        && lf_fake_handle_read(cycle->__cycle__, &slot, &generation) == 0
        && slot == 0)
    {
        return &host->cycle;
    }

    lf_report(LF_RULE_CTX_DEAD, site, "this cycle is not that of a running "
              "hook; it is valid until the hook returns");

    return NULL;
}


void
lf_port_log(struct lf_request *request, enum lf_level level, const char *text,
            size_t len)
{
    if (lf_fake_host != NULL) {
        lf_fake_log_write(&lf_fake_host->log, request, level, 1, text, len);
    }
}


void
lf_port_report(struct lf_request *request, const struct lf_rule *rule,
               const void *site, const char *text)
{
    struct lf_fake_finding  finding = { .rule = rule, .site = site };

    if (lf_fake_host != NULL) {
        finding.text = (char *) (uintptr_t) text;
        finding.request = request != NULL ? request->number : 0;
        lf_fake_finding_add(&lf_fake_host->findings, request, &finding);
    }
}
