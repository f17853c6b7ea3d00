/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers of a request: what the script says, what its options and its
 * cookies make, what curl would add; and what a redirect leaves behind.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/url_parts.h"
#include "harness/run/entry/play_headers.h"


int
play_no_memory(struct eval *e, const struct script_entry *entry)
{
    return eval_fail(e, &entry->request.span, "Out of memory",
                     "there is not enough memory");
}


const struct script_section *
play_section(const struct script_entry *entry, enum script_section_kind kind)
{
    const struct script_section  *s;

    for (s = entry->request.sections; s != NULL; s = s->next) {
        if (s->kind == kind) {
            return s;
        }
    }

    return NULL;
}


int
play_header_add(struct eval *e, const struct script_entry *entry,
                struct request *http, const char *name, const char *value,
                int implied)
{
    return request_add_header(http, name, value, implied) != 0
           ? play_no_memory(e, entry) : 0;
}


/* A value with a line end would be two headers. */
static int
check_value(struct eval *e, const struct script_span *where,
            const struct str *text)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] == '\n' || text->data[i] == '\r'
            || text->data[i] == '\0')
        {
            return eval_fail(e, where, "Invalid header",
                             "a header must not hold CR, LF or NUL");
        }
    }

    return 0;
}


/* What must not follow a redirect: secrets, and what went with the body. */
static int
stays_behind(const struct play_redirect *r, const char *name)
{
    if (r == NULL) {
        return 0;
    }

    return (r->moved && strcasecmp(name, "Host") == 0)
           || (r->foreign
               && (strcasecmp(name, "Authorization") == 0
                   || strcasecmp(name, "Cookie") == 0))
           || (r->no_body
               && (strcasecmp(name, "Content-Length") == 0
                   || strcasecmp(name, "Content-Type") == 0
                   || strcasecmp(name, "Transfer-Encoding") == 0));
}


static int
add_script_headers(struct eval *e, const struct script_entry *entry,
                   const struct play_redirect *redirect,
                   struct request *http, int want_host)
{
    struct str                 key, value;
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
            && !stays_behind(redirect, key.data)
            && play_header_add(e, entry, http, key.data, value.data, 0) != 0)
        {
            return -1;
        }
    }

    return 0;
}


/* option `header: name: value` */
static int
add_option_headers(struct eval *e, const struct script_entry *entry,
                   const struct play_options *options,
                   const struct play_redirect *redirect, struct request *http)
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
        if (!stays_behind(redirect, name)
            && play_header_add(e, entry, http, name,
                               colon + strspn(colon, " \t"), 0) != 0)
        {
            return -1;
        }
    }

    return 0;
}


static int
add_authorization(struct eval *e, const struct script_entry *entry,
                  const struct play_options *options,
                  const struct play_redirect *redirect,
                  const struct url *url, struct request *http)
{
    int                           own = redirect == NULL || !redirect->foreign;
    char                         *value, *encoded;
    size_t                        len;
    const char                   *user = own ? options->user : NULL;
    struct str                    key, password;
    const struct script_section  *s = play_section(entry,
                                                   SCRIPT_SECTION_BASIC_AUTH);

    if (own && s != NULL && s->pairs != NULL) {
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
            return play_no_memory(e, entry);
        }
    }

    user = user != NULL ? user : url->user;
    if (user == NULL || request_get_header(http, "Authorization") != NULL) {
        return 0;
    }

    encoded = base64_encode(e->arena, user, strlen(user), BASE64_STANDARD,
                            &len);
    value = encoded != NULL ? arena_printf(e->arena, "Basic %s", encoded)
                            : NULL;

    return value == NULL ? play_no_memory(e, entry)
           : play_header_add(e, entry, http, "Authorization", value, 0);
}


/* What the store has for this URL, then what the entry says. */
static int
add_cookies(struct eval *e, const struct play_session *session,
            const struct script_entry *entry,
            const struct play_redirect *redirect, struct request *http,
            const struct host_request *request)
{
    int                           rc = 0;
    struct strbuf                 line = { 0 };
    struct str                    key, value;
    const struct script_pair     *p;
    const struct script_section  *s = play_section(entry,
                                                   SCRIPT_SECTION_COOKIES);

    if (session->jar != NULL) {
        cookie_jar_header(session->jar, request->host, http->target,
                          url_has_scheme(http->url, "https"), time(NULL),
                          &line);
    }

    if (redirect != NULL && redirect->foreign) {
        s = NULL;                            /* they are the first server's */
    }

    for (p = s != NULL ? s->pairs : NULL; p != NULL; p = p->next) {
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
        rc = play_no_memory(e, entry);
    } else if (line.len > 0) {
        rc = play_header_add(e, entry, http, "Cookie", line.data, 0);
    }

    strbuf_free(&line);

    return rc;
}


int
play_headers_add(struct eval *e, const struct play_session *session,
            const struct script_entry *entry,
            const struct play_options *options,
            const struct play_redirect *redirect, const struct url *url,
            struct request *http, const struct host_request *request)
{
    if (add_script_headers(e, entry, redirect, http, 1) != 0
        || (request_get_header(http, "Host") == NULL
            && play_header_add(e, entry, http, "Host", url->host, 1) != 0)
        || add_script_headers(e, entry, redirect, http, 0) != 0
        || add_option_headers(e, entry, options, redirect, http) != 0
        || add_authorization(e, entry, options, redirect, url, http) != 0
        || add_cookies(e, session, entry, redirect, http, request) != 0)
    {
        return -1;
    }

    if (request_get_header(http, "Accept") == NULL
        && play_header_add(e, entry, http, "Accept", "*/*", 1) != 0)
    {
        return -1;
    }

    return request_get_header(http, "User-Agent") == NULL
           ? play_header_add(e, entry, http, "User-Agent",
                             "linkfunc/" LINKFUNC_VERSION, 1) : 0;
}
