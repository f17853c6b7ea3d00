/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What went wrong in an app, for its author: what happened, where in the
 * app, how to repeat it.
 */
#ifndef CRASH_H
#define CRASH_H

#include "lib/base/strbuf.h"
#include "harness/worker/worker.h"

struct crash_context {
    const char  *app;
    const char  *unresolved;     /* names that nobody provides, or NULL */
    const char  *repeat;         /* the command line, or NULL: no request */
    uint64_t     timeout;
    uint64_t     request, total; /* which of how many; 0: not known */
};

/*
 * Tell of a WORKER_DIED on stderr, after a look into the process; ends it with
 * worker_kill.
 */
void crash_report(const struct crash_context *context,
                  struct worker_death *death, struct worker *worker);

/* The same as a text. */
void crash_text(const struct crash_context *context,
                struct worker_death *death, struct worker *worker,
                struct strbuf *out);
void crash_finding_text(const struct crash_context *context,
                        const struct worker_finding *finding,
                        struct strbuf *out);

/* Tell of a WORKER_FINDING on stderr. */
void crash_report_finding(const struct crash_context *context,
                          const struct worker_finding *finding);

/* "request", "init hook", ...: for programs. */
const char *crash_phase_name(enum worker_phase phase);

/* What died and why, in one sentence; for tests. */
void crash_sentence(const struct crash_context *context,
                    const struct worker_death *death, struct strbuf *out);

#endif /* CRASH_H */
