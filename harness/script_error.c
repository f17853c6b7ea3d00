/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows an error in a script to people: where it is, the line as it stands in
 * the file, and a caret below the place. Writes into a buffer, nowhere else.
 */
#include <stdio.h>
#include <string.h>

#include "script_error.h"

#include "strbuf.h"

/* A tab is shown as this many blanks, so that the caret stays below. */
#define TAB  "    "

/* Longer lines are cut around the place. */
#define MAX_LINE  400


static const char *
find_line(const char *source, size_t len, unsigned line, size_t *line_len)
{
    const char  *end, *newline;

    end = source + len;

    for ( ; line > 1; line--) {
        newline = memchr(source, '\n', (size_t) (end - source));

        if (newline == NULL) {
            *line_len = 0;
            return end;
        }

        source = newline + 1;
    }

    newline = memchr(source, '\n', (size_t) (end - source));
    *line_len = (size_t) ((newline != NULL ? newline : end) - source);

    if (*line_len > 0 && source[*line_len - 1] == '\r') {
        (*line_len)--;
    }

    return source;
}


/* One column at i: a character with its combining accents. */
static size_t
column_length(const char *line, size_t len, size_t i)
{
    size_t         n;
    unsigned char  c, next;

    for (n = 1; i + n < len; n++) {
        c = (unsigned char) line[i + n];
        next = i + n + 1 < len ? (unsigned char) line[i + n + 1] : 0;

        if ((c & 0xc0) != 0x80 && !(c == 0xcc && next >= 0x80)
            && !(c == 0xcd && next >= 0x80 && next <= 0xaf))
        {
            break;
        }
    }

    return n;
}


/* The line up to MAX_LINE bytes, and the same width of blanks before it. */
static void
add_line(struct strbuf *out, const char *line, size_t len, unsigned column,
    struct strbuf *indent)
{
    size_t         n;
    unsigned       at;
    unsigned char  c;

    at = 1;

    for (size_t i = 0; i < len && i < MAX_LINE; i += n, at++) {
        n = column_length(line, len, i);
        c = (unsigned char) line[i];

        if (c == '\t') {
            strbuf_addstr(out, TAB);
        } else if (c < 0x20 || c == 0x7f) {
            strbuf_addch(out, '?');
        } else {
            strbuf_add(out, line + i, n);
        }

        if (at < column) {
            strbuf_addstr(indent, c == '\t' ? TAB : " ");
        }
    }
}


/* Show what the message says below the carets; its own lines follow. */
static void
add_message(struct strbuf *out, const struct strbuf *indent, int gutter,
    const struct script_error *error)
{
    strbuf_printf(out, "%*s | %s", gutter, "",
                  indent->data != NULL ? indent->data : "");

    for (unsigned i = 0; i < error->width; i++) {
        strbuf_addch(out, '^');
    }

    strbuf_printf(out, " %s\n", error->message);
}


void
script_error_long(struct strbuf *out, const struct script_error *error,
    const char *name, const char *source, size_t len)
{
    int            gutter;
    size_t         line_len;
    const char    *line;
    struct strbuf  indent = { 0 };

    gutter = snprintf(NULL, 0, "%u", error->pos.line);
    gutter = gutter < 2 ? 2 : gutter;
    line = find_line(source, len, error->pos.line, &line_len);

    strbuf_printf(out, "error: %s\n", error->title);
    strbuf_printf(out, "%*s--> %s:%u:%u\n", gutter, "", name, error->pos.line,
                  error->pos.column);
    strbuf_printf(out, "%*s |\n", gutter, "");
    strbuf_printf(out, "%*u | ", gutter, error->pos.line);
    add_line(out, line, line_len, error->pos.column, &indent);
    strbuf_addch(out, '\n');
    add_message(out, &indent, gutter, error);
    strbuf_printf(out, "%*s |\n", gutter, "");

    if (indent.failed) {
        out->failed = 1;
    }

    strbuf_free(&indent);
}


void
script_error_short(struct strbuf *out, const struct script_error *error,
    const char *name)
{
    strbuf_printf(out, "%s:%u:%u: %s\n", name, error->pos.line,
                  error->pos.column, error->message);
}
