/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The translation of everything but classes and escapes. Flag x and names of
 * groups do not reach PCRE2: blanks are dropped and names are kept here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/regex/regex_syntax.h"

#define COUNT_MAX  65535                 /* PCRE2's limit for {n} */


int
regex_syntax_fail(struct regex_syntax *s, const char *at, const char *format,
                  ...)
{
    va_list  args;

    s->error->offset = (size_t) (at - s->text);
    va_start(args, format);
    (void) vsnprintf(s->error->message, REGEX_TEXT_LEN, format, args);
    va_end(args);

    return -1;
}


uint32_t
regex_read_char(struct regex_syntax *s)
{
    uint32_t  code = 0;

    s->pos += utf8_decode(s->pos, (size_t) (s->end - s->pos), &code);

    return code;
}


void
regex_skip_extended(struct regex_syntax *s)
{
    if (!s->extended) {
        return;
    }
    for ( ; s->pos < s->end; s->pos++) {
        if (*s->pos == '#') {
            while (s->pos < s->end && *s->pos != '\n') {
                s->pos++;
            }
            if (s->pos == s->end) {
                return;
            }
        } else if (*s->pos != ' ' && (*s->pos < '\t' || *s->pos > '\r')) {
            return;
        }
    }
}


static void
begin_atom(struct regex_syntax *s, enum regex_atom atom)
{
    s->atom = atom;
    s->atom_out = s->out.len;
}


static int
is_name_char(char c, int first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
           || (unsigned char) c >= 0x80
           || (!first && ((c >= '0' && c <= '9') || c == '.' || c == '['
                          || c == ']'));
}


/* pos stands behind '<'. */
static int
add_name(struct regex_syntax *s)
{
    const char         *start = s->pos;
    struct regex_name  *name;

    while (s->pos < s->end && is_name_char(*s->pos, s->pos == start)) {
        s->pos++;
    }
    if (s->pos == start || s->pos == s->end || *s->pos != '>') {
        return regex_syntax_fail(s, start, "a group's name is made of letters, "
                                 "digits and '_', and ends with '>'");
    }

    for (name = s->names; name != NULL; name = name->next) {
        if (name->len == (size_t) (s->pos - start)
            && memcmp(name->name, start, name->len) == 0)
        {
            return regex_syntax_fail(s, start, "two groups have this name");
        }
    }

    name = arena_alloc(s->arena, sizeof(*name));
    if (name == NULL) {
        return regex_syntax_fail(s, start, "out of memory");
    }
    name->len = (size_t) (s->pos - start);
    name->name = arena_memdup(s->arena, start, name->len);
    name->group = s->groups + 1;
    name->next = s->names;
    s->names = name;
    s->pos++;

    return name->name != NULL ? 0
                              : regex_syntax_fail(s, start, "out of memory");
}


/* One letter of "(?ims-x)"; on is 0 behind the '-'. */
static int
set_flag(struct regex_syntax *s, int on, struct strbuf *flags)
{
    switch (*s->pos) {
    case 'i':
    case 'm':
    case 's':
    case 'U':
        if (!on && (flags->len == 0 || strchr(flags->data, '-') == NULL)) {
            strbuf_addch(flags, '-');
        }
        strbuf_addch(flags, *s->pos);
        return 0;
    case 'x':
        s->extended = on != 0;
        return 0;
    case 'u':
        return on ? 0 : regex_syntax_fail(s, s->pos, "matching without "
                                          "Unicode (?-u) is not supported");
    case 'R':
        return regex_syntax_fail(s, s->pos, "flag R (lines end with CR LF) "
                                 "is not supported");
    default:
        return regex_syntax_fail(s, s->pos, "look-around, conditions, "
                                 "recursion and atomic groups are not "
                                 "supported; (? must be followed by : P< < "
                                 "or the flags i m s U u x");
    }
}


/* Flags up to ':' or ')', which is left for the caller. */
static int
parse_flags(struct regex_syntax *s, struct strbuf *flags)
{
    int  on = 1;

    while (s->pos < s->end && *s->pos != ':' && *s->pos != ')') {
        if (*s->pos == '-' && on) {
            on = 0;
        } else if (set_flag(s, on, flags) != 0) {
            return -1;
        }
        s->pos++;
    }
    if (s->pos == s->end) {
        return regex_syntax_fail(s, s->pos, "a ')' is missing");
    }

    return 0;
}


static int
begins(struct regex_syntax *s, const char *text)
{
    size_t  len = strlen(text);

    return (size_t) (s->end - s->pos) >= len
           && memcmp(s->pos, text, len) == 0;
}


