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

#include "arena.h"
#include "call_url.h"
#include "encode.h"
#include "play_entry.h"

#define FORM_TYPE  "application/x-www-form-urlencoded"


static int
no_memory(struct eval *e, const struct script_entry *entry)
{
    return eval_fail(e, &entry->request.span, "Out of memory",
                     "there is not enough memory");
}


static const struct script_section *
section(const struct script_entry *entry, enum script_section_kind kind)
{
    const struct script_section  *s;

    for (s = entry->request.sections; s != NULL; s = s->next) {
        if (s->kind == kind) {
            return s;
        }
    }

    return NULL;
}


/* name=value&...: values percent-encoded, names as they are. */
static int
add_params(struct eval *e, const struct script_entry *entry,
           const struct script_section *from, struct strbuf *to)
{
    char                      *encoded;
    size_t                     len;
    struct script_str          key, value;
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
            return no_memory(e, entry);
        }

        strbuf_addstr(to, to->len > 0 ? "&" : "");
        strbuf_add(to, key.data, key.len);
        strbuf_addch(to, '=');
        strbuf_add(to, encoded, len);
    }

    return to->failed ? no_memory(e, entry) : 0;
}


/* ---- URL --------------------------------------------------------------- */

static int
split_authority(struct eval *e, const struct call_url *url,
                struct play_request *request)
{
    const char  *colon = strrchr(url->host, ':');

    if (colon != NULL && strchr(colon, ']') != NULL) {
        colon = NULL;
    }

    request->port = colon != NULL ? (unsigned) atoi(colon + 1)
                    : strcmp(url->scheme, "https") == 0 ? 443 : 80;
    request->host = arena_memdup(e->arena, url->host,
                                 colon != NULL ? (size_t) (colon - url->host)
                                               : strlen(url->host));

    return request->host != NULL ? 0 : -1;
}


static int
set_url(struct eval *e, const struct script_entry *entry,
        const struct play_options *options, const char *text,
        const char *query, struct request *http,
        struct play_request *request, struct call_url *url)
{
    const char  *why;

    if (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0)
    {
        return eval_fail(e, &entry->request.url->span, "Invalid URL",
                         "invalid URL <%s> (missing protocol http or https)",
                         text);
    }

    if (call_url_parse(url, text, options->path_as_is, query, &why) != 0) {
        return eval_fail(e, &entry->request.url->span, "Invalid URL",
                         "invalid URL <%s>: %s", text, why);
    }

    http->target = strdup(url->target);
    if (asprintf(&http->url, "%s://%s%s", url->scheme, url->host, url->target)
        < 0)
    {
        http->url = NULL;
    }

    return http->target == NULL || http->url == NULL
           || split_authority(e, url, request) != 0
           ? no_memory(e, entry) : 0;
}


/* ---- headers ----------------------------------------------------------- */

static int
add_header(struct eval *e, const struct script_entry *entry,
           struct request *http, const char *name, const char *value,
           int implied)
{
    return request_add_header(http, name, value, implied) != 0
           ? no_memory(e, entry) : 0;
}


/* A value with a line end would be two headers. */
static int
check_value(struct eval *e, const struct script_span *where,
            const struct script_str *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] == '\n' || text->data[i] == '\r'
            || text->data[i] == '\0')
        {
            return eval_fail(e, where, "Invalid header",
                             "a header holds no CR, LF or NUL");
        }
    }

    return 0;
}


/* A stranger does not get what was meant for the host that was asked. */
static bool
is_secret(const struct play_options *options, const char *name)
{
    return options->stranger && (strcasecmp(name, "Authorization") == 0
                                 || strcasecmp(name, "Cookie") == 0);
}


static int
add_script_headers(struct eval *e, const struct script_entry *entry,
                   const struct play_options *options, struct request *http,
                   int want_host)
{
    struct script_str          key, value;
    const struct script_pair  *p;

    for (p = entry->request.headers; p != NULL; p = p->next) {
        if (eval_template(e, p->key, &key) != 0
            || eval_template(e, p->value, &value) != 0
            || check_value(e, &p->span, &key) != 0
            || check_value(e, &p->span, &value) != 0)
        {
            return -1;
        }

        if ((strcasecmp(key.data, "Host") == 0) == want_host
            && !is_secret(options, key.data)
            && add_header(e, entry, http, key.data, value.data, 0) != 0)
        {
            return -1;
        }
    }

    return 0;
}


