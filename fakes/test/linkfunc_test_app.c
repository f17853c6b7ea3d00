/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The app under test, when it is opened as a library, and the hooks of either
 * kind of app. Which files nginx refuses is decided in core.
 */
#include <string.h>

#include "fakes/test/lf_test.h"


int
linkfunc_test_open_at(struct linkfunc_test_host *host, const char *path,
                      const char *file, int line)
{
    char  err[LF_ERR_LEN];

    if (host->opened) {
        return linkfunc_test_fail_at(file, line, "cannot open %s: this host "
                                     "has an app already", path);
    }

    if (lf_app_open(&host->app, path, err) != 0) {
        return linkfunc_test_fail_at(file, line, "cannot open %s: %s", path,
                                     err);
    }

    host->opened = 1;

    return 1;
}


linkfunc_test_handler_pt
linkfunc_test_symbol_at(struct linkfunc_test_host *host, const char *name,
                        const char *file, int line)
{
    char           err[LF_ERR_LEN];
    lf_handler_pt  handler;

    if (!host->opened) {
        (void) linkfunc_test_fail_at(file, line, "cannot find %s: no app is "
                                     "open; call linkfunc_test_open first",
                                     name);
        return NULL;
    }

    handler = lf_app_handler(&host->app, name, err);
    if (handler == NULL) {
        (void) linkfunc_test_fail_at(file, line, "cannot find %s: %s", name,
                                     err);
    }

    return handler;
}


int
linkfunc_test_init_at(struct linkfunc_test_host *host,
                      linkfunc_test_hook_pt hook, const char *file, int line)
{
    struct lf_app  app;

    memset(&app, 0, sizeof(app));
    app.init = hook;

    if (hook != NULL) {
        return lf_fake_init(host->fake, &app);
    }

    if (!host->opened) {
        return linkfunc_test_fail_at(file, line, "no init hook: no app is "
                                     "open; call linkfunc_test_open first, or "
                                     "name the hook");
    }

    return lf_fake_init(host->fake, &host->app);
}


int
linkfunc_test_exit_at(struct linkfunc_test_host *host,
                      linkfunc_test_hook_pt hook, const char *file, int line)
{
    struct lf_app  app;

    memset(&app, 0, sizeof(app));
    app.exit = hook;

    if (hook != NULL) {
        return lf_fake_exit(host->fake, &app);
    }

    if (!host->opened) {
        return linkfunc_test_fail_at(file, line, "no exit hook: no app is "
                                     "open; call linkfunc_test_open first, or "
                                     "name the hook");
    }

    return lf_fake_exit(host->fake, &host->app);
}
