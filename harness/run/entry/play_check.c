/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an answer is held against, in Hurl's order: version and status, which
 * end the entry; captures; expected headers and body; assertions, all of them.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "harness/run/entry/play_entry.h"


/* A line of the script, without its end. */
static struct script_line
find_line(const struct play_session *session, unsigned number)
{
    size_t              line = number > 0 ? number - 1 : 0;
    const char         *end, *stop;
    struct script_line  found = { .number = number };

    line = line < session->line_count ? line : session->line_count - 1;
    found.text = session->script->source.data + session->lines[line];
    end = session->script->source.data + session->script->source.len;

    stop = memchr(found.text, '\n', (size_t) (end - found.text));
    found.len = (size_t) ((stop != NULL ? stop : end) - found.text);

    while (found.len > 0 && (found.text[found.len - 1] == '\r'
                             || found.text[found.len - 1] == ' '))
    {
        found.len--;
    }

    return found;
}


/* As Hurl shows it: carets, or below the line what was and should be. */
static const char *
show(struct eval *e, const struct play_session *session,
     const struct run_entry *result, const struct script_span *where,
     const char *title, const char *message)
{
    const char          *kept;
    struct strbuf        shown = { 0 };
    struct script_view   view = { .column = where->start.column };

    view.line = find_line(session, where->start.line);
    view.request = find_line(session, result->line);

    if (strncmp(message, "actual:", 7) != 0
        && strncmp(message, "expected:", 9) != 0)
    {
        view.width = where->end.line == where->start.line
                     && where->end.column > where->start.column
                     ? where->end.column - where->start.column : 1;
    }

    script_error_add(&shown, &view, title, session->script->name, message);
    kept = shown.failed ? NULL
           : arena_memdup(e->arena, shown.data, shown.len);
    strbuf_free(&shown);

    return kept;
}


void
play_add_check(struct eval *e, const struct play_session *session,
               struct run_entry *result, enum run_verdict verdict,
               const struct script_span *where, const char *title,
               const char *message)
{
    struct run_check  *check, **last = &result->checks;

    if (verdict == RUN_NA && session->settings->na_fails) {
        verdict = RUN_FAILED;
    }
    result->verdict = verdict_worse(result->verdict, verdict);

    check = arena_alloc(e->arena, sizeof(*check));
    if (check == NULL) {
        return;
    }

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = check;

    check->verdict = verdict;
    check->line = where->start.line;
    check->column = where->start.column;
    check->title = title;
    check->text = title;
    check->message = check->shown = "";

    if (verdict < RUN_NA) {
        return;
    }

    check->message = arena_strdup(e->arena, message);
    check->shown = show(e, session, result, where, title, message);

    if (check->message == NULL || check->shown == NULL) {
        check->message = check->shown = "out of memory";
    }
}


static void
pass(struct eval *e, const struct play_session *session,
     struct run_entry *result, const struct script_span *where,
     const char *what)
{
    play_add_check(e, session, result, RUN_PASSED, where, what, "");
}


static void
differ(struct eval *e, const struct play_session *session,
       struct run_entry *result, const struct script_span *where,
       const char *title, const char *actual, const char *expected)
{
    const char  *text = arena_printf(e->arena, "actual:   %s\nexpected: %s",
                                     actual, expected);

    play_add_check(e, session, result, RUN_FAILED, where, title,
                   text != NULL ? text : "out of memory");
}


/* What e says about the last thing that could not be evaluated. */
static void
erred(struct eval *e, const struct play_session *session,
      struct run_entry *result, enum run_verdict verdict)
{
    const char  *message = arena_strdup(e->arena, e->message);

    play_add_check(e, session, result, verdict, &e->where, e->title,
                   message != NULL ? message : "");
}


/* ---- version and status ------------------------------------------------- */

