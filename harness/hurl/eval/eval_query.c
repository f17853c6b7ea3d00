/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries: what an answer says, as values. */
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/http/cookie.h"
#include "lib/base/encode.h"
#include "harness/hurl/eval/eval_query.h"


/* Another program can check it: one that does not start the server itself. */
static int
not_applicable(struct eval *e, const struct script_query *q, const char *why)
{
    const char  *argument = q->attribute.data != NULL
                            ? q->arg.string->source.data : "";
    size_t       len = q->attribute.data != NULL ? q->arg.string->source.len
                                                 : 0;

    (void) eval_fail(e, &q->span, "Not applicable", "%s%s%.*s: not applicable "
                     "%s (%s); run hurl against a server to check it",
                     q->name, len > 0 ? " " : "", (int) len, argument,
                     e->in_process ? "on the mock host"
                     : e->own_server ? "on the nginx that linkfunc starts"
                     : "here", why);
    return EVAL_NA;
}


const struct http_header *
eval_header(const struct http_answer *answer, const char *name, size_t *at)
{
    while (*at < answer->header_count) {
        const struct http_header  *h = &answer->headers[(*at)++];

        if (strcasecmp(h->name.data, name) == 0) {
            return h;
        }
    }

    return NULL;
}


/* Strings are UTF-8: what is not is read as Latin-1. 0, or -1: no memory. */
static int
header_value(struct eval *e, const struct http_header *h, struct value *v)
{
    char    *text;
    size_t   i, len = 0;

    *v = value_string(h->value.data, h->value.len);
    if (utf8_check(v->text.data, v->text.len) == ENCODE_OK) {
        return 0;
    }

    text = arena_alloc(e->arena, 2 * h->value.len + 1);
    if (text == NULL) {
        return -1;
    }

    for (i = 0; i < h->value.len; i++) {
        len += utf8_encode((unsigned char) h->value.data[i], text + len);
    }

    *v = value_string(text, len);

    return 0;
}


/* One is a string, several are a list. */
static int
query_header(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t                     at = 0, count = 0;
    struct str                 name;
    struct value              *items;
    const struct http_header  *h;

    if (eval_template(e, q->arg.string, &name) != 0) {
        return -1;
    }

    while (eval_header(e->answer, name.data, &at) != NULL) {
        count++;
    }

    items = arena_alloc(e->arena, count * sizeof(*items));
    if (items == NULL) {
        return eval_no_memory(e, &q->span);
    }

    for (at = count = 0; (h = eval_header(e->answer, name.data, &at)) != NULL;
         count++)
    {
        if (header_value(e, h, &items[count]) != 0) {
            return eval_no_memory(e, &q->span);
        }
    }

    if (count == 1) {
        *v = items[0];

    } else if (count > 1) {
        v->kind = VALUE_LIST;
        v->count = count;
        v->items = items;
    }

    return 0;
}


/* ---- cookies ----------------------------------------------------------- */

static void
set_text(struct value *v, const char *text)
{
    if (text != NULL) {
        *v = value_string(text, strlen(text));
    }
}


static int
cookie_attribute(struct eval *e, const struct script_query *q,
                 const struct cookie *c, struct value *v)
{
    const char  *name = arena_memdup(e->arena, q->attribute.data,
                                     q->attribute.len);

    if (name == NULL) {
        return eval_no_memory(e, &q->span);
    }

    if (strcasecmp(name, "value") == 0) {
        set_text(v, c->value);
    } else if (strcasecmp(name, "domain") == 0) {
        set_text(v, c->domain);
    } else if (strcasecmp(name, "path") == 0) {
        set_text(v, c->path);
    } else if (strcasecmp(name, "samesite") == 0) {
        set_text(v, c->same_site);
    } else if (strcasecmp(name, "secure") == 0) {
        v->kind = c->secure ? VALUE_UNIT : VALUE_NOTHING;
    } else if (strcasecmp(name, "httponly") == 0) {
        v->kind = c->http_only ? VALUE_UNIT : VALUE_NOTHING;

    } else if (strcasecmp(name, "max-age") == 0) {
        if (c->max_age != COOKIE_NO_TIME) {
            *v = value_int(c->max_age);
        }

    } else if (c->expires != COOKIE_NO_TIME) {
        v->kind = VALUE_DATE;
        v->integer = c->expires;

    } else if (c->expires_text != NULL) {
        return eval_fail(e, &q->span, "Invalid cookie", "its Expires <%s> is "
                         "not a date", c->expires_text);
    }

    return 0;
}


