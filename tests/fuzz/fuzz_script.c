/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the script parser, the support check and the error printer,
 * with any bytes. Built with clang -fsanitize=fuzzer.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/arena.h"
#include "harness/hurl/syntax/script.h"
#include "lib/base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena         *arena;
    struct strbuf         out = { 0 };
    struct script_error   error;
    const struct script  *script;

    arena = arena_new();

    if (arena == NULL) {
        return 0;
    }

    script = script_parse(arena, "fuzz", (const char *) data, size, &error);

    if (script == NULL || script_unsupported(script, &error)) {
        script_error_long(&out, &error, "fuzz", (const char *) data, size);
        script_error_short(&out, &error, "fuzz");
    }

    strbuf_free(&out);
    arena_free(&arena);

    return 0;
}
