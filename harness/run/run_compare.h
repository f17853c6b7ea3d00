/* SPDX-License-Identifier: BSD-2-Clause */
/* What the mock and nginx must have in common, and the differences. */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H

#include "harness/host/host.h"
#include "lib/base/strbuf.h"

/* What one host answered to an entry, all repeats of it. Begins with zeros. */
struct run_seen {
    struct strbuf  status;
    struct strbuf  headers;          /* lines, by name; of a name as sent */
    struct strbuf  log;
    struct strbuf  body;
    unsigned       answers;
};

void run_seen_clear(struct run_seen *seen);
void run_seen_free(struct run_seen *seen);

/*
 * Adds status, headers (but those that are the host's own), the app's log and
 * the body of an answer, without the version that a page of nginx ends with.
 */
void run_seen_add(struct run_seen *seen, const struct host_answer *answer);

/* Adds what differs, both sides of it; nothing when nothing does. */
void run_compare(struct strbuf *to, const struct run_seen *mock,
                 const struct run_seen *nginx);

#endif /* RUN_COMPARE_H */