/* What follows "(?"; *opens: a group is open now. */
static int
parse_special_group(struct regex_syntax *s, int *opens)
{
    int            rc;
    struct strbuf  flags = { 0 };

    if (begins(s, "<=") || begins(s, "<!")) {
        return regex_syntax_fail(s, s->pos - 2, "look-behind is not "
                                 "supported");
    }
    if (begins(s, "=") || begins(s, "!")) {
        return regex_syntax_fail(s, s->pos - 2, "look-ahead is not "
                                 "supported");
    }
    if (begins(s, "P<") || begins(s, "<")) {
        s->pos += *s->pos == 'P' ? 2 : 1;
        rc = add_name(s);
        s->groups++;
        strbuf_addch(&s->out, '(');
        return rc;
    }

    rc = parse_flags(s, &flags);
    if (rc == 0) {
        *opens = *s->pos++ == ':';
        strbuf_printf(&s->out, "(?%s%s", flags.data != NULL ? flags.data : "",
                      *opens ? ":" : ")");
    }
    s->out.failed |= flags.failed;
    strbuf_free(&flags);

    return rc;
}


static int
parse_open(struct regex_syntax *s)
{
    int                opens = 1;
    struct regex_open  group;

    group.out = s->out.len;
    group.in = (size_t) (s->pos - s->text);
    group.extended = s->extended;
    s->pos++;

    if (begins(s, "*")) {
        return regex_syntax_fail(s, s->pos, "there is nothing to repeat; "
                                 "write \\* for the character");
    }
    if (begins(s, "?")) {
        s->pos++;
        if (parse_special_group(s, &opens) != 0) {
            return -1;
        }
    } else {
        strbuf_addch(&s->out, '(');
        s->groups++;
    }

    s->atom = REGEX_ATOM_NONE;
    if (!opens) {
        return 0;
    }
    if (s->depth == REGEX_DEPTH_MAX) {
        return regex_syntax_fail(s, s->text + group.in, "groups are nested "
                                 "more than %d deep", REGEX_DEPTH_MAX);
    }
    s->open[s->depth++] = group;

    return 0;
}


static int
parse_close(struct regex_syntax *s)
{
    if (s->depth == 0) {
        return regex_syntax_fail(s, s->pos, "this ')' closes nothing; write "
                                 "\\) for the character");
    }
    s->depth--;
    s->extended = s->open[s->depth].extended;
    strbuf_addch(&s->out, ')');
    s->atom = REGEX_ATOM_PLAIN;
    s->atom_out = s->open[s->depth].out;
    s->pos++;

    return 0;
}


/* Digits of "{n,m}"; -1: none. */
static long
parse_count(struct regex_syntax *s)
{
    long  count = -1;

    while (s->pos < s->end && *s->pos >= '0' && *s->pos <= '9') {
        count = (count < 0 ? 0 : count) * 10 + (*s->pos - '0');
        if (count > COUNT_MAX) {
            count = COUNT_MAX + 1;
        }
        s->pos++;
    }

    return count;
}


/* pos stands on '{'. */
static int
parse_braces(struct regex_syntax *s)
{
    int          comma;
    long         low, high = -1;
    const char  *start = s->pos++;

    low = parse_count(s);
    comma = begins(s, ",");
    if (comma) {
        s->pos++;
        high = parse_count(s);
    }
    if (low < 0 || !begins(s, "}")) {
        return regex_syntax_fail(s, start, "a repetition is written {n}, {n,} "
                                 "or {n,m}; write \\{ for the character");
    }
    if (low > COUNT_MAX || high > COUNT_MAX) {
        return regex_syntax_fail(s, start, "a repetition can count to %d at "
                                 "most", COUNT_MAX);
    }
    if (high >= 0 && high < low) {
        return regex_syntax_fail(s, start, "the second number of a repetition "
                                 "must not be less than the first");
    }
    s->pos++;

    return 0;
}


/* Puts (?: ) around the last atom, so that it can be repeated again. */
static void
wrap_atom(struct regex_syntax *s)
{
    size_t              i;
    struct regex_mark  *mark = (struct regex_mark *) (void *) s->marks.data;

    strbuf_addstr(&s->out, "(?:)");
    if (s->out.failed || s->marks.failed) {
        return;
    }
    memmove(s->out.data + s->atom_out + 3, s->out.data + s->atom_out,
            s->out.len - 4 - s->atom_out);
    memcpy(s->out.data + s->atom_out, "(?:", 3);
    s->out.data[s->out.len - 1] = ')';

    for (i = s->marks.len / sizeof(*mark); i > 0; i--) {
        if (mark[i - 1].out <= s->atom_out) {
            break;
        }
        mark[i - 1].out += 3;
    }
}


