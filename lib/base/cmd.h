/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of linkfunc, and what their exit status means. */
#ifndef CMD_H
#define CMD_H

enum cmd_status {
    CMD_OK = 0,
    CMD_USAGE = 1,               /* the command line, or a file it names */
    CMD_SCRIPT = 2,              /* a script or conf cannot be read */
    CMD_APP = 3,                 /* anything about the app */
    CMD_ASSERT = 4               /* an assertion, or call --fail */
};

/* argv stands behind the name of the command. */
int cmd_call(char **argv);
int cmd_run(char **argv);
int cmd_shm(char **argv);

#endif /* CMD_H */
