/* SPDX-License-Identifier: BSD-2-Clause */
/* What the log says of a request: refusals, and what nginx adds to a line. */
#include <stdio.h>
#include <string.h>

#include "fakes/lf_fake_request.h"


void
lf_fake_log_text(struct lf_fake_request *request, enum lf_level level,
                 const char *text)
{
    lf_fake_log_write(&request->host->log, &request->core, level, 0, text,
                      strlen(text));
}


void
lf_fake_refuse(struct lf_fake_request *request, int status, const char *why)
{
    if (request->refused == 0) {
        request->refused = status;
        lf_fake_log_text(request, LF_INFO, why);
    }
}


/* Name, value and end, as far as there is room: the line is cut there. */
static size_t
put(char *to, size_t size, const char *name, const lf_str_t *value,
    const char *end)
{
    int  n;

    n = snprintf(to, size, "%s%.*s%s", name, (int) value->len,
                 (char *) value->data, end);

    return (size_t) n < size ? (size_t) n : size - 1;
}


size_t
lf_fake_log_context(const struct lf_request *core, char *to, size_t size)
{
    size_t                         n;
    const struct lf_fake_request  *request = lf_fake_request_of(core);

    static const lf_str_t  localhost = LF_STR("localhost");

    n = put(to, size, ", client: 127.0.0.1, server: ",
            request->server_conf->name.len > 0 ? &request->server_conf->name
                                               : &localhost, "");
    n += put(to + n, size - n, ", request: \"", &core->method, " ");
    n += put(to + n, size - n, "", &request->target,
             request->http_1_0 ? " HTTP/1.0\"" : " HTTP/1.1\"");

    if (request->host_header.data != NULL) {
        n += put(to + n, size - n, ", host: \"", &request->host_header, "\"");
    }

    if (request->referer.data != NULL) {
        n += put(to + n, size - n, ", referrer: \"", &request->referer, "\"");
    }

    return n;
}
