/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a configuration: refused, or servers that can be asked. */
#include <stdint.h>

#include "lib/base/arena.h"
#include "harness/conf/conf.h"
#include "harness/host/mock/mock_vars.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char                err[LF_ERR_LEN];
    lf_str_t            host = { 3, (u_char *) "a.b" };
    lf_str_t            uri = { 4, (u_char *) "/a/b" };
    struct conf        *conf;
    struct arena       *arena = arena_new();
    struct conf_node   *root;
    struct conf_error   error;

    if (arena != NULL
        && conf_parse(arena, "fuzz", (const char *) data, size, &root, &error)
           == 0
        && (conf = conf_build(arena, root, mock_is_variable, &error))
           != NULL)
    {
        (void) conf_find_location(conf_find_server(conf, 80, &host), &uri,
                                  err);
    }

    arena_free(&arena);

    return 0;
}
