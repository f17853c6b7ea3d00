/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request: made, run, copied, ended. The response is a copy because the
 * request's memory must be gone before the test looks at the answer: an app
 * that holds a pointer into it is to be caught.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fakes/lf_fake_host.h"
#include "fakes/test/lf_test.h"

/* What a test gets when a failed call comes back. */
static struct linkfunc_test_response  no_response;


static int
is_header(const char *line, const char *name)
{
    size_t  len;

    len = strlen(name);

    return strncasecmp(line, name, len) == 0 && line[len] == ':';
}


static int
has_header(const struct linkfunc_test_request *request, const char *name)
{
    size_t  i;

    for (i = 0; i < LINKFUNC_TEST_HEADERS && request->headers[i]; i++) {
        if (is_header(request->headers[i], name)) {
            return 1;
        }
    }

    return 0;
}


static int
add_header(struct lf_fake_request *fake, const char *line)
{
    const char  *colon, *value;

    colon = strchr(line, ':');
    if (colon == NULL) {
        return -1;
    }

    value = colon + 1;
    value += strspn(value, " \t");

    return lf_fake_add_header(fake, line, (size_t) (colon - line), value,
                              strlen(value));
}


/* What a client sends by itself. */
static int
add_own_headers(struct lf_fake_request *fake,
                const struct linkfunc_test_request *request, size_t body_len)
{
    char  line[64];

    if (!has_header(request, "Host")
        && add_header(fake, "Host: localhost") != 0)
    {
        return -1;
    }

    if (request->body == NULL || has_header(request, "Content-Length")
        || has_header(request, "Transfer-Encoding"))
    {
        return 0;
    }

    (void) snprintf(line, sizeof(line), "Content-Length: %zu", body_len);

    return add_header(fake, line);
}


/* NULL, or what went wrong. */
static const char *
set_variables(struct lf_fake_request *fake,
              const struct linkfunc_test_request *request)
{
    int          rc;
    char        *name;
    size_t       i;
    const char  *mark;

    for (i = 0; i < LINKFUNC_TEST_VARIABLES && request->variables[i]; i++) {
        mark = strchr(request->variables[i], '=');

        if (mark == NULL || mark == request->variables[i]) {
            return "a variable is written \"NAME=VALUE\"";
        }

        name = strndup(request->variables[i],
                       (size_t) (mark - request->variables[i]));
        rc = name != NULL ? lf_fake_set_variable(fake, name, mark + 1) : -1;
        free(name);

        if (rc != 0) {
            return "no memory for a variable";
        }
    }

    return NULL;
}


/* Fills the fake; NULL, or what went wrong. */
static const char *
fill_request(struct lf_fake_request *fake,
             const struct linkfunc_test_request *request)
{
    size_t  i, body_len;

    body_len = request->body_len;
    if (body_len == 0 && request->body != NULL) {
        body_len = strlen(request->body);
    }

    if (request->http_1_0) {
        lf_fake_set_http_1_0(fake);
    }

    if (add_own_headers(fake, request, body_len) != 0) {
        return "no memory for a header";
    }

    for (i = 0; i < LINKFUNC_TEST_HEADERS && request->headers[i]; i++) {
        if (strchr(request->headers[i], ':') == NULL) {
            return "a header is written \"Name: value\"";
        }

        if (add_header(fake, request->headers[i]) != 0) {
            return "no memory for a header";
        }
    }

    if (request->body != NULL
        && lf_fake_set_body(fake, request->body, body_len) != 0)
    {
        return "no memory for the body";
    }

    lf_fake_fail_alloc(fake, request->fail_alloc);

    return set_variables(fake, request);
}


