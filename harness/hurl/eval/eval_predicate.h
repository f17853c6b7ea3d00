/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of eval_predicate, shared by its parts alone. */
#ifndef EVAL_PREDICATE_H
#define EVAL_PREDICATE_H

#include "harness/hurl/eval/eval.h"

/* isIsoDate, isIpv4, isIpv6, isUuid: 1 or 0. */
int eval_has_form(enum script_predicate_kind kind,
                  const struct str *text);

/* Why a predicate did not pass; a text that is NULL is out of memory. */
void eval_describe(struct eval *e, const struct script_predicate *p,
                   const struct value *actual, const struct value *b,
                   int wrong_type, struct eval_verdict *verdict);

#endif /* EVAL_PREDICATE_H */
