/* SPDX-License-Identifier: BSD-2-Clause */
/* The command shm. The zones that calls have kept. */
#ifndef CMD_SHM_H
#define CMD_SHM_H

/* argv stands behind the name of the command. Returns an enum exit_status. */
int cmd_shm(char **argv);

#endif /* CMD_SHM_H */