static int
check_version(struct eval *e, const struct play_session *session,
              const struct script_response *r, struct run_entry *result)
{
    const char  *wanted;

    switch (r->version) {
    case SCRIPT_VERSION_10:
        wanted = "1.0";
        break;
    case SCRIPT_VERSION_11:
        wanted = "1.1";
        break;
    case SCRIPT_VERSION_2:
        wanted = "2";
        break;
    case SCRIPT_VERSION_3:
        wanted = "3";
        break;
    default:
        return 0;
    }

    if (strcmp(wanted, e->answer->version) == 0) {
        pass(e, session, result, &r->version_span, "version");
        return 0;
    }

    if (e->own_server && r->version != SCRIPT_VERSION_11) {
        play_add_check(e, session, result, RUN_NA, &r->version_span,
                       "Not applicable", "version: not applicable here (all "
                       "answers are HTTP/1.1); run with --on URL to check it");
        return 0;
    }

    differ(e, session, result, &r->version_span, "Assert HTTP version",
           e->answer->version, wanted);

    return -1;
}


static int
check_status(struct eval *e, const struct play_session *session,
             const struct script_response *r, struct run_entry *result)
{
    char  actual[16], wanted[32];

    if (r->any_status) {
        return 0;
    }

    if (r->status == (long long) e->answer->status) {
        pass(e, session, result, &r->status_span, "status");
        return 0;
    }

    (void) snprintf(actual, sizeof(actual), "%u", e->answer->status);
    (void) snprintf(wanted, sizeof(wanted), "%lld", r->status);
    differ(e, session, result, &r->status_span, "Assert status code", actual,
           wanted);

    return -1;
}


/* ---- captures ------------------------------------------------------------ */

static int
capture(struct eval *e, const struct play_session *session,
        const struct script_capture *c, struct run_entry *result)
{
    int                  rc;
    struct value         v;
    struct strbuf        json = { 0 };
    struct str           name;
    struct run_capture  *kept, **last = &result->captures;

    if (eval_template(e, c->name, &name) != 0) {
        return -1;
    }

    rc = eval_query(e, &c->query, &v);
    if (rc == EVAL_NA) {
        erred(e, session, result, RUN_NA);
        return 0;
    }
    if (rc == 0 && c->filters != NULL) {
        rc = eval_filters(e, c->filters, &v);
    }
    if (rc == 0 && v.kind == VALUE_NOTHING) {
        rc = eval_fail(e, &c->query.span, "No query result",
                       "the query didn't return any result");
    }
    if (rc != 0) {
        return -1;
    }

    value_add_json(&json, &v);
    kept = arena_alloc(e->arena, sizeof(*kept));
    if (kept == NULL || json.failed
        || vars_set(e->vars, name.data, name.len, &v) != 0)
    {
        strbuf_free(&json);
        return eval_fail(e, &c->span, "Out of memory",
                         "there is not enough memory");
    }

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = kept;
    kept->name = name.data;
    kept->value = arena_memdup(e->arena, json.data, json.len);
    strbuf_free(&json);

    return kept->value != NULL ? 0
           : eval_fail(e, &c->span, "Out of memory",
                       "there is not enough memory");
}


/* ---- expected headers and body ------------------------------------------- */

static void
check_header(struct eval *e, const struct play_session *session,
             const struct script_pair *p, struct run_entry *result)
{
    size_t                     i, seen = 0;
    struct strbuf              actual = { 0 };
    struct str                 key, wanted;
    const struct http_header  *h;

    if (eval_template(e, p->key, &key) != 0
        || eval_template(e, p->value, &wanted) != 0)
    {
        erred(e, session, result, RUN_FAILED);
        return;
    }

    for (i = 0; i < e->answer->header_count; i++) {
        h = &e->answer->headers[i];

        if (strcasecmp(h->name.data, key.data) != 0) {
            continue;
        }
        if (h->value.len == wanted.len
            && memcmp(h->value.data, wanted.data, wanted.len) == 0)
        {
            strbuf_free(&actual);
            pass(e, session, result, &p->span, "header");
            return;
        }

        strbuf_addstr(&actual, seen++ > 0 ? ", " : "");
        strbuf_addstr(&actual, h->value.data);
    }

    if (seen == 0) {
        play_add_check(e, session, result, RUN_FAILED, &p->key->span,
                       "Header not found",
                       "this header has not been found in the response");
        return;
    }

    differ(e, session, result, &p->value->span, "Assert header value",
           actual.data, wanted.data);
    strbuf_free(&actual);
}


