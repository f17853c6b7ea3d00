/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a test fails: the text of a failure, and the call of the test framework,
 * which may longjmp away. Nothing may be held when it is called.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/test/lf_test.h"

#define TEST_QUOTE_MAX  400
#define TEST_TEXT_MAX   8192

static void fail_abort(const char *file, int line, const char *text);

static linkfunc_test_fail_pt  fail_function = fail_abort;


static void
fail_abort(const char *file, int line, const char *text)
{
    (void) fprintf(stderr, "%s:%d: %s\n", file, line, text);
    abort();
}


void
linkfunc_test_set_fail(linkfunc_test_fail_pt fail)
{
    fail_function = fail ? fail : fail_abort;
}


int
linkfunc_test_fail_at(const char *file, int line, const char *format, ...)
{
    char     text[1024];
    va_list  args;

    va_start(args, format);
    (void) vsnprintf(text, sizeof(text), format, args);
    va_end(args);

    fail_function(file, line, text);

    return 0;
}


int
test_fail_text(const char *file, int line, struct test_text *text)
{
    char  copy[TEST_TEXT_MAX];

    (void) snprintf(copy, sizeof(copy), "%s",
                    text->text ? text->text : "no memory for a message");
    free(text->text);
    text->text = NULL;

    fail_function(file, line, copy);

    return 0;
}


static int
text_reserve(struct test_text *text, size_t more)
{
    char    *grown;
    size_t   size;

    if (text->size - text->len > more) {
        return 0;
    }

    size = (text->len + more + 1) * 2;

    grown = realloc(text->text, size);
    if (grown == NULL) {
        return -1;
    }

    text->text = grown;
    text->size = size;

    return 0;
}


void
test_text_add(struct test_text *text, const char *format, ...)
{
    int      len;
    va_list  args;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    if (len < 0 || text_reserve(text, (size_t) len) != 0) {
        return;
    }

    va_start(args, format);
    (void) vsnprintf(text->text + text->len, (size_t) len + 1, format, args);
    va_end(args);

    text->len += (size_t) len;
}


static void
add_byte(struct test_text *text, unsigned char byte)
{
    switch (byte) {

    case '\n':
        test_text_add(text, "\\n");
        break;

    case '\r':
        test_text_add(text, "\\r");
        break;

    case '\t':
        test_text_add(text, "\\t");
        break;

    case '"':
    case '\\':
        test_text_add(text, "\\%c", byte);
        break;

    default:
        test_text_add(text, byte < ' ' || byte == 0x7f ? "\\x%02x" : "%c",
                      byte);
    }
}


void
test_text_add_quoted(struct test_text *text, const char *bytes, size_t len)
{
    size_t  i;

    test_text_add(text, "\"");

    for (i = 0; i < len && i < TEST_QUOTE_MAX; i++) {
        add_byte(text, (unsigned char) bytes[i]);
    }

    if (i < len) {
        test_text_add(text, "\"... (%zu bytes)", len);
    } else {
        test_text_add(text, "\"");
    }
}
