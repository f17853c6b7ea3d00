/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The request of an entry goes out, and those that redirects lead to; cookies
 * are kept, and the command lines that would repeat it.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "arena.h"
#include "interrupt.h"
#include "play_attempt.h"
#include "url.h"


const struct script_directive *
play_directive(const struct script_entry *entry, enum script_directive_kind kind)
{
    const struct script_directive  *d;

    for (d = entry->directives; d != NULL; d = d->next) {
        if (d->kind == kind) {
            return d;
        }
    }

    return NULL;
}


static void
keep_command_lines(struct attempt *a, const struct request *http)
{
    struct strbuf  options;

    memset(&options, 0, sizeof(options));
    request_print_options(http, &options);

    if (!options.failed) {
        a->result.curl_line = arena_printf(a->e.arena, "curl%s",
                                           options.data);
        if (a->answer.function != NULL) {
            a->result.call_line = arena_printf(a->e.arena,
                                               "linkfunc call %s %s%s",
                                               a->answer.app,
                                               a->answer.function,
                                               options.data);
        }
    }

    strbuf_free(&options);
}


static const struct play_header *
answer_header(const struct play_answer *answer, const char *name)
{
    size_t  i;

    for (i = 0; i < answer->header_count; i++) {
        if (strcasecmp((char *) answer->headers[i].name.data, name) == 0) {
            return &answer->headers[i];
        }
    }

    return NULL;
}


static void
keep_cookies(const struct play_session *session,
             const struct play_request *request,
             const struct play_answer *answer)
{
    size_t                     i;
    const struct play_header  *h;

    for (i = 0; session->jar != NULL && i < answer->header_count; i++) {
        h = &answer->headers[i];

        if (strcasecmp((char *) h->name.data, "Set-Cookie") == 0) {
            (void) cookie_jar_receive(session->jar, request->host,
                                      request->http->target,
                                      (char *) h->value.data, h->value.len,
                                      time(NULL));
        }
    }
}


/* Sends one request. 0, or -1: the host is lost, or there is no memory. */
static int
exchange(struct attempt *a, struct play_session *session,
         const struct script_entry *entry, struct request *http,
         struct play_request *request)
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
    keep_command_lines(a, http);

    if (a->answer.outcome == PLAY_ANSWERED) {
        a->result.status = a->answer.status;
        a->result.duration_us += a->answer.duration_us;
        keep_cookies(session, request, &a->answer);
    }

    return 0;
}


static int
is_redirect(const struct play_answer *answer)
{
    return answer->outcome == PLAY_ANSWERED
           && (answer->status == 301 || answer->status == 302
               || answer->status == 303 || answer->status == 307
               || answer->status == 308);
}


/* The name alone, as curl and Hurl see it: another port is no other host. */
static lf_str_t
host_of(const char *url)
{
    size_t       len;
    const char  *at = strstr(url, "://"), *user;

    at = at != NULL ? at + 3 : url;
    len = strcspn(at, "/?#");
    user = memrchr(at, '@', len);
    at = user != NULL ? user + 1 : at;
    len = at[0] == '[' ? strcspn(at, "]") : strcspn(at, ":/?#");

    return (lf_str_t) { len, (u_char *) (uintptr_t) at };
}


static bool
same_host(const char *a, const char *b)
{
    lf_str_t  one = host_of(a), other = host_of(b);

    return lf_str_equal_nocase(&one, &other);
}


static int
follow(struct attempt *a, struct play_session *session,
       const struct script_entry *entry)
{
    int                        rc;
    char                      *url;
    long long                  n;
    struct request             http;
    struct play_request        request;
    const struct play_header  *location;

    for (n = 0; a->options.location && is_redirect(&a->answer); n++) {
        location = answer_header(&a->answer, "Location");
        if (location == NULL) {
            break;
        }

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

        url = url_resolve(a->e.arena, a->e.url,
                          (char *) location->value.data);
        a->options.stranger |= url != NULL && !a->options.trusted
                               && !same_host(a->e.url, url);
        rc = url == NULL ? -1
             : play_request_redirect(&a->e, session, entry, &a->options, url,
                                     a->answer.status, &http, &request);
        if (rc == 0) {
            rc = exchange(a, session, entry, &http, &request);
        }
        if (url != NULL) {
            request_free(&http);
        }
        if (rc != 0) {
            return -1;
        }
    }

    return 0;
}


int
play_send(struct attempt *a, struct play_session *session,
              const struct script_entry *entry)
{
    int                  rc;
    struct request       http;
    struct play_request  request;

    rc = play_request_build(&a->e, session, entry, &a->options, &http,
                            &request);
    if (rc == 0) {
        rc = exchange(a, session, entry, &http, &request);
    }

    request_free(&http);

    return rc == 0 ? follow(a, session, entry) : -1;
}
