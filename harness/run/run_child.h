/* SPDX-License-Identifier: BSD-2-Clause */
/* What the process that plays a file sends to the one that runs them all. */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include <sys/types.h>

#include "harness/run/run.h"
#include "lib/wire/wire.h"

/* Types of frames: bytes to be shown as they are, but for the result. */
enum part {
    PART_TEXT, PART_OUTPUT,
    PART_RESULT,                     /* the fields of a struct outcome */
    PART_PIECE                       /* + number of the reporter */
};

#define PART_MAX  ((uint64_t) 1 << 32)

/* What the parent wants to know of a file that has ended. */
struct outcome {
    enum run_verdict  verdict;
    unsigned          entries, checks, na;
    int               status;
};

/*
 * Plays a file, number in the list, and sends its parts to the socket fd. Ends
 * the process when the parent is gone.
 */
void run_child(const struct run_settings *settings, const char *path,
               unsigned number, int fd, pid_t parent);

#endif /* RUN_CHILD_H */
