/* SPDX-License-Identifier: BSD-2-Clause */
/* Replacing all matches, and the references in what replaces them. */
#include <string.h>

#include "lib/base/encode.h"
#include "lib/regex/regex_syntax.h"

struct replacement {
    const struct regex_name  *names;
    const char               *text;      /* what is searched */
    struct regex_match        match;
    struct strbuf            *out;
};


static void
add_group(struct replacement *r, size_t group)
{
    const struct regex_match  *m = &r->match;

    if (group < m->count && m->start[group] != REGEX_NONE) {
        strbuf_add(r->out, r->text + m->start[group],
                   m->end[group] - m->start[group]);
    }
}


/* A group by number or name; one that does not exist adds nothing. */
static void
add_reference(struct replacement *r, const char *name, size_t len)
{
    size_t                    i, number = 0;
    const struct regex_name  *known;

    for (i = 0; i < len && name[i] >= '0' && name[i] <= '9'; i++) {
        if (number < REGEX_GROUPS_MAX) {
            number = number * 10 + (size_t) (name[i] - '0');
        }
    }
    if (i == len && len > 0) {
        add_group(r, number);
        return;
    }

    for (known = r->names; known != NULL; known = known->next) {
        if (known->len == len && memcmp(known->name, name, len) == 0) {
            add_group(r, known->group);
        }
    }
}


static int
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_';
}


/* pos stands on '$'; returns where to go on. */
static const char *
expand_dollar(struct replacement *r, const char *pos, const char *end)
{
    const char  *close, *name = pos + 1;

    if (name < end && *name == '$') {
        strbuf_addch(r->out, '$');
        return name + 1;
    }
    if (name < end && *name == '{') {
        close = memchr(name, '}', (size_t) (end - name));
        if (close != NULL) {
            add_reference(r, name + 1, (size_t) (close - name - 1));
            return close + 1;
        }
    }

    for (close = name; close < end && is_word(*close); close++) {
        continue;
    }
    if (close == name) {
        strbuf_addch(r->out, '$');
    } else {
        add_reference(r, name, (size_t) (close - name));
    }

    return close;
}


static void
expand(struct replacement *r, const char *template, size_t len)
{
    const char  *dollar, *end = template + len;

    while (template < end) {
        dollar = memchr(template, '$', (size_t) (end - template));
        if (dollar == NULL) {
            dollar = end;
        }
        strbuf_add(r->out, template, (size_t) (dollar - template));
        template = dollar < end ? expand_dollar(r, dollar, end) : end;
    }
}


static size_t
char_len(const char *text, size_t len)
{
    size_t    n;
    uint32_t  code;

    n = utf8_decode(text, len, &code);

    return n > 0 ? n : 1;
}


/*
 * From left to right. An empty match directly behind another match does not
 * count, as in Hurl's engine.
 */
int
regex_replace_all(const struct regex *regex, const char *text, size_t len,
                  const char *replacement, size_t replacement_len,
                  struct strbuf *out, struct regex_error *error)
{
    int                 rc = 0;
    size_t              copied = 0, from = 0, last_end = REGEX_NONE;
    struct replacement  r = { .names = regex_names(regex), .text = text,
                              .out = out };

    /* the first search checks the text */
    rc = regex_find(regex, text, len, 0, NULL, error);
    if (rc < 0) {
        return -1;
    }

    while (from <= len && !out->failed) {
        rc = regex_find_next(regex, text, len, from, &r.match, error);
        if (rc != 1) {
            break;
        }
        if (r.match.start[0] == r.match.end[0]
            && r.match.end[0] == last_end)
        {
            from = last_end + char_len(text + last_end, len - last_end);
            last_end = REGEX_NONE;
            continue;
        }
        strbuf_add(out, text + copied, r.match.start[0] - copied);
        expand(&r, replacement, replacement_len);
        copied = from = last_end = r.match.end[0];
    }

    if (rc < 0) {
        return -1;
    }
    strbuf_add(out, text + copied, len - copied);
    if (out->failed) {
        error->offset = 0;
        (void) strcpy(error->message, "out of memory");
        return -1;
    }

    return 0;
}
