/* SPDX-License-Identifier: BSD-2-Clause */
/* What the exit status of a command means. */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

enum exit_status {
    EXIT_OK = 0,
    EXIT_USAGE = 1,              /* the command line, or a file it names */
    EXIT_SCRIPT = 2,             /* a script or conf cannot be read */
    EXIT_APP = 3,                /* anything about the app */
    EXIT_ASSERT = 4              /* an assertion, or call --fail */
};

#endif /* EXIT_STATUS_H */
