/* SPDX-License-Identifier: BSD-2-Clause */
/* The running part of `linkfunc call`: workers, their requests, their ends. */
#ifndef CALL_RUN_H
#define CALL_RUN_H

#include "harness/call/call_options.h"
#include "harness/call/call_report.h"
#include "lib/http/request.h"

/*
 * Send the requests and report the responses. Returns the signal that the
 * command shall end with, or 0.
 */
int call_run(const struct call_options *options,
             const struct request *request, struct lf_fake *host,
             struct call_report *report);

#endif /* CALL_RUN_H */
