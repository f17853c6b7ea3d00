/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts as arguments of an nginx configuration. */
#ifndef NGINX_QUOTE_H
#define NGINX_QUOTE_H

#include "lib/base/strbuf.h"

/*
 * Two texts as one argument, quoted, so that nothing in them is syntax;
 * variables stay variables.
 */
void nginx_quote(struct strbuf *to, const char *text, const char *more);

/* What stands between the quotes. */
void nginx_quote_part(struct strbuf *to, const char *text);

struct nginx_value {
    const char  *name;                       /* NULL: behind the last one */
    const char  *value;
};

/* As nginx_quote, with values in the place of the variables named. */
void nginx_quote_with(struct strbuf *to, const char *text,
                      const struct nginx_value *values);

/* Names of directives are plain; keys of "map" and its like need not be. */
void nginx_quote_name(struct strbuf *to, const char *text);

#endif /* NGINX_QUOTE_H */
