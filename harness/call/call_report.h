/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `linkfunc call` says about its requests: answers, warnings, errors, as
 * text for people or as JSON for programs, and the exit status that follows.
 */
#ifndef CALL_REPORT_H
#define CALL_REPORT_H

#include "harness/call/call_json.h"
#include "harness/call/call_options.h"
#include "harness/call/call_output.h"
#include "harness/worker/crash.h"
#include "lib/http/request.h"
#include "harness/worker/worker.h"

struct call_report_seen;

struct call_report {
    const struct call_options  *options;
    const struct request       *request;
    struct call_output          output;
    struct call_json           *json;        /* NULL: as text */
    struct crash_context        context;
    char                       *repeat;
    char                       *unresolved;
    struct call_report_seen      *seen;        /* findings, as text */
    size_t                      seen_count;
    uint64_t                    last;        /* its object is not written yet */
    int                         status;      /* the exit status so far */
    unsigned                    cancelled:1; /* nothing can be written */
};

/* stdout_fd as in call_output_start. 0, or -1 after a message. */
int call_report_start(struct call_report *report,
                      const struct call_options *options,
                      const struct request *request, int stdout_fd);

/* The rest; returns the exit status. */
int call_report_end(struct call_report *report);

/* Something that no request can be sent for; status is the one to end with. */
void call_report_trouble(struct call_report *report, int status,
                         const char *kind, const char *text);

void call_report_sent(struct call_report *report, uint64_t id, unsigned worker);

void call_report_response(struct call_report *report,
                          const struct worker_event *event);
void call_report_finding(struct call_report *report,
                         const struct worker_event *event);
void call_report_log(struct call_report *report,
                     const struct worker_event *event);
void call_report_unresolved(struct call_report *report, const char *names);

/*
 * A worker died, with requests in progress. Ends it with worker_kill.
 */
void call_report_death(struct call_report *report, struct worker_event *event,
                       const uint64_t *ids, size_t count);

/* Requests that were never sent. */
void call_report_unsent(struct call_report *report, unsigned long count);

/* The gravest wins; trouble of the app is graver than an assertion. */
void call_report_status(struct call_report *report, int status);

#endif /* CALL_REPORT_H */
