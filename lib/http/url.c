/* SPDX-License-Identifier: BSD-2-Clause */
/* Resolving references; see the header. */
#include <ctype.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/url_parts.h"
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
    const char        *slash;
    struct url_parts   at;

    if (has_scheme(reference)) {
        return arena_strdup(arena, reference);
    }

    url_split(base, &at);

    if (strncmp(reference, "//", 2) == 0) {
        return arena_printf(arena, "%.*s%s", (int) (at.authority - base - 2),
                            base, reference);
    }

    if (reference[0] == '/') {
        return arena_printf(arena, "%.*s%s", (int) (at.path - base), base,
                            reference);
    }

    if (reference[0] == '?' || reference[0] == '\0') {
        return arena_printf(arena, "%.*s%s",
                            (int) ((reference[0] == '?' ? at.query
                                    : at.fragment) - base), base, reference);
    }

    slash = memrchr(at.path, '/', (size_t) (at.query - at.path));

    return arena_printf(arena, "%.*s/%s",
                        (int) ((slash != NULL ? slash : at.path) - base), base,
                        reference);
}