static int
parse_repeat(struct regex_syntax *s)
{
    const char  *start = s->pos;

    if (s->atom == REGEX_ATOM_NONE) {
        return regex_syntax_fail(s, start, "there is nothing to repeat; write "
                                 "\\%c for the character", *start);
    }
    if (*s->pos != '{') {
        s->pos++;
    } else if (parse_braces(s) != 0) {
        return -1;
    }
    if (begins(s, "?")) {
        s->pos++;
    }

    if (s->atom == REGEX_ATOM_WRAP) {
        wrap_atom(s);
    }
    strbuf_add(&s->out, start, (size_t) (s->pos - start));
    s->atom = REGEX_ATOM_WRAP;

    return 0;
}


static int
parse_assertion(struct regex_syntax *s)
{
    size_t  i;

    static const struct {
        const char  *from, *to;
    } assertions[] = {
        { "\\b{start-half}", "(?<!\\w)" },
        { "\\b{end-half}", "(?!\\w)" },
        { "\\b{start}", "\\b(?=\\w)" },
        { "\\b{end}", "\\b(?<=\\w)" },
        { "\\<", "\\b(?=\\w)" },
        { "\\>", "\\b(?<=\\w)" },
        { "\\b", "\\b" },
        { "\\B", "\\B" },
        { "\\A", "\\A" },
        { "\\z", "\\z" }
    };

    begin_atom(s, REGEX_ATOM_WRAP);
    for (i = 0; !begins(s, assertions[i].from); i++) {
        continue;
    }
    strbuf_addstr(&s->out, assertions[i].to);
    s->pos += strlen(assertions[i].from);

    return 0;
}


static int
parse_escape(struct regex_syntax *s)
{
    int                rc;
    struct regex_item  item;

    rc = regex_read_escape(s, &item);
    if (rc == 1) {
        return parse_assertion(s);
    }
    if (rc != 0) {
        return -1;
    }

    begin_atom(s, REGEX_ATOM_PLAIN);
    if (item.set[0] != '\0') {
        strbuf_addstr(&s->out, item.set);
    } else {
        strbuf_printf(&s->out, "\\x{%x}", item.code);
    }

    return 0;
}


static int
parse_plain(struct regex_syntax *s)
{
    char         c = *s->pos;
    const char  *start = s->pos;

    begin_atom(s, c == '^' || c == '$' ? REGEX_ATOM_WRAP : REGEX_ATOM_PLAIN);
    if (c == '.' && s->dialect == REGEX_I) {
        strbuf_addstr(&s->out, "[^\\n\\r]");
        s->pos++;
        return 0;
    }
    (void) regex_read_char(s);
    strbuf_add(&s->out, start, (size_t) (s->pos - start));
    if (c == '|') {
        s->atom = REGEX_ATOM_NONE;
    }

    return 0;
}


static int
parse_next(struct regex_syntax *s)
{
    switch (*s->pos) {
    case '(':
        return parse_open(s);
    case ')':
        return parse_close(s);
    case '*':
    case '+':
    case '?':
    case '{':
        return parse_repeat(s);
    case '[':
        begin_atom(s, REGEX_ATOM_PLAIN);
        return regex_translate_class(s);
    case '\\':
        return parse_escape(s);
    default:
        return parse_plain(s);
    }
}


int
regex_translate(struct regex_syntax *s)
{
    struct regex_mark  mark;

    for ( ;; ) {
        regex_skip_extended(s);
        if (s->pos == s->end) {
            break;
        }
        mark.out = s->out.len;
        mark.in = (size_t) (s->pos - s->text);
        strbuf_add(&s->marks, &mark, sizeof(mark));
        if (parse_next(s) != 0) {
            return -1;
        }
        if (s->out.len > REGEX_OUTPUT_MAX) {
            return regex_syntax_fail(s, s->text, "the pattern is too large");
        }
    }

    if (s->depth > 0) {
        return regex_syntax_fail(s, s->text + s->open[s->depth - 1].in,
                                 "the ')' of this group is missing");
    }
    if (s->out.failed || s->marks.failed) {
        return regex_syntax_fail(s, s->text, "out of memory");
    }

    return 0;
}
