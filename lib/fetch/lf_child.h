/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work that must not happen in this process: a short-lived child does it and
 * sends back a report. The caller outlives whatever happens there, and believes
 * nothing of what comes: foreign code may run in the child.
 */
#ifndef LF_CHILD_H
#define LF_CHILD_H

#include "lib/wire/wire.h"

#pragma GCC visibility push(hidden)

enum lf_child_end {
    LF_CHILD_REPORTED = 1,       /* the report was read */
    LF_CHILD_SILENT,             /* it ended without one: see status */
    LF_CHILD_BAD_REPORT,         /* killed: it sent something else */
    LF_CHILD_SLOW,               /* killed after the limit */
    LF_CHILD_NONE                /* no process could be made: see errno */
};

struct lf_child_task {
    /* In the child: put the fields of the report, or end the process. */
    void  (*work)(void *data, struct strbuf *report);

    /* In the caller: check and copy them; -1: these are no such fields. */
    int   (*read)(void *data, struct wire_frame *report);

    void   *data;
    size_t  report_max;          /* bytes */
    long    limit_ms;
};

/* status is what waitpid says. */
enum lf_child_end lf_child_run(const struct lf_child_task *task, int *status);

/* What is left of limit_ms since start, at least 0. */
struct timespec;
long lf_child_left_ms(const struct timespec *start, long limit_ms);

#pragma GCC visibility pop

#endif /* LF_CHILD_H */
