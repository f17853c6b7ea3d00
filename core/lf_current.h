/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How lf_call.c shows lf_rule.c which request its thread runs. For a host only
 * when a handler will never return: it was left by a jump.
 */
#ifndef LF_CURRENT_H
#define LF_CURRENT_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

/* Returns the one before, to be set again: handlers may nest. */
struct lf_request *lf_current_set(struct lf_request *request);

#pragma GCC visibility pop

#endif /* LF_CURRENT_H */
