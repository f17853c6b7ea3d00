/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data options of curl, and the files that they name. Failures have been
 * reported by a message when a function returns -1.
 */
#ifndef CALL_DATA_H
#define CALL_DATA_H

#include "lib/base/strbuf.h"

/* What a body may hold: a file that has no end stops here. */
#define CALL_BODY_MAX  (256u << 20)

/* What an option makes of its value. */
struct call_data_kind {
    unsigned  file:1;            /* "@FILE" is a file */
    unsigned  strip:1;           /* of which CR, LF and NUL are left out */
    unsigned  encode:1;          /* [NAME][=CONTENT] or [NAME]@FILE */
    unsigned  json:1;            /* several are not joined by '&' */
};

struct call_data {
    struct strbuf  bytes;
    const char    *file;           /* the only source, if it was a file */
    unsigned       pieces;
    unsigned       json:1;         /* one of them was JSON */
};

/* Append one option's data. option is its name, for messages. */
int call_data_add(struct call_data *data, const struct call_data_kind *kind,
                  const char *option, const char *value);

/* Append what a file holds; "-" is the standard input. */
int call_read_file(const char *option, const char *path, struct strbuf *out);

/* The same for text: a NUL byte in it is an error. */
int call_read_text(const char *option, const char *path, struct strbuf *out);

#endif /* CALL_DATA_H */
