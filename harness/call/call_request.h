/* SPDX-License-Identifier: BSD-2-Clause */
/* The request that curl would send for these options. */
#ifndef CALL_REQUEST_H
#define CALL_REQUEST_H

#include "harness/call/call_options.h"
#include "lib/http/request.h"

/* Returns 0, or -1 after a message. The data of the options moves over. */
int call_request_build(struct request *request, struct call_options *options);

#endif /* CALL_REQUEST_H */
