/* SPDX-License-Identifier: BSD-2-Clause */
/* The running part of `linkfunc call`: workers, requests, answers. */
#ifndef CALL_RUN_H
#define CALL_RUN_H

#include "call_options.h"
#include "call_output.h"
#include "request.h"

/*
 * Send the requests and print what comes back. Returns an exit status of
 * cmd.h. *raised is the signal that the command shall end with, or 0.
 */
int call_run(struct call_options *options, const struct request *request,
             struct lf_fake *host, int stdout_fd, int *raised);

#endif /* CALL_RUN_H */
