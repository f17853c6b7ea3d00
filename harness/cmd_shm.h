/* SPDX-License-Identifier: BSD-2-Clause */
/* The command shm. Lists and removes named zones. */
#ifndef CMD_SHM_H
#define CMD_SHM_H

#include "lib/base/opt.h"

extern const struct opt_command  shm_command;

#endif /* CMD_SHM_H */
