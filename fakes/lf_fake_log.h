/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of the mock. */
#ifndef LF_FAKE_LOG_H
#define LF_FAKE_LOG_H

#include <pthread.h>

#include "fakes/lf_fake.h"

#pragma GCC visibility push(hidden)

struct lf_fake_log_state {
    enum lf_level              level;        /* of lines that are shown */
    int                        fd;           /* -1: they are not written */
    unsigned                   keep:1;       /* record all lines */

    /* What nginx adds to a line of a request; returns how many bytes. */
    size_t                   (*context)(const struct lf_request *request,
                                        char *to, size_t size);

    void                     (*shown)(void *data,
                                      const struct lf_fake_log_line *line);
    void                      *shown_data;

    pthread_mutex_t            lock;         /* of the lines */
    struct lf_fake_log_line   *lines, *last;
};

/* One line, by the app or by the host itself; request NULL: about none. */
void lf_fake_log_write(struct lf_fake_log_state *log,
                       const struct lf_request *request, enum lf_level level,
                       int app, const char *text, size_t len);

/* Drop the lines of a request, or all. */
void lf_fake_log_forget(struct lf_fake_log_state *log, unsigned long number,
                        int all);

#pragma GCC visibility pop

#endif /* LF_FAKE_LOG_H */
