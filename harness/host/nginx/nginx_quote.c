/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "harness/host/nginx/nginx_quote.h"


static void
add_char(struct strbuf *to, char c)
{
    if (c == '"' || c == '\\') {
        strbuf_addch(to, '\\');
    }

    strbuf_addch(to, c);
}


void
nginx_quote_part(struct strbuf *to, const char *text)
{
    for ( ; *text != '\0'; text++) {
        add_char(to, *text);
    }
}


void
nginx_quote(struct strbuf *to, const char *text, const char *more)
{
    strbuf_addch(to, '"');
    nginx_quote_part(to, text);
    nginx_quote_part(to, more);
    strbuf_addch(to, '"');
}


/* How long "$name" or "${name}" is at this place; 0: it does not stand here. */
static size_t
variable_len(const char *text, const char *name)
{
    size_t  braces = text[1] == '{', len = strlen(name);

    if (text[0] != '$' || strncasecmp(text + 1 + braces, name, len) != 0) {
        return 0;
    }

    text += 1 + braces + len;

    return braces ? (*text == '}' ? len + 3 : 0)
           : isalnum((unsigned char) *text) || *text == '_' ? 0 : len + 1;
}


void
nginx_quote_with(struct strbuf *to, const char *text,
                 const struct nginx_value *values)
{
    size_t                     len;
    const struct nginx_value  *v;

    strbuf_addch(to, '"');

    while (*text != '\0') {
        for (v = values, len = 0; v->name != NULL; v++) {
            len = variable_len(text, v->name);
            if (len > 0) {
                break;
            }
        }

        if (len > 0) {
            nginx_quote_part(to, v->value);
            text += len;
        } else {
            add_char(to, *text++);
        }
    }

    strbuf_addch(to, '"');
}


void
nginx_quote_name(struct strbuf *to, const char *text)
{
    const char  *c = text;

    while (islower((unsigned char) *c) || isdigit((unsigned char) *c)
           || *c == '_')
    {
        c++;
    }

    if (c > text && *c == '\0') {
        strbuf_addstr(to, text);
    } else {
        nginx_quote(to, text, "");
    }
}
