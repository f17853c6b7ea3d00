/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real nginx as a child of this process: started and stopped by events,
 * never by sleeping. It runs in the foreground in a folder that the caller
 * made, and writes its pid file and error.log there.
 */
#ifndef NGINX_PROCESS_H
#define NGINX_PROCESS_H

#include <sys/types.h>

#include "lib/base/strbuf.h"

struct nginx_process {
    const char  *program;            /* a path, or a name for $PATH */
    const char  *prefix;             /* -p; NULL: folder */
    const char  *folder;             /* holds nginx.conf, nginx.pid, ... */
    int          app_log;            /* for LINKFUNC_APP_LOG; -1: none */

    /* set by nginx_process_launch */
    pid_t        pid;                /* 0: does not run */
    int          pidfd;
    int          said;               /* its stderr, until it is ready */
    unsigned     without_e:1;        /* older than 1.19.5: no option -e */
};

#define NGINX_WAIT_MS  10000

/*
 * Start nginx with FOLDER/nginx.conf, and wait until its sockets listen: two
 * steps, so that the caller may do something else meanwhile. They return 0, or
 * -1 with a text in why: what nginx itself said, if it did.
 */
int nginx_process_launch(struct nginx_process *process, struct strbuf *why);
int nginx_process_ready(struct nginx_process *process, struct strbuf *why);

/* It has ended by itself. */
int nginx_process_ended(const struct nginx_process *process);

/*
 * Ask it to quit; what has not ended after ms milliseconds is killed. Returns
 * its exit status, or minus the signal that ended it.
 */
int nginx_process_stop(struct nginx_process *process, int ms);

/* HUP; returns when new workers serve, or -1 with a text. */
int nginx_process_reload(struct nginx_process *process, struct strbuf *why);

/*
 * Wait until FOLDER/FILE holds one of the texts (NULL at the end) at offset or
 * later. Returns 1, or 0: not within ms milliseconds, or nginx has ended.
 */
int nginx_process_wait_text(struct nginx_process *process, const char *file,
                            off_t offset, const char *const *texts, int ms);

/* Adds what FOLDER/FILE holds from *offset on, and moves *offset. */
int nginx_process_read(const struct nginx_process *process, const char *file,
                       off_t *offset, struct strbuf *to);

#endif /* NGINX_PROCESS_H */
