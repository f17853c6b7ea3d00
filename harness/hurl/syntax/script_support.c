/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds what the player does not execute yet, so that it is refused with its
 * place before anything runs, and never ignored. Transport hints and queries
 * without meaning on the mock are not refused: the player ignores or reports
 * them.
 */
#include <stdio.h>

#include "harness/hurl/syntax/script.h"

/* Visitors return true when they found something, and filled the error. */


static bool
refuse(struct script_error *e, const struct script_span *span, const char *what,
    const char *name)
{
    struct script_pos  start, end;

    start = span->start;
    end = span->end;
    e->title = "Not supported yet";
    e->pos = start;
    e->width = end.line == start.line && end.column > start.column
                      ? end.column - start.column : 1;
    (void) snprintf(e->message, sizeof(e->message),
                    "%s%s%s is not supported yet", what,
                    name[0] != '\0' ? " " : "", name);

    return true;
}


static bool visit_template(struct script_error *e,
    const struct script_template *t);


static bool
visit_multiline(struct script_error *e, const struct script_multiline *m,
    const struct script_span *span)
{
    if (m->hint == SCRIPT_HINT_GRAPHQL) {
        return refuse(e, span, "a GraphQL body", "");
    }

    return visit_template(e, m->text);
}


static bool visit_filters(struct script_error *e,
    const struct script_filter *f);


static bool
visit_value(struct script_error *e, const struct script_value *value)
{
    if (value->string != NULL && visit_template(e, value->string)) {
        return true;
    }

    if (value->expr != NULL && visit_filters(e, value->expr->filters)) {
        return true;
    }

    return value->multiline != NULL
           && visit_multiline(e, value->multiline, &value->span);
}


static bool
filter_runs(enum script_filter_kind kind)
{
    switch (kind) {
    case SCRIPT_FILTER_HTML_UNESCAPE:
    case SCRIPT_FILTER_LOCATION:
    case SCRIPT_FILTER_XPATH:
        return false;
    default:
        return true;
    }
}


static bool
visit_filters(struct script_error *e, const struct script_filter *f)
{
    for ( ; f != NULL; f = f->next) {
        if (!filter_runs(f->kind)) {
            return refuse(e, &f->span, "the filter", f->name);
        }

        if (visit_value(e, &f->arg) || visit_value(e, &f->arg2)) {
            return true;
        }
    }

    return false;
}


static bool
visit_template(struct script_error *e, const struct script_template *t)
{
    const struct script_part  *part;

    if (t == NULL) {
        return false;
    }

    for (part = t->parts; part != NULL; part = part->next) {
        if (part->expr != NULL && visit_filters(e, part->expr->filters)) {
            return true;
        }
    }

    return false;
}


static bool
visit_query(struct script_error *e, const struct script_query *query)
{
    if (query->kind == SCRIPT_QUERY_XPATH) {
        return refuse(e, &query->span, "the query", query->name);
    }

    return visit_value(e, &query->arg);
}


static bool
visit_pairs(struct script_error *e, const struct script_pair *pair)
{
    for ( ; pair != NULL; pair = pair->next) {
        if (visit_template(e, pair->key) || visit_template(e, pair->value)) {
            return true;
        }
    }

    return false;
}


/*
 * Executed, or accepted and ignored as transport hints. Requests that cannot
 * be formed as written (digest and its kind) are the player's to refuse.
 */
static bool
visit_options(struct script_error *e, const struct script_option *option)
{
    for ( ; option != NULL; option = option->next) {
        if (option->kind == SCRIPT_OPT_COMPRESSED) {
            return refuse(e, &option->span, "the option", option->name);
        }

        if (visit_value(e, &option->value)) {
            return true;
        }
    }

    return false;
}


static bool
visit_captures(struct script_error *e, const struct script_capture *capture)
{
    for ( ; capture != NULL; capture = capture->next) {
        if (visit_template(e, capture->name)
            || visit_query(e, &capture->query)
            || visit_filters(e, capture->filters))
        {
            return true;
        }

        if (capture->redact) {
            return refuse(e, &capture->redact_span, "redact", "");
        }
    }

    return false;
}


static bool
visit_asserts(struct script_error *e, const struct script_assert *assert)
{
    for ( ; assert != NULL; assert = assert->next) {
        if (visit_query(e, &assert->query)
            || visit_filters(e, assert->filters)
            || visit_value(e, &assert->predicate.value))
        {
            return true;
        }
    }

    return false;
}


static bool
visit_sections(struct script_error *e, const struct script_section *section)
{
    for ( ; section != NULL; section = section->next) {
        if (section->kind == SCRIPT_SECTION_MULTIPART
            && section->pairs != NULL)
        {
            return refuse(e, &section->span, "a multipart form", "");
        }

        if (visit_pairs(e, section->pairs)
            || visit_options(e, section->options)
            || visit_captures(e, section->captures)
            || visit_asserts(e, section->asserts))
        {
            return true;
        }
    }

    return false;
}


static bool
visit_body(struct script_error *e, const struct script_body *body)
{
    if (body == NULL) {
        return false;
    }

    if (body->multiline != NULL) {
        return visit_multiline(e, body->multiline, &body->span);
    }

    return visit_template(e, body->text);
}


static bool
visit_directives(struct script_error *e, const struct script_directive *d)
{
    for ( ; d != NULL; d = d->next) {
        if (d->kind == SCRIPT_DIRECTIVE_COOKIE_STORAGE) {
            return refuse(e, &d->span, "the comment command of Hurl for its",
                          d->name);
        }

        if (visit_template(e, d->key) || visit_filters(e, d->filters)
            || visit_value(e, &d->predicate.value))
        {
            return true;
        }
    }

    return false;
}


static bool
visit_entry(struct script_error *e, const struct script_entry *entry)
{
    const struct script_request   *request;
    const struct script_response  *response;

    request = &entry->request;

    if (visit_directives(e, entry->directives)
        || visit_template(e, request->url)
        || visit_pairs(e, request->headers)
        || visit_sections(e, request->sections)
        || visit_body(e, request->body))
    {
        return true;
    }

    response = entry->response;

    return response != NULL
           && (visit_pairs(e, response->headers)
               || visit_sections(e, response->sections)
               || visit_body(e, response->body));
}


bool
script_unsupported(const struct script *script, struct script_error *error)
{
    const struct script_entry  *entry;

    for (entry = script->entries; entry != NULL; entry = entry->next) {
        if (visit_entry(error, entry)) {
            return true;
        }
    }

    return false;
}
