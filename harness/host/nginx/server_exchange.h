/* SPDX-License-Identifier: BSD-2-Clause */
/* One exchange with a real server, as an answer of a host. */
#ifndef SERVER_EXCHANGE_H
#define SERVER_EXCHANGE_H

#include "harness/host/host.h"
#include "lib/http/http_client.h"

/*
 * HOST_ANSWERED, HOST_FAILED or HOST_TIMED_OUT with a text; what the answer
 * holds lives in the arena. Returns 0, or -1 with a text in err, as
 * http_client_exchange.
 */
int server_exchange(struct http_client *client, struct arena *arena,
                   const struct http_target *target,
                   const struct request *request, unsigned timeout_ms,
                   struct host_answer *answer, char *err);

#endif /* SERVER_EXCHANGE_H */
