/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates as texts, by the formats of Rust's chrono: those of strftime and a
 * few of its own. All dates are UTC.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness/hurl/eval/eval_filter.h"

/* What strftime does alike. */
#define PLAIN  "YCymbBhdeaAwujHkIlPpMSRTDFtn%"


/* As many groups of three digits as are needed. */
static void
add_fraction(struct strbuf *out, int micros)
{
    if (micros % 1000 != 0) {
        strbuf_printf(out, ".%06d", micros);
    } else if (micros != 0) {
        strbuf_printf(out, ".%03d", micros / 1000);
    }
}


/* Only letters of PLAIN come here: the format is one of ours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static size_t
plain_item(char *text, size_t size, char item, const struct tm *tm)
{
    char  format[3] = { '%', item, '\0' };

    return strftime(text, size, format, tm);
}

#pragma GCC diagnostic pop


/* One item behind a '%'; returns what is behind it, NULL: there is none. */
static const char *
add_item(struct strbuf *out, const char *p, const struct value *date,
         const struct tm *tm)
{
    char  text[64];

    if (strncmp(p, ".f", 2) == 0) {
        add_fraction(out, date->micros);
        return p + 2;
    }

    if (p[0] == '.' && p[1] != '\0' && strchr("369", p[1]) != NULL
        && p[2] == 'f')
    {
        (void) snprintf(text, sizeof(text), "%06d000", date->micros);
        strbuf_printf(out, ".%.*s", p[1] - '0', text);
        return p + 3;
    }

    if (strncmp(p, ":z", 2) == 0) {
        strbuf_addstr(out, "+00:00");
        return p + 2;
    }

    switch (*p) {
    case 'f':
        strbuf_printf(out, "%06d000", date->micros);
        return p + 1;
    case 'Z':
        strbuf_addstr(out, "UTC");
        return p + 1;
    case 'z':
        strbuf_addstr(out, "+0000");
        return p + 1;
    case 's':
        strbuf_printf(out, "%lld", date->integer);
        return p + 1;
    case '+':
        (void) strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", tm);
        strbuf_addstr(out, text);
        add_fraction(out, date->micros);
        strbuf_addstr(out, "+00:00");
        return p + 1;
    }

    if (*p == '\0' || strchr(PLAIN, *p) == NULL
        || plain_item(text, sizeof(text), *p, tm) == 0)
    {
        return NULL;
    }

    strbuf_addstr(out, text);

    return p + 1;
}


int
eval_date_format(struct eval *e, const struct script_filter *f,
                 struct value *v)
{
    time_t         seconds = (time_t) v->integer;
    struct tm      tm;
    const char    *p;
    struct strbuf  out = { 0 };
    struct str     format;

    if (v->kind != VALUE_DATE) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &format) != 0) {
        return -1;
    }
    if (gmtime_r(&seconds, &tm) == NULL) {
        return eval_filter_fail(e, f, "the date is out of range");
    }

    for (p = format.data; *p != '\0'; ) {
        if (*p != '%') {
            strbuf_addch(&out, *p++);
            continue;
        }

        p = add_item(&out, p + 1, v, &tm);
        if (p == NULL) {
            strbuf_free(&out);
            return eval_fail(e, &f->arg.span, "Filter error",
                             "<%s> is not a supported date format",
                             format.data);
        }
    }

    return eval_filter_take(e, f, v, &out);
}
