/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work that must not happen in this process: a short-lived child does it and
 * hands back a report of fixed size. The caller outlives whatever happens
 * there. It knows nothing of nginx.
 */
#ifndef LF_CHILD_H
#define LF_CHILD_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

enum lf_child_end {
    LF_CHILD_TOLD = 1,           /* the report is there */
    LF_CHILD_SILENT,             /* it ended without one: see status */
    LF_CHILD_SLOW,               /* killed after the limit */
    LF_CHILD_NONE                /* no process could be made: see errno */
};

/*
 * In the child, work fills the report (all zero; at most PIPE_BUF bytes) and
 * returns, or ends the process. status is what waitpid says.
 */
enum lf_child_end lf_child_run(void (*work)(void *data, void *report),
                               void *data, void *report, size_t size,
                               long limit_ms, int *status);

/* What is left of limit_ms since start, at least 0. */
struct timespec;
long lf_child_left_ms(const struct timespec *start, long limit_ms);

#pragma GCC visibility pop

#endif /* LF_CHILD_H */
