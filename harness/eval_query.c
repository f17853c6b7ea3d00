/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries: what an answer says, as values. */
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "cookie.h"
#include "digest.h"
#include "encode.h"
#include "eval.h"
#include "jsonpath.h"
#include "regexp.h"


static int
no_memory(struct eval *e, const struct script_span *where)
{
    return eval_fail(e, where, "Out of memory", "there is not enough memory");
}


static int
not_applicable(struct eval *e, const struct script_query *q, const char *why)
{
    (void) eval_fail(e, &q->span, "Not applicable", "%s: not applicable %s; "
                     "run with --on URL to check it", q->name, why);
    return EVAL_NA;
}


/* The nth header of that name, from 0; NULL: there are fewer. */
static const struct play_header *
header(const struct play_answer *a, const char *name, size_t n)
{
    size_t  i;

    for (i = 0; i < a->header_count; i++) {
        if (strcasecmp((char *) a->headers[i].name.data, name) == 0
            && n-- == 0)
        {
            return &a->headers[i];
        }
    }

    return NULL;
}


/* Strings are UTF-8: what is not is read as Latin-1. 0, or -1: no memory. */
static int
header_value(struct eval *e, const struct play_header *h, struct value *v)
{
    char    *text;
    size_t   i, len = 0;

    *v = value_string((char *) h->value.data, h->value.len);
    if (utf8_check(v->text.data, v->text.len) == ENCODE_OK) {
        return 0;
    }

    text = arena_alloc(e->arena, 2 * h->value.len + 1);
    if (text == NULL) {
        return -1;
    }

    for (i = 0; i < h->value.len; i++) {
        u_char  c = h->value.data[i];

        if (c >= 0x80) {
            text[len++] = (char) (0xc0 | c >> 6);
            c = 0x80 | (c & 0x3f);
        }
        text[len++] = (char) c;
    }

    *v = value_string(text, len);

    return 0;
}


static int
query_header(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t              n, count = 0;
    struct script_str   name;

    if (eval_template(e, q->arg.string, &name) != 0) {
        return -1;
    }

    while (header(e->answer, name.data, count) != NULL) {
        count++;
    }

    if (count == 1) {
        return header_value(e, header(e->answer, name.data, 0), v) == 0 ? 0
               : no_memory(e, &q->span);

    } else if (count > 1) {
        v->kind = VALUE_LIST;
        v->count = count;
        v->items = arena_alloc(e->arena, count * sizeof(*v->items));
        if (v->items == NULL) {
            return no_memory(e, &q->span);
        }
        for (n = 0; n < count; n++) {
            if (header_value(e, header(e->answer, name.data, n),
                             &v->items[n]) != 0)
            {
                return no_memory(e, &q->span);
            }
        }
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
        return no_memory(e, &q->span);
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
    }

    return 0;
}


