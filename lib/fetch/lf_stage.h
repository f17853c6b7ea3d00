/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files beside the one that they are to replace by a rename. What a process
 * left that was killed is removed by a later one.
 */
#ifndef LF_STAGE_H
#define LF_STAGE_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

/*
 * The name of a stage is path, a mark that says whose it is, and six random
 * characters: this much longer than path and mark, the NUL included.
 */
#define LF_STAGE_EXTRA  sizeof("XXXXXX")

/* Nobody works on a stage as long as that. */
#define LF_STAGE_OLD_S  600

/* A new file for path; its name in name (see above). The fd, or -1: errno. */
int lf_stage_open(const char *path, const char *mark, char *name);

/* Remove stages of path that nobody can be working on. */
void lf_stage_sweep(const char *path, const char *mark);

#pragma GCC visibility pop

#endif /* LF_STAGE_H */