static int
query_cookie(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t                     at = 0;
    struct cookie              c;
    struct str                 name;
    const struct http_header  *h;

    if (eval_template(e, q->arg.string, &name) != 0) {
        return -1;
    }

    while ((h = eval_header(e->answer, "Set-Cookie", &at)) != NULL) {
        if (cookie_parse(e->arena, h->value.data, h->value.len, &c)
            != 0 || strcmp(c.name, name.data) != 0)
        {
            continue;
        }

        if (q->attribute.data != NULL) {
            return cookie_attribute(e, q, &c, v);
        }

        set_text(v, c.value);
        return 0;
    }

    return 0;
}


/* ---- the rest -------------------------------------------------------- */

static int
query_variable(struct eval *e, const struct script_query *q, struct value *v)
{
    struct str           name;
    const struct value  *found;

    if (eval_template(e, q->arg.string, &name) != 0) {
        return -1;
    }

    found = vars_get(e->vars, name.data, name.len);
    if (found != NULL) {
        *v = *found;
    }

    return 0;
}


int
eval_query(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t  at = 0;

    memset(v, 0, sizeof(*v));

    switch (q->kind) {
    case SCRIPT_QUERY_STATUS:
        *v = value_int(e->answer->status);
        return 0;

    case SCRIPT_QUERY_VERSION:
        set_text(v, e->answer->version);
        return 0;

    case SCRIPT_QUERY_URL:
        set_text(v, e->url);
        return 0;

    case SCRIPT_QUERY_HEADER:
        return query_header(e, q, v);

    case SCRIPT_QUERY_COOKIE:
        return query_cookie(e, q, v);

    case SCRIPT_QUERY_BODY:
        return eval_body_text(e, &q->span, v);

    case SCRIPT_QUERY_JSONPATH:
        return eval_query_jsonpath(e, q, v);

    case SCRIPT_QUERY_REGEX:
        return eval_query_regex(e, q, v);

    case SCRIPT_QUERY_VARIABLE:
        return query_variable(e, q, v);

    case SCRIPT_QUERY_DURATION:
        *v = value_int((long long) (e->answer->duration_us / 1000));
        return 0;

    case SCRIPT_QUERY_BYTES:
        return eval_query_bytes(e, q, v);

    case SCRIPT_QUERY_RAWBYTES:
        if (e->in_process
            && eval_header(e->answer, "Content-Encoding", &at) == NULL)
        {
            return not_applicable(e, q, "it does not compress");
        }
        v->kind = VALUE_BYTES;
        v->text.data = e->answer->body.data;
        v->text.len = e->answer->body.len;
        return 0;

    case SCRIPT_QUERY_SHA256:
    case SCRIPT_QUERY_MD5:
        return eval_query_digest(e, q, v);

    case SCRIPT_QUERY_CERTIFICATE:
        return not_applicable(e, q, e->own_server ? "no TLS"
                                    : "linkfunc does not read it");

    case SCRIPT_QUERY_IP:
        return not_applicable(e, q, e->own_server ? "no address"
                                    : "linkfunc does not read it");

    case SCRIPT_QUERY_REDIRECTS:
        return not_applicable(e, q, "redirects are not recorded");

    case SCRIPT_QUERY_XPATH:
        break;
    }

    return eval_fail(e, &q->span, "Not supported yet",
                     "query %s is not supported yet", q->name);
}
