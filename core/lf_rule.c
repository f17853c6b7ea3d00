/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of the ABI, who breaks them, and the request that is running. The
 * host decides what becomes of a report.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/lf_abi.h"
#include "core/lf_port.h"
#include "core/lf_current.h"

/* Long enough for a sentence with a path; what is longer is cut. */
#define REPORT_LEN  1024

#define LF_RULE_ITEM(name, id, level, quiet, breaks, title)                   \
    { id, level, quiet, breaks, title },

const struct lf_rule  lf_rules[LF_RULE_COUNT] = { LF_RULES(LF_RULE_ITEM) };

static _Thread_local struct lf_request  *current;


struct lf_request *
lf_current_request(void)
{
    return current;
}


struct lf_request *
lf_current_set(struct lf_request *request)
{
    struct lf_request  *before;

    before = current;
    current = request;

    return before;
}


__attribute__((format(printf, 4, 0))) static void
report(struct lf_request *request, enum lf_rule_name rule, const void *site,
       const char *format, va_list args)
{
    char  text[REPORT_LEN];

    (void) vsnprintf(text, sizeof(text), format, args);
    lf_port_report(request, &lf_rules[rule], site, text);
}


void
lf_report(enum lf_rule_name rule, const void *site, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    report(current, rule, site, format, args);
    va_end(args);
}


void
lf_report_request(struct lf_request *request, enum lf_rule_name rule,
                  const void *site, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    report(request, rule, site, format, args);
    va_end(args);
}


struct lf_request *
lf_abi_request(const ngx_link_func_ctx_t *ctx, const struct lf_abi_call *call)
{
    if (ctx == NULL) {
        lf_abi_null(current, call, "ctx");
        return NULL;
    }

    return lf_port_request(ctx, call->site);
}


struct lf_cycle *
lf_abi_cycle(const ngx_link_func_cycle_t *cycle,
             const struct lf_abi_call *call)
{
    if (cycle == NULL) {
        lf_abi_null(current, call, "cycle");
        return NULL;
    }

    return lf_port_cycle(cycle, call->site);
}


void
lf_abi_null(struct lf_request *request, const struct lf_abi_call *call,
            const char *what)
{
    lf_report_request(request, LF_RULE_NULL_ARG, call->site, "%s: %s is NULL",
                      call->name, what);
}


#ifdef LINKFUNC_FAULTS

void
lf_fault(const char *point)
{
    const char  *wanted;

    wanted = getenv("LINKFUNC_FAULT");

    if (wanted != NULL && strcmp(wanted, point) == 0) {
        (void) kill(getpid(), SIGKILL);
    }
}

#endif
