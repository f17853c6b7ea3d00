/* SPDX-License-Identifier: BSD-2-Clause */
/* The variables of a script: names and values, each with its own memory. */
#ifndef VARS_H
#define VARS_H

#include "harness/hurl/eval/value.h"

struct vars;

struct vars *vars_new(void);                 /* NULL: no memory */
void vars_free(struct vars **vars);

/* A set of its own with the same contents; NULL: no memory. */
struct vars *vars_copy(const struct vars *vars);

/* The value is copied. Returns 0, or -1: no memory. */
int vars_set(struct vars *vars, const char *name, size_t len,
             const struct value *value);

/* Borrowed until the variable is set again; NULL: not defined. */
const struct value *vars_get(const struct vars *vars, const char *name,
                             size_t len);

/* Walk them: *iter 0 to start; returns the name, or NULL at the end. */
const char *vars_next(const struct vars *vars, size_t *iter,
                      const struct value **value);

/* Variable names are letters, digits, '_' and '-'. */
int vars_is_name(const char *name, size_t len);

/* Those of functions are taken: newUuid, newDate, getEnv. */
int vars_is_function(const char *name, size_t len);

#endif /* VARS_H */
