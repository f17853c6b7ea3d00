/* SPDX-License-Identifier: BSD-2-Clause */
/* What came of an entry, of a file, of a call. */
#ifndef VERDICT_H
#define VERDICT_H

enum run_verdict {
    RUN_PASSED,
    RUN_SKIPPED,                     /* option skip, or repeat: 0 */
    RUN_NA,                          /* nothing failed, not all was checked */
    RUN_FAILED,                      /* an assertion: exit status 4 */
    RUN_ERROR                        /* exit status 3 */
};

/* "passed", "skipped", ... as reports spell them. */
const char *verdict_name(enum run_verdict verdict);

/* The worse of two verdicts, and the exit status that it gives. */
enum run_verdict verdict_worse(enum run_verdict a, enum run_verdict b);
int verdict_exit_status(enum run_verdict verdict);

#endif /* VERDICT_H */
