/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of linkfunc. --help, the manual pages and the completions are
 * made of this list.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "lib/base/opt.h"

/* linkfunc itself: the options before a command. */
extern const struct opt_command         program_command;

/* In the order of --help; ended by NULL. */
extern const struct opt_command *const  commands[];

/* The last word of its name. */
const char *command_name(const struct opt_command *command);

#endif /* COMMANDS_H */
