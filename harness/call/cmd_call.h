/* SPDX-License-Identifier: BSD-2-Clause */
/* The command call. One request to one function of an app. */
#ifndef CMD_CALL_H
#define CMD_CALL_H

#include "lib/base/opt.h"

extern const struct opt_command  call_command;

#endif /* CMD_CALL_H */