/* option `header: name: value` */
static int
add_option_headers(struct eval *e, const struct script_entry *entry,
                   const struct play_options *options, struct request *http)
{
    char                        *colon, *name;
    struct value                 line;
    const struct script_option  *o;

    for (o = options->headers; o != NULL; o = o->next) {
        if (o->kind != SCRIPT_OPT_HEADER) {
            continue;
        }

        if (eval_value(e, &o->value, &line) != 0
            || check_value(e, &o->span, &line.text) != 0)
        {
            return -1;
        }

        name = arena_memdup(e->arena, line.text.data, line.text.len);
        colon = name != NULL ? strchr(name, ':') : NULL;
        if (colon == NULL) {
            return eval_fail(e, &o->span, "Invalid header",
                             "write it as \"name: value\"");
        }

        *colon++ = '\0';
        if (!is_secret(options, name)
            && add_header(e, entry, http, name, colon + strspn(colon, " \t"),
                          0) != 0)
        {
            return -1;
        }
    }

    return 0;
}


static int
add_authorization(struct eval *e, const struct script_entry *entry,
                  const struct play_options *options,
                  const struct call_url *url, struct request *http)
{
    char                         *value, *encoded;
    size_t                        len;
    const char                   *user = options->user;
    struct script_str             key, password;
    const struct script_section  *s = section(entry,
                                              SCRIPT_SECTION_BASIC_AUTH);

    if (options->stranger) {
        user = NULL;

    } else if (s != NULL && s->pairs != NULL) {
        if (eval_template(e, s->pairs->key, &key) != 0
            || eval_template(e, s->pairs->value, &password) != 0)
        {
            return -1;
        }
        if (check_value(e, &s->pairs->span, &key) != 0
            || check_value(e, &s->pairs->span, &password) != 0)
        {
            return -1;
        }
        user = arena_printf(e->arena, "%s:%s", key.data, password.data);
        if (user == NULL) {
            return no_memory(e, entry);
        }
    }

    user = user != NULL ? user : url->user;
    if (user == NULL || request_header(http, "Authorization") != NULL) {
        return 0;
    }

    encoded = base64_encode(e->arena, user, strlen(user), BASE64_STANDARD,
                            &len);
    value = encoded != NULL ? arena_printf(e->arena, "Basic %s", encoded)
                            : NULL;

    return value == NULL ? no_memory(e, entry)
           : add_header(e, entry, http, "Authorization", value, 0);
}


/* What the store keeps for this URL, then what the entry says. */
static int
add_cookies(struct eval *e, const struct play_session *session,
            const struct script_entry *entry,
            const struct play_options *options, struct request *http,
            const struct play_request *request)
{
    int                           rc = 0;
    struct strbuf                 line = { 0 };
    struct script_str             key, value;
    const struct script_pair     *p;
    const struct script_section  *s = section(entry, SCRIPT_SECTION_COOKIES);

    if (session->jar != NULL) {
        cookie_jar_header(session->jar, request->host, http->target,
                          strncmp(http->url, "https:", 6) == 0, time(NULL),
                          &line);
    }

    for (p = s != NULL && !options->stranger ? s->pairs : NULL; p != NULL;
         p = p->next)
    {
        if (eval_template(e, p->key, &key) != 0
            || eval_template(e, p->value, &value) != 0
            || check_value(e, &p->span, &key) != 0
            || check_value(e, &p->span, &value) != 0)
        {
            strbuf_free(&line);
            return -1;
        }
        strbuf_printf(&line, "%s%s=%s", line.len > 0 ? "; " : "", key.data,
                      value.data);
    }

    if (line.failed) {
        rc = no_memory(e, entry);
    } else if (line.len > 0) {
        rc = add_header(e, entry, http, "Cookie", line.data, 0);
    }

    strbuf_free(&line);

    return rc;
}


/* ---- body -------------------------------------------------------------- */

