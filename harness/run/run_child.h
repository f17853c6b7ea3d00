/* SPDX-License-Identifier: BSD-2-Clause */
/* What the process that plays a file tells the one that runs them all. */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "harness/run/run.h"

enum part { PART_TEXT, PART_OUTPUT, PART_RESULT, PART_PIECE };

struct head {
    uint32_t  part;                  /* PART_PIECE + number of the reporter */
    uint64_t  len;
};

/* What the parent wants to know of a file that has ended. */
struct outcome {
    enum run_verdict  verdict;
    unsigned          entries, checks, na;
    int               status;
};

/*
 * Plays a file, number in the list, and writes its parts to fd: a head, then
 * so many bytes. Ends the process when the parent is gone.
 */
void run_child(const struct run_settings *settings, const char *path,
               unsigned number, int fd, pid_t parent);

#endif /* RUN_CHILD_H */