/* Text is compared as text, the three byte forms as bytes. */
static void
check_body(struct eval *e, const struct play_session *session,
           const struct script_body *body, struct run_entry *result)
{
    int            rc;
    struct value   actual, wanted;
    struct strbuf  a = { 0 }, b = { 0 };
    struct str     bytes;

    memset(&actual, 0, sizeof(actual));

    if (eval_body(e, body, &bytes) != 0) {
        erred(e, session, result, RUN_FAILED);
        return;
    }

    if (body->kind == SCRIPT_BODY_BASE64 || body->kind == SCRIPT_BODY_HEX
        || body->kind == SCRIPT_BODY_FILE)
    {
        struct script_query  q = { .span = body->span, .name = "bytes",
                                   .kind = SCRIPT_QUERY_BYTES };

        rc = eval_query(e, &q, &actual);
        wanted = value_string(bytes.data, bytes.len);
        wanted.kind = VALUE_BYTES;

    } else {
        rc = eval_body_text(e, &body->span, &actual);
        wanted = value_string(bytes.data, bytes.len);
    }

    if (rc != 0) {
        erred(e, session, result, RUN_FAILED);

    } else if (value_equal(&actual, &wanted)) {
        pass(e, session, result, &body->span, "body");

    } else {
        value_add_shown(&a, &actual);
        value_add_shown(&b, &wanted);
        differ(e, session, result, &body->span, "Assert body value",
               a.data != NULL ? a.data : "", b.data != NULL ? b.data : "");
    }

    strbuf_free(&a);
    strbuf_free(&b);
}


/* ---- assertions ---------------------------------------------------------- */

/* The source of an assertion, for reports. */
static const char *
source_of(struct eval *e, const struct play_session *session,
          const struct script_span *span)
{
    const char          *text;
    struct script_line   line = find_line(session, span->start.line);

    text = arena_memdup(e->arena, line.text, line.len);

    return text != NULL ? text : "";
}


static void
name_last_check(struct run_entry *result, const char *text)
{
    struct run_check  *c = result->checks;

    while (c != NULL && c->next != NULL) {
        c = c->next;
    }
    if (c != NULL) {
        c->text = text;
    }
}


static void
check_assert(struct eval *e, const struct play_session *session,
             const struct script_assert *a, struct run_entry *result)
{
    struct eval_verdict  verdict;

    memset(&verdict, 0, sizeof(verdict));

    switch (eval_assert(e, &a->query, a->filters, &a->predicate, &verdict)) {
    case 0:
        if (verdict.passed) {
            pass(e, session, result, &a->span, "assert");
        } else {
            differ(e, session, result, &a->span, "Assert failure",
                   verdict.actual, verdict.expected);
        }
        break;

    case EVAL_NA:
        erred(e, session, result, RUN_NA);
        break;

    default:
        erred(e, session, result, RUN_FAILED);
    }

    name_last_check(result, source_of(e, session, &a->span));
}


void
play_check_answer(struct eval *e, const struct play_session *session,
                  const struct script_entry *entry, struct run_entry *result)
{
    const struct script_pair      *p;
    const struct script_assert    *a;
    const struct script_capture   *c;
    const struct script_section   *s;
    const struct script_response  *r = entry->response;

    if (r == NULL) {
        return;
    }

    if (!session->settings->no_assert
        && (check_version(e, session, r, result) != 0
            || check_status(e, session, r, result) != 0))
    {
        return;
    }

    for (s = r->sections; s != NULL; s = s->next) {
        for (c = s->captures; c != NULL; c = c->next) {
            if (capture(e, session, c, result) != 0) {
                erred(e, session, result, RUN_ERROR);
                return;
            }
        }
    }

    if (session->settings->no_assert) {
        return;
    }

    for (p = r->headers; p != NULL; p = p->next) {
        check_header(e, session, p, result);
    }

    if (r->body != NULL) {
        check_body(e, session, r->body, result);
    }

    for (s = r->sections; s != NULL; s = s->next) {
        for (a = s->asserts; a != NULL; a = a->next) {
            check_assert(e, session, a, result);
        }
    }
}
