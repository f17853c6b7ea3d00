/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the mistakes in a regex that Hurl's engine refuses when it reads the
 * script, so that they are reported with their place and not at run time. It
 * checks syntax only; the engine that matches has the last word.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"

struct regex_scan {
    const char  *at;
    const char  *end;
    unsigned     groups;                /* open ones */
    bool         operand;               /* something that may be repeated */
};


static bool
next_is(const struct regex_scan *s, const char *literal)
{
    size_t  n;

    n = strlen(literal);

    return (size_t) (s->end - s->at) >= n && memcmp(s->at, literal, n) == 0;
}


static const char *
check_escape(struct regex_scan *s)
{
    int  c;

    s->at++;

    if (s->at == s->end) {
        return "incomplete escape sequence, reached end of pattern "
               "prematurely";
    }

    c = (unsigned char) *s->at++;

    if (script_is_digit(c)) {
        return "backreferences are not supported";
    }

    if (script_is_alnum(c) && (c >= 0x80
        || strchr("AbBdDsSwWzafnrtvxuUpP", c) == NULL))
    {
        return "unrecognized escape sequence";
    }

    /* \x{..}, \p{..}, \b{..}: these braces are no repetition. */
    if (strchr("xuUpPb", c) != NULL && s->at < s->end && *s->at == '{') {
        while (s->at < s->end && *s->at != '}') {
            s->at++;
        }
    }

    return NULL;
}


/* [..], from the opening bracket on; classes may nest. */
static const char *
check_class(struct regex_scan *s)
{
    const char  *wrong;
    unsigned     depth;

    depth = 0;

    do {
        if (*s->at == '[') {
            depth++;
            s->at++;

            if (s->at < s->end && *s->at == '^') {
                s->at++;
            }

            if (s->at < s->end && *s->at == ']') {
                s->at++;
            }

        } else if (*s->at == ']') {
            depth--;
            s->at++;

        } else if (*s->at == '\\') {
            wrong = check_escape(s);

            if (wrong != NULL) {
                return wrong;
            }

        } else {
            s->at++;
        }

        if (depth == 0) {
            return NULL;
        }
    } while (s->at < s->end);

    return "unclosed character class";
}


/* '(' with what may follow '?'. */
static const char *
check_group(struct regex_scan *s)
{
    s->at++;
    s->groups++;
    s->operand = false;

    if (next_is(s, "?=") || next_is(s, "?!") || next_is(s, "?<=")
        || next_is(s, "?<!"))
    {
        return "look-around, including look-ahead and look-behind, is not "
               "supported";
    }

    if (!next_is(s, "?")) {
        return NULL;
    }

    s->at++;

    while (s->at < s->end && *s->at != ':' && *s->at != '>') {
        if (*s->at == ')') {
            s->groups--;
            s->at++;
            return NULL;
        }

        if (!script_is_name_char((unsigned char) *s->at) && *s->at != '<') {
            return "unrecognized flag";
        }

        /* From here on blanks and comments count for nothing: not checked. */
        if (*s->at == 'x' && s->at[-1] != '<') {
            s->at = s->end;
            s->groups = 0;
            return NULL;
        }

        s->at++;
    }

    if (s->at == s->end) {
        return "unclosed group";
    }

    s->at++;

    return NULL;
}


static bool
skip_digits(struct regex_scan *s)
{
    const char  *start;

    start = s->at;

    while (s->at < s->end && script_is_digit((unsigned char) *s->at)) {
        s->at++;
    }

    return s->at > start;
}


static const char *
check_repetition(struct regex_scan *s)
{
    bool  counted;

    if (!s->operand) {
        return "repetition operator missing expression";
    }

    counted = *s->at++ == '{';

    if (counted) {
        if (!skip_digits(s)) {
            return s->at == s->end
                   ? "unclosed counted repetition"
                   : "repetition quantifier expects a valid decimal";
        }

        if (s->at < s->end && *s->at == ',') {
            s->at++;
            (void) skip_digits(s);
        }

        if (s->at == s->end || *s->at != '}') {
            return "unclosed counted repetition";
        }

        s->at++;
    }

    if (s->at < s->end && *s->at == '?') {
        s->at++;
    }

    return NULL;
}


static const char *
check_next(struct regex_scan *s)
{
    switch (*s->at) {

    case '\\':
        s->operand = true;
        return check_escape(s);

    case '[':
        s->operand = true;
        return check_class(s);

    case '(':
        return check_group(s);

    case ')':
        if (s->groups == 0) {
            return "unopened group";
        }

        s->groups--;
        s->operand = true;
        s->at++;
        return NULL;

    case '*':
    case '+':
    case '?':
    case '{':
        return check_repetition(s);

    case '|':
        s->operand = false;
        s->at++;
        return NULL;

    default:
        s->operand = true;
        s->at++;
        return NULL;
    }
}


/* NULL, or what is wrong with the regex. */
const char *
script_regex_check(const char *data, size_t len)
{
    const char         *wrong;
    struct regex_scan   s = { data, data + len, 0, false };

    while (s.at < s.end) {
        wrong = check_next(&s);

        if (wrong != NULL) {
            return wrong;
        }
    }

    return s.groups > 0 ? "unclosed group" : NULL;
}
