/* SPDX-License-Identifier: BSD-2-Clause */
/* See verdict.h. */
#include "harness/run/report/verdict.h"
#include "lib/base/exit_status.h"


const char *
verdict_name(enum run_verdict verdict)
{
    static const char *const  names[] = {
        "passed", "skipped", "not applicable", "failed", "error"
    };

    return names[verdict];
}


enum run_verdict
verdict_worse(enum run_verdict a, enum run_verdict b)
{
    return a > b ? a : b;
}


int
verdict_exit_status(enum run_verdict verdict)
{
    switch (verdict) {
    case RUN_ERROR:
        return EXIT_APP;
    case RUN_FAILED:
        return EXIT_ASSERT;
    default:
        return EXIT_OK;
    }
}
