/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The request of an entry, as Hurl would put it on the wire: what the script
 * says, and the few headers that it leaves to the player.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/url_parts.h"
#include "harness/run/entry/play_headers.h"

#define FORM_TYPE  "application/x-www-form-urlencoded"


/* name=value&...: values percent-encoded, names as they are. */
static int
add_params(struct eval *e, const struct script_entry *entry,
           const struct script_section *from, struct strbuf *to)
{
    char                      *encoded;
    size_t                     len;
    struct str                 key, value;
    const struct script_pair  *p;

    for (p = from->pairs; p != NULL; p = p->next) {
        if (eval_template(e, p->key, &key) != 0
            || eval_template(e, p->value, &value) != 0)
        {
            return -1;
        }

        encoded = percent_encode(e->arena, value.data, value.len,
                                 PERCENT_QUERY, &len);
        if (encoded == NULL) {
            return play_no_memory(e, entry);
        }

        strbuf_addstr(to, to->len > 0 ? "&" : "");
        strbuf_add(to, key.data, key.len);
        strbuf_addch(to, '=');
        strbuf_add(to, encoded, len);
    }

    return to->failed ? play_no_memory(e, entry) : 0;
}


/* ---- URL --------------------------------------------------------------- */

static int
set_url(struct eval *e, const struct script_entry *entry,
        const struct play_options *options, const char *text,
        const char *query, struct request *http,
        struct host_request *request, struct url *url)
{
    const char  *why;

    if (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0)
    {
        return eval_fail(e, &entry->request.url->span, "Invalid URL",
                         "invalid URL <%s> (missing protocol http or https)",
                         text);
    }

    if (url_parse(url, e->arena, text, options->path_as_is, query, &why) != 0)
    {
        return eval_fail(e, &entry->request.url->span, "Invalid URL",
                         "invalid URL <%s>: %s", text, why);
    }

    request->host = url->name;
    request->port = url->port;
    http->target = strdup(url->target);
    http->url = strdup(url->text);

    return http->target == NULL || http->url == NULL
           ? play_no_memory(e, entry) : 0;
}


/* ---- body -------------------------------------------------------------- */

static const char *
implicit_type(const struct script_entry *entry)
{
    const struct script_body     *b = entry->request.body;
    const struct script_section  *form = play_section(entry,
                                                      SCRIPT_SECTION_FORM);

    if (form != NULL && form->pairs != NULL) {
        return FORM_TYPE;
    }
    if (b == NULL) {
        return NULL;
    }

    switch (b->kind) {
    case SCRIPT_BODY_JSON:
        return "application/json";
    case SCRIPT_BODY_XML:
        return "application/xml";
    case SCRIPT_BODY_MULTILINE:
        return b->multiline->hint == SCRIPT_HINT_JSON
               || b->multiline->hint == SCRIPT_HINT_GRAPHQL
               ? "application/json"
               : b->multiline->hint == SCRIPT_HINT_XML ? "application/xml"
               : NULL;
    default:
        return NULL;
    }
}


/* The command line that repeats the request names the file. */
static int
name_body_file(struct eval *e, const struct script_entry *entry,
               struct request *http)
{
    struct str                 name;
    const struct script_body  *b = entry->request.body;

    if (b == NULL || b->kind != SCRIPT_BODY_FILE || http->body == NULL) {
        return 0;
    }

    if (eval_template(e, b->text, &name) != 0) {
        return -1;
    }

    if (asprintf(&http->body_from, "%s%s%s",
                 name.data[0] == '/' ? "" : e->file_root,
                 name.data[0] == '/' ? "" : "/", name.data) < 0)
    {
        http->body_from = NULL;
        return -1;
    }

    return 0;
}


static int
set_body(struct eval *e, const struct script_entry *entry,
         struct request *http)
{
    struct strbuf                 form = { 0 };
    struct str                    bytes = { NULL, 0 };
    const struct script_section  *s = play_section(entry, SCRIPT_SECTION_FORM);

    if (entry->request.body != NULL) {
        if (eval_body(e, entry->request.body, &bytes) != 0) {
            return -1;
        }

    } else if (s != NULL) {
        if (add_params(e, entry, s, &form) != 0) {
            strbuf_free(&form);
            return -1;
        }
        bytes.data = form.data;
        bytes.len = form.len;
    }

    if (bytes.len > 0) {
        http->body = malloc(bytes.len + 1);
        if (http->body != NULL) {
            memcpy(http->body, bytes.data, bytes.len);
            http->body[bytes.len] = '\0';
            http->body_len = bytes.len;
        }
    }

    strbuf_free(&form);

    return (bytes.len > 0 && http->body == NULL)
           || name_body_file(e, entry, http) != 0 ? play_no_memory(e, entry)
                                                  : 0;
}


static int
add_body_headers(struct eval *e, const struct script_entry *entry,
                 struct request *http)
{
    char         length[32];
    const char  *type = implicit_type(entry);

    /* curl says the form's type by itself, and no other */
    if (type != NULL && request_get_header(http, "Content-Type") == NULL
        && play_header_add(e, entry, http, "Content-Type", type,
                           strcmp(type, FORM_TYPE) == 0) != 0)
    {
        return -1;
    }

