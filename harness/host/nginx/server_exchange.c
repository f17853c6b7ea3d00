/* SPDX-License-Identifier: BSD-2-Clause */
/* See server_exchange.h. */
#include <string.h>

#include "harness/host/nginx/server_exchange.h"


int
server_exchange(struct http_client *client, struct arena *arena,
                const struct http_target *target,
                const struct request *request, unsigned timeout_ms,
                struct host_answer *answer, char *err)
{
    static const enum host_outcome  outcomes[] = {
        [HTTP_ANSWERED] = HOST_ANSWERED,
        [HTTP_FAILED] = HOST_FAILED,
        [HTTP_TIMED_OUT] = HOST_TIMED_OUT
    };

    memset(answer, 0, sizeof(*answer));

    if (http_client_exchange(client, arena, target, request, timeout_ms,
                             &answer->http, err) != 0)
    {
        return -1;
    }

    answer->outcome = outcomes[answer->http.outcome];
    answer->text = answer->http.text;

    return 0;
}