static int
copy_headers(struct linkfunc_test_host *host, struct linkfunc_test_response *r,
             const struct lf_fake_response *from)
{
    size_t                        i;
    const struct lf_fake_header  *header;
    struct linkfunc_test_header  *copy;

    copy = test_alloc(host, sizeof(*copy) * (from->header_count + 1));
    if (copy == NULL) {
        return -1;
    }

    for (i = 0; i < from->header_count; i++) {
        header = &from->headers[i];

        copy[i].name = test_copy(host, header->name.data, header->name.len);
        copy[i].value = test_copy(host, header->value.data,
                                  header->value.len);
        if (copy[i].name == NULL || copy[i].value == NULL) {
            return -1;
        }
    }

    r->headers = copy;
    r->header_count = from->header_count;

    return 0;
}


/* Other threads may be logging for requests of theirs. */
static int
copy_log(struct linkfunc_test_host *host, struct linkfunc_test_response *r)
{
    size_t                          count;
    struct linkfunc_test_log_line  *copy;
    const struct lf_fake_log_line  *line;

    (void) pthread_mutex_lock(&host->fake->log.lock);

    count = 0;
    for (line = lf_fake_log(host->fake); line != NULL; line = line->next) {
        count += line->request == r->number;
    }

    copy = test_alloc(host, sizeof(*copy) * (count + 1));

    for (line = lf_fake_log(host->fake);
         copy != NULL && line != NULL;
         line = line->next)
    {
        if (line->request == r->number) {
            copy[r->log_count++] = test_log_view(line);
        }
    }

    (void) pthread_mutex_unlock(&host->fake->log.lock);

    r->log = copy;

    return copy == NULL ? -1 : 0;
}


/* Copies all that outlives the request. Returns 0, or -1: no memory. */
static int
copy_response(struct linkfunc_test_host *host,
              struct linkfunc_test_response *r,
              struct lf_fake_request *fake)
{
    const struct lf_request        *core;
    const struct lf_fake_response  *from;

    from = lf_fake_get_response(fake);
    if (from == NULL) {
        return -1;
    }

    core = lf_fake_core(fake);

    r->status = from->status;
    r->body_len = from->body.len;
    r->by_app = from->by_app;
    r->written = core->response.written;
    r->number = core->number;
    r->allocs = lf_fake_alloc_count(fake);
    r->alloc_bytes = lf_fake_alloc_bytes(fake);

    r->status_line = test_copy(host, from->status_line.data,
                               from->status_line.len);
    r->body = test_copy(host, from->body.data, from->body.len);
    if (r->status_line == NULL || r->body == NULL
        || copy_headers(host, r, from) != 0)
    {
        return -1;
    }

    r->content_type = linkfunc_test_get_header(r, "Content-Type");
    if (r->content_type == NULL) {
        r->content_type = "";
    }

    return 0;
}


struct linkfunc_test_response *
linkfunc_test_call_at(struct linkfunc_test_host *host,
                      const struct linkfunc_test_request *request,
                      const char *file, int line)
{
    const char                     *method, *wrong;
    struct lf_fake_request         *fake;
    struct linkfunc_test_response  *r;

    method = request->method;
    if (method == NULL) {
        method = request->body != NULL ? "POST" : "GET";
    }

    r = test_alloc(host, sizeof(*r));
    fake = lf_fake_request_new(host->fake, method,
                               request->target ? request->target : "/");
    wrong = r && fake ? fill_request(fake, request) : "no memory";

    if (wrong == NULL) {
        lf_fake_run(fake, request->handler);

        if (copy_response(host, r, fake) != 0) {
            wrong = "no memory for the response";
        }
    }

    if (fake != NULL) {
        lf_fake_request_free(&fake);
    }

    /* The end of a request may log, too. */
    if (wrong == NULL && copy_log(host, r) != 0) {
        wrong = "no memory for the log";
    }

    if (wrong != NULL) {
        (void) linkfunc_test_fail_at(file, line, "%s %s: %s", method,
                                     request->target ? request->target : "/",
                                     wrong);
        return &no_response;
    }

    return r;
}


const char *
linkfunc_test_get_header(const struct linkfunc_test_response *r,
                         const char *name)
{
    size_t  i;

    for (i = 0; i < r->header_count; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0) {
            return r->headers[i].value;
        }
    }

    return NULL;
}
