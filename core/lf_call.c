/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the code of an app, a handler or a hook, and checks what it left
 * behind. Nothing here survives the call but the response.
 */
#include "core/lf_core.h"
#include "core/lf_current.h"


static void
release_lock(struct lf_zone *zone, const char *what)
{
    if (zone != NULL && lf_zone_release(zone)) {
        lf_report(LF_RULE_LOCK_KEPT, NULL, "%s returned while it held the lock "
                  "of the shared memory; the lock is released", what);
    }
}


void
lf_call_handler(struct lf_request *request, lf_handler_pt handler)
{
    struct lf_request  *before;

    before = lf_current_set(request);

    handler(&request->ctx);

    /* A handler inside another one may run under the lock of the outer. */
    if (before == NULL) {
        release_lock(request->zone, "the handler");
    }

    (void) lf_current_set(before);
    lf_response_finish(&request->response);
}


static int
call_hook(struct lf_cycle *cycle, lf_hook_pt hook, const char *name)
{
    struct lf_request  *before;

    before = lf_current_set(NULL);

    cycle->cycle.shared_mem = cycle->zone;
    cycle->cycle.has_error = 0;

    hook(&cycle->cycle);
    release_lock(cycle->zone, name);

    if (cycle->cycle.has_error) {
        lf_report(LF_RULE_HAS_ERROR, NULL, "%s set has_error to %d", name,
                  cycle->cycle.has_error);
    }

    (void) lf_current_set(before);

    return cycle->cycle.has_error;
}


int
lf_call_init(struct lf_cycle *cycle, const struct lf_app *app)
{
    return call_hook(cycle, app->init, "ngx_link_func_init_cycle");
}


int
lf_call_exit(struct lf_cycle *cycle, const struct lf_app *app)
{
    if (app->exit == NULL) {
        return 0;
    }

    return call_hook(cycle, app->exit, "ngx_link_func_exit_cycle");
}
