/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a test can inspect besides the response: log, findings, zone. It changes
 * nothing that an app could notice.
 */
#include <string.h>

#include "core/lf_zone.h"
#include "fakes/lf_fake_zone.h"
#include "fakes/test/lf_test.h"


struct linkfunc_test_log_line
test_log_view(const struct lf_fake_log_line *line)
{
    struct linkfunc_test_log_line  view;

    view.level = lf_level_name(line->level);
    view.text = line->text;
    view.len = line->len;
    view.request = line->request;
    view.by_app = line->app;

    return view;
}


const struct linkfunc_test_log_line *
linkfunc_test_get_log(struct linkfunc_test_host *host, size_t n)
{
    struct linkfunc_test_log_line  *view;
    const struct lf_fake_log_line  *line;

    line = lf_fake_log(host->fake);

    while (line != NULL && n-- > 0) {
        line = line->next;
    }

    if (line == NULL) {
        return NULL;
    }

    view = test_alloc(host, sizeof(*view));
    if (view != NULL) {
        *view = test_log_view(line);
    }

    return view;
}


const struct linkfunc_test_finding *
linkfunc_test_get_finding(struct linkfunc_test_host *host, size_t n)
{
    struct linkfunc_test_finding  *view;
    const struct lf_fake_finding  *finding;

    finding = lf_fake_findings(host->fake);

    while (finding != NULL && n-- > 0) {
        finding = finding->next;
    }

    if (finding == NULL) {
        return NULL;
    }

    view = test_alloc(host, sizeof(*view));
    if (view != NULL) {
        view->id = finding->rule->id;
        view->rule = finding->rule->title;
        view->text = finding->text;
        view->request = finding->request;
        view->count = finding->count;
        view->breaks = finding->rule->breaks;
    }

    return view;
}


void *
linkfunc_test_shared_mem(struct linkfunc_test_host *host)
{
    return lf_fake_zone(host->fake);
}


int
linkfunc_test_cache_next(struct linkfunc_test_host *host, uint64_t *iter,
                         const char **key, void **value, size_t *size)
{
    int              found, taken;
    struct lf_zone  *zone;

    zone = lf_fake_zone(host->fake);

    taken = lf_zone_enter(zone, NULL);
    found = lf_cache_next(zone, iter, key, value, size);
    lf_zone_leave(zone, taken);

    return found;
}


void *
linkfunc_test_cache_get(struct linkfunc_test_host *host, const char *key,
                        size_t *size)
{
    void        *value;
    size_t       value_size;
    uint64_t     iter;
    const char  *name;

    iter = 0;

    while (linkfunc_test_cache_next(host, &iter, &name, &value, &value_size)) {
        if (strcmp(name, key) == 0) {
            if (size != NULL) {
                *size = value_size;
            }

            return value;
        }
    }

    return NULL;
}


size_t
linkfunc_test_cache_count(struct linkfunc_test_host *host)
{
    int              taken;
    size_t           count;
    struct lf_zone  *zone;

    zone = lf_fake_zone(host->fake);

    taken = lf_zone_enter(zone, NULL);
    count = lf_cache_count(zone);
    lf_zone_leave(zone, taken);

    return count;
}


void
linkfunc_test_zone_pages(struct linkfunc_test_host *host, size_t *all,
                         size_t *unused)
{
    int              taken;
    struct lf_zone  *zone;

    zone = lf_fake_zone(host->fake);

    taken = lf_zone_enter(zone, NULL);
    lf_fake_zone_figures(zone, all, unused);
    lf_zone_leave(zone, taken);
}
