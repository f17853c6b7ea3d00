/* SPDX-License-Identifier: BSD-2-Clause */
/* What play_entry.c and play_send.c share, and nobody else. */
#ifndef PLAY_ATTEMPT_H
#define PLAY_ATTEMPT_H

#include "harness/run/entry/play_entry.h"

/* One attempt: the answer is of the last request sent. */
struct attempt {
    struct eval          e;
    struct play_options  options;
    struct host_answer   answer;
    struct run_entry     result;
    unsigned             sent:1;
};

/* The first directive of a kind above an entry, or NULL. */
const struct script_directive *
    play_directive(const struct script_entry *entry,
                   enum script_directive_kind kind);

/*
 * Sends the request of an entry and those that redirects lead to; a->answer
 * is the last one's. 0, or -1 with the error in a->e: the host is lost, or the
 * request cannot be made.
 */
int play_send(struct attempt *a, struct play_session *session,
              const struct script_entry *entry);

#endif /* PLAY_ATTEMPT_H */
