/* SPDX-License-Identifier: BSD-2-Clause */
/* The command call. One request to one function of an app. */
#ifndef CMD_CALL_H
#define CMD_CALL_H

/* argv stands behind the name of the command. Returns an enum exit_status. */
int cmd_call(char **argv);

#endif /* CMD_CALL_H */
