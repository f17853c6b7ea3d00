/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The error.log of a driven nginx: lines that nobody wants become findings,
 * and the log says which worker runs and how it ended.
 */
#ifndef NGINX_LOG_H
#define NGINX_LOG_H

#include <sys/types.h>

#include "harness/host/host.h"

struct nginx_log {
    int       fd;                /* -1: not open yet */
    off_t     offset;            /* of the first line that was not read */

    pid_t     worker;            /* the last that was started; 0: none yet */
    pid_t     dead;              /* the last that ended; 0: none yet */
    int       signal, code;      /* how */
    unsigned  excuse:1;          /* ends are reported elsewhere: no findings */
    pid_t     excused;           /* the last of these */
};

/*
 * Read the new lines. [alert], [emerg] and reports of sanitizers are added to
 * the findings, which live in the arena. Returns 0, or -1: no memory, or
 * unreadable.
 */
int nginx_log_read(struct nginx_log *log, struct arena *arena,
                   struct host_finding **findings);

#endif /* NGINX_LOG_H */
