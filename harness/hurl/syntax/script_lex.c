/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lowest layer of the script parser: the cursor with its line and column,
 * blanks, comments, line ends and words. Knows no grammar.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"


int
script_peek(const struct script_parser *p)
{
    return script_peek_at(p, 0);
}


int
script_peek_at(const struct script_parser *p, size_t ahead)
{
    if (ahead >= p->len - p->cur.off) {
        return -1;
    }

    return (unsigned char) p->src[p->cur.off + ahead];
}


bool
script_at_end(const struct script_parser *p)
{
    return p->cur.off >= p->len;
}


/* A combining accent (U+0300..U+036F) shares the column of its letter. */
static bool
starts_column(const struct script_parser *p, size_t off)
{
    unsigned char  c, next;

    c = (unsigned char) p->src[off];

    if ((c & 0xc0) == 0x80) {
        return false;
    }

    if ((c == 0xcc || c == 0xcd) && off + 1 < p->len) {
        next = (unsigned char) p->src[off + 1];
        return c == 0xcd && next > 0xaf;
    }

    return true;
}


void
script_advance(struct script_parser *p)
{
    if (script_at_end(p)) {
        return;
    }

    if (p->src[p->cur.off] == '\n') {
        p->cur.pos.line++;
        p->cur.pos.column = 1;

    } else if (starts_column(p, p->cur.off)) {
        p->cur.pos.column++;
    }

    p->cur.off++;
}


void
script_advance_to(struct script_parser *p, size_t off)
{
    while (p->cur.off < off && !script_at_end(p)) {
        script_advance(p);
    }
}


bool
script_looking_at(const struct script_parser *p, const char *literal)
{
    size_t  n;

    n = strlen(literal);

    return n <= p->len - p->cur.off
           && memcmp(p->src + p->cur.off, literal, n) == 0;
}


bool
script_accept(struct script_parser *p, const char *literal)
{
    if (!script_looking_at(p, literal)) {
        return false;
    }

    script_advance_to(p, p->cur.off + strlen(literal));

    return true;
}


enum script_result
script_expect(struct script_parser *p, const char *literal)
{
    if (script_accept(p, literal)) {
        return SCRIPT_OK;
    }

    return script_fail(p, "Parsing literal", p->cur.pos, "expecting '%s'",
                       literal);
}


enum script_result
script_fail(struct script_parser *p, const char *title, struct script_pos pos,
    const char *format, ...)
{
    va_list  args;

    p->error->title = title;
    p->error->pos = pos;
    p->error->width = 1;

    va_start(args, format);
    (void) vsnprintf(p->error->message, sizeof(p->error->message), format,
                     args);
    va_end(args);

    return SCRIPT_FAIL;
}


enum script_result
script_no_memory(struct script_parser *p)
{
    p->no_memory = true;

    return script_fail(p, "Out of memory", p->cur.pos,
                       "there is no memory left to read the script");
}


/* NULL when out of memory; the caller then returns script_no_memory(). */
void *
script_new(struct script_parser *p, size_t size)
{
    return arena_alloc(p->arena, size);
}


bool
script_skip_blanks(struct script_parser *p)
{
    int     c;
    size_t  start;

    start = p->cur.off;

    for (c = script_peek(p); c == ' ' || c == '\t'; c = script_peek(p)) {
        script_advance(p);
    }

    return p->cur.off != start;
}


bool
script_accept_newline(struct script_parser *p)
{
    return script_accept(p, "\r\n") || script_accept(p, "\n");
}


/* From '#' up to the newline, which stays. */
static void
skip_comment(struct script_parser *p)
{
    while (!script_at_end(p) && script_peek(p) != '\n'
           && !script_looking_at(p, "\r\n"))
    {
        script_advance(p);
    }
}


/* Blanks, comment, then a newline or the end of the file. */
bool
script_try_line_end(struct script_parser *p)
{
    struct script_cursor  start;

    start = p->cur;
    (void) script_skip_blanks(p);

    if (script_peek(p) == '#') {
        skip_comment(p);
    }

    if (script_at_end(p) || script_accept_newline(p)) {
        return true;
    }

    p->cur = start;

    return false;
}


enum script_result
script_line_end(struct script_parser *p)
{
    struct script_cursor  start;

    start = p->cur;
    (void) script_skip_blanks(p);

    if (script_looking_at(p, "#@")) {
        return script_fail(p, "Parsing directive", p->cur.pos,
                           "a #@ directive must be on its own line, directly "
                           "above its request");
    }

    p->cur = start;

    if (script_try_line_end(p)) {
        return SCRIPT_OK;
    }

    (void) script_skip_blanks(p);

    return script_fail(p, "Parsing literal", p->cur.pos,
                       "expecting the end of the line");
}


/* Blank lines and comment lines; remembers a directive that stands there. */
void
script_skip_lines(struct script_parser *p)
{
    struct script_cursor  start, text;

    p->stray = false;

    while (!script_at_end(p)) {
        start = p->cur;
        (void) script_skip_blanks(p);
        text = p->cur;
        p->cur = start;

        if (!script_try_line_end(p)) {
            break;
        }

        if (!p->stray && text.off + 1 < p->len
            && memcmp(p->src + text.off, "#@", 2) == 0)
        {
            p->stray = true;
            p->stray_at = text;
        }
    }
}


/* To be called right after the first token behind script_skip_lines(). */
enum script_result
script_no_stray(struct script_parser *p)
{
    if (!p->stray) {
        return SCRIPT_OK;
    }

    return script_fail(p, "Parsing directive", p->stray_at.pos,
                       "a #@ directive must be directly above a request");
}


/* The longest run of member characters; may be empty. */
struct str
script_word(struct script_parser *p, bool (*member)(int))
{
    size_t  start;

    start = p->cur.off;

    while (!script_at_end(p) && member(script_peek(p))) {
        script_advance(p);
    }

    return script_slice(p, start);
}


struct str
script_slice(const struct script_parser *p, size_t from)
{
    return (struct str) { p->src + from, p->cur.off - from };
}


bool
script_str_is(struct str str, const char *text)
{
    return str.len == strlen(text) && memcmp(str.data, text, str.len) == 0;
}


bool
script_is_digit(int c)
{
    return c >= '0' && c <= '9';
}


/* Letters beyond ASCII count as letters, as in Hurl. */
bool
script_is_alnum(int c)
{
    return script_is_digit(c) || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c >= 0x80;
}


bool
script_is_name_char(int c)
{
    return script_is_alnum(c) || c == '_' || c == '-';
}
