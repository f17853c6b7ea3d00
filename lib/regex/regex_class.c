/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Character classes. PCRE2 has neither nested classes nor set operations, so
 * these become alternatives and look-aheads around plain classes; each piece
 * still takes exactly one character.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/encode.h"
#include "lib/regex/regex_syntax.h"

#define CLASS_DEPTH_MAX  50

static int parse_class(struct regex_syntax *s, unsigned depth,
                       struct strbuf *out);

/* The sum of items read since '[' or the last operator. */
struct sum {
    struct strbuf  plain;                /* inside of one PCRE2 class */
    struct strbuf  nested;               /* alternatives, '|' between them */
};

static const struct {
    const char  *name;
    int        (*test)(int c);
} ascii_sets[] = {
    { "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
    { "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
    { "lower", islower }, { "print", isprint }, { "punct", ispunct },
    { "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit }
};


static void
add_range(struct strbuf *out, uint32_t low, uint32_t high)
{
    strbuf_printf(out, "\\x{%x}", low);
    if (high > low) {
        strbuf_printf(out, "-\\x{%x}", high);
    }
}


/* "[:alpha:]" and "[:^alpha:]" name ASCII characters only. 1: it is none. */
static int
parse_ascii_set(struct regex_syntax *s, struct strbuf *plain)
{
    int          c, first, in, negated, word;
    size_t       i, left = (size_t) (s->end - s->pos), len;
    const char  *name = s->pos + 2, *close;

    if (left < 4 || s->pos[1] != ':') {
        return 1;
    }
    negated = *name == '^';
    name += negated;
    close = memchr(name, ':', (size_t) (s->end - name));
    if (close == NULL || s->end - close < 2 || close[1] != ']') {
        return 1;
    }

    len = (size_t) (close - name);
    word = len == 4 && memcmp(name, "word", 4) == 0;
    for (i = 0; i < sizeof(ascii_sets) / sizeof(ascii_sets[0]); i++) {
        if (strlen(ascii_sets[i].name) == len
            && memcmp(ascii_sets[i].name, name, len) == 0)
        {
            break;
        }
    }
    if (len == 5 && memcmp(name, "ascii", 5) == 0) {
        add_range(plain, negated ? 0x80 : 0, negated ? 0x10ffff : 0x7f);
        s->pos = close + 2;
        return 0;
    }
    if (i == sizeof(ascii_sets) / sizeof(ascii_sets[0])) {
        if (!word) {
            return 1;
        }
        i = 0;                           /* alnum, and '_' */
    }

    for (c = 0, first = -1; c <= 128; c++) {
        in = c < 128 && (!!ascii_sets[i].test(c) || (word && c == '_'))
                        != negated;
        if (in && first < 0) {
            first = c;
        } else if (!in && first >= 0) {
            add_range(plain, (uint32_t) first, (uint32_t) c - 1);
            first = -1;
        }
    }
    if (negated) {
        add_range(plain, 0x80, 0x10ffff);
    }
    s->pos = close + 2;

    return 0;
}


static int
read_item(struct regex_syntax *s, struct regex_item *item)
{
    const char  *start = s->pos;

    item->set[0] = '\0';
    if (*s->pos != '\\') {
        item->code = regex_read_char(s);
        return 0;
    }
    if (regex_read_escape(s, item) == 0) {
        return 0;
    }
    if (s->error->message[0] == '\0') {
        (void) regex_syntax_fail(s, start, "this escape has no meaning in a "
                                 "class");
    }

    return -1;
}


static int
is_next(struct regex_syntax *s, const char *text)
{
    size_t  len = strlen(text);

    return (size_t) (s->end - s->pos) >= len
           && memcmp(s->pos, text, len) == 0;
}


/* One character, one set or a range. */
static int
parse_item(struct regex_syntax *s, struct strbuf *plain)
{
    const char         *start = s->pos;
    struct regex_item   low, high;

    if (read_item(s, &low) != 0) {
        return -1;
    }
    regex_skip_extended(s);
    if (!is_next(s, "-") || is_next(s, "-]") || is_next(s, "--")) {
        if (low.set[0] != '\0') {
            strbuf_addstr(plain, low.set);
        } else {
            add_range(plain, low.code, low.code);
        }
        return 0;
    }

    s->pos++;
    regex_skip_extended(s);
    if (s->pos == s->end) {
        return 0;                        /* the missing ']' is reported */
    }
    if (read_item(s, &high) != 0) {
        return -1;
    }
    if (low.set[0] != '\0' || high.set[0] != '\0') {
        return regex_syntax_fail(s, start, "both ends of a range must be "
                                 "characters; put '-' last to mean itself");
    }
    if (low.code > high.code) {
        return regex_syntax_fail(s, start, "this range ends before it "
                                 "begins");
    }
    add_range(plain, low.code, high.code);

    return 0;
}


static int
parse_sum_item(struct regex_syntax *s, unsigned depth, struct sum *sum)
{
    int  rc;

    if (*s->pos != '[') {
        return parse_item(s, &sum->plain);
    }
    rc = parse_ascii_set(s, &sum->plain);
    if (rc <= 0) {
        return rc;
    }
    if (sum->nested.len > 0) {
        strbuf_addch(&sum->nested, '|');
    }

    return parse_class(s, depth + 1, &sum->nested);
}


/* Turns the sum into one pattern and empties it. */
static void
close_sum(struct sum *sum, struct strbuf *out)
{
    if (sum->plain.len == 0 && sum->nested.len == 0) {
        strbuf_addstr(out, "(?!)");      /* an empty operand takes nothing */
    } else {
        strbuf_addstr(out, "(?:");
        if (sum->plain.len > 0) {
            strbuf_addch(out, '[');
            strbuf_add(out, sum->plain.data, sum->plain.len);
            strbuf_addch(out, ']');
        }
        if (sum->plain.len > 0 && sum->nested.len > 0) {
            strbuf_addch(out, '|');
        }
        if (sum->nested.len > 0) {
            strbuf_add(out, sum->nested.data, sum->nested.len);
        }
        strbuf_addch(out, ')');
    }
    out->failed |= sum->plain.failed | sum->nested.failed;
    strbuf_free(&sum->plain);
    strbuf_free(&sum->nested);
}


/* left becomes `left operator right`; right is emptied. */
static void
apply_operator(char operator, struct strbuf *left, struct strbuf *right)
{
    const char     *a = left->data, *b = right->data;
    struct strbuf   both = { 0 };

    if (!left->failed && !right->failed) {
        switch (operator) {
        case '&':
            strbuf_printf(&both, "(?:(?=%s)%s)", b, a);
            break;
        case '-':
            strbuf_printf(&both, "(?:(?!%s)%s)", b, a);
            break;
        default:
            strbuf_printf(&both, "(?:(?!%s)%s|(?!%s)%s)", b, a, a, b);
            break;
        }
    }
    both.failed |= left->failed | right->failed;
    strbuf_free(left);
    strbuf_free(right);
    *left = both;
}


/* The operator that comes next, or 0. */
static char
next_operator(struct regex_syntax *s)
{
    if (is_next(s, "&&") || is_next(s, "--") || is_next(s, "~~")) {
        return *s->pos;
    }

    return 0;
}


/* Operands and operators up to ']', which is not taken. */
static int
parse_operands(struct regex_syntax *s, unsigned depth, struct sum *sum,
               struct strbuf *left)
{
    int            rc = -1, first = 1;
    char           operator = 0, next;
    struct strbuf  right = { 0 };

    for ( ;; ) {
        regex_skip_extended(s);
        if (s->pos == s->end || left->len > REGEX_OUTPUT_MAX) {
            goto done;
        }
        next = first ? 0 : next_operator(s);
        if (next == 0 && (*s->pos != ']' || first)) {
            first = 0;
            if (parse_sum_item(s, depth, sum) != 0) {
                goto done;
            }
            continue;
        }

        if (operator == 0) {
            if (next == 0) {
                break;                   /* no operator at all */
            }
            close_sum(sum, left);
        } else {
            close_sum(sum, &right);
            apply_operator(operator, left, &right);
        }
        if (next == 0) {
            break;
        }
        operator = next;
        s->pos += 2;
    }
    rc = 0;

done:

    strbuf_free(&right);
    return rc;
}


static void
write_class(struct strbuf *out, int negated, struct sum *sum,
            struct strbuf *left)
{
    if (left->len == 0 && sum->nested.len == 0) {
        strbuf_addstr(out, negated ? "[^" : "[");
        strbuf_add(out, sum->plain.data, sum->plain.len);
        strbuf_addch(out, ']');
        out->failed |= sum->plain.failed | left->failed;
        return;
    }

    if (left->len == 0) {
        close_sum(sum, left);
    }
    strbuf_addstr(out, negated ? "(?:(?!" : "(?:");
    strbuf_add(out, left->data, left->len);
    strbuf_addstr(out, negated ? ")(?s:.))" : ")");
    out->failed |= left->failed;
}


static int
parse_class(struct regex_syntax *s, unsigned depth, struct strbuf *out)
{
    int             rc, negated;
    const char     *start = s->pos++;
    struct sum      sum = { 0 };
    struct strbuf   left = { 0 };

    if (depth > CLASS_DEPTH_MAX) {
        return regex_syntax_fail(s, start, "classes are nested more than %d "
                                 "deep", CLASS_DEPTH_MAX);
    }
    negated = s->pos < s->end && *s->pos == '^';
    s->pos += negated;

    rc = parse_operands(s, depth, &sum, &left);
    if (rc != 0 && s->error->message[0] == '\0') {
        (void) regex_syntax_fail(s, start, left.len > REGEX_OUTPUT_MAX
                                 ? "this class is too large"
                                 : "the ']' of this class is missing");
    }
    if (rc == 0) {
        s->pos++;
        write_class(out, negated, &sum, &left);
    }

    strbuf_free(&sum.plain);
    strbuf_free(&sum.nested);
    strbuf_free(&left);
    return rc;
}


int
regex_translate_class(struct regex_syntax *s)
{
    return parse_class(s, 0, &s->out);
}
