/* SPDX-License-Identifier: BSD-2-Clause */
/* Resolving references; see the header. */
#include <ctype.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/http/url.h"


static int
has_scheme(const char *text)
{
    size_t  n = 0;

    while (isalnum((unsigned char) text[n]) || (n > 0 && text[n] != '\0'
           && strchr("+-.", text[n]) != NULL))
    {
        n++;
    }

    return n > 0 && isalpha((unsigned char) text[0]) && text[n] == ':';
}


char *
url_resolve(struct arena *arena, const char *base, const char *reference)
{
    size_t       path_len;
    const char  *authority, *path, *slash;

    if (has_scheme(reference)) {
        return arena_strdup(arena, reference);
    }

    authority = strstr(base, "://");
    authority = authority != NULL ? authority + 3 : base;
    path = authority + strcspn(authority, "/?#");

    if (strncmp(reference, "//", 2) == 0) {
        return arena_printf(arena, "%.*s%s", (int) (authority - base - 2),
                            base, reference);
    }

    if (reference[0] == '/') {
        return arena_printf(arena, "%.*s%s", (int) (path - base), base,
                            reference);
    }

    path_len = strcspn(path, "?#");

    if (reference[0] == '?' || reference[0] == '\0') {
        if (reference[0] == '\0') {
            path_len = strcspn(path, "#");
        }
        return arena_printf(arena, "%.*s%s", (int) (path - base + path_len),
                            base, reference);
    }

    slash = memrchr(path, '/', path_len);

    return arena_printf(arena, "%.*s/%s",
                        (int) ((slash != NULL ? slash : path) - base), base,
                        reference);
}
