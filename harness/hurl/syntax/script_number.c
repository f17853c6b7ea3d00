/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers: naturals of options and status lines, and the integers of any size
 * and floats that predicates compare with.
 */
#include <errno.h>
#include <stdlib.h>

#include "harness/hurl/syntax/script_parser.h"


/* Digits without a leading zero, small enough for a long long. */
enum script_result
script_natural(struct script_parser *p, long long *value)
{
    struct str         digits;
    struct script_pos  second;

    if (!script_is_digit(script_peek(p))) {
        return SCRIPT_NO;
    }

    second = p->cur.pos;
    second.column++;
    digits = script_word(p, script_is_digit);

    if (digits.data[0] == '0' && digits.len > 1) {
        return script_fail(p, "Parsing number", second,
                           "a number does not begin with 0");
    }

    if (digits.len > 18) {
        return script_fail(p, "Parsing number", second,
                           "the number is too large");
    }

    *value = 0;

    for (size_t i = 0; i < digits.len; i++) {
        *value = *value * 10 + (digits.data[i] - '0');
    }

    return SCRIPT_OK;
}


static enum script_result
number_value(struct script_parser *p, size_t start, bool is_float,
    struct script_value *value)
{
    char  *text;

    value->text = script_slice(p, start);
    text = arena_memdup(p->arena, value->text.data, value->text.len);

    if (text == NULL) {
        return script_no_memory(p);
    }

    if (is_float) {
        value->kind = SCRIPT_VALUE_FLOAT;
        value->number = strtod(text, NULL);
        return SCRIPT_OK;
    }

    value->kind = SCRIPT_VALUE_INT;
    errno = 0;
    value->integer = strtoll(text, NULL, 10);
    value->big = errno == ERANGE;

    return SCRIPT_OK;
}


/* [-]digits[.digits]; the text is kept, an integer may have any size. */
enum script_result
script_number(struct script_parser *p, struct script_value *value)
{
    bool                  is_float;
    struct str            digits;
    struct script_cursor  start;

    start = p->cur;
    (void) script_accept(p, "-");
    digits = script_word(p, script_is_digit);

    if (digits.len == 0) {
        p->cur = start;
        return SCRIPT_NO;
    }

    if (digits.data[0] == '0' && digits.len > 1) {
        return script_fail(p, "Parsing number", p->cur.pos,
                           "a number does not begin with 0");
    }

    is_float = script_accept(p, ".");

    if (is_float && script_word(p, script_is_digit).len == 0) {
        return script_fail(p, "Parsing number", p->cur.pos,
                           "expecting decimal digits");
    }

    value->span.start = start.pos;
    value->span.end = p->cur.pos;

    return number_value(p, start.off, is_float, value);
}
