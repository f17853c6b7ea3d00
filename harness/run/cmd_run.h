/* SPDX-License-Identifier: BSD-2-Clause */
/* The command run. Scripts on the mock, on nginx, or on both. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

/* argv stands behind the name of the command. Returns an enum exit_status. */
int cmd_run(char **argv);

#endif /* CMD_RUN_H */
