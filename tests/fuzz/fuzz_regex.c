/* SPDX-License-Identifier: BSD-2-Clause */
/* Input: a pattern, a NUL, a text; the pattern is also the replacement. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/regex/regexp.h"
#include "lib/base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t               len = size, text_len = 0;
    const char          *pattern = (const char *) data, *text = "aB c1\n";
    const uint8_t       *split = size > 0 ? memchr(data, 0, size) : NULL;
    struct regex        *regex;
    struct strbuf        out = { 0 };
    struct regex_error   error;

    if (split != NULL) {
        len = (size_t) (split - data);
        text = pattern + len + 1;
        text_len = size - len - 1;
    } else {
        text_len = strlen(text);
    }

    regex = regex_compile(pattern, len, &error);
    if (regex == NULL) {
        if (error.message[0] == '\0' || error.offset > len) {
            abort();
        }
        return 0;
    }
    if (regex_replace_all(regex, text, text_len, pattern, len, &out, &error)
            != 0
        && error.message[0] == '\0')
    {
        abort();
    }

    strbuf_free(&out);
    regex_free(&regex);
    return 0;
}
