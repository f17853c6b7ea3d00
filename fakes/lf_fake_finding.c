/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings: kept once for a rule, a place and a request, and counted. Each
 * goes to the log too, as it would on a server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/lf_fake_host.h"

/* An app in a loop must not eat the memory: what comes later is not kept. */
#define FINDINGS_MAX  1024


static struct lf_fake_finding *
find(struct lf_fake *host, unsigned long number, const struct lf_rule *rule,
     const void *site, const void *alloc_site)
{
    struct lf_fake_finding  *item;

    for (item = host->findings; item != NULL; item = item->next) {
        if (item->request == number && item->rule == rule
            && item->site == site && item->alloc_site == alloc_site)
        {
            return item;
        }
    }

    return NULL;
}


static struct lf_fake_finding *
append(struct lf_fake *host, const char *text)
{
    struct lf_fake_finding  *item;

    item = host->finding_count < FINDINGS_MAX ? calloc(1, sizeof(*item))
                                              : NULL;

    if (item == NULL) {
        return NULL;
    }

    item->text = strdup(text);

    if (item->text == NULL) {
        free(item);
        return NULL;
    }

    if (host->last_finding != NULL) {
        host->last_finding->next = item;
    } else {
        host->findings = item;
    }

    host->last_finding = item;
    host->finding_count++;

    return item;
}


void
lf_fake_finding_add(struct lf_fake_request *request, unsigned long number,
                    const struct lf_rule *rule, const void *site,
                    const void *alloc_site, const char *text)
{
    int                      len, is_new;
    char                     line[1200];
    struct lf_fake          *host;
    struct lf_fake_finding  *item, told;

    host = lf_fake_host;

    if (host == NULL) {
        return;
    }

    len = snprintf(line, sizeof(line), "%s (%s)", text, rule->id);
    lf_fake_log_write(request, rule->level, 0, line,
                      len < (int) sizeof(line) ? (size_t) len
                                               : sizeof(line) - 1);

    (void) pthread_mutex_lock(&host->lock);

    item = find(host, number, rule, site, alloc_site);
    is_new = item == NULL;

    if (is_new) {
        item = append(host, text);
    }

    if (item != NULL) {
        if (is_new) {
            item->rule = rule;
            item->site = site;
            item->alloc_site = alloc_site;
            item->request = number;
        }

        item->count++;
        told = *item;
    }

    (void) pthread_mutex_unlock(&host->lock);

    /* Another thread may forget the item by now. */
    if (is_new && item != NULL && host->seen != NULL) {
        told.text = (char *) (uintptr_t) text;
        told.next = NULL;
        host->seen(host->seen_data, &told);
    }
}


void
lf_port_report(struct lf_request *request, const struct lf_rule *rule,
               const void *site, const char *text)
{
    struct lf_fake_request  *fake;

    fake = request != NULL ? lf_fake_request_of(request) : NULL;

    lf_fake_finding_add(fake, request != NULL ? request->number : 0, rule,
                        site, NULL, text);
}


const struct lf_fake_finding *
lf_fake_findings(const struct lf_fake *host)
{
    return host->findings;
}


void
lf_fake_on_finding(struct lf_fake *host,
                   void (*seen)(void *data,
                                const struct lf_fake_finding *finding),
                   void *data)
{
    host->seen = seen;
    host->seen_data = data;
}


void
lf_fake_findings_forget(struct lf_fake *host, unsigned long number, int all)
{
    struct lf_fake_finding  *item, **place;

    host->last_finding = NULL;

    for (place = &host->findings; (item = *place) != NULL; /* void */ ) {
        if (!all && item->request != number) {
            host->last_finding = item;
            place = &item->next;
            continue;
        }

        *place = item->next;
        host->finding_count--;
        free(item->text);
        free(item);
    }
}
