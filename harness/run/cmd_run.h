/* SPDX-License-Identifier: BSD-2-Clause */
/* The command run. Scripts on the mock, on nginx, or on both. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include "lib/base/opt.h"

extern const struct opt_command  run_command;

#endif /* CMD_RUN_H */
