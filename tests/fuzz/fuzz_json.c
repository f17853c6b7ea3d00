/* SPDX-License-Identifier: BSD-2-Clause */
/* What parses must be written, read again and be equal. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"
#include "lib/base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t              steps = 100000;
    struct arena       *arena = arena_new();
    struct strbuf       out = { 0 };
    struct json_error   error;
    struct json_value  *value, *again;

    value = json_parse(arena, (const char *) data, size, &error);
    if (value == NULL) {
        if (error.text[0] == '\0' || error.line == 0 || error.offset > size) {
            abort();
        }
        goto done;
    }
    json_write(&out, value);
    again = json_parse(arena, out.data, out.len, &error);
    if (again == NULL || json_equal(value, again, &steps) == 0) {
        abort();
    }

done:

    strbuf_free(&out);
    arena_free(&arena);
    return 0;
}
