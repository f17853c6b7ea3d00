/* SPDX-License-Identifier: BSD-2-Clause */
/* The findings of the mock. */
#ifndef LF_FAKE_FINDING_H
#define LF_FAKE_FINDING_H

#include "fakes/lf_fake_log.h"

#pragma GCC visibility push(hidden)

struct lf_fake_finding_list {
    struct lf_fake_log_state  *log;
    pthread_mutex_t            lock;
    struct lf_fake_finding    *first, *last;
    size_t                     count;
    void                     (*seen)(void *data,
                                     const struct lf_fake_finding *finding);
    void                      *seen_data;
};

/* Takes a copy, and logs it for a request; NULL: for none. */
void lf_fake_finding_add(struct lf_fake_finding_list *findings,
                         const struct lf_request *request,
                         const struct lf_fake_finding *finding);

/* Drop those of a request, or all. */
void lf_fake_finding_forget(struct lf_fake_finding_list *findings,
                            unsigned long number, int all);

#pragma GCC visibility pop

#endif /* LF_FAKE_FINDING_H */