static const char *
implicit_type(const struct script_entry *entry)
{
    const struct script_body     *b = entry->request.body;
    const struct script_section  *form = section(entry, SCRIPT_SECTION_FORM);

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


static int
set_body(struct eval *e, const struct script_entry *entry,
         struct request *http)
{
    struct strbuf                 form = { 0 };
    struct script_str             bytes = { NULL, 0 };
    const struct script_section  *s = section(entry, SCRIPT_SECTION_FORM);

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

    return bytes.len > 0 && http->body == NULL ? no_memory(e, entry) : 0;
}


static int
add_body_headers(struct eval *e, const struct script_entry *entry,
                 struct request *http)
{
    char         length[32];
    const char  *type = implicit_type(entry);

    if (type != NULL && request_header(http, "Content-Type") == NULL
        && add_header(e, entry, http, "Content-Type", type, 1) != 0)
    {
        return -1;
    }

    if (http->body == NULL || request_header(http, "Content-Length") != NULL
        || request_header(http, "Transfer-Encoding") != NULL)
    {
        return 0;
    }

    (void) snprintf(length, sizeof(length), "%zu", http->body_len);

    return add_header(e, entry, http, "Content-Length", length, 1);
}


/* ---- the whole --------------------------------------------------------- */

static int
add_headers(struct eval *e, const struct play_session *session,
            const struct script_entry *entry,
            const struct play_options *options, const struct call_url *url,
            struct request *http, const struct play_request *request)
{
    if (add_script_headers(e, entry, options, http, 1) != 0
        || (request_header(http, "Host") == NULL
            && add_header(e, entry, http, "Host", url->host, 1) != 0)
        || add_script_headers(e, entry, options, http, 0) != 0
        || add_option_headers(e, entry, options, http) != 0
        || add_authorization(e, entry, options, url, http) != 0
        || add_cookies(e, session, entry, options, http, request) != 0)
    {
        return -1;
    }

    if (request_header(http, "Accept") == NULL
        && add_header(e, entry, http, "Accept", "*/*", 1) != 0)
    {
        return -1;
    }

    return request_header(http, "User-Agent") == NULL
           ? add_header(e, entry, http, "User-Agent",
                        "linkfunc/" LINKFUNC_VERSION, 1) : 0;
}


static int
build(struct eval *e, const struct play_session *session,
      const struct script_entry *entry, const struct play_options *options,
      const char *text, const char *query, int with_body,
      struct request *http, struct play_request *request)
{
    int              rc;
    struct call_url  url;

    memset(&url, 0, sizeof(url));
    memset(request, 0, sizeof(*request));
    request->http = http;
    http->http_1_0 = options->http_1_0;
    request->timeout_ms = (unsigned) options->max_time_ms;

    rc = set_url(e, entry, options, text, query, http, request, &url);
    if (rc == 0) {
        rc = add_headers(e, session, entry, options, &url, http, request);
    }
    if (rc == 0 && with_body) {
        rc = set_body(e, entry, http) != 0
             || add_body_headers(e, entry, http) != 0 ? -1 : 0;
    }

    call_url_free(&url);

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
                             "parameter holds a blank or a control byte; "
                             "write %%20 for a blank");
        }
    }

    return 0;
}


/* What cannot go out as it is written. */
static int
check_formed(struct eval *e, const struct script_entry *entry,
             const struct script_str *url)
{
    if (memchr(url->data, '\0', url->len) != NULL) {
        return eval_fail(e, &entry->request.url->span, "Invalid URL",
                         "a URL holds no NUL");
    }

    if (entry->request.method.len == 7
        && memcmp(entry->request.method.data, "CONNECT", 7) == 0)
    {
        return eval_fail(e, &entry->request.method_span, "Invalid request",
                         "CONNECT cannot be sent: it asks a proxy for a "
                         "tunnel, not a server for an answer");
    }

    return 0;
}


int
play_request_build(struct eval *e, const struct play_session *session,
                   const struct script_entry *entry,
                   const struct play_options *options, struct request *http,
                   struct play_request *request)
{
    int                           rc;
    struct strbuf                 query = { 0 };
    struct script_str             url;
    const struct script_section  *s = section(entry, SCRIPT_SECTION_QUERY);

    memset(http, 0, sizeof(*http));
    http->method = strndup(entry->request.method.data,
                           entry->request.method.len);
    if (http->method == NULL) {
        return no_memory(e, entry);
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
                   query.len > 0 ? query.data : NULL, 1, http, request);
    }

    strbuf_free(&query);

    return rc;
}


int
play_request_redirect(struct eval *e, const struct play_session *session,
                      const struct script_entry *entry,
                      const struct play_options *options, const char *url,
                      unsigned status, struct request *http,
                      struct play_request *request)
{
    int  keeps = status < 301 || status > 303;

    memset(http, 0, sizeof(*http));
    http->method = keeps ? strndup(entry->request.method.data,
                                   entry->request.method.len)
                         : strdup("GET");
    if (http->method == NULL) {
        return no_memory(e, entry);
    }

    return build(e, session, entry, options, url, NULL, keeps, http, request);
}
