/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings: recorded once for a rule, a site and a request, and counted. Each
 * goes to the log too, as it would on a server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/lf_fake_finding.h"

/* An app in a loop must not eat the memory: what comes later is dropped. */
#define FINDINGS_MAX  1024


static struct lf_fake_finding *
find(const struct lf_fake_finding_list *findings,
     const struct lf_fake_finding *like)
{
    struct lf_fake_finding  *item;

    for (item = findings->first; item != NULL; item = item->next) {
        if (item->request == like->request && item->rule == like->rule
            && item->site == like->site && item->alloc_site == like->alloc_site)
        {
            return item;
        }
    }

    return NULL;
}


static struct lf_fake_finding *
append(struct lf_fake_finding_list *findings,
       const struct lf_fake_finding *finding)
{
    struct lf_fake_finding  *item;

    item = findings->count < FINDINGS_MAX ? malloc(sizeof(*item)) : NULL;

    if (item == NULL) {
        return NULL;
    }

    *item = *finding;
    item->text = strdup(finding->text);
    item->count = 0;
    item->next = NULL;

    if (item->text == NULL) {
        free(item);
        return NULL;
    }

    if (findings->last != NULL) {
        findings->last->next = item;
    } else {
        findings->first = item;
    }

    findings->last = item;
    findings->count++;

    return item;
}


static void
log_finding(struct lf_fake_log_state *log, const struct lf_request *request,
            const struct lf_fake_finding *finding)
{
    int   len;
    char  line[1200];

    len = snprintf(line, sizeof(line), "%s (%s)", finding->text,
                   finding->rule->id);
    lf_fake_log_write(log, request, finding->rule->level, 0, line,
                      len < (int) sizeof(line) ? (size_t) len
                                               : sizeof(line) - 1);
}


void
lf_fake_finding_add(struct lf_fake_finding_list *findings,
                    const struct lf_request *request,
                    const struct lf_fake_finding *finding)
{
    int                      is_new;
    struct lf_fake_finding  *item, copy;

    log_finding(findings->log, request, finding);

    (void) pthread_mutex_lock(&findings->lock);

    item = find(findings, finding);
    is_new = item == NULL;

    if (is_new) {
        item = append(findings, finding);
    }

    if (item != NULL) {
        item->count++;
        copy = *item;
    }

    (void) pthread_mutex_unlock(&findings->lock);

    /* Another thread may forget the item by now. */
    if (is_new && item != NULL && findings->seen != NULL) {
        copy.text = finding->text;
        copy.next = NULL;
        findings->seen(findings->seen_data, &copy);
    }
}


void
lf_fake_finding_forget(struct lf_fake_finding_list *findings,
                       unsigned long number, int all)
{
    struct lf_fake_finding  *item, **link;

    (void) pthread_mutex_lock(&findings->lock);
    findings->last = NULL;

    for (link = &findings->first; (item = *link) != NULL; /* void */ ) {
        if (!all && item->request != number) {
            findings->last = item;
            link = &item->next;
            continue;
        }

        *link = item->next;
        findings->count--;
        free(item->text);
        free(item);
    }

    (void) pthread_mutex_unlock(&findings->lock);
}
