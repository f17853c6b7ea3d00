/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses the scripts named on the command line and prints one line each:
 * "accept FILE" or "reject FILE:LINE:COLUMN: MESSAGE". Only for the
 * conformance script; the exit code says whether the files could be read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/hurl/syntax/script.h"
#include "lib/base/strbuf.h"


static int
read_file(const char *path, struct strbuf *text)
{
    int     rc;
    FILE   *f;
    char    block[4096];
    size_t  n;

    f = fopen(path, "rb");

    if (f == NULL) {
        return -1;
    }

    while ((n = fread(block, 1, sizeof(block), f)) > 0) {
        strbuf_add(text, block, n);
    }

    rc = ferror(f) || text->failed ? -1 : 0;
    (void) fclose(f);

    return rc;
}


static int
check(const char *path)
{
    int                   rc;
    struct arena         *arena;
    struct strbuf         text = { 0 };
    struct script_error   error;

    rc = -1;
    arena = arena_new();

    if (arena == NULL || read_file(path, &text) != 0) {
        perror(path);
        goto done;
    }

    rc = 0;

    if (script_parse(arena, path, text.data != NULL ? text.data : "",
                     text.len, &error) != NULL)
    {
        printf("accept %s\n", path);
        goto done;
    }

    printf("reject %s:%u:%u: %s\n", path, error.pos.line, error.pos.column,
           error.message);

done:

    strbuf_free(&text);
    arena_free(&arena);

    return rc;
}


int
main(int argc, char **argv)
{
    int  rc;

    rc = EXIT_SUCCESS;

    for (int i = 1; i < argc; i++) {
        if (check(argv[i]) != 0) {
            rc = EXIT_FAILURE;
        }
    }

    return rc;
}
