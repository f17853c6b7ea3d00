/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log calls of apps as core writes them for test drivers: records of
 * "NUMBER LEVEL LENGTH\n" TEXT "\n" in a file that is only added to.
 */
#ifndef APP_LOG_H
#define APP_LOG_H

#include <sys/types.h>

#include "harness/host/host.h"

/*
 * Read the records behind *offset and move it. Adds to the list; the lines
 * live in the arena. Returns 0, or -1: unreadable, or no memory.
 */
int app_log_read(int fd, off_t *offset, struct arena *arena,
                 struct host_log_line **list);

#endif /* APP_LOG_H */
