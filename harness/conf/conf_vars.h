/* SPDX-License-Identifier: BSD-2-Clause */
/* nginx variables in values of a configuration, as they are written. */
#ifndef CONF_VARS_H
#define CONF_VARS_H

#include "harness/conf/conf.h"

/* A name and its NUL. */
#define CONF_VAR_MAX  128

/*
 * The next piece of a text: plain bytes, or a variable with its name. 1, 0 at
 * the end, -1: "$" without a name.
 */
int conf_vars_next(const char **at, const char *end, const char **plain,
                   size_t *len, char name[CONF_VAR_MAX], int *is_variable);

/* $1 to $9 */
int conf_is_capture(const char *name);

/*
 * Does a regular expression of the configuration name a group so? Then it is a
 * variable, and empty until it matches.
 */
int conf_has_group(const struct conf *conf, const char *name);

/*
 * Is every variable in the text one of nginx's own? Returns 0, or -1 with its
 * name in the error: unknown, or malformed. is_own NULL: every name is.
 */
int conf_vars_check(const lf_str_t *text, conf_is_variable is_own, char *err);

#endif /* CONF_VARS_H */