static int
query_cookie(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t                     n;
    struct cookie              c;
    struct script_str          name;
    const struct play_header  *h;

    if (eval_template(e, q->arg.string, &name) != 0) {
        return -1;
    }

    for (n = 0; (h = header(e->answer, "Set-Cookie", n)) != NULL; n++) {
        if (cookie_parse(e->arena, (char *) h->value.data, h->value.len, &c)
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


/* ---- body -------------------------------------------------------------- */

/* Content-Encoding is undone only where it was put on: not yet at all. */
static int
check_encoding(struct eval *e, const struct script_span *where)
{
    const struct play_header  *h = header(e->answer, "Content-Encoding", 0);

    if (h == NULL || strcasecmp((char *) h->value.data, "identity") == 0) {
        return 0;
    }

    return eval_fail(e, where, "Decompression error", "the body has "
                     "Content-Encoding %s, which is not supported yet: do "
                     "not ask for it with Accept-Encoding",
                     (char *) h->value.data);
}


/* The charset parameter of Content-Type; utf-8 without one. */
static const char *
charset(struct eval *e)
{
    size_t                     len;
    const char                *at;
    const struct play_header  *h = header(e->answer, "Content-Type", 0);

    at = h != NULL ? strcasestr((char *) h->value.data, "charset=") : NULL;
    if (at == NULL) {
        return "utf-8";
    }

    at += 8;
    at += (*at == '"');
    len = strcspn(at, "\"; \t");

    return arena_memdup(e->arena, at, len);
}


/* The names that browsers take for windows-1252. */
static const char *
iconv_name(const char *name)
{
    size_t                    i;
    static const char *const  latin[] = {
        "iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii", "l1"
    };

    for (i = 0; i < sizeof(latin) / sizeof(latin[0]); i++) {
        if (strcasecmp(name, latin[i]) == 0) {
            return "windows-1252";
        }
    }

    return name;
}


static int
decode(struct eval *e, const struct script_span *where, const char *name,
       struct value *text)
{
    char     *in = (char *) e->answer->body.data, *out, *start;
    size_t    in_left = e->answer->body.len, out_left = in_left * 4 + 4, rc;
    iconv_t   converter;

    converter = iconv_open("UTF-8", iconv_name(name));
    if (converter == (iconv_t) -1) {
        return eval_fail(e, where, "Invalid charset",
                         "the charset '%s' is not valid", name);
    }

    start = out = arena_alloc(e->arena, out_left + 1);
    rc = start == NULL ? (size_t) -1
         : iconv(converter, &in, &in_left, &out, &out_left);
    (void) iconv_close(converter);

    if (start == NULL) {
        return no_memory(e, where);
    }
    if (rc == (size_t) -1) {
        return eval_fail(e, where, "Decoding error",
                         "value can not be decoded with %s", name);
    }

    *text = value_string(start, (size_t) (out - start));

    return 0;
}


int
eval_body_text(struct eval *e, const struct script_span *where,
               struct value *text)
{
    int                        rc = 0;
    const char                *name;
    struct value              *body;
    const struct play_answer  *a = e->answer;

    if (e->body != NULL) {
        *text = *e->body;
        return 0;
    }

    name = charset(e);
    body = arena_alloc(e->arena, sizeof(*body));
    if (name == NULL || body == NULL) {
        return no_memory(e, where);
    }

    if (check_encoding(e, where) != 0) {
        return -1;
    }

    if (strcasecmp(name, "utf-8") != 0 && strcasecmp(name, "utf8") != 0) {
        rc = decode(e, where, name, body);

    } else if (a->body.len > 0
               && utf8_check((char *) a->body.data, a->body.len) != ENCODE_OK)
    {
        rc = eval_fail(e, where, "Decoding error",
                       "value can not be decoded with utf-8");
    } else {
        *body = value_string(a->body.len > 0 ? (char *) a->body.data : "",
                             a->body.len);
    }

    if (rc == 0) {
        e->body = body;
        *text = *body;
    }

    return rc;
}


static int
query_bytes(struct eval *e, const struct script_query *q, struct value *v)
{
    if (check_encoding(e, &q->span) != 0) {
        return -1;
    }

    v->kind = VALUE_BYTES;
    v->text.data = e->answer->body.len > 0 ? (char *) e->answer->body.data
                                           : "";
    v->text.len = e->answer->body.len;

    return 0;
}


static int
query_digest(struct eval *e, const struct script_query *q, struct value *v)
{
    size_t          len;
    const char     *error = "";
    unsigned char   digest[DIGEST_MAX];

    if (query_bytes(e, q, v) != 0) {
        return -1;
    }

    len = digest_compute(q->kind == SCRIPT_QUERY_MD5 ? DIGEST_MD5
                                                     : DIGEST_SHA256,
                         v->text.data, v->text.len, digest, &error);
    if (len == 0) {
        return eval_fail(e, &q->span, "Digest error", "%s", error);
    }

    v->text.data = arena_memdup(e->arena, digest, len);
    v->text.len = len;

    return v->text.data != NULL ? 0 : no_memory(e, &q->span);
}


/* ---- JSON and regex ---------------------------------------------------- */

static int
query_jsonpath(struct eval *e, const struct script_query *q, struct value *v)
{
    struct value        text;
    struct json_error   error;
    struct script_str   path;

    if (eval_template(e, q->arg.string, &path) != 0) {
        return -1;
    }

    if (e->json == NULL) {
        if (eval_body_text(e, &q->span, &text) != 0) {
            return -1;
        }

        e->json = json_parse(e->arena, text.text.data, text.text.len, &error);
        if (e->json == NULL) {
            return eval_fail(e, &q->span, "Invalid JSON", "the body is no "
                             "JSON: line %u, column %u: %s", error.line,
                             error.column, error.text);
        }
    }

    return eval_jsonpath(e, &q->arg.span, e->json, path.data, v);
}


static int
query_regex(struct eval *e, const struct script_query *q, struct value *v)
{
    int                   rc;
    struct value          text, pattern;
    struct regex         *regex;
    struct regex_match    match;
    struct regex_error    error;

    if (eval_value(e, &q->arg, &pattern) != 0
        || eval_body_text(e, &q->span, &text) != 0)
    {
        return -1;
    }

    regex = regex_new(e->arena, pattern.text.data, pattern.text.len,
                      REGEX_HURL, &error);
    if (regex == NULL) {
        return eval_fail(e, &q->arg.span, "Invalid regex", "%s",
                         error.message);
    }

    rc = regex_find(regex, text.text.data, text.text.len, 0, &match, &error);

    if (rc < 0) {
        return eval_fail(e, &q->arg.span, "Invalid regex", "%s",
                         error.message);
    }

    if (rc == 1 && match.count >= 2 && match.start[1] != REGEX_NONE) {
        v->kind = VALUE_STRING;
        v->text.len = match.end[1] - match.start[1];
        v->text.data = arena_memdup(e->arena,
                                    text.text.data + match.start[1],
                                    v->text.len);
        if (v->text.data == NULL) {
            return no_memory(e, &q->span);
        }
    }

    return 0;
}


static int
query_variable(struct eval *e, const struct script_query *q, struct value *v)
{
    struct script_str    name;
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
eval_jsonpath(struct eval *e, const struct script_span *where,
              const struct json_value *root, const char *path,
              struct value *v)
{
    size_t                  i;
    struct jsonpath        *query;
    struct jsonpath_error   error;
    struct jsonpath_nodes   nodes;

    query = jsonpath_parse(e->arena, path, strlen(path), &error);
    if (query == NULL
        || jsonpath_eval(query, e->arena, root, &nodes, &error) != 0)
    {
        return eval_fail(e, where, "Invalid JSONPath", "%s (at byte %zu of "
                         "the query)", error.text, error.offset);
    }

    memset(v, 0, sizeof(*v));

    if (nodes.count == 1) {
        return value_from_json(e->arena, nodes.items[0], v) == 0 ? 0
               : no_memory(e, where);
    }

    if (nodes.count > 1) {
        v->kind = VALUE_LIST;
        v->count = nodes.count;
        v->items = arena_alloc(e->arena, nodes.count * sizeof(*v->items));
        for (i = 0; v->items != NULL && i < nodes.count; i++) {
            if (value_from_json(e->arena, nodes.items[i], &v->items[i]) != 0) {
                return no_memory(e, where);
            }
        }
        if (v->items == NULL) {
            return no_memory(e, where);
        }
    }

    return 0;
}


int
eval_query(struct eval *e, const struct script_query *q, struct value *v)
{
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
        return query_jsonpath(e, q, v);

    case SCRIPT_QUERY_REGEX:
        return query_regex(e, q, v);

    case SCRIPT_QUERY_VARIABLE:
        return query_variable(e, q, v);

    case SCRIPT_QUERY_DURATION:
        *v = value_int((long long) (e->answer->duration_us / 1000));
        return 0;

    case SCRIPT_QUERY_BYTES:
        return query_bytes(e, q, v);

    case SCRIPT_QUERY_RAWBYTES:
        if (e->in_process && header(e->answer, "Content-Encoding", 0) == NULL)
        {
            return not_applicable(e, q, "on the mock host (it does not "
                                  "compress)");
        }
        v->kind = VALUE_BYTES;
        v->text.data = (char *) e->answer->body.data;
        v->text.len = e->answer->body.len;
        return 0;

    case SCRIPT_QUERY_SHA256:
    case SCRIPT_QUERY_MD5:
        return query_digest(e, q, v);

    case SCRIPT_QUERY_CERTIFICATE:
        return not_applicable(e, q, "here (no TLS)");

    case SCRIPT_QUERY_IP:
        return not_applicable(e, q, "here (no IP address)");

    case SCRIPT_QUERY_REDIRECTS:
        return not_applicable(e, q, "here (the list is not kept)");

    case SCRIPT_QUERY_XPATH:
        break;
    }

    return eval_fail(e, &q->span, "Not supported yet",
                     "query %s is not supported yet", q->name);
}
