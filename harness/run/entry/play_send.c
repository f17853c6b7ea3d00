/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The request of an entry goes out, and those that redirects lead to; cookies
 * are kept, and the command lines that would repeat it.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/interrupt.h"
#include "harness/run/entry/play_attempt.h"
#include "lib/http/url.h"

/* Longer ones are named by their size alone. */
#define PIPED_BODY_MAX  512


const struct script_directive *
play_directive(const struct script_entry *entry,
               enum script_directive_kind kind)
{
    const struct script_directive  *d;

    for (d = entry->directives; d != NULL; d = d->next) {
        if (d->kind == kind) {
            return d;
        }
    }

    return NULL;
}


/* Bytes that no word of a command line can hold come out of a pipe. */
static void
add_pipe(struct request *http, struct strbuf *to)
{
    size_t  i;

    if (http->body == NULL || http->body_from != NULL
        || http->body_len > PIPED_BODY_MAX
        || memchr(http->body, '\0', http->body_len) == NULL)
    {
        return;
    }

    http->body_from = strdup("-");
    if (http->body_from == NULL) {
        return;
    }

    strbuf_addstr(to, "printf '");
    for (i = 0; i < http->body_len; i++) {
        strbuf_printf(to, "\\%03o", (unsigned char) http->body[i]);
    }
    strbuf_addstr(to, "' | ");
}


static void
record_command_lines(struct attempt *a, struct request *http)
{
    const char     *before;
    struct strbuf   app = { 0 }, options = { 0 }, pipe = { 0 };

    add_pipe(http, &pipe);
    request_print_options(http, &options);
    before = pipe.data != NULL ? pipe.data : "";

    if (!options.failed && !pipe.failed) {
        a->result.curl_line = arena_printf(a->e.arena, "%scurl%s", before,
                                           options.data);
    }

    if (a->answer.function != NULL) {
        strbuf_add_shell(&app, a->answer.app, strlen(a->answer.app));
        if (!options.failed && !pipe.failed && !app.failed) {
            a->result.call_line = arena_printf(a->e.arena,
                                               "%slinkfunc call %s %s%s",
                                               before, app.data,
                                               a->answer.function,
                                               options.data);
        }
    }

    strbuf_free(&app);
    strbuf_free(&pipe);
    strbuf_free(&options);
}


static const struct http_header *
answer_header(const struct http_answer *answer, const char *name)
{
    size_t  i;

    for (i = 0; i < answer->header_count; i++) {
        if (strcasecmp(answer->headers[i].name.data, name) == 0) {
            return &answer->headers[i];
        }
    }

    return NULL;
}


static void
record_cookies(const struct play_session *session,
             const struct host_request *request,
             const struct http_answer *answer)
{
    size_t                     i;
    const struct http_header  *h;

    for (i = 0; session->jar != NULL && i < answer->header_count; i++) {
        h = &answer->headers[i];

        if (strcasecmp(h->name.data, "Set-Cookie") == 0) {
            (void) cookie_jar_receive(session->jar, request->host,
                                      request->http->target,
                                      h->value.data, h->value.len,
                                      time(NULL));
        }
    }
}


/* Sends one request. 0, or -1: the host is lost, or there is no memory. */
static int
send_and_receive(struct attempt *a, struct play_session *session,
                 const struct script_entry *entry, struct request *http,
                 struct host_request *request)
{
    char                            err[LF_ERR_LEN];
    const struct script_directive  *call;

    call = play_directive(entry, SCRIPT_DIRECTIVE_CALL);
    if (call != NULL) {
        request->function = arena_memdup(a->e.arena, call->word.data,
                                         call->word.len);
    }

    a->result.url = a->e.url = arena_strdup(a->e.arena, http->url);
    a->result.method = arena_strdup(a->e.arena, http->method);
    memset(&a->answer, 0, sizeof(a->answer));

    if (session->host->ops->exchange(session->host, a->e.arena, request,
                                     &a->answer, err) != 0)
    {
        return eval_fail(&a->e, &entry->request.span, "Host", "%s", err);
    }

    a->sent = 1;
    record_command_lines(a, http);

    if (a->answer.outcome == HOST_ANSWERED) {
        a->result.status = a->answer.http.status;
        a->result.duration_us += a->answer.http.duration_us;
        record_cookies(session, request, &a->answer.http);
    }

    return 0;
}


/* Any 3xx that says where to. */
static const struct http_header *
where_to(const struct attempt *a)
{
    return a->options.location && a->answer.outcome == HOST_ANSWERED
           && a->answer.http.status / 100 == 3
           ? answer_header(&a->answer.http, "Location") : NULL;
}


static int
follow_one(struct attempt *a, struct play_session *session,
           const struct script_entry *entry, struct play_redirect *redirect)
{
    int                  rc;
    struct request       http;
    struct host_request  request;

    rc = play_request_redirect(&a->e, session, entry, &a->options, redirect,
                               &http, &request);
    if (rc == 0) {
        rc = send_and_receive(a, session, entry, &http, &request);
    }
    if (rc == 0) {
        rc = play_redirect_from(&a->e, redirect, &request);
    }

    request_free(&http);

    return rc;
}


static int
follow(struct attempt *a, struct play_session *session,
       const struct script_entry *entry, struct play_redirect *redirect)
{
    long long                  n;
    const struct http_header  *location;

    for (n = 0; (location = where_to(a)) != NULL; n++) {
        if (a->options.max_redirs >= 0 && n >= a->options.max_redirs) {
            return eval_fail(&a->e, &entry->request.span,
                             "Too many redirections",
                             "more than %lld redirects",
                             a->options.max_redirs);
        }
        if (interrupt_caught()) {
            return eval_fail(&a->e, &entry->request.span, "Interrupted",
                             "stopped by a signal");
        }

        redirect->status = a->answer.http.status;
        redirect->url = url_resolve(a->e.arena, a->e.url,
                                    location->value.data);

        if (redirect->url == NULL) {
            return eval_fail(&a->e, &entry->request.span, "Out of memory",
                             "there is not enough memory");
        }
        if (follow_one(a, session, entry, redirect) != 0) {
            return -1;
        }
    }

    return 0;
}


int
play_send(struct attempt *a, struct play_session *session,
          const struct script_entry *entry)
{
    int                   rc;
    struct request        http;
    struct host_request   request;
    struct play_redirect  redirect;

    memset(&redirect, 0, sizeof(redirect));

    rc = play_request_build(&a->e, session, entry, &a->options, &http,
                            &request);
    if (rc == 0) {
        rc = send_and_receive(a, session, entry, &http, &request);
    }
    if (rc == 0) {
        rc = play_redirect_from(&a->e, &redirect, &request);
    }

    request_free(&http);

    return rc == 0 ? follow(a, session, entry, &redirect) : -1;
}