    if (http->body == NULL
        || request_get_header(http, "Content-Length") != NULL
        || request_get_header(http, "Transfer-Encoding") != NULL)
    {
        return 0;
    }

    (void) snprintf(length, sizeof(length), "%zu", http->body_len);

    return play_header_add(e, entry, http, "Content-Length", length, 1);
}


/* ---- the whole --------------------------------------------------------- */

static int
is_tls(const struct request *http)
{
    return url_has_scheme(http->url, "https");
}


static int
is_elsewhere(const struct play_redirect *r, const struct request *http,
             const struct host_request *request)
{
    return strcasecmp(r->host, request->host) != 0
           || r->port != request->port || (int) r->tls != is_tls(http);
}


/* redirect is NULL for the first request of an entry. */
static int
build(struct eval *e, const struct play_session *session,
      const struct script_entry *entry, const struct play_options *options,
      const char *text, const char *query, struct play_redirect *redirect,
      struct request *http, struct host_request *request)
{
    int         rc;
    struct url  url;

    memset(request, 0, sizeof(*request));
    request->http = http;
    http->http_1_0 = options->http_1_0;
    request->timeout_ms = (unsigned) options->max_time_ms;

    rc = set_url(e, entry, options, text, query, http, request, &url);

    if (rc == 0 && redirect != NULL
        && is_elsewhere(redirect, http, request))
    {
        redirect->moved = 1;
        redirect->foreign = !options->trusted & 1;
    }
    if (rc == 0) {
        rc = play_headers_add(e, session, entry, options, redirect, &url, http,
                         request);
    }
    if (rc == 0 && (redirect == NULL || !redirect->no_body)) {
        rc = set_body(e, entry, http) != 0
             || add_body_headers(e, entry, http) != 0 ? -1 : 0;
    }

    return rc;
}


/* A parameter's name is not encoded: it must fit into a request line. */
static int
check_query(struct eval *e, const struct script_section *s,
            const struct strbuf *query)
{
    size_t  i;

    for (i = 0; i < query->len; i++) {
        unsigned char  c = (unsigned char) query->data[i];

        if (c <= ' ' || c == 0x7f) {
            return eval_fail(e, &s->span, "Invalid URL", "the name of a "
                             "parameter contains a space or a control byte; "
                             "write %%20 for a space");
        }
    }

    return 0;
}


/* What cannot go out as it is written. */
static int
check_formed(struct eval *e, const struct script_entry *entry,
             const struct str *url)
{
    if (memchr(url->data, '\0', url->len) != NULL) {
        return eval_fail(e, &entry->request.url->span, "Invalid URL",
                         "a URL must not contain NUL");
    }

    if (entry->request.method.len == 7
        && memcmp(entry->request.method.data, "CONNECT", 7) == 0)
    {
        return eval_fail(e, &entry->request.method_span, "Invalid request",
                         "CONNECT cannot be sent: it asks a proxy for a "
                         "tunnel, not a server for a response");
    }

    return 0;
}


int
play_request_build(struct eval *e, const struct play_session *session,
                   const struct script_entry *entry,
                   const struct play_options *options, struct request *http,
                   struct host_request *request)
{
    int                           rc;
    struct strbuf                 query = { 0 };
    struct str                    url;
    const struct script_section  *s = play_section(entry, SCRIPT_SECTION_QUERY);

    memset(http, 0, sizeof(*http));
    http->method = strndup(entry->request.method.data,
                           entry->request.method.len);
    if (http->method == NULL) {
        return play_no_memory(e, entry);
    }

    rc = eval_template(e, entry->request.url, &url);

    if (rc == 0) {
        rc = check_formed(e, entry, &url);
    }
    if (rc == 0 && s != NULL) {
        rc = add_params(e, entry, s, &query) != 0
             || check_query(e, s, &query) != 0 ? -1 : 0;
    }
    if (rc == 0) {
        rc = build(e, session, entry, options, url.data,
                   query.len > 0 ? query.data : NULL, NULL, http, request);
    }

    strbuf_free(&query);

    return rc;
}


int
play_redirect_from(struct eval *e, struct play_redirect *redirect,
                   const struct host_request *request)
{
    redirect->method = arena_strdup(e->arena, request->http->method);
    redirect->host = request->host;
    redirect->port = request->port;
    redirect->tls = is_tls(request->http) & 1;

    return redirect->method != NULL ? 0 : -1;
}


int
play_request_redirect(struct eval *e, const struct play_session *session,
                      const struct script_entry *entry,
                      const struct play_options *options,
                      struct play_redirect *redirect, struct request *http,
                      struct host_request *request)
{
    const char  *method = redirect->method;

    memset(http, 0, sizeof(*http));

    if (redirect->status >= 301 && redirect->status <= 303) {
        method = "GET";
        redirect->no_body = 1;
    }

    http->method = strdup(method);
    if (http->method == NULL) {
        return play_no_memory(e, entry);
    }

    return build(e, session, entry, options, redirect->url, NULL, redirect,
                 http, request);
}
