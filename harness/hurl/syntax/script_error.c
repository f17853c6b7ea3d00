/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows an error in a script to people: where it is, the line as it stands in
 * the file, and a caret below the place. Writes into a buffer, nowhere else.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/encode.h"
#include "harness/hurl/syntax/script_error.h"
#include "lib/base/strbuf.h"

/* A tab is shown as this many blanks, so that the caret stays below. */
#define TAB  "    "

/* Of a longer line only the part around the place is shown. */
#define LINE_COLUMNS  160
#define LINE_BEFORE   60


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


/* How wide a terminal draws what stands in one column. */
static unsigned
cells(const char *text, size_t len)
{
    size_t    i;
    uint32_t  c;
    static const uint32_t  wide[][2] = {
        { 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf },
        { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
        { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f },
        { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
    };
    static const uint32_t  none[][2] = {
        { 0x0300, 0x036f }, { 0x200b, 0x200f }, { 0x20d0, 0x20ff },
        { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0x1f3fb, 0x1f3ff },
    };

    if (utf8_decode(text, len, &c) == 0) {
        return 1;
    }

    for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        if (c >= none[i][0] && c <= none[i][1]) {
            return 0;
        }
    }

    for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (c >= wide[i][0] && c <= wide[i][1]) {
            return 2;
        }
    }

    return 1;
}


static void
add_times(struct strbuf *out, char c, unsigned count)
{
    while (count-- > 0) {
        strbuf_addch(out, c);
    }
}


/* What stands in one column; returns how wide it is drawn. */
static unsigned
add_column(struct strbuf *out, const char *text, size_t len)
{
    unsigned char  c = (unsigned char) text[0];

    if (c == '\t') {
        strbuf_addstr(out, TAB);
        return sizeof(TAB) - 1;
    }

    if (c < 0x20 || c == 0x7f) {
        strbuf_addch(out, '?');
        return 1;
    }

    strbuf_add(out, text, len);

    return cells(text, len);
}


/*
 * The line, or the part of it around the column, and what stands below: blanks
 * up to the place, then a caret under each character of it.
 */
static void
add_line(struct strbuf *out, struct strbuf *below,
    const struct script_line *line, unsigned column, unsigned width)
{
    size_t    i, n;
    unsigned  at = 1, first, shown, under = 0;

    first = column > LINE_COLUMNS - LINE_BEFORE ? column - LINE_BEFORE : 1;

    if (first > 1) {
        strbuf_addstr(out, "...");
        strbuf_addstr(below, "   ");
    }

    for (i = 0; i < line->len && at < first + LINE_COLUMNS; i += n, at++) {
        n = column_length(line->text, line->len, i);

        if (at >= first) {
            shown = add_column(out, line->text + i, n);
            if (line->text[i] == '\t' && width == 1 && at == column) {
                shown = 1;
            }
            add_times(below, at < column ? ' ' : '^',
                      at < column + width ? shown : 0);
            under += (at >= column && at < column + width);
        }
    }

    if (i < line->len) {
        strbuf_addstr(out, "...");

    } else if (under < width) {
        add_times(below, '^', width - under);
    }
}


/* Control characters of a message must not reach the terminal. */
static void
add_message_text(struct strbuf *out, const char *text, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        unsigned char  c = (unsigned char) text[i];

        if (c == '\r') {
            strbuf_addstr(out, "\\r");
        } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
            strbuf_printf(out, "\\x%02x", c);
        } else {
            strbuf_addch(out, (char) c);
        }
    }
}


/* Behind the carets; without them, or in further lines, below the source. */
static void
add_message(struct strbuf *out, int gutter, const struct strbuf *carets,
    const char *message)
{
    size_t  len;

    if (carets != NULL) {
        len = strcspn(message, "\n");
        strbuf_printf(out, "%*s | %s ", gutter, "",
                      carets->data != NULL ? carets->data : "");
        add_message_text(out, message, len);
        strbuf_addch(out, '\n');
        message += len + (message[len] == '\n');
    }

    while (*message != '\0') {
        len = strcspn(message, "\n");
        strbuf_printf(out, "%*s |   ", gutter, "");
        add_message_text(out, message, len);
        strbuf_addch(out, '\n');
        message += len + (message[len] == '\n');
    }
}


void
script_error_add(struct strbuf *out, const struct script_view *view,
    const char *title, const char *name, const char *message)
{
    int            gutter;
    struct strbuf  below = { 0 }, request = { 0 };

    gutter = snprintf(NULL, 0, "%u", view->line.number);
    gutter = gutter < 2 ? 2 : gutter;

    strbuf_printf(out, "error: %s\n%*s--> %s:%u:%u\n%*s |\n", title, gutter,
                  "", name, view->line.number, view->column, gutter, "");

    if (view->request.number != 0
        && view->request.number != view->line.number)
    {
        add_line(&request, &below, &view->request, 1, 0);
        strbuf_printf(out, "%*s | %s\n%*s | ...\n", gutter, "",
                      request.data != NULL ? request.data : "", gutter, "");
        strbuf_free(&below);
    }

    strbuf_printf(out, "%*u | ", gutter, view->line.number);
    add_line(out, &below, &view->line, view->column, view->width);
    strbuf_addch(out, '\n');

    add_message(out, gutter, view->width > 0 ? &below : NULL, message);
    strbuf_printf(out, "%*s |\n", gutter, "");
    out->failed |= below.failed | request.failed;
    strbuf_free(&below);
    strbuf_free(&request);
}


void
script_error_long(struct strbuf *out, const struct script_error *error,
    const char *name, const char *source, size_t len)
{
    struct script_view  view = { .line = { .number = error->pos.line } };

    view.line.text = find_line(source, len, error->pos.line, &view.line.len);
    view.column = error->pos.column;
    view.width = error->width;

    script_error_add(out, &view, error->title, name, error->message);
}


void
script_error_short(struct strbuf *out, const struct script_error *error,
    const char *name)
{
    strbuf_printf(out, "%s:%u:%u: %s\n", name, error->pos.line,
                  error->pos.column, error->message);
}
