/* SPDX-License-Identifier: BSD-2-Clause */
/* What the mock and nginx must have in common, as texts that are compared. */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H

#include "play.h"
#include "strbuf.h"

/*
 * Adds status, headers (but those that are the host's own), the app's log and
 * the body of an answer.
 */
void run_compare_note(struct strbuf *to, const struct play_answer *answer);

/* Adds the first line in which the texts of mock and nginx differ. */
void run_compare_difference(struct strbuf *to, const struct strbuf *mock,
                            const struct strbuf *nginx);

#endif /* RUN_COMPARE_H */
