/* SPDX-License-Identifier: BSD-2-Clause */
/* Input: a query, a NUL, a document; without a NUL a fixed document is used. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"
#include "lib/json/jsonpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char  fixed[] =
    "{\"a\":[1,2.5,\"x\",null,true,{\"b\":[[],{}]}],\"b\":\"a.b\",\"c\":-0}";


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                 len = size;
    const char            *text = (const char *) data;
    const uint8_t         *split = size > 0 ? memchr(data, 0, size) : NULL;
    struct arena          *arena = arena_new();
    struct jsonpath       *path;
    struct json_error      error;
    struct json_value     *root = NULL;
    struct jsonpath_nodes  nodes;
    struct jsonpath_error  path_error;

    if (split != NULL) {
        len = (size_t) (split - data);
        root = json_parse(arena, text + len + 1, size - len - 1, &error);
    }
    if (root == NULL) {
        root = json_parse(arena, fixed, sizeof(fixed) - 1, &error);
    }

    path = jsonpath_parse(arena, text, len, &path_error);
    if ((path == NULL
         || jsonpath_eval(path, arena, root, &nodes, &path_error) != 0)
        && (path_error.text[0] == '\0' || path_error.offset > len))
    {
        abort();
    }

    arena_free(&arena);
    return 0;
}
